"""A proposed change to one step, from whoever it comes, and the file it makes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.healing.case import Case
from assistant.pipeline.diff import diff
from assistant.pipeline.document import Place
from assistant.pipeline.editing import EditableJob
from assistant.pipeline.loader import load


@dataclass(frozen=True)
class Proposal:
    """`arguments` are new values of the step's `with`, `settings` of the step's own keys.

    A value of None takes the key out. `source` is `history`, a recipe's name, or `model`; `why` says
    in words what led to it. `loop` are keys of the loop around the step. `case` is another step
    that is to change, when the one that failed is not the one at fault.
    """

    source: str
    why: str
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    loop: Mapping[str, Any] = field(default_factory=dict[str, Any])
    case: Case | None = None
    spared: tuple[str, ...] = ()
    """Fields of the step's records that it gives no more then, and that the job never had in hand."""

    @property
    def by_model(self) -> bool:
        return self.source == "model"

    @property
    def key(self) -> str:
        """Equal for proposals that change the same to the same."""
        place = self.case.place if self.case else ""
        told = [place, dict(self.arguments), dict(self.settings), dict(self.loop)]
        return json.dumps(told, sort_keys=True)


def patched(case: Case, proposal: Proposal) -> str:
    """The job file with the proposal in it; every other byte as it was. Raises an AssistantError."""
    file = case.editable()
    home = file.place_of(case.place)
    if proposal.arguments and "with" not in file.get(home):
        file.set((*home, "with"), {})
    for name, value in proposal.arguments.items():
        _put(file, (*home, "with", name), value)
    for name, value in proposal.settings.items():
        _put(file, (*home, name), value)
    for name, value in proposal.loop.items():
        _put(file, (*home[: -len(("steps", 0))], name), value)
    return file.text


def _put(file: EditableJob, place: Place, value: Any) -> None:
    if value is not None:
        file.set(place, value)
    elif place[-1] in file.get(place[:-1]):
        file.remove(place)


def changes_of(before: str, after: str) -> tuple[list[dict[str, Any]], list[str]]:
    """What a patch changes: `[{key, before, after}]`, and the same in words."""
    found = diff(load(before).job, load(after).job)
    told = [
        {"path": change.path, "key": change.key, "before": change.before, "after": change.after}
        for change in found
    ]
    return told, [change.words for change in found]
