"""A drafted job begun from a template: when both take the same steps in the same order, the
template's file is taken, with all that the draft states put into it.

The draft's time, name, title, arguments and conditions stand; what the template has besides is
shown as assumed. What has no place in the template leaves the draft as it is. No model is asked.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

from assistant.builder.drafts import Assumption, Draft
from assistant.errors import AssistantError, Problem
from assistant.job.templates import Template
from assistant.pipeline.expressions import (
    ESCAPED,
    OPEN,
    Expression,
    ExpressionError,
    has_expression,
    read_template,
)
from assistant.pipeline.loader import load, read_loosely
from assistant.pipeline.words import value_words
from assistant.pipeline.writer import dump
from assistant.schedule.cron import fires

Data = dict[str, Any]
_KINDS = ("skill", "for_each", "while", "parallel", "approve", "call_job", "steps")
_ORDER = (
    "job", "title", "inputs", "schedule", "triggers", "steps", "outputs", "expect", "alerts", "budget",
    "retention",
)  # fmt: skip
_OWN = frozenset({"id", "skill", "with", "as", "steps", "else", "parallel", "approve", "call_job"})
"""Keys of a step that are its kind, or are put into the template one by one."""
_BLANK = re.compile(r"\$\{\{\s*inputs\.(\w+)\s*\}\}")
_BRACES = re.compile(r"\$\{\{.*?\}\}", re.S)
_MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
_FIRES = 20


class _Unplaced(Exception):
    """Something that the draft states, or that the template needs, has no place or no value."""


def started(
    draft: Draft, templates: Sequence[Template], check: Callable[[str], Sequence[Problem]]
) -> Draft:
    """The draft, begun from the first template that fits; the same draft when none does."""
    if draft.kind != "job" or draft.asks or draft.problems or not draft.yaml:
        return draft
    chain = [step.skill for step in draft.steps]
    alike = [one for one in templates if _chain(_form(one.text).get("steps", [])) == chain]
    plain: Data = read_loosely(draft.yaml).document.data if alike else {}
    for template in alike:
        form = _form(template.text)
        pairs = _pairs(plain["steps"], form.get("steps", []))
        if pairs is None or not _in_rhythm(form, plain):
            continue
        try:
            made = _Beginning(plain, form, {a.place for a in draft.assumptions})
        except (_Unplaced, ExpressionError):
            continue
        yaml = dump(made.data)
        if check(yaml):
            continue
        return replace(
            draft, yaml=yaml, template=template.name,
            steps=tuple(replace(s, id=made.names.get(s.id, s.id)) for s in draft.steps),
            assumptions=(
                *(replace(a, place=made.moved(a.place)) for a in draft.assumptions), *made.added(),
            ),
        )  # fmt: skip
    return draft


@lru_cache(maxsize=64)
def _form(text: str) -> Data:
    """A template's data, every step with its id; empty for a file that cannot be loaded."""
    try:
        loaded = load(text, path="template")
    except AssistantError:
        return {}
    data: Data = deepcopy(loaded.document.data)
    for path, place in loaded.places.items():
        step: Any = data
        for key in place:
            step = step[key]
        step.setdefault("id", path.rsplit("/", 1)[-1])
    if "expect" in data:
        data["expect"] = list(loaded.job.expect)
    if "alerts" in data:
        data["alerts"] = data["alerts"] | {"on": list(loaded.job.alerts.on)}
    return data


# What fits -------------------------------------------------------------------------------


def _standing(steps: Sequence[Data]) -> list[Data]:
    """Without the steps that only end a run or keep a value: they are no part of a chain."""
    return [step for step in steps if "stop" not in step and "set" not in step]


def _chain(steps: Sequence[Data]) -> list[str]:
    """The skills of some steps, those inside them too, in reading order."""
    found: list[str] = []
    for step in steps:
        found += [step["skill"]] if "skill" in step else []
        for block in _blocks(step):
            found += _chain(block)
    return found


def _kind(step: Data) -> tuple[str, str]:
    kind = next((key for key in _KINDS if key in step), "")
    return kind, str(step[kind]) if kind in ("skill", "call_job") else ""


