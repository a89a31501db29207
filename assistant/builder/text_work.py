"""Whether a request has a text of its own worked on: a translation, a correction, a judgement."""

from __future__ import annotations

import re
from collections.abc import Collection

from assistant.grounding.cues import says
from assistant.grounding.languages import fold

_ELSEWHERE = re.compile(r"<(?:feed|page|api|file|job|sel)\d>")
_SOURCES = frozenset(
    {"fetch_feed", "scrape_page", "web_search", "http_request", "query_database", "save_file"}
)
# What names a quoted text as a title, a subject or a message, which nobody works on.
_NAMED = re.compile(
    r"(?:titled?|called|named?|head(?:ed|ing)|headline|subject|say(?:ing|s)?|rename|channel|titel|betreff|titre|titulo|titolo)(?: (?:is|it|to|as|line|should be))*:? <quote"
)


def works_on_text(text: str, sure: Collection[str]) -> bool:
    """Whether a text stands in the words, nothing takes it anywhere, and it is told what is to be
    made of it; or something is to be written or explained that needs no source at all."""
    if _ELSEWHERE.search(text) or _SOURCES & set(sure) or "<chan" in text or "<mail" in text:
        return False
    folded = fold(text)
    if says("work", "explaining", text):
        return True
    if "<quote" not in text or _NAMED.search(folded):
        return False
    if "compile_newsletter" in sure or "extract_article" in sure:
        return False
    rest = re.sub(r"<\w+\d>", " ", folded)
    return says("work", "on_text", text) or ("?" in rest and len(rest.split()) > 2)


_SEVERAL = re.compile(r"(?<!\w)(?:each|apiece|(?:first|newest|latest|top) <num)")


def reads_whole(text: str, sure: Collection[str]) -> bool:
    """Whether a page is read as one text, which is shortened or which a model works on: no part of it
    is named, it holds no several things, and nobody speaks of scraping."""
    worked_on = {"ask_model", "summarize_items"} & set(sure)
    several = "<sel" in text or _SEVERAL.search(fold(text))
    return bool(worked_on) and "scrape_page" not in sure and not several


_SENDING = re.compile(
    r"(?:^|[.;,:!?] |(?<!\w)(?:and|then|please|pls|also|could you|can you|it to) )(?:e-?mail|mail|send|forward|post|write to|tell|notify|ping)(?! (?:me|us) (?:if|whether|what|how))(?!\w)"
)


def only_judged(text: str, sure: Collection[str]) -> bool:
    """Whether a quoted text is worked on and nobody is to get it, though its words or those around
    it speak of sending: "is this polite enough to send to a customer?"."""
    if "ask_model" not in sure or not works_on_text(text, set(sure) - {"ask_model"}):
        return False
    rest = re.sub(r"<\w+\d>", " ", fold(text))
    return "<quote" in text and not _SENDING.search(rest)


# "Have the model pick the ones that look underpriced", "ask the model which three look odd"
_CHOSEN_BY = re.compile(
    r"(?:model|llm|ai|<model\d>),?(?: (?:to|should|must|please|then|may|can|is to|has to))* (?:picks?|chooses?|selects?|finds?|names?|says?|decides?|judges?|tells? (?:me|us)|works? out|lists?)?,? ?(?:out )?(?:which|the <num\d>|the ones|those|what|the best|whatever|<num\d>)(?!\w)"
)
_CHOSEN = re.compile(r"(?<!\w)(?:best|top|rank\w*|about|to do with|closest|only|keep)(?!\w)")


def model_chooses(text: str) -> bool:
    """Whether it is a model that picks, and nothing else is chosen by a subject before it."""
    said = _CHOSEN_BY.search(fold(text))
    return said is not None and not _CHOSEN.search(fold(text)[: said.start()])


_SORTED_INTO = re.compile(
    r"(?:sort|split|group|divide|class\w*|file) (?:[\w']+ ){1,5}(?:into|by|as)(?!\w)"
)


def sorts_into(text: str) -> bool:
    """Whether all is put under headings and nothing is chosen: "sort those letters into …"."""
    return _SORTED_INTO.search(fold(text)) is not None


_MODEL = r"(?:(?:the |an? )?(?:model|llm|ai)|<model\d>)"
_SHORT = r"(?:summar|sum |condens|shorten|short versions?|boil\w* .{0,12}down|zusammen|fass|kurz|inkort|verkort|resum|riassu|accorci|raccourci|acort|samen|vat )"
_NEAR = r"(?:(?! (?:and|und|et|y|e|en|then|dann) )[^.;<]){0,40}?"
_WITH = r"(?:with|w|using|use|by|via|through|mit|per|avec|par|con|por|com|met|door)"
_DOES = r"(?:do|does|doing|write|handle|handles|make)"
_BY_MODEL = re.compile(
    r"(?:let|have|get|make|with|w|w/|using|by|via|through)(?: (?:the|an?))? <model\d>(?:,? (?:to )?(?:do|doing|handle|make) (?:it|that|them|these|those|so|this|the [\w'-]+(?: [\w'-]+)?))?(?=[,.;:!?]|$| (?:this time|please|not|instead|and|for (?:that|this|it)))|"
    rf"(?:let|have|get|make|with) {_MODEL} (?:to )?(?:summar|sum |shorten|condens|boil)|{_SHORT}{_NEAR}[ ,]{_WITH} {_MODEL}|(?<!\w){_WITH} {_MODEL}(?! (?:to )?(?:write|draft|translat|answer|explain)){_NEAR}{_SHORT}"
    rf"|{_MODEL} (?:(?:will|can|may|should|is to|has to) )?{_DOES} (?:it|that|those|the (?:writing|\w*summ\w*|work|job|rest|shortening|boiling\b.{{0,8}}|condensing|cutting|trimming))"
    rf"|{_MODEL},? (?:(?:could|can|should|will|may|please|to|have|has|take|takes|a|an|another) )*(?:go|shot|try|turn|stab|crack) at (?:it|that|them|these|those|{_SHORT})"
    rf"|(?:let|have|get|make|with) {_MODEL} (?:to )?{_DOES} (?:it|that|them|these|those|so|the (?:writing|\w*summ\w*|work|job|rest|shortening|boiling\b.{{0,8}}|condensing|cutting|trimming))"
)


def shortened_by_model(text: str) -> bool:
    """Whether a model is only named to shorten with: "short versions, with <model1>"."""
    return _BY_MODEL.search(fold(text)) is not None
