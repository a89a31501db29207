"""What the words of a request say around its steps: conditions, triggers, retries, approval …

Read in code, with the values that stand in the same words. What is left of the request is plain,
so a model only has to find its steps. Structure that no words show stays open to the model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from assistant.builder.calls import with_further_calls
from assistant.builder.conditional import no_condition, tells_when
from assistant.builder.measures import Measured, measured
from assistant.builder.methods import called
from assistant.builder.tasks import marks_of, open_structures
from assistant.builder.terms import Question
from assistant.builder.two_ways import JUDGED, other_sides
from assistant.grounding.cues import Cue, cues
from assistant.grounding.languages import fold
from assistant.grounding.literal import LANGUAGES
from assistant.grounding.marks import Marked
from assistant.grounding.topics import doing_words, topics

# Tags whose words reach to the end of their clause when nothing else stands in it.
_WIDE = frozenset({"approve", "retry", "timeout", "alert", "expect", "trigger_feed"})
_WORK = frozenset({"retry", "timeout", "approve", "expect"})
"""Tags whose words are often run together with another's."""
_EDGE = re.compile(
    r"[.;!?\n,()]|\s[-–—]+\s|(?<=\s)(?:and|but|und|aber|et|mais|y|pero|e|ma|mas|en|maar)\s"
)
# ": get the full text", " let the model judge"
_WISH = re.compile(
    rf":\s|(?<=\s)(?:(?:let|have|get|make|ask|lass|soll|fais|haz que|fai) )?(?:the|an?|das|le|un|el|il|o|um|het|een) (?:model|llm|ai|modell|modele|modelo|modello)(?!\w)|^,? ?(?:then )?(?:{doing_words()}) (?:me|us|it|them|the|a|an)(?!\w)"
)
_DENIED = re.compile(r"(?<!\w)(?:not|nicht|pas|no|non|nao|niet)\s*$")
_ABOVE = re.compile(r"more|over|above|greater|higher|hotter|exceed|at least|rises|passes|tops|mehr|hoher|mindest|uber|"
                    r"plus d|plus q|depasse|superieur|au moins|dessus|\bmas\b|supera|mayor|encima|al menos|piu|superiore|"
                    r"sopra|almeno|\bmais\b|acima|pelo menos|meer|boven|hoger|minstens")  # fmt: skip
_NOTHING = re.compile(r"\b(?:nothing|none|no|empty|not any|isn't|aren't|nichts|keine?\w*|leer|rien|aucun\w*|nada|ningun\w*|"
                      r"niente|nessun\w*|nenhum\w*|niets|geen|leeg)\b")  # fmt: skip
