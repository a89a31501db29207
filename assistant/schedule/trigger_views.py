"""The triggers of a job as they are seen: what each watches, how it stands, what it would do."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from assistant.clock import rfc3339
from assistant.errors import AssistantError
from assistant.pipeline.durations import written
from assistant.schedule.looks import Surroundings
from assistant.schedule.watcher import ENDS, LOOKS, awaits
from assistant.settings import Settings
from assistant.store.ends import ended_since
from assistant.store.jobs import JobRecord
from assistant.store.triggers import Firing, TriggerLedger, TriggerRow, TriggerSpec

_LONGEST = 120
_WATCHED = ("url", "path", "sql", "job")


@dataclass(frozen=True)
class TriggerView:
    """One trigger for a screen. `state`: watching, waiting (for its first look), failing, paused
    or off. `address` is where a webhook is posted to."""

    name: str
    kind: str
    watches: str
    every: float | None
    debounce: float
    state: str
    error: str
    failures: int
    last_look: str | None
    next_look: str | None
    last_fired: str | None
    pending: int
    address: str = ""


@dataclass(frozen=True)
class Trial:
    """What a trigger would have done. `fires` holds a moment and the data for each time it would
    have fired; `note` says what could be told and what could not."""

    name: str
    kind: str
    fires: list[tuple[str, dict[str, Any]]] = field(
        default_factory=list[tuple[str, dict[str, Any]]]
    )
    note: str = ""
    error: str = ""


def views(
    ledger: TriggerLedger, record: JobRecord, wanted: list[TriggerSpec], settings: Settings
) -> list[TriggerView]:
    """Every trigger of the version in force (`wanted`), switched on or not."""
    rows = {row.name: row for row in ledger.of(record.id)}
    waiting = [firing.trigger for firing in ledger.pending(record.id)]
    return [
        _view(record, spec, rows.get(spec.name), waiting.count(spec.name), settings)
        for spec in wanted
    ]


def _view(
    record: JobRecord, spec: TriggerSpec, row: TriggerRow | None, pending: int, settings: Settings
) -> TriggerView:
    options = spec.options
    return TriggerView(
        name=spec.name,
        kind=spec.kind,
        watches=next((str(options[key]) for key in _WATCHED if key in options), ""),
        every=options.get("every"),
        debounce=float(options.get("debounce", 0)),
        state=_state(record, row),
        error=row.error if row else "",
        failures=row.failures if row else 0,
        last_look=row.last_look if row else None,
        next_look=row.next_look if row else None,
        last_fired=row.last_fired if row else None,
        pending=pending,
        address=address(settings, record, spec.name) if spec.kind == "webhook" else "",
    )


def _state(record: JobRecord, row: TriggerRow | None) -> str:
    if row is None:
        return "off"
    if record.paused:
        return "paused"
    if row.failures:
        return "failing"
    return "waiting" if row.kind in LOOKS and not row.state else "watching"


def address(settings: Settings, record: JobRecord, trigger: str) -> str:
    """Where a webhook is posted to: the panel's address from outside if one is set."""
    base = settings.panel_address.rstrip("/") or f"http://127.0.0.1:{settings.panel_port}"
    return f"{base}/hooks/{record.name}/{trigger}"


async def trial(
    ledger: TriggerLedger,
    around: Surroundings,
    record: JobRecord,
    spec: TriggerSpec,
    *,
    since: datetime,
) -> Trial:
    """What a trigger would have fired since a moment. Nothing is changed and nothing is run."""
    now = around.clock.now()
    row = ledger.find(record.id, spec.name) or TriggerRow(
        record.id, spec.name, spec.kind, spec.options, {}, 0, "", None, None, None, 0, ""
    )
    fired = [f for f in ledger.firings(record.id, since=since, limit=500) if f.trigger == spec.name]
    if spec.kind in ENDS:
        ended = [r for r in ended_since(ledger.store, since) if awaits(row, r)]
        told = [(run.ended_at, {"run": run.id, "status": run.status}) for run in ended]
        return Trial(
            spec.name, spec.kind, told, f"{len(told)} runs of {spec.options['job']} ended so"
        )
    if spec.kind == "webhook":
        return Trial(spec.name, spec.kind, _past(fired), "what was posted; see the address")
    return await _look_now(around, row, fired, since, now)


async def _look_now(
    around: Surroundings, row: TriggerRow, fired: list[Firing], since: datetime, now: datetime
) -> Trial:
    """What was seen since then, and what a look at this moment finds."""
    past = _past(fired)
    try:
        before = row.state or {}
        found = await LOOKS[row.kind](around, row.options, before)
        if row.kind == "feed_changed" and not before:
            return await _published(around, row, since)
    except AssistantError as wrong:
        return Trial(row.name, row.kind, past, error=f"{wrong.message} {wrong.hint}".strip())
    fresh = [(_moment(now), data) for data in found.changes]
    if not before:
        note = f"{found.note} now; what was there before is not known: it has not looked yet"
    else:
        note = f"{found.note}; a look now {'would fire' if fresh else 'finds nothing new'}"
    return Trial(row.name, row.kind, [*past, *fresh], note)


async def _published(around: Surroundings, row: TriggerRow, since: datetime) -> Trial:
    """A feed tells the past itself: its items of that time."""
    read = await around.call("fetch_feed", {"url": row.options["url"], "limit": 1000})
    start = _moment(since)
    told = [
        (item["published"], {"title": item["title"], "url": item["url"]})
        for item in read["items"]
        if item["published"] and item["published"] >= start
    ]
    every = written(float(row.options["every"]))
    note = f"{len(told)} items by their dates; those within {every} of one another fire once"
    return Trial(row.name, row.kind, sorted(told, key=lambda one: one[0]), note)


def in_short(data: dict[str, Any]) -> str:
    """What a run would be told, as a line of JSON that is cut where it is long."""
    text = json.dumps(data, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _past(fired: list[Firing]) -> list[tuple[str, dict[str, Any]]]:
    return [(f.at, {"outcome": f.outcome, "run": f.run_id, **f.data}) for f in reversed(fired)]


def _moment(moment: datetime) -> str:
    return rfc3339(moment)
