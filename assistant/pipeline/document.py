"""YAML text as plain data, with the place of every value, within limits.

YAML 1.2: `on`, `yes` and `07:30` are texts. What a job file has no use for is refused by name:
anchors and aliases (the stuff of YAML bombs), tags, several documents, keys that are no texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from assistant.errors import Problem

LARGEST = 1_000_000
"""Bytes of text."""
DEEPEST = 40
MOST_NODES = 20_000
Place = tuple[str | int, ...]
"""Where a value stands: `("steps", 0, "with", "url")`."""

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_BARE_EXPRESSION = re.compile(r"[{\[][^'\"]*[:,\[]\s*\$\{\{")
_UNQUOTED = ("${{ … }} stands in a mapping without quotes", 'Write "${{ … }}", in quotes.')
_WORDS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """A line and column, both from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Span:
    """Where a value or key begins and ends in the text. `block` values stand on lines of their own."""

    start: int
    end: int
    block: bool = False


@dataclass
class Document:
    """The data, where each value and each key stands, and what was wrong on the way."""

    data: Any = None
    marks: dict[Place, Mark] = field(default_factory=dict[Place, Mark])
    keys: dict[Place, Mark] = field(default_factory=dict[Place, Mark])
    spans: dict[Place, Span] = field(default_factory=dict[Place, Span])
    key_spans: dict[Place, Span] = field(default_factory=dict[Place, Span])
    problems: list[Problem] = field(default_factory=list[Problem])

    def mark(self, place: Place, *, key: bool = False) -> Mark:
        """The mark of a value or key; of the nearest thing around it when it is not there."""
        while place:
            found = (key and self.keys.get(place)) or self.marks.get(place)
            if found:
                return found
            place, key = place[:-1], True
        return Mark(1, 1)


def read_document(text: str) -> Document:
    """Everything the text says. Problems are collected; after a syntax error there is no data."""
    document = Document()
    size = len(text.encode("utf-8", "replace"))
    if size > LARGEST:
        _blame(document, Mark(1, 1), f"the file has {size:,} bytes, more than {LARGEST:,}",
               "Keep large texts in files of their own.")  # fmt: skip
        return document
    try:
        _Composer(document).compose(YAML(typ="safe", pure=True).parse(text))
    except _TooMuch:
        document.data = None
    except MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        place = Mark(mark.line + 1, mark.column + 1) if mark else Mark(1, 1)
        _blame(document, place, *_told(wrong, text, place))
        document.data = None
    except (YAMLError, ValueError, RecursionError) as wrong:
        _blame(document, Mark(1, 1), f"this is no YAML text: {str(wrong).splitlines()[0]}", "")
        document.data = None
    return document


class _TooMuch(Exception):
    """A limit was passed; the problem is noted already."""


def _blame(document: Document, mark: Mark, message: str, hint: str) -> None:
    document.problems.append(
        Problem("job_invalid_spec", message, line=mark.line, column=mark.column, hint=hint)
    )


def _told(wrong: MarkedYAMLError, text: str, mark: Mark) -> tuple[str, str]:
    """Message and cure for a syntax error, in our words where we know the mistake."""
    lines = text.splitlines()
    line = lines[mark.line - 1] if 0 < mark.line <= len(lines) else ""
    problem = str(wrong.problem or wrong.context or "this cannot be read")
    if _BARE_EXPRESSION.search(line):
        return _UNQUOTED
    if "\\t" in problem or line[: len(line) - len(line.lstrip())].count("\t"):
        return "a tab stands where YAML wants spaces", "Indent with two spaces."
    if "mapping values are not allowed" in problem:
        return "a colon stands where none can", "Put the text into quotes, or mend the indentation."
    if "could not find expected ':'" in problem:
        return "a key has no colon", "Write `key: value`."
    if "found unexpected end of stream" in problem:
        return "a quotation mark is not closed", "End the text with the mark it began with."
    if "cannot start any token" in problem:
        return (
            f"{problem.split(' that ')[0].removeprefix('found ')} cannot begin a value",
            "Put the text into quotes.",
        )
    if "expected <block end>" in problem or "did not find expected" in problem:
        return "the indentation does not fit what stands before", "Align the keys of one block."
    if "',' or" in problem:
        return "a bracket is not closed, or a comma is missing", "Close it, or add the comma."
    return problem, ""


class _Open:
    """A list or mapping that is being filled."""

    __slots__ = ("block", "end", "is_map", "key", "place", "start", "value")

    def __init__(self, place: Place, value: Any, event: Any) -> None:
        self.place = place
        self.start: int = event.start_mark.index
        self.end = self.start
        self.block = not event.flow_style
        self.value = value
        self.is_map = isinstance(value, dict)
        self.key: str | None = None


