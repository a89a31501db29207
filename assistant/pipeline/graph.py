"""A job's steps as nodes and edges, for whoever draws them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

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
from assistant.pipeline.walk import blocks
from assistant.pipeline.words import sentence

_KINDS: dict[type[Step], str] = {
    SkillStep: "skill", CallJobStep: "call_job", ParallelStep: "parallel", ForEachStep: "for_each",
    WhileStep: "while", IfStep: "if", ApproveStep: "approve", SetStep: "set", StopStep: "stop",
}  # fmt: skip


@dataclass(frozen=True)
class Node:
    """One step. `children` are the paths of the steps right inside it, by block."""

    path: str
    id: str
    kind: str
    title: str
    skill: str = ""
    parent: str = ""
    block: str = ""
    conditional: bool = False
    line: int = 0
    children: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Edge:
    """`next` in a list, `enter` into a block (the label names it), `repeat` of a loop."""

    source: str
    target: str
    kind: str = "next"
    label: str = ""


@dataclass(frozen=True)
class Graph:
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def kind_of_step(step: Step) -> str:
    """The key that a step of this kind has in the file."""
    return _KINDS[type(step)]


def graph(job: Job) -> Graph:
    """All steps of the job, outer ones before those inside them, and how they follow."""
    nodes: list[Node] = []
    edges: list[Edge] = []
    _add(job.steps, "", "", "", nodes, edges)
    return Graph(tuple(nodes), tuple(edges))


def _add(
    steps: tuple[Step, ...],
    prefix: str,
    parent: str,
    block: str,
    nodes: list[Node],
    edges: list[Edge],
) -> tuple[str, ...]:
    paths = tuple(f"{prefix}/{step.id}" if prefix else step.id for step in steps)
    edges.extend(Edge(a, b) for a, b in itertools.pairwise(paths))
    for path, step in zip(paths, steps, strict=True):
        inside = blocks(step, path)
        children = tuple((b.name, tuple(f"{b.path}/{s.id}" for s in b.steps)) for b in inside)
        nodes.append(Node(
            path=path, id=step.id, kind=kind_of_step(step), title=sentence(step),
            skill=step.skill if isinstance(step, SkillStep) else "", parent=parent, block=block,
            conditional=step.condition is not None, line=step.line, children=children,
        ))  # fmt: skip
        for inner in inside:
            found = _add(inner.steps, inner.path, path, inner.name, nodes, edges)
            if found:
                edges.append(Edge(path, found[0], "enter", _label(step, inner.name)))
                if isinstance(step, ForEachStep | WhileStep) and inner.name == "steps":
                    edges.append(Edge(found[-1], path, "repeat"))
    return paths


def _label(step: Step, block: str) -> str:
    if block == "on_error":
        return "on error"
    if isinstance(step, IfStep):
        return "yes" if block == "steps" else "no"
    return block if isinstance(step, ParallelStep) else "each round"
