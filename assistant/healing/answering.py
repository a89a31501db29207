"""Recipes for answers of models that cannot be used: say exactly what is wanted, ask for less,
ask another model that the settings name."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from assistant.errors import ModelUnavailable
from assistant.healing.case import Case
from assistant.healing.desk import Desk
from assistant.healing.easing import feeding
from assistant.healing.looking import Visited
from assistant.healing.proposals import Proposal
from assistant.healing.shapes import limited, oddities, records_of
from assistant.healing.symptoms import odd_answer
from assistant.healing.wording import Allowed

_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number"}
_KINDS = _TYPES | {list: "array", dict: "object", type(None): "null"}
_FEWEST_SENTENCES = 1
ALONE = "Give only the answer itself and nothing else: no introduction, no explanation, no marks."
"""What is added to a prompt whose answer has to stand alone."""
_ALONE_UP_TO = 80
"""Letters of an answer that stands alone: a word, a name, a number."""


async def stricter(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """A schema of what the step used to give, so that the model can answer in no other way."""
    for asked in _asking(desk, case):
        told = case.symptom.allowed if case.symptom else None
        if told is not None and told.path and (one := _with_words(asked.literal("schema"), told)):
            why = f"{'.'.join(told.path)} has to be one of {', '.join(told.words)}"
            yield Proposal("stricter", why, {"schema": one}, case=asked)
        records, schema = records_of(asked.good_outputs), asked.literal("schema")
        record = records[0] if records else None
        if record is not None and not schema:
            wanted = schema_of(record)
            why = "the model has to give the fields that it gave before"
            yield Proposal("stricter", why, {"schema": wanted}, case=asked)
        elif isinstance(schema, dict):
            odd = oddities(records, _record_now(desk, asked))
            tight = limited(tightened(schema, record), odd)
            if tight != _whole(schema):
                why = "; ".join(one.words for one in odd) or "it cannot be used"
                yield Proposal(
                    "stricter", f"{why}: the schema says so", {"schema": tight}, case=asked
                )


async def plainer(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """A prompt that asks for the answer alone, or for a short one, where the model says more now."""
    for asked in _asking(desk, case):
        prompt, told = asked.written.get("prompt"), case.symptom and case.symptom.allowed
        if not isinstance(prompt, str) or asked.literal("schema") or asked.arguments.get("schema"):
            continue
        words = told.words if told and not told.path else ()
        if not words and not _talks(desk, asked):
            continue
        alone = f"{ALONE} One of: {', '.join(words)}." if words else _as_short_as(asked)
        if alone not in prompt:
            why = "the model says more than it used to"
            yield Proposal("plainer", why, {"prompt": f"{prompt.rstrip()} {alone}"}, case=asked)


def _as_short_as(asked: Case) -> str:
    """Words that ask for an answer as short as the ones before."""
    texts = [str(one.get("text") or "") for one in asked.good_outputs if isinstance(one, dict)]
    if max(map(len, texts), default=0) <= _ALONE_UP_TO:
        return ALONE
    return (
        f"Answer in at most {max(len(text.split()) for text in texts)} words, and add nothing else."
    )


def _talks(desk: Desk, asked: Case) -> bool:
    """Whether the text of the failed run is much longer than any before it."""
    attempts = desk.runs.attempts(asked.run.id, asked.path)
    if not attempts or attempts[-1].status != "succeeded":
        return False
    return odd_answer(asked.good_outputs, desk.whole(asked.run, attempts[-1].output)) is not None


async def other_model(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """Another model that the settings name, the fallbacks in their order."""
    for asked in _asking(desk, case, models=("ask_model", "summarize_items")):
        now = asked.arguments.get("model") or desk.settings.model
        others = (*desk.settings.model_fallbacks, desk.settings.model, "starter")
        for name in dict.fromkeys(others):
            if name and name != now and await _is_there(desk, name):
                why = f"{name} answers in place of {now}"
                yield Proposal("other_model", why, {"model": name}, case=asked)


async def _is_there(desk: Desk, name: str) -> bool:
    """Whether the home has a model of that name: a file that is missing is nobody's help."""
    try:
        await asyncio.to_thread(desk.models.get, name)
    except ModelUnavailable:
        return False
    return True


