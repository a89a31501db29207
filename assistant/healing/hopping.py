"""Permanent redirects followed one by one: further than the client follows them by itself."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urldefrag, urlsplit

import httpx

from assistant.errors import AssistantError

MOST_HOPS = 20
_SECONDS = 8.0
_FOR_GOOD = frozenset({301, 308})


class Hops(NamedTuple):
    """The address that the permanent redirects from another one end at, and how many they are.

    It may be on another host: that one was not called.
    """

    address: str
    steps: int


async def hops_from(http: httpx.AsyncClient, url: str) -> Hops | None:
    """Where an address leads for good; None when it leads nowhere, or round in a circle.

    A redirect for now ends the way: the address that makes it is the one to keep. So does one to
    another host, which is named and not called; the same host over TLS is no other.
    """
    here, known = url, {urldefrag(url).url}
    while len(known) <= MOST_HOPS:
        try:
            response = await http.get(
                here, headers={"Accept": "*/*"}, follow_redirects=False, timeout=_SECONDS
            )
        except (AssistantError, httpx.HTTPError, ValueError):
            return None
        onward = response.next_request
        if onward is None or response.status_code not in _FOR_GOOD:
            break
        there = urldefrag(str(onward.url)).url
        if there in known:
            return None
        known.add(there)
        here, left = there, not _same_host(here, there)
        if left:
            break
    else:
        return None
    return Hops(here, len(known) - 1) if len(known) > 1 else None


def _same_host(old: str, new: str) -> bool:
    before, after = urlsplit(old), urlsplit(new)
    if before.hostname != after.hostname:
        return False
    return before[:2] == after[:2] or (before.scheme, after.scheme) == ("http", "https")
