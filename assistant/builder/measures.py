"""A value on a page that is compared: "when the price on https://… drops below 40".

The page is read whole, and the number that is said of the word is read out of its text
(`number(…, of='price')`); no number, or several, end the run with an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.builder.wiring import Part
from assistant.grounding.cues import cues
from assistant.grounding.languages import fold, is_small
from assistant.pipeline.amounts import PRICE

PAGE = {"selector": "body", "fields": {"text": ""}}
"""How a page is read whole: one record with its text."""
_COUNTED = frozenset(
    [
        "there",
        "number",
        "count",
        "total",
        "amount",
        "list",
        "feed",
        "page",
        "result",
        "story",
        "item",
        "entry",
        "post",
        "article",
        "listing",
        "row",
        "stock",
        "things",
        "ones",
        "anzahl",
        "zahl",
        "nombre",
        "numero",
        "quantidade",
        "aantal",
    ]
)
"""What is counted, not read."""
_POINTING = frozenset({"it", "that", "this", "one", "they"})
_MOVES = re.compile(
    r"(?<!\w)(?:drop|fall|fell|dip|sink|go(?:es)? (?:under|below)|gone (?:under|below))"
)
_PRICED = re.compile(
    r"(?<!\w)(?:price|cheap\w*|buy|costs?|for sale|on sale|bargain|deal|afford|euros?|pounds?|dollars?|quid)(?!\w)|[€£$]"
)
_FREE = ("message", "body")


@dataclass(frozen=True)
class Measured:
    """What is compared and with what: marks of the number and the page; `start` and `end` are the
    words that say so."""

    what: str
    test: str
    than: str
    url: str
    start: int
    end: int


def measured(text: str) -> Measured | None:
    """The comparison of a value on a page that a marked request makes; None for every other."""
    pages = re.findall(r"<page\d>", text)
    if not pages:
        return None
    for cue in cues("measured", text):
        words = cue.groups.get("what", "").split()
        what = "price" if cue.groups.get("price") else words[-1].lower() if words else ""
        if what in _POINTING and (_PRICED.search(fold(text)) or _MOVES.search(fold(cue.text))):
            what = "price"
        plural = what.endswith("s") and not what.endswith("ss") and what not in PRICE
        numbers = cue.marks("num")
        if what and numbers and not (plural or what in _COUNTED or is_small(what)):
            url = next(iter(cue.marks("page")), pages[0])
            return Measured(what, cue.name, numbers[-1], url, cue.start, cue.end)
    return None


def expression(reader: str, what: str) -> str:
    """The number of a word in the page that a step has read."""
    return f"number(steps.{reader}.items[0].text, of='{what}')"


def read_whole(parts: Sequence[Part], what: str) -> None:
    """Let the page be read whole, and what goes out tell the number that was found."""
    reader = next((part for part in parts if part.skill.name == "scrape_page"), None)
    if reader is None or reader.arguments.keys() & PAGE.keys():
        return
    reader.arguments |= dict(PAGE)
    reader.arguments.pop("limit", None)
    told = f"{what[:1].upper()}{what[1:]}: ${{{{ {expression(reader.id, what)} }}}} {reader.arguments.get('url', '')}"
    for part in parts:
        free = next((name for name in _FREE if name in part.skill.parameters.model_fields), "")
        if (
            part.number > reader.number
            and free
            and not part.arguments.keys() & {*_FREE, "newsletter"}
        ):
            part.arguments[free] = told.strip()


def condition(subject: str, values: Mapping[str, Any]) -> str:
    """What a condition compares: the number of its word in the page's text. `subject`: its items."""
    return f"number({subject}[0].text, of='{values['measure']}')"