async def smaller_answers(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """Fewer sentences of each summary."""
    skill = case.skill
    sentences = case.arguments.get("sentences")
    if skill is not None and "sentences" in skill.patchable and isinstance(sentences, int):
        fewer = max(_FEWEST_SENTENCES, sentences // 2)
        if fewer < sentences:
            yield Proposal("smaller_answers", "a shorter answer is wanted", {"sentences": fewer})


def _asking(desk: Desk, case: Case, models: tuple[str, ...] = ("ask_model",)) -> list[Case]:
    """The steps that ask a model: this one, or those that it reads from."""
    if case.skill is not None and case.skill.name in models:
        return [case]
    found = [one for one in feeding(desk, case) if one.skill and one.skill.name in models]
    return [replace(one, symptom=case.symptom) for one in found]


def _with_words(schema: Any, told: Allowed) -> dict[str, Any] | None:
    """A schema whose field takes only the words that are allowed; None when it has no such field."""
    if not isinstance(schema, dict):
        return None
    short: dict[str, Any] = schema
    whole = copy.deepcopy(_whole(short))
    field: Any = whole
    for key in told.path:
        properties = field.get("properties") if isinstance(field, dict) else None
        field = properties.get(key) if isinstance(properties, dict) else None
    if not isinstance(field, dict) or field.get("type") != "string" or "enum" in field:
        return None
    field["enum"] = list(told.words)
    return whole


def _record_now(desk: Desk, asked: Case) -> Any:
    """The record that the failed run has of the step; None when it has none."""
    attempts = desk.runs.attempts(asked.run.id, asked.path)
    if not attempts or attempts[-1].status != "succeeded":
        return None
    records = records_of([desk.whole(asked.run, attempts[-1].output)])
    return records[0] if records else None


def schema_of(value: Any) -> dict[str, Any]:
    """A JSON Schema that the value fits, with every field required."""
    if isinstance(value, dict):
        return {
            "type": "object",
            "properties": {name: schema_of(inner) for name, inner in value.items()},
            "required": list(value),
            "additionalProperties": False,
        }
    if isinstance(value, list):
        return {"type": "array", "items": schema_of(value[0]) if value else {"type": "string"}}
    return {"type": _TYPES.get(type(value), "string")}


def _whole(schema: dict[str, Any]) -> dict[str, Any]:
    """A short form (`{wind: string}`) written out: it says all that a strict schema would say."""
    if schema and all(value in _TYPES.values() for value in schema.values()):
        return {
            "type": "object",
            "properties": {name: {"type": value} for name, value in schema.items()},
            "required": list(schema),
            "additionalProperties": False,
        }
    return schema


def tightened(schema: dict[str, Any], record: Any) -> dict[str, Any]:
    """The same schema with every property required and none besides; short forms written out.

    Where several types are allowed, the one is kept that the record had.
    """
    if "type" not in schema and "properties" not in schema:
        if schema and isinstance(record, dict) and record.keys() >= schema.keys():
            return schema_of({name: record[name] for name in schema})
        if not schema and record is not None:
            return schema_of(record)
        return schema
    if schema.get("type") == "object" or "properties" in schema:
        properties = schema.get("properties") or {}
        if not properties and isinstance(record, dict):
            return schema_of(record)
        inner = record if isinstance(record, dict) else {}
        return schema | {
            "properties": {n: tightened(p, inner.get(n)) for n, p in properties.items()},
            "required": list(properties),
            "additionalProperties": False,
        }
    if isinstance(schema.get("type"), list):
        narrow = schema | {"type": _narrowed(schema["type"], record)}
        if narrow["type"] == "array" and "items" not in narrow and record:
            narrow["items"] = schema_of(record[0])
        return narrow if isinstance(narrow["type"], list) else tightened(narrow, record)
    if schema.get("type") == "array" and isinstance(schema.get("items"), dict):
        first = record[0] if isinstance(record, list) and record else None
        return schema | {"items": tightened(schema["items"], first)}
    return schema


def _narrowed(types: list[Any], value: Any) -> Any:
    """Of several types the one that the value had; all of them where it tells none."""
    had = _KINDS.get(type(value), "")
    if had == "integer" and had not in types:
        had = "number"
    return had if had in types else types
