"""`assistant heal`: list, show, explain, accept, reject, undo, mode, now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from assistant.cli.output import Json, envelope, facts, line, put_json, table
from assistant.cli.session import with_engine, workplace
from assistant.errors import BindingsInvalid, TargetUnresolved

if TYPE_CHECKING:
    from assistant.healing.desk import Desk
    from assistant.healing.record import HealingRecord, PatchView
    from assistant.store.patches import Mode
    from assistant.workplace import Workplace

app = typer.Typer(help="See and decide repairs of failing steps.", no_args_is_help=True)
PatchId = Annotated[str, typer.Argument(metavar="PATCH", help="A patch, or the start of its id.")]
T = TypeVar("T")


@app.command("list")
def list_(
    job: Annotated[str, typer.Option(help="Only patches of this job.")] = "",
    state: Annotated[str, typer.Option(help="Only patches in this state: asked, canary …")] = "",
    limit: int = 30,
    as_json: Json = False,
) -> None:
    """List repairs, the newest first."""
    with workplace() as place:
        found = _record(place).patches(job=job, state=state, limit=limit)
    if as_json:
        put_json(envelope({"patches": [_data(view) for view in found]}))
        return
    table(
        ("patch", "job", "step", "fault", "state", "change"),
        [(v.id, v.job, v.step, v.fault, v.state, "; ".join(v.words)) for v in found],
        empty="Nothing was repaired yet.",
    )


@app.command()
def show(patch: PatchId, as_json: Json = False) -> None:
    """Show one repair: what changes, what it was proven by, what became of it."""
    with workplace() as place:
        view = _record(place).patch(patch)
    if as_json:
        put_json(envelope({"patch": _data(view)}, run_id=view.run_id))
        return
    facts({
        "patch": view.id, "job": f"{view.job} (version {view.base})", "step": view.step,
        "failed run": view.run_id, "fault": f"{view.fault}: {view.meaning}", "error": view.error,
        "proposed by": f"{view.source}: {view.why}", "proof": view.proof,
        "replay": view.proof_run, "decision": f"{view.decision}: {view.reason}",
        "state": f"{view.state}: it {view.standing}", "version": view.version or "",
        "decided": f"{view.decided_at} by {view.decided_by}" if view.decided_by else "",
    })  # fmt: skip
    line()
    for words in view.words:
        line(f"  {words}")
    for trial in view.trials:
        line(f"  run {trial['run']}: {'good' if trial['better'] else 'worse'}, {trial['why']}")
    for word in view.can:
        line(f"assistant heal {word} {view.id}")


@app.command()
def explain(
    target: Annotated[str, typer.Argument(metavar="RUN", help="A run, a job's last, or a patch.")],
    as_json: Json = False,
) -> None:
    """Tell in words what was wrong with a run, what was tried, and why it ended as it did."""
    with workplace() as place:
        run_id = _run_of(place, target)
        lines = _record(place).explain(run_id)
    if as_json:
        put_json(envelope({"lines": lines}, run_id=run_id))
        return
    for told in lines:
        line(told)


@app.command()
def accept(patch: PatchId, as_json: Json = False) -> None:
    """Put a proven repair in force; its next two runs are watched."""
    from assistant.healing.applying import apply

    with workplace() as place:
        found = place.patches.get(patch)
        made = _at_desk(place, lambda desk: apply(desk, found, by="person"))
        view = _record(place).patch(made.id)
    _say(view, as_json, f"Version {view.version} of {view.job} is in force; two runs are watched.")


@app.command()
def reject(
    patch: PatchId,
    reason: Annotated[str, typer.Option(help="Why not.")] = "",
    as_json: Json = False,
) -> None:
    """Say no to a repair; the same one is not proposed again."""
    from assistant.healing import applying

    with workplace() as place:
        found = place.patches.get(patch)
        _at_desk(place, lambda desk: applying.reject(desk, found, by="person", reason=reason))
        view = _record(place).patch(found.id)
    _say(view, as_json, "Rejected.")


@app.command()
def undo(patch: PatchId, as_json: Json = False) -> None:
    """Take a repair back; whatever else was edited since stays."""
    from assistant.healing.applying import take_back

    with workplace() as place:
        found = place.patches.get(patch)
        version = _at_desk(place, lambda desk: take_back(desk, found, by="person"))
        view = _record(place).patch(found.id)
    _say(view, as_json, f"Taken back by version {version.number} of {view.job}.")


@app.command()
def mode(
    job: Annotated[str, typer.Argument(metavar="JOB", help="A job.")],
    to: Annotated[str, typer.Argument(metavar="[off|ask|automatic]", help="How far it goes.")] = "",
    as_json: Json = False,
) -> None:
    """Say how far healing may go with a job: off, ask, or automatic (within its limits)."""
    from assistant.store.patches import MODES

    with workplace() as place:
        record = place.jobs.get(job)
        if to:
            place.patches.set_mode(record.id, _mode(to, MODES))
        now = place.patches.mode(record.id)
    if as_json:
        put_json(envelope({"job": record.name, "mode": now}, job_id=record.id))
    else:
        line(f"{record.name}: {now}")


@app.command()
def incidents(
    job: Annotated[str, typer.Option(help="Only failures of this job.")] = "",
    limit: int = 30,
    as_json: Json = False,
) -> None:
    """List failures by what they have in common, and what mended them before."""
    with workplace() as place:
        found = _record(place).incidents(job=place.jobs.get(job).name if job else "", limit=limit)
    if as_json:
        put_json(envelope({"incidents": [vars(incident) for incident in found]}))
        return
    table(
        ("signature", "fault", "skill", "host", "times", "last", "jobs", "mended by", "message"),
        [(i.signature, i.fault, i.skill, i.host, i.count, i.last_at, ", ".join(i.jobs),
          ", ".join(f["patch"] for f in i.fixes), i.message) for i in found],
        empty="Nothing has failed yet.",
    )  # fmt: skip


@app.command()
def now(
    target: Annotated[
        str, typer.Argument(metavar="[RUN]", help="A run or a job's last run; all without it.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Look at what has ended, as the panel and the worker do all the time.

    A run that is named is looked at again, even if it was before.
    """

    async def work(place: Workplace) -> list[str]:
        loop = await place.healing_loop()
        try:
            if not target:
                since = place.patches.untended("")
                await loop.round()
                return since
            run_id = _run_of(place, target)
            place.runs.get(run_id)
            place.patches.forget(run_id)
            await loop.healer.tend(run_id)
            return [run_id]
        finally:
            await loop.desk.http.aclose()

    looked_at = with_engine(work)
    with workplace() as place:
        tended = [t for run_id in looked_at if (t := place.patches.tended(run_id))]
    if as_json:
        put_json(envelope({"tended": [vars(one) for one in tended]}))
        return
    for one in tended:
        line(f"{one.run_id}  {one.outcome}: {one.reason}")
    if not tended:
        line("Nothing new has ended.")


