"""Outputs find their inputs by type: what one step gives and another needs, joined in code.

A step is a `Part`; `Wiring` fills the arguments that the request did not give. What is said by
the request always stands; nothing is wired into a subject, a title or a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.skills.door import Skill

# Parameters that carry whatever came before when the request gives them no words of its own.
CARRIERS = ("body", "content", "message", "text", "markdown", "html", "data", "input")
DATA_FILES = (".csv", ".json")
PROMPTS = ("prompt", "instruction")
_IDS = {
    "fetch_feed": "read", "scrape_page": "page", "extract_article": "full", "rank_items": "best",
    "summarize_items": "short", "compile_newsletter": "letter", "send_email": "send",
    "notify": "tell", "http_request": "call", "save_file": "file", "web_search": "search",
    "query_database": "rows", "ask_model": "ask",
}  # fmt: skip


@dataclass
class Part:
    """A step while it is made. `arguments` starts with what the request says."""

    number: int
    skill: Skill
    id: str
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])
    said: frozenset[str] = frozenset()

    @property
    def writes(self) -> bool:
        """Whether this very call changes something: reading a web interface does not."""
        return self.skill.effect_of(self.arguments) == "write"


def parts_of(chosen: Sequence[tuple[Skill, Mapping[str, Any]]]) -> list[Part]:
    """Steps with short ids of their own, in order."""
    made: list[Part] = []
    taken: dict[str, int] = {}
    for number, (skill, said) in enumerate(chosen, 1):
        base = _IDS.get(skill.name) or skill.name
        taken[base] = taken.get(base, 0) + 1
        name = base if taken[base] == 1 else f"{base}_{taken[base]}"
        made.append(Part(number, skill, name, dict(said), frozenset(said)))
    return made


def label(schema: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    """What kind of value a schema describes: `Item[]`, `Newsletter`, `text`, `rows`, or empty."""
    reference = str(schema.get("$ref", ""))
    if reference:
        return reference.rsplit("/", 1)[-1]
    forms = [form for form in schema.get("anyOf", ()) if form.get("type") != "null"]
    if forms:
        labels = [label(form, root) for form in forms]
        return next((name for name in labels if name not in ("text", "")), labels[0])
    if schema.get("type") == "array":
        inner = label(schema.get("items", {}), root)
        return f"{inner}[]" if inner and inner != "text" else "list"
    if schema.get("type") == "string":
        return "text"
    return ""


def gives(skill: Skill) -> dict[str, str]:
    """Output name → kind of value."""
    schema = skill.output_schema()
    return {name: label(told, schema) for name, told in schema.get("properties", {}).items()}


def needs(skill: Skill) -> dict[str, str]:
    """Parameter → kind of value."""
    schema = skill.schema()
    return {name: label(told, schema) for name, told in schema.get("properties", {}).items()}


def required(skill: Skill) -> tuple[str, ...]:
    return tuple(skill.schema().get("required", ()))


@dataclass(frozen=True)
class Supply:
    """A value that a later step can take. `reference` is an expression without its braces."""

    kind: str
    reference: str
    part: int = 0


Reference = Callable[[Part, Part, str], str]


class Wiring:
    """Fills what the request left open, step by step, from what came before."""

    def __init__(
        self, refer: Reference, last: Sequence[Supply] = (), silent: Collection[int] = ()
    ) -> None:
        """`silent`: numbers of steps whose answer only decides, and goes nowhere."""
        self._silent = silent
        self._refer = refer
        self._supplies: list[tuple[Part | None, Supply]] = [(None, supply) for supply in last]
        self._open_items: list[tuple[Part | None, str]] = [
            (None, s.reference) for s in last if s.kind == "Item[]"
        ]
        self._open_rows: list[tuple[Part | None, str]] = []
        self._told: list[str] = []
        self._loop: tuple[int, Supply | None] = (0, None)

    def add(self, part: Part, rounds: Supply | None = None, *, first: int = 0) -> None:
        """Wire one step, then offer what it gives to those after it. `rounds`: inside a loop,
        the element of the round, which comes before everything else; `first`: the number of the
        loop's first step, since texts of a round hold nothing of before."""
        same = first and self._loop[0] == first
        self._loop = (first, rounds or (self._loop[1] if same else None))
        self._wire(part, rounds)
        for name, kind in gives(part.skill).items():
            if name == "warnings" or part.number in self._silent:
                continue
            self._supplies.append((part, Supply(kind, name, part.number)))
            if kind == "Item[]":
                self._open_items.append((part, name))
            if name == "rows":
                # What was told or kept before another question is asked is done with.
                self._open_rows = [
                    (who, rows) for who, rows in self._open_rows
                    if who is None or not any(f"steps.{who.id}." in told for told in self._told)
                ]  # fmt: skip
                self._open_rows.append((part, name))

    def _wire(self, part: Part, rounds: Supply | None) -> None:
        wanted = needs(part.skill)
        for name, kind in wanted.items():
            if name in part.arguments or name in ("attachments",):
                if kind == "Item[]" and "Item[]" in gives(part.skill).values():
                    self._consume(part.arguments[name])
                continue
            if kind == "Item[]":
                self._wire_items(part, name, rounds)
            elif kind and kind not in ("text", "list"):
                self._wire_kind(part, name, kind)
        self._wire_text(part, wanted, rounds)
        self._told += [value for value in part.arguments.values() if isinstance(value, str)]

    def _wire_items(self, part: Part, name: str, rounds: Supply | None) -> None:
        if {"url", "urls"} & part.said:
            return
        if rounds is not None and rounds.kind == "Item":
            part.arguments[name] = f"${{{{ [{rounds.reference}] }}}}"
            return
        if not self._open_items:
            return
        references = [self._path(supply, who, part) for who, supply in self._open_items]
        part.arguments[name] = f"${{{{ {' + '.join(references)} }}}}"
        # A step that gives items again hands the chain on; one that does not, leaves them open.
        if "Item[]" in gives(part.skill).values():
            self._open_items.clear()

    def _consume(self, expression: Any) -> None:
        """A step that was wired before has taken what its expression names."""
        self._open_items = [
            (who, name)
            for who, name in self._open_items
            if who is None or f"steps.{who.id}." not in str(expression)
        ]

    def _wire_kind(self, part: Part, name: str, kind: str) -> None:
        for who, supply in reversed(self._supplies):
            if supply.kind == kind:
                part.arguments[name] = f"${{{{ {self._path(supply.reference, who, part)} }}}}"
                return

    def _path(self, name: str, who: Part | None, to: Part) -> str:
        return name if who is None else self._refer(who, to, name)

    def _wire_text(self, part: Part, wanted: Mapping[str, str], rounds: Supply | None) -> None:
        """What came last, as text, into the parameter that carries it."""
        carried = {"Item[]", "Newsletter", "Rows"} & {
            wanted.get(name, "") for name in part.arguments
        }
        if carried:
            return
        for name in wanted:
            if name in PROMPTS and name in part.arguments:
                before = self._last_text(part, rounds, "")
                if before and "${{" not in str(part.arguments[name]):
                    part.arguments[name] = f"{part.arguments[name]}\n\n{before}"
            elif name in CARRIERS and name not in part.arguments:
                if (
                    name == "body"
                    and "method" in wanted
                    and part.arguments.get("method", "GET") == "GET"
                ):
                    continue
                value = self._last_text(part, rounds, str(part.arguments.get("name", name)))
                if value:
                    part.arguments[name] = value
                    return

    def _last_text(self, part: Part, rounds: Supply | None, place: str) -> str:
        """`${{ … }}` that gives the last thing made, in the form the place wants, behind whatever
        was made before it and has gone nowhere yet."""
        if rounds is not None:
            return as_text(rounds.kind, rounds.reference, place)
        first, turn = self._loop
        made = [(who, text) for who, supply in reversed(self._supplies)
                if (who is None or who.number >= first) and (text := self._text_of(who, supply, part, place))]  # fmt: skip
        # What an interface answers to what was sent there says less than what was made.
        made.sort(key=lambda pair: pair[0] is not None and pair[0].writes)
        if not made:
            return as_text(turn.kind, turn.reference, place) if turn else ""
        newest, last = made[0]
        if place.endswith(DATA_FILES) or newest is None:
            return last
        told = [*self._told, last]
        waiting: dict[str, str] = {}
        for who, text in made[1:]:
            if who is not None and not who.writes and not any(f".{who.id}." in one for one in told):
                waiting.setdefault(who.id, _headed(who, text))
        return "\n\n".join([*reversed(waiting.values()), _headed(newest, last)])

    def _text_of(self, who: Part | None, supply: Supply, part: Part, place: str) -> str:
        """What one step gives, as text; items or rows together with all that wait beside them."""
        plain = supply.reference.rsplit(".", 1)[-1]
        named = supply.kind if supply.kind not in ("text", "list", "") else plain
        path = self._path(supply.reference, who, part)
        if named == "Item[]" and who:
            named = carried(who, part)
        together = self._open_items if supply.kind == "Item[]" else []
        if named == "rows" and place.endswith(DATA_FILES):
            together = self._open_rows
        first, _ = self._loop  # Inside a loop, what was gathered before it is no part of a round.
        together = [(owner, n) for owner, n in together if owner is None or owner.number >= first]
        if len(together) > 1:
            path = f"({' + '.join(self._path(name, owner, part) for owner, name in together)})"
            forms = {carried(owner, part) if owner else "Item[]" for owner, _ in together}
            named = named if named == "rows" else forms.pop() if len(forms) == 1 else "Item[]"
        return as_text(named, path, place)


