"""What becomes of a patch: watched, kept, taken back; within limits; once for each failure."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from assistant.errors import TargetUnresolved
from assistant.healing.applying import apply, reject, take_back
from assistant.healing.healer import Healer
from assistant.healing.record import HealingRecord
from assistant.store.jobs import JobRecord
from assistant.store.runs import RunRow
from tests.healing.pages import (
    moved_container,
    page,
    plain_list,
    renamed_classes,
    rss,
    stories,
    table,
)
from tests.healing.scenarios_moved import FEED, NEW, OLD, SCRAPE
from tests.healing.world import World, status

HOME = page("<h1>Welcome</h1>")


def _shows(world: World, design: Any, told: Any) -> None:
    world.put({"/news/latest": page(design(told)), "/": HOME})


async def _broken(world: World, name: str = "news") -> tuple[JobRecord, RunRow]:
    """A job whose page was redesigned after a good run, and the run that failed for it."""
    _shows(world, plain_list, OLD)
    record = world.make_job(f"job: {name}\n{SCRAPE}".replace("{origin}", world.origin))
    assert (await world.run(record)).status == "succeeded"
    _shows(world, renamed_classes, NEW)
    run = await world.run(record)
    assert run.status == "failed"
    return record, run


async def _healer(world: World) -> Healer:
    return Healer(world.desk(), await world.place.engine(), model_on=False)


def _file(world: World, record: JobRecord) -> str:
    return world.place.jobs.version(record.id).yaml


async def test_a_repair_is_kept_after_two_good_runs_and_each_says_that_it_tries_it(world: World):
    record, run = await _broken(world)
    healer = await _healer(world)
    tended = await healer.tend(run.id)
    (patch,) = world.place.patches.list()
    assert (tended.outcome, patch.state, patch.source) == ("patched", "canary", "reshaped")
    version = world.place.jobs.version(record.id)
    assert (version.number, version.author) == (2, "healing")
    assert patch.words == ('step \'read\': with.selector was "li.story", now "li.css-1x9ab7"',)
    for _ in range(2):
        tried = await world.run(record)
        assert (tried.status, tried.version, tried.trigger["patch"]) == ("succeeded", 2, patch.id)
        await healer.tend(tried.id)
    kept = world.place.patches.get(patch.id)
    assert (kept.state, [trial["better"] for trial in kept.trials]) == ("kept", [True, True])
    assert "patch" not in (await world.run(record)).trigger
    kinds = [event.kind for event in world.place.patches.events()]
    assert kinds == ["proposed", "applied", "kept"]
    alerts = world.place.store.rows("select kind, job_id from happenings where kind = 'healed'")
    assert alerts == [{"kind": "healed", "job_id": record.id}]


async def test_a_repair_that_makes_it_worse_is_taken_back_by_itself_and_other_edits_stay(
    world: World,
):
    record, run = await _broken(world)
    healer = await _healer(world)
    await healer.tend(run.id)
    edited = _file(world, record).replace("outputs:", "title: My news\noutputs:")
    world.place.lifecycle.save(record.id, edited)
    _shows(world, moved_container, NEW)
    worse = await world.run(record)
    await healer.tend(worse.id)
    (patch,) = world.place.patches.list()
    assert (patch.state, patch.decided_by) == ("undone", "healing")
    text = _file(world, record)
    assert "title: My news" in text
    assert "selector: li.story" in text
    assert world.place.jobs.version(record.id).author == "healing"


async def test_a_repair_that_was_accepted_without_what_the_job_never_names_is_kept(world: World):
    record, run = await _broken(world)
    _shows(world, table, NEW)  # the stories stand in a table now, without their first sentences
    run = await world.run(record)
    healer = await _healer(world)
    await healer.tend(run.id)
    (patch,) = world.place.patches.list()
    assert (patch.state, "'summary' is filled in 0%" in patch.reason) == ("asked", True)
    apply(healer.desk, patch, by="person")
    for _ in range(2):
        await healer.tend((await world.run(record)).id)
    kept = world.place.patches.get(patch.id)
    assert (kept.state, [trial["better"] for trial in kept.trials]) == ("kept", [True, True])


async def test_a_run_that_fails_for_another_reason_says_nothing_about_the_repair(world: World):
    record, run = await _broken(world)
    healer = await _healer(world)
    await healer.tend(run.id)
    world.put({"/news/latest": status(503, "busy"), "/": HOME})
    await healer.tend((await world.run(record)).id)
    (patch,) = world.place.patches.list()
    assert (patch.state, patch.trials) == ("canary", ())


async def test_one_command_takes_a_repair_back_and_only_once(world: World):
    record, run = await _broken(world)
    before = _file(world, record)
    healer = await _healer(world)
    await healer.tend(run.id)
    (patch,) = world.place.patches.list()
    take_back(healer.desk, patch, by="person")
    assert _file(world, record) == before
    with pytest.raises(TargetUnresolved, match="is not in force"):
        take_back(healer.desk, world.place.patches.get(patch.id), by="person")


async def test_what_somebody_edited_since_is_not_overwritten_by_taking_a_repair_back(world: World):
    record, run = await _broken(world)
    healer = await _healer(world)
    await healer.tend(run.id)
    (patch,) = world.place.patches.list()
    mine = _file(world, record).replace("li.css-1x9ab7", "li.mine")
    world.place.lifecycle.save(record.id, mine)
    with pytest.raises(TargetUnresolved, match="changed since"):
        take_back(healer.desk, patch, by="person")
    assert _file(world, record) == mine


async def test_a_job_may_be_asked_first_or_left_alone_altogether(world: World):
    record, run = await _broken(world)
    world.place.patches.set_mode(record.id, "off")
    healer = await _healer(world)
    assert (await healer.tend(run.id)).reason == "healing is off for this job"
    world.place.patches.set_mode(record.id, "ask")
    again = await world.run(record)
    assert (await healer.tend(again.id)).outcome == "asked"
    assert world.place.jobs.get(record.id).version == 1
    (patch,) = world.place.patches.list()
    apply(healer.desk, patch, by="person")
    assert (await world.run(record)).status == "succeeded"
    assert [i.count for i in healer.desk.incidents.list()] == [2]


async def test_what_a_person_rejected_is_not_proposed_again(world: World):
    record, run = await _broken(world)
    world.place.patches.set_mode(record.id, "ask")
    healer = await _healer(world)
    await healer.tend(run.id)
    (patch,) = world.place.patches.list()
    reject(healer.desk, patch, by="person", reason="not that list")
    await healer.tend((await world.run(record)).id)
    words = [one.words for one in world.place.patches.list()]
    assert words.count(patch.words) == 1


async def test_a_failure_is_looked_at_once_by_one_process_only(world: World):
    _, run = await _broken(world)
    first, second = await _healer(world), await _healer(world)
    tended = await asyncio.gather(first.tend(run.id), second.tend(run.id))
    assert [one is None for one in tended].count(True) == 1
    assert await first.tend(run.id) is None
    assert len(world.place.patches.list()) == 1


async def test_a_process_that_died_in_the_middle_leaves_nothing_half_done(world: World):
    record, run = await _broken(world)
    patches = world.place.patches
    # It died while its proposal was being proven: the claim runs out, the next one goes on.
    assert patches.begin(run.id, "dead", 600)
    patches.add(
        job_id=record.id, job=record.name, run_id=run.id, path="read", skill="scrape_page",
        signature="s", fault="shape_changed", source="reshaped", changes=[], words=["half"],
        yaml="", base=1,
    )  # fmt: skip
    assert patches.untended("") == [world.place.runs.list(status="succeeded")[0].id]
    world.clock.offset += timedelta(minutes=11)
    assert run.id in patches.untended("")
    healer = await _healer(world)
    assert (await healer.tend(run.id)).outcome == "patched"
    states = {patch.words: patch.state for patch in patches.list()}
    assert states.pop(("half",)) == "refused"
    assert list(states.values()) == ["canary"]


async def test_a_process_that_died_right_after_a_proposal_makes_no_second_one(world: World):
    record, run = await _broken(world)
    world.place.patches.set_mode(record.id, "ask")
    healer = await _healer(world)
    first = await healer.tend(run.id)
    world.place.store.run("update tended set state = 'begun', until = '' where run_id = ?", run.id)
    again = await healer.tend(run.id)
    assert (again.outcome, again.reason) == (first.outcome, first.reason)
    assert len(world.place.patches.list()) == 1


async def test_a_version_that_was_made_just_before_a_crash_is_not_made_twice(world: World):
    record, run = await _broken(world)
    healer = await _healer(world)
    await healer.tend(run.id)
    (patch,) = world.place.patches.list()
    # As if the process had died between the version and the note that it is there.
    world.place.patches.change(patch.id, state="applying", version=0, decided_by="healing")
    healer.finish_what_was_begun()
    again = world.place.patches.get(patch.id)
    assert (again.state, again.version) == ("canary", 2)
    assert len(world.place.jobs.versions(record.id)) == 2


async def test_a_job_gets_three_proposals_a_day_and_a_run_two(world: World):
    record, run = await _broken(world)
    for number in range(3):
        world.place.patches.add(
            job_id=record.id, job=record.name, run_id=f"r{number}", path="other", skill="x",
            signature="s", fault="moved", source="moved", changes=[], words=["w"], yaml="", base=1,
        )  # fmt: skip
    world.place.store.run("update patches set state = 'refused'")
    healer = await _healer(world)
    assert "3 patches" in (await healer.tend(run.id)).reason
    world.clock.offset += timedelta(days=1, minutes=1)
    later = await world.run(record)
    assert (await healer.tend(later.id)).outcome == "patched"


async def test_what_mended_one_job_is_the_first_thing_tried_in_another(world: World):
    _, run = await _broken(world)
    _shows(world, plain_list, OLD)
    other = world.make_job(f"job: second\n{SCRAPE}".replace("{origin}", world.origin))
    await world.run(other)
    _shows(world, renamed_classes, NEW)
    healer = await _healer(world)
    await healer.tend(run.id)
    tended = await healer.tend((await world.run(other)).id)
    patch = world.place.patches.list(job_id=other.id)[0]
    assert (tended.outcome, patch.source) == ("patched", "history")
    (incident,) = healer.desk.incidents.list()
    assert (incident.count, incident.jobs, len(incident.fixes)) == (2, ("news", "second"), 2)


async def test_a_step_that_writes_is_never_made_again_to_prove_a_patch(world: World):
    sent = "  - id: tell\n    skill: notify\n    with: {message: News are there}\n"
    job = FEED.replace("outputs:", sent + "outputs:")
    world.put({"/blog/feed.xml": rss(OLD, world.origin), "/": HOME})
    record = world.make_job(f"job: told\n{job}".replace("{origin}", world.origin))
    await world.run(record)
    world.put({"/feed.xml": rss(NEW, world.origin), "/": HOME})
    run = await world.run(record)
    before = len(world.place.store.rows("select 1 from attempts where skill = 'notify'"))
    tended = await (await _healer(world)).tend(run.id)
    assert tended.outcome == "asked"
    told = world.place.store.rows(
        "select a.run_id, r.dry from attempts a join runs r on r.id = a.run_id where skill = 'notify'"
    )
    assert len(told) == before + 1
    assert [row["dry"] for row in told].count(0) == 1


async def test_processes_that_stay_heal_by_themselves(world: World):
    record, run = await _broken(world)
    await world.place.keep_schedules()
    async with asyncio.timeout(30):
        while (tended := world.place.patches.tended(run.id)) is None or tended.state != "done":
            await asyncio.sleep(0.05)
    assert tended.outcome == "patched"
    assert (await world.run(record)).status == "succeeded"
    told = HealingRecord(world.place.jobs, world.place.runs, world.place.patches)
    (view,) = told.patches(job="news")
    assert (view.state, view.can, view.figures["count"]) == (
        "canary", ("undo",), {"before": 12, "after": 12},
    )  # fmt: skip
    lines = told.explain(run.id)
    assert lines[0] == f"Run {run.id} of news ended as failed."
    assert lines[-1].startswith("So it was repaired: patch ")


async def test_what_the_figures_of_earlier_runs_find_odd_is_looked_at_too(world: World):
    told = stories(24)
    world.put({"/news/latest": page(plain_list(told)), "/": HOME})
    record = world.make_job(f"job: many\n{SCRAPE}".replace("{origin}", world.origin))
    for _ in range(9):
        assert (await world.run(record)).status == "succeeded"
    # Ten of twenty-four may be a poor day; beside nine equal days it is not as usual.
    onward = '<a rel="next" href="/news/latest?page=2">Next</a>'
    world.put({
        "/news/latest": page(plain_list(told[:10]), after=onward),
        "/news/latest?page=2": page(plain_list(told[10:])), "/": HOME,
    })  # fmt: skip
    run = await world.run(record)
    tended = await (await _healer(world)).tend(run.id)
    (patch,) = world.place.patches.list()
    assert (run.status, tended.outcome, patch.source) == ("succeeded", "patched", "next_pages")
    assert patch.words == ("step 'read': with.limit is now 24",)
    assert patch.evidence["silent"]


async def test_a_list_with_as_many_but_other_things_is_no_repair(world: World):
    _, run = await _broken(world)
    partners = "".join(
        f'<li class="p"><a href="/partner/{n}">Partner {n}</a></li>' for n in range(12)
    )
    world.put({"/news/latest": page(f"<ul>{partners}</ul>"), "/": HOME})
    tended = await (await _healer(world)).tend(run.id)
    assert (tended.outcome, world.place.patches.list()) == ("given_up", [])


def test_the_stories_of_the_world_overlap_from_day_to_day():
    assert {s.n for s in OLD} & {s.n for s in NEW}
    assert len(stories(12)) == 12
