"""The drawing of a pipeline as SVG: text that follows the page's theme, or stands alone."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from assistant.pipeline.drawing import HEIGHT, LABEL, PAD, WIDTH, Drawing, Edge, Frame, Node

# Drawn on a 24 × 24 grid, as strokes.
ICONS = {
    "clock": "M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0",
    "feed": "M5 12a7 7 0 0 1 7 7M5 5a14 14 0 0 1 14 14M6 19a1 1 0 1 1-2 0 1 1 0 0 1 2 0",
    "page": "M6 3h8l5 5v13H6zM14 3v5h5M9 13h6M9 17h6",
    "sort": "M5 6h14M5 12h9M5 18h5",
    "text": "M5 6h14M5 11h14M5 16h8",
    "mail": "M3 6h18v12H3zM3 7l9 7 9-7",
    "bell": "M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4",
    "save": "M5 3h11l3 3v15H5zM8 3v6h7V3M8 21v-7h8v7",
    "search": "M16 16l5 5M18 11a7 7 0 1 1-14 0 7 7 0 0 1 14 0",
    "data": "M4 6c0-4 16-4 16 0v12c0 4-16 4-16 0zM4 6c0 4 16 4 16 0M4 12c0 4 16 4 16 0",
    "spark": "M12 3l2 7 7 2-7 2-2 7-2-7-7-2 7-2z",
    "web": "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0M3 12h18M12 3c4 5 4 13 0 18M12 3c-4 5-4 13 0 18",
    "person": "M16 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0M4 21c0-9 16-9 16 0",
    "loop": "M4 12a8 8 0 0 1 14-5l2 2M20 4v5h-5M20 12a8 8 0 0 1-14 5l-2-2M4 20v-5h5",
    "branch": "M12 3v6M12 9c0 6-7 3-7 9v3M12 9c0 6 7 3 7 9v3",
    "stop": "M7 7h10v10H7z",
    "job": "M4 8h16v12H4zM9 8V5h6v3",
}
MARKS = {
    "succeeded": "M-4 0l3 3 5-6", "failed": "M-3 -3l6 6M3 -3l-6 6", "unknown": "M0 -4v5M0 4v.1",
    "running": "", "retrying": "", "waiting": "",
}  # fmt: skip
EDGE = 12
STYLE = """
.graph{font-family:Inter,system-ui,sans-serif;background:#f6f5f1}
.box{fill:#fff;stroke:#d9d5ca;stroke-width:1.5}.tile{fill:#e0efeb}.icon{fill:none;stroke:#0f6b5c;stroke-width:1.7;
stroke-linecap:round;stroke-linejoin:round}.title{font-size:13.5px;font-weight:600;fill:#1c2321}.sub{font-size:11.5px;fill:#5d6864}
.edge,.repeat{fill:none;stroke:#d0ccc0;stroke-width:2}.edge.done{stroke:#1a7f4b}.repeat{stroke-dasharray:3 3}
.group{fill:none;stroke:#d0ccc0;stroke-dasharray:5 4;stroke-width:1.5}
.badge{fill:#8b938f}.mark{fill:none;stroke:#fff;stroke-width:2;stroke-linecap:round}.succeeded .badge{fill:#1a7f4b}
.failed .badge,.unknown .badge{fill:#b3261e}.failed .box{stroke:#b3261e}.running .badge{fill:#1d5fa8}.waiting .badge,.retrying .badge{fill:#96590a}
.skipped{opacity:.5}.fold{display:none}
"""
LinkOf = Callable[[str], str]


def draw(drawing: Drawing, *, label: str, link: LinkOf | None = None, alone: bool = False) -> str:
    """The drawing as an `<svg>`.

    `link` gives the address behind a step's box. `alone`: with a style of its own, and nothing
    that needs a page around it.
    """
    pieces = [
        *(_frame(frame, alone) for frame in drawing.frames),
        *(_edge(edge) for edge in drawing.edges),
        *(_node(node, link, alone) for node in drawing.nodes),
    ]
    width, height = drawing.width + 2 * EDGE, drawing.height + 2 * EDGE
    size = (
        f' width="{width:g}" height="{height:g}" xmlns="http://www.w3.org/2000/svg"'
        if alone
        else ""
    )
    style = f"<style>{STYLE}</style>" if alone else ""
    return (
        f'<svg class="graph"{size} viewBox="0 0 {width:g} {height:g}" role="group"'
        f' aria-label="{escape(label, quote=True)}" style="max-width:{width:g}px">{style}'
        f'<g transform="translate({EDGE} {EDGE})">{"".join(pieces)}</g></svg>'
    )


def _edge(edge: Edge) -> str:
    middle = (edge.y1 + edge.y2) / 2
    way = (
        f"M{edge.x1:g} {edge.y1:g}V{edge.y2:g}"
        if edge.x1 == edge.x2
        else f"M{edge.x1:g} {edge.y1:g}C{edge.x1:g} {middle:g} {edge.x2:g} {middle:g} {edge.x2:g} {edge.y2:g}"
    )
    return f'<path class="edge{" done" if edge.done else ""}" d="{way}"/>'


def _frame(frame: Frame, alone: bool) -> str:
    """A frame; its label folds it."""
    path, label = escape(frame.fold, quote=True), _cut(frame.label, frame.width / 6.8)
    fold = (
        f'<g class="fold" data-fold="{path}" tabindex="0" role="button" aria-expanded="true"'
        f' aria-label="{escape(f"Fold: {frame.label}", quote=True)}"'
        f' transform="translate({frame.width - 26:g} 8)"><rect width="18" height="18" rx="5"/>'
        '<path d="M5 9h8"/></g>'
        if frame.fold and not alone
        else ""
    )
    repeat = ""
    if frame.loops:
        bottom, top, side = frame.height - PAD - HEIGHT / 2, LABEL + PAD + HEIGHT / 2, PAD + 10
        repeat = (
            f'<path class="repeat" d="M{side:g} {bottom:g}H12V{top:g}H{side - 2:g}M{side - 7:g} {top - 4:g}l5 4-5 4"/>'
        )  # fmt: skip
    return (
        f'<g class="frame {frame.state}" transform="translate({frame.x:g} {frame.y:g})">'
        f'<rect class="group" width="{frame.width:g}" height="{frame.height:g}" rx="14"/>'
        f'<text class="sub" x="{PAD}" y="{LABEL}">{escape(label)}</text>{repeat}{fold}</g>'
    )


def _node(node: Node, link: LinkOf | None, alone: bool) -> str:
    heard = escape(f"{node.title}, {node.state.replace('_', ' ') or 'not started'}", quote=True)
    mark = MARKS.get(node.state)
    badge = (
        f'<g transform="translate({WIDTH - 6} 6)"><circle class="badge" r="10"/><path class="mark" d="{mark}"/></g>'
        if mark is not None
        else ""
    )
    path = escape(node.path, quote=True)
    unfold = (
        f'<g class="fold" data-fold="{escape(node.fold, quote=True)}" tabindex="0" role="button" aria-expanded="false"'
        f' aria-label="{escape(f"Unfold: {node.title}", quote=True)}" transform="translate({WIDTH - 30} 18)">'
        '<rect width="18" height="18" rx="5"/><path d="M5 9h8M9 5v8"/></g>'
        if node.fold and not alone
        else ""
    )
    body = (
        f"<title>{escape(f'{node.title}: {node.sub}')}</title>"
        f'<rect class="box" width="{WIDTH}" height="{HEIGHT}" rx="12"/>'
        f'<rect class="tile" x="10" y="11" width="32" height="32" rx="8"/>'
        f'<path class="icon" transform="translate(15.5 16.5) scale(.88)" d="{ICONS.get(node.icon, ICONS["spark"])}"/>'
        f'<text class="title" x="53" y="23">{escape(_cut(node.title, 25 if not node.fold else 22))}</text>'
        f'<text class="sub" x="53" y="40">{escape(_cut(node.sub, 32 if not node.fold else 27))}</text>{badge}'
    )
    linked = link is not None and bool(node.path)
    own = "" if linked or alone else f' tabindex="0" role="img" aria-label="{heard}"'
    inside = f'<g class="node {node.state}" data-path="{path}"{own}>{body}</g>'
    if link is not None and linked and not alone:
        address = escape(link(node.path), quote=True)
        inside = f'<a href="{address}" aria-label="{heard}">{inside}</a>'
    return f'<g transform="translate({node.x:g} {node.y:g})">{inside}{unfold}</g>'


def _cut(text: str, most: float) -> str:
    return text if len(text) <= most else text[: max(int(most) - 1, 1)].rstrip() + "…"
