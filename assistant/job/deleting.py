"""Deleting a job: what would be lost, told before, and the deletion."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.engine.retention import folder_bytes
from assistant.errors import BindingsInvalid, PolicyDenied
from assistant.job.lifecycle import Lifecycle
from assistant.schedule.hooks import forget_tokens
from assistant.secrets import Secrets
from assistant.settings import Settings
from assistant.store.farewell import Farewell
from assistant.store.files import size_told
from assistant.store.jobs import JobRecord
from assistant.store.keeping import Outlived

if TYPE_CHECKING:
    from assistant.engine.engine import Engine


@dataclass(frozen=True)
class Loss:
    """What a job's deletion takes, and what it leaves. `bytes` are those of the folders of `going`.

    `kept` are runs that somebody still needs, each with who; `waiting` are the jobs that would wait
    for this one no longer.
    """

    job: JobRecord
    versions: int
    words: int
    """Prompts, questions, answers and decisions: all that was said in it."""
    going: tuple[Outlived, ...]
    kept: tuple[Outlived, ...]
    bytes: int
    waiting: tuple[str, ...]

    def told(self) -> list[str]:
        """The same in sentences, for the person who decides."""
        versions = f"its {_count(self.versions, 'version')}, " if self.versions else ""
        said, runs = _count(self.words, "entry", "entries"), _count(len(self.going), "run")
        lines = [
            f"{self.job.name} goes with {versions}its conversation of {said}, its schedule and ledger,"
            f" its alerts and repairs, and {runs} with {'its' if len(self.going) == 1 else 'their'} files ({size_told(self.bytes)})."
        ]
        if self.kept:
            lines.append(f"Stay: {', '.join(f'{run.run_id} ({run.needed})' for run in self.kept[:5])}{' …' if len(self.kept) > 5 else ''}.")  # fmt: skip
        if self.waiting:
            lines.append(f"No longer wait for it: {', '.join(self.waiting)}.")
        copy = f" `assistant jobs export {self.job.name}` keeps a copy of it." if self.versions else ""  # fmt: skip
        return [*lines, f"This cannot be taken back.{copy}"]


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


class Deleting:
    """Says what deleting a job would take, and deletes it."""

    def __init__(self, settings: Settings, lifecycle: Lifecycle, secrets: Secrets) -> None:
        self._settings = settings
        self._lifecycle = lifecycle
        self._jobs = lifecycle.jobs
        self._secrets = secrets
        self._rows = Farewell(self._jobs.store)

    def preview(self, ident: str) -> Loss:
        """What would go with the job; nothing is deleted. Raises JobNotFound."""
        record = self._jobs.get(ident)
        ended = list(self._rows.runs(record.id))
        going = tuple(one for one in ended if not one.needed)
        return Loss(
            job=record,
            versions=len(self._jobs.versions(record.id)),
            words=self._rows.words(record.id),
            going=going,
            kept=tuple(one for one in ended if one.needed),
            bytes=sum(folder_bytes(self._settings, one.job, one.run_id) for one in going),
            waiting=tuple(self._rows.waiting(record.id)),
        )

    def check(self, ident: str) -> None:
        """Raises BindingsInvalid when another job calls this one or starts at its end, PolicyDenied
        while a run of it goes on."""
        record = self._jobs.get(ident)
        if callers := self._lifecycle.callers(record.name):
            raise BindingsInvalid(
                f"{record.name!r} is called by {', '.join(callers)}",
                hint="Change their call_job or trigger first, or delete them before it.",
            )
        self._check_runs(record, self._rows.unfinished(record.id))

    async def delete(self, engine: Engine, ident: str) -> Loss:
        """Delete a job with its runs, by the rule of retention: one that somebody needs stays.

        The runs go first and the job last: what is cut off in between is a job that can be deleted
        again. Raises what `check` raises.
        """
        loss = await asyncio.to_thread(self._begin, ident)
        await engine.delete_runs(loss.going)
        await asyncio.to_thread(self._end, loss.job)
        return loss

    def _begin(self, ident: str) -> Loss:
        self.check(ident)
        # From here on nothing starts a run of it any more.
        self._lifecycle.disable(ident)
        return self.preview(ident)

    def _end(self, record: JobRecord) -> None:
        if going_on := self._rows.delete(record.id, record.name):
            self._check_runs(record, going_on)
        forget_tokens(self._secrets, record.id)
        shutil.rmtree(self._settings.job_dir(record.name), ignore_errors=True)
        folder = self._settings.runs_dir / record.name
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()

    def _check_runs(self, record: JobRecord, unfinished: Sequence[str]) -> None:
        if unfinished:
            raise PolicyDenied(
                f"{record.name!r} cannot be deleted while it runs: {', '.join(unfinished[:5])}",
                hint=f"End it first: assistant jobs cancel {record.name}",
            )
