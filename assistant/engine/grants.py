"""Grants: what a run that nobody watches may change, fixed when the job was accepted.

A grant names a skill and exact targets (recipients, hosts, databases). A write step of an
unattended run passes when every target of its call is covered; otherwise a person is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import getaddresses
from typing import Any, Protocol
from urllib.parse import urlsplit

from assistant.skills.door import Skill

# Who starts a run decides whether somebody is there to answer.
ATTENDED = frozenset({"", "person", "manual", "chat", "panel", "cli", "rerun", "debug"})


@dataclass(frozen=True)
class Grant:
    """`targets` empty: the skill has none (it writes into the home folder only)."""

    skill: str
    targets: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        return {"skill": self.skill, "targets": list(self.targets)}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Grant:
        return cls(str(data["skill"]), tuple(str(target) for target in data.get("targets", ())))


class Finds(Protocol):
    """Where skills are found by name."""

    def get(self, name: str) -> Skill: ...


def attended(trigger: Mapping[str, Any]) -> bool:
    """Whether somebody started the run by hand; a trigger may say so itself (`attended`)."""
    said = trigger.get("attended")
    return said if isinstance(said, bool) else str(trigger.get("kind", "")) in ATTENDED


def targets(skill: Skill, arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """What a call would reach: hosts of URLs, addresses of people, names of databases, sorted.

    The exact value of a pinned argument stands among them as `name: value`.
    """
    found = set[str]()
    for name in skill.hosts:
        if name in skill.parameters.model_fields:
            found.update(_of_value(arguments.get(name)))
        else:
            found.add(name.lower())
    found.update(f"{name}: {arguments[name]}" for name in skill.pinned if arguments.get(name))
    return tuple(sorted(found))


def _of_value(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.strip():
        host = urlsplit(value).hostname if "://" in value else None
        if host:
            yield host.lower()
        elif "@" in value:
            yield from (address.lower() for _, address in getaddresses([value]) if address)
        else:
            yield value.strip().lower()
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _of_value(inner)


def covered(skill: Skill, arguments: Mapping[str, Any], grants: Iterable[Grant]) -> bool:
    """Whether grants for this skill cover every target of the call."""
    granted = [grant for grant in grants if grant.skill == skill.name]
    reached = set(targets(skill, arguments))
    if skill.pinned:
        # A statement is granted on its database, not on every one that another grant names.
        return any(reached <= set(grant.targets) for grant in granted)
    return bool(granted) and reached <= {target for grant in granted for target in grant.targets}
