"""What a model proposes: new values for the step's patchable fields, and nothing else.

The model never sees the job file as something to edit. It fills in a form whose fields are the
skill's declared ones; the error stands in it as quoted data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from assistant.errors import AssistantError
from assistant.healing.case import Case
from assistant.healing.proposals import Proposal
from assistant.insight.faults import MEANINGS, Diagnosis
from assistant.models.protocol import Limits, Message, Models
from assistant.settings import PROJECT

LIMITS = Limits(max_tokens=300, seconds=30.0)
_LONGEST = 600
_ADDRESS = re.compile(r"https?://[^\s/?#]+\S*")
_PROMPT = PROJECT / "prompts" / "heal_step.md"


async def by_model(
    models: Models, case: Case, diagnosis: Diagnosis, tried: Sequence[str] = ()
) -> Proposal | None:
    """A model's proposal, or None when there is no model, no field, or no answer of use."""
    form = _form(case)
    if not form["properties"]:
        return None
    messages = [
        Message("system", _PROMPT.read_text(encoding="utf-8").strip()),
        Message("user", _facts(case, diagnosis, tried)),
    ]
    try:
        reply = await models.get().complete(messages, schema=form, limits=LIMITS, purpose="healing")
    except AssistantError:
        return None
    record: Any = reply.record
    if not isinstance(record, dict):
        return None
    changed = {
        name: value for name, value in record.items()
        if name in form["properties"] and value is not None and value != case.written.get(name)
        and _can_be(case, name, value)
    }  # fmt: skip
    if not changed:
        return None
    return Proposal("model", f"{reply.usage.model or 'the model'} proposes it", changed)


def _can_be(case: Case, name: str, value: Any) -> bool:
    """Whether a field that names where a request goes would get an address: a small model writes
    anything there, and nobody is to decide about that."""
    if case.skill is None or name not in case.skill.hosts:
        return True
    given: list[Any] = value if isinstance(value, list) else [value]
    return bool(given) and all(isinstance(one, str) and _ADDRESS.fullmatch(one) for one in given)


def _form(case: Case) -> dict[str, Any]:
    """The schema of an answer: the fields that a patch may change and the file writes out."""
    if case.skill is None:
        return {"type": "object", "properties": {}}
    schema = case.skill.schema()
    properties = {
        name: {key: value for key, value in part.items() if key not in ("default", "title")}
        for name, part in schema.get("properties", {}).items()
        if name in case.skill.patchable
        and (name not in case.written or case.literal(name) is not None)
    }
    form: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    return form | ({"$defs": schema["$defs"]} if "$defs" in schema else {})


def _facts(case: Case, diagnosis: Diagnosis, tried: Sequence[str]) -> str:
    skill = case.skill
    arguments = {name: case.literal(name) or "(from an earlier step)" for name in case.written}
    lines = [
        f"Skill: {skill.name if skill else ''} ({skill.description if skill else ''})",
        f"Its arguments: {_quoted(arguments)}",
        f"What is wrong: {diagnosis.fault} ({MEANINGS[diagnosis.fault]})",
        f"The error: {_quoted(case.failure.message)}",
    ]
    if case.failure.hint:
        lines.append(f"Its hint: {_quoted(case.failure.hint)}")
    if case.good:
        lines.append(f"It last gave: {_quoted(case.good[0].output)}")
    if tried:
        lines.append(f"Tried already, without success: {_quoted(list(tried))}")
    return "\n".join([*lines, "Which fields have to change?"])


def _quoted(value: Any) -> str:
    """Data on one line, between marks that it cannot contain itself."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.replace("<<<", "").replace(">>>", "").split())
    return f"<<< {text[:_LONGEST]} >>>"
