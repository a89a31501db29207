"""One run: how it stands, its steps in time, what went in and came out, and how to go on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from assistant.clock import parse_rfc3339
from assistant.ids import ONCE
from assistant.job.waiting import open_questions
from assistant.panel import controls, outcome, views
from assistant.panel.addresses import Address, artifact_address, to
from assistant.panel.controls import button, chip, link
from assistant.panel.cures import as_html
from assistant.panel.debug_views import pretty
from assistant.panel.drawing_parts import pipeline
from assistant.panel.hosts import in_punycode
from assistant.panel.html import Html, el, join
from assistant.panel.places.run_list import trigger_words
from assistant.panel.reading import Reader, parsed, seconds_of, span
from assistant.panel.texts import count, say, titled
from assistant.panel.views import TONES
from assistant.pipeline.scope import static_path
from assistant.pipeline.walk import step_at
from assistant.store.files import size_told
from assistant.store.jobs import JobRecord
from assistant.store.runs import AttemptRow, RunRow

LONGEST = 20_000
HTML_PREVIEW_BYTES = 2_000_000
LOG_LINES = 400


def show(reader: Reader, run: RunRow, at: Address) -> Html:
    part = at.part(2) or "steps"
    attempts = reader.place.runs.attempts(run.id)
    body = {"output": _output, "events": _events, "inputs": _inputs}.get(part)
    record = reader.place.jobs.find(run.job_id) if run.job_id else None
    title = (record.title or record.name) if record else _once(run, attempts)
    return controls.page(
        title, join(chip(run.status), chip("", say("runs.dry")) if run.dry else None, el("code", run.id)),
        _trouble(run, _in_file(reader, run, record)), _questions(reader, run),
        _facts(reader, run, record.name if record else ""),
        controls.tabs(
            part if body else "steps",
            *[(key, say(f"run.{key}"), to("runs", run.id, *([key] if key != "steps" else [])))
              for key in ("steps", "output", "inputs", "events")],
        ),
        body(reader, run, attempts) if body else _steps(reader, run, attempts, at),
        controls.cli(
            f"assistant runs show {run.id}", f"assistant runs events {run.id}", f"assistant runs artifacts {run.id}",
            f"assistant runs replay {run.id} --from STEP", f"assistant jobs cancel {run.id}",
        ),
        actions=_actions(run, record.id if record else ""), back=(say("runs.all"), to("runs")),
    )  # fmt: skip


def _once(run: RunRow, attempts: list[AttemptRow]) -> str:
    """What a run without a job is called: by the skill that was asked; else by the job it had."""
    if run.job != ONCE:
        return run.job
    asked = [attempt.skill for attempt in attempts if attempt.skill]
    return say("run.once_of", skill=titled(asked[0])) if asked else say("runs.once")


def _actions(run: RunRow, job_id: str) -> Html:
    talk = link(say("job.talk"), to("chat", job_id), class_="button quiet") if job_id else None
    if not run.ended:
        stop = button(say("run.stop"), "runs.cancel", {"run": run.id}, cli=f"assistant jobs cancel {run.id}", kind="")  # fmt: skip
        return join(talk, stop)
    again = button(say("run.again"), "runs.replay", {"run": run.id, "from": "", "all": "yes"},
                   cli=f"assistant jobs run {run.job}", kind="")  # fmt: skip
    if run.status in ("failed", "timed_out", "cancelled"):
        failed = button(say("run.from_failed"), "runs.replay", {"run": run.id, "from": ""},
                        cli=f"assistant runs replay {run.id}", kind="primary")  # fmt: skip
        return join(talk, again, failed)
    return join(talk, again)


def _in_file(reader: Reader, run: RunRow, record: JobRecord | None) -> Html | None:
    """The way to the file of the run's job, to the line of the step that failed where it has one."""
    if not run.error or record is None or not record.version:
        return None
    job, path = reader.file(record), str(run.error.get("step") or "")
    step = step_at(job, static_path(path)) if job is not None and path else None
    if step is None or not step.line:
        return link(say("run.to_file"), to("jobs", record.name, "file"))
    where = to("jobs", record.name, "file", line=str(step.line))
    return link(say("run.to_line", line=step.line), where)


def _trouble(run: RunRow, file: Html | None) -> Html | None:
    """What went wrong: in words, the code, the step, and where the cause can be mended."""
    if run.error:
        hint = str(run.error.get("hint", ""))
        step = str(run.error.get("step") or "")
        return controls.note(
            "bad", el("b", str(run.error.get("message", ""))), el("p", as_html(hint)) if hint else None,
            el("p", el("code", str(run.error.get("code", ""))),
               join(" · ", link(step, to("runs", run.id, "step", step))) if step else None,
               join(" · ", file) if file else None),
        )  # fmt: skip
    return controls.note("calm", run.reason) if run.reason else None


