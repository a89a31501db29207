"""The pages behind a signed link: the question with its exact arguments, and what was decided.

Opening a link decides nothing (mail programs open links by themselves); the form's POST does.
The page has no script and loads nothing.
"""

from __future__ import annotations

from html import escape

from fastapi import FastAPI, Form
from fastapi.responses import HTMLResponse

from assistant.alerts.approvals import Approval, Approvals
from assistant.alerts.links import PREFIX, LinkRefused
from assistant.errors import AssistantError

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>{title}</title>
<style>body{{font:17px/1.55 system-ui;max-width:46rem;margin:6vh auto;padding:0 1.25rem;
color-scheme:light dark}}pre{{white-space:pre-wrap;overflow-wrap:anywhere;background:#8881;
padding:1rem;border-radius:.5rem}}dt{{opacity:.7;margin-top:.5rem}}dd{{margin:0;
overflow-wrap:anywhere}}button{{font:inherit;padding:.6rem 1.4rem;margin:1rem .6rem 0 0;
border-radius:.5rem;border:1px solid #8888;cursor:pointer}}</style>
<main><h1>{title}</h1>{body}</main></html>"""
_QUESTION = """<p><strong>{question}</strong></p>
<dl><dt>Job</dt><dd>{job}</dd><dt>Step</dt><dd>{path}</dd><dt>Run</dt><dd>{run}</dd>
<dt>Asked</dt><dd>{asked}</dd><dt>Started by</dt><dd>{trigger}</dd></dl>
<h2>Exactly this would be done</h2><pre>{arguments}</pre>
<form method="post"><button name="answer" value="approve">Approve</button>
<button name="answer" value="reject">Reject</button></form>
<p>The answer counts once and cannot be taken back.</p>"""


def add_word_pages(app: FastAPI, approvals: Approvals) -> None:
    """Serve the pages behind signed links."""

    @app.get(PREFIX + "{token}")
    def question(token: str) -> HTMLResponse:
        try:
            return _question(approvals.behind(token))
        except AssistantError as wrong:
            return _refused(wrong)

    @app.post(PREFIX + "{token}")
    def answer(token: str, answer: str = Form("")) -> HTMLResponse:
        try:
            asked = approvals.behind(token)
            if answer not in ("approve", "reject"):
                return _question(asked)
            approvals.decide(asked, approved=answer == "approve", by="link")
        except AssistantError as wrong:
            return _refused(wrong)
        return _decided(asked, approved=answer == "approve")


def _question(asked: Approval) -> HTMLResponse:
    body = _QUESTION.format(
        question=escape(asked.question),
        job=escape(asked.job),
        path=escape(asked.path),
        run=escape(asked.run_id),
        asked=escape(asked.asked_at),
        trigger=escape(str(asked.trigger.get("kind", "") or "a person")),
        arguments=escape(asked.shown),
    )
    return _page("A run waits for your word", body)


def _decided(asked: Approval, *, approved: bool) -> HTMLResponse:
    said = "Approved" if approved else "Rejected"
    body = (
        f"<p>{escape(asked.question)}</p><p>Run {escape(asked.run_id)} goes on as soon as a "
        "worker takes it up. This link is used up.</p>"
    )
    return _page(said, body)


def _refused(wrong: AssistantError) -> HTMLResponse:
    body = f"<p>{escape(wrong.message)}.</p><p>{escape(wrong.hint)}</p>"
    gone = isinstance(wrong, LinkRefused)
    return _page("Nothing was decided", body, status=403 if gone else 409)


def _page(title: str, body: str, *, status: int = 200) -> HTMLResponse:
    page = _PAGE.format(title=escape(title), body=body)
    return HTMLResponse(page, status, {"cache-control": "no-store"})
