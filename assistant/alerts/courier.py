"""Carries the outbox to the channels. A channel that fails is noted, shown and tried again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Protocol

from assistant.alerts import wording
from assistant.alerts.channels import OUTBOX, address_to
from assistant.clock import Clock, parse_rfc3339, rfc3339
from assistant.errors import AssistantError
from assistant.ids import new_run_id
from assistant.net import channels as net
from assistant.settings import Settings
from assistant.store.alerts import AlertRepository, Delivery
from assistant.store.notices import Notice, Notices

log = logging.getLogger(__name__)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
GIVES_UP = timedelta(days=3)
AT_ONCE = 8
"""Channels that are served beside each other."""
TOO_MANY = 5
"""More than so many messages for one channel at once go out as one."""


class Send(Protocol):
    """Hands one message to a channel; raises an AssistantError when it is not taken."""

    def __call__(self, name: str, address: str, *, title: str, message: str) -> None: ...


class Courier:
    """Sends what is due. `settings` is asked anew for every message."""

    def __init__(
        self,
        alerts: AlertRepository,
        *,
        settings: Callable[[], Settings],
        secrets: Mapping[str, str],
        clock: Clock,
        worker: str,
        send: Send = net.send,
    ) -> None:
        self._alerts = alerts
        self._settings = settings
        self._secrets = secrets
        self._clock = clock
        self._worker = worker
        self._send = send
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="courier")

    async def carry(self) -> int:
        """Send everything that is due, all channels beside each other; gives what was sent."""
        due = self._alerts.channels_due()
        loop = asyncio.get_running_loop()
        # Threads of its own: a channel that hangs takes none that the engine waits for.
        with_each = (loop.run_in_executor(self._threads, self._serve, name) for name in due)
        return sum(await asyncio.gather(*with_each))

    def test(self, channel: str) -> None:
        """Send a test message now. Raises what the channel said; it is noted either way."""
        title, text = wording.test(channel)
        try:
            self._hand_over(channel, title, text)
        except AssistantError as wrong:
            self._alerts.note_health(channel, wrong.message)
            raise
        self._alerts.note_health(channel, "")
        self._alerts.try_again(channel)

    def _serve(self, channel: str) -> int:
        """Send what is due on one channel, one message after the other."""
        taken = self._alerts.claim(channel, f"{self._worker} {new_run_id(self._clock.now())}")
        digest = channel in self._settings().channels and self._settings().channels[channel].digest
        together = len(taken) > TOO_MANY or (digest and len(taken) > 1)
        batches = [taken] if together else [[delivery] for delivery in taken]
        for number, batch in enumerate(batches):
            if not self._try(channel, batch):
                # The others would fail as well: they wait with it, and were not tried.
                late = [delivery for later in batches[number + 1 :] for delivery in later]
                self._alerts.put_back(late, due=self._again(batch))
                return number
        return len(taken)

    def _try(self, channel: str, batch: Sequence[Delivery]) -> bool:
        title, text = wording.digest(batch) if len(batch) > 1 else (batch[0].title, batch[0].text)
        if any(delivery.cut_off for delivery in batch):
            text = f"{text}\n\n(This may have reached you before.)"
        try:
            self._hand_over(channel, title, text)
        except (
            Exception
        ) as wrong:  # a channel's own fault, whatever it is, is shown and tried again
            said = wrong.message if isinstance(wrong, AssistantError) else f"{type(wrong).__name__}"
            log.warning("%s", said)
            self._alerts.not_sent(batch, said, due=self._again(batch))
            return False
        self._alerts.sent(batch)
        return True

    def _hand_over(self, channel: str, title: str, text: str) -> None:
        if channel == OUTBOX and OUTBOX not in self._settings().channels:
            now = self._clock.now()
            notice = Notice(new_run_id(now), rfc3339(now), OUTBOX, title, text, "sent")
            Notices(self._settings().outbox_dir).add(notice)
            return
        address = address_to(channel, self._settings(), self._secrets)
        self._send(channel, address, title=title, message=text)

    def _again(self, batch: Sequence[Delivery]) -> str | None:
        """When to try once more; None when it has been tried for long enough."""
        now = self._clock.now()
        if now - min(parse_rfc3339(delivery.at) for delivery in batch) > GIVES_UP:
            return None
        tried = max(delivery.attempts for delivery in batch)
        return rfc3339(now + min(FIRST_WAIT * 2 ** min(tried, 20), LONGEST_WAIT))
