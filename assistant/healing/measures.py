"""What a value is measured in: units that names and texts tell, and values on another scale.

A delay in seconds is no renamed delay in minutes. Which of two things a name means is settled by
rows that are in both answers: where those have the same values, it is the same thing.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Mapping, Sequence
from datetime import time
from typing import Any

from assistant.healing.converting import moment_of
from assistant.healing.kinds import kind_of, same_amount
from assistant.healing.spelling import words_of

_UNITS: Mapping[str, tuple[str, ...]] = {
    "us": ("us", "micros", "microseconds"), "ms": ("ms", "millis", "msec", "milliseconds", "millisecond"),
    "s": ("s", "sec", "secs", "second", "seconds"), "min": ("min", "mins", "minute", "minutes"),
    "h": ("h", "hr", "hrs", "hour", "hours"), "d": ("days",), "weeks": ("weeks",),
    "mm": ("mm", "millimetres", "millimeters"), "cm": ("cm", "centimetres", "centimeters"),
    "m": ("m", "metre", "metres", "meter", "meters"),
    "km": ("km", "kms", "kilometres", "kilometers"), "mi": ("mi", "mile", "miles"),
    "ft": ("ft", "feet", "foot"), "in": ("inch", "inches"), "yd": ("yd", "yards"),
    "g": ("g", "gram", "grams"), "kg": ("kg", "kilos", "kilograms"), "lb": ("lb", "lbs", "pounds"),
    "oz": ("oz", "ounces"), "t": ("t", "tonnes", "tons"),
    "bits": ("bits",), "B": ("bytes",), "kB": ("kb", "kib", "kilobytes"), "MB": ("mb", "mib", "megabytes"),
    "GB": ("gb", "gib", "gigabytes"), "C": ("c", "celsius", "centigrade"), "F": ("f", "fahrenheit"),
    "K": ("kelvin",), "kmh": ("kmh", "kph"), "mph": ("mph",), "kn": ("kn", "knots"),
    "cents": ("cents", "cent", "pence", "pennies", "minor"), "eur": ("eur", "euro", "euros"),
    "usd": ("usd", "dollars"), "gbp": ("gbp",), "chf": ("chf",),
    "%": ("percent", "percentage", "pct"), "share": ("ratio", "fraction", "share"),
    "l": ("l", "litres", "liters"), "ml": ("ml",), "gal": ("gallons",),
    "w": ("w", "watts"), "kw": ("kw",), "wh": ("wh",), "kwh": ("kwh",), "hpa": ("hpa", "mbar"), "psi": ("psi",),
    "utc": ("utc", "gmt"), "local": ("local",), "epoch": ("epoch", "unix"),
    "net": ("net", "excl"), "gross": ("gross", "incl"),
    "average": ("average", "avg", "mean"), "median": ("median",), "total": ("total", "sum"),
    "lowest": ("minimum", "lowest"), "highest": ("max", "maximum", "highest"),
    "foreseen": ("estimated", "expected", "forecast", "predicted", "planned"),
    "former": ("previous", "former", "original", "old"),
    "left": ("left", "remaining", "unsold", "vacant"), "taken": ("sold", "booked", "taken", "reserved"),
    "room": ("capacity",),
}  # fmt: skip
"""Words of names that say what a value is measured in, or how it came about."""
_CALLED: Mapping[str, str] = {word: unit for unit, words in _UNITS.items() for word in words}
_TELLING_LAST = frozenset({
    "s", "m", "h", "g", "c", "f", "t", "l", "w", "mi", "us", "kn", "local", "minor", "total", "sum", "share",
})  # fmt: skip
"""Words that tell it only at the end of a longer name: `temp_c`, `delay_s`."""
_KINDS: tuple[frozenset[str], ...] = (
    frozenset({"us", "ms", "s", "min", "h", "d", "weeks"}),
    frozenset({"mm", "cm", "m", "km", "mi", "ft", "in", "yd"}),
    frozenset({"g", "kg", "lb", "oz", "t"}), frozenset({"bits", "B", "kB", "MB", "GB"}),
    frozenset({"C", "F", "K"}), frozenset({"kmh", "mph", "kn"}), frozenset({"cents", "eur", "usd", "gbp", "chf"}),
)  # fmt: skip
_SCALES = (24, 60, 100, 1000, 1024, 1440, 3600, 86_400, 1_000_000)
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_WITH_UNIT = re.compile(r"\d\s*([A-Za-z]{1,12}|%|°[CF])(?![A-Za-z])")
_FAR = 30.0
"""How many times larger values may be that belong to other rows."""
_FEWEST = 4
_GOES_ON = frozenset({"an address", "a day", "a number", "a price", "an amount"})
"""Kinds of values that may be others tomorrow in the same row."""


def units_of(name: str) -> frozenset[str]:
    """What a name says its value is measured in: `delay_seconds` → `s`, `priceGross` → `gross`."""
    parts = [part.lower() for part in re.split(r"[\W_]+|(?<=[a-z])(?=[A-Z])", name) if part]
    if parts[:1] == ["min"] and len(parts) > 1:
        parts[0] = "lowest"
    last = len(parts) - 1
    return frozenset(
        _CALLED[part] for number, part in enumerate(parts)
        if part in _CALLED
        and (last or any(_CALLED[part] in kind for kind in _KINDS))
        and (part not in _TELLING_LAST or 0 < number == last)
    )  # fmt: skip


def same_measure(
    old: str, new: str, olds: Sequence[Mapping[str, Any]], news: Sequence[Mapping[str, Any]]
) -> bool:
    """Whether a key that is called `new` now can hold what `old` held, by its rows before and after.

    Where the names tell other units, rows that are in both have to hold the same values.
    """
    pairs = [
        (before[old], after[new]) for before, after in paired(olds, news)
        if before.get(old) not in (None, "") and after.get(new) not in (None, "")
    ]  # fmt: skip
    same = sum(_plain(one) == _plain(other) for one, other in pairs)
    if pairs and same >= 0.8 * len(pairs):
        return True
    if units_of(old) != units_of(new):
        return False
    if _scale(pairs) is not None:
        return False
    if not same and _are_numbers(pairs) and not words_of(old) <= words_of(new):
        return False  # numbers go on, but hardly all of them at once while the name loses a word
    before, after = _numbers(row.get(old) for row in olds), _numbers(row.get(new) for row in news)
    return min(len(before), len(after)) < _FEWEST or not _far(before, after)


def _are_numbers(pairs: Sequence[tuple[Any, Any]]) -> bool:
    """Whether several rows hold numbers, and not the same one in each, before."""
    before = [_number(old) for old, new in pairs if _number(new) is not None]
    known = {one for one in before if one is not None}
    return len(before) >= _FEWEST and len(known) >= _FEWEST - 1


def _levelled(pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether rows with numbers of their own have one and the same now: how many a hall has, for how
    many are left."""
    told = [pair for pair in pairs if all(_NUMBER.fullmatch(text.strip()) for text in pair)]
    return _are_numbers(told) and len({new for _, new in told}) == 1


