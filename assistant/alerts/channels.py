"""Channels by name: which there are and how they do, a new one, one less."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assistant import settings_file
from assistant.errors import AssistantError, BindingsInvalid, CannotDo, TargetUnresolved
from assistant.net.channels import address_of, mail_address, service_of
from assistant.pipeline.triggers import ALERTS
from assistant.secrets import REFERENCE, SecretMissing, Secrets
from assistant.settings import Channel, Settings
from assistant.store.alerts import AlertRepository

NAME = re.compile(r"[a-z][a-z0-9_-]{0,40}")
OUTBOX = "outbox"
"""The file `notifications.jsonl` of this machine; there is no need to set it up."""


@dataclass(frozen=True)
class ChannelState:
    """One channel as a screen shows it; never with its address.

    `state`: `works`, `fails` (with what it said), `untried`, or `wrong` (its address or a secret).
    `waiting` is the number of messages still to be sent. `since` is RFC 3339, "" when untried.
    """

    name: str
    service: str
    state: Literal["works", "fails", "untried", "wrong"]
    error: str
    since: str
    waiting: int
    quiet: str
    digest: str
    urgent: tuple[str, ...]


def channel_states(
    settings: Settings, secrets: Mapping[str, str], alerts: AlertRepository
) -> list[ChannelState]:
    """Every channel of the settings, and everyone else whom alerts were sent to, by name."""
    health, waiting = alerts.health(), alerts.waiting_for()
    found = list[ChannelState]()
    for name in sorted({*settings.channels, *waiting, *(n for n, h in health.items() if h.error)}):
        channel = settings.channels.get(name) or Channel(url="")
        service, wrong = _service(name, settings, secrets)
        known = health.get(name)
        found.append(
            ChannelState(
                name=name,
                service=service,
                state="wrong" if wrong else known.state if known else "untried",
                error=wrong or (known.error if known else ""),
                since=known.since if known else "",
                waiting=waiting.get(name, 0),
                quiet=channel.quiet,
                digest=channel.digest,
                urgent=channel.urgent,
            )
        )
    return found


def _service(name: str, settings: Settings, secrets: Mapping[str, str]) -> tuple[str, str]:
    if name == OUTBOX and name not in settings.channels:
        return "File", ""
    try:
        return service_of(name, address_to(name, settings, secrets)), ""
    except AssistantError as wrong:
        return "", wrong.message


def address_to(name: str, settings: Settings, secrets: Mapping[str, str]) -> str:
    """The whole address of a channel, or of a mailbox (`jo@example.org`).

    Raises CannotDo or SecretMissing.
    """
    if name in settings.channels or "@" not in name or ":" in name:
        return address_of(name, settings.channels, secrets)
    smtp = settings.smtp
    if not smtp.host:
        raise CannotDo(
            f"There is no mail server to reach {name} with.",
            hint="Set [smtp] in settings.toml, or name a channel.",
        )
    if smtp.user and "smtp_password" not in secrets:
        raise SecretMissing("smtp_password")
    password = secrets["smtp_password"] if smtp.user else ""
    return mail_address(name, smtp, sender=smtp.sender or settings.sender, password=password)


def add_channel(
    settings: Settings,
    secrets: Secrets,
    name: str,
    url: str,
    *,
    quiet: str = "",
    digest: str = "",
    urgent: tuple[str, ...] = (),
) -> str:
    """Add or change a channel in settings.toml; gives its kind (`Slack`). Nothing is sent.

    The address goes to the secrets, for it lets everybody in who has it; one that refers to a
    secret already (`secret:NAME`) stays as it is. Raises BindingsInvalid or CannotDo.
    """
    if not NAME.fullmatch(name) or name == OUTBOX:
        raise BindingsInvalid(
            f"{name[:60]!r} cannot be a channel's name",
            hint="Use a-z, 0-9, - and _, beginning with a letter; 'outbox' is taken.",
        )
    if unknown := [kind for kind in urgent if kind not in ALERTS]:
        raise BindingsInvalid(
            f"there is no alert {unknown[0]!r}", hint=f"Alerts are: {', '.join(ALERTS)}."
        )
    if REFERENCE.search(url):
        service = service_of(name, address_of(name, {name: Channel(url=url)}, secrets))
    else:
        service = service_of(name, url)
        secret = f"channel_{name.replace('-', '_')}"
        secrets.put(secret, url)
        url = f"secret:{secret}"
    manners = {"quiet": quiet, "digest": digest, "urgent": list(urgent)}
    plain = not any(manners.values())
    settings_file.put(settings.home, "channels", name, url if plain else {"url": url, **manners})
    return service


def remove_channel(
    settings: Settings, secrets: Secrets, alerts: AlertRepository, name: str
) -> None:
    """Take a channel out of settings.toml, with its secret. Raises TargetUnresolved."""
    if not settings_file.remove(settings.home, "channels", name):
        raise TargetUnresolved(
            f"there is no channel {name[:60]!r} in settings.toml",
            hint="See `assistant alerts channels list`; what the environment sets is changed there.",
        )
    secret = f"channel_{name.replace('-', '_')}"
    if secret in secrets and secrets.where(secret) in ("file", "keyring"):
        secrets.remove(secret)
    alerts.forget_channel(name)
