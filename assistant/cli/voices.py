"""`assistant voices`: the coaching texts, and what a plan makes of them."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.output import Json, envelope, line, put_json, table
from assistant.cli.session import workplace

app = typer.Typer(help="The coaching texts that models are guided by.", no_args_is_help=True)


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the voices: their ids are what a plan.yaml may change."""
    from assistant.job.voices import catalogue

    found = catalogue().values()
    if as_json:
        put_json(envelope({"voices": [vars(voice) for voice in found]}))
        return
    table(("voice", "arguments", "what it is for"),
          [(v.id, ", ".join(v.arguments), v.about) for v in found])  # fmt: skip


@app.command()
def show(
    voice: str,
    job: Annotated[str, typer.Option(help="As this job's plan changes it.")] = "",
    as_json: Json = False,
) -> None:
    """Show what a voice says; with --job, as the plan of that job makes it."""
    from assistant.job import voices

    found = voices.get(voice)
    text = found.text
    if job:
        with workplace() as place:
            record = place.jobs.get(job)
            phase = voice if voice in voices.PHASE_VOICES else record.phase
            changes = place.guide.plans.speaker(record, phase).changes
            text = changes[voice].of(text) if voice in changes else text
    if as_json:
        put_json(envelope(vars(found) | {"text": text}))
    else:
        line(text)
