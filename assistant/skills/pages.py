"""A web page's bytes as a tree, whatever its server says of their encoding."""

from __future__ import annotations

import re

from lxml import html
from lxml.etree import ParserError

_SCREENS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def parse_page(body: bytes, charset: str = "") -> html.HtmlElement | None:
    """The page's tree, or None when there is none in the bytes. `charset` is what HTTP said."""
    from bs4.dammit import UnicodeDammit

    declared = [charset] if charset else []
    told = UnicodeDammit(body, known_definite_encodings=declared, is_html=True)
    text = _SCREENS.sub("", told.unicode_markup or body.decode("utf-8", "replace"))
    # A declared encoding is no longer true of a text, and refused by the parser.
    try:
        return html.document_fromstring(_DECLARATION.sub("", text, count=1))
    except (ParserError, ValueError):
        return None
