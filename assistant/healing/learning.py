"""What mended the same trouble before, in this job or in another, proposed again."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from assistant.errors import AssistantError
from assistant.healing.case import Case
from assistant.healing.desk import Desk
from assistant.healing.proposals import Proposal
from assistant.insight.signatures import Signature
from assistant.pipeline.editing import EditableJob

MOST = 3


def from_history(desk: Desk, case: Case, signature: Signature) -> Iterator[Proposal]:
    """Patches that were kept for this signature and fit what the step says now."""
    incident = desk.incidents.get(signature.id)
    for fix in (incident.fixes if incident else ())[:MOST]:
        proposal = _again(case, fix)
        if proposal is not None:
            yield proposal


def _again(case: Case, fix: dict[str, Any]) -> Proposal | None:
    """The same changes on this step; None when it does not say what the other one said."""
    file = EditableJob(case.text)
    step = copy.deepcopy(file.get(file.place_of(case.place)))
    touched = set[str]()
    for change in fix["changes"]:
        place = change.get("place") or []
        if not place or not _put(step, place, change["before"], change["after"]):
            return None
        touched.add(str(place[1]) if place[0] == "with" and len(place) > 1 else str(place[0]))
    arguments = {name: value for name, value in step.get("with", {}).items() if name in touched}
    settings = {name: step[name] for name in ("timeout", "retry") if name in touched}
    if not arguments and not settings:
        return None
    why = f"it mended the same trouble in {fix['job']!r} (patch {fix['patch']})"
    return Proposal("history", why, arguments, settings)


def _put(step: Any, place: list[Any], before: Any, after: Any) -> bool:
    """Change one value of a step's data when it is what it was; False when it is not."""
    owner = step
    try:
        for part in place[:-1]:
            owner = owner[part]
        now = owner.get(place[-1]) if isinstance(owner, dict) else owner[place[-1]]
    except (KeyError, IndexError, TypeError, AssistantError):
        return False
    if now != before:
        return False
    owner[place[-1]] = after
    return True
