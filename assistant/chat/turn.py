"""A prompt becomes a turn: routed to its job, read by the builder, answered with events.

Nothing outside is changed in a turn without the person's word: a job is only drafted, and a
skill that writes waits with a question before it is called.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from typing import Any

from assistant.builder.drafting import Builder
from assistant.builder.drafts import LAST
from assistant.builder.drafts import Draft as Drafted
from assistant.builder.questions import Surroundings
from assistant.chat import answering, cards, commands, context
from assistant.chat.events import (
    DraftCard,
    DryRun,
    Notice,
    QuestionCard,
    RoutedTo,
    RunCard,
    TextDelta,
    Thinking,
    ToolDone,
    TurnEvent,
)
from assistant.chat.following import follow, last_output
from assistant.chat.summaries import in_full
from assistant.engine.request import RunRequest
from assistant.engine.values import Values
from assistant.errors import AssistantError, ModelUnavailable
from assistant.job.once import steps_request
from assistant.job.phases import enter
from assistant.job.routing import Routed, route
from assistant.job.running import request_for
from assistant.job.waiting import gone_on
from assistant.models.local import LocalModel
from assistant.pipeline.expressions import resolve
from assistant.schedule.cron import zone_here
from assistant.store.jobs import Draft, JobRecord
from assistant.store.jobs import Version as AcceptedVersion
from assistant.workplace import Workplace

DRY_RUN_SECONDS = 60.0


class Conversation:
    """Turns of one workplace. It keeps nothing itself: everything said lies in the store."""

    def __init__(self, place: Workplace) -> None:
        self.place = place
        self._builder: Builder | None = None
        self._awake = False

    async def turn(
        self, text: str, *, focus: str = "", dry_run: bool = True, model: str = ""
    ) -> AsyncIterator[TurnEvent]:
        """Answer a prompt. `focus` is the id or name of the focused job, empty for none.

        Every trouble is told as a `Notice`; the iteration itself raises only when cancelled.
        """
        job: JobRecord | None = None
        try:
            if commands.is_command(text):
                async for event in commands.run(self, text, focus):
                    yield event
                return
            routed = route(self.place.jobs, text, focus)
            job = routed.job
            yield RoutedTo(job.id, job.name, job.title, routed.new, routed.also)
            async for event in self._answered(routed, dry_run, model):
                yield event
        except AssistantError as wrong:
            hint = (
                answering.without_model(wrong)
                if isinstance(wrong, ModelUnavailable)
                else wrong.hint
            )
            notice = Notice(wrong.code, wrong.message, hint)
            if job is not None:
                self._note(job, notice)
            yield notice

    async def approve(self, draft_id: str, *, by: str = "person") -> AcceptedVersion:
        """Say yes to a draft. Raises JobInvalid or TargetUnresolved."""
        return await asyncio.to_thread(self.place.lifecycle.approve, draft_id, by=by)

    async def run_now(self, ident: str, **more: Any) -> AsyncIterator[TurnEvent]:
        """Run a job's version in force and tell it. Raises JobNotFound, TargetUnresolved …"""
        record = self.place.jobs.get(ident)
        request = request_for(self.place.jobs, record, trigger={"kind": "chat"}, **more)
        async for event in self._run(record, request):
            yield event

    async def decide(
        self, run_id: str, path: str, *, approved: bool, by: str = "person"
    ) -> AsyncIterator[TurnEvent]:
        """Answer what a run waits with, and tell how it goes on."""
        engine = await self.place.engine()
        await engine.decide(run_id, path, approved, by)
        row = self.place.runs.get(run_id)
        if record := self.place.jobs.find(row.job_id):
            word = "Approved" if approved else "Rejected"
            self._say(record, "decision", "person", f"{word}: {path}", {"run": run_id, "by": by})
        await gone_on(self.place.runs, run_id, path)
        async for event in self._told(record, run_id):
            yield event

    async def dry_run(self, draft: Draft) -> DryRun:
        """Run a draft dry: reads are made, writes only previewed."""
        engine, record = await self.place.engine(), self.place.jobs.get(draft.job_id)
        run_id = await engine.submit(
            RunRequest(
                record.name, draft.yaml, job_id=record.id, trigger={"kind": "chat"}, dry=True
            )
        )
        try:
            await engine.wait(run_id, DRY_RUN_SECONDS)
        except TimeoutError:
            await engine.cancel(run_id, by="dry run")
        values = Values(self.place.settings.run_dir(record.name, run_id) / "values")
        return cards.dry_run_of(self.place.runs, run_id, values)

    # One turn

    async def _answered(
        self, routed: Routed, dry_run: bool, model: str
    ) -> AsyncIterator[TurnEvent]:
        yield Thinking("Reading the request")
        if not self._awake:
            await self.wake(model)
        record, jobs = routed.job, self.place.jobs
        request, around, shown = await asyncio.to_thread(self._around, record)
        drafted = await self.builder().draft(request, around, model=model)
        match drafted.kind:
            case "job":
                stream = self._proposed(record, drafted, request, dry_run)
            case "call":
                stream = self._called(record, drafted, shown)
            case "clarify":
                stream = self._asked(record, drafted)
            case "edit":
                stream = self._edited(record, drafted, request, dry_run)
            case _:
                stream = answering.answer(self.place, jobs.get(record.id), drafted.kind, model)
        async for event in stream:
            yield event
        await answering.summarised(self.place, record.id, model)

    async def wake(self, model: str = "") -> None:
        """Load what the first request needs, side by side: the skills and the model.

        A model that cannot be loaded says so when it is asked.
        """
        self._awake = True
        await asyncio.gather(
            asyncio.to_thread(self.builder().candidates), self._load(model), return_exceptions=True
        )

    async def _load(self, model: str) -> None:
        made = self.place.models.make(model or self.place.settings.model, person=True)
        if isinstance(made, LocalModel):
            await made.load()

    def builder(self) -> Builder:
        """The builder, made when the first request comes."""
        if self._builder is None:
            place = self.place
            self._builder = Builder(
                place.library, place.models,
                timezone=lambda: zone_here(place.settings.timezone),
                jobs=context.called_job(place.jobs),
            )  # fmt: skip
        return self._builder

    def _around(self, record: JobRecord) -> tuple[str, Surroundings, str]:
        """The whole request, what the builder is told beside it, and the run last shown."""
        said = self.place.jobs.interactions(record.id, last=context.RECENT)
        shown = context.last_run(said)
        last = context.last_result(self.place, shown) if shown else None
        names = tuple(job.name for job in self.place.jobs.list(limit=200) if job.version)
        around = Surroundings(
            jobs=names, models=tuple(self.place.models.names()),
            focus=context.focused(self.place.jobs, record), last=last,
        )  # fmt: skip
        return context.whole_request(said), around, shown

    async def propose(
        self,
        ident: str,
        yaml: str,
        *,
        request: str = "",
        template: str = "",
        assumptions: Sequence[str] = (),
    ) -> DraftCard:
        """Keep a job file as the job's open draft, with its card. Raises JobInvalid."""
        lifecycle, jobs = self.place.lifecycle, self.place.jobs
        record = jobs.get(ident)
        before = jobs.version(record.id).yaml if record.version else ""
        draft = await asyncio.to_thread(
            lambda: lifecycle.propose(record.id, yaml, request=request, template=template)
        )
        record = enter(jobs, jobs.get(record.id), "plan", "A job is drafted.")
        job = lifecycle.parsed(draft.yaml, path=f"{record.name}/job.yaml")
        changes = lifecycle.diff(before, draft.yaml) if before else ()
        card = cards.card_of(
            self.place, record, draft, job, assumptions=assumptions, changes=changes
        )
        self._keep(card)
        return card

    async def _proposed(
        self, record: JobRecord, drafted: Drafted, request: str, dry_run: bool
    ) -> AsyncIterator[TurnEvent]:
        """Keep a drafted file, show its card, and show it again with the dry run."""
        told = [assumption.text for assumption in drafted.assumptions]
        card = await self.propose(record.id, drafted.yaml, request=request, assumptions=told)
        facts = {"draft": card.draft_id, "steps": [line.sentence for line in card.steps]}
        self._say(record, "question", "assistant", f"Shall {card.job} be like this?", facts)
        yield card
        if dry_run:
            yield Thinking("Trying it without changing anything")
            tried = await self.dry_run(self.place.jobs.draft(card.draft_id))
            card = cards.with_dry_run(card, tried)
            self._keep(card)
            yield card

    async def _edited(
        self, record: JobRecord, drafted: Drafted, request: str, dry_run: bool
    ) -> AsyncIterator[TurnEvent]:
        """What was asked of the focused job: a new draft of its file, and things done to it."""
        before = context.file_of(self.place.jobs, record)
        if drafted.asks:
            async for event in self._asked(record, drafted):
                yield event
        elif drafted.yaml and drafted.yaml != before:
            async for event in self._proposed(record, drafted, request, dry_run):
                yield event
        for action in drafted.actions:
            name = str(drafted.settings.get("edit.name", ""))
            async for event in commands.act(self, record, action, name):
                if isinstance(event, TextDelta):
                    self._say(record, "decision", "assistant", event.text, {"action": action})
                yield event

    async def _asked(self, record: JobRecord, drafted: Drafted) -> AsyncIterator[TurnEvent]:
        for ask in drafted.asks[:3]:
            self._say(record, "question", "assistant", ask.text, {"clarify": ask.place})
            yield QuestionCard("clarify", ask.text)

    async def _called(
        self, record: JobRecord, drafted: Drafted, shown: str
    ) -> AsyncIterator[TurnEvent]:
        """Call the skills at once. One that writes waits for the person's word first."""
        steps = list[dict[str, Any]]()
        names = {LAST: last_output(self.place, shown)} if shown else {}
        for step in drafted.steps:
            skill = self.place.library.get(step.skill)
            given = drafted.call if len(drafted.steps) == 1 else step.arguments
            arguments = resolve(dict(given), names) if names else dict(given)
            skill.check(arguments)
            made: dict[str, Any] = {"id": step.id or step.skill, "skill": step.skill}
            made |= {"with": arguments} if arguments else {}
            writes = skill.effect_of(arguments) == "write"
            steps.append(made | ({"needs_approval": True} if writes else {}))
        enter(self.place.jobs, record, "execute", "The request can be answered at once.")
        request = steps_request(steps, job_id=record.id, trigger={"kind": "chat"})
        async for event in self._run(record, request):
            yield event

    # Telling runs

    async def _run(self, record: JobRecord, request: RunRequest) -> AsyncIterator[TurnEvent]:
        engine = await self.place.engine()
        run_id = await engine.submit(request)
        async for event in self._told(record, run_id):
            yield event

    async def _told(self, record: JobRecord | None, run_id: str) -> AsyncIterator[TurnEvent]:
        """Follow a run; its result is written down in its job."""
        last: ToolDone | None = None
        async for event in follow(self.place, run_id):
            if isinstance(event, ToolDone):
                last = event
                if record is not None:
                    facts = {"run": run_id, "skill": event.skill, "status": event.status,
                             "seconds": event.seconds}  # fmt: skip
                    self._say(record, "result", "assistant", event.summary, facts)
            ended = isinstance(event, RunCard) and event.receipt is not None
            if ended and record is not None and (text := in_full(last.output if last else None)):
                self._say(record, "answer", "assistant", text, {"run": run_id})
                yield TextDelta(text)
            if isinstance(event, Notice) and record is not None:
                self._note(record, event)
            yield event

    def _note(self, record: JobRecord, notice: Notice) -> None:
        """Trouble is part of what was said: it is there after a reload, and in the job's memory."""
        self._say(record, "notice", "assistant", notice.message,
                  {"code": notice.code, "hint": notice.hint})  # fmt: skip

    def _keep(self, card: DraftCard) -> None:
        self.place.jobs.keep_card(card.draft_id, asdict(card))

    def _say(
        self, record: JobRecord, kind: str, role: str, text: str, data: dict[str, Any]
    ) -> None:
        self.place.jobs.add_interaction(record.id, kind, role, text, data)
