"""What is suggested rests on evidence, changes nothing by itself, and does what it says when accepted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assistant.clock import FixedClock, rfc3339
from assistant.errors import RequestWrong, TargetUnresolved
from assistant.job import templates
from assistant.job.lifecycle import Lifecycle
from assistant.pipeline.loader import load
from assistant.settings import Settings
from assistant.skills.library import Library
from assistant.store.database import Store
from assistant.store.jobs import JobRecord, JobRepository
from assistant.store.ticks import TickLedger
from assistant.suggestions.adviser import Adviser
from assistant.suggestions.shelf import Suggestion
from tests.insight.worlds import Teller, run_once

DAY = timedelta(days=1)
AUTH = {"code": "skill_failed", "kind": "CannotDo", "message": "https://a.example/ answered 401"}
MONDAY = datetime(2026, 3, 2, tzinfo=ZoneInfo("Europe/London"))

DIGEST = """\
job: NAME
schedule: {cron: "CRON", timezone: Europe/London}
steps:
  - id: read   # the town's paper
    skill: fetch_feed
    with: {url: "https://a.example/feed.xml"}
"""


@dataclass
class Home:
    """A home with jobs that have run for some weeks."""

    jobs: JobRepository
    lifecycle: Lifecycle
    adviser: Adviser
    teller: Teller
    clock: FixedClock
    settings: Settings

    def job(self, name: str, cron: str, text: str = DIGEST) -> JobRecord:
        record = self.jobs.create(name)
        self.lifecycle.save(record.id, text.replace("NAME", name).replace("CRON", cron))
        self.clock.advance(seconds=1)
        return self.jobs.get(record.id)

    def ran(self, name: str, local: datetime, **facts: Any) -> str:
        at = local.astimezone(UTC)
        self.clock.instant = max(self.clock.instant, at + timedelta(minutes=5))
        return run_once(self.teller, name, at, **facts)

    def only(self) -> Suggestion:
        [found] = self.adviser.look()
        return found

    def cron(self, name: str) -> str:
        schedule = load(self.jobs.version(self.jobs.get(name).id).yaml).job.schedule
        return schedule.cron if schedule else ""


@pytest.fixture
def home(store: Store, settings: Settings, clock: FixedClock) -> Home:
    clock.instant = MONDAY - timedelta(days=1)
    jobs = JobRepository(store, settings, clock=clock)
    lifecycle = Lifecycle(jobs, TickLedger(store, clock=clock), Library.open(settings), clock)
    return Home(
        jobs, lifecycle, Adviser(lifecycle, settings.templates_dir),
        Teller(store, settings.runs_dir), clock, settings,
    )  # fmt: skip


def daily(home: Home, name: str, days: int, hour: int = 7, **of_day: Any) -> None:
    """A run a day from a Monday on; `items` and `newest` may be functions of the local moment."""
    for n in range(days):
        local = MONDAY + n * DAY + timedelta(hours=hour)
        facts = {k: v(local) if callable(v) else v for k, v in of_day.items()}
        home.ran(name, local, **facts)


def not_on_sundays(local: datetime) -> int:
    return 0 if local.isoweekday() == 7 else 12


# -- days on which nothing is found ----------------------------------------------------


def test_a_job_that_finds_nothing_on_sundays_is_offered_to_leave_them_out(home: Home):
    home.job("digest", "0 7 * * *")
    daily(home, "digest", 35, items=not_on_sundays)
    found = home.only()
    assert (found.kind, found.job, found.text) == (
        "quiet_days", "digest",
        "digest finds nothing on Sundays: none of its 5 runs on those days found anything, 30 of"
        " 30 on other days did.",
    )  # fmt: skip
    assert [(fact.what, fact.value) for fact in found.evidence[:2]] == [
        ("runs on Sundays", "5, 0 of them with a find"),
        ("runs on other days", "30, 30 of them with a find"),
    ]
    assert found.change.words == (
        "digest runs: Every day from Monday to Saturday at 07:00 (Europe/London)."
    )
    assert home.cron("digest") == "0 7 * * *"  # looking changes nothing

    done = home.adviser.accept(found.id, by="jo")

    version = home.jobs.version(home.jobs.get("digest").id)
    assert (version.number, version.author, home.cron("digest")) == (2, "person", "0 7 * * 1-6")
    assert "# the town's paper" in version.yaml
    assert (done.state, done.decided_by, done.result) == ("accepted", "jo", "version 2 of digest")
    assert home.lifecycle.ledger.schedule(version.job_id).cron == "0 7 * * 1-6"  # type: ignore[union-attr]
    assert home.adviser.look() == []


def test_a_whole_weekend_is_one_suggestion(home: Home):
    home.job("digest", "30 6 * * *")
    daily(home, "digest", 35, items=lambda local: 0 if local.isoweekday() > 5 else 9)
    found = home.only()
    assert found.text.startswith(
        "digest finds nothing on Saturdays and Sundays: none of its 10 runs"
    )
    home.adviser.accept(found.id)
    assert home.cron("digest") == "30 6 * * 1-5"


@pytest.mark.parametrize(
    ("cron", "days", "items"),
    [
        ("0 7 * * *", 21, not_on_sundays),  # three Sundays are too few
        ("0 7 * * *", 35, lambda local: 0),  # it never finds anything: that is another trouble
        ("0 7 1 * *", 35, not_on_sundays),  # days of the month say when
        ("0 7 * * 1#2", 35, not_on_sundays),
        ("0 7 * * *", 35, lambda local: 5),
        ("0 7 * * *", 35, lambda local: 1 if local.day == 8 else not_on_sundays(local)),
    ],
)
def test_without_enough_evidence_nothing_is_suggested(home: Home, cron: str, days: int, items: Any):
    home.job("digest", cron)
    daily(home, "digest", days, items=items)
    assert home.adviser.look() == []


# -- a source that comes later ---------------------------------------------------------


def published_at(hour: int, minute: int) -> Any:
    """The newest item that a reader finds: today's when it is out already, else yesterday's."""

    def newest(local: datetime) -> str:
        jitter = timedelta(minutes=local.day % 5)
        today = local.replace(hour=hour, minute=minute) + jitter
        return rfc3339(today if today <= local else today - DAY)

    return newest


def test_a_source_that_publishes_after_the_run_moves_the_run_behind_it(home: Home):
    home.job("digest", "0 6 * * *")
    daily(home, "digest", 20, hour=6, items=9, newest=published_at(6, 40),
          trigger={"kind": "schedule"})  # fmt: skip
    found = home.only()
    assert (found.kind, found.text) == (
        "later_source",
        "a.example, read by step 'read' of digest, publishes at about 06:42: run at 07:00 rather"
        " than 06:00.",
    )
    home.adviser.accept(found.id)
    assert home.cron("digest") == "0 7 * * *"
    assert home.adviser.look() == []


@pytest.mark.parametrize(
    ("hour", "newest"),
    [
        (6, published_at(5, 10)),  # it is out in time
        (6, published_at(20, 0)),  # half a day later is another habit of the reader
        (6, lambda local: rfc3339(local - timedelta(minutes=7))),  # it publishes all day
        (6, lambda local: rfc3339(local - timedelta(hours=(local.day * 7) % 23))),  # at any time
    ],
)
def test_a_source_that_keeps_no_such_time_moves_nothing(home: Home, hour: int, newest: Any):
    home.job("digest", "0 6 * * *")
    daily(home, "digest", 20, hour=hour, items=9, newest=newest, trigger={"kind": "schedule"})
    assert home.adviser.look() == []


# -- failing for days ------------------------------------------------------------------


def test_a_job_that_fails_for_auth_five_days_is_offered_a_pause(home: Home):
    home.job("digest", "0 7 * * *")
    daily(home, "digest", 3, items=5)
    for n in range(3, 8):
        home.ran("digest", MONDAY + n * DAY + timedelta(hours=7), error=AUTH)
    found = home.only()
    assert (found.kind, found.text) == (
        "failing_for_days", "digest has failed for auth at a.example 5 days: pause it?",
    )  # fmt: skip
    assert ("failed runs in a row", "5, on 5 days") in [(f.what, f.value) for f in found.evidence]
    home.adviser.accept(found.id)
    assert home.jobs.get("digest").paused
    assert home.adviser.look() == []


def test_four_days_or_a_success_in_between_are_not_enough(home: Home):
    home.job("digest", "0 7 * * *")
    for n in range(9):
        home.ran("digest", MONDAY + n * DAY, **({"items": 3} if n == 4 else {"error": AUTH}))
    assert home.adviser.look() == []


# -- one feed, two jobs ----------------------------------------------------------------


def test_two_jobs_that_read_one_feed_close_together_can_share_a_reading(home: Home):
    home.job("digest", "0 7 * * *")
    home.job("alerts", "20 7 * * *")
    home.job("other", "0 7 * * *", DIGEST.replace("a.example", "b.example"))
    found = home.only()
    assert found.text == "alerts and digest read the same feed, https://a.example/feed.xml."
    assert found.change.words == (
        "Both steps keep what they read for 30 minutes, so that the second job uses it."
    )
    assert home.adviser.accept(found.id).result == "version 2 of alerts and version 2 of digest"
    for name in ("alerts", "digest"):
        step = load(home.jobs.version(home.jobs.get(name).id).yaml).job.steps[0]
        assert step.cache == 1800.0
    assert home.adviser.look() == []


def test_jobs_far_apart_are_told_of_and_nothing_is_done_by_itself(home: Home):
    home.job("digest", "0 7 * * *")
    home.job("evening", "0 19 * * *")
    found = home.only()
    with pytest.raises(RequestWrong, match="nothing in it that can be done by itself"):
        home.adviser.accept(found.id)
    assert home.adviser.suggestions()[0].state == "open"


# -- one template, one edit ------------------------------------------------------------


def begun(home: Home, number: int, best: int) -> JobRecord:
    """A job from the weekly digest's template, with a longer list than the template's."""
    template = templates.get("weekly-digest", home.settings.templates_dir)
    text = template.fill({"feed": f"https://f{number}.example/", "to": f"jo{number}@example.org"})
    record = home.jobs.create(f"weekly-{number}")
    draft = home.lifecycle.propose(record.id, text, template="weekly-digest")
    home.clock.advance(minutes=1)
    edited = draft.yaml.replace("sentences: 2", f"sentences: {best}")
    assert edited != draft.yaml
    changed = home.lifecycle.propose(record.id, edited)
    home.lifecycle.approve(changed.id)
    home.clock.advance(minutes=1)
    return home.jobs.get(record.id)


def test_the_same_edit_of_three_drafts_is_offered_to_the_template(home: Home):
    for number in range(2):
        begun(home, number, 4)
    assert home.adviser.look() == []
    begun(home, 2, 4)
    begun(home, 3, 5)
    found = home.only()
    assert found.text == (
        "You made the same change to 3 jobs from the template weekly-digest (step 'short':"
        " with.sentences was 2, now 4): change the template?"
    )
    done = home.adviser.accept(found.id)
    own = home.settings.templates_dir / "weekly-digest.yaml"
    assert str(own) in done.result
    shipped = templates.get("weekly-digest").text
    assert own.read_text() == shipped.replace("sentences: 2", "sentences: 4")
    assert templates.get("weekly-digest", home.settings.templates_dir).text == own.read_text()
    home.clock.advance(days=60)
    assert [one for one in home.adviser.look() if one.kind == "same_edit"] == []


# -- what a person says ----------------------------------------------------------------


def test_a_snoozed_suggestion_comes_back_and_a_declined_one_never(home: Home):
    home.job("digest", "0 7 * * *")
    daily(home, "digest", 35, items=not_on_sundays)
    ident = home.only().id
    home.adviser.snooze(ident, length=timedelta(days=2))
    assert home.adviser.look() == []
    home.clock.advance(days=2, minutes=1)
    assert [one.id for one in home.adviser.look()] == [ident]
    home.adviser.never(ident)
    home.clock.advance(days=20)
    assert home.adviser.look() == []
    assert [one.state for one in home.adviser.suggestions(state="")] == ["never"]


def test_a_suggestion_whose_reason_is_gone_goes_too_and_cannot_be_accepted(home: Home):
    home.job("digest", "0 7 * * *")
    daily(home, "digest", 35, items=not_on_sundays)
    ident = home.only().id
    home.ran("digest", MONDAY + 41 * DAY, items=3)  # a Sunday
    assert home.adviser.look() == []
    with pytest.raises(TargetUnresolved, match="is gone"):
        home.adviser.accept(ident)


def test_a_job_that_was_changed_meanwhile_is_not_overwritten(home: Home):
    record = home.job("digest", "0 7 * * *")
    daily(home, "digest", 35, items=not_on_sundays)
    ident = home.only().id
    text = home.jobs.version(record.id).yaml
    home.lifecycle.save(record.id, text.replace("0 7 * * *", "0 9 * * *"))
    with pytest.raises(TargetUnresolved, match="digest has changed since this was suggested"):
        home.adviser.accept(ident)
    assert home.cron("digest") == "0 9 * * *"


def test_an_unknown_suggestion_is_told_where_to_look(home: Home):
    with pytest.raises(TargetUnresolved) as wrong:
        home.adviser.accept("nope")
    assert wrong.value.hint == "`assistant insight suggestions` shows those there are."
