"""A statement of SQL that stands in a request, up to where the request goes on."""

from __future__ import annotations

import re

TO_PLACES = (
    r"(?:,? ?(?<!\w)(?:and |then )?(?:from|in|into|to|as|on|at|by|via|every|each|als|an|nach|aus|von|in|auf|dans|de|à|a|au|sur|"
    r"comme|en|como|para|da|su|come|naar|op|uit|before|since|published|with|for|within|over|during)\s+(?:the |our |my )?)?"
    r"<(?:mail|chan|file|feed|page|api|model)\d>"
)
_ASKING = re.compile(r"\bselect\b.+?\bfrom\b.*", re.I | re.S)
_CHANGING = re.compile(
    r"\b(?:update \w+ set .+?(?: where .+?)?|insert into \w+ ?(?:\([^)]*\) ?)?(?:values ?\([^)]*\)|select .+?)|delete from \w+(?: where .+?)?)"
    r"(?=$|[.;](?:\s|$)|,? (?:and|then) (?:mail|send|save|tell|post|let)\b|\s+(?:on|in|against) (?:the |our )?\w+(?: data ?base| db)?\W*$)",
    re.I,
)
_DONE_WITH_IT = r"(?:mail|send|save|tell|post|ping|put|let|message|text|whatsapp|notify|alert|drop|stick|give)\b"
# Where a statement ends: at a place or a time, at the database it is for, at what is done with it.
_END = re.compile(
    rf"{TO_PLACES}|\s*<(?:when|time)\d>|\.\s|\s+on \w+db\b|\s+(?:on|in|from|against) (?:the |our |my )?\w+ (?:data ?base|db)\b|\s--?\s(?!\d)|\s[–—]\s|"
    rf",\s*(?:the )?(?:data ?base|db)\b|:\s*(?:run|execute)\b|,\s*(?:(?:result|output|rows|then|and)\b|{_DONE_WITH_IT})|\s\)|"
    rf"\s+and (?:then )?{_DONE_WITH_IT}|\s+(?:on|against) (?:the |our )?\w+,? (?:and|then) (?:then )?{_DONE_WITH_IT}"
)
_BEHIND = re.compile(
    r"(?:[\s,]+(?:and|then|und|dann|et|puis|y|e|en|please|pls|bitte|as|for|from|at|by|into|on|in|to|a|the))+$",
    re.I,
)


def asks_in_sql(text: str) -> bool:
    """Whether a request asks by a statement and not by words."""
    return _ASKING.search(text) is not None


def statement_in(text: str) -> str:
    """The statement of a marked request; empty where it has none."""
    if changing := _CHANGING.search(text):
        return changing[0].strip().rstrip(".;")
    asking = _ASKING.search(text)
    if asking is None:
        return ""
    told = _END.split(asking[0])[0]
    if not re.search(r"\bjoin\b", told, re.I):
        told = re.sub(r"\s+(?:on|against) (?:the |our )?\w+\s*$", "", told)
    return _BEHIND.sub("", told.strip().rstrip(".;"))
