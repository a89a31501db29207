"""What the Debug tab shows: where a run is held and with which values, or where it could be held."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from assistant.panel import views

LONGEST_VALUE = 4000


def held(path: str, when: str, run: str, *, dry: bool) -> str:
    """Where the run stands, in one line."""
    what = "this dry run" if dry else "this run"
    told = {"before": "has not been made yet", "after": "has been made"}.get(when, "")
    return (
        f'<div class="held"><span class="chip wait">held {escape(when)}</span> <b>{escape(path)}</b>'
        f"<p>The step {told}; {what} waits for your word. <code>{escape(run)}</code></p></div>"
    )


def other_places(paths: Sequence[str]) -> str:
    """The other branches of the run that are held too: each a button."""
    if not paths:
        return ""
    buttons = "".join(
        f'<button class="quiet" data-held="{escape(path, quote=True)}">{escape(path)}</button>'
        for path in paths
    )
    return views.section("Also held", f'<div class="places">{buttons}</div>')


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
    lines = "".join(
        f"<li><span><b>{escape(path)}</b><small>{escape(what)}</small></span>"
        f'<button class="quiet" data-break="{escape(path, quote=True)}"'
        f' aria-label="Run with a pause before {escape(path, quote=True)}">'
        "Run with a pause before this step</button></li>"
        for path, what in places
    )
    return f'<div class="card"><ol class="breaks">{lines}</ol></div>'


def pretty(value: Any) -> str:
    """A value as JSON for people."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def _cut(text: str) -> str:
    if len(text) <= LONGEST_VALUE:
        return text
    return f"{text[:LONGEST_VALUE]}\n… {len(text) - LONGEST_VALUE:,} characters more"


def _size(value: Any) -> str:
    match value:
        case list():
            return f"a list of {len(value)}"
        case dict():
            return ", ".join(list(value)[:6])
        case str() if len(value) > 60:
            return f"{len(value):,} characters"
        case _:
            return json.dumps(value, ensure_ascii=False, default=str)
