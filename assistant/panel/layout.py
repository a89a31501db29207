"""The page: jobs on the left, the conversation in the middle, the focused job on the right.

Only components and their wiring. What they show comes from a `Screen`; what a click means is
decided by the desk.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from typing import Any, Protocol

import gradio as gr

from assistant.panel import views
from assistant.panel.debug_tab import DebugActions, DebugTab
from assistant.panel.screen import Screen, changed

STARTERS = (
    "Every weekday at 7 make me a newsletter of the five best stories about batteries from {feed} and mail it to jo@example.org",
    "What is new in {feed} ?",
    "Which products in the shop are nearly sold out?",
    "What can you do?",
)
# A click or Enter on anything that carries data-job or data-path tells Python which one it was.
PICK = """
const tell = (e) => {
  const at = e.target.closest('[data-job],[data-path]');
  if (at) trigger('select', {job: at.dataset.job || '', path: at.dataset.path || ''});
};
element.addEventListener('click', tell);
element.addEventListener('keydown', (e) => { if (e.key === 'Enter' || e.key === ' ') { if (e.target.tagName !== 'BUTTON') { e.preventDefault(); tell(e); } } });
"""
# One registry of keys; the line under the composer shows them.
KEYS = """
() => {
  if (window.assistantKeys) return;
  window.assistantKeys = true;
  const field = () => document.querySelector('#prompt textarea');
  document.addEventListener('keydown', (e) => {
    const typing = /INPUT|TEXTAREA/.test(e.target.tagName) || e.target.isContentEditable;
    if (e.key === 'Escape') { const stop = document.querySelector('#stop'); if (stop && stop.offsetParent) stop.click(); }
    else if (e.key === '/' && !typing) { e.preventDefault(); field()?.focus(); }
    else if (e.key.toLowerCase() === 'o' && e.shiftKey && (e.ctrlKey || e.metaKey)) { e.preventDefault(); document.querySelector('#new-job')?.click(); }
  });
  field()?.focus();
}
"""
UNDER = (
    '<span class="keys"><kbd>Enter</kbd> send · <kbd>Shift</kbd>+<kbd>Enter</kbd> new line · '
    "<kbd>Esc</kbd> stop · <kbd>/</kbd> write · <kbd>Ctrl</kbd>+<kbd>Shift</kbd>+<kbd>O</kbd> new job</span>"
    "<span>Nothing is saved, sent or scheduled before you approve it.</span>"
)


class Desk(DebugActions, Protocol):
    """What the page asks of the rooms below. `session` is the browser's own id."""

    @property
    def starters(self) -> list[str]: ...

    def screen(self, session: str) -> Screen: ...

    def prompt(self, session: str, text: str) -> AsyncIterator[Screen]: ...

    def stop(self, session: str) -> None: ...

    def focus(self, session: str, job: str) -> None: ...

    async def approve(self, session: str, *, run: bool) -> None: ...

    async def reject(self, session: str) -> None: ...

    async def replace(self, session: str, yaml: str) -> None: ...

    async def run(self, session: str) -> None: ...

    async def cancel(self, session: str) -> None: ...

    async def pause(self, session: str) -> None: ...


