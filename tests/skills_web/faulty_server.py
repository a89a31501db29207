"""A server that does everything wrong: one path a fault, for the web skills' end-to-end tests."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator

from tests.loopback import Page, Site, page, redirect

FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Faulty</title>
<item><title>Zürich opens a bridge</title><link>http://example.org/1</link>
<description>Für alle.</description></item></channel></rss>"""


async def _endless() -> AsyncIterator[bytes]:
    """A gigabyte, piece by piece."""
    for _ in range(1_000):
        yield b"x" * 1_000_000


async def _drip() -> AsyncIterator[bytes]:
    """A byte now and then: never idle long enough for a read timeout, never done."""
    while True:
        yield b"<"
        await asyncio.sleep(0.05)


def _bomb() -> bytes:
    """A gigabyte of zeros as a megabyte of gzip, in a hundred members."""
    return gzip.compress(bytes(10_000_000)) * 100


def faults(inside: str) -> dict[str, Page]:
    """Routes by fault; `inside` is an address that nobody named as reachable."""
    return {
        "/good": page(FEED, "application/rss+xml"),
        "/slow": Page(200, {"content-type": "application/rss+xml"}, FEED.encode(), delay=20),
        "/drip": Page(200, {"content-type": "application/rss+xml"}, pieces=_drip),
        "/cut": Page(200, {"content-type": "application/rss+xml"}, FEED.encode(), cut_after=120),
        "/cut-gzip": Page(
            200,
            {"content-type": "application/rss+xml", "content-encoding": "gzip"},
            gzip.compress(FEED.encode())[:-20],
        ),
        "/busy": Page(429, {"retry-after": "120"}),
        "/bomb": Page(200, {"content-encoding": "gzip"}, _bomb()),
        "/bad-gzip": Page(200, {"content-encoding": "gzip"}, b"this is not gzip at all"),
        "/unasked": Page(200, {"content-encoding": "zstd"}, b"\x28\xb5\x2f\xfd"),
        "/latin": page(
            FEED.replace(' encoding="utf-8"', "").encode("latin-1"), "text/xml; charset=utf-8"
        ),
        "/loop": redirect("/loop"),
        "/inside": redirect(inside),
        "/metadata": redirect("http://169.254.169.254/latest/meta-data/"),
        "/file": redirect("file:///etc/passwd"),
        "/endless": Page(200, {"content-type": "application/rss+xml"}, pieces=_endless),
        "/empty": Page(200, {"content-type": "application/rss+xml"}),
        "/gone": Page(410),
    }


def faulty_server(inside: str = "http://127.0.0.1:1/") -> Site:
    return Site(faults(inside))
