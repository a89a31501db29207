"""A job as tidy YAML text: keys in the order of the guide, short mappings on one line."""

from __future__ import annotations

import io
from dataclasses import asdict, fields
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from assistant.pipeline.durations import written
from assistant.pipeline.spec import (
    ApproveStep,
    CallJobStep,
    ForEachStep,
    IfStep,
    Job,
    OnError,
    ParallelStep,
    Retry,
    SetStep,
    SkillStep,
    Step,
    StopStep,
    WhileStep,
)

_ONE_LINE = 88
_DURATIONS = {"timeout", "delay", "max_delay", "every", "debounce", "cache"}


def dump(job: Job | dict[str, Any]) -> str:
    """The job as the text of a job file; `load(dump(job)).job` is the same job but for lines."""
    return as_yaml(as_data(job) if isinstance(job, Job) else job)


def as_yaml(value: Any, *, indent: int = 0) -> str:
    """Plain data as block YAML. Raises nothing for JSON data; a key's order is kept."""
    yaml = YAML(pure=True)
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.add_representer(type(None), _null)
    out = io.StringIO()
    yaml.dump(_dressed(value, 0, top=True), out)
    text = out.getvalue().removesuffix("...\n")
    if not indent:
        return text
    pad = " " * indent
    return "".join(pad + line if line.strip() else line for line in text.splitlines(True))


def as_flow(value: Any) -> str:
    """Plain data on one line: `{url: "https://…", limit: 5}`."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_flow(k)}: {as_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(as_flow(v) for v in value) + "]"
    return (
        as_yaml(CommentedSeq([_scalar(value)])).strip().removeprefix("- ")
        if _plain_in_flow(value)
        else _quoted(value)
    )


def _plain_in_flow(value: Any) -> bool:
    return not isinstance(value, str) or (
        not (set(value) & set(",[]{}:#&*!|>'\"%@`\n\\$")) and value == value.strip() != ""
    )


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)


def _null(representer: Any, value: Any) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


def _scalar(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if "\n" in value and value.strip() and not _strange(value):
        return LiteralScalarString(value)
    if "${{" in value or "\n" in value or "://" in value or "*" in value:
        return DoubleQuotedScalarString(value)
    return value


def _strange(text: str) -> bool:
    """Whether a text would not come back from a block scalar as it is."""
    return text[:1] in " \n" or any(
        (ord(c) < 32 and c != "\n") or c in "\x7f\x85\u2028\u2029\ufeff" for c in text
    )


def _dressed(value: Any, depth: int, *, top: bool = False) -> Any:
    """Plain data with the look each part shall have."""
    if isinstance(value, dict):
        made = CommentedMap()
        for key, inner in value.items():
            made[key] = _dressed(inner, depth + 1)
        if not top and _is_short(value):
            made.fa.set_flow_style()
        return made
    if isinstance(value, list):
        made = CommentedSeq([_dressed(inner, depth + 1) for inner in value])
        if not top and _is_short(value):
            made.fa.set_flow_style()
        return made
    return _scalar(value)


def _is_short(value: Any) -> bool:
    inner = list(value.values()) if isinstance(value, dict) else list(value)
    if not inner:
        return True
    if isinstance(value, dict) and ("skill" in value or "steps" in value):
        return False
    flat = all(
        not isinstance(v, dict | list) or (_is_short(v) and not isinstance(value, list))
        for v in inner
    )
    if isinstance(value, dict) and any(isinstance(v, dict) and v for v in inner):
        flat = False
    return (
        flat
        and len(str(value)) <= _ONE_LINE
        and not any(isinstance(v, str) and "\n" in v for v in inner)
    )


def as_data(job: Job) -> dict[str, Any]:
    """The job as the data of its file: defaults left out, durations written out."""
    data: dict[str, Any] = {"job": job.name}
    if job.title:
        data["title"] = job.title
    if job.inputs:
        data["inputs"] = job.inputs
    if job.schedule:
        data["schedule"] = asdict(job.schedule)
    if job.triggers:
        data["triggers"] = [{"on": t.on, **_with_lengths(t.options)} for t in job.triggers]
    data["steps"] = [step_data(step) for step in job.steps]
    if job.outputs:
        data["outputs"] = job.outputs
    if job.expect:
        data["expect"] = list(job.expect)
    if job.alerts.on or job.alerts.to:
        data["alerts"] = {"on": list(job.alerts.on), "to": list(job.alerts.to)}
    for name, part in (("budget", job.budget), ("retention", job.retention)):
        given = {key: _tidy(value) for key, value in asdict(part).items() if value is not None}
        if given:
            data[name] = given
    return data


def step_data(step: Step) -> dict[str, Any]:
    """One step as the data of its file."""
    data: dict[str, Any] = {"id": step.id}
    if step.condition is not None:
        data["if"] = step.condition
    data |= _own(step)
    if step.retry:
        data["retry"] = _retry(step.retry)
    if step.timeout is not None:
        data["timeout"] = written(step.timeout)
    if step.on_error != OnError():
        steps = [step_data(inner) for inner in step.on_error.steps]
        data["on_error"] = {"steps": steps} if steps else step.on_error.action
    if step.cache is not False:
        data["cache"] = True if step.cache is True else written(step.cache)
    if step.needs_approval:
        data["needs_approval"] = True
    return data


def _own(step: Step) -> dict[str, Any]:
    """The keys that make a step what it is."""
    match step:
        case SkillStep(skill=skill, arguments=arguments):
            return {"skill": skill} | ({"with": arguments} if arguments else {})
        case CallJobStep(job=job, arguments=arguments):
            return {"call_job": job} | ({"with": arguments} if arguments else {})
        case ParallelStep(branches=branches):
            return {"parallel": {n: [step_data(s) for s in steps] for n, steps in branches.items()}}
        case ForEachStep():
            own: dict[str, Any] = {"for_each": step.items, "as": step.variable}
            own |= {"max_parallel": step.max_parallel} if step.max_parallel != 1 else {}
            return own | _rounds(step)
        case WhileStep():
            return {"while": step.test, "max_iterations": step.max_iterations} | _rounds(step)
        case IfStep(steps=steps, otherwise=otherwise):
            taken = {"steps": [step_data(s) for s in steps]}
            return taken | ({"else": [step_data(s) for s in otherwise]} if otherwise else {})
        case ApproveStep(question=question):
            return {"approve": question}
        case SetStep(values=values):
            return {"set": values}
        case StopStep(reason=reason):
            return {"stop": reason}
        case _:
            return {}


def _rounds(step: ForEachStep | WhileStep) -> dict[str, Any]:
    data: dict[str, Any] = {"steps": [step_data(inner) for inner in step.steps]}
    if step.collect is not None:
        data["collect"] = step.collect
    if step.accumulate:
        data["accumulate"] = asdict(step.accumulate)
    return data


def _retry(retry: Retry) -> dict[str, Any]:
    plain = Retry()
    data: dict[str, Any] = {"attempts": retry.attempts}
    for part in fields(Retry)[1:]:
        value = getattr(retry, part.name)
        if value != getattr(plain, part.name):
            data[part.name] = value
    return _with_lengths(data)


def _tidy(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _with_lengths(options: dict[str, Any]) -> dict[str, Any]:
    return {
        key: written(value) if key in _DURATIONS and isinstance(value, int | float) else value
        for key, value in options.items()
    }
