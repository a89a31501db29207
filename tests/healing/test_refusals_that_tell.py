"""Refusals that name a version, or what to leave out of the call: heard where the answer then goes on
as before, and not where the job would lose something, or would have to say who it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from assistant.healing.applying import apply
from assistant.healing.healer import Healer
from assistant.healing.leaving import parts_left_out
from assistant.healing.statements import Answer, headers_named, versions_said
from tests.healing.pages import api, stories
from tests.healing.scenarios_moved import API, NEW, OLD
from tests.healing.tending import GOOD, tended_api
from tests.healing.world import World, status
from tests.loopback import Asked, Route

MORE = stories(12, newest=90)


def _wants(world: World, header: str, value: str, code: int, said: Any) -> Route:
    """An interface that answers only with a header of that value."""

    def route(asked: Asked) -> Any:
        if asked.headers.get(header.lower()) == value:
            return status(200, api(NEW, world.origin))
        return status(code, said if isinstance(said, str) else json.dumps(said))

    return route


@pytest.mark.parametrize(
    ("header", "value", "code", "said"),
    [
        ("Api-Version", "3", 400, {"error": "missing_header", "header": "Api-Version", "current": "3"}),
        ("Stories-Revision", "v2.1", 422,
         {"detail": "Stories-Revision v1 was retired; the only supported revision is v2.1."}),
        ("X-Stories", "2026-03-01", 428,
         {"title": "Version required", "detail": "Name the version you speak in the header X-Stories. "
          "The latest is 2026-03-01, and 2025-01-01 was switched off on 2026-02-28."}),
        ("Accept-Version", "4", 400, "<p>Bad request: please send Accept-Version and set it to 4.</p>"),
        ("X-API-Version", "7", 426, {"message": "Upgrade: X-API-Version header takes 7 (not 6)."}),
    ],
)  # fmt: skip
async def test_a_version_that_a_refusal_names_is_sent_in_the_header_that_it_names(
    world: World, header: str, value: str, code: int, said: Any
):
    after = _wants(world, header, value, code, said)
    tended, words = await tended_api(world, "", api(OLD, world.origin), after)
    assert (tended.outcome, len(words)) == ("asked", 1), tended.reason
    [patch] = world.place.patches.list()
    assert patch.changes[0]["after"] == {header: value}


@pytest.mark.parametrize(
    ("header", "value", "said"),
    [
        ("App-Version", "5", {"error": "This app is too old. The header App-Version has to be 5."}),
        (
            "X-Client",
            "2",
            {"error": "Name the version of your client in the header X-Client: use 2."},
        ),
        ("Api-Key", "12", {"error": "Wrong version of the header Api-Key. Supported: 12."}),
        (
            "Api-Version",
            "9",
            {"error": "The header Api-Version is missing. It was announced in March."},
        ),
    ],
)
async def test_a_header_that_says_who_asks_or_whose_value_nothing_tells_is_not_sent(
    world: World, header: str, value: str, said: Any
):
    after = _wants(world, header, value, 400, said)
    tended, words = await tended_api(world, "", api(OLD, world.origin), after)
    assert (tended.outcome in ("left", "given_up"), words) == (True, [])


async def test_a_parameter_that_is_to_say_the_version_gets_the_only_one_that_is_named(world: World):
    def route(asked: Asked) -> Any:
        if parse_qs(urlsplit(asked.target).query).get("ver") == ["2026-03"]:
            return status(200, api(NEW, world.origin))
        return status(
            400, json.dumps({"error": "The parameter ver is required. Current version: 2026-03."})
        )

    tended, words = await tended_api(world, "", api(OLD, world.origin), route)
    assert tended.outcome == "asked", tended.reason
    assert words == [f'step \'api\': with.url was "{GOOD}", now "{GOOD}?ver=2026-03"']


def test_versions_are_read_where_a_sentence_gives_them_and_not_where_it_tells_days():
    assert versions_said("Supported versions: 2026-03.") == ["2026-03"]
    assert versions_said("Since 2026-01-05 all calls need a version; ask us by 2026-05-01.") == []
    assert versions_said("versions 1.0, 1.1 and 2.0 are known") == ["1.0", "1.1", "2.0"]
    assert headers_named(Answer(400, "Set the header Client-Version: 4.")) == []


def _heavy(told: list, origin: str, **more: Any) -> str:
    data = json.loads(api(told, origin))
    for row in data["stories"]:
        row.update(more)
    return json.dumps(data)


def _refuses(
    world: World, code: int, said: Any, *, light: Mapping[str, str], keeps: str = ""
) -> Route:
    """An interface that takes only the `light` query; `keeps` are rows with something in them."""

    def route(asked: Asked) -> Any:
        query = {n: v[0] for n, v in parse_qs(urlsplit(asked.target).query).items()}
        if query == dict(light):
            return status(200, keeps or api(NEW, world.origin))
        return status(code, json.dumps(said))

    return route


@pytest.mark.parametrize(
    ("query", "code", "said", "light"),
    [
        ("?expand=pictures", 413, {"error": "Too large. Try again without expand."}, {}),
        ("?limit=40&embed=pictures,people", 413,
         {"message": "Response of 40 MB. Please drop pictures from embed."},
         {"limit": "40", "embed": "people"}),
        ("?pictures=true", 400, {"error": "This list is sent with pictures=false only."},
         {"pictures": "false"}),
        ("?view=a&with=pictures", 422, {"errors": [{"field": "with", "hint": "Omit 'with': pictures are "
         "at /pictures of each story."}]}, {"view": "a"}),
        ("?include=pictures", 503, {"error": "Heavy answers are off. Do not ask for include=pictures."}, {}),
    ],
)  # fmt: skip
async def test_what_a_refusal_says_to_leave_out_is_left_out_where_the_job_never_used_it(
    world: World, query: str, code: int, said: Any, light: dict[str, str]
):
    before = _heavy(OLD, world.origin, pictures=["iVBORw0KGgo"])
    after = _refuses(world, code, said, light=light)
    tended, words = await tended_api(world, query, before, after)
    asked = "&".join(f"{name}={value}" for name, value in light.items())
    assert (tended.outcome, len(words)) == ("asked", 1), tended.reason
    [patch] = world.place.patches.list()
    assert patch.changes[0]["after"] == f"{world.origin}{GOOD}{'?' if asked else ''}{asked}"
    assert patch.evidence["spared"] == ["pictures"]


USES = API.replace("'url': s.link}", "'url': s.link, 'summary': s.pictures[0]}")
WHOLE = API.replace("outputs: {", 'outputs: {all: "${{ steps.api.response.data.stories }}", ')


@pytest.mark.parametrize(
    ("job", "query", "said", "keeps"),
    [
        pytest.param(USES, "?include=pictures", "Leave out include=pictures.", "", id="the-job-reads-it"),
        pytest.param(WHOLE, "?include=pictures", "Leave out include=pictures.", "", id="rows-go-on-whole"),
        pytest.param(API, "?desk=north", "The filter desk is too costly: leave out desk=north.", "others",
                     id="without-the-filter-it-is-another-list"),
        pytest.param(API, "?include=pictures", "Leave out include=pictures.", "words",
                     id="its-titles-read-otherwise"),
        pytest.param(API, "?include=pictures", "Requests without include=pictures are for guests.", "",
                     id="it-does-not-say-so"),
    ],
)  # fmt: skip
async def test_nothing_is_left_out_where_the_job_would_lose_something_or_get_another_list(
    world: World, job: str, query: str, said: str, keeps: str
):
    before = _heavy(OLD, world.origin, pictures=["iVBORw0KGgo"])
    other = json.loads(api(NEW, world.origin))
    if keeps == "others":
        other["stories"] = [row for one in zip(other["stories"], json.loads(api(MORE, world.origin))["stories"], strict=True)
                            for row in one]  # fmt: skip
    if keeps == "words":
        for row in other["stories"]:
            row["title"] = f"Nouvelle numéro {row['number']}"
    after = _refuses(world, 413, {"error": said}, light={}, keeps=json.dumps(other))
    tended, words = await tended_api(world, query, before, after, job=job)
    assert (tended.outcome, words) == ("given_up", []), tended.reason


async def test_a_field_that_was_spared_is_no_sign_of_trouble_in_the_runs_after(world: World):
    before = _heavy(OLD, world.origin, pictures=["iVBORw0KGgo"])
    after = _refuses(world, 413, {"error": "Leave out include=pictures."}, light={})
    await tended_api(world, "?include=pictures", before, after)
    [patch] = world.place.patches.list(state="asked")
    desk = world.desk()
    apply(desk, patch, by="person")
    ended = list[str]()
    for _ in range(3):
        run = await world.run(world.place.jobs.get(patch.job_id))
        tended = await Healer(desk, await world.place.engine(), model_on=False).tend(run.id)
        ended.append(tended.outcome if tended else "")
    await desk.http.aclose()
    assert ended == ["well", "well", "well"]
    assert world.place.patches.get(patch.id).state == "kept"


@pytest.mark.parametrize(
    ("said", "goes"),
    [
        ("'page' is gone. Leave it out for the first entries.", ["page"]),
        ("'offset' and 'page' ended with version 2; drop them.", ["page"]),
        ("If you send page, leave it out and use limit.", ["page"]),
        ("Take limit. Tea is served at four. Leave it out.", []),
        ("Leave it out.", []),
    ],
)
def test_what_it_is_that_a_refusal_says_to_leave_out_stands_before(said: str, goes: list[str]):
    query = [("page", "1"), ("limit", "40")]
    assert [query[number][0] for number, _ in parts_left_out([said], query)] == goes
