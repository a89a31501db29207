"""A value in another unit, or on another scale, is another value: no rename and no repair."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.healing.comparing import compare
from assistant.healing.measures import paired, rescaled, units_of
from assistant.healing.rewiring import Renamed, renamings

WAITS = [4, 7, 5, 9, 3, 12]


def _ferries(name: str, times: float = 1, *, start: int = 0, **more: Any) -> list[dict[str, Any]]:
    return [
        {"ship": f"MV Heron {start + n}", name: wait * times, **more}
        for n, wait in enumerate(WAITS)
    ]


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
