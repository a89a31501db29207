"""Changes a job file in place: what is not touched keeps every byte, comments and order.

    job = EditableJob(text)
    job.set(("steps", 0, "with", "limit"), 20)
    job.text

Each edit is proven by reading the new text back: it says exactly what was meant, or the edit is
made by a library that keeps comments but tidies spacing.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Callable
from typing import Any

from ruamel.yaml import YAML

from assistant.errors import JobInvalid, TargetUnresolved
from assistant.pipeline.document import Document, Place, Span, read_document
from assistant.pipeline.loader import Loaded, load, read_loosely
from assistant.pipeline.writer import as_flow, as_yaml

_ONE_LINE = 88


class EditableJob:
    """The text of a job file, and edits by place. Raises JobInvalid for a text that is no YAML."""

    def __init__(self, text: str, *, path: str = "job.yaml") -> None:
        self.path = path
        self._read(text.removeprefix("\ufeff"))

    def _read(self, text: str) -> None:
        self._hold(text, read_document(text))

    def _hold(self, text: str, document: Document) -> None:
        if document.problems or not isinstance(document.data, dict):
            raise JobInvalid(self.path, tuple(document.problems))
        self.text = text
        self.document = document

    @property
    def data(self) -> dict[str, Any]:
        """What the file says now."""
        return self.document.data

    def loaded(self) -> Loaded:
        """The job as it is now. Raises JobInvalid."""
        return load(self.text, path=self.path)

    def place_of(self, step: str) -> Place:
        """The place of a step by its static path. Raises TargetUnresolved."""
        places = read_loosely(self.text, path=self.path).places
        if step not in places:
            raise TargetUnresolved(
                f"there is no step {step!r}", hint=f"There is: {', '.join(places)}."
            )
        return places[step]

    def get(self, place: Place) -> Any:
        """The value at a place. Raises TargetUnresolved."""
        return _at(self.data, place)

    def set(self, place: Place, value: Any) -> None:
        """Give the value at `place`, an existing one or a new key of a mapping."""
        wanted = copy.deepcopy(self.data)
        owner: Any = _at(wanted, place[:-1])
        if not isinstance(owner, dict) and not (
            isinstance(owner, list) and _index(owner, place[-1])
        ):
            raise TargetUnresolved(f"there is no place {_shown(place)} to set")
        _assign(wanted, place, value)
        known = place in self.document.spans
        edit = (
            _replaced(self.text, self.document, place, value)
            if known
            else _added(self.text, self.document, place, value)
        )
        self._take(edit, wanted, lambda data: _assign(data, place, value))

    def insert(self, place: Place, index: int, value: Any) -> None:
        """Put an element into the list at `place`, before the one that is there now."""
        wanted = copy.deepcopy(self.data)
        items = _at(wanted, place)
        if not isinstance(items, list) or not 0 <= index <= len(items):
            raise TargetUnresolved(f"there is no place {index} in {_shown(place)}")
        items.insert(index, value)
        edit = _inserted(self.text, self.document, place, index, value)
        self._take(edit, wanted, lambda data: _at(data, place).insert(index, value))

    def remove(self, place: Place) -> None:
        """Take a key or an element out, with the comment lines right above it."""
        wanted = copy.deepcopy(self.data)
        _delete(wanted, place)
        edit = _removed(self.text, self.document, place)
        self._take(edit, wanted, lambda data: _delete(data, place))

    def _take(self, edited: str, wanted: Any, again: Callable[[Any], None]) -> None:
        document = read_document(edited)
        if document.problems or not _same(document.data, wanted):
            self._read(_rewritten(self.text, again))
        else:
            self._hold(edited, document)


def _same(left: Any, right: Any) -> bool:
    """Equal with the order of keys, and true is not 1."""
    if isinstance(left, dict) and isinstance(right, dict):
        return list(left) == list(right) and all(_same(left[k], right[k]) for k in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return type(left) is type(right) and left == right


def _rewritten(text: str, change: Callable[[Any], None]) -> str:
    """The change made by ruamel's round trip: comments stay, spacing becomes regular."""
    yaml = YAML(pure=True)
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    data = yaml.load(text)
    change(data)
    out = io.StringIO()
    yaml.dump(data, out)
    return out.getvalue()


# -- plain data by place


def _at(data: Any, place: Place) -> Any:
    for number, part in enumerate(place):
        if isinstance(data, dict) and part in data:
            data = data[part]
        elif isinstance(data, list) and _index(data, part):
            data = data[int(part)]
        else:
            raise TargetUnresolved(f"there is no {_shown(place[: number + 1])}")
    return data


def _index(items: list[Any], part: str | int) -> bool:
    return type(part) is int and 0 <= part < len(items)


def _assign(data: Any, place: Place, value: Any) -> None:
    _at(data, place[:-1])[place[-1]] = value


def _delete(data: Any, place: Place) -> None:
    _at(data, place)
    del _at(data, place[:-1])[place[-1]]


def _shown(place: Place) -> str:
    return (
        "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in place).lstrip(".")
        or "the file"
    )


# -- text


def _inline(value: Any) -> str | None:
    """The value on one line, or None when it wants lines of its own."""
    if isinstance(value, str) and "\n" in value:
        return None
    text = as_flow(value)
    nested = isinstance(value, list) and any(isinstance(v, dict | list) for v in value)
    if isinstance(value, dict | list) and value and (len(text) > _ONE_LINE or nested):
        return None
    return text


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    """Where the line that `at` is in ends, after its newline."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _content_end(text: str, span: Span) -> int:
    """The end without the line breaks that a block scalar takes with it."""
    return max(span.start, len(text[: span.end].rstrip("\n \t")) if span.block else span.end)


def _in_flow(document: Document, place: Place) -> bool:
    """Whether the place is inside `{…}` or `[…]`."""
    outer = (document.spans.get(place[:n]) for n in range(len(place)))
    return any(span is not None and not span.block for span in outer)


def _opening(text: str, document: Document, place: Place) -> int:
    """Where the value's room begins: right after `key:` or `-`."""
    if isinstance(place[-1], str):
        return text.index(":", document.key_spans[place].end) + 1
    return text.rindex("-", 0, document.spans[place].start) + 1


