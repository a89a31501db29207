"""Small charts as SVG: stacked bars by day, a line of moments, bars of names. Text is real text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.panel.html import Html, el, join

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 560, 190, 40, 24, 10
WIDEST_BAR = 44


def stacked(
    days: Sequence[tuple[str, Sequence[float]]], classes: Sequence[str], label: str
) -> Html:
    """One bar a day; its parts from bottom to top have the classes given."""
    top = _nice(max((sum(parts) for _, parts in days), default=1) or 1)
    step = (WIDTH - LEFT - 8) / max(len(days), 1)
    bars = list[Html]()
    for number, (_, parts) in enumerate(days):
        x, y = LEFT + number * step + step * 0.16, HEIGHT - BOTTOM
        for value, tone in zip(parts, classes, strict=True):
            height = (HEIGHT - BOTTOM - TOP) * value / top
            y -= height
            if height > 0:
                wide = min(max(step * 0.68, 1.5), WIDEST_BAR)
                left = x + (step * 0.68 - wide) / 2
                bars.append(el("rect", x=f"{left:.1f}", y=f"{y:.1f}", width=f"{wide:.1f}",
                               height=f"{height:.1f}", rx=2, class_=f"bar-{tone}"))  # fmt: skip
    return _plot(join(bars), top, _ticks([day for day, _ in days], step), label)


def points(values: Sequence[tuple[str, float, str]], label: str) -> Html:
    """(moment, value, tone) in order: a line with a dot for each."""
    top = _nice(max((value for _, value, _ in values), default=1.0) or 1.0)
    step = (WIDTH - LEFT - 12) / max(len(values) - 1, 1)
    spots = [
        (LEFT + 4 + number * step, HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top, tone)
        for number, (_, value, tone) in enumerate(values)
    ]
    line = el("path", d="M" + "L".join(f"{x:.1f} {y:.1f}" for x, y, _ in spots), class_="line") if spots else None  # fmt: skip
    dots = [el("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=2.6, class_=f"dot-{tone}") for x, y, tone in spots]  # fmt: skip
    marks = _ticks([moment for moment, _, _ in values], step)
    return _plot(join(line, dots), top, marks, label)


def bars(rows: Sequence[tuple[str, float, str]], *, tone: str = "bad") -> Html:
    """(name, value, told) as horizontal bars, the largest first."""
    most = max((value for _, value, _ in rows), default=1.0) or 1.0
    return el(
        "ul",
        [
            el("li", el("span", name, class_="who"),
               el("span", el("i", class_=tone, style=f"width:{max(100 * value / most, 1.5):.1f}%"), class_="track"),
               el("span", told, class_="took"))
            for name, value, told in rows
        ],
        class_="bars",
    )  # fmt: skip


def _plot(body: Html, top: float, marks: Html, label: str) -> Html:
    lines = list[Html]()
    for part in (0.0, 0.5, 1.0):
        y = HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * part
        lines.append(el("path", d=f"M{LEFT} {y:.1f}H{WIDTH - 4}", class_="grid"))
        lines.append(
            el("text", _number(top * part), x=LEFT - 6, y=f"{y + 4:.1f}", text_anchor="end")
        )
    return el("svg", lines, body, marks, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=label, class_="chart")  # fmt: skip


def _ticks(names: Sequence[str], step: float) -> Html:
    """At most seven dates under the plot; a day is named once."""
    every = max(1, -(-len(names) // 7))
    marks, before = list[Html](), ""
    for number, name in enumerate(names):
        x = LEFT + number * step
        if number % every or x >= WIDTH - 20 or name[:10] == before:
            continue
        before = name[:10]
        marks.append(el("text", _day(before), x=f"{x + step * 0.5:.1f}",
                        y=HEIGHT - 6, text_anchor="middle"))  # fmt: skip
    return join(marks)


def _day(name: str) -> str:
    """`2026-11-28` as `28 Nov`."""
    day = date.fromisoformat(name)
    return f"{day.day} {day:%b}"


def _nice(value: float) -> float:
    """The next of 1, 2, 4, 6, 10, 20 … at or above a value: its half is a round number too."""
    size = 10.0 ** len(str(int(value))) / 10 if value >= 1 else 0.01
    while size < value:
        for factor in (1, 2, 4, 6, 10):
            if size * factor >= value:
                return size * factor
        size *= 10
    return size


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.2g}"
