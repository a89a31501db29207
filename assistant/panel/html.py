"""HTML by shape: whatever is not `Html` already is escaped, so no text can become markup."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

VOID = frozenset({"input", "br", "hr", "img"})
SHAPES = frozenset({"path", "rect", "circle"})
"""Elements of a drawing: unlike those of a page, they must be closed."""


class Html(str):
    """Markup made here. Plain text is never of this type."""

    __slots__ = ()


def el(tag: str, *children: object, **attributes: object) -> Html:
    """An element. `class_` is `class`, `data_act` is `data-act`; None and False leave one out."""
    made = "".join(
        _attribute(name, value)
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    if tag in VOID:
        return Html(f"<{tag}{made}>")
    if tag in SHAPES:
        return Html(f"<{tag}{made}/>")
    return Html(f"<{tag}{made}>{join(*children)}</{tag}>")


def join(*children: object) -> Html:
    """Children one after the other; lists are opened, None is nothing."""
    return Html("".join(_child(child) for child in children))


def lines(parts: Iterable[object], between: object = ", ") -> Html:
    """Parts with something between them."""
    return Html(_child(between).join(_child(part) for part in parts))


def _child(child: object) -> str:
    if child is None:
        return ""
    if isinstance(child, Html):
        return str(child)
    if isinstance(child, list | tuple):
        return join(*child)
    return escape(str(child), quote=False)


def _attribute(name: str, value: object) -> str:
    plain = name.rstrip("_").replace("_", "-")
    return f" {plain}" if value is True else f' {plain}="{escape(str(value), quote=True)}"'
