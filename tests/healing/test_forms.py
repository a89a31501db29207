"""Headers that choose the form of an answer, and how long an answer asks to wait."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from assistant.healing.looking import visit
from assistant.healing.statements import Answer, headers_named
from assistant.net.client import open_client
from assistant.settings import Settings
from tests.healing.pages import api
from tests.healing.scenarios_moved import NEW, OLD
from tests.healing.tending import tended_api
from tests.healing.world import World, status
from tests.loopback import Asked, Page, Site, allowing


@pytest.mark.parametrize(
    ("code", "said", "headers"),
    [
        (400, {"error": "missing_header", "header": "X-Api-Version", "supported": ["2024-02", "2025-11"]},
         [("X-Api-Version", "2025-11"), ("X-Api-Version", "2024-02")]),
        (400, {"error": "Accept-Language has to be one of: de, en"},
         [("Accept-Language", "de"), ("Accept-Language", "en")]),
        (400, {"error": "Send Api-Version '9' and Api-Version '10'"},
         [("Api-Version", "10"), ("Api-Version", "9")]),
        (400, {"error": "Version 1 was retired, use '2'"}, []),
        (403, {"error": "X-Api-Version is missing: '2'"}, []),
        (400, {"error": "X-Api-Key is missing", "example": "4711"}, []),
    ],
)  # fmt: skip
def test_a_header_and_what_it_takes_may_stand_apart(
    code: int, said: dict[str, Any], headers: list[tuple[str, str]]
):
    assert headers_named(Answer(code, "", said)) == headers


def _by_header(world: World, name: str, tell: Callable[[str], Any]) -> Callable[[Asked], Page]:
    def route(asked: Asked) -> Page:
        told = tell(asked.headers.get(name, ""))
        if isinstance(told, list):
            return status(200, api(told, world.origin))
        return told if isinstance(told, Page) else status(400, json.dumps(told))

    return route


@pytest.mark.parametrize(
    ("name", "tell", "value"),
    [
        ("x-api-version", lambda v: OLD if v in ("2", "3")
         else {"error": "x-api-version is missing", "known": ["2", "3"]}, "3"),
        ("accept", lambda v: NEW if v == "application/json" else status(200, "<p>The stories</p>"),
         "application/json"),
        ("accept-language", lambda v: {"error": "accept-language: cy"} if v != "cy" else NEW[::-1], None),
    ],
)  # fmt: skip
async def test_a_form_that_gives_what_was_there_before_is_asked_for(
    world: World, name: str, tell: Callable[[str], Any], value: str | None
):
    tended, words = await tended_api(
        world, "", api(OLD, world.origin), _by_header(world, name, tell)
    )
    if value is None:
        assert (tended.outcome, words) == ("given_up", [])
        return
    assert tended.outcome == "asked"
    (told,) = words
    assert name in told.lower()
    assert value in told


async def test_how_long_to_wait_is_told_in_headers_and_in_words(settings: Settings):
    told = {
        "/seconds": status(429, "", ratelimit_reset="12"),
        "/after": status(403, "", x_ratelimit_reset_after="2.5"),
        "/past": status(429, "", x_ratelimit_reset="1700000000"),
        "/words": status(503, "Busy. Please try again in 3 minutes."),
        "/fine": status(200, "Wait 3 seconds for a bus.", ratelimit_reset="12"),
    }
    with Site(told) as site:
        waits = dict[str, float | None]()
        for path in told:
            async with open_client(allowing(settings, site)) as http:
                waits[path] = (await visit(http, site.url(path))).retry_after
    assert waits == {"/seconds": 12, "/after": 2.5, "/past": 0, "/words": 180, "/fine": None}
