"""The list of runs, with filters, and two of them compared."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from assistant.ids import ONCE
from assistant.job.comparing import Comparison, StepPair, compare
from assistant.panel import controls
from assistant.panel.addresses import Address, to
from assistant.panel.controls import chip, link
from assistant.panel.html import Html, el, join
from assistant.panel.reading import Reader, seconds_of, span
from assistant.panel.texts import count, say
from assistant.store.runs import RunRow

PAGE = 50
STATES = ("", "running", "waiting", "succeeded", "failed", "timed_out", "cancelled", "queued")
LONGEST = 160


def show(reader: Reader, at: Address) -> Html:
    rows = _found(reader, at)
    jobs = [("", say("ledger.all_jobs")), *((r.name, r.title or r.name) for r in reader.place.jobs.list())]  # fmt: skip
    states = [(state, say(f"runs.state_{state or 'any'}")) for state in STATES]
    kinds = [("", say("runs.real")), ("dry", say("runs.dry_only")), ("all", say("runs.all_kinds"))]
    tools = controls.filters(
        controls.search_box(at.query.get("q", ""), say("runs.search")),
        controls.select("job", jobs, at.query.get("job", ""), aria_label=say("jobs.job")),
        controls.select("status", states, at.query.get("status", ""), aria_label=say("jobs.status")),
        controls.select("kind", kinds, at.query.get("kind", ""), aria_label=say("runs.kind")),
    )  # fmt: skip
    body = (
        controls.form(
            "runs.compare",
            el("div", controls.submit(say("runs.compare"), kind="quiet"), class_="bulk-bar"),
            table_of(reader, rows, ticks=True), cli="assistant runs compare RUN RUN", class_="bulk",
            key="runs",
        )
        if rows
        else _nothing(at)
    )  # fmt: skip
    more = len(rows) == PAGE
    older = link(say("runs.older"), at.but(before=rows[-1].id), class_="button") if more else None
    return controls.page(
        say("runs.title"), count("runs.count", len(rows)), tools, body,
        el("p", older) if older else None,
        controls.cli("assistant runs list", "assistant runs list --status failed", "assistant runs compare RUN RUN"),
    )  # fmt: skip


def table_of(
    reader: Reader, rows: Sequence[RunRow], *, ticks: bool = False, with_job: bool = True
) -> Html:
    """Runs as rows; each leads to its page."""
    records = reader.place.jobs.list()
    titles = {key: r.title or r.name for r in records for key in (r.id, r.name)}
    head: list[str] = [""] if ticks else []
    head += [say("jobs.job")] if with_job else []
    head += [say("runs.run"), say("jobs.status"), say("runs.began"), say("runs.took"), say("runs.trigger"), say("runs.outcome")]  # fmt: skip

    def row(run: RunRow) -> list[object]:
        cells: list[object] = []
        if ticks:
            cells.append(el("input", type="checkbox", name="run", value=run.id,
                            aria_label=say("runs.tick", run=run.id)))  # fmt: skip
        if with_job:
            once = say("runs.once") if run.job == ONCE else run.job
            cells.append(el("b", titles.get(run.job_id) or titles.get(run.job, once)))
        return [
            *cells, link(el("code", run.id), to("runs", run.id), class_="strong"),
            join(chip(run.status), " ", chip("", say("runs.dry")) if run.dry else None),
            reader.moment(run.started_at or run.queued_at), span(seconds_of(run)) or "–",
            trigger_words(run), el("span", outcome(run) or "–", class_="clip"),
        ]  # fmt: skip

    return controls.table(head, [row(run) for run in rows], label=say("runs.title"))


STARTED_BY = ("schedule", "panel", "chat", "cli", "rerun", "call_job", "mcp", "skill", "webhook", "feed_changed",
              "page_changed", "file_changed", "row_changed", "job_failed", "job_succeeded", "healing")  # fmt: skip


def trigger_words(run: RunRow) -> str:
    kind = str(run.trigger.get("kind", ""))
    return say(f"runs.by_{kind}") if kind in STARTED_BY else kind.replace("_", " ") or "–"


def outcome(run: RunRow) -> str:
    """Why it failed, or the reason it gave for its end."""
    return str((run.error or {}).get("message", "")) or run.reason


def compared(reader: Reader, at: Address) -> Html:
    """Two runs side by side."""
    told = compare(reader.place.runs, at.query.get("a", ""), at.query.get("b", ""))
    first, second = told.first, told.second
    head = ("", join(link(first.id, to("runs", first.id))), join(link(second.id, to("runs", second.id))))  # fmt: skip
    facts = [_fact(name, a, b) for name, a, b in told.facts]
    facts.insert(
        0, (say("runs.began"), reader.when(first.started_at), reader.when(second.started_at))
    )
    facts.insert(1, (say("runs.took"), span(seconds_of(first)), span(seconds_of(second))))
    return controls.page(
        say("compare.title"), _difference(told),
        controls.table(head, facts, label=say("compare.facts")),
        el("h2", say("compare.steps")),
        controls.table(
            (say("run.step"), say("compare.first"), say("compare.second"), say("compare.input"), say("compare.output")),
            [_step(pair) for pair in told.steps], label=say("compare.steps"),
        ),
        controls.cli(f"assistant runs compare {first.id} {second.id}"),
        back=(say("runs.all"), to("runs")),
    )  # fmt: skip


def _difference(told: Comparison) -> str:
    changed = sum(pair.differs for pair in told.steps)
    return count("compare.differs", changed) if changed else say("compare.same")


def _fact(name: str, a: Any, b: Any) -> tuple[object, ...]:
    mark = "differs" if a != b else None
    return (name, el("span", _short(a), class_=mark), el("span", _short(b), class_=mark))


def _step(pair: StepPair) -> tuple[object, ...]:
    def side(status: str, seconds: float | None) -> Html:
        return join(chip(status) if status else "–", " ", span(seconds))

    def same(value: bool) -> Html:
        return el(
            "span",
            say("compare.equal" if value else "compare.other"),
            class_=None if value else "differs",
        )

    return (
        el("code", pair.path), side(pair.first_status, pair.first_seconds),
        side(pair.second_status, pair.second_seconds), same(pair.same_arguments), same(pair.same_output),
    )  # fmt: skip


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _found(reader: Reader, at: Address) -> list[RunRow]:
    job, kind, words = at.query.get("job", ""), at.query.get("kind", ""), at.query.get("q", "").lower()  # fmt: skip
    # What was asked once in a conversation belongs to its job, too.
    record = reader.place.jobs.find(job) if job else None
    rows = reader.place.runs.list(
        job="" if record else job,
        job_id=record.id if record else "",
        status=at.query.get("status", ""),
        before=at.query.get("before", ""),
        limit=PAGE * 4,
    )
    kinds = {"": False, "dry": True}
    fits = [
        row
        for row in rows
        if kind == "all" or row.dry == kinds.get(kind, False)
        if not words
        or words in f"{row.id} {row.job} {outcome(row)} {json.dumps(row.inputs)}".lower()
    ]
    return fits[:PAGE]


def _nothing(at: Address) -> Html:
    if at.query:
        return controls.empty(say("runs.no_match"), say("runs.no_match_sub"),
                              link(say("runs.show_all"), to("runs"), class_="button"))  # fmt: skip
    return controls.empty(say("runs.empty"), say("runs.empty_sub"),
                          link(say("jobs.begin_chat"), to("chat"), class_="button primary"))  # fmt: skip
