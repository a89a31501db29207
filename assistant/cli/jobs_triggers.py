"""`assistant jobs triggers`: what else starts a job, how it stands, and what it would have done."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.jobs import Job
from assistant.cli.output import Json, envelope, line, note, put_json, table
from assistant.cli.session import workplace

if TYPE_CHECKING:
    from assistant.schedule.trigger_views import Trial, TriggerView
    from assistant.store.jobs import JobRecord
    from assistant.store.triggers import Firing, TriggerSpec
    from assistant.workplace import Workplace

DAY = "24h"


def register(app: typer.Typer) -> None:
    """Add the command to `assistant jobs`."""
    app.command("triggers")(triggers)


def triggers(
    job: Job,
    test: Annotated[
        bool, typer.Option("--test", help="Say what would have fired; nothing is run.")
    ] = False,
    since: Annotated[str, typer.Option(help="How far back: 24h, 7d, 2026-03-01.")] = DAY,
    token: Annotated[
        bool, typer.Option("--token", help="Show the tokens of webhooks, made if there is none.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many firings.")] = 20,
    as_json: Json = False,
) -> None:
    """Show a job's triggers: what each watches, how it stands, and what it has fired."""
    from assistant.schedule.arming import specs
    from assistant.schedule.trigger_views import views
    from assistant.skills.periods import moment_since

    with workplace() as place:
        record = place.jobs.get(job)
        wanted = specs(place.lifecycle.in_force(record)) if record.version else []
        start = moment_since(since or DAY, place.clock.now())
        trials = asyncio.run(_try(place, record, wanted, start)) if test else []
        seen = views(place.firings, record, wanted, place.settings)
        fired = place.firings.firings(record.id, since=start, limit=limit)
        tokens = _tokens(place, record, seen) if token else {}
    if as_json:
        payload = {
            "triggers": [vars(view) | _token(tokens, view) for view in seen],
            "firings": [vars(one) | {"job": record.name} for one in fired],
            "trials": [vars(trial) for trial in trials],
        }
        put_json(envelope(payload, job_id=record.id, job_version=record.version))
        return
    _tell(record, seen, tokens)
    for trial in trials:
        _tell_trial(trial, since)
    if fired and not test:
        _tell_fired(fired)


async def _try(
    place: Workplace, record: JobRecord, wanted: list[TriggerSpec], start: Any
) -> list[Trial]:
    from assistant.net.client import open_client
    from assistant.schedule.trigger_views import trial

    async with open_client(place.settings) as http:
        around = place.surroundings(http, record.id, passing=True)
        return [await trial(place.firings, around, record, spec, since=start) for spec in wanted]


def _tokens(place: Workplace, record: JobRecord, seen: list[TriggerView]) -> dict[str, str]:
    from assistant.schedule.hooks import make_token

    rows = [place.firings.find(record.id, v.name) for v in seen if v.kind == "webhook"]
    return {row.name: make_token(place.secrets, row) for row in rows if row is not None}


def _token(tokens: dict[str, str], view: TriggerView) -> dict[str, str]:
    return {"token": tokens[view.name]} if view.name in tokens else {}


def _tell(record: JobRecord, seen: list[TriggerView], tokens: dict[str, str]) -> None:
    table(
        ("trigger", "watches", "state", "every", "last look", "next look", "last fired", "waiting"),
        [(v.name, v.watches or v.address, v.state, _length(v.every), v.last_look, v.next_look,
          v.last_fired, v.pending or "") for v in seen],
        empty=f"{record.name} has no triggers.",
    )  # fmt: skip
    for view in seen:
        if view.error:
            line(f"{view.name}: {view.error}")
        if view.name in tokens:
            line(f"{view.name}: {tokens[view.name] or 'the secret that the file names is not set'}")
        elif view.kind == "webhook" and view.state != "off":
            note(
                f"{view.name} is posted to with a token: assistant jobs triggers {record.name} --token"
            )


def _tell_trial(trial: Trial, since: str) -> None:
    line(f"\n{trial.name}: would have fired {len(trial.fires)} times in the last {since}.")
    if trial.error:
        line(f"  it cannot be looked at now: {trial.error}")
    if trial.note:
        line(f"  {trial.note}")
    for at, data in trial.fires:
        line(f"  {at}  {_short(data)}")


def _tell_fired(fired: list[Firing]) -> None:
    line()
    table(
        ("at", "trigger", "outcome", "run", "reason"),
        [(f.at, f.trigger, f.outcome, f.run_id, f.reason) for f in fired],
    )


def _length(every: float | None) -> str:
    from assistant.pipeline.durations import written

    return written(every) if every else ""


def _short(data: dict[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False, default=str)
    return text if len(text) <= 120 else f"{text[:119]}…"
