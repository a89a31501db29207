"""What the checker knows at one place of a job file: which steps and names can be used there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant.pipeline.inference import View
from assistant.pipeline.loader import Loaded
from assistant.pipeline.spec import ForEachStep, IfStep, ParallelStep, Step, WhileStep
from assistant.pipeline.types import ANY, TEXT, Type, record_of, union

ERROR = record_of({"code": TEXT, "message": TEXT, "hint": TEXT}, open=True)
RUN = record_of(
    {"id": TEXT, "job": TEXT, "started_at": TEXT, "trigger": ANY, "dry": ANY}, open=True
)


@dataclass
class Seen:
    """Grows as the checker walks on; a branch gets a copy of its own."""

    inputs: Type
    steps: dict[str, Type] = field(default_factory=dict[str, Type])
    variables: dict[str, Type] = field(default_factory=dict[str, Type])
    extra: dict[str, Type] = field(default_factory=dict[str, Type])
    sure: frozenset[str] = frozenset()
    """Steps and variables that a condition around this place has asked about."""
    same_if: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """The text of an `if` → the steps that run exactly when it holds."""

    def inner(self, extra: dict[str, Type] | None = None) -> Seen:
        """A copy: what a branch or round adds stays in it."""
        return replace(
            self, steps=dict(self.steps), variables=dict(self.variables),
            extra={**self.extra, **(extra or {})}, same_if=dict(self.same_if),
        )  # fmt: skip

    def view(self, where: Whereabouts, path: str) -> View:
        """What an expression of the step at `path` can see."""
        names = {
            **self.extra, "inputs": self.inputs, "run": RUN,
            "steps": record_of(self.steps), "vars": record_of(self.variables),
        }  # fmt: skip
        return View(names, lambda step: where.why_hidden(step, path), self.sure)

    def after_branches(self, branches: list[Seen], why: str) -> None:
        """Take over what the two ways of an `if` have set."""
        names = dict.fromkeys(name for branch in branches for name in branch.variables)
        for name in names:
            found = [b.variables[name] for b in branches if name in b.variables]
            merged = union(found)
            everywhere = len(found) == len(branches)
            self.variables[name] = merged if everywhere else merged.with_absence(why, missing=True)


class Whereabouts:
    """Why a step that exists somewhere in the file cannot be used at another place."""

    def __init__(self, loaded: Loaded, kinds: dict[str, Step]) -> None:
        self.loaded = loaded
        self.kinds = kinds
        """Static path → step."""
        self.by_id: dict[str, list[str]] = {}
        for path in loaded.places:
            self.by_id.setdefault(_last(path), []).append(path)

    def why_hidden(self, name: str, at: str) -> tuple[str, str]:
        """Message and cure, or two empty texts when there is no such step at all."""
        paths = self.by_id.get(name, [])
        if not paths:
            return "", ""
        return self._why(name, min(paths, key=lambda path: _distance(path, at)), at)

    def _why(self, name: str, path: str, at: str) -> tuple[str, str]:
        line = self.loaded.mark_of_step(path).line
        if path == at:
            return f"step {name!r} cannot use its own output", "Use a step before it."
        owner, branch = _owner(path)
        while owner and not (at == owner or at.startswith((f"{owner}/", f"{owner}."))):
            outer, outer_branch = _owner(owner)
            if not outer or at.startswith((f"{outer}/", f"{outer}.")):
                break
            owner, branch = outer, outer_branch
        if not owner or at.startswith(f"{owner}{branch}/"):
            if at.startswith((f"{path}/", f"{path}.")):
                return (
                    f"step {name!r} has no output while its own steps run",
                    "Use a step before it.",
                )
            return f"step {name!r} comes later, in line {line}", "Move it before this step."
        if at == owner and isinstance(self.kinds.get(owner), WhileStep):
            return (
                f"step {name!r} runs after this question",
                "Carry its value on with `accumulate`.",
            )
        return self._inside(name, owner, branch, line)

    def _inside(self, name: str, owner: str, branch: str, line: int) -> tuple[str, str]:
        kind, short = self.kinds.get(owner), _last(owner)
        inside = f"step {name!r} (line {line}) lies inside {short!r}"
        if branch == ".on_error":
            return inside, f"Its output is that of the step: write steps.{short}."
        if isinstance(kind, ForEachStep | WhileStep):
            return inside, f"Give {short!r} a `collect`, and write steps.{short}.items."
        if isinstance(kind, ParallelStep):
            return inside, f"Write steps.{short}{branch}.{name}, after {short!r}."
        if isinstance(kind, IfStep):
            return (
                f"{inside}, a branch that may not be taken",
                f"Write default(steps.{short}.{name}, …).",
            )
        return inside, ""


def _last(path: str) -> str:
    return path.rsplit("/", 1)[-1]


def _owner(path: str) -> tuple[str, str]:
    """`par.left/x` → `par`, `.left`; `each/x` → `each`, nothing; at the top two empty texts."""
    if "/" not in path:
        return "", ""
    head = path.rsplit("/", 1)[0]
    base, dot, branch = head.rpartition(".")
    if dot and "/" not in branch:
        return base, f".{branch}"
    return head, ""


def _distance(left: str, right: str) -> int:
    shared = 0
    for a, b in zip(left.split("/"), right.split("/"), strict=False):
        if a != b:
            break
        shared += 1
    return -shared
