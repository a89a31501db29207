"""A tenth batch, in the world of the museum of clocks: pages and feeds."""

from __future__ import annotations

from tests.healing.museum import (
    HAD,
    HAS,
    OLD,
    SELLS,
    SOLD_BEFORE,
    SOLD_OUT,
    book_cards,
    declared,
    diary,
    diary_table,
    events_feed,
    feed,
    price_list,
    prices,
    query_of,
    shop_cards,
    shop_table,
    titles,
    visit_tips,
    whole,
)  # fmt: skip
from tests.healing.scenarios import Table
from tests.healing.world import World, status
from tests.loopback import Asked, Page, page, redirect

FEED = """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/diary.rss", limit: 40}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
expect: ["${{ size(steps.read.items) > 0 }}"]
"""
DIARY = """steps:
  - id: read
    skill: scrape_page
    with: {url: "{origin}/diary", selector: li.entry}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
LATEST = DIARY.replace("selector: li.entry", 'selector: "#latest li.entry"')
TODAY = LATEST.replace("#latest", "#today")
MANY = DIARY + 'expect: ["${{ size(steps.read.items) >= 12 }}"]\n'
ELSEWHERE = DIARY.replace("{origin}", "{other}")
SHOP = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/shop"
      selector: tr.ware
      fields: {title: td.name, url: "td.name a@href", price: td.price}
    retry: {attempts: 1}
outputs: {said: "${{ [r.title + ' for ' + r.price for r in steps.read.records] }}"}
expect: ["${{ size([r for r in steps.read.records if r.price != '']) > 0 }}"]
"""
PRICES = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/shop/prices"
      selector: "#prices tbody tr"
      fields: {title: "td:nth-child(1)", price: "td:nth-child(3)"}
    retry: {attempts: 1}
outputs: {said: "${{ [r.title + ' for ' + r.price for r in steps.read.records] }}"}
expect: ["${{ size([r for r in steps.read.records if contains(r.price, '£')]) > 0 }}"]
"""
TOURS = """steps:
  - id: read
    skill: scrape_page
    with: {url: "{origin}/tower", selector: table.climbs tr.climb}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""

COOKIES = whole(
    "<h1>We value your privacy</h1><p>With your consent, we and our 211 partners store information on your device "
    'and read it, to measure visits and to show advertisements.</p><form method="post" action="/privacy"><button>'
    "Agree and continue</button><button>Manage choices</button></form>", title="Your choices",
)  # fmt: skip
LOST = whole(
    "<h1>Stopped clock</h1><p>Sorry, there is no such page at Orrery House any more.</p>" + visit_tips(),
    title="Page not found",
)  # fmt: skip
FRONT = whole("<h1>Orrery House</h1><p>Two hundred clocks, and most of them go.</p>")
SIGN_IN = whole(
    "<h1>Friends of Orrery House</h1><p>The workshop diary is for Friends of the museum. Sign in to read on, or become "
    'a Friend for £30 a year.</p><form method="post" action="/friends/sign-in"><input name="email" type="email"><input '
    'name="password" type="password"><button>Sign in</button></form>', title="Sign in",
)  # fmt: skip
CHALLENGE = (
    '<!doctype html><html lang="en"><head><title>One moment, please</title></head><body><h1>Are you a person?</h1><p>'
    'Please complete the check before you go on to orrery-house.example.</p><div class="g-recaptcha" '
    'data-sitekey="6Lc-orr"></div><noscript>Switch JavaScript on to continue.</noscript></body></html>'
)
SHUT = whole(
    "<h1>Thank you, and good-bye</h1><p>Orrery House closed its doors for good on 1 March 2026. The collection has gone to "
    "the county's stores. There will be no further diary, no shop and no events; this page stays as a farewell.</p>",
)  # fmt: skip
REST_DAY = whole(
    '<section id="today"><h2>Today in the workshop</h2><p>No work is done at weekends. The benches are busy again on '
    "Monday.</p></section>" + visit_tips(),
)  # fmt: skip

MENDS = {
    "museum-feed-301-to-a-page": ("{origin}/diary.rss", "{origin}/diary/feed"),
    "museum-feed-silently-elsewhere": ("{origin}/diary.rss", "{origin}/feeds/diary.xml"),
    "museum-feed-of-all-years": ("{origin}/diary.rss", "{origin}/diary/latest.rss"),
    "museum-diary-in-the-menu": ("{origin}/diary", "{origin}/behind-the-scenes/diary"),
    "museum-diary-left-a-link": ("{origin}/diary", "{origin}/workshop/diary"),
    "museum-classes-renamed": ("selector: li.entry", "selector: li.DiaryList_entry__q8ZxT"),
    "museum-list-to-table": ("selector: li.entry", 'selector: "table.diary tbody tr"'),
    "museum-table-to-cards": (
        "selector: tr.ware\n      fields: {title: td.name, url: \"td.name a@href\", price: td.price}",
        'selector: "#products .product"\n      fields: {title: .product-name, url: "a@href", price: .product-price}',
    ),
    "museum-price-in-an-attribute": ("price: td.price", 'price: "td.price@data-price"'),
    "museum-columns-in-a-new-order": (
        'title: "td:nth-child(1)", price: "td:nth-child(3)"',
        'title: "td:nth-child(3)", price: "td:nth-child(2)"',
    ),
    "museum-section-renamed": ("#latest li.entry", "#recent-work li.entry"),
    "museum-pages-of-five": ("selector: li.entry", "selector: li.entry, limit: 40"),
}  # fmt: skip
"""What a careful person writes: the text of the job that is replaced, and what replaces it."""


