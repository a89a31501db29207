"""What is there, and looks different; what is there, and empty."""

from __future__ import annotations

import re

from tests.healing.pages import (
    api,
    bare_divs,
    cards,
    definitions,
    feed_link,
    moved_container,
    page,
    plain_list,
    renamed_classes,
    rss,
    shop,
    shop_cards,
    stories,
)  # fmt: skip
from tests.healing.pages import (
    table as table_of,
)
from tests.healing.scenarios import Table
from tests.healing.scenarios_moved import API, FEED, NEW, OLD, SCRAPE, _api, _blog, titles
from tests.healing.world import World

FAR = stories(12, newest=60)
SHOP = """steps:
  - id: read
    skill: scrape_page
    with:
      url: "{origin}/sale"
      selector: li.product
      fields: {title: h3, url: "a@href", price: .price}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.records) }}"}
"""
SQL = """steps:
  - id: rows
    skill: query_database
    with: {sql: "select name, price from goods where price > 3 order by price desc", database: shop}
outputs: {count: "${{ steps.rows.count }}"}
"""
LOOP = """steps:
  - id: api
    skill: http_request
    with: {url: "{origin}/v1/stories"}
  - id: each
    for_each: "${{ steps.api.response.data.stories }}"
    collect: "${{ steps.note.said }}"
    steps:
      - id: note
        set: {said: "${{ item.title }}"}
outputs: {said: "${{ steps.each.items }}"}
"""
MANY = """steps:
  - id: read
    skill: scrape_page
    with: {url: "{origin}/news/latest", selector: li.story}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
expect: ["${{ size(steps.read.items) >= 20 }}"]
"""
GOODS = """create table goods (id integer primary key, name text, price real, stock integer);
insert into goods (name, price, stock) values ('Lamp', 19.5, 3), ('Rope', 4.25, 40), ('Anchor', 88, 1),
 ('Buoy', 31, 7), ('Net', 12, 9), ('Hook', 1.5, 200);
"""


def _news(design: object, told: list, **more: object) -> object:
    return lambda w: {
        "/news/latest": page(design(told), most_read=told[2:7], **more),
        "/": page("<h1>Welcome</h1>"),
    }


def _sale(design: object, told: list, **more: object) -> object:
    return lambda w: {"/sale": page(design(told, **more)), "/": page("<h1>Shop</h1>")}


def _tables(script: str) -> object:
    def put(w: World) -> dict:
        w.tables(script)
        return {}

    return put


def fill(table: Table) -> None:
    _pages(table)
    _data(table)
    _empty(table)


def _with_accents(html: str) -> str:
    """What a reader sees, with letters outside of ASCII."""
    return re.sub(r">([^<]+)<", lambda m: f">{m[1].replace('o', 'ö')}<", html)


def _pages(t: Table) -> None:
    before = _news(plain_list, OLD)
    gives = {"gives": ("read", titles(NEW))}
    for name, design in (
        ("classes-renamed", renamed_classes), ("list-moved-in-page", moved_container),
        ("redesign-cards", cards), ("redesign-table", table_of),
        ("redesign-definitions", definitions), ("redesign-bare-divs", bare_divs),
    ):  # fmt: skip
        t.add(name, "shape_changed", "heal", SCRAPE, before, _news(design, NEW), **gives)
    t.add("redesign-all-new-stories", "shape_changed", "heal", SCRAPE, before, _news(cards, FAR),
          gives=("read", titles(FAR)))  # fmt: skip
    t.add("renamed-all-new-stories", "shape_changed", "heal", SCRAPE, before,
          _news(renamed_classes, FAR), gives=("read", titles(FAR)))  # fmt: skip
    shop_gives = {"gives": ("read", lambda w: [s.price for s in NEW])}
    t.add("price-class-renamed", "shape_changed", "heal", SHOP, _sale(shop, OLD),
          _sale(shop, NEW, price="amount-gbp"), fails=False, **shop_gives)  # fmt: skip
    t.add("shop-redesigned", "shape_changed", "heal", SHOP, _sale(shop, OLD),
          _sale(shop_cards, NEW), **shop_gives)  # fmt: skip
    t.add("item-class-renamed", "shape_changed", "heal", SHOP, _sale(shop, OLD),
          _sale(shop, NEW, item="offer"), **shop_gives)  # fmt: skip
    t.add("shop-without-prices", "shape_changed", "leave", SHOP, _sale(shop, OLD),
          lambda w: {"/sale": page(plain_list(NEW)), "/": page("<h1>Shop</h1>")})  # fmt: skip
    t.add("only-most-read-is-left", "shape_changed", "leave", SCRAPE, before, lambda w: {
        "/news/latest": page("<h1>Subscribe to our letter</h1><p>News come by mail now.</p>",
                             most_read=OLD[:4]),
        "/": page("<h1>Welcome</h1>")})  # fmt: skip
    t.add("another-list-in-its-place", "shape_changed", "leave", SCRAPE, before, lambda w: {
        "/news/latest": page("<h1>Our partners</h1><ul>" + "".join(
            f'<li><a href="https://partner{n}.example/">Partner number {n} of many</a></li>'
            for n in range(14)) + "</ul>"),
        "/": page("<h1>Welcome</h1>")})  # fmt: skip
    t.add("encoding-broken",
        "shape_changed",
        "leave",
        SCRAPE,
        lambda w: {"/news/latest": page(_with_accents(plain_list(OLD)))},
        lambda w: {
            "/news/latest": page(_with_accents(plain_list(NEW)).encode().decode("latin-1"))
        },
        fails=False,
    )  # fmt: skip
    t.add(
        "pages-were-added", "empty_result", "heal", MANY,
          lambda w: {"/news/latest": page(plain_list(stories(24)))},
          lambda w: {
              "/news/latest": page(plain_list(stories(24, newest=33)[:6]),
                                   after='<a rel="next" href="/news/latest?page=2">Next</a>'),
              **{f"/news/latest?page={n}": page(
                  plain_list(stories(24, newest=33)[6 * (n - 1): 6 * n]),
                  after=f'<a rel="next" href="/news/latest?page={n + 1}">Next</a>' if n < 4 else "")
                 for n in (2, 3, 4)}},
          gives=("read", lambda w: [s.title for s in stories(24, newest=33)]))  # fmt: skip


