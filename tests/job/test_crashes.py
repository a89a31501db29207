"""A process killed in the middle of a move: the job goes on from the phase that it was in."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from assistant.chat.events import RoutedTo, TextDelta
from assistant.chat.turn import Conversation
from assistant.job.phases import PHASES, footers, moves
from assistant.settings import Settings
from assistant.workplace import Workplace
from tests.conftest import ROOT

WAY = ["plan", "execute", "verify", "condense"]
PASSED = {"observe": [], "plan": WAY[:1], "execute": WAY[1:2], "verify": WAY[1:3],
          "condense": WAY[1:]}  # fmt: skip
"""The moves that lead to each phase; from observe straight to execute, plan is passed by."""


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Settings]:
    """A home for each phase, left behind by a process that was killed in it."""
    folder = tmp_path_factory.mktemp("homes")
    words = [sys.executable, "-m", "tests.job.crashing", str(folder)]
    ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60)
    killed = [f"{phase} {-signal.SIGKILL}" for phase in PHASES]
    assert ran.stdout.splitlines() == killed, ran.stderr
    return {phase: Settings(home=folder / phase) for phase in PHASES}


@pytest.mark.parametrize("phase", PHASES)
async def test_a_job_whose_process_was_killed_goes_on_where_it_was(
    homes: dict[str, Settings], phase: str
) -> None:
    place = Workplace.open(homes[phase])
    try:
        [job] = place.jobs.list()
        guide = place.guide
        # The move that was cut off has not happened, and no half of it is left.
        assert (job.phase, job.cycle, job.status) == (phase, 1, "active")
        assert [move.data["to"] for move in moves(place.jobs, job.id)] == PASSED[phase]
        assert [text for _, text in footers(place.jobs, job.id, 1)] == ["It has salt."] * bool(
            PASSED[phase]
        )
        said = [(i.kind, i.text) for i in place.jobs.interactions(job.id) if i.kind != "phase"]
        assert said == [
            ("prompt", "fish soup"),
            ("question", f"Is {phase} right?"),
            ("answer", f"I am in {phase}."),
        ]
        [asked] = guide.open_questions(job.id)
        assert (asked.text, asked.options) == (f"Is {phase} right?", ("yes", "no"))
        assert [found.interaction.text for found in place.jobs.said.search("salt")] == []

        # A person goes on with it: sees where it is, answers, and the same move is made once.
        told = [event async for event in Conversation(place).turn("/plan", focus=job.id)]
        assert isinstance(told[0], RoutedTo)
        assert isinstance(told[1], TextDelta)
        assert f"[{phase}]" in told[1].text
        place.jobs.said.answer(asked.number, "yes")
        assert guide.open_questions(job.id) == []
        if phase == "condense":
            moved = guide.begin_cycle(job.id, "the next cycle")
            assert (moved.phase, moved.cycle) == ("observe", 2)
        else:
            moved = guide.enter(job.id, guide.cycle(job).later(phase), "on again")
            assert moved.phase == PHASES[PHASES.index(phase) + 1]
        assert len(moves(place.jobs, job.id)) == len(PASSED[phase]) + 1
    finally:
        await place.close()
