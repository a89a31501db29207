"""A column or key whose name several new ones carry: the rows tell which it was, or a person does."""

from __future__ import annotations

import pytest

from assistant.healing.parting import are_halves, part_of
from assistant.healing.rewiring import Renamed, renamings
from tests.healing.running import a_world, play
from tests.healing.scenarios import Scenario
from tests.healing.test_tables_that_change import ROWS, before, database, gives, job, table

MINUTES = job("select cake, minutes from orders order by id")
LONG = job("select cake from orders where minutes > 23 order by id")


def apart(*names: str, values, add: str = "") -> str:
    """The orders with two columns where one was; `values` gives both of them for a row."""
    columns = f"id integer primary key, cake text, {', '.join(names)}{add}"
    return table("orders", columns, [[row["id"], row["cake"], *values(row)] for row in ROWS])


HEALED = [
    ("oven-and-rest", MINUTES, apart("minutes_rest", "minutes_oven", values=lambda r: (5, r["minutes"])),
     gives("cake", "minutes")),
    ("main-baker-and-helper", job("select cake, baker from orders order by id"),
     apart("baker_helper", "baker_main", values=lambda r: ("Zoe" if r["baker"] != "Ada" else "Eve", r["baker"])),
     gives("cake", "baker")),
    ("three-of-them", job("select cake, due from orders order by id"),
     apart("due_shop", "due_market", "due_mail",
           values=lambda r: ("2026-09-01", r["due"], "2026-10-01")), gives("cake", "due")),
]  # fmt: skip
LEFT = [
    ("both-have-its-values", MINUTES,
     apart("minutes_oven", "minutes_stone", values=lambda r: (r["minutes"], r["minutes"]))),
    ("some-rows-have-other-values", MINUTES,
     apart("minutes_rest", "minutes_oven", values=lambda r: (5, r["minutes"] + (r["id"] == 4)))),
    ("halves-of-what-it-was", MINUTES,
     apart("minutes_min", "minutes_max", values=lambda r: (r["minutes"], r["minutes"] + 9))),
    ("most-rows-have-both", MINUTES,
     apart("minutes_oven", "minutes_usual", values=lambda r: (r["minutes"], r["minutes"] + (r["id"] > 7)))),
    ("nothing-else-tells-the-rows", job("select minutes from orders order by id"),
     apart("minutes_rest", "minutes_oven", values=lambda r: (5, r["minutes"]))),
    ("only-compared-with", LONG,
     apart("minutes_rest", "minutes_oven", values=lambda r: (r["minutes"] - 1, r["minutes"]))),
]  # fmt: skip


async def test_the_rows_tell_which_of_several_columns_it_was_or_nobody_does():
    scenarios = [
        Scenario(name, "shape_changed", "heal", yaml, before(), database(after), told)
        for name, yaml, after, told in HEALED
    ] + [Scenario(name, "shape_changed", "leave", yaml, before(), database(after))
         for name, yaml, after in LEFT]  # fmt: skip
    ended = dict[str, str]()
    async with a_world() as world:
        for scenario in scenarios:
            result = await play(world, scenario, "recipes")
            ended[scenario.name] = "right" if result.right else f"{result.outcome}: {result.reason}"
    assert ended == {one.name: "right" for one in scenarios}


OLD = [{"boat": f"Boat {n}", "fee": 3 + n} for n in range(6)]


def test_a_key_of_an_answer_is_told_by_its_rows_as_well():
    new = [{"boat": row["boat"], "fee_day": row["fee"], "fee_week": 40 - row["fee"]} for row in OLD]
    assert list(renamings(OLD, new)) == [Renamed("fee", "fee_day")]
    same = [row | {"fee_week": row["fee_day"]} for row in new]
    assert list(renamings(OLD, same)) == []
    dearer = [row | {"fee_day": row["fee_day"] + 1} for row in new]
    assert list(renamings(OLD, dearer)) == []


@pytest.mark.parametrize(
    ("names", "halves"),
    [
        (("price_net", "price_gross"), True),
        (("priceMin", "priceMax"), True),
        (("price_adult", "price_child"), False),
        (("price_old", "price_now"), True),
        (("price_net", "price_child"), False),
    ],
)
def test_net_and_gross_are_halves_and_adults_and_children_are_not(
    names: tuple[str, ...], halves: bool
):
    assert are_halves("price", names) is halves
    assert part_of("price", names, [], []) == ""
