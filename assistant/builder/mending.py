"""A model's outline held against what code reads in the request: steps, schedule, structure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from assistant.builder.both_sides import branches, with_both_sides
from assistant.builder.chains import mended
from assistant.builder.documents import without_documents
from assistant.builder.evidence import Evidence, denied, evidence
from assistant.builder.frame import Frame, Told
from assistant.builder.going_on import names_itself, sifts
from assistant.builder.methods import called, sends
from assistant.builder.ordering import kept_as_read, ordered, saved_first, sent_last
from assistant.builder.remains import telling
from assistant.builder.tasks import marks_of
from assistant.builder.text_work import only_judged
from assistant.builder.texts_said import saying
from assistant.grounding.cues import cues, says
from assistant.grounding.languages import fold
from assistant.grounding.schedules import When
from assistant.grounding.topics import doing_words

_SOURCES = (
    "fetch_feed",
    "scrape_page",
    "web_search",
    "http_request",
    "query_database",
    "ask_model",
    "extract_article",
)
_OF_ITEMS = frozenset({"rank_items", "extract_article", "summarize_items", "compile_newsletter"})
_OUT = ("send_email", "notify", "save_file")
_READERS = frozenset({"fetch_feed", "scrape_page", "http_request", "extract_article"})
_ASKING = frozenset({"query_database", "web_search", "ask_model"})
_WRITING_TO = re.compile(
    r"(?<!\w)(?:write|schreib\w*|ecri\w*|escrib\w*|scriv\w*|escrev\w*|schrijf)(?: (?:a|an|to|at|an|a|naar|line|mail|note|e-?mail|eine|une?))* ?<mail\d>"
)
_ONE_DAY = re.compile(
    r"(?:on |this |next |am |kommenden |le |ce |el |este |il |na |no |op )?[^\W\d]+"
)


def mended_outline(
    outline: Mapping[str, Any], frame: Frame, known: Collection[str], *, fed: bool
) -> dict[str, Any]:
    """The outline with the steps, the schedule and the structure that the words show. `known`:
    the skills that are offered; `fed`: the request goes on from a result."""
    text = without_documents(frame.question)
    if asks_about_us(frame.marked.original, text):
        return {"kind": "answer"}
    if _only_thanks(text, frame):
        return {"kind": "answer"}
    changing = any(cue.name == "change_database" for cue in cues("sure", text))
    if (changing and "change_database" not in known) or _beyond(text):
        return {"kind": "unsupported"}  # Nothing that is there changes rows, or has hands.
    if says("asking", "there", text) and not _PLACED.search(text) and not fed:
        return {"kind": "unsupported"}
    aside = " ".join(item.raw for item in frame.told)
    data = ("query_database",) if frame.database is not None else ()
    found = evidence(text, aside=aside, known=lambda skill: skill in known, besides=data)
    if not (found.sure or frame.tags or fed or _PLACED.search(text)) and says(
        "asking", "hands", text
    ):
        return {"kind": "unsupported"}
    steps = mended(outline.get("steps") or [], found, text, fed=fed)
    steps = _listing(steps, found, frame)
    steps = _written_to(steps, found, text)
    calling = "call_job" in frame.tags
    steps = _unlacking(steps, found, text, known, fed=fed or calling)
    steps = _called_for(steps, text) if calling else steps
    steps = kept_as_read(saved_first(ordered(sent_last(steps, text), text), text), text)
    if "for_each" not in frame.tags:
        steps = _each_page(_alike(steps, found, text), text)
    elif any(item.values.get("over") for item in frame.told):
        steps = [
            step for n, step in enumerate(steps) if step not in _READERS or step not in steps[:n]
        ]
    if set(steps) == {"fetch_feed"} and not frame.tags and text.count("<num") < 2:
        steps = steps[:1]  # Feeds that are only read are read together.
    if "parallel" in frame.tags:
        steps = _side_by_side(steps, text)
    if frame.measure:
        steps = _measuring(steps, known)
    if "trigger_feed" in frame.tags:
        steps = _watching(steps, aside, known, posted=sends(text))
    steps = _spoken(steps, text)
    if "if" in frame.tags:
        steps = with_both_sides(steps, text)
    sifted = fed and not steps and sifts(text)
    steps = ["rank_items"] if sifted else steps
    kind = str(outline.get("kind", "clarify"))
    quiet = kind in ("answer", "unsupported", "clarify")
    onward = sifted or (
        bool(steps) and says(*(("pointing", "at") if fed else ("fetching", "any")), text)
    )
    if quiet and not (found.sure or frame.tags or onward or _spoken_to(steps, kind)):
        return _quietly(dict(outline), kind, text)
    if quiet and steps == ["notify"] and len(text.split()) < 4:
        return {"kind": "clarify", "missing": ["what"]}
    if kind == "unsupported" and found.sure and not steps and not calling:
        return {"kind": "clarify", "missing": ["link"]}
    opened = [tag for tag in outline.get("structure") or [] if tag in frame.open_tags()]
    if set(steps) <= _OF_ITEMS:  # which go through all of them by themselves
        opened = [tag for tag in opened if tag != "for_each"]
    made: dict[str, Any] = {"kind": "job" if quiet and (steps or calling) else kind}
    when = _when(outline, frame, steps)
    if when:
        made["when"] = when
    if fed and when and names_itself(text):
        made.pop("when")  # "Our monthly bulletin" is what it is called.
    if steps:
        made["steps"] = steps
    if opened:
        made["structure"] = opened
    if made["kind"] == "clarify" and outline.get("missing"):
        made["missing"] = outline["missing"]
    return made


_FAREWELL = re.compile(
    r"(?<!\w)(?:see|talk to|speak to|catch) you(?: (?:<\w+\d>|tomorrow|later|soon|then|again|around|next \w+|on \w+))*|have a (?:nice|good|lovely|great) \w+|good ?night|bye(?: bye)?|until (?:tomorrow|next time)|that's me done(?: for (?:today|now|the day|<\w+\d>))?|"
    r"thanks? (?:you )?for (?:your|the|all(?: your| the)?) (?:help|work|patience|trouble)",
    re.I,
)


def _only_thanks(text: str, frame: Frame) -> bool:
    """Whether somebody says thanks, and nothing that could be done."""
    said = text
    text = _FAREWELL.sub(" ", text)
    quiet = not (frame.told or evidence(text).sure or re.search(r"<(?!dur|since|num|date)", text))
    doing = re.search(rf"(?<!\w)(?:{doing_words()})(?!\w)", fold(text))
    return quiet and not doing and len(text.split()) < 12 and says("asking", "thanks", said)


def _beyond(text: str) -> bool:
    """Whether a request that names no place wants what takes hands or ears, or rows changed in a
    database, which is only ever read."""
    if re.search(r"<(?:feed|page|api|mail|chan|file|model|job|quote)\d>", text):
        return False
    return says("beyond", "any", text)


_LETTERS = re.compile(
    r"(?<!\w)(?:news ?letters?|rundbrief\w*|nieuwsbrie\w*|boletin\w*|boletim|infolettre|lettre|laid out|lay|layout|design|magazine|edition|issue|titled|headed)(?!\w)"
)


def _spoken(steps: list[str], text: str) -> list[str]:
    """What only goes to a channel is no letter, whatever it is called: "post the digest to #news"."""
    written = {"send_email", "save_file"} & set(steps) or _LETTERS.search(fold(text))
    if written or not {"notify", "summarize_items"} <= set(steps):
        return steps
    return [step for step in steps if step != "compile_newsletter"]


def _measuring(steps: list[str], known: Collection[str]) -> list[str]:
    """A page whose value is compared is read as it is, and somebody is told."""
    rest = [
        s
        for s in steps
        if s
        not in (
            "extract_article",
            "scrape_page",
            "http_request",
            "fetch_feed",
            "ask_model",
            "rank_items",
        )
    ]
    told = (
        rest if any(skill in _OUT for skill in rest) or "notify" not in known else [*rest, "notify"]
    )
    return ["scrape_page", *told]


def _watching(steps: list[str], words: str, known: Collection[str], *, posted: bool) -> list[str]:
    """What is watched is told to somebody, and a page that is watched for a value of it is read as
    it is. `words`: those that say what is watched."""
    if "<page" in words and _VALUE.search(fold(words)):
        steps = ["scrape_page" if step == "extract_article" else step for step in steps]
    told = any(step in _OUT for step in steps) or ("http_request" in steps and posted)
    quiet = bool(steps) and not told
    return [*steps, "notify"] if quiet and "notify" in known else steps


_VALUE = re.compile(
    r"prices?|stock|availab\w*|rates?|numbers?|figures?|preis\w*|prix|precios?|prezz[oi]|precos?|prijs|prijzen"
)
_PLACED = re.compile(r"<(?!when|time|num|dur|since|date|zone)\w+\d>")
_CRON = re.compile(r"(?<![\w/*])[\d*/,-]+(?: [\d*/,\-LW#?]+){4}(?![\w/*])")


def asks_about_us(said: str, text: str) -> bool:
    """Whether a question is about the assistant itself: what happens when the machine is off, what
    a feed is. It names no place, and asks for nothing to be done."""
    if _PLACED.search(text):
        return False
    if _CRON.search(said) and says("asking", "meaning", said):
        rest = _CRON.sub(" ", said)
        return says("asking", "meaning", rest) and not evidence(rest).sure
    if not said.rstrip(" !)").endswith("?") and not says("asking", "hypothetical", said):
        # An aside may stand behind the question, as long as it asks for nothing.
        asked = [s for s in re.split(r"(?<=[.!?])\s+", text.rstrip(" !)")) if s.endswith("?")]
        about = [s for s in asked if says("asking", "assistant", s)]
        rest = text
        for sentence in about:
            rest = rest.replace(sentence, " ")
        return bool(about) and not evidence(text).sure and not says("asking", "doing", rest)
    if says("asking", "hypothetical", said) and "?" in said:
        return True
    return says("asking", "assistant", said) and not says("asking", "doing", said)


def _quietly(outline: dict[str, Any], kind: str, text: str) -> dict[str, Any]:
    """A request with nothing to do in it: talk about the assistant is answered, and what takes
    hands is said to be beyond it, rather than asked about."""
    if kind == "answer" or re.search(r"<(?:feed|page|api|mail|chan|file)\d>", text):
        return outline
    if says("asking", "thanks", text) and len(text.split()) < 12:
        return {"kind": "answer"}
    if kind == "unsupported":
        # Hands are beyond it; a time without a deed only says when.
        timed = "<when" in text and not telling(text)
        return {"kind": "clarify", "missing": ["what"]} if timed else outline
    if says("asking", "hands", text):
        return {"kind": "unsupported"}
    if text.rstrip().endswith("?") and says("asking", "assistant", text):
        return {"kind": "answer"}
    return outline


def placed(told: Told, steps: Sequence[str], frame: Frame) -> dict[str, Any]:
    """A told structure's values with the steps it stands around, where words tell them."""
    values = dict(told.values)
    if told.tag == "if":
        values |= branches(steps, frame.question.text)
    if told.tag == "for_each":
        saved = [
            n for n, name in enumerate(steps, 1) if name in ("save_file", "compile_newsletter")
        ]
        if values.get("over") and saved and saved[0] > 1:
            values |= {"first": 1, "last": saved[0] - 1}
    return values