def paired(
    olds: Sequence[Mapping[str, Any]], news: Sequence[Mapping[str, Any]]
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Rows of before with themselves of now, by the column whose values name a row in both."""
    if len(olds) == len(news) == 1:
        return [(olds[0], news[0])]
    befores, afters = _naming(olds), _naming(news)
    best = list[tuple[Mapping[str, Any], Mapping[str, Any]]]()
    for before in befores:
        for after in afters:
            found = [(before[value], after[value]) for value in before if value in after]
            best = found if len(found) > len(best) else best
    return best


def rescaled(old: Sequence[Mapping[str, str]], new: Sequence[Mapping[str, str]]) -> list[str]:
    """What of some rows is told in other units now, or on another scale, in words.

    `old` and `new` are flat rows of texts. Rows that are in both tell it best; without any, values
    that are very much larger or smaller do.
    """
    told, pairs = list[str](), paired(old, new) if len(old) > 1 else []
    for name in dict.fromkeys(key for row in old for key in row):
        before = [row[name] for row in old if row.get(name)]
        after = [row[name] for row in new if row.get(name)]
        if not before or not after or "id" in words_of(name) or max(map(len, before)) > 80:
            continue
        times = _scale([(a[name], b[name]) for a, b in pairs if a.get(name) and b.get(name)])
        if other := _other_units(before, after):
            told.append(f"{name!r} is told in {other} now")
        elif times is not None:
            told.append(f"{name!r} is {times:g} times what it was in the same rows")
        elif _levelled([(a[name], b[name]) for a, b in pairs if a.get(name) and b.get(name)]):
            told.append(f"{name!r} is the same number in all things that were there before")
        elif not pairs:
            olds, news = _numbers(before), _numbers(after)
            if min(len(olds), len(news)) >= _FEWEST and _far(olds, news):
                told.append(f"{name!r} is of another size")
    return told


def something_else(old: Sequence[Mapping[str, str]], new: Sequence[Mapping[str, str]]) -> list[str]:
    """Fields in words that hold other words now in every row that is in both, or are cut off in most.

    `old` and `new` are flat rows of texts. Numbers and days go on; names and places stay.
    """
    told, pairs = list[str](), paired(old, new) if len(old) > 1 else []
    for name in dict.fromkeys(key for row in old for key in row):
        values = [(a[name], b[name]) for a, b in pairs if a.get(name) and b.get(name)]
        both = [(_words_alone(before), _words_alone(after)) for before, after in values]
        if len(both) < _FEWEST or len(set(values)) < _FEWEST - 1:
            continue
        if kind_of([before for before, _ in values]) in _GOES_ON or not all(one for one, _ in both):
            continue
        if label := _label_of(values):
            told.append(f"{name!r} has {label!r} beside it now")
            continue
        if not _tells_apart(both):
            continue
        if not any(before == after for before, after in both):
            told.append(f"{name!r} holds something else in all things that were there before")
        elif sum(_cut(*pair) for pair in values) >= len(values) / 2:
            told.append(f"{name!r} is cut off in most things that were there before")
    return told


def _tells_apart(both: Sequence[tuple[str, str]]) -> bool:
    """Whether words are enough to be known again: several, or two that are not merely called otherwise."""
    before = len({old for old, _ in both})
    return before >= _FEWEST - 1 or (before > 1 and len(set(both)) > before)


def _label_of(pairs: Sequence[tuple[str, str]]) -> str:
    """The words that stand beside the old value in every row now; empty where there are none."""
    around = {new.replace(old, "", 1).strip() if old in new else "" for old, new in pairs}
    label = around.pop() if len(around) == 1 else ""
    return label if _words_alone(label) else ""


def otherwise_written(
    old: Sequence[Mapping[str, str]], new: Sequence[Mapping[str, str]]
) -> list[str]:
    """Fields that hold, in every row that is in both, the same day or amount in another form."""
    pairs, found = paired(old, new) if len(old) > 1 else [], list[str]()
    for name in dict.fromkeys(key for row in old for key in row):
        values = [(a[name], b[name]) for a, b in pairs if a.get(name) and b.get(name)]
        if len(values) >= _FEWEST and all(_same_in_form(*pair) for pair in values):
            found.append(name)
    return found


def other_days(old: Sequence[Mapping[str, str]], new: Sequence[Mapping[str, str]]) -> list[str]:
    """Tells when each thing that was there before is said to be published on another day now."""
    pairs = paired(old, new) if len(old) > 1 else []
    days = [
        (moment_of(a.get("published", "")), moment_of(b.get("published", ""))) for a, b in pairs
    ]
    both = [(one.date(), other.date()) for one, other in days if one and other]
    if len(both) < _FEWEST or any(abs((one - other).days) <= 1 for one, other in both):
        return []  # another time zone makes it the day before, or after
    return ["'published' is another day in all things that were there before"]


def _same_in_form(before: str, after: str) -> bool:
    days = moment_of(before), moment_of(after)
    if days[0] and days[1]:
        cut = days[0].time() != time() and not re.search(r"\d:\d\d", after)
        return days[0].date() == days[1].date() and not cut
    return same_amount(before, after)


def _words_alone(text: str) -> str:
    return " ".join(re.findall(r"[^\W\d_]+", text.lower()))


def _cut(before: str, after: str) -> bool:
    end = re.search(r"\s*(…|\.\.\.)$", after.strip())
    return end is not None and before != after and before.startswith(after.strip()[: end.start()])


def _naming(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Mapping[str, Any]]]:
    """Rows by each column that tells them apart: an id, an address, a title; no mere number does."""
    found = list[dict[str, Mapping[str, Any]]]()
    for name in dict.fromkeys(key for row in rows for key in row):
        values = [row.get(name) for row in rows]
        texts = [str(v) for v in values if isinstance(v, str | int) and not isinstance(v, bool)]
        if len(texts) < len(rows) or len(set(texts)) < len(texts):
            continue
        named = bool(words_of(name) & {"id", "key", "no", "number"})
        if named or not any(len(text) < 3 or _NUMBER.fullmatch(text) for text in texts):
            found.append(dict(zip(texts, rows, strict=True)))
    return found


def _scale(pairs: Iterable[tuple[Any, Any]]) -> float | None:
    """The one factor between numbers of before and of now; None when there is none, or it is 1."""
    factors = list[float]()
    known = set[float]()
    for old, new in pairs:
        before, after = _number(old), _number(new)
        if before is None or after is None or not before:
            continue
        factors.append(after / before)
        known.add(before)
    if not factors:
        return None
    middle = statistics.median(factors)
    if middle <= 0 or 0.67 < middle < 1.5:
        return None
    alike = sum(abs(one - middle) <= 0.02 * middle for one in factors)
    if len(known) == 1:  # one number says little, unless it is one of the factors between units
        whole = middle if middle > 1 else 1 / middle
        return middle if any(abs(whole - one) < 0.001 * one for one in _SCALES) else None
    return middle if alike >= 0.8 * len(factors) else None


def _number(value: Any) -> float | None:
    """A number, or the first number of a short text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str) or "://" in value or re.match(r"\d{4}-\d\d", value):
        return None
    found = _NUMBER.search(value)
    return float(found[0].replace(",", ".")) if found else None


