"""What is worth an alert: each kind, once for what is the same, and over when it is over."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.store.happenings import announce
from assistant.store.triggers import TriggerLedger
from tests.alerts.conftest import GONE, World

OPS = "{on: [failed, missed, waiting, slow, budget, recovered, healed], to: [outbox]}"
SPENT = {"code": "budget_exhausted", "message": "the budget of 10 tokens is spent (12)"}


async def alerts(world: World) -> list[tuple[str, str, int]]:
    await world.desk.round()
    return world.open()


async def test_failures_of_one_cause_are_one_alert(world: World) -> None:
    job = world.job("digest", OPS)
    for number in range(3):
        world.ran(job, error=GONE | {"message": f"https://x.example/{number} answered 404"})
    assert await alerts(world) == [("failed", "digest", 3)]
    world.ran(job, error=GONE | {"message": "the letter has no recipient"})
    assert await alerts(world) == [("failed", "digest", 3), ("failed", "digest", 1)]


async def test_the_text_names_error_step_run_cure_and_replay(world: World) -> None:
    run_id = world.ran(world.job("digest", OPS))
    await alerts(world)
    [alert] = world.desk.alerts.list()
    assert alert.title == "digest failed"
    for part in (
        "answered 404 (skill_failed)", "Look elsewhere.", "Step: read", f"Run: {run_id}",
        f"assistant runs replay {run_id}", "docs/runbook.md", "what was asked for is gone",
    ):  # fmt: skip
        assert part in alert.text


async def test_a_success_ends_the_trouble_and_says_so(world: World) -> None:
    job = world.job("digest", OPS)
    world.ran(job)
    world.misses(job)
    assert await alerts(world) == [("failed", "digest", 1), ("missed", "digest", 1)]
    world.ran(job, "succeeded")
    assert await alerts(world) == []
    [recovered] = [a for a in world.desk.alerts.list() if a.kind == "recovered"]
    assert recovered.title == "digest runs again"
    assert "digest failed, digest missed a run" in recovered.text
    world.ran(job, "succeeded")
    await alerts(world)
    assert sum(a.kind == "recovered" for a in world.desk.alerts.list()) == 1


async def test_missed_runs_of_one_reason_are_one_alert(world: World) -> None:
    job = world.job("digest", OPS)
    for _ in range(4):
        world.misses(job)
        world.clock.advance(hours=24 / 5)
    assert await alerts(world) == [("missed", "digest", 4)]


async def test_a_trigger_whose_run_could_not_start_is_told(world: World) -> None:
    job = world.job("digest", OPS)
    world.store.run(
        "insert into firings (job, trigger, key, at, data, outcome, decided_at)"
        " values (?, 'feed', 'k', '2026-03-02T12:00:00.000Z', '{}', 'pending', '')",
        job.id,
    )
    ledger = TriggerLedger(world.store, clock=world.clock)
    firing = ledger.firing(job.id, "feed", "k")
    assert firing is not None
    ledger.decide(firing, "missed", reason="job_bindings_invalid: no input 'x'")
    assert await alerts(world) == [("missed", "digest", 1)]
    assert "trigger feed: job_bindings_invalid" in world.desk.alerts.list()[0].text


async def test_a_schedule_that_was_switched_off_misses_nothing(world: World) -> None:
    job = world.job("digest", OPS)
    world.misses(job)
    world.jobs.update(job.id, enabled=False)
    assert await alerts(world) == []


@pytest.mark.parametrize(
    ("status", "error", "on", "kind"),
    [
        ("failed", SPENT, "budget", "budget"),
        ("failed", SPENT, "failed", "failed"),
        ("timed_out", {"code": "job_timeout", "message": "late"}, "budget", "budget"),
        ("timed_out", {"code": "job_timeout", "message": "late"}, "failed", "failed"),
        ("failed", GONE, "budget", None),
        ("cancelled", {"code": "job_cancelled", "message": "cancelled"}, "failed", None),
        ("succeeded", None, "failed", None),
    ],
)
async def test_a_spent_budget_is_told_as_such_or_as_a_failure(
    world: World, status: str, error: Any, on: str, kind: str | None
) -> None:
    world.ran(world.job("digest", f"{{on: [{on}], to: [outbox]}}"), status, error)
    assert [alert[0] for alert in await alerts(world)] == ([kind] if kind else [])


async def timed(world: World, job: Any, seconds: float, *, ends: bool = True) -> None:
    run_id = world.begin(job)
    world.clock.advance(seconds=seconds)
    if ends:
        world.end(run_id, "succeeded")


async def test_three_times_the_median_is_slow_and_a_normal_run_ends_it(world: World) -> None:
    job = world.job("digest", OPS)
    for seconds in (10, 11, 9, 10, 10, 9, 10, 10):
        await timed(world, job, seconds)
    await timed(world, job, 29)
    assert await alerts(world) == []
    await timed(world, job, 30)
    assert await alerts(world) == [("slow", "digest", 1)]
    await timed(world, job, 10)
    assert await alerts(world) == []


async def test_a_run_that_still_goes_on_is_slow_while_it_does(world: World) -> None:
    job = world.job("digest", OPS)
    for _ in range(5):
        await timed(world, job, 10)
    await timed(world, job, 29, ends=False)
    assert await alerts(world) == []
    world.clock.advance(seconds=2)
    assert await alerts(world) == [("slow", "digest", 1)]
    assert await alerts(world) == [("slow", "digest", 1)]


async def test_a_wait_for_a_person_is_not_slowness(world: World) -> None:
    job = world.job("digest", OPS)
    for _ in range(5):
        await timed(world, job, 10)
    run_id = world.begin(job)
    world.asks(run_id, "post", "Send it?", {})
    world.clock.advance(hours=9)
    world.answered(run_id, "post")
    world.end(run_id, "succeeded")
    assert await alerts(world) == []


async def test_each_question_is_its_own_alert_and_over_when_answered(world: World) -> None:
    job = world.job("digest")
    first, second = world.begin(job), world.begin(job)
    for run_id in (first, second):
        world.asks(run_id, "post", "Let 'send' reach al@example.org?", {"to": "al@example.org"})
    assert await alerts(world) == [("waiting", "digest", 1), ("waiting", "digest", 1)]
    [alert, _] = reversed(world.desk.alerts.list())
    for part in (f"assistant runs approve {first} --path 'post'", "al@example.org", "/word/"):
        assert part in alert.text
    world.answered(first, "post")
    assert await alerts(world) == [("waiting", "digest", 1)]
    world.end(second, "cancelled")
    assert await alerts(world) == []


async def test_a_question_that_is_answered_before_anybody_looked_is_not_told(world: World) -> None:
    run_id = world.begin(world.job("digest"))
    world.asks(run_id, "post", "Send it?", {})
    world.answered(run_id, "post")
    assert await alerts(world) == []
    assert world.desk.alerts.list() == []


@pytest.mark.parametrize(
    ("alerts_line", "trigger", "told"),
    [
        ("", {"kind": "schedule"}, ["failed"]),
        ("", {"kind": "cli"}, []),
        ("{on: [failed]}", {"kind": "cli"}, ["failed"]),
        ("{on: [missed], to: [outbox]}", {"kind": "schedule"}, []),
    ],
)
async def test_the_job_says_what_is_told_and_else_the_settings_do_for_unwatched_runs(
    world: World, alerts_line: str, trigger: dict[str, Any], told: list[str]
) -> None:
    world.ran(world.job("digest", alerts_line), trigger=trigger)
    assert [alert[0] for alert in await alerts(world)] == told


async def test_an_unwatched_question_is_told_whatever_the_job_says(world: World) -> None:
    job = world.job("digest", "{on: [failed], to: [outbox]}")
    world.asks(world.begin(job), "post", "Send it?", {})
    world.asks(world.begin(job, {"kind": "panel"}), "post", "Send it?", {})
    assert await alerts(world) == [("waiting", "digest", 1)]


async def test_dry_runs_and_called_runs_tell_nothing(world: World) -> None:
    job = world.job("digest", OPS)
    world.ran(job, dry=True)
    called = world.begin(job)
    world.store.run("update runs set parent_run = 'run-0001' where id = ?", called)
    world.end(called)
    assert await alerts(world) == []


async def test_a_repair_is_told_by_whoever_made_it(world: World) -> None:
    job = world.job("digest", OPS)
    announce(world.store, "healed", job_id=job.id, run_id="r1", title="digest was mended", text="x")
    await alerts(world)
    [alert] = world.desk.alerts.list()
    assert (alert.kind, alert.title, alert.state) == ("healed", "digest was mended", "over")
    assert [d.state for d in world.desk.alerts.deliveries(alert.id)] == ["sent"]


async def test_a_repair_is_told_also_of_a_job_whose_file_says_nothing_of_alerts(
    world: World,
) -> None:
    job = world.job("digest", "{}")
    announce(world.store, "healed", job_id=job.id, run_id="r1", title="digest was mended", text="x")
    await alerts(world)
    assert [alert.kind for alert in world.desk.alerts.list()] == ["healed"]


async def test_secrets_are_not_told(world: World) -> None:
    world.secrets.put("tracker_token", "hunter2-hunter2")
    world.ran(world.job("digest", OPS), error=GONE | {"message": "hunter2-hunter2 was refused"})
    await alerts(world)
    [alert] = world.desk.alerts.list()
    assert "hunter2" not in alert.text
    assert "[secret tracker_token] was refused" in alert.text


async def test_what_cannot_be_read_holds_nothing_up(world: World) -> None:
    bad, good = world.job("bad", OPS), world.job("good", OPS)
    run_id = world.ran(bad)
    world.store.run("""update runs set error = '"text"' where id = ?""", run_id)
    world.ran(good)
    assert await alerts(world) == [("failed", "good", 1)]


async def test_trouble_that_goes_on_is_told_again_after_a_day(world: World) -> None:
    job = world.job("digest", OPS)
    for _ in range(30):
        world.ran(job)
        await world.desk.round()
        world.clock.advance(hours=1)
    [alert] = world.desk.alerts.list()
    titles = [d.title for d in world.desk.alerts.deliveries(alert.id)]
    assert titles == ["digest failed", "digest failed (still, 25 times)"]


async def test_an_alert_that_was_closed_by_hand_is_told_anew(world: World) -> None:
    job = world.job("digest", OPS)
    world.ran(job)
    await world.desk.round()
    world.desk.alerts.close(world.desk.alerts.list()[0].id)
    assert world.open() == []
    world.ran(job)
    assert await alerts(world) == [("failed", "digest", 1)]
