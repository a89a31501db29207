"""Whether an output is as good as what a step used to give: count, fields, overlap, likeness.

Nothing here knows how an output came about, so a patch is judged by the same measure as a run
that looks suspicious. An output passes only if it is not less than before in any respect.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.healing.flattening import NOISE, SHORT, flat, identity, pattern, title
from assistant.healing.kinds import all_lower, kind_of, other_kind, shape_of
from assistant.healing.measures import (
    other_days,
    otherwise_written,
    rescaled,
    something_else,
)

_LISTS = ("items", "rows", "records", "results")
_EXTRAS = frozenset({"author", "summary", "image", "published", "tags", "source", "text"})
_GARBLED = re.compile(r"�|[ÃÂ][\x80-\xbf¡-ÿ]|â€|Ð[\x80-\xbf°-ÿ]")
_FEW_TWICE = 0.1
_MORE = 1.25
_FEW = 4
"""Fewer things than these tell nothing of their kind."""
ENOUGH = 0.8
"""Share of what was there before that has to be there again."""
_LITTLE = 0.34


@dataclass(frozen=True)
class Profile:
    """What can be measured of an output. `rows` is its list, or the output itself as one row."""

    count: int
    is_list: bool
    fields: dict[str, float] = field(default_factory=dict[str, float])
    ids: frozenset[str] = frozenset()
    front: frozenset[str] = frozenset()
    """Those of the ids that stand in the first half of the list."""
    title_order: tuple[str, ...] = ()
    """Titles of several words, in their order."""
    shapes: frozenset[str] = frozenset()
    patterns: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    varied: dict[str, float] = field(default_factory=dict[str, float])
    garbled: float = 0.0
    newest: str = ""
    oldest: str = ""
    length: float = 0.0
    kinds: dict[str, str] = field(default_factory=dict[str, str])
    """What nearly all values of a field are, where they are of one kind."""

    @property
    def titles(self) -> frozenset[str]:
        return frozenset(self.title_order)


@dataclass(frozen=True)
class Comparison:
    """`held` says that the new output is no worse; `lacks` says in words what is missing.

    `poorer` are things that nobody asked for by name and that are gone (an author, an image), or
    older things than ever besides: a patch may still hold, and a person decides.
    """

    held: bool
    lacks: tuple[str, ...]
    figures: dict[str, Any]
    poorer: tuple[str, ...] = ()


def rows_of(output: Any) -> tuple[list[Any], bool]:
    """The list in an output, and whether it has one; else the output itself as the only row."""
    if isinstance(output, list):
        return output, True
    if isinstance(output, dict):
        data: dict[str, Any] = output
        for name in _LISTS:
            if isinstance(data.get(name), list):
                return _with_records(data[name], data.get("records")), True
        if isinstance(data.get("response"), dict):
            return _of_response(data["response"])
        if isinstance(data.get("record"), dict | list) and data["record"]:
            return rows_of(data["record"])
    return ([output] if output not in (None, "", {}, []) else []), False


def _with_records(items: list[Any], records: Any) -> list[Any]:
    """A scraper's records hold fields that its items have no room for; its items read dates."""
    if not isinstance(records, list) or len(records) != len(items):
        return items
    return [
        {**record, **{name: value for name, value in item.items() if value}}
        if isinstance(record, dict) and isinstance(item, dict)
        else item
        for record, item in zip(records, items, strict=True)
    ]


def _of_response(response: dict[str, Any]) -> tuple[list[Any], bool]:
    data: Any = response.get("data")
    if isinstance(data, list):
        return data, True
    if isinstance(data, dict):
        lists = [value for value in data.values() if _is_records(value)]
        if lists and not any(lists):  # `{"data": {"things": […]}, "errors": []}`: an envelope
            inner = (_of_response({"data": v}) for v in data.values() if isinstance(v, dict))
            lists += [rows for rows, is_list in inner if is_list]
        if lists:
            return max(lists, key=len), True
        return [data], False
    return ([{"text": response["text"]}] if response.get("text") else []), False


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and (not value or isinstance(value[0], dict))


