"""What the checker needs to know about skills, and no more: their schemas come in as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Protocol


class SkillSchema(NamedTuple):
    """One skill: JSON Schemas of what it takes and gives, and its effect."""

    parameters: dict[str, Any]
    output: dict[str, Any]
    effect: str = "read"


class SkillSchemas(Protocol):
    """Where the checker looks skills up."""

    def get(self, name: str) -> SkillSchema | None: ...

    def names(self) -> Iterable[str]: ...


class SkillTable:
    """Schemas by name, from a mapping."""

    def __init__(self, skills: Mapping[str, SkillSchema]) -> None:
        self._skills = dict(skills)

    def get(self, name: str) -> SkillSchema | None:
        return self._skills.get(name)

    def names(self) -> Iterable[str]:
        return self._skills.keys()
