"""A job in plain words: one readable sentence for each step."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from assistant.pipeline.durations import written
from assistant.pipeline.expression_words import in_words
from assistant.pipeline.expressions import Expression, ExpressionError, read_template
from assistant.pipeline.phrases import fill, is_phrase
from assistant.pipeline.spec import (
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
from assistant.pipeline.walk import with_paths

_LONGEST = 60
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
# In a phrase values stand whole: what a person approves must be readable to its end.
_WHOLE = 2_000


def job_words(job: Job, says: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """Path and sentence of every step, in the order of the file."""
    return [(path, sentence(step, says)) for path, step in with_paths(job.steps)]


def sentence(step: Step, says: Mapping[str, str] | None = None) -> str:
    """One sentence. `says` may give a skill's own words: `{"fetch_feed": "Read {url}"}`."""
    text = _what(step, says or {})
    if step.condition is not None and not isinstance(step, IfStep):
        text = f"If {value_words(step.condition)}: {text[:1].lower()}{text[1:]}"
    if step.needs_approval:
        text += ", after a person has agreed"
    if step.retry and step.retry.attempts > 1:
        text += f"; up to {step.retry.attempts} tries"
    if step.timeout:
        text += f"; at most {written(step.timeout)}"
    if step.on_error.action == "continue":
        text += "; if it fails, go on"
    elif step.on_error.action == "steps":
        text += "; if it fails, take another way"
    return text if text.endswith((".", "?", "!")) else text + "."


def with_defaults(told: str, inputs: Mapping[str, Mapping[str, Any]]) -> str:
    """A sentence whose inputs are shown with what they are when nobody says otherwise:
    `Mail it to [to: jo@example.org].`"""

    def named(found: re.Match[str]) -> str:
        if (schema := inputs.get(found[1])) is None:
            return found[0]
        usual = schema.get("default")
        given = usual not in (None, "", [], {})
        return f"[{found[1]}: {value_words(usual)}]" if given else f"[{found[1]}]"

    # What is worked out stands in brackets already.
    return re.sub(r"\[\[([^\[\]]+)\]", r"[\1", re.sub(r"the input (\w+)", named, told))


def _what(step: Step, says: Mapping[str, str]) -> str:
    match step:
        case SkillStep(skill=skill, arguments=arguments):
            does = says.get(skill) or skill.replace("_", " ").capitalize()
            if is_phrase(does):
                return fill(does, arguments, lambda value: value_words(value, longest=_WHOLE))
            return does.rstrip(".") + _arguments(arguments)
        case CallJobStep(job=job, arguments=arguments):
            return f"Run the job {job}{_arguments(arguments)}"
        case ParallelStep(branches=branches):
            return f"At the same time: {', '.join(branches)}"
        case ForEachStep(items=items, variable=variable, max_parallel=many):
            side = f", {many} at a time" if many > 1 else ""
            return f"For each {variable} of {value_words(items)}{side}"
        case WhileStep(test=test, max_iterations=most):
            return f"While {value_words(test)}, at most {most} times"
        case IfStep(condition=condition):
            return f"If {value_words(condition)}"
        case ApproveStep(question=question):
            return f"Ask a person: {value_words(question, longest=_WHOLE)}"
        case SetStep(values=values):
            return "Set " + ", ".join(f"{name} to {value_words(v)}" for name, v in values.items())
        case StopStep(reason=reason):
            return f"Stop here: {value_words(reason)}"
        case _:
            return step.id


def _arguments(arguments: dict[str, Any]) -> str:
    shown = ", ".join(f"{name}: {value_words(value)}" for name, value in arguments.items())
    return f" ({shown})" if shown else ""


def value_words(value: Any, *, longest: int = _LONGEST) -> str:
    """A value of a job file for people: `${{ steps.read.items }}` as `items of read`."""
    if isinstance(value, dict):
        return _short(
            ", ".join(f"{name}: {value_words(one)}" for name, one in value.items()), longest
        )
    if isinstance(value, list | tuple):
        return _short(", ".join(value_words(one) for one in value), longest)
    if not isinstance(value, str):
        return _short(json.dumps(value, ensure_ascii=False), longest)
    try:
        template = read_template(value)
    except ExpressionError:
        return _short(value, longest)
    if template.lone is not None:
        return _short(in_words(template.lone.tree), longest)
    pieces = [
        _within(piece) if isinstance(piece, Expression) else piece for piece in template.parts
    ]
    if len(pieces) == 2 and pieces[1] in _UNITS:  # `${{ inputs.days }}d`
        return _short(f"{pieces[0]} {_UNITS[pieces[1]]}", longest)
    paragraphs = re.split(r"\n\s*\n", "".join(pieces).strip())
    return _short("; ".join(paragraphs), longest)


def _within(piece: Expression) -> str:
    """An expression inside a text: what is worked out is marked off from the words around it."""
    told = in_words(piece.tree)
    return told if piece.is_path else f"[{told}]"


def _short(text: str, longest: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1] + "…"
