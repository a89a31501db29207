"""The phases of a cycle: observe, plan, execute, verify, condense; a plugin may add its own.

    observe ─▶ plan ─▶ execute ─▶ verify ─▶ condense ─▶ (the next cycle)
       └──────────────────▲   and from each back to any before it

They advance by what happens. Every move is kept as an interaction with its reason and a footer:
a few lines about what the phase that ends established. Only Execute may change things outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from assistant.errors import PolicyDenied
from assistant.store.jobs import Interaction, JobRecord, JobRepository

Phase = Literal["observe", "plan", "execute", "verify", "condense"]
PHASES: tuple[str, ...] = ("observe", "plan", "execute", "verify", "condense")
Guard = Callable[[JobRecord, str, str], None]
"""Asked before a move: `(job, from, to)`. Raises PolicyDenied with its reason."""


class PhaseRefused(PolicyDenied):
    """The phases do not allow this move, or a guard does not."""


@dataclass(frozen=True)
class Cycle:
    """The phases in order, and the moves between them."""

    order: tuple[str, ...] = PHASES

    @classmethod
    def extended(cls, extra: Iterable[tuple[str, str]]) -> Cycle:
        """The five phases with more among them: `(name, the phase it comes after)`."""
        order = list(PHASES)
        for name, after in extra:
            if name not in order and after in order:
                order.insert(order.index(after) + 1, name)
        return cls(tuple(order))

    def allows(self, before: str, to: str) -> bool:
        """One forward, any number back inside the cycle. Observe may pass plan by."""
        if before not in self.order:
            # A plugin that added this phase is gone: any of the five is a way out.
            return to in PHASES
        if to not in self.order:
            return False
        here, there = self.order.index(before), self.order.index(to)
        passes_by = before == "observe" and to == "execute" and there == here + 2
        return there < here or there == here + 1 or passes_by

    def way(self, before: str, to: str) -> tuple[str, ...]:
        """The phases to go through, `to` at the end; nothing when it is there already."""
        if before == to:
            return ()
        if before not in self.order or to not in self.order or self.allows(before, to):
            return (to,)
        here, there = self.order.index(before), self.order.index(to)
        steps = self.order[here + 1 : there + 1]
        passes_by = before == "observe" and len(steps) > 1 and steps[1] == "execute"
        return steps[1:] if passes_by else steps

    def earlier(self, phase: str) -> str:
        """The phase before this one; the first has none before it."""
        here = self.order.index(phase) if phase in self.order else 1
        return self.order[max(here - 1, 0)]

    def later(self, phase: str) -> str:
        """The phase after this one; the last stays."""
        here = self.order.index(phase) if phase in self.order else 0
        return self.order[min(here + 1, len(self.order) - 1)]


FIVE = Cycle()


def enter(
    jobs: JobRepository,
    job: JobRecord,
    phase: str,
    reason: str,
    *,
    footer: str = "",
    cycle: Cycle = FIVE,
    guard: Guard | None = None,
) -> JobRecord:
    """Move a job to a phase, through those on the way, with the reason. The same phase is no move.

    `footer` says what the phase that ends established. Raises PhaseRefused or what the guard
    raises; the moves made before it stay.
    """
    for step in cycle.way(job.phase, phase):
        if not cycle.allows(job.phase, step):
            raise PhaseRefused(
                f"{job.name!r} cannot go from {job.phase} to {step}",
                hint=f"From {job.phase} it goes on to {cycle.later(job.phase)}, or back.",
            )
        if guard is not None:
            guard(job, job.phase, step)
        job = _moved(jobs, job, step, reason, footer)
        footer = ""
    return job


def next_cycle(jobs: JobRepository, job: JobRecord, reason: str) -> JobRecord:
    """Begin the next cycle, in its first phase."""
    return _moved(jobs, job, "observe", reason, "", cycle=job.cycle + 1)


def moves(jobs: JobRepository, job_id: str, cycle: int = 0) -> list[Interaction]:
    """The moves of a job, of one cycle or of all."""
    found = jobs.said.of_kind(job_id, "phase")
    return [i for i in found if not cycle or i.data["cycle"] == cycle]


def footers(jobs: JobRepository, job_id: str, cycle: int) -> list[tuple[str, str]]:
    """What each phase of a cycle established: `(phase, lines)`."""
    told = moves(jobs, job_id, cycle)
    return [(i.data["from"], i.data["footer"]) for i in told if i.data.get("footer")]


def _moved(
    jobs: JobRepository, job: JobRecord, phase: str, reason: str, footer: str, cycle: int = 0
) -> JobRecord:
    """One move. When another tab moved the job meanwhile, its move stands and this one is none."""
    number = cycle or job.cycle
    facts = {
        "from": job.phase, "to": phase, "cycle": number, "reason": reason, "footer": footer,
    }  # fmt: skip
    jobs.move(job, phase, number, facts)
    return jobs.get(job.id)
