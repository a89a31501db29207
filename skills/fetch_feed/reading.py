"""The bytes of a feed as items: RSS 0.9 to 2.0, Atom, RDF, CDF through feedparser; JSON Feed.

Run as a program it answers requests `{"headers", "url"}` with the bytes of a feed: see
`worker_process`. The answer is `{"title", "stories", "flaw"}` or `{"message", "page", "hint"}`.
"""

from __future__ import annotations

import calendar
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

import feedparser

from assistant.clock import rfc3339
from assistant.errors import CannotDo
from assistant.skills.markup import fold, plain, web_link
from assistant.skills.worker_process import serve

Story = dict[str, Any]
"""The fields of an `Item`, without the empty ones. The record itself would make a process that
only reads feeds load pydantic, which takes longer than reading forty of them."""

LONGEST_SUMMARY = 2_000
LONGEST_TEXT = 100_000
MOST_ITEMS = 1_000
MOST_TAGS = 20
_TELLING = {"title", "url", "summary", "text", "image"}


@dataclass(frozen=True)
class Feed:
    """A feed that was read; `flaw` says what is wrong with a feed that could be read still."""

    title: str
    stories: list[Story] = field(default_factory=list[Story])
    flaw: str = ""


class NoFeed(CannotDo):
    """The bytes are no feed. `page` is true when they are a web page."""

    def __init__(self, message: str, *, page: bool, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.page = page


def read_feed(body: bytes, headers: Mapping[str, str], url: str) -> Feed:
    """The feed in a response's body. Raises NoFeed."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _json_feed(body, url)
    parsed = parse(body, headers, url)
    entries = parsed["entries"]
    page = _is_page(body)
    if not parsed.get("version") and (page or not entries):
        what = "a web page, not a feed" if page else "no feed: it has no items that can be read"
        raise NoFeed(f"{url} is {what}.", page=page)
    title = _text(parsed["feed"].get("title_detail"), parsed["feed"].get("title", ""))
    source = title or url
    stories = [_story(dict(entry), source, url) for entry in entries[:MOST_ITEMS]]
    flaw = _flaw(parsed) if parsed.get("bozo") and not entries else ""
    return Feed(title, [story for story in stories if _TELLING & story.keys()], flaw)


def parse(body: bytes, headers: Mapping[str, str], url: str) -> Any:
    """What feedparser makes of the bytes, never of a URL or a text: those it would fetch or open."""
    given = {name.lower(): value for name, value in headers.items()}
    if url:
        given.setdefault("content-location", url)
    try:
        return feedparser.parse(body, response_headers=given)
    # The parser is given every kind of broken feed; what it raises is the feed's fault.
    except Exception as wrong:
        raise NoFeed(
            f"{url} cannot be read as a feed ({type(wrong).__name__}).",
            page=False,
            hint="The feed is broken; its owner has to mend it.",
        ) from wrong


def _flaw(parsed: Any) -> str:
    return fold(str(parsed.get("bozo_exception", "it is not well-formed")))[:200]


def _is_page(body: bytes) -> bool:
    start = body[:2_000].lower()
    return b"<html" in start or b"<!doctype html" in start or b"<body" in start


def _story(entry: dict[str, Any], source: str, base: str) -> Story:
    # A plain dictionary: the parser's own kind looks every name up under its other names too.
    summary = _text(entry.get("summary_detail"), entry.get("summary", ""))
    contents = entry.get("content") or []
    text = max((_text(part, part.get("value", "")) for part in contents), key=len, default="")
    if not summary and text:
        summary = text
    if text == summary[: len(text)]:
        text = text if len(text) > len(summary) else ""
    return _filled(
        title=fold(_text(entry.get("title_detail"), entry.get("title", "")))[:500],
        url=_link(entry, base),
        source=fold((entry.get("source") or {}).get("title", "") or source)[:200],
        published=_moment(entry.get("published_parsed") or entry.get("updated_parsed")),
        author=_author(entry)[:200],
        summary=summary[:LONGEST_SUMMARY],
        text=text[:LONGEST_TEXT],
        image=_image(entry, base),
        tags=_tags(entry),
    )


def _filled(**fields: Any) -> Story:
    return {name: value for name, value in fields.items() if value}


def _author(entry: dict[str, Any]) -> str:
    return fold((entry.get("author_detail") or {}).get("name", "") or entry.get("author", ""))


def _text(detail: Any, value: str) -> str:
    """A text construct as plain text; its own type says whether it is markup."""
    kind = (detail or {}).get("type", "text/html")
    return fold(value) if kind == "text/plain" else plain(value or "")


def _link(entry: dict[str, Any], base: str) -> str:
    links = entry.get("links") or []
    chosen = [link.get("href", "") for link in links if link.get("rel") == "alternate"]
    # A podcast's episode may have no page of its own, only its recording.
    media = [one.get("href", "") for one in _enclosures(entry)]
    candidates = [entry.get("link", ""), *chosen, entry.get("id", ""), *media]
    return next((found for one in candidates if one and (found := web_link(one, base))), "")


def _enclosures(entry: dict[str, Any]) -> list[dict[str, Any]]:
    return [link for link in entry.get("links") or [] if link.get("rel") == "enclosure"]


def _moment(parts: Any) -> str:
    if not parts:
        return ""
    try:
        return rfc3339(datetime.fromtimestamp(calendar.timegm(parts), UTC))
    except (ValueError, OverflowError, OSError, TypeError):
        return ""


def _image(entry: dict[str, Any], base: str) -> str:
    media = [*(entry.get("media_thumbnail") or []), *(entry.get("media_content") or [])]
    found = [
        one.get("url", "")
        for one in media
        if one.get("medium", "image") == "image"
        and str(one.get("type", "image/")).startswith("image/")
    ]
    found += [
        one.get("href", "")
        for one in _enclosures(entry)
        if str(one.get("type", "")).startswith("image/")
    ]
    found.append((entry.get("image") or {}).get("href", ""))
    return next((link for one in found if one and (link := web_link(one, base))), "")


def _tags(entry: dict[str, Any]) -> list[str]:
    words = (fold(tag.get("label") or tag.get("term") or "") for tag in entry.get("tags") or [])
    return list(dict.fromkeys(word[:80] for word in words if word))[:MOST_TAGS]


def _json_feed(body: bytes, url: str) -> Feed:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as wrong:
        raise NoFeed(f"{url} is broken JSON, not a feed.", page=False) from wrong
    version = str(told.get("version", "")) if isinstance(told, dict) else ""
    if "jsonfeed.org/version/" not in version or not isinstance(told.get("items"), list):
        raise NoFeed(
            f"{url} is JSON, but no JSON Feed.",
            page=False,
            hint="Read data from an interface with http_request instead.",
        )
    title = fold(_word(told, "title"))
    entries = [entry for entry in told["items"][:MOST_ITEMS] if isinstance(entry, dict)]
    return Feed(title, [_json_story(entry, title or url, told, url) for entry in entries])


def _json_story(entry: dict[str, Any], source: str, feed: dict[str, Any], base: str) -> Story:
    text = plain(_word(entry, "content_html")) or _word(entry, "content_text").strip()
    summary = plain(_word(entry, "summary")) or text
    links = (_word(entry, "url"), _word(entry, "external_url"), _word(entry, "id"))
    return _filled(
        title=fold(plain(_word(entry, "title")))[:500],
        url=next((found for one in links if one and (found := web_link(one, base))), ""),
        source=source[:200],
        published=_json_moment(_word(entry, "date_published") or _word(entry, "date_modified")),
        author=_json_author(entry) or _json_author(feed),
        summary=summary[:LONGEST_SUMMARY],
        text=text[:LONGEST_TEXT] if text != summary else "",
        image=web_link(_word(entry, "image") or _word(entry, "banner_image"), base),
        tags=[fold(str(tag))[:80] for tag in entry.get("tags") or [] if tag][:MOST_TAGS],
    )


def _word(told: dict[str, Any], key: str) -> str:
    value = told.get(key)
    return str(value) if isinstance(value, str | int | float) else ""


def _json_author(told: dict[str, Any]) -> str:
    authors = told.get("authors") or [told.get("author")]
    names = [_word(one, "name") for one in authors if isinstance(one, dict)]
    return ", ".join(name for name in names if name)[:200]


def _json_moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return rfc3339(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def answer(body: bytes, request: Mapping[str, Any]) -> dict[str, Any]:
    """The feed, or why it is none."""
    try:
        return asdict(read_feed(body, request["headers"], request["url"]))
    except NoFeed as wrong:
        return {"message": wrong.message, "page": wrong.page, "hint": wrong.hint}


if __name__ == "__main__":
    serve(answer)
