"""What a patch may change: decided on the two files alone, whoever proposed it and whatever it says.

`automatic` is only for the declared fields of steps that change nothing in the world. A person is
asked about a URL of the same host, SQL, headers, another model, a re-wired value, and any step
that writes. Everything else a patch can never change.

A re-wired value is the one exception to "declared fields only". A field that the file fills from
an earlier step (`items: ${{ steps.api.response.data.stories }}`) has its value decided by that
step, and which fields a job fills so is not for a skill to declare. When the source renames the
key, nothing else mends it. So a recipe, never a model, may change the keys that the expression
reads from the same step, and nothing else in it; a person is always asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from assistant.healing.case import Case
from assistant.healing.rewiring import same_wires
from assistant.job.granting import grants_of
from assistant.pipeline.document import Place
from assistant.pipeline.durations import seconds
from assistant.pipeline.editing import EditableJob
from assistant.settings import Settings
from assistant.skills.library import Library

Kind = Literal["automatic", "ask", "never"]
LONGEST_TIMEOUT = 1800.0
MOST_ATTEMPTS = 8
LONGEST_DELAY = 3600.0
_RANK: dict[Kind, int] = {"automatic": 0, "ask": 1, "never": 2}
_PLAIN_URL = re.compile(r"https?://[!-~\u00a1-\uffff]{1,2000}")
_MISSING = object()


@dataclass(frozen=True)
class Decision:
    """How far a patch may go, and the reason that decided it."""

    kind: Kind
    reason: str


@dataclass(frozen=True)
class Edit:
    """One place where two files differ."""

    place: Place
    before: Any
    after: Any

    @property
    def is_new(self) -> bool:
        return self.before is _MISSING

    @property
    def is_gone(self) -> bool:
        return self.after is _MISSING


def judge(
    case: Case, patched: str, *, by_model: bool, settings: Settings, library: Library
) -> Decision:
    """The strictest decision over everything that a patched file changes."""
    before, after = EditableJob(case.text), EditableJob(patched)
    edits = list(edits_between(before.data, after.data))
    if not edits:
        return Decision("never", "it changes nothing")
    if case.step is None:
        return Decision("never", "no step is at fault")
    home = before.place_of(case.place)
    decisions = [_one(case, edit, home, by_model, settings) for edit in edits]
    worst = max(decisions, key=lambda one: _RANK[one.kind])
    if worst.kind == "never":
        return worst
    if case.effect == "write" or (case.skill and case.skill.effect == "write" and by_model):
        worst = max(worst, Decision("ask", "the step writes"), key=lambda one: _RANK[one.kind])
    wider = [
        grant for grant in grants_of(after.loaded().job, library)
        if grant not in grants_of(before.loaded().job, library)
    ]  # fmt: skip
    if wider and worst.kind == "automatic":
        return Decision("ask", "it would widen what the job may write to")
    return worst


def edits_between(before: Any, after: Any, place: Place = ()) -> Iterator[Edit]:
    """Every leaf where two files' data differ; true is not 1."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            old, new = before.get(key, _MISSING), after.get(key, _MISSING)
            yield from edits_between(old, new, (*place, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from edits_between(old, new, (*place, number))
    elif type(before) is not type(after) or before != after:
        yield Edit(place, before, after)


def _one(case: Case, edit: Edit, home: Place, by_model: bool, settings: Settings) -> Decision:
    inside = edit.place[len(home) :] if edit.place[: len(home)] == home else ()
    if not inside:
        return _around(case, edit, home, by_model)
    match inside:
        case ("with", str(name), *_):
            return _argument(case, edit, name, by_model, settings)
        case ("with",):
            return Decision("never", "it replaces all arguments at once")
        case ("timeout",) if not by_model:
            return _timeout(case, edit)
        case ("retry", *_) if not by_model:
            return _retry(case, edit)
        case ("for_each" | "set", *_) if not by_model and same_wires(edit.before, edit.after):
            return Decision("ask", "it takes a value from another place")
        case _:
            return Decision("never", f"{inside[0]!r} is not for a patch to change")


def _around(case: Case, edit: Edit, home: Place, by_model: bool) -> Decision:
    """Outside the step itself: only the loop right around it may go slower."""
    loop = home[: -len(("steps", 0))]
    if (
        not by_model
        and edit.place == (*loop, "max_parallel")
        and isinstance(edit.after, int)
        and isinstance(edit.before, int)
        and 1 <= edit.after < edit.before
    ):
        return Decision("ask", "the loop around the step would go slower")
    shown = ".".join(map(str, edit.place))
    return Decision("never", f"{shown!r} is outside the step that failed")


def _argument(case: Case, edit: Edit, name: str, by_model: bool, settings: Settings) -> Decision:
    skill = case.skill
    if skill is None:
        return Decision("never", "the step calls no skill that is known")
    if name in skill.pinned:
        return Decision("never", f"{name!r} is fixed by what a person accepted")
    if name in skill.secrets or _has_secret(edit.before) or _has_secret(edit.after):
        return Decision("never", f"{name!r} carries a secret")
    if edit.is_gone and name not in skill.patchable:
        return Decision("never", f"{name!r} is not declared as patchable")
    if name not in skill.patchable:
        if not by_model and name not in skill.hosts and same_wires(edit.before, edit.after):
            return Decision("ask", "it takes a value from another place")
        return Decision("never", f"{name!r} is not declared as patchable")
    if _has_expression(edit.after) or _has_expression(edit.before):
        if not by_model and same_wires(edit.before, edit.after):
            return Decision("ask", "it takes a value from another place")
        if not by_model and name == "prompt" and _only_adds_words(edit):
            return Decision("ask", "words are added to the prompt")
        return Decision("never", f"{name!r} would take its value from elsewhere")
    if name == "model":
        return _model(edit, settings)
    if name in skill.hosts:
        return _address(edit)
    if name in ("sql", "headers"):
        return _careful(name, edit)
    return Decision("automatic", f"{name!r} is declared as patchable")


def _only_adds_words(edit: Edit) -> bool:
    """Whether a text stays whole and some plain words, without any expression, follow it."""
    if not isinstance(edit.before, str) or not isinstance(edit.after, str):
        return False
    added = edit.after.removeprefix(edit.before.rstrip())
    return added != edit.after and "${{" not in added and "secret:" not in added


def _address(edit: Edit) -> Decision:
    old, new = _origins(edit.before), _origins(edit.after)
    # The same server over TLS is the same host; the other way round is not.
    allowed = old | {f"https://{one.removeprefix('http://')}" for one in old}
    if not old or not new or not new <= allowed:
        there = ", ".join(sorted(new - allowed)) or "no address that can be read"
        return Decision("never", f"it would reach another host: {there}")
    return Decision("ask", "the address changes, on the same host")


def _origins(value: Any) -> set[str]:
    """Scheme, host and port of one or several addresses; none when one of them is odd."""
    values: list[Any] = value if isinstance(value, list) else [value]
    found = set[str]()
    for one in values:
        if not isinstance(one, str) or not _PLAIN_URL.fullmatch(one):
            return set()
        parts = urlsplit(one)
        if "@" in parts.netloc or not parts.hostname:
            return set()
        found.add(f"{parts.scheme}://{parts.netloc.lower()}")
    return found


def _model(edit: Edit, settings: Settings) -> Decision:
    known = {"", "starter", settings.model, *settings.model_fallbacks}
    if edit.after in known or str(edit.after).startswith("local/"):
        if not edit.is_new and edit.before:
            return Decision("ask", f"the job asks for {str(edit.before)[:60]!r} by its name")
        return Decision("automatic", "it is a model that the settings name")
    return Decision("never", f"the settings do not name the model {str(edit.after)[:60]!r}")


_NEVER_IN_HEADERS = (
    "auth", "cookie", "key", "token", "secret", "session", "password", "host", "forward", "proxy",
    "method", "origin", "content", "transfer", "connection", "expect", "upgrade",
)  # fmt: skip


def _careful(name: str, edit: Edit) -> Decision:
    if name == "headers":
        whole = [one for one in (edit.before, edit.after) if isinstance(one, dict)]
        changed = [str(key).lower() for one in whole for key in one] or [
            str(edit.place[-1]).lower()
        ]
        for header in changed:
            if any(word in header for word in _NEVER_IN_HEADERS):
                return Decision("never", f"the header {header!r} is not for a patch to change")
        return Decision("ask", "request headers change")
    return Decision("ask", "the SQL changes")


def _timeout(case: Case, edit: Edit) -> Decision:
    try:
        limit = seconds(edit.after)
    except ValueError:
        return Decision("never", "the timeout is no length of time")
    if edit.is_gone or not 0 < limit <= LONGEST_TIMEOUT:
        return Decision("never", f"a timeout is at most {LONGEST_TIMEOUT:g} s")
    budget = case.job.budget.seconds
    if budget is not None and limit >= budget:
        return Decision("never", "the step would take the time of the whole run")
    return Decision("automatic", "the step gets more time")


def _retry(case: Case, edit: Edit) -> Decision:
    if case.effect == "write":
        return Decision("never", "a step that writes is not repeated by itself")
    for key, value in _retry_values(edit):
        try:
            number = float(value) if key in ("attempts", "factor", "jitter") else seconds(value)
        except (ValueError, TypeError):
            return Decision("never", f"retry.{key} is no number")
        most = {"attempts": MOST_ATTEMPTS, "factor": 10, "jitter": 1}.get(key, LONGEST_DELAY)
        if not 0 <= number <= most:
            return Decision("never", f"retry.{key} is at most {most:g}")
    return Decision("automatic", "the step waits longer between its tries")


def _retry_values(edit: Edit) -> list[tuple[str, Any]]:
    if isinstance(edit.after, dict):
        return [(str(key), value) for key, value in edit.after.items()]
    return [(str(edit.place[-1]), edit.after)]


def _has_expression(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_expression, (*value, *value.values())))
    if isinstance(value, list):
        return any(map(_has_expression, value))
    return isinstance(value, str) and "${{" in value


def _has_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_secret, (*value, *value.values())))
    if isinstance(value, list):
        return any(map(_has_secret, value))
    return isinstance(value, str) and "secret:" in value
