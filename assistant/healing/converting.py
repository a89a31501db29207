"""Values in the form that an answer asks for: the same day, number or list, written otherwise.

Only what can be read in one way is converted: `3/4/2026` is a day in March for some and in April
for others, and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
           "october", "november", "december")  # fmt: skip
_TEMPLATE = re.compile(
    r"(?<![\w%-])(?:%[YymdHMS]|[Yy]{4}|[Yy]{2}|[Mm]{2}|[Dd]{2}|[Hh]{2}|[Ss]{2})"
    r"(?:[-./: ]?['\"]?T?['\"]?(?:%[YymdHMS]|[Yy]{4}|[Yy]{2}|[Mm]{2}|[Dd]{2}|[Hh]{2}|[Ss]{2}))+Z?(?![\w%])"
)
_TOKEN = re.compile(r"%[A-Za-z]|[Yy]{4}|[Yy]{2}|[Mm]{2}|[Dd]{2}|[Hh]{2}|[Ss]{2}")
_DATE_LIKE = re.compile(r"(?<![\w.-])\d{1,4}([-./])\d{1,2}\1\d{1,4}(?![\w.-])")
_ISO = re.compile(r"\biso[- ]?(8601)?\b.{0,20}|\bvalid date\b|\bdate format\b", re.I)
_INSTANT = re.compile(r"\brfc ?3339\b|\bdate-?time\b|\btime ?zone\b|\bvalid datetime\b", re.I)
_EPOCH = re.compile(r"\b(unix|epoch|posix)\b|\bseconds since\b", re.I)
_SECONDS: dict[str, int] = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_LENGTH = re.compile(r"(\d{1,5}) ?(s|m|h|d|w|sec|min|hours?|days?|weeks?)", re.I)
_TRUE, _FALSE = ("true", "yes", "on", "1", "y"), ("false", "no", "off", "0", "n")
_BOOLEANS = (("true", "false"), ("1", "0"), ("yes", "no"), ("on", "off"))


def converted(value: str, statement: str) -> Iterator[str]:
    """The value in the forms that a statement names; none that it has already."""
    told = (
        *_moments(value, statement), *_lengths(value, statement), *_numbers(value, statement),
        *_booleans(value, statement), *_letters(value, statement), *_lists(value, statement),
    )  # fmt: skip
    yield from (one for one in dict.fromkeys(told) if one and one != value)


def wants_repeated(statement: str) -> bool:
    """Whether a statement asks for a list as several parameters of one name."""
    return bool(
        re.search(r"\brepeat|\bmore than once\b|\bseveral times\b|\barray\b", statement, re.I)
    )


def moment_of(text: str) -> datetime | None:
    """The instant that a text names without doubt, in UTC; a day is its first instant."""
    text = text.strip()
    if re.fullmatch(r"1\d{9}|1\d{12}", text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    if re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?", text):
        told = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    day = _day_of(text)
    return datetime.combine(day, time(), UTC) if day else None


def _day_of(text: str) -> date | None:
    year = month = day = 0
    if found := re.fullmatch(r"(\d{4})([-/.]?)(\d\d)\2(\d\d)", text):
        year, month, day = int(found[1]), int(found[3]), int(found[4])
    elif found := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
        day, month, year = map(int, found.groups())
    elif found := re.fullmatch(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4})", text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        if first == second or first > 12:
            day, month = first, second
        elif second > 12:
            day, month = second, first
    elif found := re.fullmatch(r"(\d{1,2})\.? ([A-Za-z]{3,9})\.?,? (\d{4})", text):
        day, month, year = int(found[1]), _month(found[2]), int(found[3])
    elif found := re.fullmatch(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})", text):
        day, month, year = int(found[2]), _month(found[1]), int(found[3])
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(word: str) -> int:
    found = [n for n, name in enumerate(_MONTHS, start=1) if name.startswith(word.lower())]
    return found[0] if len(found) == 1 else 0


def _moments(value: str, statement: str) -> Iterator[str]:
    moment = moment_of(value)
    if moment is None:
        if found := re.fullmatch(r"(\d{1,2})[:.](\d\d)(?::(\d\d))? ?([ap]m)?", value.strip(), re.I):
            yield from _clock(found, statement)
        return
    for template in _TEMPLATE.finditer(statement):
        if (form := _strftime(template[0])) and "%Y" in form + "%y":
            yield moment.strftime(form)
    for example in _DATE_LIKE.finditer(statement):
        if example[0] != value and (form := _form_of(example[0])):
            yield moment.strftime(form)
    if _EPOCH.search(statement):
        seconds = int(moment.timestamp())
        yield str(seconds * 1000 if re.search(r"\bmilli|\bms\b", statement, re.I) else seconds)
    elif _INSTANT.search(statement):
        yield moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    elif _ISO.search(statement):
        yield moment.strftime("%Y-%m-%d")


def _clock(found: re.Match[str], statement: str) -> Iterator[str]:
    """A time of day; `7:30 pm` is 19:30."""
    hour = (
        int(found[1]) % 12 + (12 if found[4].lower() == "pm" else 0) if found[4] else int(found[1])
    )
    for template in _TEMPLATE.finditer(statement):
        form = _strftime(template[0])
        if "%H" in form and "%d" not in form and hour < 24 and int(found[2]) < 60:
            yield time(hour, int(found[2]), int(found[3] or 0)).strftime(form)


def _strftime(template: str) -> str:
    """`DD.MM.YYYY` → `%d.%m.%Y`; `mm` after hours is minutes."""
    hours = False

    def part(found: re.Match[str]) -> str:
        nonlocal hours
        token = found[0]
        if token.startswith("%"):
            return token
        letter = token[0].lower()
        if letter == "h":
            hours = True
        match letter:
            case "y":
                return "%Y" if len(token) == 4 else "%y"
            case "m":
                return "%M" if hours else "%m"
            case "s":
                return "%S"
            case _:
                return {"d": "%d", "h": "%H"}[letter]

    return _TOKEN.sub(part, template.replace("'", "").replace('"', ""))


def _form_of(example: str) -> str:
    """The form of a day that stands as an example; empty when it can be read in two ways."""
    day = _day_of(example)
    forms = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y")
    fitting = [form for form in forms if day and day.strftime(form) == example]
    return fitting[0] if len(fitting) == 1 else ""


def _lengths(value: str, statement: str) -> Iterator[str]:
    found = _LENGTH.fullmatch(value.strip())
    if not found:
        return
    count, unit = int(found[1]), found[2][0].lower()
    if re.search(r"\bP(T?\d|\d|n)|\biso[- ]?8601\b", statement):
        yield f"P{count}{unit.upper()}" if unit in "dw" else f"PT{count}{unit.upper()}"
    for name, letter in (("seconds", "s"), ("minutes", "m"), ("hours", "h"), ("days", "d")):
        whole, rest = divmod(count * _SECONDS[unit], _SECONDS[letter])
        if not rest and re.search(rf"\b(in|of|as|whole) (whole )?{name}\b", statement, re.I):
            yield str(whole)


def _numbers(value: str, statement: str) -> Iterator[str]:
    if not re.search(r"\b(number|decimal|float|numeric|integer|point)\b", statement, re.I):
        return
    if re.fullmatch(r"-?\d+,\d+", value) and not re.fullmatch(r"-?\d{1,3},\d{3}", value):
        yield value.replace(",", ".")
    elif re.fullmatch(r"-?\d+\.0+", value) and re.search(r"\binteger\b|\bwhole\b", statement, re.I):
        yield value.partition(".")[0]


def _booleans(value: str, statement: str) -> Iterator[str]:
    folded = value.lower()
    if folded not in (*_TRUE, *_FALSE):
        return
    for true, false in _BOOLEANS:
        both = rf"['\"`]?{true}['\"`]?\s*(?:,|or|and|/|\|)\s*['\"`]?{false}\b"
        turned = rf"['\"`]?{false}['\"`]?\s*(?:,|or|and|/|\|)\s*['\"`]?{true}\b"
        named = re.search(f"{both}|{turned}", statement, re.I)
        if named or (true == "true" and re.search(r"\bboolean\b", statement, re.I)):
            yield true if folded in _TRUE else false


def _letters(value: str, statement: str) -> Iterator[str]:
    if re.search(r"\blower[- ]?case|\bsmall letters", statement, re.I):
        yield value.lower()
    if re.search(r"\bupper[- ]?case|\bcapitals?\b|\bcapital letters", statement, re.I):
        yield value.upper()
    code = re.fullmatch(r"([A-Za-z]{2})[-_]([A-Za-z]{2})", value)
    if re.search(r"\btwo[- ]letter|\b2[- ]letter|\biso[- ]?639", statement, re.I):
        yield (code[1] if code else value).lower() if code or len(value) == 2 else ""
    if re.search(r"\biso[- ]?3166", statement, re.I):
        yield (code[2] if code else value).upper() if code or len(value) == 2 else ""
    if code and re.search(r"\bbcp ?47|\blanguage tag|\blocale", statement, re.I):
        yield f"{code[1].lower()}-{code[2].upper()}"


def _lists(value: str, statement: str) -> Iterator[str]:
    signs = {"comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
    parts = [part.strip() for part in re.split(r"[,;|+ ]", value) if part.strip()]
    for name, sign in signs.items():
        if len(parts) > 1 and re.search(
            rf"\b{name}s?[- ](separated|joined|delimited)", statement, re.I
        ):
            yield sign.join(parts)
