"""`assistant jobs`: validate, new, edit, import, export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.jobs import Job
from assistant.cli.output import Json, envelope, line, note, put_json, table
from assistant.cli.session import workplace
from assistant.errors import BindingsInvalid

if TYPE_CHECKING:
    from assistant.workplace import Workplace


def register(app: typer.Typer) -> None:
    """Add the commands to `assistant jobs`."""
    for command in (validate, new, edit, import_, export, graph):
        app.command(command.__name__.rstrip("_"))(command)


def validate(
    target: Annotated[
        str, typer.Argument(metavar="FILE|JOB", help="A job file, or a job's name or id.")
    ],
    as_json: Json = False,
) -> None:
    """Check a job file whole; every problem is named with its line and its cure."""
    with workplace() as place:
        path = Path(target)
        if path.is_file() or path.is_dir():
            text, shown = _read(path), target
        elif path.suffix in (".yaml", ".yml"):
            raise BindingsInvalid(
                f"there is no file {target!r}", hint=f"Looked in {path.resolve().parent}."
            )
        else:
            record = place.jobs.get(target)
            text, shown = _latest(place, record.id), f"{record.name}/job.yaml"
        job = place.lifecycle.parsed(text, path=shown)
    if as_json:
        put_json(envelope({"valid": True, "job": job.name, "steps": len(job.steps)}))
    else:
        count = len(job.steps)
        line(f"{shown} holds: job {job.name!r}, {count} step{'' if count == 1 else 's'}.")


def new(
    template: Annotated[str, typer.Option(help="A template; the list of them without it.")] = "",
    name: Annotated[str, typer.Option(help="The job's name.")] = "",
    values: Annotated[
        list[str] | None, typer.Option("--set", metavar="BLANK=VALUE", help="Fill one blank.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Begin a job from a template. It is a draft until you approve it."""
    import asyncio
    from dataclasses import asdict

    from assistant.chat.turn import Conversation
    from assistant.cli.turns import tell_card
    from assistant.job import templates
    from assistant.pipeline.inputs import pairs
    from assistant.schedule.cron import zone_here

    if not template:
        with workplace() as place:
            own = place.settings.templates_dir
        found = [templates.get(known, own) for known in templates.names(own)]
        if as_json:
            rows = [
                {"name": t.name, "about": t.about, "blanks": [vars(b) for b in t.blanks]}
                for t in found
            ]
            put_json(envelope({"templates": rows}))
        else:
            table(("template", "blanks", "about"),
                  [(t.name, ", ".join(b.name for b in t.blanks), t.about) for t in found])  # fmt: skip
        return
    with workplace() as place:
        chosen = templates.get(template, place.settings.templates_dir)
        zone = zone_here(place.settings.timezone)
        text = chosen.fill(pairs(values or []), name=name, timezone=zone)
        place.lifecycle.parsed(text, path=f"template {template}")
        record = place.jobs.create(name or template, title=chosen.title)
        card = asyncio.run(Conversation(place).propose(record.id, text, template=template))
    if as_json:
        put_json(envelope({"draft": asdict(card)}, job_id=record.id))
        return
    tell_card(card)
    line(f"Approve it: assistant jobs approve {record.name}")


def edit(
    job: Job,
    file: Annotated[Path, typer.Argument(help="The job file that shall be in force.")],
    message: Annotated[str, typer.Option("--message", "-m")] = "Edited",
    as_json: Json = False,
) -> None:
    """Make a file the job's next version, after checking it whole."""
    with workplace() as place:
        version = place.lifecycle.save(job, _read(file), message=message)
        record = place.jobs.get(job)
    if as_json:
        payload = {key: value for key, value in vars(version).items() if key != "yaml"}
        put_json(envelope(payload, job_id=record.id, job_version=version.number))
    else:
        line(f"Version {version.number} of {record.name} is in force.")


def import_(
    file: Annotated[Path, typer.Argument(help="An archive made by export, or a plain job file.")],
    name: Annotated[str, typer.Option("--as", help="Another name for the job.")] = "",
    as_json: Json = False,
) -> None:
    """Bring a job in. It is parsed and checked, never run, and arrives switched off."""
    from assistant.job import archive, importing

    with workplace() as place:
        packed = archive.read(file)
        left_out = importing.left_out(packed, place.settings.templates_dir)
        made = importing.bring_in(place.lifecycle, packed, name=name)
    if as_json:
        payload = {"imported": [vars(record) for record in made], "templates_left_out": left_out}
        put_json(envelope(payload, job_id=made[0].id))
        return
    for record in made:
        line(
            f"{record.name} is here, switched off. Switch it on: assistant jobs enable {record.name}"
        )
    for template in left_out:
        note(f"The template {template} is here already and says something else; it stays as it is.")


def export(
    job: Job,
    to: Annotated[
        Path | None, typer.Option(help="The file to write; <name>.zip without it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write a job with all it needs into one archive (or its plain file, to a name in .yaml)."""
    from assistant.job import archive
    from assistant.store.files import write_atomically

    with workplace() as place:
        record = place.jobs.get(job)
        path = to or Path(f"{record.name}.zip")
        if path.suffix in (".yaml", ".yml"):
            packed: str | bytes = place.jobs.version(record.id).yaml
            archive.check_travels(f"{record.name}.yaml", packed, place.secrets.masker())
        else:
            packed = archive.export(place.jobs, record, place.secrets.masker())
        try:
            write_atomically(path, packed)
        except OSError as refused:
            raise BindingsInvalid(f"{path} cannot be written: {refused.strerror}") from refused
    if as_json:
        put_json(envelope({"file": str(path)}, job_id=record.id))
    else:
        line(f"Written: {path}")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as gone:
        raise BindingsInvalid(f"{path} cannot be read: {gone.strerror}") from gone
    except UnicodeDecodeError as wrong:
        raise BindingsInvalid(f"{path} is no UTF-8 text") from wrong


def _latest(place: Workplace, job_id: str) -> str:
    waiting = place.jobs.open_draft(job_id)
    return waiting.yaml if waiting else place.jobs.version(job_id).yaml


def graph(
    job: Job,
    to: Annotated[
        Path | None, typer.Option(help="The file to write, .svg or .png; <name>.svg without it.")
    ] = None,
    run: Annotated[str, typer.Option(help="Draw it with the states of this run.")] = "",
    as_json: Json = False,
) -> None:
    """Draw a job's pipeline, as SVG or PNG."""
    from assistant.job.picture import picture_of
    from assistant.store.files import write_atomically

    with workplace() as place:
        record = place.jobs.get(job)
        path = to or Path(f"{record.name}.svg")
        packed = picture_of(place.jobs, place.runs, record, run=run, kind=path.suffix.lstrip("."))
        try:
            write_atomically(path, packed)
        except OSError as refused:
            raise BindingsInvalid(f"{path} cannot be written: {refused.strerror}") from refused
    if as_json:
        put_json(envelope({"file": str(path)}, job_id=record.id))
    else:
        line(f"{path} shows the pipeline of {record.name}.")
