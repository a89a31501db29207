"""A pydantic model or a JSON Schema in, a validated record out, on every model.

Local models cannot leave the schema while decoding; others are asked for it and checked. What
does not fit goes back once, with the validator's message; then it is AnswerInvalid, with the
raw text kept.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.models import almost_json
from assistant.models.errors import AnswerInvalid, spent_before
from assistant.models.protocol import JsonSchema, Limits, Message, Model, Reply
from assistant.models.spans import invented, without_spans

Shape = TypeVar("Shape", bound=BaseModel)
Ask = Callable[[Sequence[Message]], Awaitable[Reply]]

_REPAIR = (
    "Your answer does not fit: {problem}\nAnswer again with the corrected JSON and nothing else."
)


async def ask_for(
    model: Model,
    shape: type[Shape],
    messages: Sequence[Message],
    *,
    limits: Limits = Limits(),
    purpose: str = "",
) -> Shape:
    """The answer as an instance of `shape`, its own validators included.

    Raises AnswerInvalid when a second answer does not fit either.
    """
    asked, schema = list(messages), shape.model_json_schema()
    reply = await model.complete(asked, schema=schema, limits=limits, purpose=purpose)
    try:
        return shape.model_validate(reply.record)
    except ValidationError as wrong:
        asked += [Message("assistant", reply.text), Message("user", _REPAIR.format(problem=wrong))]
    reply = await model.complete(asked, schema=schema, limits=limits, purpose=purpose)
    try:
        return shape.model_validate(reply.record)
    except ValidationError as wrong:
        raise AnswerInvalid(
            f"the answer of {model.name} does not fit {shape.__name__}: {wrong}", raw=reply.text
        ) from wrong


async def settle(ask: Ask, messages: Sequence[Message], schema: JsonSchema, *, name: str) -> Reply:
    """Ask until the answer's text is a record of the schema: at most twice.

    Gives the reply with `record` set and the usage of both rounds. Raises AnswerInvalid.
    """
    first = await ask(messages)
    try:
        return _with_record(first, schema)
    except ValueError as wrong:
        again = [
            *messages,
            Message("assistant", first.text or "(nothing)"),
            Message("user", _REPAIR.format(problem=wrong)),
        ]
    with spent_before(first.usage):
        second = await ask(again)
    try:
        settled = _with_record(second, schema)
    except ValueError as wrong:
        raise AnswerInvalid(
            f"the answer of {name} does not fit its schema, also when asked again: {wrong}",
            raw=second.text,
            hint="Ask for less at once, or use a stronger model.",
            usage=first.usage + second.usage,
        ) from wrong
    return Reply(settled.text, record=settled.record, usage=first.usage + second.usage)


def checked(record: Any, schema: JsonSchema) -> Any:
    """The record, when it fits the schema and its spans. Raises ValueError with the reason."""
    # Slow to import, and only needed once an answer is there.
    from jsonschema import Draft202012Validator, validators
    from jsonschema.exceptions import best_match
    from referencing import Registry

    plain = without_spans(schema)
    kind: Any = validators.validator_for(plain, default=Draft202012Validator)
    # An empty registry: a reference to elsewhere is an error, not a download.
    validator = kind(plain, registry=Registry())
    wrong = best_match(validator.iter_errors(record))
    if wrong is not None:
        place = "".join(f"[{part!r}]" for part in wrong.path)
        raise ValueError(f"{place or 'the record'}: {wrong.message[:300]}")
    if made_up := invented(record, schema):
        raise ValueError(f"{made_up[0]!r} does not stand in the text; copy a run of its words")
    return record


def _with_record(reply: Reply, schema: JsonSchema) -> Reply:
    record = checked(_json_in(reply.text), schema)
    return Reply(reply.text, reply.tool_calls, record, reply.usage, reply.finish)


def _json_in(text: str) -> Any:
    """The JSON of an answer that may have words or a fence around it. Raises ValueError."""
    try:
        return json.loads(text)
    except ValueError:
        start = min((at for at in map(text.find, "{[") if at >= 0), default=-1)
        if start < 0:
            raise ValueError("there is no JSON in the answer") from None
        value, _ = almost_json.read(text, start)
        return value
