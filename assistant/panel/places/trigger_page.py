"""A job's triggers: how each stands, what it would have fired, what it has fired, and its token."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from assistant.errors import BindingsInvalid, TargetUnresolved
from assistant.panel import controls
from assistant.panel.addresses import to
from assistant.panel.controls import button, chip, link
from assistant.panel.html import Html, el, join
from assistant.panel.place import Said, Values
from assistant.panel.reading import Reader, span
from assistant.panel.texts import count, say
from assistant.pipeline.spec import Job
from assistant.schedule.arming import specs
from assistant.schedule.hooks import make_token, renew_token, token_of
from assistant.schedule.trigger_views import Trial, TriggerView, in_short, views
from assistant.skills.periods import moment_since
from assistant.store.jobs import JobRecord
from assistant.store.triggers import Firing, TriggerRow
from assistant.workplace import Workplace

TONES = {"watching": "succeeded", "waiting": "waiting", "failing": "failed", "paused": "paused",
         "off": ""}  # fmt: skip
FIRED = {"ran": "succeeded", "missed": "failed", "coalesced": "waiting", "paused": "paused",
         "pending": "queued"}  # fmt: skip
PERIODS = ("24h", "7d", "30d")
FIRINGS, SHOWN = 20, 20
SEEN_FOR = timedelta(minutes=2)
"""A token that was asked for is on the screen for so long."""


@dataclass
class Asked:
    """What a browser's session has asked of triggers last: a trial, and a token."""

    trials: dict[str, tuple[str, str, Trial]] = field(
        default_factory=dict[str, tuple[str, str, Trial]]
    )
    """By session: the job's id, the period, and what would have fired."""
    tokens: dict[str, tuple[str, str, datetime]] = field(
        default_factory=dict[str, tuple[str, str, datetime]]
    )
    """By session: the job's id, the trigger, and until when its token is shown."""


def show(reader: Reader, record: JobRecord, job: Job, asked: Asked, session: str) -> Html:
    try:
        seen = views(reader.place.firings, record, specs(job), reader.place.settings)
    except BindingsInvalid as wrong:  # it was never switched on: an input has no default
        return controls.note("wait", f"{wrong.message}. {wrong.hint}")
    if not seen:
        return controls.empty(say("trigger.none"), say("trigger.none_sub"))
    return join(
        *(_one(reader, record, view, asked, session) for view in seen),
        _firings(reader, reader.place.firings.firings(record.id, limit=FIRINGS)),
    )


def summary(reader: Reader, record: JobRecord, job: Job) -> Html | None:
    """What else starts the job, in a card: how each trigger stands, and when it fired last."""
    try:
        seen = views(reader.place.firings, record, specs(job), reader.place.settings)
    except BindingsInvalid as wrong:
        return controls.card(
            controls.note("wait", f"{wrong.message}. {wrong.hint}"), title=say("job.trigger")
        )
    if not seen:
        return None
    rows = [
        (
            join(el("b", view.name), el("div", view.address or view.watches, class_="clip soft")),
            join(
                chip(TONES[view.state], say(f"trigger.{view.state}")),
                el("div", say("trigger.looked", when=reader.when(view.last_look)), class_="soft")
                if view.last_look
                else None,
                el("div", view.error, class_="clip soft") if view.error else None,
            ),
            reader.when(view.last_fired) or "–",
        )
        for view in seen
    ]
    head = (say("trigger.name"), say("jobs.status"), say("trigger.fired"))
    more = link(say("trigger.more"), to("jobs", record.name, "triggers"), class_="button")
    return controls.card(
        controls.table(head, rows, label=say("job.trigger")),
        el("p", more),
        title=say("job.trigger"),
    )


# What a person does


async def try_it(place: Workplace, asked: Asked, values: Values) -> Said:
    """Say what a trigger would have fired; nothing is run or remembered."""
    record = place.jobs.get(values.text("job"))
    name, since = values.text("trigger"), values.text("since", needed=False) or PERIODS[0]
    wanted = [one for one in specs(place.lifecycle.in_force(record)) if one.name == name]
    now = place.clock.now()
    for trial in await place.try_triggers(record, wanted, since=moment_since(since, now) or now):
        asked.trials[values.session] = (record.id, since, trial)
        told = count("trigger.would", len(trial.fires), name=name, since=since)
        return Said(told, "bad" if trial.error else "calm", trial.error or trial.note)
    raise TargetUnresolved(say("trigger.gone", name=name[:60]))


async def show_token(place: Workplace, asked: Asked, values: Values) -> Said:
    """Show a webhook's token for a while; one is made when there is none."""
    record, row = _webhook(place, values)
    if not make_token(place.secrets, row):
        return Said(say("trigger.token_none", name=row.name), "bad")
    _let_see(place, asked, values.session, row)
    return Said(say("trigger.token_shown", name=row.name), go=to("jobs", record.name, "triggers"))


