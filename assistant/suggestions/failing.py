"""Findings about jobs that fail day after day of something that no try will mend."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.insight.faults import MEANINGS
from assistant.suggestions.shelf import Change, Fact, Finding
from assistant.suggestions.watched import Watched

FEWEST_DAYS = 5
LASTING = ("auth", "blocked", "quota", "not_found")
"""Classes of failure that a person has to do something about."""


def failing_for_days(one: Watched) -> Iterator[Finding]:
    """A job whose runs have all failed of the same lasting trouble, five days or more."""
    runs = list(one.runs)
    fault = runs[-1].fault if runs else ""
    if fault not in LASTING:
        return
    failed = list[int]()
    for place in range(len(runs) - 1, -1, -1):
        if runs[place].fault != fault:
            break
        failed.append(place)
    since, last = runs[failed[-1]], runs[failed[0]]
    days = len({runs[place].local.date() for place in failed})
    if days < FEWEST_DAYS:
        return
    where = f" at {last.host}" if last.host else ""
    yield Finding(
        "failing_for_days", one.record.id, fault,
        f"{one.record.name} has failed for {fault}{where} {days} days: pause it?",
        (
            Fact("what that means", MEANINGS[fault]),
            Fact("failed runs in a row", f"{len(failed)}, on {days} days"),
            Fact("since", f"{since.local:%a} {since.local.day} {since.local:%b %H:%M}"),
            Fact("the last one", last.run_id),
        ),
        Change(f"{one.record.name} is paused; `assistant jobs resume {one.record.name}` goes on.",
               "pause"),
    )  # fmt: skip
