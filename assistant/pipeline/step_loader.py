"""Reads the steps of a job file: one kind each, with what all kinds share."""

from __future__ import annotations

import re
from typing import Any

from assistant.pipeline.document import Place
from assistant.pipeline.expressions import OPEN
from assistant.pipeline.fields import Fields, Notes
from assistant.pipeline.plain import kind_of
from assistant.pipeline.scope import RESERVED, branch_path, step_path
from assistant.pipeline.spec import (
    Accumulate,
    ApproveStep,
    CallJobStep,
    ForEachStep,
    IfStep,
    OnError,
    ParallelStep,
    Retry,
    SetStep,
    SkillStep,
    Step,
    StopStep,
    WhileStep,
)
from assistant.pipeline.suggest import nearest

KINDS = ("skill", "call_job", "parallel", "for_each", "while", "approve", "set", "stop")
"""The key that says what a step is; `if` with `steps` is the ninth kind."""
COMMON = ("id", "if", "with", "retry", "timeout", "on_error", "cache", "needs_approval")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_ROUND_KEYS = ("steps", "collect", "accumulate")
_OWN_KEYS: dict[str, tuple[str, ...]] = {
    "skill": ("with", "retry", "timeout", "cache", "needs_approval"),
    "call_job": ("with", "retry", "timeout"),
    "parallel": ("timeout",),
    "for_each": ("as", "max_parallel", "timeout", *_ROUND_KEYS),
    "while": ("max_iterations", "timeout", *_ROUND_KEYS),
    "if": ("steps", "else"),
}
_HOLD_STEPS = ("parallel", "for_each", "while", "if")
MOST_STEPS = 2_000
MOST_ROUNDS = 10_000
MOST_PARALLEL = 64
MOST_NESTED = 10


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind!r} step"


