"""Everything that is wrong with a job file, found in one pass before anything runs."""

from __future__ import annotations

from typing import Any

from assistant.errors import JobInvalid, Problem
from assistant.pipeline.expression_checker import ExpressionChecker
from assistant.pipeline.expressions import has_expression
from assistant.pipeline.fields import Notes
from assistant.pipeline.fitting import misfits
from assistant.pipeline.inference import View
from assistant.pipeline.loader import Loaded, read_loosely
from assistant.pipeline.seen import Seen, Whereabouts
from assistant.pipeline.skill_table import SkillSchemas
from assistant.pipeline.spec import Job, Trigger
from assistant.pipeline.step_checker import JobLookup, StepChecker
from assistant.pipeline.suggest import did_you_mean
from assistant.pipeline.timing import cron_problem, zone_problem
from assistant.pipeline.told import check_told
from assistant.pipeline.triggers import TRIGGERS
from assistant.pipeline.types import from_schema, record_of
from assistant.pipeline.walk import called_jobs, with_paths

DEEPEST_CALLS = 8
_SCHEMA_WORDS = frozenset(
    [
        "type",
        "title",
        "description",
        "default",
        "enum",
        "const",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "items",
        "minItems",
        "maxItems",
        "uniqueItems",
        "properties",
        "required",
        "additionalProperties",
        "anyOf",
        "oneOf",
        "allOf",
        "examples",
        "writeOnly",
        "$ref",
        "$defs",
    ]
)
_SCHEMA_TYPES = ("string", "integer", "number", "boolean", "array", "object", "null")


def check_text(
    text: str, skills: SkillSchemas, jobs: JobLookup | None = None, *, path: str = "job.yaml"
) -> Loaded:
    """The job of a text that is right in form and in meaning. Raises JobInvalid with every problem."""
    loaded = read_loosely(text, path=path)
    problems = check(loaded, skills, jobs)
    if problems:
        raise JobInvalid(path, tuple(problems))
    return loaded


def check(loaded: Loaded, skills: SkillSchemas, jobs: JobLookup | None = None) -> list[Problem]:
    """Every problem of the job, in the order of its file. `jobs` finds the jobs that it calls."""
    notes = Notes(loaded.document)
    notes.problems = list(loaded.problems)
    job = loaded.job
    if loaded.document.data is not None:
        _inputs(job, notes)
        _schedule(job, notes)
        _steps(loaded, notes, skills, jobs)
        _awaited(loaded, notes, jobs)
        check_told(loaded, notes)
        _calls(loaded, notes, jobs)
    found = list(dict.fromkeys(notes.problems))
    found.sort(key=lambda problem: (problem.line, problem.column))
    return found


def _inputs(job: Job, notes: Notes) -> None:
    for name, schema in job.inputs.items():
        place = ("inputs", name)
        for word in schema:
            if word not in _SCHEMA_WORDS:
                notes.blame((*place, word), f"the input {name!r} has no {word!r}",
                            did_you_mean(word, _SCHEMA_WORDS), key=f"inputs.{name}", at_key=True)  # fmt: skip
        kinds: Any = schema.get("type")
        wrong = [
            k for k in (kinds if isinstance(kinds, list) else [kinds]) if k not in _SCHEMA_TYPES
        ]
        if wrong and "type" in schema:
            notes.blame((*place, "type"), f"{wrong[0]!r} is no type of an input",
                        _type_cure(str(wrong[0])), key=f"inputs.{name}.type")  # fmt: skip
        elif "default" in schema:
            for misfit in misfits(schema["default"], schema):
                notes.blame((*place, "default", *misfit.place), f"the default of {name!r} {misfit.message}",
                            misfit.hint, key=f"inputs.{name}.default")  # fmt: skip


def unattended(loaded: Loaded) -> list[Problem]:
    """What keeps a job that is right from running by itself: inputs that nobody will give."""
    notes = Notes(loaded.document)
    job = loaded.job
    if job.schedule or job.triggers:
        for name, schema in job.inputs.items():
            if "default" not in schema:
                notes.blame(("inputs", name), f"nobody is there to give the input {name!r}",
                            "Give it a default.", key=f"inputs.{name}", code="job_trigger_invalid")  # fmt: skip
    return notes.problems


def _type_cure(word: str) -> str:
    habits = {"text": "string", "str": "string", "int": "integer", "float": "number",
              "bool": "boolean", "list": "array", "dict": "object", "date": "string"}  # fmt: skip
    meant = habits.get(word.lower())
    return f"Write {meant!r}." if meant else did_you_mean(word, _SCHEMA_TYPES)


