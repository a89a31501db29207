"""The coming week as a calendar, and the ledger: every planned instant and what became of it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from itertools import islice, takewhile

from assistant.clock import parse_rfc3339
from assistant.panel import controls
from assistant.panel.addresses import Address, to
from assistant.panel.controls import link
from assistant.panel.html import Html, el, join
from assistant.panel.places import job_list
from assistant.panel.reading import Reader
from assistant.panel.texts import count, say
from assistant.schedule.cron import fires

DAYS = 7
A_DAY_SHOWS = 12
MOST_FIRES = 1000
TONES = {"ran": "succeeded", "missed": "failed", "skipped": "waiting", "coalesced": "waiting",
         "paused": "paused", "planned": "queued"}  # fmt: skip


def week(reader: Reader, at: Address) -> Html:
    now = reader.now()
    days = [now.date() + timedelta(days=number) for number in range(DAYS)]
    planned = _planned(reader, now)
    total = sum(len(due) for due in planned.values())
    columns = [_day(day, planned[day], today=day == now.date()) for day in days]
    body = el("div", columns, class_="calendar") if total else controls.empty(
        say("calendar.empty"), say("calendar.empty_sub"),
        link(say("jobs.begin_chat"), to("chat"), class_="button primary"))  # fmt: skip
    return controls.page(
        say("calendar.title"), say("calendar.sub", zone=str(reader.zone)),
        job_list.parts("calendar"), body,
        controls.cli("assistant jobs list", "assistant jobs show JOB"),
    )  # fmt: skip


def ledger(reader: Reader, at: Address) -> Html:
    names = {record.id: record for record in reader.place.jobs.list()}
    chosen = at.query.get("job", "")
    wanted = reader.place.jobs.find(chosen) if chosen else None
    outcome = at.query.get("outcome", "")
    ticks = reader.place.ledger.ticks(wanted.id if wanted else "", limit=200)
    found = [tick for tick in ticks if outcome in ("", tick.outcome)]
    rows = [
        (
            link(names[t.job].title or names[t.job].name, to("jobs", names[t.job].name))
            if t.job in names else t.job,
            reader.when(t.due),
            controls.chip(TONES.get(t.outcome, ""), say(f"ledger.{t.outcome}")),
            link(say("ledger.run"), to("runs", t.run_id)) if t.run_id and t.outcome == "ran" else "–",
            t.reason or "–",
        )
        for t in found
    ]  # fmt: skip
    head = (say("jobs.job"), say("ledger.due"), say("ledger.outcome"), say("ledger.run"), say("ledger.reason"))  # fmt: skip
    outcomes = [("", say("ledger.any")), *((key, say(f"ledger.{key}")) for key in TONES)]
    jobs = [("", say("ledger.all_jobs")), *((r.name, r.title or r.name) for r in names.values() if r.version)]  # fmt: skip
    body = controls.table(head, rows, label=say("ledger.title")) if rows else controls.empty(
        say("ledger.empty"), say("ledger.empty_sub"))  # fmt: skip
    return controls.page(
        say("ledger.title"), say("ledger.sub"), job_list.parts("ledger"),
        controls.filters(
            controls.select("job", jobs, chosen, aria_label=say("jobs.job")),
            controls.select("outcome", outcomes, outcome, aria_label=say("ledger.outcome")),
        ),
        body, controls.cli("assistant jobs ticks", "assistant jobs ticks JOB"),
    )  # fmt: skip


def _planned(reader: Reader, now: datetime) -> dict[date, list[tuple[datetime, str, str]]]:
    """Local day → (local moment, job's name, its title), in order."""
    found = defaultdict[date, list[tuple[datetime, str, str]]](list)
    end = datetime.combine(now.date() + timedelta(days=DAYS), datetime.min.time(), reader.zone)
    for record in reader.place.jobs.list():
        schedule = reader.place.ledger.schedule(record.id)
        if schedule is None or not record.enabled or record.paused:
            continue
        after = max(now, parse_rfc3339(schedule.planned_until))
        coming = takewhile(lambda at: at < end, fires(schedule.cron, schedule.timezone, after))
        for at in islice(coming, MOST_FIRES):
            local = at.astimezone(reader.zone)
            found[local.date()].append((local, record.name, record.title or record.name))
    return defaultdict(list, {day: sorted(due) for day, due in found.items()})


def _day(day: date, due: list[tuple[datetime, str, str]], *, today: bool) -> Html:
    shown = [
        el("li", link(join(el("time", f"{at:%H:%M}"), el("span", title)), to("jobs", name)))
        for at, name, title in due[:A_DAY_SHOWS]
    ]
    more = len(due) - A_DAY_SHOWS
    return el(
        "section",
        el("h3", f"{day:%a} ", el("b", f"{day.day} {day:%b}")),
        el("ul", shown, el("li", count("calendar.more", more), class_="soft") if more > 0 else None)
        if due
        else el("p", "–", class_="soft"),
        class_="day today" if today else "day",
    )
