"""What the model is told of, as plain data: skills, their fields, the focused job, the question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Which marks fit a kind of field. `text` is absent: it is a run of words of the request.
MARKS_OF = {
    "number": ("num",),
    "url": ("feed", "page", "api"),
    "mail": ("mail",),
    "channel": ("chan",),
    "contact": ("mail", "chan"),
    "period": ("since", "dur"),
    "duration": ("dur", "since"),
    "selector": ("sel",),
    "file": ("file",),
    "model": ("model",),
    "job": ("job",),
}

# What the prompt calls a kind of field.
_SHOWN = {
    "number": "number", "url": "link", "mail": "address", "channel": "channel",
    "contact": "address or channel", "period": "period", "duration": "duration",
    "selector": "selector", "file": "file", "model": "model", "job": "job", "text": "text",
    "flag": "true or false", "step": "step",
}  # fmt: skip

_PLURAL = {"link": "links", "address": "addresses", "address or channel": "addresses or channels"}


@dataclass(frozen=True)
class Field:
    """One value a step may be given. `kind`: a key of MARKS_OF, or text, choice, flag, step."""

    name: str
    kind: str
    many: bool = False
    required: bool = False
    choices: tuple[str, ...] = ()

    def shown(self) -> str:
        """`limit (number)`, `method (GET|POST)`"""
        word = "|".join(self.choices) if self.kind == "choice" else _SHOWN[self.kind]
        return f"{self.name} ({_PLURAL.get(word, word) if self.many else word})"


@dataclass(frozen=True)
class Offer:
    """A skill as the model sees it."""

    name: str
    description: str
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class FocusStep:
    """A step of the focused job: its values already marked or shortened, as they are shown."""

    skill: str
    values: Mapping[str, str]
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Focus:
    """The focused job as the model sees it."""

    name: str
    steps: tuple[FocusStep, ...]
    when: str = ""
    structure: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """What the model reads first. `text` is the marked request; `marks` every mark in it
    and in the focused job, such as `<num1>`."""

    text: str
    marks: tuple[str, ...]
    offers: tuple[Offer, ...]
    focus: Focus | None = None
    last: str = ""
    """What the result just shown is: `12 items by web_search`."""
    documents: tuple[str, ...] = ()
    """Marks of files that no step can write."""
