"""Expressions that name a key which is not there any more: find the key it has become.

Only the last parts of a reference change (`steps.api.response.data.stories` → `….items`): the step
that it reads from, and everything else in the expression, stays what it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from assistant.healing.comparing import compare, profile
from assistant.healing.measures import same_measure
from assistant.healing.parting import part_of
from assistant.healing.spelling import words_of

_ROOT = re.compile(r"\b(?:steps|vars|inputs|error|run)\.[A-Za-z_]\w*")
_KEY = re.compile(r"[\w$@:/ +-]{1,80}")
_PLAIN = re.compile(r"[A-Za-z]\w*")
_VALUES = re.compile(r"\bvalues\(\s*((?:steps|vars|inputs)(?:\.[A-Za-z_]\w*)+)\s*\)")
_DEEPEST = 5


@dataclass(frozen=True)
class Renamed:
    """A key that has another name now, or stands deeper (`b` → `a.b`) or less deep (`a.b` → `a`).

    `as_values` when a mapping stands where a list was: its values are what the list held.
    """

    old: str
    new: str
    as_values: bool = False

    @property
    def words(self) -> str:
        if self.as_values:
            return f"{self.new!r} is a mapping now, and its values are read"
        return f"{self.old!r} is called {self.new!r} now"


def same_wires(before: Any, after: Any) -> bool:
    """Whether two values differ only in keys that their expressions read, not in where from.

    The steps, inputs and variables that are read, the literals and the shape stay the same.
    """
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() == after.keys() and all(
            same_wires(before[key], after[key]) for key in before
        )
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(same_wires, before, after))
    if not isinstance(before, str) or not isinstance(after, str):
        return type(before) is type(after) and before == after
    if before == after:
        return True
    if "${{" not in before or "${{" not in after:
        return False
    return _bones(before) == _bones(after) and _ROOT.findall(before) == _ROOT.findall(after)


def _bones(text: str) -> str:
    """An expression with every key after a dot, or in brackets, taken out; roots stay.

    `values(…)` around one reference reads from the same place as the reference.
    """
    text = _VALUES.sub(r"\1", text)
    kept = _ROOT.sub(lambda m: m[0].replace(".", "\x00"), text)
    kept = re.sub(r"\.\s*[A-Za-z_]\w*", ".*", kept)
    kept = re.sub(r"\[\s*(['\"])[\w$@:/ +-]{1,80}\1\s*\]", ".*", kept)
    return re.sub(r"(?:\.\*)+", ".*", kept)


def renamings(old: Any, new: Any) -> Iterator[Renamed]:
    """Keys of `old` that are gone in `new`, with the key that holds the like of it now."""
    yield from _renamings(old, new, 0)


def _renamings(old: Any, new: Any, depth: int) -> Iterator[Renamed]:
    if depth > _DEEPEST:
        return
    if isinstance(old, list) and isinstance(new, list):
        olds = [one for one in old if isinstance(one, dict)]
        news = [one for one in new if isinstance(one, dict)]
        if olds and news:
            yield from _of_rows(olds, news)
        return
    if not isinstance(old, dict) or not isinstance(new, dict):
        return
    gone, fresh = [k for k in old if k not in new], [k for k in new if k not in old]
    gone = [key for key in gone if not split_up(str(key), map(str, fresh))]
    for key in gone:
        fitting = [name for name in fresh if _alike(old[key], new[name])]
        # Two keys cannot have become one, nor one two.
        rivals = [other for other in gone if fitting and _alike(old[other], new[fitting[0]])]
        within = [
            f"{name}.{key}" for name in fresh
            if isinstance(new[name], dict) and _alike(old[key], new[name].get(key))
        ]  # fmt: skip
        if not fitting and len(within) == 1:
            yield Renamed(str(key), within[0])
        if len(fitting) == 1 == len(rivals) and same_measure(key, fitting[0], [old], [new]):
            yield Renamed(str(key), str(fitting[0]))
            yield from _renamings(old[key], new[fitting[0]], depth + 1)
    for key in old:
        if key in new and _are_records(old[key]) and isinstance(new[key], dict):
            yield from _unlisted(key, old[key], new[key])
        elif key in new and isinstance(old[key], dict) and _are_records(new[key]):
            lists = [name for name, value in old[key].items() if _are_records(value)]
            if len(lists) == 1 and _alike(old[key][lists[0]], new[key]):
                yield Renamed(f"{key}.{lists[0]}", str(key))
                yield from _of_rows(old[key][lists[0]], new[key])
        elif key in new:
            yield from _renamings(old[key], new[key], depth + 1)


def _are_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _unlisted(key: str, old: list[Any], new: dict[str, Any]) -> Iterator[Renamed]:
    """A list of records whose place a mapping has taken: it is inside, or is the mapping itself."""
    lists = [name for name, value in new.items() if _are_records(value)]
    if len(lists) == 1:
        within = new[lists[0]]
        if _alike(old, within) or any(_wraps(row, old[0]) for row in within):
            yield Renamed(key, f"{key}.{lists[0]}")
            yield from _of_rows([row for row in old if isinstance(row, dict)], within)
    elif new and all(isinstance(value, dict) for value in new.values()):
        rows = list(new.values())
        if _alike(old, rows):
            yield Renamed(key, key, as_values=True)
            yield from _of_rows([row for row in old if isinstance(row, dict)], rows)


def _wraps(row: Any, old: dict[str, Any]) -> bool:
    """Whether a row holds the record in a part of its own: `{"node": {…}}`."""
    return isinstance(row, dict) and any(
        isinstance(part, dict) and bool(part.keys() & old.keys()) for part in row.values()
    )


def _of_rows(olds: list[dict[str, Any]], news: list[dict[str, Any]]) -> Iterator[Renamed]:
    """Renamed columns of a table: by the values that both have, else by how they look."""
    old_names = dict.fromkeys(name for row in olds for name in row)
    new_names = dict.fromkeys(name for row in news for name in row)
    gone = [name for name in old_names if name not in new_names]
    fresh = [name for name in new_names if name not in old_names]
    taken = set[str]()
    parted = {str(name) for name in gone if split_up(str(name), map(str, fresh))}
    for name in sorted(parted):
        if chosen := part_of(name, list(map(str, fresh)), olds, news):
            yield Renamed(name, chosen)
    gone = [name for name in gone if str(name) not in parted]
    for name in old_names:
        yield from _put_inside(name, olds, news)
    for name in gone:
        within = [
            f for f in fresh if all(isinstance(r.get(f), dict) and name in r[f] for r in news)
        ]
        if len(within) == 1:
            yield Renamed(str(name), f"{within[0]}.{name}")
            continue
        before = {str(row[name]) for row in olds if row.get(name) not in (None, "")}
        scored = sorted(
            (
                (_shared(before, {str(r.get(f, "")) for r in news}), f)
                for f in fresh
                if f not in taken
            ),
            reverse=True,
        )
        if scored and scored[0][0] > 0 and (len(scored) == 1 or scored[0][0] > scored[1][0]):
            best = scored[0][1]
        else:
            kind = {_look(value) for value in before}
            alike = [
                f
                for f in fresh
                if f not in taken and {_look(str(r.get(f, ""))) for r in news} & kind
            ]
            if len(alike) != 1:
                continue
            best = alike[0]
        if not same_measure(name, best, olds, news):
            continue
        taken.add(best)
        yield Renamed(str(name), str(best))


def split_up(old: str, fresh: Iterable[str]) -> bool:
    """Whether several new names carry the old one: `price` → `price_net`, `price_gross`.

    Their names alone do not tell which of them is meant.
    """
    before = words_of(old)
    return sum(before < words_of(name) for name in fresh) > 1


def _put_inside(
    name: str, olds: list[dict[str, Any]], news: list[dict[str, Any]]
) -> Iterator[Renamed]:
    """A text whose place a mapping has taken, with the text in it: `{"rendered": …}`."""
    before = {row[name] for row in olds if isinstance(row.get(name), str)}
    parts = [row[name] for row in news if isinstance(row.get(name), dict)]
    if not before or len(parts) < len(news):
        return
    inner = dict.fromkeys(key for part in parts for key in part)
    shared = {key: _shared(before, {str(p.get(key)) for p in parts}) for key in inner}
    fitting = [key for key, share in shared.items() if share > 0]
    kinds = {_look(text) for text in before}
    fitting = fitting or [key for key in inner if {_look(str(p.get(key))) for p in parts} <= kinds]
    if len(fitting) == 1:
        yield Renamed(name, f"{name}.{fitting[0]}")


def _shared(before: set[str], after: set[str]) -> float:
    return len(before & after) / len(before) if before else 0.0


def _look(text: str) -> str:
    """A text's kind: an address, a moment, a number, one word, some words."""
    if "://" in text:
        return "address"
    if re.match(r"\d{4}-\d\d-\d\d", text):
        return "moment"
    if re.fullmatch(r"[-+]?\d+([.,]\d+)?", text):
        return "number"
    return "word" if " " not in text.strip() else "words"


