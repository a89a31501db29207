"""What expressions can see at a step, and how steps are named while a run goes on.

    inputs          the job's inputs
    steps.<id>      outputs of the steps before this one, in this list and around it
    vars.<name>     what `set` steps have set
    run             id, job, started_at, trigger, dry
    error           inside `on_error` steps: code, message and hint of what went wrong
    item, index     inside a loop: the round's element (or its `as` name) and its number from 0
    <accumulate>    inside a loop that accumulates: the value so far

Outputs by kind of step, as `steps.<id>` shows them:
    skill      what the skill gives              call_job   the called job's outputs
    parallel   {branch: {step id: output}}       if         {step id: output} of the branch taken
    for_each,  {count, items when it collects, <accumulate name>: last value}
    while      (the same)                        set        the values
    approve    {approved: true, by}              skipped    null (also a failure with `continue`)
    A step that failed and has `on_error` steps gives what the last of them gives.
"""

from __future__ import annotations

from typing import Any

RESERVED = frozenset({"inputs", "steps", "vars", "run", "index", "error", "true", "false", "null"})
"""Names that a loop variable or an accumulator cannot take."""


class Scope:
    """The names at one place of a run. A branch or a round gets an `inner` one: it sees what is
    outside, and what it records stays inside."""

    def __init__(
        self,
        inputs: dict[str, Any],
        run: dict[str, Any],
        *,
        steps: dict[str, Any] | None = None,
        variables: dict[str, Any] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        self.own: dict[str, Any] = {}
        """Outputs that were recorded in this very scope, in order."""
        self._steps = dict(steps or {})
        self._variables = variables if variables is not None else {}
        self._extra = dict(extra or {})
        self._names = {
            **self._extra, "inputs": inputs, "run": run,
            "steps": self._steps, "vars": self._variables,
        }  # fmt: skip

    @property
    def names(self) -> dict[str, Any]:
        """What `expressions.evaluate` takes."""
        return self._names

    def record(self, step_id: str, output: Any) -> None:
        """A step is done: later steps see its output. A skipped one is recorded as None."""
        self._steps[step_id] = output
        self.own[step_id] = output

    def assign(self, values: dict[str, Any]) -> None:
        """What a `set` step does."""
        self._variables.update(values)

    def inner(self, extra: dict[str, Any] | None = None, *, keep_vars: bool = False) -> Scope:
        """The scope of a branch or round. Only an `if` keeps the `vars` it sets."""
        return Scope(
            self._names["inputs"],
            self._names["run"],
            steps=self._steps,
            variables=self._variables if keep_vars else dict(self._variables),
            extra={**self._extra, **(extra or {})},
        )

    def round(
        self, index: int, item: dict[str, Any], accumulated: dict[str, Any] | None = None
    ) -> Scope:
        """The scope of one round. `item` is `{variable: element}`, empty in a `while`."""
        return self.inner({**(accumulated or {}), **item, "index": index})


def fallback_output(own: dict[str, Any]) -> Any:
    """What a failed step gives when its `on_error` steps have run: the output of the last one."""
    return list(own.values())[-1] if own else None


def loop_output(
    collected: list[Any] | None, count: int, accumulated: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What `steps.<id>` shows of a `for_each` or `while`; `collected` is None without `collect`."""
    items = {} if collected is None else {"items": collected}
    return {"count": count, **items, **(accumulated or {})}


def step_path(parent: str, step_id: str) -> str:
    """`each[3]` and `fetch` → `each[3]/fetch`; at the top the id alone."""
    return f"{parent}/{step_id}" if parent else step_id


def round_path(loop: str, index: int) -> str:
    """`each` → `each[3]`."""
    return f"{loop}[{index}]"


def branch_path(step: str, branch: str) -> str:
    """`par` → `par.left`; also `gate.else` for an `if`, and `read.on_error`."""
    return f"{step}.{branch}"


def static_path(path: str) -> str:
    """The place in the file that a run's path belongs to: `each[3]/fetch` → `each/fetch`."""
    pieces = path.split("[")
    return pieces[0] + "".join(piece.split("]", 1)[-1] for piece in pieces[1:])
