"""`assistant jobs delete`: a job and all that belongs to it alone."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.jobs import Job
from assistant.cli.output import Json, envelope, line, put_json
from assistant.cli.session import with_engine, workplace
from assistant.errors import BindingsInvalid

if TYPE_CHECKING:
    from assistant.job.deleting import Loss
    from assistant.workplace import Workplace


def register(app: typer.Typer) -> None:
    """Add the command to `assistant jobs`."""
    app.command("delete")(delete)


def delete(
    job: Job,
    yes: Annotated[bool, typer.Option("--yes", help="Delete it without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: Json = False,
) -> None:
    """Delete a job with its versions, words, schedule, and the runs that nobody else needs."""
    with workplace() as place:
        place.deleting.check(job)
        loss = place.deleting.preview(job)
    if dry_run:
        _tell(loss, done=False, as_json=as_json)
        return
    if not yes:
        if as_json or not sys.stdin.isatty():
            raise BindingsInvalid(
                f"{loss.job.name!r} is deleted only when you say so", hint="\n".join([*loss.told(), "Add --yes."])
            )  # fmt: skip
        _tell(loss, done=False, as_json=False)
        typer.confirm("Delete it?", abort=True)

    async def work(place: Workplace) -> Loss:
        return await place.deleting.delete(await place.engine(), job)

    _tell(with_engine(work), done=True, as_json=as_json)


def _tell(loss: Loss, *, done: bool, as_json: bool) -> None:
    if as_json:
        payload: dict[str, Any] = {
            "done": done, "job": vars(loss.job), "versions": loss.versions, "words": loss.words, "bytes": loss.bytes,
            "going": [vars(run) for run in loss.going], "kept": [vars(run) for run in loss.kept], "waiting": loss.waiting,
        }  # fmt: skip
        put_json(envelope(payload, job_id=loss.job.id))
    elif done:
        line(f"{loss.job.name} is deleted.")
    else:
        for text in loss.told():
            line(text)