_EACH = (
    r"one (?:by|after) \w+(?: other)?|one at a time|each in turn|der reihe nach|einzeln|"
    r"^(?:for|with|to|fur|für|bei|pour|para|per|voor) (?=each|every|jede|chaque|cada|ogni|elk|ieder)|go through"
)
_IN_LANGUAGE = re.compile(
    rf"(?:it|they|that|those)(?:'s| is| are)? (?:written )?in (?:{LANGUAGES})\b"
)
_REFUSING = re.compile(
    r"don't|do not|dont|no need|skip|stop|without|never|unless|aufhor|schluss|lass|arrete|fini|acaba|basta|fermat|(?<!\w)(?:no|keine?|pas de|sin|niente|nessuna?|sem|geen) (?:e-?mail|mail|message|letter|post|newsletter|courriel|correo|mensaje|messaggio|mensagem|bericht)"
)
_ASKING = re.compile(
    r"(?<!\w)(?:see|check|look(?: up)?|find out|know|wonder|curious|tell me|verify|schau\w*|sieh|pruf\w*|regarde\w*|verifie\w*|mira|comprueba|guarda|controlla|ve|verifica|kijk|controleer)\s*$"
)
_A_MODEL = re.compile(
    r"(?<!\w)(?:models?|llm|ai|sprachmodell|modell|modele|modelo|modello)(?!\w)|<model\d>"
)
# "Let the model say if I need a coat"
_MODEL_ASKED = re.compile(
    r"(?:(?<!\w)(?:model|llm|ai)|<model\d>)[^.;<]{0,40}(?<!\w)(?:say|says|tell|tells|decide|decides|judge|judges|work out|answer|check|see)(?:[^.;,<]|<num\d>){0,30}$"
)
# "A ping when it's there" comes at the end, and hangs on nothing.
_PING = re.compile(
    r"(?:ping|nudge|heads-?up|shout|notification|message|note|word|tell|let)(?: [\w<>]+){0,4} (?:when|once|as soon as) (?:it|that|this|they|all|everything|the \w+)(?:'s|'re| is| are| has| have)(?: all| been)* ?(?:there|done|ready|up|in|saved|out|finished|through|sent|gone)?$"
)
_HANGS_ON = re.compile(
    r"<(?:mail|chan|file|when|job)\d>|(?<!\w)(?:if so|if not|otherwise|else|then|only)(?!\w)"
)
# What a number is compared with: "says the temperature is under 2".
_SUBJECT = re.compile(
    r"(?:the |its |their |die |der |das |la |le |el |il |o |a |de |het )?(?P<what>(?!there|it\b|more|less|they|we|you|over|under)[a-z_]{3,}) (?:is|are|was|falls|drops|goes|rises|gets|climbs|exceeds|passes|tops|ist|fallt|steigt|est|es|e|is) ?(?:ever |now |still )?"
    r"(?:more than|over|above|greater|higher|at least|less than|fewer than|under|below|lower|at most|up to|uber|unter|mehr als|weniger als|plus de|moins de|mas de|menos de|piu di|meno di|mais de|meer dan|minder dan|<num)"
)
# "If it isn't ok", "unless it says open": what is to be missing. Twice is not at all.
_NEGATED = re.compile(
    r"n't\b|\bnot\b|\b(?:isnt|arent|wasnt|doesnt|dont|didnt|cant|unless|without|lacks?|misses|no longer|anything but|anything except|(?:something|anything) other than)\b"
    r"|\b(?:nicht|kein\w*|nie|n'est(?: pas)?|ne (?:dit|contient|repond|renvoie|donne)(?: pas)?|pas|non|nao|niet|geen)\b|\bno (?=es |esta |dice |contiene |responde |da |devuelve |contesta )"
)
_STATE = re.compile(
    r"(?<=\w )(?:true|false|ok|okay|down|sold out|in stock|offline|online|closed|open|error)\b(?=$| |[,.;:])"
)


@dataclass(frozen=True)
class Told:
    """A structure tag that the words tell, with its values as a model would give them."""

    tag: str
    values: dict[str, Any]
    raw: str


@dataclass(frozen=True)
class Frame:
    """The structure that was told, and the question that is left."""

    told: tuple[Told, ...]
    question: Question
    marked: Marked
    database: str | None = None
    """The database that is asked by the words of its tables; empty: one of several, None: none."""
    measure: str = ""
    """The word whose number on a page is compared."""

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(item.tag for item in self.told)

    @property
    def placed(self) -> set[str]:
        """The marks that the structure holds: whom an alert goes to, which job is waited for."""
        values = [value for item in self.told for value in item.values.values()]
        return {value for value in values if isinstance(value, str) and value.startswith("<")}

    def open_tags(self) -> list[str]:
        """Structure that the words may mean besides, for the model to decide."""
        text = self.question.text
        for polite in [c for c in cues("vague", text) if c.name == "polite"]:
            text = text.replace(polite.text, " ")
        waiting = any(tag.startswith("trigger_job") for tag in self.tags)
        return [
            tag for tag in open_structures(self.question)
            if tag not in self.tags and not (waiting and tag.startswith(("trigger_job", "call_job")))
            and any(
                c.name == tag
                and not (_only_asks(c, text) or tells_when(c, text) or _only_why(c, text))
                and not (_another_word(c, self.marked.lang) or _judged(c, text))
                for c in cues("hints", text)
            )
        ]  # fmt: skip


