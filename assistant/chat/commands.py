"""Slash commands: the few words that are an order to the chat and not a prompt."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from assistant.chat import closing, planning, reading, renaming, replies
from assistant.chat.answering import words
from assistant.chat.events import Notice, RoutedTo, TextDelta, TurnEvent
from assistant.errors import BindingsInvalid
from assistant.job.questions import APPROVE_COMPLETION, REVIEW
from assistant.job.routing import checked_prompt, focused
from assistant.job.waiting import decide_all
from assistant.store.jobs import JobRecord

if TYPE_CHECKING:
    from assistant.chat.turn import Conversation

COMMANDS = (
    "new", "focus", "jobs", "plan", "run", "approve", "reject", "back", "done", "park", "pause",
    "resume", "help",
)  # fmt: skip
_OF_JOB = {"back", "done", "plan"}
"""Commands whose words are about the focused job; of the others they name a job."""


def is_command(text: str) -> bool:
    """`/run` is one; a path such as `/etc/hosts is …` is none."""
    word = text.strip().split(maxsplit=1)[:1]
    return bool(word) and word[0].startswith("/") and word[0][1:].isalpha()


_PLAIN = {
    "help": "/help", "approve": "/approve", "reject": "/reject", "run": "/run", "run it": "/run",
    "run it now": "/run", "done": "/done", "it is done": "/done", "go back": "/back",
    "back": "/back", "park it": "/park",
}  # fmt: skip


def in_plain_words(text: str, focus: str) -> str:
    """The command that a prompt of a word or two plainly is; empty for every other prompt."""
    command = _PLAIN.get(text.strip().lower().rstrip(".!?"), "")
    return command if focus or command == "/help" else ""


async def run(conversation: Conversation, text: str, focus: str) -> AsyncIterator[TurnEvent]:
    """Carry a command out. Raises BindingsInvalid for an unknown one."""
    name, _, rest = checked_prompt(text)[1:].partition(" ")
    name, rest = name.lower(), rest.strip()
    place = conversation.place
    if name not in COMMANDS:
        raise BindingsInvalid(
            f"there is no command /{name}", hint=f"There is: /{', /'.join(COMMANDS)}."
        )
    if name == "help":
        settings = place.settings
        yield TextDelta(words("help", noun=settings.noun, nouns=settings.nouns))
    elif name == "jobs":
        yield TextDelta(_list(conversation))
    elif name == "new":
        async for event in conversation.prompted(checked_prompt(rest), None):
            yield event
    elif name == "focus":
        yield _routed(focused(place.jobs, rest))
    elif name in _OF_JOB:
        record = focused(place.jobs, focus)
        yield _routed(record)
        async for event in _in_cycle(conversation, record, name, rest):
            yield event
    else:
        record = focused(place.jobs, rest or focus)
        yield _routed(record)
        async for event in act(conversation, record, name):
            yield event


async def _in_cycle(
    conversation: Conversation, record: JobRecord, name: str, rest: str
) -> AsyncIterator[TurnEvent]:
    """Commands that move a job through its cycle, or show how far it is."""
    if name == "done" and conversation.place.jobs.open_draft(record.id):
        yield TextDelta(words("draft_waits"))
    elif name == "done":
        async for event in closing.done(conversation, record.id):
            yield event
    elif name == "back":
        moved = conversation.place.guide.back(record.id, rest.lower())
        yield TextDelta(f"{moved.name} is in {moved.phase} (cycle {moved.cycle}).")
    elif rest:
        yield planning.named(conversation, record, rest)
    else:
        yield TextDelta(reading.standing_in_words(conversation.place, record))


async def act(
    conversation: Conversation, record: JobRecord, action: str, name: str = ""
) -> AsyncIterator[TurnEvent]:
    """Do one thing to a job: run, run_now, approve, reject, pause, resume, unschedule, delete,
    rename (to `name`)."""
    lifecycle = conversation.place.lifecycle
    changes: dict[str, tuple[Callable[[str], JobRecord], str]] = {
        "pause": (lifecycle.pause, "is paused; its ticks are accounted for as paused"),
        "resume": (lifecycle.resume, "goes on"),
        "unschedule": (lifecycle.disable, "is no longer scheduled"),
        "delete": (lifecycle.park, "is parked: nothing of it runs, and nothing is lost"),
        "park": (lifecycle.park, "is parked: nothing of it runs, and nothing is lost"),
    }
    if action in ("run", "run_now"):
        async for event in conversation.run_now(record.id):
            yield event
    elif action in ("approve", "reject"):
        async for event in _decided(conversation, record, approved=action == "approve"):
            yield event
    elif action == "rename":
        async for event in renaming.rename(conversation, record, name):
            yield event
    elif action in changes:
        change, told = changes[action]
        yield TextDelta(f"{change(record.id).name} {told}.")
    else:
        yield Notice("job_bindings_invalid", f"{action!r} cannot be done to a job")


async def _decided(
    conversation: Conversation, record: JobRecord, *, approved: bool
) -> AsyncIterator[TurnEvent]:
    """Answer what waits: the open draft, else a run, else the completion."""
    place = conversation.place
    draft = place.jobs.open_draft(record.id)
    asked = [q for q in place.guide.open_questions(record.id) if q.about == "completion"]
    if draft is not None and approved:
        yield TextDelta(replies.approved(conversation, record, draft.id))
    elif draft is not None:
        place.lifecycle.reject(draft.id)
        yield TextDelta("The draft is rejected.")
    elif asked and not place.runs.active(record.name):
        word = APPROVE_COMPLETION if approved else REVIEW
        async for event in closing.decided(conversation, asked[0], word, "person"):
            yield event
    elif approved and closing.is_approved(place, record) and not place.runs.active(record.name):
        yield TextDelta(closing.go_on_completing(place, record.id))
    else:
        decided = decide_all(place.runs, record, approved=approved, by="person")
        word = "Approved" if approved else "Rejected"
        yield TextDelta(f"{word}: {', '.join(path for _, path in decided)}.")


def _list(conversation: Conversation) -> str:
    found = conversation.place.jobs.list(limit=50)
    lines = [f"- {job.name}: {job.title or 'no title'} ({_state(job)})" for job in found]
    return "\n".join(lines) or f"No {conversation.place.settings.nouns} yet."


def _state(job: JobRecord) -> str:
    if job.status in ("parked", "pending", "completed"):
        return job.status
    if not job.version:
        return "draft"
    return "paused" if job.paused else "scheduled" if job.enabled else f"version {job.version}"


def _routed(record: JobRecord) -> RoutedTo:
    return RoutedTo(record.id, record.name, record.title, new=False)
