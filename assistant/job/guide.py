"""The guide of the focused job: moves it through its phases, asks, and says how it stands.

It joins the rules of this room with what is kept: phases, questions, plans, plugins,
dependencies, knowledge. What a phase leaves behind is `condensing`, the end is `completing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any

from assistant.clock import Clock
from assistant.engine.grants import attended
from assistant.errors import PolicyDenied
from assistant.job import gates, phases, promotion
from assistant.job.dependencies import Dependencies
from assistant.job.gates import Standing
from assistant.job.knowledge import Knowledge, Known
from assistant.job.phases import Cycle
from assistant.job.plans import Plans
from assistant.job.plugins import Plugins
from assistant.job.promotion import Done
from assistant.job.questions import OpenQuestion, Question, answer, ask, open_questions
from assistant.pipeline.loader import read_loosely
from assistant.settings import Settings
from assistant.store.guidance import Guidance, GuidanceRow
from assistant.store.jobs import Interaction, JobRecord, JobRepository
from assistant.store.runs import RunRepository, RunRow

_ANSWERS = frozenset({"answer", "question", "result", "notice"})
_RECENT_RUNS = 30
NEW_PROMPT = "There is a new prompt."
"""The answer to a completion question that a prompt has overtaken."""


class Guide:
    """One for a workplace; every method takes the job it is about."""

    def __init__(
        self, jobs: JobRepository, runs: RunRepository, settings: Settings, clock: Clock
    ) -> None:
        self.jobs = jobs
        self.runs = runs
        self.settings = settings
        self.clock = clock
        self.guidance = Guidance(jobs.store, clock)
        self.dependencies = Dependencies(jobs, self.guidance)
        self.knowledge = Knowledge(settings.knowledge_dir, jobs.store, clock)

    @cached_property
    def plugins(self) -> Plugins:
        return Plugins(self.settings, self.runs)

    @cached_property
    def plans(self) -> Plans:
        return Plans(self.jobs, self.guidance, self.plugins.cycle, self.check_plan)

    # Phases

    def enter(self, ident: str, phase: str, reason: str, *, footer: str = "") -> JobRecord:
        """Move a job to a phase, through those on the way. See `phases.enter`.

        A job whose run somebody started and that has not ended stays in Execute until it has.
        Raises PolicyDenied when a plugin or the phases do not allow it.
        """
        job = self.jobs.get(ident)
        if job.phase == "execute" and phase != "execute" and self.going(job):
            return job
        cycle = self.plugins.cycle(job)
        return phases.enter(
            self.jobs, job, phase, reason, footer=footer, cycle=cycle, guard=self._guard
        )

    def back(self, ident: str, phase: str = "", *, reason: str = "You went back.") -> JobRecord:
        """Go back to an earlier phase, or to the one before. Raises PolicyDenied for a later one."""
        job = self.jobs.get(ident)
        cycle = self.plugins.cycle(job)
        to = phase or cycle.earlier(job.phase)
        order = cycle.order
        if to not in order or (job.phase in order and order.index(to) > order.index(job.phase)):
            raise PolicyDenied(
                f"{to[:40]!r} is no phase before {job.phase}",
                hint=f"The phases are {', '.join(order)}.",
            )
        return self.enter(job.id, to, reason)

    def hear(self, ident: str) -> JobRecord:
        """Make a job ready for a prompt: taken up when it was pending, parked or completed.

        A completion that is asked or approved is withdrawn: it was about the work before.
        """
        job = self.jobs.get(ident)
        if job.status == "completed":
            return self.reactivate(job.id, reason="A new prompt opens it again.")
        if job.status != "active":
            self.jobs.add_interaction(job.id, "decision", "person", "Taken up.", {})
            job = self.jobs.update(job.id, status="active")
        self._withdraw_completion(job)
        if job.phase == "condense":
            job = self.enter(job.id, "observe", "A new prompt.")
        return job

    def _withdraw_completion(self, job: JobRecord) -> None:
        row = self.guidance.of(job.id)
        for asked in self.open_questions(job.id):
            if asked.about == "completion":
                answer(self.jobs.said, asked.number, NEW_PROMPT)
        if row.completion:
            self.guidance.keep(replace(row, completion={}))
        if row.completion.get("approved_at"):
            told = "The approval of its completion is withdrawn: there is a new prompt."
            self.jobs.add_interaction(job.id, "decision", "system", told, {})

    def reactivate(self, ident: str, *, reason: str = "You opened it again.") -> JobRecord:
        """Open a completed job again: plan and knowledge stay, a new cycle begins."""
        job = self.jobs.get(ident)
        if job.status != "completed":
            raise PolicyDenied(f"{job.name!r} is {job.status}, not completed")
        row = self.guidance.of(job.id)
        self._guard(job, job.phase, "observe")
        self.guidance.keep(_anew(row, job.cycle + 1))
        self.jobs.update(job.id, status="active")
        self.jobs.add_interaction(job.id, "decision", "person", "Opened again.", {})
        return phases.next_cycle(self.jobs, self.jobs.get(job.id), reason)

    def _guard(self, job: JobRecord, before: str, to: str) -> None:
        self.plugins.check(job, "allow_phase", before=before, to=to)

    # Questions

    def ask(self, job_id: str, questions: Sequence[Question]) -> list[OpenQuestion]:
        """Let questions wait. Raises TargetUnresolved when more than three would."""
        return ask(self.jobs.said, job_id, questions)

    def open_questions(self, job_id: str = "") -> list[OpenQuestion]:
        """What waits for the person, the oldest first; of every job without one."""
        return open_questions(self.jobs.said, job_id)

    # What may be called

    def check_call(
        self, job: JobRecord, skill: str, effect: str, arguments: dict[str, Any]
    ) -> None:
        """Raises PolicyDenied when the phase or a plugin does not allow a call."""
        gates.check_effect(job.phase, skill, effect)
        self.check_tool(job, skill, arguments)

    def check_tool(self, job: JobRecord, skill: str, arguments: dict[str, Any]) -> None:
        """Raises PolicyDenied when a plugin does not allow a call."""
        self.plugins.check(job, "allow_tool", skill=skill, arguments=arguments)

    def check_plan(self, job: JobRecord, text: str) -> None:
        """Raises PolicyDenied when a plugin does not allow a plan or a job file."""
        self.plugins.check(job, "allow_plan", text=text)

    def put_plan(self, ident: str, text: str, *, by: str = "person") -> JobRecord:
        """Write or edit the plan; an edit leads back to Plan. See `plans.Plans.put`."""
        job, edited = self.plans.put(ident, text, by=by)
        return self.enter(job.id, "plan", "The plan was changed.") if edited else job

    def begin_cycle(self, ident: str, reason: str) -> JobRecord:
        """Begin the next cycle; the plan is frozen from the second on."""
        job = self.jobs.get(ident)
        self._guard(job, job.phase, "observe")
        self.plans.freeze(job)
        return phases.next_cycle(self.jobs, job, reason)

    # How it stands

    def going(self, job: JobRecord) -> list[RunRow]:
        """Runs that somebody started by hand and that have not ended."""
        found = self.runs.list(job_id=job.id, limit=_RECENT_RUNS)
        return [run for run in found if not run.ended and not run.dry and attended(run.trigger)]

    def standing(self, ident: str) -> Standing:
        """How a job stands, for the gates."""
        job = self.jobs.get(ident)
        row, going = self.guidance.of(job.id), self.going(job)
        plan = self.plans.state(job)
        return Standing(
            status=job.status, phase=job.phase, stage=job.stage, cycle=job.cycle,
            cycles=row.cycles, version=job.version,
            questions=len(self.open_questions(job.id)),
            draft=self.jobs.open_draft(job.id) is not None,
            running=any(run.status != "waiting" for run in going),
            waiting_run=any(run.status == "waiting" for run in going),
            ran=self._ran(job), plan=plan.may, expectations=self._expects(job),
            prompts=unanswered(self.jobs.interactions(job.id, last=40)),
            completion=str(row.completion.get("waits", "")),
            open_jobs=tuple(one.name for one in self.dependencies.open_of(job.id)),
            scheduled=job.enabled,
        )  # fmt: skip

    def cycle(self, job: JobRecord) -> Cycle:
        """The phases of a job in order, those of plugins among them."""
        return self.plugins.cycle(job)

    def offered(self, job: JobRecord, prompt: str) -> list[Known]:
        """What is known from other jobs that helps with the first prompt of a job."""
        return self.knowledge.offered(prompt, but=job.name)

    # Moving up

    def proposal(self, ident: str) -> promotion.Proposal | None:
        """The stage that this job's runs speak for; None without three of a kind."""
        job = self.jobs.get(ident)
        if any(q.about == "promotion" for q in self.open_questions(job.id)):
            return None
        refused = self.runs.remembered(job.id, "promotion", "refused")
        return promotion.proposal(
            self._done(job), version=job.version, stage=job.stage,
            refused=-1 if refused is None else int(refused),
        )  # fmt: skip

    def refuse_promotion(self, job: JobRecord, stage: int) -> None:
        """Remember that the person did not want it."""
        self.runs.remember(job.id, "promotion", "refused", stage)

    def _done(self, job: JobRecord) -> list[Done]:
        found = list[Done]()
        for run in self.runs.list(job_id=job.id, limit=_RECENT_RUNS):
            if run.dry or run.parent_run or not run.ended:
                continue
            if run.status != "succeeded" or (job.version > 0) != (run.version > 0):
                break
            skills = [a.skill for a in self.runs.attempts(run.id) if a.status == "succeeded"]
            found.append(Done(run.id, tuple(skill for skill in skills if skill)))
        return found

    def _ran(self, job: JobRecord) -> str:
        """How the last run since Execute began in this cycle ended, or the last one of a job that
        was brought in and has moved nowhere; empty for none."""
        moves = phases.moves(self.jobs, job.id, job.cycle)
        since = next((m.at for m in reversed(moves) if m.data["to"] == "execute"), "")
        found = self.runs.list(job_id=job.id, limit=_RECENT_RUNS)
        # The step that writes moves its job to Execute, when its run goes on already.
        ended = [
            r for r in found if r.ended and not r.dry
            and ((r.queued_at or "") >= since or (r.version == job.version and (r.ended_at or "") >= since))
        ]  # fmt: skip
        return ended[0].status if (since or not moves) and ended else ""

    def _expects(self, job: JobRecord) -> bool:
        if not job.version:
            return False
        return _has_expectations(self.jobs.version(job.id).yaml)


@lru_cache(maxsize=64)
def _has_expectations(yaml: str) -> bool:
    """Kept, since a screen asks how its job stands each second, and reading a file takes longer."""
    data = read_loosely(yaml).document.data
    return isinstance(data, dict) and bool(data.get("expect"))


def unanswered(said: Sequence[Interaction]) -> int:
    """Prompts at the end of what was said that nothing has followed."""
    count = 0
    for interaction in reversed(said):
        if interaction.kind in _ANSWERS:
            break
        count += interaction.kind == "prompt"
    return count


def _anew(row: GuidanceRow, cycle: int) -> GuidanceRow:
    """Guidance of a job that is opened again: its completion begins anew, with one more cycle."""
    return replace(row, completion={}, cycles=max(row.cycles, cycle))
