"""Opening an address to see what is there now: a feed, a list, a login, a notice that it is gone."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import httpx

from assistant.errors import AssistantError
from assistant.insight.faults import Look, Seen
from assistant.net.transport import RETRY_AFTER
from assistant.skills.markup import fold
from assistant.skills.pages import parse_page

_SECONDS = 8.0
_FEED = re.compile(rb"<(rss|feed|rdf:RDF)[\s>]", re.I)
_GONE = re.compile(
    r"\b(page|story|article|site|feed|address|content)\b[^.]{0,40}\b(not (be )?found|no longer"
    r"|does ?n.t exist|has been removed|is gone|unavailable)\b|\berror 404\b|\b404\b.{0,30}not found"
    r"|seite nicht gefunden|page introuvable|página no encontrada",
    re.I,
)
_CONSENT = re.compile(
    r"\b(cookies?|consent|privacy choices|gdpr|personal data)\b.{0,400}?\b(accept|agree|allow|consent)\b",
    re.I | re.S,
)
_CHALLENGE = re.compile(
    r"\b(captcha|are you (a )?human|not a robot|checking your browser|verify you are"
    r"|unusual traffic|access denied|request blocked)\b",
    re.I,
)
_LOGIN = re.compile(
    r"\b(sign in|log ?in|members? only|subscribers? only|subscribe to (read|continue)"
    r"|anmelden|se connecter|enter your password)\b",
    re.I,
)
_RESETS = ("ratelimit-reset", "x-ratelimit-reset-after", "x-ratelimit-reset", "x-rate-limit-reset")
_A_MOMENT = 1_000_000_000
_WAIT = re.compile(
    r"\b(?:wait|again in|retry in|retry after|available in|resets? in)\b[^.\d]{0,30}(\d{1,5}(?:\.\d+)?) ?"
    r"(ms|milliseconds?|seconds?|secs?|s|minutes?|mins?|m)\b",
    re.I,
)
FEW_WORDS = 250
LONGEST = 20_000
"""Characters of an answer that are read for what it says."""
_FORM = frozenset({"Accept", "Accept-Language", "Prefer", "User-Agent"})
_REMAINING = ("x-ratelimit-remaining", "ratelimit-remaining", "x-rate-limit-remaining")


@dataclass(frozen=True)
class Visited:
    """A look with what was seen: the bytes, and for a page its tree.

    `links` are the addresses of its Link header, by relation.
    """

    look: Look
    body: bytes = b""
    tree: Any = None
    data: Any = None
    retry_after: float | None = None
    links: Mapping[str, str] = field(default_factory=dict[str, str])


async def visit(
    http: httpx.AsyncClient, url: str, headers: Mapping[str, str] = MappingProxyType({})
) -> Visited:
    """Open an address. Never raises: what cannot be opened is a look without a status."""
    try:
        response = await http.get(url, headers={"Accept": "*/*", **headers}, timeout=_SECONDS)
    except AssistantError:
        return Visited(Look(url))
    except (httpx.HTTPError, ValueError):
        return Visited(Look(url))
    body, media = response.content, response.headers.get("content-type", "").split(";")[0].lower()
    hops = [hop.status_code for hop in response.history]
    permanent = bool(hops) and all(status in (301, 308) for status in hops)
    tree = data = None
    kind: Seen = "other"
    if _is_feed(body, media):
        kind = "feed"
    elif body.lstrip()[:1] in (b"{", b"["):
        kind, data = _as_data(body)
    elif b"<" in body[:2000]:
        tree = parse_page(body, response.charset_encoding or "")
        kind = _kind_of(tree) if tree is not None else "other"
    if response.status_code in (404, 410):
        kind = "gone"
    elif response.status_code == 401:
        kind = "login"
    elif response.status_code in (403, 451) and kind != "login":
        kind = "challenge"
    spent = any(response.headers.get(name, "").strip() == "0" for name in _REMAINING)
    look = Look(url, response.status_code, str(response.url), permanent, kind, media, spent)
    links = {
        relation: told.get("url", "")
        for relation, told in response.links.items()
        if relation and "hreflang" not in told
    }
    wait = _asked_to_wait(response)
    return Visited(look, body, tree, data, wait, links)


def form_headers(arguments: Mapping[str, Any]) -> dict[str, str] | None:
    """A call's headers when all of them only choose a form: an address can be visited with these.

    None when another one is among them: without it the address shows something else.
    """
    told = {
        str(name).title(): str(value) for name, value in (arguments.get("headers") or {}).items()
    }
    fine = all(
        (name in _FORM or "version" in name.lower()) and "secret:" not in value
        for name, value in told.items()
    )
    return told if fine else None


def text_of(seen: Visited) -> str:
    """What was seen on a visit as text, cut off; of a page its words, without its tags."""
    if seen.tree is not None:
        return fold(seen.tree.text_content())[:LONGEST]
    return seen.body[:LONGEST].decode("utf-8", "replace")


def asks_for_a_person(tree: Any) -> bool:
    """Whether a page keeps programs away: a captcha, a check of the browser."""
    return bool(_CHALLENGE.search(fold(tree.text_content())[:4000]))


def _is_feed(body: bytes, media: str) -> bool:
    return bool(_FEED.search(body[:2000])) or (
        "json" in media and b'"https://jsonfeed.org/version' in body[:500]
    )


def _as_data(body: bytes) -> tuple[Seen, Any]:
    try:
        return "data", json.loads(body)
    except ValueError:
        return "other", None


def _kind_of(tree: Any) -> Seen:
    """What kind of page it is. A long page is taken for what it says it is: a page."""
    for part in tree.xpath("//script | //style | //noscript"):
        part.drop_tree()
    text = fold(tree.text_content())
    title = fold(" ".join(t.text_content() for t in tree.xpath("//title | //h1")))
    words = len(text.split())
    forms = tree.xpath("//form")
    password = tree.xpath("//input[@type='password']")
    if _GONE.search(title) or (words < FEW_WORDS and _GONE.search(text)):
        return "gone"
    if words < FEW_WORDS and _CHALLENGE.search(f"{title} {text}"):
        return "challenge"
    if password and words < FEW_WORDS * 2:
        return "login"
    if (
        words < FEW_WORDS
        and _CONSENT.search(f"{title} {text}")
        and (forms or tree.xpath("//button"))
    ):
        return "consent"
    if (
        words < FEW_WORDS
        and _LOGIN.search(f"{title} {text}")
        and (forms or len(tree.xpath("//a")) < 12)
    ):
        return "login"
    return "list" if len(tree.xpath("//a[@href]")) >= 8 else "page"


def _asked_to_wait(response: httpx.Response) -> float | None:
    """How many seconds an answer asks to wait, in whichever of the usual ways it says so."""
    told: float | None = response.extensions.get(RETRY_AFTER)
    headers = response.headers
    if told is not None or response.status_code not in (403, 429, 503):
        return told
    for name in _RESETS:
        text = headers.get(name, "").strip()
        if re.fullmatch(r"\d{1,10}(\.\d+)?", text):
            # Some tell the seconds, others the moment, others the moment in milliseconds.
            return max(0.0, float(text) - time.time()) if float(text) > _A_MOMENT else float(text)
    found = _WAIT.search(response.text[:4000])
    if not found:
        return None
    unit = found[2].lower()
    each = 0.001 if unit.startswith(("ms", "milli")) else 60 if unit.startswith("m") else 1
    return float(found[1]) * each