def _blocks(step: Data) -> list[list[Data]]:
    inner = [step[key] for key in ("steps", "else") if isinstance(step.get(key), list)]
    return [*inner, *dict(step.get("parallel") or {}).values()]


def _pairs(ours: Sequence[Data], theirs: Sequence[Data]) -> list[tuple[Data, Data]] | None:
    """The steps of two jobs that stand at the same place, outer ones first; None where chains or
    structures differ."""
    ours, theirs = _standing(ours), _standing(theirs)
    if [_kind(step) for step in ours] != [_kind(step) for step in theirs]:
        return None
    found: list[tuple[Data, Data]] = []
    for mine, its in zip(ours, theirs, strict=True):
        found.append((mine, its))
        blocks, others = _blocks(mine), _blocks(its)
        if len(blocks) != len(others):
            return None
        for block, other in zip(blocks, others, strict=True):
            inner = _pairs(block, other)
            if inner is None:
                return None
            found += inner
    return found


def _in_rhythm(form: Mapping[str, Any], plain: Mapping[str, Any]) -> bool:
    """Whether a job runs about as often as a template is made for: one that takes a week's stories
    suits no daily letter, and one that takes a day's no weekly one."""
    if "schedule" in form and "schedule" in plain:
        theirs, ours = _gap(form["schedule"]), _gap(plain["schedule"])
        return theirs * 0.5 <= ours <= theirs * 1.1
    if "schedule" in form or ("schedule" in plain and "triggers" in form):
        return False
    return _watched(form) == _watched(plain) if "triggers" in form else True


def _gap(schedule: Mapping[str, Any]) -> timedelta:
    """How long it is from one run to the next, on average."""
    found = list(islice(fires(schedule["cron"], schedule["timezone"], _MONDAY), _FIRES))
    return (found[-1] - found[0]) / max(1, len(found) - 1) if found else timedelta(0)


def _watched(job: Mapping[str, Any]) -> set[str]:
    return {str(trigger.get("on")) for trigger in job.get("triggers") or []}


# What is made ----------------------------------------------------------------------------


