"""Manners towards other people's servers: how many at once, how fast, and when to leave alone."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from assistant.clock import Clock, SystemClock
from assistant.errors import TryAgain

Sleep = Callable[[float], Awaitable[None]]
BUSY = frozenset({429, 503})


@dataclass(frozen=True)
class Manners:
    """At most `at_once` requests to a host, `burst` without a pause and then `per_second`.

    After `failures` in a row the host is left alone for `rest` seconds. A wait that a server
    asks for is kept here when it is at most `patience` seconds, else it becomes TryAgain.
    """

    at_once: int = 4
    burst: int = 10
    per_second: float = 4.0
    failures: int = 5
    rest: float = 30.0
    patience: float = 5.0


@dataclass
class _Host:
    gate: asyncio.Semaphore
    tokens: float
    at: float
    failed: int = 0
    not_before: float = 0.0
    reason: str = ""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Visits:
    """Keeps manners per host within one process. Not `paced`: the operator's own origins."""

    def __init__(
        self,
        manners: Manners | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        clock: Clock | None = None,
    ) -> None:
        self.manners = manners or Manners()
        self._monotonic = monotonic
        self._sleep = sleep
        self._clock = clock or SystemClock()
        self._hosts: dict[str, _Host] = defaultdict(self._new_host)

    @asynccontextmanager
    async def visit(self, host: str, *, paced: bool = True) -> AsyncGenerator[None]:
        """Wait for one's turn at a host. Raises TryAgain when it asked to be left alone longer."""
        known = self._hosts[host]
        await self._wait_if_resting(host, known)
        if not paced:
            yield
            return
        async with known.gate:
            await self._take_token(known)
            yield

    def answered(
        self, host: str, status: int, retry_after: str | None, *, paced: bool = True
    ) -> float | None:
        """Note an answer; gives the seconds that the server asked to wait, if it did."""
        known = self._hosts[host]
        asked = self._seconds(retry_after)
        if status in BUSY and asked is not None:
            known.not_before = self._monotonic() + asked
            known.reason = f"{host} asked for a pause"
            return asked
        if status >= 500:
            self.failed(host, paced=paced)
        else:
            known.failed = 0
        return asked

    def failed(self, host: str, *, paced: bool = True) -> None:
        """Note that a host did not answer. The operator's own are never left alone for it."""
        if not paced:
            return
        known = self._hosts[host]
        known.failed += 1
        if known.failed >= self.manners.failures:
            known.not_before = self._monotonic() + self.manners.rest
            known.reason = f"{host} failed {known.failed} times in a row"

    async def _wait_if_resting(self, host: str, known: _Host) -> None:
        wait = known.not_before - self._monotonic()
        if wait <= 0:
            return
        if wait > self.manners.patience:
            raise TryAgain(
                f"{known.reason}; it is left alone for another {wait:.0f} s.",
                retry_after=wait,
                hint="The step is repeated later by itself when it has a retry.",
            )
        await self._sleep(wait)

    async def _take_token(self, known: _Host) -> None:
        async with known.lock:
            now = self._monotonic()
            gained = (now - known.at) * self.manners.per_second
            known.tokens = min(self.manners.burst, known.tokens + gained)
            known.at = now
            known.tokens -= 1
            if known.tokens < 0:
                await self._sleep(-known.tokens / self.manners.per_second)

    def _new_host(self) -> _Host:
        return _Host(
            gate=asyncio.Semaphore(self.manners.at_once),
            tokens=self.manners.burst,
            at=self._monotonic(),
        )

    def _seconds(self, retry_after: str | None) -> float | None:
        """`Retry-After` in seconds or as a date; None when there is none that can be read."""
        text = (retry_after or "").strip()
        if text.isdecimal():
            return float(text)
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError):
            return None
        if moment.tzinfo is None:
            return None
        return max(0.0, (moment - self._clock.now()).total_seconds())
