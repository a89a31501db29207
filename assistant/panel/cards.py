"""Cards as HTML: the draft with what it would do, what waits for a word, the foot of the list."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.chat.events import DraftCard, DryRun, QuestionCard
from assistant.panel import views
from assistant.panel.hosts import plain
from assistant.panel.html import Html, join
from assistant.panel.places import run_page
from assistant.store.jobs import JobRecord


def draft(card: DraftCard, drawing: str) -> str:
    """The whole draft: steps, times, what it touches, what was assumed, what a dry run did."""
    parts = list[str]()
    if card.changes:
        parts.append(views.section("Changes", views.steps_card(card.changes)))
    parts.append(views.section("What it does", views.steps_card([s.sentence for s in card.steps])))
    if card.schedule:
        parts.append(views.section(card.schedule, views.times(card.fires)))
    parts.append(views.section("What it touches", views.facts_card(_touched(card))))
    if card.assumptions:
        parts.append(views.section("Assumed", views.steps_card(card.assumptions)))
    if card.dry_run is not None:
        parts.append(views.section("Tried without touching anything", _dry(card.dry_run)))
    if drawing:
        parts.append(views.section("Pipeline", drawing))
    return views.body(*parts)


def pipeline(drawing: str) -> str:
    """The drawing alone; before there is one, what comes next."""
    return views.body(
        drawing or views.note("calm", "This job has no pipeline. Ask for something that repeats.")
    )


def dock_draft(record: JobRecord, card: DraftCard | None) -> str:
    """The question above the composer: what approving would allow, exactly."""
    title = escape(card.title if card is not None else record.title or record.name)
    if card is None:
        return _dock(
            f"Approve “{title}”?", "Edited by you. Approving makes it the version in force."
        )
    allowed = [
        f"May {t.skill.replace('_', ' ')}: {', '.join(plain(one) for one in t.targets) or 'files of the run'}"
        for t in card.touches
    ]
    said = list[str]()
    if card.schedule:
        said.append(f"{card.schedule}; next {card.fires[0]}" if card.fires else card.schedule)
    said += allowed or ["It only reads"]
    return _dock(f"Approve “{title}”?", ". ".join(said) + ".")


def dock_questions(asked: Sequence[QuestionCard]) -> str:
    """What a run waits with; arguments are shown whole, odd hosts in punycode too."""
    return join(*[
        join(Html(_dock(card.question, f"Step {card.path}")), run_page.arguments(card.arguments))
        for card in asked
    ])  # fmt: skip


def foot(model: str, demo_feed: str) -> str:
    """Which model answers, and where the demo newspaper is."""
    where = (
        "on this machine" if model == "starter" or model.startswith("local/") else "in the cloud"
    )
    lines = [f"<span>Model <b>{escape(model)}</b>, {where}</span>"]
    if demo_feed:
        lines.append(f"<span>Demo newspaper <b>{escape(demo_feed)}</b></span>")
    return f'<div class="foot">{"".join(lines)}</div>'


def _dock(title: str, sub: str) -> str:
    return (
        f'<div class="title">{escape(title, quote=False)}</div><div class="sub">{escape(sub)}</div>'
    )


def _touched(card: DraftCard) -> dict[str, str]:
    facts = {"Reads": ", ".join(plain(host) for host in card.reads) or "nothing outside"}
    for touch in card.touches:
        facts[touch.skill.replace("_", " ").capitalize()] = (
            ", ".join(plain(one) for one in touch.targets) or "files of the run"
        )
    return facts


def _dry(run: DryRun) -> str:
    words = {"done": "done", "would": "would", "failed": "failed", "skipped": "skipped"}
    rows = [(line.path, words[line.state], line.text) for line in run.lines]
    shown = views.table(("Step", "", "Result"), rows)
    return shown + (views.note("bad", run.error) if run.error else "")
