"""The coming week as a calendar, and the ledger: every planned instant and what became of it."""

from __future__ import annotations

from assistant.panel import controls
from assistant.panel.addresses import Address, to
from assistant.panel.controls import link
from assistant.panel.html import Html, el, join
from assistant.panel.places import job_list
from assistant.panel.reading import Reader
from assistant.panel.texts import say
from assistant.schedule.calendar import Day, Entry, coming

DAYS = 7
MOST = 200
TONES = {"ran": "succeeded", "missed": "failed", "skipped": "waiting", "coalesced": "waiting",
         "paused": "paused", "planned": "queued"}  # fmt: skip


def week(reader: Reader, at: Address) -> Html:
    place = reader.place
    days = coming(place.ledger, place.jobs, place.clock.now(), timezone=str(reader.zone), days=DAYS)
    today = reader.now().date()
    body = (
        el("div", [_day(day, today=day.date == today) for day in days], class_="calendar")
        if any(day.entries for day in days)
        else controls.empty(
            say("calendar.empty"), say("calendar.empty_sub"),
            link(say("jobs.begin_chat"), to("chat"), class_="button primary"),
        )
    )  # fmt: skip
    return controls.page(
        say("calendar.title"), say("calendar.sub", zone=str(reader.zone)),
        job_list.parts("calendar"), body, controls.cli("assistant jobs calendar", "assistant jobs show JOB"),
    )  # fmt: skip


def ledger(reader: Reader, at: Address) -> Html:
    names = {record.id: record for record in reader.place.jobs.list()}
    chosen = at.query.get("job", "")
    wanted = reader.place.jobs.find(chosen) if chosen else None
    outcome = at.query.get("outcome", "")
    found = reader.place.ledger.ticks(wanted.id if wanted else "", outcome=outcome, limit=MOST)
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


def _day(day: Day, *, today: bool) -> Html:
    return el(
        "section",
        el("h3", f"{day.date:%a} ", el("b", f"{day.date.day} {day.date:%b}")),
        el("ul", [_entry(entry) for entry in day.entries]) if day.entries else el("p", "–", class_="soft"),
        class_="day today" if today else "day",
    )  # fmt: skip


def _entry(entry: Entry) -> Html:
    """A job on one day: its times, or how often when there are many."""
    times = ", ".join(f"{at:%H:%M}" for at in entry.times[:3])
    more = entry.more or len(entry.times) > 3
    told = el("time", f"{times} …" if more else times, title=entry.words)
    state = el("small", say("ledger.paused")) if entry.paused else None
    return el(
        "li", link(join(told, el("span", entry.title or entry.job), state), to("jobs", entry.job))
    )
