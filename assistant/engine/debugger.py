"""The debugger: holds a run before or after a step until a person says how to go on.

Where a run is held follows from its breakpoints and from the commands given while it was held;
both are recorded, so a run that was held when the process died is held again after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from assistant.engine.durable import Durable
from assistant.engine.outcome import RunOver, told
from assistant.engine.scopes import RunScope
from assistant.errors import RunCancelled
from assistant.events import RunPaused
from assistant.pipeline.scope import Scope, static_path
from assistant.store.runs import Keyed

if TYPE_CHECKING:
    from assistant.engine.walker import Walker

When = Literal["before", "after"]
OPERATIONS = frozenset({"resume", "step", "run_to", "skip", "edit", "abort"})
_LOOK_SECONDS = 30.0


@dataclass(frozen=True)
class Word:
    """How a step goes on: as it is, with other arguments, or not at all (with an output)."""

    skipped: bool = False
    output: Any = None
    arguments: dict[str, Any] | None = None


class Debugger:
    """The debugger of one workflow. Without breakpoints it costs nothing."""

    def __init__(self, run: RunScope, durable: Durable) -> None:
        self._run = run
        self._durable = durable
        self._breakpoints: list[dict[str, Any]] = list(run.request["breakpoints"])
        self._stepping = any(point["path"] == "*" for point in self._breakpoints)
        self._target = ""
        self._heard = 0
        self._pauses = 0

    async def before(
        self, path: str, arguments: dict[str, Any] | None, scope: Scope, walker: Walker
    ) -> Word:
        """Hold before a step if asked to. `arguments` is None for a step that calls no skill.

        Raises RunOver for `abort` and for a cancel.
        """
        if not self._holds(path, "before", scope, walker):
            return Word()
        edited: dict[str, Any] | None = None
        while True:
            shown = edited if edited is not None else arguments
            command = await self._pause(path, "before", {"arguments": shown}, scope, walker)
            match command["op"]:
                case "edit" if arguments is None:
                    continue
                case "edit":
                    edited = command.get("arguments", shown)
                case "skip":
                    return Word(skipped=True, output=command.get("output"))
                case _:
                    self._go_on(command)
                    return Word(arguments=edited)

    async def after(self, path: str, output: Any, scope: Scope, walker: Walker) -> Any:
        """Hold after a step if asked to; gives the output, or the one a person put in its place."""
        if not self._holds(path, "after", scope, walker):
            return output
        while True:
            command = await self._pause(path, "after", {"output": output}, scope, walker)
            if command["op"] in ("edit", "skip"):
                output = command.get("output", output)
                continue
            self._go_on(command)
            return output

    def _holds(self, path: str, when: When, scope: Scope, walker: Walker) -> bool:
        if when == "before" and (self._stepping or self._target in (path, static_path(path))):
            return True
        return any(
            point["path"] in (path, static_path(path))
            and point["when"] == when
            and (not point.get("condition") or walker.holds(point["condition"], scope))
            for point in self._breakpoints
        )

    def _go_on(self, command: dict[str, Any]) -> None:
        self._stepping = command["op"] == "step"
        self._target = command.get("to", "") if command["op"] == "run_to" else ""
        if "breakpoints" in command:
            self._breakpoints = command["breakpoints"]

    async def _pause(
        self, path: str, when: When, shown: dict[str, Any], scope: Scope, walker: Walker
    ) -> dict[str, Any]:
        self._pauses += 1
        name = f"{path} held {self._pauses}"

        async def held() -> dict[str, Any]:
            return await self._hold(name, path, when, shown, scope)

        command = await self._durable.step(name, held)
        self._heard = command["number"]
        walker.moment = command["at"]
        walker.waited += command["waited"]
        if command["op"] in ("abort", "cancelled"):
            error = told(RunCancelled("ended in the debugger"), path)
            raise RunOver("cancelled", error)
        return command

    async def _hold(
        self, name: str, path: str, when: When, shown: dict[str, Any], scope: Scope
    ) -> dict[str, Any]:
        run = self._run
        # Masked like everything that is kept to be looked at; the call itself gets what was given.
        state = run.masked({"when": when, **shown, "names": scope.names})
        run.tools.repository.hold(run.run_id, path, state)
        run.journal.tell(
            Keyed(name, RunPaused(**run.journal.stamp(), path=path, when=when)),
            run={"status": "waiting", "reason": f"held {when} {path}"},
        )
        run.gate.waiting += 1
        had_place = run.gate.held
        run.gate.leave()
        try:
            command = await self._command(path)
        finally:
            run.gate.waiting -= 1
        if had_place:
            await run.gate.enter()
        # After an edit the step is held on, with what was edited: it was never let go.
        if command["op"] not in (("edit",) if when == "before" else ("edit", "skip")):
            run.tools.repository.let_go(run.run_id, path)
            if not run.gate.waiting:
                run.journal.tell(run={"status": "running", "reason": ""})
        return {**command, "waited": run.journal.since(name)}

    async def _command(self, path: str) -> dict[str, Any]:
        """The next word to this place of the run."""
        watch, after = self._run.watch, self._heard
        while True:
            if watch.cancelled:
                return {"op": "cancelled", "number": after, "at": self._run.journal.now()}
            signal = watch.command_after(after)
            if signal is not None and signal.path in ("", path):
                return {**signal.data, "number": signal.id, "at": self._run.journal.now()}
            after = signal.id if signal is not None else after
            if signal is None:
                await watch.change(_LOOK_SECONDS)