def _data(t: Table) -> None:
    ranked = {"gives": ("list", lambda w: [s.title for s in NEW])}
    t.add("json-list-renamed", "shape_changed", "heal", API, _api,
          lambda w: {"/v1/stories": api(NEW, w.origin, key="items")}, **ranked)  # fmt: skip
    t.add("json-names-renamed", "shape_changed", "heal", API, _api,
          lambda w: {"/v1/stories": api(NEW, w.origin, names=("headline", "href", "teaser"))},
          **ranked)  # fmt: skip
    t.add("json-list-renamed-in-loop", "shape_changed", "heal", LOOP, _api,
          lambda w: {"/v1/stories": api(NEW, w.origin, key="results")},
          gives=("outputs", titles(NEW)))  # fmt: skip
    t.add("json-became-other", "shape_changed", "leave", API, _api,
          lambda w: {"/v1/stories": '{"message": "see our documentation", "version": 3}'})  # fmt: skip
    priced = {"gives": ("rows", lambda w: ["Lamp", "Anchor", "Buoy", "Net", "Rope"])}
    t.add("column-renamed", "shape_changed", "heal", SQL, _tables(GOODS),
          _tables(GOODS.replace("price", "unit_price")), **priced)  # fmt: skip
    t.add("table-renamed", "shape_changed", "heal", SQL, _tables(GOODS),
          _tables(GOODS.replace("goods", "shop_goods")), **priced)  # fmt: skip
    t.add("column-called-cost", "shape_changed", "heal", SQL, _tables(GOODS),
          _tables(GOODS.replace("price", "cost")), **priced)  # fmt: skip
    t.add("table-dropped", "shape_changed", "leave", SQL, _tables(GOODS),
          _tables("create table people (id integer, name text); insert into people values (1, 'Jo');")
          )  # fmt: skip


def _empty(t: Table) -> None:
    t.add("quiet-sundays", "empty_result", "leave", FEED,
          _blog, lambda w: {"/blog/feed.xml": rss([], w.origin), "/": page(cards(OLD))},
          days=(-15, -14, -13, -8, -7, -6, -1), quiet=(1, 4), fails=False)  # fmt: skip
    t.add("feed-is-empty", "empty_result", "leave", FEED, _blog,
          lambda w: {"/blog/feed.xml": rss([], w.origin), "/": page("<h1>Welcome</h1>")},
          good_runs=2, fails=False)  # fmt: skip
    t.add("empty-feed-new-one-declared", "empty_result", "heal", FEED, _blog,
          lambda w: {"/blog/feed.xml": rss([], w.origin), "/feeds/new.xml": rss(NEW, w.origin),
                     "/": page(cards(NEW), head=feed_link("/feeds/new.xml"))},
          good_runs=2, fails=False, gives=("read", titles(NEW)))  # fmt: skip
    t.add("list-comes-by-script", "empty_result", "leave", SCRAPE, _news(plain_list, OLD),
          lambda w: {"/news/latest": page('<div id="app"></div><script src="/app.js"></script>'),
                     "/": page("<h1>Welcome</h1>")})  # fmt: skip
    t.add("nothing-on-the-topic-today", "empty_result", "leave", """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/blog/feed.xml", limit: 40}
  - id: best
    skill: rank_items
    with: {items: "${{ steps.read.items }}", topic: batteries, limit: 5}
outputs: {count: "${{ size(steps.best.items) }}"}
expect: ["${{ size(steps.best.items) > 0 }}"]
""", lambda w: {"/blog/feed.xml": rss(stories(12, newest=11), w.origin), "/": page("<h1>Hi</h1>")},
          lambda w: {"/blog/feed.xml": rss(stories(8, newest=29), w.origin),
                     "/": page("<h1>Hi</h1>")})  # fmt: skip
    t.add("key-empties-silently", "empty_result", "heal", """steps:
  - id: read
    skill: scrape_page
    with: {url: "{origin}/news/latest", selector: "ul.news > li", fields: {title: h2, url: "a@href"}}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.records) }}"}
""", _news(plain_list, OLD), lambda w: {
            "/news/latest": page('<ul class="news"><li>Choose a topic</li><li>Choose a place</li></ul>'
                                 + moved_container(NEW)), "/": page("<h1>Welcome</h1>")},
          gives=("read", titles(NEW)))  # fmt: skip
