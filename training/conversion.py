"""From what a request means to what the product asks and what the right answers are.

The product's own code marks the request and renders the questions, so training reads exactly what
the product sends. A value that marking missed is left out, as the product could not give it either.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

from assistant.builder.questions import (
    FocusedJob,
    FocusedStep,
    LastResult,
    Surroundings,
    question_of,
)
from assistant.builder.tasks import (
    Decisions,
    dialogue,
    edit_turns,
    fill_turns,
    open_structures,
    structures,
)
from assistant.builder.terms import MARKS_OF, Field, Offer, Question
from assistant.grounding.marks import MARK, Marked
from training.catalogue import FIELDS, OURS, Catalogue
from training.grammar import Step
from training.samples import Ref, Sample


class Unfit(ValueError):
    """This sample cannot be asked in this catalogue, or not truthfully."""


PLURALS = {"anyurl": "url", "urls": "url", "tos": "to"}


class Places:
    """Where the characters of a request stand in its marked text."""

    def __init__(self, marked: Marked) -> None:
        self.marked = marked
        self.runs: list[tuple[int, int, int, int, str]] = []
        original, text, at, o = marked.original, marked.text, 0, 0
        for match in MARK.finditer(text):
            value = marked.values.get(match.group())
            if value is None:
                continue
            literal = match.start() - at
            if literal:
                self.runs.append((o, o + literal, at, match.start(), ""))
            o += literal
            long = value.end - value.start if o == value.start else len(value.raw)
            self.runs.append((o, o + long, match.start(), match.end(), match.group()))
            o, at = o + long, match.end()
        if len(text) - at:
            self.runs.append((o, o + len(text) - at, at, len(text), ""))
        if o + len(text) - at != len(original):
            raise Unfit("the request was marked in a way that does not add up")

    def text(self, span: tuple[int, int]) -> str:
        """The words of the marked text over a span; a mark that it touches comes whole."""
        starts, ends = [], []
        for o1, o2, t1, t2, mark in self.runs:
            if o1 < span[1] and span[0] < o2:
                starts.append(t1 if mark else t1 + max(0, span[0] - o1))
                ends.append(t2 if mark else t1 + min(o2, span[1]) - o1)
        return self.marked.text[min(starts) : max(ends)].strip() if starts else ""

    def marks(self, span: tuple[int, int], kinds: Iterable[str]) -> list[str]:
        """The marks of some kinds that a span touches."""
        return [
            mark
            for o1, o2, _, _, mark in self.runs
            if mark and o1 < span[1] and span[0] < o2 and mark.strip("<>0123456789") in kinds
        ]


def surroundings(sample: Sample, rng: random.Random, cat: Catalogue) -> Surroundings:
    """The jobs, the focused job and the last result around a request."""
    focus = None
    if sample.focus is not None:
        steps = tuple(FocusedStep(cat.names[s.skill], s.args) for s in sample.focus)
        focus = FocusedJob(
            sample.focus_name,
            steps,
            bool(sample.focus_when),
            tuple(s.skill[1:] for s in sample.structure)
            if sample.kind != "edit"
            else tuple(sample.missing),
        )
    last = None
    if sample.last:
        kind, by, count = sample.last.split("|")
        last = LastResult(kind, cat.names.get(by, ""), int(count) if count else None)
    jobs = tuple(sample.jobs)
    return Surroundings(jobs=jobs, focus=focus, last=last)


def value(field: Field, told: Any, sample: Sample, places: Places) -> Any:
    """What a field gets; None when the marked request does not hold it."""
    if isinstance(told, tuple):  # ("literal", …)
        made = told[1]
        if field.kind == "choice":
            return made if made in field.choices else None
        return int(made) if field.kind == "step" else None
    refs: list[Ref] = told if isinstance(told, list) else [told]
    found: list[str] = []
    for ref in refs:
        span = sample.spans[ref.at]
        if field.kind == "text":
            text = places.text(span)
            found += [text] if text else []
        else:
            here = places.marks(span, MARKS_OF.get(field.kind, ()))[:1]
            if not here and field.kind in ("mail", "url", "contact"):
                raise Unfit("an address was not marked as one")
            found += here
    found = list(dict.fromkeys(found))
    if not found:
        return None
    return found if field.many else found[0]


def record(step: Step, fields: Iterable[Field], sample: Sample, places: Places) -> dict[str, Any]:
    """The right values of a step, in the order in which it is asked."""
    told = {PLURALS.get(key, key): v for key, v in step.args.items()}
    if step.skill == "@trigger_feed":
        told["url"] = told.get("feed")
    made: dict[str, Any] = {}
    for field in fields:
        key = field.name.removesuffix("s") if field.name in ("urls",) else field.name
        if told.get(key) is not None:
            found = value(field, told[key], sample, places)
            if found is not None:
                made[field.name] = found
    return made


def asked(sample: Sample, cat: Catalogue, rng: random.Random) -> tuple[Question, Decisions]:
    """The question that the product would ask, and its right answers. Raises Unfit."""
    kind = sample.kind
    absent = [s.skill for s in sample.steps if s.skill not in cat.names]
    if absent:
        if kind == "call" and rng.random() < 0.3:
            kind = "unsupported"
        else:
            raise Unfit("skills are missing")
    if sample.focus and any(s.skill not in cat.names for s in sample.focus):
        raise Unfit("skills of the focused job are missing")
    extra = tuple(Offer(cat.names.get(s, s), OURS[s].split("|")[0], FIELDS[s]) for s in FIELDS)
    question, marked = question_of(
        sample.text, cat.offers, surroundings(sample, rng, cat), all_offers=extra
    )
    places = Places(marked)
    outline: dict[str, Any] = {"kind": kind}
    if kind == "clarify":
        outline["missing"] = sample.missing
    if kind == "edit":
        return question, _edit(sample, cat, question, places, outline)
    if kind not in ("call", "job"):
        return question, Decisions(outline)
    if sample.when is not None:
        whens = places.marks(sample.spans[sample.when.at], ("when", "time"))
        if whens:
            outline["when"] = whens[0]
    if sample.steps:
        outline["steps"] = [cat.names[s.skill] for s in sample.steps]
    tags = [s.skill.removeprefix("@") for s in sample.structure]
    if not set(tags) <= set(open_structures(question)):
        raise Unfit("a structure cannot be said in these words")
    if tags:
        order = list(structures())
        ranked = sorted(zip(tags, sample.structure, strict=True), key=lambda p: order.index(p[0]))
        outline["structure"] = [p[0] for p in ranked]
        steps = [*sample.steps, *[p[1] for p in ranked]]
    else:
        steps = list(sample.steps)
    turns = fill_turns(question, outline)
    fills = tuple(
        record(s, fields, sample, places) for s, (_, fields) in zip(steps, turns, strict=True)
    )
    return question, Decisions(outline, fills)


def _edit(
    sample: Sample, cat: Catalogue, question: Question, places: Places, outline: dict[str, Any]
) -> Decisions:
    edits: list[dict[str, Any]] = []
    added: list[Step] = []
    for told in sample.edits:
        made = dict(told)
        step: Step | None = made.pop("fill", None)
        if "field" in made:
            field: Field = made.pop("field")
            found = value(Field(field.name, field.kind), made.pop("value"), sample, places)
            if found is None:
                raise Unfit("an edit's value was not marked")
            made["value"] = found
        if made["do"] == "schedule":
            whens = places.marks(sample.spans[made["when"].at], ("when", "time", "shift"))
            if not whens:
                raise Unfit("an edit's time was not marked")
            made["when"] = whens[0]
        if (
            made.get("tag")
            and made["do"] == "add_structure"
            and made["tag"] not in open_structures(question)
        ):
            raise Unfit("a structure cannot be said in these words")
        if made["do"] == "rename":
            made["name"] = places.text(sample.spans[made["name"].at])
        if step is not None:
            if not step.skill.startswith("@"):
                if step.skill not in cat.names:
                    raise Unfit("an added skill is missing")
                made["skill"] = cat.names[step.skill]
            added.append(step)
        edits.append(made)
    turns = edit_turns(question, edits)
    fills = tuple(
        record(s, fields, sample, places) for s, (_, fields) in zip(added, turns, strict=True)
    )
    return Decisions(outline, fills, tuple(edits))


def messages(question: Question, right: Decisions) -> list[tuple[str, str]]:
    """The dialogue as (role, text)."""
    return [(m.role, m.text) for m in dialogue(question, right)]
