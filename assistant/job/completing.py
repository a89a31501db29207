"""Bringing a job to its end: the review is asked, then every stage is passed, then it is completed."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from assistant.clock import rfc3339
from assistant.errors import AssistantError, BindingsInvalid, PolicyDenied
from assistant.job import completion, phases
from assistant.job.completion import Account, Waits, next_wait
from assistant.job.guide import Guide
from assistant.job.naming import title_from
from assistant.job.plugins import Plugin, Stage
from assistant.job.questions import APPROVE_COMPLETION, OpenQuestion, answer
from assistant.pipeline.loader import load
from assistant.schedule.wording import in_words
from assistant.store.jobs import Interaction, JobRecord

log = logging.getLogger(__name__)
EVERY_SECONDS = 30.0
LONGEST_ASKED = 300
"""Characters of what was asked that a review quotes."""


class Completer:
    """The only way to `completed`."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide
        self._jobs = guide.jobs
        self._guidance = guide.guidance

    def ask(self, ident: str, review: str = "") -> OpenQuestion:
        """Ask whether a job is complete, with a review of what was done.

        A review may be given; else it is made of what is kept. Raises PolicyDenied before the
        last declared cycle, BindingsInvalid for a review that is too short.
        """
        job = self._jobs.get(ident)
        waiting = [q for q in self._guide.open_questions(job.id) if q.about == "completion"]
        if waiting:
            return waiting[0]
        self._last_cycle(job)
        noun = self._guide.settings.noun
        told = review or completion.review_of(self.account(job))
        asked = completion.question(job.name, told, noun)
        [made] = self._guide.ask(job.id, [asked])
        self._keep(job, {"asked": made.number, "waits": "your word on its completion"})
        return made

    def decide(self, question: OpenQuestion, text: str, *, by: str = "person") -> JobRecord:
        """Take the person's word on a completion question; on approval go as far as it goes."""
        answer(self._jobs.said, question.number, text)
        job = self._jobs.get(question.job_id)
        if text != APPROVE_COMPLETION:
            self._keep(job, {})
            return self._guide.enter(job.id, "verify", f"You want to review it: {text}")
        at = rfc3339(self._guide.clock.now())
        self._keep(job, {"asked": question.number, "approved_at": at, "approved_by": by,
                         "review": question.facts.get("review", ""), "passed": []})  # fmt: skip
        return self.go_on(job.id)

    def second(self, ident: str, *, by: str) -> JobRecord:
        """The word of a second reviewer, who is not the one that approved.

        Raises PolicyDenied before the approval or from the same person, BindingsInvalid without
        a name.
        """
        job = self._jobs.get(ident)
        if not by.strip():
            raise BindingsInvalid("the second reviewer has no name", hint="Say who you are.")
        row = self._guidance.of(job.id).completion
        if not row.get("approved_at") or job.status == "completed":
            raise PolicyDenied(f"no approved completion of {job.name!r} waits for a second word")
        if by == row.get("approved_by"):
            raise PolicyDenied("the second reviewer is somebody else than the first")
        self._jobs.add_interaction(
            job.id, "decision", "person", f"{by} agrees as the second reviewer.", {"by": by}
        )
        self._keep(job, row | {"second_by": by})
        return self.go_on(job.id)

    def go_on(self, ident: str) -> JobRecord:
        """Pass what can be passed; `completed` when nothing is left, else it says what it waits for.

        Raises PolicyDenied when a verifier says no; the person's word is used up then.
        """
        job = self._jobs.get(ident)
        if job.status == "completed":
            return job
        self._last_cycle(job)
        stages = self._guide.plugins.stages(job)
        while True:
            row = self._guidance.of(job.id).completion
            waits = [one.name for one in self._guide.dependencies.open_of(job.id)]
            standing = next_wait([s for _, s in stages], row, waits, self._guide.clock.now())
            match standing:
                case Waits():
                    self._keep(job, row | {"waits": standing.what})
                    return self._jobs.get(job.id)
                case Stage():
                    self._pass(job, stages, standing, str(row.get("review", "")))
                case None:
                    return self._completed(job, row)

    def pass_due(self, idents: Sequence[str] | None = None) -> list[JobRecord]:
        """Go on with approved completions whose wait may be over (those of some jobs, or of all);
        gives the jobs that are completed by it. One that cannot go on says why in its job.
        """
        approved = self._guidance.approved() if idents is None else idents
        done = list[JobRecord]()
        for ident in approved:
            job = self._jobs.find(ident)
            if job is None or job.status == "completed" or not self._is_approved(job):
                continue
            with suppress(AssistantError):
                job = self.go_on(job.id)
            done += [job] if job.status == "completed" else []
        return done

    async def keep(self) -> None:
        """Go on with them again and again until the task is cancelled: a cool-down passes, a job
        that was waited for is completed elsewhere."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await asyncio.to_thread(self.pass_due)
            except Exception:  # what did not pass now passes in a moment
                log.exception("approved completions could not be gone on with")

    def _is_approved(self, job: JobRecord) -> bool:
        return bool(self._guidance.of(job.id).completion.get("approved_at"))

    def account(self, job: JobRecord) -> Account:
        """What a review tells of a job."""
        runs = self._guide.runs.list(job_id=job.id, limit=500)
        said = self._jobs.interactions(job.id)
        files = [a.name for run in runs[:5] for a in self._guide.runs.artifacts(run.id)]
        schedule = self._schedule(job)
        notes = self._guidance.notes(job.id, state="kept")
        return Account(
            name=job.name, title=_asked(said) or job.title, cycles=job.cycle,
            established=[
                (n, phase, text) for n in range(1, job.cycle + 1)
                for phase, text in phases.footers(self._jobs, job.id, n)
            ],
            runs=Counter(run.status for run in runs if not run.dry),
            decisions=[i.text for i in said if i.kind == "decision" and i.role == "person"],
            files=list(dict.fromkeys(files)),
            outstanding=self._guide.plans.state(job).outstanding,
            knowledge=sorted({n.target for n in notes if n.kind == "knowledge"}),
            waits_for=[one.name for one in self._guide.dependencies.open_of(job.id)],
            schedule=schedule, version=job.version, noun=self._guide.settings.noun,
        )  # fmt: skip

    def _schedule(self, job: JobRecord) -> str:
        if not (job.version and job.enabled):
            return ""
        schedule = load(self._jobs.version(job.id).yaml).job.schedule
        return in_words(schedule.cron, schedule.timezone) if schedule else ""

    def _last_cycle(self, job: JobRecord) -> None:
        cycles = self._guidance.of(job.id).cycles
        if job.cycle < cycles:
            raise PolicyDenied(
                f"{job.name!r} is in cycle {job.cycle} of {cycles}",
                hint="It completes after its last cycle; `/done` ends this one.",
            )

    def _pass(
        self, job: JobRecord, stages: list[tuple[Plugin, Stage]], stage: Stage, review: str
    ) -> None:
        """Pass one stage. A verifier that says no ends the approval."""
        if stage.kind == "verifier":
            try:
                self._guide.plugins.check(job, "allow_completion", stage=stage.name, review=review)
            except PolicyDenied as denied:
                self._keep(job, {"waits": ""})
                self._guide.jobs.add_interaction(
                    job.id, "decision", "system", denied.message, {"stage": stage.name}
                )
                raise
        row = self._guidance.of(job.id).completion
        self._keep(job, row | {"passed": [*row.get("passed", []), stage.name]})

    def _completed(self, job: JobRecord, row: dict[str, Any]) -> JobRecord:
        self._keep(job, dict(row) | {"waits": ""})
        self._jobs.add_interaction(job.id, "decision", "system", "Completed.", {})
        done = self._jobs.update(job.id, status="completed")
        self.pass_due(self._guide.guidance.waiting_for(job.id))
        return done

    def _keep(self, job: JobRecord, completion: dict[str, Any]) -> None:
        self._guidance.keep(replace(self._guidance.of(job.id), completion=completion))


def _asked(said: Sequence[Interaction]) -> str:
    """The first prompt of a job, cut."""
    first = next((i.text for i in said if i.kind == "prompt" and "talk" not in i.data), "")
    return title_from(" ".join(first.split()), LONGEST_ASKED)
