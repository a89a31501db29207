"""What a value of a call is called now, where the answer names a list that tells it.

"Wards are given by id: see /wards" leads to `{"id": 33, "name": "Castle"}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from assistant.healing.desk import Desk
from assistant.healing.looking import visit
from assistant.healing.offering import addresses_in
from assistant.healing.parameters import Word, asked_in, personal, with_part
from assistant.healing.reading import words
from assistant.healing.spelling import words_of
from assistant.healing.statements import Answer, has_records

_MOST_LISTS = 2
_LONGEST = 40
_NAMING = frozenset({"id", "key", "code", "no", "number", "slug", "value", "ref", "uid", "short"})
"""Words of keys that hold what an interface calls a thing."""


async def looked_up(desk: Desk, answer: Answer, url: str) -> list[Word]:
    """The address with a value as a list on the same host calls it, which the answer names in words.

    Only a trial can tell whether it is the one meant.
    """
    if has_records(answer.data):
        return []
    found = list[Word]()
    named = (urljoin(url, one) for one in addresses_in(answer.data))
    lists = [one for one in named if urlsplit(one)[:2] == urlsplit(url)[:2]]
    for address in list(dict.fromkeys(lists))[:_MOST_LISTS]:
        there = await visit(desk.http, address)
        for number, (name, value) in enumerate(asked_in(url)):
            for told in _called(there.data, value) if value and not personal(name) else ():
                why = f"{address} has {told!r} for {name}={value}"
                found.append(Word(with_part(url, number, value=told), why, sure=False))
    return found


def _called(data: Any, value: str) -> Iterator[str]:
    """What the one record that has this value calls it besides; nothing where several have it."""
    having = [row for row in _rows(data) if any(_is(inner, value) for inner in row.values())]
    for key, inner in having[0].items() if len(having) == 1 else ():
        plain = isinstance(inner, str | int) and not isinstance(inner, bool)
        if plain and words_of(str(key)) & _NAMING and not _is(inner, value):
            told = str(inner)
            if told and len(told) <= _LONGEST:
                yield told


def _rows(data: Any) -> Iterator[dict[str, Any]]:
    waiting: list[Any] = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _is(inner: Any, value: str) -> bool:
    return isinstance(inner, str) and words(inner) == words(value)
