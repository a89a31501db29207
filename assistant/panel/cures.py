"""What an error's hint says to do, as a link where the panel can do it."""

from __future__ import annotations

import re

from assistant.panel.addresses import to
from assistant.panel.html import Html, el, join

SET_SECRET = re.compile(r"`?assistant secrets set ([a-z][a-z0-9_]*)`?")
"""The command that asks for a key. Its name is plain: it needs no escaping in any markup."""


def as_html(hint: str) -> Html:
    """A hint whose command for a key leads to the field of that key; the rest is escaped."""
    parts = list[object]()
    end = 0
    for found in SET_SECRET.finditer(hint):
        name = found[1]
        parts += [
            hint[end : found.start()],
            el("a", f"assistant secrets set {name}", href=_field(name)),
        ]
        end = found.end()
    return join(*parts, hint[end:])


def as_markdown(hint: str) -> str:
    """As `as_html`, for the conversation."""
    return SET_SECRET.sub(
        lambda found: f"[`assistant secrets set {found[1]}`]({_field(found[1])})", hint
    )


def _field(name: str) -> str:
    return to("settings", "keys", name=name)
