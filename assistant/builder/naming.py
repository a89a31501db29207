"""A name and a title for a new job, made from its request."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.grounding.languages import fold, is_small
from assistant.grounding.marks import MARK, Marked
from assistant.grounding.topics import doing_words
from assistant.ids import slug
from assistant.job.naming import site_of, telling

LONGEST = 50
_WORDS = 3
# What a job is, by the step that tells most of it.
_NOUNS = {
    "compile_newsletter": "newsletter", "summarize_items": "summary", "query_database": "report",
    "web_search": "search", "scrape_page": "watch", "fetch_feed": "stories",
    "extract_article": "article", "http_request": "check", "ask_model": "text",
    "send_email": "mail", "notify": "message", "save_file": "file",
}  # fmt: skip
_DELIVERED = ("send_email", "notify", "save_file")
_OF_PLACES = ("watch", "check", "article")
"""Kinds of jobs that look at a place: one word of what is looked at needs the place beside it."""
_STATED = ("title", "subject")
_SAID = ("message", "body")
_ABOUT = ("topic", "query")
# Words that order, hedge or tell a time, and so say nothing of what a job is about.
_NOTHING = re.compile(
    r"title[ds]?|call(?:ed)?|named?|headed|subject|saying|says?|let|know|want|would|could|should|like|love|needs?|"
    r"hey|hi|kindly|maybe|just|whenever|once|twice|always|again|before|after|until|start(?:ing)?|end(?:ing)?|oclock|"
    r"mornings?|afternoons?|evenings?|nights?|nightly|noons?|midday|midnight|quarter|past|half|workdays?|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|seven|eight|nine|eleven|twelve|"
    r"fetch|read|check|look|find|search|watch|collect|gather|pull|grab|pick|choose|keep|write|writes|draft|compose|scrape|"
    r"summari[sz]e|sum|email|forward|add|include|using|nice|good|short|little|quick|best|latest|newest|everything|"
    r"ask|asking|models?|database|db|down|back|viele|gibt|something|anything|nothing|nearly|morgens?|abends?|matin|soir|manana|mattina|manha"
)
# Words that tell something inside a message only, and nothing of what else a job is about.
_WEAK = re.compile(
    r"below|above|under|over|between|more|less|fewer|least|drops?|falls?|rises?|climbs?|goes|comes?|came|moved?|whether|while|other|otherwise|"
    r"straight|channel|kanal|canal|canale|kanaal|doubles?|duplicates?|sentences?|lines?|judge|text|json|run|runs|posts?|push|put|set|get|gets|make|makes|tell|order|"
    r"instead|rather|wakes?|place|about|also|up|out|only|see|seen|one|each|single|this|that|left|then|than|if|when|tidy|clean"
)
_HEADS = re.compile(
    r"^(?:(?:the|any|all|some|new|recent|latest|whatever|anything|everything|something|stuff|things?|news|stories|articles?|"
    r"papers?|coverage|posts?|reports?|information|info|research|results?|pages?|items?|entries) )+"
    r"(?:of|on|about|for|regarding|concerning|mentioning|around|covering) (?:the |an? )?(?=\w)"
)
_CUT = re.compile(r"\s(?:in|at|from|for|with|by|to|that|which|who|and|or|since|during|between)\s")
_ASKED = re.compile(
    r"(?:how (?:many|much)|which|what|whose|number of|count of|list of|wie ?viele?|welche\w*|combien d(?:e |')|quel\w*|"
    r"cuant\w+|que|quant\w+|quali|quais|hoeveel|welke)\s+(?P<what>(?:[^\W\d_][\w'’-]*\s?){1,6})"
)
_PREDICATE = re.compile(
    r"(?:is|are|was|were|be|has|have|had|do|does|did|can|will|would|came|come|moved|sold|left|nearly|almost|still|now|"
    r"in|on|at|of|for|from|with|to|by|we|you|they|i|it|each|every|the|who|that|which|there|nobody|everybody|"
    r"hat|haben|ist|sind|gibt|wurden?|a|ont|sont|est|hay|tiene\w*|son|ha|hanno|sono|ci|sao|tem|estao|zijn|heeft|er)"
)
_TABLE = re.compile(r"\bfrom\s+[\"`\[]?([a-z]\w*)", re.I)
_BEFORE_LINK = re.compile(
    r"(?P<what>(?:[^\W\d_][\w'’-]*\s+){1,4})(?:(?:listed|published|posted|shown|given|announced|offered)\s+)?"
    r"(?:on|at|from|of|in|off|under|auf|von|unter|aus|sur|de|du|en|di|da|dal|su|em|no|na|op|van)\s+"
    r"(?:(?:the|this|that|my|our|its|der|die|das|la|le|el|il|o|a|de|het)\s+)?"
    r"(?:(?:feeds?|pages?|sites?|website|url|address|link|rss|blog|api|seite|pagina|sito)\s+)?<(?:page|api|feed)\d>"
)
_GENERIC = re.compile(
    r"feeds?|posts?|stories|story|items?|articles?|entries|entry|list|page|pages|text|texts|data|contents?|rss|headlines?|"
    r"updates?|newsletter|newsletters|summary|summaries|digest|things?|stuff|news|copy|result|results|address|status|"
    r"nachrichten|meldungen|beitrage|artikel|actualites|nouvelles|noticias|articulos|notizie|articoli|artigos|nieuws|berichten|artikelen"
)


def title_of(
    marked: Marked, steps: Sequence[tuple[str, Mapping[str, Any]]], measure: str = ""
) -> str:
    """`Ferry fares watch`: a title that was said, or what it is about and what it makes. `measure`:
    the word whose value on a page is compared."""
    if stated := _first(steps, _STATED):
        return stated
    noun = _noun([name for name, _ in steps])
    site = _site(marked)
    about = f"{site} {measure}".strip() if measure else _about(marked, steps, noun)
    told = about if _has(about, noun) else f"{about} {noun}".strip()
    told = told or "job"
    return told[:1].upper() + told[1:]


def _noun(skills: Sequence[str]) -> str:
    noun = next((_NOUNS[skill] for skill in _NOUNS if skill in skills), "")
    return "digest" if noun == "stories" and set(skills) & set(_DELIVERED) else noun


def _about(marked: Marked, steps: Sequence[tuple[str, Mapping[str, Any]]], noun: str) -> str:
    """What a job is about: its topic, what is asked, what stands at its place, the place itself,
    else the first telling words."""
    if about := _core(_first(steps, _ABOUT)):
        return about
    said = _first(steps, _SAID)
    if said and len(steps) == 1:
        # What is said tells more than the words that have it said.
        return " ".join(_telling(said, noun, weak=True)[:_WORDS])
    site = _site(marked)
    if what := _asked(_first(steps, ("question",)), noun) or _at_place(marked.text, noun):
        beside = noun in _OF_PLACES and " " not in what and site
        return f"{site} {what}" if beside and site != what.lower() else what
    return site or _stored(steps) or " ".join(_telling(MARK.sub(" ", marked.text), noun)[:_WORDS])


def _stored(steps: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """Where rows come from: the database that is named, else the first table of a statement."""
    table = _TABLE.search(_first(steps, ("sql",)))
    return (table[1] if table else "") or _first(steps, ("database",))


def _site(marked: Marked) -> str:
    """The first site that a request names; empty for none."""
    links = marked.of("feed", "page", "api")
    return next((site for v in links if (site := site_of(str(v.meant)))), "")


def _core(about: str) -> str:
    """A topic or search without what only leads to it, in few words: "coverage of the strike"."""
    told = _HEADS.sub("", about.strip("\"'“”‘’ "), count=1)
    if len(told.split()) > _WORDS:
        told = _CUT.split(f"{told} ", maxsplit=1)[0].strip()
    words = told.split()
    return told if len(told) <= LONGEST and len(words) <= _WORDS + 2 else ""


def _asked(question: str, noun: str) -> str:
    """The thing that a question asks about: `members` of "how many members are there"."""
    found = _ASKED.search(fold(question))
    if found is None:
        return ""
    words = list[str]()
    for word in question[slice(*found.span("what"))].split():
        if _PREDICATE.fullmatch(fold(word)):
            break
        words.append(word)
    return " ".join(_telling(" ".join(words), noun)[:_WORDS])


def _at_place(text: str, noun: str) -> str:
    """What stands at a link, by the words before it: "the ferry fares from <page1>"."""
    found = _BEFORE_LINK.search(fold(text))
    if found is None:
        return ""
    kept = list[str]()
    for word in reversed(text[slice(*found.span("what"))].split()):
        if len(kept) == _WORDS or not _telling(word, noun):
            break
        kept.insert(0, word)
    return "" if all(_GENERIC.fullmatch(fold(word)) for word in kept) else " ".join(kept)


def job_name(title: str) -> str:
    return slug(title)


def _first(steps: Sequence[tuple[str, Mapping[str, Any]]], names: Sequence[str]) -> str:
    """The first value of those names that is a plain text."""
    values = (values.get(name) for _, values in steps for name in names)
    return next((v for v in values if isinstance(v, str) and v and "${{" not in v), "")


def _telling(text: str, noun: str, *, weak: bool = False) -> list[str]:
    """The words of a request that say what it is about, in their order."""
    orders = re.compile(rf"(?:{doing_words()})")
    words = [w for w in telling(text.replace("'", "")) if not _NOTHING.fullmatch(w)]
    kept = [w for w in words if not (is_small(w) or orders.fullmatch(w))]
    return [w for w in kept if not _has(w, noun) and (weak or not _WEAK.fullmatch(w))]


def _has(about: str, noun: str) -> bool:
    return bool(noun) and re.search(rf"\b{noun.removesuffix('s')}s?$", about.lower()) is not None
