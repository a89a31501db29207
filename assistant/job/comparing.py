"""Two runs side by side: what was different in what they were asked, did and gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.store.runs import AttemptRow, RunRepository, RunRow


@dataclass(frozen=True)
class StepPair:
    """One step in both runs. Empty statuses and None mean that a run did not come to it."""

    path: str
    first_status: str
    second_status: str
    first_seconds: float | None
    second_seconds: float | None
    same_arguments: bool
    same_output: bool

    @property
    def differs(self) -> bool:
        return (
            self.first_status != self.second_status
            or not self.same_arguments
            or not self.same_output
        )


@dataclass(frozen=True)
class Comparison:
    """Everything that two runs can be told apart by. `facts` are (name, first, second)."""

    first: RunRow
    second: RunRow
    facts: tuple[tuple[str, Any, Any], ...]
    steps: tuple[StepPair, ...]


def compare(runs: RunRepository, first: str, second: str) -> Comparison:
    """Compare two runs by their ids. Raises TargetUnresolved for one that is not there."""
    a, b = runs.get(first), runs.get(second)
    return Comparison(a, b, _facts(a, b), _steps(_last(runs, a.id), _last(runs, b.id)))


def _facts(a: RunRow, b: RunRow) -> tuple[tuple[str, Any, Any], ...]:
    plain = [(name, getattr(a, name), getattr(b, name))
             for name in ("job", "version", "status", "dry", "tokens", "cost")]  # fmt: skip
    return (
        *plain, ("trigger", a.trigger.get("kind", ""), b.trigger.get("kind", "")),
        *_pairs("input", a.inputs, b.inputs), *_pairs("output", a.outputs, b.outputs),
    )  # fmt: skip


def _pairs(
    kind: str, a: Mapping[str, Any], b: Mapping[str, Any]
) -> list[tuple[str, Any, Any]]:  # fmt: skip
    return [(f"{kind} {name}", a.get(name), b.get(name)) for name in dict.fromkeys([*a, *b])]


def _last(runs: RunRepository, run_id: str) -> dict[str, AttemptRow]:
    """The last attempt of each step."""
    return {attempt.path: attempt for attempt in runs.attempts(run_id)}


def _steps(a: Mapping[str, AttemptRow], b: Mapping[str, AttemptRow]) -> tuple[StepPair, ...]:
    return tuple(_pair(path, a.get(path), b.get(path)) for path in dict.fromkeys([*a, *b]))


def _pair(path: str, a: AttemptRow | None, b: AttemptRow | None) -> StepPair:
    return StepPair(
        path, a.status if a else "", b.status if b else "",
        a.seconds if a else None, b.seconds if b else None,
        same_arguments=(a.arguments if a else None) == (b.arguments if b else None),
        same_output=(a.output if a else None) == (b.output if b else None),
    )  # fmt: skip