def build(desk: Desk) -> gr.Blocks:
    """The page, ready to be mounted."""
    with gr.Blocks(title="Assistant", analytics_enabled=False, fill_width=True) as page:
        # Not a secret: a fixed key keeps the browser's id readable after a restart of the server.
        session = gr.BrowserState("", storage_key="assistant-session", secret="assistant")  # noqa: S106
        seen = gr.Textbox(visible=False)
        with gr.Row(elem_id="places"):
            with gr.Column(scale=0, min_width=236, elem_id="aside"):
                gr.HTML(views.brand(), apply_default_css=False)
                new = gr.Button("New job", elem_id="new-job", variant="primary")
                jobs = gr.HTML(elem_id="job-list", apply_default_css=False, js_on_load=PICK)
                foot = gr.HTML(elem_id="foot", apply_default_css=False)
            with gr.Column(scale=56, min_width=320, elem_id="talk"):
                bot = gr.Chatbot(
                    elem_id="bot",
                    show_label=False,
                    label="Conversation",
                    container=False,
                    buttons=["copy"],
                    feedback_options=None,
                    layout="bubble",
                    height="100%",
                    examples=[{"text": text} for text in desk.starters],
                    placeholder=_welcome(),
                    allow_tags=False,
                )
                with gr.Column(visible=False, elem_id="dock") as dock:
                    dock_text = gr.HTML(apply_default_css=False)
                    editor = gr.Code(
                        language="yaml",
                        visible=False,
                        elem_id="editor",
                        show_label=False,
                        max_lines=22,
                    )
                    with gr.Row(elem_id="dock-buttons"):
                        approve_run = gr.Button(
                            "Approve and run now", variant="primary", elem_id="approve-run"
                        )
                        approve = gr.Button("Approve", elem_id="approve")
                        edit = gr.Button("Edit", elem_id="edit")
                        keep = gr.Button(
                            "Use this text", variant="primary", visible=False, elem_id="keep"
                        )
                        reject = gr.Button("Reject", elem_id="reject")
                with gr.Row(elem_id="composer"):
                    prompt = gr.Textbox(
                        placeholder="Ask, or describe a job",
                        label="Your words",
                        show_label=False,
                        container=False,
                        lines=1,
                        max_lines=8,
                        elem_id="prompt",
                        # Until the browser has its id: what is said earlier would be nobody's.
                        interactive=False,
                        scale=1,
                    )
                    send = gr.Button("Send", variant="primary", elem_id="send")
                    stop = gr.Button("Stop", visible=False, elem_id="stop")
                gr.HTML(UNDER, elem_id="under", apply_default_css=False)
            with gr.Column(scale=44, min_width=320, elem_id="pane"):
                head = gr.HTML(elem_id="head", apply_default_css=False)
                with gr.Row(elem_id="pane-buttons"):
                    run = gr.Button("Run now", elem_id="run", size="sm", visible=False)
                    cancel = gr.Button("Stop the run", elem_id="cancel", size="sm", visible=False)
                    pause = gr.Button("Pause", elem_id="pause", size="sm", visible=False)
                with gr.Tabs(elem_id="pane-tabs"):
                    with gr.Tab("Pipeline", id="pipeline"):
                        pipeline = gr.HTML(elem_id="pipeline", apply_default_css=False)
                    with gr.Tab("Output", id="output", render_children=True):
                        output = gr.HTML(elem_id="output", apply_default_css=False)
                    with gr.Tab("Events", id="events", render_children=True):
                        log = gr.HTML(elem_id="log", apply_default_css=False)
                    with gr.Tab("Debug", id="debug", render_children=True):
                        debug = DebugTab()
                    with gr.Tab("Versions", id="versions", render_children=True):
                        history = gr.HTML(elem_id="history", apply_default_css=False)
        timer = gr.Timer(1.0)

        parts: dict[str, Any] = {
            "messages": bot, "jobs": jobs, "foot": foot, "head": head, "pipeline": pipeline,
            "output": output, "log": log, "history": history,
        }  # fmt: skip
        docked = [dock, dock_text, approve_run, approve, edit]
        shown = [
            *parts.values(), *docked, *debug.components, run, cancel, pause, send, stop, seen,
        ]  # fmt: skip

        def update(screen: Screen, seen_before: str) -> list[Any]:
            """One value a component of `shown`, `gr.skip()` for those that need not change."""
            different, digests = changed(screen, seen_before)
            if not different:
                return [gr.skip()] * len(shown)
            values: list[Any] = [
                getattr(screen, name) if name in different else gr.skip() for name in parts
            ]
            if "dock" in different:
                open_draft = screen.dock.kind == "draft"
                values += [
                    gr.Column(visible=bool(screen.dock.kind)),
                    screen.dock.html,
                    gr.Button("Approve and run now" if open_draft else "Approve"),
                    gr.Button(visible=open_draft),
                    gr.Button(visible=open_draft),
                ]
            else:
                values += [gr.skip()] * len(docked)
            if "debug" in different:
                values += debug.values(screen.debug)
            else:
                values += [gr.skip()] * len(debug.components)
            if "actions" in different:
                can = screen.actions
                values += [gr.Button(visible=can.run), gr.Button(visible=can.stop)]
                values.append(gr.Button(can.pause or "Pause", visible=bool(can.pause)))
            else:
                values += [gr.skip()] * 3
            if "busy" in different:
                values += [gr.Button(visible=not screen.busy), gr.Button(visible=screen.busy)]
            else:
                values += [gr.skip()] * 2
            return [*values, digests]

        def arrive(who: str) -> list[Any]:
            known = who or secrets.token_urlsafe(12)
            return [known, gr.Textbox(interactive=True), *update(desk.screen(known), "")]

        def refresh(who: str, seen_before: str) -> list[Any]:
            return update(desk.screen(who), seen_before) if who else [gr.skip()] * len(shown)

        async def talk(text: str, who: str) -> AsyncIterator[list[Any]]:
            seen_now = ""
            async for screen in desk.prompt(who, text):
                values = update(screen, seen_now)
                seen_now = values[-1] if isinstance(values[-1], str) else seen_now
                yield ["", *values]

        def example(event: gr.SelectData) -> str:
            return str(event.value["text"])

        def open_job(who: str, event: gr.EventData) -> list[Any]:
            desk.focus(who, str(getattr(event, "job", "")))
            return update(desk.screen(who), "")

        def begin(who: str) -> list[Any]:
            desk.focus(who, "")
            return update(desk.screen(who), "")

        async def approved(who: str, *, at_once: bool) -> list[Any]:
            await desk.approve(who, run=at_once)
            return update(desk.screen(who), "")

        async def approve_and_run(who: str) -> list[Any]:
            return await approved(who, at_once=True)

        async def approve_only(who: str) -> list[Any]:
            return await approved(who, at_once=False)

        async def rejected(who: str) -> list[Any]:
            await desk.reject(who)
            return update(desk.screen(who), "")

        def open_editor(who: str) -> list[Any]:
            text = desk.screen(who).dock.yaml
            return [
                gr.Code(value=text, visible=True),
                gr.Button(visible=True),
                gr.Button(visible=False),
            ]

        async def edited(who: str, text: str) -> list[Any]:
            await desk.replace(who, text)
            closed = [gr.Code(visible=False), gr.Button(visible=False)]
            return [*closed, *update(desk.screen(who), "")]

        async def run_now(who: str) -> list[Any]:
            await desk.run(who)
            return update(desk.screen(who), "")

        async def cancel_run(who: str) -> list[Any]:
            await desk.cancel(who)
            return update(desk.screen(who), "")

        async def pause_job(who: str) -> list[Any]:
            await desk.pause(who)
            return update(desk.screen(who), "")

        def halt(who: str) -> None:
            desk.stop(who)

        quick: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        page.load(arrive, session, [session, prompt, *shown], **quick).then(None, js=KEYS)
        timer.tick(refresh, [session, seen], shown, queue=False, **quick)
        for said in (prompt.submit, send.click):
            said(talk, [prompt, session], [prompt, *shown], concurrency_limit=None, **quick)
        bot.example_select(example, None, prompt, **quick)
        stop.click(halt, session, None, queue=False, **quick)
        jobs.select(open_job, session, shown, queue=False, **quick)
        new.click(begin, session, shown, queue=False, **quick)
        approve_run.click(approve_and_run, session, shown, concurrency_limit=None, **quick)
        approve.click(approve_only, session, shown, concurrency_limit=None, **quick)
        reject.click(rejected, session, shown, concurrency_limit=None, **quick)
        edit.click(open_editor, session, [editor, keep, edit], queue=False, **quick)
        keep.click(
            edited, [session, editor], [editor, keep, *shown], concurrency_limit=None, **quick
        )
        run.click(run_now, session, shown, concurrency_limit=None, **quick)
        cancel.click(cancel_run, session, shown, concurrency_limit=None, **quick)
        pause.click(pause_job, session, shown, concurrency_limit=None, **quick)
        debug.wire(desk, lambda who: update(desk.screen(who), ""), session, shown)
    return page


def _welcome() -> str:
    return (
        "<h2>What should be done for you?</h2>"
        "<p>Say it in your own words. You will see what would happen before anything does.</p>"
    )
