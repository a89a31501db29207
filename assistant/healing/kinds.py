"""What a field holds, by the look of its texts: an address, a day, a number, words; and what
the numbers in addresses tell of their age."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\d{1,2}\.? [^\W\d_]{3,9}\.?,? \d{4}\b"
    r"|[^\W\d_]{3,9}\.? \d{1,2},? \d{4}\b"
)
_AMOUNT = re.compile(r"[^\w\s]{0,2}\s?\d[\d.,\u00a0 ]*\s?[^\W\d_]{0,4}[^\w\s]?")
_MONEY = re.compile(
    r"[$€£¥₹]|\b(?:usd|eur|gbp|chf|cad|aud|jpy|sek|nok|dkk|pln|czk|kr|zł|fr)\b", re.I
)
_LAST_NUMBER = re.compile(r"\d{1,9}(?=\D*$)")
_NEARLY_ALL = 0.8
_NUMBERS = frozenset({"a number", "a price", "an amount"})


def kind_of(values: Sequence[str]) -> str:
    """What nearly all of some texts are, in words; an empty text where they differ, or are mere words."""
    told = Counter(map(_kind, values))
    if len(told.keys() & _NUMBERS) > 1 and (many := sum(told[one] for one in _NUMBERS)):
        told["a number"] = many  # some with a sign, some without
    kind, count = told.most_common(1)[0] if told else ("", 0)
    return kind if count >= len(values) * _NEARLY_ALL else ""


def _kind(text: str) -> str:
    text = text.strip()
    if re.match(r"https?://", text):
        return "an address"
    if _MOMENT.match(text):
        return "a day"
    if _AMOUNT.fullmatch(text):
        counted = re.search(r"[^\W\d_]", text)
        return "a price" if _MONEY.search(text) else "an amount" if counted else "a number"
    words = re.findall(r"[^\W\d_]{2,}", text)
    return "words" if len(words) > 2 else "a short word" if len(words) < 2 else ""


def other_kind(old: str, new: str) -> bool:
    """Whether one kind is no other form of another: a bare number may be a price, jars may not."""
    if "a number" in (old, new) and {old, new} <= _NUMBERS:
        return False
    return old != new


def same_amount(one: str, other: str) -> bool:
    """Whether both are one number, of which at least one tells neither a currency nor a unit."""
    kinds = {_kind(one), _kind(other)}
    if not kinds <= _NUMBERS or "a number" not in kinds:
        return False
    first, second = (re.sub(r"[^\d.,]|[.,]$", "", text).replace(",", ".") for text in (one, other))
    try:
        return float(first) == float(second)
    except ValueError:
        return False


def all_lower(before: Collection[str], after: Collection[str]) -> bool:
    """Whether each address ends in a number of its own, and all of now are below all of before."""
    old, new = (
        [int(found[0]) for one in told if "/" in one and (found := _LAST_NUMBER.search(one))]
        for told in (before, after)
    )
    whole = len(set(old)) == len(before) and len(set(new)) == len(after)
    return whole and bool(old and new) and max(new) < min(old)


def plain_url(url: str) -> str:
    """An address without what a move or a campaign changes: scheme, host, query, last slash."""
    parts = urlsplit(url)
    return (parts.path.rstrip("/") or "/") + (f"?{parts.query}" if "id=" in parts.query else "")


def shape_of(url: str) -> str:
    """How an address is built: its folders as they are, its last part only by kind."""
    *folders, last = urlsplit(url).path.rstrip("/").split("/")
    place = "/".join(re.sub(r"\d+", "#", folder) for folder in folders)
    kind = "#" if last.isdigit() else "slug" if re.search(r"[-_]|\d", last) else "word"
    return f"{place}/{kind}"
