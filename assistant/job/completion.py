"""Completion in stages: a review and the person's word, dependencies, plugin stages, completed.

[JOB-COMPLETE] names the job, carries a review of 100 words or more, and offers exactly
               "Review" and "Approve completion"
dependencies   everything it waits for is completed
plugin stages  verifier, cool-down, second reviewer, in their order
completed      nothing else sets this status
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from assistant.clock import parse_rfc3339
from assistant.errors import BindingsInvalid
from assistant.job.plugins import Stage
from assistant.job.questions import APPROVE_COMPLETION, REVIEW, Question
from assistant.job.sentences import words_in
from assistant.noun import spoken

SHORTEST_REVIEW = 100
"""Words."""
SECOND = "`assistant jobs second`"
"""How a second reviewer gives a word."""
MOST_LINES = 12
"""Of what the phases established, in a review."""
OPTIONS = (REVIEW, APPROVE_COMPLETION)


@dataclass(frozen=True)
class Account:
    """What a review tells of a job."""

    name: str
    title: str
    cycles: int
    established: Sequence[tuple[int, str, str]] = ()
    """Cycle, phase, and what it established."""
    runs: Mapping[str, int] = field(default_factory=dict[str, int])
    decisions: Sequence[str] = ()
    files: Sequence[str] = ()
    outstanding: Sequence[str] = ()
    knowledge: Sequence[str] = ()
    waits_for: Sequence[str] = ()
    schedule: str = ""
    version: int = 0
    noun: str = "job"
    """The person's own word for a job."""


def review_of(account: Account) -> str:
    """The account of a job in 100 words or more, made of what is kept about it."""
    said = partial(spoken, noun=account.noun)
    parts = [_what(account), _established(account), _runs(account), _decisions(account),
             said(_open(account)), said(_after(account))]  # fmt: skip
    return "\n\n".join(part for part in parts if part)


def question(name: str, review: str, noun: str = "job") -> Question:
    """The completion question. Raises BindingsInvalid when it does not hold what it must."""
    asked = Question(
        "JOB-COMPLETE", f"Is the {noun} {name} complete?", OPTIONS, "completion",
        {"review": review},
    )  # fmt: skip
    check(name, asked)
    return asked


def check(name: str, asked: Question) -> None:
    """Whether a completion question may be asked: job named, review long enough, exact options."""
    review = str(asked.facts.get("review", ""))
    if asked.kind != "JOB-COMPLETE":
        raise BindingsInvalid("completion is asked with [JOB-COMPLETE]")
    if name not in asked.text:
        raise BindingsInvalid(
            "the completion question does not name its job", hint=f"Say {name!r} in it."
        )
    if (count := words_in(review)) < SHORTEST_REVIEW:
        raise BindingsInvalid(
            f"the review has {count} words; it needs {SHORTEST_REVIEW}",
            hint="Say what was asked, what was made, how it was checked, and what stays open.",
        )
    if asked.options != OPTIONS:
        raise BindingsInvalid(
            f"completion offers exactly {OPTIONS[0]!r} and {OPTIONS[1]!r}",
            hint="Leave the options as they are.",
        )


@dataclass(frozen=True)
class Waits:
    """Why a job is not completed yet, in words, and whose turn it is: `job`, `time`, `person`."""

    what: str
    whose: str


def next_wait(
    stages: Sequence[Stage], row: Mapping[str, Any], open_jobs: Sequence[str], now: datetime
) -> Waits | Stage | None:
    """What stands before completion now: a wait, a verifier to be asked, or nothing.

    `row` is `{approved_at, approved_by, passed: [stage names], second_by}`.
    """
    if not row.get("approved_at"):
        return Waits("the person's word: “Approve completion”", "person")
    if open_jobs:
        return Waits(f"{', '.join(open_jobs)} to be completed", "job")
    for stage in stages:
        if stage.name in row.get("passed", ()):
            continue
        match stage.kind:
            case "verifier":
                return stage
            case "cool_down":
                until = parse_rfc3339(row["approved_at"]) + timedelta(seconds=stage.seconds)
                if now < until:
                    return Waits(f"{stage.name}, until {until:%Y-%m-%d %H:%M} UTC", "time")
                return stage
            case "second_reviewer":
                second = row.get("second_by", "")
                if not second or second == row.get("approved_by"):
                    return Waits(f"{stage.name}: the word of somebody else ({SECOND})", "person")
                return stage
    return None


def _what(account: Account) -> str:
    cycles = "one cycle" if account.cycles == 1 else f"{account.cycles} cycles"
    asked = f"“{account.title}”" if account.title else "what was said in its conversation"
    return (
        f"This is the review of {account.name} before it is completed. It was asked to do this: "
        f"{asked}. The work went through {cycles} of observing, planning, carrying out, verifying "
        "and condensing, and everything said on the way is kept with it and can be searched."
    )


def _established(account: Account) -> str:
    """Each thing once, by its cycle; of many the newest, with the number of those before."""
    if not account.established:
        return "No phase left a footer, so there is nothing established to list here."
    times = Counter((phase, " ".join(text.split())) for _, phase, text in account.established)
    cycle_of = {(phase, " ".join(text.split())): n for n, phase, text in account.established}
    several, lines = account.cycles > 1, list[str]()
    for (phase, text), count in list(times.items())[-MOST_LINES:]:
        where = f"cycle {cycle_of[phase, text]}, {phase}" if several else phase
        lines.append(f"- {where}: {text}" + (f" ({count} times)" if count > 1 else ""))
    if earlier := len(times) - len(lines):
        lines.insert(
            0, f"- {earlier} more before these; `assistant jobs said {account.name}` shows all"
        )
    return "\n".join(["What the phases established:", *lines])


def _runs(account: Account) -> str:
    if not account.runs:
        ran = "It has no runs: its work was done in the conversation itself."
    else:
        counted = ", ".join(f"{count} {status}" for status, count in sorted(account.runs.items()))
        ran = f"Its runs: {counted}. Each has a receipt that tells what it did and reached."
    if account.version:
        ran += f" Version {account.version} of its job file is in force."
    files = f" Files made: {', '.join(account.files[-10:])}." if account.files else ""
    return ran + files


def _decisions(account: Account) -> str:
    if not account.decisions:
        return "No decision of yours is recorded beside the prompts."
    return "\n".join(["Decisions on the way:", *(f"- {one}" for one in account.decisions[-10:])])


def _open(account: Account) -> str:
    parts = list[str]()
    if account.outstanding:
        items = "; ".join(item.rstrip(".") for item in account.outstanding[-10:])
        parts.append(f"Outstanding items that become no part of this job: {items}.")
    else:
        parts.append("Nothing is listed as outstanding.")
    if account.waits_for:
        parts.append(f"It waits for {', '.join(account.waits_for)}, which must be completed first.")
    if account.knowledge:
        parts.append(f"What was learned is kept in {', '.join(account.knowledge)}.")
    return " ".join(parts)


def _after(account: Account) -> str:
    schedule = (
        f" Its schedule goes on running after that: {account.schedule}."
        if account.schedule else ""
    )  # fmt: skip
    return (
        f"“{APPROVE_COMPLETION}” closes the job; a later prompt to it opens it again with its plan "
        f"and its knowledge, in a new cycle. “{REVIEW}” goes back to verifying, and nothing is "
        f"closed.{schedule}"
    )
