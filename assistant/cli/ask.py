"""`assistant ask`: one prompt, answered."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.output import Json
from assistant.cli.session import with_engine


def register(app: typer.Typer) -> None:
    """Add `assistant ask`."""
    app.command("ask")(ask)


def ask(
    prompt: Annotated[str, typer.Argument(help="What you want, in plain words.")],
    job: Annotated[
        str, typer.Option(help="The job that this belongs to; a new one without it.")
    ] = "",
    accept: Annotated[bool, typer.Option("--approve", help="Approve a draft at once.")] = False,
    run: Annotated[bool, typer.Option("--run", help="Run the job once it is approved.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Show what a drafted job would do.")] = True,
    model: Annotated[
        str, typer.Option(help="A model by name; the one of the settings without it.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Answer a prompt at once, or draft the job it describes. Exits 3 while a draft waits."""
    from assistant.cli.turns import take_turn

    raise typer.Exit(
        with_engine(
            lambda place: take_turn(
                place, prompt, job=job, accept=accept, run=run, dry_run=dry_run, model=model,
                as_json=as_json,
            )
        )
    )  # fmt: skip
