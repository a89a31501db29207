"""The demo world: a small town's newspaper of our own writing, served on loopback.

`The Harbour Lantern` has a front page, sections, articles, an RSS, an Atom and a JSON feed.
Stories are as old as their place in the list says, counted from the server's start, so that
"the last 24 hours" always finds some. `assistant demo` serves it; the panel does when asked.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from assistant.clock import Clock, SystemClock, rfc3339
from assistant.errors import RequestWrong
from assistant.settings import PROJECT

STORIES = PROJECT / "data" / "demo" / "stories"
SHOP = PROJECT / "data" / "demo" / "shop.db"
PAPER = "The Harbour Lantern"
HOURS_APART = 3


class DemoPortTaken(RequestWrong):
    """The demo site cannot listen where it is told to."""


@dataclass(frozen=True)
class Story:
    slug: str
    title: str
    section: str
    author: str
    summary: str
    paragraphs: tuple[str, ...]
    published: datetime


def stories(now: datetime) -> list[Story]:
    """All stories, newest first; the first one is an hour old."""
    found: list[Story] = []
    for number, path in enumerate(sorted(STORIES.glob("*.md"))):
        head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
        facts = dict(line.split(": ", 1) for line in head.splitlines())
        found.append(
            Story(
                slug=path.stem.split("-", 1)[1],
                title=facts["title"],
                section=facts["section"],
                author=facts["author"],
                summary=facts["summary"],
                paragraphs=tuple(body.strip().split("\n\n")),
                published=now - timedelta(hours=1 + HOURS_APART * number),
            )
        )
    return found


class DemoSite:
    """The newspaper on a port of 127.0.0.1. Use as a context manager, or `start` and `stop`."""

    def __init__(self, port: int = 0, *, clock: Clock | None = None) -> None:
        self.stories = stories((clock or SystemClock()).now())
        try:
            self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        except OSError as taken:
            raise DemoPortTaken(
                f"the demo site cannot listen on port {port}: {taken.strerror}",
                hint="Set ASSISTANT_DEMO_PORT to a free port.",
            ) from taken
        self._server.daemon_threads = True
        self._thread: threading.Thread | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def feed(self) -> str:
        return f"{self.origin}/feed.xml"

    def start(self) -> DemoSite:
        self._thread = threading.Thread(target=self._server.serve_forever, name="demo", daemon=True)
        self._thread.start()
        return self

    def serve_forever(self) -> None:
        self._server.serve_forever()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> DemoSite:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def page(self, path: str) -> tuple[str, str] | None:
        """(media type, text) of a path; None when there is no such page."""
        fixed: dict[str, tuple[str, Callable[[], str]]] = {
            "/": ("text/html", lambda: self._list_page(PAPER, self.stories)),
            "/feed.xml": ("application/rss+xml", self._rss),
            "/atom.xml": ("application/atom+xml", self._atom),
            "/feed.json": ("application/feed+json", self._json_feed),
            "/robots.txt": ("text/plain", lambda: "User-agent: *\nAllow: /\n"),
        }
        if path in fixed:
            media_type, made = fixed[path]
            return media_type, made()
        part = path.strip("/").split("/")
        if part[0] == "news" and len(part) == 2:
            found = next((s for s in self.stories if s.slug == part[1]), None)
            return ("text/html", self._article(found)) if found else None
        if part[0] == "section" and len(part) == 2:
            chosen = [s for s in self.stories if s.section.lower() == part[1]]
            return ("text/html", self._list_page(part[1].title(), chosen)) if chosen else None
        return None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            server_version = "Lantern"

            def do_GET(self) -> None:
                found = site.page(self.path.split("?")[0])
                media_type, text = found or (
                    "text/html",
                    _document("Not here", "<p>No such page.</p>"),
                )
                body = text.encode("utf-8")
                tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
                if found and self.headers.get("If-None-Match") == tag:
                    self.send_response(304)
                    self.end_headers()
                    return
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", f"{media_type}; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("ETag", tag)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """A demo needs no access log."""

        return Handler

    def _url(self, story: Story) -> str:
        return f"{self.origin}/news/{story.slug}"

    def _rss(self) -> str:
        items = "".join(
            f"<item><title>{escape(s.title)}</title><link>{self._url(s)}</link>"
            f"<guid>{self._url(s)}</guid><dc:creator>{escape(s.author)}</dc:creator>"
            f"<category>{escape(s.section)}</category>"
            f"<pubDate>{format_datetime(s.published)}</pubDate>"
            f"<description>{escape(s.summary)}</description></item>"
            for s in self.stories
        )
        return (
            '<?xml version="1.0" encoding="utf-8"?>'
            '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
            f"<title>{PAPER}</title><link>{self.origin}/</link>"
            f"<description>News from a small town by the sea</description>{items}</channel></rss>"
        )

    def _atom(self) -> str:
        entries = "".join(
            f'<entry><title>{escape(s.title)}</title><link href="{self._url(s)}"/>'
            f"<id>{self._url(s)}</id><updated>{rfc3339(s.published)}</updated>"
            f"<author><name>{escape(s.author)}</name></author>"
            f"<summary>{escape(s.summary)}</summary></entry>"
            for s in self.stories
        )
        return (
            '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
            f"<title>{PAPER}</title><id>{self.origin}/</id>"
            f"<updated>{rfc3339(self.stories[0].published)}</updated>{entries}</feed>"
        )

    def _json_feed(self) -> str:
        return json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": PAPER,
                "home_page_url": f"{self.origin}/",
                "items": [
                    {
                        "id": self._url(s),
                        "url": self._url(s),
                        "title": s.title,
                        "summary": s.summary,
                        "date_published": rfc3339(s.published),
                        "authors": [{"name": s.author}],
                        "tags": [s.section],
                    }
                    for s in self.stories
                ],
            }
        )

    def _list_page(self, title: str, chosen: list[Story]) -> str:
        rows = "".join(
            f'<article class="teaser"><p class="kicker">{escape(s.section)}</p>'
            f'<h2><a href="/news/{s.slug}">{escape(s.title)}</a></h2>'
            f'<p class="lead">{escape(s.summary)}</p>'
            f'<p class="byline">{escape(s.author)} · '
            f'<time datetime="{rfc3339(s.published)}">{s.published:%d %B %Y, %H:%M}</time></p></article>'
            for s in chosen
        )
        return _document(title, rows)

    def _article(self, story: Story) -> str:
        text = "".join(f"<p>{_emphasis(p)}</p>" for p in story.paragraphs)
        return _document(
            story.title,
            f'<article class="story"><p class="kicker">{escape(story.section)}</p>'
            f"<h1>{escape(story.title)}</h1><p class='lead'>{escape(story.summary)}</p>"
            f'<p class="byline">By <span rel="author">{escape(story.author)}</span> · '
            f'<time datetime="{rfc3339(story.published)}">{story.published:%d %B %Y, %H:%M}</time></p>'
            f"{text}</article>",
            author=story.author,
        )


def _emphasis(paragraph: str) -> str:
    parts = escape(paragraph, quote=False).replace("\n", " ").split("*")
    return "".join(f"<em>{part}</em>" if n % 2 else part for n, part in enumerate(parts))


def _document(title: str, body: str, *, author: str = "") -> str:
    meta = f'<meta name="author" content="{escape(author)}">' if author else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · {PAPER}</title>{meta}"
        '<link rel="alternate" type="application/rss+xml" title="All stories" href="/feed.xml">'
        f"<style>{_STYLE}</style></head><body>"
        f'<header><a href="/">{PAPER}</a><nav><a href="/section/batteries">Batteries</a>'
        '<a href="/section/ai">AI</a><a href="/section/harbour">Harbour</a>'
        '<a href="/section/garden">Garden</a></nav></header>'
        f"<main>{body}</main><footer>A newspaper that exists only here, to try things on.</footer>"
        "</body></html>"
    )


_STYLE = """
:root{color-scheme:light dark;--ink:#1d2733;--paper:#fbf8f2;--soft:#6b7684;--line:#e2dccf;--lamp:#b4541a}
@media(prefers-color-scheme:dark){:root{--ink:#e9e4da;--paper:#171b20;--soft:#9aa4b0;--line:#2c333b;--lamp:#f0a35e}}
body{margin:0;background:var(--paper);color:var(--ink);font:18px/1.6 Georgia,serif}
header,main,footer{max-width:44rem;margin:0 auto;padding:1.2rem}
header{display:flex;flex-wrap:wrap;gap:.4rem 1.4rem;align-items:baseline;border-bottom:1px solid var(--line)}
header>a{font-size:1.5rem;font-weight:700;color:var(--ink);text-decoration:none}
nav a{margin-right:1rem;color:var(--soft);font-size:.9rem}
a{color:var(--lamp)}h1{line-height:1.2}h2{margin:.2rem 0;line-height:1.25}h2 a{color:var(--ink);text-decoration:none}
.kicker{margin:1.4rem 0 0;color:var(--lamp);font-size:.75rem;letter-spacing:.08em;text-transform:uppercase}
.lead{font-size:1.1rem}.byline,footer{color:var(--soft);font-size:.85rem}.teaser{border-bottom:1px solid var(--line)}
""".replace("\n", "")
