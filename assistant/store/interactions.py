"""What was said in jobs: appended, never changed, searchable word for word.

A question and its answer are one interaction: the answer is written once into the question's
row, which says everything else it said before. The database itself refuses any other change.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.clock import Clock, rfc3339
from assistant.errors import TargetUnresolved
from assistant.store import deleted
from assistant.store.database import Store


@dataclass(frozen=True)
class Interaction:
    """One prompt, question, answer, decision, result, phase or summary.

    `answer` is what was answered to a question: None while it is open.
    """

    id: int
    job_id: str
    at: str
    kind: str
    role: str
    text: str
    data: dict[str, Any] = field(default_factory=dict[str, Any])
    answer: str | None = None
    answered_at: str | None = None


@dataclass(frozen=True)
class Found:
    """An interaction that a search found. `excerpt` has the words found between `[` and `]`."""

    interaction: Interaction
    excerpt: str


class Interactions:
    """Appends and reads. Safe from several threads and processes."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock

    def add(
        self, job_id: str, kind: str, role: str, text: str, data: dict[str, Any] | None = None
    ) -> Interaction:
        """Append to what was said in a job. Raises JobNotFound when it was deleted meanwhile."""
        at = rfc3339(self.clock.now())
        with deleted.told(job_id), self.store.writing() as connection:
            made = connection.execute(
                "insert into interactions (job_id, at, kind, role, text, data)"
                " values (?, ?, ?, ?, ?, ?)",
                (job_id, at, kind, role, text, json.dumps(data or {}, ensure_ascii=False)),
            ).lastrowid
            connection.execute("update jobs set updated_at = ? where id = ?", (at, job_id))
        return Interaction(made or 0, job_id, at, kind, role, text, data or {})

    def of(self, job_id: str, *, after: int = 0, last: int = 0) -> list[Interaction]:
        """What was said, oldest first: all of it, what came after an id, or the last so many."""
        rows = self.store.rows(
            "select * from interactions where job_id = ? and id > ? order by id desc limit ?",
            job_id, after, last or -1,
        )  # fmt: skip
        return [_interaction(row) for row in reversed(rows)]

    def get(self, number: int) -> Interaction:
        """Raises TargetUnresolved when there is none of that number."""
        row = self.store.row("select * from interactions where id = ?", number)
        if row is None:
            raise TargetUnresolved(f"there is no interaction {number}")
        return _interaction(row)

    def open_questions(self, job_id: str = "") -> list[Interaction]:
        """Questions with options that nobody has answered, the oldest first; of all jobs without one."""
        rows = self.store.rows(
            "select * from interactions where kind = 'question' and answer is null"
            " and data ->> 'asks' is not null and (? = '' or job_id = ?) order by id",
            job_id, job_id,
        )  # fmt: skip
        return [_interaction(row) for row in rows]

    def answer(self, number: int, text: str) -> Interaction:
        """Write the answer of a question. Raises TargetUnresolved when it is answered already."""
        at = rfc3339(self.clock.now())
        changed = self.store.run(
            "update interactions set answer = ?, answered_at = ?"
            " where id = ? and kind = 'question' and answer is null",
            text, at, number,
        )  # fmt: skip
        asked = self.get(number)
        if not changed:
            raise TargetUnresolved(
                f"{asked.text[:80]!r} is answered already: {(asked.answer or '')[:80]!r}",
                hint="Say it as a new prompt.",
            )
        return asked

    def last_of(self, job_id: str, kind: str) -> Interaction | None:
        """The newest interaction of a kind."""
        row = self.store.row(
            "select * from interactions where job_id = ? and kind = ? order by id desc",
            job_id, kind,
        )  # fmt: skip
        return _interaction(row) if row else None

    def of_kind(self, job_id: str, kind: str) -> list[Interaction]:
        """All of one kind, oldest first."""
        rows = self.store.rows(
            "select * from interactions where job_id = ? and kind = ? order by id", job_id, kind
        )
        return [_interaction(row) for row in rows]

    def search(self, words: str, *, job_id: str = "", limit: int = 20) -> list[Found]:
        """The originals that hold all the words, the best first; in one job or in all."""
        match = fts_query(words)
        if not match:
            return []
        rows = self.store.rows(
            "select i.*, snippet(interactions_words, -1, '[', ']', '…', 16) as excerpt"
            " from interactions_words join interactions i on i.id = interactions_words.rowid"
            " where interactions_words match ? and (? = '' or i.job_id = ?)"
            " order by rank limit ?",
            match, job_id, job_id, limit,
        )  # fmt: skip
        return [Found(_interaction(row), row["excerpt"]) for row in rows]


def fts_query(words: str, *, joined: str = " ", most: int = 24) -> str:
    """Free text as a query that FTS5 cannot misread: its words, each in quotes."""
    found = list(dict.fromkeys(re.findall(r"\w+", words)))[:most]
    return joined.join(f'"{word}"' for word in found)


def texts(said: Sequence[Interaction]) -> str:
    """All that was said, as one text."""
    return "\n".join(f"{i.text}\n{i.answer or ''}" for i in said)


def _interaction(row: dict[str, Any]) -> Interaction:
    return Interaction(
        row["id"], row["job_id"], row["at"], row["kind"], row["role"], row["text"],
        json.loads(row["data"]), row["answer"], row["answered_at"],
    )  # fmt: skip
