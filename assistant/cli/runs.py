"""`assistant runs`: list, show, events, artifacts, replay, approve, reject, keep, clean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.output import Json, envelope, facts, job_word, line, put_json, table
from assistant.cli.session import with_engine, workplace

if TYPE_CHECKING:
    from assistant.job.cleaning import JobCleaning
    from assistant.pipeline.spec import Retention
    from assistant.store.compaction import Compacted
    from assistant.store.runs import RunRow
    from assistant.workplace import Workplace

app = typer.Typer(help="See, replay and answer runs.", no_args_is_help=True)
Run = Annotated[str, typer.Argument(metavar="RUN", help="The id of a run, or a job: its last run.")]


@app.command("list")
def list_(
    job: Annotated[str, typer.Option(help="Only runs of this job.")] = "",
    status: Annotated[str, typer.Option(help="Only runs of this status.")] = "",
    limit: int = 30,
    as_json: Json = False,
) -> None:
    """List runs, the newest first."""
    with workplace() as place:
        # What was asked once in a conversation belongs to its job, too.
        ident = place.jobs.get(job).id if job else ""
        found = place.runs.list(job_id=ident, status=status, limit=limit)
    if as_json:
        put_json(envelope({"runs": [_row(run) for run in found]}))
        return
    table(
        ("run", "job", "status", "trigger", "queued", "ended"),
        [(r.id, job_word(r.job), f"{r.status}{' (dry)' if r.dry else ''}", r.trigger.get("kind", ""),
          r.queued_at, r.ended_at) for r in found],
        empty="Nothing has run yet.", less=("ended", "trigger"),
    )  # fmt: skip


@app.command()
def show(run: Run, as_json: Json = False) -> None:
    """Show a run: its receipt when it has ended, else how it stands."""
    with workplace() as place:
        row = _run(place, run)
        attempts = place.runs.attempts(row.id)
        folder = place.settings.run_dir(row.job, row.id)
        receipt = _receipt(place, row)
    if as_json:
        standing = envelope(
            status=row.status, run_id=row.id, job_id=row.job_id or None, job_version=row.version,
            trigger=row.trigger, started_at=row.started_at, inputs=row.inputs, error=row.error,
        )  # fmt: skip
        put_json(receipt or standing)
        return
    facts({
        "run": row.id, "job": f"{row.job} (version {row.version})" if row.version else job_word(row.job),
        "status": f"{row.status}{' (dry run)' if row.dry else ''}", "reason": row.reason,
        "trigger": _trigger(row.trigger), "inputs": row.inputs, "started": row.started_at, "ended": row.ended_at,
        "error": f"{row.error['message']} ({row.error['code']})" if row.error else "",
        "hint": (row.error or {}).get("hint"), "tokens": row.tokens or "", "folder": folder,
    })  # fmt: skip
    line()
    table(
        ("step", "skill", "status", "try", "seconds", "error"),
        [(a.path, a.skill, a.status, a.attempt, f"{a.seconds:.2f}" if a.seconds is not None else "",
          (a.error or {}).get("message", "")) for a in attempts],
    )  # fmt: skip


def _trigger(told: Mapping[str, Any]) -> str:
    """What began a run: `schedule (due 2026-11-30T07:00:00.000Z)`."""
    more = ", ".join(f"{name} {value}" for name, value in told.items() if name != "kind")
    return f"{told.get('kind', '')} ({more})" if more else str(told.get("kind", ""))


@app.command()
def events(
    run: Run,
    after: Annotated[int, typer.Option(help="Only events after this number.")] = 0,
    as_json: Json = False,
) -> None:
    """Print every event of a run, in order."""
    from assistant.cli.follow import line_of
    from assistant.events import as_row

    with workplace() as place:
        found = place.runs.events(_run(place, run).id, after)
    if as_json:
        put_json(envelope({"events": [{"seq": s.seq, **as_row(s.event)} for s in found]}))
        return
    for stored in found:
        path = getattr(stored.event, "path", "")  # some kinds belong to a step
        told = line_of(stored.event) or f"{type(stored.event).__name__} {path}".rstrip()
        line(f"{stored.seq:>4}  {stored.event.at}  {told}")


@app.command()
def artifacts(run: Run, as_json: Json = False) -> None:
    """List the files that a run made, with their paths."""
    with workplace() as place:
        row = _run(place, run)
        folder = place.settings.run_dir(row.job, row.id) / "artifacts"
        found = place.runs.artifacts(row.id)
    rows = [
        {"name": a.name, "media_type": a.media_type, "size": a.size, "sha256": a.sha256,
         "path": str(folder / a.name)}
        for a in found
    ]  # fmt: skip
    if as_json:
        put_json(envelope({"artifacts": rows}, run_id=row.id))
        return
    table(
        ("file", "type", "bytes", "path"),
        [(r["name"], r["media_type"], r["size"], r["path"]) for r in rows],
        empty="The run has made no files.",
    )


@app.command()
def compare(
    first: Run,
    second: Annotated[str, typer.Argument(metavar="OTHER", help="Another run, or a job.")],
    as_json: Json = False,
) -> None:
    """Show what is different between two runs."""
    from dataclasses import asdict

    from assistant.job.comparing import compare as compared

    with workplace() as place:
        told = compared(place.runs, _run(place, first).id, _run(place, second).id)
    if as_json:
        put_json(envelope({
            "first": told.first.id, "second": told.second.id,
            "facts": [{"name": n, "first": a, "second": b} for n, a, b in told.facts],
            "steps": [asdict(pair) | {"differs": pair.differs} for pair in told.steps],
        }))  # fmt: skip
        return
    table(("", told.first.id, told.second.id),
          [(name, str(a)[:60], str(b)[:60]) for name, a, b in told.facts if a != b],
          empty="They were asked the same and gave the same.")  # fmt: skip
    table(("step", "first", "second", "input", "output"),
          [(s.path, s.first_status or "–", s.second_status or "–", "same" if s.same_arguments else "other",
            "same" if s.same_output else "other") for s in told.steps])  # fmt: skip


@app.command()
def replay(
    run: Run,
    from_path: Annotated[
        str,
        typer.Option(
            "--from", metavar="PATH", help="The step to begin at; the failed one if left out."
        ),
    ] = "",
    newest: Annotated[
        bool, typer.Option("--newest", help="With the version in force now, not the run's own.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run again what a run asked for, keeping what succeeded before the step that failed.

    A dry run is replayed as a dry run.
    """

    async def work(place: Workplace) -> int:
        from assistant.cli.jobs_runs import follow_run
        from assistant.job.running import replay_request

        row = place.runs.get(_run(place, run).id)
        request = replay_request(place.jobs, row, from_path=from_path, newest=newest)
        made = await (await place.engine()).submit(request)
        return await follow_run(place, made, as_json=as_json)

    raise typer.Exit(with_engine(work))


