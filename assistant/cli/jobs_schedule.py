"""`assistant jobs`: schedule, pause, resume, enable, disable, backfill, ticks, calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.jobs import Job
from assistant.cli.output import Json, envelope, facts, line, note, put_json, table
from assistant.cli.session import with_engine, workplace
from assistant.errors import BindingsInvalid, TargetUnresolved

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from assistant.pipeline.spec import Schedule
    from assistant.schedule.backfill import Backfill
    from assistant.schedule.calendar import Day
    from assistant.store.jobs import JobRecord
    from assistant.workplace import Workplace

SHOWN = 5


def register(app: typer.Typer) -> None:
    """Add the commands to `assistant jobs`."""
    for command in (park, schedule, pause, resume, enable, disable, backfill, ticks, calendar):
        app.command(command.__name__)(command)


def schedule(
    job: Job,
    when: Annotated[
        str, typer.Argument(help="A new schedule: 'every weekday at 7', or five cron fields.")
    ] = "",
    timezone: Annotated[str, typer.Option(help="IANA zone of the new schedule.")] = "",
    catch_up: Annotated[str, typer.Option(help="none, latest or all.")] = "",
    overlap: Annotated[str, typer.Option(help="skip, queue or cancel.")] = "",
    as_json: Json = False,
) -> None:
    """Show a job's schedule in words with its next fires, or give it another one."""
    with workplace() as place:
        record = place.jobs.get(job)
        if when or timezone or catch_up or overlap:
            place.lifecycle.reschedule(
                record.id, when, here=_here(place), timezone=timezone, catch_up=catch_up,
                overlap=overlap,
            )  # fmt: skip
            record = place.jobs.get(record.id)
        kept = _kept(place, record)
        told = _told(place, record, kept)
    if as_json:
        put_json(envelope(told, job_id=record.id, job_version=record.version))
        return
    facts({key.replace("_", " "): told[key] for key in
           ("words", "cron", "timezone", "catch_up", "overlap", "state")})  # fmt: skip
    for fire in told["next_fires"]:
        line(f"  {fire['words']}")
    if told["clock_change"]:
        line(f"Clocks: {told['clock_change']['words']}")


def park(job: Job, as_json: Json = False) -> None:
    """Put a job aside: its schedule goes off; its versions, runs and words stay."""
    _switch(lambda place: place.lifecycle.park(job), "put aside", as_json=as_json)


def pause(job: Job, as_json: Json = False) -> None:
    """Hold a job's schedule and triggers: its ticks are accounted for as paused."""
    _switch(lambda place: place.lifecycle.pause(job), "paused", as_json=as_json)


def resume(job: Job, as_json: Json = False) -> None:
    """Go on with a paused schedule, from the next tick."""
    _switch(lambda place: place.lifecycle.resume(job), "resumed", as_json=as_json)


def enable(job: Job, as_json: Json = False) -> None:
    """Switch a job's schedule and triggers on."""
    _switch(lambda place: place.lifecycle.enable(job), "switched on", as_json=as_json)


def disable(job: Job, as_json: Json = False) -> None:
    """Switch a job's schedule and triggers off."""
    _switch(lambda place: place.lifecycle.disable(job), "switched off", as_json=as_json)


