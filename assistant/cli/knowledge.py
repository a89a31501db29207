"""`assistant knowledge`: what was learned in jobs: read it, search it, edit it, forget it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.jobs_guide import text_of
from assistant.cli.output import Json, envelope, line, put_json, table
from assistant.cli.session import workplace

app = typer.Typer(help="What was learned in jobs, as files of yours.", no_args_is_help=True)


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the files of the knowledge folder."""
    with workplace() as place:
        folder, names = place.settings.knowledge_dir, place.guide.knowledge.names()
    if as_json:
        put_json(envelope({"folder": str(folder), "names": names}))
        return
    for name in names:
        line(str(folder / f"{name}.md"))
    if not names:
        line("Nothing is known yet. It is kept when a job condenses a cycle.")


@app.command()
def show(name: str, as_json: Json = False) -> None:
    """Show a file."""
    with workplace() as place:
        text = place.guide.knowledge.read(name)
    if as_json:
        put_json(envelope({"name": name, "text": text}))
    else:
        line(text.rstrip())


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(help="Any of these words.")], as_json: Json = False
) -> None:
    """Search what is known."""
    with workplace() as place:
        found = place.guide.knowledge.search(" ".join(words))
    if as_json:
        put_json(envelope({"found": [vars(known) for known in found]}))
        return
    table(("file", "job", "text"), [(k.name, k.job, k.text) for k in found], empty="Nothing.")


@app.command()
def edit(
    name: str,
    file: Annotated[Path, typer.Option(help="The text to put in its place.")],
    as_json: Json = False,
) -> None:
    """Put a text in the place of a file, or make a new one."""
    with workplace() as place:
        place.guide.knowledge.write(name, text_of(file))
    if as_json:
        put_json(envelope({"name": name}))
    else:
        line(f"{name} is kept.")


@app.command()
def delete(name: str, as_json: Json = False) -> None:
    """Forget a file."""
    with workplace() as place:
        place.guide.knowledge.delete(name)
    if as_json:
        put_json(envelope({"name": name}))
    else:
        line(f"{name} is forgotten.")
