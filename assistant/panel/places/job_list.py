"""The list of jobs: state, stage, schedule in words, next run, the last ten results."""

from __future__ import annotations

from assistant.panel import controls
from assistant.panel.addresses import Address, to
from assistant.panel.controls import button, chip, link
from assistant.panel.html import Html, el, join
from assistant.panel.reading import JobFacts, Reader, strip
from assistant.panel.texts import count, say

STATES = ("", "running", "waiting", "draft", "scheduled", "paused", "failed", "parked")
MOST = 300


def show(reader: Reader, at: Address) -> Html:
    every = [reader.job(record) for record in reader.place.jobs.list(limit=MOST)]
    found = [job for job in every if _fits(job, at)]
    body: tuple[object, ...] = (_nothing(every, at),)
    if found:
        body = (controls.form("jobs.bulk", _bulk(), _table(reader, found), class_="bulk",
                              cli="assistant jobs pause JOB", key="bulk"),)  # fmt: skip
    return controls.page(
        say("jobs.title"), _summary(every),
        parts("list"),
        _filters(at) if every else None,
        *body,
        _said(reader, at.query.get("q", "")),
        controls.cli("assistant jobs list", "assistant jobs pause JOB", "assistant jobs resume JOB",
                     "assistant jobs run JOB", "assistant jobs show JOB",
                     "assistant jobs search WORDS"),
        actions=join(
            link(say("jobs.from_template"), to("jobs", "templates"), class_="button"),
            link(say("jobs.import"), to("jobs", "import"), class_="button quiet"),
        ),
    )  # fmt: skip


def parts(current: str) -> Html:
    """The pages of this place."""
    return controls.tabs(
        current,
        ("list", say("jobs.part_list"), to("jobs")),
        ("templates", say("jobs.part_templates"), to("jobs", "templates")),
        ("calendar", say("jobs.part_calendar"), to("jobs", "calendar")),
        ("ledger", say("jobs.part_ledger"), to("jobs", "ledger")),
    )


def _summary(jobs: list[JobFacts]) -> str:
    told = [count("jobs.count", len(jobs))]
    for state in ("running", "waiting", "draft", "failed"):
        if number := sum(job.state == state for job in jobs):
            told.append(say(f"jobs.n_{state}", n=number))
    return ", ".join(told) + "."


def _fits(job: JobFacts, at: Address) -> bool:
    words, state = at.query.get("q", "").lower().split(), at.query.get("state", "")
    text = f"{job.title} {job.record.name} {job.schedule}".lower()
    if state == "parked":
        return job.record.status == "parked" and all(word in text for word in words)
    if state and job.state != state:
        return False
    return all(word in text for word in words)


def _filters(at: Address) -> Html:
    states = [(state, say(f"jobs.state_{state or 'any'}")) for state in STATES]
    return controls.filters(
        controls.search_box(at.query.get("q", ""), say("jobs.search")),
        controls.select("state", states, at.query.get("state", ""), aria_label=say("jobs.state")),
    )


def _bulk() -> Html:
    return el(
        "div",
        el("label", el("input", type="checkbox", data_all="jobs"), el("span", say("jobs.tick_all")),
           class_="check"),
        *[controls.submit(say(f"jobs.bulk_{what}"), kind="quiet", name="what", value=what)
          for what in ("pause", "resume", "run")],
        class_="bulk-bar",
    )  # fmt: skip


def _table(reader: Reader, jobs: list[JobFacts]) -> Html:
    head = ("", say("jobs.job"), say("jobs.status"), say("jobs.stage"), say("jobs.schedule"),
            say("jobs.next"), say("jobs.last_ten"), "")  # fmt: skip
    return controls.table(head, [_row(reader, job) for job in jobs], class_="jobs-table",
                          label=say("jobs.title"))  # fmt: skip


def _row(reader: Reader, job: JobFacts) -> tuple[object, ...]:
    name = job.record.name
    values = {"job": name}
    switch: object = None
    if job.record.enabled:
        word = "resume" if job.record.paused else "pause"
        switch = button(say(f"jobs.{word}_one"), f"jobs.{word}", values,
                        cli=f"assistant jobs {word} {name}", label=f"{say(f'jobs.{word}_one')} {job.title}")  # fmt: skip
    run = (
        button(say("jobs.run_one"), "jobs.run", values, cli=f"assistant jobs run {name}",
               label=f"{say('jobs.run_one')} {job.title}")
        if job.record.version
        else None
    )  # fmt: skip
    return (
        el("input", type="checkbox", name="jobs", value=name, aria_label=say("jobs.tick", job=job.title)),
        join(link(el("b", job.title), to("jobs", name), class_="strong"), el("small", name)),
        chip(job.state),
        say(f"stage.{min(max(job.record.stage, 1), 4)}"),
        job.schedule or say("jobs.by_hand"),
        reader.moment(job.next_at) or "–",
        strip(job.runs),
        el("div", link(say("jobs.talk"), to("chat", job.record.id), class_="button quiet",
                       aria_label=f"{say('jobs.talk')} {job.title}"), run, switch, class_="row-actions"),
    )  # fmt: skip


def _said(reader: Reader, words: str) -> Html | None:
    """Where these words were said, in the conversations of all jobs."""
    if len(words.strip()) < 3:
        return None
    found = reader.place.jobs.said.search(words, limit=8)
    titles = {record.id: record.title or record.name for record in reader.place.jobs.list()}
    hits = [
        el("li", link(titles.get(hit.interaction.job_id, hit.interaction.job_id), to("chat", hit.interaction.job_id)),
           el("small", f"{reader.when(hit.interaction.at)} · {' '.join(hit.excerpt.split())}"))
        for hit in found
    ]  # fmt: skip
    return (
        controls.card(el("ul", hits, class_="plain lines"), title=say("jobs.said"))
        if hits
        else None
    )


def _nothing(every: list[JobFacts], at: Address) -> Html:
    if every:
        return controls.empty(
            say("jobs.no_match"), say("jobs.no_match_sub"), link(say("jobs.show_all"), to("jobs"), class_="button"),
        )  # fmt: skip
    return controls.empty(
        say("jobs.empty"), say("jobs.empty_sub"),
        el("div", link(say("jobs.begin_chat"), to("chat"), class_="button primary"),
           link(say("jobs.from_template"), to("jobs", "templates"), class_="button"), class_="actions"),
    )  # fmt: skip