class _Composer:
    """Builds data from parser events with a list for a stack: depth costs no recursion."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.open: list[_Open] = []
        self.nodes = 0
        self.documents = 0

    def compose(self, events: Iterable[Any]) -> None:
        for event in events:
            kind = type(event).__name__
            if kind == "ScalarEvent":
                self._scalar(event)
            elif kind == "MappingStartEvent":
                self._start(event, {})
            elif kind == "SequenceStartEvent":
                self._start(event, [])
            elif kind in ("MappingEndEvent", "SequenceEndEvent"):
                self._end(event)
            elif kind == "AliasEvent":
                self._blame(
                    event,
                    f"'*{event.anchor}' is an alias; job files have none",
                    "Write the value out.",
                )
                self._place_value(event, None)
            elif kind == "DocumentStartEvent":
                self._document(event)

    def _end(self, event: Any) -> None:
        """A block's end is that of its last value: the parser's mark stands at what comes next."""
        done = self.open.pop()
        end = done.end if done.block else event.end_mark.index
        self.document.spans[done.place] = Span(done.start, end, done.block)
        if self.open:
            self.open[-1].end = end

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self._blame(event, "a second document begins here", "Keep one job in one file.")
            raise _TooMuch

    def _blame(self, event: Any, message: str, hint: str) -> None:
        _blame(self.document, self._mark(event), message, hint)

    @staticmethod
    def _mark(event: Any) -> Mark:
        return Mark(event.start_mark.line + 1, event.start_mark.column + 1)

    def _count(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self._blame(event, f"the file has more than {MOST_NODES:,} values", "Split the job.")
            raise _TooMuch

    def _extras(self, event: Any) -> None:
        self._count(event)
        if event.anchor:
            self._blame(
                event, f"'&{event.anchor}' is an anchor; job files have none", "Leave it out."
            )
        tag = event.tag
        if tag and str(tag) != "!":
            self._blame(event, f"{str(tag)[:60]!r} is a tag; job files have none", "Leave it out.")

    def _start(self, event: Any, value: Any) -> None:
        self._extras(event)
        if len(self.open) >= DEEPEST:
            self._blame(
                event, f"values are nested more than {DEEPEST} levels deep", "Make it flatter."
            )
            raise _TooMuch
        top = self.open[-1] if self.open else None
        if top and top.is_map and top.key is None:
            self._blame(event, "a key is a text, not a list or mapping", "Put it into quotes.")
            raise _TooMuch
        self.open.append(_Open(self._place_value(event, value), value, event))

    def _scalar(self, event: Any) -> None:
        self._extras(event)
        top = self.open[-1] if self.open else None
        if top and top.is_map and top.key is None:
            top.key = self._key(event, top)
            return
        place = self._place_value(event, self._value(event))
        span = Span(event.start_mark.index, event.end_mark.index, event.style in ("|", ">"))
        self.document.spans[place] = span
        if top:
            top.end = max(top.end, span.end)

    def _key(self, event: Any, top: _Open) -> str:
        key = str(event.value)
        mark = self._mark(event)
        if event.style is None and type(_plain(key)) is not str:
            self._blame(event, f"the key {key!r} is no text", f'Write "{key}".')
        if key in top.value:
            first = self.document.keys[(*top.place, key)].line
            self._blame(event, f"{key!r} stands twice; first in line {first}", "Keep one of them.")
        self.document.keys[(*top.place, key)] = mark
        self.document.key_spans[(*top.place, key)] = Span(
            event.start_mark.index, event.end_mark.index
        )
        top.end = max(top.end, event.end_mark.index)
        return key

    def _value(self, event: Any) -> Any:
        if event.style is not None:
            return event.value
        value = _plain(event.value)
        if isinstance(value, float) and (value != value or abs(value) == float("inf")):
            self._blame(
                event, f"{event.value} is no number that JSON knows", "Write a plain number."
            )
            return None
        if isinstance(value, int) and abs(value) >= 1 << 64:
            self._blame(event, "this number is too large", "Put it into quotes if it is a text.")
            return None
        return value

    def _place_value(self, event: Any, value: Any) -> Place:
        """Put a value where the text has it, and note its mark."""
        top = self.open[-1] if self.open else None
        if top is None:
            self.document.data = value
            self.document.marks[()] = self._mark(event)
            return ()
        if top.is_map:
            if top.key is None:
                raise _TooMuch  # an alias as a key; its problem is noted already
            place = (*top.place, top.key)
            top.value[top.key] = value
            top.key = None
        else:
            place = (*top.place, len(top.value))
            top.value.append(value)
        self.document.marks[place] = self._mark(event)
        return place


def _plain(text: str) -> Any:
    """What an unquoted text is, by YAML 1.2's core schema."""
    if text in _WORDS:
        return _WORDS[text]
    if not (text[0] in "-+." or text[0].isdigit()):
        return text
    if _INTEGER.fullmatch(text):
        digits = text.lstrip("+-")
        if len(text) > 100:
            return float("inf")
        base = {"0o": 8, "0x": 16}.get(digits[:2], 10)
        return int(text, base) if base != 10 else int(text)
    if _NOT_FINITE.fullmatch(text):
        return float("nan")
    return float(text) if _FLOAT.fullmatch(text) else text
