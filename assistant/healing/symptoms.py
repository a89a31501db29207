"""Signs that a step which succeeded did not do its work: it gave nothing, or nonsense."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.clock import parse_rfc3339
from assistant.healing.comparing import compare, profile, rows_of, surplus
from assistant.healing.counting import tells_of_more
from assistant.healing.shapes import oddities, records_of
from assistant.healing.wording import Allowed

LONGEST = 2000
"""Letters of a text whose length tells anything."""
_OFTEN = 2
_STUB = 0.34
"""Share of the shortest text so far below which a text stands for another one."""


@dataclass(frozen=True)
class Symptom:
    """What is odd, in words. `quiet` when the same has passed by itself before.

    `marked`: the figures of earlier runs tell it, though the output alone would pass.
    `allowed` are the words of an `expect` line that the output does not keep to. `shaped` when it
    is what a model's answer is made of that differs, as `odd_answer` tells. `surplus` when nothing is
    missing and there is something besides that was never there.
    """

    words: str
    empty: bool
    quiet: bool = False
    marked: bool = False
    allowed: Allowed | None = None
    shaped: bool = False
    surplus: bool = False


def symptom_of(good: Sequence[Any], output: Any, *, strictly: bool = False) -> Symptom | None:
    """What is plainly wrong with an output beside the good ones before it, newest first.

    `strictly` when something else says already that it is wrong: any lack counts then.
    """
    compared = compare(good, output, strictly=strictly)
    lacks = "; ".join(compared.lacks) or (_cut_short(good, output) if strictly else "")
    if not lacks:
        return None
    return Symptom(lacks, not profile(output).count, marked=strictly)


def _cut_short(good: Sequence[Any], output: Any) -> str:
    """Tells of a lone text that is much shorter than all before it: a stub in its place."""
    told = [[str(row["text"]) for row in rows_of(one)[0] if isinstance(row, dict) and row.get("text")]
            for one in (output, *good)]  # fmt: skip
    if not good or any(len(texts) != 1 for texts in told):
        return ""
    length, *before = (len(texts[0]) for texts in told)
    short = length < min(before) * _STUB
    return f"its text has {length} letters, at least {min(before)} before" if short else ""


def surplus_of(good: Sequence[Any], output: Any) -> Symptom | None:
    """A list that has, besides what it should, things twice or older ones than ever before."""
    words = surplus(good, output)
    return Symptom(words, empty=False, surplus=True) if words else None


def part_of(good: Sequence[Any], output: Any) -> Symptom | None:
    """Fewer things than usual from what says, for the first time, that it has more."""
    if isinstance(output, dict) and "next_page" in output:
        # Of what was read before pages were told of, nobody knows whether there were any.
        good = [one for one in good if isinstance(one, dict) and "next_page" in one]
    told = tells_of_more(output)
    usual = statistics.median([profile(one).count for one in good]) if good else 0
    if not told or profile(output).count >= usual or any(map(tells_of_more, good)):
        return None
    return Symptom(told, empty=False, marked=True)


def odd_answer(good: Sequence[Any], output: Any) -> Symptom | None:
    """A model's answer that is made otherwise than all good ones before it.

    Of a record the keys, types and sizes are compared, of a text how long it is.
    """
    records, now = records_of(good), records_of([output])
    words = "; ".join(one.words for one in oddities(records, now[0])) if now else ""
    texts = [one["text"] for one in good if isinstance(one, dict) and one.get("text")]
    if not words and not now and texts and isinstance(output, dict) and "tokens" in output:
        longest, length = max(map(len, texts)), len(str(output.get("text", "")))
        if longest <= LONGEST and length > max(longest * 1.5, 12):
            words = f"its text has {length} letters, at most {longest} before"
    return Symptom(words, empty=False, marked=True, shaped=True) if words else None


def quiet_day(symptom: Symptom, at: str, past: Sequence[tuple[str, Any]]) -> Symptom:
    """The symptom, marked quiet when emptiness is usual: on this weekday, or now and then.

    `past` are earlier outputs with the instant of their run, newest first. An emptiness counts
    when something came after it: it has passed by itself.
    """
    if not symptom.empty:
        return symptom
    weekday, since_good = parse_rfc3339(at).weekday(), False
    same_day = passed = 0
    for moment, output in past:
        if profile(output).count:
            since_good = True
        elif since_good:
            passed += 1
            same_day += parse_rfc3339(moment).weekday() == weekday
    if same_day:
        day = parse_rfc3339(at).strftime("%A")
        return replace(symptom, quiet=True, words=f"it is often empty on a {day}, and fills again")
    if passed >= _OFTEN:
        return replace(
            symptom, quiet=True, words=f"it was empty {passed} times before, and filled again"
        )
    return symptom
