"""Slash commands: the few words that are an order to the chat and not a prompt."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from assistant.chat.answering import words
from assistant.chat.events import Notice, RoutedTo, TextDelta, TurnEvent
from assistant.errors import BindingsInvalid
from assistant.ids import slug
from assistant.job.routing import checked_prompt, focused
from assistant.job.waiting import decide_all
from assistant.schedule.wording import in_words
from assistant.store.jobs import JobRecord

if TYPE_CHECKING:
    from assistant.chat.turn import Conversation

COMMANDS = ("new", "focus", "jobs", "run", "approve", "reject", "pause", "resume", "help")


def is_command(text: str) -> bool:
    """`/run` is one; a path such as `/etc/hosts is …` is none."""
    word = text.strip().split(maxsplit=1)[:1]
    return bool(word) and word[0].startswith("/") and word[0][1:].isalpha()


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
        yield TextDelta(words("help"))
    elif name == "jobs":
        yield TextDelta(_list(conversation))
    elif name == "new":
        async for event in conversation.turn(rest):
            yield event
    elif name == "focus":
        yield _routed(focused(place.jobs, rest))
    else:
        record = focused(place.jobs, rest or focus)
        yield _routed(record)
        async for event in act(conversation, record, name):
            yield event


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
    }
    if action in ("run", "run_now"):
        async for event in conversation.run_now(record.id):
            yield event
    elif action in ("approve", "reject"):
        yield TextDelta(_decided(conversation, record, approved=action == "approve"))
    elif action == "rename":
        renamed = lifecycle.rename(record.id, slug(name))
        yield TextDelta(f"The job is now named {renamed.name}.")
    elif action in changes:
        change, told = changes[action]
        yield TextDelta(f"{change(record.id).name} {told}.")
    else:
        yield Notice("job_bindings_invalid", f"{action!r} cannot be done to a job")


def _decided(conversation: Conversation, record: JobRecord, *, approved: bool) -> str:
    """Answer the open draft, else what the job's runs wait with."""
    place = conversation.place
    waiting = place.jobs.open_draft(record.id)
    if waiting is None:
        decided = decide_all(place.runs, record, approved=approved, by="person")
        word = "Approved" if approved else "Rejected"
        return f"{word}: {', '.join(path for _, path in decided)}."
    if not approved:
        place.lifecycle.reject(waiting.id)
        return "The draft is rejected."
    version = place.lifecycle.approve(waiting.id)
    schedule = place.ledger.schedule(record.id)
    when = f" It runs: {in_words(schedule.cron, schedule.timezone)}." if schedule else ""
    return f"Version {version.number} of {place.jobs.get(record.id).name} is in force.{when}"


def _list(conversation: Conversation) -> str:
    found = conversation.place.jobs.list(limit=50)
    lines = [f"- {job.name}: {job.title or 'no title'} ({_state(job)})" for job in found]
    return "\n".join(lines) or "No jobs yet."


def _state(job: JobRecord) -> str:
    if not job.version:
        return "draft"
    return "paused" if job.paused else "scheduled" if job.enabled else f"version {job.version}"


def _routed(record: JobRecord) -> RoutedTo:
    return RoutedTo(record.id, record.name, record.title, new=False)
