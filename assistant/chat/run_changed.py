"""A job run once with something else: an input, or an argument of a step; the job stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.builder.focusing import Standing, standings
from assistant.builder.patching import set_value
from assistant.chat.answering import words
from assistant.engine.request import RunRequest
from assistant.errors import AssistantError, BindingsInvalid
from assistant.job.lifecycle import renamed
from assistant.job.running import request_for
from assistant.pipeline.inputs import bind
from assistant.pipeline.loader import load
from assistant.store.jobs import JobRecord
from assistant.workplace import Workplace


@dataclass(frozen=True)
class Once:
    """The run to be made, and in words what is different about it."""

    request: RunRequest
    changes: str


def once(place: Workplace, record: JobRecord, changes: Mapping[str, str]) -> Once:
    """The run of a job's version in force with other values, by the name of an input, of an
    argument, or of a step and its argument (`best.limit`).

    Raises TargetUnresolved without a version, BindingsInvalid for a name that nothing has or that
    several steps have, and for a value that does not fit; BadArguments where a skill refuses it.
    """
    version = place.jobs.version(record.id)
    declared, yaml = load(version.yaml).job.inputs, version.yaml
    inputs, told = dict[str, str](), list[str]()
    for said, value in changes.items():
        name = said.replace("-", "_")
        if name in declared:
            inputs[name] = value
            told.append(f"{name} {value}")
        else:
            standing, key = _argument(place, record, yaml, name, said)
            yaml = _changed(place, yaml, standing, key, value)
            told.append(f"{standing.id}.{key} {value}")
    given = bind(declared, inputs, texts=True) if inputs else {}
    request = request_for(
        place.jobs, record, trigger={"kind": "chat"}, inputs={name: given[name] for name in inputs}
    )
    if yaml == version.yaml:
        return Once(request, ", ".join(told))
    # Its file is that of no version: it carries its own, and is repeated with it.
    changed = RunRequest(
        job=record.name, yaml=renamed(yaml, record.name), job_id=record.id,
        inputs=request.inputs, trigger={"kind": "chat", "once": dict(changes)}, once=True,
        grants=version.grants,
    )  # fmt: skip
    return Once(changed, ", ".join(told))


def is_known(place: Workplace, record: JobRecord, said: str) -> bool:
    """Whether a job has an input, or a step an argument, of that name."""
    version, name = place.jobs.version(record.id), said.replace("-", "_")
    if name in load(version.yaml).job.inputs:
        return True
    try:
        _argument(place, record, version.yaml, name, said)
    except BindingsInvalid:
        return False
    return True


def _argument(
    place: Workplace, record: JobRecord, yaml: str, name: str, said: str
) -> tuple[Standing, str]:
    """The step and the argument that a name means: one that the file sets before one that it could."""
    step, _, key = name.rpartition(".")
    steps = [one for one in standings(yaml) if not step or one.id == step]
    takes = [one for one in steps if key in _parameters(place, one.skill)]
    found = [one for one in takes if key in one.arguments] or takes
    if len(found) == 1:
        return found[0], key
    if found:
        known = ", ".join(f"{one.id}.{key}" for one in found)
        raise BindingsInvalid(words("past_several", name=record.name, unknown=key, known=known))
    inputs = [*load(yaml).job.inputs]
    known = [*inputs, *(f"{one.id}.{key}" for one in standings(yaml) for key in one.arguments)]
    raise BindingsInvalid(
        words("past_nothing_set", name=record.name, unknown=said, known=", ".join(known) or "nothing",
              example=f"Make it {said} …")
    )  # fmt: skip


def _parameters(place: Workplace, skill: str) -> Mapping[str, Any]:
    try:
        return place.library.get(skill).parameters.model_fields
    except AssistantError:
        return {}


def _changed(place: Workplace, yaml: str, standing: Standing, key: str, value: str) -> str:
    """The file with another value of one argument, read as the skill's parameter is declared."""
    skill = place.library.get(standing.skill)
    schema = skill.schema()["properties"][key]
    kinds = {"type": [kind["type"] for kind in schema.get("anyOf", []) if "type" in kind]}
    read = bind(
        {key: schema if "type" in schema else {**schema, **kinds}}, {key: value}, texts=True
    )
    if not standing.arguments:
        return set_value(yaml, (*standing.place, "with"), read)
    return set_value(yaml, (*standing.place, "with", key), read[key])
