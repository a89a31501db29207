"""What is over: records that are marked as sold, past or cancelled, and places that say they ended.

A list of what is over looks like the list that it came from, often with the same things in it. Only
its marks tell: the names of its records and boxes, the heading above, the badge in each record.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from assistant.healing.case import Case
from assistant.healing.comparing import named_rows
from assistant.healing.reading import is_tag, select
from assistant.skills.markup import fold, text_of

_GONE = re.compile(
    r"\b(sold|expired|cancell?ed|archived|discontinued|withdrawn|lapsed|not available"
    r"|(?:aus)?verkauft\w*|vergriffen\w*|abgelaufen\w*|abgesagt\w*|archiviert\w*|vermietet\w*"
    r"|vendue?s?|epuisee?s?|expiree?s?|annulee?s?|archivee?s?"
    r"|vendid[oa]s?|agotad[oa]s?|caducad[oa]s?|cancelad[oa]s?|archivad[oa]s?|esgotad[oa]s?"
    r"|vendut[oaie]|esaurit[oaie]|scadut[oaie]|annullat[oaie]|archiviat[oaie]"
    r"|(?:uit)?verkocht|verlopen|geannuleerd|gearchiveerd|slutsald|utsald|sprzedan[eya]|odwolan[eya])\b"
)
"""Words of things that nobody can have any more. Letters with accents are read without them."""
_BEFORE = re.compile(
    r"\b(past(?! (?:\d|few|week|month|year|day|hour|two|three|seven))|former|previous|ended|closed|finished"
    r"|completed|concluded|archives?|(?:shown|played|held|seen|sold) before|vergangen\w*|fruhere?|beendet\w*|abgeschlossen\w*|geschlossen\w*"
    r"|passee?s|terminee?s|terminee|clos|finalizad[oa]s?|pasad[oa]s?|terminad[oa]s?|cerrad[oa]s?|encerrad[oa]s?"
    r"|passat[ie]|terminat[oaie]|conclus[oaie]|chius[oaie]|afgelopen|voorbije?|gesloten|avslutade?)\b"
)
"""Words of things that were before: a list may be called so and still go on."""
_ASIDE = re.compile(
    r"\b(related|similar|popular|trending|recommended|most (?:read|watched|viewed|shared|wanted)|you (?:may|might) (?:also )?like"
    r"|from (?:our|the) (?:archives?|vault)|ahnliche\w*|beliebt\w*|meistgelesen\w*|similaires?|populaires?|relacionad[oa]s?)\b"
)
"""Words of headings over a choice of things, which is no list of them."""
_NOT = re.compile(r"\b(not|never|no|un|non|nicht|kein|keine|pas|sin|niet)[ -](yet )?$")
_BOX_LIKE = frozenset({"archive", "archives", "previous", "former"})
"""Words that sites have in the class names of any list."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "legend", "summary", "caption")
_MARKS = ("class", "id", "aria-label", "data-status", "data-state", "data-availability")
_BESIDES = frozenset({"nav", "footer", "aside", "header"})
_INLINE = frozenset({"a", "b", "strong", "em", "i", "span", "br", "small"})
_WHOLE = frozenset({"body", "html", "main"})
_LONGEST_HEADING, _LONGEST_BADGE = 8, 4
_MOST = 0.6

