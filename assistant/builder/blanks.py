"""Inputs of a job: what somebody fills in each time, put where the words of a step speak of it.

A text keeps its subject: words that name an input, or point at it, give way to it; what no words
speak of is added. A count goes into the number it speaks of, days into how far back is looked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from assistant.builder.parameters import argument, is_number
from assistant.builder.wiring import Part, required
from assistant.grounding.languages import fold
from assistant.ids import slug

_TEXTS = (
    ("web_search", "query"), ("query_database", "question"), ("ask_model", "prompt"), ("rank_items", "topic"),
)  # fmt: skip
"""Where an input goes that has no place of its own, the first that is there."""
_SPEAKING = frozenset({"query", "question", "prompt", "topic", "message", "subject", "title", "body", "intro"})  # fmt: skip
_PLACES = frozenset({"to", "cc", "bcc", "channel", "url", "urls"})
_LABELLED = frozenset({"question", "prompt"})
_COUNTS = frozenset(
    ["limit", "number", "count", "amount", "max", "maximum", "most", "anzahl", "zahl", "menge", "grenze", "nombre", "limite", "combien", "numero", "cantidad", "cuantos", "quantita", "quanti", "quantidade", "quantos", "aantal", "hoeveel"]
)  # fmt: skip
_SPANS = {
    "h": "hours stunden heures horas ore uren",
    "d": "days day tage jours dias giorni dagen",
    "w": "weeks wochen semaines semanas settimane weken",
}
_UNIT = {word: unit for unit, words in _SPANS.items() for word in words.split()}
_OWN = frozenset({"topic", "keyword", "search", "term", "query", "question", "prompt", "subject"})
"""Names of what is asked as a whole."""
_DETERMINED = (
    r"(?:(?:the|that|this|those|these|my|our|an?|any|which(?:ever)?|whatever|de[mnrs]|das|die|diese[mnrs]?|jene[mnrs]?|le|la|les|ce|cette|cet|ces|el|los|las|es[eoa]s?|est[eao]s?|il|lo|gli|i|quel(?:la|lo|li)?|quest[oaie]|"
    r"o|a|os|as|ess[ea]s?|aquel[ea]s?|d[ae]sse|nessa|het|de|dat|deze) |(?:l|dell|quell|all)['’])?"
)
_THERE = re.compile(r"\s(?:over )?(?:there|dort|là-bas|allí|allá|lì|lá|daar)(?!\w)", re.I)
_POINTED = re.compile(
    r"(?<!\w)(?P<to>for|by|on|about|of|to|in|at|with|from) (?:it|that|this|them|those|these|both|him|her)(?!\w)(?= ?(?:[,.;:]|$|and\b|or\b))"
)
_BLANK = re.compile(r"(\$\{\{.*?\}\})")


def filled(parts: Sequence[Part], names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The inputs by their names, each with its type, put into the arguments of the steps."""
    inputs: dict[str, dict[str, Any]] = {}
    loose: list[str] = []
    for said in names:
        name = slug(said).replace("-", "_") or "value"
        told = (
            _measured(parts, name)
            or _whole(parts, said, name, _PLACES)
            or _spoken(parts, said, name)
            or _whole(parts, said, name)
        )
        inputs[name] = told or {"type": "string"}
        if told is None:
            loose.append(said)
    _added(parts, loose)
    return inputs


def _reference(name: str) -> str:
    return f"${{{{ inputs.{name} }}}}"


def _measured(parts: Sequence[Part], name: str) -> dict[str, Any] | None:
    """A count or a length of time, put into the number or the span that a step has for it."""
    words = [fold(word) for word in name.split("_")]
    unit = next((_UNIT[word] for word in words if word in _UNIT), "")
    if not unit and words[0] not in _COUNTS and words[-1] != "limit":
        return None
    key = "since" if unit else "sentences" if {"sentences", "lines"} & set(words) else "limit"
    order = ("rank_items", *(part.skill.name for part in parts))
    for skill in order:
        for part in parts:
            if part.skill.name == skill and key in part.skill.parameters.model_fields:
                had = part.arguments.get(key)
                part.arguments[key] = f"{_reference(name)}{unit}"
                return {"type": "integer"} | ({"default": had} if isinstance(had, int) else {})
    return None


