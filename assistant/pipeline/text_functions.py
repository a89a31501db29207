"""Functions of expressions over text."""

from __future__ import annotations

from typing import Any

from assistant.pipeline import patterns
from assistant.pipeline.expression_errors import TypeMismatch
from assistant.pipeline.function_table import function, need_list, need_text
from assistant.pipeline.meter import Meter
from assistant.pipeline.plain import as_text


@function
def lower(meter: Meter, text: Any) -> str:
    """The text in small letters.

    `lower('Jo Bloggs')` → `'jo bloggs'`
    """
    meter.made_text(len(need_text(text, "lower")))
    return text.lower()


@function
def upper(meter: Meter, text: Any) -> str:
    """The text in capitals.

    `upper('news')` → `'NEWS'`
    """
    meter.made_text(len(need_text(text, "upper")))
    return text.upper()


@function
def trim(meter: Meter, text: Any, characters: Any = None) -> str:
    """The text without white space, or without these characters, at both ends.

    `trim('  Jo ')` → `'Jo'`
    `trim('--x--', '-')` → `'x'`
    """
    meter.made_text(len(need_text(text, "trim")))
    return text.strip() if characters is None else text.strip(need_text(characters, "trim"))


@function
def split(meter: Meter, text: Any, separator: Any = None) -> list[str]:
    """The pieces of a text between separators; at white space when none is given.

    `split('a,b', ',')` → `['a', 'b']`
    `split(' two  words ')` → `['two', 'words']`
    """
    meter.read(need_text(text, "split"))
    if separator is None:
        # A word and its gap are two characters at least.
        meter.made_text(len(text))
        meter.made_places(min(len(text) // 2 + 1, text.count(" ") + text.count("\n") + 1))
        return text.split()
    if not need_text(separator, "split"):
        raise TypeMismatch("split needs a separator with at least one character")
    meter.made_text(len(text))
    meter.made_places(text.count(separator) + 1)
    return text.split(separator)


@function
def join(meter: Meter, items: Any, separator: Any = "") -> str:
    """One text from the elements of a list, with a separator between them.

    `join(['a', 'b'], ' and ')` → `'a and b'`
    `join([1, 2], '-')` → `'1-2'`
    """
    between = need_text(separator, "join")
    pieces = [as_text(item, meter) for item in need_list(items, "join")]
    meter.made_text(len(between) * len(pieces))
    return between.join(pieces)


@function
def replace(meter: Meter, text: Any, old: Any, new: Any) -> str:
    """The text with every `old` replaced by `new`.

    `replace('a-b-c', '-', '+')` → `'a+b+c'`
    """
    meter.read(need_text(text, "replace"))
    if not need_text(old, "replace"):
        raise TypeMismatch("replace needs something to replace, not an empty text")
    growth = text.count(old) * max(0, len(need_text(new, "replace")) - len(old))
    meter.made_text(len(text) + growth)
    return text.replace(old, new)


@function
def matches(meter: Meter, text: Any, pattern: Any) -> bool:
    """Whether a regular expression (RE2) is found in the text; `^…$` for the whole text.

    `matches('Release 1.4', '[0-9]+[.][0-9]+')` → `true`
    `matches('draft', '^final$')` → `false`
    """
    subject = need_text(text, "matches")
    meter.work(20 + len(subject) // 4)
    return patterns.found(need_text(pattern, "matches"), subject)
