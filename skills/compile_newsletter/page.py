"""A letter as HTML mail: our own templates, escaped by default, styles written into the elements."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import css_inline
import nh3
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from .letter import Letter

TEMPLATES = Path(__file__).parent / "templates"
INTRO_TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code"}
LINKS = {"http", "https", "mailto"}

_inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def as_html(letter: Letter, design: str) -> str:
    """The letter in one of the designs, ready for a mail client and for a browser."""
    made = (
        _templates()
        .get_template(f"{design}.html")
        .render(letter=letter, intro=intro_html(letter.intro))
    )
    return _inliner.inline(made)


def intro_html(intro: str) -> Markup:
    """Markdown as the few tags an introduction may have."""
    rendered = MarkdownIt("commonmark", {"html": False, "linkify": False}).render(intro)
    return Markup(  # noqa: S704 - nh3 has just cleaned it
        nh3.clean(
            rendered,
            tags=INTRO_TAGS,
            attributes={"a": {"href"}},
            url_schemes=LINKS,
            attribute_filter=_absolute,
        )
    )


def _absolute(tag: str, attribute: str, value: str) -> str | None:
    """A letter has no address of its own that a relative link could start from."""
    return value if value.partition(":")[0].strip().lower() in LINKS else None


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
