"""Send a short message to a channel."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from pydantic import Field

from assistant.clock import rfc3339
from assistant.errors import OutcomeUnknown
from assistant.ids import new_run_id
from assistant.net.channels import address_of, send
from assistant.settings import refreshed
from assistant.skills.context import SkillContext
from assistant.skills.door import Example, skill
from assistant.skills.records import Receipt, ReceiptResult
from assistant.store.notices import Notice, Notices, State

OUTBOX = "outbox"
LONGEST = 20_000


def preview(
    context: SkillContext, message: str, channel: str = OUTBOX, title: str = ""
) -> dict[str, Any]:
    """What would be said where; nothing is sent."""
    if channel != OUTBOX:
        _address(context, channel)
    return {"channel": channel, "title": title, "message": message}


def already_done(
    context: SkillContext, message: str, channel: str = OUTBOX, title: str = ""
) -> ReceiptResult | None:
    """The receipt when this step's message is out. Raises OutcomeUnknown when it may be."""
    line = Notices(context.outbox).last(_id(context))
    if line is None or line.state == "failed":
        return None
    if line.state == "sending":
        raise OutcomeUnknown(
            f"The message to {channel!r} was being sent when the work was interrupted.",
            hint="Look at the channel, then say whether to send it again.",
        )
    return _receipt(context, line)


@skill(
    effect="write",
    hosts=("channel",),
    patchable=("message", "title"),
    preview=preview,
    already_done=already_done,
    examples=(
        Example("tell me when it is done", {"message": "It is done."}),
        Example(
            "notify the ops channel that the backup failed",
            {"message": "The backup failed.", "channel": "ops"},
        ),
        Example(
            "post the number of late orders to slack",
            {"message": "Late orders: ${{ steps.late.count }}", "channel": "slack"},
        ),
        Example(
            "send a telegram message saying good morning",
            {"message": "Good morning.", "channel": "telegram"},
        ),
        Example("alert me", {"message": "Something needs your attention."}),
    ),
    timeout=60,
)
def notify(
    context: SkillContext,
    message: Annotated[str, Field(min_length=1, max_length=LONGEST, description="What to say")],
    channel: Annotated[str, Field(description="A channel of the settings, or outbox")] = OUTBOX,
    title: Annotated[str, Field(max_length=250, description="Shown above the message")] = "",
) -> ReceiptResult:
    """Send a short message to a channel, or into the local notifications file."""
    journal = Notices(context.outbox)
    known = journal.last(_id(context))
    if known is not None and known.state == "sent":
        return _receipt(context, known)

    def note(state: State) -> Notice:
        at = rfc3339(context.clock.now())
        line = Notice(_id(context), at, channel, title, message, state)
        journal.add(line)
        return line

    if channel == OUTBOX:
        return _receipt(context, note("sent"))
    address = _address(context, channel)
    note("sending")
    try:
        send(channel, address, title=title, message=message)
    except Exception:
        note("failed")
        raise
    return _receipt(context, note("sent"))


def _address(context: SkillContext, channel: str) -> str:
    return address_of(channel, refreshed(context.settings).channels, context.secrets)


def _id(context: SkillContext) -> str:
    """The same for every try of a step, and for nothing else."""
    key = context.idempotency_key or new_run_id(context.clock.now())
    return hashlib.sha256(f"notice {key}".encode()).hexdigest()[:32]


def _receipt(context: SkillContext, line: Notice) -> ReceiptResult:
    path = Notices(context.outbox).path
    return ReceiptResult(
        receipt=Receipt(
            channel=line.channel,
            recipients=[line.channel],
            message_id=line.id,
            subject=line.title,
            uri=path.absolute().as_uri() if line.channel == OUTBOX else "",
            sent_at=line.at,
        )
    )
