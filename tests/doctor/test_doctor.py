"""The doctor finds what is really broken, says the cure, and carries out the safe ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assistant.clock import FixedClock, SystemClock, rfc3339
from assistant.doctor.examination import _safely, examine, examine_home, fixed
from assistant.doctor.findings import Finding
from assistant.doctor.home import check_disk
from assistant.engine.queueing import queue_run
from assistant.engine.request import RunRequest
from assistant.events import RunStarted
from assistant.settings import Settings
from assistant.store import locks
from assistant.store.jobs import JobRecord
from assistant.store.runs import Keyed
from assistant.workplace import Workplace
from tests.cli.conftest import assistant, home, site

__all__ = ["assistant", "home", "site"]
NIGHTLY = 'schedule: {cron: "0 7 * * *", timezone: Europe/London}\n'
SAVES = "steps:\n  - {id: save, skill: save_file, with: {name: a.md, content: hello}}\n"


@pytest.fixture
def place(settings: Settings) -> Iterator[Workplace]:
    made = Workplace.open(settings)
    yield made
    made.close_store()


def ills(place: Workplace, check: str = "") -> list[tuple[str, str]]:
    """Level and message of what is not fine."""
    return [
        (f.level, f.message)
        for f in examine(place)
        if f.level != "fine" and (not check or f.check == check)
    ]


def switched_on(place: Workplace, name: str, yaml: str, *, force: bool = True) -> JobRecord:
    record = place.jobs.create(name)
    place.jobs.accept(record.id, f"job: {name}\n{yaml}", author="person")
    if force:
        return place.lifecycle.enable(record.id)
    return place.jobs.update(record.id, enabled=True)


def going(place: Workplace, status: str, *, worker: str, ago: timedelta) -> str:
    """A run of that status, of which nothing was heard for some time."""
    clock = FixedClock(place.clock.now() - ago)
    request = RunRequest(job="digest", yaml=f"job: digest\n{SAVES}")
    queue_run(place.runs, clock, request.snapshot("run-1"))
    started = RunStarted(run_id="run-1", at=rfc3339(clock.now()), worker=worker)
    place.runs.record(
        "run-1", [Keyed("started", started)], run={"status": status, "worker": worker}
    )
    return "run-1"


def test_a_fresh_home_is_well(place: Workplace) -> None:
    assert ills(place) == []
    assert len(examine(place)) >= 11


def test_a_misspelt_setting_is_found(settings: Settings) -> None:
    (settings.home / "settings.toml").write_text("chanels = {}\n")
    found = [f for f in examine_home(lambda: settings) if f.level != "fine"]
    assert [(f.check, f.cure) for f in found] == [("settings", "Did you mean 'channels'?")]


@pytest.mark.parametrize("text", ["model = [", 'ports = "all"'])
def test_settings_that_do_not_hold_end_the_examination_with_their_cure(
    assistant, home, text
) -> None:
    home.mkdir()
    (home / "settings.toml").write_text(text)
    told = assistant("doctor", "--json")
    [finding] = told.data["payload"]["findings"]
    assert (told.code, finding["check"], finding["level"]) == (1, "settings", "problem")
    assert "settings.toml" in finding["message"] + finding["cure"]


def test_open_secrets_are_closed_by_fix_and_nothing_else_is_touched(assistant, home: Path) -> None:
    assistant("jobs", "list")
    secrets = home / "secrets.json"
    secrets.write_text('{"smtp_password": {"value": "hunter2"}}')
    secrets.chmod(0o644)
    told = assistant("doctor")
    assert (told.code, f"chmod 600 {secrets}" in told.out) == (1, True)
    assert "hunter2" not in told.out
    assert secrets.stat().st_mode & 0o777 == 0o644
    mended = assistant("doctor", "--fix")
    assert (mended.code, "its owner's alone now" in mended.out) == (0, True)
    assert secrets.stat().st_mode & 0o777 == 0o600
    assert assistant("doctor").code == 0


def test_a_damaged_database_is_told_and_left_as_it_is(assistant, home: Path) -> None:
    assistant("jobs", "list")
    path = home / "assistant.db"
    raw = bytearray(path.read_bytes())
    raw[4096 * 3 : 4096 * 8] = b"\x5a" * (4096 * 5)
    path.write_bytes(raw)
    told = assistant("doctor", "--json")
    wrong = [f for f in told.data["payload"]["findings"] if f["level"] == "problem"]
    assert [(f["check"], "is damaged" in f["message"]) for f in wrong] == [("databases", True)]
    assert path.read_bytes() == bytes(raw)
    assert not list(home.glob("*.corrupt-*"))


def test_a_file_that_was_set_aside_is_named(place: Workplace) -> None:
    (place.settings.home / "assistant.db.corrupt-20260101T000000000Z").write_bytes(b"x")
    [(level, message)] = ills(place)
    assert (level, "was set aside" in message) == ("warning", True)


def test_free_room_is_found_and_given_back(place: Workplace) -> None:
    place.store.run("create table wide (x)")
    for _ in range(60):
        place.store.run("insert into wide values (zeroblob(500000))")
    place.store.run("delete from wide")
    [finding] = [f for f in examine(place) if f.level != "fine"]
    assert "MB of free room" in finding.message
    [(_, told)] = list(fixed([finding]))
    assert "assistant.db went from" in told
    assert ills(place) == []


@dataclass
class Disk:
    free: int


@pytest.mark.parametrize(
    ("megabytes", "level"), [(5000, "fine"), (900, "warning"), (100, "problem")]
)
def test_a_full_disk_is_told(settings: Settings, megabytes: int, level: str) -> None:
    def usage(_: Path) -> Disk:
        return Disk(megabytes * 1024 * 1024)

    [finding] = check_disk(settings, SystemClock(), usage)
    assert finding.level == level


@pytest.mark.parametrize(
    ("now", "level"), [("2020-01-01T00:00Z", "problem"), ("2026-11-01T00:00Z", "problem")]
)
def test_a_clock_that_is_wrong_is_told(settings: Settings, now: str, level: str) -> None:
    then = FixedClock(datetime.fromisoformat("2026-12-01T00:00Z"))
    place = Workplace.open(settings, clock=then)
    queue_run(place.runs, then, RunRequest(job="a", yaml=f"job: a\n{SAVES}").snapshot("r1"))
    place.close_store()
    back = FixedClock(datetime.fromisoformat(now))
    found = [f for f in examine_home(lambda: settings, clock=back) if f.check == "clock"]
    assert [f.level for f in found] == [level]


def test_a_run_whose_worker_died_is_stuck_until_somebody_takes_it_up(place: Workplace) -> None:
    run_id = going(place, "running", worker="w9", ago=timedelta(minutes=5))
    assert ills(place) == [("problem", f"Run {run_id} is running, and its worker w9 is dead.")]


def test_a_run_that_does_nothing_is_told_though_its_worker_lives(place: Workplace) -> None:
    run_id = going(place, "running", worker="w9", ago=timedelta(hours=3))
    held = locks.take(place.settings.locks_dir / "workers" / "w9.lock")
    assert held is not None
    assert ills(place) == [("warning", f"Run {run_id} has done nothing for 3 hours.")]
    held.free()


def test_a_question_that_nobody_answers_is_told(place: Workplace) -> None:
    run_id = going(place, "waiting", worker="w1", ago=timedelta(days=3))
    [finding] = [f for f in examine(place) if f.level != "fine"]
    assert (finding.message, finding.command) == (
        f"Run {run_id} has waited for your word for 3 days.", f"assistant runs approve {run_id}",
    )  # fmt: skip


def test_jobs_that_are_on_need_a_worker_and_somebody_to_tell(place: Workplace) -> None:
    switched_on(place, "nightly", NIGHTLY + SAVES)
    assert ills(place) == [
        ("problem", "1 job is switched on (nightly), and nothing keeps schedules here."),
        ("warning", "Nobody is told when nightly fails or waits."),
    ]


@pytest.mark.parametrize(
    ("yaml", "told"),
    [
        ('schedule: {cron: "0 0 30 2 *", timezone: Europe/London}\n' + SAVES, "never comes"),
        ('schedule: {cron: "0 7 * * *", timezone: Europe/Lodnon}\n' + SAVES, "is no time zone"),
        (NIGHTLY + "steps:\n  - {id: a, skill: nothing_like_it}\n", "nothing_like_it"),
        (
            NIGHTLY + "steps:\n  - {id: a, skill: web_search, with: {query: news}}\n",
            "needs the secret 'brave_api_key'",
        ),
        (NIGHTLY + "alerts: {on: [failed], to: [pager]}\n" + SAVES, "no such channel"),
    ],
)
def test_a_job_that_cannot_work_is_told_before_its_hour(
    place: Workplace, yaml: str, told: str
) -> None:
    switched_on(place, "nightly", yaml, force=False)
    problems = [m for level, m in ills(place, "jobs") if level == "problem"]
    assert any(told in message for message in problems), problems


def test_a_schedule_that_is_not_in_force_is_put_there(place: Workplace) -> None:
    record = switched_on(place, "nightly", NIGHTLY + SAVES, force=False)
    found = [f for f in examine(place) if f.fix is not None]
    assert ["not in force" in f.message for f in found] == [True]
    list(fixed(found))
    assert place.ledger.schedule(record.id) is not None
    assert not [f for f in examine(place) if f.fix is not None]


def test_a_channel_that_fails_is_told_with_what_it_said(place: Workplace) -> None:
    place.alerts.add_channel("ops", "json://127.0.0.1:1/")
    with pytest.raises(Exception, match="did not take"):
        place.alerts.test("ops")
    [(level, message)] = ills(place)
    assert (level, "The channel 'ops' fails" in message) == ("problem", True)


def test_a_model_that_is_gone_or_broken_is_told(settings: Settings) -> None:
    broken = settings.models_dir / "broken.gguf"
    broken.write_bytes(b"not a model")
    chosen = settings.model_copy(
        update={"model": "local/gone", "model_fallbacks": ("local/broken",)}
    )
    found = [f for f in examine_home(lambda: chosen) if f.check == "model"]
    assert [f.level for f in found] == ["problem", "problem"]


def test_folders_that_the_store_does_not_know_are_told(place: Workplace) -> None:
    (place.settings.runs_dir / "digest" / "run-7").mkdir(parents=True)
    [(level, message)] = ills(place)
    assert (level, "1 folders" in message) == ("warning", True)


def test_a_check_that_breaks_is_told_and_stops_nothing() -> None:
    def breaks() -> list[Finding]:
        raise ZeroDivisionError("a bug")

    [finding] = _safely("runs", breaks)
    assert finding.message == "This could not be examined: ZeroDivisionError: a bug"


def test_the_command_ends_well_on_a_fresh_home(assistant) -> None:
    told = assistant("doctor", "--json")
    levels = {f["level"] for f in told.data["payload"]["findings"]}
    assert (told.code, levels, json.loads(told.out)["status"]) == (0, {"fine"}, "succeeded")
