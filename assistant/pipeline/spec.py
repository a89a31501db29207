"""What a job file says, as frozen data. Nothing here reads, checks or runs anything.

Values under `with`, `set`, `if` … keep their `${{ … }}` texts; `expressions` evaluates them.
Durations are seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Retry:
    """Try n waits `min(delay × factor^(n-1), max_delay)`, spread by ± `jitter`."""

    attempts: int = 1
    delay: float = 2.0
    factor: float = 2.0
    max_delay: float = 60.0
    jitter: float = 0.2


@dataclass(frozen=True)
class OnError:
    """What a failed step means for its run: `fail`, `continue`, or other steps instead."""

    action: Literal["fail", "continue", "steps"] = "fail"
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Step:
    """What all kinds of step share. `path` is where it stands in the file: `each/fetch`."""

    id: str
    condition: str | None = None
    retry: Retry | None = None
    timeout: float | None = None
    on_error: OnError = OnError()
    cache: bool | float = False
    """True, or seconds that a result stays good; only for pure and read skills."""
    needs_approval: bool = False
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class SkillStep(Step):
    skill: str
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, kw_only=True)
class CallJobStep(Step):
    job: str
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, kw_only=True)
class ParallelStep(Step):
    """Output: `{branch name: {step id: output}}`."""

    branches: dict[str, tuple[Step, ...]]


@dataclass(frozen=True)
class Accumulate:
    """`name` holds `start` before the first round and `value` after each."""

    name: str
    start: Any
    value: Any


@dataclass(frozen=True, kw_only=True)
class ForEachStep(Step):
    """`items` is an expression that gives a list; `variable` names the item in each round."""

    items: Any
    variable: str = "item"
    max_parallel: int = 1
    steps: tuple[Step, ...]
    collect: Any = None
    accumulate: Accumulate | None = None


@dataclass(frozen=True, kw_only=True)
class WhileStep(Step):
    test: str
    max_iterations: int
    steps: tuple[Step, ...]
    collect: Any = None
    accumulate: Accumulate | None = None


@dataclass(frozen=True, kw_only=True)
class IfStep(Step):
    """`condition` decides between `steps` and `otherwise`."""

    steps: tuple[Step, ...]
    otherwise: tuple[Step, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ApproveStep(Step):
    question: str


@dataclass(frozen=True, kw_only=True)
class SetStep(Step):
    values: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class StopStep(Step):
    """Ends the run as succeeded, with this reason."""

    reason: str


@dataclass(frozen=True)
class Schedule:
    cron: str
    timezone: str
    catch_up: Literal["none", "latest", "all"] = "latest"
    overlap: Literal["skip", "queue", "cancel"] = "skip"


@dataclass(frozen=True)
class Trigger:
    """`on` is the kind (`feed_changed`, `job_failed` …); `options` the rest of its keys."""

    on: str
    options: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Alerts:
    on: tuple[str, ...] = ()
    to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Budget:
    """None: no limit of its own."""

    seconds: float | None = None
    tokens: int | None = None
    cost: float | None = None


@dataclass(frozen=True)
class Retention:
    runs: int | None = None
    days: int | None = None


@dataclass(frozen=True)
class Job:
    """One job file."""

    name: str
    title: str = ""
    inputs: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    schedule: Schedule | None = None
    triggers: tuple[Trigger, ...] = ()
    steps: tuple[Step, ...] = ()
    outputs: dict[str, Any] = field(default_factory=dict[str, Any])
    expect: tuple[str, ...] = ()
    alerts: Alerts = Alerts()
    budget: Budget = Budget()
    retention: Retention = Retention()
