"""The plan of a job through its cycles: named once, written once, mended once, then frozen.

set-plan-file   once; a second time is refused, and `false` says that there will be none
write           in Execute of cycle 1, while it is not written yet
edit            in Verify of cycle 1; it leads back to Plan
outstanding     at any time: what comes later is collected, also when the plan is frozen
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.errors import BindingsInvalid, PolicyDenied, TargetUnresolved
from assistant.job import plan_md, plan_yaml
from assistant.job.phases import FIVE, Cycle
from assistant.job.plan_md import PlanMd
from assistant.job.plan_yaml import PlanYaml
from assistant.job.voices import Speaker
from assistant.store.files import write_atomically
from assistant.store.guidance import Guidance
from assistant.store.jobs import JobRecord, JobRepository

FILES = ("plan.md", "plan.yaml")
_FROM_NOW = re.compile(r"^from now on,?\s+", re.IGNORECASE)
STAGE = {"plan.md": 2, "plan.yaml": 3}


@dataclass(frozen=True)
class PlanState:
    """How a job's plan stands. `may`: what can be done with it now: write, edit, or nothing."""

    file: str
    text: str
    cycles: int
    outstanding: tuple[str, ...]
    may: str
    why: str


def may(job: JobRecord, file: str, written: bool) -> tuple[str, str]:
    """What can be done with a plan in this phase and cycle, and why nothing else."""
    if file not in FILES:
        return "", "No plan guides this job."
    if job.cycle > 1:
        return "", "The plan is frozen since cycle 2: collect outstanding items."
    if not written:
        told = "It is written in Execute of cycle 1."
        return ("write", told) if job.phase == "execute" else ("", told)
    told = "It is changed in Verify of cycle 1 only; that leads back to Plan."
    return ("edit", told) if job.phase == "verify" else ("", told)


