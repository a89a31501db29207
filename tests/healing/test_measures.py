"""A value in another unit, or on another scale, is another value: no rename and no repair."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assistant.healing.comparing import compare
from assistant.healing.kinds import kind_of, other_kind, same_amount
from assistant.healing.measures import (
    otherwise_written,
    paired,
    rescaled,
    something_else,
    units_of,
)
from assistant.healing.rewiring import Renamed, renamings

WAITS = [4, 7, 5, 9, 3, 12]


def _ferries(name: str, times: float = 1, *, start: int = 0, **more: Any) -> list[dict[str, Any]]:
    return [
        {"ship": f"MV Heron {start + n}", name: wait * times, **more}
        for n, wait in enumerate(WAITS)
    ]


def _halls(name: str, seats: int) -> list[dict[str, Any]]:
    return [{"ship": row["ship"], name: seats} for row in _ferries(name)]


@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("wait_seconds", {"s"}), ("waitMs", {"ms"}), ("wait_min", {"min"}), ("min_wait", {"lowest"}),
        ("seconds", {"s"}), ("distance-km", {"km"}), ("temp_f", {"F"}), ("price_gross", {"gross"}),
        ("departs_utc", {"utc"}), ("avg_speed", {"average"}), ("f", set()), ("wait", set()),
        ("total", set()), ("items", set()),
    ],
)  # fmt: skip
def test_a_name_tells_in_what_its_value_is_measured(name: str, units: set[str]):
    assert units_of(name) == units


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (_ferries("wait"), _ferries("wait_seconds", 60)),  # the name and the rows say it
        (_ferries("wait"), _ferries("delay", 60)),  # only the rows say it
        (_ferries("wait"), _ferries("wait_seconds", 60, start=90)),  # only the name says it
        (_ferries("wait"), _ferries("delay", 1000, start=90)),  # only the size says it
        (_ferries("distance_km"), _ferries("distance_miles", 0.621)),
        (_ferries("price_eur", 1.0), _ferries("price_cents", 100)),
        ({"wait_minutes": 4}, {"wait_seconds": 240}),
        ({"wait": 4}, {"pause": 240}),
        (_ferries("seats_left"), _halls("seats", 420)),  # how many there are, for how many are left
        (_ferries("seats_left"), _ferries("seats_sold", start=90)),  # only the names say it
        (_ferries("seats_left"), [row | {"seats": 90 + n} for n, row in enumerate(_halls("x", 1))]),
    ],
)
def test_a_key_with_another_unit_or_scale_is_no_renamed_key(old: Any, new: Any):
    assert list(renamings(old, new)) == []


@pytest.mark.parametrize(
    ("old", "new", "renamed"),
    [
        (_ferries("wait"), _ferries("wait_minutes"), Renamed("wait", "wait_minutes")),
        (_ferries("wait_mins"), _ferries("waitMinutes"), Renamed("wait_mins", "waitMinutes")),
        (_ferries("wait"), _ferries("delay", start=90), Renamed("wait", "delay")),
        ({"wait": 4}, {"delay": 6}, Renamed("wait", "delay")),
    ],
)
def test_the_same_values_under_a_clearer_name_are_a_renamed_key(
    old: Any, new: Any, renamed: Renamed
):
    assert list(renamings(old, new)) == [renamed]


def test_rows_are_found_again_by_what_names_them_also_under_another_key():
    old = [{"id": n, "rank": n} for n in range(4)]
    new = [{"key": n, "rank": 3 - n} for n in range(2, 6)]
    assert [(a["id"], b["key"]) for a, b in paired(old, new)] == [(2, 2), (3, 3)]


def test_texts_with_other_units_are_told_and_growing_numbers_are_not():
    old = [{"ship": f"MV Heron {n}", "way": f"{n + 3} km", "read": str(n + 5)} for n in range(6)]
    new = [row | {"way": row["way"].replace("km", "miles")} for row in old]
    grown = [row | {"read": str(int(row["read"]) * 3 + n * n)} for n, row in enumerate(old)]
    assert rescaled(old, new) == ["'way' is told in mi now"]
    assert rescaled(old, grown) == []


def test_an_output_whose_numbers_were_all_multiplied_is_no_repair():
    before = {"items": [{"url": f"https://x.example/{n}", "summary": f"waits {w} min"}
                        for n, w in enumerate(WAITS)]}  # fmt: skip
    after = {"items": [{"url": f"https://x.example/{n}", "summary": f"waits {w * 60} min"}
                       for n, w in enumerate(WAITS)]}  # fmt: skip
    compared = compare([before], after)
    assert compared.lacks == ("'summary' is 60 times what it was in the same rows",)
    assert compare([before], before).held


SHIPS = [("Heron", "Mair Preece", "12 May 2026"), ("Curlew", "Owen Tudge", "13 May 2026"),
         ("Plover", "Sal Whitlock", "14 May 2026"), ("Dunlin", "Ann Beck", "15 May 2026")]  # fmt: skip


def _crews(*told: tuple[str, str, str]) -> list[dict[str, str]]:
    return [
        {"url": f"/ships/{n}", "ship": ship, "captain": captain, "sails": day}
        for n, (ship, captain, day) in enumerate(told)
    ]


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (_crews(*SHIPS), []),
        ([row | {"captain": row["ship"]} for row in _crews(*SHIPS)],
         ["'captain' holds something else in all things that were there before"]),
        ([row | {"captain": row["captain"].upper()} for row in _crews(*SHIPS)], []),
        ([row | {"captain": row["captain"][:5] + "…"} for row in _crews(*SHIPS)],
         ["'captain' holds something else in all things that were there before"]),
        ([row | {"ship": row["ship"][:4] + "…" * (len(row["ship"]) > 5)} for row in _crews(*SHIPS)],
         ["'ship' holds something else in all things that were there before"]),
        (_crews(("Heron", "Ann Beck", ""), *SHIPS[1:]), []),  # one ship has another captain
        ([row | {"sails": "20 May 2026"} for row in _crews(*SHIPS)], []),  # days go on
    ],
)  # fmt: skip
def test_words_that_are_others_in_every_row_are_something_else(now: Any, told: list[str]):
    assert something_else(_crews(*SHIPS), now) == told


REFS = [f"TB/26/{400 + n}" for n in range(6)]
HALLS = ["main hall", "studio"]


def _rows(name: str, values: list[str]) -> list[dict[str, str]]:
    return [{"url": f"/notices/{n}", name: value} for n, value in enumerate(values)]


@pytest.mark.parametrize(
    ("name", "before", "after", "told"),
    [
        ("ref", REFS, [f"Ref {one}" for one in REFS], ["'ref' has 'Ref' beside it now"]),
        ("ref", REFS, [f"{one} new" if one == REFS[0] else one for one in REFS], []),
        ("hall", HALLS * 3, ["Drama", "Music", "Dance", "Opera", "Mime", "Farce"],
         ["'hall' holds something else in all things that were there before"]),
        ("hall", HALLS * 3, ["Great hall", "Little studio"] * 3, []),  # each is only called otherwise
    ],
)  # fmt: skip
def test_labels_and_other_categories_are_told_where_few_words_tell_values_apart(
    name: str, before: list[str], after: list[str], told: list[str]
):
    assert something_else(_rows(name, before), _rows(name, after)) == told


def test_numbers_of_their_own_that_are_all_one_now_are_another_number():
    old, new = _rows("left", ["90", "83", "76", "69"]), _rows("left", ["420"] * 4)
    assert rescaled(old, new) == ["'left' is the same number in all things that were there before"]
    assert rescaled(old, _rows("left", ["90", "80", "76", "0"])) == []


def test_a_moment_without_its_time_is_not_the_same_in_another_form():
    old = _rows("starts", [f"2026-03-0{n} 19:30" for n in range(1, 6)])
    whole = _rows("starts", [f"2026-03-0{n}T19:30Z" for n in range(1, 6)])
    assert otherwise_written(old, whole) == ["starts"]
    assert otherwise_written(old, _rows("starts", [f"{n} March 2026" for n in range(1, 6)])) == []


def _posts(form: str, *, later: int = 0) -> dict[str, Any]:
    days = [date(2026, 3, n + later) for n in range(1, 9)]
    told = [{"url": f"https://x.example/{n}", "title": f"A post, no. {n}"} for n in range(8)]
    return {
        "items": [row | {"published": f"{day}T00:00:00Z"} for row, day in zip(told, days, strict=True)],
        "records": [row | {"published": f"{day:{form}}"} for row, day in zip(told, days, strict=True)],
    }  # fmt: skip


def test_records_whose_day_is_in_another_form_are_for_a_person_where_the_job_reads_them():
    before, after = _posts("%Y-%m-%d"), _posts("%d %B %Y")
    read = compare([before], after)
    assert (read.held, read.poorer) == (True, ("'published' is written otherwise now",))
    assert compare([before], after, wanted=lambda name: name != "records").poorer == ()
    assert compare([before], _posts("%Y-%m-%d")).poorer == ()


def test_things_that_were_all_published_on_another_day_now_are_no_repair():
    lacks = ("'published' is another day in all things that were there before",)
    assert compare([_posts("%Y-%m-%d")], _posts("%Y-%m-%d", later=20)).lacks == lacks


def test_a_field_is_cut_off_when_most_of_its_texts_end_before_they_did():
    names = [
        "The Heron of Lowestoft",
        "The Curlew of Hull",
        "Dunlin",
        "The Plover of Whitby",
        "Knot",
    ]
    old = [{"url": f"/ships/{n}", "ship": name} for n, name in enumerate(names)]
    new = [row | {"ship": row["ship"][:11] + "…" * (len(row["ship"]) > 11)} for row in old]
    assert something_else(old, new) == ["'ship' is cut off in most things that were there before"]


def test_the_same_days_and_amounts_are_known_in_another_form():
    old = [{"url": f"/s/{n}", "day": f"{n} May 2026", "fare": f"£{n}.50"} for n in range(3, 8)]
    new = [{"url": f"/s/{n}", "day": f"2026-05-0{n}", "fare": f"{n}.5"} for n in range(3, 8)]
    assert otherwise_written(old, new) == ["day", "fare"]
    other = [row | {"fare": row["fare"] + " EUR"} for row in new]
    assert otherwise_written(old, other) == ["day"]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["£3.50", "£12.00"], "a price"), (["4 jars", "12 jars"], "an amount"), (["4", "12"], "a number"),
        (["£4", "12"], "a number"), (["3 May 2026", "2026-05-04"], "a day"), (["On loan", "£3"], ""),
    ],
)  # fmt: skip
def test_a_price_is_told_from_a_count_of_things(values: list[str], kind: str):
    assert kind_of(values) == kind


def test_a_bare_number_may_be_a_price_and_jars_may_not():
    assert not other_kind("a price", "a number")
    assert not other_kind("a number", "an amount")
    assert other_kind("a price", "an amount")
    assert other_kind("a number", "words")
    assert same_amount("£12.50", "12.5")
    assert not same_amount("£12.50", "€12.50")
    assert not same_amount("£12.50", "1250")