_ENDED = re.compile(
    r"\b(?:feed|list|page|blog|newsletter|magazine|journal|series|column|calendar|bulletin|log|service|diary"
    r"|catalogue|shop|site|podcast)s?\b[^.]{0,40}\b(?:(?:has|have|had) (?:now )?(?:ended|ceased|closed|come to an end)"
    r"|came to an end|(?:is|was|are|were|has been|have been) (?:now |permanently )?(?:ended|over|closed|wound up"
    r"|discontinued|given up|laid down)|no longer (?:published|produced|issued|kept|updated|maintained))\b"
    r"|\bwe (?:no longer|have stopped|stopped) (?:publish|send|list|issue|print|keep|produc|updat)\w*"
    r"|\b(?:final|last) (?:ever )?(?:issue|edition|post|episode|number|entry)\b|\bceased publication\b"
    r"|\bthank(?:s| you) for (?:reading|listening|following|your company|your interest over|\d+ years|all)\b"
    r"|\b(?:wurde|ist|wird) (?:endgultig )?eingestellt\b|\berscheint nicht mehr\b|\bletzte ausgabe\b"
    r"|\bn.est plus (?:publie|alimente|mis)\w*|\ba pris fin\b|\bdernier numero\b"
    r"|\bya no se (?:publica|actualiza)\b|\bultimo numero\b|\bha llegado a su fin\b"
    r"|\bnon (?:e|viene) piu (?:pubblicat|aggiornat)\w*|\bverschijnt niet meer\b|\blaatste nummer\b|\bis opgeheven\b"
)
_WHEN = (
    r"(?:(?:in|on|after|from) (?:the )?(?:\d{1,2}(?:st|nd|rd|th)?(?: of)? )?(?:january|february|march|april|may|june"
    r"|july|august|september|october|november|december|spring|summer|autumn|fall|winter|easter|christmas"
    r"|(?:the )?new year|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|next (?:week|month|season|year|term|spring"
    r"|summer|autumn|winter|january|february|march|april|may|june|july|august|september|october|november|december))\b"
)
_PAUSED = re.compile(
    r"\b(?:season|recess|term|semester|programme|program|holidays?|break|run|series|festival) (?:is|are|has|have)"
    r"(?: now| been)? (?:over|ended|finished|closed|begun|started|come to (?:an end|a close))\b"
    rf"|\b(?:see you|back|return\w*|resum\w*|reopen\w*|(?:begins?|starts?|meets?) again)(?: again| all| here)? {_WHEN}"
    r"|\b(?:summer|winter|christmas|easter|seasonal|autumn|spring|half-term) (?:recess|break|pause|closure|shutdown)\b"
    r"|\bin recess\b|\bclosed for the (?:season|summer|winter|holidays|year)\b|\bout of season\b"
    r"|\b(?:there (?:is|are) )?(?:currently |at present )?(?:no|nothing|none)\b[^.]{0,40}\b(?:at present|at the moment"
    r"|at this time|right now|for now|just now|currently|this (?:week|month|season|year|term)|scheduled|planned)\b"
    r"|\b(?:currently|at present|at the moment),? (?:there (?:is|are) )?(?:no|none|nothing)\b"
    r"|\b(?:sommer|winter|weihnachts)(?:pause|ferien)\b|\bsaison ist (?:zu ende|beendet|vorbei)\b"
    r"|\b(?:derzeit|zurzeit|aktuell|momentan) (?:gibt es )?keine?\b|\bpause estivale\b|\bsaison est terminee\b"
    r"|\b(?:actuellement|pour le moment) aucune?\b|\btemporada (?:ha terminado|finalizada)\b"
)
"""What says that there is nothing to be had for a while: a season that is over, a recess."""
_LONGEST_NOTICE = 60
_FEW_WORDS = 250
"""Words up to which a text is a notice; more of them have other things to say, too."""


def marks_of_the_past(text: str) -> frozenset[str]:
    """The words of a text that say that something is over, folded: `Sold out` has `sold`."""
    return frozenset(_found(text))


def says_it_ended(text: str) -> bool:
    """Whether a notice says that what it stands for came to an end, and did not merely move."""
    plain = _folded(text)
    return len(plain.split()) <= _FEW_WORDS and bool(_ENDED.search(plain))


def over_at(case: Case, tree: Any, selector: str, output: Any) -> str:
    """Which word marks what a selector gives now as over, though nothing of the step asks for that."""
    before = [named_rows(one) for one in case.good_outputs]
    wanted = [case.record.name, *(str(value) for value in case.written.values())]
    wanted += [
        value for rows in before for _, row in rows for value in row.values()
        if len(value.split()) <= _LONGEST_BADGE
    ]  # fmt: skip
    known, now = {name for rows in before for name, _ in rows}, [n for n, _ in named_rows(output)]
    goes_on = bool(now) and now[0] not in known and bool(known & set(now))
    members = select(tree, selector)
    told = over_now(tree, members, wanted, goes_on=goes_on)
    return told or ("" if goes_on else pause_on(tree, members))


