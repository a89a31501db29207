"""Every web skill against a server that does everything wrong: typed errors, bounded cost."""

from __future__ import annotations

import json
import resource
import time

import pytest

from assistant.errors import CannotDo, PolicyDenied, TryAgain
from assistant.skills.calling import call
from assistant.skills.folders import load_code
from assistant.skills.library import BUNDLED
from tests.loopback import Site, page
from tests.skills_web.faulty_server import faulty_server
from tests.skills_web.scores import FEEDS, many_feeds

FETCH_FEED = load_code(BUNDLED / "fetch_feed")
SKILLS = {
    name: load_code(BUNDLED / name)
    for name in ("fetch_feed", "scrape_page", "extract_article", "http_request")
}
FAULTS = [
    ("/slow", TryAgain, "did not answer in time"),
    ("/drip", TryAgain, "did not answer in time"),
    ("/cut", TryAgain, "broke off in the middle"),
    ("/cut-gzip", TryAgain, "ended in the middle of its compressed body"),
    ("/busy", TryAgain, "answered 429"),
    ("/bomb", CannotDo, "is larger than 10 MB"),
    ("/bad-gzip", CannotDo, "cannot be decompressed"),
    ("/unasked", CannotDo, "the encoding 'zstd', which was not asked for"),
    ("/loop", CannotDo, "redirects more than 5 times"),
    ("/inside", PolicyDenied, "is not fetched"),
    ("/metadata", PolicyDenied, "is not a public address"),
    ("/file", PolicyDenied, "its scheme is 'file'"),
    ("/endless", CannotDo, "is larger than 10 MB"),
    ("/gone", CannotDo, "answered 410"),
]


@pytest.mark.parametrize("name", SKILLS)
@pytest.mark.parametrize(("path", "kind", "message"), FAULTS)
async def test_a_fault_is_one_typed_error_with_its_cure(desk, name, path, kind, message):
    with Site({"/": page("secret")}) as inside, faulty_server(inside.url("/")) as faulty:
        # Only what never ends has to be waited for; a busy machine needs time for the rest.
        seconds = 1.0 if kind is TryAgain else 20.0
        context = desk(faulty, robots=False, total_seconds=seconds)
        start = time.monotonic()
        with pytest.raises(kind, match=message) as told:
            await call(SKILLS[name], {"url": faulty.url(path)}, context)
        assert time.monotonic() - start < seconds + 5
        assert "\n" not in told.value.message
        assert inside.asked == []
        await context.http.aclose()


@pytest.mark.external
@pytest.mark.parametrize("name", SKILLS)
async def test_no_published_address_is_reached(desk, shared_data, name):
    asked = []

    async def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    lines = (shared_data / "security_payloads" / "ssrf_urls.jsonl").read_text().splitlines()
    with Site() as site:
        context = desk(site, resolver=resolver)
        for line in lines:
            with pytest.raises(PolicyDenied):
                await call(SKILLS[name], {"url": json.loads(line)["url"]}, context)
        assert (site.asked, asked) == ([], [])


async def test_a_gigabyte_costs_no_more_memory_than_the_limit(desk):
    with faulty_server() as faulty:
        context = desk(faulty)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for path in ("/bomb", "/endless"):
            with pytest.raises(CannotDo):
                await call(FETCH_FEED, {"url": faulty.url(path)}, context)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert grown < 100_000  # kilobytes


async def test_the_pause_a_server_asks_for_is_kept(desk):
    with faulty_server() as faulty:
        context = desk(faulty)
        for _ in range(2):
            with pytest.raises(TryAgain) as told:
                await call(FETCH_FEED, {"url": faulty.url("/busy")}, context)
        assert 119 < told.value.retry_after <= 120
        assert len(faulty.asked) == 1


async def test_a_wrong_charset_is_read_all_the_same(desk):
    with faulty_server() as faulty:
        given = await call(FETCH_FEED, {"url": faulty.url("/latin")}, desk(faulty))
        assert [item["title"] for item in given["items"]] == ["Zürich opens a bridge"]


async def test_one_good_feed_among_faults_is_read_and_the_rest_are_warnings(desk):
    with faulty_server() as faulty:
        context = desk(faulty, total_seconds=3.0)
        paths = ["/good", "/slow", "/cut", "/bomb", "/loop", "/metadata", "/gone", "/empty"]
        urls = [faulty.url(path) for path in paths]
        given = await call(FETCH_FEED, {"urls": urls}, context)
        assert [item["title"] for item in given["items"]] == ["Zürich opens a bridge"]
        assert len(given["warnings"]) == 7


async def test_two_hundred_feeds_are_read_at_once_as_each_is_alone(desk):
    with Site(many_feeds()) as site:
        urls = [site.url(path) for path in site.routes]
        given = await call(FETCH_FEED, {"urls": urls, "limit": 1000}, desk(site))
        assert (len(urls), len(given["items"]), given["warnings"]) == (FEEDS, 1000, [])
        alone = await call(FETCH_FEED, {"url": urls[0]}, desk(site))
        assert given["items"][: len(alone["items"])] == alone["items"]


async def test_bad_feeds_among_two_hundred_are_warnings_and_end_nothing(desk):
    start = '<rss version="2.0"><channel><title>x</title><item>'
    bad = {
        "/page": page("<html><body>no feed</body></html>"),
        "/broken": page(start + "<a>" * 20_000, "application/rss+xml"),
        "/none": page("", "application/rss+xml"),
    }
    with Site(many_feeds() | bad) as site:
        urls = [site.url(path) for path in site.routes]
        given = await call(FETCH_FEED, {"urls": urls, "limit": 1000}, desk(site))
        assert len(given["items"]) == 1000
        told = [warning.split(": ")[0].removeprefix(site.origin) for warning in given["warnings"]]
        assert sorted(told) == ["/none", "/page"]
