"""The recipe for what has moved: follow where the address leads, or find it again on its site.

A new address counts only when the step, called with it, gives what it used to give.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any, NamedTuple
from urllib.parse import urldefrag, urlsplit, urlunsplit

from assistant.errors import AssistantError
from assistant.healing.case import Case
from assistant.healing.comparing import compare, has_news, profile
from assistant.healing.desk import Desk
from assistant.healing.ending import marks_of_the_past, says_it_ended, says_it_pauses
from assistant.healing.hopping import hops_from
from assistant.healing.leading import leads_on
from assistant.healing.looking import Visited, asks_for_a_person, form_headers, text_of, visit
from assistant.healing.offering import called_before, offered
from assistant.healing.proposals import Proposal
from assistant.healing.spelling import nearest
from assistant.skills.markup import fold, web_link

MOST_VISITS = 8
MOST_TRIALS = 16
MOST_INDEXES = 3
MOST_SECTIONS = 4
_FEED_NAMES = frozenset(
    {"rss", "atom", "feed", "feeds", "xml", "subscribe", "subscriptions", "syndication", "follow"}
)
_READ = ("page", "list")
"""Kinds of pages that are open to read."""
_NEWS_NAMES = frozenset(
    {"news", "notices", "updates", "announcements", "blog", "aktuelles", "nyheter", "press"}
)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json",
               "application/rdf+xml", "application/xml", "text/xml")  # fmt: skip
_FEED_LIKE = re.compile(
    r"(\.(rss|atom|rdf|xml)$|/(rss|atom|feeds?)(/|\.xml|\.json|$)|feed\.(xml|json)$|[?&]feed="
    r"|[?&]\w+=(rss2?|atom|feed|xml)(&|$))",
    re.I,
)
_FEED_WORDS = re.compile(
    r"\W*(?:[\w-]+\W+){0,3}?(?:rss|atom|web ?feed|feed)s?(?:\W+[\w-]+){0,2}\W*", re.I
)
"""What a link is called that leads to a feed, whatever its address looks like."""
_USUAL_FEEDS = ("/feed", "/feed.xml", "/rss.xml", "/rss", "/atom.xml", "/index.xml", "/feed.json",
                "/feeds/all.xml", "/blog/feed.xml", "/news/feed.xml", "/api/feed")  # fmt: skip
_VERSION = re.compile(r"/v(\d{1,2})(?=/|$)")


class Found(NamedTuple):
    """An address to try, and how it was found. `kin` unless only its site speaks for it."""

    address: str
    how: str
    kin: bool = True


async def moved(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """New addresses for a step that reads one, the likeliest first."""
    if case.skill is None or "url" not in case.skill.patchable or case.effect == "write":
        return
    if case.symptom is not None and case.symptom.surplus:
        return  # it is all there
    urls = case.literal("urls")
    if isinstance(urls, list) and "urls" in case.skill.patchable:
        async for proposal in _one_of_several(desk, case, [str(one) for one in urls]):
            yield proposal
    old = case.literal("url")
    if not isinstance(old, str) or not old:
        return
    seen = seen or await visit(desk.http, old, form_headers(case.arguments) or {})
    trials, elsewhere = 0, list[Proposal]()
    # What came to an end has no successor but one that it names itself, with things of before.
    ended = says_it_ended(text_of(seen))
    known = named_successors(seen, old) if ended else None
    paused = says_it_pauses(text_of(seen))
    # What merely became empty may have nothing to give for a while.
    emptied = case.symptom is not None and case.symptom.empty and seen.look.status == 200
    async for address, how, kin in candidates(desk, case, old, seen):
        if known is not None:
            if address not in known:
                continue
            kin = False
        proposal = Proposal("moved", f"{how}: {address}", {"url": address})
        if urlsplit(address).netloc != urlsplit(old).netloc:
            # A call may carry headers: no page decides where those are sent. The address is told
            # all the same, for a person to judge.
            elsewhere.append(proposal)
            continue
        trials += 1
        if trials > MOST_TRIALS:
            break
        # What has a name for what was before, or stands in for a pause, has to go on.
        fresh = paused or emptied or bool(_past(address) - _past(old))
        if await _gives_the_same(
            desk, case, case.arguments | {"url": address}, kin=kin, fresh=fresh
        ):
            yield proposal
    for proposal in elsewhere[:1]:
        yield proposal


async def lighter(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """Another feed that the site declares, or another file beside one that is too large, with the same
    things in it."""
    old = case.literal("url")
    if case.skill is None or "url" not in case.skill.patchable or not isinstance(old, str):
        return
    if case.effect == "write" or not old:
        return
    look_in = _feeds_in if case.skill.name == "fetch_feed" else _files_beside
    tried = {urldefrag(old).url}
    for place in _above(old):
        page = await visit(desk.http, place)
        for address, how in look_in(page, old) if page.tree is not None else ():
            if address in tried or not _same_host(address, old) or len(tried) > MOST_VISITS:
                continue
            tried.add(address)
            # A part of a file has to be the one that goes on: no earlier year.
            if await _gives_the_same(
                desk, case, case.arguments | {"url": address}, kin=False,
                fresh=look_in is _files_beside,
            ):  # fmt: skip
                yield Proposal("lighter", f"{how}: {address}", {"url": address})


async def _gives_the_same(
    desk: Desk, case: Case, arguments: dict[str, Any], *, kin: bool = True, fresh: bool = False
) -> bool:
    if case.skill is None or not case.good:
        return False
    try:
        output = await desk.call(case.skill.name, arguments)
    except AssistantError:
        return False
    compared = compare(case.good_outputs, output, wanted=case.wants)
    if fresh and not has_news(case.good_outputs, output):
        return False
    if not compared.held or kin:
        return compared.held
    # Nothing but its content speaks for this address: it has to go on where the old one ended.
    before, now = profile(case.good_outputs[0]), profile(output)
    return compared.figures["same"] >= max(2, before.count / 3) and now.newest >= before.newest


def _past(address: str) -> frozenset[str]:
    return marks_of_the_past(re.sub(r"\W", " ", urlsplit(address).path))


async def _one_of_several(desk: Desk, case: Case, urls: list[str]) -> AsyncIterator[Proposal]:
    mended, told = list(urls), list[str]()
    for number, url in enumerate(urls[:MOST_VISITS]):
        seen = await visit(desk.http, url)
        if seen.look.kind == "feed":
            continue
        async for address, how, kin in candidates(desk, case, url, seen):
            if not kin:
                continue
            there = await visit(desk.http, address)
            if there.look.kind == "feed" and there.look.status == 200:
                mended[number] = address
                told.append(f"{how}: {address}")
                break
    if told and await _gives_the_same(desk, case, case.arguments | {"urls": mended}):
        yield Proposal("moved", "; ".join(told), {"urls": mended})


async def candidates(desk: Desk, case: Case, old: str, seen: Visited) -> AsyncIterator[Found]:
    """Addresses to try, with how each was found; each once, never the old one."""
    tried, visits = {urldefrag(old).url}, 0

    def fresh(found: Iterator[tuple[str, str]], *, kin: bool = True) -> Iterator[Found]:
        for address, how in found:
            if urldefrag(address).url not in tried:
                tried.add(urldefrag(address).url)
                yield Found(address, how, kin)

    if seen.look.redirected:
        for one in fresh(iter([(seen.look.url, "the old address leads there")])):
            yield one
    elif not seen.look.status and (hops := await hops_from(desk.http, old)):
        for one in fresh(
            iter([(hops.address, f"the old address leads there in {hops.steps} steps")])
        ):
            yield one
    for one in fresh(leads_on(seen, old)):
        yield one
    is_feed = case.skill is not None and case.skill.name == "fetch_feed"
    look_in = _feeds_in if is_feed else _lists_in
    for one in fresh(offered(seen, old, text=text_of(seen))):
        yield one
        # An index of the interface may name it: `{"books": "/api/books/"}`, or tell of it.
        if _may_be_index(one.address, old) and visits < MOST_INDEXES:
            visits += 1
            index = await visit(desk.http, one.address)
            for other in fresh(_named_like(index, old)):
                yield other
            for other in fresh(called_before(index, old), kin=False):
                yield other
    pages = [seen] if seen.tree is not None else []
    for one in fresh(look_in(seen, old)) if pages else ():
        yield one
    for place in _above(old):
        page = await visit(desk.http, place)
        if page.tree is not None and page.look.status == 200:
            pages.append(page)
            for one in fresh(look_in(page, old)):
                yield one
    for one in fresh(_usual(old, is_feed)):
        yield one
    for section in _sections(pages, old) if is_feed and not says_it_ended(text_of(seen)) else ():
        page = await visit(desk.http, section)
        if page.tree is not None and page.look.status == 200 and page.look.kind in _READ:
            # The page of another section may have a feed of its own: only what is in it speaks for it.
            for one in fresh(_feeds_in(page, old), kin=False):
                yield one
    for one in fresh(_written_otherwise(old), kin=False):
        yield one
    for page in pages if not is_feed else ():
        for one in fresh(_links_in(page, old), kin=False):
            yield one


def named_successors(seen: Visited, old: str) -> set[str]:
    """The addresses that the old one leads to, or names in its answer."""
    told = (*leads_on(seen, old), *offered(seen, old, text=text_of(seen)))
    return {seen.look.url, *(address for address, _ in told)}


def addresses_told(seen: Visited, old: str, *, feeds: bool) -> Iterator[tuple[str, str]]:
    """Addresses that an answer itself names, with how; of a page only the feeds that it offers.

    A page that asks whether somebody is a person offers nothing: that is respected.
    """
    yield from offered(seen, old, text=text_of(seen))
    ended = says_it_ended(text_of(seen))
    if feeds and seen.tree is not None and not ended and not asks_for_a_person(seen.tree):
        yield from _feeds_in(seen, old)


def _feeds_in(page: Visited, old: str) -> Iterator[tuple[str, str]]:
    base = page.look.url or old
    for link in page.tree.iter("link"):
        kind = link.get("type", "").split(";")[0].strip().lower()
        address = web_link(link.get("href", ""), base)
        about = f"{link.get('title', '')} {address}".lower()
        if address and kind in _FEED_TYPES and "comment" not in about:
            yield address, f"{base} declares it as its feed"
    for link in page.tree.iter("a"):
        address = web_link(link.get("href", ""), base)
        plain = urldefrag(address).url if address else ""
        named = _FEED_WORDS.fullmatch(fold(link.text_content() or link.get("title", ""))[:60])
        if plain and (named or _FEED_LIKE.search(plain)) and "comment" not in address:
            yield address, f"{base} links to it"


def _sections(pages: list[Visited], old: str) -> list[str]:
    """Pages of the site that may declare its feed: of the feed's own words, about feeds, of its news."""
    words, found = _words(urlsplit(old).path) - _FEED_NAMES, dict[str, int]()
    for page in pages:
        for address, told in _own_links(page, old):
            score = 2 * len(words & told) + bool(told & (_FEED_NAMES | _NEWS_NAMES))
            if score and not marks_of_the_past(" ".join(told)):
                found[address] = max(score, found.get(address, 0))
    return sorted(found, key=lambda address: -found[address])[:MOST_SECTIONS]


