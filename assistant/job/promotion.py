"""Moving a job up a stage: proposed from evidence, decided by the person.

This kind of work succeeded three times with the same steps: then it may be worth to be a kept
job, to have a plan, voices of its own, a plugin. Nothing moves by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.job.questions import Question

TIMES = 3
YES, NOT_NOW = "Yes", "Not now"
LAST_STAGE = 4
_WHAT = {
    0: "keep it as a {noun} that you can run again and schedule",
    2: "give it a plan of several cycles (plan.md)",
    3: "give it a plan with voices (plan.yaml)",
    4: "give it a plugin that guards it",
}


@dataclass(frozen=True)
class Done:
    """A run that succeeded: its id and the skills it called, in order."""

    run_id: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """A stage that a job may move up to, and the runs that speak for it. Stage 0: keep the steps
    as a job file."""

    stage: int
    runs: tuple[str, ...]
    steps: tuple[str, ...]

    def question(self, name: str, noun: str = "job") -> Question:
        """How the person is asked."""
        shown = ", ".join(step.replace("_", " ") for step in self.steps)
        text = (
            f"{name} has succeeded {len(self.runs)} times with the same steps ({shown}). "
            f"Shall I {_WHAT[self.stage].format(noun=noun)}?"
        )
        facts = {"stage": self.stage, "runs": list(self.runs), "steps": list(self.steps)}
        return Question("PLAN", text, (YES, NOT_NOW), "promotion", facts)


def proposal(
    done: Sequence[Done], *, version: int, stage: int, refused: int = -1
) -> Proposal | None:
    """What the last runs speak for, the newest first in `done`; None without three of a kind.

    `refused` is the stage that the person did not want; it is not proposed again.
    """
    if len(done) < TIMES or not done[0].steps or stage >= LAST_STAGE:
        return None
    same = [run for run in done if run.steps == done[0].steps]
    if [run.steps for run in done[:TIMES]] != [done[0].steps] * TIMES:
        return None
    target = stage + 1 if version else 0
    if target <= refused and refused >= 0:
        return None
    return Proposal(target, tuple(run.run_id for run in same), done[0].steps)
