"""Work that does not go on: runs that are stuck, workers that are dead, questions nobody answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from assistant.clock import parse_rfc3339
from assistant.doctor.findings import Finding
from assistant.doctor.machines import is_shared, lives
from assistant.store import locks
from assistant.store.runs import RunRow
from assistant.workplace import Workplace

_SILENT = timedelta(hours=1)
_TAKEN_UP = timedelta(minutes=1)
_LONG_WAIT = timedelta(days=1)
_LATE = timedelta(minutes=10)


def check_runs(place: Workplace) -> Iterator[Finding]:
    """Runs under way: is there somebody who runs them, and do they do anything?"""
    going = [
        *place.runs.list(status="running", limit=-1),
        *place.runs.list(status="queued", limit=-1),
    ]
    waiting = place.runs.list(status="waiting", limit=-1)
    found = [finding for run in going for finding in _going(place, run)]
    found += [finding for run in waiting for finding in _waiting(place, run)]
    yield from found
    if not found:
        told = f"{len(going)} runs are under way, {len(waiting)} wait for a person."
        yield Finding("runs", "fine", told)


def _going(place: Workplace, run: RunRow) -> Iterator[Finding]:
    now = place.clock.now()
    silent = now - parse_rfc3339(place.runs.last_moment(run.id) or run.queued_at)
    if not _is_alive(place, run.worker) and silent > _TAKEN_UP:
        cure = (
            "It is taken up within seconds; if it is not, restart the panel or worker."
            if place.is_hosted()
            else "Start the panel or a worker: it goes on from the step it was at."
        )
        by = f"its worker {run.worker} is dead" if run.worker else "nobody has begun it"
        yield Finding(
            "runs", "problem", f"Run {run.id} is {run.status}, and {by}.", cure, "assistant worker"
        )
    elif silent > _SILENT:
        yield Finding(
            "runs", "warning", f"Run {run.id} has done nothing for {_hours(silent)}.",
            "Look at the step it is at; cancel it if that step cannot end.",
            f"assistant jobs cancel {run.id}",
        )  # fmt: skip


def _waiting(place: Workplace, run: RunRow) -> Iterator[Finding]:
    since = place.clock.now() - parse_rfc3339(place.runs.last_moment(run.id) or run.queued_at)
    if since < _LONG_WAIT:
        return
    held = place.runs.held(run.id)
    yield Finding(
        "runs", "warning",
        f"Run {run.id} has waited for {'the debugger' if held else 'your word'} for {_hours(since)}.",
        "Let it go on, or end it.",
        f"assistant jobs debug {run.id}" if held else f"assistant runs approve {run.id}",
    )  # fmt: skip


def check_workers(place: Workplace) -> Iterator[Finding]:
    """Somebody must keep the schedules that are on, and send the alerts."""
    on = [job for job in place.jobs.list() if job.enabled and not job.paused]
    if place.is_hosted():
        yield Finding("workers", "fine", "A panel or worker keeps the schedules of this home.")
    elif on:
        yield Finding(
            "workers", "problem",
            f"{'1 job is' if len(on) == 1 else f'{len(on)} jobs are'} switched on"
            f" ({', '.join(job.name for job in on[:5])}), and nothing keeps schedules here.",
            "Keep a panel or a worker running: `assistant service install` lets this machine see to it.",
            "assistant worker",
        )  # fmt: skip
    else:
        yield Finding("workers", "fine", "No job is switched on, and no worker is needed.")


def check_folders(place: Workplace) -> Iterator[Finding]:
    """Folders of runs that the store does not know: left by a store that was set aside."""
    known = {row["id"] for row in place.store.rows("select id from runs")}
    lost = [
        folder
        for job in place.settings.runs_dir.iterdir()
        if job.is_dir()
        for folder in job.iterdir()
        if folder.is_dir() and folder.name not in known
    ]
    if lost:
        yield Finding(
            "folders", "warning",
            f"{len(lost)} folders under {place.settings.runs_dir} are of runs that the store does"
            f" not know, such as {lost[0].relative_to(place.settings.runs_dir)}.",
            "Their receipts and files can still be read; delete them when they are not needed.",
        )  # fmt: skip
    else:
        yield Finding("folders", "fine", f"{len(known)} runs are kept, each with its folder.")


def check_channels(place: Workplace) -> Iterator[Finding]:
    """Channels that fail, messages that wait, and alerts that nobody would get."""
    states = place.alerts.channels()
    bad = [state for state in states if state.state in ("fails", "wrong")]
    for state in bad:
        yield Finding(
            "channels", "problem",
            f"The channel {state.name!r} {'fails' if state.state == 'fails' else 'cannot be used'}:"
            f" {state.error} {state.waiting} messages wait for it.",
            "Mend its address, then try it; what waits is sent at once.",
            f"assistant alerts channels test {state.name}",
        )  # fmt: skip
    late = place.alerts.alerts.late(place.clock.now() - _LATE)
    if late and not place.is_hosted():
        yield Finding(
            "channels", "warning", f"{late} messages are due, and nothing sends them.",
            "Keep a panel or a worker running, or send them now.", "assistant alerts send",
        )  # fmt: skip
    if not bad and not late:
        told = ", ".join(f"{s.name} ({s.state})" for s in states)
        yield Finding("channels", "fine", f"Channels: {told or 'none'}.")


def _is_alive(place: Workplace, worker: str) -> bool:
    if is_shared(place.settings):
        return True  # the check of the machines tells of the dead, with all that they held
    if place.settings.database_url:
        return bool(worker) and lives(place.settings, worker)
    path = place.settings.locks_dir / "workers" / f"{worker}.lock"
    return bool(worker) and locks.holder(path) is not None


def _hours(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} hours"
