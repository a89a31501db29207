"""`assistant jobs`: run, tail, history, cancel."""

from __future__ import annotations

import asyncio
import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.jobs import Job
from assistant.cli.output import WAITS, Json, envelope, facts, line, note, put_json, table
from assistant.cli.session import with_engine, workplace
from assistant.errors import BindingsInvalid, TargetUnresolved

if TYPE_CHECKING:
    from assistant.store.runs import RunRow
    from assistant.workplace import Workplace

CANCEL_SECONDS = 5.0


class Reads(StrEnum):
    """What a dry run does with steps that read."""

    run = "run"
    recorded = "recorded"


def register(app: typer.Typer) -> None:
    """Add the commands to `assistant jobs`."""
    for command in (run, tail, history, cancel):
        app.command(command.__name__)(command)


def run(
    job: Job,
    inputs: Annotated[
        list[str] | None, typer.Option("--input", "-i", metavar="NAME=VALUE", help="One input.")
    ] = None,
    dry: Annotated[bool, typer.Option("--dry-run", help="Change nothing; preview writes.")] = False,
    from_path: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="PATH",
            help="Repeat the last run, with its inputs, from this step on.",
        ),
    ] = "",
    version: Annotated[int, typer.Option(help="Another version than the one in force.")] = 0,
    reads: Annotated[
        Reads | None,
        typer.Option(help="With --dry-run: do reading steps run, or give what the last run got?"),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also while a run with the same inputs goes on.")
    ] = False,
    priority: Annotated[
        int | None, typer.Option(help="Higher goes first when runs queue; 10 without it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Run a job now and follow it. Exits 1 when it fails, 3 when it waits for a person."""

    async def work(place: Workplace) -> int:
        from assistant.job.running import request_for
        from assistant.pipeline.inputs import bind, pairs

        record = place.jobs.get(job)
        if reads and not dry:
            raise BindingsInvalid("--reads belongs to a dry run", hint="Add --dry-run.")
        more: dict[str, Any] = {"dry": dry, "dry_reads": reads or Reads.run, "priority": priority}
        if again:
            more["once"] = False
        given, before = pairs(inputs or []), dict[str, Any]()
        declared = place.lifecycle.in_force(record).inputs
        if from_path:
            last = _last(place, record.name)
            more |= {"from_path": from_path, "seed_run": last.id}
            before = {k: v for k, v in last.inputs.items() if k in declared and k not in given}
        rest = {name: schema for name, schema in declared.items() if name not in before}
        request = request_for(
            place.jobs, record, trigger={"kind": "cli"}, version=version,
            inputs=bind(rest, given, texts=True) | before, **more,
        )  # fmt: skip
        engine = await place.engine()
        return await follow_run(place, await engine.submit(request), as_json=as_json)

    raise typer.Exit(with_engine(work))


def tail(
    target: Annotated[str, typer.Argument(metavar="JOB|RUN", help="A job or the id of a run.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print each event as a line of JSON, when it happens.")
    ] = False,
) -> None:
    """Follow a running job from any process; without one, its last run is shown."""
    from assistant.cli.follow import follow, telling
    from assistant.events import as_row

    with workplace() as place:
        run_id = run_of(place, target)

        async def work() -> None:
            with telling() as told:
                async for stored in follow(place.runs, run_id):
                    if as_json:
                        print(json.dumps({"seq": stored.seq, **as_row(stored.event)}), flush=True)
                    else:
                        told.tell(stored.event)

        asyncio.run(work())
        status = place.runs.get(run_id).status
    raise typer.Exit(exit_code(status))


def history(
    job: Job,
    limit: Annotated[int, typer.Option(help="How many runs.")] = 20,
    as_json: Json = False,
) -> None:
    """List the runs of a job, the newest first."""
    with workplace() as place:
        record = place.jobs.get(job)
        found = place.runs.list(job_id=record.id, limit=limit)
    if as_json:
        rows = [{k: v for k, v in vars(row).items() if k != "request"} for row in found]
        put_json(envelope({"runs": rows}, job_id=record.id))
        return
    table(
        ("run", "status", "version", "trigger", "queued", "ended", "reason"),
        [(r.id, f"{r.status}{' (dry)' if r.dry else ''}", r.version, r.trigger.get("kind", ""),
          r.queued_at, r.ended_at, r.reason or (r.error or {}).get("message", "")) for r in found],
        empty=f"{record.name} has not run yet.", less=("ended", "version", "trigger"),
    )  # fmt: skip


def cancel(
    target: Annotated[str, typer.Argument(metavar="JOB|RUN")], as_json: Json = False
) -> None:
    """Cancel a run, or every run of a job that has not ended; from any process."""
    with workplace() as place:
        named = place.runs.find(target)
        found = [named] if named else place.runs.active(place.jobs.get(target).name)
        going = [row.id for row in found if not row.ended]
        if not going:
            raise TargetUnresolved(f"nothing of {target!r} is running")
        for run_id in going:
            place.runs.signal(run_id, "cancel", by="cli")
    if as_json:
        put_json(envelope({"cancelled": going}))
    for run_id in [] if as_json else going:
        line(f"Cancelling {run_id}.")


async def follow_run(place: Workplace, run_id: str, *, as_json: bool) -> int:
    """Follow a run of this process to its end; gives the exit code. Ctrl-C cancels the run."""
    from assistant.cli.follow import follow, telling

    engine = await place.engine()
    after = 0
    try:
        while True:
            with telling() as told:
                async for stored in follow(place.runs, run_id, after):
                    after = stored.seq
                    if not as_json:
                        told.tell(stored.event)
            if place.runs.get(run_id).status != "waiting" or not await _asked(
                place, run_id, as_json
            ):
                break
    except asyncio.CancelledError:
        await engine.cancel(run_id)
        await engine.wait(run_id, timeout=CANCEL_SECONDS)
        note(f"{run_id} is cancelled.")
        raise
    row = place.runs.get(run_id)
    if row.status == "waiting":
        if as_json:
            put_json(envelope(status="waiting", run_id=run_id, job_id=row.job_id or None))
        else:
            line(f"The run waits for your word: assistant runs approve {run_id}")
        return WAITS
    receipt = await engine.wait(run_id)
    if as_json:
        put_json(receipt)
    else:
        tell_receipt(place, receipt)
    return exit_code(row.status)


def go_on(decided: list[tuple[str, str]], *, as_json: bool) -> int:
    """After a word was given: follow the runs to their end. Nothing else runs them now."""

    async def work(place: Workplace) -> int:
        from assistant.job.waiting import gone_on

        await place.engine()
        codes = list[int]()
        for run_id, path in decided:
            await gone_on(place.runs, run_id, path)
        for run_id in dict.fromkeys(run_id for run_id, _ in decided):
            codes.append(await follow_run(place, run_id, as_json=as_json))
        return max(codes)

    return with_engine(work)


def run_of(place: Workplace, target: str) -> str:
    """The run that is meant: by its id, or the one going on (else the last) of a job."""
    if found := place.runs.find(target):
        return found.id
    record = place.jobs.get(target)
    runs = place.runs.active(record.name)[-1:] or place.runs.list(job=record.name, limit=1)
    if not runs:
        raise TargetUnresolved(
            f"{record.name!r} has not run yet", hint=f"Run it: assistant jobs run {record.name}"
        )
    return runs[0].id


def exit_code(status: str) -> int:
    """0 for a run that succeeded (or still goes on), 3 for one that waits, else 1."""
    if status == "waiting":
        return WAITS
    return 0 if status in ("succeeded", "queued", "running") else 1


def _last(place: Workplace, name: str) -> RunRow:
    last = next((run for run in place.runs.list(job=name) if not run.dry and run.ended), None)
    if last is None:
        raise TargetUnresolved(f"{name!r} has no finished run to go on from")
    return last


async def _asked(place: Workplace, run_id: str, as_json: bool) -> bool:
    """Ask the person at the terminal what the run waits for; False when nobody is there."""
    if as_json or not sys.stdin.isatty():
        return False
    from assistant.job.waiting import decide, gone_on, open_questions

    for question in open_questions(place.runs, run_id):
        facts(question.arguments)
        approved = await asyncio.to_thread(typer.confirm, question.question)
        decide(place.runs, run_id, approved=approved, by="cli", path=question.path)
        await gone_on(place.runs, run_id, question.path)
    return True


def tell_receipt(place: Workplace, receipt: dict[str, Any]) -> None:
    """Where a run's files are, and what went wrong."""
    folder = place.settings.run_dir(place.runs.get(receipt["run_id"]).job, receipt["run_id"])
    line(f"Receipt and files: {folder}")
    if receipt.get("error"):
        hint = receipt["error"].get("hint", "")
        note(
            f"{receipt['error']['message']} ({receipt['error']['code']})"
            + (f"\n{hint}" if hint else "")
        )
