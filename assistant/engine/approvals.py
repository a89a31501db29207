"""Before a step that changes something: grants, a person's word, and the mark that it began."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.engine.call import Call
from assistant.engine.durable import Durable
from assistant.engine.grants import attended, covered, targets
from assistant.engine.outcome import RunOver, StepBroken, told
from assistant.engine.scopes import RunScope
from assistant.engine.seeds import Seeds
from assistant.errors import ApprovalNeeded, PolicyDenied, RunCancelled
from assistant.events import ApprovalAsked, ApprovalDecided
from assistant.store.runs import Keyed

if TYPE_CHECKING:
    from assistant.engine.walker import Walker

_LOOK_SECONDS = 30.0


class Approvals:
    """Decides whether a call may go ahead, and marks that it does."""

    def __init__(self, run: RunScope, durable: Durable, seeds: Seeds) -> None:
        self._run = run
        self._durable = durable
        self._seeds = seeds

    async def begin(self, call: Call, number: int, needs_word: bool, walker: Walker) -> bool:
        """The mark before attempt `number` of a write. True when an earlier process made it.

        The mark is recorded before the call: when a replay finds the mark and no outcome, the
        call was interrupted and nobody knows how far it came. A word that is needed and not
        given makes the run wait here. Raises StepBroken when refused, RunOver when cancelled.
        """
        fresh = False

        async def mark() -> dict[str, Any]:
            nonlocal fresh
            fresh = True
            shown = self._run.masked(call.arguments)
            if self._seeds.find(call.path, call.skill.name, call.skill.version, shown):
                return {"word": "seeded"}
            question = self._question(call, needs_word) if number == 1 else ""
            if not question:
                return {"word": "free"}
            return await self._word(call.path, question, call.arguments)

        word = await self._durable.step(f"{call.path}#{number} begins", mark)
        self._obey(word, call.path, walker)
        return not fresh

    async def ask(
        self, path: str, question: str, arguments: dict[str, Any], walker: Walker
    ) -> dict[str, Any]:
        """An `approve` step: wait for a person. Raises StepBroken when refused."""
        if self._run.dry:
            return {"word": "approved", "by": "dry run"}

        async def wait() -> dict[str, Any]:
            return await self._word(path, question, arguments)

        word = await self._durable.step(f"{path} asked", wait)
        self._obey(word, path, walker)
        return word

    def _obey(self, word: dict[str, Any], path: str, walker: Walker) -> None:
        walker.moment = word.get("at", walker.moment)
        walker.waited += word.get("waited", 0.0)
        if word["word"] == "refused":
            refusal = PolicyDenied(f"{word['by'] or 'a person'} said no to this step")
            raise StepBroken(told(refusal, path))
        if word["word"] == "cancelled":
            raise RunOver("cancelled", told(RunCancelled("cancelled"), path))

    def _question(self, call: Call, needs_word: bool) -> str:
        """What a person is asked before this call; empty when nobody needs to be."""
        run = self._run
        doubtful = self._seeds.doubtful(call.path)
        if doubtful is not None:
            return (
                f"{call.skill.name!r} was interrupted in run {doubtful.run_id} and may have "
                "happened. Do it now?"
            )
        if needs_word:
            return f"Let {call.skill.name!r} run?"
        watched = attended(run.request["trigger"]) and not call.skill.pinned
        if watched or covered(call.skill, call.arguments, run.grants):
            return ""
        reached = ", ".join(targets(call.skill, call.arguments)) or "this machine"
        return f"Let {call.skill.name!r} reach {reached}? No grant covers it."

    async def _word(self, path: str, question: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Ask, and wait as long as it takes. The run's place goes to another run meanwhile."""
        run = self._run
        self._ask(path, question, arguments)
        run.gate.waiting += 1
        held = run.gate.held
        run.gate.leave()
        try:
            while True:
                if run.watch.cancelled:
                    return {"word": "cancelled", "at": run.journal.now()}
                decision = run.watch.decision(path)
                if decision is not None:
                    break
                await run.watch.change(_LOOK_SECONDS)
        finally:
            run.gate.waiting -= 1
        if held:
            await run.gate.enter()
        approved, by = bool(decision.data["approved"]), str(decision.data.get("by", ""))
        stamp = run.journal.stamp()
        event = ApprovalDecided(**stamp, path=path, approved=approved, by=by)
        status = {} if run.gate.waiting else {"status": "running", "reason": ""}
        run.journal.tell(Keyed(f"{path} decided", event), run=status)
        return {
            "word": "approved" if approved else "refused", "by": by, "at": stamp["at"],
            "waited": run.journal.since(f"{path} asked"),
        }  # fmt: skip

    def _ask(self, path: str, question: str, arguments: dict[str, Any]) -> None:
        journal = self._run.journal
        event = ApprovalAsked(
            **journal.stamp(), path=path, question=question,
            arguments=self._run.values.shorten(self._run.masked(arguments)),
        )  # fmt: skip
        journal.tell(
            Keyed(f"{path} asked", event),
            run={"status": "waiting", "reason": ApprovalNeeded(question).message},
        )
