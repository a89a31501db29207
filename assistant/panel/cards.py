"""Cards as HTML: the draft with what it would do, what waits for a word, the foot of the list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from assistant.chat.events import DraftCard, DryRun, QuestionCard
from assistant.panel import controls, views
from assistant.panel.addresses import to
from assistant.panel.cures import as_html
from assistant.panel.hosts import plain
from assistant.panel.html import Html, el, join
from assistant.panel.places import run_page
from assistant.panel.texts import in_own_words, say, titled
from assistant.schedule.wording import in_words
from assistant.store.jobs import JobRecord


def draft(card: DraftCard, drawing: str) -> str:
    """The whole draft: steps, times, what it touches, what was assumed, what a dry run did."""
    parts = list[str]()
    if card.changes:
        told = [plainly(change) for change in card.changes]
        parts.append(views.section(say("card.changes"), views.steps_card(told)))
    if card.twin:
        told = say("card.twin", job=controls.link(card.twin, to("jobs", card.twin)))
        parts.append(controls.note("wait", Html(told)))
    if card.unplaced:
        parts.append(views.note("bad", say("card.unplaced", said=_quoted(card))))
    parts.append(
        views.section(say("card.steps"), views.steps_card([s.sentence for s in card.steps]))
    )
    if card.schedule:
        clocks = views.note("calm", say("card.clocks", change=card.clocks)) if card.clocks else ""
        parts.append(views.section(card.schedule, views.times(card.fires) + clocks))
    if card.triggers:
        parts.append(views.section(say("card.starts"), views.steps_card(card.triggers)))
    parts.append(views.section(say("card.touches"), views.facts_card(_touched(card))))
    if card.assumptions:
        parts.append(views.section(say("card.assumed"), views.steps_card(card.assumptions)))
    if card.dry_run is not None:
        parts.append(views.section(say("card.tried"), _dry(card.dry_run)))
    if drawing:
        parts.append(views.section(say("job.pipeline"), drawing))
    return views.body(*parts)


def plainly(change: str) -> str:
    """A change of a file as a person reads it: `Step read: url was …`."""
    if times := re.fullmatch(r'the job: schedule\.cron was "([^"]+)", now "([^"]+)"', change):
        before, after = map(in_words, times.groups())
        return say("card.times", before=before, after=after[:1].lower() + after[1:])
    found = re.match(r"step '([^']+)'(: with\.)?", change)
    if found is None:
        return change[:1].upper() + change[1:]
    return f"{say('job.step', step=found[1])}{': ' if found[2] else ''}{change[found.end() :]}"


def _quoted(card: DraftCard) -> str:
    return ", ".join(f"“{one}”" for one in card.unplaced)


def pipeline(drawing: str, why_none: str = "") -> str:
    """The drawing alone; before there is one, what comes next: `why_none` names the text."""
    return views.body(drawing or views.note("calm", say(f"card.{why_none or 'no_pipeline'}")))


def dock_draft(record: JobRecord, card: DraftCard | None) -> str:
    """The question above the composer: what approving would allow, exactly."""
    title = escape(card.title if card is not None else record.title or record.name)
    if card is None:
        return _dock(say("card.approve", title=title), say("card.edited"))
    allowed = [
        say(
            "card.may",
            skill=t.skill.replace("_", " "),
            targets=", ".join(plain(one) for one in t.targets) or say("card.files"),
        )
        for t in card.touches
    ]
    failed = card.dry_run.error.rstrip(".") if card.dry_run is not None else ""
    said = [say("card.tried_failed", error=failed)] if failed else list[str]()
    said += [say("card.not_in_it", said=_quoted(card))] if card.unplaced else []
    if card.schedule:
        said.append(
            say("card.next", schedule=card.schedule, moment=card.fires[0])
            if card.fires
            else card.schedule
        )
    said += card.triggers
    said += allowed or [say("card.only_reads")]
    return _dock(say("card.approve", title=title), ". ".join(said) + ".")


def dock_questions(asked: Sequence[QuestionCard]) -> str:
    """What a run waits with; arguments are shown whole, odd hosts in punycode too."""
    return join(*[
        join(Html(_dock(card.question, say("job.step", step=card.path))), run_page.arguments(card.arguments))
        for card in asked
    ])  # fmt: skip


def foot(model: str, demo_feed: str) -> str:
    """Which model answers, and where the demo newspaper is."""
    local = model == "starter" or model.startswith("local/")
    where = say("shell.model_here" if local else "shell.model_cloud")
    told = [el("span", say("shell.model"), " ", el("b", model), f", {where}")]
    if demo_feed:
        told.append(el("span", say("shell.demo"), " ", el("b", demo_feed)))
    return el("div", told, class_="foot")


def _dock(title: str, sub: str) -> str:
    return (
        f'<div class="title">{escape(title, quote=False)}</div><div class="sub">{escape(sub)}</div>'
    )


def _touched(card: DraftCard) -> dict[str, str]:
    facts = {
        say("card.reads"): ", ".join(plain(host) for host in card.reads) or say("card.nothing")
    }
    for touch in card.touches:
        facts[titled(touch.skill)] = ", ".join(plain(one) for one in touch.targets) or say(
            "card.files"
        )
    return facts


def _dry(run: DryRun) -> str:
    rows = [(line.path, say(f"card.dry_{line.state}"), line.text) for line in run.lines]
    shown = views.table((say("run.step"), "", say("card.result")), rows)
    if not run.error:
        return shown
    cure = el("p", as_html(in_own_words(run.hint))) if run.hint else ""
    return shown + controls.note("bad", el("b", run.error), cure)