def _spoken_to(steps: list[str], kind: str) -> bool:
    """A request that a model held for talk or for impossible, though it speaks of telling
    somebody something."""
    return bool(steps) and (kind == "unsupported" or steps[-1:] == ["notify"])


def _unlacking(
    steps: list[str], found: Evidence, text: str, known: Collection[str], *, fed: bool
) -> list[str]:
    """With the step that something spoken of as known would need, so that its address is asked
    for: "the website" without a link, "mail Anna" without an address."""
    text = _untold(steps, text)
    lacking = [
        cue.name for cue in cues("lacking", text)
        if cue.name in known and cue.name not in denied(text)
    ]  # fmt: skip
    if only_judged(text, found.sure):
        return list(steps)  # "Polite enough to send" sends nothing.
    made = list(steps)
    addressed = bool(
        re.search(
            r"<(?:mail|chan|file)\d>|\b(?:POST|PUT|PATCH)\b[^.;<]{0,40}<(?:api|page)\d>", text
        )
    )
    if "send_email" in lacking and not addressed and not any(step in _OUT for step in made):
        made.append("send_email")
    if "notify" in lacking and not any(step in _OUT for step in made):
        made.append("notify")
    if fed or re.search(r"<(?:feed|page|api)\d>", text) or any(step in _SOURCES for step in made):
        return made
    source = next((name for name in lacking if name not in _OUT), "")
    if not source and says("fetching", "any", text):
        source = "scrape_page"
    if source and (made or found.sure or says("fetching", "any", text)):
        made.insert(0, source)
    return made


