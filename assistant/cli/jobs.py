"""`assistant jobs`: list, show, draft, approve, reject, rename, versions, diff, rollback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.output import Json, envelope, facts, line, note, put_json, table
from assistant.cli.session import with_engine, workplace

if TYPE_CHECKING:
    from assistant.store.jobs import JobRecord, Version
    from assistant.workplace import Workplace

Job = Annotated[str, typer.Argument(metavar="JOB", help="A job's name or id.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `assistant jobs`."""
    for command in (list_, show, draft, approve, reject, rename, versions, diff, rollback):
        app.command(command.__name__.rstrip("_"))(command)


def list_(
    status: Annotated[str, typer.Option(help="pending, active, parked or completed.")] = "",
    as_json: Json = False,
) -> None:
    """List the jobs, the latest changed first."""
    with workplace() as place:
        found = place.jobs.list(status=status)
        nouns = place.settings.nouns
        due = {job.id: place.ledger.schedule(job.id) for job in found if job.enabled}
        drafted = place.jobs.drafted()
    rows = [
        vars(job) | {"next_due": schedule.next_due if (schedule := due.get(job.id)) else None}
        for job in found
    ]
    if as_json:
        put_json(envelope({"jobs": rows}))
        return
    columns = ("name", "status", "version", "schedule", "next due", "title")
    table(
        columns,
        [(r["name"], r["status"], _version_word(r, drafted), _schedule_word(r), r["next_due"], r["title"])
         for r in rows],
        empty=f"No {nouns} yet. Try: assistant ask \"Every weekday at 7 …\"", less=("title", "schedule"),
    )  # fmt: skip


def show(job: Job, as_json: Json = False) -> None:
    """Show a job: its state, its schedule in words, its file and its open draft."""
    with workplace() as place:
        record = place.jobs.get(job)
        accepted = place.jobs.version(record.id) if record.version else None
        waiting = place.jobs.open_draft(record.id)
        schedule = place.ledger.schedule(record.id)
        upcoming = place.upcoming(record.id, count=5)
        last = place.runs.list(job=record.name, limit=1)
    if as_json:
        payload = {
            "job": vars(record),
            "yaml": accepted.yaml if accepted else None,
            "grants": accepted.grants if accepted else (),
            "draft": vars(waiting) if waiting else None,
            "schedule": vars(schedule) if schedule else None,
            "next_fires": [fire.at for fire in upcoming],
        }
        put_json(envelope(payload, job_id=record.id, job_version=record.version))
        return
    from assistant.schedule.wording import fire_in_words, in_words

    facts({
        "name": record.name, "title": record.title, "id": record.id, "status": record.status,
        "phase": f"{record.phase} (cycle {record.cycle})", "version": record.version or "none yet",
        "schedule": in_words(schedule.cron, schedule.timezone) if schedule else "",
        "paused": "yes" if record.paused else "",
        "next": ", ".join(map(fire_in_words, upcoming)),
        "last run": f"{last[0].id} {last[0].status}" if last else "",
    })  # fmt: skip
    if accepted:
        line(f"\n{accepted.yaml.rstrip()}")
    if waiting:
        line(f"\nA draft waits for your word (assistant jobs approve {record.name}):\n")
        line(waiting.yaml.rstrip())


def draft(
    prompt: Annotated[str, typer.Argument(help="What the job should do, in plain words.")],
    job: Annotated[
        str, typer.Option(help="The job that this belongs to; a new one without it.")
    ] = "",
    accept: Annotated[bool, typer.Option("--approve", help="Approve the draft at once.")] = False,
    as_json: Json = False,
) -> None:
    """Draft a job from plain words: show the steps, the schedule and a dry run."""
    from assistant.cli.turns import take_turn

    raise typer.Exit(
        with_engine(lambda place: take_turn(place, prompt, job=job, accept=accept, as_json=as_json))
    )


def approve(
    job: Job,
    message: Annotated[str, typer.Option("--message", "-m")] = "",
    as_json: Json = False,
) -> None:
    """Approve what waits for a word: the job's open draft, else its waiting run."""
    from assistant.job.waiting import decide_all

    with workplace() as place:
        record = place.jobs.get(job)
        waiting = place.jobs.open_draft(record.id)
        if waiting is not None:
            version = place.lifecycle.approve(waiting.id, by="cli", message=message)
            _accepted(place, record, version, as_json=as_json)
            return
        decided = decide_all(place.runs, record, approved=True, by="cli")
        hosted = place.is_hosted()
    _decided(decided, "Approved", hosted=hosted, as_json=as_json)


