"""Phases move by what happens, each move with its reason and its footer."""

from __future__ import annotations

import pytest

from assistant.errors import JobNotFound, PolicyDenied
from assistant.job.phases import (
    FIVE,
    PHASES,
    Cycle,
    PhaseRefused,
    enter,
    footers,
    moves,
    next_cycle,
)
from assistant.store.jobs import JobRecord
from tests.job.conftest import Desk

ALLOWED = {
    "observe": {"plan", "execute"},
    "plan": {"observe", "execute"},
    "execute": {"observe", "plan", "verify"},
    "verify": {"observe", "plan", "execute", "condense"},
    "condense": {"observe", "plan", "execute", "verify"},
}


@pytest.mark.parametrize("before", PHASES)
def test_one_forward_and_any_number_back(before: str) -> None:
    assert {to for to in PHASES if FIVE.allows(before, to)} == ALLOWED[before]
    assert not FIVE.allows(before, "nowhere")


@pytest.mark.parametrize(
    ("before", "to", "way"),
    [
        ("observe", "observe", ()),
        ("observe", "execute", ("execute",)),
        ("observe", "condense", ("execute", "verify", "condense")),
        ("plan", "verify", ("execute", "verify")),
        ("condense", "plan", ("plan",)),
        ("a-phase-that-is-gone", "verify", ("verify",)),
    ],
)
def test_the_way_to_a_phase_goes_through_those_between(
    before: str, to: str, way: tuple[str, ...]
) -> None:
    assert FIVE.way(before, to) == way


def test_a_plugin_adds_phases_where_it_says() -> None:
    more = Cycle.extended([("legal", "verify"), ("verify", "plan"), ("lost", "nowhere")])
    assert more.order == ("observe", "plan", "execute", "verify", "legal", "condense")
    assert more.allows("verify", "legal")
    assert not more.allows("verify", "condense")
    assert more.way("execute", "condense") == ("verify", "legal", "condense")


def test_moves_are_kept_with_their_reason_and_the_footer_of_the_phase_that_ends(desk: Desk) -> None:
    job = desk.jobs.create("digest")
    job = enter(desk.jobs, job, "plan", "The goal is clear.", footer="A digest of one feed.")
    job = enter(desk.jobs, job, "verify", "It ran.", footer="Three steps.")
    assert (job.phase, job.cycle) == ("verify", 1)
    assert [i.data for i in moves(desk.jobs, job.id)] == [
        {"from": "observe", "to": "plan", "cycle": 1, "reason": "The goal is clear.",
         "footer": "A digest of one feed."},
        {"from": "plan", "to": "execute", "cycle": 1, "reason": "It ran.", "footer": "Three steps."},
        {"from": "execute", "to": "verify", "cycle": 1, "reason": "It ran.", "footer": ""},
    ]  # fmt: skip
    assert footers(desk.jobs, job.id, 1) == [
        ("observe", "A digest of one feed."), ("plan", "Three steps."),
    ]  # fmt: skip
    job = next_cycle(desk.jobs, enter(desk.jobs, job, "condense", "It holds."), "On with it.")
    assert (job.phase, job.cycle) == ("observe", 2)


def test_a_guard_stops_a_move_with_its_reason(desk: Desk) -> None:
    def guard(job: JobRecord, before: str, to: str) -> None:
        if to == "verify":
            raise PolicyDenied("not on a Friday")

    job = desk.jobs.create("digest")
    with pytest.raises(PolicyDenied, match="not on a Friday"):
        enter(desk.jobs, job, "verify", "It ran.", guard=guard)
    assert desk.jobs.get(job.id).phase == "execute"
    with pytest.raises(PhaseRefused, match="cannot go from execute to nowhere"):
        enter(desk.jobs, desk.jobs.get(job.id), "nowhere", "why not")


def test_the_second_of_two_tabs_does_not_move_a_job_twice(desk: Desk) -> None:
    seen = desk.jobs.create("digest")
    enter(desk.jobs, seen, "plan", "first tab")
    assert enter(desk.jobs, seen, "execute", "second tab, which saw observe").phase == "plan"
    assert [i.data["reason"] for i in moves(desk.jobs, seen.id)] == ["first tab"]


def test_a_job_that_was_deleted_meanwhile_is_named(desk: Desk) -> None:
    seen = desk.jobs.create("digest")
    desk.jobs.store.run("delete from jobs where id = ?", seen.id)
    with pytest.raises(JobNotFound):
        enter(desk.jobs, seen, "plan", "too late")
