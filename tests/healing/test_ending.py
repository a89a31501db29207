"""What is over is no successor: neither records that are marked so, nor another list of a place that ended."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from assistant.healing.comparing import profile
from assistant.healing.ending import marks_of_the_past, over_now, says_it_ended
from assistant.healing.reading import select
from assistant.skills.pages import parse_page
from tests.healing.notices import IS, WAS, Notice, site
from tests.healing.running import a_world, play
from tests.healing.scenarios import Put, Scenario


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sold out this year", {"sold"}),
        ("is-expired", {"expired"}),
        ("lotSold", {"sold"}),
        ("Vergangene Termine", {"vergangene"}),
        ("Leider ausverkauft", {"ausverkauft"}),
        ("Épuisé", {"epuise"}),
        ("Eventos pasados", {"pasados"}),
        ("Uitverkocht", {"uitverkocht"}),
        ("Unsere Termine", set()),
        ("not sold", set()),
        ("unsold", set()),
        ("The past week", set()),
        ("Open to all", set()),
        ("passengers", set()),
        ("close", set()),
    ],
)
def test_words_that_say_that_something_is_over_are_read_in_several_languages(text: str, words: set):
    assert marks_of_the_past(text) == words


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("This newsletter has ended. Thank you for 12 years.", True),
        ("The calendar is no longer published.", True),
        ("We no longer send notices by feed.", True),
        ("This is the final issue.", True),
        ("Thank you for reading!", True),
        ("Der Dienst wurde eingestellt.", True),
        ("Ce bulletin n'est plus publié.", True),
        ("This page could not be found.", False),
        ("Version 1 of the interface is no longer available; use version 2.", False),
        ("The feed has moved to /feeds/notices.", False),
        ("The last post from the office is below.", True),
        ("Thank you for reading! " + "More of the news. " * 90, False),
    ],
)
def test_a_notice_says_whether_something_ended_or_merely_moved(text: str, ended: bool):
    assert says_it_ended(text) is ended


def bills(told: Sequence[Notice], kind: str = "bill", *, badge: str = "") -> str:
    shown = f"<b>{badge}</b>" if badge else ""
    lines = "".join(
        f'<li class="{kind}"><h3><a href="{n.path}">{n.title}</a></h3>{shown}'
        f'<time datetime="{n.when:%Y-%m-%d}">{n.when:%d %b}</time></li>'
        for n in told
    )
    return f'<ul class="all">{lines}</ul>'


@pytest.mark.parametrize(
    ("body", "wanted", "goes_on", "word"),
    [
        (bills(IS, "row"), (), False, ""),
        (bills(IS, "row sold"), (), False, "sold"),
        (bills(IS, "row sold"), ("li.sold",), False, ""),
        (bills(IS, "row", badge="Verkauft"), (), True, "verkauft"),
        (f"<h2>Closed tenders</h2>{bills(IS, 'row')}", (), False, "closed"),
        (f"<h2>Closed tenders</h2>{bills(IS, 'row')}", (), True, ""),
        (f"<h2>Closed tenders</h2><p>None.</p><h2>Open tenders</h2>{bills(IS, 'row')}", (), False, ""),
        (f'<h2><a href="/x">Old mill sold</a></h2>{bills(IS, "row")}', (), False, ""),
        (f'<div class="archive">{bills(IS, "row")}</div>', (), False, ""),
        (f'<div id="past-events">{bills(IS, "row")}</div>', (), False, "past"),
        (bills(IS[:9], "row") + bills(IS[9:], "row sold"), (), False, ""),
    ],
)  # fmt: skip
def test_records_are_over_when_most_of_them_are_marked_so_and_nobody_asked_for_it(
    body: str, wanted: tuple[str, ...], goes_on: bool, word: str
):
    tree = parse_page(site(body).encode())
    assert over_now(tree, select(tree, "li.row"), wanted, goes_on=goes_on) == word


BILLS = """steps:
  - id: read
    skill: scrape_page
    with: {url: "{origin}/bills", selector: li.bill}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
FEED = """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/bills.rss", limit: 40}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
FORECAST = """steps:
  - id: read
    skill: extract_article
    with: {url: "{origin}/forecast"}
    retry: {attempts: 1}
