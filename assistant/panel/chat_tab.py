"""The Chat tab: the conversation with its composer, and the focused job beside it.

Only components and their wiring; the desk decides what a click means.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

import gradio as gr

from assistant.panel.debug_tab import DebugActions, DebugTab
from assistant.panel.parts import abilities, part
from assistant.panel.screen import Screen
from assistant.panel.texts import say

Update = Callable[[Screen, str], list[Any]]
TAKE = "(text) => window.assistant ? window.assistant.take(text) : [text, '']"
GIVE_BACK = "(held, text) => window.assistant ? window.assistant.giveBack(held, text) : text"
ANSWERED = "() => { window.assistant?.answered(); }"
"""What is written is taken out of its field by the page itself: an answer of the server that emptied it
would come late on a busy machine, and take what was written meanwhile."""


class ChatDesk(DebugActions, Protocol):
    """What the tab asks of the rooms below. `session` is the browser's own id."""

    @property
    def starters(self) -> list[str]: ...

    def screen(self, session: str, address: str = "") -> Screen: ...

    def prompt(self, session: str, text: str) -> AsyncIterator[Screen]: ...

    def again(self, session: str) -> AsyncIterator[Screen]: ...

    def stop(self, session: str) -> None: ...

    def focus(self, session: str, job: str) -> None: ...

    def show_earlier(self, session: str) -> None: ...

    def fold(self, session: str, path: str) -> None: ...

    async def approve(self, session: str, *, run: bool) -> None: ...

    async def reject(self, session: str) -> None: ...

    async def replace(self, session: str, yaml: str) -> None: ...

    async def run(self, session: str) -> None: ...

    async def cancel(self, session: str) -> None: ...

    async def pause(self, session: str, *, wanted: bool) -> None: ...