def frame_of(question: Question, marked: Marked) -> Frame:
    """The frame of a request. Its question has the rest of the words and the marks in them."""
    text = question.text
    spoken = [cue for cue in cues("structure", text) if not _only_asks(cue, text)]
    spoken = [cue for cue in spoken if cue.name != "if" or not no_condition(cue, text)]
    spoken = [cue for cue in spoken if "status" not in cue.groups or _is_status(cue, marked)]
    found = with_further_calls(text, _chosen(spoken, text))
    told: list[Told] = []
    page = measured(question.text) if question.focus is None else None
    if page is not None:
        found = [c for c in found if c.end <= page.start or c.start >= page.end]
        told += _of_page(page, question.text)
    for cue in found:
        if cue.name == "if" and _IN_LANGUAGE.search(fold(cue.text)):
            continue  # "If it is in Spanish" says which articles are kept.
        if cue.name == "call_job" or cue.name not in [item.tag for item in told]:
            told.append(Told(cue.name, _values(cue, question), cue.text))
    if page is not None:
        found.append(Cue("measured", page.start, page.end, page.url, {}))
        found = [cue for cue in found if cue.name != "trigger_feed"]
    text = _without(text, [*found, *other_sides(text, found)])
    kept = tuple(m for m in question.marks if m in text or m not in question.text)
    left = replace(question, text=text, marks=kept)
    measure = page.what if page is not None else ""
    return Frame(tuple(told), left, replace(marked, text=text), measure=measure)


def _is_status(cue: Cue, marked: Marked) -> bool:
    """Whether a number can be what a server answers: 200, 404."""
    value = marked.values.get(cue.groups["status"])
    return value is not None and value.meant in range(100, 600)


def _of_page(page: Measured, text: str) -> list[Told]:
    """The condition on a value of a page; where no time is told, the page's change starts the job."""
    said = text[page.start : page.end]
    condition = {"test": page.test, "than": page.than, "what": page.what}
    watched = [] if "<when" in text else [Told("trigger_feed", {"url": page.url}, said)]
    return [*watched, Told("if", condition, said)]


def _only_asks(cue: Cue, text: str) -> bool:
    """Whether an "if" asks and nothing hangs on it: "see if there's something about moths online"."""
    before = fold(text[: cue.start])
    if cue.name == "alert" and _MODEL_ASKED.search(before):
        return True
    if cue.name == "if" and (_MODEL_ASKED.search(before) or _PING.search(before + fold(cue.text))):
        return True
    asking = cue.name == "if" and _ASKING.search(before)
    return bool(asking) and not _HANGS_ON.search(fold(text))


# Small words that open a condition in these languages and mean something else in others: Spanish
# "se", Italian "si", German "als".
_CONDITION_IN = {"se": ("it", "pt"), "si": ("es", "fr"), "als": ("nl",), "caso": ("it", "pt")}
_OTHERWISE = re.compile(r"(?:otherwise|or else|sonst|sinon|altrimenti|senao|anders)$")
_REASON = re.compile(
    r"[ ,:]*(?:it|they|he|she|we|i|you|that|this|there|people|everybody|everyone|nobody|es|er|sie|ich|wir|man|il|elle|on|ca|je|ils|se|ho|lo|me|het|ze|ik|wij|men)(?!\w)(?:[^.;<]|<(?!mail|chan|file))*(?:[.;]|$)"
)


def _another_word(cue: Cue, lang: str) -> bool:
    """Whether a word of another language is taken for one that opens a condition."""
    told = _CONDITION_IN.get(fold(cue.text).split()[0].rstrip(","))
    return cue.name in ("if", "trigger_feed") and told is not None and lang not in told


def _only_why(cue: Cue, text: str) -> bool:
    """Whether an "otherwise" only says why: "it wants a header, otherwise it hands you HTML"."""
    alone = cue.name == "if" and _OTHERWISE.match(fold(cue.text))
    return bool(alone) and bool(_REASON.match(fold(text[cue.end :])))


def _judged(cue: Cue, text: str) -> bool:
    """Whether "breaking" is what a model is to judge, and no failure: "say if it's breaking for us"."""
    before = re.split(r"[.;,<]", fold(text[: cue.start]))[-1]
    said = re.match(r"(?P<asked>.*?)(?<!\w)(?:if|whether)(?!\w)", before)
    return (
        cue.name == "alert"
        and said is not None
        and _MODEL_ASKED.search(f"{said['asked'].strip()} ") is not None
    )


def _chosen(found: Iterable[Cue], text: str) -> list[Cue]:
    """Cues that do not overlap, the more telling names first, as the file has them. What one of
    them leaves of another's words is read once more: "tell #ops if it fails, and retry twice"."""
    found = list(found)
    chosen = _apart(found, text)
    names = {cue.name for cue in chosen}
    if any(cue.name in _WORK and cue.name not in names for cue in found):
        rest = text
        for cue in chosen:
            rest = rest[: cue.start] + "." * (cue.end - cue.start) + rest[cue.end :]
        chosen += [
            cue for cue in _apart(cues("structure", rest), rest) if cue.name in _WORK - names
        ]
    return sorted(chosen, key=lambda cue: cue.start)


