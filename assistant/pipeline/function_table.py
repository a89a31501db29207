"""The table of functions: how one gets into it, and how it asks for what it needs."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assistant.pipeline.expression_errors import TypeMismatch
from assistant.pipeline.plain import is_number, kind_of

Number = int | float


@dataclass(frozen=True)
class Function:
    """One row of the table. `parameters` are the names that may also be given as `name=`."""

    name: str
    call: Callable[..., Any]
    parameters: tuple[str, ...]
    required: int
    variadic: bool
    doc: str


FUNCTIONS: dict[str, Function] = {}


def function(implementation: Callable[..., Any]) -> Callable[..., Any]:
    """Put a function into the table, under its name without the trailing underscore."""
    name = implementation.__name__.rstrip("_")
    given = list(inspect.signature(implementation).parameters.values())[1:]
    named = [p for p in given if p.kind is not p.VAR_POSITIONAL]
    FUNCTIONS[name] = Function(
        name=name,
        call=implementation,
        parameters=tuple(p.name for p in named),
        required=sum(p.default is p.empty for p in named),
        variadic=len(named) < len(given),
        doc=inspect.getdoc(implementation) or "",
    )
    return implementation


def need_text(value: Any, who: str) -> str:
    if type(value) is not str:
        raise TypeMismatch(
            f"{who} needs text, not {kind_of(value)}",
            hint="" if value is not None else "Use default(…, '') for what may be missing.",
        )
    return value


def need_list(value: Any, who: str) -> list[Any]:
    if type(value) is not list:
        raise TypeMismatch(
            f"{who} needs a list, not {kind_of(value)}",
            hint="" if value is not None else "Use default(…, []) for what may be missing.",
        )
    return value


def need_record(value: Any, who: str) -> dict[str, Any]:
    if type(value) is not dict:
        raise TypeMismatch(f"{who} needs a record, not {kind_of(value)}")
    return value


def need_number(value: Any, who: str) -> Number:
    if not is_number(value):
        raise TypeMismatch(f"{who} needs a number, not {kind_of(value)}")
    return value


def need_whole(value: Any, who: str) -> int:
    if type(value) is not int:
        raise TypeMismatch(f"{who} needs a whole number, not {kind_of(value)}")
    return value
