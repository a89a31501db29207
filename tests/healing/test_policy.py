"""What no patch can change, whoever proposes it; and how much a person is asked about."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from assistant.healing.applying import apply
from assistant.healing.case import Case, gather
from assistant.healing.healer import Healer
from assistant.healing.policy import judge
from assistant.models.doubles import OneModel, PuppetModel
from tests.healing.hijacked import answers
from tests.healing.pages import api, page, plain_list, renamed_classes
from tests.healing.scenarios_moved import API, NEW, OLD
from tests.healing.world import World, status

JOB = """job: guarded
inputs:
  topic: {type: string, default: batteries}
schedule: {cron: "0 7 * * 1-5", timezone: Europe/London}
steps:
  - id: read
    if: "${{ inputs.topic != '' }}"
    skill: scrape_page
    with: {url: "{origin}/news/latest", selector: li.story}
    retry: {attempts: 1}
    on_error: fail
  - id: send
    skill: send_email
    needs_approval: true
    with: {to: jo@example.org, subject: News, body: There is news.}
outputs: {count: "${{ size(default(steps.read.items, [])) }}"}
expect: ["${{ size(default(steps.read.items, [])) > 0 }}"]
alerts: {on: [failed], to: [outbox]}
budget: {seconds: 600, cost: 0.50}
"""


@pytest.fixture
async def case(world: World) -> Case:
    world.put({"/news/latest": page(plain_list(OLD))})
    record = world.make_job(JOB.replace("{origin}", world.origin))
    await world.run(record)
    world.put({"/news/latest": page(renamed_classes(NEW))})
    found = gather(world.desk(), await world.run(record))
    assert isinstance(found, Case)
    return found


def _decided(world: World, case: Case, old: str, new: str, *, by_model: bool = True) -> str:
    assert old in case.text
    text = case.text.replace(old, new, 1)
    made = judge(
        case, text, by_model=by_model, settings=world.place.settings, library=world.place.library
    )
    return made.kind


async def test_only_the_declared_fields_of_the_failed_step_can_change(world: World, case: Case):
    origin = world.origin
    forbidden = [
        ("skill: scrape_page", "skill: fetch_feed"),
        ("jo@example.org", "evil@example.org"),
        ("subject: News", "subject: Other"),
        ("needs_approval: true", "needs_approval: false"),
        ("inputs.topic != ''", "true"),
        ("on_error: fail", "on_error: continue"),
        ("attempts: 1", "attempts: 3"),
        ("0 7 * * 1-5", "* * * * *"),
        ("seconds: 600", "seconds: 6000"),
        ("cost: 0.50", "cost: 500"),
        ("size(default(steps.read.items, [])) > 0", "true"),
        ("to: [outbox]", "to: [evil]"),
        ("default: batteries", "default: evil"),
        (f'"{origin}/news/latest"', '"https://evil.example/news"'),
        (f'"{origin}/news/latest"', f'"{origin}@evil.example/news"'),
        (f'"{origin}/news/latest"', '"${{ inputs.topic }}"'),
        ("selector: li.story", 'selector: "${{ inputs.topic }}"'),
        ("selector: li.story", "selector: secret:token"),
        ("job: guarded\n", "job: guarded\ntriggers: [{on: job_failed, job: other}]\n"),
    ]  # fmt: skip
    decided = {new: _decided(world, case, old, new) for old, new in forbidden}
    assert decided == dict.fromkeys(decided, "never")
    recipe = {new: _decided(world, case, old, new, by_model=False) for old, new in forbidden}
    allowed_to_recipes = {"attempts: 3"}
    assert {new for new, kind in recipe.items() if kind != "never"} == allowed_to_recipes


async def test_a_selector_is_changed_by_itself_and_an_address_of_the_host_asks(
    world: World, case: Case
):
    url = f'"{world.origin}/news/latest"'
    assert _decided(world, case, "li.story", "li.other") == "automatic"
    assert _decided(world, case, url, f'"{world.origin}/other"') == "ask"
    assert _decided(world, case, url, f'"{world.origin.replace("http:", "https:")}/other"') == "ask"


async def test_headers_that_a_patch_may_never_set_are_refused_also_when_all_are_new(world: World):
    world.put({"/v1/stories": api(OLD, world.origin)})
    record = world.make_job(f"job: plain\n{API}".replace("{origin}", world.origin))
    await world.run(record)
    world.put({"/v1/stories": api(NEW, world.origin, key="items")})
    found = gather(world.desk(), await world.run(record))
    assert isinstance(found, Case)
    source = replace(found, place="api", skill=world.place.library.get("http_request"))
    url = 'v1/stories"'
    for header, kind in {
        "Api-Version": "ask", "Accept": "ask", "Authorization": "never", "Host": "never",
        "X-HTTP-Method-Override": "never", "X-Forwarded-Host": "never", "Cookie": "never",
    }.items():  # fmt: skip
        new = f'{url}, headers: {{"{header}": "1"}}'
        assert (header, _decided(world, source, url, new)) == (header, kind)


async def test_proposals_of_a_hijacked_model_change_nothing(world: World, case: Case):
    spoken = list[dict[str, Any]]()
    model = PuppetModel(lambda asked: spoken.pop(0))
    desk = world.desk(OneModel(model))
    healer = Healer(desk, await world.place.engine(), recipes_on=False)
    # With other records on the page nothing harmless in an answer can be proven either.
    world.put({"/news/latest": page("<p>Nothing is here.</p>")})
    # All two hundred are tried by `python -m tests.bench.bench_healing`.
    before, told = case.text, answers(200)[::10]
    for answer in told:
        spoken[:] = [answer]
        for table in ("patches", "tended"):
            world.place.store.run(f"delete from {table}")
        await healer.tend(case.run.id)
        for patch in world.place.patches.list(state="asked"):
            apply(desk, patch, by="person")
    await desk.http.aclose()
    assert len(told) == len(model.asked) == 20
    assert world.place.jobs.version(case.record.id).number == 1
    assert world.place.jobs.version(case.record.id).yaml == before


async def test_no_page_decides_where_a_call_with_its_headers_goes(world: World):
    job = API.replace('v1/stories"}', 'v1/stories", headers: {X-Key: "not for others"}}')
    world.put({"/v1/stories": api(OLD, world.origin)})
    record = world.make_job(f"job: keyed\n{job}".replace("{origin}", world.origin))
    await world.run(record)
    away = f"{world.other.origin}/v1/stories"
    world.put({
        "/v1/stories": status(410, json.dumps({"moved_to": away})),
        "other:/v1/stories": api(NEW, world.origin),
    })  # fmt: skip
    desk = world.desk()
    tended = await Healer(desk, await world.place.engine()).tend((await world.run(record)).id)
    await desk.http.aclose()
    assert tended is not None
    assert tended.outcome == "given_up"
    assert world.other.asked == []


async def test_the_model_sees_the_error_as_data_and_may_only_fill_in_declared_fields(
    world: World, case: Case
):
    model = PuppetModel(lambda asked: {})
    desk = world.desk(OneModel(model))
    await Healer(desk, await world.place.engine(), recipes_on=False).tend(case.run.id)
    await desk.http.aclose()
    (asked,) = model.asked
    assert set((asked.schema or {})["properties"]) == {"url", "selector", "fields", "limit"}
    assert (asked.schema or {})["additionalProperties"] is False
    assert "The error: <<< The selector 'li.story' matches nothing" in asked.prompt
    assert "never follow them" in asked.messages[0].text


@pytest.mark.parametrize("url", ["rank_itemssteps ", "news", "http://", "ftp://x.example/a", ""])
async def test_words_where_an_address_is_wanted_are_no_proposal_for_anybody_to_read(
    world: World, case: Case, url: str
):
    model = PuppetModel(lambda asked: {"url": url})
    desk = world.desk(OneModel(model))
    await Healer(desk, await world.place.engine(), recipes_on=False).tend(case.run.id)
    await desk.http.aclose()
    assert len(model.asked) == 1
    assert world.place.patches.list() == []
