"""Outputs of an earlier run, reused by path: what makes a run from the failed step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from assistant.engine.values import Values, fingerprint
from assistant.errors import BindingsInvalid
from assistant.pipeline.scope import static_path
from assistant.pipeline.spec import Job
from assistant.pipeline.suggest import did_you_mean
from assistant.pipeline.walk import with_paths
from assistant.store.runs import AttemptRow, RunRepository

_ROUND = re.compile(r"\[(\d+)\]$")


class Seeds:
    """The outputs of `seed_run` that may stand in for a call.

    A seed holds when skill, its version and the resolved arguments are what they were: a change
    upstream shows in the arguments. From `from_path` on, nothing is reused.
    """

    def __init__(
        self, repository: RunRepository, seed_run: str | None, from_path: str | None, job: Job
    ) -> None:
        self._order = _Order(job, from_path) if from_path else None
        self._rows = dict[str, AttemptRow]()
        self._values: Values | None = None
        for row in repository.attempts(seed_run) if seed_run else ():
            self._rows[row.path] = row

    def keep_values(self, values: Values) -> None:
        """Where the seed run's large values lie."""
        self._values = values

    def __bool__(self) -> bool:
        return bool(self._rows)

    def find(self, path: str, skill: str, version: str, arguments: Any) -> AttemptRow | None:
        """The finished attempt that stands for this call; `arguments` as they are told, masked."""
        row = self._rows.get(path)
        if row is None or row.status != "succeeded" or self._anew(path):
            return None
        same = (
            row.skill == skill
            and row.skill_version == version
            and fingerprint(self.whole(row.arguments)) == fingerprint(arguments)
        )
        return row if same else None

    def doubtful(self, path: str) -> AttemptRow | None:
        """The attempt of this step that was interrupted in mid-call, if that is how it ended."""
        row = self._rows.get(path)
        return row if row is not None and row.status == "unknown" else None

    def whole(self, stored: Any) -> Any:
        return self._values.whole(stored) if self._values else stored

    def _anew(self, path: str) -> bool:
        return self._order is not None and self._order.from_here(path)


def check_seed(
    repository: RunRepository, seed_run: str | None, from_path: str | None, job: Job
) -> None:
    """Refuse what no run of the job could go on from: nothing would be kept, and all be done again.

    Raises TargetUnresolved for a run that is not there, BindingsInvalid for such a path.
    """
    if seed_run:
        repository.get(seed_run)
    known = list(_places(job))
    if from_path and static_path(from_path) not in known:
        raise BindingsInvalid(
            f"the job has no step {from_path[:200]!r} to begin at",
            hint=did_you_mean(static_path(from_path), known),
        )


class _Order:
    """Tells whether a path of a run comes at or after another, as the job file orders them."""

    def __init__(self, job: Job, start: str) -> None:
        self._number = {path: number for number, path in enumerate(_places(job))}
        self._start = start.split("/")

    def from_here(self, path: str) -> bool:
        pieces = path.split("/")
        for depth, (piece, start) in enumerate(zip(pieces, self._start, strict=False)):
            if piece == start:
                continue
            here = self._place([*pieces[:depth], piece])
            there = self._place([*self._start[:depth], start])
            if here != there:
                # Branches of one parallel step do not come after each other.
                siblings = piece.split(".")[0] == start.split(".")[0]
                return not siblings and here > there
            wanted = _round_of(start)
            if wanted is not None:
                return (_round_of(piece) or 0) > wanted
            # Without a round, `start` means its place in every round.
        return len(pieces) >= len(self._start)

    def _place(self, pieces: list[str]) -> int:
        return self._number.get(static_path("/".join(pieces)), -1)


def _round_of(piece: str) -> int | None:
    found = _ROUND.search(piece)
    return int(found[1]) if found else None


def _places(job: Job) -> Iterator[str]:
    """Every path of a job file in its order; a branch's own path stands before its steps'."""
    known = set[str]()
    for path, _ in with_paths(job.steps):
        branch = path.rpartition("/")[0]
        if branch and branch not in known:
            known.add(branch)
            yield branch
        known.add(path)
        yield path
