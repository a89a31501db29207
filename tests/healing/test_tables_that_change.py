"""Databases that are rebuilt under a query: what gives the same rows is found, what means another is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from assistant.healing.querying import computed, swapped, texts_in_single_quotes
from assistant.healing.tables import Reference, TableShape, tables_in
from tests.healing.running import a_world, play
from tests.healing.scenarios import Put, Scenario
from tests.healing.world import World

CAKES = ("Seed cake", "Plum tart", "Rye loaf", "Fig roll", "Oat slab", "Bran bun", "Lemon bar",
         "Malt loaf", "Nut ring", "Pear pie")  # fmt: skip
BAKERS = ("Ada", "Ben", "Cleo")
STATES = ("open", "baked", "sold")
DUE = datetime(2026, 1, 5, tzinfo=UTC)


def orders(n: int) -> dict:
    return {"id": n + 1, "cake": CAKES[n], "baker": BAKERS[n % 3], "state": STATES[n % 3],
            "due": f"{DUE + timedelta(days=n):%Y-%m-%d}", "minutes": 20 + n}  # fmt: skip


ROWS = [orders(n) for n in range(len(CAKES))]


def literal(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)


def table(name: str, columns: str, rows: list[list]) -> str:
    values = ", ".join(f"({', '.join(map(literal, row))})" for row in rows)
    return f"create table {name} ({columns}); insert into {name} values {values};"


def plain(name: str = "orders", *, baker: str = "baker", cake: str = "cake", **changed) -> str:
    """The table as it was, but for what is changed: a column's name, its type and values."""
    kinds = {"state": "text", "due": "text", "minutes": "integer"}
    names = {key: changed.get(f"{key}_name", key) for key in kinds}
    columns = [f"{names[key]} {changed.get(f'{key}_type', kind)}" for key, kind in kinds.items()]
    rows = [
        [row["id"], row["cake"], row["baker"], *(changed.get(key, lambda v: v)(row[key]) for key in kinds)]
        for row in ROWS
    ]  # fmt: skip
    return table(
        name, f"id integer primary key, {cake} text, {baker} text, {', '.join(columns)}", rows
    )


def database(script: str) -> Put:
    def put(world: World) -> dict:
        world.tables(script)
        return {}

    return put


def job(sql: str) -> str:
    return f"""steps:
  - id: rows
    skill: query_database
    with: {{sql: {sql!r}, database: shop}}
outputs: {{count: "${{{{ steps.rows.count }}}}"}}
expect: ["${{{{ steps.rows.count > 0 }}}}"]
"""


def gives(*names: str, where=lambda row: True) -> tuple:
    told = [" ".join(str(row[name]) for name in names) for row in ROWS if where(row)]
    return ("rows", lambda world: told)


APART = table("bakers", "id integer primary key, full_name text",
              [[n + 1, name] for n, name in enumerate(BAKERS)])  # fmt: skip
WITH_KEY = table("orders", "id integer primary key, cake text, baker_id integer{}",
                 [[row["id"], row["cake"], BAKERS.index(row["baker"]) + 1] for row in ROWS])  # fmt: skip
DETAILS = (table("orders", "id integer primary key, cake text", [[r["id"], r["cake"]] for r in ROWS])
           + table("details", "order_id integer references orders (id), baker text, due text",
                   [[r["id"], r["baker"], r["due"]] for r in ROWS]))  # fmt: skip
HALVED = table("orders", "id integer primary key, cake text, baker_first text, baker_last text",
               [[row["id"], row["cake"], row["baker"], "Miller"] for row in ROWS])  # fmt: skip
BAKER = job("select cake, baker from orders order by id")
OPEN = job("select cake from orders where state = 'open' order by id")
SOON = job("select cake from orders where due >= '2026-01-08' order by id")


def epoch(day: str) -> int:
    return int(datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp())


JOINED = job(
    "select o.cake from orders o join teams t on t.name = o.baker where t.id = 1 order by o.id"
)
VIEW = job("select cake from open_orders order by id")


def before(script: str = "") -> Put:
    return database(plain() + script)


BEFORE = {
    "key-of-a-joined-table-renamed": before(
        table("teams", "id integer primary key, name text", [[1, "Ada"], [2, "Ben"]])
    ),
    "no-day-is-an-empty-text-now": before(
        "alter table orders add column note text; update orders set note = 'late' where id > 6;"
    ),
    "view-of-open-ones-is-gone": before(
        "create view open_orders as select * from orders where state = 'open';"
    ),
}
"""What else there was before, for those that need it."""


def is_open(row: dict) -> bool:
    return row["state"] == "open"


