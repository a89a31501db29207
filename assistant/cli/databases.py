"""`assistant databases`: which databases can be asked, and naming another."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.output import Json, envelope, line, put_json, table
from assistant.cli.session import workplace

app = typer.Typer(help="See and name the databases that can be asked.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Small letters, digits and dashes.")]


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the databases with their tables."""
    from assistant.errors import AssistantError
    from assistant.skills.databases.adding import tables_of

    found = list[dict[str, str]]()
    with workplace() as place:
        for name, address in sorted(place.settings.databases.items()):
            try:
                told = ", ".join(tables_of(address, place.secrets))
            except AssistantError as wrong:
                told = wrong.message
            found.append({"name": name, "address": address, "tables": told})
    if as_json:
        put_json(envelope({"databases": found}))
    else:
        table(("name", "address", "tables"), [tuple(one.values()) for one in found])


@app.command()
def add(
    name: Name,
    address: Annotated[str, typer.Argument(help="An SQLite file, or a postgresql: or mysql: URL.")],
    as_json: Json = False,
) -> None:
    """Name a database; it is read first."""
    from assistant.skills.databases.adding import add_database

    with workplace() as place:
        tables = add_database(place.settings, place.secrets, name, address)
    if as_json:
        put_json(envelope({"added": name, "tables": tables}))
    else:
        line(f"{name} can be asked. Its tables: {', '.join(tables)}.")


@app.command()
def remove(name: Name, as_json: Json = False) -> None:
    """Forget a database; its file or server stays as it is."""
    from assistant.skills.databases.adding import remove_database

    with workplace() as place:
        remove_database(place.settings, name)
    if as_json:
        put_json(envelope({"removed": name}))
    else:
        line(f"{name} is forgotten. Its data stay where they are.")
