"""When a failed attempt is worth another, and how long to wait for it."""

from __future__ import annotations

from collections.abc import Callable

from assistant.errors import StepTimeout, TryAgain
from assistant.pipeline.spec import Retry

# What asks the world a question may ask it again; nothing else repeats unless the file says so.
READ_RETRY = Retry(attempts=3, delay=2.0, factor=2.0, max_delay=60.0, jitter=0.2)
ONCE = Retry(attempts=1)
# The other side may ask for patience (Retry-After), but not for more than this.
LONGEST_PATIENCE = 3600.0

Chance = Callable[[], float]
"""Gives a number from 0 to 1."""


def worth_repeating(error: BaseException) -> bool:
    """Decided by type: passing trouble and timeouts, nothing else."""
    return isinstance(error, TryAgain | StepTimeout | TimeoutError | ConnectionError)


def curve(retry: Retry, attempt: int, chance: Chance) -> float:
    """Seconds to wait after the failed `attempt` (1 is the first)."""
    try:
        plain = retry.delay * retry.factor ** (attempt - 1)
    except OverflowError:
        plain = retry.max_delay
    return max(0.0, min(plain, retry.max_delay) * (1 + retry.jitter * (2 * chance() - 1)))


def wait_after(retry: Retry, attempt: int, error: BaseException, chance: Chance) -> float | None:
    """Seconds until the next attempt, or None when there is none.

    What the other side asked for (Retry-After) lengthens the wait, never shortens it.
    """
    if attempt >= retry.attempts or not worth_repeating(error):
        return None
    wait = curve(retry, attempt, chance)
    asked = getattr(error, "retry_after", None) if isinstance(error, TryAgain) else None
    return max(wait, min(float(asked), LONGEST_PATIENCE)) if asked else wait
