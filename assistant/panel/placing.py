"""All places by name: which page an address shows, which action a button means.

An error of an action is told beside the place; one of ours is told too, and written down.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from assistant.errors import AssistantError
from assistant.panel import controls
from assistant.panel.addresses import PLACES, Address, to
from assistant.panel.cures import as_html
from assistant.panel.html import el, join
from assistant.panel.place import Action, Place, Said, Values
from assistant.panel.texts import say

log = logging.getLogger(__name__)


class Placing:
    """`show` and `act` for every place. `more` are actions of the shell itself."""

    def __init__(self, places: Mapping[str, Place], more: Mapping[str, Action]) -> None:
        self._places = places
        self._actions = {
            f"{name}.{word}": action
            for name, place in places.items()
            for word, action in place.actions.items()
        } | dict(more)

    def show(self, address: str, session: str) -> str:
        """The place of an address as HTML that carries the address; empty for the chat."""
        at = Address.parse(address)
        place = self._places.get(at.place)
        if place is None:
            return ""
        try:
            body = place.show(at, session)
        except AssistantError as wrong:
            body = controls.page(wrong.message, wrong.hint)
        except Exception:  # a fault of ours must not blank the whole panel
            log.exception("showing %s", address)
            body = controls.page(say("shell.inside"), say("shell.inside_hint"))
        return el("div", body, data_at=address)

    async def act(self, name: str, given: object, session: str) -> Said:
        """Do what a button or a form names. Every error becomes what is said.

        `given` is a record of values, or its JSON text as the page sends it.
        """
        action = self._actions.get(name)
        if action is None:
            return Said(say("shell.unknown_act"), "bad", say("shell.unknown_act_hint"))
        values = _record(given)
        try:
            return await action(Values(values, session))
        except AssistantError as wrong:
            return Said(wrong.message, "bad", wrong.hint, wrong.code)
        except Exception:  # a fault of ours must be told, and must not end the page's event
            log.exception("doing %s", name)
            return Said(say("shell.inside"), "bad", say("shell.inside_hint"), "internal_error")


def _record(given: object) -> dict[str, Any]:
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError:
            return {}
    return {str(name): value for name, value in given.items()} if isinstance(given, dict) else {}


def told(said: Said, number: int) -> str:
    """What is said, as HTML; `number` makes the same words twice two different values."""
    if not said.text and not said.go:
        return el("i", data_n=number, hidden=True)
    leave = said.go if said.go.startswith("/?key=") else ""
    return el(
        "div",
        el("div", el("b", said.text) if said.text else None,
           [el("p", as_html(line)) for line in said.hint.splitlines()],
           el("p", el("code", said.code)) if said.code else None),
        el("button", "×", type="button", data_close=True, aria_label=say("shell.close")),
        class_=f"said {said.tone}" if said.text else "said none", role="alert" if said.tone == "bad" else "status",
        data_go=said.go if said.go and not leave else None, data_leave=leave or None, data_n=number,
    )  # fmt: skip


def shell_words() -> str:
    """The few words that the page's script says by itself, as JSON."""
    return json.dumps({word: say(f"shell.{word}") for word in ("yes", "no", "loading")})


def nav() -> str:
    """The places, as links."""
    links = [el("a", say(f"shell.{name}"), href=to(name), data_place=name) for name in PLACES]
    keys = el("button", "?", type="button", data_keys=True, class_="keys-button",
              aria_label=say("shell.keys"), title=say("shell.keys"))  # fmt: skip
    return join(el("nav", links, aria_label=say("shell.places")), keys)