def _record(place: Workplace) -> HealingRecord:
    from assistant.healing.record import HealingRecord

    return HealingRecord(place.jobs, place.runs, place.patches)


def _at_desk(place: Workplace, work: Callable[[Desk], T]) -> T:
    """Decide something at the desk; nothing is reached over the network for it."""
    import asyncio

    async def whole() -> T:
        desk = place.healing_desk()
        try:
            return work(desk)
        finally:
            await desk.http.aclose()

    return asyncio.run(whole())


def _run_of(place: Workplace, target: str) -> str:
    if place.runs.find(target):
        return target
    if job := place.jobs.find(target):
        real = [run for run in place.runs.list(job=job.name) if not run.dry]
        if not real:
            raise TargetUnresolved(
                f"{job.name!r} has not run yet", hint=f"Run it: assistant jobs run {job.name}"
            )
        return real[0].id
    return place.patches.get(target).run_id


def _mode(text: str, known: tuple[Mode, ...]) -> Mode:
    for one in known:
        if one == text:
            return one
    raise BindingsInvalid(f"{text[:40]!r} is no mode", hint=f"Use one of: {', '.join(known)}.")


def _data(view: PatchView) -> dict[str, Any]:
    return dict(vars(view))


def _say(view: PatchView, as_json: bool, told: str) -> None:
    if as_json:
        put_json(envelope({"patch": _data(view)}, run_id=view.run_id))
        return
    line(told if view.state != "replaced" else f"Nothing was changed: {view.reason}")