def _alike(old: Any, new: Any) -> bool:
    """Whether a value under another name looks like the one that is gone."""
    if isinstance(old, list) and isinstance(new, list):
        if not old or not new or type(old[0]) is not type(new[0]):
            return False
        if not isinstance(old[0], dict):
            return True
        shared = old[0].keys() & new[0].keys()
        return bool(shared) or compare([old], new, strictly=False).held
    if isinstance(old, dict) and isinstance(new, dict):
        return bool(old.keys() & new.keys()) or profile(old).patterns == profile(new).patterns
    if type(old) is not type(new) or isinstance(old, bool):
        return False
    look = _look(str(old))
    # One word looks like any other: it has to be the same one.
    return old == new or (look == _look(str(new)) and look in ("address", "moment", "number"))


def rewired(text: str, found: Renamed) -> str:
    """A value with one key renamed wherever one of its expressions reads it."""

    def inside(match: re.Match[str]) -> str:
        body = match[0]
        if found.as_values:
            return re.sub(
                rf"(?<!\w)((?:steps|vars|inputs)(?:\.\w+)*\.{re.escape(found.old)})\b(?!\s*[.\[(])",
                r"values(\1)",
                body,
            )
        # What follows `steps.` is a step's name, and no key.
        root = r"(?<!\bsteps)(?<!\bvars)(?<!\binputs)"
        body = re.sub(
            rf"{root}\.{re.escape(found.old)}\b(?!\s*\()", lambda _: _reference(keys), body
        )
        return re.sub(
            rf"\[\s*(['\"]){re.escape(found.old)}\1\s*\]",
            "".join(f"['{key}']" for key in keys),
            body,
        )

    keys = found.new.split(".")
    if not all(_KEY.fullmatch(key) for key in keys):
        return text
    return re.sub(r"\$\{\{.*?\}\}", inside, text, flags=re.S)


def _reference(keys: list[str]) -> str:
    """`.data.works`, with `['…']` for what is no plain name."""
    return "".join(f".{key}" if _PLAIN.fullmatch(key) else f"['{key}']" for key in keys)


def rewire(value: Any, found: Renamed) -> Any:
    """`rewired` over all texts of a value."""
    if isinstance(value, dict):
        return {key: rewire(inner, found) for key, inner in value.items()}
    if isinstance(value, list):
        return [rewire(inner, found) for inner in value]
    return rewired(value, found) if isinstance(value, str) else value


def sources(value: Any) -> list[str]:
    """The ids of the steps that a value's expressions read, each once, in order."""
    return _read(value, "steps")


def variables(value: Any) -> list[str]:
    """The variables that a value's expressions read, each once, in order."""
    return _read(value, "vars")


def _read(value: Any, root: str) -> list[str]:
    if isinstance(value, dict | list):
        parts: Any = value.values() if isinstance(value, dict) else value
        return list(dict.fromkeys(name for inner in parts for name in _read(inner, root)))
    if not isinstance(value, str) or "${{" not in value:
        return []
    return list(dict.fromkeys(re.findall(rf"\b{root}\.([A-Za-z_]\w*)", value)))
