"""Mail addresses: which ones are accepted, decided before any message is built.

Only the plain form that every server takes: `jo@example.org` or `Jo Smith <jo@example.org>`.
Quoted local parts, comments, groups and address literals are refused: they are rare in life and
common in attacks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from email.headerregistry import Address
from email.utils import getaddresses

import idna

from assistant.errors import BadArguments

MOST_RECIPIENTS = 50
LONGEST_LOCAL, LONGEST_ADDRESS, LONGEST_NAME = 64, 254, 100
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_NAMED = re.compile(r"(?P<name>\"[^\"\\<>]*\"|[^\"\\<>]*)\s*<(?P<address>[^<>\s]+)>")
_BETWEEN = re.compile(r",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")


def addresses(given: str | Sequence[str], *, field: str) -> list[Address]:
    """The addresses of an argument: a list, or a text with commas. Raises BadArguments."""
    texts = [given] if isinstance(given, str) else list(given)
    return [address(part, field=field) for text in texts for part in _parts(text)]


def address(text: str, *, field: str) -> Address:
    """One address. Raises BadArguments saying what is wrong with it."""
    if any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs") for c in text):
        raise _wrong(field, text, "it has a line break or a hidden character")
    plain = text.strip()
    named = _NAMED.fullmatch(plain)
    name = named["name"].strip().strip('"').strip() if named else ""
    spec = named["address"] if named else plain
    local, at, domain = spec.rpartition("@")
    if not at or not local or not domain:
        raise _wrong(field, text, "it is not of the form name@example.org")
    if not _LOCAL.fullmatch(local) or len(local) > LONGEST_LOCAL:
        raise _wrong(field, text, f"{local!r} cannot stand before the @")
    if len(name) > LONGEST_NAME or any(c in name for c in "@:;()[]?"):
        raise _wrong(field, text, "its name is too long or looks like another address")
    made = Address(display_name=name, username=local, domain=_domain(domain, field, text))
    if len(made.addr_spec) > LONGEST_ADDRESS:
        raise _wrong(field, text, f"it is longer than {LONGEST_ADDRESS} characters")
    # What a grant was given for is read by the standard parser: both must see one address.
    if [found for _, found in getaddresses([plain])] != [spec]:
        raise _wrong(field, text, "it can be read in more than one way")
    return made


def once(recipients: Iterable[Address]) -> list[Address]:
    """Each mailbox once, in its first form."""
    first = dict[str, Address]()
    for recipient in recipients:
        first.setdefault(recipient.addr_spec.lower(), recipient)
    return list(first.values())


def _parts(text: str) -> list[str]:
    return [part for part in _BETWEEN.split(text) if part.strip()]


def _domain(domain: str, field: str, text: str) -> str:
    if domain.lower() == "localhost":
        return "localhost"
    try:
        encoded = idna.encode(domain, uts46=True).decode()
    except idna.IDNAError as wrong:
        raise _wrong(field, text, f"{domain!r} is no domain") from wrong
    if "." not in encoded or encoded.rsplit(".", 1)[1].isdigit():
        raise _wrong(field, text, f"{domain!r} is no domain with a name like example.org")
    return encoded


def _wrong(field: str, text: str, reason: str) -> BadArguments:
    shown = text.strip()[:80]
    return BadArguments(
        f"{field}: {shown!r} is no mail address: {reason}.", hint="Write it as jo@example.org."
    )
