"""`assistant secrets`: set, list, remove. A value is never shown."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from assistant.cli.output import Json, envelope, line, put_json, table
from assistant.secrets import PANEL_PASSWORD

app = typer.Typer(help="Keep passwords and keys for skills and models.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Such as smtp_password or anthropic_api_key.")]


@app.command("set")
def set_(name: Name, as_json: Json = False) -> None:
    """Keep a secret. The value is asked for, or read from a pipe; it is no argument."""
    value = (
        typer.prompt("Value", hide_input=True, confirmation_prompt=name == PANEL_PASSWORD)
        if sys.stdin.isatty()
        else sys.stdin.read().strip()
    )
    where = _secrets().put(name, value)
    if as_json:
        put_json(envelope({"name": name, "where": where}))
    else:
        line(f"{name} is kept in the {where}.")


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the names of the secrets there are, and where each comes from."""
    kept = _secrets()
    rows = [(name, kept.where(name)) for name in kept]
    if as_json:
        put_json(envelope({"secrets": [{"name": name, "where": where} for name, where in rows]}))
    else:
        table(("secret", "from"), rows, empty="No secret is kept.")


@app.command()
def remove(name: Name, as_json: Json = False) -> None:
    """Forget a secret."""
    _secrets().remove(name)
    if as_json:
        put_json(envelope({"removed": name}))
    else:
        line(f"{name} is forgotten.")


def _secrets():
    from assistant import settings
    from assistant.secrets import Secrets

    made = settings.load()
    settings.prepare(made)
    return Secrets(made.home)