_CLAUSE = re.compile(
    r"(?<!\w)(?:is|are|was|were|has|have|had|will|can|ist|sind|est|sont|es|son|sono|zijn)(?!\w)"
)


def _untold(steps: Sequence[str], text: str) -> str:
    """The words without what is only told to somebody: "shout that the feed lorry is stuck"."""
    if not steps or set(steps) - {"notify", "send_email"}:
        return text
    for name in ("message", "body"):
        told = saying(name, text)
        if _CLAUSE.search(fold(told)) and not re.match(r"(?:what|which|how|who)\b", told, re.I):
            text = text.replace(told, " ")
    return text


_LIST_ADDRESS = re.compile(
    r"/(?:[\w-]*-)?(?:vacanc(?:y|ies)|jobs|careers|openings|apprenticeships|events|notices|listings|offers|deals|prices|menu|timetable|fixtures|results|exhibitors|courses|auctions|lots|products|catalogue|whats-on|agenda|"
    r"termine|angebote|stellen|preise|offres|annonces|ofertas|eventos|empleos|annunci|concorsi|avvisi|vagas|vacatures|aanbiedingen)/?(?:[?#].*)?$",
    re.I,
)


def _listing(steps: list[str], found: Evidence, frame: Frame) -> list[str]:
    """Pages whose address says that they list something are taken apart, where no word asks for
    their text."""
    pages = [v for v in frame.marked.of("page") if v.mark in frame.question.text]
    lists = bool(pages) and all(_LIST_ADDRESS.search(str(v.meant)) for v in pages)
    if not lists or {"extract_article", "fetch_feed", "http_request"} & found.sure:
        return steps
    return ["scrape_page" if step == "extract_article" else step for step in steps]


