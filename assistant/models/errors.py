"""What can go wrong with a model, and what happens next.

ModelUnavailable
├── WorkerDied            the model process stopped; it starts again with the next call
├── ModelUntrusted        it failed its trial of what is wanted; another model may answer
├── KeyRefused            the provider does not accept the key; another model may answer
├── QuotaSpent            the account is empty or over its limit
└── ProviderDown          no connection, a server error, a cut or unreadable answer; worth a retry
BudgetExhausted
├── AnswerCutOff          the token limit fell in the middle of a call or a record; `raw` is kept
└── AnswerTooSlow         the time limit fell before the answer was whole
SkillError
├── RateLimited (TryAgain)         `retry_after` seconds, when the provider says so
├── ContextTooLong (BadArguments)  more text than the model reads
├── SchemaUnsupported (BadArguments)   a schema that cannot be enforced; raised when declared
├── Refused (CannotDo)             the provider will not answer this
└── AnswerInvalid (CannotDo)       not what the schema says, twice; `raw` is kept

Answers that were written and are of no use say in `usage` what they have cost.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from assistant.errors import (
    AssistantError,
    BadArguments,
    BudgetExhausted,
    CannotDo,
    ModelUnavailable,
    TryAgain,
)
from assistant.models.protocol import Usage

_NOTHING = Usage()


def spent_on(wrong: AssistantError) -> Usage:
    """What an answer has cost that failed, as far as it is known."""
    usage: Any = getattr(wrong, "usage", None)
    return usage if isinstance(usage, Usage) else _NOTHING


@contextmanager
def spent_before(usage: Usage) -> Generator[None]:
    """An answer that fails in here has cost so much more: what was asked before it."""
    try:
        yield
    except (AnswerCutOff, AnswerTooSlow, AnswerInvalid) as wrong:
        wrong.usage = usage + wrong.usage
        raise


class WorkerDied(ModelUnavailable):
    """The model process stopped by itself or was stopped by the system."""


class ModelUntrusted(ModelUnavailable):
    """The model's trial says that it cannot do this; it was not asked."""


class KeyRefused(ModelUnavailable):
    """The provider does not know the key, or the key may not use this model."""


class QuotaSpent(ModelUnavailable):
    """The account with the provider has nothing left."""


class ProviderDown(ModelUnavailable):
    """The provider cannot be reached, fails, or answers in pieces that make no sense."""


class AnswerCutOff(BudgetExhausted):
    """The token limit fell inside a tool call or a record. `raw` is what had been written."""

    def __init__(
        self, message: str, *, raw: str = "", hint: str = "", usage: Usage = _NOTHING
    ) -> None:
        super().__init__(message, hint=hint)
        self.raw = raw
        self.usage = usage


class AnswerTooSlow(BudgetExhausted):
    """The time limit of the answer ran out. `raw` is what had been written."""

    def __init__(
        self, message: str, *, raw: str = "", hint: str = "", usage: Usage = _NOTHING
    ) -> None:
        super().__init__(message, hint=hint)
        self.raw = raw
        self.usage = usage


class RateLimited(TryAgain):
    """The provider asks to wait; `retry_after` says how many seconds, when it is known."""


class ContextTooLong(BadArguments):
    """The messages have more tokens than the model reads."""

    def __init__(self, message: str, *, tokens: int = 0, context: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.tokens = tokens
        self.context = context


class SchemaUnsupported(BadArguments):
    """The schema asks for something that decoding cannot enforce."""


class Refused(CannotDo):
    """The provider's own rules forbid an answer."""


class AnswerInvalid(CannotDo):
    """The answer does not fit its schema, also after one repair. `raw` is the last answer."""

    def __init__(
        self, message: str, *, raw: str = "", hint: str = "", usage: Usage = _NOTHING
    ) -> None:
        super().__init__(message, hint=hint)
        self.raw = raw
        self.usage = usage
