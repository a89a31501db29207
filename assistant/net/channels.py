"""The one door to Apprise: what is said to a person outside goes to an address of the settings.

A page, a model or a job file can name a channel, never an address: addresses stand in the
person's own settings. No redirect is followed, so that a message goes where it is addressed and
nowhere else, and no address is ever part of an error's text.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from assistant.errors import CannotDo, TryAgain
from assistant.masking import SHORTEST, Masker
from assistant.secrets import REFERENCE, SecretMissing
from assistant.settings import Channel, Smtp

_LONGEST_WORDS = 300
_HERE = {
    "desktop": " Its address for this desktop is gnome:// or dbus:// (Linux), macosx:// or windows://.",
}
"""What to say of names that people use without having set up a channel."""


def address_of(name: str, channels: Mapping[str, Channel], secrets: Mapping[str, str]) -> str:
    """The address of a channel, secrets filled in. Raises CannotDo for one that is not named."""
    if name not in channels:
        known = ", ".join(["outbox", *sorted(channels)])
        raise CannotDo(
            f"There is no channel {name[:80]!r}.",
            hint=f"Channels are: {known}. Add one: `assistant alerts channels add NAME`.{_HERE.get(name, '')}",
        )

    def value(secret: str) -> str:
        try:
            return secrets[secret]
        except KeyError as missing:
            raise SecretMissing(secret) from missing

    return REFERENCE.sub(lambda found: value(found.group(1)), channels[name].url)


def mail_address(to: str, smtp: Smtp, *, sender: str, password: str) -> str:
    """The address of a person's mailbox, through the mail server of the settings."""
    mode = {"starttls": "starttls", "tls": "ssl", "none": "insecure"}[smtp.security]
    login = f"{quote(smtp.user, safe='')}:{quote(password, safe='')}@" if smtp.user else ""
    asked = urlencode({"smtp": smtp.host, "from": sender, "to": to, "mode": mode})
    kind = "mailto" if smtp.security == "none" else "mailtos"
    return f"{kind}://{login}{smtp.host}:{smtp.port}?{asked}"


def service_of(name: str, address: str) -> str:
    """What kind of channel an address is (`Slack`, `E-Mail`). Raises CannotDo for no known kind."""
    return str(next(iter(_opened(name, address))).service_name)


def send(name: str, address: str, *, title: str, message: str) -> None:
    """Send one message. Raises CannotDo for an address of no known kind, TryAgain for the rest."""
    service = _opened(name, address)
    words = _Words()
    log = logging.getLogger("apprise")
    log.propagate = False  # what went wrong is told below, without the address
    log.addHandler(words)
    try:
        taken = service.notify(body=message, title=title, body_format="text")
    finally:
        log.removeHandler(words)
    if not taken:
        told = _masker(name, address).mask(" ".join(words.said))[-_LONGEST_WORDS:]
        raise TryAgain(
            f"The channel {name!r} did not take the message. {told}".rstrip(),
            hint="Check the channel's address in the settings, and the machine's connection.",
        )


def _opened(name: str, address: str) -> Any:
    import apprise  # slow to import, and needed only here

    asset = apprise.AppriseAsset(http_redirects=False, app_id="Assistant", async_mode=False)
    service = apprise.Apprise(asset=asset)
    if not service.add(address):
        raise CannotDo(
            f"The address of the channel {name!r} is of no kind that Apprise knows.",
            hint="See https://github.com/caronc/apprise/wiki for the form of its URL.",
        )
    return service


class _Words(logging.Handler):
    """Hears what Apprise warns of in this thread; other threads speak of other channels."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said = list[str]()
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self.said.append(" ".join(record.getMessage().split()))


def _masker(name: str, address: str) -> Masker:
    """Hides an address and every part of it that lets somebody in."""
    parts = urlsplit(address)
    hidden = {address, parts.password or "", *parts.path.split("/"), parts.query}
    words = sorted(word for word in hidden if len(word) >= SHORTEST)
    return Masker({f"{name} {number}" if number else name: w for number, w in enumerate(words)})