def _lists_in(page: Visited, old: str) -> Iterator[tuple[str, str]]:
    """Links of the same site, those first whose words are those of the old address."""
    words = _words(urlsplit(old).path)
    scored = [(len(words & told), address) for address, told in _own_links(page, old)]
    for score, address in sorted(scored, key=lambda pair: -pair[0]):
        if score:
            yield address, f"{page.look.url or old} links to it"


def _links_in(page: Visited, old: str) -> Iterator[tuple[str, str]]:
    """All links of the same site in the page's order: a site in another language, another word."""
    for address, _ in _own_links(page, old):
        yield address, f"{page.look.url or old} links to it"


def _own_links(page: Visited, old: str) -> Iterator[tuple[str, set[str]]]:
    """Links to the same site, each with the words of its address and its text."""
    for link in page.tree.iter("a"):
        address = urldefrag(web_link(link.get("href", ""), page.look.url or old)).url
        if address and urlsplit(address).hostname == urlsplit(old).hostname:
            yield address, _words(urlsplit(address).path) | _words(fold(link.text_content()))


def _above(url: str) -> Iterator[str]:
    """The pages above an address, the nearest first, the site's home last."""
    parts = urlsplit(url)
    folders = [folder for folder in parts.path.split("/") if folder][:-1]
    while folders:
        yield urlunsplit((parts.scheme, parts.netloc, "/" + "/".join(folders) + "/", "", ""))
        folders.pop()
    yield urlunsplit((parts.scheme, parts.netloc, "/", "", ""))


