"""Fields of the rows of a page, each with the selector that a request gives for it."""

from __future__ import annotations

import re
from typing import Any

from assistant.grounding.marks import Marked

# "the title from its h3", "price = .est", "name out of a.name"
_SELECTOR = re.compile(
    r"(?P<name>[^\W\d_]+)(?: (?:is|stands|sits|comes|out|taken|read))?(?: (?:in|from|of|at|under|by|with|via))*(?: (?:its|the|their|each|every))? ?(?:=|:|->|→|\()? ?"
    r"(?P<selector><sel\d>|h[1-6](?![\w])|\.[a-z][\w-]*|a@href|img@src|[a-z]+\.[\w-]+)"
)


_SIGN = re.compile(r"<sel\d>|(?<![\w.])h[1-6](?![\w])|(?<![\w.])[a-z]+@(?:href|src)")
# "the rows are tr.lot", "every div.bed", "li.catch entries": what holds a whole record.
_ROW_BEFORE = re.compile(
    r"(?:rows?|records?|entries|entry|lots|cards?|blocks?|items?|elements?|each|every|all(?: the)?|lines?)(?: (?:i'm|i am|we're|you) (?:after|want|need))?(?:,)?(?: (?:is|are|being|stands? in|sits? in|in|under|by|at|marked|=))*:? *$",
    re.I,
)
_ROW_BEHIND = re.compile(
    r"^ (?:rows?|records?|entries|lots|cards|blocks|items|elements|nodes)(?!\w)", re.I
)
_WORD = r"[^\W\d_][\w-]*"
# "call the columns bidder and sum"
_NAMES = re.compile(
    rf"(?<!\w)(?:(?:call|name|label)(?: (?:the|these|those|them|my|both|all|two|three|four))*(?: (?:columns?|fields?|keys?|ones))?(?: as)?|(?:columns?|fields?|keys?)(?: (?:are|is|to be|should be|shall be|called|named|being))+):? "
    rf"(?P<names>{_WORD}(?:(?:, | and |, and | & ){_WORD})+)(?=[.;,!?)]|$| (?:please|respectively|then)\b)",
    re.I,
)


def selectors(marked: Marked) -> dict[str, Any]:
    """Fields with the selector that is named for each; a selector of whole records is none."""
    text = marked.text
    rows = {s[0] for s in _SIGN.finditer(text) if _whole(text, s)}
    signs = [s for s in _SIGN.finditer(text) if s[0] not in rows]
    if said := _NAMES.search(text):
        names = re.split(r",? (?:and|&) |, ", said["names"])
        signs = [s for s in signs if not said.start() <= s.start() < said.end()]
        if len(names) == len(signs):
            pairs = zip(names, signs, strict=True)
            return {"fields": {n.lower(): marked.raw(s[0]) for n, s in pairs}}
    found: dict[str, str] = {}
    for match in _SELECTOR.finditer(text):
        name = match["name"].lower()
        if name in _NO_FIELDS or len(name) < 3 or match["selector"] in rows:
            continue
        found[name] = marked.raw(match["selector"])
    return {"fields": found} if found else {}


def _whole(text: str, sign: re.Match[str]) -> bool:
    before, behind = text[: sign.start()], text[sign.end() :]
    return bool(_ROW_BEFORE.search(before) or _ROW_BEHIND.match(behind))


_NO_FIELDS = frozenset(
    [
        "every",
        "each",
        "all",
        "the",
        "selector",
        "elements",
        "element",
        "from",
        "with",
        "take",
        "get",
        "grab",
        "scrape",
        "read",
        "use",
        "only",
        "css",
        "and",
        "tag",
        "tags",
        "class",
        "nodes",
        "entries",
        "items",
        "rows",
        "are",
        "is",
        "much",
        "many",
        "who",
        "bids",
        "stands",
        "row",
        "being",
        "lots",
        "records",
        "record",
        "has",
        "have",
    ]
)
