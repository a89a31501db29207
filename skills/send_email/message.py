"""A message as it goes out: built by the standard library from checked parts, never from strings."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from urllib.parse import parse_qs, quote, unquote, urlsplit

import nh3
from markdown_it import MarkdownIt

from assistant.skills.records import Newsletter

# Seven bits: every server takes it, and no line is rewritten on the way.
POLICY = SMTP.clone(cte_type="7bit")
LONGEST_SUBJECT = 250
_EMBEDDED = re.compile(r'src="data:image/(jpeg|png|gif|webp);base64,([A-Za-z0-9+/=]+)"')
_BODY_STYLE = (
    "font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;max-width:640px"
)


@dataclass(frozen=True)
class Attachment:
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Envelope:
    """Everything a message is made of."""

    sender: Address
    to: Sequence[Address]
    cc: Sequence[Address]
    bcc: Sequence[Address]
    subject: str
    text: str
    html: str
    attachments: Sequence[Attachment]
    message_id: str
    at: datetime
    unsubscribe: str = ""

    @property
    def recipients(self) -> list[str]:
        """Where it goes, each mailbox once."""
        every = (*self.to, *self.cc, *self.bcc)
        return list(dict.fromkeys(address.addr_spec for address in every))


def subject_line(text: str) -> str:
    """One line without control characters, of sensible length."""
    # The standard library decodes `=?…?=` in what it is given, line breaks inside included.
    inert = text.replace("=?", "= ?")
    line = " ".join("".join(c if c.isprintable() else " " for c in inert).split())
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"


def letter_parts(newsletter: Newsletter, *, browser: str, unsubscribe: str) -> tuple[str, str]:
    """(text, html) of a newsletter, its two slots filled or left empty."""
    html = newsletter.html.replace("<!--slot:browser-->", _link(browser, "View in browser"))
    html = html.replace("<!--slot:unsubscribe-->", _link(unsubscribe, "Unsubscribe"))
    lines = [f"View in browser: {browser}"] if browser else []
    lines += [f"Unsubscribe: {_in_words(unsubscribe)}"] if unsubscribe else []
    return "\n".join([newsletter.text.rstrip(), *lines]) + "\n", html


def _in_words(address: str) -> str:
    """A `mailto:` address as the reader of plain text follows it; any other as it is."""
    parts = urlsplit(address)
    if parts.scheme != "mailto":
        return address
    subject = parse_qs(parts.query).get("subject", [""])[0]
    return f"write to {unquote(parts.path)}" + (f", subject “{subject}”" if subject else "")


def body_parts(body: str) -> tuple[str, str]:
    """(text, html) of a plain message; its Markdown is shown, its HTML is not."""
    rendered = MarkdownIt("commonmark", {"html": False, "breaks": True}).render(body)
    clean = nh3.clean(rendered, url_schemes={"http", "https", "mailto"})
    return body, (
        '<!doctype html><html><head><meta charset="utf-8"><meta name="color-scheme" '
        f'content="light dark"></head><body><div style="{escape(_BODY_STYLE)}">{clean}</div>'
        "</body></html>"
    )


def unsubscribe_by_mail(sender: Address, title: str) -> str:
    return f"mailto:{sender.addr_spec}?subject={quote(f'Unsubscribe: {title}')}"


def message_of(envelope: Envelope, *, keep_bcc: bool) -> EmailMessage:
    """The message. `keep_bcc` is for a file that only the sender sees."""
    message = EmailMessage(policy=POLICY)
    message["From"] = envelope.sender
    for name, group in (("To", envelope.to), ("Cc", envelope.cc)):
        if group:
            message[name] = tuple(group)
    if keep_bcc and envelope.bcc:
        message["Bcc"] = tuple(envelope.bcc)
    message["Subject"] = envelope.subject
    message["Date"] = format_datetime(envelope.at)
    message["Message-ID"] = envelope.message_id
    message["Auto-Submitted"] = "auto-generated"
    if envelope.unsubscribe:
        message["List-Unsubscribe"] = f"<{envelope.unsubscribe}>"
    message.set_content(envelope.text)
    _add_html(message, envelope)
    for attachment in envelope.attachments:
        kind, _, detail = attachment.media_type.partition("/")
        message.add_attachment(
            attachment.content,
            maintype=kind,
            subtype=detail or "octet-stream",
            filename=attachment.name,
        )
    return message


def _add_html(message: EmailMessage, envelope: Envelope) -> None:
    """The HTML part; images inside it become parts of their own, which mail programs show."""
    images = list[tuple[str, bytes, str]]()

    def moved(found: re.Match[str]) -> str:
        name = f"image{len(images) + 1}.{envelope.message_id.strip('<>')}"
        images.append((found[1], base64.b64decode(found[2]), name))
        return f'src="cid:{name}"'

    html = _EMBEDDED.sub(moved, envelope.html)
    message.add_alternative(html, subtype="html")
    if not images:
        return
    part = message.get_body(("html",))
    assert part is not None  # noqa: S101 - just added above
    for kind, content, name in images:
        part.add_related(content, maintype="image", subtype=kind, cid=f"<{name}>")


def _link(url: str, words: str) -> str:
    if not url:
        return ""
    return f'<a href="{escape(url)}" style="color:inherit;text-decoration:underline">{words}</a>'
