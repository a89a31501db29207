"""One request's dialogue with a model: outline, then the values of each step, or the edits."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.builder import tasks, terms
from assistant.builder.askable import askable
from assistant.builder.data_asked import database_named
from assistant.builder.remains import telling
from assistant.builder.tasks import Demand
from assistant.builder.terms import Field, Question
from assistant.builder.texts_said import topic_of
from assistant.builder.values import shown
from assistant.errors import SkillError
from assistant.grounding.languages import fold
from assistant.grounding.topics import doing_words
from assistant.models.protocol import JsonSchema, Limits, Message, Model, Usage

OUTLINE = Limits(max_tokens=200, seconds=60)
FILL = Limits(max_tokens=300, seconds=60)


_TELLING = ("feed", "page", "api", "mail", "chan", "when", "time", "shift", "num", "sel")
"""Kinds of marks that an edit is about when they stand in its words."""
_COVERED = (
    "feed", "page", "api", "mail", "chan", "file", "num", "since", "dur", "sel", "model", "job", "quote",
)  # fmt: skip
"""Kinds of marks that a draft of the whole request has a place for."""
_NO_TEXT = ("when", "time", "shift", "since", "dur", "zone", "feed", "page", "api", "mail")
"""Kinds of marks that are no text by themselves."""
_NAMED_BY_WORD = frozenset({"subject", "title", "message", "body", "intro", "name"})
_SPOKEN_OF_TEXT = re.compile(
    r"<(?:quote|file)\d>|(?<!\w)(?:subject|title|head\w*|message|text|body|word\w*|intro\w*|opening|name[ds]?|call\w*|file|say\w*|says|read[s]?|write|written|betreff|titel|nachricht|nenn\w*|heiss\w*|"
    r"objet|titre|message|texte|nom\w*|appel\w*|asunto|titulo|mensaje|texto|llam\w*|nombre|oggetto|titolo|messaggio|testo|chiam\w*|assunto|mensagem|cham\w*|onderwerp|bericht|tekst|noem\w*)(?!\w)"
)
_NAMING = re.compile(
    r"(?<!\w)(?:re-?)?(?:nam(?:e[ds]?|ing)|call(?:ed|ing)?|titl\w*|label\w*|nenn\w*|benenn\w*|umbenenn\w*|heiss\w*|titel\w*|nom|nomm\w*|"
    r"nombr\w*|appel\w*|titre\w*|llam\w*|titul\w*|chiam\w*|nome\w*|nomin\w*|titol\w*|cham\w*|noem\w*|hernoem\w*|naam)(?!\w)"
)
"""Words of somebody who speaks of a name."""


@dataclass
class Fill:
    """The values of one step or structure tag, as the model gave them (marks, not meanings)."""

    number: int
    name: str
    fields: list[Field]
    values: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass
class Decided:
    """All that a model decided about one request."""

    outline: dict[str, Any]
    steps: list[Fill] = field(default_factory=list[Fill])
    structure: list[Fill] = field(default_factory=list[Fill])
    edits: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def homeless(self, question: Question) -> list[str]:
        """Marks of the request that no decision names and that no field left empty could take."""
        fills = [*self.steps, *self.structure]
        told = json.dumps([self.outline, [fill.values for fill in fills]])
        here = [mark for mark in question.marks if mark in question.text and mark not in told]
        free = [f for fill in fills for f in fill.fields if f.name not in fill.values]
        return [
            mark for mark in tasks.marks_of(here, _COVERED)
            if not any(_could_take(f, mark) for f in free)
        ]  # fmt: skip


def _says_nothing(name: str, value: Any) -> bool:
    """Whether what is to be searched for, asked or done is no more than "something"."""
    if name in ("message", "body") and isinstance(value, str):
        # "Mail", "the boss" and "ping <chan1> and mail" lead to a text and are none.
        return (
            re.fullmatch(
                rf"(?:and |then )?(?:{doing_words()}) (?:the )?<(?:mail|chan)\d>(?:,? (?:and|then) (?:{doing_words()})(?: <mail\d>)?)?|(?:the |a )?(?:{doing_words()}|it|them|this|that|committee|boss|channel|team)|(?:(?:straight|right|away|at once|immediately|then|please|and|subject|it)[ ,]*)+",
                fold(value),
            )
            is not None
        )
    if name not in ("query", "question", "prompt") or not isinstance(value, str):
        return False
    named = database_named(value) if name == "question" else ""
    return not telling(value.replace(named, " ") if named else value)


def _could_take(item: Field, mark: str) -> bool:
    kinds = ("quote", "file") if item.kind == "text" else terms.MARKS_OF.get(item.kind, ())
    return bool(tasks.marks_of([mark], kinds))


class Dialogue:
    """Asks the small questions in turn; each adds only a few tokens to the one before."""

    def __init__(self, model: Model, question: Question) -> None:
        self.model = model
        self.question = question
        self.usage = Usage()
        self.largest = 0
        """Tokens of the longest prompt."""
        self._messages: list[Message] = tasks.opening(question)

    async def outline(
        self, tags: Sequence[str] | None = None, *, least_steps: int = 1, structured: bool = False
    ) -> dict[str, Any]:
        """kind, when, steps, structure, missing. `tags`: the structure that may be chosen.
        Raises ModelUnavailable."""
        schema = tasks.outline_schema(
            self.question, tags, least_steps=least_steps, structured=structured
        )
        return await self._ask(None, schema, "outline", OUTLINE)

    def amend(self, outline: dict[str, Any]) -> None:
        """Go on from another outline than the one that was answered."""
        self._messages[-1] = tasks.reply(outline)

    async def fills(
        self,
        outline: dict[str, Any],
        demands: Sequence[Demand] = (),
        *,
        fed: bool = False,
        looped: bool = False,
    ) -> tuple[list[Fill], list[Fill]]:
        """Values for each step and then for each structure tag of an outline: those that the words
        show, then the model's for what they leave open. `demands` has one entry for each step."""
        whole = self.question
        by_name = {offer.name: list(offer.fields) for offer in whole.offers}
        turns = [(name, by_name[name]) for name in outline.get("steps", ())]
        said = shown(whole, turns, fed=fed, looped=looped)
        self.question = said.left(whole)
        found: list[Fill] = []
        for number, (name, fields) in enumerate(turns, 1):
            values = said.values[number - 1]
            demand = demands[number - 1] if number <= len(demands) else Demand()
            open_ = self._open(fields, values, demand, len(turns))
            fill = await self.fill(number, name, open_, len(turns), demand=demand)
            told = {k: v for k, v in (values | fill.values).items() if not _says_nothing(k, v)}
            found.append(Fill(number, name, fields, told))
        self.question = whole
        structure: list[Fill] = []
        for number, tag in enumerate(outline.get("structure", ()), len(turns) + 1):
            open_ = tasks.open_fields(whole, tasks.structures()[tag], len(turns))
            structure.append(await self.fill(number, tag, open_, len(turns)))
        return found, structure

    def _open(
        self, fields: Sequence[Field], values: Mapping[str, Any], demand: Demand, steps: int
    ) -> list[Field]:
        """The fields a model is asked for: demanded, or with something left that could fill them."""
        needed = {*demand.every, *(() if set(demand.either) & set(values) else demand.either)}
        if values.get("method") == "GET":
            fields = [item for item in fields if item.name != "body"]
        empty = [item for item in askable(self.question, fields) if item.name not in values]
        quotes = [mark for mark in self.question.marks if mark.startswith("<quote")]
        wanted = [
            item for item in empty
            if item.name in needed or (item.kind != "text" and item.kind not in ("flag", "choice"))
            or (item.kind == "text" and quotes and item.name not in ("topic", "query", "question", "prompt")
                and (steps == 1 or item.name not in ("content", "body")))
        ]  # fmt: skip
        return tasks.open_fields(self.question, wanted, steps)

    async def fill(
        self,
        number: int,
        name: str,
        fields: list[Field],
        steps: int,
        wrong: str = "",
        demand: Demand | None = None,
    ) -> Fill:
        """The values of one step. `wrong` says what was wrong with the ones before."""
        if not fields:
            return Fill(number, name, fields)
        turn = tasks.fill_turn(number, name, fields)
        if wrong:
            turn = Message("user", f"{turn.text}\nWrong: {wrong}")
        schema = tasks.fill_schema(self.question, fields, steps, demand)
        return Fill(number, name, fields, await self._ask(turn, schema, "fill", FILL))

    async def edits(self) -> tuple[list[dict[str, Any]], list[Fill]]:
        """What is to be done to the focused job, and the values of what is added."""
        start = list(self._messages)
        schema = tasks.edits_schema(self.question)
        told = await self._ask(tasks.edits_turn(), schema, "edits", FILL)
        edits = _sound(told, self.question)
        left = self._left(edits)
        if left:
            # A link, an address or a time that no edit has taken: what was said about it is asked
            # once more, with only such edits to choose from.
            self._messages = start
            told = await self._ask(
                tasks.edits_turn(), tasks.edits_schema(self.question, left), "edits", FILL
            )
            edits = _sound(told, self.question) or edits
        count = len(self.question.focus.steps) if self.question.focus else 0
        added: list[Fill] = []
        turns: Sequence[tuple[str, list[Field]]] = tasks.edit_turns(self.question, edits)
        for number, (name, fields) in enumerate(turns, 1):
            added.append(await self.fill(number, name, fields, count))
        return edits, added

    def _left(self, edits: Sequence[dict[str, Any]]) -> list[str]:
        """Telling marks of the request that no edit names, when nothing is added that may."""
        if any(
            edit.get("do") in ("add_step", "add_structure", "pause", "rename") for edit in edits
        ):
            return []
        used = {str(value) for edit in edits for value in edit.values()}
        here = [mark for mark in self.question.marks if mark in self.question.text]
        return [mark for mark in tasks.marks_of(here, _TELLING) if mark not in used]

    async def _ask(
        self, turn: Message | None, schema: JsonSchema, purpose: str, limits: Limits
    ) -> dict[str, Any]:
        if turn is not None:
            self._messages.append(turn)
        reply = await self.model.complete(
            tuple(self._messages), schema=schema, limits=limits, purpose=f"builder.{purpose}"
        )
        self.usage += reply.usage
        self.largest = max(self.largest, reply.usage.tokens_in)
        if not isinstance(reply.record, dict):
            raise SkillError(
                f"the model {self.model.name!r} gave no {purpose} for this request",
                hint="Say it in other words, or start from a template.",
            )
        self._messages.append(tasks.reply(reply.record))
        return reply.record