def over_now(
    tree: Any, members: Sequence[Any], wanted: Iterable[str], *, goes_on: bool = False
) -> str:
    """Which word marks most of some records as over; "" for none.

    `wanted` are texts of the step itself: a word that stands in them was asked for. `goes_on` when
    the records have newer ones before all that are known: then only what nobody can have is over.
    """
    asked = frozenset(word for text in wanted for word in (*_found(text), *_chosen(text)))
    counted = dict[str, int]()
    above, chosen = _headings_above(tree, members), set(members)
    for member in members:
        record = _record_of(member, chosen)
        heading = above.get(member, "")
        told = {*_named(member), *_found(heading), *_chosen(heading), *_badges(record)} - asked
        for word in told:
            counted[word] = counted.get(word, 0) + 1
    for word, count in sorted(counted.items(), key=lambda pair: -pair[1]):
        if count >= len(members) * _MOST and (
            not goes_on or _GONE.search(word) or _ASIDE.search(word)
        ):
            return word
    return ""


def says_it_pauses(text: str) -> bool:
    """Whether a notice says that there is nothing for a while: a season that is over, a recess."""
    plain = _folded(text)
    return len(plain.split()) <= _FEW_WORDS and bool(_PAUSED.search(plain))


def pause_on(tree: Any, members: Sequence[Any]) -> str:
    """The words with which a page says, outside of some records, that there is nothing for a while."""
    inside = {one for member in members for one in member.iter()}
    for one in tree.iter(*_HEADINGS, "p", "strong", "div"):
        if one in inside or any(outer.tag in _BESIDES for outer in one.iterancestors()):
            continue
        if one.tag == "div" and any(is_tag(inner) and inner.tag not in _INLINE for inner in one):
            continue
        text = text_of(one)
        if len(text.split()) <= _LONGEST_NOTICE and (found := _PAUSED.search(_folded(text))):
            return found[0]
    return ""


def _found(text: str) -> Iterator[str]:
    plain = _folded(text)
    for pattern in (_GONE, _BEFORE):
        for word in pattern.finditer(plain):
            if not _NOT.search(plain[: word.start()]):
                yield word[1]


def _chosen(heading: str) -> Iterator[str]:
    """What a heading says of things that are only a choice: `Related films`."""
    yield from (word[1] for word in _ASIDE.finditer(_folded(heading)))


def _folded(text: str) -> str:
    """Small letters without accents, the words of a name apart: `isSold-out` is `is sold out`."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|[_-]+", " ", text)
    bare = unicodedata.normalize("NFKD", apart)
    return fold("".join(one for one in bare if not unicodedata.combining(one))).lower()


def _named(member: Any) -> Iterator[str]:
    """What the names of a record say, and those of the boxes around it."""
    for one in (member, *member.iterancestors()):
        if one.tag in _WHOLE:
            return
        for mark in _MARKS:
            told = one.get(mark, "")
            yield from (word for word in _found(told) if word not in _BOX_LIKE)


def _record_of(member: Any, chosen: set[Any]) -> Any:
    """The outermost box around a record that holds no other one: a title may be all that is matched."""
    box = member
    for outer in member.iterancestors() if len(chosen) > 1 else ():
        if outer.tag in _WHOLE or sum(one in chosen for one in outer.iter()) > 1:
            break
        box = outer
    return box


def marked_as_over(member: Any) -> bool:
    """Whether a record itself, by its names or a badge in it, says that it is over."""
    named = (w for mark in _MARKS for w in _found(member.get(mark, "")) if w not in _BOX_LIKE)
    return any(named) or any(_badges(member))


def _badges(member: Any) -> Iterator[str]:
    """Short texts of a record beside its title that say so: `Sold`."""
    for one in member.iter():
        inside = is_tag(one) and one is not member and len(one) == 0
        if (
            not inside
            or one.tag == "a"
            or any(o.tag in _HEADINGS for o in (one, *_within(one, member)))
        ):
            continue
        text = text_of(one)
        if 0 < len(text.split()) <= _LONGEST_BADGE:
            yield from _found(text)


def _within(element: Any, member: Any) -> Iterator[Any]:
    for one in element.iterancestors():
        if one is member:
            return
        yield one


def _headings_above(tree: Any, members: Sequence[Any]) -> dict[Any, str]:
    """The heading that each record stands under: a short one, without a link, in no record."""
    chosen, above, heading = set(members), dict[Any, str](), ""
    for one in tree.iter():
        if one in chosen:
            above[one] = heading
        elif one.tag in _HEADINGS and not any(o in chosen for o in one.iterancestors()):
            text = text_of(one)
            linked = next(one.iter("a"), None) is not None or any(
                o.tag == "a" for o in one.iterancestors()
            )
            if not linked:
                heading = text if len(text.split()) <= _LONGEST_HEADING else ""
    return above
