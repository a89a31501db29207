"""Functions of expressions over text."""

from __future__ import annotations

from typing import Any

from assistant.pipeline import patterns
from assistant.pipeline.amounts import amounts, said_of
from assistant.pipeline.expression_errors import TypeMismatch
from assistant.pipeline.function_table import function, need_list, need_text
from assistant.pipeline.meter import Meter
from assistant.pipeline.plain import as_text, is_number


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


@function
def number(meter: Meter, value: Any, of: Any = "") -> int | float:
    """The one number in a text, as the text writes it. With `of`, the one that is said of a word: behind it on its line, else on the next line, else before it; the one amount of money when a price is asked for. No number, several, or one that can be read in two ways is an error.

    `number('only £39.50 today')` → `39.5`
    `number('1.299,00 €')` → `1299.0`
    `number('4.6 stars, price: 1 299 kr', of='price')` → `1299`
    """
    if is_number(value):
        return value
    text, word = need_text(value, "number"), need_text(of, "number")
    meter.work(20 + len(text) // 4)
    found = said_of(text, word) if word.strip() else amounts(text)
    where = f" of {word!r}" if word.strip() else ""
    if any(one.value is None for one in found):
        [said, *_] = [one.words(text) for one in found if one.value is None]
        raise TypeMismatch(
            f"{said!r} can be read in two ways",
            hint="Nothing else in the text tells which sign parts decimals.",
        )
    values = list(dict.fromkeys(one.value for one in found if one.value is not None))
    if len(values) == 1:
        return values[0]
    if not values:
        raise TypeMismatch(f"no number{where} in {text[:60]!r}")
    said = ", ".join(dict.fromkeys(one.words(text) for one in found[:5]))
    raise TypeMismatch(
        f"several numbers{where}: {said}",
        hint="Say which: number(…, of='price'), or read a smaller part of the page.",
    )
