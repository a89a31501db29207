"""Hosts that are not what they look like: written in letters beyond ASCII, told in punycode."""

from __future__ import annotations

import re

import idna

_HOST = re.compile(r"(?:[\w\u00b7-]+\.)+[\w-]{2,}", re.UNICODE)


def in_punycode(text: str) -> list[tuple[str, str]]:
    """(as written, as it really is) of every host in a text that has letters beyond ASCII, and of
    every one that is written in punycode already, with the letters it stands for."""
    found = dict[str, str]()
    for written in _HOST.findall(text):
        if not written.isascii():
            found[written] = _encoded(written)
        elif "xn--" in written.lower():
            found[written] = _decoded(written)
    return list(found.items())


def plain(host: str) -> str:
    """A host or an address as it is safe to read: letters beyond ASCII in punycode."""
    return _HOST.sub(lambda m: m[0] if m[0].isascii() else _encoded(m[0]), host)


def _encoded(host: str) -> str:
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host.encode("ascii", "backslashreplace").decode("ascii")


def _decoded(host: str) -> str:
    try:
        return idna.decode(host)
    except idna.IDNAError:
        return host
