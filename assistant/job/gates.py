"""Gates: what each phase allows a skill to do, what it still expects, what an unwatched job does next.

Pure: they are told how a job stands, and say what follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.errors import PolicyDenied

Effect = Literal["pure", "read", "write"]
ALLOWED: dict[str, frozenset[str]] = {
    "observe": frozenset({"pure", "read"}),
    "plan": frozenset({"pure", "read"}),
    "execute": frozenset({"pure", "read", "write"}),
    "verify": frozenset({"pure", "read"}),
    "condense": frozenset({"pure"}),
}
_EXTRA = frozenset({"pure", "read"})
"""What a phase of a plugin allows."""


def allows(phase: str, effect: str) -> bool:
    """Whether a skill of that effect may be called in a phase."""
    return effect in ALLOWED.get(phase, _EXTRA)


def check_effect(phase: str, skill: str, effect: str) -> None:
    """Raises PolicyDenied for a skill that the phase does not allow."""
    if not allows(phase, effect):
        raise PolicyDenied(
            f"{skill!r} is not called in {phase}",
            hint="What changes something outside is done in Execute."
            if effect == "write"
            else "Go back to an earlier phase to read more.",
        )


@dataclass(frozen=True)
class Standing:
    """How a job stands, as far as gates ask."""

    status: str
    phase: str
    stage: int = 1
    cycle: int = 1
    cycles: int = 1
    version: int = 0
    questions: int = 0
    draft: bool = False
    running: bool = False
    waiting_run: bool = False
    ran: str = ""
    """The end of the last run since Execute began: succeeded, failed …; empty for none."""
    plan: str = ""
    """What may be done with its plan now: write, edit, or nothing."""
    expectations: bool = False
    """Its file has `expect` lines."""
    prompts: int = 0
    """Prompts that nobody has answered yet."""
    completion: str = ""
    """What its completion waits for; empty while it was not asked for."""
    open_jobs: tuple[str, ...] = ()
    scheduled: bool = False
    """Its schedule or a trigger starts its runs."""


def waits_for(standing: Standing) -> str:
    """What a job waits for that it cannot do by itself, in words; empty when it can go on."""
    if standing.status == "parked":
        return "you to take it up again: it is parked"
    if standing.questions:
        number = "your answer" if standing.questions == 1 else f"{standing.questions} answers"
        return f"{number} to what it asked"
    if standing.draft:
        return "your word on its draft"
    if standing.waiting_run:
        return "your word on its run"
    if standing.running:
        return "its run to end"
    return standing.completion


def expects(standing: Standing) -> str:
    """What the phase of an active job still expects to be done; empty when nothing is left."""
    if standing.status != "active" or waits_for(standing):
        return ""
    match standing.phase:
        case "observe":
            return "the goal in two or three sentences, or a question"
        case "plan":
            return "an outline, or a draft"
        case "execute" if standing.plan == "write":
            return "the plan, written"
        case "execute":
            return "the work of this cycle"
        case "verify":
            return "a judgement of what was made"
        case "condense":
            return "notes of what is worth keeping"
        case other:
            return f"what {other} is for"


def is_through(standing: Standing) -> bool:
    """Whether a cycle has come to its end as far as anybody is shown: its run succeeded and nothing
    of it waits. A job with a plan goes on to judge what was made; one to be completed waits for a
    word."""
    if standing.status == "completed":
        return True
    if standing.stage > 1 or standing.phase not in ("execute", "verify", "condense"):
        return False
    waits = standing.draft or standing.running or standing.waiting_run or standing.completion
    return standing.ran == "succeeded" and not waits


@dataclass(frozen=True)
class Move:
    """What an unwatched job does next: `prompt`, `talk`, `run`, `verify`, `condense`, `close`,
    `complete`; or `wait`, and for what."""

    do: str
    why: str


def next_move(standing: Standing, *, talks: bool) -> Move:
    """The next thing a job does while nobody watches. `talks`: there is a model to go on with."""
    if standing.status == "completed":
        return Move("wait", "it is completed")
    if waiting := waits_for(standing):
        return Move("wait", waiting)
    if standing.open_jobs and standing.status == "pending":
        return Move("wait", f"{', '.join(standing.open_jobs)} to be completed")
    if standing.prompts and (standing.phase == "observe" or standing.status == "pending"):
        return Move("prompt", "a prompt that nobody has answered")
    return _by_phase(standing, talks)


def _by_phase(standing: Standing, talks: bool) -> Move:
    guided = standing.stage >= 2 and talks
    match standing.phase:
        case "execute" if standing.version and standing.ran == "" and standing.scheduled:
            # What it sends, it sends at its own time.
            return Move("wait", "the time or the event that starts it")
        case "execute" if standing.version and standing.ran == "":
            return Move("run", f"version {standing.version} has not run in this cycle")
        case "execute" if standing.ran == "succeeded" and not guided:
            return Move("verify", "its run succeeded")
        case "execute" if standing.ran and standing.ran != "succeeded":
            return Move("wait", f"you: its run {standing.ran}")
        case "verify" if standing.expectations and standing.ran == "succeeded":
            return Move("condense", "its expect lines held")
        case "condense" if not guided:
            return Move("close", "the work of this cycle is judged")
        case _ if guided:
            return Move("talk", expects(standing))
        case "verify":
            return Move("wait", "your judgement of what was made")
        case _:
            return Move("wait", "what you want done: its next prompt")