def _feed(w: World) -> dict:
    return {
        "/diary.rss": feed(HAD, w.origin),
        "/": whole("<h1>Orrery House</h1>", head=declared(Workshop_diary="/diary.rss")),
    }


def _diary(w: World) -> dict:
    link = '<a href="/diary">Workshop diary</a>'
    return {
        "/diary": whole(diary(HAD) + visit_tips(), links=link),
        "/": whole("<h1>Orrery House</h1>", links=link),
    }


def _latest(w: World) -> dict:
    old = diary(OLD, around="archive", heading="From the archive: 2023")
    return {"/diary": whole(diary(HAD) + old)}


def _shop(w: World) -> dict:
    return {"/shop": whole("<h1>Shop</h1>" + shop_table(SOLD_BEFORE)), "/": FRONT}


def _prices(w: World) -> dict:
    return {"/shop/prices": whole("<h1>Price list</h1>" + price_list(SOLD_BEFORE))}


def _everywhere(answer: Page | str) -> dict:
    return dict.fromkeys(("/", "/diary", "/shop", "/diary.rss"), answer)


def _feed_behind_a_301(w: World) -> dict:
    head = declared(Whats_on="/events/feed", Workshop_diary="/diary/feed")
    return {
        "/diary.rss": redirect("/diary/", 301),
        "/diary/": whole(diary(HAS), head=head),
        "/diary/feed": feed(HAS, w.origin),
        "/events/feed": events_feed(w.origin),
        "/": whole("<h1>Orrery House</h1>", head=head),
    }


def _feed_declared_elsewhere(w: World) -> dict:
    head = declared(Workshop_diary="/feeds/diary.xml", Whats_on="/feeds/events.xml")
    return {
        "/": whole("<h1>Orrery House</h1>", head=head),
        "/feeds/diary.xml": feed(HAS, w.origin),
        "/feeds/events.xml": events_feed(w.origin),
    }


def _feed_of_all_years(w: World) -> dict:
    """The old address gives every entry since 1998 with its pictures written into it: 12 MB."""
    head = declared(Workshop_diary="/diary/latest.rss", Workshop_diary_complete="/diary.rss")
    return {
        "/": whole("<h1>Orrery House</h1>", head=head),
        "/diary.rss": feed([*HAS, *OLD], w.origin, padding="iVBORw0KGgo" * 40_000),
        "/diary/latest.rss": feed(HAS, w.origin),
    }


def _moved_in_the_menu(w: World) -> dict:
    links = '<a href="/behind-the-scenes/diary">Workshop diary</a> <a href="/shop">Shop</a>'
    return {
        "/": whole("<h1>Welcome to our new site</h1>", links=links),
        "/behind-the-scenes/diary": whole(diary(HAS) + visit_tips(), links=links),
        "/shop": whole("<h1>Shop</h1>" + shop_table(SELLS), links=links),
    }


def _left_a_link(w: World) -> dict:
    note = (
        '<h1>Workshop diary</h1><p>The workshop diary has moved. You find it now at <a href="/workshop/diary">its new '
        "address</a>; please change your bookmarks.</p>"
    )
    return {
        "/diary": whole(note + visit_tips()),
        "/workshop/diary": whole(diary(HAS) + visit_tips()),
        "/": FRONT,
    }


def _renamed(w: World) -> dict:
    tips = visit_tips(kind="TipList_tip__0aBcD")
    return {"/diary": whole(tips + diary(HAS, kind="DiaryList_entry__q8ZxT", around="d1"))}


def _as_table(w: World) -> dict:
    return {"/diary": whole(diary_table(HAS) + visit_tips())}


def _as_cards(w: World) -> dict:
    return {"/shop": whole(shop_cards(SELLS) + book_cards()), "/": FRONT}


def _in_an_attribute(w: World) -> dict:
    script = '<script src="/shop/prices.js" defer></script>'
    return {"/shop": whole("<h1>Shop</h1>" + shop_table(SELLS, hidden=True), head=script)}


def _in_a_new_order(w: World) -> dict:
    return {"/shop/prices": whole("<h1>Price list</h1>" + price_list(SELLS, anew=True))}


def _section_renamed(w: World) -> dict:
    old = diary(OLD, around="archive", heading="From the archive: 2023")
    return {"/diary": whole(old + diary(HAS, around="recent-work"))}


