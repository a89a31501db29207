"""Values that the words around them give to a step: links by kind, numbers by what they count,
texts by what leads to them. What is shown so is not asked of a model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.builder.amounts import (
    aside_since,
    at_most,
    corrected,
    counted_pages,
    counts_else,
    enough,
    rows_wanted,
)
from assistant.builder.askable import ATTACHED
from assistant.builder.columns import fields_named, record_named
from assistant.builder.copies import hidden_copy, open_copy
from assistant.builder.data_asked import database_named, databases_named
from assistant.builder.interests import interest
from assistant.builder.looks import look_said
from assistant.builder.messages import content_of, only_headed, unled, worded
from assistant.builder.methods import called, method_of, sends
from assistant.builder.picked import most_for
from assistant.builder.prompts_told import prompt_of
from assistant.builder.remains import query_left, searches, telling
from assistant.builder.selectors import rows_first
from assistant.builder.tasks import marks_of
from assistant.builder.terms import Field, Question
from assistant.builder.texts_said import following, headings, saying, topic_of
from assistant.grounding.cues import says
from assistant.grounding.languages import fold
from assistant.grounding.marks import MARK

Turn = tuple[str, Sequence[Field]]
"""A step's skill and its fields."""

_LINKS = ("feed", "page", "api")
# Which skill takes a link first, by the link's kind.
_READERS = {
    "feed": ("fetch_feed", "scrape_page", "extract_article", "http_request"),
    "page": ("scrape_page", "extract_article", "fetch_feed", "http_request"),
    "api": ("http_request", "scrape_page", "fetch_feed", "extract_article"),
}
_ON_SECOND_THOUGHTS = re.compile(
    r"(?:[,.;:–—-] |\()(?:well|no|actually|hmm?|or rather|rather|sorry|wait|on second thoughts?|make that|though|oder besser|besser|non|mejor|anzi)[\s,.:–—-]*(?:make (?:it|that)|that|just|only|say)?\s*$"
)
_LEADING = re.compile(
    r"(?:first|newest|latest|last|recent|upper|next|erste\w*|neueste\w*|premier\w*|primer\w*|prim[ie]|primeir\w*|eerste)$"
)
_OFF_PLACE = re.compile(
    r"(?: [\w-]+){0,4}? (?:on|from|off|of|in|out of|at|aus|von|auf|sur|de|en|da|di|van|op)(?: (?:the|their|our|its|that|this|page|feed|site|list|board))* <(?:feed|page)\d>"
)
_LINK = re.compile(r"<(?:feed|page|api)\d>")
_COUNTING = ("rank_items", "web_search", "fetch_feed", "scrape_page", "query_database")
_SAYS = re.compile(
    r"<(?:mail|chan)\d>[)\]]?,? (?:que|qu'|che|dass|dat) ?(?:c'est|tout|ca|les?|la|el|los|las|il|lo|gli|e|sono|ya|esta|hay|todo|tutto|tudo|o|os|as|der|die|das|es|alles|het|de|alle|er)\b|"
    r"(?:only|just|then|[.,;:]) notify (?!<|me\b|us\b|the\b)\w|<mail\d>[)\]]?,?(?: by e?-?mail)? that (?:the|our|my|it|we|he|she|they|there|his|her|their|your|a|an|everything|nobody|all|no|i)\b|(?:tell|ping|alert|warn|notify|message|inform) (?:the |our )?(?:channel )?<chan\d>(?: channel| team)?:? <quote|<chan\d>(?: channel| team| folks| group)? (?:know )?that\b|\b(?:say|post|write|put|drop) <quote|<quote\d> (?:to|in|into|on) (?:the |our )?<chan|:\s*<quote|"
    r"(?:shout|ping|note|message|word|line|post|notification) (?:of |saying |that says )?<quote|(?:tell|let|ping|inform|notify) (?:the |our )?(?:channel )?<chan\d>(?: channel| team)?(?: know)?,? (?:it's|it is|they're|they are|that's|we|everything|all|the \w+(?: \w+)? (?:is|are|has|have)) |\bsaying\b|that says|<chan\d>(?: channel| team| group)?(?: know)?,? with:? <quote|with the (?:text|message|words)|mit dem text|avec le texte|con el texto|con il testo"
)


