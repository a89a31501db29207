"""`${{ … }}`: a small, safe part of Python's expressions over plain data.

    evaluate("size(steps.read.items) > 0", names)        one expression
    resolve({"limit": "${{ inputs.limit }}"}, names)     a whole `with`

A lone expression keeps its type; inside text it is rendered. A result is data: it is never
looked through for further expressions. Compiled expressions are kept.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from assistant.clock import parse_rfc3339
from assistant.pipeline.evaluator import Frame, Node, build
from assistant.pipeline.expression_errors import (
    ExpressionError,
    ExpressionInvalid,
    LimitReached,
    NameMissing,
    TypeMismatch,
)
from assistant.pipeline.habits import syntax_cure
from assistant.pipeline.meter import Meter, check_result
from assistant.pipeline.plain import as_text

__all__ = [
    "Expression", "ExpressionError", "ExpressionInvalid", "LimitReached", "NameMissing",
    "Template", "TypeMismatch", "compile_expression", "evaluate", "has_expression", "is_true",
    "read_template", "resolve",
]  # fmt: skip

LONGEST = 4_000
"""Characters in one expression."""
DEEPEST = 60
"""Levels of brackets and operators in one expression."""
_NESTED_VALUES = 100
OPEN, CLOSE, ESCAPED = "${{", "}}", "$${{"


@dataclass(frozen=True)
class Expression:
    """One expression, read and ready: `evaluate` may be called any number of times."""

    text: str
    tree: ast.expr
    run: Node
    is_path: bool
    """Whether it only picks something out of what is there: `steps.read.items`."""

    def evaluate(self, names: dict[str, Any], *, now: datetime | None = None) -> Any:
        """Its value over these names. Raises ExpressionError; never anything else."""
        return self._with(names, Meter(now or _started(names)))

    def _with(self, names: dict[str, Any], meter: Meter) -> Any:
        try:
            value = self.run(Frame(names, meter))
            if not self.is_path:
                check_result(value)
            return value
        except ExpressionError as wrong:
            wrong.expression = wrong.expression or self.text
            raise
        except RecursionError as wrong:
            raise LimitReached("this goes too deep", expression=self.text) from wrong


@dataclass(frozen=True)
class Template:
    """A text with expressions in it. `lone` is the expression when there is nothing else."""

    text: str
    parts: tuple[str | Expression, ...]
    columns: tuple[int, ...]
    """Where in the text each part begins, counted from 0."""
    lone: Expression | None

    @property
    def expressions(self) -> Iterator[tuple[int, Expression]]:
        """Each expression with the place in the text where it begins."""
        for column, piece in zip(self.columns, self.parts, strict=True):
            if isinstance(piece, Expression):
                yield column, piece

    def evaluate(self, names: dict[str, Any], *, now: datetime | None = None) -> Any:
        """The value of a lone expression; the rendered text otherwise."""
        if self.lone:
            return self.lone.evaluate(names, now=now)
        meter = Meter(now or _started(names))
        return "".join(
            piece if isinstance(piece, str) else as_text(piece._with(names, meter), meter)  # pyright: ignore[reportPrivateUsage]
            for piece in self.parts
        )


def evaluate(text: str, names: dict[str, Any], *, now: datetime | None = None) -> Any:
    """The value of one expression, given bare or inside `${{ … }}`."""
    if OPEN in text:
        return read_template(text).evaluate(names, now=now)
    return compile_expression(text).evaluate(names, now=now)


def resolve(value: Any, names: dict[str, Any], *, now: datetime | None = None) -> Any:
    """The value with every `${{ … }}` in it evaluated: a `with`, a `set`, `outputs`."""
    return _resolve(value, names, now or _started(names), 0)


def is_true(condition: str, names: dict[str, Any], *, now: datetime | None = None) -> bool:
    """Whether an `if`, `while` or `expect` line holds."""
    return bool(evaluate(condition, names, now=now))


def has_expression(value: Any) -> bool:
    """Whether there is a `${{ … }}` anywhere in the value."""
    if isinstance(value, str):
        return OPEN in value
    if isinstance(value, dict):
        return any(has_expression(inner) for inner in value.values())
    return isinstance(value, list) and any(has_expression(inner) for inner in value)


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """Read an expression. Raises ExpressionInvalid with the cure, or LimitReached."""
    try:
        tree = _parsed(text)
        return Expression(text.strip(), tree, build(tree, text), _is_path(tree))
    except ExpressionError as wrong:
        wrong.expression = wrong.expression or text.strip()
        raise


@lru_cache(maxsize=4096)
def read_template(text: str) -> Template:
    """Part a text into plain pieces and expressions; `$${{` stands for a plain `${{`."""
    parts: list[str | Expression] = []
    columns: list[int] = []
    at = 0
    for start, end in _places(text):
        if start > at:
            parts.append(_plain_piece(text[at:start]))
            columns.append(at)
        parts.append(compile_expression(text[start + len(OPEN) : end]))
        columns.append(start + len(OPEN))
        at = end + len(CLOSE)
    if at < len(text) or not parts:
        parts.append(_plain_piece(text[at:]))
        columns.append(at)
    found = [piece for piece in parts if isinstance(piece, Expression)]
    blank = all(isinstance(piece, Expression) or not piece.strip() for piece in parts)
    lone = found[0] if len(found) == 1 and blank else None
    return Template(text=text, parts=tuple(parts), columns=tuple(columns), lone=lone)


def _plain_piece(text: str) -> str:
    return text.replace(ESCAPED, OPEN)


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Start of each `${{` and of the `}}` that closes it, minding quotes and brackets."""
    at = text.find(OPEN)
    while at >= 0:
        if at > 0 and text[at - 1] == "$":
            at = text.find(OPEN, at + len(OPEN))
            continue
        end = _closing(text, at + len(OPEN))
        if end < 0:
            raise ExpressionInvalid(
                "this ${{ is never closed", hint="End it with }}.", expression=text[at : at + 60]
            )
        yield at, end
        at = text.find(OPEN, end + len(CLOSE))