def _pages_of_five(w: World) -> dict:
    def answer(asked: Asked) -> Page:
        number = int(query_of(asked).get("page", "1"))
        older = f'<a class="older" rel="next" href="/diary?page={number + 1}">Older entries</a>'
        some = HAS[5 * number - 5 : 5 * number]
        return page(whole(diary(some) + (older if 5 * number < len(HAS) else "")))

    return {"/diary": answer}


def _today(w: World) -> dict:
    return {"/diary": whole(diary(HAD[:6], around="today", heading="Today in the workshop"))}


def _behind_a_form(w: World) -> dict:
    to = redirect("/friends/sign-in?next=/diary")
    return {"/diary": to, "/friends/sign-in": SIGN_IN, "/": FRONT}


def _tower(w: World) -> dict:
    return {"/tower": whole("<h1>Tower climbs</h1>" + _climbs("climb", 2026)), "/": FRONT}


def _tower_in_winter(w: World) -> dict:
    text = (
        "<h1>Tower climbs</h1><p>The season is over: the tower is closed in winter. The climbs of 2027 will be announced "
        'here in April.</p><table class="climbs"><tbody></tbody></table><h2>Looking back: 2025</h2>'
    )
    return {"/tower": whole(text + _climbs("past", 2025)), "/": FRONT}


def _climbs(kind: str, year: int) -> str:
    rows = "".join(
        f'<tr class="{kind}"><td><a href="/tower/{year}/{day}">Climb {day}: the bells from within, {year}</a></td>'
        f"<td>{3 + 2 * day} September {year}</td><td>£6</td></tr>"
        for day in range(1, 11)
    )
    return f'<table class="climbs"><tbody>{rows}</tbody></table>'


def _sold_out(w: World) -> dict:
    text = "<h1>Shop</h1><p>Everything is sold. The shop opens again with new wares in May.</p><h2>Sold this winter</h2>"
    return {"/shop": whole(text + shop_table(SOLD_OUT, kind="sold") + book_cards()), "/": FRONT}


def _kept_away(w: World) -> dict:
    rules = page("User-agent: *\nDisallow: /diary\n", "text/plain")
    return {"other:/robots.txt": rules, "other:/diary": whole(diary(HAS))}


def fill(table: Table) -> None:
    """Put the scenarios of this file into the table."""
    news = {"gives": ("read", titles(HAS))}
    goods = {"gives": ("outputs", prices(SELLS))}
    add = table.add
    add("museum-feed-301-to-a-page", "moved", "heal", FEED, _feed, _feed_behind_a_301, **news)
    add("museum-diary-left-a-link", "moved", "heal", DIARY, _diary, _left_a_link, **news)
    add("museum-feed-silently-elsewhere", "not_found", "heal", FEED, _feed, _feed_declared_elsewhere, **news)  # fmt: skip
    add("museum-diary-in-the-menu", "not_found", "heal", DIARY, _diary, _moved_in_the_menu, **news)
    add("museum-classes-renamed", "shape_changed", "heal", DIARY, _diary, _renamed, **news)
    add("museum-list-to-table", "shape_changed", "heal", DIARY, _diary, _as_table, **news)
    add("museum-table-to-cards", "shape_changed", "heal", SHOP, _shop, _as_cards, **goods)
    add("museum-price-in-an-attribute", "shape_changed", "heal", SHOP, _shop, _in_an_attribute, **goods)  # fmt: skip
    add("museum-columns-in-a-new-order", "shape_changed", "heal", PRICES, _prices, _in_a_new_order, **goods)  # fmt: skip
    add("museum-section-renamed", "empty_result", "heal", LATEST, _latest, _section_renamed, **news)
    add("museum-pages-of-five", "empty_result", "heal", MANY, _diary, _pages_of_five, **news)
    add("museum-feed-of-all-years", "too_large", "heal", FEED, _feed, _feed_of_all_years, **news)
    add("museum-consent", "blocked", "leave", DIARY, _diary, lambda w: _everywhere(COOKIES))
    add("museum-are-you-a-person", "blocked", "leave", DIARY, _diary, lambda w: _everywhere(status(403, CHALLENGE)))  # fmt: skip
    add("museum-robots", "blocked", "leave", ELSEWHERE,
        lambda w: {"other:/diary": whole(diary(HAD))}, _kept_away, days=(-3,))  # fmt: skip
    add("museum-soft-404", "not_found", "leave", DIARY, _diary, lambda w: {"/diary": LOST, "/": FRONT})  # fmt: skip
    add("museum-closed-for-good", "not_found", "leave", SHOP, _shop, lambda w: _everywhere(SHUT))
    add("museum-friends-only", "auth", "leave", DIARY, _diary, _behind_a_form)
    add("museum-weekend", "empty_result", "leave", TODAY, _today, lambda w: {"/diary": REST_DAY},
        days=(-16, -15, -14, -11, -8, -7, -4, -2, -1), quiet=(1, 2, 4, 5, 8))  # fmt: skip
    add("museum-season-over", "empty_result", "leave", TOURS, _tower, _tower_in_winter)
    add("museum-only-the-sold", "empty_result", "leave", SHOP, _shop, _sold_out)