def _usual(old: str, is_feed: bool) -> Iterator[tuple[str, str]]:
    parts = urlsplit(old)
    if found := _VERSION.search(parts.path):
        for number in (int(found[1]) + 1, int(found[1]) + 2):
            path = _VERSION.sub(f"/v{number}", parts.path, count=1)
            yield urlunsplit(parts._replace(path=path)), f"version {number} of it is there"
    if not is_feed:
        return
    folders = [folder for folder in parts.path.split("/") if folder][:-1]
    for path in _USUAL_FEEDS:
        for root in dict.fromkeys(("", "/" + "/".join(folders) if folders else "")):
            address = urlunsplit((parts.scheme, parts.netloc, root + path, "", ""))
            yield address, "a feed is there"


def _written_otherwise(old: str) -> Iterator[tuple[str, str]]:
    """The same address as sites write it after a change: its last part, with nothing else new."""
    parts = urlsplit(old)
    folders, _, last = parts.path.rstrip("/").rpartition("/")
    if not last:
        return
    bare = re.sub(r"\.(json|xml|php|html?|aspx?|cgi)$", "", last)
    slash = "" if parts.path.endswith("/") else "/"
    number = bare[:-1] if bare.endswith("s") else f"{bare}s"
    names = (last + slash, bare, f"{bare}.json", number, last.replace("_", "-"),
             last.replace("-", "_"), last.lower())  # fmt: skip
    for name in dict.fromkeys(names):
        address = urlunsplit(parts._replace(path=f"{folders}/{name}"))
        if address != old:
            yield address, "it is there under a name that is written otherwise"


