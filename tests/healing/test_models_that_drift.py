"""Models that answer otherwise than they used to, in jobs that go on with what they say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.healing.shapes import limited, oddities
from tests.healing.running import a_world, play
from tests.healing.scenarios import Put, Scenario
from tests.healing.world import World

ASKS = """steps:
  - id: ask
    skill: ask_model
    with: {prompt: "PROMPT"SCHEMA}
STEPSoutputs: {said: "${{ OUT }}"}
EXPECT"""


def job(*, prompt: str = "Whose parcel is it?", schema: str = "", steps: str = "", out: str, expect: str = "") -> str:  # fmt: skip
    lines = f'expect: ["${{{{ {expect} }}}}"]\n' if expect else ""
    told = ASKS.replace("PROMPT", prompt).replace("SCHEMA", f", schema: {schema}" if schema else "")
    return told.replace("STEPS", steps).replace("OUT", out).replace("EXPECT", lines)


def saying(clerk: Callable[[Any], Any]) -> Put:
    def put(world: World) -> dict:
        world.models.clear()
        world.models["clerk"] = clerk
        return {}

    return put


def told_to_be_short(asked: Any) -> bool:
    return "nothing else" in asked.prompt.lower()


def chatty(answer: str) -> Callable[[Any], str]:
    return lambda asked: (
        answer if told_to_be_short(asked) else f"Sure! I have read it, and I would say: {answer}."
    )


def at_most(limit: str, many: Any, few: Any) -> Callable[[Any], Any]:
    return lambda asked: few if limit in str(asked.schema) else many


SHORT = "A lamp with a green shade, two books about tides, and a jar of plum jam without a label."
TAGS = "{type: object, properties: {tags: {type: array, items: {type: string}}}, required: [tags]}"
LOOSE = "{type: object, properties: {parcel: {type: object, properties: {owner: {type: string}}}}}"
EITHER = "{type: object, properties: {owners: {type: [string, array, 'null']}}, required: [owners]}"
THROUGH_A_SET = """  - set: {owners: "${{ steps.ask.record.owners }}"}
  - id: each
    for_each: "${{ vars.owners }}"
    steps:
      - set: {letter: "Dear ${{ item }}"}
    collect: "Dear ${{ item }}"
"""
SCENARIOS = [
    Scenario("one-word-becomes-a-sentence", "model_output", "heal",
             job(out="[steps.ask.text]", expect="steps.ask.text in ['Ada', 'Ben']"),
             saying(lambda asked: "Ada"), saying(chatty("Ada")), ("outputs", lambda w: ["Ada"])),
    Scenario("number-comes-with-words", "model_output", "heal",
             job(prompt="How many parcels are in ${{ 'the van' }}?", out="[steps.ask.text]",
                 expect="matches(steps.ask.text, '^[0-9]+$')"),
             saying(lambda asked: "12"), saying(chatty("12")), ("outputs", lambda w: ["12"])),
    Scenario("a-summary-grows", "model_output", "heal",
             job(prompt="Tell what is in the ${{ 'red' }} parcel.", out="[steps.ask.text]",
                 expect="size(steps.ask.text) < 200"),
             saying(lambda asked: SHORT), saying(lambda asked: SHORT if "at most 19 words" in asked.prompt
                                                 else SHORT * 4), ("outputs", lambda w: [SHORT])),
    Scenario("too-many-tags", "model_output", "heal",
             job(schema=TAGS, out="steps.ask.record.tags", expect="size(steps.ask.record.tags) <= 3"),
             saying(lambda asked: {"tags": ["red", "large", "late"]}),
             saying(at_most("maxItems", {"tags": list("abcdefgh")}, {"tags": ["red", "large", "late"]})),
             ("outputs", lambda w: ["red", "large", "late"])),
    Scenario("keys-besides-within-a-record", "model_output", "heal",
             job(schema=LOOSE, out="values(steps.ask.record.parcel)",
                 expect="keys(steps.ask.record.parcel) == ['owner']"),
             saying(lambda asked: {"parcel": {"owner": "Ada"}}),
             saying(at_most("additionalProperties", {"parcel": {"owner": "Ada", "sure": "very"}},
                            {"parcel": {"owner": "Ada"}})),
             ("outputs", lambda w: ["Ada"])),
    Scenario("list-becomes-a-text-behind-a-variable", "model_output", "heal",
             job(schema=EITHER, steps=THROUGH_A_SET, out="steps.each.items"),
             saying(lambda asked: {"owners": ["Ada", "Ben"]}),
             saying(lambda asked: {"owners": ["Ada", "Ben"] if "'string', 'array'" not in str(asked.schema)
                                   else "Ada and Ben"}),
             ("outputs", lambda w: ["Dear Ada", "Dear Ben"])),
    Scenario("nobody-is-named", "model_output", "leave",
             job(out="[steps.ask.text]", expect="steps.ask.text in ['Ada', 'Ben']"),
             saying(lambda asked: "Ada"), saying(lambda asked: "Nobody is named.")),
    Scenario("more-tags-than-a-schema-can-help", "model_output", "leave",
             job(schema=TAGS, out="steps.ask.record.tags", expect="size(steps.ask.record.tags) <= 3"),
             saying(lambda asked: {"tags": ["red"]}), saying(lambda asked: {"tags": list("abcd")})),
]  # fmt: skip


async def test_what_a_model_says_is_brought_back_to_the_form_it_had():
    ended = dict[str, str]()
    async with a_world() as world:
        for scenario in SCENARIOS:
            result = await play(world, scenario, "recipes")
            ended[scenario.name] = "right" if result.right else f"{result.outcome}: {result.reason}"
    assert ended == {one.name: "right" for one in SCENARIOS}


@pytest.mark.parametrize(
    ("good", "now", "words"),
    [
        ([{"a": 1}], {"a": 2}, []),
        ([{"a": 1}], {"a": "2"}, ["a is a text, it used to be a number"]),
        ([{"a": 1}, {"a": "1"}], {"a": "2"}, []),
        ([{"a": 1}], {"a": 1, "why": "so"}, ["it has why besides"]),
        ([{"a": 1, "b": 2}], {"a": 1}, ["it lacks b"]),
        ([{"a": 1, "b": 2}, {"a": 1}], {"a": 1}, []),
        ([{"a": ["x", "y"]}], {"a": ["x", "y", "z"]}, ["a has 3 entries, at most 2 before"]),
        ([{"a": [{"n": 1}]}], {"a": [{"n": "one"}]}, ["a.[].n is a text, it used to be a number"]),
        ([], {"a": 1}, []),
    ],
)
def test_a_record_is_compared_by_its_keys_types_and_sizes(good: list, now: Any, words: list[str]):
    assert [one.words for one in oddities(good, now)] == words


def test_only_a_size_that_was_passed_becomes_a_limit():
    schema = {
        "type": "object",
        "properties": {"tags": {"type": "array"}, "why": {"type": "string"}},
    }
    found = oddities([{"tags": ["a"], "why": "short"}], {"tags": ["a", "b"], "why": "short"})
    assert limited(schema, found) == {
        "type": "object",
        "properties": {"tags": {"type": "array", "maxItems": 1}, "why": {"type": "string"}},
    }