def _written_to(steps: list[str], found: Evidence, text: str) -> list[str]:
    """Without a model that writes, where a person writes to somebody: "write to Jo and say …"."""
    writes = steps[:2] == ["ask_model", "send_email"] and "ask_model" not in found.sure
    return steps[1:] if writes and _WRITING_TO.search(fold(text)) else steps


def _side_by_side(steps: list[str], text: str) -> list[str]:
    """One reading step for each link, since they are to be read at the same time."""
    if not steps or steps.count(steps[0]) > 1 or steps[0] not in _SOURCES:
        return steps
    links = len(set(re.findall(r"<(?:feed|page|api)\d>", text)))
    readers = sum(step in _SOURCES[:4] or step == "extract_article" for step in steps)
    return [*[steps[0]] * max(0, links - readers), *steps]


def _alike(steps: list[str], found: Evidence, text: str) -> list[str]:
    """Two pages that are read for the same thing are read in the same way."""
    two = {"scrape_page", "extract_article"}
    pages = len(set(re.findall(r"<page\d>", text)))
    mixed = (
        pages > 1 and all(steps.count(step) == 1 for step in two) and len(two & set(found.sure)) < 2
    )
    if not mixed or _READERS & set(steps) - two or says("full", "extract_article", text):
        return steps
    reader = next(iter(two & set(found.sure)), "extract_article")
    return [reader if step in two else step for step in steps]


def _each_page(steps: list[str], text: str) -> list[str]:
    """A reader of one page as often as there are pages, when nothing else reads them."""
    by_method = called(text)
    pages = len(set(re.findall(r"<page\d>", text)) - set(by_method))
    callers = {"http_request"} if by_method else set[str]()
    readers = {"fetch_feed", "http_request", "extract_article", "scrape_page"} & set(
        steps
    ) - callers
    reader = next(iter(readers), "")
    wanted = reader in ("scrape_page", "extract_article") and "web_search" not in steps
    if len(readers) != 1 or not wanted or pages <= steps.count(reader):
        return steps
    at = steps.index(reader)
    return [*steps[:at], *[reader] * (pages - steps.count(reader)), *steps[at:]]


def _called_for(steps: list[str], text: str) -> list[str]:
    """Without a reader of links where there is none: the job that is called gives the items."""
    if re.search(r"<(?:feed|page|api)\d>", text):
        return steps
    return [step for step in steps if step not in ("fetch_feed", "scrape_page", "http_request")]


def _when(outline: Mapping[str, Any], frame: Frame, steps: list[str]) -> str:
    """The schedule's mark: one that stands in the words, unless it is a day that is asked about."""
    here = [mark for mark in frame.question.marks if mark in frame.question.text]
    whens = marks_of(here, ("when",))
    if not whens:
        told = str(outline.get("when", ""))
        times = marks_of(here, ("time",))
        going_out = any(step in _OUT for step in steps) and len(steps) > 1
        if told in here and (not told.startswith("<time") or going_out or not steps):
            return told
        return times[0] if times and going_out else ""
    value = frame.marked.values[whens[0]]
    once = isinstance(value.meant, When) and not value.meant.facts.clocks
    if len(steps) == 1 and steps[0] in _ASKING and once and _ONE_DAY.fullmatch(fold(value.raw)):
        return ""
    return whens[0]
