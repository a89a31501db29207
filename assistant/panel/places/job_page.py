"""One job: a form to run it, its pipeline, its schedule and ticks, its runs, versions and file."""

from __future__ import annotations

import difflib

from assistant.panel import controls
from assistant.panel.addresses import Address, export_address, to
from assistant.panel.controls import button, chip, link
from assistant.panel.drawing_parts import pipeline
from assistant.panel.html import Html, el, join
from assistant.panel.places import backfilling, deleting, run_list, trigger_page
from assistant.panel.reading import JobFacts, Reader, strip
from assistant.panel.texts import say
from assistant.pipeline.spec import Job
from assistant.pipeline.walk import step_at, used_skills
from assistant.pipeline.words import sentence
from assistant.schedule.cron import next_clock_change
from assistant.schedule.wording import change_in_words, fire_in_words
from assistant.skills.saying import own_words
from assistant.store.jobs import JobRecord, Version

RUNS, TICKS = 20, 20


def show(
    reader: Reader, record: JobRecord, at: Address, asked: trigger_page.Asked, session: str,
    losses: deleting.Losses,
) -> Html:  # fmt: skip
    facts, job = reader.job(record), reader.file(record)
    part = at.part(2) or "overview"
    body = {"runs": _runs, "versions": _versions, "ticks": _ticks, "file": _file}.get(part)
    if part == "delete":
        shown = losses.show(record)
    elif part == "triggers" and job is not None:
        shown = trigger_page.show(reader, record, job, asked, session)
    else:
        part = part if body else "overview"
        shown = body(reader, record, at) if body else _overview(reader, facts, job, at)
    return controls.page(
        facts.title, join(chip(facts.state), f" {record.name}"), _parts(record, part), shown,
        controls.cli(*_commands(record)),
        actions=_actions(facts), back=(say("jobs.all"), to("jobs")),
    )  # fmt: skip


def _parts(record: JobRecord, current: str) -> Html:
    offered = [("overview", ""), ("runs", "runs"), ("versions", "versions"), ("ticks", "ticks"), ("triggers", "triggers"), ("file", "file"), ("delete", "delete")]  # fmt: skip
    return controls.tabs(
        current,
        *[(key, say(f"job.{key}"), to("jobs", record.name, *([part] if part else []))) for key, part in offered],
    )  # fmt: skip


def _commands(record: JobRecord) -> tuple[str, ...]:
    name = record.name
    return tuple(
        f"assistant jobs {word}"
        for word in (f"show {name}", f"run {name}", f"graph {name}", f"history {name}", f"versions {name}",
                     f"ticks {name}", f"backfill {name} --from DATE", f"triggers {name}", f"export {name}", f"rename {name} NEW", f"pause {name}",
                     f"delete {name}")
    )  # fmt: skip


def _actions(facts: JobFacts) -> Html:
    record, name = facts.record, facts.record.name
    made: list[object] = [link(say("job.talk"), to("chat", record.id), class_="button")]
    if record.version:
        switch = (
            ("resume" if record.paused else "pause")
            if record.enabled
            else ("enable" if facts.schedule else "")
        )
        if switch:
            made.append(button(say(f"jobs.{switch}_one"), f"jobs.{switch}", {"job": name},
                               cli=f"assistant jobs {switch} {name}", kind=""))  # fmt: skip
        made.append(el("a", say("job.export"), href=export_address(name), download=True,
                       class_="button quiet", title=f"assistant jobs export {name}"))  # fmt: skip
    return join(*made)


def _overview(reader: Reader, facts: JobFacts, job: Job | None, at: Address) -> Html:
    record = facts.record
    if job is None:
        return controls.empty(
            say("job.no_version"), say("job.no_version_sub"),
            link(say("job.see_draft"), to("chat", record.id), class_="button primary"),
        )  # fmt: skip
    upcoming = reader.place.upcoming(record.id, count=5) if record.enabled else []
    told = controls.facts([
        (say("jobs.schedule"), facts.schedule or say("jobs.by_hand")),
        (say("jobs.next"), join([el("div", fire_in_words(fire)) for fire in upcoming]) if upcoming else "–"),
        (say("job.clocks"), _clocks(reader, job)),
        (say("jobs.stage"), say(f"stage.{min(max(record.stage, 1), 4)}")),
        (say("job.version"), str(record.version)),
        (say("jobs.last_ten"), strip(facts.runs)),
        (say("job.expect"), join([el("code", line) for line in job.expect]) if job.expect else ""),
        (say("job.budget"), _budget(job)),
    ])  # fmt: skip
    left = (
        controls.card(_run_form(record, job), title=say("job.run")),
        controls.card(told, title=say("job.facts")),
        trigger_page.summary(reader, record, job),
    )
    drawn = pipeline(reader, job, at, step_link=lambda path: to("jobs", record.name, "step", path))
    right = controls.card(drawn, title=say("job.pipeline"), class_="graph-card")
    step = _step(reader, record.name, job, "/".join(at.parts[3:])) if at.part(2) == "step" else None
    return join(step, el("div", el("div", *left), right, class_="two"))


def _clocks(reader: Reader, job: Job) -> str:
    """The next change of the clocks in the schedule's zone; empty without one."""
    if job.schedule is None:
        return ""
    change = next_clock_change(job.schedule.timezone, reader.place.clock.now())
    return change_in_words(change) if change else ""


def _run_form(record: JobRecord, job: Job) -> Html:
    needed = [name for name, schema in job.inputs.items() if "default" not in schema]
    return controls.form(
        "jobs.run", controls.hidden("job", record.name),
        *controls.schema_fields(job.inputs, required=needed),
        None if job.inputs else el("p", say("job.no_inputs"), class_="soft"),
        el("div", controls.submit(say("job.run_now")),
           controls.submit(say("job.run_dry"), kind="", name="dry", value="yes"), class_="form-foot"),
        cli=f"assistant jobs run {record.name} --input NAME=VALUE", key=f"run-{record.id}",
    )  # fmt: skip


