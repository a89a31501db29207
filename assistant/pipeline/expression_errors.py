"""What can be wrong with an expression, when it is read or when it is evaluated.

ExpressionError          job_execution_failed; knows the expression and the column in it
├── ExpressionInvalid    it cannot be read: syntax, or a form that the language does not have
├── NameMissing          a name, key or index is not there
├── TypeMismatch         a value is of the wrong type for what is done with it
└── LimitReached         it would take too many steps or grow too large
"""

from __future__ import annotations

from assistant.errors import ExecutionFailed


class ExpressionError(ExecutionFailed):
    """Never worth repeating: the same data gives the same error. `column` counts from 1."""

    def __init__(
        self, message: str, *, hint: str = "", expression: str = "", column: int = 0
    ) -> None:
        super().__init__(message, hint=hint)
        self.expression = expression
        self.column = column


class ExpressionInvalid(ExpressionError):
    """It cannot be read at all."""


class NameMissing(ExpressionError):
    """`default(…, …)` answers this one."""


class TypeMismatch(ExpressionError):
    """The value is there, and is something else than the place needs."""


class LimitReached(ExpressionError):
    """The meter stopped it."""
