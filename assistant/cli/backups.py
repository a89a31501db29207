"""`assistant backup`: one file with everything but secrets and models."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.output import Json, envelope, line, put_json
from assistant.cli.session import workplace


def register(app: typer.Typer) -> None:
    """Add `assistant backup`."""
    app.command("backup")(backup)


def backup(
    runs: Annotated[bool, typer.Option("--runs", help="With the folders of all runs.")] = False,
    as_json: Json = False,
) -> None:
    """Write jobs, store, settings, skills and knowledge into one file; never a secret."""
    from assistant.store.backup import back_up

    with workplace() as place:
        path = back_up(place.settings, place.clock, runs=runs)
    if as_json:
        put_json(envelope({"backup": str(path), "bytes": path.stat().st_size}))
        return
    line(
        f"{path}\nTo go back: stop the panel, unpack it into an empty home folder, set your keys again."
    )
