"""Recipes for lists that are parted into pages now."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from assistant.errors import AssistantError
from assistant.healing.case import Case
from assistant.healing.comparing import compare, profile, rows_of
from assistant.healing.desk import Desk
from assistant.healing.easing import SIZES, roundly
from assistant.healing.looking import Visited
from assistant.healing.proposals import Proposal

MOST_AT_ONCE = 1000


async def next_pages(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """A limit for a list that is parted into pages now: the scraper then follows them."""
    if case.skill is None or case.skill.name != "scrape_page" or case.arguments.get("limit"):
        return
    usual = max((profile(one).count for one in case.good_outputs), default=0)
    if not usual:
        return
    try:
        output = await desk.call(case.skill.name, case.arguments | {"limit": usual})
    except AssistantError:
        return
    if output.get("pages", 1) > 1 and compare(case.good_outputs, output, wanted=case.wants).held:
        told = f"the list is parted into {output['pages']} pages now"
        yield Proposal("next_pages", told, {"limit": usual})


async def larger_pages(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """An interface that gives one page of a list, and says how large its pages are, gives the list.

    The parameter has the name that the answer has for it: `{"per_page": 10, "total": 30}`.
    """
    url = case.literal("url")
    if case.skill is None or case.effect == "write" or not isinstance(url, str):
        return
    usual = max((profile(one).count for one in case.good_outputs), default=0)
    try:
        now = await desk.call(case.skill.name, case.arguments)
    except AssistantError:
        return
    data = now.get("response", {}).get("data") if isinstance(now, dict) else None
    given = len(rows_of(now)[0])
    if not isinstance(data, dict) or not 0 < given < usual:
        return
    for name, total in _sizes(data, given):
        wanted = min(max(usual, total), MOST_AT_ONCE)
        for size in dict.fromkeys((wanted, roundly(wanted), 100)):
            address = _asking(url, name, size)
            try:
                output = await desk.call(case.skill.name, case.arguments | {"url": address})
            except AssistantError:
                continue
            if compare(case.good_outputs, output, wanted=case.wants).held:
                why = f"it gives {given} of its list at once now, and {name}={size} gives the whole"
                yield Proposal("larger_pages", why, {"url": address})
                return


def _sizes(data: dict[str, Any], given: int) -> Iterator[tuple[str, int]]:
    """What the answer calls the size of a page, and how much it says there is in all."""
    parts = [data, *(part for part in data.values() if isinstance(part, dict))]
    for part in parts:
        numbers = {
            name: value for name, value in part.items()
            if isinstance(value, int) and not isinstance(value, bool)
        }  # fmt: skip
        for name, value in numbers.items():
            if name.lower() in SIZES and value == given:
                more = [n for other, n in numbers.items() if other != name and n > given]
                yield name, min(more, default=0)


def _asking(url: str, name: str, size: int) -> str:
    parts = urlsplit(url)
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True)
             if key != name]  # fmt: skip
    return urlunsplit(parts._replace(query=urlencode([*query, (name, str(size))])))
