"""A model's chain of steps held against what the words of a request say of its skills."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.builder.data_asked import databases_named
from assistant.builder.evidence import (
    ATTACHED,
    FEEDISH,
    IN_LANGUAGE,
    LISTED,
    NO_FEED,
    PICKING,
    SAVING,
    Evidence,
    denied,
)
from assistant.builder.methods import called, tells_nobody
from assistant.builder.ordering import saved_first
from assistant.builder.remains import searches
from assistant.builder.text_work import model_chooses, only_judged, reads_whole, shortened_by_model
from assistant.builder.texts_said import following, topic_of
from assistant.grounding.cues import says
from assistant.grounding.languages import fold
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
    if "<file" in text and ATTACHED.search(text) and not SAVING.search(text):
        steps = [step for step in steps if step != "save_file"]
    if "http_request" in steps and "http_request" not in found.sure and "<page" in text:
        steps = ["extract_article" if step == "http_request" else step for step in steps]
    if "rank_items" in steps and "rank_items" not in found.sure and not fed:
        steps = [step for step in steps if step != "rank_items" or re.search(PICKING, text, re.I)]
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
    if "http_request" in (*steps, *found.sure) and tells_nobody(text):
        steps = [step for step in steps if step != "notify"]
    if only_judged(text, found.sure):
        steps = [step for step in steps if step not in (*_GOING_OUT, "compile_newsletter")]
    steps = [_reader(step, found, text) for step in steps]
    steps = _once(_unrivalled(steps, found, text), text)
    steps = _each(steps, "notify", len(set(re.findall(r"<chan\d>", text))))
    steps = _each(steps, "query_database", len(databases_named(text)))
    steps = _calling(steps, text)
    for skill in sorted(found.sure, key=_rank):
        if skill not in steps and _wanted(skill, steps, text, fed=fed):
            steps.insert(_place(skill, steps, found), skill)
    steps = _each(steps, "web_search", len(searches(text)))
    if "extract_article" in found.sure and IN_LANGUAGE.search(fold(text)):
        steps = [step for step in steps if step != "rank_items"]
    if "ask_model" in steps and "rank_items" not in found.sure and model_chooses(text):
        steps = [step for step in steps if step != "rank_items"]
    unlisted = not fed and not {*_LISTING[:4]} & {*steps}
    if unlisted and {"ask_model", "query_database"} <= {*steps}:
        steps = [step for step in steps if step != "summarize_items"]  # Rows are no stories.
    if unlisted and "http_request" in steps:
        steps = [step for step in steps if step not in _OF_ITEMS]  # An answer has no items.
    return saved_first(_sourced(_chosen_first(steps, found), chain, text, fed=fed), text)


def _criterion(text: str) -> bool:
    """Whether words say by what to choose among what is there: a topic, how many, how new."""
    if re.search(PICKING, text.replace("on top", " "), re.I) or "<since" in text or topic_of(text):
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


def _calling(steps: list[str], text: str) -> list[str]:
    """A call for each link that a method calls; without another reader where nothing else is linked."""
    methods = called(text)
    links = set(re.findall(r"<(?:feed|page|api)\d>", text))
    if not methods:
        return steps
    if links <= set(methods):
        steps = [step for step in steps if step == "http_request" or step not in _READING]
    missing = len(methods) - steps.count("http_request")
    if missing <= 0 or len(set(methods.values())) < 2:
        return steps
    at = max((n for n, step in enumerate(steps) if step not in _GOING_OUT), default=-1) + 1
    first = [] if "http_request" in steps else ["http_request"]
    return [*first, *steps[:at], *["http_request"] * (missing - len(first)), *steps[at:]]


def _each(steps: list[str], skill: str, count: int) -> list[str]:
    """A message for each channel and a question for each database, since one goes to one only."""
    told = steps.count(skill)
    if not told or told >= count:
        return steps
    at = len(steps) - steps[::-1].index(skill)
    return [*steps[:at], *[skill] * (count - told), *steps[at:]]


def _reader(step: str, found: Evidence, text: str) -> str:
    """The step, or the reader that suits a page better than reading it as a feed."""
    if step == "scrape_page" and reads_whole(text, found.sure) and not LISTED.search(text):
        return "extract_article"
    if step != "fetch_feed" or "fetch_feed" in found.sure or "<feed" in text or "<page" not in text:
        return step
    if "extract_article" in found.sure:
        return "extract_article"
    if NO_FEED.search(text) or "scrape_page" in found.sure:
        return "scrape_page"
    return "scrape_page" if LISTED.search(text) and not FEEDISH.search(text) else step


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
