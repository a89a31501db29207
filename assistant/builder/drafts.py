"""What the builder hands out: a proposed call, job or change, and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import Problem
from assistant.models.protocol import Usage

LAST = "last"
"""Arguments may refer to the result just shown: `${{ last.items }}`. The chat puts it in."""


@dataclass(frozen=True)
class Assumption:
    """Something the words left open and what was taken. `place` is where to change it:
    `schedule.cron`, `steps.best.limit`."""

    place: str
    value: Any
    text: str


@dataclass(frozen=True)
class Ask:
    """Something that is needed and was not said."""

    place: str
    text: str


@dataclass(frozen=True)
class DraftStep:
    """One step with only what the request says; what is wired stands in the file."""

    skill: str
    arguments: dict[str, Any]
    id: str = ""


@dataclass(frozen=True)
class Source:
    """Where in the request a value stands."""

    place: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Draft:
    """A proposal. `kind`: answer, call, job, edit, clarify or unsupported.

    call: `steps` has one step, `call` its arguments whole. job and edit: `yaml` is the file as it
    would be, checked unless `problems` says otherwise. edit: `actions` names what is to be done
    besides a new file (pause, resume, run_now, delete, rename). clarify: `asks` is not empty, and
    the rest is what is known so far. `unsupported` and `answer` have nothing else.
    """

    kind: str
    yaml: str = ""
    steps: tuple[DraftStep, ...] = ()
    call: dict[str, Any] = field(default_factory=dict[str, Any])
    cron: str = ""
    timezone: str = ""
    structure: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What structure needs: `call_job.job`, `trigger.feed`, `retry.times`, `inputs.names` …"""
    actions: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    asks: tuple[Ask, ...] = ()
    problems: tuple[Problem, ...] = ()
    sources: tuple[Source, ...] = ()
    confidence: float = 1.0
    unplaced: tuple[str, ...] = ()
    """What the request says and nothing in the draft holds, as it was written."""
    usage: Usage = field(default_factory=Usage)
    largest_prompt: int = 0
    """Tokens of the longest prompt that was sent to the model."""
    name: str = ""
    title: str = ""
    edits: tuple[dict[str, Any], ...] = ()
    template: str = ""
    """The template that a new job was begun from."""
