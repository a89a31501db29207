"""A call of a skill with everything resolved, and the names by which it is known again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from assistant.engine.values import fingerprint
from assistant.pipeline.spec import Retry
from assistant.skills.door import Effect, Skill


@dataclass(frozen=True)
class Deadline:
    """A moment (epoch seconds), and whose it is: a step's path, "" for the whole run."""

    at: float
    owner: str


@dataclass(frozen=True)
class Call:
    """One skill step with everything resolved."""

    path: str
    skill: Skill
    effect: Effect
    arguments: dict[str, Any]
    retry: Retry
    timeout: float
    cache: bool | float
    deadline: Deadline | None

    @property
    def cache_key(self) -> str:
        """Equal for calls that give the same: skill, its version and the arguments."""
        return fingerprint([self.skill.name, self.skill.version, self.arguments])


def idempotency_key(run_id: str, path: str) -> str:
    """The same for every try of the same step of the same run, and for no other."""
    return hashlib.sha256(f"{run_id}\n{path}".encode()).hexdigest()