def _step(reader: Reader, name: str, job: Job, path: str) -> Html:
    step = step_at(job, path)
    if step is None:
        return controls.note("wait", say("job.no_step", path=path[:80]))
    return controls.card(
        el("p", sentence(step, own_words(reader.place.library, used_skills(job)))),
        controls.facts([(say("run.path"), el("code", path)), (say("job.line"), link(step.line, to("jobs", name, "file", line=str(step.line))) if step.line else "")]),
        title=say("job.step", step=step.id), class_="focus",
    )  # fmt: skip


def _runs(reader: Reader, record: JobRecord, at: Address) -> Html:
    rows = reader.place.runs.list(job_id=record.id, limit=RUNS)
    if not rows:
        return controls.empty(say("job.no_runs"), say("job.no_runs_sub"))
    more = link(say("job.all_runs"), to("runs", job=record.name), class_="button")
    return join(run_list.table_of(reader, rows, with_job=False), el("p", more))


def _versions(reader: Reader, record: JobRecord, at: Address) -> Html:
    versions = reader.place.jobs.versions(record.id)
    if not versions:
        return controls.empty(say("job.no_version"), say("job.no_version_sub"))
    by_number = {version.number: version for version in versions}
    rows = [_version_row(reader, record, version, by_number) for version in versions]
    head = (say("job.version"), say("job.by"), say("job.message"), say("job.accepted"), "")
    return join(
        controls.table(head, rows, label=say("job.versions")),
        *[_diff(version, by_number[version.number - 1])
          for version in versions if version.number - 1 in by_number],
    )  # fmt: skip


def _version_row(
    reader: Reader, record: JobRecord, version: Version, known: dict[int, Version]
) -> tuple[object, ...]:
    current = version.number == record.version
    back = (
        chip("succeeded", say("job.in_force"))
        if current
        else button(
            say("job.roll_back"), "jobs.rollback", {"job": record.name, "version": str(version.number)},
            cli=f"assistant jobs rollback {record.name} {version.number}",
            ask=say("job.roll_back_ask", version=version.number),
            label=f"{say('job.roll_back')} {version.number}",
        )
    )  # fmt: skip
    return (el("b", f"v{version.number}"), version.author, version.message, reader.moment(version.created_at), back)  # fmt: skip


def _diff(new: Version, old: Version) -> Html:
    lines = list(
        difflib.unified_diff(old.yaml.splitlines(), new.yaml.splitlines(), f"v{old.number}", f"v{new.number}", lineterm="", n=2)
    )  # fmt: skip
    marks = {"+": "plus", "-": "minus", "@": "at"}
    shown = [el("span", line + "\n", class_=marks.get(line[:1])) for line in lines]
    return controls.fold(
        say("job.diff", old=old.number, new=new.number),
        el("pre", shown or say("job.same"), class_="code diff"), key=f"diff-{new.number}",
    )  # fmt: skip


def _ticks(reader: Reader, record: JobRecord, at: Address) -> Html:
    ticks = reader.place.ledger.ticks(record.id, limit=TICKS)
    job = reader.file(record)
    fill = backfilling.form(record) if job is not None and job.schedule is not None else None
    if not ticks:
        return join(controls.empty(say("ledger.empty"), say("ledger.empty_sub")), fill)
    rows = [
        (reader.when(t.due), say(f"ledger.{t.outcome}"),
         link(say("ledger.run"), to("runs", t.run_id)) if t.run_id and t.outcome == "ran" else "–", t.reason or "–")
        for t in ticks
    ]  # fmt: skip
    head = (say("ledger.due"), say("ledger.outcome"), say("ledger.run"), say("ledger.reason"))
    more = link(say("job.whole_ledger"), to("jobs", "ledger", job=record.name), class_="button")
    return join(controls.table(head, rows, label=say("ledger.title")), el("p", more), fill)


def _file(reader: Reader, record: JobRecord, at: Address) -> Html:
    if not record.version:
        return controls.empty(say("job.no_version"), say("job.no_version_sub"))
    yaml = reader.place.jobs.version(record.id).yaml
    asked = at.query.get("line", "")
    line = asked if asked.isdecimal() else None
    edit = controls.form(
        "jobs.save", controls.hidden("job", record.name),
        controls.field(say("job.yaml"), controls.area("yaml", yaml, rows=min(28, yaml.count("\n") + 2), class_="mono", data_line=line),
                       say("job.file_about"), wide=True),
        el("div", controls.submit(say("job.save")), class_="form-foot"),
        cli=f"assistant jobs edit {record.name} FILE", key=f"file-{record.id}-{record.version}",
    )  # fmt: skip
    rename = controls.form(
        "jobs.rename", controls.hidden("job", record.name),
        controls.field(say("job.new_name"), controls.text_input("name", record.name)),
        el("div", controls.submit(say("job.rename"), kind=""), class_="form-foot"),
        cli=f"assistant jobs rename {record.name} NEW", key="rename",
    )  # fmt: skip
    park = button(say("job.park"), "jobs.park", {"job": record.name}, cli=f"assistant jobs park {record.name}",
                  ask=say("job.park_ask"))  # fmt: skip
    return join(controls.card(edit, title=say("job.file")), controls.card(rename, el("p", park), title=say("job.more")))  # fmt: skip


def _budget(job: Job) -> str:
    limits = [
        say(f"job.budget_{name}", n=value)
        for name in ("seconds", "tokens", "cost")
        if (value := getattr(job.budget, name)) is not None
    ]
    return ", ".join(limits)
