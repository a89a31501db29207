"""What is not as usual is told with its numbers, and what is only a little odd is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from assistant.clock import rfc3339
from assistant.insight.anomalies import anomalies, anomalies_of_run
from assistant.insight.statistics import duration, shown, usual
from assistant.settings import Settings
from assistant.store.database import Store
from tests.conftest import NOON
from tests.insight.worlds import ERRORS, Teller, run_once

DAY = timedelta(days=1)


@pytest.fixture
def teller(store: Store, settings: Settings) -> Teller:
    return Teller(store, settings.runs_dir)


def history(teller: Teller, count: int, **facts: Any) -> None:
    """So many daily runs; a list gives each run its own value."""
    for n in range(count):
        own = {k: v[n % len(v)] if isinstance(v, list) else v for k, v in facts.items()}
        run_once(teller, "digest", NOON + n * DAY, **own)


def told(teller: Teller) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in anomalies(teller.store)]


def test_a_run_slower_than_its_history_says_how_long_the_others_took(teller: Teller):
    history(teller, 20, seconds=[40.0, 42.0, 41.0, 39.0])
    run_once(teller, "digest", NOON + 20 * DAY, seconds=212.0)
    assert told(teller) == [
        (
            "slower",
            "digest took 3.5 minutes; its 20 runs before took 40.5 s in the middle, half of them"
            " within 1 s of that.",
        )
    ]


def test_a_run_a_little_slower_is_as_usual(teller: Teller):
    history(teller, 20, seconds=[40.0, 42.0, 41.0, 39.0])
    run_once(teller, "digest", NOON + 20 * DAY, seconds=55.0)
    assert told(teller) == []


def test_fractions_of_a_second_are_no_news(teller: Teller):
    history(teller, 20, seconds=0.2)
    run_once(teller, "digest", NOON + 20 * DAY, seconds=1.9)
    assert told(teller) == []


def test_too_short_a_history_says_nothing(teller: Teller):
    history(teller, 7, seconds=1.0, items=50)
    run_once(teller, "digest", NOON + 7 * DAY, seconds=900.0, items=0)
    assert told(teller) == []


def test_fewer_records_than_usual_name_the_step(teller: Teller):
    history(teller, 20, items=[50, 48, 52])
    run_once(teller, "digest", NOON + 20 * DAY, items=3)
    [(kind, text)] = told(teller)
    assert (kind, text) == (
        "fewer_items",
        "step 'read' of digest gave 3 records; in the 20 runs before it gave 50 in the middle, half"
        " of the time within 2 of that.",
    )


def test_a_day_that_is_always_poor_is_held_against_its_own_kind(teller: Teller):
    # NOON is a Monday: every seventh run from the sixth on is a Sunday's.
    week = [50, 51, 49, 50, 52, 48, 2]
    history(teller, 42, items=week)
    [run] = teller.store.rows("select run_id from run_facts order by queued_at desc limit 1")
    assert anomalies_of_run(teller.store, run["run_id"]) == []
    poor = run_once(teller, "digest", NOON + 43 * DAY, items=2)  # a Tuesday
    [found] = anomalies_of_run(teller.store, poor)
    assert (found.kind, found.usual, found.runs) == ("fewer_items", 51, 5)
    assert "in the 5 Tuesday runs before" in found.text


def test_files_that_shrank_are_told_unless_there_was_less_to_put_into_them(teller: Teller):
    history(teller, 20, items=20, file_bytes=[30_000, 31_000, 29_000])
    small = run_once(teller, "digest", NOON + 20 * DAY, items=20, file_bytes=4_000)
    assert [one.kind for one in anomalies_of_run(teller.store, small)] == ["output_shrank"]
    poor = run_once(teller, "digest", NOON + 21 * DAY, items=1, file_bytes=4_000)
    assert [one.kind for one in anomalies_of_run(teller.store, poor)] == ["fewer_items"]


def test_a_source_gone_silent_says_since_when(teller: Teller):
    history(teller, 20, items=[9, 7, 8])
    for n in range(20, 24):
        run_once(teller, "digest", NOON + n * DAY, items=0)
    found = {one.kind: one.text for one in anomalies(teller.store)}
    assert found["silent_source"] == (
        "a.example gave step 'read' of digest nothing in its last 4 runs, since Sun 22 Mar 12:00;"
        " the 20 runs before always found something."
    )


def test_a_source_that_is_often_empty_is_not_called_silent(teller: Teller):
    history(teller, 20, items=[3, 0, 0])
    for n in range(20, 23):
        run_once(teller, "digest", NOON + n * DAY, items=0)
    assert [one.kind for one in anomalies(teller.store)] == []


def test_a_source_that_only_repeats_what_is_old_is_silent_too(teller: Teller):
    for n in range(20):
        newest = rfc3339(NOON + n * DAY - timedelta(hours=5))
        run_once(teller, "digest", NOON + n * DAY, items=20, newest=newest)
    stuck = rfc3339(NOON + 19 * DAY - timedelta(hours=5))
    for n in range(20, 25):
        run_once(teller, "digest", NOON + n * DAY, items=20, newest=stuck)
    [(kind, text)] = told(teller)
    assert (kind, text) == (
        "silent_source",
        "a.example (step 'read' of digest) has published nothing since Sat 21 Mar 07:00, for"
        " 5.2 days; of the 19 pauses seen before, the longest was 24 hours.",
    )


def test_cost_that_creeps_up_is_told_in_the_middle_of_ten_runs(teller: Teller):
    history(teller, 20, cost=[0.018, 0.020, 0.019], tokens=900)
    for n in range(20, 30):
        run_once(teller, "digest", NOON + n * DAY, cost=0.031, tokens=900)
    [(kind, text)] = told(teller)
    assert (kind, text) == (
        "cost_creeping",
        "the last 10 runs of digest spent 0.031 in the middle; the 20 before spent 0.019, half of"
        " them within 0.001 of that.",
    )


def test_a_model_that_costs_nothing_is_counted_in_tokens(teller: Teller):
    history(teller, 20, tokens=1000)
    for n in range(20, 30):
        run_once(teller, "digest", NOON + n * DAY, tokens=1500)
    assert [kind for kind, _ in told(teller)] == ["cost_creeping"]
    assert "spent 1,500 tokens in the middle" in told(teller)[0][1]


def test_a_run_that_failed_is_not_odd_besides(teller: Teller):
    history(teller, 20, items=50)
    failed = run_once(teller, "digest", NOON + 20 * DAY, seconds=900, error=dict(ERRORS[0]))
    assert anomalies_of_run(teller.store, failed) == []
    assert anomalies_of_run(teller.store, "no such run") == []


def test_every_run_since_a_moment_is_looked_at_when_asked(teller: Teller):
    history(teller, 20, seconds=40.0)
    run_once(teller, "digest", NOON + 20 * DAY, seconds=200.0)
    run_once(teller, "digest", NOON + 21 * DAY, seconds=40.0)
    assert told(teller) == []
    since = anomalies(teller.store, since=rfc3339(NOON + 15 * DAY))
    assert [(one.kind, one.at) for one in since] == [("slower", rfc3339(NOON + 20 * DAY))]


def test_the_middle_of_numbers_is_moved_by_no_wild_one():
    assert usual([1, 2, 3, 4, 1000]).median == 3
    assert usual([1, 2, 3, 4, 1000]).spread == 1
    with pytest.raises(ValueError, match="no numbers"):
        usual([])


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.25, "0.25 s"), (8, "8 s"), (41.26, "41.3 s"), (119, "119 s"), (270, "4.5 minutes"),
     (93600, "26 hours"), (691200, "8 days")],
)  # fmt: skip
def test_a_length_of_time_is_said_in_its_own_unit(seconds: float, words: str):
    assert duration(seconds) == words


def test_numbers_keep_as_many_digits_as_a_reader_needs():
    assert [shown(n) for n in (1204.0, 41.23, 0.0312, 512.7)] == ["1,204", "41.2", "0.031", "513"]
