"""The small decisions a model makes while a job is built, rendered the same for every model.

FORMAT = 1. The starter model is trained on exactly these texts: a change here needs a new
training run and a new number.

One request is one dialogue, so that each turn only adds a few tokens to a cached prefix:

    system     prompts/builder_system.md, always the same
    user       the catalogue, the focused job, the last result, the marked request
    assistant  {"kind": "job", "steps": ["fetch_feed", "send_email"], "when": "<when1>"}
    user       1 fetch_feed: urls (links), limit (number), since (period)
    assistant  {"urls": ["<feed1>"], "limit": "<num1>"}
    user       2 send_email: to (addresses), subject (text), body (text)
    assistant  {"to": ["<mail1>"]}

or, for an edit, one turn `Edits` and then one turn for each step that is added. Empty keys are
left out. Everything is rendered from plain data, so a skill nobody has heard of is no exception.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ruamel.yaml import YAML

from assistant.builder.terms import MARKS_OF, Field, Focus, Question
from assistant.builder.wordings import text_schema
from assistant.models.protocol import JsonSchema, Message
from assistant.settings import PROJECT

FORMAT = 1
KINDS = ("answer", "call", "job", "edit", "clarify", "unsupported")
MISSING = (
    "link", "address", "channel", "topic", "time", "job", "file", "database", "text", "number",
    "what",
)  # fmt: skip
MAX_STEPS = 9

_JOB = re.compile(r"\b(?:job|pipeline|auftrag|tâche|trabajo|lavoro|tarefa|taak)s?\b", re.I)
_FEED = re.compile(r"\b(?:feed|rss|flux|fuente|blog|podcast)\w*", re.I)
# What a request must hold, as a mark or a word, before a structure tag is offered.
_TAG_NEEDS = {
    "call_job": (("job",), _JOB),
    "trigger_job_done": (("job",), _JOB),
    "trigger_job_failed": (("job",), _JOB),
    "trigger_feed": (("feed", "page", "api"), _FEED),
    "timeout": (("dur", "since"), re.compile(r"\btime ?out\b", re.I)),
}
# Numbers an edit may name by what they become of the old one.
_RELATIVE = ("double", "half")


@cache
def structures() -> dict[str, tuple[Field, ...]]:
    """The structure tags and what each is asked for, in the order of the file."""
    path = PROJECT / "prompts" / "builder_structure.yaml"
    told = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return {
        tag: tuple(Field(**(f | {"choices": tuple(f.get("choices", ()))})) for f in fields)
        for tag, fields in told.items()
    }


@cache
def system() -> Message:
    path = PROJECT / "prompts" / "builder_system.md"
    return Message("system", path.read_text(encoding="utf-8").strip())


def opening(question: Question) -> list[Message]:
    """The system text and the request."""
    lines = ["Skills"]
    lines += [f"{offer.name}: {offer.description}" for offer in question.offers]
    if question.focus is not None:
        lines += _focus_lines(question.focus)
    if question.last:
        lines += ["Result", question.last]
    lines += ["Request", question.text]
    return [system(), Message("user", "\n".join(lines))]


def _focus_lines(focus: Focus) -> list[str]:
    head = " ".join(["Job", focus.name, focus.when, *focus.structure]).strip()
    lines = [head]
    for number, step in enumerate(focus.steps, 1):
        values = " ".join(f"{key}={value}" for key, value in step.values.items())
        lines.append(f"{number} {step.skill} {values}".strip())
    return lines


def fill_turn(number: int, name: str, fields: Iterable[Field]) -> Message:
    """Asks for the values of step (or structure) `number`."""
    return Message("user", f"{number} {name}: {', '.join(field.shown() for field in fields)}")


def edits_turn() -> Message:
    return Message("user", "Edits")


def reply(record: Any) -> Message:
    """An answer as it stands in the dialogue: the one JSON style of training and decoding."""
    text = json.dumps(record, ensure_ascii=False, separators=(", ", ": "))
    return Message("assistant", text)


# Schemas ----------------------------------------------------------------------------------


def outline_schema(
    question: Question,
    tags: Sequence[str] | None = None,
    *,
    least_steps: int = 1,
    structured: bool = False,
) -> JsonSchema:
    """kind, when, steps, structure, missing; all but kind may be left out. `tags`: the structure
    to choose from, all that is open without it. `least_steps` over 1 and `structured` insist on so
    many steps, or on structure."""
    tags = open_structures(question) if tags is None else list(tags)
    names = [offer.name for offer in question.offers]
    kinds = [kind for kind in KINDS if kind != "edit" or question.focus is not None]
    properties: dict[str, Any] = {"kind": {"enum": kinds}}
    when = marks_of(question.marks, ("when", "time"))
    if when:
        properties["when"] = {"enum": when}
    if names:
        properties["steps"] = {
            "type": "array", "items": {"enum": names}, "minItems": least_steps,
            "maxItems": MAX_STEPS,
        }  # fmt: skip
    if tags:
        properties["structure"] = {
            "type": "array", "items": {"enum": tags}, "minItems": 1, "maxItems": 5,
        }  # fmt: skip
    properties["missing"] = {
        "type": "array", "items": {"enum": list(MISSING)}, "minItems": 1, "maxItems": 3,
    }  # fmt: skip
    insisted = ["steps"] if least_steps > 1 else []
    insisted += ["structure"] if structured and tags else []
    if insisted:
        properties["kind"] = {"enum": ["job"]}
    return _record(properties, ["kind", *insisted])


def open_structures(question: Question) -> list[str]:
    """The structure tags that the request can mean: no job, no link, no length of time in it,
    no structure that is about one."""
    lacking = {
        tag for tag, (kinds, words) in _TAG_NEEDS.items()
        if not marks_of(question.marks, kinds) and not words.search(question.text)
    }  # fmt: skip
    return [tag for tag in structures() if tag not in lacking]


def open_fields(question: Question, fields: Sequence[Field], steps: int) -> list[Field]:
    """The fields for which the request holds any value that fits; nothing open: no turn."""
    # Who is not to be seen is only ever read from the words, never asked of a model.
    return [
        field for field in fields
        if field.name != "bcc" and _value_schema(question, field, steps) is not None
    ]  # fmt: skip


@dataclass(frozen=True)
class Demand:
    """What a step cannot be without and nothing but the request can give: all of `every`, and
    one of `either`."""

    every: tuple[str, ...] = ()
    either: tuple[str, ...] = ()


def fill_schema(
    question: Question, fields: Sequence[Field], steps: int, demand: Demand | None = None
) -> JsonSchema:
    """One key for each open field, in the order given; those that are not demanded may be left
    out. `steps`: how many there are."""
    properties = {
        field.name: schema
        for field in fields
        if (schema := _value_schema(question, field, steps)) is not None
    }
    demand = demand or Demand()
    every = [name for name in demand.every if name in properties]
    either = [name for name in demand.either if name in properties]
    if not either:
        return _record(properties, every)
    return {"anyOf": [_record(properties, [*every, name]) for name in either]}


def edits_schema(question: Question, using: Sequence[str] = ()) -> JsonSchema:
    """`{"edits": [...]}`: each one thing done to the focused job. `using`: marks of which each
    edit must take one, or add something that can."""
    if using:
        return _edits_record(_edits_using(question, using))
    focus = question.focus
    steps = focus.steps if focus else ()
    kinds: list[dict[str, Any]] = []
    for number, step in enumerate(steps, 1):
        kinds += _edits_of_step(question, number, step.fields)
    numbers = {"enum": list(range(1, len(steps) + 1))}
    if steps:
        kinds.append(_edit("remove_step", step=numbers))
    names = [offer.name for offer in question.offers]
    if names:
        kinds.append(_edit("add_step", skill={"enum": names}))
        if steps:
            before = _edit("add_step", skill={"enum": names}, before=numbers)
            kinds.append(before)
    when = marks_of(question.marks, ("when", "time", "shift"))
    if when:
        kinds.append(_edit("schedule", when={"enum": when}))
    kinds.append(_edit("rename", name=_text(question)))
    kinds += [_edit(do) for do in ("unschedule", "pause", "resume", "run_now", "delete")]
    tags = open_structures(question)
    kinds.append(_edit("add_structure", tag={"enum": tags}))
    if focus and focus.structure:
        kinds.append(_edit("remove_structure", tag={"enum": list(focus.structure)}))
    return _edits_record(kinds)


def _edits_record(kinds: list[dict[str, Any]]) -> JsonSchema:
    edits = {"type": "array", "items": {"anyOf": kinds}, "minItems": 1, "maxItems": 6}
    return _record({"edits": edits}, ["edits"])


def _edits_using(question: Question, using: Sequence[str]) -> list[dict[str, Any]]:
    """The edits that can take one of these marks."""
    steps = question.focus.steps if question.focus else ()
    kinds: list[dict[str, Any]] = []
    for number, step in enumerate(steps, 1):
        for field in step.fields:
            marks = marks_of(using, MARKS_OF.get(field.kind, ()))
            if marks:
                where = {"step": {"const": number}, "key": {"const": field.name}}
                dos = ("set", "add", "remove") if field.many else ("set",)
                kinds += [_edit(do, **where, value={"enum": marks}) for do in dos]
    when = marks_of(using, ("when", "time", "shift"))
    if when:
        kinds.append(_edit("schedule", when={"enum": when}))
    takers = [o.name for o in question.offers if any(_takes(f, using) for f in o.fields)]
    if takers:
        kinds.append(_edit("add_step", skill={"enum": takers}))
    tags = [tag for tag, fields in structures().items() if any(_takes(f, using) for f in fields)]
    if tags:
        kinds.append(_edit("add_structure", tag={"enum": tags}))
    return kinds


def _takes(field: Field, marks: Sequence[str]) -> bool:
    return bool(marks_of(marks, MARKS_OF.get(field.kind, ())))


def _edits_of_step(
    question: Question, number: int, fields: Sequence[Field]
) -> list[dict[str, Any]]:
    """set, add, remove and clear; fields that hold the same kind of value share one form."""
    kinds: list[dict[str, Any]] = []
    alike: dict[tuple[str, tuple[str, ...], bool], list[str]] = {}
    for field in fields:
        alike.setdefault((field.kind, field.choices, field.many), []).append(field.name)
    for (kind, choices, many), names in alike.items():
        where = {"step": {"const": number}, "key": {"enum": names}}
        value = _value_schema(question, Field("", kind, choices=choices), 0)
        if kind == "number":
            value = {"enum": [*(value or {"enum": []})["enum"], *_RELATIVE]}
        if value is not None:
            kinds.append(_edit("set", **where, value=value))
            if many:
                kinds.append(_edit("add", **where, value=value))
                kinds.append(_edit("remove", **where, value=value))
    if fields:
        keys = {"enum": [field.name for field in fields]}
        kinds.append(_edit("clear", step={"const": number}, key=keys))
    return kinds


def _edit(do: str, **keys: Any) -> dict[str, Any]:
    return dict(_record({"do": {"const": do}} | keys, ["do", *keys]))


def _value_schema(question: Question, field: Field, steps: int) -> dict[str, Any] | None:
    """What one field may hold; None when nothing in the request fits it."""
    one: dict[str, Any]
    if field.kind == "text":
        if not question.text:
            return None
        one = text_schema(field.name, question.text)
    elif field.kind == "flag":
        one = {"type": "boolean"}
    elif field.kind == "choice":
        one = {"enum": list(field.choices)}
    elif field.kind == "step":
        if steps < 1:
            return None
        one = {"enum": list(range(1, steps + 1))}
    else:
        marks = marks_of(question.marks, MARKS_OF[field.kind])
        if not marks:
            return None
        one = {"enum": marks}
    if field.many:
        return {"type": "array", "items": one, "minItems": 1, "maxItems": 9}
    return one


def _text(question: Question) -> dict[str, Any]:
    return {"type": "string", "x-spans": question.text}


def marks_of(marks: Iterable[str], kinds: Sequence[str]) -> list[str]:
    """The marks of some kinds, in the order they stand: `marks_of(all, ("feed", "page"))`."""
    return [mark for mark in marks if mark.strip("<>0123456789") in kinds]


def _record(properties: dict[str, Any], required: list[str]) -> JsonSchema:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


# A whole dialogue, for training and for tests --------------------------------------------


@dataclass(frozen=True)
class Decisions:
    """The right answers to one request. `fills` has one record for each step, then one for each
    structure tag, in order; for an edit, one for each `add_step` and `add_structure`."""

    outline: dict[str, Any]
    fills: tuple[dict[str, Any], ...] = ()
    edits: tuple[dict[str, Any], ...] = ()


def fill_turns(question: Question, outline: Mapping[str, Any]) -> list[tuple[str, list[Field]]]:
    """(name, open fields) for each step and structure tag of an outline; [] fields: no turn."""
    by_name = {offer.name: offer.fields for offer in question.offers}
    steps = list(outline.get("steps", ()))
    named = [(name, by_name[name]) for name in steps]
    named += [(tag, structures()[tag]) for tag in outline.get("structure", ())]
    return [(name, open_fields(question, fields, len(steps))) for name, fields in named]


def edit_turns(
    question: Question, edits: Sequence[Mapping[str, Any]]
) -> list[tuple[str, list[Field]]]:
    """(name, open fields) for what the edits add."""
    by_name = {offer.name: offer.fields for offer in question.offers}
    count = len(question.focus.steps) if question.focus else 0
    named = [
        (e["skill"], by_name[e["skill"]]) if e["do"] == "add_step" else (e["tag"], structures()[e["tag"]])
        for e in edits
        if e["do"] in ("add_step", "add_structure")
    ]  # fmt: skip
    return [(name, open_fields(question, fields, count)) for name, fields in named]


def dialogue(question: Question, right: Decisions) -> list[Message]:
    """Every message of a request answered rightly; the assistant's are what is to be learned."""
    messages = [*opening(question), reply(right.outline)]
    turns = fill_turns(question, right.outline)
    if right.outline["kind"] == "edit":
        messages += [edits_turn(), reply({"edits": list(right.edits)})]
        turns = edit_turns(question, right.edits)
    for number, ((name, fields), values) in enumerate(zip(turns, right.fills, strict=True), 1):
        if fields:
            messages += [fill_turn(number, name, fields), reply(values)]
    return messages
