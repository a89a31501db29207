"""How healing reads a page's tree: selectors, values, and texts made comparable."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from assistant.skills.markup import fold, text_of, web_link

WHERE = {"url": "href", "image": "src"}
"""The attribute that a field of that name is read from, where its selector names none."""
LATE = {
    "src": ("data-src", "data-lazy-src", "data-original", "data-srcset", "srcset"),
    "href": ("data-href", "data-url", "data-link"),
}
"""Where pages keep an attribute's value until it is scrolled into sight, the usual first."""
_CLASS = re.compile(r"-?[_a-zA-Z][\w-]*")
_TAG = re.compile(r"[a-z][a-z0-9-]*")
_GONE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def select(tree: Any, selector: str) -> list[Any]:
    """What a selector matches; nothing for one that is none."""
    from cssselect import SelectorError
    from lxml.cssselect import CSSSelector
    from lxml.etree import XPathError

    try:
        return list(CSSSelector(selector, translator="html")(tree))
    except (SelectorError, XPathError):
        return []


def value_of(element: Any, attribute: str, base: str) -> str:
    """An element's text, or an attribute's value; an address as an absolute one."""
    if not attribute:
        return fold(text_of(element))
    told = element.get(attribute) or ""
    if attribute.endswith("srcset"):
        told = next(iter(told.split()), "").rstrip(",")
    linked = attribute in LATE or any(attribute in late for late in LATE.values())
    return web_link(told, base) if linked else told.strip()


def read(member: Any, selector: str, attribute: str, base: str) -> str:
    """What a field's selector gives within a record."""
    found = select(member, selector) if selector.strip() else [member]
    return value_of(found[0], attribute, base) if found else ""


def split_field(name: str, told: str) -> tuple[str, str]:
    """`a@href` as its selector and its attribute, the usual one where none is named."""
    selector, at, attribute = told.rpartition("@")
    if not at or "]" in attribute:
        return told, WHERE.get(name, "")
    return selector, attribute


def is_hidden(element: Any) -> bool:
    """Whether an element, or one around it, is kept out of sight."""
    return any(_hides(one) for one in (element, *element.iterancestors()))


def _hides(element: Any) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or element.tag == "template"
        or bool(_GONE.search(element.get("style", "")))
    )


def words(text: str) -> str:
    """A text as its words alone, in small letters."""
    return " ".join(re.findall(r"\w+", text.lower()))


def path_of(url: str) -> str:
    """An address's path without its last slash."""
    return urlsplit(url).path.rstrip("/") or ""


def folders(url: str) -> str:
    """How an address is built: its folders, with numbers alike."""
    return re.sub(r"\d+", "#", urlsplit(url).path.rstrip("/").rpartition("/")[0])


def look(text: str) -> str:
    """The look of a short text: `£12.50` → `£9.9`, `3 March 2026` → `9 a 9`."""
    told = re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", text.strip()[:60]))
    return re.sub(r"(a ?)+", "a", told)


def class_of(element: Any) -> str:
    """An element's first class that can be written in a selector."""
    return next((n for n in element.get("class", "").split() if _CLASS.fullmatch(n)), "")


def named(element: Any) -> str:
    """`section#current` or `ul.works`; nothing for an element without a name of its own."""
    ident = element.get("id", "")
    if _CLASS.fullmatch(ident) and not re.search(r"\d", ident):
        return f"{element.tag}#{ident}"
    name = class_of(element)
    return f"{element.tag}.{name}" if name else ""


def is_class(name: str) -> bool:
    """Whether a class can be written in a selector as it is."""
    return _CLASS.fullmatch(name) is not None


def is_tag(element: Any) -> bool:
    """Whether this is an element with a plain tag: no comment, nothing with a namespace."""
    return isinstance(element.tag, str) and _TAG.fullmatch(element.tag) is not None
