"""A short evaluation of a model: what it can be trusted with. The tasks stand in
`prompts/model_trial.yaml`; it takes seconds with a small model."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from assistant.builder.evaluation import evaluate
from assistant.errors import AssistantError, ModelUnavailable
from assistant.models.protocol import Limits, Message, Model, Tool
from assistant.settings import PROJECT
from assistant.skills.library import Library
from assistant.store.model_trials import Trial

PASS = {"routing": 0.75, "tool_calls": 0.75, "drafting": 0.7, "summaries": 0.6}
"""The share of its tasks a model must do right."""
_SHORT = Limits(max_tokens=120, seconds=60)

Told = Callable[[Trial], None]


async def tried(
    model: Model, skills: Library, *, file: str = "", told: Told | None = None
) -> list[Trial]:
    """Each ability of a model, tried. A task that goes wrong counts as not done.

    Raises ModelUnavailable for a model that cannot be asked at all.
    """
    marks: dict[str, Callable[[], Awaitable[Sequence[bool]]]] = {
        "routing": lambda: _routing(model), "tool_calls": lambda: _calls(model),
        "drafting": lambda: _drafting(model, skills), "summaries": lambda: _summaries(model),
    }  # fmt: skip
    made: list[Trial] = []
    for ability, work in marks.items():
        right = await work()
        share = sum(right) / len(right)
        trial = Trial(model.name, ability, sum(right), len(right), share >= PASS[ability], file)
        made.append(trial)
        if told:
            told(trial)
    return made


@cache
def _tasks() -> dict[str, Any]:
    path = PROJECT / "prompts" / "model_trial.yaml"
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


async def _done(work: Awaitable[bool]) -> bool:
    try:
        return await work
    except ModelUnavailable:
        raise
    except AssistantError:
        return False


async def _routing(model: Model) -> list[bool]:
    told = _tasks()["routing"]
    schema = {
        "type": "object", "properties": {"job": {"enum": told["jobs"]}}, "required": ["job"],
        "additionalProperties": False,
    }  # fmt: skip

    async def one(case: Mapping[str, str]) -> bool:
        messages = [Message("user", told["ask"].format(text=case["text"]))]
        reply = await model.complete(messages, schema=schema, limits=_SHORT, purpose="trial")
        return isinstance(reply.record, dict) and reply.record.get("job") == case["job"]

    return [await _done(one(case)) for case in told["cases"]]


async def _calls(model: Model) -> list[bool]:
    told = _tasks()["tool_calls"]
    tools = [Tool(t["name"], t["description"], t["parameters"]) for t in told["tools"]]

    async def one(case: Mapping[str, Any]) -> bool:
        messages = [Message("user", case["text"])]
        reply = await model.complete(messages, tools=tools, limits=_SHORT, purpose="trial")
        calls = [(call.name, dict(call.arguments)) for call in reply.tool_calls]
        return calls == [(case["call"], case["arguments"])]

    return [await _done(one(case)) for case in told["cases"]]


async def _summaries(model: Model) -> list[bool]:
    told = _tasks()["summaries"]

    async def one(case: Mapping[str, Any]) -> bool:
        messages = [Message("user", told["ask"].format(text=case["text"]))]
        reply = await model.complete(messages, limits=_SHORT, purpose="trial")
        said = re.findall(r"\w+", reply.text.lower())
        held = [word for word in case["words"] if any(w.startswith(word) for w in said)]
        return 5 <= len(said) <= 45 and len(held) * 2 > len(case["words"])

    return [await _done(one(case)) for case in told["cases"]]


async def _drafting(model: Model, skills: Library) -> list[bool]:
    cases = _tasks()["drafting"]
    with tempfile.TemporaryDirectory() as folder:
        requests, out = Path(folder, "requests.jsonl"), Path(folder, "drafts.jsonl")
        requests.write_text("".join(json.dumps(c) + "\n" for c in cases), encoding="utf-8")
        await evaluate(model, skills, requests, out=out)
        lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return [bool(line["score"]["full"]) for line in lines]
