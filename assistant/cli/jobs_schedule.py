"""`assistant jobs`: pause, resume, enable, disable, ticks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.jobs import Job
from assistant.cli.output import Json, envelope, line, put_json, table
from assistant.cli.session import workplace

if TYPE_CHECKING:
    from assistant.store.jobs import JobRecord
    from assistant.workplace import Workplace


def register(app: typer.Typer) -> None:
    """Add the commands to `assistant jobs`."""
    for command in (pause, resume, enable, disable, ticks):
        app.command(command.__name__)(command)


def pause(job: Job, as_json: Json = False) -> None:
    """Hold a job's schedule: its ticks are accounted for as paused."""
    _switch(lambda place: place.lifecycle.pause(job), "paused", as_json=as_json)


def resume(job: Job, as_json: Json = False) -> None:
    """Go on with a paused schedule, from the next tick."""
    _switch(lambda place: place.lifecycle.resume(job), "resumed", as_json=as_json)


def enable(job: Job, as_json: Json = False) -> None:
    """Switch a job's schedule on."""
    _switch(lambda place: place.lifecycle.enable(job), "switched on", as_json=as_json)


def disable(job: Job, as_json: Json = False) -> None:
    """Switch a job's schedule off."""
    _switch(lambda place: place.lifecycle.disable(job), "switched off", as_json=as_json)


def ticks(
    job: Annotated[str, typer.Argument(help="A job's name or id; all jobs without it.")] = "",
    limit: int = 50,
    as_json: Json = False,
) -> None:
    """Show the tick ledger: every planned instant and what became of it."""
    with workplace() as place:
        job_id = place.jobs.get(job).id if job else ""
        found = place.ledger.ticks(job_id, limit=limit)
        names = {record.id: record.name for record in place.jobs.list()}
    rows = [vars(tick) | {"job": names.get(tick.job, tick.job)} for tick in found]
    if as_json:
        put_json(envelope({"ticks": rows}, job_id=job_id or None))
        return
    table(
        ("job", "due", "outcome", "run", "reason"),
        [(r["job"], r["due"], r["outcome"], r["run_id"], r["reason"]) for r in rows],
        empty="No tick has come due yet.",
    )


def _switch(change: Callable[[Workplace], JobRecord], word: str, *, as_json: bool) -> None:
    with workplace() as place:
        record = change(place)
        upcoming = place.upcoming(record.id, count=3)
    if as_json:
        payload = vars(record) | {"next_fires": [fire.at for fire in upcoming]}
        put_json(envelope(payload, job_id=record.id, job_version=record.version))
        return
    line(f"{record.name} is {word}.")
    if upcoming and not record.paused:
        from assistant.schedule.wording import moment

        line(f"Next: {', '.join(moment(fire.local) for fire in upcoming)}")
