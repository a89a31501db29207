"""Fields of the rows of a page, each with the selector that a request gives for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from assistant.grounding.languages import fold
from assistant.grounding.marks import Marked

# What stands between a field's name and its selector: "title (that's the h3)", "price, which is b.price".
_BETWEEN = (
    r"(?:[\s,:=(\[–—→>-]|(?<!\w)(?:that|this|it|which|there|these|they)(?:'s|'re|'d be| is| are| would be)?(?!\w)|"
    r"(?<!\w)(?:is|are|be|being|in|inside|within|from|of|at|under|by|with|via|as|out|the|its|their|an?|each|every|stands?|sits?|comes?|"
    r"taken|read|found|held|kept|lives?|tag|element|selector|class)(?!\w))*"
)
_FIELD = r"(?P<name>[^\W\d_]+)"
_BEFORE = re.compile(rf"{_FIELD}(?=\W){_BETWEEN}$", re.I)
# "h3 is the title", "span.price holds the price"
_BEHIND = re.compile(
    rf"\)?(?:(?: (?:is|as|holds|has|gives|contains|for)| ?(?:=|->|→))(?: (?:the|its|their|an?))*| the) ?{_FIELD}(?!\w)"
)
_SIGN = re.compile(
    r"<sel\d>|(?<![\w.])h[1-6](?![\w])|(?<![\w.])[a-z]+@(?:href|src)|(?<![\w./@-])(?:\.[a-z][\w-]*|[a-z]+\.[a-z][\w-]*(?![\w./@]))"
)
# "the rows are tr.lot", "every div.bed", "li.catch entries": what holds a whole record.
_ROW_BEFORE = re.compile(
    r"(?:rows?|records?|entries|entry|lots|cards?|blocks?|items?|elements?|each|every|all(?: the)?|lines?)(?: (?:i'm|i am|we're|you) (?:after|want|need))?(?:,)?(?: (?:is|are|being|stands? in|sits? in|in|under|by|at|marked|matching|that match|which match|an?|one|its own|=))*:? *$"
    r"|(?:each|every|all(?: the)?|jede[rsnm]?|alle|chaque|chacune? des|cada|ogni|elke?|ieder\w?) [\w-]+ (?:is|are|ist|sind|est|es|e|è|steht|staat|steckt|being|has|sits?|stands?|lives?|comes?|starts?)(?: (?:in|inside|with|as|an?|one|its own|un[ea]?|uno|ein\w*|een|dans|en))* *$",
    re.I,
)
_ROW_BEHIND = re.compile(
    r"^ (?:(?:is |holds |as )?(?:one |an? |each )?(?:rows?|records?|entr(?:y|ies)|lots|cards|blocks|items|elements|nodes)|per \w+|for (?:each|every) \w+)(?!\w)",
    re.I,
)
# A class behind a small word, as it stands when signs were put in order: "name in.n".
_GLUED = re.compile(r"(?<![\w.])(in|from|of|at|by|is|as|with|under|out|the|its|are|via)\.(?=[a-z])")
_WORD = r"[^\W\d_][\w-]*"
# "call the columns bidder and sum"
_NAMES = re.compile(
    rf"(?<!\w)(?:(?:call|name|label)(?: (?:the|these|those|them|my|both|all|two|three|four))*(?: (?:columns?|fields?|keys?|ones))?(?: as)?|(?:columns?|fields?|keys?)(?: (?:are|is|to be|should be|shall be|called|named|being))+):? "
    rf"(?P<names>{_WORD}(?:(?:, | and |, and | & ){_WORD})+)(?=[.;,!?)]|$| (?:please|respectively|then)\b)",
    re.I,
)


def selectors(marked: Marked) -> dict[str, Any]:
    """Fields with the selector that is named for each; a selector of whole records is none."""
    text = _GLUED.sub(r"\1 .", marked.text)
    rows = {s[0] for s in _SIGN.finditer(text) if _whole(text, s)}
    signs = [s for s in _SIGN.finditer(text) if s[0] not in rows]
    if said := _NAMES.search(text):
        names = re.split(r",? (?:and|&) |, ", said["names"])
        signs = [s for s in signs if not said.start() <= s.start() < said.end()]
        if len(names) == len(signs):
            pairs = zip(names, signs, strict=True)
            return {"fields": {n.lower(): marked.raw(s[0]) for n, s in pairs}}
    if len(signs) == 1 and _several(text, signs[0]):
        return {}
    found: dict[str, str] = {}
    for sign, last in zip(signs, [0, *(s.end() for s in signs)], strict=False):
        name = _named(text[last : sign.start()], text[sign.end() :])
        if name and name not in found:
            found[name] = marked.raw(sign[0])
    return {"fields": found} if found else {}


def rows_first(text: str, signs: Sequence[str]) -> list[str]:
    """Selectors of a marked request, those of whole records first."""
    rows = {s[0] for s in _SIGN.finditer(text) if _whole(text, s)}
    return sorted(signs, key=lambda sign: sign not in rows)


def _named(before: str, behind: str) -> str:
    """The name of a field beside its selector, which stands between `before` and `behind`."""
    for said in (_BEHIND.match(behind), _BEFORE.search(before)):
        name = said["name"].lower() if said else ""
        if len(name) > 2 and name not in _NO_FIELDS:
            return name
    return ""


# "(posts are li.topic)", "Zeilen: tr.notice", "whatever it lists under li.object"
_SEVERAL = re.compile(
    r"(?:(?:each|every|jede\w*|chaque|cada|ogni|elk\w*|ieder\w*) [^\W\d_]+|[^\W\d_]{3,}s|lists?|shows?|holds?|zeilen|eintrage|kasten|lignes|entrees|filas|entradas|righe|voci|rijen|regels|linhas|blocke|cada un[oa]|chacun\w*|ognun[oa]|elk\w*)"
    r"(?: (?:are|is|all|sit|sits|stand|stands|live|lives|in|under|sind|stehen|sont|dans|son|es|un|una|est|une?|sono|zijn|sao|inside|as|at|by))*[ :(=]*$"
)


def _several(text: str, sign: re.Match[str]) -> bool:
    """Whether the only selector of a request is that of the entries: what it is called by is told
    in the plural."""
    return _SEVERAL.search(fold(text[: sign.start()])) is not None


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
        "them",
        "it",
        "those",
        "reference",
        "has",
        "have",
        "ist",
        "sind",
        "est",
        "sont",
        "sono",
        "zijn",
        "steht",
    ]
)
