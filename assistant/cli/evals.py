"""`assistant eval`: how well the builder drafts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.output import Json, envelope, line, note, put_json
from assistant.cli.session import with_engine

if TYPE_CHECKING:
    from assistant.workplace import Workplace

app = typer.Typer(help="Measure the parts that a model decides.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Measure the parts that a model decides."""


@app.command()
def builder(
    file: Annotated[
        Path | None, typer.Argument(help="A JSONL file of requests; the bundled one without it.")
    ] = None,
    model: Annotated[
        str, typer.Option(help="A model by name; the one of the settings without it.")
    ] = "",
    split: Annotated[str, typer.Option(help="Only the requests of this split.")] = "",
    out: Annotated[Path | None, typer.Option(help="Write every prediction to this file.")] = None,
    as_json: Json = False,
) -> None:
    """Draft a file of requests and score the drafts."""

    async def work(place: Workplace) -> dict[str, Any]:
        from assistant.builder.evaluation import evaluate

        return await evaluate(
            place.models.get(model), place.library, file, out=out, split=split, told=_told
        )

    score = with_engine(work)
    if as_json:
        put_json(envelope(score))
        return
    for path, value in _flat(score):
        line(f"{path}: {value}")


def _told(done: int, total: int) -> None:
    if sys.stderr.isatty() and (done % 10 == 0 or done == total):
        note(f"{done} of {total}")


def _flat(value: Any, path: str = "") -> list[tuple[str, Any]]:
    """Nested figures as lines: `by kind.job.whole: 0.91`."""
    if not isinstance(value, dict):
        return [(path, value)]
    return [
        pair
        for key, inner in value.items()
        for pair in _flat(inner, f"{path}.{key}" if path else key)
    ]