@dataclass
class Shown:
    """What the words give each step, and the marks that have found their place."""

    values: list[dict[str, Any]]
    used: set[str] = field(default_factory=set[str])

    def left(self, question: Question) -> Question:
        """The question with only the marks that have no place yet."""
        return replace(question, marks=tuple(m for m in question.marks if m not in self.used))


def shown(question: Question, turns: Sequence[Turn], *, fed: bool, looped: bool) -> Shown:
    """The values that words give. `fed`: there is a result to go on from. `looped`: links are
    gone through one by one, so no single step takes them."""
    made = Shown([{} for _ in turns])
    giver = _Giver(question, turns, made)
    if not looped:
        giver.links()
    giver.addresses()
    giver.numbers()
    giver.periods()
    giver.texts(fed=fed)
    giver.choices()
    return made


class _Giver:
    def __init__(self, question: Question, turns: Sequence[Turn], made: Shown) -> None:
        self.text, taken_back = corrected(question.text)
        made.used |= taken_back
        self.marks = [mark for mark in question.marks if mark in self.text]
        self.documents = question.documents
        self.turns = turns
        self.made = made
        self.folded = fold(self.text)

    def _give(self, number: int, name: str, value: Any, marks: Iterable[str]) -> None:
        self.made.values[number][name] = value
        self.made.used |= set(marks)

    def _taking(self, kind: str) -> list[tuple[int, Field]]:
        return [
            (number, item)
            for number, (_, fields) in enumerate(self.turns)
            for item in fields
            if item.kind == kind and item.name not in self.made.values[number]
        ]

    def _named(self, skill: str) -> list[int]:
        return [number for number, (name, _) in enumerate(self.turns) if name == skill]

    # Marks of one place --------------------------------------------------------------------

    def links(self) -> None:
        """Each link to the step that reads its kind; several to one step that takes several."""
        given: dict[int, list[str]] = {}
        waiting = marks_of(self.marks, _LINKS)
        methods = called(self.text)
        for mark in waiting:
            kind = mark.strip("<>0123456789")
            takers = [n for skill in _READERS[kind] for n in self._named(skill)]
            takers += [n for n, _ in self._taking("url") if n not in takers]
            takers = self._callers(takers, mark in methods) if methods else takers
            chosen = self._reader(takers, given)
            if chosen is not None:
                given.setdefault(chosen, []).append(mark)
        for number, marks in given.items():
            item = next((f for f in self.turns[number][1] if f.kind == "url"), None)
            if item is not None:
                self._give(number, item.name, marks if item.many else marks[0], marks)

    def _callers(self, takers: list[int], by_method: bool) -> list[int]:
        """Of steps that may take a link, those that call it, or where no method calls it the others."""
        chosen = [n for n in takers if (self.turns[n][0] == "http_request") == by_method]
        return chosen or takers

    def _reader(self, takers: Sequence[int], given: dict[int, list[str]]) -> int | None:
        """The first step that has no link yet, of the same skill as the first; else one that
        takes several."""
        if not takers:
            return None
        skill = self.turns[takers[0]][0]
        alike = [n for n in takers if self.turns[n][0] == skill]
        free = [n for n in alike if n not in given] or [n for n in takers if n not in given]
        if free and (free[0] in alike or not self._many(alike[0])):
            return free[0]
        return next((n for n in alike if self._many(n)), None)

    def _many(self, number: int) -> bool:
        return any(item.kind == "url" and item.many for item in self.turns[number][1])

    def addresses(self) -> None:
        """Addresses to the letter, channels to the message, files, selectors and models to the
        steps that take them."""
        mails = marks_of(self.marks, ("mail",))
        hidden = [
            m for m in mails
            if hidden_copy(self.text, m)
        ]  # fmt: skip
        for number in self._named("send_email")[:1] if hidden else ():
            self._give(number, "bcc", hidden, hidden)
        mails = [m for m in mails if m not in hidden]
        aside = [
            m for m in mails
            if open_copy(self.text, m)
        ]  # fmt: skip
        main = [m for m in mails if m not in aside]
        if not main:  # A copy to the only one who gets anything is a letter.
            main, aside = aside, []
        for kind, marks in (("mail", main), ("channel", marks_of(self.marks, ("chan",))),
                            ("selector", rows_first(self.text, marks_of(self.marks, ("sel",)))),
                            ("model", marks_of(self.marks, ("model",)))):  # fmt: skip
            takers = [(n, f) for n, f in self._taking(kind) if f.name not in ("cc", "bcc")]
            self._dealt(takers, marks)
        for number in self._named("send_email"):
            if aside:
                self._give(number, "cc", aside, aside)
        files = marks_of(self.marks, ("file",))
        attached = not self._named("save_file") or re.search(ATTACHED, self.folded)
        carried = files if attached else [m for m in files if m in self.documents]
        for number in self._named("send_email") if carried else ():
            self._give(number, "attachments", carried, carried)
        files = [m for m in files if m not in self.documents or m not in carried]
        self._dealt([(n, f) for n, f in self._taking("text")
                     if f.name == "name" and self.turns[n][0] == "save_file"], files)  # fmt: skip

    def _dealt(self, takers: Sequence[tuple[int, Field]], marks: Sequence[str]) -> None:
        if not takers or not marks:
            return
        if takers[0][1].kind == "model" and len(takers) > 1:
            takers = takers[-1:]
        for place, (number, item) in enumerate(takers):
            mine = marks[place:] if place == len(takers) - 1 else marks[place : place + 1]
            if mine:
                self._give(number, item.name, list(mine) if item.many else mine[0], mine)

    # Numbers -------------------------------------------------------------------------------

    def numbers(self) -> None:
        loose: list[str] = []
        for mark in marks_of(self.marks, ("num",)):
            at = self.text.index(mark)
            after = following(self.folded[at + len(mark) :])
            before = " ".join(self.folded[:at].split()[-2:])
            unit = after.split(" ")[0] if after else ""
            if unit in (
                "words",
                "word",
                "woerter",
                "worter",
                "mots",
                "palabras",
                "parole",
                "palavras",
                "woorden",
            ):
                self.made.used.add(mark)
                continue
            behind = self.folded[at + len(mark) :]
            if enough(behind) and (taken := self._taken_back(at)):
                self._give(*taken, mark, [mark])
                continue
            if enough(behind) or rows_wanted(self.folded[:at], behind):
                loose.append(mark)
                continue
            if (
                (counted_pages(unit) or counted_pages(" ".join(after.split(" ")[:2])))
                and (found := self._named("web_search"))
                and not _LINK.search(self.text)
            ):
                self._give(found[0], "limit", mark, [mark])
                continue
            if says("units", "sources", unit) or before.endswith(" do"):
                self.made.used.add(mark)
                continue
            most = at_most(self.folded[:at], behind)
            if not most and counts_else(self.folded[:at], unit, after):
                self.made.used.add(mark)
                continue
            place = self._off(behind, before) or self._counted(before, after)
            if place is not None:
                self._make_room(place)
                # The last one said holds: "five, no, six".
                self._give(*place, mark, [mark])
                if re.match(r"[^,.;]{0,25}\beach\b", behind):
                    for other in self._named(self.turns[place[0]][0]):
                        self._give(other, place[1], mark, [mark])
            elif most:
                loose.append(mark)
            elif says("units", "sentences", after) or unit in ("words", "paragraphs"):
                self.made.used.add(mark)
        place = self._holder(_COUNTING, "limit")
        if not loose or place is None:
            return
        chosen = self.made.values[place[0]].get(place[1])
        if chosen is not None and self.text.index(loose[-1]) < self.text.index(chosen):
            # "At most fifteen, and of those the four best": the former says how many are read.
            place = self._holder(_COUNTING[1:], "limit") or place
        if place[1] not in self.made.values[place[0]]:
            self._give(*place, loose[-1], loose[-1:])

    def _off(self, behind: str, before: str) -> tuple[int, str] | None:
        """The reader's limit, for a number of what is read off a place: "the first thirty grants on
        <page1>"."""
        if not (_LEADING.search(before) and _OFF_PLACE.match(behind)):
            return None
        return self._holder(("fetch_feed", "scrape_page"), "limit")

    def _make_room(self, place: tuple[int, str]) -> None:
        """Of two numbers the former says how many are read: "forty entries, … until six remain"."""
        number, name = place
        former = self.made.values[number].get(name)
        reader = self._holder(("fetch_feed", "scrape_page", "web_search"), "limit")
        if former is None or self.turns[number][0] != "rank_items" or reader is None:
            return
        at = self.text.index(former)
        counted = says("units", "items", following(self.folded[at + len(former) :]))
        free = name not in self.made.values[reader[0]]
        if counted and free and not says("units", "best", " ".join(self.folded[:at].split()[-2:])):
            self._give(*reader, former, [former])

    def _taken_back(self, at: int) -> tuple[int, str] | None:
        """The place of the number just before one that takes it back: "the ten best, well, five is
        enough"."""
        before = MARK.search(self.folded[:at][-60:]) and self.folded[:at]
        marks = [m[0] for m in MARK.finditer(before or "") if m[0].startswith("<num")]
        if not before or not marks or not _ON_SECOND_THOUGHTS.search(before):
            return None
        places = [
            (n, key) for n, values in enumerate(self.made.values) for key, value in values.items()
            if value == marks[-1]
        ]  # fmt: skip
        return places[0] if places else None

    def _counted(self, before: str, after: str) -> tuple[int, str] | None:
        if says("units", "sentences", after):
            return self._holder(("summarize_items",), "sentences")
        before = re.sub(r"\bat most$", "", before)
        best = says("units", "best", before) or says("units", "best", after.split(" ")[0])
        best = best and not after.startswith(("most recent", "most current"))
        items = says("units", "items", after)
        if best or items:
            plain = re.search(r"results?|hits|treffer|ergebnisse|resultat\w*|risultati", after)
            order = ("rank_items", "web_search", "fetch_feed", "scrape_page")
            if plain and not best:
                order = ("web_search", "scrape_page", "fetch_feed", "rank_items")
            return self._holder(order, "limit")
        return None

    def _holder(self, skills: Iterable[str], name: str) -> tuple[int, str] | None:
        for skill in skills:
            for number in self._named(skill):
                if any(item.name == name for item in self.turns[number][1]):
                    return number, name
        return None

    def periods(self) -> None:
        """How far back goes to what reads; without a reader to the choice."""
        aside = {m for m in marks_of(self.marks, ("since",)) if aside_since(self.text, m)}
        self.made.used |= aside
        marks = [m for m in marks_of(self.marks, ("since",)) if m not in aside] or [
            m for m in marks_of(self.marks, ("dur",))
            if re.search(r"older than|newer than|last|past|within|since|alter als|plus (?:vieux|ancien)|"
                         r"mas antiguo|piu vecch|mais antig|ouder dan", self.folded[: self.text.index(m)][-30:])
        ]  # fmt: skip
        place = self._holder(("fetch_feed", "web_search", "rank_items"), "since")
        if marks and place is not None:
            self._give(*place, marks[0], marks[:1])

    # Texts ---------------------------------------------------------------------------------

    def texts(self, *, fed: bool) -> None:
        # What is said to somebody takes its words before what is kept in a file.
        order = sorted(range(len(self.turns)), key=lambda n: self.turns[n][0] == "save_file")
        for number in order:
            fields = self.turns[number][1]
            alone = number == 0 and not fed
            for item in fields:
                if item.kind != "text" or item.name in self.made.values[number]:
                    continue
                if item.name == "database":
                    if told := self._asked(number)[0]:
                        self._give(number, item.name, told, ())
                    continue
                if item.name in ("fields", "schema"):
                    named = fields_named if item.name == "fields" else record_named
                    names = named(self.text)
                    if names:
                        self._give(number, item.name, names, ())
                    continue
                told = self._searched(number) if item.name == "query" else ""
                told = told or self._text(item.name, alone, self._asked(number)[1])
                if item.name == "body" and self._named("http_request")[:1] == [number]:
                    told = self._record()
                if told in self.made.used and item.name in ("message", "body", "content"):
                    continue  # It is the letter's opening or name.
                if told and not self._prompted(item.name, told):
                    inside = [m for m in MARK.findall(told) if m.startswith(("<quote", "<num"))]
                    self._give(number, item.name, [told] if item.many else told, inside)

    def _prompted(self, name: str, told: str) -> bool:
        """Whether a message is only what a model is to say: its answer is the message."""
        prompts = [str(values["prompt"]) for values in self.made.values if "prompt" in values]
        return name in ("message", "body") and any(told in p or p in told for p in prompts)

    def _record(self) -> str:
        """What is sent to an interface: the JSON that stands in the words."""
        at = self.folded.find("{")
        quotes = [m for m in marks_of(self.marks, ("quote",)) if m not in self.made.used]
        if not sends(self.text) or method_of(self.text) == "GET":
            return ""  # What is only read gets nothing sent.
        return quotes[0] if quotes and at < 0 else ""

    def _asked(self, number: int) -> tuple[str, str]:
        """The database of a step and the words it is read from: of several each has its own."""
        turns = self._named("query_database")
        named = databases_named(self.text) if len(turns) > 1 and number in turns else []
        if named and len(named) == len(turns):
            return named[turns.index(number)]
        return database_named(self.text), self.text

    def _searched(self, number: int) -> str:
        """The quotation that one of several searches is for."""
        turns, quoted = self._named("web_search"), searches(self.text)
        return (
            quoted[turns.index(number)] if len(turns) == len(quoted) > 1 and number in turns else ""
        )

    def _text(self, name: str, alone: bool, words: str) -> str:
        if name == "topic":
            chosen = most_for(self.text) if self._named("web_search") else ""
            return chosen or topic_of(self.text) or interest(self.text)
        if name == "subject":
            return saying(name, self.text) or self._headed()
        if name == "query":
            told = saying(name, self.text)
            return told if telling(told) else query_left(self.text)
        if name == "prompt":
            return prompt_of(self.text, alone=len(self.turns) == 1)
        if name in ("message", "body", "content") and not alone:
            told = saying(name, self.text) if name != "content" else ""
            if told in headings(self.text):
                told = ""
            told = told or (worded(self.text) if name != "content" else "")
            return told if _SAYS.search(self.folded) else ""
        if name in ("message", "body"):
            return self._said(name)
        if name == "content":
            return content_of(
                self.text, [m for m in self.marks if m not in self.made.used], alone=alone
            )
        return saying(name, words)

    def _said(self, name: str) -> str:
        """What a message or letter says: not the quotation that is its heading, but the other."""
        heads = headings(self.text)
        told = saying(name, self.text)
        if told and not (only_headed(told, heads) or re.match(r"<quote\d> as (?:its|the)\b", told)):
            return told
        if len(self.turns) == 1 and (rest := worded(self.text) or unled(self.text, heads)):
            return rest
        quotes = [m for m in marks_of(self.marks, ("quote",)) if m not in heads]
        return quotes[0] if heads and len(quotes) == 1 else ""

    def _headed(self) -> str:
        """The subject of a letter that is told as its heading, where nothing else has one."""
        others = self._named("compile_newsletter") or self._named("notify")
        return "" if others else saying("title", self.text)

    def choices(self) -> None:
        """A choice by its own word beside what is made: "a gallery newsletter", "as a brief"."""
        for number, (name, fields) in enumerate(self.turns):
            for item in fields:
                if item.kind != "choice" or name == "http_request":
                    continue
                if said := look_said(item.choices, self.folded):
                    self._give(number, item.name, said, ())
        self._methods()

    def _methods(self) -> None:
        for number in self._named("http_request"):
            if any(item.name == "method" for item in self.turns[number][1]):
                link = str(self.made.values[number].get("url", ""))
                self._give(number, "method", method_of(self.text, link), ())
