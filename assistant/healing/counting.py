"""What an answer tells of how much there is: a total, a next page, and what it calls its size."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from assistant.healing.comparing import rows_of
from assistant.healing.spelling import words_of

SIZES = ("limit", "per_page", "page_size", "pagesize", "perpage", "count", "max", "max_results",
         "maxresults", "rows", "n", "size", "top", "first")  # fmt: skip
"""What interfaces call how much is asked for at once."""
_NEXT = frozenset({"next", "nextpage", "nexturl", "nextlink", "nextcursor", "nextpagetoken", "nextpageurl",
                   "odatanextlink", "nextoffset"})  # fmt: skip
_MORE = frozenset(
    {"hasmore", "hasnext", "hasnextpage", "more", "moreavailable", "istruncated", "truncated"}
)
_TOTALS = frozenset({"total", "totalcount", "totalresults", "totalitems", "totalrecords", "totalelements",
                     "numfound", "available", "found", "count", "xtotalcount", "totalhits"})  # fmt: skip
_PAGES = frozenset({"pages", "totalpages", "pagecount", "lastpage", "numpages"})
_NEXT_LINK = re.compile(r"<([^>]*)>\s*;[^,]*\brel=\"?next\b", re.I)
_DEEPEST = 3


class Size(NamedTuple):
    """What an answer calls how much it gives at once, the most it takes there, and how much there is.

    `most` and `total` are 0 where it does not say so.
    """

    name: str
    most: int
    total: int


def tells_of_more(output: Any) -> str:
    """In words, that an interface's answer, or a page, says itself to be only a part; else empty."""
    given = len(rows_of(output)[0])
    data, headers = _of_response(output)
    if not given or not rows_of(output)[1]:
        return ""
    if total := _total(data, headers, given):
        return f"it gives {given} and says that there are {total}"
    further = isinstance(output, dict) and output.get("next_page")
    if further or _next_address(data, headers):
        return f"it gives {given} and names a next page"
    for key, value in _named(data):
        if key in _MORE and value is True:
            return f"it gives {given} and says that there is more"
    return ""


def sizes_told(output: Any) -> list[Size]:
    """The parameters that say how much is asked for, as the answer itself names them."""
    given = len(rows_of(output)[0])
    data, headers = _of_response(output)
    total, most = _total(data, headers, given), dict[str, int]()
    found = dict[str, None]()
    for name, value in _numbers(data):
        if name.lower() in SIZES and value == given:
            found.setdefault(name)
        elif (plain := re.sub(r"^max(imum)?_?", "", name, flags=re.I)) != name:
            size = plain[:1].lower() + plain[1:]
            if size.lower() in SIZES and value > given:
                most[size] = value
                found.setdefault(size)
    for name, value in parse_qsl(urlsplit(_next_address(data, headers)).query):
        if name.lower() in (*SIZES, "page[size]", "page[limit]") and value == str(given):
            found.setdefault(name)
    # Many call the size of a page in one way only; `count` may well be how much there is.
    return [Size(name, most.get(name, 0), total) for name in found if name.lower() != "count"]


def _of_response(output: Any) -> tuple[Any, Mapping[str, Any]]:
    response = output.get("response") if isinstance(output, dict) else None
    if not isinstance(response, dict):
        return None, {}
    return response.get("data"), response.get("headers") or {}


def _named(data: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Keys, in small letters alone, with their values: of the answer itself, not of its things."""
    if depth > _DEEPEST or not isinstance(data, Mapping):
        return
    told: Mapping[str, Any] = data
    for key, value in told.items():
        yield re.sub(r"[\W_]", "", str(key)).lower(), value
        if isinstance(value, Mapping):
            yield from _named(value, depth + 1)


def _numbers(data: Any, depth: int = 0) -> Iterator[tuple[str, int]]:
    if depth > _DEEPEST or not isinstance(data, Mapping):
        return
    told: Mapping[str, Any] = data
    for key, value in told.items():
        if isinstance(value, int) and not isinstance(value, bool):
            yield str(key), value
        yield from _numbers(value, depth + 1)


def _total(data: Any, headers: Mapping[str, Any], given: int) -> int:
    """How much there is when that is more than what was given; else 0."""
    told = [value for key, value in _named(data) if key in _TOTALS]
    told += [int(value) for key, value in headers.items()
             if words_of(key) >= {"total"} and str(value).isdecimal()]  # fmt: skip
    pages = [value for key, value in _named(data) if key in _PAGES]
    told += [n * given for n in pages if isinstance(n, int) and not isinstance(n, bool) and n > 1]
    more = [n for n in told if isinstance(n, int) and not isinstance(n, bool) and n > given]
    return min(more, default=0)


def _next_address(data: Any, headers: Mapping[str, Any]) -> str:
    if link := _NEXT_LINK.search(str(headers.get("link", ""))):
        return link[1]
    for key, value in _named(data):
        if key in _NEXT:
            inner = value.get("href") if isinstance(value, Mapping) else value
            if isinstance(inner, str | int) and not isinstance(inner, bool) and str(inner):
                return str(inner)
    return ""
