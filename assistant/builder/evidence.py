"""Which skills a request speaks of by its own words, and a model's chain held against that.

A small model drops a step it was told of, or adds one that nobody asked for. Marks and plain words
show both exactly, so code mends the chain; where words say nothing, the model's word stands. Skills
without words of their own in `prompts/builder_cues.yaml` are always left to the model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache

from assistant.builder.lending import lent
from assistant.builder.methods import called
from assistant.builder.picked import most_for
from assistant.builder.text_work import (
    model_chooses,
    shortened_by_model,
    sorts_into,
    works_on_text,
)
from assistant.grounding.cues import Cue, cues, names, says
from assistant.grounding.languages import fold
from assistant.grounding.literal import LANGUAGES
from assistant.grounding.marks import MARK

_STORES = r"data ?base|\bdb\b|\bsql\b|datenbank|base de d|banca dati|banco de dados|databank|\b(?:en|em|na|la|alla|nella|dans la) base\b(?! de (?!d))"
PICKING = r"\b(?:best|top(?!s\b)|most|pick|rank|keep|choose|select|sort|beste|wichtig|meilleur|mejor|miglior|melhor|(?:plus|mas|más|piu|più|mais) (?:import|interes|relev|rilev|pertin|bell?|beau|bonit|destac))"
_PRICED = re.compile(
    r"\bprices?\b|\bstock\b|availab|preis|\bprix\b|precio|prezzo|preço|prijs", re.I
)
IN_LANGUAGE = re.compile(
    rf"(?:only|just) (?:the )?(?:ones in )?(?:{LANGUAGES})(?: (?:ones?|articles?|texts?|pieces?|pages?))?(?!\w)"
)
ATTACHED = re.compile(
    r"(?:send|mail|forward|attach\w*|with|schick\w*|envoie|manda|invia|stuur)(?: [^\W\d]+){0,4} <file\d>",
    re.I,
)
SAVING = re.compile(
    r"(?:sav|stor|writ|export|dump|speicher|enregistr|guard|salv|bewaar)\w*|(?:as|into|als|comme|como|come) <file\d>",
    re.I,
)


# What a summary is by its own word, or by being made of each.
_SHORTENING = re.compile(
    r"summar|\bsum(?:s|med)?\b(?: \w+){0,4} up|tl;?dr|condens|shorten|zusammen|fass|kurz|resum|résum|riassu|sintet|samenvat|\bvat\b|\b(?:each|apiece|every|per)\b",
    re.I,
)
_NOT_WANTED = re.compile(
    r"(?<!\w)(?:no|without(?: any)?|don't(?: need| want| make| send)?(?: any| the| a)?|skip(?: the)?|leave out(?: the)?|not|ohne|keine?\w*|sans|pas de|sin|senza|niente|sem|geen|zonder)"
    r" (?:more )?$"
)
# "Don't send it yet", "no need to send it anywhere", "nobody gets it yet"
_NOT_SENT = re.compile(
    r"(?<!\w)(?:no need to|don't|do not|needn't|need not|not to be|won't|shouldn't|never) (?:e-?mail(?:ed)?|mail(?:ed)?|send|sent)(?: (?:it|them|this|that|anything))?(?: out| off| on)?(?: (?:yet|anywhere|to any(?:one|body)|now|for now))?(?=[.,;:!?]|$| (?:i|because|until|till|before|we|so)\b|,)"
    r"|(?<!\w)nobody (?:gets|is to get|should get|sees) (?:it|them|this)(?: yet| for now)?"
)
# A method before its link, or something sent to one.
_METHOD = re.compile(
    r"(?:with|by|via|using|per) (?:an? )?(?:GET|POST|PUT|HEAD)(?: request)?(?=[ .,;]|$)|\b(?:GET|POST|PUT|DELETE|PATCH|HEAD)(?:s|ed|ing)?(?: requests?)?(?: to| on| at| against)? <(?:page|api)|[Jj][Ss][Oo][Nn](?: [\\w-]+){0,2}(?: (?:at|from|on|under|off|behind))? <page|(?:post|put|send|push|submit) <quote\d> (?:to|at|on|into) "
)
# "Write lots.csv" asks no model for a text.
_WRITING_DOWN = re.compile(
    r"(?:write|writes|draft)(?: (?:it|them|that|this|everything|all|whatever(?: \w+){1,3}|what(?: \w+){1,3}|the \w+))?(?: (?:to|into|in|out to|as))?(?: (?:a|the))? <file\d>",
    re.I,
)
_COMPOSING = re.compile(
    r"\b(?:write|draft|compose|invent|translat|rewrit|rephras|model|claude|gpt|llm)\w*", re.I
)
# What a page holds more than one of, and what is read of it in full.
LISTED = re.compile(
    r"(?:events?|things|listings?|listed|ads|offers?|jobs|products?|items|prices?|lots|rows|entries|results|openings|vacanc\w+|courses|matches|"
    r"fixtures|dates|deals|flats|houses|rooms|books|films|menu|schedule|timetable|table|list|angebote|termine|liste|stellen|produkte|preise|"
    r"annonces|offres|evenements|ofertas|eventos|anuncios|precios|offerte|annunci|prezzi|vagas|precos|aanbiedingen|vacatures|prijzen)\b",
    re.I,
)
FEEDISH = re.compile(
    r"(?<!no )(?<!not a )\b(?:feeds?|rss|atom|blogs?|news|headlines?|stor(?:y|ies)|posts?|podcasts?|nachrichten|meldungen|flux|actualit\w*|noticias|notizie|nieuws)\b",
    re.I,
)
NO_FEED = re.compile(
    r"\b(?:no|not a|not an|without an?|without|isn't an?|neither has(?: an?)?|neither have|none of them has(?: an?)?|has no|have no|hasn't (?:got )?an?|doesn't have an?|(?:never|not) (?:had|have|has|got) an?|not even an?|(?:nao|não) tem|n'a pas de|non ha|no tiene|heeft geen|hat keinen?|il n'y a pas de|kein\w*|pas de|sin|senza|sem|geen) (?:rss|atom|feeds?|rss feeds?)\b",
    re.I,
)


# An address that is said to be a page and no feed, before it or behind it.
_PAGE_SAID = re.compile(
    r"<page\d>[,.]?(?: -| –)? \(?(?:that's |that is |it's |it is |which is |this is |c'est |es |das ist |e |è |dat is )?(?:only |just |but |a |an |the |plain |plain old |ordinary |normal |simple |une? |una |eine |nur |een )*(?:web ?)?(?:page|site|website|webseite|seite|pagina|página)(?! feed)(?!\w)"
    r"|(?:only|just|but|a plain|an ordinary|nur|seulement|solo|alleen)(?: (?:an?|the|plain|eine|une|una|een))* (?:web ?)?(?:page|site|seite|pagina|página),? (?:at |on |under )?<page\d>",
    re.I,
)
# A page of many things: "the first 15 stories off the page <page1>".
_OFF_PAGE = re.compile(
    r"(?:stor(?:y|ies)|headlines?|items?|posts?|notices?|news|articles?|titles)(?: [\w-]+){0,3} (?:off|from|on|of|out of) (?:the |their |our |this |that )?(?:front |home |web ?)?(?:page|site),? <page\d>",
    re.I,
)
_EACH_IN_FULL = re.compile(
    r"(?:full|whole|entire|complete) [\w-]+ (?:of|for|from) (?:each|every|all|them|those|these)(?!\w)|(?:each|every|all)(?: of (?:them|those))?(?: one)? in full"
)
_LETTER_WRITTEN = re.compile(
    r"(?:(?:re-?)?(?:write|writes|word|phrase)|draft|compose)(?: [\w']+){0,5} (?:as|into) (?:an? |the )?(?:[\w-]+ )?letter\b|(?:write|draft|compose)(?: (?:me|us))? (?:an? |the )?(?:[\w-]+ ){0,2}letter\b",
    re.I,
)


@dataclass(frozen=True)
class Evidence:
    """What the words of a request say about its skills. `first` tells where each is spoken of."""

    sure: frozenset[str]
    likely: frozenset[str]
    first: dict[str, int]

    def founded(self, skill: str) -> bool:
        """Whether anything in the request speaks for a skill; true for those we know nothing of."""
        return skill in self.likely or skill in self.sure or skill not in _spoken_of()


@cache
def _spoken_of() -> frozenset[str]:
    return frozenset(names("maybe"))


def evidence(
    text: str,
    *,
    aside: str = "",
    known: Callable[[str], bool] = lambda _: True,
    besides: Collection[str] = (),
) -> Evidence:
    """The evidence in a marked request for the skills that are `known`. `aside`: words of its
    structure, which tell what a page is read for. `besides`: skills that are surely meant by what
    is known beside the words."""
    sure: list[Cue] = [cue for cue in cues("sure", text) if known(cue.name)]
    likely = [cue for cue in cues("maybe", text) if known(cue.name)]
    first: dict[str, int] = {}
    for cue in [*sure, *likely]:
        first.setdefault(cue.name, cue.start)
    told = {c.name for c in sure} | {name for name in besides if known(name)}
    if (
        known("rank_items")
        and most_for(text)
        and {"fetch_feed", "scrape_page", "web_search"} & told
    ):
        told = told | {"rank_items"}
    told -= lent(text)
    if known("ask_model") and "<model" in text and "summarize_items" not in told:
        told = told | {"ask_model"}
    if known("ask_model") and works_on_text(text, told):
        told = told - {"summarize_items", "rank_items"} | {"ask_model"}
    return Evidence(_settled(told, text, aside), frozenset(c.name for c in likely), first)


def _settled(sure: set[str], text: str, aside: str = "") -> frozenset[str]:
    """Sure skills that do not rule each other out."""
    marks = {mark.strip("<>0123456789") for mark in MARK.findall(text)}
    linked = bool(marks & {"feed", "page", "api"})
    # A link is read, not searched for; a database is asked, not searched for.
    if (linked or "query_database" in sure) and "web_search" in sure and "web" not in text.lower():
        sure.discard("web_search")
    whole = _OFF_PAGE.search(text) and says("full", "extract_article", text)
    whole = whole or _EACH_IN_FULL.search(fold(text))
    by_method = called(text)
    # A page beside the link that a method calls is read by itself.
    beside = bool(by_method) and not any(link.startswith("<page") for link in by_method)
    rivals = {"scrape_page"} if beside else {"scrape_page", "http_request"}
    if "page" in marks and "feed" not in marks and rivals & sure:
        sure -= set[str]() if whole else {"extract_article"}
    if ("page" in marks and _METHOD.search(text)) or by_method:
        sure.add("http_request")
        others = set(re.findall(r"<(?:page|api)\d>", text)) - set(by_method)
        if not (by_method and others):
            sure -= {"scrape_page", "extract_article"}
        sure -= set[str]() if "chan" in marks else {"notify"}
    if _WRITING_DOWN.search(text) and not _COMPOSING.search(_WRITING_DOWN.sub(" ", text)):
        sure.discard("ask_model")
    if "change_database" in sure:
        sure -= {"query_database", "web_search"}
    if linked and "query_database" in sure and not re.search(_STORES, text, re.I):
        sure.discard("query_database")
    # "About" in a search is what is searched for, unless the best are to be picked.
    picking = re.search(PICKING, text, re.I) or most_for(text)
    if not linked and "web_search" in sure and not picking:
        sure.discard("rank_items")
    if (
        "page" in marks
        and not {"extract_article", "http_request"} & sure
        and _PRICED.search(f"{text} {aside}")
    ):
        sure.add("scrape_page")
    if "summarize_items" in sure and shortened_by_model(text):
        sure.discard("ask_model")
    if "extract_article" in sure and IN_LANGUAGE.search(fold(text)):
        sure.discard("rank_items")  # Which are read, and no choice among them.
    pageish = NO_FEED.search(text) or _PAGE_SAID.search(text) or _OFF_PAGE.search(text)
    if "page" in marks and pageish and not {"scrape_page", "http_request"} & sure:
        full = says("full", "extract_article", text)
        if not full or LISTED.search(text) or FEEDISH.search(text):
            sure.add("scrape_page")
        if not full:
            sure.discard("extract_article")
    # "Rewrite that as a letter to the parents" is a text, and no newsletter of stories.
    plain = not re.search(r"news ?letter|digest", text, re.I)
    if plain and (written := _LETTER_WRITTEN.search(text)):
        again = {"ask_model"} if written[0].lower().startswith("re") else set[str]()
        sure = (sure | again) - ({"compile_newsletter"} if again or "ask_model" in sure else set())
    if ATTACHED.search(text) and not SAVING.search(text):
        sure.discard("save_file")
    if "ask_model" in sure and (sorts_into(text) or model_chooses(text)):
        sure.discard("rank_items")
    if {"summarize_items", "ask_model"} <= sure and not _SHORTENING.search(text):
        sure.discard("summarize_items")
    return frozenset(sure - denied(text))


def denied(text: str) -> set[str]:
    """Skills that a request says it does not want: "no summaries, just the file"."""
    folded = fold(text)
    gone = {"send_email"} if "<mail" not in text and _NOT_SENT.search(folded) else set[str]()
    return gone | {
        cue.name for cue in cues("steps", text) if _NOT_WANTED.search(folded[: cue.start])
    }
