"""What the Debug tab shows: where a run is held and with which values, or where it could be held."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from assistant.panel import views
from assistant.panel.html import el
from assistant.panel.texts import say

LONGEST_VALUE = 4000


def held(path: str, when: str, run: str, *, dry: bool) -> str:
    """Where the run stands, in one line."""
    waits = say(f"debug.waits_{when}_{'dry' if dry else 'run'}")
    return el(
        "div", el("span", say(f"debug.held_{when}"), class_="chip wait"), " ", el("b", path),
        el("p", waits, " ", el("code", run)), class_="held",
    )  # fmt: skip


def other_places(paths: Sequence[str]) -> str:
    """The other branches of the run that are held too: each a button."""
    if not paths:
        return ""
    buttons = [el("button", path, class_="quiet", data_held=path) for path in paths]
    return views.section(say("debug.also_held"), el("div", buttons, class_="places"))


def values(shown: Mapping[str, Any]) -> str:
    """Named values as JSON, each to be folded; a long one is cut, and says so."""
    blocks = "".join(
        f"<details><summary>{escape(name)} <span>{escape(_size(value))}</span></summary>"
        f'<pre class="yaml">{escape(_cut(pretty(value)))}</pre></details>'
        for name, value in shown.items()
    )
    return f'<div class="card values">{blocks}</div>' if blocks else ""


def steps(places: Sequence[tuple[str, str]]) -> str:
    """Every step (path, what it does) with a button that runs the job and holds there."""
    lines = [
        el("li", el("span", el("b", path), el("small", what)),
           el("button", say("debug.pause_here"), class_="quiet", data_break=path,
              aria_label=say("debug.pause_before", step=path)))
        for path, what in places
    ]  # fmt: skip
    return el("div", el("ol", lines, class_="breaks"), class_="card")


def pretty(value: Any) -> str:
    """A value as JSON for people."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def _cut(text: str) -> str:
    if len(text) <= LONGEST_VALUE:
        return text
    return f"{text[:LONGEST_VALUE]}\n… {say('run.more_text', n=f'{len(text) - LONGEST_VALUE:,}')}"


def _size(value: Any) -> str:
    match value:
        case list():
            return say("debug.list_of", n=len(value))
        case dict():
            return ", ".join(list(value)[:6])
        case str() if len(value) > 60:
            return say("debug.characters", n=f"{len(value):,}")
        case _:
            return json.dumps(value, ensure_ascii=False, default=str)
