"""`assistant models`: list."""

from __future__ import annotations

import typer

from assistant.cli.output import Json, envelope, line, put_json, table
from assistant.cli.session import workplace

app = typer.Typer(help="See the models that can answer.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """See the models that can answer."""


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the models on this machine; others are reached by their provider's name."""
    with workplace() as place:
        default = place.settings.model
        rows = [
            {"name": name, "path": str(path), "megabytes": round(path.stat().st_size / 2**20, 1),
             "default": name == default}
            for name in place.models.names()
            if (path := place.models.path_of(name)) is not None
        ]  # fmt: skip
        folder = place.settings.models_dir
    if as_json:
        put_json(envelope({"models": rows, "default": default}))
        return
    table(
        ("model", "MB", "file"),
        [(f"{r['name']}{' *' if r['default'] else ''}", r["megabytes"], r["path"]) for r in rows],
        empty="No model is on this machine.",
    )
    line(f"\nGGUF files in {folder} appear here as local/<name>.")
    line("Provider models go by their litellm names: anthropic/…, openai/…, ollama/…")
