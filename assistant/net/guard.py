"""What the network guard lets through: which URLs may be asked for, which addresses be reached.

Nothing here touches the network. `client` applies these rules to every request, to every
redirect and to every address that a name resolves to.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

import httpx
import idna

from assistant.errors import PolicyDenied

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

DEFAULT_PORTS = {"http": 80, "https": 443}
_HIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ufeff]")
_INSIDE_SUFFIXES = (
    "localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp",
    "private", "home.arpa", "onion", "invalid",
)  # fmt: skip
# What `ipaddress` calls global, or called so in some versions, and we do not reach:
_DENIED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # carriers' shared space
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # Azure's wire server
        "198.18.0.0/15",
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",  # Teredo, ORCHID and other protocol assignments
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
_ISATAP = (0x5EFE, 0x02005EFE)


@dataclass(frozen=True)
class Origin:
    """Scheme, canonical host and port: what a permission, a connection and a credential belong to."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == DEFAULT_PORTS.get(self.scheme) else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


@dataclass(frozen=True)
class Rules:
    """What the operator permits: ports for everyone, and internal origins by their exact name."""

    ports: frozenset[int] = frozenset({80, 443})
    inside: frozenset[Origin] = frozenset()

    @classmethod
    def of(cls, *, allow_origins: Iterable[str] = (), ports: Iterable[int] = (80, 443)) -> Rules:
        """Raises PolicyDenied for an allowed origin that is not `http(s)://host[:port]`."""
        return cls(frozenset(ports), frozenset(map(named_origin, allow_origins)))

    def admit(self, url: httpx.URL | str) -> Origin:
        """The origin of a URL that may be asked for. Raises PolicyDenied saying why it may not.

        A host that is an address is judged here; a name is judged again by the addresses it
        resolves to (`refusal`), at the moment of connecting.
        """
        origin = origin_of(url)
        if origin in self.inside:
            return origin
        if origin.port not in self.ports:
            raise _denied(
                url,
                f"port {origin.port} is not one of {', '.join(map(str, sorted(self.ports)))}",
                f"Add the port to the setting 'ports', or {origin} to 'allow_origins'.",
            )
        if reason := _host_refusal(origin.host):
            raise _denied(
                url,
                reason,
                f"If {origin} is yours to reach, add it to the setting 'allow_origins'.",
            )
        return origin


def named_origin(text: str) -> Origin:
    """The origin that a setting names. Raises PolicyDenied when it has a path or is no origin."""
    origin = origin_of(text.rstrip("/"))
    if httpx.URL(text).path not in ("", "/") or "?" in text or "#" in text:
        raise _denied(text, "an origin has no path", f"Write it as {origin}.")
    return origin


def origin_of(url: httpx.URL | str) -> Origin:
    """Scheme, canonical host and port. Raises PolicyDenied for a URL that hides something."""
    text = str(url)
    if _HIDDEN.search(text) or "\\" in text:
        raise _denied(
            text, "it has spaces, control characters or backslashes", "Write it without them."
        )
    try:
        parsed = httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as wrong:
        raise _denied(text, f"it is no URL ({wrong})", "Write it as https://host/path.") from wrong
    if parsed.scheme not in DEFAULT_PORTS:
        raise _denied(
            text,
            f"its scheme is {parsed.scheme!r}" if parsed.scheme else "it has no scheme",
            "Only http:// and https:// are fetched.",
        )
    # An '@' before the first slash is a user name, even an empty one.
    if parsed.userinfo or "@" in text.split("://", 1)[-1].split("/", 1)[0]:
        raise _denied(
            text, "it carries a user name or password", "Keep credentials in a secret instead."
        )
    host = canonical_host(parsed.host, text)
    port = parsed.port if parsed.port is not None else DEFAULT_PORTS[parsed.scheme]
    if not 0 < port < 65536:
        raise _denied(text, f"{port} is no port", "Ports are 1 to 65535.")
    return Origin(parsed.scheme, host, port)


