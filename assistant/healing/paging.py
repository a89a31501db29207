"""Recipes for lists that are parted into pages now."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from assistant.errors import AssistantError
from assistant.healing.case import Case
from assistant.healing.comparing import compare, profile, rows_of
from assistant.healing.counting import Size, sizes_told, tells_of_more
from assistant.healing.desk import Desk
from assistant.healing.easing import roundly
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
    given = len(rows_of(now)[0])
    if not 0 < given < usual:
        return
    for size in sizes_told(now):
        partly: Proposal | None = None
        for number in _worth_trying(size, usual):
            address = _asking(url, size.name, number)
            try:
                output = await desk.call(case.skill.name, case.arguments | {"url": address})
            except AssistantError:
                continue
            if compare(case.good_outputs, output, wanted=case.wants).held:
                told = f"{size.name}={number}"
                why = f"it gives {given} of its list at once now, and {told} gives the whole"
                made = Proposal("larger_pages", why, {"url": address})
                if not tells_of_more(output):
                    yield made
                    return
                partly = partly or made
        if partly is not None:
            yield partly
            return


def _worth_trying(size: Size, usual: int) -> list[int]:
    """Sizes to ask for: all that the answer takes where it says how much there is.

    Where it does not say that, no more than there used to be: there may be thousands.
    """
    wanted = min(max(usual, size.total), MOST_AT_ONCE)
    most = min(size.most or MOST_AT_ONCE, MOST_AT_ONCE)
    ample = [size.most, 100] if size.total and size.total <= 3 * usual else []
    told = (*ample, roundly(wanted), wanted)
    return [n for n in dict.fromkeys(told) if usual <= n <= most]


def _asking(url: str, name: str, size: int) -> str:
    parts = urlsplit(url)
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True)
             if key != name]  # fmt: skip
    return urlunsplit(parts._replace(query=urlencode([*query, (name, str(size))])))