HEALED = [
    ("baker-behind-a-declared-key", BAKER, APART + WITH_KEY.format(" references bakers (id)"),
     gives("cake", "baker")),
    ("baker-behind-a-key-told-by-its-name", BAKER, APART + WITH_KEY.format(""), gives("cake", "baker")),
    ("baker-in-a-table-of-details", BAKER, DETAILS, gives("cake", "baker")),
    ("only-where-names-what-went", job("select cake from orders where baker = 'Ada' order by id"),
     APART + WITH_KEY.format(" references bakers (id)"), gives("cake", where=lambda r: r["baker"] == "Ada")),
    ("two-columns-renamed", BAKER, plain(baker="baker_name", cake="cake_title"), gives("cake", "baker")),
    ("table-and-column-renamed", BAKER, plain("bakery_orders", baker="baker_name"), gives("cake", "baker")),
    ("table-has-quite-another-name", BAKER, plain("purchases"), gives("cake", "baker")),
    ("column-is-a-word-of-sql-now", BAKER, plain(baker='"baker group"'), gives("cake", "baker")),
    ("open-is-called-waiting", OPEN, plain(state=lambda v: {"open": "waiting"}.get(v, v)),
     gives("cake", where=is_open)),
    ("states-are-numbers-now", OPEN, plain(state=STATES.index, state_type="integer"),
     gives("cake", where=is_open)),
    ("one-of-two-states-renamed", job("select cake from orders where state in ('open') order by id"),
     plain(state=lambda v: {"open": "to bake"}.get(v, v)), gives("cake", where=is_open)),
    ("word-became-a-column", job('select cake from orders where state = "open" order by id'),
     plain() + "alter table orders add column open integer;", gives("cake", where=is_open)),
    ("days-with-the-day-first", SOON, plain(due=lambda d: f"{d[8:]}.{d[5:7]}.{d[:4]}"),
     gives("cake", where=lambda r: r["due"] >= "2026-01-08")),
    ("key-of-a-joined-table-renamed", JOINED,
     plain() + table("teams", "team_no integer primary key, name text", [[1, "Ada"], [2, "Ben"]]),
     gives("cake", where=lambda r: r["baker"] == "Ada")),
    ("no-day-is-an-empty-text-now", job("select cake from orders where note is null order by id"),
     plain() + "alter table orders add column note text default ''; update orders set note = 'late' where id > 6;",
     gives("cake", where=lambda r: r["id"] <= 6)),
    ("selected-days-in-seconds", job("select cake, due from orders order by id"),
     plain(due=epoch, due_type="integer"), gives("cake", "due")),
]  # fmt: skip
LEFT = [
    ("baker-has-two-names-now", BAKER, HALVED),
    ("all-open-ones-are-sold", OPEN, plain(state=lambda v: {"open": "sold"}.get(v, v))),
    ("all-open-ones-are-closed", OPEN, plain(state=lambda v: {"open": "closed"}.get(v, v))),
    ("minutes-are-seconds-now", job("select cake, minutes from orders order by id"),
     plain(minutes_name="minutes_and_seconds", minutes=lambda v: v * 60)),
    ("bakers-were-dealt-anew", BAKER, table(
        "orders", "id integer primary key, cake text, baker_team text",
        [[row["id"], row["cake"], f"Team {row['id'] % 2}"] for row in ROWS])),
    ("two-columns-would-do", job("select cake from orders where state = 'open' order by id"),
     plain(state_name="progress") + "alter table orders add column phase text; update orders set phase = progress;"),
    ("view-of-open-ones-is-gone", VIEW, plain()),
    ("another-table-with-such-columns", BAKER,
     table("recipes", "id integer primary key, cake text, baker text", [[1, "Old cake", "Zoe"]] * 0
           + [[n, f"Old cake {n}", "Zoe"] for n in range(12)])),
]  # fmt: skip


async def test_a_query_is_mended_where_it_gives_the_same_rows_and_left_where_it_means_another():
    scenarios = [
        Scenario(name, "shape_changed", "heal", yaml, BEFORE.get(name, before()), database(after), told,
                 fails="selected" not in name)
        for name, yaml, after, told in HEALED
    ] + [
        Scenario(name, "shape_changed", "leave", yaml, BEFORE.get(name, before()), database(after))
        for name, yaml, after in LEFT
    ]  # fmt: skip
    ended = dict[str, str]()
    async with a_world() as world:
        for scenario in scenarios:
            result = await play(world, scenario, "recipes")
            ended[scenario.name] = "right" if result.right else f"{result.outcome}: {result.reason}"
    assert ended == {one.name: "right" for one in scenarios}


def test_what_refers_to_what_is_read_from_the_database_s_own_words():
    told = """create table lines (id integer primary key, name text);
    CREATE TABLE "works" (id integer, line_id integer references lines (id), price numeric(8, 2),
      state text check (state in ('a', 'b')), foreign key (price) references prices (id));"""
    assert tables_in(told) == [
        TableShape("lines", ("id", "name")),
        TableShape("works", ("id", "line_id", "price", "state"),
                   (Reference("works", "line_id", "lines", "id"),
                    Reference("works", "price", "prices", "id"))),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "becomes"),
    [
        ("select line from works order by line", "select (x) as line from works order by (x)"),
        ("select a, w.line, 'line' from works w", "select a, (x) as line, 'line' from works w"),
        ("select upper(line), line as l from works", "select upper((x)), (x) as l from works"),
        ("select a from works where outline = line", "select a from works where outline = (x)"),
        (
            "select l.line from works where w.line = 1",
            "select (x) as line from works where (x) = 1",
        ),
    ],
)
def test_a_column_is_replaced_wherever_it_stands(sql: str, becomes: str):
    assert computed(sql, "line", "(x)") == becomes


def test_names_that_are_words_of_sql_are_quoted_and_texts_left_alone():
    assert swapped("select line from t where a = 'line'", "line", "order") == (
        "select \"order\" as line from t where a = 'line'"
    )
    assert texts_in_single_quotes('select "a" from t where b = "c" and d in ("e", "f\'s")') == (
        "select \"a\" from t where b = 'c' and d in ('e', 'f''s')"
    )
