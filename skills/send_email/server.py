"""Handing a message to a mail server, and what became of it.

Everything up to the DATA command is certain: an error there means that nothing was sent. After
it, a broken connection leaves the outcome unknown.
"""

from __future__ import annotations

import contextlib
import ipaddress
import smtplib
import ssl
from collections.abc import Generator, Sequence

from assistant.errors import CannotDo, OutcomeUnknown, PolicyDenied, TryAgain
from assistant.settings import Smtp

from .outbox import Outbox

SECONDS = 30.0
_ACCEPTED = frozenset({250, 251})


def hand_over(
    smtp: Smtp,
    *,
    password: str,
    sender: str,
    recipients: Sequence[str],
    raw: bytes,
    outbox: Outbox,
) -> dict[str, str]:
    """Give the message to the server; gives the recipients it refused, with its reasons.

    Raises TryAgain or CannotDo when nothing was sent, OutcomeUnknown when nobody can know.
    """
    with _session(smtp, password) as server:
        _answered(server.mail(sender), f"the sender {sender}", smtp)
        refused = dict[str, str]()
        busy = False
        for recipient in recipients:
            code, words = server.rcpt(recipient)
            if code not in _ACCEPTED:
                refused[recipient] = _said(code, words)
                busy = busy or 400 <= code < 500
        if len(refused) == len(recipients):
            told = "; ".join(f"{who}: {why}" for who, why in refused.items())
            failure = TryAgain if busy else CannotDo
            raise failure(f"{smtp.host} takes no message for {told}", hint="Check the addresses.")
        with outbox.handing_over(raw):
            _give(server, raw, smtp)
    return refused


def _give(server: smtplib.SMTP, raw: bytes, smtp: Smtp) -> None:
    try:
        reply = server.data(raw)
    except smtplib.SMTPDataError as no:  # the DATA command itself was declined
        reply = (no.smtp_code, no.smtp_error)
    except (OSError, smtplib.SMTPException) as cut:
        raise OutcomeUnknown(
            f"{smtp.host} broke off while it was taking the message: it may have been sent.",
            hint="Ask a recipient, then say whether to send it again.",
        ) from cut
    _answered(reply, "the message", smtp)


@contextlib.contextmanager
def _session(smtp: Smtp, password: str) -> Generator[smtplib.SMTP]:
    """A connection that is encrypted and logged in as the settings say."""
    if smtp.security == "none" and password and not _on_this_machine(smtp.host):
        raise PolicyDenied(
            f"The password for {smtp.host} is not sent over a connection that is not encrypted.",
            hint="Set smtp.security to starttls or tls.",
        )
    server: smtplib.SMTP | None = None
    try:
        server = _connected(smtp)
        server.ehlo_or_helo_if_needed()
        if smtp.user and password:
            server.login(smtp.user, password)
        yield server
    except smtplib.SMTPAuthenticationError as wrong:
        raise CannotDo(
            f"{smtp.host} does not accept the login of {smtp.user}.",
            hint="Set the secret again: assistant secrets set smtp_password",
        ) from wrong
    except smtplib.SMTPNotSupportedError as wrong:
        raise CannotDo(
            f"{smtp.host}:{smtp.port} cannot do what the settings ask: {wrong}",
            hint="Check smtp.security and smtp.port: 587 goes with starttls, 465 with tls.",
        ) from wrong
    except ssl.SSLError as wrong:
        raise CannotDo(
            f"{smtp.host}:{smtp.port} has no TLS connection that can be trusted: {wrong.reason or wrong}.",
            hint="Check smtp.host and smtp.security; a private authority goes into smtp.ca_file.",
        ) from wrong
    except (OSError, smtplib.SMTPException) as trouble:
        raise TryAgain(
            f"The mail server {smtp.host}:{smtp.port} cannot be used now: {trouble}",
            hint="Check smtp.host and smtp.port, and the machine's connection.",
        ) from trouble
    finally:
        if server is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                server.quit()


def _connected(smtp: Smtp) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=str(smtp.ca_file) if smtp.ca_file else None)
    if smtp.security == "tls":
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=SECONDS, context=context)
    server = smtplib.SMTP(smtp.host, smtp.port, timeout=SECONDS)
    if smtp.security == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _answered(reply: tuple[int, bytes | str], what: str, smtp: Smtp) -> None:
    code, words = reply
    if code in _ACCEPTED:
        return
    told = f"{smtp.host} did not accept {what}: {_said(code, words)}"
    if 400 <= code < 500:
        raise TryAgain(told, hint="The server asks to come back later.")
    raise CannotDo(told, hint="Its answer says what it wants; the settings are under smtp.")


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"[:300]


def _on_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