outputs: {said: "${{ [i.text for i in steps.read.items] }}"}
expect: ["${{ size(steps.read.items[0].text) > 300 }}"]
"""


def forecast(day: str) -> str:
    told = "".join(
        f"<p>On {day} the wind at mark {n} turns to the west and brings rain over the bar, so that small "
        "craft should stay inside the mole until the swell has gone down.</p>"
        for n in range(5)
    )
    return site(f"<article><h1>Forecast for the estuary</h1>{told}</article>")


LATELY = ("read", lambda world: [n.title for n in IS])


def feed(told: Sequence[Notice], origin: str, *, picture: str = "") -> str:
    lines = "".join(
        f"<item><title>{n.title}</title><link>{origin}{n.path}</link><guid>{n.n}</guid>"
        f"<description>{picture}{n.text}</description></item>"
        for n in told
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Bills</title>{lines}</channel></rss>'


def declared(*names: str) -> str:
    return "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{name}" href="/{name}.rss">'
        for name in names
    )


def gone(words: str) -> Put:
    """The feed is gone and says so; the site declares another one, with older things in it."""
    return lambda w: {
        "/bills.rss": site(f"<p>{words}</p>", head=declared("others")),
        "/others.rss": feed(WAS, w.origin),
        "/": site("<p>Welcome.</p>", head=declared("others")),
    }


LEFT: list[tuple[str, str, Put, Put]] = [
    ("another-class-alone-is-shown", BILLS, lambda w: {"/bills": site(bills(WAS))},
     lambda w: {"/bills": site(f"<p>None at the moment.</p>{bills(WAS, 'withdrawn')}")}),
    ("a-heading-says-that-they-are-over", BILLS, lambda w: {"/bills": site(bills(WAS))},
     lambda w: {"/bills": site(f"<h2>Frühere Aushänge, abgelaufen</h2>{bills(WAS, 'item')}")}),
    ("each-has-a-badge-that-says-so", BILLS, lambda w: {"/bills": site(bills(WAS))},
     lambda w: {"/bills": site(bills(WAS, "item", badge="Cancelled"))}),
    ("a-feed-that-says-goodbye", FEED, lambda w: {"/bills.rss": feed(WAS, w.origin)},
     gone("This feed has ended. Thank you for reading.")),
]  # fmt: skip
STUB = site(
    '<p>You will find the <a href="/weather/forecast">forecast</a> here.</p>',
    title="Forecast for the estuary",
)
HEALED: list[tuple[str, str, Put, Put]] = [
    ("a-heading-that-is-no-end", BILLS, lambda w: {"/bills": site(bills(WAS))},
     lambda w: {"/bills": site(f"<h2>Bills of the past week</h2>{bills(IS, 'item')}")}),
    ("a-list-called-archive-that-goes-on", BILLS, lambda w: {"/bills": site(bills(WAS))},
     lambda w: {"/bills": site(f"<h2>Archive</h2>{bills(IS, 'item')}")}),
    ("a-feed-too-large-beside-a-lighter-one", FEED, lambda w: {"/bills.rss": feed(WAS, w.origin)},
     lambda w: {"/bills.rss": feed(IS, w.origin, picture="A" * 900_000),
                "/": site("", head=declared("bills", "lean")), "/lean.rss": feed(IS, w.origin)}),
]  # fmt: skip


async def test_what_is_over_is_not_taken_for_what_was_read_before():
    told = [Scenario(name, "shape_changed", "leave", yaml, before, after, fails=False)
            for name, yaml, before, after in LEFT]  # fmt: skip
    told += [Scenario(name, "shape_changed", "heal", yaml, before, after, LATELY, fails=False)
             for name, yaml, before, after in HEALED]  # fmt: skip
    told += [
        Scenario(
            "a-stub-that-links-to-the-text", "moved", "heal", FORECAST,
            lambda w: {"/forecast": forecast("Monday"), "/": site("")},
            lambda w: {"/forecast": STUB, "/weather/forecast": forecast("Tuesday"), "/": site("")},
            ("outputs", lambda w: ["On Tuesday"]),
        )
    ]  # fmt: skip
    ended = dict[str, str]()
    async with a_world() as world:
        for scenario in told:
            result = await play(world, scenario, "recipes")
            ended[scenario.name] = "right" if result.right else f"{result.outcome}: {result.reason}"
    assert ended == {one.name: "right" for one in told}


def test_an_envelope_s_empty_list_of_errors_is_not_what_it_gives():
    rows = [{"title": "Low water", "id": n} for n in range(3)]
    told = {"response": {"data": {"errors": [], "data": {"total": 3, "rows": rows}}}}
    assert profile(told).count == 3
    assert profile(json.loads('{"response": {"data": {"errors": [], "rows": []}}}')).count == 0
    assert profile({"response": {"data": {"id": 4, "tags": {"of": [{"a": 1}]}}}}).count == 1
