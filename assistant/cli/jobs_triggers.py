"""`assistant jobs triggers`: what else starts a job, how it stands, and what it would have done."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.jobs import Job
from assistant.cli.output import Json, envelope, line, note, put_json, table
from assistant.cli.session import workplace
from assistant.errors import TargetUnresolved

if TYPE_CHECKING:
    from assistant.schedule.trigger_views import Trial, TriggerView
    from assistant.store.jobs import JobRecord
    from assistant.store.triggers import Firing
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
    new_token: Annotated[
        str,
        typer.Option(
            metavar="TRIGGER", help="Make another token for a webhook; the old one opens nothing."
        ),
    ] = "",
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
        now = place.clock.now()
        start = moment_since(since or DAY, now) or now
        if new_token:
            _renew(place, record, new_token)
        trials = asyncio.run(place.try_triggers(record, wanted, since=start)) if test else []
        seen = views(place.firings, record, wanted, place.settings)
        fired = place.firings.firings(record.id, since=start, limit=limit)
        tokens = _tokens(place, record, seen) if token or new_token else {}
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


def _tokens(place: Workplace, record: JobRecord, seen: list[TriggerView]) -> dict[str, str]:
    from assistant.schedule.hooks import make_token

    rows = [place.firings.find(record.id, v.name) for v in seen if v.kind == "webhook"]
    return {row.name: make_token(place.secrets, row) for row in rows if row is not None}


def _renew(place: Workplace, record: JobRecord, name: str) -> None:
    from assistant.schedule.hooks import renew_token

    row = place.firings.find(record.id, name)
    if row is None or row.kind != "webhook":
        raise TargetUnresolved(
            f"{record.name} has no webhook {name[:60]!r} in force",
            hint=f"See `assistant jobs triggers {record.name}`; a job that is off has none.",
        )
    renew_token(place.secrets, row)


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
    from assistant.schedule.trigger_views import in_short

    line(f"\n{trial.name}: would have fired {len(trial.fires)} times in the last {since}.")
    if trial.error:
        line(f"  it cannot be looked at now: {trial.error}")
    if trial.note:
        line(f"  {trial.note}")
    for at, data in trial.fires:
        line(f"  {at}  {in_short(data)}")


def _tell_fired(fired: list[Firing]) -> None:
    line()
    table(
        ("at", "trigger", "outcome", "run", "reason"),
        [(f.at, f.trigger, f.outcome, f.run_id, f.reason) for f in fired],
    )


def _length(every: float | None) -> str:
    from assistant.pipeline.durations import written

    return written(every) if every else ""
