"""A job file's text as a `Job`, or every problem of its form in one error.

Form only: keys, kinds, names, ranges. What the values mean (skills, types, references, zones)
is the checker's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import JobInvalid, Problem
from assistant.pipeline.document import Document, Mark, Place, read_document
from assistant.pipeline.fields import Fields, Notes
from assistant.pipeline.plain import kind_of
from assistant.pipeline.spec import Alerts, Budget, Job, Retention, Schedule, Trigger
from assistant.pipeline.step_loader import StepLoader
from assistant.pipeline.suggest import did_you_mean
from assistant.pipeline.triggers import ALERTS, read_trigger

JOB_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_INPUT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True)
class Loaded:
    """A job, and where in its file everything stands. `problems` is empty after `load`."""

    job: Job
    path: str
    text: str
    document: Document
    places: dict[str, Place] = field(default_factory=dict[str, Place])
    """Static path of a step → its place in the document."""
    problems: tuple[Problem, ...] = ()

    def mark(self, *place: str | int) -> Mark:
        """Line and column of a value: `mark("steps", 0, "with", "url")`."""
        return self.document.mark(place)

    def mark_of_step(self, path: str) -> Mark:
        return self.document.mark(self.places.get(path, ()))


def load(text: str, *, path: str = "job.yaml") -> Loaded:
    """The job that the text declares. Raises JobInvalid with every problem of its form."""
    loaded = read_loosely(text, path=path)
    if loaded.problems:
        raise JobInvalid(path, loaded.problems)
    return loaded


def read_loosely(text: str, *, path: str = "job.yaml") -> Loaded:
    """As `load`, keeping what could be read beside the problems: for the checker and editors."""
    document = read_document(text)
    notes = Notes(document)
    if document.data is None and not notes.problems:
        notes.blame((), "the file is empty", "Begin with `job: a-name` and `steps:`.")
    if document.data is None:
        return Loaded(Job(name=""), path, text, document, {}, tuple(notes.problems))
    loader = StepLoader(notes)
    job = _job(notes, document.data, loader)
    notes.problems.sort(key=lambda problem: (problem.line, problem.column))
    return Loaded(job, path, text, document, loader.places, tuple(notes.problems))


def _job(notes: Notes, data: Any, loader: StepLoader) -> Job:
    fields = Fields(notes, (), data, what="a job file")
    if not isinstance(data, dict):
        return Job(name="")
    job = Job(
        name=_name(fields),
        title=fields.text("title") or "",
        inputs=_inputs(fields),
        schedule=_schedule(fields),
        triggers=_triggers(fields),
        steps=_steps(fields, loader),
        outputs=_outputs(fields),
        expect=_expect(fields),
        alerts=_alerts(fields),
        budget=_budget(fields),
        retention=_retention(fields),
    )
    fields.finish()
    return job


def _name(fields: Fields) -> str:
    name = fields.text("job", required=True) or ""
    if name and (not JOB_NAME.fullmatch(name) or len(name) > 64):
        tidy = "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:64].strip("-")
        fields.blame("job", f"{name!r} is no name of a job",
                     f"Use a-z, 0-9 and dashes: {tidy or 'my-job'!r}.")  # fmt: skip
    return name


def _inputs(fields: Fields) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name, schema in (fields.mapping("inputs") or {}).items():
        place: Place = ("inputs", name)
        if not _INPUT_NAME.fullmatch(name):
            fields.notes.blame(
                place,
                f"the input {name!r} is no name",
                "Use letters, digits and '_'.",
                key=name,
                at_key=True,
            )
        if isinstance(schema, dict):
            found[name] = schema
        else:
            fields.notes.blame(place, f"the input {name!r} is a JSON Schema, not {kind_of(schema)}",
                               "Write {type: string, default: …}.", key=name)  # fmt: skip
    return found


def _steps(fields: Fields, loader: StepLoader) -> tuple[Any, ...]:
    if fields.get("steps") is None:
        fields.blame(
            "steps", "a job file needs 'steps'", "Add `steps:` with a list of steps.", at_key=True
        )
        return ()
    return loader.steps(("steps",), fields.get("steps"), "", "'steps'")


def _schedule(fields: Fields) -> Schedule | None:
    raw = fields.get("schedule")
    if raw is None:
        return None
    inner = Fields(fields.notes, ("schedule",), raw, what="schedule")
    code = "job_trigger_invalid"
    cron, zone = inner.get("cron"), inner.get("timezone")
    if not isinstance(cron, str):
        inner.blame(
            "cron",
            "a schedule needs 'cron': five fields as text",
            'Write cron: "0 7 * * *".',
            at_key=cron is None,
            code=code,
        )
    if zone is None:
        inner.blame(
            "timezone",
            "a schedule needs 'timezone' beside 'cron'",
            "Write an IANA name: timezone: Europe/London.",
            at_key=True,
            code=code,
        )
    elif not isinstance(zone, str):
        inner.blame(
            "timezone", f"'timezone' is text, not {kind_of(zone)}", "Write an IANA name.", code=code
        )
    catch_up = inner.choice("catch_up", ("none", "latest", "all")) or "latest"
    overlap = inner.choice("overlap", ("skip", "queue", "cancel")) or "skip"
    inner.finish()
    if not isinstance(cron, str) or not isinstance(zone, str):
        return None
    return Schedule(cron, zone, catch_up, overlap)  # pyright: ignore[reportArgumentType]


def _triggers(fields: Fields) -> tuple[Trigger, ...]:
    found: list[Trigger] = []
    for number, raw in enumerate(fields.items("triggers") or []):
        inner = Fields(fields.notes, ("triggers", number), raw, what="a trigger")
        trigger = read_trigger(inner)
        if trigger:
            found.append(trigger)
    return tuple(found)


def _outputs(fields: Fields) -> dict[str, Any]:
    found = fields.mapping("outputs") or {}
    for name in found:
        if not _INPUT_NAME.fullmatch(name):
            fields.notes.blame(
                ("outputs", name),
                f"the output {name!r} is no name",
                "Use letters, digits and '_'.",
                key=name,
                at_key=True,
            )
    return found


def _expect(fields: Fields) -> tuple[str, ...]:
    lines: list[str] = []
    for number, line in enumerate(fields.items("expect") or []):
        if isinstance(line, str) and "${{" in line:
            lines.append(line)
        else:
            fields.notes.blame(
                ("expect", number),
                "a line of 'expect' is an expression",
                f'Write "${{{{ {line} }}}}".',
                key="expect",
            )
    return tuple(lines)


def _alerts(fields: Fields) -> Alerts:
    raw = fields.get("alerts")
    if raw is None:
        return Alerts()
    inner = Fields(fields.notes, ("alerts",), raw, what="alerts")
    on, to = inner.texts("on"), inner.texts("to")
    for event in on:
        if event not in ALERTS:
            inner.blame("on", f"there is no alert {event!r}", did_you_mean(event, ALERTS))
    inner.finish()
    return Alerts(on, to)


def _budget(fields: Fields) -> Budget:
    raw = fields.get("budget")
    if raw is None:
        return Budget()
    inner = Fields(fields.notes, ("budget",), raw, what="budget")
    made = Budget(
        seconds=inner.duration("seconds", 1, 30 * 86400),
        tokens=inner.whole("tokens", 0, 10**12),
        cost=inner.number("cost", 0, 1_000_000),
    )
    inner.finish()
    return made


def _retention(fields: Fields) -> Retention:
    raw = fields.get("retention")
    if raw is None:
        return Retention()
    inner = Fields(fields.notes, ("retention",), raw, what="retention")
    made = Retention(runs=inner.whole("runs", 1, 1_000_000), days=inner.whole("days", 1, 36_500))
    inner.finish()
    return made
