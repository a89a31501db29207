"""What a place is: a page made from an address, and the actions that its buttons name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from assistant.errors import BindingsInvalid
from assistant.panel.addresses import Address
from assistant.panel.html import Html
from assistant.panel.texts import say


@dataclass(frozen=True)
class Said:
    """What an action came to. `go` is where the page goes next; empty: it stays."""

    text: str = ""
    tone: str = "ok"
    """ok, bad or calm"""
    hint: str = ""
    code: str = ""
    go: str = ""


@dataclass(frozen=True)
class Values:
    """What a button or a form sent. Nothing in it is trusted to be there, or to be of a kind."""

    given: Mapping[str, Any] = field(default_factory=dict[str, Any])
    session: str = ""

    def text(self, name: str, *, needed: bool = True) -> str:
        """A text, without blanks around it. Raises BindingsInvalid when a needed one is empty."""
        value = self.given.get(name)
        found = value.strip() if isinstance(value, str) else ""
        if needed and not found:
            raise BindingsInvalid(
                say("form.empty", name=name.replace("_", " ")), hint=say("form.fill")
            )
        return found

    def many(self, name: str) -> list[str]:
        """The texts of all boxes of that name that are ticked."""
        value = self.given.get(name)
        found = value if isinstance(value, list) else [value]
        return [text for text in found if isinstance(text, str) and text]

    def on(self, name: str) -> bool:
        return bool(self.given.get(name))


Action = Callable[[Values], Awaitable[Said]]


class Place(Protocol):
    """One tab. `show` reads and changes nothing."""

    @property
    def actions(self) -> Mapping[str, Action]:
        """By name, without the place's own: `pause` of the jobs is sent as `jobs.pause`."""
        ...

    def show(self, at: Address, session: str) -> Html: ...
