"""Tools of MCP servers as skills: `mcp/<server>/<tool>`.

What a server said of its tools is kept in `mcp_tools.json` of the home, so that a job is
checked and a list shown without starting a server. A tool's effect is `write` until the
person says otherwise in the settings; what the server claims about it decides nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, Field, TypeAdapter, create_model

from assistant.errors import BadArguments, CannotDo
from assistant.settings import McpServer, Settings
from assistant.skills.context import SkillContext
from assistant.skills.door import Skill
from assistant.skills.records import Record

PREFIX = "mcp/"
MOST_TOOLS = 500
LARGEST_SCHEMA = 60_000
LONGEST_DESCRIPTION = 1_000
CONTEXT = "assistant_context"
_LEFT_TO_SERVER = frozenset((
    "pattern", "patternProperties", "uniqueItems", "not", "if", "then", "else", "contains",
    "minContains", "maxContains", "propertyNames", "dependencies", "dependentRequired",
    "dependentSchemas", "unevaluatedItems", "unevaluatedProperties",
))  # fmt: skip
_FORMATS = (
    "date",
    "date-time",
    "time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uuid",
    "uri",
)
CallTool = Callable[[str, str, dict[str, Any], SkillContext], Awaitable[Any]]


class ToolAnswer(Record):
    """What a tool gave: its text, and its structured data when it has some."""

    text: str = ""
    data: Any = None
    files: list[dict[str, Any]] = Field(default_factory=list[dict[str, Any]])


@dataclass(frozen=True)
class Tool:
    """A tool as its server described it."""

    name: str
    description: str
    schema: dict[str, Any]


@dataclass(frozen=True)
class ToolProblem:
    """A tool that is not offered, or a server that could not be asked, and why."""

    server: str
    tool: str
    reason: str


@dataclass(frozen=True)
class McpSkill(Skill):
    """A skill whose arguments are checked against the schema its server gave."""

    tool_schema: dict[str, Any] = field(default_factory=dict[str, Any])

    def schema(self) -> dict[str, Any]:
        return self.tool_schema

    def check(self, arguments: dict[str, Any]) -> dict[str, Any]:
        from jsonschema import Draft202012Validator

        try:
            found = sorted(
                Draft202012Validator(self.tool_schema).iter_errors(arguments),
                key=lambda error: list(map(str, error.path)),
            )
        except RecursionError as endless:
            raise CannotDo(
                f"The schema of {self.name!r} refers to itself without an end.",
                hint="Its server has to mend it; use another tool.",
            ) from endless
        if found:
            told = "; ".join(
                f"{'.'.join(map(str, error.path)) or self.name}: {error.message[:200]}"
                for error in found[:5]
            )
            raise BadArguments(f"skill {self.name!r}: {told}")
        return dict(arguments)


def skill_of(server: str, tool: Tool, told: McpServer, call_tool: CallTool) -> McpSkill:
    """The skill of a tool. Raises ValueError when its schema cannot be used."""
    schema = usable_schema(tool.schema)

    async def use(**given: Any) -> ToolAnswer:
        context = given.pop(CONTEXT)
        return ToolAnswer.model_validate(await call_tool(server, tool.name, given, context))

    use.__name__ = tool.name
    properties = schema.get("properties")
    names = properties if isinstance(properties, dict) else {}
    required = schema.get("required") or []
    fields: dict[str, Any] = {
        name: (Any, ... if name in required else None)
        for name in names
        if name.isidentifier() and not name.startswith(("_", "model_"))
    }
    return McpSkill(
        name=f"{PREFIX}{server}/{tool.name}",
        description=tool.description,
        function=use,
        parameters=create_model(
            f"{server}_{tool.name}", __config__=ConfigDict(extra="allow"), **fields
        ),
        output=TypeAdapter(ToolAnswer),
        effect=told.effects.get(tool.name, "write"),
        # A grant for a tool covers its server; nothing is known of what is behind it.
        hosts=(f"{PREFIX}{server}",),
        # A call may have to start its server first.
        timeout=told.seconds + told.start_seconds,
        context_parameter=CONTEXT,
        preview=_preview(server, tool.name),
        source=f"MCP server {server}",
        tool_schema=schema,
    )


def usable_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema, if it can be checked without the network. Raises ValueError saying why not.

    Patterns are left to the server: a crafted one would hold up whoever checks it. So is what no
    model can be held to while it writes: one such tool would keep a model from all the others.
    """
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    if schema.get("type") != "object":
        raise ValueError("its schema does not describe an object")
    if len(json.dumps(schema)) > LARGEST_SCHEMA:
        raise ValueError("its schema is too large")
    cleaned: dict[str, Any] = _enforceable(schema)
    for reference in _references(cleaned):
        if not reference.startswith("#"):
            raise ValueError("its schema refers to another document")
        if not _leads_somewhere(cleaned, reference):
            raise ValueError(f"its schema refers to {reference[:80]!r}, which is not there")
    try:
        Draft202012Validator.check_schema(cleaned)
        for _ in Draft202012Validator(cleaned).iter_errors({}):
            break
    except (SchemaError, RecursionError) as wrong:
        raise ValueError(f"its schema is wrong: {str(wrong).splitlines()[0][:200]}") from wrong
    return cleaned