def _questions(reader: Reader, run: RunRow) -> Html | None:
    """What the run waits with: the exact arguments, and two buttons."""
    if run.ended:
        return None
    asked = open_questions(reader.place.runs, run.id)
    return join(*[
        controls.card(
            el("p", el("b", question.question)), arguments(question.arguments),
            el("div",
               button(say("run.approve"), "runs.approve", {"run": run.id, "path": question.path},
                      cli=f"assistant runs approve {run.id} --path {question.path}", kind="primary"),
               button(say("run.reject"), "runs.reject", {"run": run.id, "path": question.path},
                      cli=f"assistant runs reject {run.id} --path {question.path}", kind=""), class_="form-foot"),
            title=say("run.asks", step=question.path), class_="asks",
        )
        for question in asked
    ]) if asked else None  # fmt: skip


def arguments(given: dict[str, Any]) -> Html | None:
    """Arguments as they are, whole; every host that looks like another is shown in punycode."""
    if not given:
        return None
    text = pretty(given)
    warned = in_punycode(text)
    return join(
        controls.code(text, label=say("run.arguments")),
        controls.note("wait", say("run.punycode"), el("ul", [el("li", el("code", f"{shown} = {plain}")) for shown, plain in warned]))
        if warned else None,
    )  # fmt: skip


def _facts(reader: Reader, run: RunRow, job: str) -> Html:
    pairs: list[tuple[str, object]] = [
        (say("jobs.job"), link(job, to("jobs", job)) if job else "" if run.job == ONCE else run.job),
        (say("job.version"), str(run.version or "")),
        (say("runs.trigger"), trigger_words(run)),
        (say("runs.began"), reader.when(run.started_at or run.queued_at)),
        (say("runs.took"), span(seconds_of(run))),
        (say("run.tokens"), f"{run.tokens:,}" if run.tokens else ""),
        (say("run.cost"), f"${run.cost:.4f}" if run.cost else ""),
        (say("run.parent"), link(run.parent_run, to("runs", run.parent_run)) if run.parent_run else ""),
        (say("run.replay_of"), _seed(run)),
    ]  # fmt: skip
    return el("div", [el("span", name, " ", el("b", value)) for name, value in pairs if value], class_="facts")  # fmt: skip


def _seed(run: RunRow) -> object:
    seed = run.trigger.get("run")
    return link(str(seed), to("runs", str(seed))) if seed else ""


# Steps: the pipeline, and the steps in time


def _steps(reader: Reader, run: RunRow, attempts: list[AttemptRow], at: Address) -> Html:
    job = parsed(str(run.request.get("yaml", "")))
    drawn = (
        pipeline(reader, job, at, run=run, step_link=lambda path: to("runs", run.id, "step", path))
        if job is not None
        else None
    )
    chosen = "/".join(at.parts[3:]) if at.part(2) == "step" else ""
    right = controls.card(drawn, title=say("job.pipeline"), class_="graph-card") if drawn else None
    return el(
        "div",
        el("div",
           _chosen(reader, run, attempts, chosen) if chosen else None,
           controls.card(timeline(run, attempts), title=say("run.timeline"))),
        right,
        class_="two",
    )  # fmt: skip


def timeline(run: RunRow, attempts: list[AttemptRow]) -> Html:
    """Every attempt as a bar on one scale of time."""
    if not attempts:
        return el("p", say("run.no_steps"), class_="soft")
    begin = min(parse_rfc3339(attempt.started_at) for attempt in attempts)
    ends = [_end(attempt) for attempt in attempts]
    # A run that goes on has no end yet; the scale then ends with what is known, and grows.
    whole = max((max(ends) - begin).total_seconds(), 0.001)
    return el(
        "div",
        [_bar(run, attempt, begin, whole) for attempt in attempts[-200:]],
        el("div", el("span", "0"), el("span", span(whole)), class_="scale"),
        class_="gantt",
    )  # fmt: skip


def _bar(run: RunRow, attempt: AttemptRow, begin: datetime, whole: float) -> Html:
    start = (parse_rfc3339(attempt.started_at) - begin).total_seconds()
    length = (_end(attempt) - parse_rfc3339(attempt.started_at)).total_seconds()
    left, width = 100 * start / whole, max(100 * length / whole, 0.6)
    tried = f" · {say('run.try', n=attempt.attempt)}" if attempt.attempt > 1 else ""
    told = f"{attempt.path}{tried}: {attempt.status}, {span(attempt.seconds) or '…'}"
    return el(
        "a", el("span", attempt.path, tried, class_="who"),
        el("span", el("i", class_=TONES.get(attempt.status, "") or "none",
                      style=f"left:{min(left, 99.4):.2f}%;width:{min(width, 100 - min(left, 99.4)):.2f}%"), class_="track"),
        el("span", span(attempt.seconds) or "…", class_="took"),
        href=to("runs", run.id, "step", attempt.path), class_="step-row bar-row", aria_label=told,
    )  # fmt: skip


