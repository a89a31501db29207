"""A pipeline as shapes with places: a layered layout of our own, from top to bottom.

Steps stand under each other, branches side by side, the steps of a loop or a condition lie in a
frame. A frame can be folded to a single box, and the box of a called job unfolded to its steps.
`svg.py` and `bitmap.py` turn the shapes into pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.pipeline.scope import branch_path, static_path, step_path
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

WIDTH, HEIGHT, GAP, PAD, LABEL, FAN = 250, 54, 26, 16, 22, 22
DEEPEST = 4
"""How deep jobs that call jobs are unfolded."""
SKILL_ICONS = {
    "fetch_feed": "feed", "scrape_page": "page", "extract_article": "text", "rank_items": "sort",
    "summarize_items": "spark", "compile_newsletter": "page", "send_email": "mail", "notify": "bell",
    "http_request": "web", "save_file": "save", "web_search": "search", "query_database": "data",
    "ask_model": "spark",
}  # fmt: skip


@dataclass(frozen=True)
class Node:
    """A box. `path` is the step's; empty for what is no step (the schedule, a called job's steps)."""

    path: str
    icon: str
    title: str
    sub: str
    state: str = ""
    x: float = 0
    y: float = 0
    fold: str = ""
    """What is unfolded by it: a frame that is folded, or a called job."""


@dataclass(frozen=True)
class Frame:
    """A dashed frame around steps. `fold`: what folds it; `loops`: its steps are repeated."""

    path: str
    label: str
    state: str
    width: float
    height: float
    x: float = 0
    y: float = 0
    fold: str = ""
    loops: bool = False


@dataclass(frozen=True)
class Edge:
    """From (x1, y1) down to (x2, y2); a slanted one is drawn as a curve."""

    x1: float
    y1: float
    x2: float
    y2: float
    done: bool = False


@dataclass(frozen=True)
class Drawing:
    """All shapes, with the size of the whole."""

    width: float
    height: float
    nodes: tuple[Node, ...] = ()
    frames: tuple[Frame, ...] = ()
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True)
class Known:
    """What is known beside the file: states and notes by step path, what is folded, other jobs."""

    states: Mapping[str, str] = field(default_factory=dict[str, str])
    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    folded: Collection[str] = ()
    """Paths of frames that are folded, and of called jobs that are unfolded."""
    job: Callable[[str], Job | None] = lambda _: None
    depth: int = 0


def lay_out(job: Job, known: Known | None = None, *, starts: str = "") -> Drawing:
    """The whole job. `starts` is its schedule in words."""
    told = by_step(known or Known())
    body = _sequence(job.steps, "", told)
    if starts:
        head = _box(Node("", "clock", starts, "starts the run"))
        body = _stack([head, body], [bool(told.states)])
    return body


def by_step(known: Known) -> Known:
    """States and notes by the steps of the file: the rounds of a loop count as one step."""
    rounds: dict[str, list[str]] = {}
    notes: dict[str, str] = {}
    for path, state in known.states.items():
        rounds.setdefault(static_path(path), []).append(state)
    for path, note in known.notes.items():
        notes[static_path(path)] = note
    states = {path: _worst(found) for path, found in rounds.items()}
    for path, found in rounds.items():
        if len(found) > 1:
            notes[path] = (
                f"{sum(state == 'succeeded' for state in found)} of {len(found)} rounds done"
            )
    return replace(known, states=states, notes=notes)


def _worst(states: Sequence[str]) -> str:
    order = ("failed", "unknown", "waiting", "retrying", "running", "succeeded", "skipped")
    return next((state for state in order if state in states), states[0])


def _sequence(steps: Sequence[Step], parent: str, known: Known) -> Drawing:
    if not steps:
        return Drawing(WIDTH, 0)
    parts, done = list[Drawing](), list[bool]()
    for step in steps:
        path = step_path(parent, step.id)
        parts.append(_step(step, path, known))
        done.append(known.states.get(path) == "succeeded")
        if step.on_error.steps:
            inner = _sequence(step.on_error.steps, branch_path(path, "on_error"), known)
            parts.append(_frame(inner, branch_path(path, "on_error"), f"if {step.id} fails", known))
            done.append(False)
    return _stack(parts, done)


def _step(step: Step, path: str, known: Known) -> Drawing:
    state, note = known.states.get(path, ""), known.notes.get(path, "")

    def box(icon: str, title: str, sub: str) -> Drawing:
        told = note or sub
        if step.condition and not isinstance(step, IfStep):
            told = f"{told} · if {_bare(step.condition)}"
        return _box(Node(path, icon, title, told, state))

    match step:
        case SkillStep():
            return box(SKILL_ICONS.get(step.skill, "spark"), _words(step.id), _words(step.skill).lower())  # fmt: skip
        case ApproveStep():
            return box("person", "Your approval", step.question)
        case SetStep():
            return box("text", _words(step.id), ", ".join(step.values))
        case StopStep():
            return box("stop", "Stop here", step.reason)
        case CallJobStep():
            return _called(step, path, known)
        case ParallelStep():
            ways = [(name, _sequence(inner, branch_path(path, name), known))
                    for name, inner in step.branches.items()]  # fmt: skip
            return _frame(_fan(ways), path, "at the same time", known)
        case ForEachStep():
            inner = _sequence(step.steps, path, known)
            return _frame(inner, path, f"for each {step.variable}", known, loops=True)
        case WhileStep():
            inner = _sequence(step.steps, path, known)
            return _frame(inner, path, f"while {_bare(step.test)}", known, loops=True)
        case IfStep():
            ways = [("yes", _sequence(step.steps, path, known))]
            if step.otherwise:
                ways.append(("no", _sequence(step.otherwise, branch_path(path, "else"), known)))
            return _frame(_fan(ways), path, f"if {_bare(step.condition or '')}", known)
        case _:
            return box("spark", _words(step.id), "")


def _called(step: CallJobStep, path: str, known: Known) -> Drawing:
    """A called job: one box, or its own steps in a frame when it is unfolded."""
    state, note = known.states.get(path, ""), known.notes.get(path, "")
    other = known.job(step.job) if known.depth < DEEPEST else None
    if other is None or path not in known.folded:
        fold = path if other is not None else ""
        return _box(Node(path, "job", _words(step.id), note or f"job {step.job}", state, fold=fold))
    inner = _sequence(other.steps, "", replace(known, states={}, notes={}, folded=(), depth=known.depth + 1))  # fmt: skip
    inner = replace(inner, nodes=tuple(replace(node, path="", fold="") for node in inner.nodes),
                    frames=tuple(replace(frame, fold="") for frame in inner.frames))  # fmt: skip
    return _framed(inner, Frame(path, f"job {step.job}", state, 0, 0, fold=path))


def _frame(inner: Drawing, path: str, label: str, known: Known, *, loops: bool = False) -> Drawing:
    state = known.states.get(path, "")
    if path in known.folded:
        steps = len(inner.nodes)
        told = known.notes.get(path) or (f"{steps} step" if steps == 1 else f"{steps} steps")
        return _box(Node(path, "loop" if loops else "branch", label, told, state, fold=path))
    return _framed(inner, Frame(path, label, state, 0, 0, fold=path, loops=loops))


def _framed(inner: Drawing, frame: Frame) -> Drawing:
    left = PAD + (10 if frame.loops else 0)
    width, height = inner.width + left + PAD, inner.height + 2 * PAD + LABEL
    whole = _moved(inner, left, PAD + LABEL)
    around = replace(frame, width=width, height=height)
    return replace(whole, width=width, height=height, frames=(around, *whole.frames))


def _fan(ways: Sequence[tuple[str, Drawing]]) -> Drawing:
    """Ways side by side, with curves that part above them and meet below."""
    if len(ways) == 1:
        return ways[0][1]
    width = sum(part.width for _, part in ways) + GAP * (len(ways) - 1)
    tallest = max(part.height for _, part in ways)
    made, x = Drawing(width, tallest + 2 * FAN), 0.0
    for _, part in ways:
        middle = x + part.width / 2
        done = bool(part.nodes) and part.nodes[0].state == "succeeded"
        last = bool(part.nodes) and part.nodes[-1].state == "succeeded"
        lines = (Edge(width / 2, 0, middle, FAN, done),
                 Edge(middle, FAN + part.height, width / 2, tallest + 2 * FAN, last))  # fmt: skip
        made = _with(made, _moved(part, x, FAN), lines)
        x += part.width + GAP
    return made


def _stack(parts: Sequence[Drawing], done: Sequence[bool]) -> Drawing:
    width = max(part.width for part in parts)
    nodes, frames, edges = list[Node](), list[Frame](), list[Edge]()
    y = 0.0
    for number, part in enumerate(parts):
        moved = _moved(part, (width - part.width) / 2, y)
        nodes += moved.nodes
        frames += moved.frames
        edges += moved.edges
        if number:
            edges.append(Edge(width / 2, y - GAP, width / 2, y, done[number - 1]))
        y += part.height + GAP
    return Drawing(width, y - GAP, tuple(nodes), tuple(frames), tuple(edges))


def _box(node: Node) -> Drawing:
    return Drawing(WIDTH, HEIGHT, (node,))


def _with(whole: Drawing, part: Drawing, edges: tuple[Edge, ...]) -> Drawing:
    return replace(whole, nodes=whole.nodes + part.nodes, frames=whole.frames + part.frames,
                   edges=whole.edges + part.edges + edges)  # fmt: skip


def _moved(part: Drawing, x: float, y: float) -> Drawing:
    return replace(
        part,
        nodes=tuple(replace(n, x=n.x + x, y=n.y + y) for n in part.nodes),
        frames=tuple(replace(f, x=f.x + x, y=f.y + y) for f in part.frames),
        edges=tuple(Edge(e.x1 + x, e.y1 + y, e.x2 + x, e.y2 + y, e.done) for e in part.edges),
    )


def _words(name: str) -> str:
    return name.rpartition("/")[2].replace("_", " ").replace("-", " ").capitalize()


def _bare(expression: str) -> str:
    return expression.removeprefix("${{").removesuffix("}}").strip()
