"""What an error's hint says to do, as a link where the panel can do it."""

from __future__ import annotations

import re

from assistant.panel.addresses import to
from assistant.panel.html import Html, el, join

PLACES = {
    r"secrets set (?P<secret>[a-z][a-z0-9_]*)": ("settings", "keys"),
    r"databases add (?P<name>[\w-]+)(?: (?P<address>[\w./~-]+))?": ("settings", "databases"),
    r"alerts channels (?:add|test)(?: [\w<>.-]+){0,2}": ("settings", "channels"),
    r"models (?:list|use|pull|test)(?: [\w./-]+)?": ("models",),
}
"""Commands that a hint names, and the place of the panel that does the same."""
COMMAND = re.compile("`?assistant (" + "|".join(PLACES) + ")`?")
"""What stands in one is plain: it needs no escaping in any markup."""


def as_html(hint: str) -> Html:
    """A hint whose commands lead to the place that does the same; the rest is escaped, code in backticks."""
    parts = list[object]()
    end = 0
    for found in COMMAND.finditer(hint):
        parts += [
            ticked(hint[end : found.start()]),
            el("a", f"assistant {found[1]}", href=_place(found)),
        ]
        end = found.end()
    return join(*parts, ticked(hint[end:]))


def ticked(text: str) -> Html:
    """A text whose words between backticks are code."""
    pieces = text.split("`")
    return join(*[el("code", piece) if n % 2 else piece for n, piece in enumerate(pieces)])


def as_markdown(hint: str) -> str:
    """As `as_html`, for the conversation."""
    return COMMAND.sub(lambda found: f"[`assistant {found[1]}`]({_place(found)})", hint)


def _place(found: re.Match[str]) -> str:
    """The place of a command, with what it names filled in; words in capitals are gaps of a command."""
    parts = next(place for command, place in PLACES.items() if re.fullmatch(command, found[1]))
    given = {"name": found["secret"] or found["name"], "address": found["address"]}
    return to(
        *parts, **{key: value for key, value in given.items() if value and not value.isupper()}
    )
