"""Everything about alerts of one home folder in one place, for screens and for the loop.

desk = AlertDesk.of(workplace parts)
desk.alerts.list(state="open")     desk.channels()       desk.test("ops")
desk.approvals.pending()           await desk.round()    await desk.keep()
"""

from __future__ import annotations

import asyncio
import logging
import os

from assistant.alerts.approvals import Approvals
from assistant.alerts.channels import ChannelState, add_channel, channel_states, remove_channel
from assistant.alerts.courier import Courier, Send
from assistant.alerts.noticing import Noticing
from assistant.clock import Clock
from assistant.net import channels as net
from assistant.secrets import Secrets
from assistant.settings import Settings, SettingsWrong, refreshed
from assistant.store.alerts import AlertRepository
from assistant.store.jobs import JobRepository
from assistant.store.runs import RunRepository

log = logging.getLogger(__name__)
LOOK_SECONDS = 2.0


class AlertDesk:
    """See the module's text. All methods but `round` and `keep` are plain calls."""

    def __init__(
        self,
        settings: Settings,
        *,
        jobs: JobRepository,
        runs: RunRepository,
        secrets: Secrets,
        clock: Clock,
        send: Send = net.send,
    ) -> None:
        self._known = settings
        self._written = 0
        self._secrets = secrets
        self.alerts = AlertRepository(runs.store)
        self.approvals = Approvals(settings, runs, clock)
        self._noticing = Noticing(
            self.alerts, jobs, runs, self.approvals,
            settings=self.settings, masker=secrets.masker, clock=clock,
        )  # fmt: skip
        self._courier = Courier(
            self.alerts, settings=self.settings, secrets=secrets, clock=clock,
            worker=f"process-{os.getpid()}", send=send,
        )  # fmt: skip

    def settings(self) -> Settings:
        """The settings with today's channels; while the file cannot be read, those of before."""
        path = self._known.home / "settings.toml"
        written = path.stat().st_mtime_ns if path.exists() else 0
        if written != self._written:
            self._written = written
            try:
                self._known = refreshed(self._known)
            except SettingsWrong as wrong:
                log.warning("%s", wrong.message)
        return self._known

    # -- channels --------------------------------------------------------------------

    def channels(self) -> list[ChannelState]:
        """Every channel and how it does."""
        return channel_states(self.settings(), self._secrets, self.alerts)

    def test(self, channel: str) -> None:
        """Send a test message. Raises what the channel said; what waits for it is tried again."""
        self._courier.test(channel)

    def add_channel(
        self,
        name: str,
        url: str,
        *,
        quiet: str = "",
        digest: str = "",
        urgent: tuple[str, ...] = (),
    ) -> str:
        """Add or change a channel; gives its kind. Raises BindingsInvalid, CannotDo."""
        return add_channel(
            self._known, self._secrets, name, url, quiet=quiet, digest=digest, urgent=urgent
        )

    def remove_channel(self, name: str) -> None:
        """Raises TargetUnresolved for one that settings.toml does not name."""
        remove_channel(self._known, self._secrets, self.alerts, name)

    # -- the loop --------------------------------------------------------------------

    async def round(self) -> int:
        """Look at what has happened, and send what is due; gives the number of messages sent."""
        await asyncio.to_thread(self._noticing.look)
        return await self._courier.carry()

    async def keep(self) -> None:
        """A round every two seconds until the task is cancelled. A fault is logged, never the end."""
        while True:
            try:
                await self.round()
            except Exception:  # what was not told stays in the store, for the next round
                log.exception("a round of alerts failed")
            await asyncio.sleep(LOOK_SECONDS)