def profile(output: Any) -> Profile:
    """Measure an output of any skill."""
    rows, is_list = rows_of(output)
    texts_of = [flat(row) for row in rows]
    names = dict.fromkeys(name for row in texts_of for name in row)
    values = {name: [row[name] for row in texts_of if row.get(name)] for name in names}
    texts = [text for row in texts_of for text in row.values()]
    urls = [u for name in ("url", "link", "href") for u in values.get(name, ())]
    return Profile(
        count=len([row for row in texts_of if any(row.values())]),
        is_list=is_list,
        fields={name: len(found) / len(texts_of) for name, found in values.items()}
        if texts_of
        else {},
        ids=frozenset(filter(None, map(identity, texts_of))),
        front=frozenset(filter(None, map(identity, texts_of[: (len(texts_of) + 1) // 2]))),
        title_order=tuple(t for row in texts_of if len((t := title(row)).split()) > 2),
        shapes=frozenset(map(shape_of, urls)),
        patterns={name: frozenset(map(pattern, found)) for name, found in values.items()},
        varied={name: len(set(found)) / len(found) for name, found in values.items() if found},
        garbled=sum(bool(_GARBLED.search(t)) for t in texts) / len(texts) if texts else 0.0,
        newest=max(values.get("published", ()), default=""),
        oldest=min(values.get("published", ()), default=""),
        length=statistics.median(map(len, texts)) if texts else 0.0,
        kinds={name: kind for name, found in values.items() if (kind := kind_of(found))},
    )


def compare(
    before: Sequence[Any],
    after: Any,
    *,
    strictly: bool = True,
    wanted: Callable[[str], bool] = lambda name: True,
) -> Comparison:
    """Judge an output by the good ones before it, the newest first.

    `wanted` tells of an item's extras (author, image, summary …) whether the job needs them.

    `strictly` is how a patch is judged. Without it only what is plainly wrong counts: that is how
    a run that succeeded is looked at. With nothing before, only an empty output is worse.
    """
    new, olds = _told_apart(profile(after), [profile(one) for one in before])
    if not olds:
        lacks = () if new.count else ("it gives nothing",)
        return Comparison(not lacks, lacks, {"count": new.count})
    old = olds[0]
    lacks, poorer = list(_counted(olds, new, strictly)), list[str]()
    if new.count:
        for name, words in _filled(old, new, strictly):
            (poorer if name in _EXTRAS and not wanted(name) else lacks).append(words)
        old_rows, new_rows = _plainly(before[0]), _plainly(after)
        rewritten = otherwise_written(old_rows, new_rows) if strictly else []
        lacks += _alike(olds, new, strictly, rewritten)
        lacks += _in_same_rows(old_rows, new_rows, strictly)
        shown = [name for name, _ in _patterns(olds, new) if name in rewritten]
        if strictly and wanted("records") and wanted("published") and _other_form(before, after):
            shown.append("published")
        poorer += [f"{name!r} is written otherwise now" for name in shown]
    same = len(new.ids & frozenset[str]().union(*(one.ids for one in olds)))
    if strictly and (older := _older_besides(olds, after, new.count)):
        poorer.append(older)
    if poorer and not same and old.is_list:
        lacks, poorer = lacks + poorer, []  # with nothing of before, nothing vouches for it
    figures = {
        "count": {"before": old.count, "after": new.count},
        "fields": {
            name: {"before": round(share, 2), "after": round(new.fields.get(name, 0.0), 2)}
            for name, share in sorted(old.fields.items()) if share >= 0.5
        },
        "same": same,
    }  # fmt: skip
    return Comparison(not lacks, tuple(lacks), figures, tuple(poorer))


def named_rows(output: Any) -> list[tuple[str, dict[str, str]]]:
    """The rows of an output as texts by name, each with what tells it apart from the others."""
    told = [flat(row) for row in rows_of(output)[0]]
    return [(identity(row), row) for row in told]


def has_news(before: Sequence[Any], after: Any) -> bool:
    """Whether an output starts with a thing that was never there before."""
    known = {name for one in before for name, _ in named_rows(one)}
    return next((name not in known for name, _ in named_rows(after)), False)


def _told_apart(new: Profile, olds: list[Profile]) -> tuple[Profile, list[Profile]]:
    """The profiles with their titles for ids, where no address is the same and titles are.

    A site that writes all its addresses otherwise still tells of the same things.
    """
    known = frozenset[str]().union(*(one.ids for one in olds))
    titles = frozenset[str]().union(*(one.titles for one in olds))
    shared = len(titles & new.titles)
    if not olds or known & new.ids:
        return new, olds
    alone = new.count == 1 and all(one.count == 1 for one in olds)
    if alone and shared and _last_parts(new.ids) <= _last_parts(known):
        return _by_titles(new), [_by_titles(one) for one in olds]  # a page of that name elsewhere
    if shared < max(_FEW - 1, olds[0].count * _LITTLE):
        return new, olds
    if len(new.ids) < new.count * ENOUGH:
        return new, olds  # all lead to one place: a login, a shop window
    return _by_titles(new), [_by_titles(one) for one in olds]


def _last_parts(ids: frozenset[str]) -> set[str]:
    return {one.rstrip("/").rpartition("/")[2] for one in ids}


def _by_titles(one: Profile) -> Profile:
    front = frozenset(one.title_order[: (len(one.title_order) + 1) // 2])
    return replace(one, ids=one.titles, front=front)


def _counted(olds: Sequence[Profile], new: Profile, strictly: bool) -> list[str]:
    usual = statistics.median(one.count for one in olds)
    if not strictly:
        # A run that is merely poor is no failure: quiet days happen.
        few = new.count == 0 if usual < 10 else new.count < usual * _LITTLE
        return [f"it gives {new.count}, usually {usual:g}"] if usual >= 1 and few else []
    need = min(olds[0].count, usual)
    need = need * ENOUGH if need > 4 else need
    if new.count < need:
        return [f"it gives {new.count}, it used to give {olds[0].count}"]
    return []


def _filled(old: Profile, new: Profile, strictly: bool) -> list[tuple[str, str]]:
    lacks = list[tuple[str, str]]()
    for name, share in old.fields.items():
        now = new.fields.get(name, 0.0)
        gone = now < share * ENOUGH if strictly else (share >= ENOUGH and now <= 0.2)
        if share >= 0.5 and gone and name not in NOISE and "." not in name:
            words = f"{name!r} is filled in {now:.0%}, it used to be in {share:.0%}"
            lacks.append((name, words))
    return lacks


def _alike(
    olds: Sequence[Profile], new: Profile, strictly: bool, rewritten: Sequence[str] = ()
) -> list[str]:
    old, lacks = olds[0], list[str]()
    if new.garbled > old.garbled + 0.05:
        lacks.append("its text is garbled")
    for name, share in old.varied.items():
        if (
            name not in _EXTRAS
            and share > 0.6
            and old.count >= 3 <= new.count
            and new.varied.get(name, 1.0) < share / 3
        ):
            lacks.append(f"nearly every {name!r} is the same")
    lacks += _of_other_kinds(olds, new)
    known = frozenset[str]().union(*(one.ids for one in olds))
    same = len(known & new.ids)
    if old.is_list and known and new.ids and not same and not _same_kind(olds, new):
        lacks.append("nothing it gave before is in it, and it is of another kind")
    if strictly:
        lacks += [told for name, told in _patterns(olds, new) if name not in rewritten]
        lacks += _twice(olds, new)
        left_behind = same >= 2 and not old.front & new.ids
        if old.newest and new.newest and new.newest[:10] < old.newest[:10]:
            lacks.append("it is older than what was there before")
        elif left_behind and old.ids & new.ids and not _newer(old, new):
            lacks.append("only the back of the earlier list is in it: an archive")
        elif not same and min(old.count, new.count) >= _FEW and all_lower(old.ids, new.ids):
            lacks.append("all its addresses have lower numbers than before: an archive")
    return lacks


def _of_other_kinds(olds: Sequence[Profile], new: Profile) -> list[str]:
    """Fields that hold another kind of thing now: a number where titles were, words where days were."""
    if not olds[0].is_list or min(new.count, *(one.count for one in olds)) < _FEW:
        return []
    return [
        f"{name!r} is {now} now, it was {kind}"
        for name, kind in olds[0].kinds.items()
        if name not in _EXTRAS
        and name not in NOISE
        and all(one.kinds.get(name) == kind for one in olds)
        and other_kind(kind, now := new.kinds.get(name, kind))
    ]


def surplus(before: Sequence[Any], after: Any) -> str:
    """What a list has besides that it never had: things twice, or older ones; "" for nothing of it."""
    new, olds = profile(after), [profile(one) for one in before]
    if not olds or not new.is_list:
        return ""
    return "; ".join([*_twice(olds, new), *filter(None, [_older_besides(olds, after, new.count)])])


def _twice(olds: Sequence[Profile], new: Profile) -> list[str]:
    twice = new.count - len(new.ids)
    never = all(len(one.ids) == one.count for one in olds)
    many = never and twice > max(1, new.count * _FEW_TWICE)
    return [f"{twice} of its things are there twice"] if many else []


def _other_form(before: Sequence[Any], after: Any) -> bool:
    """Whether a scraper's records have their day in another form now; its items read any."""
    olds = [look for one in before for look in _days_in_records(one)]
    news = _days_in_records(after)
    return bool(olds and news) and not set(olds) & set(news)


def _days_in_records(output: Any) -> list[str]:
    told: Any = output.get("records") if isinstance(output, dict) else None
    rows = [flat(row) for row in told] if isinstance(told, list) else []
    return [pattern(row["published"]) for row in rows if row.get("published")]


def _older_besides(olds: Sequence[Profile], after: Any, count: int) -> str:
    """Tells of things older than all before that it gives besides, where it gives more than ever."""
    oldest = min((one.oldest for one in olds if one.oldest), default="")
    if not oldest or count <= max(one.count for one in olds) * _MORE:
        return ""
    days = [flat(row).get("published", "")[:10] for row in rows_of(after)[0]]
    older = sum(bool(day) and day < oldest[:10] for day in days)
    return f"{older} things are older than all that it gave before" if older >= _FEW - 1 else ""


def _newer(old: Profile, new: Profile) -> bool:
    """Whether there is something in it of a later day than before."""
    return bool(old.newest) and new.newest[:10] > old.newest[:10]


def _same_kind(olds: Sequence[Profile], new: Profile) -> bool:
    """Other things than before, but of the same kind: their addresses are built alike."""
    shapes = frozenset[str]().union(*(one.shapes for one in olds))
    if shapes and new.shapes:
        return len(shapes & new.shapes) / len(new.shapes) >= 0.6
    old = olds[0]
    return bool(old.length and new.length) and 0.4 <= new.length / old.length <= 2.5


def _plainly(output: Any) -> list[dict[str, str]]:
    rows = [flat(row) for row in rows_of(output)[0]]
    return [{name: v for name, v in row.items() if name not in NOISE} for row in rows]


def _in_same_rows(
    old: list[dict[str, str]], new: list[dict[str, str]], strictly: bool
) -> list[str]:
    """What the same rows hold now: other words, or numbers that were all multiplied."""
    bare = (
        [{n: v for n, v in row.items() if n not in _EXTRAS} for row in one] for one in (old, new)
    )
    told = something_else(*bare)
    return [*told, *rescaled(old, new), *other_days(old, new)] if strictly else told


def _patterns(olds: Sequence[Profile], new: Profile) -> list[tuple[str, str]]:
    """Short fields keep their look: a price stays a price, a date a date."""
    lacks = list[tuple[str, str]]()
    for name, patterns in olds[0].patterns.items():
        known = frozenset[str]().union(*(one.patterns.get(name, frozenset()) for one in olds))
        if name == "published":
            continue  # a moment is a moment, however the page writes it
        if name in ("url", "link", "href") and any(one.ids & new.ids for one in olds):
            continue  # the same things, at addresses that are written otherwise
        regular = len(patterns) <= 4 and all(len(p) <= SHORT for p in patterns)
        telling = any(c in p for p in patterns for c in "9.,:/$€£")
        found = new.patterns.get(name, frozenset())
        if regular and telling and found and not known & found:
            lacks.append((name, f"{name!r} no longer looks like it did"))
    return lacks
