"""The Insight tab: how jobs do over time, what they fail of, what was unusual, what waits for a word."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta

from assistant.clock import rfc3339
from assistant.errors import BindingsInvalid
from assistant.insight.reading import Rows
from assistant.panel import charts, controls
from assistant.panel.addresses import Address, to
from assistant.panel.controls import button, chip, link
from assistant.panel.html import Html, el, join
from assistant.panel.place import Action, Said, Values
from assistant.panel.places import repairs
from assistant.panel.reading import Reader, span
from assistant.panel.texts import count, say
from assistant.panel.views import TONES
from assistant.store.alerts import AlertRow
from assistant.workplace import Workplace

SPANS = {"7": 7, "30": 30, "90": 90, "all": 0}
DEFAULT = "30"
ONCE = "once"
"""What runs of no job are filed under."""


class InsightPlace:
    """`#/insight?job=…&days=…`, `#/insight/alerts`, `#/insight/healing`, `#/insight/suggestions`."""

    def __init__(self, place: Workplace) -> None:
        self.place = place
        self.reader = Reader(place)

    def show(self, at: Address, session: str) -> Html:
        part = at.part(1)
        job, since = at.query.get("job", ""), self._since(at)
        body = {
            "alerts": self._alerts, "healing": self._healing, "suggestions": self._suggestions,
        }.get(part, self._overview)  # fmt: skip
        return controls.page(
            say("insight.title"), say("insight.sub"),
            controls.tabs(
                part or "overview", ("overview", say("insight.overview"), to("insight")),
                ("alerts", say("insight.alerts"), to("insight", "alerts")),
                ("healing", say("insight.healing"), to("insight", "healing")),
                ("suggestions", say("insight.suggestions"), to("insight", "suggestions")),
            ),
            self._filters(at) if part != "alerts" else None,
            body(job, since),
            controls.cli("assistant insight report", "assistant insight anomalies", "assistant insight suggestions",
                "assistant heal list", "assistant alerts list"),
        )  # fmt: skip

    @property
    def actions(self) -> Mapping[str, Action]:
        decided = {word: self._decide(word) for word in ("accept", "reject", "undo")}
        answered = {word: self._answer(word) for word in ("agree", "snooze", "never", "look")}
        return {"close": self.close, **decided, **answered}

    def _decide(self, word: str) -> Action:
        async def act(values: Values) -> Said:
            return await repairs.decide(self.place, values, word)

        return act

    def _answer(self, word: str) -> Action:
        async def act(values: Values) -> Said:
            return await asyncio.to_thread(repairs.answer, self.place, values, word)

        return act

    async def close(self, values: Values) -> Said:
        number = values.text("alert")
        if not number.isdecimal():
            raise BindingsInvalid(say("insight.no_alert", number=number[:20]))
        closed = self.place.alerts.alerts.close(int(number))
        return Said(say("insight.closed", title=closed.title))

    # Overview

    def _overview(self, job: str, since: str) -> Html:
        runs = self.place.insight.durations(job=job, since=since)
        if not runs:
            return controls.empty(say("insight.empty"), say("insight.empty_sub"),
                                  link(say("jobs.begin_chat"), to("chat"), class_="button primary"))  # fmt: skip
        days = _by_day(self.place.insight.days(job=job, since=since))
        stacked = [(day, (row["succeeded"], row["failed"], row["cancelled"])) for day, row in days]
        line = [(str(row["at"]), float(row["seconds"] or 0), TONES.get(str(row["status"]), "")) for row in runs[-120:]]  # fmt: skip
        cost = [(day, (row["cost"],)) for day, row in days]
        failures = self.place.insight.failures(job=job, since=since)
        return join(
            self._numbers(runs, days),
            self._unusual(job, since),
            el("div",
               controls.card(charts.stacked(stacked, ("ok", "bad", "none"), say("insight.runs_a_day")), title=say("insight.runs_a_day")),
               controls.card(charts.points(line, say("insight.seconds")), title=say("insight.seconds")),
               controls.card(_failures(failures, "skill"), title=say("insight.by_skill")),
               controls.card(_failures(failures, "host"), title=say("insight.by_host")),
               controls.card(charts.stacked(cost, ("run",), say("insight.cost_a_day")), title=say("insight.cost_a_day"))
               if any(row["cost"] for _, row in days) else None,
               class_="two charts"),
            self._by_job(since) if not job else None,
        )  # fmt: skip

    def _numbers(self, runs: Rows, days: list[tuple[str, dict[str, float]]]) -> Html:
        judged = [row for row in runs if row["status"] != "cancelled"]
        good = sum(row["status"] == "succeeded" for row in judged)
        times = sorted(float(row["seconds"]) for row in runs if row["status"] == "succeeded" and row["seconds"] is not None)  # fmt: skip
        tokens, cost = sum(row["tokens"] for _, row in days), sum(row["cost"] for _, row in days)
        told = (
            (say("insight.runs"), f"{len(runs):,}"),
            (
                say("insight.success"),
                f"{100 * good / len(judged):.1f} %".replace(".0 %", " %") if judged else "–",
            ),
            (say("insight.median"), span(times[len(times) // 2]) if times else "–"),
            (say("insight.tokens"), f"{tokens:,.0f}"),
            (say("insight.cost"), f"${cost:,.2f}"),
        )
        return el("div", [el("div", el("span", name), el("b", value)) for name, value in told], class_="numbers")  # fmt: skip

    def _unusual(self, job: str, since: str) -> Html | None:
        found = self.place.insight.anomalies(job=job, since=since)[:6]
        if not found:
            return None
        items = [
            el("li", el("span", one.text), " ", link(say("insight.see_run"), to("runs", one.run_id)),
               el("small", f"{one.job} · {self.reader.when(one.at)}"))
            for one in found
        ]  # fmt: skip
        return controls.card(el("ul", items, class_="plain lines"), title=say("insight.unusual"))

    def _by_job(self, since: str) -> Html:
        rates = self.place.insight.view("success_rate", since=since)
        times = {row["job"]: row for row in self.place.insight.view("durations", since=since)}
        costs = {row["job"]: row for row in self.place.insight.costs(since=since)}
        titles = {record.name: record.title for record in self.place.jobs.list()}
        rows = [
            (
                self._named(str(row["job"]), titles), f"{row['runs']:,}",
                f"{100 * row['success_rate']:.0f} %" if row["success_rate"] is not None else "–",
                span(times.get(row["job"], {}).get("p50")) or "–", span(times.get(row["job"], {}).get("p90")) or "–",
                f"${costs[row['job']]['cost_per_run']:.4f}" if row["job"] in costs else "–",
                self.reader.when(row["last_run_at"]),
            )
            for row in rates
        ]  # fmt: skip
        head = (say("jobs.job"), say("insight.runs"), say("insight.success"), say("insight.median"), say("insight.p90"),
                say("insight.cost_a_run"), say("insight.last"))  # fmt: skip
        return join(
            el("h2", say("insight.by_job")), controls.table(head, rows, label=say("insight.by_job"))
        )

    def _named(self, job: str, titles: Mapping[str, str]) -> Html:
        """A job by its title, with its name; what was asked once has neither."""
        if job == ONCE:
            return link(el("b", say("runs.once")), to("insight", job=job), class_="strong")
        title = link(el("b", titles.get(job) or job), to("insight", job=job), class_="strong")
        return join(title, el("small", job) if titles.get(job) else None)

    # Alerts and healing

    def _alerts(self, job: str, since: str) -> Html:
        found = self.place.alerts.alerts.list(limit=60)
        if not found:
            return controls.empty(say("insight.no_alerts"), say("insight.no_alerts_sub"),
                                  link(say("insight.channels"), to("settings", "channels"), class_="button primary"))  # fmt: skip
        head = (say("jobs.status"), say("insight.what"), say("jobs.job"), say("insight.times"), say("insight.last"), "")  # fmt: skip
        return controls.table(
            head, [self._alert(alert) for alert in found], label=say("insight.alerts")
        )

    def _alert(self, alert: AlertRow) -> tuple[object, ...]:
        open_ = alert.state == "open"
        close = (
            button(say("insight.close"), "insight.close", {"alert": str(alert.id)}, cli=f"assistant alerts close {alert.id}",
                   label=f"{say('insight.close')} {alert.title}")
            if open_
            else ""
        )  # fmt: skip
        run = link(say("insight.see_run"), to("runs", alert.run_id)) if alert.run_id else None
        return (
            chip("failed" if open_ else "", say("insight.open" if open_ else "insight.over")),
            join(el("b", alert.title), el("small", alert.text.splitlines()[0] if alert.text else "", " ", run)),
            link(alert.job, to("jobs", alert.job)) if alert.job else "–", f"{alert.count:,}",
            self.reader.when(alert.last_at), close,
        )  # fmt: skip

    def _healing(self, job: str, since: str) -> Html:
        rows = self.place.insight.healing_record(job=job, since=since)
        names = ("proposed", "kept", "on_trial", "asked", "undone", "refused")
        head = tuple(say(f"heal.{name}") for name in ("fault", "source", *names))
        shown = [
            (str(row["fault"]).replace("_", " "), row["source"], *(f"{row[name] or 0}" for name in names))
            for row in rows
        ]  # fmt: skip
        record = controls.table(head, shown, label=say("insight.healing")) if rows else None
        return join(record, repairs.repairs(self.reader, job))

    def _suggestions(self, job: str, since: str) -> Html:
        return repairs.suggestions(self.reader, job)

    def _filters(self, at: Address) -> Html:
        jobs = [("", say("ledger.all_jobs")), *((r.name, r.title or r.name) for r in self.place.jobs.list() if r.version), (ONCE, say("runs.once"))]  # fmt: skip
        spans = [(key, say(f"insight.days_{key}")) for key in SPANS]
        return controls.filters(
            controls.select("job", jobs, at.query.get("job", ""), aria_label=say("jobs.job")),
            controls.select(
                "days", spans, at.query.get("days", DEFAULT), aria_label=say("insight.span")
            ),
        )

    def _since(self, at: Address) -> str:
        days = SPANS.get(at.query.get("days", DEFAULT), SPANS[DEFAULT])
        if not days:
            return ""
        # The start of a day: the figures then stay the same from one look to the next.
        start = self.reader.now().replace(hour=0, minute=0, second=0, microsecond=0)
        return rfc3339(start - timedelta(days=days - 1))


def _by_day(rows: Rows) -> list[tuple[str, dict[str, float]]]:
    """Jobs of a day together, in order."""
    days = defaultdict[str, dict[str, float]](lambda: dict.fromkeys(("succeeded", "failed", "cancelled", "tokens", "cost"), 0.0))  # fmt: skip
    for row in rows:
        for name in days[str(row["day"])]:
            days[str(row["day"])][name] += float(row[name] or 0)
    return sorted(days.items())


def _failures(rows: Rows, column: str) -> Html:
    """Failures by skill or host, with their classes."""
    total, classes = defaultdict[str, int](int), defaultdict[str, set[str]](set)
    for row in rows:
        name = str(row[column] or say("insight.nowhere"))
        total[name] += int(row["runs"])
        classes[name].add(str(row["fault"]).replace("_", " "))
    if not total:
        return el("p", say("insight.no_failures"), class_="soft")
    shown: list[tuple[str, float, str]] = [
        (name.replace("_", " "), number, f"{count('insight.n_runs', number)} · {', '.join(sorted(classes[name]))}")
        for name, number in sorted(total.items(), key=lambda pair: -pair[1])[:8]
    ]  # fmt: skip
    return charts.bars(shown)
