"""`assistant jobs`: said, search, prompt: the originals of what was said, and a model's view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.jobs import Job
from assistant.cli.output import Json, envelope, line, put_json
from assistant.cli.session import workplace

if TYPE_CHECKING:
    from assistant.store.jobs import Interaction


def register(app: typer.Typer) -> None:
    """Add the commands to `assistant jobs`."""
    for command in (said, search, prompt):
        app.command(command.__name__)(command)


def said(
    job: Job,
    last: Annotated[int, typer.Option(help="How many, the newest; all with 0.")] = 40,
    as_json: Json = False,
) -> None:
    """Show what was said in a job: every prompt, question, answer, decision, result and phase."""
    with workplace() as place:
        record = place.jobs.get(job)
        found = place.jobs.interactions(record.id, last=last)
    if as_json:
        put_json(envelope({"interactions": [vars(i) for i in found]}, job_id=record.id))
        return
    for interaction in found:
        line(f"{interaction.id:>5}  {interaction.at[:16].replace('T', ' ')}  {_told(interaction)}")


def search(
    words: Annotated[list[str], typer.Argument(help="Words that must all be there.")],
    job: Annotated[str, typer.Option(help="In this job; in all without it.")] = "",
    limit: Annotated[int, typer.Option(help="How many.")] = 20,
    as_json: Json = False,
) -> None:
    """Find what was said, in its original words, also where a summary has replaced it."""
    with workplace() as place:
        job_id = place.jobs.get(job).id if job else ""
        found = place.jobs.said.search(" ".join(words), job_id=job_id, limit=limit)
        names = {one.id: one.name for one in place.jobs.list()}
    if as_json:
        rows = [{**vars(f.interaction), "excerpt": f.excerpt} for f in found]
        put_json(envelope({"found": rows}))
        return
    for hit in found:
        where = names.get(hit.interaction.job_id, hit.interaction.job_id)
        line(
            f"{where} {hit.interaction.id} ({hit.interaction.kind}): {' '.join(hit.excerpt.split())}"
        )
    if not found:
        line("Nothing that was said has all of these words.")


def prompt(
    job: Job,
    context: Annotated[int, typer.Option(help="Tokens of context of the model.")] = 8192,
    as_json: Json = False,
) -> None:
    """Show what a model reads of a job, and what is left out of it."""
    from assistant.chat.answering import view

    with workplace() as place:
        record = place.jobs.get(job)
        messages = view(place, place.jobs.interactions(record.id), context)
    if as_json:
        shown: list[dict[str, Any]] = [{"role": m.role, "text": m.text} for m in messages]
        put_json(envelope({"messages": shown}, job_id=record.id))
        return
    for message in messages:
        line(f"── {message.role}\n{message.text}\n")


def _told(one: Interaction) -> str:
    if one.kind == "phase":
        facts = one.data
        footer = f"\n{'':8}{facts['footer']}" if facts.get("footer") else ""
        return (
            f"{facts['from']} → {facts['to']} (cycle {facts['cycle']}): {facts['reason']}{footer}"
        )
    answered = f"  → {one.answer}" if one.answer is not None else ""
    return f"{one.kind}: {one.text}{answered}"
