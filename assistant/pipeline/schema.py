"""The JSON Schema of job files, for editors: completion, and a first check while typing.

python -m assistant.pipeline.schema > docs/job.schema.json
"""

from __future__ import annotations

import json
from typing import Any

from assistant.pipeline.skill_table import SkillSchemas
from assistant.pipeline.step_loader import MOST_PARALLEL, MOST_ROUNDS
from assistant.pipeline.triggers import ALERTS, TRIGGERS

_URI = "https://json-schema.org/draft/2020-12/schema"
_ID = r"^[A-Za-z_][A-Za-z0-9_-]{0,63}$"
_WORD = r"^[A-Za-z_][A-Za-z0-9_]{0,63}$"
_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
_STEPS = {"$ref": "#/$defs/steps"}
_EXPRESSION = {"$ref": "#/$defs/expression"}
_DURATION = {"$ref": "#/$defs/duration"}


def job_schema(skills: SkillSchemas | None = None) -> dict[str, Any]:
    """The schema. With skills, it also knows their names and what each takes in `with`."""
    return {
        "$schema": _URI,
        "title": "A job file",
        "type": "object",
        "required": ["job", "steps"],
        "additionalProperties": False,
        "properties": {
            "job": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 64,
                    "description": "The job's name: a-z, 0-9 and dashes"},
            "title": {**_TEXT, "description": "What people read"},
            "inputs": {"type": "object", "propertyNames": {"pattern": _WORD},
                       "additionalProperties": {"type": "object"},
                       "description": "JSON Schemas by name; one without a default has to be given"},
            "schedule": _schedule(),
            "triggers": {"type": "array", "items": _trigger()},
            "steps": _STEPS,
            "outputs": {"type": "object", "propertyNames": {"pattern": _WORD},
                        "description": "What the run gives: values and expressions by name"},
            "expect": {"type": "array", "items": _EXPRESSION,
                       "description": "What has to hold for the run to have succeeded"},
            "alerts": _record({"on": _texts(ALERTS), "to": _texts()}),
            "budget": _record({"seconds": _DURATION, "tokens": {"type": "integer", "minimum": 0},
                               "cost": {"type": "number", "minimum": 0}}),
            "retention": _record({"runs": {"type": "integer", "minimum": 1},
                                  "days": {"type": "integer", "minimum": 1}}),
        },
        "$defs": {
            "expression": {"type": "string", "pattern": r"\$\{\{.*\}\}", "description": "${{ … }}"},
            "duration": {"anyOf": [{"type": "number", "minimum": 0},
                                   {"type": "string", "pattern": r"^\s*([0-9.]+\s*(ms|s|m|h|d|w)?\s*)+$"}],
                         "description": "30s, 5m, 1h30m, or seconds"},
            "steps": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/step"}},
            "step": _step(skills),
            "accumulate": _record({"name": {"type": "string", "pattern": _WORD}, "start": {}, "value": {}},
                                  required=["name", "start", "value"]),
            "retry": {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 20}, _record({
                "attempts": {"type": "integer", "minimum": 1, "maximum": 20},
                "delay": _DURATION, "factor": {"type": "number", "minimum": 1, "maximum": 10},
                "max_delay": _DURATION, "jitter": {"type": "number", "minimum": 0, "maximum": 1}})]},
        },
    }  # fmt: skip