class _Beginning:
    """A template's data with a draft's in it. Raises _Unplaced."""

    def __init__(self, plain: Data, form: Data, assumed: Collection[str]) -> None:
        self.data: Data = deepcopy(form)
        self._plain = plain
        self._pairs = _pairs(plain["steps"], self.data["steps"]) or []
        self.names: dict[str, str] = {mine["id"]: its["id"] for mine, its in self._pairs}
        """The draft's ids of steps → the template's."""
        self._variables = {
            mine.get("as", "item"): its.get("as", "item")
            for mine, its in self._pairs
            if "for_each" in mine
        }
        inputs: dict[str, Data] = self.data.pop("inputs", None) or {}
        self._said: Data = {}
        for mine, its in self._pairs:
            self._place(mine, its, assumed)
        defaults = {n: schema["default"] for n, schema in inputs.items() if "default" in schema}
        self._blanks: Data = defaults | self._said
        for name in inputs.keys() & (plain.get("inputs") or {}).keys():
            if _blank(self._blanks.get(name)) != name:
                raise _Unplaced(name)  # two inputs of one name that mean different things
        self._stop(plain["steps"], self.data["steps"])
        for mine, its in self._pairs:
            for block, other in zip(_blocks(mine), _blocks(its), strict=True):
                self._stop(block, other)
        self._head()
        filled = self._filled(self.data)
        if "inputs" in plain:
            filled["inputs"] = deepcopy(plain["inputs"])
        self.data = {key: filled[key] for key in _ORDER if key in filled}

    def moved(self, place: str) -> str:
        """A place of the draft in the template's words: `steps.best.limit`."""
        return re.sub(r"^steps\.(\w+)", lambda m: f"steps.{self.names.get(m[1], m[1])}", place)

    def _translated(self, value: Any) -> Any:
        """A value of the draft with the template's names of steps and of what a loop goes over."""
        if isinstance(value, dict):
            return {key: self._translated(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._translated(inner) for inner in value]
        return _BRACES.sub(self._renamed, value) if isinstance(value, str) else value

    def _renamed(self, braces: re.Match[str]) -> str:
        text = re.sub(r"\bsteps\.(\w+)", lambda m: f"steps.{self.names.get(m[1], m[1])}", braces[0])
        for ours, theirs in self._variables.items():
            text = re.sub(rf"(?<![\w.'\"]){re.escape(ours)}\b(?!\()", theirs, text)
        return text

    def _place(self, mine: Data, its: Data, assumed: Collection[str]) -> None:
        """What one step of the draft states, in the template's step. What was only `assumed` has
        its place, but fills no blank: that would be taken for a word of the request elsewhere."""
        for name, value in (mine.get("with") or {}).items():
            stated = f"steps.{mine['id']}.{name}" not in assumed
            self._argue(its.setdefault("with", {}), name, self._translated(value), stated=stated)
        for key in mine.keys() - _OWN:
            if key == "for_each":
                self._loop(mine, its)
            elif key != "collect" or key not in its:
                its[key] = self._translated(mine[key])

    def _argue(self, given: Data, name: str, value: Any, *, stated: bool) -> None:
        twin = name.removesuffix("s") if name.endswith("s") else f"{name}s"
        other = twin if name not in given and twin in given else name
        theirs = given.get(other)
        if blank := _blank(theirs):
            if stated:
                alone = isinstance(value, list) and len(value) == 1
                self._said.setdefault(blank, value[0] if alone else value)
        elif has_expression(value) and has_expression(theirs) and value != theirs:
            raise _Unplaced(name)  # the template's steps take other things from each other
        if other != name:
            del given[other]
        given[name] = value

    def _loop(self, mine: Data, its: Data) -> None:
        """What is gone through: listed in the draft, or what the same steps give."""
        over = self._translated(mine["for_each"])
        if blank := _blank(its["for_each"]):
            self._said.setdefault(blank, over)
        elif not has_expression(over) or _read(over) != _read(its["for_each"]):
            raise _Unplaced("for_each")
        its["for_each"] = over if blank else its["for_each"]

    def _stop(self, ours: Sequence[Data], theirs: list[Data]) -> None:
        """The draft's own ends of a run, before the steps that they stand before."""
        taken = {step["id"] for step in theirs}
        for number, step in enumerate(ours):
            if "set" in step:
                raise _Unplaced(step["id"])
            if "stop" not in step:
                continue
            condition = self._translated(step.get("if"))
            if any("stop" in other and other.get("if") == condition for other in theirs):
                continue
            after = next((s for s in ours[number + 1 :] if "stop" not in s), None)
            if after is None or step["id"] in taken:
                raise _Unplaced(step["id"])
            names = [other["id"] for other in theirs]
            theirs.insert(names.index(self.names[after["id"]]), self._translated(step))

    def _head(self) -> None:
        """Name, title and times are the draft's; what else it says stands beside the template's."""
        plain = {key: self._translated(value) for key, value in self._plain.items()}
        for key in ("job", "title", "schedule", "triggers"):
            self.data.pop(key, None)
            if key in plain:
                self.data[key] = plain[key]
        if "outputs" in plain:
            self.data["outputs"] = (self.data.get("outputs") or {}) | plain["outputs"]
        if "expect" in plain:
            held = [line for line in self.data.get("expect") or [] if line not in plain["expect"]]
            self.data["expect"] = [*plain["expect"], *held]
        if "alerts" in plain:
            theirs = (self.data.get("alerts") or {}).get("on") or []
            on = [*plain["alerts"].get("on", ()), *theirs]
            self.data["alerts"] = plain["alerts"] | {"on": list(dict.fromkeys(on))}

    def _filled(self, value: Any) -> Any:
        """With the blanks' values in their places; an argument whose blank is empty falls away."""
        if isinstance(value, dict):
            data: Data = value
            return {
                key: self._filled(inner)
                for key, inner in data.items()
                if not (blank := _blank(inner)) or self._blanks.get(blank) != ""
            }
        if isinstance(value, list):
            return [self._filled(inner) for inner in value]
        if not isinstance(value, str) or "inputs." not in value:
            return value
        template = read_template(value)
        if template.lone is not None:
            return self._worked_out(template.lone)
        return "".join(
            piece.replace(OPEN, ESCAPED) if isinstance(piece, str) else str(self._worked_out(piece))
            for piece in template.parts
        )

    def _worked_out(self, expression: Expression) -> Any:
        """An expression over blanks alone as its value; one without blanks as it is."""
        used = {node.id for node in ast.walk(expression.tree) if isinstance(node, ast.Name)}
        if "inputs" not in used:
            return f"{OPEN} {expression.text} }}}}"
        wanted = {
            node.attr
            for node in ast.walk(expression.tree)
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "inputs"
        }
        if used == {"inputs"} and wanted <= self._blanks.keys():
            return expression.evaluate({"inputs": self._blanks})
        asked = {f"inputs.{name}" for name in self._plain.get("inputs") or {}}
        if {f"inputs.{name}" for name in wanted} <= asked:
            return f"{OPEN} {expression.text} }}}}"
        raise _Unplaced(expression.text)

    # What the template adds ----------------------------------------------------------------

    def added(self) -> Iterator[Assumption]:
        """What nobody asked for and the template has, each thing once, in words."""
        for mine, its in _pairs(self._plain["steps"], self.data["steps"]) or []:
            does = str(its.get("skill") or its["id"]).replace("_", " ").capitalize()
            for name, value in (its.get("with") or {}).items():
                if name not in (mine.get("with") or {}):
                    text = f"{does}: {name} {value_words(value)}"
                    yield Assumption(f"steps.{its['id']}.{name}", value, text)
            for key in (k for k in its if k not in mine and k not in _OWN and k != "collect"):
                yield Assumption(
                    f"steps.{its['id']}.{key}", its[key], f"{does}: {_told(key, its[key])}"
                )
        for step in _stops(self.data["steps"]):
            if not any(
                step["if"] == self._translated(s["if"]) for s in _stops(self._plain["steps"])
            ):
                text = f"It ends early if {value_words(step['if'])}: {value_words(step['stop'])}"
                yield Assumption(f"steps.{step['id']}", step["if"], text)
        for line in self.data.get("expect") or []:
            if line not in self._translated(self._plain.get("expect") or []):
                yield Assumption("expect", line, f"It has failed unless {value_words(line)}")
        alerts = (self.data.get("alerts") or {}).get("on") or []
        more = [on for on in alerts if on not in (self._plain.get("alerts") or {}).get("on", ())]
        if more:
            yield Assumption("alerts.on", more, f"You are told when it has {' or '.join(more)}")
        asked = self._plain.get("outputs") or {}
        kept = [name for name in self.data.get("outputs") or {} if name not in asked]
        if kept:
            yield Assumption("outputs", kept, f"Each run keeps: {', '.join(kept)}")
        for key in ("budget", "retention"):
            if key in self.data:
                yield Assumption(
                    key, self.data[key], f"{key.capitalize()} ({value_words(self.data[key])})"
                )


def _blank(value: Any) -> str:
    """The blank that a value is, alone or as the one thing of a list."""
    alone = value[0] if isinstance(value, list) and len(value) == 1 else value
    found = _BLANK.fullmatch(alone.strip()) if isinstance(alone, str) else None
    return found[1] if found else ""


def _read(value: Any) -> set[str]:
    """The steps that an expression reads."""
    return set(re.findall(r"\bsteps\.(\w+)", str(value)))


def _stops(steps: Sequence[Data]) -> Iterator[Data]:
    for step in steps:
        if "stop" in step and "if" in step:
            yield step
        for block in _blocks(step):
            yield from _stops(block)


def _told(key: str, value: Any) -> str:
    if key == "retry":
        return f"up to {value['attempts']} tries"
    if key == "on_error":
        return "if it fails, go on" if value == "continue" else "if it fails, take another way"
    return f"{key.replace('_', ' ')} {value_words(value)}"
