"""Pages that are rebuilt under a job: its records are found again, and nothing besides them is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from assistant.healing.narrowing import narrowed
from assistant.healing.placing import fields_now
from assistant.healing.reading import select
from assistant.skills.pages import parse_page
from tests.healing.running import a_world, play
from tests.healing.scenarios import Put, Scenario
from tests.healing.world import World

_NAMES = ("Brass carriage clock", "Oak long-case clock", "Ship's chronometer", "Marble mantel clock",
          "Painted cuckoo clock", "Silver pocket watch", "Railway station dial", "Skeleton clock by Evans",
          "Walnut bracket clock", "Tower clock movement", "Nurse's fob watch", "Portable sundial")  # fmt: skip


@dataclass(frozen=True)
class Lot:
    n: int

    @property
    def title(self) -> str:
        return f"{_NAMES[self.n % len(_NAMES)]}, lot {self.n}"

    @property
    def path(self) -> str:
        return f"/lots/{self.n}"

    @property
    def price(self) -> str:
        return f"£{40 + self.n * 7 % 90}.50"

    @property
    def guess(self) -> str:
        return f"£{300 + self.n * 11 % 90}.00"

    @property
    def day(self) -> str:
        return f"{date(2026, 1, 1) + timedelta(days=self.n):%Y-%m-%d}"


HAD, HAS = [Lot(n) for n in range(60, 48, -1)], [Lot(n) for n in range(62, 50, -1)]
OVER = [Lot(n) for n in range(20, 12, -1)]


def card(lot: Lot, kind: str = "lot") -> str:
    return (
        f'<li class="{kind}"><h3><a href="{lot.path}">{lot.title}</a></h3><b class="price">{lot.price}</b>'
        f'<time datetime="{lot.day}">{lot.day}</time></li>'
    )


def cards(lots: Sequence[Lot], kind: str = "lot") -> str:
    return "".join(card(lot, kind) for lot in lots)


def listed(lots: Sequence[Lot], kind: str = "lot", name: str = "lots") -> str:
    return f'<ul class="{name}">{cards(lots, kind)}</ul>'


def site(body: str) -> Put:
    menu = "".join(f'<li><a href="/{word}">{word}</a></li>' for word in ("sales", "rooms", "staff"))
    whole = (
        f"<!DOCTYPE html><html lang='en'><head><title>Evans and Daughter</title></head><body>"
        f'<header><ul class="menu">{menu}</ul></header><main><h1>Clocks in our next sale</h1>{body}</main>'
        "<footer><p>Evans and Daughter, auctioneers since 1923</p></footer></body></html>"
    )
    return lambda world: {"/sale": whole}


def table(lots: Sequence[Lot], *, numbered: bool = False) -> str:
    rows = "".join(
        "<tr>" + (f"<td>{lot.n}</td>" if numbered else "")
        + f'<td><a href="{lot.path}">{lot.title}</a></td>'
        + (f"<td>{lot.guess}</td><td>{lot.price}</td>" if numbered else f"<td>{lot.price}</td><td>{lot.guess}</td>")
        + "</tr>"
        for lot in lots
    )  # fmt: skip
    return f'<table class="lots"><tbody>{rows}</tbody></table>'


def facts(lots: Sequence[Lot]) -> str:
    """Cards whose facts are lists of definitions; some have one fact more, before the price."""
    return "<section>" + "".join(
        f'<article><h4><a href="{lot.path}">{lot.title}</a></h4><dl>'
        + (f"<dt>Maker</dt><dd>Evans {lot.n}</dd>" if lot.n % 2 else "")
        + f"<dt>Estimate</dt><dd>{lot.guess}</dd><dt>Price</dt><dd>{lot.price}</dd></dl></article>"
        for lot in lots
    ) + "</section>"  # fmt: skip


def job(selector: str, fields: str = "") -> str:
    told = f", fields: {fields}" if fields else ""
    return f"""steps:
  - id: read
    skill: scrape_page
    with: {{url: "{{origin}}/sale", selector: "{selector}"{told}}}
    retry: {{attempts: 1}}
