"""Times that are told and then taken back: given up for another, refused, or only told of others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.grounding.languages import fold

if TYPE_CHECKING:
    from assistant.grounding.times import Phrase

# What a time stands behind that is not to hold any more.
_GIVEN_UP = re.compile(
    r"(?:instead of|rather than|better than|not just|not only|in place of|no longer|statt|anstatt|als|nicht nur|nicht mehr|au lieu de|plutot que|"
    r"pas seulement|en vez de|en lugar de|no solo|invece di|invece che|non solo|em vez de|ao inves de|nao so|in plaats van|niet alleen|niet meer)"
    r"(?: (?:on|at|the|um|am|le|a|las|los|alle|il|as|na|om|op|de|just|only|nur|solo|alleen))*\s*$"
)


# What stands behind a time that is not to hold any more.
_UNWANTED = re.compile(
    r"\s*(?:is|are|was|were)(?: (?:just|too|so|really|always))? (?:hopeless|bad|no good|terrible|awful|impossible|out|"
    r"no use|useless|difficult|hectic|crowded)(?!\w)|\s*(?:is|are|was|were|would be|seems?)(?: (?:just|far|much|a bit|way))* too (?:rare|seldom|often|early|late|much|frequent|few|soon|long|rarely|close)(?!\w)|\s*(?:do(?:es)?n't|never|no longer) (?:work|suit|fit)"
)
# "Every other hour? No: once a day", "on the first, no, simply on the 15th".
_ANOTHER = re.compile(
    r"(?:[\s,.;:?!…–—-]|\b(?:hm+|er+|um|ah|oh|well|simply|just|please|and|but|so|then|let's say|say|let us say|let it be|on|at|in|by|for|the|am|um|le|a|el|il|op)\b)*"
    r"\b(?:no|nope|nah|wait|sorry|scratch that|correction|actually|or rather|rather|better|make (?:it|that)|i mean|i meant|nein|besser|lieber|non|plutot|pardon|mejor|perdon|anzi|meglio|nao|melhor|nee|liever)\b"
    r"(?:[\s,.;:?!…–—-]|\b(?:hm+|er+|wait|sorry|actually|simply|just|please|and|but|so|then|let's say|say|let us say|let it be|make (?:it|that)|better|rather|on|at|in|by|for|the|am|um|le|a|el|il|op)\b)*"
)
# "We meet at nine on Wednesdays": what others do at a time.
_OTHERS_DO = re.compile(
    r"(?<!\w)(?:we|they|i|he|she|you|people|everybody|everyone|nobody|the [\w'-]+(?: [\w'-]+)?|(?:my|our|his|her|their) [\w'-]+)(?: (?:all|always|usually|normally|both|only|want to|like to|have to|will))*"
    r" (?:meets?|closes?|opens?|leaves?|arrives?|sits?(?: down)?|goes? home|gets? up|eats?|begins?|starts? (?:work|school)|puts? [^.;,<]{1,20} (?:up|out)(?: at [^\s]+)?|is (?:open|closed|there|out)|shuts?|ends?|comes? (?:in|home))(?: (?:late|early|again|already|here|there|up|off))?[\s,]*(?:at|on)?\s*$"
    r"|(?<!\w)(?:people|everybody|everyone|nobody|folks?|customers|patients|children|kids|parents|they)"
    r" (?:are|is|were|do|don't|have|read|need|want|get|come|call|phone|fall|die|sleep|eat|shop|work)(?: [\w'-]+){0,2}[\s,]*(?:at|on)?\s*$"
)
# "At five, so at four every morning" holds another time than it begins with.
_AMENDED = re.compile(r"(?<!\w)(?:so|no|wait|sorry|rather|actually|make)(?!\w)")


def holding(text: str, found: Sequence[Phrase]) -> list[Phrase]:
    """The phrases of time that hold in the end, all of them where none would be left to run by. What
    others do, and what is taken back for another time, is told as a date, which is no time to run."""
    folded = fold(text)
    kept = [p for p in found if not _given_up(folded, p)]
    kept = kept if _timely(kept) else list(found)
    gone = [p for n, p in enumerate(kept) if _for_another(folded, p, kept[n + 1 :])]
    others = [
        p for p in kept
        if p not in gone and _OTHERS_DO.search(folded[: p.start]) and not _AMENDED.search(fold(p.text))
    ]  # fmt: skip
    left = [p for p in kept if p not in gone and p not in others]
    # What others do says when to run only where nothing else does.
    gone += others if _rivals(others, left) else []
    return [replace(p, kind="date", when=None) if p in gone else p for p in kept]


def _timely(found: Sequence[Phrase]) -> bool:
    return any(p.kind in ("when", "time", "shift") for p in found)


def _given_up(folded: str, phrase: Phrase) -> bool:
    before, after = folded[: phrase.start], folded[phrase.end :]
    return bool(_GIVEN_UP.search(before) or _UNWANTED.match(after))


def _for_another(folded: str, phrase: Phrase, later: Sequence[Phrase]) -> bool:
    """Whether a time is taken back for the next one."""
    follows = next((p for p in later if p.kind in ("when", "time")), None)
    if follows is None or phrase.kind not in ("when", "time"):
        return False
    if phrase.kind == "when" and follows.kind == "time":
        return False  # "On Mondays, no, at nine" changes the hour only.
    return _ANOTHER.fullmatch(folded[phrase.end : follows.start]) is not None


def _rivals(others: Sequence[Phrase], left: Sequence[Phrase]) -> bool:
    """Whether what is left says itself when to run, in place of what others do."""
    whens = [p for p in left if p.kind == "when"]
    if any(p.kind == "when" for p in others):
        return bool(whens)
    return any(p.kind == "time" or p.facts.clocks for p in left)