def _files_beside(page: Visited, old: str) -> Iterator[tuple[str, str]]:
    """Links to files in the same folder whose names begin as that of the old one: `notices-2026.json`."""
    folder, _, file = urlsplit(old).path.rpartition("/")
    name, _, ending = file.rpartition(".")
    for address, _ in _own_links(page, old):
        at, _, other = urlsplit(address).path.rpartition("/")
        part = re.fullmatch(rf"{re.escape(name)}[-_.].+\.{re.escape(ending)}", other)
        if name and at == folder and part:
            yield address, f"{page.look.url or old} links to it as a part of {file}"


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z]{3,}", text.lower()) if word not in ("html", "www")}


def _same_host(address: str, old: str) -> bool:
    return urlsplit(address)[:2] == urlsplit(old)[:2]


def _may_be_index(address: str, old: str) -> bool:
    above = urlsplit(old).path.startswith(urlsplit(address).path.rstrip("/") + "/")
    return _same_host(address, old) and (address.endswith("/") or above)


def _named_like(index: Visited, old: str) -> Iterator[tuple[str, str]]:
    """Addresses in an index whose last part is that of the old one, or spelled like it."""
    last = urlsplit(old).path.rstrip("/").rpartition("/")[2]
    for address, _ in offered(index, index.look.url or old):
        name = urlsplit(address).path.rstrip("/").rpartition("/")[2]
        if name == last or nearest(last, [name]):
            yield address, f"the index {index.look.url} names it"
