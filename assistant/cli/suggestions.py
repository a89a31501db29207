"""`assistant insight suggestions`: list, accept, snooze, never."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.output import Json, envelope, line, put_json
from assistant.cli.session import workplace

if TYPE_CHECKING:
    from datetime import timedelta

    from assistant.suggestions.shelf import Suggestion

app = typer.Typer(help="See what could be better, and accept it or not.")
Ident = Annotated[str, typer.Argument(metavar="ID", help="As the list shows it.")]
STATES = ("open", "snoozed", "accepted", "never", "gone")


@app.callback(invoke_without_command=True)
def list_(
    context: typer.Context,
    state: Annotated[str, typer.Option(help=f"One of: {', '.join(STATES)}.")] = "open",
    job: Annotated[str, typer.Option(help="Only those about this job.")] = "",
    as_json: Json = False,
) -> None:
    """Look at every job anew and list what could be better. Nothing is changed by it."""
    if context.invoked_subcommand is not None:
        return
    from assistant.errors import BindingsInvalid

    if state not in STATES:
        raise BindingsInvalid(
            f"{state[:40]!r} is no state of a suggestion", hint=f"There is: {', '.join(STATES)}."
        )
    with workplace() as place:
        place.adviser.look()
        found = place.adviser.suggestions(state=state, job=job)
    if as_json:
        put_json(envelope({"suggestions": [one.as_row() for one in found]}))
        return
    if not found:
        line("Nothing to suggest." if state == "open" else f"None is {state}.")
    for one in found:
        _tell(one)


@app.command()
def accept(ident: Ident, as_json: Json = False) -> None:
    """Do what a suggestion says: a new version of the job, a pause, a changed template."""
    with workplace() as place:
        found = place.adviser.accept(ident)
    if as_json:
        put_json(envelope(found.as_row(), job_id=found.job_id))
        return
    line(f"Done: {found.result}.")


@app.command()
def snooze(
    ident: Ident,
    length: Annotated[str, typer.Option("--for", metavar="LENGTH", help="7d, 2w, 36h.")] = "7d",
    as_json: Json = False,
) -> None:
    """Hear nothing of a suggestion for a while."""
    with workplace() as place:
        found = place.adviser.snooze(ident, length=_length(length))
    if as_json:
        put_json(envelope(found.as_row(), job_id=found.job_id))
        return
    line(f"{found.id} is silent until {found.until[:16].replace('T', ' ')} UTC.")


@app.command()
def never(ident: Ident, as_json: Json = False) -> None:
    """Never hear of a suggestion again."""
    with workplace() as place:
        found = place.adviser.never(ident)
    if as_json:
        put_json(envelope(found.as_row(), job_id=found.job_id))
        return
    line(f"{found.id} will not be suggested again.")


def _tell(one: Suggestion) -> None:
    line(f"{one.id}  {one.text}")
    for fact in one.evidence:
        line(f"          {fact.what}: {fact.value}")
    line(f"          accept: {one.change.words}")
    if one.state != "open":
        line(f"          {one.state} {one.until or one.decided_at or ''} {one.result}".rstrip())


def _length(text: str) -> timedelta:
    from datetime import timedelta

    from assistant.errors import BindingsInvalid
    from assistant.pipeline.durations import seconds

    try:
        length = timedelta(seconds=seconds(text))
    except (ValueError, OverflowError):
        length = timedelta(0)
    if not timedelta(minutes=1) <= length <= timedelta(days=3650):
        raise BindingsInvalid(f"{text[:40]!r} is no time to wait", hint="Write 7d, 2w or 36h.")
    return length
