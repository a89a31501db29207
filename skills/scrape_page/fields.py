"""Fields of records by the selectors that a job names."""

from __future__ import annotations

from typing import Any

from assistant.errors import BadArguments
from assistant.skills.markup import text_of, web_link

from .selecting import matches

_LINKS = frozenset(
    {"href", "src", "action", "poster", "data-src", "data-href", "data-lazy-src", "data-original"}
)
_SETS = frozenset({"srcset", "data-srcset"})
"""Attributes that hold one image in several sizes: the first of its addresses is taken."""
_USUAL = {"url": "href", "image": "src"}


def records_by_fields(
    members: list[Any], fields: dict[str, str], base: str
) -> list[dict[str, Any]]:
    """One dictionary a member: `"h2"` takes a text, `"a@href"` an attribute, `""` the member."""
    taken = {name: _split(name, told) for name, told in fields.items()}
    return [
        {
            name: _value(member, selector, attribute, base)
            for name, (selector, attribute) in taken.items()
        }
        for member in members
    ]


def _split(name: str, told: str) -> tuple[str, str]:
    selector, at, attribute = told.rpartition("@")
    # An @ may also stand in a selector: [href*="@"].
    if not at or "]" in attribute or '"' in attribute:
        selector, attribute = told, _USUAL.get(name, "")
    if attribute and not attribute.replace("-", "").replace("_", "").isalnum():
        raise BadArguments(
            f"fields: {attribute!r} is no attribute.", hint='Write "a@href" or "img@src".'
        )
    return selector.strip(), attribute.strip().lower()


def _value(member: Any, selector: str, attribute: str, base: str) -> str:
    found = matches(member, selector) if selector else [member]
    if not found:
        return ""
    if not attribute:
        return text_of(found[0])
    told = found[0].get(attribute)
    if told is None and selector == "":
        told = next(iter(member.xpath(f".//@{attribute}")), None)
    if attribute in _SETS:
        told = next(iter((told or "").split()), "").rstrip(",")
    return web_link(told or "", base) if attribute in _LINKS | _SETS else (told or "").strip()
