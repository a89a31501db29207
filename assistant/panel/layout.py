"""The page: the shell with its places, and how it asks what to show.

The chat is made of Gradio's components (`chat_tab`); every other place is one part whose HTML is
made on the server for the tab's address. Nothing is decided here.
"""

from __future__ import annotations

import itertools
import secrets
from typing import Any, Protocol

import gradio as gr

from assistant.panel import keys, parts, placing, views
from assistant.panel.chat_tab import ChatDesk, ChatTab
from assistant.panel.html import el
from assistant.panel.place import Said
from assistant.panel.screen import Screen, changed
from assistant.panel.texts import say

TICK_SECONDS = 1.0
SESSIONS = 32
"""Pages whose components Gradio keeps copies of, 0.3 MB each. Every load makes another one and none is
given up before there are so many; a page that was given up gets its copies anew."""
ASK = (
    "(who, at, seen) => window.assistant"
    " ? [who, window.assistant.address(), window.assistant.acted() ? '' : seen] : [who, at, seen]"
)
"""Answers may come in another order than they were asked in. So a tick asks for the address where the
page is, whatever an earlier answer said; and the tick after an act asks for everything: one that was
asked before the act would say of what it has changed that the page knows it."""


class Desk(ChatDesk, Protocol):
    """What the page asks of the rooms below. `session` is the browser's own id."""

    def go(self, session: str, address: str) -> None: ...

    async def act(self, session: str, name: str, values: object) -> Said: ...

    def archive(self, job: str) -> bytes | None: ...


AGAIN = """<script>(() => {
  let waits = false;
  const again = async () => {
    if (waits) return;
    waits = true;
    for (;;) {
      await new Promise((done) => setTimeout(done, 1000));
      try { if ((await fetch('/healthz', {cache: 'no-store'})).ok) { location.reload(); return; } } catch { /* not yet */ }
    }
  };
  addEventListener('error', (event) => { if (/^(SCRIPT|LINK)$/.test(event.target?.tagName || '')) again(); }, true);
  addEventListener('unhandledrejection', (event) => { if (/imported module/.test(String(event.reason))) again(); });
})();</script>"""
"""A page that is loaded while the panel ends gets only parts of itself: it is loaded again once the
panel is back."""


def head() -> str:
    """What stands in the page's head: the script, and the lists that it acts by."""
    return (
        f"{AGAIN}<script>window.assistantKeys = {keys.registry()}; window.assistantWords = {placing.shell_words()};</script>"
        '<script src="/look/panel.js"></script>'
        '<link rel="preload" href="/look/inter.woff2" as="font" type="font/woff2" crossorigin>'
    )  # fmt: skip


def build(desk: Desk) -> gr.Blocks:
    """The page, ready to be mounted."""
    with gr.Blocks(title=say("shell.brand"), analytics_enabled=False, fill_width=True) as page:
        page.state_session_capacity = SESSIONS
        # Not a secret: a fixed key keeps the browser's id readable after a restart of the server.
        session = gr.BrowserState("", storage_key="assistant-session", secret="assistant")  # noqa: S106
        seen, address = gr.Textbox("", visible=False), gr.Textbox("", visible=False)
        with gr.Row(elem_id="frame"):
            with gr.Column(scale=0, min_width=236, elem_id="aside"):
                parts.fixed("brand", views.brand())
                new = gr.Button(say("shell.new_job"), elem_id="new-job", variant="primary")
                parts.fixed("job-find", _job_search())
                jobs = parts.job_list("job-list")
                foot = parts.part("foot")
            with gr.Column(elem_id="main"):
                parts.fixed("nav", placing.nav())
                said = parts.said("said")
                chat = ChatTab(desk.starters, new)
                place = parts.place("place")
        parts.fixed("keys", _keys())
        timer = gr.Timer(TICK_SECONDS)
        shown = [jobs, foot, place, *chat.components, seen]
        number = itertools.count(1)

        def update(screen: Screen, seen_before: str) -> list[Any]:
            """One value a component of `shown`, `gr.skip()` for those that need not change."""
            different, digests = changed(screen, seen_before)
            if not different:
                return [gr.skip()] * len(shown)
            own = [getattr(screen, name) if name in different else gr.skip() for name in ("jobs", "foot", "place")]  # fmt: skip
            return [*own, *chat.values(screen, different), digests]

        def in_chat(screen: Screen, seen_before: str) -> list[Any]:
            """As `update`, for what happens in the chat: it leaves the place alone."""
            values = update(screen, seen_before)
            values[2] = gr.skip()
            return values

        def arrive(who: str) -> list[Any]:
            known = who or secrets.token_urlsafe(12)
            return [known, gr.Textbox(interactive=True), *update(desk.screen(known), "")]

        def refresh(who: str, at: str | None, seen_before: str) -> list[Any]:
            return (
                update(desk.screen(who, at or ""), seen_before) if who else [gr.skip()] * len(shown)
            )

        async def told(who: str, event: gr.EventData) -> list[Any]:
            """A link was followed, or a button of a place pressed."""
            if not who:
                return [gr.skip(), gr.skip(), *[gr.skip()] * len(shown)]
            at = str(getattr(event, "address", ""))
            words: Any = gr.skip()
            if getattr(event, "kind", "") == "act":
                came = await desk.act(
                    who, str(getattr(event, "act", "")), str(getattr(event, "values", ""))
                )
                words = placing.told(came, next(number))
            else:
                desk.go(who, at)
            return [at, words, *update(desk.screen(who, at), "")]

        quick: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        # Not queued: a queued answer takes three requests and many turns of the server's loop, which on
        # a machine that is busy, as while the panel starts, is half a minute without a page.
        arrived = page.load(arrive, session, [session, chat.prompt, *shown], queue=False, **quick)
        arrived.then(None, js=f"() => {{ {parts.once_here('window.assistant.begin()')}; }}")
        timer.tick(refresh, [session, address, seen], shown, queue=False, js=ASK, **quick)
        # Every click counts, also while an earlier one is still answered.
        place.select(
            told, session, [address, said, *shown], queue=False, trigger_mode="multiple", **quick
        )
        chat.wire(desk, in_chat, session, shown)
    return page


def _job_search() -> str:
    return el("input", type="search", id="job-search", placeholder=f"{say('shell.search_jobs')}  Ctrl K",
              aria_label=say("shell.search_jobs"), autocomplete="off")  # fmt: skip


def _keys() -> str:
    close = el("form", el("button", say("shell.close"), class_="button quiet"), method="dialog")
    return el("dialog", el("header", el("h2", say("shell.keys")), close), keys.shown(),
              aria_label=say("shell.keys"))  # fmt: skip
