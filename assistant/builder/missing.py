"""What a request needs and does not say, by its words alone: which job, what it points at, what a
change is to become, a text, a time, an amount, a person's address.

The words stand in `prompts/builder_missing.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from assistant.builder.deciding import Fill
from assistant.builder.drafts import Ask
from assistant.builder.evidence import evidence
from assistant.builder.frame import Frame
from assistant.builder.questions import Surroundings
from assistant.builder.terms import Question
from assistant.builder.texts import ask
from assistant.builder.ways import WHOLE
from assistant.builder.wiring import Part
from assistant.grounding.cues import Cue, cues, patterns, says
from assistant.grounding.languages import fold
from assistant.grounding.marks import MARK, Marked, Value
from assistant.grounding.schedules import When

_MOST_NAMED = 4
"""Jobs that a question names; of more it only asks which."""
_PLACES = {
    "mail": "steps.send_email.to", "link": "steps.fetch_feed.url", "channel": "steps.notify.channel",
    "time": "schedule.cron", "name": "job.name",
}  # fmt: skip
# Texts that a step cannot do without, and whether an earlier step can stand in for them.
_TEXTS = frozenset({"message", "body", "prompt", "query", "question"})
_WORDS = re.compile(r"[^\W\d_]+")
_CARRIED = frozenset({"body", "content"})
"""Texts that a step takes from the one before it; "the figures" of a first step come from nowhere."""
_SAID = frozenset({"message", "body"})
_BEHIND = re.compile(r":\s+(\S.*)$")
_WHOLE = frozenset({"prompt", "question"})
"""Texts that all of a request may be."""
# Marks that say where a text goes, when, or by whom, and nothing of the text.
_AROUND = re.compile(r"<(?:chan|mail|model|when|time|zone)\d>")
_ASKED_NOW = frozenset({"web_search", "ask_model"})
"""Skills whose own words may speak of times and amounts: "how to exercise regularly"."""
_WORKING = frozenset(
    {"fetch_feed", "scrape_page", "extract_article", "http_request", "web_search", "query_database"}
) | frozenset({"ask_model", "save_file", "rank_items", "summarize_items", "compile_newsletter"})
_SHORT = 8
"""Words after "translate this" that can only say how; more of them are what is meant."""
_NO_MORE = re.compile(
    r"(?<!\w)(?:no|not|without|remove|drop|kein\w*|nicht|ohne|pas|sans|sin|quita|non|senza|sem|nao|geen|niet|zonder)(?!\w)"
)
_ANOTHER = re.compile(
    r"(?<!\w)(?:an?other|different|else|instead|new|ander\w*|andre|neue\w*|autre\w*|nouve\w*|otr[oa]s?|nuev[oa]s?|"
    r"altr[oiae]|nuov[oiae]|outr[oa]s?|nov[oa]s?|nieuwe?)(?!\w)"
)
_NAMED_THING = re.compile(
    r"(?:the|this|that|my|our|their|his|her|its|der|die|das|den|mein\w*|unser\w*|le|la|les|l|mon|ma|notre|el|los|las|mi|nuestr\w|"
    r"il|lo|i|gli|o|a|os|as|meu|minha|noss\w|de|het|mijn|onze)(?: (?!is|are|was|were|has|have|will|ist|sind|hat|est|sont|es|son|"
    r"sono|zijn)\w+){1,2}"
)
# What is kept somewhere, and not said by its name alone: "post the minutes to #board".
_KEPT = re.compile(
    r"(?:the|this|that|my|our|today's|tomorrow's|this week's|last week's)(?: \w+)? (?:minutes|reports?|figures|numbers|agenda|lists?|results?|rota|menu|schedule|notes|summary|"
    r"update|newsletter|statistics|stats|prices|forecast|weather|news|file|document|table|spreadsheet|plan|programme|log)"
)
_SAYING = re.compile(r"(?:that|say\w*|know|text|dass|sag\w*|que|qu|dis\w*|che|dat|zeg\w*|:)\W*$")
_CONDITION = re.compile(
    r"(?<!\w)(?:if|when(?:ever)?|once|as soon as|in case|unless|wenn|falls|sobald|si|quand|des que|lorsque|cuando|"
    r"en cuanto|se|quando|appena|caso|assim que|als|wanneer|zodra|indien)(?!\w)[^.;!?]*$"
)


def asked_first(question: Question, around: Surroundings) -> tuple[Ask, ...]:
    """What has to be known before anything can be drafted."""
    for ask_about in (_job, _change, _joining, _amount, _pointed_at, _usual):
        if found := ask_about(question, around):
            return (found,)
    return ()


# Which job -------------------------------------------------------------------------------


def named_by_one(
    question: Question, marked: Marked, around: Surroundings
) -> tuple[Question, Marked]:
    """The question with "the job" as the only job there is, where no job is in focus."""
    cue = _spoken_of(question)
    if cue is None or around.focus is not None or len(around.jobs) != 1:
        return question, marked
    inner = cues("spoken_of", cue.text)
    job = next(found for found in inner if found.name in ("job", "other"))
    start, end = cue.start + job.start, cue.start + job.end
    text = f"{question.text[:start]}<job1>{question.text[end:]}"
    value = Value("<job1>", "job", job.text, around.jobs[0])
    marked = replace(marked, text=text, values={**marked.values, "<job1>": value})
    return replace(question, text=text, marks=(*question.marks, "<job1>")), marked


def _spoken_of(question: Question) -> Cue | None:
    """Where a request does something to a job, or waits for one, without naming any."""
    if re.search(r"<(?:job|feed|page|api)\d>", question.text):
        return None
    if evidence(question.text).sure & _WORKING:
        return None  # "The job" is the one that is being described.
    return next((cue for cue in cues("spoken_of", question.text) if cue.name == "which"), None)


def _job(question: Question, around: Surroundings) -> Ask | None:
    cue = _spoken_of(question)
    if cue is None and _done_to_some_job(question, around):
        return Ask("job", _which_job(around.jobs))
    others = [job for job in around.jobs if around.focus is None or job != around.focus.name]
    if cue is None:
        return None
    if around.focus is not None and not says("spoken_of", "other", cue.text):
        return None
    return Ask("job", _which_job(others))


def _done_to_some_job(question: Question, around: Surroundings) -> bool:
    """ "Get rid of it", "run the import": with several jobs, and none of them named or in focus."""
    text = question.text
    if around.focus is not None or around.last is not None or len(around.jobs) < 2:
        return False
    if MARK.search(text) or evidence(text).sure:
        return False
    done = any(cue.name in WHOLE for cue in cues("actions", text))
    return done or says("spoken_of", "started", text) or says("spoken_of", "tuned", text)


def _which_job(names: Sequence[str]) -> str:
    if not 1 < len(names) <= _MOST_NAMED:
        return ask("job")
    return ask("which_job", names=f"{', '.join(names[:-1])} or {names[-1]}")


# What a change is to become --------------------------------------------------------------


def _change(question: Question, around: Surroundings) -> Ask | None:
    """A change of the focused job that names what is to change and not what it becomes."""
    if around.focus is None or MARK.search(question.text) or says("asking", "store", question.text):
        return None
    text = re.sub(re.escape(around.focus.name), " ", question.text, flags=re.I)
    found = cues("changing", text)
    if not found or (_NO_MORE.search(fold(text)) and not _ANOTHER.search(fold(text))):
        return None
    complaint = says("mend", "it", text)
    for cue in sorted(found, key=lambda cue: -cue.start):
        text = f"{text[: cue.start]} {text[cue.end :]}"
    if not complaint and not names_nothing("change", text):
        return None
    kind = found[0].name
    return Ask(_PLACES.get(kind, "request"), ask("amount" if kind == "number" else kind))


def _joining(question: Question, around: Surroundings) -> Ask | None:
    """Somebody who is to get what the focused job sends, with no address."""
    if around.focus is None or re.search(r"<(?:mail|chan)\d>", question.text):
        return None
    found = [c for c in cues("people", question.text) if c.name == "joining"]
    if not any(not says("people", "nobody", cue.groups.get("who", "")) for cue in found):
        return None
    return Ask(_PLACES["mail"], ask("mail"))


def _amount(question: Question, around: Surroundings) -> Ask | None:
    """A condition that is put to the focused job and that no number can be made of."""
    open_ = around.focus is not None and _amount_open(question.text)
    return Ask("if", ask("threshold")) if open_ else None


def names_nothing(kind: str, text: str, besides: str = "") -> bool:
    """Whether all words of a text only ask for the work itself: "write something for me". `kind`:
    a name under `bare` of the words; `besides`: words that say nothing here."""
    left = _AROUND.sub(" ", text)
    if MARK.search(left) or re.search(r"\d|:\s*\w", left):
        return False
    known = {fold(word) for word in _WORDS.findall(besides)}
    words = [word for word in _WORDS.findall(fold(left)) if len(word) > 1]
    return all(word in known or _bare(kind).fullmatch(word) for word in words)


@cache
def _bare(kind: str) -> re.Pattern[str]:
    return re.compile("|".join((*patterns("bare", "common"), *patterns("bare", kind))))


# What is pointed at ----------------------------------------------------------------------


def _pointed_at(question: Question, around: Surroundings) -> Ask | None:
    """Work on "this" or "it" where nothing is shown, no job is in focus and nothing stands before."""
    if around.last is not None or around.focus is not None:
        return None
    text = question.text
    at = next(iter(cues("pointing", text)), None)
    if at is None or not names_nothing("common", text[: at.start]):
        return None
    rest = text[at.end :]
    said = re.search(r"<(?:feed|page|api|quote|job)\d>|:\s*\S|\n\s*\S", rest)
    if said or len(_WORDS.findall(MARK.sub(" ", rest))) > _SHORT:
        return None
    return Ask("request", ask("this"))


def _usual(question: Question, around: Surroundings) -> Ask | None:
    """ "The usual, please", where nothing says what that was."""
    if around.last is not None or around.focus is not None:
        return None
    spoken = says("vague", "usual", question.text) and not evidence(question.text).sure & _WORKING
    return Ask("request", ask("this")) if spoken else None


_LETTER = re.compile(r"(?<!\w)(?:news ?letter|digest|round-?up|press review|briefing)(?!\w)")


def unsaid(text: str) -> list[str]:
    """Kinds of values that a request speaks of as known and does not give."""
    lacking = {cue.name for cue in cues("lacking", text)}
    linked = re.search(r"<(?:feed|page|api)\d>", text)
    addressed = re.search(r"<(?:mail|chan)\d>", text)
    sources = lacking & {"fetch_feed", "scrape_page", "http_request"}
    told = says("people", "told", text)
    wanted = {
        "link": bool(sources or _LETTER.search(fold(text))) and not linked,
        "address": "send_email" in lacking and not addressed,
        "contact": told and not addressed and "send_email" not in lacking,
    }
    return [kind for kind, open_ in wanted.items() if open_]


# What the steps lack ---------------------------------------------------------------------


def stated(
    fills: Sequence[Fill], question: Question, *, fed: bool
) -> list[tuple[Fill, Mapping[str, Any]]]:
    """The steps with their values, without texts that name nothing. `fed`: a result is shown that
    the words of the first step can be about."""
    alone = len(fills) == 1 and not fed
    return [
        (fill, _telling(fill, question, first=not number and not fed, alone=alone))
        for number, fill in enumerate(fills)
    ]


# "…: a digest each weekday, to <mail1>" is a wish, and nothing that a letter says.
_SENDING = re.compile(r"(?<!\w)(?:to|an|a|para|naar) <mail\d>\W*$")


# "Its out", "they're in": small words that say all there is to say.
_STATE = re.compile(
    r"(?:it|they|that|we|all|everything)(?:'?s|'?re| is| are) (?:now )?(?:in|out|up|on|off|done|gone|there|here|ready|over|through|live|sent)"
)


def _telling(fill: Fill, question: Question, *, first: bool, alone: bool) -> Mapping[str, Any]:
    besides = str(fill.values.get("database", ""))
    told: dict[str, Any] = {}
    for name, value in fill.values.items():
        empty = name in _TEXTS and isinstance(value, str) and names_nothing(name, value, besides)
        empty = empty and not (name in _SAID and _STATE.fullmatch(fold(str(value))))
        if name in _TEXTS and not empty and first:
            empty = any(
                c.name == "thing" and c.end - c.start > len(str(value)) - 6
                for c in cues("vague", str(value))
            )
        told_of = name in _CARRIED or (name == "message" and _KEPT.fullmatch(fold(str(value))))
        if first and told_of and not empty:
            empty = _only_named(str(value), question.text)
        if not empty or (name == "prompt" and not first):
            told[name] = value
        elif alone and name in _SAID and (said := _BEHIND.search(question.text)):
            told |= {} if _SENDING.search(said[1]) else {name: said[1]}
        elif alone and name in _WHOLE and not names_nothing(name, question.text, besides):
            told[name] = question.text  # The words were looked for in the wrong place.
    return told


def _only_named(value: str, text: str) -> bool:
    """Whether a text that is to be sent or saved only names it: "the figures", and nobody says so."""
    before = fold(text[: text.find(value)]) if value in text else ""
    words = fold(value).split()
    while (
        words and not _NAMED_THING.fullmatch(" ".join(words)) and names_nothing("common", words[0])
    ):
        words = words[1:]
    idle = not words or _NAMED_THING.fullmatch(" ".join(words)) is not None
    return idle and not _SAYING.search(before)


def asked_besides(
    frame: Frame, parts: Sequence[Part], when: When | None, tags: Sequence[str]
) -> list[Ask]:
    """What steps that are whole still leave open: when they run, from how much on, who is told."""
    skills = {part.skill.name for part in parts}
    if not skills or skills <= _ASKED_NOW:
        return []
    text = frame.question.text
    asks: list[Ask] = []
    if _time_open(text, when, tags, skills):
        asks.append(Ask("schedule.cron", ask("time")))
    measured = any(item.tag == "if" and "than" in item.values for item in frame.told)
    if not measured and _amount_open(frame.marked.original):
        asks.append(Ask("if", ask("threshold")))
    if skills == {"send_email"} and says("vague", "file", text) and "<file" not in text:
        asks.append(Ask("steps.send.attachments", ask("file")))
    told = "notify" in skills and not any(
        part.arguments.get("channel") for part in parts if part.skill.name == "notify"
    )
    if told and says("people", "told", text) and not re.search(r"<(?:mail|chan)\d>", text):
        asks.append(Ask("steps.tell.channel", ask("contact")))
    return asks


def _time_open(text: str, when: When | None, tags: Sequence[str], skills: set[str]) -> bool:
    if any(tag.startswith("trigger_") for tag in tags):
        return False
    if says("vague", "hour", text):
        return when is None or bool(when.assumed)
    if when is not None:
        return False
    reminding = bool(skills & {"notify", "send_email"}) and says("people", "reminded", text)
    return reminding or says("vague", "often", text)


def _amount_open(original: str) -> bool:
    """A condition on "too many" or "enough": no number can be made of it."""
    folded = fold(re.sub(r"[\"“„«‘].*?[\"”“»’]", lambda quoted: "x" * len(quoted[0]), original))
    found = cues("vague", folded)
    polite = [cue for cue in found if cue.name == "polite"]
    for cue in found:
        if any(p.start <= cue.start < p.end for p in polite):
            continue
        if cue.name != "number" or not _CONDITION.search(folded[: cue.start]):
            continue
        clause = _CONDITION.search(folded[: cue.start])
        said = folded[clause.start() if clause else 0 : cue.end]
        after = re.split(r"[.;!?,]", folded[cue.end :], maxsplit=1)[0]
        if not re.search(r"\d", said + after[:25]):
            return True
    return False
