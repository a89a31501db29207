"""Which skills a request speaks of by its own words, and a model's chain held against that.

A small model drops a step it was told of, or adds one that nobody asked for. Marks and plain words
show both exactly, so code mends the chain; where words say nothing, the model's word stands. Skills
without words of their own in `prompts/builder_cues.yaml` are always left to the model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from assistant.builder.data_asked import databases_named
from assistant.builder.lending import lent
from assistant.builder.methods import called, tells_nobody
from assistant.builder.ordering import saved_first
from assistant.builder.picked import most_for
from assistant.builder.remains import searches
from assistant.builder.text_work import (
    model_chooses,
    only_judged,
    reads_whole,
    shortened_by_model,
    sorts_into,
    works_on_text,
)
from assistant.builder.texts_said import following, topic_of
from assistant.grounding.cues import Cue, cues, names, says
from assistant.grounding.languages import fold
from assistant.grounding.literal import LANGUAGES
from assistant.grounding.marks import MARK

# The order in which steps of one job make sense: where things come from, what is made of them,
# where they go.
_ORDER = (
    "fetch_feed", "scrape_page", "web_search", "http_request", "query_database", "rank_items",
    "extract_article", "summarize_items", "ask_model", "compile_newsletter", "save_file",
    "send_email", "notify",
)  # fmt: skip
_GOING_OUT = ("save_file", "send_email", "notify")
_READING = ("fetch_feed", "scrape_page", "extract_article", "http_request")
"""Skills that a link can go to."""
_MAKING = ("web_search", "query_database", "ask_model")
"""Skills that make something of words alone; one that is spoken of rules out a guessed one."""
_LISTING = ("fetch_feed", "scrape_page", "web_search", "extract_article", "http_request")
_OF_ITEMS = ("rank_items", "summarize_items")


_STORES = r"data ?base|\bdb\b|\bsql\b|datenbank|base de d|banca dati|banco de dados|databank"
_PICKING = r"\b(?:best|top(?!s\b)|most|pick|rank|keep|choose|select|sort|beste|wichtig|meilleur|mejor|miglior|melhor)"
_PRICED = re.compile(
    r"\bprices?\b|\bstock\b|availab|preis|\bprix\b|precio|prezzo|preço|prijs", re.I
)
_IN_LANGUAGE = re.compile(
    rf"(?:only|just) (?:the )?(?:ones in )?(?:{LANGUAGES})(?: (?:ones?|articles?|texts?|pieces?|pages?))?(?!\w)"
)
_ATTACHED = re.compile(
    r"(?:send|mail|forward|attach\w*|with|schick\w*|envoie|manda|invia|stuur)(?: [^\W\d]+){0,4} <file\d>",
    re.I,
)
_SAVING = re.compile(
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
_LISTED = re.compile(
    r"(?:events?|things|listings?|listed|ads|offers?|jobs|products?|items|prices?|lots|rows|entries|results|openings|vacanc\w+|courses|matches|"
    r"fixtures|dates|deals|flats|houses|rooms|books|films|menu|schedule|timetable|table|list|angebote|termine|liste|stellen|produkte|preise|"
    r"annonces|offres|evenements|ofertas|eventos|anuncios|precios|offerte|annunci|prezzi|vagas|precos|aanbiedingen|vacatures|prijzen)\b",
    re.I,
)
_FEEDISH = re.compile(
    r"(?<!no )(?<!not a )\b(?:feeds?|rss|atom|blogs?|news|headlines?|stor(?:y|ies)|posts?|podcasts?|nachrichten|meldungen|flux|actualit\w*|noticias|notizie|nieuws)\b",
    re.I,
)
_NO_FEED = re.compile(
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
    if "page" in marks and "feed" not in marks and {"scrape_page", "http_request"} & sure:
        sure -= set[str]() if whole else {"extract_article"}
    by_method = called(text)
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
    picking = re.search(_PICKING, text, re.I) or most_for(text)
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
    if "extract_article" in sure and _IN_LANGUAGE.search(fold(text)):
        sure.discard("rank_items")  # Which are read, and no choice among them.
    pageish = _NO_FEED.search(text) or _PAGE_SAID.search(text) or _OFF_PAGE.search(text)
    if "page" in marks and pageish and not {"scrape_page", "http_request"} & sure:
        full = says("full", "extract_article", text)
        if not full or _LISTED.search(text) or _FEEDISH.search(text):
            sure.add("scrape_page")
        if not full:
            sure.discard("extract_article")
    # "Rewrite that as a letter to the parents" is a text, and no newsletter of stories.
    plain = not re.search(r"news ?letter|digest", text, re.I)
    if plain and (written := _LETTER_WRITTEN.search(text)):
        again = {"ask_model"} if written[0].lower().startswith("re") else set[str]()
        sure = (sure | again) - ({"compile_newsletter"} if again or "ask_model" in sure else set())
    if _ATTACHED.search(text) and not _SAVING.search(text):
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


def mended(chain: Sequence[str], found: Evidence, text: str, *, fed: bool) -> list[str]:
    """The chain with what is surely spoken of and without what nothing speaks for. `fed`: the
    request goes on from a result that is already there."""
    steps = [skill for skill in chain if found.founded(skill) and skill not in denied(text)]
    if "ask_model" in found.sure and "summarize_items" not in found.sure:
        steps = [step for step in steps if step != "summarize_items"]
    if "summarize_items" in found.sure and shortened_by_model(text):
        steps = [step for step in steps if step != "ask_model"]
    # "Which of them are about batteries?" chooses among what is already there.
    unfounded = not fed and ("<num" not in text or "web_search" in found.sure)
    if "rank_items" in steps and "rank_items" not in found.sure and unfounded:
        steps.remove("rank_items")
    if re.search(r"<(?:feed|page|api)\d>", text) and "web_search" not in found.sure:
        read = [step for step in steps if step in _READING]
        steps = [step for step in steps if step != "web_search"] if read else steps
    if any(step in found.sure for step in _MAKING) or (fed and {*_OF_ITEMS} & found.sure):
        steps = [step for step in steps if step not in _MAKING or step in found.sure]
    if (
        not fed
        and "extract_article" not in found.sure
        and not re.search(r"<(?:feed|page|api)\d>", text)
    ):
        listing = {"web_search", "fetch_feed", "scrape_page"} & {*steps, *found.sure}
        steps = [step for step in steps if step != "extract_article" or listing or len(steps) == 1]
    if "<file" in text and _ATTACHED.search(text) and not _SAVING.search(text):
        steps = [step for step in steps if step != "save_file"]
    if "http_request" in steps and "http_request" not in found.sure and "<page" in text:
        steps = ["extract_article" if step == "http_request" else step for step in steps]
    if "rank_items" in steps and "rank_items" not in found.sure and not fed:
        steps = [step for step in steps if step != "rank_items" or re.search(_PICKING, text, re.I)]
    if fed and len({*steps, *found.sure}) > 1 and not _criterion(text):
        steps = [step for step in steps if step != "rank_items" or step in found.sure]
    if re.search(r"\b(?:short(?:er)?|brief) (?:design|look|layout|style)\b", text, re.I):
        steps = [step for step in steps if step != "summarize_items" or step in found.sure]
    if "ask_model" in found.sure and not says("maybe", "notify", re.sub(r"reminders?", "", text)):
        steps = [step for step in steps if step != "notify" or "notify" in found.sure]
    itemised = fed or any(step in _LISTING for step in (*steps, *found.sure))
    if "query_database" in (*steps, *found.sure) and not itemised:
        # The rows of a database are chosen among by the question itself.
        steps = [step for step in steps if step != "rank_items"]
    if "change_database" in found.sure:
        steps = [step for step in steps if step not in ("query_database", "web_search")]
    if "http_request" in steps and tells_nobody(text):
        steps = [step for step in steps if step != "notify"]
    if only_judged(text, found.sure):
        steps = [step for step in steps if step not in (*_GOING_OUT, "compile_newsletter")]
    steps = [_reader(step, found, text) for step in steps]
    steps = _once(_unrivalled(steps, found, text), text)
    steps = _each(steps, "notify", len(set(re.findall(r"<chan\d>", text))))
    steps = _each(steps, "query_database", len(databases_named(text)))
    for skill in sorted(found.sure, key=_rank):
        if skill not in steps and _wanted(skill, steps, text, fed=fed):
            steps.insert(_place(skill, steps, found), skill)
    steps = _each(steps, "web_search", len(searches(text)))
    if "extract_article" in found.sure and _IN_LANGUAGE.search(fold(text)):
        steps = [step for step in steps if step != "rank_items"]
    if "http_request" in steps and not fed and not {*_LISTING[:4]} & {*steps}:
        steps = [step for step in steps if step not in _OF_ITEMS]  # An answer has no items.
    return saved_first(_sourced(_chosen_first(steps, found), chain, text, fed=fed), text)


def _criterion(text: str) -> bool:
    """Whether words say by what to choose among what is there: a topic, how many, how new."""
    if re.search(_PICKING, text.replace("on top", " "), re.I) or "<since" in text or topic_of(text):
        return True
    behind = [following(fold(text[m.end() :])) for m in re.finditer(r"<num\d>", text)]
    return any(not says("units", "sentences", after) for after in behind)


def _chosen_first(steps: list[str], found: Evidence) -> list[str]:
    """Only what was chosen is read in full, where the choice is spoken of before the reading."""
    for n, pair in enumerate(pairwise(steps)):
        first = found.first.get("rank_items", 0) < found.first.get("extract_article", -1)
        if pair == ("extract_article", "rank_items") and n and steps[n - 1] in _LISTING and first:
            return [*steps[:n], "rank_items", "extract_article", *steps[n + 2 :]]
    return steps


def _each(steps: list[str], skill: str, count: int) -> list[str]:
    """A message for each channel and a question for each database, since one goes to one only."""
    told = steps.count(skill)
    if not told or told >= count:
        return steps
    at = len(steps) - steps[::-1].index(skill)
    return [*steps[:at], *[skill] * (count - told), *steps[at:]]


def _reader(step: str, found: Evidence, text: str) -> str:
    """The step, or the reader that suits a page better than reading it as a feed."""
    if step == "scrape_page" and reads_whole(text, found.sure) and not _LISTED.search(text):
        return "extract_article"
    if step != "fetch_feed" or "fetch_feed" in found.sure or "<feed" in text or "<page" not in text:
        return step
    if "extract_article" in found.sure:
        return "extract_article"
    if _NO_FEED.search(text) or "scrape_page" in found.sure:
        return "scrape_page"
    return "scrape_page" if _LISTED.search(text) and not _FEEDISH.search(text) else step


def _unrivalled(steps: list[str], found: Evidence, text: str) -> list[str]:
    """Without a second reader of one and the same link: the surer one stays."""
    links = len(set(re.findall(r"<(?:feed|page|api)\d>", text)))
    readers = [step for step in dict.fromkeys(steps) if step in _READING]
    sure = [name for name in _READING if name in found.sure]
    listing = {"fetch_feed", "web_search", "scrape_page"} & found.sure or "web_search" in readers
    if says("full", "extract_article", text) and (listing or links > 1 or "<page" not in text):
        readers, sure = ([n for n in names if n != "extract_article"] for names in (readers, sure))
    wrong = (
        {step for step in readers if step not in sure} if sure else set(readers[max(1, links) :])
    )
    return [
        step for step in steps if step not in wrong or (step in readers and links > len(readers))
    ]


def _rank(skill: str) -> int:
    return _ORDER.index(skill) if skill in _ORDER else len(_ORDER)


def _wanted(skill: str, steps: Sequence[str], text: str, *, fed: bool) -> bool:
    """Whether a skill that is spoken of has anything to work on, and no other does its work."""
    source = any(step in _ORDER[:5] or step == "extract_article" for step in steps)
    if skill == "rank_items" and "query_database" in steps:
        return fed or any(step in _LISTING for step in steps)
    if skill in _OF_ITEMS or skill == "compile_newsletter":
        return source or fed
    if skill == "extract_article":
        return source or fed or "<page" in text
    return skill != "scrape_page" or "<page" in text


def _place(skill: str, steps: Sequence[str], found: Evidence) -> int:
    """Before the first step that comes later in the order; what goes out, as it was said."""
    for number, step in enumerate(steps):
        if skill in _GOING_OUT and step in _GOING_OUT:
            if found.first.get(skill, 0) < found.first.get(step, 0):
                return number
        elif step in _ORDER and _rank(step) > _rank(skill):
            return number
    return len(steps)


def _once(steps: Sequence[str], text: str) -> list[str]:
    """Without repeated steps, save those that several links, files or channels speak for."""
    marks = [mark.strip("<>0123456789") for mark in dict.fromkeys(MARK.findall(text))]
    allowed = {
        "save_file": marks.count("file"), "send_email": marks.count("mail"),
        "notify": marks.count("chan"), "fetch_feed": marks.count("feed") + marks.count("page") * ("scrape_page" not in steps),
        "scrape_page": marks.count("page"), "http_request": marks.count("api") + marks.count("page"),
        "query_database": 2, "web_search": 2, "ask_model": 2,
        "extract_article": max(1, marks.count("page")),
    }  # fmt: skip
    kept: list[str] = []
    for step in steps:
        limit = max(1, allowed.get(step, 1)) if step in _ORDER else 9
        beside = bool(kept) and kept[-1] == step and step in (*_GOING_OUT, *_MAKING)
        if kept.count(step) < limit and not beside:
            kept.append(step)
    return kept


def _sourced(steps: list[str], chain: Sequence[str], text: str, *, fed: bool) -> list[str]:
    """A link that no step reads gets the reading step that its kind asks for."""
    marks = {mark.strip("<>0123456789") for mark in MARK.findall(text)}
    if not marks & {"feed", "page", "api"} or any(step in _READING for step in steps):
        return steps
    dropped = next((step for step in chain if step in _READING), "")
    kind = "fetch_feed" if "feed" in marks else "http_request" if "api" in marks else ""
    return [dropped or kind or "extract_article", *steps]
