"""What a model's record is made of, and where one is made otherwise than all that went well before."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_LONGER = 3.0
_SHORTEST = 40
_DEEPEST = 5


@dataclass(frozen=True)
class Oddity:
    """One way in which a record differs from the good ones. `most` is the largest size seen before.

    `kind` is `more_keys`, `fewer_keys`, `other_type`, `longer` (a text) or `more` (a list's entries).
    """

    kind: str
    path: tuple[str, ...]
    words: str
    most: int = 0


def oddities(good: Sequence[Any], now: Any) -> list[Oddity]:
    """How a record differs from good ones: its keys, the types of its values, their sizes."""
    return list(_odd(list(good), now, ())) if good else []


def records_of(outputs: Sequence[Any]) -> list[Any]:
    """The records among outputs of a model."""
    return [one["record"] for one in outputs if _has_record(one)]


def _has_record(output: Any) -> bool:
    return isinstance(output, dict) and isinstance(output.get("record"), dict | list)


def _odd(good: list[Any], now: Any, path: tuple[str, ...]) -> Iterator[Oddity]:
    name = ".".join(path) or "it"
    if len(path) > _DEEPEST:
        return
    if not any(_kind(one) == _kind(now) for one in good):
        was = ", ".join(dict.fromkeys(_kind(one) for one in good))
        yield Oddity("other_type", path, f"{name} is {_kind(now)}, it used to be {was}")
    elif isinstance(now, dict):
        yield from _odd_keys([one for one in good if isinstance(one, dict)], now, path)
    elif isinstance(now, list):
        lists: list[list[Any]] = [one for one in good if isinstance(one, list)]
        most = max(map(len, lists))
        if len(now) > most:
            yield Oddity(
                "more", path, f"{name} has {len(now)} entries, at most {most} before", most
            )
        entries = [entry for one in lists for entry in one]
        for entry in now[:20] if entries else ():
            if odd := list(_odd(entries, entry, (*path, "[]"))):
                yield from odd
                return
    elif isinstance(now, str):
        most = max(len(one) for one in good if isinstance(one, str))
        if len(now) > max(most * _LONGER, _SHORTEST):
            yield Oddity(
                "longer", path, f"{name} has {len(now)} letters, at most {most} before", most
            )


def _odd_keys(
    good: list[dict[str, Any]], now: dict[str, Any], path: tuple[str, ...]
) -> Iterator[Oddity]:
    name, known = ".".join(path) or "it", {key for one in good for key in one}
    always = [key for key in good[0] if all(key in one for one in good)]
    more, fewer = (
        [key for key in now if key not in known],
        [key for key in always if key not in now],
    )
    if more:
        yield Oddity("more_keys", path, f"{name} has {', '.join(more)} besides")
    if fewer:
        yield Oddity("fewer_keys", path, f"{name} lacks {', '.join(fewer)}")
    for key in now:
        if key in known:
            yield from _odd([one[key] for one in good if key in one], now[key], (*path, key))


def _kind(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes or no"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case _:
            return "a mapping"


def limited(schema: Mapping[str, Any], found: Sequence[Oddity]) -> dict[str, Any]:
    """A schema with the sizes that were never passed before as limits, where one was passed now."""
    whole = copy.deepcopy(dict(schema))
    for odd in found:
        keyword = {"longer": "maxLength", "more": "maxItems"}.get(odd.kind)
        part = _part(whole, odd.path) if keyword else None
        if keyword and part is not None and keyword not in part and odd.most:
            # A text gets some room: a limit cuts it off in the middle of a word.
            part[keyword] = odd.most * 2 if odd.kind == "longer" else odd.most
    return whole


def _part(schema: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any] | None:
    part: Any = schema
    for key in path:
        inner = part.get("items") if key == "[]" else (part.get("properties") or {}).get(key)
        if not isinstance(inner, dict):
            return None
        part = inner
    return part
