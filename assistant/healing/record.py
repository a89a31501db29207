"""What healing did, for screens: patches with their evidence, incidents, and a run's story in words.

    record = HealingRecord(jobs, runs, patches)
    record.patches(job="digest", state="asked")     newest first
    record.patch("20260302…")                       one, with everything
    record.explain(run_id)                          lines that tell what was seen, tried and decided
    record.incidents(job="digest")                  failures by what they have in common

Reads only. Nothing here raises but TargetUnresolved (no such patch or run) and JobNotFound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assistant.insight.faults import MEANINGS
from assistant.insight.incidents import Incident, IncidentLog
from assistant.store.jobs import JobRepository
from assistant.store.patches import HealingEvent, Mode, Patch, PatchRepository
from assistant.store.runs import RunRepository

STATES = {
    "proving": "is being tried on recorded inputs",
    "refused": "was refused",
    "asked": "waits for your word",
    "applying": "is being put in force",
    "canary": "is in force and watched",
    "kept": "is in force",
    "rejected": "was rejected",
    "undone": "was taken back",
    "replaced": "was overtaken by another change",
}
OUTCOMES = {
    "well": "nothing was wrong",
    "patched": "it was repaired",
    "asked": "a repair waits for a word",
    "left": "it was left alone",
    "given_up": "no repair could be proven",
}


@dataclass(frozen=True)
class PatchView:
    """One patch as a screen shows it. `words` is the difference, a line for each change.

    `state` is a state's name and `standing` the same in words. `proof` says what the replay showed,
    `figures` `{count, fields, same}` before and after. `can` names what may be done with it now:
    some of `accept`, `reject`, `undo`.
    """

    id: str
    job: str
    run_id: str
    step: str
    skill: str
    fault: str
    meaning: str
    source: str
    why: str
    state: str
    standing: str
    decision: str
    reason: str
    words: tuple[str, ...]
    proof: str
    proof_run: str
    figures: dict[str, Any]
    trials: tuple[dict[str, Any], ...]
    error: str
    base: int
    version: int
    seconds: float
    created_at: str
    decided_at: str | None
    decided_by: str
    can: tuple[str, ...]


class HealingRecord:
    """See the module's text."""

    def __init__(self, jobs: JobRepository, runs: RunRepository, patches: PatchRepository) -> None:
        self._jobs = jobs
        self._runs = runs
        self._patches = patches
        self._incidents = IncidentLog(jobs.store)

    def patches(self, *, job: str = "", state: str = "", limit: int = 100) -> list[PatchView]:
        """Patches, the latest first; of one job (name or id); in one state."""
        job_id = self._jobs.get(job).id if job else ""
        return [view_of(p) for p in self._patches.list(job_id=job_id, state=state, limit=limit)]

    def patch(self, patch_id: str) -> PatchView:
        return view_of(self._patches.get(patch_id))

    def waiting(self) -> int:
        """How many patches wait for a word."""
        return len(self._patches.list(state="asked", limit=1000))

    def mode(self, job: str) -> Mode:
        return self._patches.mode(self._jobs.get(job).id)

    def incidents(self, *, job: str = "", since: str = "", limit: int = 100) -> list[Incident]:
        """Incidents, the latest first; `job` by its name, `since` an RFC 3339 instant."""
        return self._incidents.list(job=job, since=since, limit=limit)

    def events(self, after: int = 0) -> list[HealingEvent]:
        """What healing told after an event's id, oldest first."""
        return self._patches.events(after)

    def explain(self, run_id: str) -> list[str]:
        """What was seen in a run, what was tried, and why it ended as it did."""
        run = self._runs.get(run_id)
        lines = [f"Run {run.id} of {run.job} ended as {run.status}."]
        for row in self._failures(run_id):
            incident = self._incidents.get(row["signature"])
            where = f"Step {row['path']!r}" if row["path"] else "The run itself"
            lines.append(f"{where} failed: {row['message']}")
            if incident is not None:
                meaning = MEANINGS.get(incident.fault, "")  # pyright: ignore[reportArgumentType, reportCallIssue] - stored text
                lines.append(f"That is {incident.fault} ({meaning}): {row['because']}.")
                lines.append(_history(incident, run_id))
        for patch in reversed(self._patches.list(run_id=run_id)):
            view = view_of(patch)
            lines.append(f"Patch {view.id} by {view.source}: {'; '.join(view.words)}")
            lines.append(f"  {view.why}. {view.proof or view.reason}. It {view.standing}.")
        tended = self._patches.tended(run_id)
        if tended is None:
            lines.append("Healing has not looked at it yet.")
        elif tended.state == "begun":
            lines.append("Healing is looking at it now.")
        else:
            lines.append(f"So {OUTCOMES.get(tended.outcome, tended.outcome)}: {tended.reason}")
        return lines

    def _failures(self, run_id: str) -> list[dict[str, Any]]:
        return self._jobs.store.rows(
            "select path, signature, because, message from failures where run_id = ?", run_id
        )


def view_of(patch: Patch) -> PatchView:
    """A patch as screens show it."""
    evidence = patch.evidence
    proof: dict[str, Any] = evidence.get("proof") or {}
    return PatchView(
        id=patch.id, job=patch.job, run_id=patch.run_id, step=patch.path, skill=patch.skill,
        fault=patch.fault, meaning=MEANINGS.get(patch.fault, ""),  # pyright: ignore[reportArgumentType, reportCallIssue] - stored text
        source=patch.source, why=str(evidence.get("why", "")), state=patch.state,
        standing=STATES[patch.state], decision=patch.decision, reason=patch.reason,
        words=patch.words, proof=str(proof.get("why", "")), proof_run=str(proof.get("run", "")),
        figures=dict(proof.get("figures") or {}), trials=patch.trials,
        error=str((evidence.get("error") or {}).get("message", "")), base=patch.base,
        version=patch.version, seconds=patch.seconds, created_at=patch.created_at,
        decided_at=patch.decided_at, decided_by=patch.decided_by, can=_can(patch),
    )  # fmt: skip


def _can(patch: Patch) -> tuple[str, ...]:
    if patch.state == "asked":
        return ("accept", "reject")
    return ("undo",) if patch.state in ("canary", "kept") else ()


def _history(incident: Incident, run_id: str) -> str:
    """How often it was seen, and what mended it in other runs than this one."""
    times = "once" if incident.count == 1 else f"{incident.count} times"
    told = f"It was seen {times} since {incident.first_at[:10]}, in {', '.join(incident.jobs)}."
    others = [fix for fix in incident.fixes if fix["run_id"] != run_id]
    if others:
        told += f" Patch {others[0]['patch']} has mended it before."
    return told
