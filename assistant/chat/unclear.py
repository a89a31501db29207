"""Requests that no draft should be made of as they stand: two jobs in one, words that exclude each
other. Each is asked with the choices there are; a choice takes the place of the request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from assistant.builder.questions import LONGEST
from assistant.chat.answering import words
from assistant.chat.context import REQUEST
from assistant.grounding.languages import LANGUAGES, fold
from assistant.grounding.lexicon import lexicon
from assistant.grounding.times import phrases, schedule
from assistant.job.questions import Question

_QUOTED = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»|`[^`\n]*`")
_NEVER = (
    r"(?:never|not|don'?t|do not|without|but no|nicht|nie(?:mals)?|kein\w*|ohne|jamais|ne|sans|pas|nunca|no|sin|mai|"
    r"non|senza|nao|sem|nooit|niet|geen|zonder)"
)
_SEND = r"(?:e-?mail(?:ing)?|mail(?:e|es|en|ing)?|send(?:e|en|ing)?|schicke?n?|verschicken|envoie[rsz]?|envia[r]?|manda[r]?|invia(?:re)?|envie|mande|stuur|sturen)"
_ANYTHING = (
    r"(?:anything|any mails?|it|them|to any(?:one|body)|out|etwas|was|irgendwas|nichts|rien|nada|niente|"
    r"iets|niets|mails?|e-?mails?)"
)
_NOT_SENT = re.compile(
    rf"(?:,|;|\.|\b(?:and|but|yet|und|aber|et|mais|y|pero|e|ma|mas|en|maar)\b)?\s*(?:please )?\b{_NEVER}\b(?: \w+)? {_SEND} {_ANYTHING}"
    r"(?: (?:to|at|an|a|aan) (?:any(?:one|body)|jemanden|personne|nadie|nessuno|ninguem|niemand))?(?=\s*(?:[.,;!]|$))"
)
_SENDS = re.compile(rf"\b{_SEND}\b[^.;]*?[\w.+-]+@[\w-]+\.\w+|[\w.+-]+@[\w-]+\.\w+")
_NO_DAY = (
    rf"(?:,|;|\b(?:and|but|yet|und|aber|et|mais|y|pero|e|ma|mas|en|maar)\b)?\s*\b{_NEVER}\b(?: \w+){{0,3}}? "
    r"(?:on |am |le |los |el |il |a |as |na |op )?(?P<day>{days})(?=[\s.,;!]|$)"
)
_PARTS = re.compile(
    r"(?<=[.!?;])\s+|\n+|,?\s+(?:and|und|et|y|e|en)\s+(?=(?:every|each|jeden|jede|chaque|tous|cada|todos|ogni|elke|iedere)\b)",
    re.I,
)
_PLACE = re.compile(r"://|[\w.+-]+@[\w-]+\.\w+|\b[\w-]+\.(?:csv|md|txt|json|html|xlsx)\b", re.I)
_JOINT = re.compile(
    r"^(?:and|but|yet|und|aber|et|mais|y|pero|e|ma|mas|en|maar)\b,?\s+", re.IGNORECASE
)
_TRAILING = re.compile(r",?\s+(?:and|und|et|y|e|en)$", re.IGNORECASE)
_LEAST = 6
"""Words of a sentence that is a request of its own."""


@dataclass(frozen=True)
class Unclear:
    """What is asked; each of `choices` is a request that can be drafted."""

    text: str
    choices: tuple[str, ...]

    def question(self, request: str) -> Question:
        """The question of it; its answer stands in the place of the whole request."""
        facts = {"place": "request", "raw": request}
        return Question("CLARIFY", self.text, self.choices, REQUEST, facts)


def unclear(request: str, nouns: str) -> Unclear | None:
    """What is to be asked before anything is drafted of a request; None when nothing is."""
    return _contradiction(request) or _two_jobs(request, nouns)


def _contradiction(request: str) -> Unclear | None:
    said = _QUOTED.sub(lambda quoted: "x" * len(quoted[0]), fold(request))
    for phrase in phrases(said):
        if phrase.kind != "when" or len(phrase.facts.days) != 1:
            continue
        [day] = phrase.facts.days
        if refused := _not_on(day).search(said, phrase.end):
            return _asked(request, (phrase.start, phrase.end), refused.span())
    if (refused := _NOT_SENT.search(said)) and _SENDS.search(said[: refused.start()]):
        first = _SENDS.search(said[: refused.start()])
        return _asked(request, first.span() if first else (0, 0), refused.span())
    return None


def _asked(request: str, first: tuple[int, int], refused: tuple[int, int]) -> Unclear:
    """The words that exclude each other, and the request without those that refuse."""
    kept = f"{request[: refused[0]].rstrip(' ,;')}{request[refused[1] :]}"
    said = [_JOINT.sub("", request[slice(*span)].strip(" ,;.")) for span in (first, refused)]
    told = words("contradiction", first=said[0], second=said[1])
    return Unclear(told, (" ".join(kept.split()),))


@cache
def _not_on(day: int) -> re.Pattern[str]:
    """Words that refuse a weekday (0 is Sunday)."""
    days = "|".join(sorted(map(re.escape, _words_of(day)), key=len, reverse=True))
    return re.compile(_NO_DAY.replace("{days}", f"(?:{days})"))


def _words_of(day: int) -> set[str]:
    return {
        " ".join(phrase)
        for lang in LANGUAGES
        for phrase, meanings in lexicon(lang).items()
        for meaning in meanings
        if meaning.kind in ("DAY", "DAYS") and meaning.value == str(day) and len(phrase[0]) > 3
    }


def _two_jobs(request: str, nouns: str) -> Unclear | None:
    """Sentences that each tell a time of their own and something of their own to do it with."""
    hidden = _QUOTED.sub(lambda quoted: "x" * len(quoted[0]), request)
    cuts = [0, *(found.end() for found in _PARTS.finditer(hidden)), len(request)]
    parts = [request[a:b].strip(" ,;.\n") for a, b in pairwise(cuts)]
    joints = [_JOINT.sub("", _TRAILING.sub("", part)) for part in parts]
    own = [
        part
        for part in joints
        if len(part.split()) >= _LEAST and _PLACE.search(part) and schedule(part)
    ]
    times = {str(schedule(part)) for part in own}
    if len(own) < 2 or len(times) < 2 or len(own) != len([part for part in joints if part]):
        return None
    return Unclear(words("two_jobs", count=str(len(own)), nouns=nouns), tuple(own))


def rambling(request: str) -> str:
    """What is said of a request that is longer than what is read of it; else nothing."""
    count = len(request.split())
    if count <= LONGEST:
        return ""
    head, tail = LONGEST * 2 // 3, LONGEST // 3
    return words("rambling", words=f"{count:,}", head=str(head), tail=str(tail)) + "\n\n"
