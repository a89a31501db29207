"""Checks the expressions inside a value of a job file, and says what type the value will have."""

from __future__ import annotations

from typing import Any

from assistant.pipeline.document import Place
from assistant.pipeline.expressions import (
    OPEN,
    Expression,
    ExpressionError,
    Template,
    read_template,
)
from assistant.pipeline.fields import Notes
from assistant.pipeline.inference import View, infer
from assistant.pipeline.types import TEXT, Type, list_of, of_value, record_of, union


class ExpressionChecker:
    """Notes every fault of an expression where it stands in the file."""

    def __init__(self, notes: Notes, lines: list[str]) -> None:
        self.notes = notes
        self.lines = lines

    def type_of(self, value: Any, place: Place, view: View, step: str, key: str) -> Type | None:
        """The type of a value with expressions anywhere in it; None for a text with faults."""
        if isinstance(value, str):
            return self.text(value, place, view, step, key)
        if isinstance(value, dict):
            return record_of({
                name: self.type_of(inner, (*place, name), view, step, f"{key}.{name}") or Type()
                for name, inner in value.items()
            })  # fmt: skip
        if isinstance(value, list):
            return list_of(union(
                self.type_of(inner, (*place, number), view, step, key) or Type()
                for number, inner in enumerate(value)
            ))  # fmt: skip
        return of_value(value)

    def text(self, value: str, place: Place, view: View, step: str, key: str) -> Type | None:
        if OPEN not in value:
            return TEXT
        try:
            template = read_template(value)
        except ExpressionError as wrong:
            shift = self._shift(place, wrong.expression, max(0, wrong.column - 1))
            self.notes.blame(place, wrong.message, wrong.hint, step=step, key=key, shift=shift)
            return None
        return self._template(template, place, view, step, key)

    def condition(
        self, value: str, place: Place, view: View, step: str, key: str
    ) -> Template | None:
        """An `if`, `while` or `expect`: one expression and nothing beside it."""
        known = self.text(value, place, view, step, key)
        if known is None:
            return None
        template = read_template(value)
        if template.lone is None:
            self.notes.blame(
                place, f"{key!r} is one expression; with text around it, it always holds",
                f'Write "${{{{ {_first(template)} }}}}".', step=step, key=key,
            )  # fmt: skip
            return None
        return template

    def _template(
        self, template: Template, place: Place, view: View, step: str, key: str
    ) -> Type | None:
        found: Type | None = TEXT
        for _, expression in template.expressions:
            kind, faults = infer(expression, view)
            for fault in faults:
                shift = self._shift(place, expression.text, fault.column)
                self.notes.blame(place, fault.message, fault.hint, step=step, key=key, shift=shift)
            if faults:
                found = None
            elif template.lone and found:
                found = kind
        return found

    def _shift(self, place: Place, text: str, column: int) -> int:
        """How far into the value the fault stands, when the value is on one line."""
        mark = self.notes.document.mark(place)
        line = self.lines[mark.line - 1] if mark.line <= len(self.lines) else ""
        start = line.find(text, mark.column - 1) if text else -1
        return start - (mark.column - 1) + column if start >= 0 else 0


def _first(template: Template) -> str:
    expression = next((piece for piece in template.parts if isinstance(piece, Expression)), None)
    return expression.text if expression else "…"
