"""Sending through Apprise, whose channels are URLs of the person's own settings."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from assistant.errors import CannotDo, TryAgain
from assistant.masking import Masker
from assistant.secrets import REFERENCE, SecretMissing


def address_of(channel: str, channels: Mapping[str, str], secrets: Mapping[str, str]) -> str:
    """The URL of a channel. Raises CannotDo for one that the settings do not name."""
    if channel not in channels:
        known = ", ".join(["outbox", *sorted(channels)])
        raise CannotDo(
            f"There is no channel {channel!r}.",
            hint=f"Channels are: {known}. Others are added in the setting 'channels'.",
        )

    def value(name: str) -> str:
        try:
            return secrets[name]
        except KeyError as missing:
            raise SecretMissing(name) from missing

    return REFERENCE.sub(lambda found: value(found.group(1)), channels[channel])


def send(channel: str, address: str, *, title: str, message: str) -> None:
    """Send one message. Raises CannotDo for an address of no known kind, TryAgain for the rest."""
    import apprise  # slow to import, and needed only here

    service = apprise.Apprise()
    if not service.add(address):
        raise CannotDo(
            f"The address of the channel {channel!r} is of no kind that Apprise knows.",
            hint="See https://github.com/caronc/apprise/wiki for the form of its URL.",
        )
    with apprise.LogCapture(level=logging.WARNING) as said:
        taken = service.notify(body=message, title=title, body_format=apprise.NotifyFormat.TEXT)
        words = " ".join(said.getvalue().split()) if said else ""
    if not taken:
        told = Masker({channel: address}).mask(words)[-300:]
        raise TryAgain(
            f"The channel {channel!r} did not take the message. {told}".rstrip(),
            hint="Check the channel's address in the settings, and the machine's connection.",
        )
