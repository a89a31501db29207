"""The Debug tab: its components and their wiring. The desk decides what a click means."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import gradio as gr

from assistant.panel.screen import Debug
from assistant.panel.texts import say

# A click on a step or on a held place tells Python which one it was.
PICK_PLACE = """
element.addEventListener('click', (e) => {
  const at = e.target.closest('[data-break],[data-held]');
  if (at) trigger('select', {stop: at.dataset.break || '', held: at.dataset.held || ''});
});
"""
Show = Callable[[str], list[Any]]


class DebugActions(Protocol):
    """What the tab asks for. `session` is the browser's own id."""

    async def debug_begin(self, session: str, path: str, inputs: str, *, dry: bool) -> None: ...

    def debug_look_at(self, session: str, path: str) -> None: ...

    async def debug_step(self, session: str) -> None: ...

    async def debug_go_on(self, session: str) -> None: ...

    async def debug_skip(self, session: str) -> None: ...

    async def debug_abort(self, session: str) -> None: ...

    async def debug_use(self, session: str, text: str) -> None: ...


class DebugTab:
    """Made inside `gr.Tabs`; `components` are updated together, from a `Debug`."""

    def __init__(self) -> None:
        self.head = gr.HTML(elem_id="debug-head", apply_default_css=False)
        with gr.Row(elem_id="debug-buttons"):
            self.step = _button("debug.step", "debug-step", "held", variant="primary")
            self.go_on = _button("debug.continue", "debug-continue", "held")
            self.skip = _button("debug.skip", "debug-skip", "skip")
            self.abort = _button("debug.abort", "debug-abort", "held")
        self.dry = gr.Checkbox(
            label=say("debug.dry"),
            container=False, elem_id="debug-dry", elem_classes=["needs-dry"],
        )  # fmt: skip
        self.text = gr.Code(
            language="json", elem_id="debug-text", visible=False, max_lines=14, interactive=True
        )
        self.use = _button("debug.use", "debug-use", "use")
        self.html = gr.HTML(elem_id="debug", apply_default_css=False, js_on_load=PICK_PLACE)
        self.components: list[Any] = [self.head, self.text, self.html]

    def values(self, debug: Debug) -> list[Any]:
        """One value a component."""
        text = gr.Code(value=debug.text, label=debug.label, visible=bool(debug.text))
        return [debug.head, text, debug.html]

    def wire(self, desk: DebugActions, show: Show, session: Any, shown: list[Any]) -> None:
        """`show` gives the values of `shown` for a session."""

        async def pick(who: str, text: str, dry: bool, event: gr.EventData) -> list[Any]:
            if stop := str(getattr(event, "stop", "")):
                await desk.debug_begin(who, stop, text, dry=dry)
            elif place := str(getattr(event, "held", "")):
                desk.debug_look_at(who, place)
            return show(who)

        async def use(who: str, text: str) -> list[Any]:
            await desk.debug_use(who, text)
            return show(who)

        def word(act: Callable[[str], Awaitable[None]]) -> Callable[[str], Awaitable[list[Any]]]:
            async def said(who: str) -> list[Any]:
                await act(who)
                return show(who)

            return said

        how: dict[str, Any] = {
            "show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None,
        }  # fmt: skip
        for button, act in (
            (self.step, desk.debug_step), (self.go_on, desk.debug_go_on),
            (self.skip, desk.debug_skip), (self.abort, desk.debug_abort),
        ):  # fmt: skip
            button.click(word(act), session, shown, **how)
        self.use.click(use, [session, self.text], shown, **how)
        self.html.select(pick, [session, self.text, self.dry], shown, **how)


def _button(text: str, ident: str, needs: str, **how: Any) -> gr.Button:
    """`needs` is the word of `Screen.can` without which it is hidden."""
    return gr.Button(say(text), elem_id=ident, elem_classes=[f"needs-{needs}"], size="sm", **how)
