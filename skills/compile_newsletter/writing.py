"""A letter as Markdown, as plain text and as an RSS item."""

from __future__ import annotations

import re
import textwrap
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

import lxml.etree as etree
from markdown_it import MarkdownIt

from .letter import Letter, Section, Story, plain_intro
from .page import LINKS, intro_html

WIDTH = 72
_SIGNS = re.compile(r"([\\`*_\[\]<>])")
_LINE_START = re.compile(r"^(\s*)([#+=-]|\d+[.)])(?=\s|$)", re.MULTILINE)
_ENTITY = re.compile(r"&(?=#?\w+;)")
_FORBIDDEN_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CONTENT = "http://purl.org/rss/1.0/modules/content/"


def as_markdown(letter: Letter) -> str:
    """The letter in CommonMark; text from elsewhere is escaped and means only itself."""
    parts = [f"# {escaped(letter.title)}", f"*{letter.date}*"]
    if letter.intro:
        parts.append(_safe_intro(letter.intro))
    if letter.lead:
        parts.append(_markdown_story(letter.lead))
    for section in letter.sections:
        if section.name:
            parts.append(f"## {escaped(section.name)}")
        parts += [_markdown_story(story) for story in section.stories]
    parts += ["---", f"*{escaped(letter.colophon)}*"]
    return "\n\n".join(parts) + "\n"


def as_text(letter: Letter) -> str:
    """The letter for a reader without HTML: 72 columns, addresses on their own lines."""
    parts = [f"{letter.title}\n{'=' * min(len(letter.title), WIDTH)}\n{letter.date}"]
    if letter.intro:
        parts.append(_wrapped(plain_intro(letter.intro)))
    if letter.lead:
        parts.append(_text_story(letter.lead))
    parts += [_text_section(section) for section in letter.sections]
    parts.append(f"--\n{letter.colophon}")
    return "\n\n".join(parts) + "\n"


def as_rss(letter: Letter, *, guid: str) -> bytes:
    """An RSS 2.0 feed of one item, the letter."""
    rss = etree.Element("rss", {"version": "2.0"}, nsmap={"content": CONTENT})
    channel = etree.SubElement(rss, "channel")
    _element(channel, "title", letter.title)
    _element(channel, "link", "")
    _element(channel, "description", letter.preheader)
    item = etree.SubElement(channel, "item")
    _element(item, "title", f"{letter.title}, {letter.date}")
    _element(item, "guid", guid).set("isPermaLink", "false")
    _element(item, "pubDate", format_datetime(letter.made_at))
    _element(item, "description", letter.preheader)
    _element(item, f"{{{CONTENT}}}encoded", str(intro_html(as_markdown(letter))))
    return etree.tostring(rss, xml_declaration=True, encoding="utf-8", pretty_print=True)


def escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    plain = _SIGNS.sub(r"\\\1", _ENTITY.sub("&amp;", text))
    return _LINE_START.sub(_harmless_start, plain)


def _harmless_start(found: re.Match[str]) -> str:
    sign = found[2]
    return f"{found[1]}{sign[:-1]}\\{sign[-1]}"


def _safe_intro(intro: str) -> str:
    """The introduction as it was written; as plain text when there is more in it than text and links."""
    parser = MarkdownIt("commonmark", {"html": True})
    parser.validateLink = lambda url: True  # seen here, so that they can be judged here
    tokens = parser.parse(intro)
    every = [*tokens, *(child for token in tokens for child in token.children or ())]
    for token in every:
        address = str(token.attrGet("href") or "")
        scheme = address.partition(":")[0].strip().lower()
        if token.type in ("html_block", "html_inline", "image") or (
            address and scheme not in LINKS
        ):
            return escaped(intro)
    return intro


def _markdown_story(story: Story) -> str:
    title = escaped(story.title)
    lines = [f"### [{title}](<{_address(story.url)}>)" if story.url else f"### {title}"]
    if story.byline:
        lines.append(f"*{escaped(story.byline)}*")
    lines += [escaped(paragraph) for paragraph in story.paragraphs]
    if story.also:
        links = ", ".join(f"[{escaped(a.name)}](<{_address(a.url)}>)" for a in story.also)
        lines.append(f"Also told by {links}.")
    return "\n\n".join(lines)


def _text_section(section: Section) -> str:
    stories = "\n\n".join(_text_story(story) for story in section.stories)
    return (
        f"{section.name.upper()}\n{'-' * len(section.name)}\n\n{stories}"
        if section.name
        else stories
    )


def _text_story(story: Story) -> str:
    number = f"{story.number}. "
    lines = [_wrapped(story.title, first=number, rest=" " * len(number))]
    if story.byline:
        lines.append(_wrapped(story.byline, first="   ", rest="   "))
    lines += [_wrapped(paragraph, first="   ", rest="   ") for paragraph in story.paragraphs]
    lines += [f"   Also told by {link.name}: {link.url}" for link in story.also]
    if story.url:
        lines.append(f"   {story.url}")
    return "\n".join(lines)


def _wrapped(text: str, *, first: str = "", rest: str = "") -> str:
    return "\n".join(
        textwrap.fill(
            line, WIDTH, initial_indent=first, subsequent_indent=rest,
            break_long_words=False, break_on_hyphens=False,
        )
        for line in text.splitlines()
    )  # fmt: skip


def _address(url: str) -> str:
    return quote(url, safe="%/:?#[]@!$&'()*+,;=~-._")


def _element(parent: Any, tag: str, text: str) -> Any:
    made = etree.SubElement(parent, tag)
    made.text = _FORBIDDEN_IN_XML.sub("", text)
    return made