class Plans:
    """The plan files of jobs."""

    def __init__(
        self,
        jobs: JobRepository,
        guidance: Guidance,
        cycle: Callable[[JobRecord], Cycle] = lambda _: FIVE,
        guard: Callable[[JobRecord, str], None] = lambda _, __: None,
    ) -> None:
        """`guard` is asked before a plan is changed, with its new text; it raises PolicyDenied."""
        self._jobs = jobs
        self._guidance = guidance
        self._cycle = cycle
        self._guard = guard

    def set_file(self, ident: str, file: str, *, by: str = "person") -> JobRecord:
        """Name the plan of a job, or decline one with `false`.

        Raises PolicyDenied when that was said before, BindingsInvalid for another name.
        """
        job, name = self._jobs.get(ident), "none" if file.lower() in ("false", "none") else file
        if name not in (*FILES, "none"):
            raise BindingsInvalid(
                f"{file[:60]!r} is no plan file", hint="plan.md, plan.yaml, or false for none."
            )
        if not self._guidance.name_plan(job.id, name):
            raise PolicyDenied(
                f"the plan of {job.name!r} is named already: {self._guidance.of(job.id).plan}",
                hint="It is named once; `/plan` shows it.",
            )
        said = "It goes without a plan." if name == "none" else f"{name} guides it."
        self._jobs.add_interaction(job.id, "decision", by, said, {"plan": name})
        return self._jobs.update(job.id, stage=max(job.stage, STAGE.get(name, 1)))

    def put(self, ident: str, text: str, *, by: str = "person") -> tuple[JobRecord, bool]:
        """Write or edit the plan, whichever its phase allows; True when it was an edit.

        Raises PolicyDenied when neither is allowed now, JobInvalid when the text does not hold.
        """
        job = self._jobs.get(ident)
        state = self.state(job)
        if not state.may:
            raise PolicyDenied(f"the plan of {job.name!r} cannot be changed now", hint=state.why)
        plan = self._read(job, state.file, text)
        self._write(job, state.file, text)
        self._guidance.keep(replace(self._guidance.of(job.id), cycles=plan.cycles))
        word = "changed" if state.may == "edit" else "written"
        told = f"{state.file} is {word}: {plan.cycles} cycle{'s' if plan.cycles > 1 else ''}."
        self._jobs.add_interaction(
            job.id, "decision", by, told, {"plan": state.file, "sha": plan.sha}
        )
        return self._jobs.get(job.id), state.may == "edit"

    def move_up(self, job: JobRecord, file: str, text: str) -> str:
        """Put a higher plan in the place of a job's plan, as the person decided; gives its name.

        The plan before it stays in the job's folder; what was outstanding goes along.
        """
        row, before = self._guidance.of(job.id), self.state(job)
        added = plan_yaml.with_item if file == "plan.yaml" else plan_md.with_item
        for item in before.outstanding:
            text = added(text, item)
        plan = self._read(job, file, text)
        self._write(job, file, text)
        cycles = max(plan.cycles, row.cycles)
        self._guidance.keep(replace(row, plan=file, plan_sha="", cycles=cycles))
        self._jobs.add_interaction(
            job.id, "decision", "person", f"{file} guides it.", {"plan": file}
        )
        self._jobs.update(job.id, stage=STAGE[file])
        return file

    def freeze(self, job: JobRecord) -> None:
        """Fix the plan as it is: from now on another one is refused."""
        row = self._guidance.of(job.id)
        if row.plan in FILES and not row.plan_sha and (plan := self.plan(job)) is not None:
            self._guidance.keep(replace(row, plan_sha=plan.sha, cycles=plan.cycles))

    def outstanding(self, ident: str, item: str, *, by: str = "person") -> JobRecord:
        """Collect something for later in the plan. Raises TargetUnresolved without a plan."""
        job = self._jobs.get(ident)
        state = self.state(job)
        if not state.text:
            raise TargetUnresolved(
                f"{job.name!r} has no plan yet", hint="Make a pending job of it instead."
            )
        if not item.strip():
            raise BindingsInvalid("the item is empty")
        added = plan_yaml.with_item if state.file == "plan.yaml" else plan_md.with_item
        self._write(job, state.file, added(state.text, item))
        self._jobs.add_interaction(job.id, "decision", by, f"Outstanding: {item.strip()}", {})
        return job

    def learn(self, job: JobRecord, line: str, *, voices: bool = True) -> str:
        """Take a voice-update in: into the plan of stage 3 while it is open, else outstanding.

        Gives where it went; empty when there is no plan, or when it would change voices and
        `voices` does not let it: they tell a model what to do from then on.
        """
        state = self.state(job)
        if not state.text:
            return ""
        if state.file != "plan.yaml" or job.cycle > 1:
            item = _FROM_NOW.sub("", line)
            self.outstanding(job.id, f"How to work: {item[:1].lower()}{item[1:]}", by="system")
            return state.file
        if not voices:
            return ""
        self._write(job, state.file, plan_yaml.with_change(state.text, "execute", "execute", line))
        told, facts = f"From now on: {line}", {"plan": state.file}
        self._jobs.add_interaction(job.id, "decision", "system", told, facts)
        return state.file

    def state(self, job: JobRecord) -> PlanState:
        """How the plan stands. Raises JobInvalid when the file was spoilt, or changed while frozen."""
        row = self._guidance.of(job.id)
        plan = self.plan(job) if row.plan in FILES else None
        allowed, why = may(job, row.plan, plan is not None)
        if plan is None:
            return PlanState(row.plan, "", row.cycles, (), allowed, why)
        return PlanState(row.plan, plan.text, plan.cycles, plan.outstanding, allowed, why)

    def plan(self, job: JobRecord) -> PlanMd | PlanYaml | None:
        """The plan as its file says, None while it is not written.

        Raises JobInvalid when it does not hold, PolicyDenied when it was changed while frozen.
        """
        row = self._guidance.of(job.id)
        path = self.path(job, row.plan)
        if row.plan not in FILES or not path.is_file():
            return None
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as wrong:
            raise BindingsInvalid(f"{path} is no UTF-8 text") from wrong
        plan = self._read(job, row.plan, text)
        if row.plan_sha and plan.sha != row.plan_sha:
            raise PolicyDenied(
                f"{row.plan} of {job.name!r} was changed although it is frozen",
                hint="Put the frozen text back; what comes later belongs to its outstanding items.",
            )
        return plan

    def speaker(self, job: JobRecord, phase: str = "") -> Speaker:
        """The voices as the plan changes them in a phase; the job's own without one."""
        plan, at = self.plan(job), phase or job.phase
        changes = plan.changes.get(at, {}) if isinstance(plan, PlanYaml) else {}
        return Speaker(job.name, at, changes)

    def path(self, job: JobRecord, file: str) -> Path:
        """Where a plan of a job lies."""
        return self._jobs.settings.job_dir(job.name) / (file or "plan.md")

    def _write(self, job: JobRecord, file: str, text: str) -> None:
        self._guard(job, text)
        write_atomically(self.path(job, file), text)

    def _read(self, job: JobRecord, file: str, text: str) -> PlanMd | PlanYaml:
        shown = f"{job.name}/{file}"
        if file == "plan.yaml":
            return plan_yaml.read(text, shown, phases=self._cycle(job).order)
        return plan_md.read(text, shown)
