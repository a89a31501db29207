"""Checks the steps of a job file in their order, carrying along what each will give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from assistant.pipeline.document import Place
from assistant.pipeline.expression_checker import ExpressionChecker
from assistant.pipeline.expressions import OPEN, Template
from assistant.pipeline.fields import Notes
from assistant.pipeline.fitting import misfits
from assistant.pipeline.inference import mentioned
from assistant.pipeline.loader import Loaded
from assistant.pipeline.scope import branch_path, step_path
from assistant.pipeline.seen import ERROR, Seen, Whereabouts
from assistant.pipeline.skill_table import SkillSchema, SkillSchemas
from assistant.pipeline.spec import (
    Accumulate,
    ApproveStep,
    CallJobStep,
    ForEachStep,
    IfStep,
    Job,
    ParallelStep,
    SetStep,
    SkillStep,
    Step,
    StopStep,
    WhileStep,
)
from assistant.pipeline.suggest import did_you_mean
from assistant.pipeline.types import (
    ANY,
    BOOLEAN,
    INTEGER,
    LIST,
    NUMBER,
    RECORD,
    TEXT,
    Type,
    clash,
    from_schema,
    list_of,
    of_value,
    record_of,
    union,
)

JobLookup = Callable[[str], Job | None]
"""A job by its name, or None."""


class StepChecker:
    """One walk over one job's steps. `steps` gives the outputs of a list by step id."""

    def __init__(
        self, loaded: Loaded, notes: Notes, expressions: ExpressionChecker,
        skills: SkillSchemas, jobs: JobLookup | None, where: Whereabouts,
    ) -> None:  # fmt: skip
        self.loaded = loaded
        self.notes = notes
        self.expressions = expressions
        self.skills = skills
        self.jobs = jobs
        self.where = where
        self._schemas: dict[str, tuple[SkillSchema, Type] | None] = {}
        self._known: dict[int, Type] = {}

    def steps(self, steps: tuple[Step, ...], seen: Seen, parent: str) -> dict[str, Type]:
        """Check a list of steps; `seen` grows by what they give."""
        own: dict[str, Type] = {}
        ended_by: Step | None = None
        for step in steps:
            path = step_path(parent, step.id)
            if ended_by:
                self._blame(path, "", f"this step is never reached: the run stops in line {ended_by.line}",
                            "Give the stop an `if`.")  # fmt: skip
                ended_by = None
            self._hides(step, path, seen)
            own[step.id] = seen.steps[step.id] = self._step(step, path, seen)
            asked = (*self.loaded.places[path], "if") in self.loaded.document.marks
            if isinstance(step, StopStep) and not asked:
                ended_by = step
        return own

    def _hides(self, step: Step, path: str, seen: Seen) -> None:
        place = (*self.loaded.places[path], "id")
        if step.id in seen.steps and "/" in path and place in self.loaded.document.marks:
            self._blame(
                path,
                "id",
                f"the id {step.id!r} hides a step around it",
                f"Choose another, such as {step.id + '_2'!r}.",
            )

    def _blame(
        self,
        path: str,
        key: str,
        message: str,
        hint: str = "",
        *,
        code: str = "job_invalid_spec",
        at_key: bool = False,
    ) -> None:
        place = self.loaded.places[path]
        full: Place = (*place, *key.split(".")) if key else place
        self.notes.blame(full, message, hint, step=path, key=key, code=code, at_key=at_key)

    def _step(self, step: Step, path: str, seen: Seen) -> Type:
        around = seen.sure
        if step.condition is not None:
            asked = self._condition(step.condition, path, "if", seen)
            seen.sure |= seen.same_if.get(step.condition, frozenset())
            if asked and asked.lone:
                seen.sure |= mentioned(asked.lone.tree)
        output = self._output(step, path, seen)
        if not (isinstance(step, StopStep) and step.condition):
            seen.sure = around  # after a stop that did not happen, its question stays answered
        return self._with_accidents(step, path, seen, output)

    def _with_accidents(self, step: Step, path: str, seen: Seen, output: Type) -> Type:
        """What later steps get when this one is skipped or fails."""
        if step.on_error.action == "steps":
            place = branch_path(path, "on_error")
            inside = seen.inner({"error": ERROR})
            own = self.steps(step.on_error.steps, inside, place)
            output = union([output, list(own.values())[-1]]) if own else output
            seen.after_branches(
                [seen.inner(), inside], f"it is there only when step {step.id!r} failed"
            )
        elif step.on_error.action == "continue":
            output = output.with_absence(f"step {step.id!r} may fail, and the run goes on")
        if step.condition is not None and not isinstance(step, IfStep):
            output = output.with_absence(f"step {step.id!r} is skipped when its `if` does not hold")
            seen.same_if[step.condition] = seen.same_if.get(step.condition, frozenset()) | {step.id}
        return output

    def _output(self, step: Step, path: str, seen: Seen) -> Type:
        match step:
            case SkillStep():
                return self._skill(step, path, seen)
            case CallJobStep():
                return self._call_job(step, path, seen)
            case ParallelStep():
                return self._parallel(step, path, seen)
            case ForEachStep():
                return self._for_each(step, path, seen)
            case WhileStep():
                return self._while(step, path, seen)
            case IfStep():
                return self._if(step, path, seen)
            case SetStep():
                return self._set(step, path, seen)
            case ApproveStep():
                self._value(step.question, path, "approve", seen)
                return record_of({"approved": BOOLEAN, "by": TEXT})
            case StopStep():
                self._value(step.reason, path, "stop", seen)
                return ANY
            case _:
                return ANY

    # -- expressions

    def _condition(self, text: str, path: str, key: str, seen: Seen) -> Template | None:
        place = (*self.loaded.places[path], key)
        return self.expressions.condition(text, place, seen.view(self.where, path), path, key)

    def _value(self, value: Any, path: str, key: str, seen: Seen) -> Type | None:
        """The type of a key's value; `key` may be dotted."""
        place = (*self.loaded.places[path], *key.split("."))
        return self.expressions.type_of(value, place, seen.view(self.where, path), path, key)

    # -- one method for each kind

    def _skill(self, step: SkillStep, path: str, seen: Seen) -> Type:
        known = self._schema(step.skill)
        if known is None:
            if step.skill:
                self._blame(path, "skill", f"there is no skill {step.skill!r}",
                            did_you_mean(step.skill, self.skills.names()), code="skill_not_found")  # fmt: skip
            self._value(step.arguments, path, "with", seen)
            return ANY
        schema, output = known
        self._arguments(step.arguments, schema.parameters, f"skill {step.skill!r}", path, seen)
        if step.cache and schema.effect == "write":
            self._blame(path, "cache", f"{step.skill!r} changes the world, so its result cannot be cached",
                        "Leave the key out; cache is for skills that read or compute.", at_key=True)  # fmt: skip
        return output

    def _schema(self, name: str) -> tuple[SkillSchema, Type] | None:
        if name not in self._schemas:
            found = self.skills.get(name)
            self._schemas[name] = (found, from_schema(found.output)) if found else None
        return self._schemas[name]

    def _arguments(
        self, arguments: dict[str, Any], schema: dict[str, Any], who: str, path: str, seen: Seen
    ) -> None:
        """Check a `with` against a JSON Schema, its expressions by their types."""
        place = (*self.loaded.places[path], "with")
        view = seen.view(self.where, path)
        types: dict[Place, Type | None] = {}
        self._types(arguments, place, view, path, "with", types)
        for wrong in misfits(
            arguments, schema, place=place, type_of=lambda at, _: types.get(at), known=self._known
        ):
            inside = wrong.place[len(place) :]
            key = ".".join(("with", *map(str, inside)))
            argument = f"{_dotted(inside)!r} of {who}" if inside else who
            subject = who if wrong.at_key and len(inside) == 1 else argument
            self.notes.blame(wrong.place, f"{subject} {wrong.message}", wrong.hint, step=path, key=key,
                             at_key=wrong.at_key or not inside)  # fmt: skip

    def _types(
        self,
        value: Any,
        place: Place,
        view: Any,
        path: str,
        key: str,
        into: dict[Place, Type | None],
    ) -> None:
        """The type of each text with expressions, by its place; each is inferred once."""
        if isinstance(value, str):
            if OPEN in value:
                into[place] = self.expressions.text(value, place, view, path, key)
            return
        pairs = (
            value.items()
            if isinstance(value, dict)
            else enumerate(value)
            if isinstance(value, list)
            else ()
        )
        for part, inner in pairs:
            self._types(inner, (*place, part), view, path, f"{key}.{part}", into)

    def _call_job(self, step: CallJobStep, path: str, seen: Seen) -> Type:
        job = self.jobs(step.job) if self.jobs else None
        if job is None:
            if self.jobs and step.job not in ("", self.loaded.job.name):  # that is a circle
                self._blame(
                    path,
                    "call_job",
                    f"there is no job {step.job!r}",
                    "Create it first, or mend the name.",
                    code="job_not_found",
                )
            self._value(step.arguments, path, "with", seen)
            return ANY
        required = [name for name, schema in job.inputs.items() if "default" not in schema]
        schema = {
            "type": "object",
            "properties": job.inputs,
            "required": required,
            "additionalProperties": False,
        }
        self._arguments(step.arguments, schema, f"job {step.job!r}", path, seen)
        return record_of(dict.fromkeys(job.outputs, ANY))

    def _parallel(self, step: ParallelStep, path: str, seen: Seen) -> Type:
        return record_of({
            name: record_of(self.steps(steps, seen.inner(), branch_path(path, name)))
            for name, steps in step.branches.items()
        })  # fmt: skip

    def _for_each(self, step: ForEachStep, path: str, seen: Seen) -> Type:
        items = self._value(step.items, path, "for_each", seen) if step.items is not None else ANY
        if items and not items.may_be("list"):
            self._blame(
                path, "for_each", f"for_each goes over a list, not {items.words}", _list_cure(items)
            )
        elif items and items.absent:
            self._blame(
                path, "for_each", f"there may be no list: {items.absent}", "Write default(…, [])."
            )
        item = (items.item or ANY) if items and items.is_only("list") else ANY
        if step.accumulate and step.max_parallel > 1:
            self._blame(path, "accumulate", "rounds that run side by side cannot pass a value on",
                        "Leave out max_parallel, or use `collect`.", at_key=True)  # fmt: skip
        return self._rounds(step, path, seen, {step.variable: item})

    def _while(self, step: WhileStep, path: str, seen: Seen) -> Type:
        carried = self._start(step.accumulate, path, seen)
        if step.test:
            self._condition(step.test, path, "while", seen.inner({**carried, "index": INTEGER}))
        return self._rounds(step, path, seen, {})

    def _start(self, accumulate: Accumulate | None, path: str, seen: Seen) -> dict[str, Type]:
        """The accumulator's name and what is known of it from its start."""
        if not accumulate:
            return {}
        if isinstance(accumulate.start, str) and OPEN in accumulate.start:
            return {accumulate.name: ANY}
        return {accumulate.name: _growing(of_value(accumulate.start))}

    def _rounds(
        self, step: ForEachStep | WhileStep, path: str, seen: Seen, item: dict[str, Type]
    ) -> Type:
        carried = self._start(step.accumulate, path, seen)
        inner = seen.inner({**carried, **item, "index": INTEGER})
        self.steps(step.steps, inner, path)
        output: dict[str, Type] = {"count": INTEGER}
        if step.collect is not None:
            output["items"] = list_of(self._value(step.collect, path, "collect", inner) or ANY)
        if step.accumulate:
            self._value(step.accumulate.start, path, "accumulate.start", seen)
            value = self._value(step.accumulate.value, path, "accumulate.value", inner) or ANY
            name = step.accumulate.name
            if (before := carried[name]) is not ANY and (why := clash(before, value)):
                self._blame(
                    path,
                    "accumulate.value",
                    f"the value {why}, as its start is",
                    "Let start and value be alike.",
                )
            output[name] = union([carried[name], value])
        return record_of(output)

    def _if(self, step: IfStep, path: str, seen: Seen) -> Type:
        ways: list[tuple[dict[str, Type], Seen]] = []
        for steps, place in ((step.steps, path), (step.otherwise, branch_path(path, "else"))):
            branch = seen.inner()
            ways.append((self.steps(steps, branch, place), branch))
        why = f"it is there only when the branch of {step.id!r} is taken"
        seen.after_branches([branch for _, branch in ways], why)
        fields: dict[str, Type] = {}
        for name in {**ways[0][0], **ways[1][0]}:
            found = [own[name] for own, _ in ways if name in own]
            fields[name] = (
                union(found) if len(found) == 2 else found[0].with_absence(why, missing=True)
            )
        return record_of(fields)

    def _set(self, step: SetStep, path: str, seen: Seen) -> Type:
        found = {n: self._value(v, path, f"set.{n}", seen) or ANY for n, v in step.values.items()}
        if step.condition is not None:
            why = f"step {step.id!r} is skipped when its `if` does not hold"
            fresh = {
                n: k.with_absence(why, missing=True)
                for n, k in found.items()
                if n not in seen.variables
            }
            seen.variables |= {
                n: union([seen.variables[n], k]) for n, k in found.items() if n in seen.variables
            }
            seen.variables |= fresh
        else:
            seen.variables |= found
        return record_of(found)


def _dotted(place: Place) -> str:
    """`to[0]`, `fields.title`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return text.removeprefix(".")


def _growing(start: Type) -> Type:
    """What a start says of the later values: its kind, not its contents."""
    for kind in (LIST, RECORD, TEXT, BOOLEAN):
        if start.kinds == kind.kinds:
            return replace(kind)
    return NUMBER if start.may_be("integer", "number") else ANY


def _list_cure(found: Type) -> str:
    if found.fields is not None:
        lists = [
            name for name, kind in found.fields.items() if kind.may_be("list") and not kind.is_any
        ]
        if lists:
            return f"Did you mean its {lists[0]!r}?"
    return "split(…) makes a list of text." if found.is_only("text") else "Give it a list."