def _headed(giver: Part, text: str) -> str:
    """What a database gives under the question that it answers: "3" alone tells nobody anything."""
    question = giver.arguments.get("question", "")
    if not isinstance(question, str) or not question or "${{" in question:
        return text
    asked = _TO_WHOM.sub("", question, count=1) or question
    return f"{asked[:1].upper()}{asked[1:].rstrip(' ?:.')}:\n{text}"


# "Ask the shop database which products are out of stock": whom is asked is no part of a heading.
_TO_WHOM = re.compile(
    r"^(?:(?:please|then|and|also) )*(?:ask|query|check|frag\w*|demande \w+|pregunta \w+|chiedi \w+|pergunta \w+|vraag)"
    r" (?:the |our |my |die |den |la |il |el |o |a |de )?(?:\w+ (?:data ?base|db|sql)|(?:data ?base|db|datenbank|base|database|databank) \w+|data ?base|\w+db)(?: (?:for|about|how it|nach))?[,:]? ",
    re.I,
)


def carried(giver: Part, taker: Part) -> str:
    """What of the items is wanted where text is: their summaries where these were made, their texts
    where these were fetched, but for a message, which is short."""
    if giver.skill.name == "summarize_items":
        return "Summaries"
    full = giver.skill.name == "extract_article" and taker.skill.name != "notify"
    return "Texts" if full else "Item[]"


def _told_with(field: str, path: str) -> str:
    lines = "\\n"
    told = f"i.title + ' ' + i.url + '{lines}' + i.{field}"
    return f"join([{told} for i in {path}], '{lines}{lines}')"


def as_text(kind: str, path: str, place: str) -> str:
    """An expression for a value where text (or the content of a file) is wanted."""
    data = place.endswith(DATA_FILES)
    lines = "\\n"
    forms = {
        "Newsletter": f"{path}.html" if place.endswith((".html", ".htm")) else f"{path}.markdown",
        "Item[]": path if data else f"join([i.title + ' ' + i.url for i in {path}], '{lines}')",
        "Summaries": path if data else _told_with("summary", path),
        "Texts": path if data else _told_with("text", path),
        "Item": f"join([{path}.title, {path}.url, {path}.summary], '{lines}')",
        "rows": path if data else f"join([join(values(row), ', ') for row in {path}], '{lines}')",
        "row": path if data else f"join(values({path}), ', ')",
        "Response": f"{path}.data" if data else f"{path}.text",
        "text": path,
        "url": path,
        "answer": path,
    }
    expression = forms.get(kind, "")
    return f"${{{{ {expression} }}}}" if expression else ""
