"""An output is no worse than the ones before it, or it says what is missing."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.healing.comparing import compare
from assistant.healing.relocating import relocations
from assistant.healing.rewiring import Renamed, renamings, rewire, same_wires
from assistant.healing.symptoms import Symptom, quiet_day, symptom_of


def items(numbers: range, *, folder: str = "stories", **more: Any) -> dict[str, Any]:
    return {
        "items": [
            {"title": f"Story number {n}", "url": f"https://a.example/{folder}/story-{n}", **more}
            for n in numbers
        ]
    }


GOOD = items(range(20), author="Jo")


@pytest.mark.parametrize(
    ("after", "lacks"),
    [
        (items(range(5, 25), author="Jo"), ()),
        (items(range(40, 60), author="Jo"), ()),
        (items(range(17), author="Jo"), ()),
        (items(range(8), author="Jo"), ("it gives 8, it used to give 20",)),
        (items(range(0)), ("it gives 0, it used to give 20",)),
        (items(range(20)), ("'author' is filled in 0%, it used to be in 100%",)),
        (
            items(range(50, 70), folder="partners", author="Jo"),
            ("nothing it gave before is in it, and it is of another kind",),
        ),
        (
            {"items": [one | {"title": one["title"].replace("o", "Ã¶")}
                       for one in items(range(20), author="Jo")["items"]]},
            ("its text is garbled", "'title' no longer looks like it did"),
        ),
    ],
)  # fmt: skip
def test_an_output_is_judged_by_count_fields_overlap_and_likeness(after: Any, lacks: tuple):
    assert compare([GOOD], after).lacks == lacks


def test_the_back_of_a_list_without_its_front_is_an_archive():
    lacks = ("only the back of the earlier list is in it: an archive",)
    assert compare([GOOD], items(range(12, 32), author="Jo")).lacks == lacks
    dated = [{"title": f"Story {n}", "url": f"https://a.example/{n}", "published": f"2026-03-{30 - n}"}
             for n in range(20)]  # fmt: skip
    older = ("it is older than what was there before",)
    assert compare([{"items": dated}], {"items": dated[3:] + dated[:0]}).lacks == older
    moved_on = [{"title": f"New {n}", "url": f"https://a.example/new-{n}", "published": "2026-04-01"}
                for n in range(12)]  # fmt: skip
    assert compare([{"items": dated}], {"items": moved_on + dated[:8]}).held


def test_what_nobody_named_may_be_gone_and_is_told():
    compared = compare([GOOD], items(range(20)), wanted=lambda name: False)
    assert (compared.held, len(compared.poorer)) == (True, 1)


def test_things_that_are_there_twice_and_older_ones_besides_are_told():
    twice = {
        "items": items(range(20), author="Jo")["items"] + items(range(6), author="Jo")["items"]
    }
    assert compare([GOOD], twice).lacks == ("6 of its things are there twice",)
    dated = [{"title": f"Story {n}", "url": f"https://a.example/{n}", "published": f"2026-03-{30 - n}"}
             for n in range(12)]  # fmt: skip
    archive = [
        {"title": f"Old {n}", "url": f"https://a.example/old-{n}", "published": f"2026-01-{20 - n}"}
        for n in range(6)
    ]
    compared = compare([{"items": dated}], {"items": dated + archive})
    assert (compared.held, compared.poorer) == (
        True,
        ("6 things are older than all that it gave before",),
    )


def test_a_field_of_another_kind_is_noticed_without_being_asked_about():
    before = {
        "items": [
            {"title": f"A story of the sea {n}", "page": f"2026-01-0{n + 1}"} for n in range(6)
        ]
    }
    after = {"items": [{"title": f"R{n}", "page": str(1767225600 + n)} for n in range(6)]}
    assert compare([before], after, strictly=False).lacks == (
        "'title' is a short word now, it was words",
        "'page' is a number now, it was a day",
    )
    assert compare([before], before, strictly=False).held


def test_the_same_things_at_addresses_that_are_all_written_otherwise_are_the_same():
    lots = [f"A clock of brass and oak {n}" for n in range(12)]

    def told(form: str, *, start: int = 0) -> dict[str, Any]:
        return {"items": [{"title": lots[n], "url": f"https://a.example{form.format(n)}"}
                          for n in range(start, start + 10)]}  # fmt: skip

    before = told("/lots/{}", start=2)
    compared = compare([before], told("/en/catalogue/lot-{}", start=0))
    assert (compared.held, compared.figures["same"]) == (True, 8)
    assert not compare([before], told("/login?next={}")).held


def test_a_price_that_no_longer_looks_like_one_is_no_price():
    before = {"items": [{"title": f"Thing {n}", "price": f"£{n}.50"} for n in range(10)]}
    after = {"items": [{"title": f"Thing {n}", "price": f"{n} left"} for n in range(10)]}
    assert compare([before], after).lacks == (
        "'price' is an amount now, it was a price",
        "'price' no longer looks like it did",
    )


def test_a_run_that_is_merely_poor_is_no_failure_and_an_empty_one_is():
    assert symptom_of([GOOD], items(range(12), author="Jo")) is None
    found = symptom_of([GOOD], items(range(0)))
    assert found == Symptom("it gives 0, usually 20", empty=True)


def test_emptiness_on_a_day_that_was_empty_before_is_quiet():
    empty, full = items(range(0)), GOOD
    symptom = Symptom("it gives 0, usually 20", empty=True)
    sunday, monday = "2026-03-22T12:00:00.000Z", "2026-03-23T12:00:00.000Z"
    past = [
        ("2026-03-21T12:00:00.000Z", full), ("2026-03-16T12:00:00.000Z", full),
        ("2026-03-15T12:00:00.000Z", empty), ("2026-03-14T12:00:00.000Z", full),
    ]  # fmt: skip
    assert quiet_day(symptom, sunday, past).quiet
    assert not quiet_day(symptom, monday, past).quiet
    assert not quiet_day(symptom, sunday, [("2026-03-15T12:00:00.000Z", empty)]).quiet


def test_a_renamed_key_is_found_by_what_stands_under_it():
    old = {"data": {"stories": [{"title": "A storm", "link": "https://a.example/1"}], "total": 1}}
    new = {"data": {"items": [{"headline": "A storm", "link": "https://a.example/1"}], "total": 1}}
    assert list(renamings(old, new)) == [Renamed("stories", "items"), Renamed("title", "headline")]


ROWS = [
    {"name": "A storm", "link": "https://a.example/1"},
    {"name": "Calm", "link": "https://a.example/2"},
]
READS = "${{ [r.name for r in steps.api.data.rows] }}"


@pytest.mark.parametrize(
    ("data", "becomes"),
    [
        ({"rows": {"edges": [{"node": row} for row in ROWS]}}, "${{ [r.node.name for r in steps.api.data.rows.edges] }}"),
        ({"rows": {"1": ROWS[0], "2": ROWS[1]}}, "${{ [r.name for r in values(steps.api.data.rows)] }}"),
        (ROWS, "${{ [r.name for r in steps.api.data] }}"),
        ({"rows": [row | {"name": {"rendered": row["name"], "lang": "en"}} for row in ROWS]},
         "${{ [r.name.rendered for r in steps.api.data.rows] }}"),
        ({"rows": [{"kind": "row", "attributes": row} for row in ROWS]},
         "${{ [r.attributes.name for r in steps.api.data.rows] }}"),
        ({"count": 2, "rows": ROWS}, READS),
        ({"rows": [{"row-name": row["name"], "link": row["link"]} for row in ROWS]},
         "${{ [r['row-name'] for r in steps.api.data.rows] }}"),
    ],
)  # fmt: skip
def test_records_are_read_where_they_stand_now(data: Any, becomes: str):
    changed = READS
    for one in renamings({"data": {"rows": ROWS}}, {"data": data}):
        changed = rewire(changed, one)
    assert changed == becomes
    assert same_wires(READS, changed)


def test_records_that_stand_deeper_are_found_by_their_values():
    old = {"data": {"total": 2, "rows": [row | {"n": n} for n, row in enumerate(ROWS)]}}
    node = [
        {"node": {"label": row["name"], "link": row["link"], "n": n}} for n, row in enumerate(ROWS)
    ]
    new = {"data": {"result": {"tables": [{"name": "none"}], "rows": {"edges": node}}}}
    changed = READS
    for one in relocations(old, new):
        changed = rewire(changed, one)
    assert changed == "${{ [r.node.label for r in steps.api.data.result.rows.edges] }}"
    split = [row | {"name_short": row["name"], "name_long": row["name"]} for row in ROWS]
    for row in split:
        del row["name"]
    assert relocations(old, {"data": {"rows": split}}) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({"rows": ROWS}, {"rows": [], "archive": ROWS}, []),
        ({"rows": ROWS}, {"archive": ROWS}, [Renamed("rows", "archive")]),
        ({"rows": ROWS}, {"one": ROWS, "other": ROWS}, []),
        ({"rows": ROWS}, {"all": {"by_id": {"7": ROWS[0], "9": ROWS[1]}}},
         [Renamed("rows", "all.by_id"), Renamed("all.by_id", "all.by_id", as_values=True)]),
        ({"now": {"degrees": 4}}, {"data": {"at": "noon", "air": {"degrees": 7}}}, [Renamed("now.degrees", "data.air.degrees")]),
        ({"now": {"degrees": 4}}, {"air": {"degrees": 7}, "sea": {"degrees": 5}}, []),
        ({"now": {"degrees": 4}}, {"air": {"degrees": "warm"}}, []),
    ],
)  # fmt: skip
def test_what_has_moved_is_told_and_what_became_empty_has_not(old: Any, new: Any, found: list):
    assert relocations(old, new) == found


def test_only_keys_in_expressions_are_rewired():
    value = {"text": "stories: ${{ [s.title for s in steps.api.data.stories] }}"}
    changed = rewire(value, Renamed("stories", "items"))
    assert changed == {"text": "stories: ${{ [s.title for s in steps.api.data.items] }}"}
    assert same_wires(value, changed)


@pytest.mark.parametrize(
    "after",
    [
        "${{ steps.other.data.stories }}",
        "${{ steps.api.data.stories + inputs.more }}",
        "${{ secrets.data.stories }}",
        "https://evil.example/",
        "${{ inputs.data.stories }}",
        "${{ values(steps.other.data.stories) }}",
        "${{ values(steps.api.data.stories + inputs.more) }}",
    ],
)
def test_another_source_is_no_rewiring(after: str):
    assert not same_wires("${{ steps.api.data.stories }}", after)
