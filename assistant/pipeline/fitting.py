"""Whether a value fits a JSON Schema, where parts of the value may be expressions.

Plain parts are checked to the letter (type, enum, limits, patterns); an expression is checked
by its type, as far as that is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from assistant.pipeline import patterns
from assistant.pipeline.document import Place
from assistant.pipeline.expression_errors import ExpressionError
from assistant.pipeline.plain import is_number, kind_of
from assistant.pipeline.suggest import did_you_mean
from assistant.pipeline.types import ANY, Type, clash, followed, from_schema, of_value

TypeOf = Callable[[Place, str], Type | None]
"""An expression's type by its place and text; None when it has faults of its own."""
_DEEPEST = 40


@dataclass(frozen=True)
class Misfit:
    """One part of a value that does not fit: where in the value, why, and the cure."""

    place: Place
    message: str
    hint: str = ""
    at_key: bool = False


def misfits(
    value: Any, schema: Any, *, place: Place = (), type_of: TypeOf | None = None,
    known: dict[int, Type] | None = None,
) -> list[Misfit]:  # fmt: skip
    """Everything in the value that does not fit the schema. `$ref`s are followed inside it.

    `known` keeps the types of parts of schemas that outlive the call, from one call to the next.
    """
    return list(
        _Fit(schema, type_of, known if known is not None else {}).misfits(value, schema, place, 0)
    )


class _Fit:
    """One value against one schema, whose local references point into `root`."""

    def __init__(self, root: Any, type_of: TypeOf | None, known: dict[int, Type]) -> None:
        self.root = root
        self.type_of = type_of
        self.known = known

    def misfits(self, value: Any, schema: Any, place: Place, depth: int) -> Iterator[Misfit]:
        if not isinstance(schema, dict) or depth > _DEEPEST:
            return
        schema = followed(schema, self.root)
        if self.type_of and isinstance(value, str) and "${{" in value:
            yield from self._typed(schema, place, self.type_of(place, value))
            return
        choices = schema.get("anyOf") or schema.get("oneOf")
        if isinstance(choices, list):
            yield from self._any_of(value, schema, choices, place, depth)
            return
        kinds = from_schema({"type": schema["type"]}) if "type" in schema else ANY
        if why := clash(kinds, of_value_kind(value)):
            yield Misfit(place, why, _quoting(value, schema))
            return
        yield from _limits(value, schema, place)
        if isinstance(value, dict):
            yield from self._fields(value, schema, place, depth)
        elif isinstance(value, list) and isinstance(schema.get("items"), dict):
            for number, inner in enumerate(value):
                yield from self.misfits(inner, schema["items"], (*place, number), depth + 1)

    def _type(self, schema: dict[str, Any]) -> Type:
        if id(schema) not in self.known:
            self.known[id(schema)] = from_schema(schema, self.root)
        return self.known[id(schema)]

    def _typed(self, schema: dict[str, Any], place: Place, found: Type | None) -> Iterator[Misfit]:
        if found is None:
            return
        expected = self._type(schema)
        if why := clash(expected, found):
            yield Misfit(place, why, _part_that_fits(expected, found, place))
        elif found.absent and not expected.may_be("null"):
            yield Misfit(place, f"may get null: {found.absent}",
                         "Write default(…, …), or give this step the same `if`.")  # fmt: skip

    def _any_of(
        self, value: Any, schema: dict[str, Any], choices: list[Any], place: Place, depth: int
    ) -> Iterator[Misfit]:
        tried = [list(self.misfits(value, choice, place, depth + 1)) for choice in choices]
        if not all(tried):
            return
        # The choice that got furthest into the value says best what is wrong with it.
        deepest = max(tried, key=lambda found: (len(found[0].place), -len(found)))
        if len(deepest[0].place) > len(place) or deepest[0].message.startswith("is "):
            yield from deepest
            return
        yield Misfit(place, f"needs {self._type(schema).words}, not {kind_of(value)}")

    def _fields(
        self, value: dict[str, Any], schema: dict[str, Any], place: Place, depth: int
    ) -> Iterator[Misfit]:
        properties: dict[str, Any] = schema.get("properties") or {}
        more = schema.get("additionalProperties", True)
        for key, inner in value.items():
            if key in properties:
                yield from self.misfits(inner, properties[key], (*place, key), depth + 1)
            elif more is False:
                yield Misfit(
                    (*place, key), f"takes no {key!r}", did_you_mean(key, properties), at_key=True
                )
            elif isinstance(more, dict):
                yield from self.misfits(inner, more, (*place, key), depth + 1)
        for key in schema.get("required") or []:
            if key not in value:
                yield Misfit(place, f"needs {key!r}", f"Add `{key}: …`.")


