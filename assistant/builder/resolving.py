"""From what a model pointed at to the values that stand in a job file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.builder.drafts import Source
from assistant.builder.tasks import Demand
from assistant.builder.terms import MARKS_OF, Field
from assistant.builder.wiring import CARRIERS, PROMPTS, Part, needs, required
from assistant.grounding.marks import MARK, Marked
from assistant.ids import slug
from assistant.skills.door import Skill

# Words that are no value when they stand alone.
_EMPTY = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "it",
        "my",
        "of",
        "on",
        "or",
        "that",
        "the",
        "then",
        "this",
        "to",
        "with",
        "der",
        "die",
        "das",
        "den",
        "dem",
        "des",
        "ein",
        "eine",
        "und",
        "von",
        "mit",
        "für",
        "aus",
        "auf",
        "le",
        "la",
        "les",
        "de",
        "des",
        "du",
        "un",
        "une",
        "et",
        "à",
        "au",
        "aux",
        "en",
        "el",
        "los",
        "las",
        "una",
        "y",
        "con",
        "por",
        "para",
        "il",
        "lo",
        "gli",
        "i",
        "di",
        "e",
        "o",
        "os",
        "as",
        "um",
        "uma",
        "do",
        "da",
        "com",
        "het",
        "een",
        "van",
        "naar",
        "op",
    ]
)


@dataclass
class Resolver:
    """Turns marks into what they mean, and remembers which were used and where."""

    marked: Marked
    used: set[str] = field(default_factory=set[str])
    sources: list[Source] = field(default_factory=list[Source])

    def values(
        self, place: str, fields: Sequence[Field], told: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The values of one fill, by field; what does not hold is left out."""
        found: dict[str, Any] = {}
        for item in fields:
            if item.name not in told:
                continue
            value = self.value(f"{place}.{item.name}", item, told[item.name])
            if value not in (None, "", []):
                found[item.name] = value
        return found

    def value(self, place: str, item: Field, told: Any) -> Any:
        """One value: a list when the field takes many."""
        if item.many:
            given = told if isinstance(told, list) else [told]
            single = Field(item.name, item.kind, choices=item.choices)
            found = [self.value(place, single, one) for one in given]
            return list(dict.fromkeys(v for v in found if v not in (None, "")))
        if item.kind in ("flag", "step", "choice"):
            return told
        if item.kind == "text":
            return self.text(place, str(told))
        return self.mark(place, str(told))

    def text(self, place: str, told: str) -> str:
        """A run of words with its marks put back, without the punctuation around it."""
        plain = told.strip().strip(",;:").strip()
        if plain.lower() in _EMPTY:
            return ""
        for name in MARK.findall(plain):
            self._use(place, name)
        return self.marked.raw(plain, quoted=place.endswith(".sql"))

    def mark(self, place: str, name: str) -> Any:
        """What a mark means; None for one that is not there."""
        value = self.marked.values.get(name)
        if value is None:
            return None
        self._use(place, name)
        return value.meant

    def _use(self, place: str, name: str) -> None:
        value = self.marked.values.get(name)
        if value is None:
            return
        self.used.add(name)
        if value.end:
            self.sources.append(Source(place, value.raw, value.start, value.end))

    def unused(self, kind: str) -> list[str]:
        """Marks of the request that fit a kind of field and that nothing has taken yet."""
        return [
            v.mark for v in self.marked.of(*MARKS_OF.get(kind, ()))
            if v.mark not in self.used and v.mark in self.marked.text
        ]  # fmt: skip


def shaped(skill: Skill, values: Mapping[str, Any]) -> dict[str, Any]:
    """Field values as the skill's parameters want them: `urls` of one link is `url`, one
    address is no list where a text does, a number is whole where it must be; one that is not is none."""
    properties: Mapping[str, Any] = skill.schema().get("properties", {})
    shaped_values: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, list) and len(value) == 1 and name.endswith("s"):
            single = name[:-1]
            if single in properties:
                shaped_values[single] = value[0]
                continue
        if name not in properties:
            continue
        if isinstance(value, float) and not value.is_integer() and _whole(properties[name]):
            continue  # "2.80" is a price and no count of rows.
        shaped_values[name] = _as_declared(name, value, properties[name])
    return shaped_values