outputs: {{count: "${{{{ size(steps.read.items) }}}}"}}
"""


CHILDREN = job("main > ul.lots > li")
CARDS = job("ul.lots > li", "{title: h3 a, url: h3 a@href, price: .price}")
PLACES = job(
    "table.lots tbody tr",
    "{title: 'td:nth-child(1)', url: 'td:nth-child(1) a@href', price: 'td:nth-child(2)'}",
)
TITLES = ("read", lambda world: [lot.title for lot in HAS])


def records(world: World, path: str = "read") -> list[str]:
    return [f"{lot.title} {world.origin}{lot.path} {lot.price}" for lot in HAS]


def gives_fields() -> tuple:
    return ("read", lambda world: [lot.title for lot in HAS])


def panel(lots: Sequence[Lot], attributes: str) -> str:
    return f"<div {attributes}>{listed(lots, 'lot entry', 'grid')}</div>"


def whole_links(lots: Sequence[Lot]) -> str:
    rows = "".join(
        f'<a class="tile" href="{lot.path}" aria-label="{lot.title}"><span class="tag">{lot.price}</span>'
        f'<img alt="" src="/thumbs/{lot.n}.jpg"></a>'
        for lot in lots
    )
    return f'<div class="tiles">{rows}</div>'


def in_rows(lots: Sequence[Lot], size: int) -> str:
    """Cards in rows of so many, the oldest first."""
    told = sorted(lots, key=lambda lot: lot.n)
    parts = [told[at : at + size] for at in range(0, len(told), size)]
    return "".join(
        f'<div class="row">{cards(part, "cell").replace("li", "div")}</div>' for part in parts
    )


ADVERT = '<li class="cell paid"><h3><a href="https://shop.example/rings">Rings at half price</a></h3></li>'
WAITING = '<li class="cell wait"><h3>Loading</h3></li>'
MENDED: list[tuple[str, str, Put, Put]] = [
    ("a-panel-for-what-is-sold", CHILDREN, site(listed(HAD)),
     site(panel(HAS, 'id="next-sale"') + panel(OVER, 'id="sold-lots"'))),
    ("a-panel-out-of-sight", CHILDREN, site(listed(HAD)),
     site(panel(HAS, 'class="tab"') + panel(OVER, 'class="tab" aria-hidden="true"'))),
    ("a-panel-under-its-heading", CHILDREN, site(listed(HAD)),
     site(f"<section>{listed(HAS, 'cell')}</section><section><h2>Past sales</h2>{listed(OVER, 'cell')}</section>")),
    ("the-first-one-is-shown-twice", CHILDREN, site(listed(HAD)),
     site(f'<div class="hero">{listed(HAS[:1], "cell")}</div><div class="all">{listed(HAS, "cell")}</div>')),
    ("favourites-stand-before-the-list", CHILDREN, site(listed(HAD)),
     site(f'<aside class="fav">{listed(HAS[3:7], "cell")}</aside><div class="all">{listed(HAS, "cell")}</div>')),
    ("advertisements-in-the-list", CHILDREN, site(listed(HAD)),
     site(f'<ul class="grid">{ADVERT}{cards(HAS[:6], "cell")}{ADVERT}{cards(HAS[6:], "cell")}{ADVERT}</ul>')),
    ("boxes-that-wait-for-more", CHILDREN, site(listed(HAD)),
     site(f'<ul class="grid">{cards(HAS, "cell")}{WAITING * 4}</ul>')),
    ("rows-of-three-and-the-oldest-first", CHILDREN, site(listed(HAD)), site(in_rows(HAS, 3))),
    ("a-section-for-each-kind", CHILDREN, site(listed(HAD)),
     site("".join(f'<section id="kind-{k}"><h2>Kind {k}</h2>{listed(HAS[k::3], "cell")}</section>' for k in range(3)))),
    ("what-is-over-has-the-same-class", job("li.lot"), site(listed(HAD)),
     site(f'<section id="next">{listed(HAS)}</section><section id="sold" hidden>{listed(OVER)}</section>')),
    ("the-most-watched-have-the-same-class", job("li.lot"), site(listed(HAD)),
     site(f'<aside><h2>Most watched</h2>{listed(HAS[2:7])}</aside><section class="all">{listed(HAS)}</section>')),
    ("addresses-begin-with-a-language", CHILDREN, site(listed(HAD)),
     site(listed(HAS, "cell", "grid").replace('href="', 'href="/en'))),
    ("the-whole-card-is-the-link", CARDS, site(listed(HAD)), site(whole_links(HAS))),
    ("cards-with-definitions", CARDS, site(listed(HAD)), site(facts(HAS))),
    ("elements-of-the-site-s-own", CARDS, site(listed(HAD)), site("<lot-list>" + "".join(
        f'<lot-card title="{lot.title}" href="{lot.path}" price="{lot.price}"></lot-card>' for lot in HAS)
        + "</lot-list>")),
    ("titles-cut-short", CHILDREN, site(listed(HAD)), site("".join(
        f'<div class="c"><a title="{lot.title}" href="{lot.path}">{lot.title[:14]}…</a></div>' for lot in HAS))),
    ("links-that-say-read-more", CHILDREN, site(listed(HAD)), site("".join(
        f'<details><summary>{lot.title}</summary><a href="{lot.path}">Read more</a></details>' for lot in HAS))),
    ("a-number-stands-in-front", PLACES, site(table(HAD)), site(table(HAS, numbered=True))),
    ("cards-instead-of-a-table", PLACES, site(table(HAD)), site(listed(HAS))),
]  # fmt: skip
LEFT: list[tuple[str, str, Put, Put]] = [
    ("only-what-is-sold-is-left", CHILDREN, site(listed(HAD)), site(panel(OVER, 'id="sold-lots"'))),
    ("three-lots-and-no-more", CHILDREN, site(listed(HAD)), site(listed(HAS[:3], "cell", "grid"))),
    ("what-is-sold-without-a-day", CARDS, site(listed(HAD)), site(whole_links(OVER))),
    ("no-price-and-an-estimate-instead", CARDS, site(listed(HAD)), site("".join(
        f'<p class="c"><a href="{lot.path}">{lot.title}</a> <i class="guess">{lot.guess}</i></p>' for lot in HAS))),
    ("a-longer-list-for-a-good-reason", job("li.lot"), site(listed(HAD)), site(listed(HAS + OVER))),
    ("sold-to-a-casino", CHILDREN, site(listed(HAD)), site("".join(
        f'<article><a href="/bonus/{n}">Free spins number {n} without deposit</a></article>' for n in range(12)))),
]  # fmt: skip


def parted(lots: Sequence[Lot], size: int) -> Put:
    """The list on several pages, each with a link to the next one."""
    parts = [lots[at : at + size] for at in range(0, len(lots), size)]

    def routes(world: World) -> dict:
        told = dict[str, str]()
        for number, part in enumerate(parts):
            onward = (
                f'<a href="/sale/{number + 1}">Next page</a>' if number + 1 < len(parts) else ""
            )
            told["/sale" if not number else f"/sale/{number}"] = site(listed(part) + onward)(world)[
                "/sale"
            ]
        return told

    return routes


async def test_a_list_that_is_parted_into_pages_is_read_to_its_usual_length_and_a_short_day_is_left():
    short = Scenario("a-short-day", "shape_changed", "leave", job("li.lot"), site(listed(HAD)),
                     site(listed(HAS[:5])), fails=False)  # fmt: skip
    always = Scenario("always-parted", "shape_changed", "leave", job("li.lot"), parted(HAD, 7),
                      parted(HAS, 5), fails=False)  # fmt: skip
    now = Scenario("parted-now", "shape_changed", "heal", job("li.lot"), site(listed(HAD)),
                   parted(HAS, 5), TITLES, fails=False)  # fmt: skip
    async with a_world() as world:
        ended = {one.name: (await play(world, one, "recipes")) for one in (short, always, now)}
    assert {name: (one.right, one.outcome) for name, one in ended.items()} == {
        "a-short-day": (True, "well"), "always-parted": (True, "well"), "parted-now": (True, "patched"),
    }  # fmt: skip


DATED = job(
    "ul.lots > li", "{title: h3 a, url: h3 a@href, published: time@datetime}"
).replace("{count: \"${{ size(steps.read.items) }}", '{said: "${{ [r.title + r.published for r in steps.read.records] }}')  # fmt: skip


async def test_a_day_is_read_in_the_form_that_it_had_though_the_page_shows_it_in_another():
    shown = listed(HAS, "cell", "grid")
    for lot in HAS:
        shown = shown.replace(f">{lot.day}<", f">{date.fromisoformat(lot.day):%d %B %Y}<")
    told = Scenario("days-in-words", "shape_changed", "heal", DATED, site(listed(HAD)), site(shown),
                    ("outputs", lambda world: [f"{lot.title}{lot.day}" for lot in HAS]))  # fmt: skip
    async with a_world() as world:
        ended = await play(world, told, "recipes")
    assert (ended.right, ended.outcome) == (True, "patched")


async def test_records_are_found_again_with_their_fields_and_nothing_besides():
    told = [Scenario(name, "shape_changed", "heal", yaml, before, after, gives_fields(), fails=False)
            for name, yaml, before, after in MENDED]  # fmt: skip
    told += [Scenario(name, "shape_changed", "leave", yaml, before, after, fails=False)
             for name, yaml, before, after in LEFT]  # fmt: skip
    ended, wrong = dict[str, str](), dict[str, list[str]]()
    async with a_world() as world:
        for scenario in told:
            result = await play(world, scenario, "recipes")
            ended[scenario.name] = "right" if result.right else f"{result.outcome}: {result.reason}"
            if scenario.expect == "heal" and "fields" in scenario.yaml and result.right:
                wrong |= await _other_records(world, scenario)
    assert ended == {one.name: "right" for one in told}
    assert wrong == {}


async def _other_records(world: World, scenario: Scenario) -> dict[str, list[str]]:
    """Records that a mended job gives with another address or price than theirs."""
    record = world.place.jobs.get(scenario.name)
    output = world.output(await world.run(record), "read")
    given = [f"{r['title']} {r['url']} {r['price']}" for r in output["records"]]
    wanted = [f"{lot.title} {world.origin}{lot.path} {lot.price}" for lot in HAS]
    return {scenario.name: given} if sorted(given) != sorted(wanted) else {}


BASE = "https://clocks.example"


def tree_of(body: str):
    return parse_page(f"<html><body>{body}</body></html>".encode())


@pytest.mark.parametrize(
    ("body", "selector", "becomes"),
    [
        (listed(HAS), "li.lot", "li.lot"),
        (panel(HAS, 'id="now"') + panel(OVER, 'id="sold" hidden'), "li.lot", "div#now li.lot"),
        (f'<ul class="a">{cards(HAS, "x")}<li class="x ad"><a href="/shop/1">Buy</a></li></ul>', "li.x",
         "li.x:not(.ad)"),
    ],
)  # fmt: skip
def test_a_selector_is_narrowed_to_what_is_of_the_list(body: str, selector: str, becomes: str):
    tree = tree_of(body)
    known = {
        one for one in tree.iter("a") if int(one.get("href").rpartition("/")[2]) in range(51, 63)
    }
    assert next(narrowed(tree, selector, known, BASE)) == becomes


@pytest.mark.parametrize(
    ("body", "selector", "fields", "becomes"),
    [
        (table(HAS, numbered=True), "tr", {"title": "td:nth-child(1)", "price": "td:nth-child(2)"},
         {"title": "a", "price": "td:nth-child(4)"}),
        (facts(HAS), "article", {"price": ".price"}, {"price": 'dt:contains("Price") + dd'}),
        (whole_links(HAS), "a.tile", {"title": "h3", "url": "h3 a@href", "price": ".price"},
         {"title": "@aria-label", "url": "@href", "price": ".tag"}),
        (listed(HAS), "li", {"price": ".price"}, {"price": ".price"}),
    ],
)  # fmt: skip
def test_each_field_is_read_where_its_recorded_value_stands_now(
    body: str, selector: str, fields: dict, becomes: dict
):
    rows = [{"title": lot.title, "url": BASE + lot.path, "price": lot.price} for lot in HAD]
    assert fields_now(select(tree_of(body), selector), rows, fields, BASE) == becomes
