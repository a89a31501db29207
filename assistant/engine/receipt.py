"""The receipt of a run: what it was asked, what it did, what came of it, in one envelope.

Made from the run's events alone, so that the folder and the store always tell the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from assistant.events import (
    ApprovalAsked,
    ApprovalDecided,
    ArtifactSaved,
    Event,
    ExpectationChecked,
    ModelCalled,
    RunEnded,
    RunPaused,
    RunStarted,
    StepDone,
    StepFailed,
    StepRetrying,
    StepSkipped,
    StepStarted,
    StepUnknown,
    StepWarned,
)
from assistant.store.runs import RunRow

SCHEMA_VERSION = 1


@dataclass
class StepAccount:
    """One step in the receipt."""

    path: str
    skill: str = ""
    status: str = "running"
    attempts: int = 0
    seconds: float = 0.0
    error: dict[str, Any] | None = None


@dataclass
class Account:
    """What the events of a run add up to."""

    steps: dict[str, StepAccount] = field(default_factory=dict[str, StepAccount])
    artifacts: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    approvals: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    expectations: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    warnings: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    tokens: int = 0
    cost: float = 0.0
    models: list[str] = field(default_factory=list[str])
    started_at: str | None = None
    ended: RunEnded | None = None
    held: dict[str, str] = field(default_factory=dict[str, str])
    """Steps that the debugger held, and how each stood before."""

    def step(self, path: str) -> StepAccount:
        return self.steps.setdefault(path, StepAccount(path))

    def add(self, event: Event) -> None:
        """Take one event into account."""
        match event:
            case RunStarted(at=at):
                self.started_at = self.started_at or at
            case RunEnded():
                self.ended = event
                self._let_go()
            case StepStarted(path=path, skill=skill, attempt=attempt):
                step = self.step(path)
                step.skill, step.attempts, step.status = (
                    skill,
                    max(step.attempts, attempt),
                    "running",
                )
            case StepRetrying(path=path, error=error):
                step = self.step(path)
                step.status, step.error = "retrying", _brief(error)
            case StepDone(path=path):
                step = self.step(path)
                step.skill, step.status, step.error = event.skill or step.skill, "succeeded", None
                step.attempts = max(step.attempts, 1)
                step.seconds = round(step.seconds + event.seconds, 6)
            case StepFailed(path=path, error=error):
                step = self.step(path)
                step.skill, step.error = event.skill or step.skill, _brief(error)
                step.status = "cancelled" if error.get("code") == "job_cancelled" else "failed"
                step.seconds = round(step.seconds + event.seconds, 6)
            case StepSkipped(path=path):
                self.step(path).status = "skipped"
            case StepUnknown(path=path, skill=skill):
                step = self.step(path)
                step.skill, step.status = skill, "unknown"
            case ArtifactSaved(name=name):
                self.artifacts[name] = {
                    "name": name, "step": event.path, "media_type": event.media_type,
                    "size": event.size, "sha256": event.sha256,
                }  # fmt: skip
            case ApprovalAsked(path=path, question=question):
                self.approvals[path] = {"step": path, "question": question, "decided": None}
                self.step(path).status = "waiting"
            case ApprovalDecided(path=path, approved=approved, by=by):
                asked = self.approvals.setdefault(path, {"step": path, "question": ""})
                asked |= {"decided": "approved" if approved else "refused", "by": by}
            case ExpectationChecked(expression=expression, held=held, message=message):
                checked = {"expression": expression, "held": held, "message": message}
                self.expectations.append(checked)
            case ModelCalled():
                self.tokens += event.tokens_in + event.tokens_out
                self.cost += event.cost
                if event.model not in self.models:
                    self.models.append(event.model)
            case StepWarned(path=path, message=message):
                self.warnings.append({"step": path, "message": message})
            case RunPaused(path=path):
                self.held[path] = self.steps[path].status if path in self.steps else ""
                self.step(path).status = "waiting"
            case _:
                pass

    def _let_go(self) -> None:
        """No step of an ended run is held: it stands as before, or was never begun."""
        for path, before in self.held.items():
            step = self.steps.get(path)
            if step is None or step.status != "waiting":
                continue
            if before and before != "waiting":
                step.status = before
            elif self.ended and self.ended.status == "cancelled":
                step.status = "cancelled"
            else:
                del self.steps[path]


def account_of(events: Iterable[Event]) -> Account:
    """Everything that happened so far, added up."""
    account = Account()
    for event in events:
        account.add(event)
    return account


def receipt(run: RunRow, account: Account, children: Iterable[RunRow] = ()) -> dict[str, Any]:
    """The envelope. Of a run that still goes on, it says how things stand."""
    ended = account.ended
    error = ended.error if ended else run.error
    return {
        "schema_version": SCHEMA_VERSION,
        "run_id": run.id,
        "job_id": run.job_id,
        "job_version": run.version,
        "status": ended.status if ended else run.status,
        "trigger": run.trigger,
        "started_at": account.started_at or run.started_at,
        "ended_at": ended.at if ended else run.ended_at,
        "target": run.job,
        "inputs": run.inputs,
        "outputs": ended.outputs if ended else run.outputs,
        "artifacts": list(account.artifacts.values()),
        "approvals_requested": list(account.approvals.values()),
        "references": _references(run, children),
        "payload": {
            "dry": run.dry,
            "reason": ended.reason if ended else run.reason,
            "warnings": account.warnings,
        },
        "steps": [dict(vars(step)) for step in account.steps.values()],
        "expectations": account.expectations,
        "usage": {
            "tokens": account.tokens,
            "cost": round(account.cost, 6),
            "model": ", ".join(account.models),
        },
        "error": _brief(error) if error else None,
    }


def _references(run: RunRow, children: Iterable[RunRow]) -> list[dict[str, str]]:
    found = list[dict[str, str]]()
    if run.parent_run:
        found.append({"kind": "called_by", "run_id": run.parent_run})
    if run.request.get("seed_run"):
        found.append({"kind": "continues", "run_id": run.request["seed_run"]})
    found += [
        {"kind": "called", "run_id": c.id, "job": c.job, "status": c.status} for c in children
    ]
    return found


def _brief(error: dict[str, Any]) -> dict[str, Any]:
    return {name: error.get(name, "") for name in ("code", "message", "step", "hint")}
