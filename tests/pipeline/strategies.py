"""Valid jobs of every kind of step, nested, for hypothesis.

The skills they use are in `FAKES` (with schemas in `FAKE_SKILLS`) and the jobs they call in
`CALLED`: deterministic, and typed so that the checker has no objection to any job that is drawn. Loops and branches never race: what
runs side by side neither stops the run nor fails without being caught.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from assistant.errors import CannotDo
from assistant.pipeline.skill_table import SkillSchema, SkillTable

_NUMBER = {"type": "integer"}
_NUMBERS = {"type": "array", "items": _NUMBER}
_GIVES_NUMBER = {"type": "object", "properties": {"value": _NUMBER}, "additionalProperties": False}
_GIVES_LIST = {"type": "object", "properties": {"items": _NUMBERS}, "additionalProperties": False}


def add(a: int, b: int) -> dict[str, Any]:
    return {"value": (a + b) % 97}


def spread(n: int) -> dict[str, Any]:
    return {"items": [(n + i) % 7 for i in range(n % 4)]}


def total(items: list[int]) -> dict[str, Any]:
    return {"value": sum(items) % 97}


def fussy(n: int) -> dict[str, Any]:
    """Fails for every third number."""
    if n % 3 == 0:
        raise CannotDo(f"{n} is a number I do not like")
    return {"value": n}


FAKES = {"add": add, "spread": spread, "total": total, "fussy": fussy}


def _takes(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties),
            "additionalProperties": False}  # fmt: skip


FAKE_SKILLS = SkillTable({
    "add": SkillSchema(_takes(a=_NUMBER, b=_NUMBER), _GIVES_NUMBER, "pure"),
    "spread": SkillSchema(_takes(n=_NUMBER), _GIVES_LIST, "pure"),
    "total": SkillSchema(_takes(items=_NUMBERS), _GIVES_NUMBER, "pure"),
    "fussy": SkillSchema(_takes(n=_NUMBER), _GIVES_NUMBER, "pure"),
})  # fmt: skip


# Jobs that call skills, and one another; `picky` fails for every third number.
CALLED = {
    "twice": """
job: twice
inputs: {n: {type: integer}}
steps: [{id: sum, skill: add, with: {a: "${{ inputs.n }}", b: "${{ inputs.n }}"}}]
outputs: {value: "${{ steps.sum.value }}"}
""",
    "picky": """
job: picky
inputs: {n: {type: integer}}
steps:
  - {id: one, skill: fussy, with: {n: "${{ inputs.n }}"}}
  - {id: more, call_job: twice, with: {n: "${{ steps.one.value }}"}}