@app.command()
def approve(
    run: Run,
    path: Annotated[str, typer.Option(help="Only the question of this step.")] = "",
    as_json: Json = False,
) -> None:
    """Say yes to what a run waits with."""
    _decide(run, path, approved=True, as_json=as_json)


@app.command()
def reject(
    run: Run,
    path: Annotated[str, typer.Option(help="Only the question of this step.")] = "",
    as_json: Json = False,
) -> None:
    """Say no to what a run waits with."""
    _decide(run, path, approved=False, as_json=as_json)


@app.command()
def keep(
    run: Run,
    release: Annotated[bool, typer.Option(help="Let its job's retention have it again.")] = False,
    as_json: Json = False,
) -> None:
    """Keep a run, whatever the retention of its job says."""
    from assistant.store.keeping import KeepingRepository

    with workplace() as place:
        row = _run(place, run)
        keeping = KeepingRepository(place.store)
        if release:
            keeping.let_go(row.id, "by hand")
        else:
            keeping.keep(row.id, "by hand")
    if as_json:
        put_json(envelope({"kept": not release}, run_id=row.id))
    else:
        line(f"{row.id} is {'kept no longer than others' if release else 'kept'}.")


@app.command()
def clean(
    job: Annotated[str, typer.Option(help="Only runs of this job.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    compact: Annotated[
        bool, typer.Option("--compact", help="Rewrite the databases too, as small as they can be.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Delete runs that no job needs to keep, with their files, and give the room back."""

    async def work(place: Workplace) -> None:
        engine = await place.engine()
        name = place.jobs.get(job).name if job else ""
        gone = await place.cleaning.clean(engine, name)
        freed = await place.cleaning.compact(engine, whole=compact)
        _tell_cleaning(gone, freed, done=True, as_json=as_json)

    if not dry_run:
        with_engine(work)
        return
    with workplace() as place:
        name = place.jobs.get(job).name if job else ""
        _tell_cleaning(place.cleaning.preview(name), [], done=False, as_json=as_json)


def _tell_cleaning(
    found: list[JobCleaning], freed: list[Compacted], *, done: bool, as_json: bool
) -> None:
    if as_json:
        jobs = [
            {"job": one.job, "retention": vars(one.retention), "bytes": one.bytes,
             "going": [vars(run) for run in one.going], "needed": [vars(r) for r in one.needed]}
            for one in found
        ]  # fmt: skip
        files = [vars(file) for file in freed]
        put_json(envelope({"done": done, "jobs": jobs, "databases": files}))
        return
    table(
        ("job", "keeps", "deleted" if done else "would go", "bytes", "still needed"),
        [(one.job, _kept(one.retention), len(one.going), one.bytes,
          ", ".join(f"{run.run_id} ({run.needed})" for run in one.needed)) for one in found],
        empty="Nothing has outlived what its job keeps.",
    )  # fmt: skip
    for file in freed:
        line(f"{file.name}: {file.before:,} bytes before, {file.after:,} after")


def _kept(retention: Retention) -> str:
    runs = f"{retention.runs} runs" if retention.runs is not None else ""
    days = f"{retention.days} days" if retention.days is not None else ""
    return ", ".join(part for part in (runs, days) if part) or "all"


def _decide(run: str, path: str, *, approved: bool, as_json: bool) -> None:
    from assistant.job.waiting import decide

    with workplace() as place:
        row = _run(place, run)
        decided = decide(place.runs, row.id, approved=approved, by="cli", path=path)
        hosted = place.is_hosted()
    if not hosted:
        from assistant.cli.jobs_runs import go_on

        raise typer.Exit(go_on(decided, as_json=as_json))
    if as_json:
        put_json(envelope({"decided": [where for _, where in decided]}, run_id=row.id))
        return
    for _, where in decided:
        line(f"{'Approved' if approved else 'Rejected'}: {where}")


def _run(place: Workplace, target: str) -> RunRow:
    from assistant.cli.jobs_runs import run_of

    return (
        place.runs.get(run_of(place, target))
        if place.runs.find(target) is None and place.jobs.find(target)
        else place.runs.get(target)
    )


def _receipt(place: Workplace, row: RunRow) -> dict[str, Any] | None:
    path = place.settings.run_dir(row.job, row.id) / "run_receipt.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _row(run: RunRow) -> dict[str, Any]:
    return {key: value for key, value in vars(run).items() if key != "request"}
