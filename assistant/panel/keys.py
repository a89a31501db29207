"""The keys of the panel, in one list: the page acts by it, and `?` shows it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from assistant.panel.addresses import PLACES
from assistant.panel.html import Html, el, lines
from assistant.panel.texts import say


@dataclass(frozen=True)
class Key:
    """`keys` as they are pressed, `g j` one after the other. `does` is `verb target`:
    `go ADDRESS`, `click SELECTOR` (or `A|B`: the first that is there), `focus SELECTOR`, or a word of the page's own."""

    keys: str
    name: str
    does: str
    typing: bool = False
    """Whether it acts while somebody types."""


GO = {"chat": "c", "jobs": "j", "runs": "r", "insight": "i", "skills": "s", "models": "m",
      "settings": ","}  # fmt: skip
KEYS = (
    Key("Enter", "send", ""),
    Key("Shift+Enter", "new_line", ""),
    Key("Escape", "stop", "click #stop", typing=True),
    Key("/", "write", "write"),
    Key("Ctrl+k", "search", "search", typing=True),
    Key("Ctrl+Shift+o", "new_job", "click #new-job", typing=True),
    Key("Ctrl+Enter", "approve", "click #approve|#approve-run", typing=True),
    Key("Ctrl+Shift+Enter", "approve_run", "click #approve-run", typing=True),
    Key("Alt+e", "edit", "click #edit", typing=True),
    Key("Alt+Backspace", "reject", "click #reject", typing=True),
    Key("Alt+r", "run", "click #run", typing=True),
    Key("Alt+x", "stop_run", "click #cancel", typing=True),
    Key("Alt+p", "pause", "click #pause", typing=True),
    Key("Alt+n", "debug_step", "click #debug-step", typing=True),
    Key("Alt+c", "debug_continue", "click #debug-continue", typing=True),
    Key("Alt+k", "debug_skip", "click #debug-skip", typing=True),
    Key("Alt+q", "debug_abort", "click #debug-abort", typing=True),
    Key("Alt+t", "retry", "click #bot button[aria-label=Retry]", typing=True),
    Key("Alt+a", "attach", "click #attach", typing=True),
    Key("j", "next", "next"),
    Key("k", "previous", "previous"),
    Key("?", "keys", "keys"),
    *(Key(f"g {GO[place]}", f"go_{place}", f"go #/{place}") for place in PLACES),
)


def registry() -> str:
    """The list as the page reads it."""
    return json.dumps([asdict(key) for key in KEYS if key.does])


def shown() -> Html:
    """The list as `?` shows it."""
    rows = [el("li", _pressed(key.keys), el("span", say(f"keys.{key.name}"))) for key in KEYS]
    more = el("p", say("keys.more"))
    return el("div", el("ul", rows, class_="keys-list"), more)


def _pressed(keys: str) -> Html:
    return el(
        "span",
        lines([lines([el("kbd", _name(part)) for part in one.split("+")], "+")
               for one in keys.split(" ")], say("keys.then")),
    )  # fmt: skip


def _name(key: str) -> str:
    return key.upper() if len(key) == 1 and key.isalpha() else key