class StepLoader:
    """Reads lists of steps; `places` says afterwards where in the file each path stands."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.places: dict[str, Place] = {}

    def steps(
        self, place: Place, value: Any, parent: str, what: str, *, depth: int = 0
    ) -> tuple[Step, ...]:
        """The steps of one list. `parent` is the path of what the list belongs to."""
        if not isinstance(value, list):
            self._blame(
                place,
                parent,
                f"{what} is a list of steps, not {kind_of(value)}",
                "Begin each step with '- '.",
            )
            return ()
        if not value:
            self._blame(place, parent, f"{what} has no steps", "Add a step.")
        if depth > MOST_NESTED:
            self._blame(
                place,
                parent,
                f"steps are nested more than {MOST_NESTED} levels deep",
                "Call another job instead.",
            )
            return ()
        taken: dict[str, int] = {}
        found: list[Step] = []
        for number, raw in enumerate(value):
            if len(self.places) >= MOST_STEPS:
                self._blame(
                    (*place, number),
                    parent,
                    f"the job has more than {MOST_STEPS:,} steps",
                    "Use for_each, or call_job.",
                )
                break
            step = self._step((*place, number), raw, parent, taken, depth)
            if step:
                found.append(step)
        return tuple(found)

    def _blame(
        self,
        place: Place,
        step: str,
        message: str,
        hint: str = "",
        key: str = "",
        *,
        at_key: bool = False,
    ) -> None:
        self.notes.blame(place, message, hint, step=step, key=key, at_key=at_key)

    def _step(
        self, place: Place, raw: Any, parent: str, taken: dict[str, int], depth: int
    ) -> Step | None:
        if not isinstance(raw, dict):
            self._blame(
                place,
                parent,
                f"a step is a mapping of keys to values, not {kind_of(raw)}",
                "Write '- skill: …'.",
            )
            return None
        kind = self._kind(place, raw, parent)
        path = step_path(parent, self._id(place, raw, kind, parent, taken))
        self.places[path] = place
        if not kind:
            return None
        fields = Fields(self.notes, place, raw, step=path, what=_article(kind))
        fields.known |= {"id", "if", "on_error", kind, *_OWN_KEYS.get(kind, ())}
        common = self._common(fields, path, depth)
        step: Step | None = getattr(self, f"_{kind}")(fields, path, common, depth)
        self._unknown_keys(fields, raw, kind)
        return step

    def _kind(self, place: Place, raw: dict[str, Any], parent: str) -> str:
        kinds = [key for key in raw if key in KINDS]
        if not kinds and "if" in raw and ("steps" in raw or "else" in raw):
            return "if"
        if len(kinds) == 1:
            return kinds[0]
        shown = str(raw.get("id") or "")
        path = step_path(parent, shown) if shown else parent
        if kinds:
            self._blame((*place, kinds[1]), path, f"a step is either {kinds[0]!r} or {kinds[1]!r}, not both",
                        "Make two steps of it.", kinds[1], at_key=True)  # fmt: skip
            return ""
        known = (*KINDS, "steps", "else") if "if" in raw else KINDS
        near = [(key, nearest(key, known)) for key in raw if key not in COMMON]
        hint = next((f"Did you mean {to!r} for {key!r}?" for key, to in near if to), "")
        self._blame(place, path, "this step does not say what it does",
                    hint or f"Add one of: {', '.join(KINDS)}; or `steps` after `if`.")  # fmt: skip
        return ""

    def _id(
        self, place: Place, raw: dict[str, Any], kind: str, parent: str, taken: dict[str, int]
    ) -> str:
        given = raw.get("id")
        line = self.notes.document.mark(place).line
        if given is None:
            base = (
                re.sub(
                    r"[^A-Za-z0-9_-]",
                    "_",
                    str(raw.get(kind) if kind in ("skill", "call_job") else kind),
                )
                or "step"
            )
            name, count = base, 2
            while name in taken:
                name, count = f"{base}_{count}", count + 1
            taken[name] = line
            return name
        name = str(given)
        if not isinstance(given, str) or not _NAME.fullmatch(given):
            self._blame((*place, "id"), step_path(parent, name), f"the id {given!r} is no name",
                        "Use letters, digits, '_' and '-', beginning with a letter.", "id")  # fmt: skip
        elif name in taken:
            self._blame((*place, "id"), step_path(parent, name), f"the id {name!r} is taken by the step in line {taken[name]}",
                        f"Choose another, such as {name + '_2'!r}.", "id")  # fmt: skip
        taken.setdefault(name, line)
        return name

    def _unknown_keys(self, fields: Fields, raw: dict[str, Any], kind: str) -> None:
        for key in raw:
            if key in fields.known or key not in COMMON + _ROUND_KEYS:
                continue
            fields.known.add(key)
            hint = (
                "Give the steps inside it what they need."
                if kind in _HOLD_STEPS
                else "Leave it out."
            )
            if (kind, key) == ("call_job", "needs_approval"):
                hint = "Put an `approve` step before it."
            fields.blame(key, f"{key!r} means nothing on {_article(kind)}", hint, at_key=True)
        fields.finish()

    # -- what all kinds share

    def _common(self, fields: Fields, path: str, depth: int) -> dict[str, Any]:
        return {
            "id": path.rsplit("/", 1)[-1],
            "condition": self.expression(fields, "if"),
            "retry": self._retry(fields) if "retry" in fields.known else None,
            "timeout": fields.duration("timeout", 0.001, 7 * 86400)
            if "timeout" in fields.known
            else None,
            "on_error": self._on_error(fields, path, depth),
            "cache": self._cache(fields) if "cache" in fields.known else False,
            "needs_approval": "needs_approval" in fields.known and fields.flag("needs_approval"),
            "line": self.notes.document.mark(fields.place).line,
        }

    @staticmethod
    def _cache(fields: Fields) -> bool | float:
        value = fields.get("cache")
        if type(value) is bool:
            return value
        return fields.duration("cache", 1, 366 * 86400) or False

    def expression(self, fields: Fields, key: str, *, required: bool = False) -> str | None:
        """A key that holds one expression and nothing else."""
        value = fields.get(key)
        if value is None and not required:
            return None
        if not isinstance(value, str) or OPEN not in value:
            shown = value if isinstance(value, str) else "…"
            fields.blame(
                key,
                f"{key!r} is an expression",
                f'Write "${{{{ {shown} }}}}".',
                at_key=value is None,
            )
            return None
        return value

    def _retry(self, fields: Fields) -> Retry | None:
        raw = fields.get("retry")
        if raw is None:
            return None
        if type(raw) is int:
            raw = {"attempts": raw}
        inner = Fields(self.notes, (*fields.place, "retry"), raw, step=fields.step, what="retry")
        given: dict[str, Any] = {
            "attempts": inner.whole("attempts", 1, 20) if "attempts" in inner.values else 3,
            "delay": inner.duration("delay", 0, 3600),
            "factor": inner.number("factor", 1, 10),
            "max_delay": inner.duration("max_delay", 0, 86400),
            "jitter": inner.number("jitter", 0, 1),
        }
        inner.finish()
        return Retry(**{key: value for key, value in given.items() if value is not None})

    def _on_error(self, fields: Fields, path: str, depth: int) -> OnError:
        raw = fields.get("on_error")
        if raw is None:
            return OnError()
        if isinstance(raw, dict):
            inner = Fields(self.notes, (*fields.place, "on_error"), raw, step=path, what="on_error")
            steps = self.steps(
                (*inner.place, "steps"),
                inner.get("steps"),
                branch_path(path, "on_error"),
                "on_error",
                depth=depth + 1,
            )
            inner.finish()
            return OnError("steps", steps)
        action = fields.choice("on_error", ("fail", "continue"))
        return OnError("continue") if action == "continue" else OnError()

    # -- one method for each kind

    def _arguments(self, fields: Fields) -> dict[str, Any]:
        return fields.mapping("with") or {} if fields.get("with") is not None else {}

    def _skill(self, fields: Fields, path: str, common: dict[str, Any], depth: int) -> Step:
        return SkillStep(
            **common,
            skill=fields.text("skill", required=True) or "",
            arguments=self._arguments(fields),
        )

    def _call_job(self, fields: Fields, path: str, common: dict[str, Any], depth: int) -> Step:
        return CallJobStep(
            **common,
            job=fields.text("call_job", required=True) or "",
            arguments=self._arguments(fields),
        )

    def _parallel(self, fields: Fields, path: str, common: dict[str, Any], depth: int) -> Step:
        branches = fields.mapping("parallel", required=True) or {}
        place = (*fields.place, "parallel")
        if fields.values.get("parallel") == {}:
            fields.blame(
                "parallel", "'parallel' has no branches", "Name each branch: `left: [steps]`."
            )
        for name in branches:
            if not _NAME.fullmatch(name):
                fields.notes.blame(
                    (*place, name),
                    f"the branch {name!r} is no name",
                    "Use letters, digits, '_' and '-'.",
                    step=path,
                    at_key=True,
                )
        return ParallelStep(**common, branches={
            name: self.steps((*place, name), steps, branch_path(path, name), f"the branch {name!r}", depth=depth + 1)
            for name, steps in branches.items()
        })  # fmt: skip

    def _rounds(self, fields: Fields, path: str, depth: int) -> dict[str, Any]:
        steps = fields.get("steps")
        return {
            "steps": self.steps((*fields.place, "steps"), steps, path, "'steps'", depth=depth + 1),
            "collect": fields.get("collect"),
            "accumulate": self._accumulate(fields),
        }

    def _accumulate(self, fields: Fields) -> Accumulate | None:
        raw = fields.get("accumulate")
        if raw is None:
            return None
        inner = Fields(
            self.notes, (*fields.place, "accumulate"), raw, step=fields.step, what="accumulate"
        )
        name = self._variable(inner, "name", "")
        if name in ("items", "count"):
            inner.blame("name", f"a loop's output has {name!r} already", "Choose another name.")
        for key in ("name", "start", "value"):
            if key not in inner.values and isinstance(raw, dict):
                inner.blame(key, f"accumulate needs {key!r}", "It has name, start and value.")
        made = Accumulate(name, inner.get("start"), inner.get("value"))
        inner.finish()
        return made

    def _variable(self, fields: Fields, key: str, otherwise: str) -> str:
        name = fields.text(key)
        if name is None:
            return otherwise
        if not _WORD.fullmatch(name) or name in RESERVED:
            why = "has another meaning" if name in RESERVED else "is no name"
            fields.blame(key, f"{name!r} {why}", "Choose a word of letters, digits and '_'.")
        return name

    def _for_each(self, fields: Fields, path: str, common: dict[str, Any], depth: int) -> Step:
        items = fields.get("for_each")
        if not isinstance(items, list):
            items = self.expression(fields, "for_each", required=True)
        return ForEachStep(
            **common, items=items, variable=self._variable(fields, "as", "item"),
            max_parallel=fields.whole("max_parallel", 1, MOST_PARALLEL) or 1,
            **self._rounds(fields, path, depth),
        )  # fmt: skip

    def _while(self, fields: Fields, path: str, common: dict[str, Any], depth: int) -> Step:
        test = self.expression(fields, "while", required=True) or ""
        bound = fields.whole("max_iterations", 1, MOST_ROUNDS)
        if "max_iterations" not in fields.values:
            fields.blame(
                "while",
                "a 'while' step needs 'max_iterations'",
                "Say how often at most: `max_iterations: 10`.",
                at_key=True,
            )
        return WhileStep(
            **common, test=test, max_iterations=bound or 1, **self._rounds(fields, path, depth)
        )

    def _if(self, fields: Fields, path: str, common: dict[str, Any], depth: int) -> Step:
        steps, otherwise = fields.get("steps"), fields.get("else")
        return IfStep(
            **common,
            steps=self.steps((*fields.place, "steps"), steps, path, "'steps'", depth=depth + 1)
            if "steps" in fields.values or otherwise is None else (),
            otherwise=self.steps((*fields.place, "else"), otherwise, branch_path(path, "else"), "'else'", depth=depth + 1)
            if "else" in fields.values else (),
        )  # fmt: skip

    def _approve(self, fields: Fields, path: str, common: dict[str, Any], depth: int) -> Step:
        return ApproveStep(**common, question=fields.text("approve", required=True) or "")

    def _set(self, fields: Fields, path: str, common: dict[str, Any], depth: int) -> Step:
        values = fields.mapping("set", required=True) or {}
        for name in values:
            if not _WORD.fullmatch(name):
                fields.notes.blame(
                    (*fields.place, "set", name),
                    f"{name!r} is no name",
                    "Use letters, digits and '_'.",
                    step=path,
                    key=name,
                    at_key=True,
                )
        return SetStep(**common, values=values)

    def _stop(self, fields: Fields, path: str, common: dict[str, Any], depth: int) -> Step:
        return StopStep(**common, reason=fields.text("stop", required=True) or "")