def _column(text: str, at: int) -> int:
    return at - _line_start(text, at)


def _block(value: Any, indent: int) -> str:
    """The value on lines of its own, without the last newline."""
    return as_yaml(value, indent=indent).rstrip("\n")


def _body(value: Any, indent: int, *, flow: bool) -> str:
    """What stands after `key:`, its first space or newline included. `indent` is the key's."""
    inline = as_flow(value) if flow else _inline(value)
    if inline is not None:
        return f" {inline}"
    if isinstance(value, str):
        lines = as_yaml({"x": value}).removeprefix("x: ").rstrip("\n").split("\n")
        pad = " " * indent
        return " " + "\n".join(
            [lines[0], *(pad + line if line.strip() else line for line in lines[1:])]
        )
    return "\n" + _block(value, indent + (0 if isinstance(value, list) else 2))


def _replaced(text: str, document: Document, place: Place, value: Any) -> str:
    span, flow = document.spans[place], _in_flow(document, place)
    inline = as_flow(value) if flow else _inline(value)
    if inline is not None and not span.block and span.end > span.start:
        return text[: span.start] + inline + text[span.end :]
    opening = _opening(text, document, place)
    key = document.key_spans.get(place)
    indent = _column(text, key.start) if key else _column(text, opening - 1)
    end = max(_content_end(text, span), opening)
    if key is None and inline is None:
        return text[:opening] + " " + _block(value, indent + 2).lstrip(" ") + text[end:]
    return text[:opening] + _body(value, indent, flow=flow) + text[end:]


def _added(text: str, document: Document, place: Place, value: Any) -> str:
    owner, key = place[:-1], as_flow(str(place[-1]))
    span = document.spans[owner]
    if not span.block:
        comma = ", " if _at(document.data, owner) else ""
        return (
            f"{text[: span.end - 1].rstrip()}{comma}{key}: {as_flow(value)}" + text[span.end - 1 :]
        )
    first = next(iter(_at(document.data, owner)))
    indent = _column(text, document.key_spans[(*owner, first)].start)
    at = _line_end(text, _content_end(text, span))
    before = text[:at] if text[:at].endswith("\n") else text[:at] + "\n"
    return f"{before}{' ' * indent}{key}:{_body(value, indent, flow=False)}\n{text[at:]}"


def _inserted(text: str, document: Document, place: Place, index: int, value: Any) -> str:
    span, items = document.spans[place], _at(document.data, place)
    if not items:
        return _replaced(text, document, place, [value])
    if not span.block:
        return _inserted_in_flow(text, document, place, index, value)
    dash = text.rindex("-", 0, document.spans[(*place, 0)].start)
    indent = _column(text, dash)
    inline = None if isinstance(value, dict) and len(value) > 1 else _inline(value)
    item = inline if inline is not None else _block(value, indent + 2).lstrip(" ")
    line = f"{' ' * indent}- {item}\n"
    if index == len(items):
        at = _line_end(text, _content_end(text, span))
        before = text[:at] if text[:at].endswith("\n") else text[:at] + "\n"
        return before + line + text[at:]
    at = _above(text, _line_start(text, document.spans[(*place, index)].start))
    return text[:at] + line + text[at:]


def _inserted_in_flow(text: str, document: Document, place: Place, index: int, value: Any) -> str:
    items = _at(document.data, place)
    if index == len(items):
        at = document.spans[(*place, index - 1)].end
        return f"{text[:at]}, {as_flow(value)}{text[at:]}"
    at = document.spans[(*place, index)].start
    return f"{text[:at]}{as_flow(value)}, {text[at:]}"


def _above(text: str, line: int) -> int:
    """The start of the comment lines right above a line, at its indentation."""
    indent = len(text[line:]) - len(text[line:].lstrip(" "))
    while line:
        before = _line_start(text, line - 1)
        bare = text[before : line - 1]
        if not bare.lstrip().startswith("#") or len(bare) - len(bare.lstrip()) != indent:
            break
        line = before
    return line


def _removed(text: str, document: Document, place: Place) -> str:
    owner = place[:-1]
    names: list[str | int] = (
        list(_at(document.data, owner))
        if isinstance(place[-1], str)
        else list(range(len(_at(document.data, owner))))
    )
    starts = [_entry_start(document, (*owner, name)) for name in names]
    number = names.index(place[-1])
    span = document.spans[place]
    if len(names) == 1:
        return _replaced(text, document, owner, {} if isinstance(place[-1], str) else [])
    if not document.spans[owner].block:
        if number + 1 < len(names):
            return text[: starts[number]] + text[starts[number + 1] :]
        return text[: document.spans[(*owner, names[number - 1])].end] + text[span.end :]
    start = starts[number]
    if isinstance(place[-1], str) and text[_line_start(text, start) : start].strip():
        return text[:start] + text[starts[number + 1] :]  # the first key, right after a dash
    begin = _above(text, _line_start(text, start))
    end = _line_end(text, max(_content_end(text, span), start))
    if text[:begin].endswith("\n\n") and text[end : end + 1] in ("\n", ""):
        end += 1  # leave one empty line where there were two
    return text[:begin] + text[end:]


def _entry_start(document: Document, place: Place) -> int:
    key = document.key_spans.get(place)
    return key.start if key else document.spans[place].start
