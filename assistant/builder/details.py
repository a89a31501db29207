"""Values of a step that a model is never asked for and that words show by their form: headers of a
call, the heading of a message, the language of articles, selectors of fields, a letter's look."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from assistant.builder.lending import lent
from assistant.builder.selectors import selectors
from assistant.grounding.languages import fold
from assistant.grounding.marks import Marked

_HEADER = re.compile(
    r"\bheaders?\b[^.;\n]{0,20}?(?=[A-Z][\w-]*:|[\w-]+-[\w-]+:|[\w-]+: ?\S)(?P<all>.+)", re.I
)
# "X-Key: 99 as a header", "wants Accept-Language: fr among the headers"
_HEADER_PAIR = r"[A-Z][A-Za-z]*(?:-[A-Za-z0-9]+)*: (?:[Bb]earer |[Bb]asic |[Tt]oken )?[^\s,;\"'{}]+"
_HEADER_BEHIND = re.compile(
    rf"(?<![\w/:-])(?P<all>{_HEADER_PAIR}(?:(?:,? and |, ){_HEADER_PAIR})*)(?:,? [^.;:\n{{}}]{{0,20}}?)?"
    r" (?:as|among|in|with|for|to)(?: (?:an?|the|its|one of the|part of the|request|http|extra|additional|my|our))* headers?(?!\w)"
)
# "a header X-Ops-Ticket, put CHG-48213 in there": name and value apart.
_APART = re.compile(
    r"\bheader (?:called |named |by the name of )?(?P<name>[A-Z][A-Za-z]*(?:-[A-Za-z0-9]+)*)(?:,| and)?"
    r" (?:put|set(?: it)?(?: to)?|with(?: the value)?(?: of)?|being|as|is|should be|must be|that says|saying|which is|to|value) "
    r"(?:the value |it to )?(?P<value>[\w.:/+=-]+)"
)
_PAIR = re.compile(
    r"(?P<name>[A-Za-z][\w-]*): ?(?P<value>(?:bearer |basic |token )?[^\s,;]+)", re.I
)
# "with Accept: text/csv", "the key goes in as X-Api-Key: secret:key"
_KNOWN_HEADER = re.compile(
    r"(?<![\w/:-])(?P<name>X-[\w-]+|Accept(?:-[\w-]+)?|Authori[sz]ation|Content-[\w-]+|User-Agent|Cache-Control|Cookie|Origin|Referer|If-[\w-]+|Prefer|"
    r"[A-Z]\w*(?:-[A-Z]\w*)*-(?:Key|Token|Id|Version|Secret)): ?(?P<value>(?:[Bb]earer |[Bb]asic |[Tt]oken )?[^\s,;\"'(){}]+)"
)
_HEADING = re.compile(
    r"(?:headings?|headline|title[ds]?(?: it| this)?|headed|head it|heading of|under the heading|mit dem titel|titel|titre|titulo|titolo)"
    r"(?: (?:is|should be|of|it|reads?|as))*:? (?P<said><quote\d>|[A-ZÀ-ÖØ-Þ][\w-]*(?: [A-ZÀ-ÖØ-Þ][\w-]*)*)",
)
_HEADING_AFTER = re.compile(
    r"(?P<said><quote\d>) (?:(?:stand|appear|be|go) )?(?:(?:as|for|in|on) (?:the |its |a )?(?:headings?|headline|title|subject(?: line)?)|(?:over|above|on top of|atop|at the top of) (?:it|this|that|them|the \w+))(?!\w)"
)
_LANGUAGES = {
    "english": "en", "german": "de", "french": "fr", "spanish": "es", "italian": "it", "portuguese": "pt",
    "dutch": "nl", "polish": "pl", "swedish": "sv", "danish": "da", "norwegian": "no", "finnish": "fi",
    "czech": "cs", "greek": "el", "turkish": "tr", "russian": "ru", "ukrainian": "uk", "japanese": "ja",
    "chinese": "zh", "korean": "ko", "arabic": "ar", "englisch": "en", "deutsch": "de", "franzosisch": "fr",
    "spanisch": "es", "italienisch": "it", "anglais": "en", "allemand": "de", "francais": "fr",
    "ingles": "en", "aleman": "de", "frances": "fr", "inglese": "en", "tedesco": "de", "francese": "fr",
    "engels": "en", "duits": "de", "frans": "fr",
}  # fmt: skip
_ONLY = re.compile(
    r"(?:only|just|nothing but|nur|seulement|solo|soltanto|so|alleen|keep)(?: (?:the|want|need|take|keep|those|ones|pieces|articles|texts|it|them|if|that|which|are|is|s|they|die|les|los|gli|os|de|auf|en|in))* "
    r"(?P<one>[a-z]+?)(?:e[nrs]?|s|es)?(?= (?:ones?|articles?|pieces?|texts?|pages?|stories|language|artikel|texte)|[.,;!?]|$| (?:please|pls|tho|though|and)\b)"
    r"|(?:if|when|those|ones|unless)(?: (?:it|they|that|which))?(?:'s| is| are|'re)?(?: written)? in (?P<two>[a-z]+)"
)
_LOOKS = {
    "gallery": r"(?:with |has |have |big |large )?(?:pictures?|photos?|images?|cards?|bilder\w*|fotos?|images|imagenes|immagini|foto's)(?: and \w+)?",
    "brief": r"short list|one-?liners?|just (?:the )?(?:headlines|links|titles)|compact|bare|plain list|nur (?:die )?(?:links|titel)",
}


def details(skill: str, marked: Marked, known: Callable[[str], bool]) -> dict[str, Any]:
    """Parameter → value, of those parameters that are `known`."""
    find = {
        "http_request": _headers, "notify": _heading, "extract_article": _language,
        "compile_newsletter": _look, "scrape_page": selectors, "ask_model": _tools,
    }.get(skill)  # fmt: skip
    found = find(marked) if find else {}
    return {name: value for name, value in found.items() if known(name)}


def _headers(marked: Marked) -> dict[str, Any]:
    behind = _HEADER_BEHIND.search(marked.original)
    found = [*_APART.finditer(marked.original), *(_PAIR.finditer(behind["all"]) if behind else ())]
    found += _KNOWN_HEADER.finditer(marked.original)
    apart = {m["name"]: m["value"].rstrip(".,;") for m in found}
    said = _HEADER.search(marked.original)
    if said is None or apart:
        return {"headers": apart} if apart else {}
    stretch = re.split(r"[.;](?:\s|$)|\s(?:then|to|into|every|each)\s", said["all"])[0]
    pairs = {m["name"]: m["value"].rstrip(".,;)'\"") for m in _PAIR.finditer(stretch)}
    pairs = {name: value for name, value in pairs.items() if not value.startswith("//")}
    return {"headers": pairs} if pairs else {}


def _tools(marked: Marked) -> dict[str, Any]:
    tools = sorted(lent(marked.text))
    return {"skills": tools} if tools else {}


def _heading(marked: Marked) -> dict[str, Any]:
    said = (
        _HEADING_AFTER.search(marked.text)
        or _HEADING.search(marked.text)
        or _HEADING.search(fold(marked.text))
    )
    return {"title": marked.raw(said["said"])} if said else {}


def _language(marked: Marked) -> dict[str, Any]:
    for said in _ONLY.finditer(fold(marked.original)):
        word = said["one"] or said["two"] or ""
        for form in (word, word.removesuffix("e"), f"{word}e", f"{word}s", f"{word}h"):
            if form in _LANGUAGES:
                return {"language": _LANGUAGES[form]}
    return {}


def _look(marked: Marked) -> dict[str, Any]:
    folded = fold(marked.text)
    made = re.search(
        r"(?:news ?letter|digest|letter|layout|design|look|style|version|laid out|lay)", folded
    )
    looks = [
        name
        for name, pattern in _LOOKS.items()
        if made and re.search(rf"(?<!\w)(?:{pattern})(?!\w)", folded)
    ]
    return {"design": looks[0]} if looks else {}
