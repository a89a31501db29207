"""The phases of a cycle, recorded as they happen: observe, plan, execute, verify, condense."""

from __future__ import annotations

from typing import Literal

from assistant.store.jobs import JobRecord, JobRepository

Phase = Literal["observe", "plan", "execute", "verify", "condense"]
PHASES: tuple[Phase, ...] = ("observe", "plan", "execute", "verify", "condense")


def enter(jobs: JobRepository, job: JobRecord, phase: Phase, reason: str) -> JobRecord:
    """Move a job to a phase, forward or back, with the reason. The same phase is no move.

    Going on from condense begins the next cycle.
    """
    if job.phase == phase:
        return job
    cycle = job.cycle + 1 if job.phase == "condense" else job.cycle
    facts = {"from": job.phase, "to": phase, "cycle": cycle, "reason": reason}
    jobs.add_interaction(job.id, "phase", "system", "", facts)
    return jobs.update(job.id, phase=phase, cycle=cycle)