def of_value_kind(value: Any) -> Type:
    """The value's own kind, without what is inside it; 5.0 counts as whole."""
    if isinstance(value, list | dict):
        return Type(frozenset({"list" if isinstance(value, list) else "record"}))
    if isinstance(value, float):
        return of_value(int(value)) if value.is_integer() else Type(frozenset({"number"}))
    return of_value(value)


def _quoting(value: Any, schema: dict[str, Any]) -> str:
    wanted = schema.get("type")
    if wanted == "string" and isinstance(value, int | float | bool):
        return "Put it into quotes."
    if (
        wanted in ("integer", "number")
        and isinstance(value, str)
        and value.strip().lstrip("-").isdigit()
    ):
        return "Write the number without quotes."
    if wanted == "array" and isinstance(value, str):
        return f"Write a list: [{value}]."
    return ""


def _part_that_fits(expected: Type, found: Type, place: Place) -> str:
    """The field of a record that was probably meant, where the whole record was given."""
    fields = found.fields or {}
    wanted = str(place[-1]) if place else ""
    fitting = [n for n, kind in fields.items() if not kind.is_any and not clash(expected, kind)]
    if wanted in fitting:
        return f"Did you mean its {wanted!r}?"
    return f"Did you mean its {fitting[0]!r}?" if len(fitting) == 1 else ""


def _limits(value: Any, schema: dict[str, Any], place: Place) -> Iterator[Misfit]:
    if "enum" in schema and value not in schema["enum"]:
        options = [str(option) for option in schema["enum"]]
        yield Misfit(
            place,
            f"is {_short(value)}, which is none of its choices",
            did_you_mean(str(value), options),
        )
    if "const" in schema and value != schema["const"]:
        yield Misfit(place, f"is {_short(value)}, not {_short(schema['const'])}")
    if is_number(value):
        yield from _range(value, schema, place)
    elif isinstance(value, str):
        yield from _length(value, schema, place, "minLength", "maxLength", "characters")
        if (pattern := schema.get("pattern")) and not _matches(pattern, value):
            yield Misfit(place, f"is {_short(value)}, which does not look like {pattern}")
    elif isinstance(value, list):
        yield from _length(value, schema, place, "minItems", "maxItems", "elements")


def _range(value: float, schema: dict[str, Any], place: Place) -> Iterator[Misfit]:
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if low is not None and value < low:
        yield Misfit(place, f"is {value}, less than {low}", f"Write {low} or more.")
    elif high is not None and value > high:
        yield Misfit(place, f"is {value}, more than {high}", f"Write {high} or less.")
    elif above is not None and value <= above:
        yield Misfit(place, f"is {value}, not more than {above}", f"Write more than {above}.")
    elif below is not None and value >= below:
        yield Misfit(place, f"is {value}, not less than {below}", f"Write less than {below}.")


def _length(
    value: Any, schema: dict[str, Any], place: Place, least: str, most: str, of: str
) -> Iterator[Misfit]:
    if least in schema and len(value) < schema[least]:
        yield Misfit(place, f"has {len(value)} {of}, fewer than {schema[least]}")
    elif most in schema and len(value) > schema[most]:
        yield Misfit(place, f"has {len(value)} {of}, more than {schema[most]}")


def _matches(pattern: str, value: str) -> bool:
    try:
        return patterns.found(pattern, value)
    except ExpressionError:
        return True  # not RE2's syntax: the skill itself will check it


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 40 else shown[:38] + "…"