def backfill(
    job: Job,
    start: Annotated[str, typer.Option("--from", help="The first moment: 2026-03-01 or 2026-03-01T07:00.")],
    end: Annotated[str, typer.Option("--to", help="The last moment; a date means its whole day. Now, without it.")] = "",
    dry: Annotated[bool, typer.Option("--dry-run", help="Only say which instants would run.")] = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Run a schedule over a range of the past: every instant that has not run yet."""
    from assistant.schedule import backfill as filling

    with workplace() as place:
        record = place.jobs.get(job)
        kept = _kept(place, record)
        if kept is None:
            raise TargetUnresolved(
                f"{record.name!r} has no schedule",
                hint=f"Give it one: assistant jobs schedule {record.name} 'every weekday at 7'",
            )
        from assistant.schedule.cron import zone

        local, now = zone(kept.timezone), place.clock.now()
        wanted = filling.look_back(
            place.ledger, record, kept.cron, kept.timezone,
            start=filling.moment_of(start, local), end=filling.moment_of(end, local, last=True) if end else now, now=now,
        )  # fmt: skip
        planned = 0 if dry else filling.plan(place.ledger, record, wanted)
        hosted = place.is_hosted()
    if planned and not hosted:
        with_engine(lambda open_place: _make(open_place, record))
    payload = {
        "instants": list(wanted.instants), "planned": planned,
        "kept": [vars(tick) for tick in wanted.kept], "dry": dry,
    }  # fmt: skip
    if as_json:
        put_json(envelope(payload, job_id=record.id, job_version=record.version))
    else:
        _tell_backfill(record, wanted, local, dry=dry, hosted=hosted)


def ticks(
    job: Annotated[str, typer.Argument(help="A job's name or id; all jobs without it.")] = "",
    outcome: Annotated[
        str, typer.Option(help="planned, ran, skipped, coalesced, missed or paused.")
    ] = "",
    since: Annotated[str, typer.Option(help="From this moment on (UTC without an offset).")] = "",
    until: Annotated[str, typer.Option(help="Up to this moment.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 50,
    as_json: Json = False,
) -> None:
    """Show the tick ledger: every planned instant and what became of it."""
    from assistant.schedule import backfill as filling
    from assistant.store.ticks import OUTCOMES

    if outcome and outcome not in OUTCOMES:
        raise BindingsInvalid(
            f"a tick does not end as {outcome!r}", hint=f"One of: {', '.join(OUTCOMES)}."
        )
    with workplace() as place:
        job_id = place.jobs.get(job).id if job else ""
        first = filling.moment_of(since, UTC) if since else None
        found = place.ledger.ticks(
            job_id, outcome=outcome, since=first, limit=limit,
            until=filling.moment_of(until, UTC, last=True) if until else None,
        )  # fmt: skip
        counts = place.ledger.counts(job_id, since=first)
        names = {record.id: record.name for record in place.jobs.list()}
    rows = [vars(tick) | {"job": names.get(tick.job, tick.job)} for tick in found]
    if as_json:
        put_json(envelope({"ticks": rows, "counts": counts}, job_id=job_id or None))
        return
    table(
        ("job", "due", "outcome", "run", "reason"),
        [(r["job"], r["due"], r["outcome"], r["run_id"], r["reason"]) for r in rows],
        empty="No tick has come due yet.",
    )


def calendar(
    days: Annotated[int, typer.Option(min=1, max=31, help="How many days, today first.")] = 7,
    timezone: Annotated[str, typer.Option(help="IANA zone; yours without it.")] = "",
    as_json: Json = False,
) -> None:
    """Show what is coming: the fires of all jobs, day by day."""
    from assistant.schedule.calendar import coming

    with workplace() as place:
        here = timezone or _here(place)
        found = coming(place.ledger, place.jobs, place.clock.now(), timezone=here, days=days)
    if as_json:
        put_json(envelope({"timezone": here, "days": [_day(day) for day in found]}))
        return
    line(f"Times of {here}")
    for day in found:
        if day.entries:
            line(f"\n{day.date:%A} {day.date.day} {day.date:%B %Y}")
        for entry in day.entries:
            times = ", ".join(f"{moment:%H:%M}" for moment in entry.times)
            more = f" … ({entry.words})" if entry.more else ""
            line(f"  {times}{more}  {entry.job}{' (paused)' if entry.paused else ''}")


def _day(day: Day) -> dict[str, Any]:
    return {"date": day.date, "entries": [vars(entry) for entry in day.entries]}


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


def _here(place: Workplace) -> str:
    from assistant.schedule.cron import zone_here

    return zone_here(place.settings.timezone)


def _kept(place: Workplace, record: JobRecord) -> Schedule | None:
    """The schedule of the version in force, switched on or not."""
    return place.lifecycle.in_force(record).schedule if record.version else None


def _told(place: Workplace, record: JobRecord, kept: Schedule | None) -> dict[str, Any]:
    """What there is to say of a schedule, for a person and for a program."""
    if kept is None:
        raise TargetUnresolved(
            f"{record.name!r} has no schedule",
            hint=f"Give it one: assistant jobs schedule {record.name} 'every weekday at 7'",
        )
    from assistant.schedule.cron import next_clock_change, next_fires
    from assistant.schedule.wording import change_in_words, fire_in_words, in_words

    now = place.clock.now()
    change = next_clock_change(kept.timezone, now)
    on = place.ledger.schedule(record.id) is not None
    return {
        "words": in_words(kept.cron), "cron": kept.cron, "timezone": kept.timezone,
        "catch_up": kept.catch_up, "overlap": kept.overlap,
        "state": "off" if not on else "paused" if record.paused else "on",
        "next_fires": [
            {"at": fire.at, "local": fire.local, "words": fire_in_words(fire),
             "clock_change": fire.clock_change}
            for fire in next_fires(kept.cron, kept.timezone, now, SHOWN)
        ],
        "clock_change": change and {
            "at": change.at, "minutes": change.minutes, "words": change_in_words(change),
        },
    }  # fmt: skip


async def _make(place: Workplace, record: JobRecord) -> None:
    """Make the runs of a backfill in this process, one after the other: nothing else is there."""
    import asyncio

    ticker = await place.ticker()
    while await ticker.make_backfill(record):
        await asyncio.sleep(0.1)
    engine = await place.engine()
    for run in place.runs.active(record.name):
        await engine.wait(run.id, until_waiting=True)


def _tell_backfill(
    record: JobRecord, wanted: Backfill, local: ZoneInfo, *, dry: bool, hosted: bool
) -> None:
    from assistant.schedule.wording import moment

    ran = sum(tick.outcome == "ran" for tick in wanted.kept)
    if dry:
        for instant in wanted.instants:
            line(moment(instant.astimezone(local)))
    count = f"{len(wanted.instants)} instant{'s' if len(wanted.instants) != 1 else ''}"
    does = "would run" if dry else "are planned" if hosted else "have run"
    line(f"{count} {does}; {ran} had run before." if wanted.instants or ran else "Nothing to run.")
    if hosted and wanted.instants and not dry:
        note("The panel or worker that is running makes them one after the other.")
    if not dry and wanted.instants:
        line(f"See: assistant jobs ticks {record.name}")
