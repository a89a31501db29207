"""From a run that ended to what became of it: classify, propose, prove, decide, watch, learn.

`tend` takes one run, once: a run that is done is never taken up again, and one whose process died
in the middle is taken up where it was. At most two proposals for a run, three a day for a job.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

from assistant.engine.engine import Engine
from assistant.errors import AssistantError
from assistant.healing import canary, recipes
from assistant.healing.applying import apply
from assistant.healing.case import Case, Nothing, gather
from assistant.healing.crowding import too_many_at_once
from assistant.healing.desk import Desk
from assistant.healing.learning import from_history
from assistant.healing.listening import recorded_answers
from assistant.healing.looking import Visited, form_headers, visit
from assistant.healing.policy import Decision, edits_between, judge
from assistant.healing.proposals import Proposal, changes_of, patched
from assistant.healing.proving import prove
from assistant.healing.rewriting import by_model
from assistant.healing.symptoms import odd_answer, surplus_of, symptom_of
from assistant.insight.faults import Diagnosis, by_words_of, classify
from assistant.insight.signatures import Signature
from assistant.models.protocol import Models
from assistant.pipeline.editing import EditableJob
from assistant.pipeline.spec import CallJobStep
from assistant.store.patches import OPEN, Patch, Tended
from assistant.store.runs import RunRow

log = logging.getLogger(__name__)
PER_RUN = 2
PER_DAY = 3
HELD_SECONDS = 900.0
_REFUSED = 403
_UNKNOWN = frozenset({"Interrupted", "OutcomeUnknown"})
_LOOKED_AT = frozenset(
    {"not_found", "moved", "shape_changed", "empty_result", "bad_arguments", "blocked"}
)


@dataclass(frozen=True)
class Outcome:
    """What came of a run: `well`, `patched`, `asked`, `left` or `given_up`, and why."""

    outcome: str
    reason: str


class Healer:
    """Tends runs of one home. `recipes_on` and `model_on` are for measuring one without the other.

    `advisers` are asked for proposals; without them the desk's models are.
    """

    def __init__(
        self,
        desk: Desk,
        engine: Engine,
        *,
        worker: str = "healer",
        advisers: Models | None = None,
        recipes_on: bool = True,
        model_on: bool = True,
    ) -> None:
        self.desk = desk
        self.engine = engine
        self.worker = worker
        self._advisers = advisers or desk.models
        self._recipes_on = recipes_on
        self._model_on = model_on

    async def tend(self, run_id: str) -> Tended | None:
        """Look at one ended run and do what is to be done. None when it is in other hands, or done."""
        patches = self.desk.patches
        if not patches.begin(run_id, self.worker, HELD_SECONDS):
            return None
        try:
            made = await self._tend(self.desk.runs.get(run_id))
        except AssistantError as wrong:
            made = Outcome("given_up", wrong.message)
        except Exception as bug:  # one run's trouble must not stop the tending of others
            log.exception("healing of run %s", run_id)
            made = Outcome("given_up", f"healing itself failed: {type(bug).__name__}")
        patches.done(run_id, made.outcome, made.reason)
        return patches.tended(run_id)

    def finish_what_was_begun(self) -> None:
        """Complete patches whose version was being made when their process died."""
        for patch in self.desk.patches.list(state="applying"):
            try:
                apply(self.desk, patch, by=patch.decided_by or "healing")
            except AssistantError as wrong:
                self._refused(patch, patch.decision, wrong.message)

    async def _tend(self, run: RunRow) -> Outcome:
        desk = self.desk
        for half in desk.patches.list(run_id=run.id, state="proving"):
            desk.patches.change(half.id, state="refused", reason="its proof was interrupted")
        for made in desk.patches.list(run_id=run.id):
            if made.state in OPEN or made.state == "kept":  # a process died right after it
                return _came_of(made)
        watched = desk.patches.on_trial(run.job_id) if run.job_id else None
        if watched is not None:
            led_to = canary.watch(desk, watched, run)
            if led_to == "undone":
                return Outcome("left", f"patch {watched.id} made it worse and was taken back")
        # It reads files and compares outputs: the loop goes on meanwhile.
        case = await asyncio.to_thread(gather, desk, run)
        if isinstance(case, Nothing):
            return Outcome("well" if case.well else "left", case.reason)
        return await self._heal(case)

    async def _heal(self, case: Case) -> Outcome:
        desk, started = self.desk, time.monotonic()
        diagnosis, seen = await self._diagnosed(case)
        signature = desk.incidents.note(case.failure, diagnosis)
        barred = self._barred(case)
        if barred:
            return barred
        alone, heard = self._left_alone(case, diagnosis, signature), list[Proposal]()
        if alone and diagnosis.fault == "rate_limited" and await too_many_at_once(desk, case):
            alone = None
        if alone:
            # Unless the refusal says itself what it would take.
            if diagnosis.fault != "blocked" or case.failure.status == _REFUSED:
                heard = [one async for one in recipes.told(desk, case, diagnosis.fault, seen)]
            if not heard:
                return alone
        # Who is asked less often answers again: that tells nothing of the next run.
        if diagnosis.fault != "rate_limited" and await self._works_again(case):
            return Outcome("left", "asked again as it is, it works: there is nothing to patch")
        tried, last = list[str](), "no recipe fits, and no model proposes anything of use"
        proposals = self._proposals(case, diagnosis, signature, seen, tried)
        async for proposal in _each(heard) if alone else proposals:
            if self._used_up(case):
                break
            patch = await self._proposed(case, proposal, diagnosis, signature, started)
            if patch is None:
                continue
            if patch.state in ("asked", "canary", "kept"):
                return _came_of(patch)
            tried += patch.words
            last = f"{'; '.join(patch.words)}: {patch.reason}"
        return Outcome("given_up", f"{diagnosis.fault}: {last}"[:900])

    async def _diagnosed(self, case: Case) -> tuple[Diagnosis, Visited | None]:
        diagnosis = classify(case.failure)
        if diagnosis.fault in _LOOKED_AT:
            # An answer that went well by its status may say in words that nothing went well.
            for answer in await asyncio.to_thread(recorded_answers, self.desk, case):
                diagnosis = by_words_of(answer.data) or diagnosis
        url = case.arguments.get("url")
        if diagnosis.fault not in _LOOKED_AT or not isinstance(url, str) or "://" not in url:
            return diagnosis, None
        if diagnosis.fault == "blocked" and case.failure.status != _REFUSED:
            return diagnosis, None  # a robots.txt, a guard: nobody goes there to look
        headers = form_headers(case.arguments)
        if case.effect == "write" or headers is None:
            return diagnosis, None
        seen = await visit(self.desk.http, url, headers)
        return classify(case.failure, seen.look), seen

    def _left_alone(self, case: Case, diagnosis: Diagnosis, signature: Signature) -> Outcome | None:
        """Classes that are not for a patch, and a first word of being asked too often."""
        fault = diagnosis.fault
        if fault in recipes.LEFT_ALONE:
            return Outcome("left", f"{fault}: {recipes.LEFT_ALONE[fault]}")
        incident = self.desk.incidents.get(signature.id)
        if fault == "rate_limited" and (incident is None or incident.count < 2):
            return Outcome("left", "it was told to come less often once: that may pass")
        return None

    def _barred(self, case: Case) -> Outcome | None:
        """Reasons to leave a failure alone, whatever its class."""
        patches, record = self.desk.patches, case.record
        if patches.mode(record.id) == "off":
            return Outcome("left", "healing is off for this job")
        if case.step is None:
            return Outcome("left", f"no step is at fault: {case.failure.message[:300]}")
        if isinstance(case.step, CallJobStep):
            return Outcome("left", f"the job {case.step.job!r} failed, and is looked after itself")
        if case.failure.kind in _UNKNOWN:
            return Outcome("left", "nobody knows whether the call happened: a person decides")
        waiting = [
            patch for patch in patches.list(job_id=record.id)
            if patch.state in OPEN and patch.path == case.place and patch.run_id != case.run.id
        ]  # fmt: skip
        if waiting:
            return Outcome("left", f"patch {waiting[0].id} for this step is {waiting[0].state}")
        if patches.made_since(record.id, 24) >= PER_DAY:
            return Outcome("left", f"{PER_DAY} patches were proposed for this job within a day")
        return None

    async def _works_again(self, case: Case) -> bool:
        """Whether the same call does its work now: then it was passing trouble after all."""
        if case.skill is None or case.effect == "write":
            return False
        limit = case.step.timeout if case.step and case.step.timeout else case.skill.timeout
        try:
            output = await self.desk.call(case.skill.name, case.arguments, seconds=min(limit, 60.0))
        except AssistantError:
            return False
        marked = case.symptom is not None and case.symptom.marked
        if case.symptom is not None and case.symptom.allowed is not None:
            return case.symptom.allowed.takes(output)
        if case.symptom is not None and case.symptom.shaped:
            return odd_answer(case.good_outputs, output) is None
        if case.symptom is not None and case.symptom.surplus:
            return surplus_of(case.good_outputs, output) is None
        return symptom_of(case.good_outputs, output, strictly=marked) is None

    async def _proposals(
        self,
        case: Case,
        diagnosis: Diagnosis,
        signature: Signature,
        seen: Visited | None,
        tried: list[str],
    ) -> AsyncIterator[Proposal]:
        """What mended this before, then the recipes, then the model; nothing that was refused before."""
        known = self._known(case)
        if self._recipes_on:
            for proposal in from_history(self.desk, case, signature):
                if proposal.key not in known:
                    known.add(proposal.key)
                    yield proposal
            async for proposal in recipes.proposals_for(self.desk, case, diagnosis.fault, seen):
                if proposal.key not in known:
                    known.add(proposal.key)
                    yield proposal
        if self._model_on and diagnosis.fault in recipes.ASKS_MODEL and not self._used_up(case):
            proposal = await by_model(self._advisers, case, diagnosis, tried)
            if proposal is not None and proposal.key not in known:
                yield proposal

    def _known(self, case: Case) -> set[str]:
        """What was proposed for this step before and came to nothing."""
        return {
            str(patch.evidence.get("key"))
            for patch in self.desk.patches.list(job_id=case.record.id)
            if patch.path == case.place and patch.state in ("rejected", "undone", "refused")
        }

    def _used_up(self, case: Case) -> bool:
        patches = self.desk.patches
        return (
            len(patches.list(run_id=case.run.id)) >= PER_RUN
            or patches.made_since(case.record.id, 24) >= PER_DAY
        )

    async def _proposed(
        self,
        case: Case,
        proposal: Proposal,
        diagnosis: Diagnosis,
        signature: Signature,
        started: float,
    ) -> Patch | None:
        """Keep a proposal, prove it, and put it in force or ask. None when it makes no file."""
        desk = self.desk
        target = proposal.case or case
        try:
            text = patched(target, proposal)
            told, words = changes_of(target.text, text)
        except AssistantError:
            return None
        if not told:
            return None
        patch = desk.patches.add(
            job_id=case.record.id, job=case.record.name, run_id=case.run.id, path=target.place,
            skill=target.skill.name if target.skill else "", signature=signature.id,
            fault=diagnosis.fault, source=proposal.source, changes=_edits(target, text),
            words=words, yaml=text, base=case.base,
            evidence=_evidence(case, proposal, diagnosis),
        )  # fmt: skip
        decision = judge(
            target, text, by_model=proposal.by_model, settings=desk.settings, library=desk.library
        )
        if decision.kind == "never":
            return self._refused(patch, decision.kind, decision.reason)
        proof = await prove(desk, self.engine, replace(target, symptom=case.symptom), text)
        evidence = patch.evidence | {"proof": proof.as_data()}
        seconds = round(time.monotonic() - started, 3)
        desk.patches.change(patch.id, evidence=evidence, seconds=seconds)
        if not proof.held:
            return self._refused(patch, decision.kind, proof.why)
        if proof.poorer and decision.kind == "automatic":
            decision = Decision("ask", f"it is not quite as before: {proof.poorer[0]}")
        desk.patches.change(patch.id, decision=decision.kind, reason=decision.reason)
        patch = desk.patches.get(patch.id)
        desk.patches.tell("proposed", patch, decision=decision.kind)
        if decision.kind == "automatic" and desk.patches.mode(case.record.id) == "automatic":
            return apply(desk, patch, by="healing")
        desk.patches.change(patch.id, only=("proving",), state="asked")
        desk.patches.tell("asked", patch)
        return desk.patches.get(patch.id)

    def _refused(self, patch: Patch, decision: str, reason: str) -> Patch:
        patches = self.desk.patches
        patches.change(patch.id, state="refused", decision=decision, reason=reason[:500])
        patches.tell("refused", patch, reason=reason[:500])
        return patches.get(patch.id)


async def _each(proposals: list[Proposal]) -> AsyncIterator[Proposal]:
    """Proposals that were made already, one after the other."""
    for proposal in proposals:
        yield proposal


def _came_of(patch: Patch) -> Outcome:
    if patch.state == "asked":
        return Outcome("asked", f"patch {patch.id} waits for a word: {patch.reason}")
    return Outcome("patched", f"patch {patch.id}: {'; '.join(patch.words)}")


def _edits(case: Case, text: str) -> list[dict[str, Any]]:
    """What changes, by place within the step: `{key, before, after}`."""
    before, after = EditableJob(case.text), EditableJob(text)
    home = before.place_of(case.place)
    return [
        {
            "key": ".".join(map(str, edit.place[len(home) :] or edit.place)),
            "place": list(edit.place[len(home) :]),
            "before": None if edit.is_new else edit.before,
            "after": None if edit.is_gone else edit.after,
        }
        for edit in edits_between(before.data, after.data)
    ]


def _evidence(case: Case, proposal: Proposal, diagnosis: Diagnosis) -> dict[str, Any]:
    return {
        "why": proposal.why,
        "because": diagnosis.because,
        "error": {"message": case.failure.message[:1000], "hint": case.failure.hint[:500]},
        "silent": case.silent,
        "good_run": case.good[0].run_id if case.good else "",
        "key": proposal.key,
        "spared": list(proposal.spared),
    }
