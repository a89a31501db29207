"""The same tools called with the same arguments three times, in whichever jobs: the offer to keep them.

A home is asked once for each set of calls: later means after three more, never means never.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from assistant.chat import asking, cards
from assistant.chat.answering import words
from assistant.chat.events import TextDelta, Thinking, TurnEvent
from assistant.ids import ONCE
from assistant.job.questions import OpenQuestion, Question
from assistant.pipeline.loader import read_loosely
from assistant.store.jobs import JobRecord
from assistant.store.runs import RunRow
from assistant.workplace import Workplace

if TYPE_CHECKING:
    from assistant.chat.turn import Conversation

REPEATED = "repeated"
TIMES = 3
MAKE, LATER, NEVER = "Make it a job", "Later", "Never"
_LOOKED_AT = 300
_MEMORY = "repeated calls"


def question(place: Workplace, run: RunRow) -> Question | None:
    """The offer that a run gives rise to; None when it does not, or the person said otherwise."""
    key = _fingerprint(run)
    if not key:
        return None
    same = [one for one in _succeeded(place) if _fingerprint(one) == key]
    kept = place.runs.remembered(ONCE, _MEMORY, key)
    said: dict[str, Any] = kept if isinstance(kept, dict) else {}
    if said.get("word") == NEVER or len(same) < TIMES + int(said.get("count", 0)):
        return None
    if len({one.job_id for one in same}) < 2:
        return None  # one job that has done it thrice is asked whether it moves up
    if any(q.about == REPEATED and q.facts.get("key") == key for q in place.guide.open_questions()):
        return None
    skills = [str(step["skill"]).replace("_", " ") for step in _steps(run)]
    text = words(
        "repeated", count=str(len(same)), steps=", ".join(skills), noun=place.settings.noun
    )
    facts = {"key": key, "run": run.id, "count": len(same)}
    return Question("PLAN", text, (MAKE, LATER, NEVER), REPEATED, facts)


async def decided(
    conversation: Conversation, record: JobRecord, asked: OpenQuestion, said: str
) -> AsyncIterator[TurnEvent]:
    """The person's word on the offer; yes makes a draft of what was done, and tries it."""
    from assistant.chat import replies  # it imports this module

    place, key = conversation.place, str(asked.facts["key"])
    place.runs.remember(ONCE, _MEMORY, key, {"word": said, "count": asked.facts["count"]})
    if said != MAKE:
        yield TextDelta(words("repeated_never" if said == NEVER else "repeated_later"))
        return
    run = place.runs.get(str(asked.facts["run"]))
    told = words("repeated_from", count=str(asked.facts["count"]))
    card = await conversation.propose(
        record.id, str(run.request["yaml"]), request=record.title, assumptions=(told,)
    )
    replies.ask_of_draft(conversation, record, card)
    yield card
    yield Thinking("Trying it without changing anything")
    card = cards.with_dry_run(card, await conversation.dry_run(place.jobs.draft(card.draft_id)))
    conversation.keep(card)
    yield card


def offered(conversation: Conversation, record: JobRecord, run: RunRow) -> list[TurnEvent]:
    """The card of the offer, kept as a question of the job."""
    found = question(conversation.place, run)
    if found is None or record.version:
        return []
    return [asking.card_of(one) for one in conversation.place.guide.ask(record.id, [found])]


def _succeeded(place: Workplace) -> list[RunRow]:
    runs = place.runs.list(job=ONCE, status="succeeded", limit=_LOOKED_AT)
    return [run for run in runs if not run.dry and run.parent_run is None]


def _fingerprint(run: RunRow) -> str:
    """What a run of tools called, as one short text; empty for a run of a kept job."""
    if run.job != ONCE or run.version or not run.job_id or not _steps(run):
        return ""
    calls = [[step["skill"], step.get("with") or {}] for step in _steps(run)]
    return hashlib.sha256(json.dumps(calls, sort_keys=True, default=str).encode()).hexdigest()[:24]


def _steps(run: RunRow) -> list[dict[str, Any]]:
    data = read_loosely(str(run.request.get("yaml", ""))).document.data
    steps = data.get("steps") if isinstance(data, dict) else None
    return [step for step in steps or [] if isinstance(step, dict) and "skill" in step]
