"""Markup that others wrote, as plain text and as safe absolute links."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from lxml import html
from lxml.etree import ParserError

_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption",
        "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main",
        "nav", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
    }
)  # fmt: skip
_SILENT = frozenset({"script", "style", "template", "noscript", "head", "svg", "iframe"})
_MARKUP = re.compile(r"<[a-zA-Z!/?]|&[#a-zA-Z]")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def plain(markup: str) -> str:
    """HTML as plain text: one line a block, no scripts, entities resolved, spaces folded."""
    if not _MARKUP.search(markup):
        return fold(markup)
    try:
        root = html.fromstring(f"<div>{_FORBIDDEN.sub('', markup)}</div>")
    except (ParserError, ValueError):
        return fold(markup)
    return text_of(root)


def text_of(element: html.HtmlElement) -> str:
    """The text of an element as a reader sees it."""
    parts = list[str]()
    _collect(element, parts)
    lines = (fold(line) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def fold(text: str) -> str:
    """One line, single spaces."""
    return " ".join(text.split())


def web_link(link: str, base: str = "") -> str:
    """The absolute http(s) URL of a link, or nothing: `javascript:` and the like are dropped."""
    if not link.strip():
        return ""
    try:
        absolute = urljoin(base, link.strip())
        scheme = urlsplit(absolute).scheme
    except ValueError:
        return ""
    return absolute if scheme in ("http", "https") else ""


def _collect(element: html.HtmlElement, parts: list[str]) -> None:
    # Iterative: pages nest deeper than Python's stack.
    stack: list[tuple[html.HtmlElement, bool]] = [(element, True)]
    while stack:
        node, opening = stack.pop()
        block = isinstance(node.tag, str) and node.tag in _BLOCKS
        if opening:
            if not isinstance(node.tag, str) or node.tag in _SILENT:
                if node is not element:
                    parts.append(node.tail or "")
                continue
            if block:
                parts.append("\n")
            parts.append((node.text or "").replace("\n", " "))
            stack.append((node, False))
            stack.extend((child, True) for child in reversed(node))
            continue
        if block:
            parts.append("\n")
        if node is not element:
            parts.append((node.tail or "").replace("\n", " "))
