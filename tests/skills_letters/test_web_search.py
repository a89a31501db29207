"""web_search asks Brave or a SearXNG through the guarded client and gives items."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from assistant.errors import CannotDo, TryAgain
from assistant.settings import Search
from assistant.skills.calling import call
from assistant.skills.door import Skill
from assistant.skills.library import Library

KEY = {"brave_api_key": "brave-key-1"}


class SearchService:
    """Answers in the shapes of Brave and of SearXNG, in pages, from one list of results."""

    def __init__(self, count: int = 45) -> None:
        self.count = count
        self.asked: list[dict[str, str]] = []
        self.keys: list[str | None] = []
        self.status = 200
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                service.asked.append(query)
                key = self.headers.get("X-Subscription-Token")
                service.keys.append(key)
                brave = not parts.path.endswith("/search") or parts.path.endswith("/web/search")
                status = 422 if brave and key != KEY["brave_api_key"] else service.status
                made = service.brave(query) if brave else service.searxng(query)
                body = json.dumps(made).encode() if status == 200 else b"{}"
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"

    def brave(self, query: dict[str, str]) -> dict[str, Any]:
        start = int(query["offset"]) * int(query["count"])
        end = min(start + int(query["count"]), self.count)
        return {
            "query": {"original": query["q"], "more_results_available": end < self.count},
            "web": {
                "results": [
                    {
                        "title": f"<b>Page</b> {n} &amp; more",
                        "url": f"https://example.org/{n}",
                        "description": f"About <strong>tides</strong> {n}",
                        "page_age": "2026-03-01T10:00:00",
                        "profile": {"name": "Example"},
                        "thumbnail": {"src": "https://img.example.org/x.png"},
                    }
                    for n in range(start, end)
                ]
            },
        }

    def searxng(self, query: dict[str, str]) -> dict[str, Any]:
        first = (int(query["pageno"]) - 1) * 10
        return {
            "results": [
                {
                    "title": f"Page {n}",
                    "url": f"https://example.org/{n}",
                    "content": f"About tides {n}",
                    "publishedDate": "2026-03-01T10:00:00+00:00",
                }
                for n in range(first, min(first + 10, self.count))
            ]
        }


@pytest.fixture
def service() -> Iterator[SearchService]:
    made = SearchService()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def search(library: Library) -> Skill:
    return library.get("web_search")


def brave(service: SearchService) -> dict[str, Any]:
    url = f"{service.origin}/res/v1/web/search"
    return {"search": Search(url=url), "allow_origins": (service.origin,)}


def searxng(service: SearchService) -> dict[str, Any]:
    made = Search(provider="searxng", url=service.origin)
    return {"search": made, "allow_origins": (service.origin,)}


async def test_results_are_items_in_plain_text(
    search: Skill, make_context, service: SearchService
) -> None:
    context = make_context(change=brave(service), secrets=KEY)
    out = await call(search, {"query": "tides", "limit": 1}, context)
    assert out["items"] == [
        {
            "title": "Page 0 & more",
            "url": "https://example.org/0",
            "source": "Example",
            "published": "2026-03-01T10:00:00.000Z",
            "author": "",
            "summary": "About tides 0",
            "text": "",
            "image": "https://img.example.org/x.png",
            "score": None,
            "tags": [],
        }
    ]


async def test_many_results_are_fetched_page_by_page(
    search: Skill, make_context, service: SearchService
) -> None:
    context = make_context(change=brave(service), secrets=KEY)
    out = await call(search, {"query": "tides", "limit": 100}, context)
    assert [item["url"] for item in out["items"]] == [f"https://example.org/{n}" for n in range(45)]
    assert [asked["offset"] for asked in service.asked] == ["0", "1", "2"]
    assert set(service.keys) == {"brave-key-1"}


async def test_since_is_told_to_the_service_and_held_against_its_answers(
    search: Skill, make_context, service: SearchService
) -> None:
    context = make_context(change=brave(service), secrets=KEY)
    out = await call(search, {"query": "tides", "since": "2h"}, context)
    assert service.asked[0]["freshness"] == "2026-03-02to2026-03-02"
    assert out["items"] == []


async def test_without_a_key_the_cure_is_told_and_nothing_is_asked(
    search: Skill, make_context, service: SearchService
) -> None:
    with pytest.raises(CannotDo) as missing:
        await call(search, {"query": "tides"}, make_context(change=brave(service)))
    assert "needs a key of the Brave Search API" in missing.value.message
    assert "assistant secrets set brave_api_key" in missing.value.hint
    assert service.asked == []


async def test_a_wrong_key_is_told(search: Skill, make_context, service: SearchService) -> None:
    context = make_context(change=brave(service), secrets={"brave_api_key": "wrong-key"})
    with pytest.raises(CannotDo, match="does not accept") as wrong:
        await call(search, {"query": "tides"}, context)
    assert "wrong-key" not in wrong.value.message + wrong.value.hint


async def test_a_busy_service_is_worth_another_try(
    search: Skill, make_context, service: SearchService
) -> None:
    service.status = 429
    with pytest.raises(TryAgain):
        await call(search, {"query": "tides"}, make_context(change=brave(service), secrets=KEY))


async def test_a_searxng_serves_as_well(
    search: Skill, make_context, service: SearchService
) -> None:
    context = make_context(change=searxng(service))
    out = await call(search, {"query": "tides", "limit": 15, "since": "7d"}, context)
    assert [item["title"] for item in out["items"]] == [f"Page {n}" for n in range(15)]
    assert [(a["pageno"], a["time_range"]) for a in service.asked] == [
        ("1", "month"),
        ("2", "month"),
    ]


async def test_a_searxng_without_json_says_what_to_switch_on(
    search: Skill, make_context, service: SearchService
) -> None:
    service.status = 403
    with pytest.raises(CannotDo, match="does not answer in JSON"):
        await call(search, {"query": "tides"}, make_context(change=searxng(service)))


async def test_a_searxng_needs_an_address(search: Skill, make_context) -> None:
    change = {"search": Search(provider="searxng")}
    with pytest.raises(CannotDo, match=r"search\.url"):
        await call(search, {"query": "tides"}, make_context(change=change))


async def test_an_internal_searxng_is_reached_only_when_it_is_named(
    search: Skill, make_context, service: SearchService
) -> None:
    from assistant.errors import PolicyDenied

    change = {"search": Search(provider="searxng", url=service.origin)}
    with pytest.raises(PolicyDenied):
        await call(search, {"query": "tides"}, make_context(change=change))
    assert service.asked == []