def _record(properties: dict[str, Any], *, required: list[str] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    return found | ({"required": required} if required else {})


def _texts(choices: tuple[str, ...] = ()) -> dict[str, Any]:
    one: dict[str, Any] = {"enum": list(choices)} if choices else _TEXT
    return {"anyOf": [one, {"type": "array", "items": one}]}


def _schedule() -> dict[str, Any]:
    return _record(
        {
            "cron": {**_TEXT, "description": "Five fields: minute hour day month weekday"},
            "timezone": {**_TEXT, "description": "An IANA name: Europe/London"},
            "catch_up": {"enum": ["none", "latest", "all"], "description": "For ticks missed while nothing ran"},
            "overlap": {"enum": ["skip", "queue", "cancel"], "description": "When the last run still goes on"},
        },
        required=["cron", "timezone"],
    )  # fmt: skip


def _trigger() -> dict[str, Any]:
    kinds: list[dict[str, Any]] = []
    for name, kind in TRIGGERS.items():
        properties: dict[str, Any] = {
            "on": {"const": name},
            "debounce": _DURATION,
            "with": {"type": "object"},
        }
        properties |= dict.fromkeys((*kind.needs, *kind.may), _TEXT)
        properties |= {"every": _DURATION} if kind.polls else {}
        properties |= {"schema": {"type": "object"}} if name == "webhook" else {}
        kinds.append(_record(properties, required=["on", *kind.needs]))
    return {"oneOf": kinds}


def _step(skills: SkillSchemas | None) -> dict[str, Any]:
    """One of the nine kinds, each with its own keys and the common ones."""
    calls: dict[str, Any] = {"retry": {"$ref": "#/$defs/retry"}, "timeout": _DURATION}
    timed = {"timeout": _DURATION}
    rounds = {"steps": _STEPS, "collect": {"description": "Each round's result"},
              "accumulate": {"$ref": "#/$defs/accumulate"}}  # fmt: skip
    many = {"as": {"type": "string", "pattern": _WORD},
            "max_parallel": {"type": "integer", "minimum": 1, "maximum": MOST_PARALLEL}}  # fmt: skip
    bound = {"max_iterations": {"type": "integer", "minimum": 1, "maximum": MOST_ROUNDS}}
    calling = {
        "needs_approval": {"type": "boolean"},
        "cache": {"anyOf": [{"type": "boolean"}, _DURATION]},
    }
    plain = [
        _kind({"call_job": _TEXT, "with": {"type": "object"}, **calls}, ["call_job"]),
        _kind({"parallel": {"type": "object", "minProperties": 1, "propertyNames": {"pattern": _ID},
                            "additionalProperties": _STEPS}, **timed}, ["parallel"]),
        _kind({"for_each": {"anyOf": [_EXPRESSION, {"type": "array"}]}, **many, **timed, **rounds}, ["for_each", "steps"]),
        _kind({"while": _EXPRESSION, **bound, **timed, **rounds}, ["while", "max_iterations", "steps"]),
        _kind({"steps": _STEPS, "else": _STEPS}, ["if", "steps"]),
        _kind({"approve": _TEXT}, ["approve"]),
        _kind({"set": {"type": "object", "propertyNames": {"pattern": _WORD}}}, ["set"]),
        _kind({"stop": _TEXT}, ["stop"]),
    ]  # fmt: skip
    return {"oneOf": [*_skill_steps(skills, {**calls, **calling}), *plain]}


def _skill_steps(skills: SkillSchemas | None, more: dict[str, Any]) -> list[dict[str, Any]]:
    if skills is None:
        return [_kind({"skill": _TEXT, "with": {"type": "object"}, **more}, ["skill"])]
    found: list[dict[str, Any]] = []
    for name in sorted(skills.names()):
        schema = skills.get(name)
        properties = schema.parameters.get("properties", {}) if schema else {}
        arguments = {
            key: {"description": about.get("description", ""), "anyOf": [{}, _EXPRESSION]}
            for key, about in properties.items() if isinstance(about, dict)
        }  # fmt: skip
        found.append(
            _kind({"skill": {"const": name}, "with": _record(arguments), **more}, ["skill"])
        )
    return found


def _kind(own: dict[str, Any], required: list[str]) -> dict[str, Any]:
    common: dict[str, Any] = {
        "id": {"type": "string", "pattern": _ID},
        "if": _EXPRESSION,
        "on_error": {
            "anyOf": [
                {"enum": ["fail", "continue"]},
                _record({"steps": _STEPS}, required=["steps"]),
            ]
        },
    }
    return _record({**common, **own}, required=required)


def as_file() -> str:
    """The text of docs/job.schema.json."""
    return json.dumps(job_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(as_file(), end="")
