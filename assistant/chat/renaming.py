"""A job takes another name; what was said like a title ("The school letter") becomes its title too."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from assistant.chat import cards
from assistant.chat.answering import words
from assistant.chat.events import TextDelta, TurnEvent, card_from
from assistant.ids import slug
from assistant.store.jobs import JobRecord

if TYPE_CHECKING:
    from assistant.chat.turn import Conversation


async def rename(
    conversation: Conversation, record: JobRecord, said: str
) -> AsyncIterator[TurnEvent]:
    """Rename a job as it was said. Raises BindingsInvalid when the name is taken."""
    place = conversation.place
    renamed = place.lifecycle.rename(record.id, slug(said))
    title = said.strip() if said.strip() != renamed.name else ""
    if title and (" " in title or title != title.lower()):
        draft = place.jobs.open_draft(record.id)
        before = draft.yaml if draft else place.jobs.version(record.id).yaml if record.version else ""  # fmt: skip
        text = titled(before, record.title, title)
        if draft is not None and text != before:
            tried = card_from(draft.card).dry_run if draft.card else None
            card = await conversation.propose(record.id, text, request=draft.request)
            if tried is not None:
                conversation.keep(cards.with_dry_run(card, tried))
        elif text != before:
            place.lifecycle.save(record.id, text, message=words("titled", title=title))
        place.jobs.update(record.id, title=title)
    yield TextDelta(words("renamed", noun=place.settings.noun, name=renamed.name))


def titled(yaml: str, old: str, new: str) -> str:
    """A job file with another title, wherever the old one stands as a title; all else stays."""
    if not old:
        return yaml
    quoted = "|".join(
        re.escape(one) for one in (json.dumps(old, ensure_ascii=False), f"'{old}'", old)
    )
    return re.sub(rf"(\btitle: )(?:{quoted})(?=\s*[,}}\n#]|$)", lambda m: m[1] + json.dumps(new, ensure_ascii=False), yaml, flags=re.M)  # fmt: skip
