"""How well the web skills read: the same measures for the tests and for `make bench`."""

from __future__ import annotations

import base64
import gzip
import json
import re
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import feedparser
import trafilatura

from assistant.skills.calling import call
from assistant.skills.context import SkillContext
from assistant.skills.folders import load_code
from assistant.skills.library import BUNDLED
from skills.extract_article.extracting import extract
from skills.fetch_feed.reading import parse
from tests.loopback import Page, Site, page
from tests.skills_web.list_pages import PAGES

FEEDS, STORIES = 200, 20
warnings.filterwarnings("ignore", category=DeprecationWarning)


def feed_cases(folder: Path, name: str) -> list[dict[str, Any]]:
    lines = (folder / "feeds" / f"{name}_cases.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def body_of(case: dict[str, Any]) -> bytes:
    return base64.b64decode(case["xml_b64"]) if case.get("xml_b64") else case["xml"].encode()


def headers_of(case: dict[str, Any]) -> dict[str, str]:
    return {name.lower(): value for name, value in (case.get("headers") or {}).items()}


def conditions_met(folder: Path) -> tuple[int, int]:
    """Of upstream's conditions that feedparser alone meets, how many our way of calling it meets."""
    met, ours = 0, 0
    for case in feed_cases(folder, "feedparser"):
        alone = feedparser.parse(body_of(case), response_headers=headers_of(case))
        if _holds(case["expect_feedparser"], alone):
            met += 1
            ours += _holds(case["expect_feedparser"], parse(body_of(case), headers_of(case), ""))
    return ours, met


def _holds(condition: str, parsed: Any) -> bool:
    """Upstream's own condition, written in Python about a parse result."""
    known = {name: parsed.get(name) for name in ("bozo", "feed", "entries", "encoding", "version",
             "namespaces", "bozo_exception", "headers")}  # fmt: skip
    try:
        return bool(eval(condition, {"feedparser": feedparser}, known))
    except Exception:
        return False


def article_f1(folder: Path) -> tuple[float, float]:
    """F1 over words in fours of the published articles: ours, and trafilatura's alone."""
    articles = folder / "article_extraction"
    every = json.loads((articles / "ground-truth.json").read_text())
    files = {name: articles / "html" / f"{name}.html.gz" for name in every}
    told = {name: one for name, one in every.items() if files[name].exists()}

    def f1(read: Callable[[bytes, str], str]) -> float:
        precisions, recalls = [], []
        for name, truth in told.items():
            body = gzip.decompress(files[name].read_bytes())
            right, got = _shingles(truth["articleBody"]), _shingles(read(body, truth["url"]))
            common = (right & got).total()
            precisions.append(common / got.total())
            recalls.append(common / right.total())
        precision, recall = sum(precisions) / len(told), sum(recalls) / len(told)
        return 2 * precision * recall / (precision + recall)

    ours = f1(lambda body, url: extract(body, url, "").get("text", ""))
    return ours, f1(lambda body, url: trafilatura.extract(body, url=url) or "")


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[n : n + 4]) for n in range(max(1, len(words) - 3)))


async def lists_found(site: Site, context: SkillContext) -> tuple[int, int]:
    """Of our pages, those whose list is found without a selector: titles, addresses and order."""
    scrape, right = load_code(BUNDLED / "scrape_page"), 0
    for one in PAGES:
        site.routes[f"/{one.name}"] = page(one.html)
        given = await call(scrape, {"url": site.url(f"/{one.name}")}, context)
        linked = one.name != "changelog_without_links"
        wanted = [(s.title, site.url(s.path) if linked else "") for s in one.stories]
        right += [(item["title"], item["url"]) for item in given["items"]] == wanted
    return right, len(PAGES)


def many_feeds() -> dict[str, Page]:
    """Two hundred feeds of twenty stories, as routes of a site."""
    story = "<item><title>Story {n}</title><link>http://example.org/{f}/{n}</link><description>{text}</description></item>"
    return {
        f"/{f}": page(
            '<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>'
            + "".join(story.format(n=n, f=f, text="words " * 40) for n in range(STORIES))
            + "</channel></rss>",
            "application/rss+xml",
        )
        for f in range(FEEDS)
    }