class ChatTab:
    """Made inside the page; `new` is the shell's button for a new job. `parts` are components by the name of their part of a `Screen`."""

    def __init__(self, starters: list[str], new: Any) -> None:
        self.new = new
        with gr.Row(elem_id="chat"):
            with gr.Column(scale=56, min_width=320, elem_id="talk"):
                self.can = abilities("can")
                self.earlier = _button("chat.earlier", "earlier", needs="earlier", size="sm")
                self.bot = _conversation(starters)
                self.asked = part("asked")
                self._dock()
                self._composer()
                self.under = part("under")
            with gr.Column(scale=44, min_width=320, elem_id="pane"):
                self._pane()
        self.parts: dict[str, Any] = {
            "messages": self.bot, "asked": self.asked, "under": self.under, "head": self.head, "pipeline": self.pipeline,
            "output": self.output, "log": self.log, "history": self.history, "can": self.can,
        }  # fmt: skip
        self.components: list[Any] = [
            *self.parts.values(), self.dock_text, self.approve_run, self.pause, *self.debug.components,
        ]  # fmt: skip

    def values(self, screen: Screen, different: set[str]) -> list[Any]:
        """One value a component; `gr.skip()` for those that need not change."""
        values: list[Any] = [getattr(screen, name) if name in different else gr.skip() for name in self.parts]  # fmt: skip
        if "dock" in different:
            draft = screen.dock.kind == "draft"
            values += [screen.dock.html, gr.Button(say("chat.approve_run" if draft else "chat.approve"))]  # fmt: skip
        else:
            values += [gr.skip()] * 2
        if "actions" in different:
            values.append(gr.Button(screen.actions.pause or say("chat.pause")))
        else:
            values.append(gr.skip())
        return [
            *values,
            *(self.debug.values(screen.debug) if "debug" in different else [gr.skip()] * len(self.debug.components)),
        ]  # fmt: skip

    def wire(self, desk: ChatDesk, update: Update, session: Any, shown: list[Any]) -> None:
        """`update` gives the values of `shown` for a screen and what the page has seen."""

        async def follow(screens: AsyncIterator[Screen]) -> AsyncIterator[list[Any]]:
            seen = ""
            async for screen in screens:
                values = update(screen, seen)
                seen = values[-1] if isinstance(values[-1], str) else seen
                yield values

        async def talk(text: str, who: str) -> AsyncIterator[list[Any]]:
            if not text.strip():
                yield [gr.skip()] * len(shown)
                return
            async for values in follow(desk.prompt(who, text)):
                yield values

        async def again(who: str) -> AsyncIterator[list[Any]]:
            async for values in follow(desk.again(who)):
                yield values

        async def edited(who: str, event: gr.EditData) -> AsyncIterator[list[Any]]:
            async for values in follow(desk.prompt(who, str(event.value))):
                yield values

        def example(event: gr.SelectData) -> str:
            return str(event.value["text"])

        def now(who: str) -> list[Any]:
            return update(desk.screen(who), "")

        def show_earlier(who: str) -> list[Any]:
            desk.show_earlier(who)
            return now(who)

        def begin(who: str) -> list[Any]:
            desk.focus(who, "")
            return now(who)

        def fold(who: str, event: gr.EventData) -> list[Any]:
            desk.fold(who, str(getattr(event, "fold", "")))
            return now(who)

        async def approve_and_run(who: str) -> list[Any]:
            await desk.approve(who, run=True)
            return now(who)

        async def approve_only(who: str) -> list[Any]:
            await desk.approve(who, run=False)
            return now(who)

        async def rejected(who: str) -> list[Any]:
            await desk.reject(who)
            return now(who)

        def open_editor(who: str) -> list[Any]:
            text = desk.screen(who).dock.yaml
            return [
                gr.Code(value=text, visible=True),
                gr.Button(visible=True),
                gr.Button(visible=False),
            ]

        async def use_text(who: str, text: str) -> list[Any]:
            await desk.replace(who, text)
            return [gr.Code(visible=False), gr.Button(visible=False), *now(who)]

        async def run_now(who: str) -> list[Any]:
            await desk.run(who)
            return now(who)

        async def cancel_run(who: str) -> list[Any]:
            await desk.cancel(who)
            return now(who)

        async def pause_job(who: str, label: str) -> list[Any]:
            await desk.pause(who, wanted=label == say("chat.pause"))
            return now(who)

        def halt(who: str) -> None:
            desk.stop(who)

        quick: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        free: dict[str, Any] = {**quick, "concurrency_limit": None}
        for said in (self.prompt.submit, self.send.click):
            taken = said(None, self.prompt, [self.held, self.prompt], js=TAKE, **quick)
            told = taken.then(talk, [self.held, session], shown, **free)
            told.failure(None, [self.held, self.prompt], self.prompt, js=GIVE_BACK, **quick)
            told.then(None, js=ANSWERED, **quick)
        self.bot.retry(again, session, shown, **free)
        self.bot.edit(edited, session, shown, **free)
        self.bot.example_select(example, None, self.prompt, **quick)
        self.stop.click(halt, session, None, queue=False, **quick)
        self.new.click(begin, session, shown, queue=False, **quick)
        self.earlier.click(show_earlier, session, shown, queue=False, **quick)
        self.pipeline.select(fold, session, shown, queue=False, **quick)
        self.approve_run.click(approve_and_run, session, shown, **free)
        self.approve.click(approve_only, session, shown, **free)
        self.reject.click(rejected, session, shown, **free)
        self.edit.click(
            open_editor, session, [self.editor, self.keep, self.edit], queue=False, **quick
        )
        self.keep.click(use_text, [session, self.editor], [self.editor, self.keep, *shown], **free)
        self.run.click(run_now, session, shown, **free)
        self.cancel.click(cancel_run, session, shown, **free)
        # It says what it does, so a second press while the first is on its way is not lost.
        self.pause.click(
            pause_job, [session, self.pause], shown, trigger_mode="multiple", **free
        )  # fmt: skip
        self.debug.wire(desk, now, session, shown)

    # Components

    def _dock(self) -> None:
        """What waits for the person's word, above the composer."""
        with gr.Column(elem_id="dock", elem_classes=["needs-dock"]):
            self.dock_text = part("dock-text")
            self.editor = gr.Code(language="yaml", visible=False, elem_id="editor", show_label=False,
                                  label="job.yaml", max_lines=22)  # fmt: skip
            with gr.Row(elem_id="dock-buttons"):
                self.approve_run = _button("chat.approve_run", "approve-run", variant="primary")
                self.approve = _button("chat.approve", "approve", needs="draft")
                self.edit = _button("chat.edit", "edit", needs="draft")
                self.keep = _button("chat.keep", "keep", variant="primary", visible=False)
                self.reject = _button("chat.reject", "reject")

    def _composer(self) -> None:
        with gr.Row(elem_id="composer"):
            self.prompt = gr.Textbox(
                placeholder=say("chat.placeholder"), label=say("chat.your_words"), show_label=False,
                container=False, lines=1, max_lines=8, elem_id="prompt", scale=1,
                # Until the browser has its id: what is said earlier would be nobody's.
                interactive=False,
            )  # fmt: skip
            self.held = gr.Textbox(visible=False)
            self.send = _button("chat.send", "send", variant="primary")
            self.stop = _button("chat.stop", "stop", needs="stop")

    def _pane(self) -> None:
        """The focused job."""
        self.head = part("head")
        with gr.Row(elem_id="pane-buttons"):
            self.run = _button("chat.run", "run", needs="run", size="sm")
            self.cancel = _button("chat.cancel", "cancel", needs="cancel", size="sm")
            self.pause = _button("chat.pause", "pause", needs="pause", size="sm")
        with gr.Tabs(elem_id="pane-tabs"):
            with gr.Tab(say("chat.tab_pipeline"), id="pipeline"):
                self.pipeline = part("pipeline")
            with gr.Tab(say("chat.tab_output"), id="output", render_children=True):
                self.output = part("output")
            with gr.Tab(say("chat.tab_events"), id="events", render_children=True):
                self.log = part("log")
            with gr.Tab(say("chat.tab_debug"), id="debug", render_children=True):
                self.debug = DebugTab()
            with gr.Tab(say("chat.tab_versions"), id="versions", render_children=True):
                self.history = part("history")


def _conversation(starters: list[str]) -> gr.Chatbot:
    welcome = f"<h2>{say('chat.welcome')}</h2><p>{say('chat.welcome_sub')}</p>"
    return gr.Chatbot(
        elem_id="bot", show_label=False, label=say("chat.conversation"), container=False,
        buttons=["copy"], feedback_options=None, layout="bubble", height="100%", editable="user",
        examples=[{"text": text} for text in starters], placeholder=welcome, allow_tags=False,
    )  # fmt: skip


def _button(text: str, ident: str, needs: str = "", **how: Any) -> gr.Button:
    """`needs` is the word of `Screen.can` without which it is hidden."""
    return gr.Button(say(text), elem_id=ident, elem_classes=[f"needs-{needs}"] if needs else [], **how)  # fmt: skip
