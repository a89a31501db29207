"""Send an e-mail, or write it into the outbox."""

from __future__ import annotations

import hashlib
import mimetypes
from typing import Annotated, Any

from pydantic import Field

from assistant.clock import rfc3339
from assistant.errors import BadArguments, OutcomeUnknown
from assistant.ids import new_run_id
from assistant.secrets import SecretMissing
from assistant.skills.context import SkillContext
from assistant.skills.door import Example, skill
from assistant.skills.files import safe_name
from assistant.skills.records import Artifact, Newsletter, Receipt, ReceiptResult
from assistant.skills.stories import note_mailed, note_mailing

from .addresses import MOST_RECIPIENTS, address, addresses, once
from .message import (
    Attachment,
    Envelope,
    body_parts,
    letter_parts,
    message_of,
    subject_line,
    unsubscribe_by_mail,
)
from .outbox import Outbox, receipt_in
from .server import hand_over

PASSWORD = "smtp_password"  # noqa: S105 - the name of a secret, not one
OUTBOX, SMTP = "outbox", "smtp"
HEAVIEST = 20_000_000
SHOWN = 2_000

Recipients = str | list[str]
Attached = list[str | Artifact]


def preview(
    context: SkillContext,
    to: Recipients,
    subject: str = "",
    newsletter: Newsletter | None = None,
    body: str = "",
    attachments: Attached = [],  # noqa: B006 - never changed; the schema shows it
    cc: Recipients = [],  # noqa: B006
    bcc: Recipients = [],  # noqa: B006
) -> dict[str, Any]:
    """The message as it would go out; nothing is written."""
    envelope = _envelope(context, to, subject, newsletter, body, attachments, cc, bcc)
    return {
        "via": _channel(context),
        "from": str(envelope.sender),
        "to": [str(one) for one in envelope.to],
        "cc": [str(one) for one in envelope.cc],
        "bcc": [str(one) for one in envelope.bcc],
        "subject": envelope.subject,
        "text": envelope.text[:SHOWN],
        "attachments": [one.name for one in envelope.attachments],
        "message_id": envelope.message_id,
    }


def already_done(context: SkillContext, **arguments: Any) -> ReceiptResult | None:
    """The receipt, when this step's message is written or sent; None when it certainly is not.

    Raises OutcomeUnknown when a server was being given it.
    """
    message_id = _message_id(context, _sender(context).domain)
    outbox = Outbox(context.outbox, message_id)
    found = _receipt(context, outbox)
    if found is not None:
        _remember(context, arguments.get("newsletter"))
        return ReceiptResult(receipt=found)
    if outbox.sending.exists():
        raise OutcomeUnknown(
            "The connection to the mail server ended while the message was handed over.",
            hint="Ask a recipient, then say whether to send it again.",
        )
    return None


@skill(
    effect="write",
    hosts=("to", "cc", "bcc"),
    secrets=(PASSWORD,),
    patchable=("subject", "body"),
    preview=preview,
    already_done=already_done,
    examples=(
        Example(
            "email the digest to jo@example.org",
            {"to": "jo@example.org", "newsletter": "${{ steps.letter.newsletter }}"},
        ),
        Example(
            "send it to kim@example.org and lee@example.org with the subject Weekly news",
            {
                "to": ["kim@example.org", "lee@example.org"],
                "subject": "Weekly news",
                "newsletter": "${{ steps.letter.newsletter }}",
            },
        ),
        Example(
            "mail me at me@example.org: the backup is done",
            {"to": "me@example.org", "subject": "Backup", "body": "The backup is done."},
        ),
        Example(
            "send the report as an attachment to boss@example.org",
            {
                "to": "boss@example.org",
                "subject": "Report",
                "body": "The report is attached.",
                "attachments": ["report.csv"],
            },
        ),
        Example(
            "write to team@example.org with a blind copy to archive@example.org",
            {
                "to": "team@example.org",
                "bcc": "archive@example.org",
                "subject": "News",
                "body": "${{ steps.text.text }}",
            },
        ),
    ),
    timeout=120,
)
def send_email(
    context: SkillContext,
    to: Annotated[Recipients, Field(description="Recipients: jo@example.org, or a list of them")],
    subject: Annotated[str, Field(description="Empty: the newsletter's title")] = "",
    newsletter: Annotated[
        Newsletter | None, Field(description="A letter from compile_newsletter")
    ] = None,
    body: Annotated[str, Field(description="A plain message, instead of a newsletter")] = "",
    attachments: Annotated[Attached, Field(description="Names of files of this run")] = [],  # noqa: B006
    cc: Annotated[Recipients, Field(description="More recipients, seen by all")] = [],  # noqa: B006
    bcc: Annotated[Recipients, Field(description="More recipients, seen by nobody")] = [],  # noqa: B006
) -> ReceiptResult:
    """Send an e-mail or a newsletter; without a mail server it goes into the outbox folder."""
    envelope = _envelope(context, to, subject, newsletter, body, attachments, cc, bcc)
    outbox = Outbox(context.outbox, envelope.message_id)
    found = _receipt(context, outbox)
    if found is not None:
        return ReceiptResult(receipt=found)
    if newsletter is not None:
        note_mailing(context)
    receipt = _deliver(context, envelope, outbox)
    _remember(context, newsletter)
    return ReceiptResult(receipt=receipt)


