"""Whether a prediction is what a request file expects; the rules stand in docs/evaluation.md."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.grounding.languages import fold
from assistant.grounding.numbers import NUMBERS

FREE_TEXT = frozenset(
    ["question", "sql", "query", "topic", "prompt", "message", "intro", "body", "schema"]
)
PHRASES = frozenset(["title", "subject", "name", "channel", "model"])
QUIET_KINDS = frozenset({"answer", "clarify", "unsupported"})
UNASKED = ("trigger_", "pause", "resume", "delete", "run_now")
_NAMES = {
    **{name: n for n, name in enumerate(["sun", "mon", "tue", "wed", "thu", "fri", "sat"])},
    **{name: n for n, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)},
}  # fmt: skip
_SIZES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


@dataclass
class Score:
    """One request's marks. None: the request says nothing about it."""

    id: str
    category: str
    kind: bool
    chain: bool | None = None
    cron: bool | None = None
    arguments: tuple[int, int] = (0, 0)
    structure: bool | None = None
    full: bool = False
    wrong: list[str] = field(default_factory=list[str])


def score(case: Mapping[str, Any], told: Mapping[str, Any]) -> Score:
    """How a prediction fares against what its case expects."""
    expect: Mapping[str, Any] = case["expect"]
    kinds = [expect["kind"], *_list(expect.get("kind_alt"))]
    made = Score(case["id"], case.get("category", ""), told.get("kind") in kinds)
    if not made.kind:
        made.wrong.append(f"kind {told.get('kind')}")
    if expect["kind"] in QUIET_KINDS and told.get("kind") in QUIET_KINDS:
        made.full = made.kind
        return made
    if expect["kind"] in QUIET_KINDS:
        made.full = made.kind
        return made
    _chain(made, expect, told)
    _cron(made, expect, told)
    _arguments(made, expect, told)
    _structure(made, expect, told)
    kept = _kept(expect, told)
    if not kept:
        made.wrong.append("kept or absent")
    whole = made.arguments[0] == made.arguments[1]
    made.full = all((made.kind, made.chain, made.cron is not False, whole, made.structure, kept))
    return made


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _chain(made: Score, expect: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    chain = [step["skill"] for step in told.get("steps", ())]
    rights = [_list(expect.get("skills")), *_list(expect.get("skills_alt"))]
    made.chain = chain in rights
    if not made.chain:
        made.wrong.append(f"chain {chain}")


def _cron(made: Score, expect: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    if "cron" not in expect:
        expected: list[Any] = [None]
    else:
        expected = [expect["cron"], *_list_of_crons(expect.get("cron_alt"))]
    cron = told.get("cron") or None
    right = any(same_cron(cron, one) for one in expected)
    zone = expect.get("timezone")
    if right and zone and cron:
        right = told.get("timezone") == zone
    if expect.get("cron") is not None:
        made.cron = right
    elif not right:
        made.cron = False
    if not right:
        made.wrong.append(f"cron {cron} {told.get('timezone') or ''}")


def _list_of_crons(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def same_cron(one: str | None, other: str | None) -> bool:
    """Whether two cron lines mean the same, field by field as sets."""
    if not one or not other:
        return not one and not other
    first, second = one.split(), other.split()
    if len(first) != 5 or len(second) != 5:
        return one == other
    return all(
        _field(a, size) == _field(b, size) for a, b, size in zip(first, second, _SIZES, strict=True)
    )


def _field(text: str, size: tuple[int, int]) -> frozenset[Any]:
    found: set[Any] = set()
    for part in text.lower().split(","):
        body, _, step = part.partition("/")
        if re.search(r"[l#w]", body) and not re.match(r"^[a-z]{3}$", body):
            found.add(body)
            continue
        if body == "*":
            low, high = size
        else:
            ends = [_NAMES.get(end, end) for end in body.split("-")]
            low = int(ends[0])
            high = int(ends[-1]) if len(ends) > 1 else (size[1] if step else low)
        values = range(low, high + 1, int(step or 1))
        found |= {0 if size == (0, 6) and value == 7 else value for value in values}
    return frozenset(found)


# Arguments -------------------------------------------------------------------------------


def _arguments(made: Score, expect: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    wanted: Mapping[str, Any] = expect.get("args") or {}
    missed = [key for key, value in wanted.items() if not _somewhere(key, value, told)]
    made.wrong += [f"{key} wants {wanted[key]!r}" for key in missed]
    made.arguments = (len(wanted) - len(missed), len(wanted))


def _somewhere(keys: str, wanted: Any, told: Mapping[str, Any]) -> bool:
    """Whether a value stands at one of the places `a.x|b.y`."""
    return any(_met(key, wanted, told) for key in keys.split("|"))


def _met(key: str, wanted: Any, told: Mapping[str, Any]) -> bool:
    name = key.rsplit(".", 1)[-1]
    values = list(_found(key, told))
    if isinstance(wanted, Mapping) and "any" in wanted:
        return any(_holds(name, one, values) for one in wanted["any"])
    return _holds(name, wanted, values)


def _holds(name: str, wanted: Any, values: Sequence[Any]) -> bool:
    if isinstance(wanted, list):
        return all(_holds(name, one, values) for one in wanted)
    if isinstance(wanted, Mapping) and name not in FREE_TEXT:
        records = [value for value in values if isinstance(value, Mapping)]
        return any(
            all(_normal(told.get(key)) == _normal(one) for key, one in wanted.items())
            for told in records
        )
    return any(_same(name, wanted, value) for value in values)


def _found(key: str, told: Mapping[str, Any]) -> Iterable[Any]:
    """Every value that stands at `skill.param` (or at its singular or plural)."""
    settings: Mapping[str, Any] = told.get("settings") or {}
    if key in settings:
        yield from _each(settings[key])
    skill, _, name = key.rpartition(".")
    names = {name, f"{name}s", name.removesuffix("s")}
    for step in told.get("steps", ()):
        if step["skill"] == skill:
            for known, value in step.get("with", {}).items():
                if known in names:
                    yield from _each(value)


def _each(value: Any) -> Iterable[Any]:
    """The values of a list; of a record, the record and its names."""
    if isinstance(value, list):
        yield from value
    elif isinstance(value, Mapping):
        yield value
        yield from value
    else:
        yield value


def _same(name: str, wanted: Any, value: Any) -> bool:
    if name in FREE_TEXT:
        words = _words(_plain(value))
        return all(_occurs(word, words) for word in _words(_plain(wanted)))
    if name in PHRASES:
        return f" {' '.join(_words(_plain(wanted)))} " in f" {' '.join(_words(_plain(value)))} "
    return _normal(wanted) == _normal(value)


def _occurs(wanted: str, words: Sequence[str]) -> bool:
    """Whether a word stands among others, inflected too: "invoice" in "late invoices". A number is
    never part of another."""
    return any(
        word == wanted or (word.startswith(wanted) and not wanted.isdigit()) for word in words
    )


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _words(text: str) -> list[str]:
    """Words in small letters, numbers as digits."""
    words = re.findall(r"\w+", text.lower())
    return [str(_number(word) or word) for word in words]


def _number(word: str) -> int | None:
    return next((table[fold(word)] for table in NUMBERS.values() if fold(word) in table), None)


def _normal(value: Any) -> str:
    text = str(value).strip().lower()
    length = re.fullmatch(r"(\d+)\s*([smhdw])", text)
    if length:
        return f"{int(length[1]) * _UNITS[length[2]]}s"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return re.sub(r"^(?:https?://)?(?:www\.)?|/$", "", text)


# Structure -------------------------------------------------------------------------------


def _structure(made: Score, expect: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    wanted = set(_list(expect.get("structure")))
    there = set(told.get("structure") or ())
    unasked = {t for t in there - wanted if t.startswith(UNASKED)}
    made.structure = wanted <= there and not unasked
    if not made.structure:
        made.wrong.append(f"structure {sorted(there)}")


def _kept(expect: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """Whether all that an edit was to keep stands in the job, and nothing that was to go. Either are
    values, or values by their place as in `args`."""
    kept = _standing(expect.get("kept"), told)
    return all(kept) and not any(_standing(expect.get("absent"), told))


def _standing(values: Any, told: Mapping[str, Any]) -> list[bool]:
    """For each of the values, whether it stands in the job."""
    if isinstance(values, Mapping):
        named: Mapping[str, Any] = values
        return [_somewhere(key, value, told) for key, value in named.items()]
    held = [
        value for step in told.get("steps", ())
        for inner in step.get("with", {}).values() for value in _each(inner)
    ]  # fmt: skip
    return [_anywhere(value, held) for value in _list(values)]


def _anywhere(wanted: Any, held: Sequence[Any]) -> bool:
    plain = str(wanted).lower()
    same = any(_normal(wanted) == _normal(value) for value in held)
    return same or (len(plain) > 2 and any(plain in str(value).lower() for value in held))


# Figures ---------------------------------------------------------------------------------


def wilson(right: int, total: int) -> dict[str, Any]:
    """A share with its 95 % interval (Wilson's)."""
    if not total:
        return {"right": 0, "of": 0, "share": None, "low": None, "high": None}
    z, share = 1.96, right / total
    middle = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    low, high = (
        (middle - spread) / (1 + z * z / total),
        (middle + spread) / (1 + z * z / total),
    )
    return {
        "right": right, "of": total, "share": round(share, 4),
        "low": round(max(0.0, low), 4), "high": round(min(1.0, high), 4),
    }  # fmt: skip
