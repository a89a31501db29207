"""A job file kept as the open draft of a job, with the card that a person decides by."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.chat import cards
from assistant.chat.events import DraftCard
from assistant.job import footers
from assistant.job.twins import twin_of
from assistant.store.jobs import Draft

if TYPE_CHECKING:
    from assistant.chat.turn import Conversation


async def propose(
    conversation: Conversation,
    ident: str,
    yaml: str,
    *,
    request: str = "",
    template: str = "",
    assumptions: Sequence[str] = (),
    unplaced: Sequence[str] = (),
    edited: bool = False,
) -> DraftCard:
    """Keep a job file as the job's open draft, with its card. `edited`: it is the draft that waits,
    changed; then its words stay, and what it had not taken in stays told. Raises JobInvalid."""
    place = conversation.place
    lifecycle, jobs = place.lifecycle, place.jobs
    record = jobs.get(ident)
    waiting = jobs.open_draft(record.id) if edited and not record.version else None
    before = jobs.version(record.id).yaml if record.version else waiting.yaml if waiting else ""
    if waiting is not None:
        request = "\n".join(dict.fromkeys(one for one in (waiting.request, request) if one))
        unplaced = (*unplaced, *_still_unplaced(waiting, yaml))
    draft = await asyncio.to_thread(
        lambda: lifecycle.propose(record.id, yaml, request=request, template=template)
    )
    footer = footers.asked(jobs.interactions(record.id))
    record = place.guide.enter(record.id, "plan", "A job is drafted.", footer=footer)
    job = lifecycle.parsed(draft.yaml, path=f"{record.name}/job.yaml")
    changes = lifecycle.diff(before, draft.yaml) if before else ()
    twin = None if record.version else await asyncio.to_thread(twin_of, jobs, record, job)
    told = {"assumptions": assumptions, "unplaced": unplaced, "changes": changes}
    card = cards.card_of(place, record, draft, job, twin=twin.name if twin else "", **told)
    conversation.keep(card)
    return card


def _still_unplaced(waiting: Draft, yaml: str) -> list[str]:
    """What the draft before had not taken in, and the changed one has not either."""
    before = (waiting.card or {}).get("unplaced", ())
    return [said for said in before if not re.search(rf"(?<!\w){re.escape(said)}(?!\w)", yaml)]
