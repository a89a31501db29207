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
from assistant.panel.html import el, join
from assistant.panel.texts import say

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>{title}</title>
<style>body{{font:17px/1.55 system-ui;max-width:46rem;margin:6vh auto;padding:0 1.25rem;
color-scheme:light dark}}pre{{white-space:pre-wrap;overflow-wrap:anywhere;background:#8881;
padding:1rem;border-radius:.5rem}}dt{{opacity:.7;margin-top:.5rem}}dd{{margin:0;
overflow-wrap:anywhere}}button{{font:inherit;padding:.6rem 1.4rem;margin:1rem .6rem 0 0;
border-radius:.5rem;border:1px solid #8888;cursor:pointer}}</style>
<main><h1>{title}</h1>{body}</main></html>"""


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
    facts = (
        ("jobs.job", asked.job), ("run.step", asked.path), ("run.run", asked.run_id), ("word.asked", asked.asked_at),
        ("runs.trigger", str(asked.trigger.get("kind", "") or say("word.person"))),
    )  # fmt: skip
    body = join(
        el("p", el("strong", asked.question)),
        el("dl", [(el("dt", say(name)), el("dd", value)) for name, value in facts]),
        el("h2", say("word.exactly")), el("pre", asked.shown),
        el("form",
           [el("button", say(f"run.{word}"), name="answer", value=word) for word in ("approve", "reject")],
           method="post"),
        el("p", say("word.once")),
    )  # fmt: skip
    return _page(say("word.title"), body)


def _decided(asked: Approval, *, approved: bool) -> HTMLResponse:
    body = join(el("p", asked.question), el("p", say("word.goes_on", run=asked.run_id)))
    return _page(say("word.approved" if approved else "word.rejected"), body)


def _refused(wrong: AssistantError) -> HTMLResponse:
    body = join(el("p", f"{wrong.message}."), el("p", wrong.hint))
    gone = isinstance(wrong, LinkRefused)
    return _page(say("word.refused"), body, status=403 if gone else 409)


def _page(title: str, body: str, *, status: int = 200) -> HTMLResponse:
    page = _PAGE.format(title=escape(title), body=body)
    return HTMLResponse(page, status, {"cache-control": "no-store"})
