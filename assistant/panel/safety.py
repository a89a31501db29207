"""Who may talk to the panel: this machine's user, in a browser tab that came by our link.

One door more: the pages behind a signed link (`/word/…`) ask for no session, since the link itself
says who may; they alone may be reached under a public address.

Four checks, all in one middleware, before Gradio sees a request: the Host header is ours (DNS
rebinding), the Origin of anything that changes something is ours (cross-site requests), the
session cookie is ours (other users of the machine), and every answer carries a policy that
lets the page load nothing from elsewhere.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from collections.abc import Awaitable, Callable
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.panel.html import el, join
from assistant.panel.login import PATH, Password, guess_of, is_address, page
from assistant.panel.sessions import Sessions
from assistant.panel.texts import say

OPEN_PATHS = ("/healthz",)
HOOKS = "/hooks/"
CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "frame-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    b"content-security-policy": CONTENT_POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
}
SIGNED = "/word/"
"""What lies behind it checks a signature of its own."""
SIGNED_HEADERS = HEADERS | {
    b"content-security-policy": (
        b"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none';"
        b" frame-ancestors 'none'"
    ),
    # Without a referrer a browser names no origin for the form, and it would be refused.
    b"referrer-policy": b"same-origin",
}
NO_KEY_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{brand}</title><style>body{{font:17px/1.6 system-ui;max-width:34rem;margin:18vh auto;padding:0 1.5rem;
color-scheme:light dark}}code{{background:#8882;padding:.15em .4em;border-radius:.3em}}</style>
<main><h1>{title}</h1><p>{cure}</p></main></html>"""


class Links:
    """One-time links, kept in a 0600 file so that a second command can hand out another one."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def new(self) -> str:
        """A token that opens the panel once."""
        token = secrets.token_urlsafe(24)
        self._write([*self._read(), token][-20:])
        return token

    def use(self, token: str) -> bool:
        """True once for each token that `new` gave."""
        kept = self._read()
        left = [t for t in kept if not hmac.compare_digest(t, token)]
        if len(left) == len(kept):
            return False
        self._write(left)
        return True

    def _read(self) -> list[str]:
        try:
            tokens = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        return [t for t in tokens if isinstance(t, str)] if isinstance(tokens, list) else []

    def _write(self, tokens: list[str]) -> None:
        draft = self.path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            json.dump(tokens, out)
        draft.replace(self.path)


def _no_key_page() -> str:
    """What somebody sees who comes without a link: where to get one."""
    cure = el("code", "assistant panel")
    before, after = say("guard.cure", command="\n").split("\n")
    return NO_KEY_PAGE.format(
        brand=escape(say("shell.brand")),
        title=escape(say("guard.used")),
        cure=join(before, cure, after),
    )


class Gatekeeper:
    """ASGI middleware: refuses what is not the user's own browser; adds the headers to the rest."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        links: Links,
        port: int,
        sessions: Sessions | None = None,
        public: str = "",
        password: Password | None = None,
    ) -> None:
        self.app = app
        self.links = links
        self.port = port
        self.password = password
        # A host's cookies belong to all its ports: two panels under one name would sign each other out.
        self.cookie = f"assistant_session_{port}"
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"}
        self.sessions = sessions or Sessions()
        self.public = urlsplit(public).netloc.lower()
        self.public_origin = public.rstrip("/").lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        # A websocket's handshake is a GET with the same headers.
        request = Request(
            scope if scope["type"] == "http" else {**scope, "type": "http", "method": "GET"}
        )
        answer = self._refusal(request)
        if answer is not None and self._asks_for_password(request, answer):
            answer = await self._login(
                Request(scope, receive) if request.method == "POST" else request
            )
        if answer is None:
            await self.app(scope, receive, self._with_headers(send, request.url.path))
        elif scope["type"] == "http":
            await answer(scope, receive, self._with_headers(send, request.url.path))
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _refusal(self, request: Request) -> Response | None:
        if request.url.path.startswith(HOOKS) and request.scope["type"] == "http":
            return None  # other programs post there; each hook asks for its own token
        host = request.headers.get("host", "").lower()
        signed = request.url.path.startswith(SIGNED) and request.scope["type"] == "http"
        if not self._is_ours(host, signed=signed):
            return PlainTextResponse(say("guard.address"), 421)
        if request.url.path in OPEN_PATHS:
            return None
        origin = request.headers.get("origin")
        if origin is not None and not self._is_same(origin.lower(), host):
            return PlainTextResponse(say("guard.other_site"), 403)
        if request.method not in ("GET", "HEAD") and origin is None:
            return PlainTextResponse(say("guard.no_origin"), 403)
        if signed or self.sessions.knows(request.cookies.get(self.cookie, "")):
            return None
        token = request.query_params.get("key", "")
        if request.url.path == "/" and request.method == "GET" and self.links.use(token):
            return self._welcome(request)
        return HTMLResponse(_no_key_page(), 403)

    def _is_ours(self, host: str, *, signed: bool) -> bool:
        """Loopback by its names; with a password also our public name, and any IP address."""
        if host in self.hosts:
            return True
        if self.password is not None and is_address(host, self.port):
            return True
        return bool(host) and host == self.public and (signed or self.password is not None)

    def _is_same(self, origin: str, host: str) -> bool:
        """Scheme, name and port: a proxy in front may add TLS under the public address alone."""
        return origin == f"http://{host}" or (host == self.public and origin == self.public_origin)

    def _asks_for_password(self, request: Request, answer: Response) -> bool:
        """Whether a request that lacks only its session may show the password's page."""
        pages = ("/", PATH) if request.method == "GET" else (PATH,)
        lacking = answer.status_code == 403 and isinstance(answer, HTMLResponse)
        return self.password is not None and lacking and request.url.path in pages

    async def _login(self, request: Request) -> Response:
        """The page that asks; or, for what it sent, the way in."""
        assert self.password is not None  # noqa: S101 - asked by the caller
        if self.password.closed():
            return page(say("login.closed"), 429)
        if request.method != "POST":
            return page(say("login.why"), 200)
        if not self.password.fits(await guess_of(request)):
            return page(say("login.wrong"), 403)
        return self._welcome(request)

    def _welcome(self, request: Request) -> Response:
        welcome = RedirectResponse("/", 303)
        public = request.headers.get("host", "").lower() == self.public
        secure = public and self.public_origin.startswith("https://")
        welcome.set_cookie(
            self.cookie, self.sessions.token, httponly=True, samesite="strict", path="/",
            secure=secure,
        )  # fmt: skip
        return welcome

    def _with_headers(self, send: Send, path: str) -> Callable[[Message], Awaitable[None]]:
        forms = path.startswith(SIGNED) or (path in ("/", PATH) and self.password is not None)
        ours = SIGNED_HEADERS if path.startswith(SIGNED) else HEADERS
        if forms:
            # Without a referrer a browser names no origin for a form, and it would be refused.
            ours = {**ours, b"referrer-policy": b"same-origin"}

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(k, v) for k, v in message.get("headers", []) if k.lower() not in ours]
                message = {**message, "headers": [*kept, *ours.items()]}
            await send(message)

        return sending
