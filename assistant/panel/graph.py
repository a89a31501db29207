"""A pipeline as a drawing: a layered layout of our own, to SVG, in text that follows the theme.

Steps run from top to bottom, branches stand side by side, the steps of a loop or a condition
lie in a dashed frame. Every step is focusable and carries its path; its state is a class, so
that a live run changes colours and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from assistant.pipeline.spec import (
    ApproveStep,
    CallJobStep,
    ForEachStep,
    IfStep,
    Job,
    ParallelStep,
    SetStep,
    SkillStep,
    Step,
    StopStep,
    WhileStep,
)

WIDTH, HEIGHT, GAP, PAD, LABEL = 260, 54, 26, 14, 24

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
    "stop": "M7 7h10v10H7z",
    "job": "M4 8h16v12H4zM9 8V5h6v3",
}
SKILL_ICONS = {
    "fetch_feed": "feed", "scrape_page": "page", "extract_article": "text", "rank_items": "sort",
    "summarize_items": "spark", "compile_newsletter": "page", "send_email": "mail", "notify": "bell",
    "http_request": "web", "save_file": "save", "web_search": "search", "query_database": "data",
    "ask_model": "spark",
}  # fmt: skip
MARKS = {
    "succeeded": "M-4 0l3 3 5-6",
    "failed": "M-3 -3l6 6M3 -3l-6 6",
    "unknown": "M0 -4v5M0 4v.1",
    "running": "",
    "retrying": "",
    "waiting": "",
}


@dataclass(frozen=True)
class _Drawn:
    """A piece of the drawing: its size, its SVG at the origin, and whether it has a body."""

    width: float
    height: float
    svg: str


def draw(
    job: Job,
    states: Mapping[str, str] | None = None,
    *,
    starts: str = "",
    notes: Mapping[str, str] | None = None,
) -> str:
    """The pipeline as an `<svg>`. `states` and `notes` are by step path; `starts` is its schedule."""
    known, said = states or {}, notes or {}
    body = _sequence(job.steps, "", known, said)
    if starts:
        head = _box("starts", "clock", starts, "starts the run", "", "")
        body = _stack([head, body], done=[bool(known)])
    width, height = body.width + 20, body.height + 20
    label = escape(job.title or job.name, quote=True)
    return (
        f'<svg class="graph" viewBox="0 0 {width:g} {height:g}" role="group" aria-label="Pipeline of {label}"'
        f' style="max-width:{width:g}px"><g transform="translate(10 10)">{body.svg}</g></svg>'
    )


def _sequence(
    steps: Sequence[Step], prefix: str, states: Mapping[str, str], notes: Mapping[str, str]
) -> _Drawn:
    drawn = [_step(step, f"{prefix}{step.id}", states, notes) for step in steps]
    done = [states.get(f"{prefix}{step.id}") == "succeeded" for step in steps]
    return _stack(drawn, done) if drawn else _Drawn(WIDTH, 0, "")


def _stack(parts: Sequence[_Drawn], done: Sequence[bool]) -> _Drawn:
    width = max(part.width for part in parts)
    pieces: list[str] = []
    y = 0.0
    for number, part in enumerate(parts):
        if number:
            middle = width / 2
            state = " done" if number <= len(done) and done[number - 1] else ""
            pieces.append(f'<path class="edge{state}" d="M{middle:g} {y - GAP:g}v{GAP}"/>')
        pieces.append(
            f'<g transform="translate({(width - part.width) / 2:g} {y:g})">{part.svg}</g>'
        )
        y += part.height + GAP
    return _Drawn(width, y - GAP, "".join(pieces))


def _step(step: Step, path: str, states: Mapping[str, str], notes: Mapping[str, str]) -> _Drawn:
    state, note = states.get(path, ""), notes.get(path, "")
    match step:
        case SkillStep():
            icon = SKILL_ICONS.get(step.skill, "spark")
            return _box(
                path,
                icon,
                _words(step.id),
                note or step.skill.replace("_", " "),
                state,
                step.condition or "",
            )
        case CallJobStep():
            return _box(
                path, "job", _words(step.id), note or f"job {step.job}", state, step.condition or ""
            )
        case ApproveStep():
            return _box(path, "person", "Your approval", note or step.question, state, "")
        case SetStep():
            return _box(path, "text", _words(step.id), note or ", ".join(step.values), state, "")
        case StopStep():
            return _box(path, "stop", "Stop here", note or step.reason, state, step.condition or "")
        case ParallelStep():
            branches = [
                _sequence(inner, f"{path}.{name}/", states, notes)
                for name, inner in step.branches.items()
            ]
            return _frame(_row(branches), "at the same time", state)
        case ForEachStep():
            return _frame(
                _sequence(step.steps, f"{path}/", states, notes), f"for each {step.variable}", state
            )
        case WhileStep():
            return _frame(
                _sequence(step.steps, f"{path}/", states, notes), f"while {_bare(step.test)}", state
            )
        case IfStep():
            ways = [_sequence(step.steps, f"{path}/", states, notes)]
            if step.otherwise:
                ways.append(_sequence(step.otherwise, f"{path}/", states, notes))
            return _frame(_row(ways), f"if {_bare(step.condition or '')}", state)
        case _:
            return _box(path, "spark", _words(step.id), note, state, "")


def _row(parts: Sequence[_Drawn]) -> _Drawn:
    x, pieces = 0.0, list[str]()
    for part in parts:
        pieces.append(f'<g transform="translate({x:g} 0)">{part.svg}</g>')
        x += part.width + GAP
    return _Drawn(x - GAP, max(part.height for part in parts), "".join(pieces))


def _frame(inner: _Drawn, label: str, state: str) -> _Drawn:
    width, height = inner.width + 2 * PAD, inner.height + 2 * PAD + LABEL
    return _Drawn(
        width,
        height,
        f'<g class="frame {state}"><rect class="group" width="{width:g}" height="{height:g}" rx="14"/>'
        f'<text class="sub" x="{PAD}" y="{LABEL}">{escape(_cut(label, width / 6.6))}</text>'
        f'<g transform="translate({PAD} {PAD + LABEL})">{inner.svg}</g></g>',
    )


def _box(path: str, icon: str, title: str, sub: str, state: str, condition: str) -> _Drawn:
    told = sub if not condition else f"{sub} · if {_bare(condition)}"
    heard = escape(f"{title}, {state or 'not started'}", quote=True)
    mark = MARKS.get(state)
    badge = (
        f'<g transform="translate({WIDTH - 6} 6)"><circle class="badge" r="10"/><path class="mark" d="{mark}"/></g>'
        if mark is not None
        else ""
    )
    return _Drawn(
        WIDTH,
        HEIGHT,
        f'<g class="node {state}" data-path="{escape(path, quote=True)}" tabindex="0" role="button"'
        f' aria-label="{heard}">'
        f"<title>{escape(f'{title}: {told}')}</title>"
        f'<rect class="box" width="{WIDTH}" height="{HEIGHT}" rx="12"/>'
        f'<rect class="tile" x="10" y="11" width="32" height="32" rx="8"/>'
        f'<path class="icon" transform="translate(15.5 16.5) scale(.88)" d="{ICONS[icon]}"/>'
        f'<text class="title" x="53" y="23">{escape(_cut(title, 26))}</text>'
        f'<text class="sub" x="53" y="40">{escape(_cut(told, 33))}</text>{badge}</g>',
    )


def _words(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").capitalize()


def _bare(expression: str) -> str:
    return expression.removeprefix("${{").removesuffix("}}").strip()


def _cut(text: str, most: float) -> str:
    return text if len(text) <= most else text[: int(most) - 1].rstrip() + "…"
