"""Scenarios that were written after the recipes, and played for the first time to be counted."""

from __future__ import annotations

from collections.abc import Callable

from tests.healing.pages import (
    api,
    atom,
    cards,
    feed_link,
    page,
    plain_list,
    renamed_classes,
    rss,
    shop,
    stories,
)
from tests.healing.scenarios import Table
from tests.healing.scenarios_calls import LARGE
from tests.healing.scenarios_moved import API, FEED, NEW, OLD, SCRAPE, SOFT_404, titles
from tests.healing.scenarios_shapes import SHOP
from tests.healing.world import World, status
from tests.loopback import Asked, Page

HOME = page("<h1>Welcome</h1>")
POPULAR = stories(12, newest=14)


def _news(w: World) -> dict:
    return {"/news/latest": page(plain_list(OLD)), "/": HOME}


def _blog(w: World) -> dict:
    return {"/blog/feed.xml": rss(OLD, w.origin), "/": HOME}


def _priced(told: list) -> str:
    rows = "".join(
        f'<li class="offer"><a class="link" href="{s.path}"><h4>{s.title}</h4></a>'
        f'<div class="cost"><data value="{s.n}">{s.price}</data></div></li>'
        for s in told
    )
    return f'<ol class="offers">{rows}</ol>'


def _slower_by_size(w: World) -> Callable[[Asked], Page]:
    def answer(asked: Asked) -> Page:
        limit = int(asked.target.rpartition("limit=")[2] or 10)
        body = api(NEW, w.origin).encode()
        return Page(200, {"content-type": "application/json"}, body, delay=limit / 1200)

    return answer


def fill(t: Table) -> None:
    t.add("price-in-a-data-element", "shape_changed", "heal", SHOP,
          lambda w: {"/sale": page(shop(OLD)), "/": HOME},
          lambda w: {"/sale": page(_priced(NEW)), "/": HOME},
          gives=("read", lambda w: [s.price for s in NEW]))  # fmt: skip
    t.add("four-related-stories-are-left", "shape_changed", "leave", SCRAPE, _news,
          lambda w: {"/news/latest": page("<h1>Harbour special</h1>" + cards(OLD[:4])), "/": HOME})  # fmt: skip
    t.add("all-time-favourites-instead", "shape_changed", "leave", SCRAPE, _news,
          lambda w: {"/news/latest": page(renamed_classes(POPULAR)), "/": HOME})  # fmt: skip
    t.add("rss-and-atom-are-declared", "moved", "heal", FEED, _blog, lambda w: {
        "/blog/feed.xml": page(cards(NEW), head=feed_link("/new.rss") + feed_link(
            "/new.atom", "Atom", "application/atom+xml")),
        "/new.rss": rss(NEW, w.origin), "/new.atom": atom(NEW, w.origin), "/": HOME},
        gives=("read", titles(NEW)))  # fmt: skip
    t.add("api-under-maintenance", "empty_result", "leave", API,
          lambda w: {"/v1/stories": api(OLD, w.origin)},
          lambda w: {"/v1/stories": '{"stories": [], "notice": "maintenance until noon"}'},
          fails=False)  # fmt: skip
    t.add("json-wrapped", "shape_changed", "heal", API,
          lambda w: {"/v1/stories": api(OLD, w.origin)},
          lambda w: {"/v1/stories": api(NEW, w.origin, wrap="payload")},
          gives=("list", titles(NEW)))  # fmt: skip
    t.add("slower-by-size", "timeout", "heal", LARGE.replace("retry: {attempts: 1}", "retry: {attempts: 1}\n    timeout: 500ms"), lambda w: {"/v1/stories": api(OLD, w.origin)},
          lambda w: {"/v1/stories": _slower_by_size(w)}, gives=("api", titles(NEW)))  # fmt: skip
    t.add("feed-403-while-home-is-open", "blocked", "leave", FEED, _blog, lambda w: {
        "/blog/feed.xml": status(403, "<h1>No robots</h1>"), "/": page(cards(NEW))})  # fmt: skip
    t.add("soft-404-with-favourites", "not_found", "leave", SCRAPE, _news, lambda w: {
        "/news/latest": SOFT_404.replace("</main>", cards(OLD) + "</main>"), "/": HOME})  # fmt: skip
    t.add("renamed-and-parted", "shape_changed", "heal",
          SCRAPE.replace("selector: li.story", "selector: li.story, limit: 12"), _news, lambda w: {
              "/news/latest": page(renamed_classes(NEW[:6]),
                                   after='<a rel="next" href="/news/latest?page=2">Next</a>'),
              "/news/latest?page=2": page(renamed_classes(NEW[6:])), "/": HOME},
          gives=("read", titles(NEW)))  # fmt: skip
