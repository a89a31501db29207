"""`assistant eval`: how well the builder drafts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.output import Json, envelope, facts, put_json
from assistant.cli.session import with_engine

app = typer.Typer(help="Measure the parts that a model decides.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Measure the parts that a model decides."""


@app.command()
def builder(
    cases: Annotated[
        Path | None, typer.Option(help="A JSONL file of requests; the bundled one without it.")
    ] = None,
    model: Annotated[
        str, typer.Option(help="A model by name; the one of the settings without it.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Draft a file of requests and score the drafts."""

    async def work(place):
        from assistant.builder.evaluation import evaluate

        return await evaluate(place.models.get(model), place.library, cases)

    score = with_engine(work)
    if as_json:
        put_json(envelope(score))
    else:
        facts(score)
