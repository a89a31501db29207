"""A schedule run over a range of the past, from the job's ledger: first looked at, then asked for."""

from __future__ import annotations

from assistant.errors import TargetUnresolved
from assistant.panel import controls
from assistant.panel.addresses import to
from assistant.panel.html import Html, el
from assistant.panel.place import Said, Values
from assistant.panel.texts import count, say
from assistant.pipeline.spec import Schedule
from assistant.schedule import backfill
from assistant.schedule.cron import zone
from assistant.schedule.wording import moment
from assistant.store.jobs import JobRecord
from assistant.workplace import Workplace

SHOWN = 12


def form(record: JobRecord) -> Html:
    return controls.card(
        el("p", say("backfill.about")),
        controls.form(
            "jobs.backfill", controls.hidden("job", record.name),
            controls.field(say("backfill.start"), controls.text_input("start", kind="date", required=True)),
            controls.field(say("backfill.end"), controls.text_input("end", kind="date"), say("backfill.end_about")),
            el("div", controls.submit(say("backfill.look"), kind="", name="look", value="yes"),
               controls.submit(say("backfill.run")), class_="form-foot"),
            cli=f"assistant jobs backfill {record.name} --from DATE --to DATE", key=f"backfill-{record.id}",
        ),
        title=say("backfill.title"),
    )  # fmt: skip


def fill(place: Workplace, values: Values) -> Said:
    """Say what a range would run, or plan it: the scheduler makes the runs one after the other.

    Raises TargetUnresolved for a job without a schedule, BindingsInvalid for a range that is none.
    """
    record = place.jobs.get(values.text("job"))
    kept = _schedule(place, record)
    local, now = zone(kept.timezone), place.clock.now()
    end = values.text("end", needed=False)
    wanted = backfill.look_back(
        place.ledger, record, kept.cron, kept.timezone,
        start=backfill.moment_of(values.text("start"), local),
        end=backfill.moment_of(end, local, last=True) if end else now, now=now,
    )  # fmt: skip
    many, before = len(wanted.instants), len(wanted.kept)
    if not many:
        return Said(say("backfill.nothing", before=before), "calm")
    if values.on("look"):
        shown = [moment(instant.astimezone(local)) for instant in wanted.instants[:SHOWN]]
        more = [say("backfill.more", n=many - SHOWN)] if many > SHOWN else []
        return Said(
            count("backfill.would", many, before=before), "calm", "\n".join([*shown, *more])
        )
    backfill.plan(place.ledger, record, wanted)
    return Said(count("backfill.planned", many), go=to("jobs", record.name, "ticks"))


def _schedule(place: Workplace, record: JobRecord) -> Schedule:
    kept = place.lifecycle.in_force(record).schedule if record.version else None
    if kept is None:
        raise TargetUnresolved(
            say("backfill.no_schedule", job=record.name), hint=say("backfill.no_schedule_hint")
        )
    return kept
