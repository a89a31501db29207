"""Changes to the focused job that the words show by themselves: which step a new address, link,
number or time belongs to, and whether it comes in addition, instead, or out.

What is read here is exact; a request in which nothing is read is the model's to understand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from assistant.builder import hints
from assistant.builder.acting import BESIDES_ACTIONS, behind_action, read_actions
from assistant.builder.amounts import aside_since
from assistant.builder.editing import Added
from assistant.builder.edits import Read
from assistant.builder.evidence import evidence
from assistant.builder.frame import Frame
from assistant.builder.looks import look_wanted
from assistant.builder.methods import method_of
from assistant.builder.numbers_told import Numbers
from assistant.builder.placing import Places
from assistant.builder.prompts_told import prompt_of, works_on_it
from assistant.builder.recipients import read_recipients
from assistant.builder.removing import read_removed
from assistant.builder.replacing import read_replaced, replaced
from assistant.builder.seasons import months_said
from assistant.builder.tasks import marks_of, structures
from assistant.builder.terms import FocusStep
from assistant.builder.texts_said import following, saying, topic_of
from assistant.builder.ways import (
    WHOLE,
    comes_besides,
    done_first,
    given_up_for,
    instead_of,
    named_fields,
    only_times,
    other_question,
    put_before,
    says_quoted,
    way_of_time,
    way_told,
)
from assistant.grounding.cues import says
from assistant.grounding.languages import fold

_LINKS = ("feed", "page", "api")
_READERS = {"feed": ("fetch_feed", "scrape_page", "http_request", "extract_article"),
            "page": ("scrape_page", "extract_article", "fetch_feed", "http_request"),
            "api": ("http_request", "scrape_page", "fetch_feed")}  # fmt: skip
_SOURCES = frozenset({"fetch_feed", "scrape_page", "web_search", "http_request", "query_database"})
_ADDABLE = ("rank_items", "extract_article", "summarize_items", "compile_newsletter")


def edits_read(frame: Frame, known: Iterable[str]) -> Read:
    """The edits that the words of a request show; none when it asks for a job of its own.
    `known`: the skills that may be added."""
    return _Reader(frame, frozenset(known)).run()


class _Reader:
    def __init__(self, frame: Frame, known: frozenset[str]) -> None:
        self.frame = frame
        self.question = frame.question
        self.text = self.question.text
        self.known = known
        self.steps: tuple[FocusStep, ...] = self.question.focus.steps if self.question.focus else ()
        self.at = Places(self.steps, self.text, frame.marked)
        self.here = [mark for mark in self.question.marks if mark in self.text]
        set_by_name = " ".join(value for _, _, value in named_fields(self.text))
        gone = hints.refused(self.text)
        # "Ping #ops and only #ops": whom an alert goes to is nobody else's address.
        gone |= set() if says("ways", "also", self.text) else frame.placed
        self.marks = [mark for mark in self.here if mark not in gone and mark not in set_by_name]
        self.read = Read()
        self.also = says("ways", "also", self.text)
        self.instead = says("ways", "instead", self.text)
        self.out = says("ways", "remove", self.text)

    def run(self) -> Read:
        if self._of_its_own():
            return self.read
        read_actions(
            self.read, self.text, self.question.focus.name if self.question.focus else "", self.at,
            [told.raw for told in self.frame.told if told.tag == "call_job"],
            placed=bool(marks_of(self.marks, ("mail", "chan", "file", *_LINKS))),
        )  # fmt: skip
        names = " ".join(edit["name"] for edit in self.read.edits if edit["do"] == "rename")
        self.marks = [mark for mark in self.marks if mark not in names]
        if done := [edit["do"] for edit in self.read.edits if edit["do"] in WHOLE]:
            self._besides_action(done[0])
            return self.read
        self._structure()
        self._times()
        read_removed(self.read, self.text, self.at, named=bool(marks_of(self.marks, ("mail",))))
        read_recipients(
            self.read, self.question, self.frame.marked, self.at, self.marks,
            known=self.known, removed=self._removed("send_email"),
        )  # fmt: skip
        self._channels()
        self._links()
        self._files()
        self._database()
        self._asked()
        Numbers(self.read, self.question, self.frame.marked, self.at, self.marks).run(self.known)
        self._periods()
        self._looks()
        self._texts()
        self._more_steps()
        read_replaced(self.read, self.text, [step.skill for step in self.steps], self.known)
        quiet = not (self.read.edits or self.out)
        self.read.same = quiet and self.at.holds_all(self.marks)
        return self.read

    def _besides_action(self, action: str) -> None:
        """ "Start it up again, but at six": what is to change besides. A pause may name when it ends."""
        told = tuple(told for told in self.frame.told if told.tag in BESIDES_ACTIONS)
        rest = behind_action(self.text, action) if action == "resume" else ""
        if told or "<" in rest:
            question = replace(self.question, text=rest)
            further = _Reader(replace(self.frame, told=told, question=question), self.known).run()
            self.read.edits += [edit for edit in further.edits if edit["do"] not in WHOLE]
            self.read.news += further.news

    def _of_its_own(self) -> bool:
        """A request with a source and a goal of its own is a new job, whatever is focused."""
        if self.also and comes_besides(self.text):
            return False
        fresh = [mark for mark in self.marks if not self.at.holders(mark)]
        links = marks_of(fresh, _LINKS)
        goals = [m for m in marks_of(fresh, ("mail", "chan", "file")) if m not in self.frame.placed]
        sure = evidence(self.text).sure & {"web_search", "query_database", "ask_model"}
        if works_on_it(self.text):
            sure -= {"ask_model"}
        if not says("asking", "data", self.text):
            # "We have moved databases, it's …" speaks of what the job does already.
            sure -= {step.skill for step in self.steps}
        return bool((links or sure) and goals)

    # Parts ---------------------------------------------------------------------------------

    def _parted(self, *kinds: str) -> tuple[list[str], list[str]]:
        """(new, old): marks that the job does not hold yet, and those it does."""
        here = marks_of(self.marks, kinds)
        return [m for m in here if not self.at.holders(m)], [m for m in here if self.at.holders(m)]

    def _structure(self) -> None:
        for told in self.frame.told:
            if told.tag in ("for_each", "parallel") or told.tag not in structures():
                continue
            if told.tag == "call_job" and hints.called(told.raw):
                continue
            self.read.add("add_structure", tag=told.tag)
            self.read.news.append(Added(told.tag, told.values, fold(told.raw)))

    def _times(self) -> None:
        months, season = months_said(self.text, self.frame.marked.lang)
        if months:
            self.read.add("months", months=sorted(months), way=season)
        whens = marks_of(self.marks, ("when", "time", "shift")) or marks_of(self.marks, ("zone",))
        if not whens:
            return
        whens = only_times(self.text, whens)
        shifts = marks_of(self.marks, ("shift",))
        if days := [mark for mark in whens if shifts and mark not in shifts]:
            # "Half an hour earlier, and only on weekdays": other days, then another hour.
            self.read.add("schedule", when=days[0], **way_told(way_of_time(self.text, days[0])))
            for mark in shifts[:1]:
                self.read.add("schedule", when=mark)
            return
        ways = {mark: way_of_time(self.text, mark) for mark in whens}
        # "Make it twenty to six, and Saturdays as well": the new time, then what comes to it.
        for mark in [*[m for m in whens if not ways[m]][:1], *[m for m in whens if ways[m]]]:
            self.read.add("schedule", when=mark, **way_told(ways[mark]))

    def _removed(self, *skills: str) -> bool:
        gone = {edit["step"] for edit in self.read.edits if edit["do"] == "remove_step"}
        return bool(gone & set(self.at.numbers_of(*skills)))

    def _channels(self) -> None:
        new, old = self._parted("chan")
        notices = self.at.numbers_of("notify")
        if new and notices and not (self.also and not old and not self.instead):
            self.read.add("set", step=notices[0], key="channel", value=new[0])
        elif new and "notify" in self.known:
            self.read.add_step("notify", channel=new[0])
        elif old and self.out and not self._removed("notify"):
            self.read.add("remove_step", step=notices[0])

    def _links(self) -> None:
        new, old = self._parted(*_LINKS)
        for mark in new:
            posted = method_of(self.text, mark) != "GET"
            readers = ("http_request",) if posted else _READERS[mark.strip("<>0123456789")]
            numbers, reader = self.at.numbers_of(*readers), readers[0]
            if not numbers:
                if reader in self.known:
                    self.read.add_step(reader, **self._link_of(reader, mark))
                continue
            item = next((f for f in self.steps[numbers[0] - 1].fields if f.kind == "url"), None)
            if item is None:
                continue
            swap = bool(old) or (self.instead and not self.also) or not item.many
            swap = swap or (len(new) == 1 and hints.source_moved(self.text))
            self.read.add("set" if swap else "add", step=numbers[0], key=item.name, value=mark)
        if not old and not new:
            held = {
                m: str(self.frame.marked.meaning(m)) for m in marks_of(self.question.marks, _LINKS)
            }
            old = hints.named_links(
                self.text, {m: url for m, url in held.items() if self.at.holders(m)}
            )
        if old and not new and (self.out or hints.ended_source(self.text)):
            for mark in old:
                for number, name in self.at.holders(mark)[:1]:
                    self.read.add("remove", step=number, key=name, value=mark)

    def _link_of(self, reader: str, mark: str) -> dict[str, Any]:
        """What a new step that reads or calls a link is given."""
        method = method_of(self.text, mark) if reader == "http_request" else "GET"
        called = {"method": method} if method != "GET" else {}
        return {"urls": [mark]} if reader == "fetch_feed" else {"url": mark, **called}

    def _files(self) -> None:
        new, _ = self._parted("file")
        current = {value for step in self.steps for value in step.values.values()}
        fresh = [m for m in new if self.frame.marked.values[m].raw not in current]
        saving = self.at.numbers_of("save_file")
        if fresh and saving and not self._removed("save_file"):
            self.read.add("set", step=saving[0], key="name", value=fresh[-1])
            self._attached(self.steps[saving[0] - 1].values.get("name", ""), fresh[-1])
        elif fresh and "save_file" in self.known:
            self.read.add_step("save_file", name=fresh[0])
            if done_first(self.text, fresh[0]):
                self.read.first()

    def _attached(self, old: str, new: str) -> None:
        """A letter that carries a file goes on carrying it under its new name."""
        for number in self.at.numbers_of("send_email"):
            for mark in self.steps[number - 1].values.get("attachments", "").split(","):
                if old and self.frame.marked.raw(mark) == old:
                    self.read.add("add", step=number, key="attachments", value=new)
                    self.read.add("remove", step=number, key="attachments", value=mark)

    def _database(self) -> None:
        """Another database: "we have moved databases, it's depot2 now"."""
        for number in self.at.numbers_of("query_database"):
            name = hints.database_meant(self.text)
            if name and name != self.steps[number - 1].values.get("database", ""):
                self.read.add("set", step=number, key="database", value=name)

    def _asked(self) -> None:
        """Another question for the database: "ask which items are under ten"."""
        told, numbers = other_question(self.text), self.at.numbers_of("query_database")
        if told and numbers and not self.read.edits:
            self.read.add("set", step=numbers[0], key="question", value=told)
            self.marks = [mark for mark in self.marks if mark not in told]

    def _ranked(self, **values: Any) -> None:
        if "rank_items" in self.known:
            self.read.add_step("rank_items", **values)

    def _periods(self) -> None:
        """How far back, and which model: to the step that has or can have it."""
        for kinds, name, skills in (
            (("since",), "since", ("web_search", "fetch_feed", "rank_items")),
            (("model",), "model", ("summarize_items", "ask_model")),
        ):
            marks, place = marks_of(self.marks, kinds), self.at.place(skills, name)
            if name == "since":  # "The hives were delivered last week" tells no period.
                marks = [m for m in marks if not aside_since(self.text, m)]
            if name == "since" and not marks:
                marks = [m for m in marks_of(self.marks, ("dur",)) if hints.back(self.text, m)]
            if marks and place is not None:
                self.read.add("set", step=place[0], key=name, value=marks[0])

    def _looks(self) -> None:
        """Another of several looks: "switch to gallery"."""
        for number in self.at.numbers_of("compile_newsletter"):
            item, values = self.at.field(number, "design"), self.steps[number - 1].values
            others = [c for c in item.choices if c != values.get("design")] if item else []
            if said := look_wanted(others, fold(self.text)):
                self.read.add("set", step=number, key="design", value=said)

    # Texts and steps -----------------------------------------------------------------------

    def _named_fields(self) -> bool:
        """ "The topic should be sailing": a text by the name of its field."""
        found = False
        for skill, key, value in named_fields(self.text):
            number = next(iter(self.at.numbers_of(skill)), 0)
            had = any((e.get("step"), e.get("key")) == (number, key) for e in self.read.edits)
            if number and not (had or self._removed(skill)):
                self.read.add("set", step=number, key=key, value=value)
                found = True
        return found

    def _replaced(self) -> bool:
        """A text by the value that it has: "not fishing any more, sailing"."""
        for number, step in enumerate(self.steps, 1):
            for item in step.fields:
                old = step.values.get(item.name, "")
                new = instead_of(self.text, old) if item.kind == "text" and old else ""
                if not new and old and item.name in ("topic", "query"):
                    new = given_up_for(self.text, old)
                if new and not self._removed(step.skill):
                    self.read.add("set", step=number, key=item.name, value=new)
                    return True
        return False

    def _texts(self) -> None:
        if any(edit["do"] == "rename" for edit in self.read.edits):
            return
        told = [self._replaced(), self._named_fields()]
        if not any(told):
            self._topics()
        given = " ".join(str(edit.get("value")) for edit in self.read.edits)
        quotes = [m for m in marks_of(self.marks, ("quote",)) if m not in given]
        if quotes:
            self._quoted(quotes[0])

    def _topics(self) -> None:
        topic = "" if hints.moved(self.text) else topic_of(hints.wanted_topic(self.text))
        ranked = self.at.numbers_of("rank_items")
        query = saying("query", self.text)
        searching = self.at.numbers_of("web_search")
        gone = "web_search" in replaced(self.text, [step.skill for step in self.steps])
        if query and searching and not gone and len(query.split()) < 9:
            self.read.add("set", step=searching[0], key="query", value=query)
            return
        if any(
            edit["do"] == "set" and edit["key"] in ("model", "since") for edit in self.read.edits
        ):
            return
        had = self.steps[ranked[0] - 1].values.get("topic", "") if ranked else ""
        more = hints.besides(self.text, had) if had and not self._removed("rank_items") else ""
        if more:
            self.read.add("set", step=ranked[0], key="topic", value=f"{had} and {more}")
        elif topic and ranked and not self._removed("rank_items"):
            self.read.add("set", step=ranked[0], key="topic", value=topic)
        elif topic and any(s.skill == "fetch_feed" for s in self.steps) and not self.read.edits:
            self._ranked(topic=topic)

    def _quoted(self, quote: str) -> None:
        for name, skill in (("subject", "send_email"), ("message", "notify"), ("title", "compile_newsletter"),
                            ("body", "send_email")):  # fmt: skip
            numbers = self.at.numbers_of(skill)
            word = re.search(rf"(?<!\w){name}(?!\w)", fold(self.text)) is not None
            word = word or saying(name, self.text) == quote
            word = word or (name in ("message", "body") and says_quoted(self.text))
            if numbers and word:
                self.read.add("set", step=numbers[0], key=name, value=quote)
                return
            if word and self.read.give(skill, name, quote):
                return
        letters = self.at.numbers_of("compile_newsletter")
        if letters:
            self.read.add("set", step=letters[0], key="title", value=quote)

    def _more_steps(self) -> None:
        """Work that is spoken of, that the job does not do yet, and that nothing removes."""
        put_before(self.text, [step.skill for step in self.steps], self.read.edits)
        self.read.give("rank_items", "topic", topic_of(self.text))
        if any(edit["do"] in ("set", "rename") for edit in self.read.edits):
            return
        there = {step.skill for step in self.steps} | {new.name for new in self.read.news}
        sure = evidence(hints.without_removed(self.text) if self.out else self.text).sure
        for skill in _ADDABLE:
            if skill in sure and skill in self.known and skill not in there:
                topic = topic_of(self.text) if skill == "rank_items" else ""
                self.read.add_step(
                    skill, **self._counts(skill), **({"topic": topic} if topic else {})
                )
        if "ask_model" in sure - there and works_on_it(self.text):
            self._by_model()
        self.read.give("compile_newsletter", "title", saying("title", self.text))
        put_before(self.text, [step.skill for step in self.steps], self.read.edits)

    def _by_model(self) -> None:
        """A model works on what goes out; what is kept as a file after it is what it has made."""
        task = prompt_of(self.text, alone=False) if "ask_model" in self.known else ""
        if task:
            self.read.add_step("ask_model", prompt=task)
            told = self.text.find(task)
            if any(self.text.find(mark) > told for mark in marks_of(self.marks, ("file",))):
                self.read.first()

    def _counts(self, skill: str) -> dict[str, str]:
        """The number that a new step is told: "in three sentences", "the best five"."""
        for mark in marks_of(self.marks, ("num",)):
            after = following(fold(self.text)[self.text.index(mark) + len(mark) :])
            if skill == "summarize_items" and says("units", "sentences", after):
                return {"sentences": mark}
            if skill == "rank_items" and not says("units", "sentences", after):
                return {"limit": mark}
        return {}
