"""Pages that are redrawn in several ways at once, with lists beside the list that look just like it."""

from __future__ import annotations

import pytest

from assistant.healing.ending import pause_on, says_it_pauses
from assistant.healing.placing import fields_now
from assistant.healing.reading import select
from assistant.skills.pages import parse_page
from tests.healing.cinema import (
    HAD,
    HAS,
    OLD,
    cards,
    ended,
    films,
    listed,
    priced,
    scenario,
    table,
    titles,
    whole,
)
from tests.healing.world import status
from tests.loopback import redirect

LIST = """steps:
  - id: read
    skill: scrape_page
    with: {url: "{origin}/films", selector: li.film}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
FIELDS = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/films"
      selector: li.film
      fields: {title: "h3 a", url: "h3 a@href", price: span.price, by: span.by}
    retry: {attempts: 1}
outputs: {said: "${{ [r.title + ' / ' + r.price + ' / ' + r.by for r in steps.read.records] }}"}
"""
DATED = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/films"
      selector: li.film
      fields: {title: "h3 a", url: "h3 a@href", published: time}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.records) }}"}
"""
PLACES = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/films"
      selector: "#prog tbody tr"
      fields: {title: "td:nth-child(1)", url: "td:nth-child(1) a@href", price: "td:nth-child(2)", by: "td:nth-child(3)"}
    retry: {attempts: 1}
outputs: {said: "${{ [r.title + ' / ' + r.price + ' / ' + r.by for r in steps.read.records] }}"}
"""
READ, SAID = ("read", titles), ("outputs", priced)
BEFORE = {"/films": whole(listed(HAD)), "/": whole('<a href="/films">Films</a>')}
GONE = status(404, "<h1>Not found</h1>")
ADVERT = '<li class="r"><h3><a href="/ads/17">Popcorn at half price</a></h3></li>'


def _now(body: str) -> dict:
    return {"/films": whole(body), "/": whole("<p>Welcome</p>")}


def _dated() -> str:
    return "".join(
        f'<article class="x"><a href="{f.path}">{f.title}</a><dl><dt>Shown</dt><dd>{f.day:%d %B %Y}</dd></dl></article>'
        for f in HAS
    )


def _between() -> str:
    rows = [
        f'<li class="r"><h3><a href="{f.path}">{f.title}</a></h3><time datetime="{f.day}">{f.day}</time></li>'
        + (ADVERT if number % 5 == 4 else "")
        for number, f in enumerate(HAS)
    ]
    hidden = '<li class="r" hidden><h3><a href="#">Title</a></h3></li>'
    return f'<ul class="q">{hidden}{"".join(rows)}</ul>'


def _bare() -> str:
    return "".join(
        f'<div class="tile" data-price="{f.price[1:]}"><a href="{f.path}">{f.title}</a><i>{f.maker}</i></div>'
        for f in HAS
    )


def _boxes(name: str, *more: str) -> str:
    """The list in a box, and under it another one that has only known things, or old ones."""
    after = "".join(
        f'<div id="{kind}"><h2>{kind}</h2>{cards(OLD[:10])}</div>' for kind in (name, *more)
    )
    return f'<div id="now"><h2>On now</h2>{cards(HAS)}</div>{after}'


def _whats_on(body: str) -> dict:
    links = (
        '<a href="/archive">Archive</a> <a href="/popular">Popular</a> <a href="/on">What is on</a>'
    )
    return {"/": whole(links), "/archive": whole(listed(OLD)), "/on": whole(body),
            "/popular": whole(listed(HAS[5:9] + OLD[:4]))}  # fmt: skip


