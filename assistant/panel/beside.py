"""What stands beside a conversation: the list of jobs, what waits for a word, what can be done now."""

from __future__ import annotations

from assistant.chat.events import DraftCard, QuestionCard
from assistant.job.waiting import open_questions
from assistant.panel import cards, controls, views
from assistant.panel.pane import Pane
from assistant.panel.reading import job_state
from assistant.panel.screen import Actions, Dock
from assistant.panel.texts import say
from assistant.store.jobs import Draft, JobRecord
from assistant.store.runs import RunRow
from assistant.workplace import Workplace

SHOWN_JOBS = 40


def job_list(place: Workplace, pane: Pane, focus: str) -> str:
    """The list of jobs; `focus` is the id of the one that is looked at."""
    rows, asked = list[views.JobRow](), pane.reader.asked()
    for record in place.jobs.list(limit=SHOWN_JOBS):
        draft = place.jobs.open_draft(record.id)
        run = pane.run_shown(record)
        when = pane.reader.shortly(run.queued_at if run else record.updated_at)
        rows.append(
            views.JobRow(
                id=record.id,
                title=record.title or record.name,
                name=record.name,
                state=job_state(record, draft, run, asked=record.id in asked),
                when=when,
                current=record.id == focus,
            )
        )
    return views.job_list(rows)


def dock(
    place: Workplace,
    record: JobRecord,
    draft: Draft | None,
    card: DraftCard | None,
    run: RunRow | None,
) -> Dock:
    """What waits for the person: an open draft, or the questions of a run."""
    if draft is not None:
        return Dock(cards.dock_draft(record, card), draft.yaml, "draft")
    if run is not None and run.status == "waiting":
        asked = [
            QuestionCard("approve", q.question, (), run.id, q.path, q.arguments)
            for q in open_questions(place.runs, run.id)
        ]
        if asked:
            return Dock(cards.dock_questions(asked), "", "approval")
    return Dock()


def actions(record: JobRecord, run: RunRow | None) -> Actions:
    """What can be done with a job now."""
    going = run is not None and not run.ended
    pause = say("chat.resume" if record.paused else "chat.pause") if record.enabled else ""
    return Actions(run=bool(record.version) and not going, stop=going, pause=pause)


def commands(record: JobRecord | None, draft: Draft | None, run: RunRow | None) -> str:
    """The commands that do what the chat's buttons do now."""
    if record is None:
        return controls.cli(
            "assistant ask WORDS", "assistant jobs new", "assistant jobs import FILE"
        )
    name, can = record.name, actions(record, run)
    found = [f"assistant ask WORDS --job {name}"]
    if draft is not None or (run is not None and run.status == "waiting"):
        found += [f"assistant jobs approve {name}", f"assistant jobs reject {name}"]
    if draft is not None:
        found.append(f"assistant jobs edit {name} FILE")
    if can.run:
        found += [f"assistant jobs run {name}", f"assistant jobs debug {name}"]
    if can.stop and run is not None:
        found.append(f"assistant jobs cancel {run.id}")
    if can.pause:
        found.append(f"assistant jobs {'resume' if record.paused else 'pause'} {name}")
    return controls.cli(*found, f"assistant jobs show {name}", f"assistant jobs said {name}")
