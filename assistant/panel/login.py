"""The password of a panel that listens beyond this machine: one page, one check, few guesses."""

from __future__ import annotations

import hmac
import ipaddress
import time
from collections.abc import Callable
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse

from assistant.errors import RequestWrong
from assistant.panel.texts import say
from assistant.secrets import PANEL_PASSWORD, SHORTEST_PASSWORD

PATH = "/login"
SECRET, SHORTEST = PANEL_PASSWORD, SHORTEST_PASSWORD
GUESSES, WINDOW_SECONDS = 8, 300.0
LONGEST_BODY = 4096
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>body{{font:17px/1.6 system-ui;max-width:26rem;margin:18vh auto;padding:0 1.5rem;color-scheme:light dark}}
input,button{{font:inherit;padding:.55rem .8rem;border-radius:.5rem;border:1px solid #8888;width:100%;box-sizing:border-box;margin-top:.6rem}}
button{{cursor:pointer}}</style><main><h1>{title}</h1><p role="status">{told}</p><form method="post" action="{path}">
<label>{label}<input type="password" name="password" autocomplete="current-password" autofocus required></label>
<button>{button}</button></form></main></html>"""


class PasswordNeeded(RequestWrong):
    """Somebody else could open the panel: it does not listen beyond this machine without a password."""


class Password:
    """The password and its guesses: after eight wrong ones nobody is heard for five minutes."""

    def __init__(self, value: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._value = value
        self._clock = clock
        self._wrong = list[float]()

    def closed(self) -> bool:
        """Whether too many guesses were wrong of late."""
        now = self._clock()
        self._wrong = [at for at in self._wrong if now - at < WINDOW_SECONDS]
        return len(self._wrong) >= GUESSES

    def fits(self, guess: str) -> bool:
        """True for the password. A wrong guess is counted; none is looked at while it is closed."""
        if self.closed():
            return False
        if hmac.compare_digest(guess.encode(), self._value.encode()):
            self._wrong.clear()
            return True
        self._wrong.append(self._clock())
        return False


def password_for(host: str, kept: str, public: str = "") -> Password | None:
    """The password that a panel on this host asks for.

    On loopback it is None, unless a proxy carries the `public` address there and one is kept:
    without it, only signed links are answered under that address. Raises PasswordNeeded when a
    host beyond this machine has none, or only a short one.
    """
    if is_loopback(host):
        return Password(kept) if public and len(kept) >= SHORTEST else None
    if len(kept) < SHORTEST:
        raise PasswordNeeded(
            f"the panel listens on {host} only with a password of at least {SHORTEST} characters",
            hint=f"Set one: assistant secrets set {SECRET}. Or leave --host out: it then answers to this machine alone.",
        )
    return Password(kept)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_address(host: str, port: int) -> bool:
    """Whether a Host header is an IP address with our port: no name, so no name can be rebound."""
    name, _, given = host.rpartition(":")
    if given != str(port):
        return False
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


async def guess_of(request: Request) -> str:
    """The password that the form sent; empty for anything that is no such form."""
    from urllib.parse import parse_qs

    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            return ""
    return parse_qs(body.decode("utf-8", "replace")).get("password", [""])[0]


def page(told: str, status: int) -> HTMLResponse:
    return HTMLResponse(
        _PAGE.format(title=escape(say("login.title")), told=escape(told), label=escape(say("login.password")),
                     button=escape(say("login.open")), path=PATH),
        status, {"cache-control": "no-store"},
    )  # fmt: skip
