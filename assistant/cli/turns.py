"""A turn on the command line: its events as lines, or as one JSON envelope."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import typer

from assistant.cli.output import WAITS, envelope, line, note, put_json

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from assistant.chat.events import DraftCard, Notice, QuestionCard, RunCard, TurnEvent
    from assistant.chat.turn import Conversation
    from assistant.workplace import Workplace


@dataclass
class Heard:
    """What a turn came to."""

    noun: str = "job"
    """The word that the person uses for a job."""
    job_id: str = ""
    job: str = ""
    text: str = ""
    card: DraftCard | None = None
    run: RunCard | None = None
    notice: Notice | None = None
    questions: list[QuestionCard] = field(default_factory=list["QuestionCard"])
    tools: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


async def take_turn(
    place: Workplace,
    prompt: str,
    *,
    job: str = "",
    accept: bool = False,
    run: bool = False,
    dry_run: bool = True,
    model: str = "",
    as_json: bool = False,
) -> int:
    """One prompt to its end; gives the exit code: 3 while something waits for the person."""
    from assistant.chat.turn import Conversation

    conversation, heard = Conversation(place), Heard(place.settings.noun)
    focus = place.jobs.get(job).id if job else ""
    async for event in conversation.turn(prompt, focus=focus, dry_run=dry_run, model=model):
        hear(heard, event, quiet=as_json)
    await _decide_here(conversation, heard, as_json)
    version = None
    if heard.card is not None and heard.notice is None and (accept or _yes(heard, as_json)):
        version = await conversation.approve(heard.card.draft_id, by="cli")
        if not as_json:
            line(f"Version {version.number} of {heard.card.job} is in force.")
            _tell_unkept(place, heard)
        if run:
            async for event in conversation.run_now(heard.job_id):
                hear(heard, event, quiet=as_json)
    code = _exit_code(heard, accepted=version is not None)
    if as_json:
        _put(heard, version.number if version else None, code)
    elif heard.card is not None and version is None and code == WAITS:
        line(f"Approve it: assistant jobs approve {heard.card.job}")
    return code


async def tell_turn(
    conversation: Conversation,
    tell: Callable[[Conversation], AsyncIterator[TurnEvent]],
    *,
    as_json: bool = False,
) -> int:
    """What follows an answer or a command, told; gives the exit code."""
    heard = Heard(conversation.place.settings.noun)
    async for event in tell(conversation):
        hear(heard, event, quiet=as_json)
    await _decide_here(conversation, heard, as_json)
    code = _exit_code(heard, accepted=False)
    if as_json:
        _put(heard, None, code)
    return code


def hear(heard: Heard, event: TurnEvent, *, quiet: bool) -> None:
    """Take an event in; unless quiet, print what a person should see of it."""
    from assistant.chat import events

    match event:
        case events.RoutedTo():
            heard.job_id, heard.job = event.job_id, event.job
            if not quiet:
                also = f" (it also speaks of {', '.join(event.also)})" if event.also else ""
                word = f"new {heard.noun}" if event.new else heard.noun
                note(f"{word[:1].upper()}{word[1:]} {event.job}{also}")
        case events.DraftCard():
            first = heard.card is None or heard.card.draft_id != event.draft_id
            heard.card, heard.job = event, event.job
            if not quiet:
                tell_card(event) if first else _tell_dry_run(event)
        case events.TextDelta(text=text):
            heard.text += text
            if not quiet:
                line(text)
        case events.ToolDone():
            done = {"skill": event.skill, "status": event.status, "seconds": event.seconds,
                    "summary": event.summary, "output": event.output}  # fmt: skip
            heard.tools.append(done)
            if not quiet:
                sign = "✗" if event.status == "failed" else "✓"
                line(f"{sign} {event.skill} ({event.seconds:.1f} s): {event.summary}")
        case events.QuestionCard():
            heard.questions.append(event)
            if not quiet:
                tell_question(event)
        case events.RunCard():
            heard.run = event
            if not quiet and event.receipt and event.artifacts:
                line(
                    f"Files: {', '.join(event.artifacts)}  (assistant runs artifacts {event.run_id})"
                )
        case events.Notice():
            heard.notice = event
            if not quiet:
                note(f"{event.message} ({event.code})" + (f"\n{event.hint}" if event.hint else ""))
        case events.Thinking(text=text):
            if not quiet and sys.stdout.isatty():
                note(f"… {text}")
        case events.KnowledgeOffered():
            if not quiet:
                note(f"Known from {event.job or event.name}: {event.text}")
        case events.ToolStarted() | events.PhaseChanged():
            pass


async def _decide_here(conversation: Conversation, heard: Heard, as_json: bool) -> None:
    """Ask the person at the terminal what a run waits for."""
    while not as_json and sys.stdin.isatty():
        waiting = next((q for q in heard.questions if q.run_id), None)
        if waiting is None:
            return
        heard.questions.remove(waiting)
        approved = typer.confirm("Approve?")
        async for event in conversation.decide(
            waiting.run_id, waiting.path, approved=approved, by="cli"
        ):
            hear(heard, event, quiet=False)


def _yes(heard: Heard, as_json: bool) -> bool:
    return (
        not as_json and sys.stdin.isatty() and sys.stdout.isatty() and typer.confirm("Approve it?")
    )


def _exit_code(heard: Heard, *, accepted: bool) -> int:
    if heard.notice is not None:
        return 2 if heard.notice.code in _REQUEST_WRONG else 1
    if heard.run is not None and heard.run.status not in ("succeeded", "waiting"):
        return 1
    waits = heard.questions or (heard.card is not None and not accepted)
    return WAITS if waits else 0


_REQUEST_WRONG = frozenset(
    ["job_not_found", "job_invalid_spec", "job_trigger_invalid", "job_target_unresolved",
     "job_bindings_invalid", "skill_not_found"]
)  # fmt: skip


def _put(heard: Heard, version: int | None, code: int) -> None:
    from dataclasses import asdict

    payload = {
        "job": heard.job, "text": heard.text, "tools": heard.tools,
        "questions": [asdict(q) for q in heard.questions],
        "draft": asdict(heard.card) if heard.card else None, "version": version,
    }  # fmt: skip
    status = {0: "succeeded", WAITS: "waiting"}.get(code, "failed")
    receipt = heard.run.receipt if heard.run and heard.run.receipt else {}
    told = envelope(payload, status=status, job_id=heard.job_id or None, job_version=version)
    if heard.run:
        told |= {"run_id": heard.run.run_id, "artifacts": receipt.get("artifacts", [])}
    if heard.notice:
        told["error"] = {
            "code": heard.notice.code, "message": heard.notice.message, "hint": heard.notice.hint,
        }  # fmt: skip
    put_json(told)


def tell_question(card: QuestionCard) -> None:
    """A question with its options, and how it is answered from a terminal."""
    from assistant.chat.summaries import shortened

    if card.details:
        line(f"\n{card.details}\n")
    line(f"? {card.question}")
    for name, value in card.arguments.items():
        line(f"  {name}: {shortened(value)}")
    if card.run_id and not sys.stdin.isatty():
        line(f"Answer it: assistant runs approve {card.run_id}  (or: reject)")
    for number, option in enumerate(card.options if card.number else (), 1):
        line(f"  {number}. {option}")
    if card.number:
        line(f"Answer it: assistant jobs answer {card.number} {'1' if card.options else '“…”'}")


def tell_card(card: DraftCard) -> None:
    """A draft as a person reads it before saying yes."""
    line(f"\n{card.title or card.job}  ({card.job}, version {card.version})")
    for number, step in enumerate(card.steps, 1):
        line(f"  {number}. {step.sentence}")
    if card.schedule:
        line(f"When: {card.schedule}")
        line(f"Next: {'; '.join(card.fires)}")
        if card.clocks:
            line(f"Clocks: {card.clocks}")
    for trigger in card.triggers:
        line(f"Starts: {trigger}")
    if card.reads:
        line(f"Reads: {', '.join(card.reads)}")
    for touch in card.touches:
        where = ", ".join(touch.targets) or ("" if touch.asks else "in the home folder")
        asks = "asks before it writes elsewhere" if touch.asks else ""
        line(f"May {touch.skill.replace('_', ' ')}: {'; '.join(filter(None, (where, asks)))}")
    for said in card.unplaced:
        line(f"Not in it: {said}  (say it in other words, or edit the draft)")
    for assumption in card.assumptions:
        line(f"Assumed: {assumption}")
    for change in card.changes:
        line(f"Changed: {change}")
    if card.twin:
        line(f"{card.twin} does the same already: assistant jobs show {card.twin}")


def _tell_dry_run(card: DraftCard) -> None:
    if card.dry_run is None:
        return
    signs = {"done": "✓", "would": "~", "failed": "✗", "skipped": "-"}
    line(f"Dry run: {card.dry_run.status}; nothing was changed")
    for told in card.dry_run.lines:
        line(f"  {signs[told.state]} {told.path}: {told.text}")
    if card.dry_run.hint:
        line(f"  {card.dry_run.hint}")


def _tell_unkept(place: Workplace, heard: Heard) -> None:
    if heard.card and heard.card.schedule and not place.is_hosted():
        note(
            "Nothing is running that keeps schedules: start `assistant panel`, or let this machine"
            " see to it with `assistant service install`."
        )