def _deliver(context: SkillContext, envelope: Envelope, outbox: Outbox) -> Receipt:
    smtp = context.settings.smtp
    if not smtp.host:
        outbox.write(message_of(envelope, keep_bcc=True).as_bytes())
        return _made(context, envelope, envelope.recipients, outbox.written.absolute().as_uri())
    refused = hand_over(
        smtp,
        password=_password(context),
        sender=envelope.sender.addr_spec,
        recipients=envelope.recipients,
        raw=message_of(envelope, keep_bcc=False).as_bytes(),
        outbox=outbox,
    )
    for recipient, reason in refused.items():
        context.warn(f"{smtp.host} refused {recipient}: {reason}")
    taken = [one for one in envelope.recipients if one not in refused]
    return _made(context, envelope, taken, outbox.sent.absolute().as_uri())


def _envelope(
    context: SkillContext,
    to: Recipients,
    subject: str,
    newsletter: Newsletter | None,
    body: str,
    attachments: Attached,
    cc: Recipients,
    bcc: Recipients,
) -> Envelope:
    """Everything checked, nothing sent."""
    if (newsletter is None) == (not body.strip()):
        raise BadArguments(
            "send_email needs either newsletter or body.",
            hint="Give the newsletter of compile_newsletter, or a text as body.",
        )
    sender = _sender(context)
    groups = {
        name: once(addresses(given, field=name))
        for name, given in (("to", to), ("cc", cc), ("bcc", bcc))
    }
    if not groups["to"] or sum(map(len, groups.values())) > MOST_RECIPIENTS:
        raise BadArguments(
            f"to: a message has 1 to {MOST_RECIPIENTS} recipients.",
            hint="Give an address such as jo@example.org; use a mailing list for many.",
        )
    line = subject_line(
        subject or (newsletter.title if newsletter else body.strip().split("\n")[0])
    )
    unsubscribe = ""
    if newsletter is not None:
        letters = context.settings.letters
        unsubscribe = letters.unsubscribe or unsubscribe_by_mail(sender, line)
        browser = letters.browser.replace("{run}", context.run_id)
        text, html = letter_parts(newsletter, browser=browser, unsubscribe=unsubscribe)
    else:
        text, html = body_parts(body)
    return Envelope(
        sender=sender,
        **groups,
        subject=line,
        text=text,
        html=html,
        attachments=_attached(context, attachments),
        message_id=_message_id(context, sender.domain),
        at=context.clock.now(),
        unsubscribe=unsubscribe,
    )


def _attached(context: SkillContext, wanted: Attached) -> list[Attachment]:
    files = list[Attachment]()
    for one in wanted:
        name = safe_name(one if isinstance(one, str) else one.name)
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        files.append(Attachment(name, media_type, context.artifacts.read(name)))
    if sum(len(file.content) for file in files) > HEAVIEST:
        raise BadArguments(
            f"attachments: together they are larger than {HEAVIEST // 1_000_000} MB.",
            hint="Mail servers refuse such messages; send a link or fewer files.",
        )
    return files


def _sender(context: SkillContext) -> Any:
    return address(context.settings.smtp.sender or context.settings.sender, field="sender")


def _message_id(context: SkillContext, domain: str) -> str:
    """The same for every try of a step, and for nothing else."""
    key = context.idempotency_key or new_run_id(context.clock.now())
    return f"<{hashlib.sha256(f'mail {key}'.encode()).hexdigest()[:32]}@{domain}>"


def _password(context: SkillContext) -> str:
    smtp = context.settings.smtp
    if not smtp.user:
        return ""
    try:
        return context.secrets[PASSWORD]
    except KeyError as missing:
        raise SecretMissing(PASSWORD) from missing


def _channel(context: SkillContext) -> str:
    return SMTP if context.settings.smtp.host else OUTBOX


def _receipt(context: SkillContext, outbox: Outbox) -> Receipt | None:
    sent = receipt_in(outbox.sent, channel=SMTP)
    return sent or receipt_in(outbox.written, channel=OUTBOX)


def _made(context: SkillContext, envelope: Envelope, recipients: list[str], uri: str) -> Receipt:
    return Receipt(
        channel=_channel(context),
        recipients=recipients,
        message_id=envelope.message_id,
        subject=envelope.subject,
        uri=uri,
        sent_at=rfc3339(envelope.at),
    )


def _remember(context: SkillContext, newsletter: Newsletter | None) -> None:
    if newsletter is not None:
        note_mailed(context, newsletter.html)