def canonical_host(host: str, url: str = "") -> str:
    """The one spelling of a host: lower case, IDNA, numbers as a dotted or colon address.

    `0x7f.1`, `2130706433` and `①②⑦.1` are all `127.0.0.1`. Raises PolicyDenied for the rest.
    """
    bare = host.strip("[]")
    if ":" in bare:
        try:
            return str(ipaddress.IPv6Address(bare))
        except ValueError as wrong:
            raise _denied(
                url or host, f"{host!r} is no address", "Zone ids and fragments are not accepted."
            ) from wrong
    try:
        name = idna.encode(bare, uts46=True).decode() if not bare.isascii() else bare.lower()
    except idna.IDNAError as wrong:
        raise _denied(url or host, f"{host!r} is no host name", "Check the spelling.") from wrong
    name = name.removesuffix(".")
    if _ends_in_number(name):
        address = _loose_ipv4(name)
        if address is None:
            raise _denied(url or host, f"{host!r} is no address", "Write it as a.b.c.d.")
        return str(address)
    if len(name) > 253 or not re.fullmatch(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?", name):
        raise _denied(url or host, f"{host!r} is no host name", "Check the spelling.")
    if ".." in name or any(len(label) > 63 for label in name.split(".")):
        raise _denied(url or host, f"{host!r} is no host name", "Check the spelling.")
    return name


def refusal(text: str) -> str:
    """Why an address is not reached; empty when it may be. Addresses inside it are judged too."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return f"{text!r} is no address"
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id:
        return f"{text} belongs to one network link"
    inner = embedded(address)
    mapped = isinstance(address, ipaddress.IPv6Address) and (
        address.ipv4_mapped or address in _NAT64
    )
    judged = inner if mapped else (address, *inner)
    for one in judged:
        if not one.is_global or one.is_multicast or _denied_range(one):
            return f"{text} is not a public address"
    return ""


def embedded(address: Address) -> tuple[ipaddress.IPv4Address, ...]:
    """The IPv4 addresses that an IPv6 address carries: mapped, NAT64, 6to4, Teredo, ISATAP."""
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    value, found = int(address), list[ipaddress.IPv4Address]()
    if address.ipv4_mapped:
        found.append(address.ipv4_mapped)
    if address in _NAT64 or address in _COMPATIBLE or (value >> 32) & 0xFFFFFFFF in _ISATAP:
        found.append(ipaddress.IPv4Address(value & 0xFFFFFFFF))
    if address.sixtofour:
        found.append(address.sixtofour)
    if address.teredo:
        found.extend(address.teredo)
    return tuple(found)


def _denied_range(address: Address) -> bool:
    return any(address in network for network in _DENIED if network.version == address.version)


def _host_refusal(host: str) -> str:
    if _is_address(host):
        return refusal(host)
    if "." not in host:
        return f"{host!r} names a machine on the local network"
    if any(host == suffix or host.endswith("." + suffix) for suffix in _INSIDE_SUFFIXES):
        return f"{host!r} is a name of the local network"
    return ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _ends_in_number(name: str) -> bool:
    last = name.rsplit(".", 1)[-1]
    return last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last) is not None


def _loose_ipv4(name: str) -> ipaddress.IPv4Address | None:
    """An IPv4 address as browsers and `inet_aton` read it: 1 to 4 decimal, octal or hex parts."""
    parts = name.split(".")
    if not 1 <= len(parts) <= 4:
        return None
    try:
        numbers = [_loose_number(part) for part in parts]
    except ValueError:
        return None
    *heads, tail = numbers
    if any(number > 255 for number in heads) or tail >= 256 ** (5 - len(numbers)):
        return None
    value = tail + sum(number << 8 * (3 - place) for place, number in enumerate(heads))
    return ipaddress.IPv4Address(value)


def _loose_number(part: str) -> int:
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    if len(part) > 1 and part.startswith("0"):
        return int(part, 8)
    if not part.isdecimal():
        raise ValueError(part)
    return int(part)


def _denied(url: httpx.URL | str, reason: str, hint: str) -> PolicyDenied:
    shown = str(url).encode("ascii", "backslashreplace").decode()[:200]
    return PolicyDenied(f"{shown!r} is not fetched: {reason}.", hint=hint)