async def renew(place: Workplace, asked: Asked, values: Values) -> Said:
    """Put another token in place of a webhook's, and show it."""
    record, row = _webhook(place, values)
    renew_token(place.secrets, row)
    _let_see(place, asked, values.session, row)
    return Said(say("trigger.token_made", name=row.name), go=to("jobs", record.name, "triggers"))


def _webhook(place: Workplace, values: Values) -> tuple[JobRecord, TriggerRow]:
    record, name = place.jobs.get(values.text("job")), values.text("trigger")
    row = place.firings.find(record.id, name)
    if row is None or row.kind != "webhook":
        raise TargetUnresolved(say("trigger.gone", name=name[:60]), hint=say("trigger.off_about"))
    return record, row


def _let_see(place: Workplace, asked: Asked, session: str, row: TriggerRow) -> None:
    asked.tokens[session] = (row.job_id, row.name, place.clock.now() + SEEN_FOR)


# What is shown


def _one(reader: Reader, record: JobRecord, view: TriggerView, asked: Asked, session: str) -> Html:
    told = controls.facts([
        (say("jobs.status"), chip(TONES[view.state], say(f"trigger.{view.state}"))),
        (say("trigger.watches"), el("code", view.address or view.watches)),
        (say("trigger.every"), span(view.every)),
        (say("trigger.debounce"), span(view.debounce or None)),
        (say("trigger.last_look"), reader.when(view.last_look)),
        (say("trigger.next_look"), reader.when(view.next_look)),
        (say("trigger.fired"), reader.when(view.last_fired)),
        (say("trigger.pending"), str(view.pending) if view.pending else ""),
        (say("trigger.error"), view.error),
    ])  # fmt: skip
    periods = [(period, say(f"trigger.last_{period}")) for period in PERIODS]
    tried = asked.trials.get(session)
    mine = tried if tried and (tried[0], tried[2].name) == (record.id, view.name) else None
    since = mine[1] if mine else PERIODS[0]
    form = controls.form(
        "jobs.try", controls.hidden("job", record.name), controls.hidden("trigger", view.name),
        controls.field(say("trigger.since"), controls.select("since", periods, since)),
        el("div", controls.submit(say("trigger.try"), kind=""), class_="form-foot"),
        cli=f"assistant jobs triggers {record.name} --test --since {since}",
        key=f"try-{record.id}-{view.name}",
    )  # fmt: skip
    token = _token(reader, record, view, asked, session) if view.kind == "webhook" else None
    return controls.card(
        told, token, form, _trial(reader, mine[2]) if mine else None, title=view.name
    )


def _token(
    reader: Reader, record: JobRecord, view: TriggerView, asked: Asked, session: str
) -> Html:
    if view.state == "off":
        return controls.note("calm", say("trigger.off_about"))
    values = {"job": record.name, "trigger": view.name}
    command = f"assistant jobs triggers {record.name}"
    acts = el(
        "div",
        button(say("trigger.token_show"), "jobs.token", values, cli=f"{command} --token",
               label=f"{say('trigger.token_show')} {view.name}"),
        button(say("trigger.token_new"), "jobs.renew", values, cli=f"{command} --new-token {view.name}",
               ask=say("trigger.token_ask", name=view.name), label=f"{say('trigger.token_new')} {view.name}"),
        class_="actions",
    )  # fmt: skip
    job_id, name, until = asked.tokens.get(session, ("", "", reader.place.clock.now()))
    row = reader.place.firings.find(record.id, view.name)
    if (job_id, name) != (record.id, view.name) or until <= reader.place.clock.now() or row is None:
        return acts
    return join(acts, controls.cli_line(token_of(reader.place.secrets, row), "token"))


def _trial(reader: Reader, trial: Trial) -> Html:
    rows = [
        (reader.when(at), el("code", in_short(data), class_="clip")) for at, data in trial.fires
    ]
    table = controls.table((say("trigger.when"), say("trigger.told")), rows[-SHOWN:],
                           label=say("trigger.try"))  # fmt: skip
    note = controls.note("wait" if trial.error else "calm", trial.error or trial.note)
    return join(note, table if rows else None)


def _firings(reader: Reader, fired: list[Firing]) -> Html:
    rows = [
        (
            reader.when(one.at), one.trigger,
            chip(FIRED[one.outcome], say(f"trigger.became_{one.outcome}")),
            link(say("ledger.run"), to("runs", one.run_id)) if one.run_id else "–", one.reason or "–",
        )
        for one in fired
    ]  # fmt: skip
    head = (say("trigger.when"), say("trigger.name"), say("ledger.outcome"), say("ledger.run"),
            say("ledger.reason"))  # fmt: skip
    body = (
        controls.table(head, rows, label=say("trigger.firings"))
        if rows
        else el("p", say("trigger.no_firings"), class_="soft")
    )
    return controls.card(body, title=say("trigger.firings"))