def _schedule(job: Job, notes: Notes) -> None:
    if not job.schedule:
        return
    for key, found in (
        ("cron", cron_problem(job.schedule.cron)),
        ("timezone", zone_problem(job.schedule.timezone)),
    ):
        if found:
            notes.blame(
                ("schedule", key), *found, key=f"schedule.{key}", code="job_trigger_invalid"
            )


def _steps(loaded: Loaded, notes: Notes, skills: SkillSchemas, jobs: JobLookup | None) -> None:
    job = loaded.job
    inputs = record_of({name: from_schema(schema) for name, schema in job.inputs.items()})
    where = Whereabouts(loaded, dict(with_paths(job.steps)))
    expressions = ExpressionChecker(notes, loaded.text.splitlines())
    seen = Seen(inputs)
    only_inputs = View({"inputs": inputs})
    for number, trigger in _placed_triggers(loaded):
        expressions.type_of(trigger.options, ("triggers", number), only_inputs, "", "triggers")
    StepChecker(loaded, notes, expressions, skills, jobs, where).steps(job.steps, seen, "")
    view = seen.view(where, "")
    for name, value in job.outputs.items():
        expressions.type_of(value, ("outputs", name), view, "", f"outputs.{name}")
    for number, line in enumerate(_written_expect(loaded)):
        if isinstance(line, str) and "${{" in line:
            expressions.condition(line, ("expect", number), view, "", "expect")


def _placed_triggers(loaded: Loaded) -> list[tuple[int, Trigger]]:
    """The triggers that could be read, with their numbers in the file."""
    data = loaded.document.data
    written: Any = data.get("triggers") if isinstance(data, dict) else None
    numbers = [n for n, one in enumerate(written if isinstance(written, list) else [])
               if isinstance(one, dict) and str(one.get("on")) in TRIGGERS]  # fmt: skip
    return list(zip(numbers, loaded.job.triggers, strict=False))


def _awaited(loaded: Loaded, notes: Notes, jobs: JobLookup | None) -> None:
    """Jobs whose end starts this one: they have to be there, and be others."""
    job = loaded.job
    for number, trigger in _placed_triggers(loaded):
        name = trigger.options.get("job")
        if not isinstance(name, str) or has_expression(name):
            continue
        if name == job.name:
            problem = (f"the end of {name!r} would start {name!r} again and again",
                       "Name another job.", "job_trigger_invalid")  # fmt: skip
        elif jobs is not None and jobs(name) is None:
            problem = (f"there is no job {name!r}", "Create it first, or mend the name.",
                       "job_not_found")  # fmt: skip
        else:
            continue
        message, hint, code = problem
        notes.blame(("triggers", number, "job"), message, hint, key="triggers.job", code=code)


def _written_expect(loaded: Loaded) -> list[Any]:
    """The lines of `expect` as they stand, so that their numbers are those of the file."""
    data = loaded.document.data
    written = data.get("expect") if isinstance(data, dict) else None
    return written if isinstance(written, list) else []


def _calls(loaded: Loaded, notes: Notes, jobs: JobLookup | None) -> None:
    """Jobs that call one another in a circle, or too deep."""
    for path, name in called_jobs(loaded.job):
        place = (*loaded.places[path], "call_job")
        circle = (
            [loaded.job.name, name]
            if name == loaded.job.name
            else _circle(loaded.job.name, name, jobs)
        )
        if circle and len(circle) > 1 and circle[-1] == loaded.job.name:
            notes.blame(place, f"the jobs call one another in a circle: {' → '.join(circle)}",
                        "Let one of them end without calling.", step=path, key="call_job")  # fmt: skip
        elif circle:
            notes.blame(place, f"jobs call one another more than {DEEPEST_CALLS} levels deep: {' → '.join(circle)}",
                        "Let one of them do more of the work.", step=path, key="call_job")  # fmt: skip


def _circle(start: str, name: str, jobs: JobLookup | None) -> list[str]:
    """The chain of calls that comes back to `start` or goes too deep; empty when all is well."""
    if jobs is None:
        return []
    waiting: list[list[str]] = [[start, name]]
    done = set[tuple[str, int]]()
    while waiting:
        chain = waiting.pop()
        if len(chain) > DEEPEST_CALLS + 1:
            return chain
        if (chain[-1], len(chain)) in done:
            continue
        done.add((chain[-1], len(chain)))
        job = jobs(chain[-1])
        for _, called in called_jobs(job) if job else ():
            if called == start:
                return [*chain, called]
            waiting.append([*chain, called])
    return []
