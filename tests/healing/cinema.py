"""A film club: what it shows, as pages, answers, feeds and tables that change under a job."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from typing import Any

from tests.healing.running import a_world, play
from tests.healing.scenarios import Scenario
from tests.healing.world import World

_FIRST = ("Old", "Golden", "Silent", "Broken", "Blue", "Narrow", "Quiet", "Wooden", "Paper", "Distant",
          "Early", "Salt", "Bright")  # fmt: skip
_SECOND = ("harbour", "orchard", "lantern", "violin", "meadow", "staircase", "winter", "kitchen", "river",
           "compass", "garden")  # fmt: skip
_MAKERS = ("Ana Roth", "Ben Ito", "Cleo Marsh", "Dag Holm", "Eve Tan", "Finn Okoro", "Gus Lund")


@dataclass(frozen=True)
class Film:
    n: int

    @property
    def title(self) -> str:
        return f"The {_FIRST[self.n % 13]} {_SECOND[self.n % 11]}"

    @property
    def path(self) -> str:
        return f"/films/{self.title.lower().replace(' ', '-')}"

    @property
    def price(self) -> str:
        return f"£{5 + self.n % 17}.50"

    @property
    def maker(self) -> str:
        return _MAKERS[self.n % 7]

    @property
    def hall(self) -> str:
        return ("Rex", "Odeon", "Lido", "Roxy", "Astra")[self.n % 5]

    @property
    def day(self) -> date:
        return date(2026, 2, 1) + timedelta(days=self.n)


def films(count: int, newest: int) -> list[Film]:
    return [Film(newest - number) for number in range(count)]


HAD, HAS, OLD = films(15, 40), films(15, 43), films(15, 20)


def whole(body: str, head: str = "") -> str:
    menu = "".join(f'<li><a href="/{w}">{w}</a></li>' for w in ("about", "cafe", "hire"))
    return (
        f'<!doctype html><html lang="en"><head><title>Rex film club</title>{head}</head><body><header><nav>'
        f"<ul>{menu}</ul></nav></header><main>{body}</main><footer><p>Rex film club, 2 Dock Street</p></footer>"
        "</body></html>"
    )


def listed(told: Sequence[Film], kind: str = "film") -> str:
    rows = "".join(
        f'<li class="{kind}"><h3><a href="{f.path}">{f.title}</a></h3><span class="price">{f.price}</span>'
        f'<span class="by">{f.maker}</span><time datetime="{f.day}">{f.day:%d %B %Y}</time></li>'
        for f in told
    )
    return f'<h1>Films</h1><ul class="{kind}s">{rows}</ul>'


def cards(told: Sequence[Film]) -> str:
    return "".join(
        f'<article class="card"><a href="{f.path}"><h4>{f.title}</h4></a><p class="cost">{f.price}</p>'
        f'<p class="made">by <em>{f.maker}</em></p></article>'
        for f in told
    )


def table(told: Sequence[Film], *columns: str) -> str:
    """A table without a class; `deposit` is money as well, and is no price."""

    def cell(film: Film, column: str) -> str:
        if column == "title":
            return f'<a href="{film.path}">{film.title}</a>'
        told = {"seats": f"{20 + film.n % 60} seats", "deposit": f"£{2 + film.n % 3}.00"}
        return told.get(column) or str(getattr(film, column))

    rows = "".join(
        "<tr>" + "".join(f"<td>{cell(f, one)}</td>" for one in columns) + "</tr>" for f in told
    )
    return f'<table id="prog"><tbody>{rows}</tbody></table>'


def record(film: Film) -> dict[str, Any]:
    return {"id": film.n, "title": film.title, "link": f"http://rex.example{film.path}",
            "shown_on": str(film.day), "price": film.price}  # fmt: skip


def answer(told: Sequence[Film], key: str = "films", **more: Any) -> str:
    return json.dumps({key: [record(f) for f in told], **more})


def feed(told: Sequence[Film], world: World) -> str:
    items = "".join(
        f"<item><title>{f.title}</title><link>{world.origin}{f.path}</link><description>A film</description>"
        f"<pubDate>{format_datetime(datetime.combine(f.day, time(), UTC))}</pubDate></item>"
        for f in told
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Films</title><link>{world.origin}/</link>'
        f"<description>What we show</description>{items}</channel></rss>"
    )


def titles(world: World) -> list[str]:
    return [film.title for film in HAS]


def priced(world: World) -> list[str]:
    return [f"{film.title} / {film.price} / {film.maker}" for film in HAS]


def scenario(
    name: str, yaml: str, before: Any, after: Any, gives: tuple[str, Callable] | None, **more: Any
) -> Scenario:
    """A scenario that is to be mended, or without `gives` to be left alone."""
    put = [one if callable(one) else (lambda world, told=one: told) for one in (before, after)]
    expect = "heal" if gives else "leave"
    return Scenario(name, "shape_changed", expect, yaml, put[0], put[1], gives, **more)


async def ended(told: Sequence[Scenario]) -> dict[str, str]:
    """What became of each: `right`, or in words why not."""
    found = dict[str, str]()
    async with a_world() as world:
        for one in told:
            result = await play(world, one, "recipes")
            found[one.name] = "right" if result.right else f"{result.outcome}: {result.reason}"
    return found