def _whole(told: Mapping[str, Any]) -> bool:
    """Whether a parameter takes whole numbers only."""
    kinds = {form.get("type") for form in told.get("anyOf", (told,))}
    return "integer" in kinds and "number" not in kinds


def _as_declared(name: str, value: Any, told: Mapping[str, Any]) -> Any:
    forms = list(told.get("anyOf", (told,)))
    kinds = {form.get("type") for form in forms}
    if name in ("schema", "fields") and isinstance(value, list) and "object" in kinds:
        return _record_of(name, value)
    if isinstance(value, list) and "array" not in kinds:
        return ", ".join(map(str, value)) if "string" in kinds else value
    if isinstance(value, list) and len(value) == 1 and "string" in kinds:
        return value[0]
    if isinstance(value, float) and _whole(told):
        return round(value)
    if isinstance(value, int) and not isinstance(value, bool) and kinds == {"string"}:
        return str(value)
    return value


def _record_of(name: str, words: list[str]) -> dict[str, Any]:
    """`title and price` as a JSON Schema of texts, or as fields to take."""
    names = [part.strip() for word in words for part in _split_list(word)]
    if name == "schema":
        properties = {part: {"type": "string"} for part in names if part}
        return {"type": "object", "properties": properties, "required": list(properties)}
    return {part: _selector_of(part) for part in names if part}


def _selector_of(field: str) -> str:
    """Where pages keep a field of that name: by class or itemprop; titles and links by tag."""
    usual = {
        "title": "h1, h2, h3, h4, .title, a", "name": "h1, h2, h3, h4, .name, a", "url": "a@href",
        "link": "a@href", "image": "img@src", "picture": "img@src", "date": "time, .date",
    }  # fmt: skip
    name = slug(field)
    return usual.get(name) or f'.{name}, [class*="{name}"], [itemprop="{name}"]'


def _split_list(text: str) -> list[str]:
    for joint in (" and ", " und ", " et ", " y ", " e ", " en ", "&", ";"):
        text = text.replace(joint, ",")
    return [part for part in text.split(",") if part.strip()]


# What must be there -----------------------------------------------------------------------

_SAID = ("query", *PROMPTS)
_EITHER = (("question", "sql"), ("url", "urls"))


def demanded(skill: Skill, *, alone: bool) -> Demand:
    """What only a request can give a step. `alone`: nothing comes before the step that it could
    carry on, so what it carries must be said as well."""
    names, must = skill.parameters.model_fields, required(skill)
    every = [name for name in must if name in _SAID]
    if alone:
        every += [name for name in must if name in CARRIERS]
        every += ["body"] if {"newsletter", "body"} <= set(names) else []
    either = next(
        (pair for pair in _EITHER if pair[0] == "question" and set(pair) <= set(names)), ()
    )
    return Demand(tuple(dict.fromkeys(every)), either)


def lacking(part: Part) -> list[str]:
    """Names of parameters that a wired step still needs; of alternatives the first."""
    names = set(part.skill.parameters.model_fields)
    missing = [name for name in required(part.skill) if name not in part.arguments]
    takes_items = "Item[]" in needs(part.skill).values()
    for group in _EITHER:
        known = [name for name in group if name in names]
        if not known or any(name in part.arguments for name in known):
            continue
        if takes_items and "items" in part.arguments:
            continue
        if not set(known) & set(missing):
            missing.append(known[0])
    if "newsletter" in names and "body" in names:
        carried = {"newsletter", "body", "attachments", "items"} & set(part.arguments)
        if not carried and "body" not in missing:
            missing.append("body")
    return missing