MENDED = [
    scenario("moved-and-redrawn", FIELDS, BEFORE, {"/films": GONE, **_whats_on(cards(HAS))}, SAID),
    scenario("home-in-its-place-and-redrawn", FIELDS, BEFORE,
             {"/films": redirect("/", 301), **_whats_on(cards(HAS))}, SAID),
    scenario("not-found-politely-and-redrawn", FIELDS, BEFORE,
             {"/films": whole("<h1>Page not found</h1>"), **_whats_on(cards(HAS))}, SAID),
    scenario("days-in-a-list-of-terms", DATED, BEFORE, _now(_dated()), READ),
    scenario("more-of-what-is-over-than-of-the-list-was-known", FIELDS, BEFORE,
             _now(_boxes("ended", "earlier-years")), SAID),
    scenario("advertisements-without-a-class", LIST, BEFORE, _now(_between()), READ),
    scenario("price-in-an-attribute-without-its-sign", FIELDS, BEFORE, _now(_bare()), READ),
    scenario("seats-where-the-price-was", PLACES,
             {"/films": whole(table(HAD, "title", "price", "maker"))},
             {"/films": whole(table(HAS, "title", "seats", "deposit", "price", "maker"))}, SAID, fails=False),
    scenario("hall-where-the-maker-was", PLACES,
             {"/films": whole(table(HAD, "title", "price", "maker"))},
             {"/films": whole(table(HAS, "title", "price", "hall", "maker"))}, SAID, fails=False),
]  # fmt: skip
LEFT = [
    scenario("season-over-and-an-archive", LIST, BEFORE, {
        "/films": whole('<h1>The season is over</h1><p>See you in September.</p><a href="/archive">Archive</a>'),
        "/archive": whole(listed(HAD)), "/": whole('<a href="/archive">Archive</a>')}, None),
    scenario("recess-and-what-was-shown", LIST, BEFORE, _now(
        f"<h1>Films</h1><p>No screenings at present: summer recess.</p><h2>This year</h2>{cards(HAD)}"), None),
    scenario("which-of-two-lists", FIELDS, {"/films": whole(listed(films(15, 27)))}, _now(
        f'<div class="g">{cards(HAS)}</div><h2>More</h2><div class="g">{cards(films(15, 27))}</div>'), None),
    scenario("some-of-more-are-sold", LIST, BEFORE, _now("<ul>" + "".join(
        f'<li class="it{" it--sold" if n % 3 == 2 else ""}"><h3><a href="{f.path}">{f.title}</a></h3></li>'
        for n, f in enumerate([*HAS, *OLD[:7]])) + "</ul>"), None),
    scenario("film-of-the-week", FIELDS, BEFORE, _now(
        f"<h1>Film of the week</h1><p>A harbour.</p><section><h2>Related films</h2>{cards(HAD[2:14])}</section>"), None),
    scenario("told-in-another-language", FIELDS, BEFORE, _now(cards(HAS).replace("The ", "Der ")), None),
    scenario("deposit-and-seat-and-no-price", FIELDS, BEFORE, _now("".join(
        f'<p class="c"><a href="{f.path}">{f.title}</a><b class="deposit">£{2 + f.n % 3}.00</b>'
        f'<b class="seat">£{6 + f.n % 17}.00</b><cite>{f.maker}</cite></p>' for f in HAS)), None),
]  # fmt: skip


async def test_a_list_is_found_again_though_more_than_one_thing_about_it_changed():
    assert await ended(MENDED) == {one.name: "right" for one in MENDED}


async def test_what_only_looks_like_the_list_is_left():
    assert await ended(LEFT) == {one.name: "right" for one in LEFT}


@pytest.mark.parametrize(
    ("text", "pauses"),
    [
        ("The season is over. See you in September!", True),
        ("No screenings at present: summer recess until autumn.", True),
        ("Wir machen Sommerpause.", True),
        ("There are currently no vacancies.", True),
        ("Closed for the winter", True),
        ("The page you want is not here any more.", False),
        ("No smoking in the hall, and no dogs.", False),
        ("Season tickets are on sale now.", False),
        ("We reopen on 4 May.", True),
        ("Your search returned 15 results. Returns may be refused.", False),
        ("The bridge is closed.", False),
    ],
)
def test_a_notice_says_whether_there_is_nothing_for_a_while(text: str, pauses: bool):
    assert says_it_pauses(text) is pauses


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (f"<p>Summer recess</p>{cards(HAD)}", "summer recess"),
        (f"<aside><p>Summer recess</p></aside>{cards(HAD)}", ""),
        (f"<p>Tickets at the door.</p>{cards(HAD)}", ""),
        ('<article class="card"><a href="/films/1">Summer break</a></article>', ""),
    ],
)
def test_a_pause_is_told_beside_the_records_and_not_by_one_of_them(body: str, word: str):
    tree = parse_page(whole(body).encode())
    assert pause_on(tree, select(tree, "article.card")) == word


@pytest.mark.parametrize(
    ("body", "becomes"),
    [
        ("<dl><dt>Ends</dt><dd>1 May 2027</dd><dt>Starts</dt><dd>{f.day:%d %B %Y}</dd></dl>",
         'dt:contains("Starts") + dd'),
        ('<i class="when" data-day="{f.day}">soon</i>', ".when@data-day"),
        ('<s class="a">{f.day:%d.%m.%Y}</s><b class="b">{f.day:%d %B %Y}</b>', ".b"),
    ],
)  # fmt: skip
def test_a_day_is_known_however_it_is_written(body: str, becomes: str):
    rows = [
        {"title": f.title, "url": f"https://rex.example{f.path}", "day": f"{f.day:%d %B %Y}"}
        for f in HAD
    ]
    records = "".join(
        f'<article><a href="{f.path}">{f.title}</a>{body.format(f=f)}</article>' for f in HAS
    )
    tree = parse_page(whole(records).encode())
    found = fields_now(select(tree, "article"), rows, {"day": "td.day"}, "https://rex.example")
    assert found == {"day": becomes}
