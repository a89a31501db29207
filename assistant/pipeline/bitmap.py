"""The drawing of a pipeline as PNG, for places that show no SVG."""

from __future__ import annotations

import io
from typing import Any

from assistant.pipeline.drawing import HEIGHT, LABEL, PAD, WIDTH, Drawing, Edge, Frame, Node
from assistant.pipeline.svg import EDGE

SCALE = 2
PAPER, INK, SOFT, LINE, WHITE = "#f6f5f1", "#1c2321", "#5d6864", "#d0ccc0", "#ffffff"
TILE, ACCENT = "#e0efeb", "#0f6b5c"
BADGES = {"succeeded": "#1a7f4b", "failed": "#b3261e", "unknown": "#b3261e", "running": "#1d5fa8",
          "waiting": "#96590a", "retrying": "#96590a"}  # fmt: skip
LARGEST = 16_000
"""Pixels a side; a larger drawing is made smaller."""


def png(drawing: Drawing) -> bytes:
    """The drawing as PNG, at twice its size so that it is sharp."""
    from PIL import Image, ImageDraw, ImageFont

    width, height = drawing.width + 2 * EDGE, drawing.height + 2 * EDGE
    scale = min(SCALE, LARGEST / max(width, height))
    image = Image.new("RGB", (round(width * scale), round(height * scale)), PAPER)
    pen = _Pen(ImageDraw.Draw(image), scale, ImageFont.load_default)
    for frame in drawing.frames:
        pen.frame(frame)
    for edge in drawing.edges:
        pen.edge(edge)
    for node in drawing.nodes:
        pen.node(node)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


class _Pen:
    """Draws shapes at a scale; `font` makes a font of a size."""

    def __init__(self, draw: Any, scale: float, font: Any) -> None:
        self._draw, self._scale = draw, scale
        self._title, self._sub = font(13 * scale), font(11 * scale)

    def frame(self, frame: Frame) -> None:
        self._rectangle(frame.x, frame.y, frame.width, frame.height, 14, None, LINE)
        self._text(frame.x + PAD, frame.y + LABEL - 11, frame.label, self._sub, SOFT, frame.width - 2 * PAD)  # fmt: skip

    def edge(self, edge: Edge) -> None:
        colour = BADGES["succeeded"] if edge.done else LINE
        points = [_on_curve(edge, part / 16) for part in range(17)]
        self._draw.line(
            [self._at(x, y) for x, y in points], fill=colour, width=round(2 * self._scale)
        )

    def node(self, node: Node) -> None:
        outline = BADGES.get(node.state, LINE) if node.state != "succeeded" else LINE
        self._rectangle(node.x, node.y, WIDTH, HEIGHT, 12, WHITE, outline)
        self._rectangle(node.x + 10, node.y + 11, 32, 32, 8, TILE, None)
        self._text(node.x + 21, node.y + 18, node.title[:1], self._title, ACCENT, 20)
        self._text(node.x + 53, node.y + 9, node.title, self._title, INK, WIDTH - 70)
        self._text(node.x + 53, node.y + 29, node.sub, self._sub, SOFT, WIDTH - 66)
        if (colour := BADGES.get(node.state)) is not None:
            x, y = node.x + WIDTH - 6, node.y + 6
            box = [self._at(x - 9, y - 9), self._at(x + 9, y + 9)]
            self._draw.ellipse(box, fill=colour)

    def _rectangle(
        self, x: float, y: float, width: float, height: float, radius: float,
        fill: str | None, outline: str | None,
    ) -> None:  # fmt: skip
        box = [self._at(x, y), self._at(x + width, y + height)]
        self._draw.rounded_rectangle(
            box, radius * self._scale, fill=fill, outline=outline, width=max(1, round(self._scale))
        )

    def _text(self, x: float, y: float, text: str, font: Any, colour: str, room: float) -> None:
        shown = " ".join(text.split())
        while shown and self._draw.textlength(shown, font=font) > room * self._scale:
            shown = shown[:-2].rstrip("… ") + "…" if len(shown) > 2 else ""
        self._draw.text(self._at(x, y), shown, font=font, fill=colour)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return (x + EDGE) * self._scale, (y + EDGE) * self._scale


def _on_curve(edge: Edge, t: float) -> tuple[float, float]:
    """A point of the cubic curve that the SVG draws."""
    middle = (edge.y1 + edge.y2) / 2
    a, b, c, d = (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3
    return (a + b) * edge.x1 + (c + d) * edge.x2, a * edge.y1 + (b + c) * middle + d * edge.y2