outputs: {value: "${{ steps.more.value }}"}
""",
}


@dataclass
class _Names:
    """Expressions that are certain to give a number, or a list of numbers, at this place."""

    numbers: list[str]
    lists: list[str]
    depth: int
    alone: bool = True
    """Whether nothing runs beside these steps, so that they may stop the run or fail."""
    counter: list[int] = field(default_factory=lambda: [0])

    def fresh(self, kind: str) -> str:
        self.counter[0] += 1
        return f"{kind}{self.counter[0]}"

    def inner(self, *numbers: str, alone: bool | None = None) -> _Names:
        alone = self.alone if alone is None else self.alone and alone
        return _Names(
            [*self.numbers, *numbers], list(self.lists), self.depth + 1, alone, self.counter
        )


def _e(text: str) -> str:
    return "${{ " + text + " }}"


@st.composite
def jobs(draw: st.DrawFn, *, deepest: int = 3) -> dict[str, Any]:
    """The data of one valid job file, with inputs `n` and `m`."""
    names = _Names(["inputs.n", "inputs.m"], ["[inputs.n, inputs.m, 5]"], 0)
    steps = draw(_steps(names, deepest))
    outputs = {f"out{i}": _e(text) for i, text in enumerate((names.numbers + names.lists)[-4:])}
    return {
        "job": "drawn",
        "inputs": {
            "n": {"type": "integer", "default": draw(st.integers(0, 20))},
            "m": {"type": "integer", "default": draw(st.integers(0, 20))},
        },
        "steps": steps,
        "outputs": outputs,
        "expect": [_e(f"{draw(st.sampled_from(names.numbers))} >= 0")],
    }


@st.composite
def _steps(draw: st.DrawFn, names: _Names, deepest: int) -> list[dict[str, Any]]:
    """A list of steps; `names` grows by what they give."""
    kinds = ["add", "add", "spread", "total", "set", "skipped", "fussy", "approve", "call_job"]
    if names.depth < deepest:
        kinds += ["for_each", "while", "if", "parallel", "fallback"]
    if names.alone:
        kinds += ["stop"]
    chosen = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=4 if names.depth else 6))
    return [_MAKERS[kind](draw, names, deepest) for kind in chosen]


def _number(draw: st.DrawFn, names: _Names) -> str:
    text = draw(st.sampled_from(names.numbers))
    return draw(st.sampled_from([text, f"{text} + 1", f"{text} * 2 - 1", f"max({text}, 3)"]))


def _test(draw: st.DrawFn, names: _Names) -> str:
    number = draw(st.sampled_from(names.numbers))
    return draw(
        st.sampled_from(
            [f"{number} % 2 == 0", f"{number} > 5", f"{number} >= 0 and true", f"not {number} == 1"]
        )
    )


def _add(draw: st.DrawFn, names: _Names, deepest: int) -> dict[str, Any]:
    step = {"id": names.fresh("add"), "skill": "add",
            "with": {"a": _e(_number(draw, names)), "b": draw(st.integers(0, 9))}}  # fmt: skip
    names.numbers.append(f"steps.{step['id']}.value")
    return step


def _spread(draw: st.DrawFn, names: _Names, deepest: int) -> dict[str, Any]:
    step = {"id": names.fresh("spread"), "skill": "spread", "with": {"n": _e(_number(draw, names))}}
    names.lists.append(f"steps.{step['id']}.items")
    return step


def _total(draw: st.DrawFn, names: _Names, deepest: int) -> dict[str, Any]:
    chosen = draw(st.sampled_from(names.lists))
    text = draw(
        st.sampled_from([chosen, f"[x + 1 for x in {chosen} if x != 2]", f"sort(unique({chosen}))"])
    )
    step = {"id": names.fresh("total"), "skill": "total", "with": {"items": _e(text)}}
    names.numbers.append(f"steps.{step['id']}.value")
    return step


def _set(draw: st.DrawFn, names: _Names, deepest: int) -> dict[str, Any]:
    variable = names.fresh("v")
    step = {"id": names.fresh("set"), "set": {variable: _e(_number(draw, names))}}
    names.numbers.append(f"vars.{variable}")
    return step


def _skipped(draw: st.DrawFn, names: _Names, deepest: int) -> dict[str, Any]:
    step = _add(draw, names, deepest)
    step["if"] = _e(
        _test(draw, names.inner()) if len(names.numbers) < 2 else f"{names.numbers[0]} > 5"
    )
    names.numbers[-1] = f"default(steps.{step['id']}.value, 4)"
    return step


def _fussy(draw: st.DrawFn, names: _Names, deepest: int) -> dict[str, Any]:
    step: dict[str, Any] = {
        "id": names.fresh("fussy"),
        "skill": "fussy",
        "with": {"n": _e(_number(draw, names))},
    }
    if names.alone and draw(st.integers(0, 5)) == 0:
        names.numbers.append(f"steps.{step['id']}.value")
        return step
    step["on_error"] = "continue"
    names.numbers.append(f"default(steps.{step['id']}.value, 1)")
    return step


def _fallback(draw: st.DrawFn, names: _Names, deepest: int) -> dict[str, Any]:
    step: dict[str, Any] = {
        "id": names.fresh("fussy"),
        "skill": "fussy",
        "with": {"n": _e(_number(draw, names))},
    }
    inner = names.inner()
    step["on_error"] = {"steps": [_add(draw, inner, deepest)]}
    names.numbers.append(f"steps.{step['id']}.value")
    return step


def _for_each(draw: st.DrawFn, names: _Names, deepest: int) -> dict[str, Any]:
    name, variable = names.fresh("each"), names.fresh("x")
    items = draw(st.sampled_from(names.lists))
    many = draw(st.sampled_from([1, 1, 3]))
    step: dict[str, Any] = {"id": name, "for_each": _e(items), "as": variable}
    inner = names.inner(variable, "index", alone=many == 1)
    carried = names.fresh("acc") if many == 1 and draw(st.booleans()) else ""
    if many > 1:
        step["max_parallel"] = many
    if carried:
        inner.numbers.append(carried)
    step["steps"] = draw(_steps(inner, deepest))
    step["collect"] = _e(draw(st.sampled_from(inner.numbers)))
    if carried:
        step["accumulate"] = {"name": carried, "start": draw(st.integers(0, 3)),
                              "value": _e(f"({carried} + {inner.numbers[-1]}) % 97")}  # fmt: skip
        names.numbers.append(f"steps.{name}.{carried}")
    names.lists.append(f"steps.{name}.items")
    names.numbers.append(f"steps.{name}.count")
    return step


def _while(draw: st.DrawFn, names: _Names, deepest: int) -> dict[str, Any]:
    name, carried, rounds = names.fresh("loop"), names.fresh("acc"), draw(st.integers(0, 3))
    inner = names.inner(carried, "index")
    test = f"index < {rounds}" if draw(st.booleans()) else f"index < {rounds} and {carried} < 50"
    step: dict[str, Any] = {"id": name, "while": _e(test), "max_iterations": 5}
    step["steps"] = draw(_steps(inner, deepest))
    step["accumulate"] = {"name": carried, "start": draw(st.integers(0, 3)),
                          "value": _e(f"({carried} + {inner.numbers[-1]} + 1) % 97")}  # fmt: skip
    names.numbers += [f"steps.{name}.{carried}", f"steps.{name}.count"]
    return step


def _if(draw: st.DrawFn, names: _Names, deepest: int) -> dict[str, Any]:
    name, shared = names.fresh("gate"), names.fresh("v")
    step: dict[str, Any] = {"id": name, "if": _e(_test(draw, names))}
    for branch in ("steps", "else"):
        inner = names.inner()
        step[branch] = [
            *draw(_steps(inner, deepest)),
            {"id": names.fresh("set"), "set": {shared: _e(_number(draw, inner))}},
        ]
    names.numbers.append(f"vars.{shared}")
    return step


def _parallel(draw: st.DrawFn, names: _Names, deepest: int) -> dict[str, Any]:
    name, branches, given = names.fresh("par"), {}, []
    for branch in ("left", "right", "third")[: draw(st.integers(1, 3))]:
        inner = names.inner(alone=False)
        first = draw(_steps(inner, deepest))
        last = _add(draw, inner, deepest)
        branches[branch] = [*first, last]
        given.append(f"steps.{name}.{branch}.{last['id']}.value")
    names.numbers += given
    return {"id": name, "parallel": branches}


def _approve(draw: st.DrawFn, names: _Names, deepest: int) -> dict[str, Any]:
    step = {"id": names.fresh("ask"), "approve": f"Go on with {_e(_number(draw, names))}?"}
    names.numbers.append(f"size(steps.{step['id']}.by)")
    return step


def _call_job(draw: st.DrawFn, names: _Names, deepest: int) -> dict[str, Any]:
    called = draw(st.sampled_from(["twice", "picky"]))
    step: dict[str, Any] = {
        "id": names.fresh("call"), "call_job": called, "with": {"n": _e(_number(draw, names))},
    }  # fmt: skip
    value = f"steps.{step['id']}.value"
    if called == "picky":
        step["on_error"] = "continue"
        value = f"default({value}, 2)"
    names.numbers.append(value)
    return step


def _stop(draw: st.DrawFn, names: _Names, deepest: int) -> dict[str, Any]:
    number = draw(st.sampled_from(names.numbers))
    return {"id": names.fresh("stop"), "if": _e(f"{number} == {draw(st.integers(0, 9))}"),
            "stop": f"enough at {_e(number)}"}  # fmt: skip


_MAKERS = {
    "add": _add, "spread": _spread, "total": _total, "set": _set, "skipped": _skipped,
    "fussy": _fussy, "fallback": _fallback, "for_each": _for_each, "while": _while, "if": _if,
    "parallel": _parallel, "stop": _stop, "approve": _approve, "call_job": _call_job,
}  # fmt: skip
