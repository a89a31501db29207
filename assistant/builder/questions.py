"""What a model is asked about a request: its words with marks, the skills that may fit, the
focused job and the last result, as one `Question`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.builder.documents import documents
from assistant.builder.terms import Field, Focus, FocusStep, Offer, Question
from assistant.grounding.marks import KINDS, Marked, extended, mark, url_kind

LONGEST = 260
"""Words of a request that a model reads; of a longer one its beginning and its end."""
_SHOWN_WORDS = 4
_MARKED_KINDS = {"mail": "mail", "channel": "chan", "file": "file", "model": "model",
                 "selector": "sel", "job": "job"}  # fmt: skip


@dataclass(frozen=True)
class FocusedStep:
    """A step of the focused job: its skill and the values its file gives it."""

    skill: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class FocusedJob:
    """What the builder needs to know of the focused job; `focusing.focused_job` reads it from a
    file. `structure` holds structure tags; an edit changes `yaml`."""

    name: str
    steps: tuple[FocusedStep, ...] = ()
    scheduled: bool = False
    structure: tuple[str, ...] = ()
    yaml: str = ""


@dataclass(frozen=True)
class LastResult:
    """The result just shown in the chat: `kind` is items, newsletter, rows, text or response."""

    kind: str
    by: str = ""
    count: int | None = None

    def shown(self) -> str:
        """`12 items by web_search`"""
        amount = f"{self.count} " if self.count is not None else ""
        return f"{amount}{self.kind}" + (f" by {self.by}" if self.by else "")


@dataclass(frozen=True)
class Surroundings:
    """What the chat already knows when a request comes."""

    jobs: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    focus: FocusedJob | None = None
    last: LastResult | None = None


def question_of(
    text: str, offers: Sequence[Offer], around: Surroundings, *, all_offers: Sequence[Offer] = ()
) -> tuple[Question, Marked]:
    """The question about a request. `offers` are the candidates; `all_offers` name the fields
    of the focused job's skills, which need not be among them."""
    known = [job for job in around.jobs if not around.focus or job != around.focus.name]
    marked = shortened(mark(text, jobs=known, models=around.models))
    focus = None
    if around.focus is not None:
        fields = {offer.name: offer.fields for offer in (*offers, *all_offers)}
        focus, marked = _focus(around.focus, fields, marked)
    last = around.last.shown() if around.last else ""
    marks = in_order(marked.values)
    question = Question(marked.text, marks, tuple(offers), focus, last, documents(marked))
    return question, marked


def in_order(marks: Iterable[str]) -> tuple[str, ...]:
    """Marks by kind and number, whatever order they were found in."""
    return tuple(sorted(marks, key=lambda m: (KINDS.index(m[1:-2]), m)))


def shortened(marked: Marked) -> Marked:
    """A rambling request cut in its middle. Its values keep their marks."""
    words = marked.text.split()
    if len(words) <= LONGEST:
        return marked
    head, tail = words[: LONGEST * 2 // 3], words[-LONGEST // 3 :]
    text = " ".join([*head, "…", *tail])
    kept = {name: value for name, value in marked.values.items() if name in text}
    return replace(marked, text=text, values=kept)


def _focus(
    job: FocusedJob, fields: Mapping[str, tuple[Field, ...]], marked: Marked
) -> tuple[Focus, Marked]:
    steps: list[FocusStep] = []
    for step in job.steps:
        known = fields.get(step.skill, ())
        shown: dict[str, str] = {}
        for field in known:
            names = [field.name, field.name.removesuffix("s")] if field.many else [field.name]
            value = next((step.arguments[n] for n in names if n in step.arguments), None)
            if value is None or "${{" in str(value):
                continue
            text, marked = _shown(field, value, marked)
            shown[field.name] = text
        steps.append(FocusStep(step.skill, shown, known))
    when = "scheduled" if job.scheduled else ""
    return Focus(job.name, tuple(steps), when, job.structure), marked


def _shown(field: Field, value: Any, marked: Marked) -> tuple[str, Marked]:
    values: list[Any] = list(value) if isinstance(value, list | tuple) else [value]
    parts: list[str] = []
    for one in values:
        kind = url_kind(str(one)) if field.kind == "url" else _MARKED_KINDS.get(field.kind)
        if field.kind == "contact":
            kind = "mail" if "@" in str(one) else "chan"
        name = None
        if kind:
            marked, names = extended(marked, [(kind, str(one))])
            name = names.get(str(one))
        words = str(one).split()
        short = " ".join(words[:_SHOWN_WORDS]) + (" …" if len(words) > _SHOWN_WORDS else "")
        parts.append(name or short)
    return ",".join(parts), marked
