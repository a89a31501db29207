"""What an answer says in so many words: names, values, numbers and addresses that stand in it.

Everything here is read from what another machine sent: it is data to be compared with the step's
own fields, and nothing in it is followed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.healing.looking import LONGEST
from assistant.healing.spelling import words_of

_MOST = 400
_LONG = 600
_QUOTED = re.compile(
    r"(?<!\w)'([^'\n]{1,80})'(?!\w)|\"([^\"\n]{1,80})\"|`([^`\n]{1,80})`|“([^”\n]{1,80})”"
)
_NAMED = re.compile(
    r"\b(?:did you mean|renamed to|replaced by|now called|is called|use)[ :]{1,2}([A-Za-z][\w-]*)",
    re.I,
)
_CHOICES = re.compile(
    r"(?:\b(?:one of|either|(?:supported|allowed|valid|permitted|possible|available|accepted)"
    r"(?: \w+)?(?: are| is)?|values?(?: are| is)?|choose|expected|must be|should be|can be|takes?|accepts?)\s*:?|:)"
    r"\s*[\[({]?([\w'\"`.+-]{1,42}(?:(?:\s*[,|/]\s*(?:or\s+|and\s+)?|\s+or\s+|\s+and\s+)[\w'\"`.+-]{1,42}){1,19})",
    re.I,
)
_PAIR = re.compile(
    r"(?<![\w=/.%-])[?&]?([A-Za-z_][\w.\[\]-]{0,40})=([\w.,:+%~-]{1,60}(?<![.,:]))(?=[\s'\"`&,;.)\]]|$)"
)
_AT_MOST = re.compile(
    r"\b(?:at most|no more than|not more than|up to|maximum(?: of| is)?|limited to|limit (?:of|is)"
    r"|less than or equal to)\s*:?\s*([1-9]\d{0,5})\b(?![.,]?\d)([^.;!?\n]{0,40})",
    re.I,
)
_OF_CALLS = re.compile(
    r"^\s*-?(?:calls?|requests?|quer(?:y|ies)|times?|tries|hits|visits?|connections?|users?|sessions?|clients?"
    r"|ms|s|(?:milli)?seconds?|minutes?|hours?|days?|[kmg]?i?b|bytes|characters?|letters)\b"
    r"|\b(?:per|an?|each|every) (?:second|minute|hour|day|month)\b",
    re.I,
)
_OF_THINGS = re.compile(
    r"\s*(?:\w+ )?(?:records?|items?|results?|rows?|entr(?:y|ies)|things|objects|documents|elements|features)\b",
    re.I,
)
_LESS = r"(?:smaller|fewer|lower|less|reduced?|decreased?|too (?:many|large|big|high))"
_LISTING = ("enum", "allowed", "values", "options", "choices", "supported", "permitted")
_HEADER = re.compile(
    r"\b(Accept(?:-Language)?|(?:[A-Za-z]+-)*Version)\s*:\s*([A-Za-z0-9][\w./+=-]*)"
)
_HEADER_NAME = re.compile(
    r"\b(?:Accept-Language|Accept|(?:[A-Za-z]+-)+(?:Version|Revision))\b(?!-)", re.I
)
_HEADER_SAID = re.compile(
    r"\b[Hh]eaders?:?\s+['\"`]?([A-Z][A-Za-z]*(?:-[A-Za-z]+)*)|\b((?:X-)?[A-Z][A-Za-z]*(?:-[A-Za-z]+)*) headers?\b"
)
_VERSION = r"v?\d{1,3}(?:\.\d{1,3}){0,2}(?![\w-])|\d{4}-\d\d(?:-\d\d)?(?:[.-][a-z]{1,12})?(?![\w-])"
_VERSIONS_SAID = re.compile(
    r"\b(?:versions?|revisions?|supported|current|latest|newest|stable|use|send|set (?:it )?to|to|is|are|be|as|expected"
    rf"|accepted|allowed|available|takes?|accepts?|knows?|speaks?|give|add)\b[\s:=]{{1,4}}((?:['\"`(\[]{{0,2}}(?:{_VERSION})['\"`)\]]{{0,2}}"
    r"(?:\s*,\s*(?:and\s+|or\s+)?|\s*[/|]\s*|\s+(?:and|or)\s+|\s+)?)+)",
    re.I,
)
_NO_FORM = frozenset({
    "client", "app", "application", "agent", "sdk", "os", "device", "browser", "key", "token", "auth", "authorization",
    "cookie", "secret", "session", "id", "host", "origin", "signature", "content", "forwarded", "user",
})  # fmt: skip
"""Words of headers that say who asks, whatever version they speak of."""
_FORM_ALONE = ("Accept", "Accept-Language")
_WANTING = frozenset({400, 406, 412, 415, 422, 426, 428})
"""Statuses of answers to a call that lacks something."""
_MEDIA = re.compile(r"\bapplication/[\w.+-]*\w|\btext/[\w.+-]*\w")


@dataclass(frozen=True)
class Answer:
    """What an address answered: `data` is its JSON, else None; `text` all of it, cut off."""

    status: int
    text: str = ""
    data: Any = None

    @property
    def is_error(self) -> bool:
        return self.status >= 400

    def statements(self) -> list[str]:
        """Its sentences: for JSON the texts that stand together in one object, else the text."""
        if self.data is None:
            return [self.text[:LONGEST]] if self.text else []
        return list(_together(self.data))[:_MOST]


def _together(data: Any, depth: int = 0) -> Iterator[str]:
    if depth > 6:
        return
    if isinstance(data, Mapping):
        told: Mapping[str, Any] = data
        parts = [_plain(value) for value in told.values()]
        if any(parts):
            yield " \n ".join(part for part in parts if part)
    values: list[Any] = (
        list(data.values()) if isinstance(data, Mapping) else data if isinstance(data, list) else []
    )
    for value in values[:50]:
        if isinstance(value, str) and isinstance(data, list):
            yield value
        yield from _together(value, depth + 1)


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(one, str | int) for one in value):
        return " ".join(json.dumps(one, ensure_ascii=False) for one in value[:50])
    if isinstance(value, Mapping):  # {"msg": "…", "ctx": {"expected": […]}}
        inner: Mapping[str, Any] = value
        flat = [_plain(one) for one in inner.values() if not isinstance(one, Mapping)]
        return " ".join(one for one in flat if one)[:_LONG]
    return ""


def says(statement: str, name: str) -> bool:
    """Whether a statement has a name or value as a word of its own."""
    return bool(name) and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", statement) is not None


def quoted(statement: str) -> list[str]:
    """What stands in quotes, and what follows `did you mean`; each once."""
    found = [next(g for g in m.groups() if g) for m in _QUOTED.finditer(statement)]
    found += [m[1] for m in _NAMED.finditer(statement)]
    return list(dict.fromkeys(found))


def choices(statement: str) -> list[str]:
    """Values that a statement lists without quotes: `one of: north, south or east`; each once."""
    found = list[str]()
    for told in _CHOICES.finditer(statement):
        parts = re.split(r"\s*[,|/]\s*(?:or\s+|and\s+)?|\s+(?:or|and)\s+", told[1])
        found += [part.strip("'\"`.") for part in parts]
    return [one for one in dict.fromkeys(found) if one]


def pairs_named(statement: str) -> list[tuple[str, str]]:
    """`name=value` as it stands in a statement, also after `?` or `&`; each once."""
    return list(dict.fromkeys((m[1], m[2]) for m in _PAIR.finditer(statement)))


def notices(data: Any) -> list[str]:
    """What an answer says beside the things that it gives: the texts of its outermost object."""
    if not isinstance(data, Mapping):
        return []
    told: Mapping[str, Any] = data
    texts = [value for value in told.values() if isinstance(value, str)]
    for key, value in told.items():
        if (
            isinstance(value, Mapping)
            and not has_records(value)
            and key in ("meta", "notice", "warning")
        ):
            inner: Mapping[str, Any] = value
            texts += [one for one in inner.values() if isinstance(one, str)]
        elif isinstance(value, list) and value and isinstance(value[0], str) and "warn" in key:
            texts += value
    return [text[:LONGEST] for text in texts]


def limits(statement: str, name: str) -> list[int]:
    """Numbers given for a name: those written right after it (`limit=100`), else all, largest first."""
    beside = re.findall(rf"(?<![\w-]){re.escape(name)}\s*(?:=|:|<=|≤)\s*(\d{{1,6}})\b", statement)
    told = beside or re.findall(r"(?<![\d.,])[1-9]\d{0,5}(?![\d.,]*\d)", statement)
    return sorted({int(one) for one in told}, reverse=True)


def at_most(statement: str, *, things: bool) -> list[int]:
    """Numbers that a statement gives as the most: "at most 20 records with one call".

    None that count calls, time or bytes. `things` wants it said that they count what is given.
    """
    return [
        int(found[1])
        for found in _AT_MOST.finditer(statement)
        if not _OF_CALLS.search(found[2]) and (not things or _OF_THINGS.match(found[2]))
    ]


def wants_less(statement: str, name: str) -> bool:
    """Whether a statement wants a parameter smaller, without a number: "try a smaller per_page"."""
    word = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
    near = r"\W+(?:[\w']+\W+){0,2}?"
    return bool(
        re.search(rf"\b{_LESS}{near}['\"`]?{word}|{word}['\"`]?{near}{_LESS}\b", statement, re.I)
    )


def listed(data: Any, name: str, depth: int = 0) -> Iterator[str]:
    """The values that the answer lists under a name: `{"branch": {"east": 3}}`, `{"branches": […]}`."""
    if depth > 6:
        return
    if isinstance(data, Mapping):
        told: Mapping[str, Any] = data
        for key, value in told.items():
            if key.lower() in (name.lower(), f"{name}s".lower(), f"{name}es".lower()):
                yield from _members(value)
            yield from listed(value, name, depth + 1)
    elif isinstance(data, list):
        for one in data[:50]:
            yield from listed(one, name, depth + 1)


def _members(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        inner: Mapping[str, Any] = value
        lists = [inner[key] for key in _LISTING if isinstance(inner.get(key), list)]
        yield from (one for each in lists for one in _members(each))
        yield from () if lists else (str(key) for key in list(inner)[:100])
        return
    for one in value[:100] if isinstance(value, list) else ():
        if isinstance(one, str | int) and not isinstance(one, bool):
            yield str(one)
        elif isinstance(one, Mapping):
            row: Mapping[str, Any] = one
            yield from (str(row[k]) for k in ("value", "code", "id", "slug", "key") if k in row)


def numbers_named(data: Any, depth: int = 0) -> Iterator[tuple[str, int]]:
    """`(key, number)` for every whole number of the answer that has a name."""
    if depth > 4:
        return
    if isinstance(data, Mapping):
        told: Mapping[str, Any] = data
        for key, value in told.items():
            if isinstance(value, int) and not isinstance(value, bool):
                yield key, value
            yield from numbers_named(value, depth + 1)


def headers_named(answer: Answer) -> list[tuple[str, str]]:
    """Headers that the answer asks for, of those that only say which form of it is wanted.

    A refusal may name the header in one place and what it takes in another; of versions the
    latest comes first.
    """
    found = list[tuple[str, str]]()
    for statement in answer.statements():
        found += [(m[1], m[2].rstrip(".,;")) for m in _HEADER.finditer(statement)]
        if answer.status in (406, 415):
            media = [one for one in _MEDIA.findall(statement) if one != "text/html"]
            found += [("Accept", one) for one in media]
        if answer.status in _WANTING:
            for name in _form_headers_in(statement):
                told = [*quoted(statement), *choices(statement), *versions_said(statement)]
                fitting = [one for one in told if _fits_header(name, one)]
                latest = sorted(
                    dict.fromkeys(fitting), key=natural, reverse=name not in _FORM_ALONE
                )
                found += [(name, one) for one in latest]
    return [one for one in dict.fromkeys(found) if not words_of(one[0]) & _NO_FORM]


def _form_headers_in(statement: str) -> list[str]:
    """Headers of a form that a statement names; any header where it speaks of a version."""
    found = [m[0] for m in _HEADER_NAME.finditer(statement)]
    if re.search(r"\b(?:versions?|revisions?)\b", statement, re.I):
        found += [m[1] or m[2] for m in _HEADER_SAID.finditer(statement)]
    return list(dict.fromkeys(found))


def versions_said(statement: str) -> list[str]:
    """Versions as a statement gives them: "Supported versions: 2026-03", also on a line of their own.

    None that it says are gone, or that is a day on which something happens.
    """
    found = [
        one for m in _VERSIONS_SAID.finditer(statement) for one in re.findall(_VERSION, m[1], re.I)
    ]
    lines = [line.strip() for line in statement.split("\n")]
    found += [line for line in lines if re.fullmatch(_VERSION, line, re.I)]
    return list(dict.fromkeys(found))


def _fits_header(name: str, value: str) -> bool:
    if is_version(name) or name.lower() not in ("accept", "accept-language"):
        return re.fullmatch(r"v?\d[\w.-]{0,20}", value) is not None
    if name.lower() == "accept-language":
        return re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z]{2})?", value) is not None
    return _MEDIA.fullmatch(value) is not None


def is_version(name: str) -> bool:
    """Whether a parameter or a header says which version of an interface is wanted."""
    return "version" in name.lower() or bool(words_of(name) & {"v", "ver", "revision"})


def natural(text: str) -> list[tuple[int, str]]:
    """A key by which `v10` comes after `v9`."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", text)]


def has_records(data: Any) -> bool:
    """Whether there is a list of things in it: then it is no mere notice."""
    if isinstance(data, list):
        return bool(data) and isinstance(data[0], Mapping)
    if isinstance(data, Mapping):
        told: Mapping[str, Any] = data
        return any(has_records(value) for value in told.values())
    return False
