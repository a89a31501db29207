"""`assistant expr`: try an expression of the job file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli.output import Json, envelope, line, put_json
from assistant.errors import BindingsInvalid


def register(app: typer.Typer) -> None:
    """Add `assistant expr`."""
    app.command("expr")(expr)


def expr(
    expression: Annotated[
        str, typer.Argument(help="Such as 'size(items) > 0'; ${{ }} may be left out.")
    ],
    data: Annotated[
        Path | None, typer.Option("--data", help="A JSON file: the names that the expression sees.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Evaluate an expression over JSON data and print what it gives."""
    from assistant.pipeline.expressions import evaluate

    value = evaluate(expression, _names(data))
    if as_json:
        put_json(envelope(value))
    else:
        line(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2))


def _names(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        names = json.loads(path.read_text(encoding="utf-8"))
    except OSError as gone:
        raise BindingsInvalid(f"{path} cannot be read: {gone.strerror}") from gone
    except ValueError as wrong:
        raise BindingsInvalid(f"{path} is no JSON: {wrong}") from wrong
    if not isinstance(names, dict):
        raise BindingsInvalid(f"{path} holds no JSON object", hint='Write {"items": […]}.')
    return names
