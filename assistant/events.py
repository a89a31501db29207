"""Everything that can happen in a run, as frozen data.

The engine is the only writer; screens, analytics and receipts only read. `as_row` and
`from_row` carry an event through JSON (the store, `events.jsonl`, another process).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

RunStatus = Literal["queued", "running", "waiting", "succeeded", "failed", "cancelled", "timed_out"]
ENDED: frozenset[str] = frozenset({"succeeded", "failed", "cancelled", "timed_out"})
StepStatus = Literal[
    "running", "retrying", "succeeded", "failed", "skipped", "waiting", "unknown", "cancelled"
]


@dataclass(frozen=True, kw_only=True)
class RunEvent:
    """What all events share. `at` is RFC 3339 UTC with milliseconds."""

    run_id: str
    at: str


@dataclass(frozen=True, kw_only=True)
class RunQueued(RunEvent):
    job: str
    version: int
    trigger: dict[str, Any] = field(default_factory=dict[str, Any])
    inputs: dict[str, Any] = field(default_factory=dict[str, Any])
    dry: bool = False
    job_id: str = ""
    parent_run: str = ""
    """The run that called this one."""


@dataclass(frozen=True, kw_only=True)
class RunStarted(RunEvent):
    worker: str = ""


@dataclass(frozen=True, kw_only=True)
class RunResumed(RunEvent):
    """A worker took the run up again after a crash or a restart."""

    worker: str = ""


@dataclass(frozen=True, kw_only=True)
class RunEnded(RunEvent):
    status: RunStatus
    reason: str = ""
    error: dict[str, Any] | None = None
    outputs: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, kw_only=True)
class StepStarted(RunEvent):
    path: str
    skill: str = ""
    attempt: int = 1
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, kw_only=True)
class StepProgress(RunEvent):
    path: str
    message: str
    done: float | None = None
    total: float | None = None


@dataclass(frozen=True, kw_only=True)
class StepWarned(RunEvent):
    path: str
    message: str


@dataclass(frozen=True, kw_only=True)
class StepRetrying(RunEvent):
    path: str
    attempt: int
    due: str
    error: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class StepDone(RunEvent):
    """`items` (records given), `size` (characters of JSON) and `newest` (the latest moment that
    an item was published) measure the output, which may be a mere reference by now."""

    path: str
    skill: str = ""
    seconds: float = 0.0
    output: Any = None
    attempt: int = 1
    seeded: bool = False
    cached: bool = False
    preview: bool = False
    items: int | None = None
    size: int = 0
    newest: str = ""


@dataclass(frozen=True, kw_only=True)
class StepFailed(RunEvent):
    path: str
    skill: str = ""
    seconds: float = 0.0
    attempt: int = 1
    error: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, kw_only=True)
class StepSkipped(RunEvent):
    path: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class StepUnknown(RunEvent):
    """A write was interrupted mid-call: nobody knows whether it happened, and it is not repeated."""

    path: str
    skill: str = ""
    idempotency_key: str = ""


@dataclass(frozen=True, kw_only=True)
class RunPaused(RunEvent):
    """The debugger holds the run before or after a step."""

    path: str
    when: Literal["before", "after"] = "before"


@dataclass(frozen=True, kw_only=True)
class ApprovalAsked(RunEvent):
    path: str
    question: str
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, kw_only=True)
class ApprovalDecided(RunEvent):
    path: str
    approved: bool
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class ArtifactSaved(RunEvent):
    path: str
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ModelCalled(RunEvent):
    path: str
    model: str
    tokens_in: int
    tokens_out: int
    cost: float = 0.0
    seconds: float = 0.0
    cached_tokens: int = 0
    purpose: str = ""
    error: str = ""
    """What went wrong with this call; empty when an answer came."""


@dataclass(frozen=True, kw_only=True)
class ExpectationChecked(RunEvent):
    expression: str
    held: bool
    message: str = ""


Event = (
    RunQueued | RunStarted | RunResumed | RunPaused | RunEnded
    | StepStarted | StepProgress | StepWarned | StepRetrying | StepDone | StepFailed
    | StepSkipped | StepUnknown
    | ApprovalAsked | ApprovalDecided | ArtifactSaved | ModelCalled | ExpectationChecked
)  # fmt: skip
KINDS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}


def as_row(event: Event) -> dict[str, Any]:
    """The event as JSON data, its kind under `event`."""
    return {"event": type(event).__name__, **asdict(event)}


def from_row(row: dict[str, Any]) -> Event:
    """The event that `as_row` made. Raises KeyError for a kind this version does not know."""
    facts = {key: value for key, value in row.items() if key != "event"}
    return KINDS[row["event"]](**facts)
