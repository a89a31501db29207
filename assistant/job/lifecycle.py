"""What can be done with a job's file: propose, approve, reject, save, roll back, switch.

Every change of the file in force is a new version; what a version may write to without asking
is fixed when it is accepted (grants). The schedule in force follows the version in force.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.clock import Clock
from assistant.errors import BindingsInvalid, TargetUnresolved
from assistant.job import footers
from assistant.job.checking import checked
from assistant.job.granting import grants_of
from assistant.job.guide import Guide
from assistant.job.phases import enter
from assistant.job.scheduling import rescheduled
from assistant.pipeline.diff import diff
from assistant.pipeline.loader import load
from assistant.pipeline.spec import Job
from assistant.pipeline.walk import named_jobs, used_skills
from assistant.pipeline.words import sentence
from assistant.schedule import switch
from assistant.schedule.arming import arm, disarm
from assistant.schedule.wording import in_words
from assistant.skills.library import Library
from assistant.skills.saying import own_words
from assistant.store.jobs import Draft, JobRecord, JobRepository, Version
from assistant.store.ticks import TickLedger
from assistant.store.triggers import TriggerLedger


class Lifecycle:
    """The gates between a proposed job file and one that runs."""

    def __init__(
        self,
        jobs: JobRepository,
        ledger: TickLedger,
        library: Library,
        clock: Clock,
        guide: Guide | None = None,
    ) -> None:
        self.jobs = jobs
        self.ledger = ledger
        self.triggers = TriggerLedger(ledger.store, clock=clock)
        self.library = library
        self.clock = clock
        self.guide = guide

    def parsed(
        self, yaml: str, path: str = "job.yaml", *, beside: Mapping[str, str] | None = None
    ) -> Job:
        """The job file, checked whole. Raises JobInvalid with every problem."""
        return checked(yaml, self.library, self.jobs, path=path, beside=beside).job

    def propose(self, ident: str, yaml: str, *, request: str = "", template: str = "") -> Draft:
        """Keep a checked job file as the job's open draft; the file takes the job's name.

        Raises JobInvalid.
        """
        record = self.jobs.get(ident)
        text = renamed(yaml, record.name)
        job = self.parsed(text, path=f"{record.name}/job.yaml")
        self._check_plan(record, text)
        if not record.version:
            self._title(record, job)
        return self.jobs.propose(record.id, text, request=request, template=template)

    def approve(self, draft_id: str, *, by: str = "person", message: str = "") -> Version:
        """Make an open draft the next version and switch its schedule on."""
        draft = self.jobs.draft(draft_id)
        record = self.jobs.get(draft.job_id)
        job = self.parsed(draft.yaml, path=f"{record.name}/job.yaml")
        self._check_plan(record, draft.yaml)
        if draft.state == "open":
            # Before anything is accepted: a plugin may not let the job go on to Execute.
            said = f"Version {record.version + 1} is approved."
            self._enter(record, "execute", said, self._footer(job))
        version = self.jobs.accept(
            record.id,
            draft.yaml,
            author="builder" if draft.request else "person",
            message=message or draft.request or "Approved",
            grants=grants_of(job, self.library),
            draft_id=draft.id,
        )
        self._title(record, job)
        self._decided(record, f"Approved version {version.number}.", by, draft_id, version.number)
        record = self._put_in_force(record, job)
        return version

    def reject(self, draft_id: str, *, by: str = "person", reason: str = "") -> Draft:
        """Close an open draft without a version."""
        draft = self.jobs.reject(draft_id)
        record = self.jobs.get(draft.job_id)
        self._decided(record, f"Rejected the draft. {reason}".strip(), by, draft_id, 0)
        self._enter(record, "plan", "The draft was rejected.")
        return draft

    def save(
        self,
        ident: str,
        yaml: str,
        *,
        author: str = "person",
        message: str = "Edited",
        beside: Mapping[str, str] | None = None,
        draft_id: str = "",
    ) -> Version:
        """Make an edited file the next version. A schedule that was off stays off.

        `beside` holds the texts of jobs that come together with it and are not kept yet; the open
        draft `draft_id` is approved by it.
        """
        record = self.jobs.get(ident)
        text = renamed(yaml, record.name)
        job = self.parsed(text, path=f"{record.name}/job.yaml", beside=beside)
        self._check_plan(record, text)
        first = record.version == 0
        version = self.jobs.accept(
            record.id, text, author=author, message=message, grants=grants_of(job, self.library),
            draft_id=draft_id,
        )  # fmt: skip
        self._title(record, job)
        if author != "import" and (first or record.enabled):
            self._put_in_force(record, job)
        return version

    def rename(self, ident: str, name: str) -> JobRecord:
        """Another name, in the file too.

        Raises BindingsInvalid when it is taken, or when other jobs call this one by its name.
        """
        before = self.jobs.get(ident)
        if callers := self.callers(before.name):
            raise BindingsInvalid(
                f"{before.name!r} is called by {', '.join(callers)}",
                hint="Change their call_job or trigger first.",
            )
        record = self.jobs.rename(before.id, name)
        if record.version and record.name != before.name:
            text = self.jobs.version(record.id).yaml
            self.save(record.id, text, message=f"Renamed from {before.name}")
        return self.jobs.get(record.id)

    def roll_back(self, ident: str, number: int) -> Version:
        """Make what an earlier version said the next version."""
        record = self.jobs.get(ident)
        earlier = self.jobs.version(record.id, number)
        if number == record.version or not number:
            raise TargetUnresolved(
                f"version {record.version} is in force already", hint="Name an earlier version."
            )
        return self.save(record.id, earlier.yaml, message=f"Rolled back to version {number}")

    def reschedule(self, ident: str, when: str, *, here: str, **more: str) -> Version:
        """Another schedule by a person's words, as a new version, switched on.

        See `scheduling.rescheduled` for the words. Raises TriggerInvalid; JobInvalid for a zone
        or a policy that does not hold.
        """
        record = self.jobs.get(ident)
        text = rescheduled(self.jobs.version(record.id).yaml, when, here=here, **more)
        version = self.save(record.id, text, message=f"Scheduled {when}".strip())
        if not self.jobs.get(record.id).enabled:
            self.enable(record.id)
        return version

    def enable(self, ident: str) -> JobRecord:
        """Switch the schedule and the triggers of the version in force on.

        Raises TargetUnresolved without any.
        """
        record = self.jobs.get(ident)
        job = self.in_force(record)
        if job.schedule is None and not job.triggers:
            raise TargetUnresolved(
                f"{record.name!r} has no schedule", hint="Ask for one: `every weekday at 7`."
            )
        return self._put_in_force(record, job)

    def disable(self, ident: str) -> JobRecord:
        """Switch the schedule and the triggers off; what waits ends as missed."""
        record = self.jobs.get(ident)
        disarm(self.triggers, record.id)
        return switch.disable(self.ledger, self.jobs, record, self.clock.now())

    def pause(self, ident: str) -> JobRecord:
        return switch.pause(self.jobs, self.jobs.get(ident))

    def resume(self, ident: str) -> JobRecord:
        return switch.resume(self.ledger, self.jobs, self.jobs.get(ident), self.clock.now())

    def park(self, ident: str) -> JobRecord:
        """Put a job aside: its schedule is off; its versions, runs and words stay."""
        record = self.disable(ident)
        return self.jobs.update(record.id, status="parked")

    def diff(self, old: str, new: str) -> list[str]:
        """What changed from one file to another, a line for each step or setting."""
        return [change.words for change in diff(load(old).job, load(new).job)]

    def in_force(self, record: JobRecord) -> Job:
        """What the version in force says. Raises TargetUnresolved when there is none."""
        return load(self.jobs.version(record.id).yaml, path=f"{record.name}/job.yaml").job

    def _footer(self, job: Job) -> str:
        """What a plan that became a version established."""
        says = own_words(self.library, used_skills(job))
        steps = [sentence(step, says) for step in job.steps]
        when = in_words(job.schedule.cron, job.schedule.timezone) if job.schedule else ""
        return footers.drafted(job.title or job.name, steps, when)

    def _enter(self, record: JobRecord, phase: str, reason: str, footer: str = "") -> None:
        if self.guide is not None:
            self.guide.enter(record.id, phase, reason, footer=footer)
        else:
            enter(self.jobs, record, phase, reason, footer=footer)

    def _check_plan(self, record: JobRecord, text: str) -> None:
        """Raises PolicyDenied when a plugin of the job does not allow the file."""
        if self.guide is not None:
            self.guide.check_plan(record, text)

    def _put_in_force(self, record: JobRecord, job: Job) -> JobRecord:
        """The schedule and the triggers of this file are the job's from now on."""
        arm(self.triggers, record.id, job)
        return switch.put_in_force(
            self.ledger, self.jobs, record, job.schedule, self.clock.now(),
            watched=bool(job.triggers),
        )  # fmt: skip

    def callers(self, name: str) -> list[str]:
        """The jobs whose file in force calls the job of that name, or waits for its end."""
        found = list[str]()
        for record in self.jobs.list():
            text = self.jobs.version(record.id).yaml if record.version else ""
            if name in text and name in named_jobs(load(text).job):
                found.append(record.name)
        return found

    def _title(self, record: JobRecord, job: Job) -> None:
        if job.title and job.title != record.title:
            self.jobs.update(record.id, title=job.title)

    def _decided(self, record: JobRecord, text: str, by: str, draft: str, version: int) -> None:
        data = {"by": by, "draft": draft, "version": version}
        for asked in self.jobs.said.open_questions(record.id):
            if asked.data.get("draft") == draft:
                self.jobs.said.answer(asked.id, "Approve" if version else "Reject")
        self.jobs.add_interaction(record.id, "decision", "person", text, data)


def renamed(yaml: str, name: str) -> str:
    """The job file with another name in its `job:` line; all else, comments too, stays."""
    return re.sub(r"^job:[^\n#]*?(?=\s*(#.*)?$)", f"job: {name}", yaml, count=1, flags=re.M)