def _sound(told: dict[str, Any], question: Question) -> list[dict[str, Any]]:
    """The edits without those that put a time or a link, and nothing else, where text belongs, and
    without another name where nobody speaks of one."""
    edits = [edit for edit in told.get("edits", ()) if isinstance(edit, dict)]
    named = _NAMING.search(fold(question.text)) is not None
    return [
        edit for edit in edits
        if not _stray(edit, question) and (named or edit.get("do") != "rename")
    ]  # fmt: skip


def _stray(edit: dict[str, Any], question: Question) -> bool:
    steps = question.focus.steps if question.focus else ()
    number = edit.get("step")
    if edit.get("do") != "set" or not isinstance(number, int) or number > len(steps):
        return False
    fields = steps[number - 1].fields
    text = any(f.name == edit.get("key") and f.kind == "text" for f in fields)
    if edit.get("key") in _NAMED_BY_WORD and not _SPOKEN_OF_TEXT.search(fold(question.text)):
        return True
    if edit.get("key") == "topic" and not _names_topic(question.text):
        return True  # Words that speak of no topic change none: that is better asked.
    return text and bool(tasks.marks_of([str(edit.get("value", ""))], _NO_TEXT))


def _names_topic(text: str) -> bool:
    spoken = re.search(r"topic|theme|thema|sujet|tema|argoment|onderwerp", fold(text))
    return bool(spoken or topic_of(text))
