"""Structured questions: a prefix that names their kind, the question, its options.

    [CLARIFY] Which feed should it read?  | the demo feed | another one

A question waits as an interaction without an answer; the answer is written into it. At most
three of a job wait at a time. A reply in one's own words is as good as an option.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from assistant.errors import BindingsInvalid, TargetUnresolved
from assistant.store.interactions import Interaction, Interactions

Kind = Literal["CLARIFY", "PLAN", "APPROVE", "JOB-COMPLETE"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MOST_OPEN = 3
REVIEW, APPROVE_COMPLETION = "Review", "Approve completion"
OVERTAKEN = "Another draft was asked for."
"""The answer of a question that nobody answered: another draft took its place."""
_LINE = re.compile(r"^\s*\[(CLARIFY|PLAN|APPROVE|JOB-COMPLETE)\]\s*(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """Something only the person can say. `about` says what the answer is for: a draft, a switch
    to another job, notes …; a plain question of the conversation has none."""

    kind: Kind
    text: str
    options: tuple[str, ...] = ()
    about: str = ""
    facts: dict[str, Any] = field(default_factory=dict[str, Any])

    def written(self) -> str:
        """`[CLARIFY] Which one? | this | that`"""
        return " | ".join([f"[{self.kind}] {self.text}", *self.options])


@dataclass(frozen=True)
class OpenQuestion(Question):
    """A question that waits in a job; `number` is what an answer names."""

    number: int = 0
    job_id: str = ""


def read(line: str) -> Question:
    """The question that a line of `written` says. Raises BindingsInvalid."""
    match = _LINE.fullmatch(line)
    if match is None:
        raise BindingsInvalid(
            f"{line[:80]!r} begins with no kind of question",
            hint=f"Begin it with {', '.join(f'[{kind}]' for kind in KINDS)}.",
        )
    text, *options = [part.strip() for part in match[2].split("|")]
    kind: Any = match[1]
    return Question(kind, text, tuple(option for option in options if option))


def found_in(text: str) -> tuple[str, list[Question]]:
    """A model's answer without its question lines, and those questions, three at most."""
    asked = [read(match.group()) for match in _LINE.finditer(text)]
    return _LINE.sub("", text).strip(), asked[:MOST_OPEN]


def ask(said: Interactions, job_id: str, questions: Sequence[Question]) -> list[OpenQuestion]:
    """Let questions wait in a job; gives those questions as they wait.

    What is asked already is not asked twice. Raises TargetUnresolved when more than three
    would wait; nothing is asked then.
    """
    waiting = {(q.kind, q.text): q for q in open_questions(said, job_id)}
    asked = {(q.kind, q.text): q for q in questions}
    if len(waiting | asked) > MOST_OPEN:
        raise TargetUnresolved(
            f"{len(waiting)} questions wait for an answer already; at most {MOST_OPEN} may",
            hint="Answer one of them first.",
        )
    return [waiting.get(key) or _asked(said, job_id, question) for key, question in asked.items()]


def open_questions(said: Interactions, job_id: str = "") -> list[OpenQuestion]:
    """What waits for an answer, the oldest first; of every job without one."""
    return [_open(row) for row in said.open_questions(job_id)]


def answer(said: Interactions, number: int, text: str) -> OpenQuestion:
    """Answer a question; a number or the beginning of an option stands for the option.

    Raises TargetUnresolved for an answered question, BindingsInvalid for an empty answer.
    """
    asked = _open(said.get(number))
    words = meant(asked, text)
    if not words:
        raise BindingsInvalid("the answer is empty", hint="Choose an option, or say it in words.")
    said.answer(number, words)
    return asked


def meant(asked: Question, text: str) -> str:
    """The option that a reply means (by its number, or its words in any case), else the reply."""
    words = text.strip()
    if words.isdigit() and 1 <= int(words) <= len(asked.options):
        return asked.options[int(words) - 1]
    folded = words.casefold().rstrip(".!")
    return next((o for o in asked.options if o.casefold() == folded), words)


def with_prefix(interaction: Interaction) -> str:
    """A question as a model reads it."""
    if "asks" not in interaction.data:
        return interaction.text
    return _open(interaction).written()


def of_answer(asked: OpenQuestion, text: str) -> bool:
    """Whether a reply chooses one of the options."""
    return meant(asked, text) in asked.options


def _asked(said: Interactions, job_id: str, question: Question) -> OpenQuestion:
    data = {"asks": question.kind, "options": list(question.options), "about": question.about}
    row = said.add(job_id, "question", "assistant", question.text, data | question.facts)
    return _open(row)


def _open(row: Interaction) -> OpenQuestion:
    data = dict(row.data)
    kind: Any = data.pop("asks", "CLARIFY")
    return OpenQuestion(
        kind, row.text, tuple(data.pop("options", ())), data.pop("about", ""), data,
        number=row.id, job_id=row.job_id,
    )  # fmt: skip
