"""What changed between two versions of a job, in terms of steps rather than lines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from assistant.pipeline.spec import Job, Step
from assistant.pipeline.walk import blocks, with_paths
from assistant.pipeline.writer import as_data, step_data

Kind = Literal["added", "removed", "changed", "moved", "renamed"]
_LONGEST = 60


@dataclass(frozen=True)
class Change:
    """One change. `path` is the step's (empty for the job itself), `key` what changed in it."""

    kind: Kind
    path: str = ""
    key: str = ""
    before: Any = None
    after: Any = None

    @property
    def words(self) -> str:
        """`step 'send': with.to was "jo@example.org", now "ann@example.org"`."""
        who = f"step {self.path!r}" if self.path else "the job"
        match self.kind:
            case "added" if not self.key:
                return f"{who} is new"
            case "removed" if not self.key:
                return f"{who} is gone"
            case "moved":
                return f"{who} now comes {self.after}"
            case "renamed":
                return f"step {self.before!r} is now called {self.after!r}"
            case "added":
                return f"{who}: {self.key} is now {_shown(self.after)}"
            case "removed":
                return f"{who}: {self.key} is gone (it was {_shown(self.before)})"
            case _:
                before, after = _shown_apart(self.before, self.after)
                return f"{who}: {self.key} was {before}, now {after}"


def diff(old: Job, new: Job) -> list[Change]:
    """Every change that leads from the old job to the new one; none for equal jobs."""
    changes = _keys("", _without_steps(as_data(old)), _without_steps(as_data(new)))
    before, after = _by_path(old), _by_path(new)
    renamed = _renamed(before, after)
    changes += [
        Change("renamed", new_path, "", old_path, new_path)
        for old_path, new_path in renamed.items()
    ]
    known = {renamed.get(path, path): step for path, step in before.items()}
    changes += [
        Change("removed", p, before=_own(s))
        for p, s in known.items()
        if p not in after and _outer(p, known, after)
    ]
    changes += [
        Change("added", p, after=_own(s))
        for p, s in after.items()
        if p not in known and _outer(p, after, known)
    ]
    for path, step in after.items():
        if path in known:
            changes += _keys(path, _own(known[path], but="id"), _own(step, but="id"))
    return changes + _moved(list(known), list(after))


def words(changes: list[Change]) -> str:
    """The changes as lines of plain words."""
    return "\n".join(change.words for change in changes) or "nothing changed"


def _by_path(job: Job) -> dict[str, Step]:
    return dict(with_paths(job.steps))


def _without_steps(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != "steps"}


def _own(step: Step, *, but: str = "") -> dict[str, Any]:
    """The step's data without the steps inside it, which have changes of their own."""
    data = step_data(step)
    inner = {"steps", "else", "parallel"} if blocks(step, "") else set[str]()
    kept = {key: value for key, value in data.items() if key not in inner and key != but}
    if "parallel" in data:
        kept["parallel"] = list(data["parallel"])
    if isinstance(kept.get("on_error"), dict):
        kept["on_error"] = "steps"
    return kept


def _outer(path: str, here: dict[str, Step], there: dict[str, Step]) -> bool:
    """Whether the step is not simply part of a larger one that came or went whole."""
    parents = [p for p in here if path.startswith((f"{p}/", f"{p}."))]
    return all(parent in there for parent in parents)


def _keys(
    path: str, before: dict[str, Any], after: dict[str, Any], prefix: str = ""
) -> list[Change]:
    changes: list[Change] = []
    for key in {**before, **after}:
        name, old, new = f"{prefix}{key}", before.get(key), after.get(key)
        if old == new and (key in before) == (key in after):
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            changes += _keys(path, old, new, f"{name}.")
        elif key not in before:
            changes.append(Change("added", path, name, after=new))
        elif key not in after:
            changes.append(Change("removed", path, name, before=old))
        else:
            changes.append(Change("changed", path, name, old, new))
    return changes


def _renamed(before: dict[str, Step], after: dict[str, Step]) -> dict[str, str]:
    """Steps that only took another id: the same in everything else, in the same list."""
    found: dict[str, str] = {}
    gone = [path for path in before if path not in after]
    fresh = [path for path in after if path not in before]
    for old in gone:
        for new in fresh:
            alike = _own(before[old], but="id") == _own(after[new], but="id")
            if alike and _list_of(old) == _list_of(new) and new not in found.values():
                found[old] = new
                break
    return found


def _list_of(path: str) -> str:
    return path.rpartition("/")[0]


def _moved(before: list[str], after: list[str]) -> list[Change]:
    """Steps whose place among those that stayed is another."""
    changes: list[Change] = []
    for parent in dict.fromkeys(_list_of(path) for path in after):
        new = [p for p in after if _list_of(p) == parent and p in before]
        old = [p for p in before if _list_of(p) == parent and p in after]
        for path in new:
            if path in old and old.index(path) != new.index(path):
                place = new.index(path)
                where = f"after {new[place - 1].rpartition('/')[2]!r}" if place else "first"
                changes.append(Change("moved", path, after=where))
                old.remove(path)
                old.insert(place, path)
    return changes


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _shown_apart(before: Any, after: Any) -> tuple[str, str]:
    """Both values, cut so that the first place where they differ is in what is shown."""
    texts = [json.dumps(value, ensure_ascii=False) for value in (before, after)]
    if max(map(len, texts)) <= _LONGEST:
        return texts[0], texts[1]
    pairs = enumerate(zip(*texts, strict=False))
    common = next((place for place, (a, b) in pairs if a != b), min(map(len, texts)))
    start = max(0, common - _LONGEST // 3)
    before_shown, after_shown = (
        ("…" if start else "") + text[start : start + _LONGEST - 1]
        + ("…" if len(text) > start + _LONGEST - 1 else "")
        for text in texts
    )  # fmt: skip
    return before_shown, after_shown
