"""CSS selectors over a page's tree."""

from __future__ import annotations

from typing import Any

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import XPathError

from assistant.errors import BadArguments

LONGEST = 500


def matches(tree: Any, selector: str) -> list[Any]:
    """The elements that a selector matches, in the page's order. Raises BadArguments."""
    if len(selector) > LONGEST:
        raise BadArguments(
            f"selector: it has more than {LONGEST} characters.", hint="Use a shorter one."
        )
    try:
        return list(CSSSelector(selector, translator="html")(tree))
    except (SelectorError, XPathError, RecursionError) as wrong:
        raise BadArguments(
            f"selector: {selector!r} is no CSS selector ({wrong}).",
            hint='Write it as in a style sheet: "article.story", "ul.news > li".',
        ) from wrong
