"""Deleting a job: nothing of it stays, nothing of others goes, and what holds it is named."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from assistant.errors import BindingsInvalid, JobNotFound, PolicyDenied
from assistant.job.running import replay_request, request_for
from assistant.schedule.hooks import make_token
from assistant.settings import Settings
from assistant.store.alerts import Notice
from assistant.store.keeping import KeepingRepository
from assistant.workplace import Workplace

LETTERS = """\
job: letters
title: Letters
schedule: {cron: "0 7 * * *", timezone: Europe/London}
triggers: [{on: webhook}]
steps:
  - {id: note, skill: save_file, with: {name: note.txt, content: hello}}
"""
CALLER = """\
job: round
steps: [{id: go, call_job: letters}]
"""
ASKS = """\
job: asks
steps: [{id: ask, approve: Shall it go on?}]
"""


@pytest.fixture
async def place(settings: Settings) -> AsyncIterator[Workplace]:
    opened = Workplace.open(settings)
    yield opened
    await opened.close()


def kept_job(place: Workplace, name: str, text: str) -> str:
    record = place.jobs.create(name)
    place.lifecycle.save(record.id, text)
    return record.id


async def ran(place: Workplace, name: str) -> str:
    engine = await place.engine()
    request = request_for(place.jobs, place.jobs.get(name), trigger={"kind": "cli"}, once=False)
    run_id = await engine.submit(request)
    await engine.wait(run_id, timeout=60, until_waiting=True)
    return run_id


def naming(place: Workplace, *words: str) -> set[str]:
    """The tables of the store in which a cell is one of these words."""
    found = set[str]()
    for table in place.store.db.table_names():
        for column in place.store.db[table].columns:
            test = (
                f'select 1 from "{table}" where "{column.name}" in ({", ".join("?" * len(words))})'
            )
            if place.store.row(test, *words):
                found.add(table)
    return found


async def test_a_job_goes_with_all_that_is_its_own(place: Workplace) -> None:
    job = kept_job(place, "letters", LETTERS)
    waits = place.guide.dependencies.make("the stamps", name="stamps")
    place.guide.dependencies.add(waits.id, job)
    token = make_token(place.secrets, place.firings.of(job)[0])
    runs = [await ran(place, "letters") for _ in range(2)]
    place.runs.remember("letters", "seen", "feed", [1])
    notice = Notice("failed", "letters", "It failed", "…", "s", job_id=job, run_id=runs[0])
    place.alerts.alerts.raise_now(notice, {})
    assert (token in place.secrets.values(), place.settings.run_dir("letters", runs[0]).is_dir()) == (True, True)  # fmt: skip

    loss = place.deleting.preview("letters")
    assert [run.run_id for run in loss.going] == runs
    assert (loss.versions, loss.kept, loss.waiting) == (1, (), ("stamps",))
    assert loss.bytes > 0
    assert "2 runs" in loss.told()[0]

    await place.deleting.delete(await place.engine(), "letters")
    assert naming(place, job, "letters", *runs) == set()
    assert token not in place.secrets.values()
    assert not place.settings.job_dir("letters").exists()
    assert not (place.settings.runs_dir / "letters").exists()
    assert place.guide.dependencies.of("stamps") == []
    with pytest.raises(JobNotFound):
        place.jobs.get("letters")
    # The name is free for another one, which begins with nothing.
    kept_job(place, "letters", LETTERS)
    assert place.runs.list(job="letters") == []


async def test_a_run_that_somebody_keeps_stays_with_its_files(place: Workplace) -> None:
    kept_job(place, "letters", LETTERS)
    first, second = await ran(place, "letters"), await ran(place, "letters")
    KeepingRepository(place.store).keep(first, "by hand")
    loss = await place.deleting.delete(await place.engine(), "letters")
    assert [run.run_id for run in loss.going] == [second]
    assert f"{first} (kept: by hand)" in loss.told()[1]
    assert [run.id for run in place.runs.list(job="letters")] == [first]
    assert (place.settings.run_dir("letters", first) / "run_receipt.json").is_file()
    # It can be run again as it was; nothing is granted to it any more.
    again = replay_request(place.jobs, place.runs.get(first), from_path="note")
    assert (again.yaml, again.grants) == (place.runs.get(first).request["yaml"], ())


async def test_runs_of_its_earlier_name_go_and_those_of_another_job_under_that_name_stay(
    place: Workplace,
) -> None:
    kept_job(place, "letters", LETTERS)
    old = await ran(place, "letters")
    place.lifecycle.rename("letters", "post")
    kept_job(place, "letters", LETTERS)
    others = await ran(place, "letters")
    loss = await place.deleting.delete(await place.engine(), "post")
    assert [run.run_id for run in loss.going] == [old]
    assert [run.id for run in place.runs.list(job="letters")] == [others]


async def test_a_job_that_another_one_calls_is_refused_with_the_names(place: Workplace) -> None:
    kept_job(place, "letters", LETTERS)
    kept_job(place, "round", CALLER)
    kept_job(
        place,
        "after",
        "job: after\ntriggers: [{on: job_failed, job: letters}]\nsteps: [{stop: x}]\n",
    )
    with pytest.raises(BindingsInvalid, match="'letters' is called by after, round"):
        await place.deleting.delete(await place.engine(), "letters")
    assert place.jobs.get("letters").enabled
    # What called it may go, and what it called with it stays its own run.
    run = await ran(place, "round")
    [child] = place.runs.children(run)
    await place.deleting.delete(await place.engine(), "round")
    assert (place.runs.find(run), place.runs.find(child.id)) == (None, None)


async def test_a_job_that_runs_or_waits_is_refused_with_its_runs(place: Workplace) -> None:
    kept_job(place, "asks", ASKS)
    run = await ran(place, "asks")
    with pytest.raises(PolicyDenied, match=run):
        await place.deleting.delete(await place.engine(), "asks")
    engine = await place.engine()
    await engine.cancel(run)
    await engine.wait(run, timeout=60)
    await place.deleting.delete(engine, "asks")
    assert place.jobs.find("asks") is None


async def test_one_that_begins_meanwhile_holds_the_job(place: Workplace) -> None:
    kept_job(place, "asks", ASKS)
    engine = await place.engine()

    class Late:
        """An engine that starts a run of the job while its others are deleted."""

        async def delete_runs(self, doomed: object) -> int:
            await ran(place, "asks")
            return 0

    with pytest.raises(PolicyDenied, match="cannot be deleted while it runs"):
        await place.deleting.delete(Late(), "asks")  # type: ignore[arg-type]
    assert place.jobs.get("asks").version == 1
    for run in place.runs.active("asks"):
        await engine.cancel(run.id)
        await engine.wait(run.id, timeout=60)
