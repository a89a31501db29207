"""Numbers of a change to the focused job: how many, so many more, or another hour."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.builder import hints
from assistant.builder.edits import Read
from assistant.builder.placing import Places
from assistant.builder.tasks import marks_of
from assistant.builder.terms import Question
from assistant.builder.texts_said import following
from assistant.builder.ways import way_of_number
from assistant.grounding.cues import says
from assistant.grounding.marks import Marked

_SOURCES = ("fetch_feed", "scrape_page", "web_search", "http_request", "query_database")


class Numbers:
    """Reads what the numbers of one change do. `marks`: those of the request that still stand."""

    def __init__(
        self, read: Read, question: Question, marked: Marked, at: Places, marks: Sequence[str]
    ) -> None:
        self.read, self.question, self.marked, self.at = read, question, marked, at
        self.marks = marks
        self.text = question.text
        self.steps = at.steps
        self.here = [mark for mark in question.marks if mark in self.text]

    def run(self, known: frozenset[str]) -> None:
        """Adds the edits to `read`. `known`: the skills that may be added."""
        if hour := self._other_hour():
            self.read.add("schedule", when=hour[0], old=hour[1])
            return
        placed: dict[tuple[int, str], list[str]] = {}
        for mark in marks_of(self.marks, ("num",)):
            if self.marked.values[mark].raw.lower() == "twice":
                continue
            place = self.at.counted(mark, [m for m in marks_of(self.here, ("num",)) if m != mark])
            if place is not None:
                placed.setdefault(place, []).append(mark)
            elif self._of_sentences(mark) and "summarize_items" in known:
                self.read.add_step("summarize_items", sentences=mark)
        numbers = marks_of(self.marks, ("num",))
        tags = self.question.focus.structure if self.question.focus else ()
        if not placed and len(numbers) == 1 and "if" in tags:
            self.read.add("compare", value=numbers[0])
        for (number, name), marks in placed.items():
            current = self.steps[number - 1].values.get(name)
            fresh = [m for m in marks if str(self.marked.values[m].meant) != current]
            way = way_of_number(self.text, marks[-1])
            if way:
                self.read.add("set", step=number, key=name, value=marks[-1], way=way)
            elif fresh:
                self.read.add("set", step=number, key=name, value=fresh[-1])
        best = says("units", "best", self.text) and not self.at.numbers_of("rank_items")
        best = best and bool(self.at.numbers_of("fetch_feed", "scrape_page", "web_search"))
        if not placed and numbers and best and "rank_items" in known:
            self.read.add_step("rank_items", limit=numbers[0])
        for way in ("double", "half"):
            reading = re.search(r"\b(?:read|fetch|check|get)\b", self.text) is not None
            asked = says("ways", way, self.text) and not placed
            place = (self.at.place(_SOURCES, "limit") if reading else None) if asked else None
            place = place or (self.at.only_number() if asked else None)
            if place is not None:
                self.read.add("set", step=place[0], key=place[1], value=way)

    def _of_sentences(self, mark: str) -> bool:
        """Whether a number says how long a summary is to be that the job does not make yet."""
        after = following(self.text[self.text.index(mark) + len(mark) :])
        return says("units", "sentences", after) and not self.at.numbers_of("summarize_items")

    def _other_hour(self) -> tuple[str, str] | None:
        """ "Make it 6 instead of 7": an hour, where no step has such a number."""
        here = marks_of(self.here, ("num",))
        scheduled = self.question.focus is not None and bool(self.question.focus.when)
        if not scheduled or len(here) != 2 or hints.counted_things(self.text):
            return None
        new, old = hints.former(self.text, here)
        meant = [self.marked.values[mark].meant for mark in here]
        if not old or not all(isinstance(n, int) and 0 <= n < 24 for n in meant):
            return None
        was = str(self.marked.values[old].meant)
        numbers = {
            step.values.get(f.name)
            for step in self.steps
            for f in step.fields
            if f.kind == "number"
        }
        return None if was in numbers else (new, old)
