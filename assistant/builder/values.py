"""Values that the words around them give to a step: links by kind, numbers by what they count,
texts by what leads to them. What is shown so is not asked of a model."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.builder.amounts import (
    age,
    aside_since,
    at_most,
    counted_pages,
    counts_else,
    enough,
    rows_wanted,
)
from assistant.builder.askable import ATTACHED
from assistant.builder.both_sides import give_sides
from assistant.builder.copies import hidden_copy, open_copy
from assistant.builder.looks import look_said
from assistant.builder.methods import called, method_of
from assistant.builder.selectors import rows_first
from assistant.builder.tasks import marks_of
from assistant.builder.terms import Field, Question
from assistant.builder.texts_given import Texts
from assistant.builder.texts_said import following
from assistant.builder.turns import Shown, Turn, Turns
from assistant.grounding.cues import says
from assistant.grounding.marks import MARK

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
# "Limit 15, sift out the ones about rigging"
_CHOICE = re.compile(
    r"^[,;.]?[^<]{0,20}?(?:sift|pick|choose|rank|keep|weed|filter|select|best|top|only|sort)\w*"
)
_OFF_PLACE = re.compile(
    r"(?: [\w-]+){0,4}? (?:on|from|off|of|in|out of|at|aus|von|auf|sur|de|en|da|di|van|op)(?: (?:the|their|our|its|that|this|page|feed|site|list|board))* <(?:feed|page)\d>"
)
_LINK = re.compile(r"<(?:feed|page|api)\d>")
_WORDS = frozenset(
    ["words", "word", "woerter", "worter", "mots", "palabras", "parole", "palavras", "woorden"]
)
_COUNTING = ("rank_items", "web_search", "fetch_feed", "scrape_page", "query_database")


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
    Texts(question, turns, made).run(fed=fed)
    giver.choices()
    give_sides(question, turns, made, lambda q, t: shown(q, t, fed=True, looped=looped))
    return made


class _Giver(Turns):
    # Marks of one place --------------------------------------------------------------------

    def links(self) -> None:
        """Each link to the step that reads its kind; several to one step that takes several."""
        given: dict[int, list[str]] = {}
        waiting = marks_of(self.marks, _LINKS)
        methods = called(self.text)
        for mark in waiting:
            kind = mark.strip("<>0123456789")
            takers = [n for skill in _READERS[kind] for n in self.named(skill)]
            takers += [n for n, _ in self.taking("url") if n not in takers]
            takers = self._callers(takers, mark in methods) if methods else takers
            chosen = self._reader(takers, given)
            if chosen is not None:
                given.setdefault(chosen, []).append(mark)
        for number, marks in given.items():
            item = next((f for f in self.turns[number][1] if f.kind == "url"), None)
            if item is not None:
                self.give(number, item.name, marks if item.many else marks[0], marks)

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
        for number in self.named("send_email")[:1] if hidden else ():
            self.give(number, "bcc", hidden, hidden)
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
            takers = [(n, f) for n, f in self.taking(kind) if f.name not in ("cc", "bcc")]
            self._dealt(takers, marks)
        for number in self.named("send_email"):
            if aside:
                self.give(number, "cc", aside, aside)
        files = marks_of(self.marks, ("file",))
        attached = not self.named("save_file") or re.search(ATTACHED, self.folded)
        carried = files if attached else [m for m in files if m in self.documents]
        for number in self.named("send_email") if carried else ():
            self.give(number, "attachments", carried, carried)
        files = [m for m in files if m not in self.documents or m not in carried]
        self._dealt([(n, f) for n, f in self.taking("text")
                     if f.name == "name" and self.turns[n][0] == "save_file"], files)  # fmt: skip

    def _dealt(self, takers: Sequence[tuple[int, Field]], marks: Sequence[str]) -> None:
        if not takers or not marks:
            return
        if takers[0][1].kind == "model" and len(takers) > 1:
            takers = takers[-1:]
        for place, (number, item) in enumerate(takers):
            mine = marks[place:] if place == len(takers) - 1 else marks[place : place + 1]
            if mine:
                self.give(number, item.name, list(mine) if item.many else mine[0], mine)

    # Numbers -------------------------------------------------------------------------------

    def numbers(self) -> None:
        loose: list[str] = []
        for mark in marks_of(self.marks, ("num",)):
            at = self.text.index(mark)
            after = following(self.folded[at + len(mark) :])
            before = " ".join(self.folded[:at].split()[-2:])
            unit = after.split(" ")[0] if after else ""
            if age(self.folded[:at]) or unit in _WORDS:
                self.made.used.add(mark)
                continue
            behind = self.folded[at + len(mark) :]
            if enough(behind) and (taken := self._taken_back(at)):
                self.give(*taken, mark, [mark])
                continue
            if enough(behind) or rows_wanted(self.folded[:at], behind):
                loose.append(mark)
                continue
            if (
                (counted_pages(unit) or counted_pages(" ".join(after.split(" ")[:2])))
                and (found := self.named("web_search"))
                and not _LINK.search(self.text)
            ):
                self.give(found[0], "limit", mark, [mark])
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
                self.give(*place, mark, [mark])
                if re.match(r"[^,.;]{0,25}\beach\b", behind):
                    for other in self.named(self.turns[place[0]][0]):
                        self.give(other, place[1], mark, [mark])
            elif most:
                loose.append(mark)
            elif says("units", "sentences", after) or unit in ("words", "paragraphs"):
                self.made.used.add(mark)
        place = self.holder(_COUNTING, "limit")
        if not loose or place is None:
            return
        chosen = self.made.values[place[0]].get(place[1])
        if chosen is not None and self.text.index(loose[-1]) < self.text.index(chosen):
            # "At most fifteen, and of those the four best": the former says how many are read.
            place = self.holder(_COUNTING[1:], "limit") or place
        if place[1] not in self.made.values[place[0]]:
            self.give(*place, loose[-1], loose[-1:])

    def _off(self, behind: str, before: str) -> tuple[int, str] | None:
        """The reader's limit, for a number of what is read off a place: "the first thirty grants on
        <page1>"."""
        at_reader = _LEADING.search(before) and _OFF_PLACE.match(behind)
        told_early = before.endswith(("limit", "limit of")) and _CHOICE.search(behind)
        if not (at_reader or told_early):
            return None
        return self.holder(("fetch_feed", "scrape_page"), "limit")

    def _make_room(self, place: tuple[int, str]) -> None:
        """Of two numbers the former says how many are read: "forty entries, … until six remain"."""
        number, name = place
        former = self.made.values[number].get(name)
        reader = self.holder(("fetch_feed", "scrape_page", "web_search"), "limit")
        if former is None or self.turns[number][0] != "rank_items" or reader is None:
            return
        at = self.text.index(former)
        counted = says("units", "items", following(self.folded[at + len(former) :]))
        free = name not in self.made.values[reader[0]]
        if counted and free and not says("units", "best", " ".join(self.folded[:at].split()[-2:])):
            self.give(*reader, former, [former])

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
            return self.holder(("summarize_items",), "sentences")
        before = re.sub(r"\bat most$", "", before)
        best = says("units", "best", before) or says("units", "best", after.split(" ")[0])
        best = best and not after.startswith(("most recent", "most current"))
        items = says("units", "items", after)
        if best or items:
            plain = re.search(r"results?|hits|treffer|ergebnisse|resultat\w*|risultati", after)
            order = ("rank_items", "web_search", "fetch_feed", "scrape_page")
            if plain and not best:
                order = ("web_search", "scrape_page", "fetch_feed", "rank_items")
            return self.holder(order, "limit")
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
        place = self.holder(("fetch_feed", "web_search", "rank_items"), "since")
        if marks and place is not None:
            self.give(*place, marks[0], marks[:1])

    def choices(self) -> None:
        """A choice by its own word beside what is made: "a gallery newsletter", "as a brief"."""
        for number, (name, fields) in enumerate(self.turns):
            for item in fields:
                if item.kind != "choice" or name == "http_request":
                    continue
                if said := look_said(item.choices, self.folded):
                    self.give(number, item.name, said, ())
        self._methods()

    def _methods(self) -> None:
        for number in self.named("http_request"):
            if any(item.name == "method" for item in self.turns[number][1]):
                link = str(self.made.values[number].get("url", ""))
                self.give(number, "method", method_of(self.text, link), ())