def _apart(found: Iterable[Cue], text: str) -> list[Cue]:
    scheduled = "<when" in text
    chosen: list[Cue] = []
    polite = [cue for cue in cues("vague", text) if cue.name == "polite"]
    for cue in found:
        if any(p.start <= cue.start < p.end for p in polite):
            continue
        if cue.name == "trigger_feed" and (
            scheduled or not re.search(r"<(?:feed|page|api)\d>", text)
        ):
            continue
        if cue.name == "for_each" and _DENIED.search(fold(text[: cue.start])):
            continue
        if cue.name == "if" and ("approve" in [c.name for c in chosen] and "<" not in cue.text):
            continue
        if all(cue.end <= c.start or cue.start >= c.end for c in chosen):
            chosen.append(cue)
    return chosen


def _without(text: str, found: Iterable[Cue]) -> str:
    """The text without the words of the cues. A feed that starts the job is still to be read."""
    for cue in sorted(found, key=lambda cue: -cue.start):
        start, end = (cue.start, cue.end)
        if cue.name in _WIDE:
            start, end = _widened(text, start, end)
        links = cue.marks("feed", "page", "api")
        instead = {
            "if": _kept_about(cue, text[cue.end :]),
            "counted": ", otherwise, ",
            "answered": ", otherwise, ",
            "inputs": f" {cue.groups.get('name', '')} ",
        }.get(cue.name, " ")
        instead = f" read {' and '.join(links)}, " if links else instead
        if cue.name == "measured":
            read_besides = cue.text in text[:start] + text[end:]
            instead = ", " if read_besides else f" scrape {cue.text}, "
        if cue.name == "for_each" and (links or " " in cue.text.strip()):
            instead = f" {re.sub(_EACH, '', cue.text, flags=re.I)} "
        text = text[:start] + instead + text[end:]
    text = re.sub(r"\s+([,.;:!?])", r"\1", re.sub(r"\s{2,}", " ", text))
    text = re.sub(r"([,;:])(?:\s*[,;:])+", r"\1", text)
    text = re.sub(r"([.?!])\s*[,;][\s,;.]*(?=\s|$)", r"\1", text)
    return re.sub(r"^[\s,;:.]+|[\s,;:]+$", "", text)


_ABOUT = re.compile(
    r"(?<!\w)(?:about|regarding|concerning|mentioning|to do with|relating to|uber|zum thema|a propos d[eu]s?|concernant|sobre|acerca del?|riguardo a\w*|su(?:l|lla|i|gli|lle)?)(?= [\w'])"
)
_ABOUT_NEXT = re.compile(
    r"\s*(?:in (?:it|there) )?(?:on|over|sur|" + _ABOUT.pattern.split("(?:", 1)[1]
)


_ONLY = {"ube": "nur die", "zum": "nur die", "sur": "seulement ceux", "a p": "seulement ceux", "con": "seulement ceux", "sob": "solo los", "ace": "solo los", "rig": "solo quelli", "su": "solo quelli", "sul": "solo quelli"}  # fmt: skip


def _kept_about(cue: Cue, behind: str) -> str:
    """What stands for a condition in the words that are left: of "if there's anything about moths"
    only what is about moths is kept."""
    if cue.marks("num", "quote", "feed", "page", "api") or "status" in cue.groups:
        return ", "
    if (said := _ABOUT.search(fold(cue.text))) is not None and "<" not in cue.text:
        return f", {_ONLY.get(said[0][:3], 'only keep those')} {cue.text[said.start() :]}, "
    after = _ABOUT_NEXT.match(fold(behind))
    return f", {_ONLY.get(after[0].strip()[:3], 'only keep those')} " if after else ", "


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds moved out to the clause's edges, unless a mark stands on the way."""
    before = list(_EDGE.finditer(fold(text[:start])))
    left = before[-1].start() if before else 0
    if "<" not in text[left:start]:
        start = left
    after = _EDGE.search(fold(text), end)
    right = after.start() if after else len(text)
    if further := _WISH.search(fold(text[end:right])):
        right = end + further.start()
    return start, right if "<" not in text[end:right] else end


