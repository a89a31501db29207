"""Addresses that an answer itself names: where it has gone, and what programs may read instead.

A refusal is taken at its word: of what it says only an offer counts, never an address that it
keeps for others, and a page that asks whether somebody is a person offers nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit

from assistant.healing.looking import LONGEST, Visited, asks_for_a_person
from assistant.healing.spelling import words_of
from assistant.healing.statements import has_records, says
from assistant.skills.markup import fold, web_link

MOST = 20
_RELATIONS = ("successor-version", "latest-version", "alternate", "canonical")
"""Relations of a Link header (RFC 5829, RFC 8288) that name what took an address's place."""
_NEW_FEED = re.compile(rb"<itunes:new-feed-url>\s*(https?://[!-;=?-~]{1,500}?)\s*</", re.I)
_WHOLE = re.compile(r"(https?://\S+|/[\w./?=&%~,-]+)")
_WITHIN = re.compile(
    r"https?://[^\s\"'<>()\[\]{}|\\]{4,500}|(?<![\w/.:<&=-])/[A-Za-z][\w.%~-]*(?:/[\w.%~-]+)*/?(?:\?[\w=&%.,-]+)?"
)
_CLAUSE = re.compile(r"(?<=[.;:!?,])\s+|\s+(?:but|and|–|—)\s+|\n")
_NO_OFFER = re.compile(
    r"\b(not|never|no|cannot|forbidden|prohibited|only|members?|partners?|customers?|subscribers?|staff"
    r"|internal|private|paid|premium|licen[cs]e|terms|privacy|polic(y|ies)|appeal|unblock|contact|questions?"
    r"|documentation|docs|support|why|learn|n.t)\b",
    re.I,
)
_OPEN_TO_ALL = re.compile(
    r"\b(guests?|visitors|everyone|anyone|anybody|without (an? )?(account|login|registration|password|signing in|logging in)"
    r"|public(ly)?|free of charge|no (account|login|registration) (is )?(needed|required|necessary))\b",
    re.I,
)
"""How a login page says that there is a way in for those who have no login."""
_KEPT = re.compile(r"\b(not|never|cannot|only|members?|invit\w+|\w+n.t)\b", re.I)
_SENTENCE = re.compile(r"(?<=[.;!?])\s+")
_OTHER_KEYS = frozenset({
    "docs", "doc", "documentation", "help", "about", "terms", "tos", "support", "contact", "login",
    "signin", "register", "signup", "pricing", "plans", "upgrade", "policy", "privacy", "appeal", "type",
    "instance", "path", "request", "requested", "logout", "logo", "icon", "image", "faq", "legal", "license",
    "console", "dashboard", "stream", "schema", "spec", "openapi", "archive", "archives", "archived", "sample",
    "samples", "demo", "preview", "example", "examples", "sandbox", "backup",
})  # fmt: skip
"""Words of keys, and of addresses, that lead to something for people, or to something less."""
_MANUAL_KEYS = frozenset(
    {"docs", "documentation", "help", "migration", "guide", "manual", "changelog"}
)
_LESSER = re.compile(
    r"\b(archived?|archives|last (year|month)s?|samples?|demo|previews?|examples?|sandbox"
    r"|backup)\b",
    re.I,
)
_VERSION_NAMED = re.compile(
    r"\bv(\d{1,2}(?:\.\d{1,2})?)\b|\bversion[ :]+['\"]?(\d{1,2}(?:\.\d{1,2})?|\d{4}-\d\d(?:-\d\d)?)\b", re.I
)  # fmt: skip
_VERSION_PART = re.compile(r"(v?)(\d{1,2}(?:\.\d{1,2})?|\d{4}-\d\d(?:-\d\d)?)")
_SECURE = re.compile(r"\b(https|tls|ssl)\b", re.I)
_REFUSALS = frozenset({401, 403, 429, 451})


def offered(seen: Visited, old: str, *, text: str = "") -> Iterator[tuple[str, str]]:
    """Addresses that an interface names in its answer, with how: `{"moved_to": "/v2/stories"}`.

    `text` is what it says besides its JSON. Of a refusal only an offer counts.
    """
    strictly = seen.look.status in _REFUSALS or seen.look.kind == "login"
    known = {urldefrag(old).url}
    for address, how in _all(seen, old, text, strictly=strictly):
        if address and urldefrag(address).url not in known and len(known) <= MOST:
            known.add(urldefrag(address).url)
            yield address, how


def _all(seen: Visited, old: str, text: str, *, strictly: bool) -> Iterator[tuple[str, str]]:
    for relation in _RELATIONS:
        for told, address in seen.links.items():
            if relation in told.lower().split():
                yield web_link(address, old), f"the answer names it as its {relation}"
    if feed := _NEW_FEED.search(seen.body):
        address = feed[1].decode("ascii", "replace")
        yield urljoin(old, address), "the feed names it as its new address"
    # An answer with things in it names their addresses, and not its own.
    for value, whole in _texts(seen.data) if not has_records(seen.data) else ():
        if whole:
            yield urljoin(old, value), "the answer names it"
    if seen.look.kind == "login" and seen.tree is not None and seen.look.status < 400:
        yield from _guest_doors(seen, old)
    sentences = [value for value, whole in _texts(seen.data) if not whole] or [text]
    if seen.look.status >= 400 or _tells_an_error(seen.data):
        for sentence in sentences:
            for address in _in_sentence(sentence, strictly=strictly):
                yield urljoin(old, address), "the answer names it"
        if seen.tree is not None and not asks_for_a_person(seen.tree):
            yield from _in_page(seen, old, strictly=strictly)
        yield from _next_version(" ".join(sentences), old)
        if urlsplit(old).scheme == "http" and _SECURE.search(" ".join(sentences)):
            yield urlunsplit(urlsplit(old)._replace(scheme="https")), "the answer wants https"