def _end(attempt: AttemptRow) -> datetime:
    return parse_rfc3339(attempt.ended_at or attempt.started_at)


def _chosen(reader: Reader, run: RunRow, attempts: list[AttemptRow], path: str) -> Html:
    """One step: what went in, what came out, why it failed, and replaying from it."""
    tries = [a for a in attempts if a.path == path] or [
        a for a in attempts if a.path.startswith(path)
    ]
    if not tries:
        return controls.card(el("p", say("run.step_not_run", path=path[:80]), class_="soft"),
                             title=path[:80], class_="focus")  # fmt: skip
    last = tries[-1]
    replay = None
    if run.ended:
        replay = el(
            "div",
            button(say("run.replay_from"), "runs.replay", {"run": run.id, "from": last.path},
                   cli=f"assistant runs replay {run.id} --from {last.path}", kind=""),
            button(say("run.replay_newest"), "runs.replay", {"run": run.id, "from": last.path, "newest": "yes"},
                   cli=f"assistant runs replay {run.id} --from {last.path} --newest", kind="quiet"),
            class_="form-foot",
        )  # fmt: skip
    return controls.card(
        controls.facts([
            (say("run.skill"), last.skill.replace("_", " ")), (say("jobs.status"), chip(last.status)),
            (say("run.tries"), count("run.tried", len(tries)) if len(tries) > 1 else ""),
            (say("runs.took"), span(last.seconds)),
        ]),
        _error(last.error),
        _value(say("run.input"), reader, run, last.arguments, "in", open_=True),
        _value(say("run.step_output"), reader, run, last.output, "out", open_=False),
        replay, title=say("run.step_title", step=last.path), class_="focus",
    )  # fmt: skip


def _error(error: dict[str, Any] | None) -> Html | None:
    if not error:
        return None
    return controls.note("bad", el("b", str(error.get("message", ""))), el("p", as_html(str(error.get("hint", "")))),
                         el("code", str(error.get("code", ""))))  # fmt: skip


def _value(title: str, reader: Reader, run: RunRow, value: Any, key: str, *, open_: bool) -> Html | None:  # fmt: skip
    if value in (None, {}, []):
        return None
    text = pretty(outcome.whole(reader, run, value))
    cut = text if len(text) <= LONGEST else f"{text[:LONGEST]}\n… {say('run.more_text', n=f'{len(text) - LONGEST:,}')}"  # fmt: skip
    return controls.fold(title, controls.code(cut, label=title), open_=open_, key=f"{key}-value")


# The other parts


def _inputs(reader: Reader, run: RunRow, attempts: list[AttemptRow]) -> Html:
    if not run.inputs:
        return controls.note("calm", say("job.no_inputs"))
    return controls.card(controls.code(pretty(run.inputs), label=say("run.inputs")), title=say("run.inputs"))  # fmt: skip


def _output(reader: Reader, run: RunRow, attempts: list[AttemptRow]) -> Html:
    artifacts = reader.place.runs.artifacts(run.id)
    folder = reader.place.settings.run_dir(run.job, run.id) / "artifacts"
    page = next((a for a in artifacts if a.media_type.startswith("text/html")), None)
    parts = list[object]()
    if page is not None and page.size < HTML_PREVIEW_BYTES and (folder / page.name).is_file():
        text = (folder / page.name).read_text(encoding="utf-8")
        parts.append(controls.card(Html(views.letter(text, page.name)), title=page.name))
    if artifacts:
        rows = [
            (el("a", a.name, href=artifact_address(run.job, run.id, a.name), download=True), a.media_type, size_told(a.size),
             el("code", a.sha256[:12]))
            for a in artifacts
        ]  # fmt: skip
        head = (say("run.file"), say("run.media"), say("run.size"), "SHA-256")
        parts.append(controls.table(head, rows, label=say("run.files")))
    if given := outcome.given(run, attempts):
        parts.append(outcome.card(reader, outcome.whole(reader, run, given), seen=page is not None))
    return join(*(parts or [controls.note("calm", say("run.nothing_made"))]))


def _events(reader: Reader, run: RunRow, attempts: list[AttemptRow]) -> Html:
    found = [stored.event for stored in reader.place.runs.events(run.id)][-LOG_LINES:]
    return controls.card(Html(views.log(found, reader.clock)), title=say("run.events"))