# The values of each tag -------------------------------------------------------------------


def _values(cue: Cue, question: Question) -> dict[str, Any]:
    one = {
        "retry": (("times", ("num",)), ("wait", ("dur",))),
        "timeout": (("after", ("dur", "since")),),
        "alert": (("to", ("mail", "chan")),),
        "call_job": (("job", ("job",)),),
        "trigger_job_done": (("job", ("job",)),),
        "trigger_job_failed": (("job", ("job",)),),
        "trigger_feed": (("url", ("feed", "page", "api")),),
    }.get(cue.name, ())
    values: dict[str, Any] = {}
    for name, kinds in one:
        marks = cue.marks(*kinds)
        if marks:
            values[name] = marks[-1] if name == "to" else marks[0]
    links = marks_of(_in_text(question), ("feed", "page", "api"))
    if cue.name == "trigger_feed" and "url" not in values and links:
        values["url"] = links[0]
    if cue.name == "if":
        return _condition(cue, judged=_A_MODEL.search(fold(question.text)) is not None)
    if cue.name == "expect":
        low = bool(_ABOVE.search(fold(cue.text))) or "at least" in cue.text
        fails = re.search(r"fewer|less|under|below|not even", fold(cue.text))
        values = {"test": "below" if fails else "above" if low else "any"}
        return values | ({"than": cue.marks("num")[0]} if cue.marks("num") else {})
    if cue.name == "for_each":
        sent = {link for link, method in called(question.text).items() if method != "GET"}
        here = [mark for mark in _in_text(question) if mark not in sent]
        urls = marks_of(here, ("feed", "page")) or marks_of(here, ("api",))
        return {"over": urls} if len(urls) > 1 else {}
    if cue.name == "inputs":
        return {"names": _names(cue.groups.get("name") or cue.groups.get("blank", "value"))}
    return values


_ARTICLE = re.compile(
    r"^(?:the|an?|my|their|some|die|der|das|den|le|la|el|il|lo|o|a|het|de|une?|un[oa]?|ein\w*|uma?|een) ",
    re.I,
)


def _names(said: str) -> list[str]:
    """The names of inputs that are told together: "town, trade and a day"."""
    parts = re.split(r",? (?:and|or|und|et|y|e|en) |, ", said)
    return [name for part in parts if (name := _ARTICLE.sub("", part).strip())]


def _in_text(question: Question) -> list[str]:
    return [mark for mark in question.marks if mark in question.text]


# "Our brand Larkspur"
_NAMED_BEHIND = re.compile(r"[a-zà-öø-ÿ' ]+ (?P<name>[A-ZÀ-ÖØ-Þ][\w&-]+(?: [A-ZÀ-ÖØ-Þ][\w&-]+)*)")


def _condition(cue: Cue, *, judged: bool = False) -> dict[str, Any]:
    """The test that a condition's words tell. `judged`: a model answers before it."""
    folded = fold(cue.text)
    if judged and JUDGED.fullmatch(
        re.sub(r"^\W*(?:and|but|und|aber|et|mais|y|pero|e|ma|en|maar) ", "", folded)
    ):
        return {"test": "contains", "what": "yes"}
    what = cue.groups.get("what", "")
    state = _STATE.search(folded)
    if state or what:
        said = state[0] if state else (topics(what) or [what.strip()])[0]
        named = _NAMED_BEHIND.fullmatch(said)
        said = named["name"] if named else said
        lead = folded[: folded.rfind(fold(said))]
        return {"test": "lacks" if len(_NEGATED.findall(lead)) % 2 else "contains", "what": said}
    if status := cue.groups.get("status"):
        negated = len(_NEGATED.findall(folded)) % 2
        return {"test": "status", "than": status} | ({"what": "not"} if negated else {})
    numbers = cue.marks("num")
    if numbers:
        above = _ABOVE.search(folded) and not cue.groups.get("low")
        test = {"test": "above" if above else "below", "than": numbers[0]}
        subject = _SUBJECT.search(folded)
        return test | ({"what": subject["what"]} if subject else {})
    # "Don't bother if there is nothing" and "unless it is empty" both go on when there is something.
    empty = bool(_NOTHING.search(re.sub(_REFUSING, "", folded)))
    return {"test": "none" if empty and not _REFUSING.search(folded) else "any"}
