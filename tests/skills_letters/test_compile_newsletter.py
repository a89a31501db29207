"""compile_newsletter: one letter in three looks, four forms, and nothing alive in it."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import feedparser
import pytest
from lxml import html
from markdown_it import MarkdownIt
from PIL import Image

from assistant.errors import BadArguments
from assistant.settings import Letters
from assistant.skills.calling import call
from assistant.skills.door import Skill
from assistant.skills.library import Library

DESIGNS = ("letter", "brief", "gallery")


@pytest.fixture
def compiled(library: Library) -> Skill:
    return library.get("compile_newsletter")


def items(count: int = 7, **facts: Any) -> list[dict[str, Any]]:
    return [
        {
            "title": f"Story {n} & more",
            "url": f"https://example.org/{n}?a=1&b=2",
            "source": "The Lantern" if n % 2 else "Gazette",
            "published": "2026-03-01T08:00:00.000Z",
            "author": "Mara Quill",
            "summary": f"What happened in story {n}.\nAnd then.",
            "tags": ["Sea" if n % 2 else "Land", "why: title has story"],
        }
        | facts
        for n in range(count)
    ]


def picture(width: int = 900, height: int = 600, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(out, kind)
    return out.getvalue()


class PictureHandler(BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        body = {"/a.png": picture(), "/dot.gif": picture(1, 1, "GIF")}.get(self.path, b"<svg/>")
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def pictures() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), PictureHandler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("design", DESIGNS)
async def test_every_story_stands_in_every_form(compiled: Skill, make_context, design: str) -> None:
    context = make_context()
    given = {"items": items(), "title": "Morning", "intro": "Good *day*.", "design": design}
    out = await call(compiled, given, context)
    letter = out["newsletter"]
    page = html.fromstring(letter["html"])
    links = list(page.xpath("//h2/a/@href | //h3/a/@href"))
    assert sorted(links) == sorted(item["url"] for item in items())
    for item in items():
        assert item["title"] in letter["text"]
        assert item["url"] in letter["text"]
        assert item["title"].replace("&", "&amp;") in MarkdownIt().render(letter["markdown"])
    assert (letter["item_count"], letter["preheader"]) == (7, "Good day.")
    assert [ref["name"] for ref in out["artifacts"]] == [
        "send.html", "send.md", "send.xml",
    ]  # fmt: skip
    assert context.artifacts.read("send.html").decode() == letter["html"]
    assert "why:" not in letter["html"] + letter["markdown"] + letter["text"]


async def test_the_letters_of_a_loop_lie_side_by_side(compiled: Skill, make_context) -> None:
    names = list[str]()
    for path in ("each[0]/letter", "each[1]/letter"):
        out = await call(compiled, {"items": items(), "title": path}, make_context(path=path))
        names.append(out["artifacts"][0]["name"])
    assert names == ["each-0-letter.html", "each-1-letter.html"]


async def test_stories_stand_in_sections_by_their_tags(compiled: Skill, make_context) -> None:
    out = await call(compiled, {"items": items(), "title": "Morning"}, make_context())
    page = html.fromstring(out["newsletter"]["html"])
    assert page.xpath("//h2[contains(@class, 'sectionname')]/text()") == ["Sea", "Land"]
    assert re.findall(r"^## (.*)", out["newsletter"]["markdown"], re.MULTILINE) == ["Sea", "Land"]


async def test_a_short_letter_has_no_sections(compiled: Skill, make_context) -> None:
    out = await call(compiled, {"items": items(3), "title": "Morning"}, make_context())
    assert "## Sea" not in out["newsletter"]["markdown"]


async def test_merged_sources_are_named(compiled: Skill, make_context) -> None:
    tags = ["also: County Radio <https://radio.example/x>", "also: Bad <javascript:alert(1)>"]
    out = await call(compiled, {"items": items(1, tags=tags), "title": "T"}, make_context())
    page = html.fromstring(out["newsletter"]["html"])
    assert page.xpath("//p[contains(@class, 'also')]/a/@href") == ["https://radio.example/x"]
    assert (
        "Also told by [County Radio](<https://radio.example/x>)." in out["newsletter"]["markdown"]
    )


async def test_the_feed_item_reads_as_a_feed(compiled: Skill, make_context) -> None:
    context = make_context()
    await call(compiled, {"items": items(2), "title": "Morning\x00"}, context)
    feed = feedparser.parse(context.artifacts.read("send.xml"))
    (entry,) = feed.entries
    assert (feed.bozo, entry.title, entry.id) == (
        False, "Morning, Monday, 2 March 2026", "run-1/send",
    )  # fmt: skip
    assert "https://example.org/0?a=1&amp;b=2" in entry.content[0].value


async def test_nothing_at_all_is_refused_with_the_cure(compiled: Skill, make_context) -> None:
    with pytest.raises(BadArguments, match="nothing to put"):
        await call(compiled, {"items": [], "title": "Morning"}, make_context())


async def test_an_introduction_alone_is_a_letter(compiled: Skill, make_context) -> None:
    given = {"items": [], "title": "Morning", "intro": "No news is good news."}
    out = await call(compiled, given, make_context())
    assert "No news is good news." in out["newsletter"]["text"]


@pytest.mark.parametrize("design", DESIGNS)
async def test_the_slots_are_there_once(compiled: Skill, make_context, design: str) -> None:
    given = {"items": items(1, title="<!--slot:browser-->"), "title": "T", "design": design}
    out = await call(compiled, given, make_context())
    assert re.findall(r"<!--slot:\w+-->", out["newsletter"]["html"]) == [
        "<!--slot:browser-->", "<!--slot:unsubscribe-->",
    ]  # fmt: skip


# -- pictures ------------------------------------------------------------------------------


async def test_a_picture_is_put_into_the_letter_made_anew(
    compiled: Skill, make_context, pictures: str
) -> None:
    context = make_context(change={"allow_origins": (pictures,)})
    given = {"items": items(1, image=f"{pictures}/a.png"), "title": "T"}
    out = await call(compiled, given, context)
    (image,) = html.fromstring(out["newsletter"]["html"]).xpath("//img")
    assert image.get("src").startswith("data:image/jpeg;base64,")
    shown = Image.open(io.BytesIO(base64.b64decode(image.get("src").split(",")[1])))
    assert (shown.format, shown.size) == ("JPEG", (900, 600))
    assert image.get("alt") == "Picture: Story 0 & more"


async def test_a_picture_of_a_trusted_host_stays_there(compiled: Skill, make_context) -> None:
    letters = Letters(image_hosts=("img.example.org",))
    given = {"items": items(1, image="https://img.example.org/a.png"), "title": "T"}
    out = await call(compiled, given, make_context(change={"letters": letters}))
    assert html.fromstring(out["newsletter"]["html"]).xpath("//img/@src") == [
        "https://img.example.org/a.png"
    ]


async def test_a_picture_that_cannot_be_had_is_a_warning(
    compiled: Skill, make_context, pictures: str, heard
) -> None:
    context = make_context(change={"allow_origins": (pictures,)})
    wrong = [
        items(1, image=f"{pictures}/x.svg")[0],
        items(1, image="http://169.254.169.254/latest")[0],
        items(1, image="data:text/html;base64,PHNjcmlwdD4=")[0],
        items(1, image="javascript:alert(1)")[0],
        items(1, image=f"{pictures}/dot.gif")[0],
    ]
    out = await call(compiled, {"items": wrong, "title": "T"}, context)
    assert html.fromstring(out["newsletter"]["html"]).xpath("//img") == []
    assert len(heard.warnings) == 4


async def test_the_brief_fetches_no_pictures(compiled: Skill, make_context, pictures: str) -> None:
    PictureHandler.asked.clear()
    context = make_context(change={"allow_origins": (pictures,)})
    given = {"items": items(2, image=f"{pictures}/a.png"), "title": "T", "design": "brief"}
    await call(compiled, given, context)
    assert PictureHandler.asked == []


async def test_a_letter_that_gmail_would_cut_is_a_warning(
    compiled: Skill, make_context, heard
) -> None:
    given = {"items": items(120, summary="long " * 200), "title": "T"}
    await call(compiled, given, make_context())
    assert heard.warnings == [
        "Gmail will cut this letter short: fewer items or shorter summaries help."
    ]


# -- what others wrote ---------------------------------------------------------------------

LIVE_TAGS = {
    "script", "iframe", "object", "embed", "svg", "math", "form", "input", "button", "link", "base",
    "video", "audio", "details", "marquee", "template", "textarea", "select", "frameset", "applet",
}  # fmt: skip


def alive(page: str) -> list[str]:
    """Everything in a page that could act."""
    root = html.document_fromstring(page)
    found = [e.tag for e in root.iter() if isinstance(e.tag, str) and e.tag.lower() in LIVE_TAGS]
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in element.attrib.items():
            plain = re.sub(r"[\x00-\x20]", "", value).lower()
            if name.lower().startswith("on"):
                found.append(f"{element.tag} {name}")
            if name in ("href", "src", "action", "background") and not plain.startswith(
                ("http://", "https://", "mailto:", "data:image/jpeg;base64,")
            ):
                found.append(f"{element.tag} {name}={value[:40]}")
            if name == "style" and ("expression(" in plain or "url(" in plain):
                found.append(f"{element.tag} style")
    styles = [e.text or "" for e in root.iter("style")]
    found += ["style text" for text in styles if "<" in text or "javascript:" in text]
    return found


@pytest.mark.external
@pytest.mark.parametrize("design", DESIGNS)
async def test_no_payload_is_alive_in_a_letter(
    compiled: Skill, make_context, shared_data: Path, design: str
) -> None:
    lines = (shared_data / "security_payloads" / "xss_html.jsonl").read_text().splitlines()
    payloads = [json.loads(line)["html"] for line in lines]
    assert len(payloads) > 100
    for n, text in enumerate(payloads):
        facts = {
            "title": f"T {text}", "url": text, "source": text, "author": text, "summary": text,
            "text": text, "image": text, "tags": [text, f"also: x <{text}>"],
        }  # fmt: skip
        given = {
            "items": [facts, facts | {"url": f"https://example.org/?q={text}"}],
            "title": f"N {text}"[:200],
            "intro": f"{text}\n\n[link]({text})\n\n![image]({text})",
            "design": design,
        }
        out = await call(compiled, given, make_context(run_id=f"run-{n}"))
        letter = out["newsletter"]
        assert alive(letter["html"]) == [], text
        rendered = MarkdownIt("commonmark", {"html": True}).render(letter["markdown"])
        assert alive(f"<html><body>{rendered}</body></html>") == [], text


@pytest.mark.external
async def test_a_template_in_a_text_stays_a_text(
    compiled: Skill, make_context, shared_data: Path
) -> None:
    path = shared_data / "security_payloads" / "template_injection.jsonl"
    payloads = [json.loads(line)["payload"] for line in path.read_text().splitlines()]
    for text in [*payloads, "{{ 7 * 191 }}", "{% for x in y %}", "${{ 7 * 191 }}"]:
        given = {
            "items": [{"title": text, "summary": text, "url": "https://example.org/"}],
            "title": "T",
            "design": "brief",
        }
        letter = (await call(compiled, given, make_context()))["newsletter"]
        assert "1337" not in letter["html"]
    assert "${{ 7 * 191 }}" in letter["text"]


# -- mail clients --------------------------------------------------------------------------

# What some clients leave out without the letter losing anything but polish.
GRACEFUL = {
    "css-border-radius", "css-at-media", "css-at-media-prefers-color-scheme", "css-color-scheme",
    "css-max-width", "css-display-none", "css-opacity", "css-overflow", "css-max-height",
    "html-meta-color-scheme", "html-style", "css-selector-class", "css-selector-type",
    "css-selector-grouping", "css-selector-descendant", "html-role", "html-body", "html-doctype",
    "html-base", "css-word-break",
}  # fmt: skip


@pytest.mark.external
@pytest.mark.parametrize("design", DESIGNS)
async def test_every_style_is_one_that_mail_clients_know(
    compiled: Skill, make_context, shared_data: Path, design: str
) -> None:
    path = shared_data / "email_client_support" / "features.jsonl"
    support = {
        fact["slug"]: fact["support"] for fact in map(json.loads, path.read_text().splitlines())
    }
    data = base64.b64encode(picture()).decode()
    given = {
        "items": items(6, image=f"data:image/png;base64,{data}"),
        "title": "T",
        "intro": "Hi [you](https://example.org)",
        "design": design,
    }
    page = html.document_fromstring(
        (await call(compiled, given, make_context()))["newsletter"]["html"]
    )
    used = {f"html-{e.tag}" for e in page.iter() if isinstance(e.tag, str)}
    for style in page.xpath("//@style"):
        for rule in filter(str.strip, style.split(";")):
            used.add(f"css-{rule.split(':')[0].strip()}")
    poor = set[str]()
    for feature in used & set(support):
        for client, verdict in support[feature].items():
            if client.split("/")[0] in ("gmail", "outlook", "apple-mail") and verdict not in "ya":
                poor.add(feature)
    assert poor - GRACEFUL == set()
    # Layout rests on tables, widths and padding, never on what is merely graceful.
    assert not {"css-float", "css-position", "css-display-flex", "css-display-grid"} & used


@pytest.mark.parametrize("design", DESIGNS)
async def test_the_letter_is_made_for_both_lights_and_for_a_phone(
    compiled: Skill, make_context, design: str
) -> None:
    out = await call(compiled, {"items": items(), "title": "T", "design": design}, make_context())
    page = out["newsletter"]["html"]
    assert "prefers-color-scheme:dark" in page.replace(" ", "")
    assert 'content="light dark"' in page
    assert "@media" in page
    assert html.document_fromstring(page).xpath("//table[not(@role='presentation')]") == []
    assert len(page.encode()) < 60_000