def _spoken(parts: Sequence[Part], said: str, name: str) -> dict[str, Any] | None:
    """An input that texts speak of by its name, put there; None where none does."""
    found = False
    for part, key in _texts(parts):
        value = str(part.arguments[key])
        put = _named(value, said, _reference(name))
        if put != value:
            part.arguments[key] = put
            found = True
    for part in parts if found and name == "topic" else ():
        if part.skill.name == "rank_items":
            part.arguments.setdefault("topic", _reference(name))
    return {"type": "string"} if found else None


def _texts(parts: Sequence[Part]) -> Iterator[tuple[Part, str]]:
    for part in parts:
        for key, value in part.arguments.items():
            if key in _SPEAKING and isinstance(value, str):
                yield part, key


def _named(text: str, said: str, put: str) -> str:
    """A text with an input in place of the words that name it: "for sale in that county"."""
    named = re.compile(rf"(?<![\w-]){_DETERMINED}{re.escape(said)}(?![\w-])", re.I)
    if text.lower().strip() == said.lower():
        return text  # A value that is called like the input is its default.
    pieces = _BLANK.split(text)
    return "".join(p if p.startswith("${{") else named.sub(lambda _: put, p) for p in pieces)


def _whole(
    parts: Sequence[Part], said: str, name: str, keys: Collection[str] = ()
) -> dict[str, Any] | None:
    """An input that is the whole of an argument, which is its default; None where it is none.
    `keys`: the only ones that count."""
    part, key = argument(parts, said, name) or (None, "")
    if part is None or (keys and key not in keys):
        return None
    value = part.arguments.get(key)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    own = key in name.split("_") or set(name.split("_")) & _OWN
    if key in _SPEAKING and value and not own and str(value).lower() != said.lower():
        return None
    if "${{" in str(value) or str(value).lower() == said.lower():
        value = None
    put = _reference(name)
    part.arguments[key] = [put] if isinstance(part.arguments.get(key), list) else put
    kind = "integer" if is_number(part, key) else "string"
    return {"type": kind} | ({"default": value} if isinstance(value, str | int) else {})


def _added(parts: Sequence[Part], loose: Sequence[str]) -> None:
    """Inputs that no words name, put where the text points at them, else behind it."""
    place = next(
        (
            (part, key) for skill, key in _TEXTS for part in parts
            if part.skill.name == skill and key in part.arguments
        ), None,
    )  # fmt: skip
    place = place or next(
        ((p, key) for skill, key in _TEXTS for p in parts if p.skill.name == skill and key in required(p.skill)), None,
    )  # fmt: skip
    if place is None or not loose:
        return
    part, key = place
    labelled = key in _LABELLED
    puts = [(said, _reference(slug(said).replace("-", "_") or "value")) for said in loose]
    told = [f"{said} {put}" if labelled else put for said, put in puts]
    had = str(part.arguments.get(key, ""))
    part.arguments[key] = pointed(had, told, ", " if labelled else " ")


def pointed(text: str, puts: Sequence[str], joint: str = " ") -> str:
    """A text with inputs where it points at them: "flea markets there"; else behind it."""
    head, line, rest = text.partition("\n")
    together = joint.join(puts)
    for pattern, lead in ((_THERE, " in "), (_POINTED, "")):
        if said := pattern.search(head):
            lead = lead or f"{said['to']} "
            return f"{head[: said.start()]}{lead}{together}{head[said.end() :]}{line}{rest}"
    return f"{head}{joint if head else ''}{together}{line}{rest}"
