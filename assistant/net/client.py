"""The one guarded way out to the network, used by every skill.

It is an `httpx.AsyncClient`, so `await http.get(url)` and `http.stream(…)` work as always,
with these differences: only public http(s) addresses are reached (see `guard`), at most five
redirects are followed and each is judged again, credentials stay with the origin they were
given for, no cookie outlives a request, no proxy or netrc is taken from the environment, a
body ends at 10 MB (raw or decoded), everything ends after 30 s, and trouble is told in our
own errors: PolicyDenied, TryAgain, CannotDo. One client belongs to one event loop.
"""

from __future__ import annotations

import asyncio
import ssl
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

import assistant
from assistant.errors import CannotDo, PolicyDenied, TryAgain
from assistant.net.decoding import ACCEPTED
from assistant.net.guard import Rules, origin_of
from assistant.net.manners import Visits
from assistant.net.transport import (
    DEADLINE,
    RETRY_AFTER,
    GuardedTransport,
    Resolver,
    system_resolver,
    too_slow,
)
from assistant.settings import Settings

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 30.0
BODY_LIMIT = 10_000_000
REDIRECTS = 5
USER_AGENT = f"AssistantJobs/{assistant.__version__} (personal job runner; fetches for one person)"
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
# Headers that say nothing about who asks: all that crosses from one origin to another.
_ANONYMOUS = frozenset(
    {"accept", "accept-encoding", "accept-language", "connection", "host", "user-agent"}
)


def open_client(
    settings: Settings,
    *,
    resolver: Resolver = system_resolver,
    ssl_context: ssl.SSLContext | None = None,
    visits: Visits | None = None,
    body_limit: int = BODY_LIMIT,
    total_seconds: float = TOTAL_SECONDS,
) -> GuardedClient:
    """The guarded client under the person's settings; close it with `aclose` or `async with`."""
    rules = Rules.of(allow_origins=settings.reachable_origins, ports=settings.ports)
    transport = GuardedTransport(
        rules,
        visits=visits or Visits(),
        resolver=resolver,
        ssl_context=ssl_context,
        limit=body_limit,
    )
    return GuardedClient(rules, transport, total_seconds=total_seconds)


class GuardedClient(httpx.AsyncClient):
    """See the module's text. Made by `open_client`."""

    def __init__(
        self, rules: Rules, transport: GuardedTransport, *, total_seconds: float = TOTAL_SECONDS
    ) -> None:
        self.rules = rules
        self._total = total_seconds
        super().__init__(
            transport=transport,
            trust_env=False,
            follow_redirects=True,
            timeout=httpx.Timeout(total_seconds, connect=CONNECT_SECONDS),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": ACCEPTED},
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        )

    def build_request(self, method: str, url: httpx.URL | str, **given: Any) -> httpx.Request:
        """Raises PolicyDenied for a URL that may not be asked for, before anything is sent."""
        self.rules.admit(url)
        return super().build_request(method, url, **given)

    async def send(
        self,
        request: httpx.Request,
        *,
        stream: bool = False,
        auth: Any = httpx.USE_CLIENT_DEFAULT,
        follow_redirects: Any = httpx.USE_CLIENT_DEFAULT,
    ) -> httpx.Response:
        """The answer, whatever its status. Raises PolicyDenied, TryAgain or CannotDo."""
        deadline = asyncio.get_running_loop().time() + self._total
        request.extensions = {**request.extensions, DEADLINE: deadline}
        follow = follow_redirects is not False
        try:
            async with asyncio.timeout_at(deadline):
                response = await self._follow(request, auth=auth, follow=follow)
                if not stream:
                    await _read(response)
                return response
        except TimeoutError as late:
            raise too_slow(str(request.url)) from late

    async def _follow(self, request: httpx.Request, *, auth: Any, follow: bool) -> httpx.Response:
        # Some sites send their visitors round once to see a cookie come back.
        cookies, history, start = httpx.Cookies(), list[httpx.Response](), str(request.url)
        for _ in range(REDIRECTS + 1):
            try:
                response = await super().send(
                    request, stream=True, auth=auth, follow_redirects=False
                )
            except (httpx.RemoteProtocolError, httpx.InvalidURL) as wrong:
                raise CannotDo(
                    f"{request.url} redirects to an address that is no URL.",
                    hint="The site has to mend it; look for the page's new address.",
                ) from wrong
            response.history = list(history)
            onward = response.next_request
            if not follow or onward is None:
                return response
            await response.aclose()
            history.append(response)
            self._may_go_on(request, onward)
            cookies.extract_cookies(response)
            cookies.set_cookie_header(onward)
            request, auth = onward, None
        raise CannotDo(
            f"{start} redirects more than {REDIRECTS} times.",
            hint="Open it in a browser and use the address where it ends.",
        )

    def _may_go_on(self, request: httpx.Request, onward: httpx.Request) -> None:
        """Judge a redirect, and leave credentials behind when it leaves the origin."""
        start, end = origin_of(request.url), self.rules.admit(onward.url)
        if start == end:
            return
        if end in self.rules.inside and start not in self.rules.inside:
            raise PolicyDenied(
                f"{request.url} redirects to {end}, which is not public.",
                hint="If this is meant, use the internal address itself.",
            )
        if onward.method not in ("GET", "HEAD"):
            raise CannotDo(
                f"{request.url} redirects the {onward.method} to another site, {end}.",
                hint=f"If {end} may have what is sent, use its address in the first place.",
            )
        for name in set(onward.headers) - _ANONYMOUS:
            del onward.headers[name]


async def _read(response: httpx.Response) -> None:
    try:
        await response.aread()
    except BaseException:
        await response.aclose()
        raise


def good(response: httpx.Response) -> httpx.Response:
    """The response, if it is a success or a 304. Raises TryAgain or CannotDo for the rest."""
    status, url = response.status_code, response.url
    if response.is_success or status == 304:
        return response
    told = f"{url} answered {status} {response.reason_phrase}".rstrip() + "."
    if status in _PASSING:
        raise TryAgain(
            told,
            retry_after=response.extensions.get(RETRY_AFTER),
            hint="The server is busy or broken; the step can be repeated later.",
        )
    raise CannotDo(told, hint=_CURES.get(status, "Check the address in a browser."))


_CURES = {
    401: "It wants a login; give credentials as a secret, or use a public address.",
    402: "It wants a payment; use another source.",
    403: "It refuses automatic readers; use another source, or its feed.",
    404: "The page is gone or the address is wrong; look for its new address.",
    410: "The page was removed for good; use another source.",
    451: "It is blocked for legal reasons; use another source.",
}
