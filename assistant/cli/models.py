"""`assistant models`: list, use, pull, remove, test, bench."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.output import Json, envelope, line, note, put_json, table
from assistant.cli.session import workplace

if TYPE_CHECKING:
    from assistant.store.model_trials import Trial

app = typer.Typer(help="See the models that can answer.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="starter, local/<name>, or a provider's name.")]


@app.callback()
def group() -> None:
    """See the models that can answer."""


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the models on this machine, what they need, and those worth pulling."""
    from assistant.models.manager import RECOMMENDED, RECOMMENDED_AT, installed

    with workplace() as place:
        default = place.settings.model
        rows = [
            {"name": model.name, "path": model.path, "megabytes": round(model.size / 2**20, 1),
             "memory_mb": round(model.memory / 2**20), "context": model.context,
             "threads": model.threads, "kind": model.kind, "default": model.in_use, "problem": model.problem}
            for model in installed(place.models)
        ]  # fmt: skip
        folder = place.settings.models_dir
    if as_json:
        worth = [vars(model) for model in RECOMMENDED]
        put_json(envelope({"models": rows, "default": default, "recommended": worth}))
        return
    table(
        ("model", "MB", "needs MB", "context", "threads", "file"),
        [
            (f"{r['name']}{' *' if r['default'] else ''}", r["megabytes"], r["memory_mb"],
             r["context"], r["threads"], r["problem"] or r["path"])
            for r in rows
        ],
        empty="No model is on this machine.",
    )  # fmt: skip
    line(f"\nGGUF files in {folder} appear here as local/<name>.")
    line("Provider models go by their litellm names: anthropic/…, openai/…, ollama/…")
    line(f"\nWorth pulling ({RECOMMENDED_AT}), with `assistant models pull <name>`:")
    table(
        ("name", "for GB", "GB", "context", "licence", "good for"),
        [(m.name, m.memory_gb, m.size_gb, m.context, m.licence, m.good_for) for m in RECOMMENDED],
    )


@app.command()
def use(name: Name) -> None:
    """Ask this model whenever none is named."""
    from assistant.models import manager

    with workplace() as place:
        chosen = manager.named(place.models, name)
        path = manager.use(place.models, chosen)
    line(f"{chosen} is the default now ({path}).")


@app.command()
def pull(
    what: Annotated[
        str, typer.Argument(help="A recommended name, owner/name/file.gguf, or a URL.")
    ],
) -> None:
    """Download a model file; an interrupted download goes on where it was."""
    from assistant.models.download import pull as download
    from assistant.models.manager import source_of

    last = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal last
        if sys.stderr.isatty() and time.monotonic() - last > 0.5:
            last = time.monotonic()
            share = f" of {total / 2**20:.0f}" if total else ""
            print(f"\r{done / 2**20:.0f}{share} MB ", end="", file=sys.stderr, flush=True)

    with workplace() as place:
        path = asyncio.run(download(place.settings, source_of(what), on_progress=tell))
    note("")
    line(f"{path.name} is here as local/{path.stem}; `assistant models use local/{path.stem}`.")


@app.command()
def remove(name: Name) -> None:
    """Delete a model file that was pulled."""
    from assistant.models import manager

    with workplace() as place:
        path = manager.remove(place.models, name)
    line(f"{path} is gone.")


@app.command("test")
def trial(name: Name = "", as_json: Json = False) -> None:
    """Try what a model can be trusted with; what it fails at, it is not asked for."""
    from assistant.builder.trial import tried

    with workplace() as place:
        chosen = name or place.settings.model
        model = place.models.make(chosen, person=True)
        try:
            made = asyncio.run(
                tried(model, place.library, file=place.models.fingerprint(chosen), told=_tell_trial)
            )
        finally:
            place.models.close()
        for one in made:
            if place.models.trials is not None:
                place.models.trials.keep(replace(one, model=chosen))
    if as_json:
        put_json(envelope({"model": chosen, "trials": [asdict(one) for one in made]}))
        return
    table(
        ("trusted with", "", "right"),
        [(t.ability.replace("_", " "), "yes" if t.passed else "no", f"{t.right} of {t.of}")
         for t in made],
    )  # fmt: skip


def _tell_trial(told: Trial) -> None:
    if sys.stderr.isatty():
        note(f"{told.ability}: {told.right} of {told.of}")


@app.command()
def bench(name: Name = "", as_json: Json = False) -> None:
    """Measure how fast a model reads and writes on this machine."""
    from assistant.models.local import LocalModel
    from assistant.models.speed import speed_of

    facts = dict[str, Any]()
    with workplace() as place:
        chosen = name or place.settings.model
        try:
            told = asyncio.run(speed_of(place.models.get(chosen)))
            bare = place.models.make(chosen, person=True)
            if isinstance(bare, LocalModel):
                facts = asyncio.run(bare.load())
        finally:
            place.models.close()
    facts = {key: facts[key] for key in ("context", "threads", "batch") if key in facts}
    if as_json:
        put_json(envelope(vars(told) | facts))
        return
    line(
        f"{chosen}: first answer after {told.load_seconds:.1f} s, then {told.first_seconds:.2f} s;"
    )
    line(f"reads {told.reads:.0f} and writes {told.writes:.0f} tokens a second.")
    if facts:
        threads = "1 thread" if facts["threads"] == 1 else f"{facts['threads']} threads"
        line(
            f"It was given a context of {facts['context']} tokens, {threads},"
            f" and reads {facts['batch']} tokens at once."
        )