def reject(job: Job, reason: str = "", as_json: Json = False) -> None:
    """Reject what waits for a word: the job's open draft, else its waiting run."""
    from assistant.job.waiting import decide_all

    with workplace() as place:
        record = place.jobs.get(job)
        waiting = place.jobs.open_draft(record.id)
        if waiting is not None:
            place.lifecycle.reject(waiting.id, by="cli", reason=reason)
            if as_json:
                put_json(envelope({"rejected": waiting.id}, job_id=record.id))
            else:
                line("The draft is rejected.")
            return
        decided = decide_all(place.runs, record, approved=False, by="cli")
        hosted = place.is_hosted()
    _decided(decided, "Rejected", hosted=hosted, as_json=as_json)


def rename(job: Job, name: str, as_json: Json = False) -> None:
    """Give a job another name. Its id, versions and ledger stay."""
    with workplace() as place:
        record, noun = place.lifecycle.rename(job, name), place.settings.noun
    if as_json:
        put_json(envelope(vars(record), job_id=record.id))
    else:
        line(f"The {noun} is now named {record.name}.")


def versions(job: Job, as_json: Json = False) -> None:
    """List the versions of a job's file, the latest first."""
    with workplace() as place:
        record = place.jobs.get(job)
        found = place.jobs.versions(record.id)
    rows = [{k: v for k, v in vars(version).items() if k != "yaml"} for version in found]
    if as_json:
        put_json(envelope({"versions": rows}, job_id=record.id, job_version=record.version))
        return
    table(
        ("version", "author", "accepted", "sha256", "message"),
        [(f"{v.number}{' *' if v.number == record.version else ''}", v.author, v.created_at,
          v.sha256[:12], v.message) for v in found],
        empty="No version is accepted yet.",
    )  # fmt: skip


def diff(
    job: Job,
    old: Annotated[
        int, typer.Argument(help="A version; the one before the new one if left out.")
    ] = 0,
    new: Annotated[int, typer.Argument(help="A version; the one in force if left out.")] = 0,
    as_json: Json = False,
) -> None:
    """Show what changed between two versions, step by step."""
    with workplace() as place:
        record = place.jobs.get(job)
        later = place.jobs.version(record.id, new)
        earlier = place.jobs.version(record.id, old or max(later.number - 1, 1))
        changes = place.lifecycle.diff(earlier.yaml, later.yaml)
    if as_json:
        payload = {"old": earlier.number, "new": later.number, "changes": changes}
        put_json(envelope(payload, job_id=record.id))
        return
    line(f"Version {earlier.number} → {later.number}")
    for change in changes or ["Nothing changed."]:
        line(f"  {change}")


def rollback(job: Job, version: int, as_json: Json = False) -> None:
    """Make an earlier version the one in force, as a new version."""
    with workplace() as place:
        record = place.jobs.get(job)
        made = place.lifecycle.roll_back(record.id, version)
        _accepted(place, record, made, as_json=as_json)


def _schedule_word(row: dict[str, Any]) -> str:
    return "paused" if row["paused"] and row["enabled"] else "on" if row["enabled"] else "off"


def _version_word(row: dict[str, Any], drafted: set[str]) -> str:
    """The version in force, and whether a draft waits to be approved."""
    words = [str(row["version"])] if row["version"] else []
    return ", ".join([*words, "to approve"] if row["id"] in drafted else words)


def _accepted(place: Workplace, record: JobRecord, version: Version, *, as_json: bool) -> None:
    record = place.jobs.get(record.id)
    upcoming = place.upcoming(record.id, count=3)
    if as_json:
        payload = {
            "version": {k: v for k, v in vars(version).items() if k != "yaml"},
            "next_fires": [fire.at for fire in upcoming],
        }
        put_json(envelope(payload, job_id=record.id, job_version=version.number))
        return
    from assistant.schedule.wording import moment

    line(f"Version {version.number} of {record.name} is in force.")
    if upcoming:
        line(f"Next: {', '.join(moment(fire.local) for fire in upcoming)}")
        if not place.is_hosted():
            note(
                "Nothing is running that keeps schedules: start `assistant panel`, or let this machine"
                " see to it with `assistant service install`."
            )
    else:
        line(f"Run it: assistant jobs run {record.name}")


def _decided(decided: list[tuple[str, str]], word: str, *, hosted: bool, as_json: bool) -> None:
    """Tell what was decided; when no other process runs the runs, they go on in this one."""
    if not hosted:
        from assistant.cli.jobs_runs import go_on

        raise typer.Exit(go_on(decided, as_json=as_json))
    if as_json:
        put_json(envelope({"decided": decided, "word": word.lower()}))
        return
    for run_id, path in decided:
        line(f"{word}: {path} of {run_id}")