def _numbers(values: Iterable[Any]) -> list[float]:
    """Plain numbers; none at all when one of the values is something else."""
    told = [v for v in values if v not in (None, "")]
    found = [
        _number(v) for v in told
        if not isinstance(v, str) or _NUMBER.fullmatch(v.strip())
    ]  # fmt: skip
    return [v for v in found if v is not None] if len(found) == len(told) else []


def _far(before: list[float], after: list[float]) -> bool:
    old, new = abs(statistics.median(before)), abs(statistics.median(after))
    return bool(old and new) and not 1 / _FAR < new / old < _FAR


def _other_units(before: Sequence[str], after: Sequence[str]) -> str:
    """The unit in which all texts are told now, when it was another one of its kind."""
    old, new = _units_in(before), _units_in(after)
    if len(old) != 1 or len(new) != 1 or old == new:
        return ""
    both = old | new
    return next(iter(new)) if any(both <= kind for kind in _KINDS) else ""


def _units_in(texts: Sequence[str]) -> set[str]:
    found = [_WITH_UNIT.findall(text) for text in texts]
    if not all(found):
        return set()
    return {_CALLED.get(word.lower().strip("°"), word) for words in found for word in words[:1]}


def _plain(value: Any) -> str:
    told = " ".join(str(value).split()).lower()
    if isinstance(value, bool) or not _NUMBER.fullmatch(told):
        return told
    return f"{float(told.replace(',', '.')):g}"
