"""All places by name: which page an address shows, which action a button means.

An error of an action is told beside the place; one of ours is told too, and written down.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from assistant.errors import AssistantError
from assistant.panel import controls
from assistant.panel.addresses import PLACES, Address, to
from assistant.panel.cures import as_html
from assistant.panel.html import el, join
from assistant.panel.place import Action, Place, Said, Values
from assistant.panel.texts import as_sentence, in_own_words, say

log = logging.getLogger(__name__)


class Placing:
    """`show` and `act` for every place. `more` are actions of the shell itself.

    A place is made when it is first asked for: the chat, with which a panel begins, needs none.
    """

    def __init__(
        self, makers: Mapping[str, Callable[[], Place]], more: Mapping[str, Action]
    ) -> None:
        self._makers = makers
        self._made = dict[str, Place]()
        self._more = more

    def place(self, name: str) -> Place | None:
        """The place of that name; None for the chat, or when there is none."""
        if name not in self._made and name in self._makers:
            self._made[name] = self._makers[name]()
        return self._made.get(name)

    def show(self, address: str, session: str) -> str:
        """The place of an address as HTML that carries the address; empty for the chat."""
        at = Address.parse(address)
        if at.place not in self._makers:
            return ""
        try:
            place = self.place(at.place)
            body = place.show(at, session) if place is not None else ""
        except AssistantError as wrong:
            body = controls.nowhere(
                as_sentence(wrong.message), as_html(in_own_words(wrong.hint)),
                (say(f"shell.{at.place}"), to(at.place)),
            )  # fmt: skip
        except Exception:  # a fault of ours must not blank the whole panel
            log.exception("showing %s", address)
            body = controls.page(say("shell.inside"), say("shell.inside_hint"))
        return el("div", body, data_at=address)

    async def act(self, name: str, given: object, session: str) -> Said:
        """Do what a button or a form names. Every error becomes what is said.

        `given` is a record of values, or its JSON text as the page sends it.
        """
        action = self._action(name)
        if action is None:
            return Said(say("shell.unknown_act"), "bad", say("shell.unknown_act_hint"))
        values = _record(given)
        try:
            return await action(Values(values, session))
        except AssistantError as wrong:
            return Said(as_sentence(wrong.message), "bad", in_own_words(wrong.hint), wrong.code)
        except Exception:  # a fault of ours must be told, and must not end the page's event
            log.exception("doing %s", name)
            return Said(say("shell.inside"), "bad", say("shell.inside_hint"), "internal_error")

    def _action(self, name: str) -> Action | None:
        if name in self._more:
            return self._more[name]
        place = self.place(name.partition(".")[0])
        return place.actions.get(name.partition(".")[2]) if place is not None else None


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
    return json.dumps(
        {word: say(f"shell.{word}") for word in ("yes", "no", "loading", "no_answer")}
    )


def nav() -> str:
    """The places, as links."""
    links = [el("a", say(f"shell.{name}"), href=to(name), data_place=name) for name in PLACES]
    keys = el("button", "?", type="button", data_keys=True, class_="keys-button",
              aria_label=say("shell.keys"), title=say("shell.keys"))  # fmt: skip
    return join(el("nav", links, aria_label=say("shell.places")), keys)
