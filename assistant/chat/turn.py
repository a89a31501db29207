"""A prompt becomes a turn: routed to its job, read by the builder, answered with events.

Nothing outside is changed in a turn without the person's word: a job is only drafted, and a
skill that writes waits with a question before it is called.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

from assistant.builder.drafting import Builder
from assistant.builder.questions import Surroundings
from assistant.chat import (
    answering,
    asking,
    cards,
    closing,
    commands,
    context,
    guided,
    outcomes,
    plain_talk,
    planning,
    proposing,
    referring,
    replies,
    run_end,
    run_talk,
    waiting_drafts,
)
from assistant.chat.events import (
    DraftCard,
    DryRun,
    KnowledgeOffered,
    Notice,
    PhaseChanged,
    RoutedTo,
    RunCard,
    TextDelta,
    Thinking,
    ToolDone,
    TurnEvent,
)
from assistant.chat.following import follow
from assistant.chat.summaries import in_full
from assistant.chat.unclear import rambling, unclear
from assistant.engine.request import RunRequest
from assistant.engine.values import Values
from assistant.errors import AssistantError, ModelUnavailable
from assistant.job.routing import checked_prompt, elsewhere, route
from assistant.job.running import request_for
from assistant.job.templates import offered
from assistant.job.waiting import gone_on
from assistant.models.local import LocalModel
from assistant.schedule.cron import zone_here
from assistant.skills.databases.spoken import SpokenDatabases
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
        job = self.place.jobs.find(focus) if focus else None
        before = self._last_said(job)
        try:
            async for event in self._heard(text, focus, job, dry_run, model):
                if isinstance(event, RoutedTo) and (job is None or job.id != event.job_id):
                    job = self.place.jobs.get(event.job_id)
                    before = 0 if event.new else self._last_said(job)
                yield event
        except AssistantError as wrong:
            hint = (
                answering.without_model(wrong)
                if isinstance(wrong, ModelUnavailable)
                else wrong.hint
            )
            notice = self._notice(wrong, hint)
            if job is None:
                yield notice
            elif self.place.jobs.find(job.id):
                self.note(job, notice)
                yield notice
        if job is None:
            return
        for event in self._moves(job, before):
            yield event
        if self.place.jobs.find(job.id) is None:
            yield answering.deleted(job)

    async def answer(
        self, number: int, text: str, *, by: str = "person", model: str = ""
    ) -> AsyncIterator[TurnEvent]:
        """Answer a question that waits in a job, and tell what follows. Trouble is a `Notice`."""
        try:
            asked = replies.waiting(self, number)
            before = self._last_said(self.place.jobs.get(asked.job_id))
            async for event in replies.take(self, asked, text, by=by, model=model):
                yield event
            for event in self._moves(self.place.jobs.get(asked.job_id), before):
                yield event
        except AssistantError as wrong:
            yield self._notice(wrong, wrong.hint)

    async def _heard(
        self, text: str, focus: str, job: JobRecord | None, dry_run: bool, model: str
    ) -> AsyncIterator[TurnEvent]:
        """What a prompt comes to: a command, talk, an order about a job, a reply, or a request."""
        place = self.place
        if commands.is_command(text):
            stream = commands.run(self, text, focus)
        elif asked := run_talk.meant(place, text, job):
            stream = run_talk.take(self, text, *asked, job)
        elif kind := plain_talk.meant(place, text, job, model):
            yield plain_talk.told(place, text, kind, job)
            return
        elif order := referring.meant(place, text, job):
            stream = referring.take(self, text, order, job)
        elif replied := replies.meant(self, job, text):
            if isinstance(replied, str):
                yield TextDelta(place.settings.spoken(replied))
                return
            stream = replies.take(self, replied, text, dry_run=dry_run, model=model)
        elif command := commands.in_plain_words(text, focus):
            stream = commands.run(self, command, focus)
        elif job is None and (changed := waiting_drafts.meant(place, text)):
            if isinstance(changed, str):
                yield TextDelta(place.settings.spoken(changed))
                return
            stream = self._routed(text, changed, dry_run, model)
        else:
            stream = self._routed(text, job, dry_run, model)
        async for event in stream:
            yield event

    def _notice(self, wrong: AssistantError, hint: str) -> Notice:
        """Trouble in the person's own words for things."""
        said = self.place.settings.spoken
        return Notice(wrong.code, said(wrong.message), said(hint))

    async def approve(self, draft_id: str, *, by: str = "person") -> AcceptedVersion:
        """Say yes to a draft. Raises JobInvalid or TargetUnresolved."""
        return await asyncio.to_thread(self.place.lifecycle.approve, draft_id, by=by)

    async def run_now(self, ident: str, **more: Any) -> AsyncIterator[TurnEvent]:
        """Run a job's version in force and tell it. Raises JobNotFound, TargetUnresolved …"""
        record = self.place.jobs.get(ident)
        request = request_for(self.place.jobs, record, trigger={"kind": "chat"}, **more)
        async for event in self.run(record, request):
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
            self.say(record, "decision", "person", f"{word}: {path}", {"run": run_id, "by": by})
        await gone_on(self.place.runs, run_id, path)
        async for event in self.told(record, run_id):
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

    async def _routed(
        self, text: str, focused: JobRecord | None, dry_run: bool, model: str
    ) -> AsyncIterator[TurnEvent]:
        """Route a prompt, ask where it belongs when that is plainly elsewhere, and answer it."""
        said = checked_prompt(text)
        guide, target = self.place.guide, focused
        offer = elsewhere(self.place.jobs, said, focused) if focused else None
        if offer is not None and focused is not None:
            word = asking.remembered(guide, focused, offer.job)
            if not word:
                yield RoutedTo(focused.id, focused.name, focused.title, new=False)
                question = asking.offer_question(self.place.settings, offer, focused, said)
                for asked in guide.ask(focused.id, [question]):
                    yield asking.card_of(asked)
                return
            if word == "go":
                target = self.place.jobs.find(offer.job) if offer.job else None
        async for event in self.prompted(said, target, dry_run=dry_run, model=model):
            yield event

    async def prompted(
        self, said: str, target: JobRecord | None, *, dry_run: bool = True, model: str = ""
    ) -> AsyncIterator[TurnEvent]:
        """Attach a prompt to a job, or to a new one, and answer it."""
        if target is not None:
            self.place.guide.hear(target.id)
        routed = route(self.place.jobs, said, target.id if target else "")
        yield RoutedTo(routed.job.id, routed.job.name, routed.job.title, routed.new, routed.also)
        if routed.new:
            for event in self._known(routed.job, said):
                yield event
        async for event in self.go_on(routed.job, dry_run=dry_run, model=model):
            yield event

    async def go_on(
        self, record: JobRecord, *, dry_run: bool = True, model: str = ""
    ) -> AsyncIterator[TurnEvent]:
        """Answer what was said last in a job."""
        yield Thinking("Reading the request")
        if guided.is_for(self.place, record, model):
            async for event in guided.go_on(self, record.id, model):
                yield event
            return
        if not self._awake:
            await self.wake(model)
        request, around, shown = await asyncio.to_thread(self._around, record)
        if around.focus is None and (odd := unclear(request, self.place.settings.nouns)):
            for asked in self.place.guide.ask(record.id, [odd.question(request)]):
                yield asking.card_of(asked)
            return
        if note := rambling(request):
            yield TextDelta(note)
        drafted = await self.builder().draft(request, around, model=model)
        match drafted.kind:
            case "job":
                stream = outcomes.proposed(self, record, drafted, request, dry_run)
            case "call":
                stream = outcomes.called(self, record, drafted, shown)
            case "clarify":
                stream = outcomes.asked_for(self, record, drafted)
            case "edit":
                stream = outcomes.edited(self, record, drafted, request, dry_run)
            case _ if offer := planning.offer(self.place, record, request, model):
                for event in planning.card(self, record, offer):
                    yield event
                return
            case _:
                record = self.place.jobs.get(record.id)
                stream = answering.answer(self.place, record, drafted.kind, model)
        async for event in stream:
            yield event
        await answering.summarised(self.place, record.id, model)

    def _known(self, record: JobRecord, said: str) -> list[TurnEvent]:
        """What is known from earlier jobs and fits a new one; kept with what was said."""
        found = self.place.guide.offered(record, said)
        for known in found:
            text = answering.words("known", job=known.job or known.name, text=known.text)
            self.say(record, "known", "system", text, {"name": known.name, "job": known.job})
        return [KnowledgeOffered(known.name, known.job, known.text) for known in found]

    def _last_said(self, record: JobRecord | None) -> int:
        last = self.place.jobs.interactions(record.id, last=1) if record else []
        return last[-1].id if last else 0

    def _moves(self, record: JobRecord, before: int) -> list[TurnEvent]:
        """The moves of a job since an interaction, as events."""
        return [
            PhaseChanged(record.id, i.data["from"], i.data["to"], i.data["cycle"],
                         i.data["reason"], i.data["footer"])
            for i in self.place.jobs.interactions(record.id, after=before)
            if i.kind == "phase"
        ]  # fmt: skip

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
            spoken = SpokenDatabases(place.settings.databases, place.secrets)
            self._builder = Builder(
                place.library, place.models, jobs=context.called_job(place.jobs),
                timezone=lambda: zone_here(place.settings.timezone),
                databases=lambda: spoken.now(place.settings.databases),
                templates=lambda: offered(place.settings.templates_dir),
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

    async def propose(self, ident: str, yaml: str, **more: Any) -> DraftCard:
        """Keep a job file as the job's open draft: see `proposing`. Raises JobInvalid."""
        return await proposing.propose(self, ident, yaml, **more)

    # Telling runs

    async def run(
        self, record: JobRecord, request: RunRequest, *, moves: bool = True
    ) -> AsyncIterator[TurnEvent]:
        """Submit a run of a job and tell it. `moves`: its end moves the job on."""
        engine = await self.place.engine()
        run_id = await engine.submit(request)
        async for event in self.told(record, run_id, moves=moves):
            yield event

    async def told(
        self, record: JobRecord | None, run_id: str, *, moves: bool = True
    ) -> AsyncIterator[TurnEvent]:
        """Follow a run; its result is written down in its job."""
        last: ToolDone | None = None
        async for event in follow(self.place, run_id):
            if isinstance(event, ToolDone):
                last = event
                if record is not None:
                    facts = {"run": run_id, "skill": event.skill, "status": event.status,
                             "seconds": event.seconds}  # fmt: skip
                    self.say(record, "result", "assistant", event.summary, facts)
            ended = isinstance(event, RunCard) and event.receipt is not None
            if ended and record is not None:
                text = in_full(last.output if last else None) or run_end.came_to(self.place, run_id)
                if text:
                    self.say(record, "answer", "assistant", text, {"run": run_id})
                    yield TextDelta(text)
            if isinstance(event, Notice) and record is not None:
                self.note(record, event)
            yield event
        if record is not None and moves:
            async for event in closing.after_run(self, record.id, run_id):
                yield event

    def note(self, record: JobRecord, notice: Notice) -> None:
        """Trouble is part of what was said: it is there after a reload, and in the job's memory."""
        self.say(record, "notice", "assistant", notice.message,
                  {"code": notice.code, "hint": notice.hint})  # fmt: skip

    def keep(self, card: DraftCard) -> None:
        self.place.jobs.keep_card(card.draft_id, asdict(card))

    def say(self, record: JobRecord, kind: str, role: str, text: str, data: dict[str, Any]) -> None:
        self.place.jobs.add_interaction(record.id, kind, role, text, data)
