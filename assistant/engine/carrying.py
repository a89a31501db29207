"""Between a home and the machines that run its jobs: words go out, events and files come home.

The home's store, screens and figures know nothing of other machines: what happens to a run there
is written here as if it had happened here, in its order, each event once.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assistant.engine.folder import write_folder
from assistant.engine.receipt import account_of, receipt
from assistant.engine.request import job_of
from assistant.engine.values import clear_parts
from assistant.errors import AssistantError
from assistant.events import ArtifactSaved, RunEnded
from assistant.settings import Settings
from assistant.store.far_files import FarFiles
from assistant.store.far_runs import FarRuns, News
from assistant.store.runs import Keyed, RunRepository

log = logging.getLogger(__name__)
_LOOK_SECONDS = 0.2
_LARGE = re.compile(r'"\$large": ?\{"sha256": ?"([0-9a-f]{64})"')
_RUN = (
    "status", "reason", "started_at", "ended_at", "worker", "tokens", "cost", "outputs", "error",
)  # fmt: skip
_ATTEMPT = (
    "path", "attempt", "skill", "status", "started_at", "ended_at", "seconds", "arguments",
    "output", "error", "skill_version", "idempotency_key",
)  # fmt: skip
_QUEUED = (
    "job", "job_id", "version", "trigger", "inputs", "dry", "parent_run", "priority", "queued_at",
    "request",
)  # fmt: skip


class Carrier:
    """Carries for one home. Any process of the home may; what is carried twice stays one."""

    def __init__(
        self, far: FarRuns, home: RunRepository, settings: Settings, files: FarFiles
    ) -> None:
        self._far = far
        self._home = home
        self._settings = settings
        self._files = files
        self._seen = dict[str, tuple[int, str]]()
        self._word = 0

    async def keep(self) -> None:
        """Carry until cancelled."""
        while True:
            try:
                await asyncio.to_thread(self.carry)
            except Exception:  # the server may be away for a while; the next round goes on
                log.exception("carrying between the home and its workers")
            await asyncio.sleep(_LOOK_SECONDS)

    def carry(self) -> int:
        """Carry once; gives the number of runs that came to their end."""
        self._words_out()
        away = self._far.away()
        ended = [row["id"] for row in away if self._bring(row)]
        if ended:
            self._far.arrived(ended)
            for run_id in ended:
                self._seen.pop(run_id, None)
        return len(ended)

    def _words_out(self) -> None:
        for signal in self._home.signals(after=self._word):
            run = self._home.find(signal.run_id)
            if run is not None and not run.ended:
                self._far.carry(signal, origin=f"{self._settings.home} {signal.id}")
            self._word = signal.id

    def _bring(self, row: dict[str, Any]) -> bool:
        """Bring home what is new in a run; True when its end is here now."""
        run_id = row["id"]
        known = self._seen.get(run_id)
        if known is None:
            known = (self._home.last_place(run_id), "")
        news = self._far.news(row, known[0])
        state = json.dumps([row[name] for name in _RUN])
        if not news.events and state == known[1]:
            return False
        self._write(news)
        self._seen[run_id] = (news.last, state)
        return any(isinstance(keyed.event, RunEnded) for keyed in news.events) or (
            bool(row["ended_at"]) and not news.events
        )

    def _write(self, news: News) -> None:
        run, home = news.run, self._home
        job, run_id = run["job"], run["id"]
        if home.find(run_id) is None:
            facts = {name: run[name] for name in _QUEUED}
            home.queue(run_id, {**facts, "status": "queued"}, news.events[0])
        self._fetch_files(job, run_id, news)
        last = [keyed for keyed in news.events if isinstance(keyed.event, RunEnded)]
        before = [keyed for keyed in news.events if keyed not in last]
        attempts = [_attempt(row) for row in news.attempts]
        facts = {name: run[name] for name in _RUN}
        if last:
            home.record(run_id, before, attempts=attempts)
            self._write_folder(job, run_id, facts, last)
        home.record(run_id, last or before, attempts=() if last else attempts, run=facts)
        if last:
            clear_parts(self._settings.run_dir(job, run_id))
        self._copy_pauses(run_id, run["status"])

    def _write_folder(
        self, job: str, run_id: str, facts: dict[str, Any], last: Iterable[Keyed]
    ) -> None:
        home = self._home
        row = home.get(run_id)
        events = [s.event for s in home.events(run_id)] + [keyed.event for keyed in last]
        told = receipt(row, account_of(events), home.children(run_id))
        spec = job_of(row.request["yaml"])
        write_folder(self._settings.run_dir(job, run_id), told, events, spec)

    def _copy_pauses(self, run_id: str, status: str) -> None:
        here = {pause.path for pause in self._home.held(run_id)}
        if not here and status != "waiting":
            return
        there = {pause.path: pause.state for pause in self._far.held(run_id)}
        for path in here - there.keys():
            self._home.let_go(run_id, path)
        for path, state in there.items():
            self._home.hold(run_id, path, state)

    def _fetch_files(self, job: str, run_id: str, news: News) -> None:
        folder = self._settings.run_dir(job, run_id)
        for keyed in news.events:
            if isinstance(keyed.event, ArtifactSaved):
                self._fetch(folder, f"{job}/{run_id}", f"artifacts/{keyed.event.name}")
        texts = [json.dumps(vars(keyed.event)) for keyed in news.events]
        texts += [f"{row['arguments']} {row['output']}" for row in news.attempts]
        for digest in {found for text in texts for found in _LARGE.findall(text)}:
            if not (folder / "values" / f"{digest}.json").exists():
                self._fetch(folder, f"{job}/{run_id}", f"values/{digest}.json")

    def _fetch(self, folder: Path, place: str, name: str) -> None:
        try:
            if not self._files.fetch(f"{place}/{name}", folder / name):
                log.warning("%s/%s is not at the artifact location", place, name)
        except (OSError, AssistantError):
            log.exception("%s/%s could not be brought home", place, name)


def _attempt(row: dict[str, Any]) -> dict[str, Any]:
    """An attempt's columns as `record` takes them."""
    made = {name: row[name] for name in _ATTEMPT}
    made["output"] = json.loads(row["output"]) if row["output"] else None
    return made
