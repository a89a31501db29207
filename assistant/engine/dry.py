"""Dry runs: what a write would do, shown and handed on in the shape of the real thing."""

from __future__ import annotations

from typing import Any

from assistant.skills import calling
from assistant.skills.context import SkillContext
from assistant.skills.door import Skill

_EMPTY: dict[str, Any] = {
    "string": "", "integer": 0, "number": 0, "boolean": False, "array": [], "null": None,
}  # fmt: skip
_DEEPEST = 12


async def preview(
    skill: Skill, arguments: dict[str, Any], context: SkillContext
) -> tuple[dict[str, Any], Any]:
    """What a write step would do, and an output of its declared shape for the steps after it.

    The skill's own preview when it has one, else the call with its resolved arguments. Raises
    as a real call would for arguments that do not fit.
    """
    skill.check(arguments)
    shown = await calling.preview(skill, arguments, context)
    would = {"skill": skill.name, "arguments": arguments, "preview": shown}
    schema = skill.output_schema()
    shape = skeleton(schema, schema.get("$defs", {}))
    if isinstance(shape, dict) and isinstance(shown, dict):
        shape = {**shape, **{name: value for name, value in shown.items() if name in shape}}
    return would, shape


def skeleton(schema: dict[str, Any], definitions: dict[str, Any], depth: int = 0) -> Any:
    """The smallest value of a schema's shape, so that references to its parts resolve."""
    if depth > _DEEPEST:
        return None
    if "default" in schema:
        return schema["default"]
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    if "$ref" in schema:
        named = definitions.get(schema["$ref"].rsplit("/", 1)[-1], {})
        return skeleton(named, definitions, depth + 1)
    for choice in ("anyOf", "oneOf", "allOf"):
        if schema.get(choice):
            return skeleton(schema[choice][0], definitions, depth + 1)
    if schema.get("type") == "object" or "properties" in schema:
        parts = schema.get("properties", {})
        return {name: skeleton(part, definitions, depth + 1) for name, part in parts.items()}
    return _EMPTY.get(str(schema.get("type")))