def _closing(text: str, at: int) -> int:
    depth, quote = 0, ""
    while at < len(text):
        sign = text[at]
        if quote:
            if sign == "\\":
                at += 1
            elif sign == quote:
                quote = ""
        elif sign in "'\"":
            quote = sign
        elif sign in "([{":
            depth += 1
        elif depth <= 0 and text.startswith(CLOSE, at):
            return at
        elif sign in ")]}":
            depth -= 1
        at += 1
    return -1


def _parsed(text: str) -> ast.expr:
    bare = text.strip()
    if not bare:
        raise ExpressionInvalid("the expression is empty")
    if len(bare) > LONGEST:
        raise LimitReached(f"an expression may have {LONGEST:,} characters, not {len(bare):,}")
    # Several lines read as one, as inside brackets.
    shown = f"({bare}\n)" if "\n" in bare else bare
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # '\d' in a pattern is no mistake here
            tree = ast.parse(shown, mode="eval").body
    except (SyntaxError, ValueError) as wrong:
        column = getattr(wrong, "offset", 0) or 0
        raise ExpressionInvalid(
            f"{_short(bare)} cannot be read", hint=syntax_cure(bare), column=column
        ) from wrong
    except (MemoryError, RecursionError) as wrong:
        raise LimitReached("this goes too deep") from wrong
    _check_depth(tree)
    return tree


def _is_path(tree: ast.expr) -> bool:
    while isinstance(tree, ast.Attribute | ast.Subscript):
        tree = tree.value
    return isinstance(tree, ast.Name | ast.Constant)


def _check_depth(tree: ast.expr) -> None:
    level: list[ast.AST] = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise LimitReached(f"an expression may be {DEEPEST} levels deep")


def _short(text: str) -> str:
    shown = text if len(text) <= 60 else text[:57] + "…"
    return repr(shown.encode("utf-8", "backslashreplace").decode())


def _started(names: dict[str, Any]) -> datetime:
    """When the run started; outside a run, this moment."""
    run = names.get("run")
    started: Any = run.get("started_at") if type(run) is dict else None
    if type(started) is str:
        try:
            return parse_rfc3339(started)
        except ValueError:
            pass
    return datetime.now(UTC)


def _resolve(value: Any, names: dict[str, Any], now: datetime, depth: int) -> Any:
    if type(value) is str:
        return read_template(value).evaluate(names, now=now) if OPEN in value else value
    if depth > _NESTED_VALUES:
        raise LimitReached(f"values may be nested {_NESTED_VALUES} levels deep")
    if type(value) is dict:
        return {key: _resolve(inner, names, now, depth + 1) for key, inner in value.items()}
    if type(value) is list:
        return [_resolve(inner, names, now, depth + 1) for inner in value]
    return value