def offered(settings: Settings, call_tool: CallTool) -> tuple[list[McpSkill], list[ToolProblem]]:
    """Skills of the servers in the settings, as they were last listed; and what is not offered."""
    skills, problems = list[McpSkill](), list[ToolProblem]()
    for server, told in settings.mcp.items():
        tools = Listing(settings).read(server, told)
        if tools is None:
            problems.append(
                ToolProblem(server, "", "its tools were not listed yet; run: assistant mcp tools")
            )
        for tool in tools or ():
            try:
                skills.append(skill_of(server, tool, told, call_tool))
            except ValueError as wrong:
                problems.append(ToolProblem(server, tool.name, str(wrong)))
    return skills, problems


class Listing:
    """What each server last said of its tools; of a server whose settings changed, nothing."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.home / "mcp_tools.json"

    def read(self, server: str, told: McpServer) -> list[Tool] | None:
        """The tools of a server, or None when it must be asked."""
        kept = self._kept().get(server)
        if not isinstance(kept, dict) or kept.get("settings") != _mark(told):
            return None
        return [Tool(**tool) for tool in kept["tools"]]

    def write(self, server: str, told: McpServer, tools: list[Tool]) -> None:
        kept = self._kept() | {
            server: {"settings": _mark(told), "tools": [vars(tool) for tool in tools]}
        }
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(kept), encoding="utf-8")
        beside.replace(self._path)

    def _kept(self) -> dict[str, Any]:
        try:
            kept: Any = json.loads(Path(self._path).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}


def _mark(told: McpServer) -> str:
    """Which server was asked; its effects and its time limit do not change what it offers."""
    same = told.model_dump_json(exclude={"effects", "seconds"})
    return hashlib.sha256(same.encode()).hexdigest()


def _preview(server: str, tool: str) -> Callable[..., dict[str, Any]]:
    def preview(**given: Any) -> dict[str, Any]:
        given.pop(CONTEXT, None)
        return {"would_call": f"{PREFIX}{server}/{tool}", "arguments": given}

    return preview


def _enforceable(value: Any, *, inside: bool = False) -> Any:
    """`inside` tells that keys are names of properties, not keywords."""
    if isinstance(value, list):
        return [_enforceable(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _enforceable(one, inside=not inside and key in ("properties", "$defs", "definitions"))
        for key, one in value.items()
        if inside or not (key in _LEFT_TO_SERVER or (key == "format" and one not in _FORMATS))
    }


def _references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [ref for one in value for ref in _references(one)]
    if not isinstance(value, dict):
        return []
    own = [value[key] for key in ("$ref", "$dynamicRef") if isinstance(value.get(key), str)]
    return own + [ref for one in value.values() for ref in _references(one)]


def _leads_somewhere(schema: Any, reference: str) -> bool:
    """Whether a JSON Pointer of the schema names a part of it; anchors are not followed."""
    part = schema
    for word in reference.removeprefix("#").split("/")[1:]:
        key = word.replace("~1", "/").replace("~0", "~")
        if not isinstance(part, dict) or key not in part:
            return False
        part = part[key]
    return reference == "#" or reference.startswith("#/")


def trimmed(tool: Tool) -> Tool:
    """The tool with a description of a bearable length."""
    words = " ".join(tool.description.split())[:LONGEST_DESCRIPTION]
    return replace(tool, description=words or f"The tool {tool.name}.")
