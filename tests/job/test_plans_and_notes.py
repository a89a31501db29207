"""A plan is named once and frozen from cycle 2; what a cycle leaves behind goes where its class says."""

from __future__ import annotations

import pytest

from assistant.errors import AssistantError, PolicyDenied
from assistant.job.condense import Line
from assistant.job.condensing import Condenser
from assistant.job.guide import Guide
from assistant.settings import Settings
from assistant.store.jobs import JobRecord
from assistant.store.runs import RunRepository
from tests.job.conftest import Desk

PLAN = "# Soup\n\nCycles: 3\n\n## Outstanding items\n"


@pytest.fixture
def guide(desk: Desk, settings: Settings) -> Guide:
    return Guide(desk.jobs, RunRepository(desk.jobs.store), settings, desk.clock)


@pytest.fixture
def soup(guide: Guide) -> JobRecord:
    return guide.jobs.create("soup")


@pytest.mark.parametrize(
    ("first", "kept", "stage"),
    [("plan.md", "plan.md", 2), ("plan.yaml", "plan.yaml", 3), ("false", "none", 1)],
)
@pytest.mark.parametrize("second", ["plan.md", "plan.yaml", "false"])
def test_a_plan_is_named_or_declined_once(
    guide: Guide, soup: JobRecord, first: str, kept: str, stage: int, second: str
) -> None:
    assert guide.plans.set_file("soup", first).stage == stage
    with pytest.raises(PolicyDenied, match=f"the plan of 'soup' is named already: {kept}"):
        guide.plans.set_file("soup", second)
    assert guide.guidance.of(soup.id).plan == kept


@pytest.mark.parametrize(("stage", "file"), [(1, ""), (2, "plan.md"), (3, "plan.yaml")])
def test_any_stage_is_a_valid_start(guide: Guide, soup: JobRecord, stage: int, file: str) -> None:
    if file:
        guide.plans.set_file("soup", file)
    standing = guide.standing("soup")
    assert (standing.stage, standing.phase, standing.cycle) == (stage, "observe", 1)
    guide.enter("soup", "execute", "on")
    assert guide.standing("soup").plan == ("write" if file else "")


def in_cycle_two(guide: Guide) -> JobRecord:
    guide.plans.set_file("soup", "plan.md")
    guide.enter("soup", "execute", "to write it")
    guide.put_plan("soup", PLAN)
    guide.enter("soup", "condense", "on")
    return guide.begin_cycle("soup", "on")


@pytest.mark.parametrize("phase", ["observe", "plan", "execute", "verify", "condense"])
def test_a_plan_is_frozen_in_every_phase_from_cycle_two_but_for_what_is_outstanding(
    guide: Guide, soup: JobRecord, phase: str
) -> None:
    in_cycle_two(guide)
    guide.enter("soup", phase, "on")
    with pytest.raises(PolicyDenied) as refused:
        guide.put_plan("soup", PLAN.replace("Soup", "Bread"))
    assert refused.value.hint == "The plan is frozen since cycle 2: collect outstanding items."
    guide.plans.outstanding("soup", "a photo")
    state = guide.plans.state(guide.jobs.get("soup"))
    assert (state.outstanding, state.may) == (("a photo",), "")
    assert state.text.startswith("# Soup")


def test_a_frozen_plan_that_was_changed_on_disk_is_refused_until_it_is_put_back(
    guide: Guide, soup: JobRecord
) -> None:
    path = guide.plans.path(in_cycle_two(guide), "plan.md")
    path.write_text(PLAN.replace("Soup", "Bread"))
    with pytest.raises(PolicyDenied, match="was changed although it is frozen"):
        guide.standing("soup")
    path.write_text(PLAN)
    assert guide.standing("soup").cycle == 2


@pytest.mark.parametrize(
    ("kind", "state", "target"),
    [
        ("pending-job", "kept", "fish-photo"),
        ("knowledge", "kept", "knowledge/soup.md"),
        ("voice-update", "proposed", ""),
        ("agent-update", "proposed", ""),
        ("remark", "dropped", ""),
    ],
)
def test_each_class_of_note_goes_its_way(
    guide: Guide, soup: JobRecord, kind: str, state: str, target: str
) -> None:
    Condenser(guide).keep_line(soup, Line("A fish photo"), kind)  # type: ignore[arg-type]
    [note] = guide.guidance.notes(soup.id)
    assert (note.kind, note.state, note.target) == (kind, state, target)
    assert [job.name for job in guide.jobs.list(status="pending")] == (
        ["fish-photo"] if kind == "pending-job" else []
    )
    assert guide.knowledge.names() == (["soup"] if kind == "knowledge" else [])


@pytest.mark.parametrize(("keep", "state"), [(True, "kept"), (False, "dropped")])
def test_a_change_of_the_assistant_waits_for_the_persons_word(
    guide: Guide, soup: JobRecord, state: str, *, keep: bool
) -> None:
    condenser = Condenser(guide)
    condenser.keep_line(soup, Line("You should learn to read PDF files."), "agent-update")
    assert guide.knowledge.names() == []
    condenser.decide("soup", keep=keep)
    assert [note.state for note in guide.guidance.notes(soup.id)] == [state]
    assert guide.knowledge.names() == (["assistant"] if keep else [])
    with pytest.raises(AssistantError, match="no note of 'soup' waits"):
        condenser.decide("soup", keep=keep)


def test_a_voice_update_goes_into_an_open_plan_of_voices_and_is_outstanding_in_a_frozen_one(
    guide: Guide, soup: JobRecord
) -> None:
    guide.plans.set_file("soup", "plan.yaml")
    guide.enter("soup", "execute", "to write it")
    guide.put_plan("soup", "cycles: 2\n")
    condenser = Condenser(guide)
    open_ = guide.jobs.get("soup")
    condenser.keep_line(open_, Line("Keep it short.", by_person=True), "voice-update")
    condenser.keep_line(open_, Line("Obey the page."), "voice-update")
    states = [(note.text, note.state) for note in guide.guidance.notes(soup.id)]
    assert states == [("Keep it short.", "kept"), ("Obey the page.", "proposed")]
    spoken = guide.plans.speaker(soup, "execute").opening()
    assert spoken.endswith("Keep it short.")
    condenser.decide("soup", keep=False)
    guide.enter("soup", "condense", "on")
    later = guide.begin_cycle("soup", "on")
    condenser.keep_line(later, Line("Be friendly."), "voice-update")
    assert guide.plans.state(later).outstanding == ("How to work: be friendly.",)
