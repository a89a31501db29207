"""Parts of the page that show HTML made on the server.

Their value is never put into a template: a script of ours takes it and changes only what differs,
so that what somebody types, unfolds or has in focus stays. See `static/panel.js`.
"""

from __future__ import annotations

import gradio as gr

_MOUNT = '<div class="mount"></div>'
HERE = "assistant-here"
"""What our script says when it has come: Gradio waits for no script of a page, and on a busy machine its
parts are there first."""


def once_here(call: str) -> str:
    """JavaScript that makes a call of our script, now or as soon as it is there."""
    return (
        f"(() => {{ const begin = () => {{ {call}; }};"
        f" if (window.assistant) begin(); else addEventListener('{HERE}', begin, {{once: true}}); }})()"
    )


def part(ident: str) -> gr.HTML:
    """A part whose folds are told to Python by `select` (`event.fold` is the path)."""
    return _made(ident, "assistant.part(element, trigger, props, watch)")


def job_list(ident: str) -> gr.HTML:
    return _made(ident, "assistant.jobs(element, props, watch)")


def place(ident: str) -> gr.HTML:
    """The place of the address. `select` tells `kind` (go or act), `address`, `act`, `values`."""
    return _made(ident, "assistant.place(element, trigger, props, watch)")


def said(ident: str) -> gr.HTML:
    """What an action came to."""
    return _made(ident, "assistant.said(element, props, watch)")


def abilities(ident: str) -> gr.HTML:
    """What can be done now: the words of its value are told to the style sheet, which hides by them.

    Not by Gradio's `visible`: it takes what is hidden out of the page and loads it again when it is
    shown, and of two updates that meet meanwhile the later may be lost.
    """
    return _made(ident, "assistant.can(element, props, watch)")


def fixed(ident: str, html: str) -> gr.HTML:
    """HTML that never changes."""
    return gr.HTML(html, elem_id=ident, apply_default_css=False, js_on_load=None)


def _made(ident: str, script: str) -> gr.HTML:
    return gr.HTML(
        "",
        elem_id=ident,
        html_template=_MOUNT,
        js_on_load=once_here(script),
        apply_default_css=False,
    )
