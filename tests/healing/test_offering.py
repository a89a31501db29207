"""Addresses that an answer names: an offer is taken up, what is for people or for others is not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assistant.healing.hopping import Hops, hops_from
from assistant.healing.looking import Visited, form_headers
from assistant.healing.offering import called_before, offered
from assistant.insight.faults import Look
from assistant.net.client import open_client
from assistant.settings import Settings
from assistant.skills.pages import parse_page
from tests.healing.pages import api, stories
from tests.healing.running import play
from tests.healing.scenarios import Scenario
from tests.healing.scenarios_moved import API, NEW, OLD
from tests.healing.tending import GOOD, tended_api
from tests.healing.world import World, status
from tests.loopback import Site, allowing, redirect

HERE = "http://harbour.example/api/v1/tides"


def _named(code: int, data: Any = None, *, text: str = "", **links: str) -> list[str]:
    links = {name.replace("_", "-"): address for name, address in links.items()}
    seen = Visited(Look(HERE, status=code), data=data, links=links)
    return [a.removeprefix("http://harbour.example") for a, _ in offered(seen, HERE, text=text)]


@pytest.mark.parametrize(
    ("code", "said", "named"),
    [
        (403, {"message": "This door is for our app. Programs may read /open/tides.json instead."},
         ["/open/tides.json"]),
        (403, {"message": "Not allowed; use the open data at /open/tides.json."}, ["/open/tides.json"]),
        (403, {"message": "Programs must not read /app/tides.json."}, []),
        (403, {"message": "Tides in /pro/tides.json are for customers only."}, []),
        (403, {"message": "Read /terms first.", "documentation_url": "/docs/tides", "public": "/p/t"},
         ["/p/t"]),
        (404, {"error": "Tides are not here any more but at /sea/tides, see /help/moving"}, ["/sea/tides"]),
        (410, {"error": "v1 was switched off. Use v3."}, ["/api/v3/tides"]),
        (410, {"error": "Since May there is version 2024-05 alone."}, []),
        (404, {"error": "Gone. Last year's tides are in /y2025/tides.", "archive": "/a/tides"}, []),
        (200, {"note": "Also at /sea/tides", "tides": []}, []),
    ],
)  # fmt: skip
def test_of_what_an_answer_says_the_addresses_for_programs_are_read(
    code: int, said: dict[str, Any], named: list[str]
):
    assert _named(code, said) == named


def test_a_text_a_link_header_and_a_page_may_name_it_too():
    assert _named(410, text="Gone. Tides: http://harbour.example/t.json.") == ["/t.json"]
    assert _named(404, successor_version="/v9/tides", help="/man", next="?page=2") == ["/v9/tides"]
    assert _named(403, text="Please call us over TLS.") == [HERE.replace("http:", "https:")]
    body = (
        "<h1>Forbidden</h1><p>Programs find the tides in <a href='/tides.json'>a file</a>.</p>"
        "<p>Members <a href='/m.json'>read more</a>.</p><nav><p><a href='/x'>Start</a></p></nav>"
    )
    page = Visited(Look(HERE, status=403), tree=parse_page(body.encode()))
    assert [address for address, _ in offered(page, HERE)] == ["http://harbour.example/tides.json"]
    captcha = parse_page(f"<p>Are you a human?</p>{body}".encode())
    assert list(offered(Visited(Look(HERE, status=403), tree=captcha), HERE)) == []


def test_only_headers_that_choose_a_form_go_along_on_a_visit():
    assert form_headers({}) == {}
    assert form_headers({"headers": {"accept": "text/csv"}}) == {"Accept": "text/csv"}
    assert form_headers({"headers": {"Accept": "a/b", "X-Token": "1"}}) is None


async def test_permanent_redirects_are_followed_as_far_as_they_stay_on_their_host(
    settings: Settings,
):
    with Site() as site, Site() as other:
        far = {f"/{n}": redirect(f"{site.origin}/{n + 1}", 301) for n in range(9)}
        site.routes |= far | {
            "/9": status(200, "here"), "/now": redirect(site.url("/9"), 302),
            "/first": redirect(site.url("/now"), 308), "/round": redirect(site.url("/a"), 301),
            "/a": redirect(site.url("/round"), 301), "/away": redirect(other.url("/there"), 301),
        }  # fmt: skip
        async with open_client(allowing(settings, site, other)) as http:
            ends = {path: await hops_from(http, site.url(path)) for path in site.routes}
        assert ends == {
            **{f"/{n}": Hops(site.url("/9"), 9 - n) for n in range(9)},
            "/9": None, "/now": None, "/first": Hops(site.url("/now"), 1), "/round": None,
            "/a": None, "/away": Hops(other.url("/there"), 1),
        }  # fmt: skip
        assert other.asked == []


async def test_an_interface_that_went_far_is_found_at_the_end_of_its_way(world: World):
    ways = {f"/v1/{'x' * n or 'stories'}": redirect(f"/v1/{'x' * (n + 1)}", 301) for n in range(8)}
    after = {**ways, f"/v1/{'x' * 8}": api(NEW, world.origin)}
    tended, words = await tended_api(world, "", api(OLD, world.origin), after)
    assert tended.outcome == "asked"
    assert words == [f'step \'api\': with.url was "{GOOD}", now "/v1/{"x" * 8}"']


async def test_a_refusal_that_names_a_door_for_programs_is_taken_at_its_word(world: World):
    said = {"error": "For people. Programs read the list at /open/stories."}
    after = {GOOD: status(403, json.dumps(said)), "/open/stories": api(NEW, world.origin)}
    job = API.replace('stories"}', 'stories", headers: {Accept: application/json}}')
    tended, words = await tended_api(world, "", api(OLD, world.origin), after, job=job)
    assert tended.outcome == "asked"
    assert words == [f'step \'api\': with.url was "{GOOD}", now "/open/stories"']


async def test_an_offer_that_has_nothing_of_before_is_no_repair(world: World):
    said = {"error": "For people. Programs read the list at /open/stories."}
    others = api(stories(12, newest=90), world.origin)
    after = {GOOD: status(403, json.dumps(said)), "/open/stories": others}
    tended, words = await tended_api(world, "", api(OLD, world.origin), after)
    assert (tended.outcome, words) == ("left", [])


async def test_what_is_named_twice_with_equal_content_is_left_to_a_person(world: World):
    said = {"error": "For people. Programs read /open/a or /open/b."}
    there = {f"/open/{name}": api(NEW, world.origin) for name in "ab"}
    after = {GOOD: status(403, json.dumps(said)), **there}
    tended, words = await tended_api(world, "", api(OLD, world.origin), after)
    assert (tended.outcome, words) == ("left", [])


async def test_a_name_that_is_written_otherwise_is_tried_and_has_to_go_on_with_the_list(
    world: World,
):
    tended, words = await tended_api(
        world, "", api(OLD, world.origin), {"/v1/story": api(NEW, world.origin)}
    )
    assert (tended.outcome, words) == ("given_up", [])
    shared = {"/v1/stories.json": api(NEW, world.origin)}
    tended, words = await tended_api(world, "?a=1", api(OLD, world.origin), shared)
    assert tended.outcome == "asked"
    assert words == [f'step \'api\': with.url was "{GOOD}?a=1", now "/v1/stories.json?a=1"']


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ('<p>New here? <a href="/open/tides">Look around without an account</a>.</p>', ["/open/tides"]),
        ('<p>Visitors may <a href="/visitors">read the tides</a>. Staff log in above.</p>', ["/visitors"]),
        ('<p>Guests log in above. <a href="/tides/all">All tides</a></p>', []),
        ('<p>The <a href="/guests">guests\' list</a> is for members only.</p>', []),
        ('<p>Guests see <a href="/open/sample">a sample of the tides</a>.</p>', []),
        ('<p><a href="/login/reset">Anyone may forget a password</a></p>', []),
    ],
)  # fmt: skip
def test_a_login_page_offers_only_what_its_own_sentence_opens_to_guests(
    said: str, named: list[str]
):
    form = (
        '<form><input name="who"><input type="password" name="word"><button>Log in</button></form>'
    )
    tree = parse_page(f"<html><body>{form}{said}</body></html>".encode(), "")
    seen = Visited(Look(HERE, 200, HERE, kind="login"), tree=tree)
    assert [a.removeprefix("http://harbour.example") for a, _ in offered(seen, HERE)] == named


MANUAL = (
    "<html><body><h1>Moving on</h1><p>Write to <code>/v3/authors</code>, read <code>GET /v3/stories</code>.</p>"
    "<p>Elsewhere: https://other.example/v3/stories</p></body></html>"
)


@pytest.mark.parametrize("code", [404, 410])
async def test_the_documentation_that_an_answer_names_tells_where_it_has_gone(
    world: World, code: int
):
    after = {
        GOOD: status(code, json.dumps({"error": "It ended.", "migration_guide": "/docs/moving"})),
        "/docs/moving": status(200, MANUAL),
        "/v3/stories": api(NEW, world.origin),
    }
    tended, words = await tended_api(world, "", api(OLD, world.origin), after)
    assert tended.outcome == "asked"
    assert words == [f'step \'api\': with.url was "{GOOD}", now "/v3/stories"']


async def test_documentation_on_another_host_is_not_even_opened(world: World):
    away = f"{world.other.origin}/docs/moving"
    after = {
        GOOD: status(410, json.dumps({"error": "It ended.", "documentation": away})),
        "other:/docs/moving": status(200, MANUAL),
    }
    tended, words = await tended_api(world, "", api(OLD, world.origin), after)
    assert (tended.outcome, words, world.other.asked) == ("given_up", [], [])


@pytest.mark.parametrize(
    ("index", "named"),
    [
        ({"list": [{"href": "/api/sea", "about": "Heights (called 'tides' until May)"},
                   {"href": "/api/moon", "about": "Moon and sun"}]}, ["/api/sea"]),
        ([{"url": "/api/sea", "was": "tides"}], ["/api/sea"]),
        ({"sea": "/api/sea", "text": "No tides here."}, ["/api/sea"]),  # what is in it has to tell
        ([{"a": "/api/sea", "b": "/api/moon", "was": "tides"}], []),  # which of the two, nothing tells
        ([{"href": "/api/lowtides", "about": "lowtides"}], []),
    ],
)  # fmt: skip
def test_an_index_tells_beside_an_address_what_it_was_called(index: Any, named: list[str]):
    seen = Visited(Look("http://harbour.example/api", status=200), data=index)
    there = [address for address, _ in called_before(seen, HERE)]
    assert [one.removeprefix("http://harbour.example") for one in there] == named


WHOLE = "/export/stories.json"


@pytest.mark.parametrize(
    ("parts", "outcome", "now"),
    [
        ({"stories-2026.json": NEW, "stories-2025.json": OLD[4:]}, "asked", "/export/stories-2026.json"),
        ({"stories-2025.json": OLD, "other-2026.json": NEW}, "given_up", ""),  # it does not go on
    ],
)  # fmt: skip
async def test_of_a_file_that_grew_too_large_the_part_that_goes_on_is_asked_about(
    world: World, parts: dict[str, Any], outcome: str, now: str
):
    heavy = json.loads(api(NEW, world.origin)) | {"scans": "0" * 11_000_000}
    links = "".join(f'<li><a href="/export/{name}">{name}</a></li>' for name in parts)
    files = {f"/export/{name}": api(told, world.origin) for name, told in parts.items()}
    told = Scenario(
        "grew", "too_large", "leave", API.replace(GOOD, WHOLE),
        lambda w: {WHOLE: api(OLD, w.origin)},
        lambda w: {WHOLE: json.dumps(heavy), "/export/": f"<ul>{links}</ul>", **files},
    )  # fmt: skip
    ended = await play(world, told, "recipes")
    there = [patch.changes[0]["after"] for patch in world.place.patches.list()]
    assert (ended.outcome, there) == (outcome, [world.origin + now] if now else [])
