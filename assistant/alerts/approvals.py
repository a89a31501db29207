"""Questions that runs wait with: the exact arguments of each, and answers that count once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from assistant.alerts.links import PREFIX, Claim, LinkRefused, Signer
from assistant.clock import Clock
from assistant.engine.grants import attended
from assistant.engine.values import Values, fingerprint
from assistant.events import ApprovalAsked
from assistant.job.waiting import decide, open_questions
from assistant.settings import Settings
from assistant.store.runs import RunRepository, RunRow


@dataclass(frozen=True)
class Approval:
    """One open question. `arguments` are whole, whatever their size; `sha256` names them."""

    run_id: str
    job: str
    path: str
    question: str
    arguments: dict[str, Any]
    asked_at: str
    trigger: dict[str, Any]
    unattended: bool
    sha256: str

    @property
    def shown(self) -> str:
        """The arguments as text, nothing left out."""
        return json.dumps(self.arguments, ensure_ascii=False, indent=2)


class Approvals:
    """Reads and answers the open questions of one home folder."""

    def __init__(self, settings: Settings, runs: RunRepository, clock: Clock) -> None:
        self._settings = settings
        self._runs = runs
        self._clock = clock
        self._signer = Signer(settings.home / "link.key")

    def pending(self, job: str = "") -> list[Approval]:
        """Every open question (of a job), the oldest first."""
        waiting = self._runs.list(job=job, status="waiting", limit=-1)
        found = [one for run in waiting for one in self.of_run(run)]
        return sorted(found, key=lambda one: one.asked_at)

    def of_run(self, run: RunRow) -> list[Approval]:
        return [self.approval(run, asked) for asked in open_questions(self._runs, run.id)]

    def approval(self, run: RunRow, asked: ApprovalAsked) -> Approval:
        """A question with its whole arguments. Raises InternalError when a value is gone."""
        folder = self._settings.run_dir(run.job, run.id)
        arguments = Values(folder / "values").whole(asked.arguments)
        return Approval(
            run_id=run.id,
            job=run.job,
            path=asked.path,
            question=asked.question,
            arguments=arguments,
            asked_at=asked.at,
            trigger=run.trigger,
            unattended=not attended(run.trigger),
            sha256=fingerprint([asked.question, arguments]),
        )

    def decide(self, approval: Approval, *, approved: bool, by: str) -> None:
        """Answer a question. Raises TargetUnresolved when it is answered already."""
        decide(self._runs, approval.run_id, approved=approved, by=by, path=approval.path)

    # -- by link ---------------------------------------------------------------------

    def link(self, approval: Approval) -> str:
        """A link that leads to this question, and to no other, until it expires."""
        token = self._signer.token(
            approval.run_id, approval.path, approval.sha256, self._clock.now()
        )
        base = self._settings.panel_address.rstrip("/")
        return f"{base or f'http://127.0.0.1:{self._settings.panel_port}'}{PREFIX}{token}"

    def behind(self, token: str) -> Approval:
        """The question that a link leads to. Raises LinkRefused saying why there is none."""
        claim = self._signer.claim(token, self._clock.now())
        run = self._runs.find(claim.run_id)
        asked = run and next((a for a in self.of_run(run) if a.path == claim.path), None)
        if run is None or asked is None:
            raise LinkRefused(
                "this question is answered already, or its run has ended",
                hint=f"See how it stands: assistant runs show {claim.run_id}",
            )
        return _unchanged(asked, claim)


def _unchanged(approval: Approval, claim: Claim) -> Approval:
    if approval.sha256 != claim.sha256:
        raise LinkRefused(
            "the step would now do something else than this link was made for",
            hint=f"Look at what it asks now: assistant runs show {approval.run_id}",
        )
    return approval
