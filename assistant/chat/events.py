"""What a turn tells, as frozen data. A screen shows these in the order they come.

A turn begins with `RoutedTo` (or a `Notice`) and ends when its stream ends. A `DraftCard` may
come again under the same `draft_id`, with more known: the later one replaces the earlier.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args


@dataclass(frozen=True)
class RoutedTo:
    """The job the prompt now belongs to. `also` names other jobs that it seems to speak of."""

    job_id: str
    job: str
    title: str
    new: bool
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Thinking:
    """What is being done now, in a few words."""

    text: str


@dataclass(frozen=True)
class ToolStarted:
    """A skill is called. `id` ties `ToolDone` to it."""

    id: str
    skill: str
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class ToolDone:
    """`status` is the step's; `summary` says in a line what came back."""

    id: str
    skill: str
    status: str
    seconds: float
    summary: str = ""
    output: Any = None


@dataclass(frozen=True)
class TextDelta:
    """A piece of the answer's text."""

    text: str


@dataclass(frozen=True)
class StepLine:
    """One step of a card: its path in the file, and one sentence."""

    path: str
    sentence: str
    skill: str = ""
    effect: str = ""


@dataclass(frozen=True)
class Touch:
    """What approving allows: a skill that writes, and the exact targets; none: the home folder.

    `asks`: some of its targets only a run knows; an unattended run asks before it writes there.
    """

    skill: str
    targets: tuple[str, ...] = ()
    asks: bool = False


@dataclass(frozen=True)
class PreviewLine:
    """One step of a dry run: `done` with a line about its result, `would` for a write, `failed`."""

    path: str
    state: Literal["done", "would", "failed", "skipped"]
    text: str


@dataclass(frozen=True)
class DryRun:
    """What a dry run gave: nothing outside was changed by it."""

    run_id: str
    status: str
    lines: tuple[PreviewLine, ...] = ()
    error: str = ""
    hint: str = ""
    """What would mend the error."""


@dataclass(frozen=True)
class DraftCard:
    """A proposed job, as data. `fires` are local times in words; `changes` is the diff of an edit."""

    draft_id: str
    job_id: str
    job: str
    title: str
    yaml: str
    steps: tuple[StepLine, ...]
    schedule: str = ""
    fires: tuple[str, ...] = ()
    clocks: str = ""
    """The next change of the clocks in the schedule's zone, in words; empty where they never move."""
    triggers: tuple[str, ...] = ()
    """What else starts it, a sentence each."""
    reads: tuple[str, ...] = ()
    touches: tuple[Touch, ...] = ()
    assumptions: tuple[str, ...] = ()
    unplaced: tuple[str, ...] = ()
    """What was said and nothing in the draft holds, as it was written."""
    changes: tuple[str, ...] = ()
    version: int = 1
    dry_run: DryRun | None = None
    twin: str = ""
    """The name of a job that does the same already."""


@dataclass(frozen=True)
class QuestionCard:
    """Something only the person can say. `options` are offered; any other answer is fine too.

    A question of a run has `run_id` and `path`; one of the conversation has the `number` that
    `Conversation.answer` takes, its kind in `asks` (CLARIFY, PLAN, APPROVE, JOB-COMPLETE), and in
    `details` what it rests on: the review of a completion.
    """

    kind: Literal["clarify", "approve", "plan", "complete"]
    question: str
    options: tuple[str, ...] = ()
    run_id: str = ""
    path: str = ""
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])
    number: int = 0
    asks: str = ""
    details: str = ""


@dataclass(frozen=True)
class PhaseChanged:
    """The job moved; `footer` says what the phase that ended established."""

    job_id: str
    before: str
    phase: str
    cycle: int
    reason: str
    footer: str = ""


@dataclass(frozen=True)
class KnowledgeOffered:
    """What is known from an earlier job and fits this one; `name` is its file's."""

    name: str
    job: str
    text: str


@dataclass(frozen=True)
class RunCard:
    """A run and how it stands; `receipt` is there once it has ended."""

    run_id: str
    job: str
    status: str
    artifacts: tuple[str, ...] = ()
    receipt: dict[str, Any] | None = None


@dataclass(frozen=True)
class Notice:
    """Something went wrong, or needs saying: a stable code, a message and the cure."""

    code: str
    message: str
    hint: str = ""


TurnEvent = (
    RoutedTo | Thinking | ToolStarted | ToolDone | TextDelta | DraftCard | QuestionCard | RunCard
    | Notice | PhaseChanged | KnowledgeOffered
)  # fmt: skip
KINDS: dict[str, type[TurnEvent]] = {kind.__name__: kind for kind in get_args(TurnEvent)}


def as_row(event: TurnEvent) -> dict[str, Any]:
    """The event as JSON data, its kind under `event`."""
    return {"event": type(event).__name__, **asdict(event)}


def card_from(data: dict[str, Any]) -> DraftCard:
    """The card that was kept with a draft (`asdict` of it)."""
    facts = dict(data)
    dry = facts.pop("dry_run", None)
    for key in ("fires", "reads", "assumptions", "unplaced", "changes"):
        facts[key] = tuple(facts.get(key, ()))
    facts["steps"] = tuple(StepLine(**step) for step in facts["steps"])
    facts["touches"] = tuple(
        Touch(**(t | {"targets": tuple(t["targets"])})) for t in facts.get("touches", ())
    )
    if dry is not None:
        lines = tuple(PreviewLine(**line) for line in dry["lines"])
        facts["dry_run"] = DryRun(**(dry | {"lines": lines}))
    return DraftCard(**facts)