def _tells_an_error(data: Any) -> bool:
    """Whether JSON that came with a good status tells of an error, and has no things to give."""
    if not isinstance(data, dict) or has_records(data):
        return False
    return any(data.get(key) for key in ("error", "errors")) or data.get("success") is False


def _texts(data: Any) -> Iterator[tuple[str, bool]]:
    """The texts of an answer, and whether each is an address as a whole; none to read for people."""
    waiting: list[Any] = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            for key, inner in value.items():
                if not words_of(str(key)) & _OTHER_KEYS:
                    waiting.append(inner)
        elif isinstance(value, list):
            waiting.extend(value[:5])
        elif isinstance(value, str) and value:
            whole = _WHOLE.fullmatch(value) is not None
            if not whole or not _for_people(value):
                yield value, whole


def _in_sentence(text: str, *, strictly: bool) -> Iterator[str]:
    for clause in _CLAUSE.split(text[:LONGEST]):
        about = _WITHIN.sub(" ", clause)
        if _LESSER.search(about) or (strictly and _NO_OFFER.search(about)):
            continue
        for found in _WITHIN.finditer(clause):
            address = found[0].rstrip(".,;:!?")
            if not _for_people(address):
                yield address


def _in_page(seen: Visited, old: str, *, strictly: bool) -> Iterator[tuple[str, str]]:
    """Links in the text of a short page that says why something is not there."""
    for link in seen.tree.xpath("//p//a[@href] | //li//a[@href] | //h1//a[@href] | //h2//a[@href]"):
        if link.xpath("ancestor::nav | ancestor::header | ancestor::footer"):
            continue
        address = web_link(link.get("href", ""), seen.look.url or old)
        about = fold(link.getparent().text_content())[:300]
        if not address or _for_people(address) or _LESSER.search(about):
            continue
        if strictly and _NO_OFFER.search(about):
            continue
        yield address, f"the answer links to it as {fold(link.text_content())[:60]!r}"


def in_manual(tree: Any, old: str) -> Iterator[tuple[str, str]]:
    """Addresses in a page for people that end as the old one does: `/v2/tides` for `/v1/tides`."""
    last = urlsplit(old).path.rstrip("/").rpartition("/")[2]
    for text in tree.itertext() if last else ():
        for found in _WITHIN.finditer(str(text)[:LONGEST]):
            parts = urlsplit(urljoin(old, found[0].rstrip(".,;:!?")))
            if parts.path.rstrip("/").rpartition("/")[2] == last:
                query = parts.query or urlsplit(old).query
                yield urlunsplit(parts._replace(query=query)), "the documentation names it"


def addresses_in(data: Any) -> Iterator[str]:
    """Addresses that stand in the sentences of an answer, as they are written there."""
    for value, whole in _texts(data):
        if not whole:
            yield from _in_sentence(value, strictly=False)


def called_before(index: Visited, old: str) -> Iterator[tuple[str, str]]:
    """Addresses in an index that tells beside them, in words, of the old one's last part:
    `{"href": "/api/loans", "about": "Formerly called 'borrowings'"}`."""
    last, waiting = urlsplit(old).path.rstrip("/").rpartition("/")[2], list[Any]([index.data])
    while waiting:
        value = waiting.pop()
        waiting.extend(value if isinstance(value, list) else ())
        if not isinstance(value, dict):
            continue
        waiting.extend(value.values())
        texts = [one for one in value.values() if isinstance(one, str)]
        addresses = [one for one in texts if _WHOLE.fullmatch(one)]
        told = any(says(one, last) for one in texts if one not in addresses)
        if len(addresses) == 1 and told:
            yield urljoin(old, addresses[0]), f"the index {index.look.url} tells of {last!r} there"


def manuals_named(data: Any, old: str) -> list[str]:
    """Pages of documentation that an answer names: `{"migration_guide": "/docs/v2"}`."""
    if not isinstance(data, dict):
        return []
    told: dict[str, Any] = data
    texts = [value for key, value in told.items() if words_of(str(key)) & _MANUAL_KEYS]
    return [urljoin(old, one) for one in texts if isinstance(one, str) and _WHOLE.fullmatch(one)]


def _guest_doors(seen: Visited, old: str) -> Iterator[tuple[str, str]]:
    """Links of a login page whose own sentence opens them to those without a login."""
    for link in seen.tree.xpath("//a[@href]"):
        address, words = (
            web_link(link.get("href", ""), seen.look.url or old),
            fold(link.text_content()),
        )
        around = fold(link.getparent().text_content())[:300]
        own = [one for one in _SENTENCE.split(around) if words and words in one]
        if not address or _for_people(address) or _LESSER.search(around):
            continue
        if any(_OPEN_TO_ALL.search(one) and not _KEPT.search(one) for one in own):
            yield address, f"the login page opens it to guests as {words[:60]!r}"


def _for_people(address: str) -> bool:
    parts = urlsplit(address)
    return bool(words_of(parts.path) & _OTHER_KEYS) or "#" in address


def _next_version(text: str, old: str) -> Iterator[tuple[str, str]]:
    """The address with the version that the answer names in place of its own."""
    parts = urlsplit(old)
    folders = parts.path.split("/")
    for number, folder in enumerate(folders):
        own = _VERSION_PART.fullmatch(folder)
        for named in _VERSION_NAMED.finditer(text) if own else ():
            version = named[1] or named[2]
            if own and version != own[2] and ("-" in version) == ("-" in own[2]):
                path = "/".join([*folders[:number], own[1] + version, *folders[number + 1 :]])
                yield urlunsplit(parts._replace(path=path)), f"the answer names version {version}"
