"""What the page asks of the rooms below: a browser's session, its focus, its turn in progress.

A turn runs as a task of the server, not of the page: a closed tab, a reload or a second tab
changes nothing about it. Screens are made from the store and, while a turn runs, from its events.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import replace
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

from assistant.chat.events import Notice, RoutedTo, TurnEvent, card_from
from assistant.errors import AssistantError, BindingsInvalid
from assistant.job.archive import export
from assistant.job.waiting import decide
from assistant.panel import attaching, beside, cards, composer, question_cards, views
from assistant.panel.addresses import Address
from assistant.panel.debug_desk import DebugDesk
from assistant.panel.drawing_parts import toggled
from assistant.panel.messages import from_interactions, from_turn, unspoken
from assistant.panel.pane import Pane
from assistant.panel.place import Said, Values
from assistant.panel.places.opening import makers
from assistant.panel.placing import Placing
from assistant.panel.question_cards import ANSWER
from assistant.panel.reading import parsed
from assistant.panel.screen import ChatMessage, Screen
from assistant.panel.session import STARTERS, Session
from assistant.panel.texts import call_jobs, say
from assistant.panel.works import Works
from assistant.pipeline.spec import Job
from assistant.store.jobs import JobRecord
from assistant.workplace import Workplace

if TYPE_CHECKING:
    from assistant.chat.turn import Conversation

PAUSE_BETWEEN_SCREENS = 0.12
SHOWN_MESSAGES = 30
"""The page draws every shown message at each word of a turn: the fewer, the faster it answers."""
EARLIER_MESSAGES = 60


class PanelDesk:
    """Implements what `layout.Desk` asks for, on one open workplace."""

    def __init__(self, place: Workplace, *, demo_feed: str = "") -> None:
        call_jobs(place.settings.noun, place.settings.nouns)
        self.place = place
        self.pane = Pane(place)
        self.debug = DebugDesk(place)
        self.demo_feed = demo_feed
        self.sessions: dict[str, Session] = {}
        self.works = Works()
        self.placing = Placing(
            makers(place, self.works, lambda: self.conversation),
            {"chat.model": self._choose_model, "chat.attach": self._attach, ANSWER: self._answer},
        )
        self._warming: asyncio.Task[None] | None = None

    @cached_property
    def conversation(self) -> Conversation:
        """What answers prompts. Loaded when it is first asked for: it is large, and the page is
        shown without it."""
        from assistant.chat.turn import Conversation

        return Conversation(self.place)

    async def open(self) -> None:
        """Run jobs and keep schedules in this process; the model is made ready meanwhile."""
        await self.place.keep_schedules()
        await asyncio.to_thread(import_module, "assistant.chat.turn")
        self._warming = asyncio.create_task(self._warm())

    async def close(self) -> None:
        for session in self.sessions.values():
            if session.turn is not None:
                session.turn.cancel()
        turns = [s.turn for s in self.sessions.values() if s.turn is not None]
        if self._warming is not None:
            self._warming.cancel()
            turns.append(self._warming)
        await asyncio.gather(*turns, return_exceptions=True)
        await self.works.close()

    async def _warm(self) -> None:
        """Ask something small, so that the first real prompt finds everything loaded."""
        with contextlib.suppress(AssistantError):
            await self.conversation.builder().draft("hello")

    @property
    def starters(self) -> list[str]:
        feed = self.demo_feed or "https://example.org/feed.xml"
        return [say(f"starters.{name}", feed=feed) for name in STARTERS]

    # What a tab shows

    def screen(self, session: str, address: str = "") -> Screen:
        """What a tab shows that is at an address of the panel."""
        call_jobs(self.place.settings.noun, self.place.settings.nouns)
        shown = self._chat(session)
        return replace(shown, place=self.placing.show(address, session))

    def _chat(self, session: str) -> Screen:
        mine = self._session(session)
        record = self.place.jobs.find(mine.focus) if mine.focus else None
        jobs, foot = beside.job_list(self.place, self.pane, mine.focus), self._foot()
        under = composer.under(self.place, mine.model)
        if record is None:
            return Screen(
                messages=[*mine.aside, *from_turn(mine.said, mine.events, mine.notice)],
                jobs=jobs,
                foot=foot,
                under=under,
                pipeline=views.pane_empty() + views.body(beside.commands(None, None, None)),
                busy=mine.busy,
            )
        draft = self.place.jobs.open_draft(record.id)
        run = self.pane.run_shown(record)
        yaml = self.pane.text(record, draft)
        job = parsed(yaml)
        most = SHOWN_MESSAGES + mine.earlier
        spoken = self.place.jobs.interactions(record.id, last=most + 1)
        live = mine.events if mine.busy else []
        drawing = (
            self.pane.drawing(record, job, None if draft else run, mine.folded)
            if job is not None
            else ""
        )
        card = card_from(draft.card) if draft is not None and draft.card else None
        asked = question_cards.cards(self.place.guide.open_questions(record.id))
        none = "being_read" if mine.busy else "answer_first" if asked else ""
        body = cards.draft(card, drawing) if card is not None else cards.pipeline(drawing, none)
        spoken_of = from_interactions(spoken[-most:]) or unspoken(record.title or record.name)
        return Screen(
            messages=[*spoken_of, *from_turn("", live, mine.notice)],
            earlier=len(spoken) > most,
            jobs=jobs,
            foot=foot,
            under=under,
            asked="" if mine.busy else asked,
            head=self.pane.head(record, draft, run, job),
            pipeline=body + views.body(beside.commands(record, draft, run)),
            output=self.pane.output(run),
            log=self.pane.log(run),
            history=self.pane.history(record, yaml),
            debug=self.debug.shown(record, self._in_force(record), mine.looked_at),
            dock=beside.dock(self.place, record, draft, card, run),
            actions=beside.actions(record, run),
            busy=mine.busy,
        )

    # What a person does

    async def prompt(self, session: str, text: str) -> AsyncIterator[Screen]:
        """Take a turn; screens follow as it goes on."""
        mine = self._session(session)
        if not mine.busy:
            mine.events, mine.said, mine.last, mine.notice = [], text, text, None
            told = self.conversation.turn(text, focus=mine.focus, model=mine.model)
            mine.turn = asyncio.create_task(self._tell(session, mine, told))
        while mine.busy:
            yield self.screen(session)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(mine.changed.wait(), 1.0)
            mine.changed.clear()
            await asyncio.sleep(PAUSE_BETWEEN_SCREENS)
        yield self.screen(session)

    def go(self, session: str, address: str) -> None:
        """Follow a link: one into the chat also focuses its job."""
        at = Address.parse(address)
        ident = at.part(1) if at.place == "chat" else ""
        record = self.place.jobs.find(ident) if ident else None
        if record is not None and record.id != self._session(session).focus:
            self.focus(session, record.id)

    async def act(self, session: str, name: str, values: object) -> Said:
        """Do what a button or a form of a place names."""
        return await self.placing.act(name, values, session)

    def archive(self, job: str) -> bytes | None:
        """A job with all it needs in one file; None when there is no version of it.

        Raises BindingsInvalid when a secret was written out in it.
        """
        record = self.place.jobs.find(job)
        if record is None or not record.version:
            return None
        return export(self.place.jobs, record, self.place.secrets.masker())

    def show_earlier(self, session: str) -> None:
        """Show more of what was said in the focused job."""
        self._session(session).earlier += EARLIER_MESSAGES

    def fold(self, session: str, path: str) -> None:
        """Fold or unfold a part of the focused job's pipeline."""
        mine = self._session(session)
        mine.folded = toggled(mine.folded, path)

    async def again(self, session: str) -> AsyncIterator[Screen]:
        """Ask the last prompt of the focused job once more."""
        mine = self._session(session)
        said = self.place.jobs.interactions(mine.focus) if mine.focus else []
        last = next((one.text for one in reversed(said) if one.kind == "prompt"), mine.last)
        if not last:
            yield self.screen(session)
            return
        async for screen in self.prompt(session, last):
            yield screen

    def stop(self, session: str) -> None:
        mine = self._session(session)
        if mine.turn is not None:
            mine.turn.cancel()

    def focus(self, session: str, job: str) -> None:
        """Look at another job; an empty id begins a new one with the next prompt."""
        mine = self._session(session)
        mine.focus, mine.looked_at, mine.notice, mine.folded = job, "", None, set()
        mine.earlier = 0
        self.place.runs.remember("", "panel-focus", session, job)
        if mine.aside:
            self._keep_aside(session, mine, [])

    async def approve(self, session: str, *, run: bool) -> None:
        """Say yes to what waits: the open draft, or the questions of a run."""
        async with self._answering(session) as record:
            draft = self.place.jobs.open_draft(record.id)
            if draft is None:
                self._decide(record, approved=True)
                return
            self.place.lifecycle.approve(draft.id)
            if run:
                self._start(session, record)

    async def reject(self, session: str) -> None:
        async with self._answering(session) as record:
            draft = self.place.jobs.open_draft(record.id)
            if draft is None:
                self._decide(record, approved=False)
            else:
                self.place.lifecycle.reject(draft.id)

    async def replace(self, session: str, yaml: str) -> None:
        """Put an edited job file in the draft's place, checked first."""
        async with self._answering(session) as record:
            await self.conversation.propose(record.id, yaml)

    async def run(self, session: str) -> None:
        async with self._answering(session) as record:
            self._start(session, record)

    async def cancel(self, session: str) -> None:
        async with self._answering(session) as record:
            engine = await self.place.engine()
            for row in self.place.runs.list(job_id=record.id, limit=20):
                if not row.ended:
                    await engine.cancel(row.id)

    async def pause(self, session: str, *, wanted: bool) -> None:
        """Pause the job in focus, or let it go on; nothing when it is so already."""
        async with self._answering(session) as record:
            if bool(record.paused) != wanted:
                change = self.place.lifecycle.pause if wanted else self.place.lifecycle.resume
                change(record.id)

    # The debugger

    async def debug_begin(self, session: str, path: str, inputs: str, *, dry: bool) -> None:
        async with self._answering(session) as record:
            await self.debug.begin(record, path, inputs, dry=dry)

    def debug_look_at(self, session: str, path: str) -> None:
        self._session(session).looked_at = path

    async def debug_step(self, session: str) -> None:
        async with self._answering(session) as record:
            await self.debug.step(record, self._session(session).looked_at)

    async def debug_go_on(self, session: str) -> None:
        async with self._answering(session) as record:
            await self.debug.go_on(record, self._session(session).looked_at)

    async def debug_skip(self, session: str) -> None:
        async with self._answering(session) as record:
            await self.debug.skip(record, self._session(session).looked_at)

    async def debug_abort(self, session: str) -> None:
        async with self._answering(session) as record:
            await self.debug.abort(record, self._session(session).looked_at)

    async def debug_use(self, session: str, text: str) -> None:
        async with self._answering(session) as record:
            await self.debug.use(record, self._session(session).looked_at, text)

    # Inside

    async def _choose_model(self, values: Values) -> Said:
        mine = self._session(values.session)
        mine.model = values.text("value", needed=False)
        return Said()

    async def _answer(self, values: Values) -> Said:
        """Answer a question that waits in the focused job; what follows is a turn."""
        mine, number = self._session(values.session), values.text("number")
        if not number.isdecimal():
            raise BindingsInvalid(say("asked.no_question", number=number[:20]))
        told = self.conversation.answer(int(number), values.text("text"), model=mine.model)
        if mine.busy:
            return Said(say("asked.busy"), "calm")
        mine.events, mine.said, mine.notice = [], "", None
        mine.turn = asyncio.create_task(self._tell(values.session, mine, told))
        return Said()

    async def _attach(self, values: Values) -> Said:
        return await asyncio.to_thread(attaching.attach, self.place, values.given.get("file"))

    def _in_force(self, record: JobRecord) -> Job | None:
        return parsed(self.pane.text(record, None))

    def _session(self, session: str) -> Session:
        if session not in self.sessions:
            kept = self.place.runs.remembered("", "panel-focus", session)
            aside = self.place.runs.remembered("", "panel-aside", session)
            self.sessions[session] = Session(
                focus=kept if isinstance(kept, str) else "", aside=aside or []
            )
        return self.sessions[session]

    def _keep_aside(self, session: str, mine: Session, told: list[ChatMessage]) -> None:
        """What is said to no job is kept by the browser's session, so that a restart loses nothing."""
        mine.aside = told[-SHOWN_MESSAGES:]
        self.place.runs.remember("", "panel-aside", session, mine.aside)

    async def _tell(self, session: str, mine: Session, events: AsyncIterator[TurnEvent]) -> None:
        """Keep a turn's events where screens find them. Stopping leaves a started run alone."""
        try:
            async for event in events:
                if isinstance(event, RoutedTo):
                    self.focus(session, event.job_id)
                elif isinstance(event, Notice) and not mine.focus:
                    # What concerns a job is kept in its conversation; this has none.
                    mine.notice = event
                mine.events.append(event)
                mine.changed.set()
        except AssistantError as wrong:
            mine.notice = Notice(wrong.code, wrong.message, wrong.hint)
        except asyncio.CancelledError:
            mine.notice = Notice("job_cancelled", say("chat.stopped"), say("chat.stopped_hint"))
        finally:
            if not mine.focus:
                told = from_turn(mine.said, mine.events, mine.notice)
                self._keep_aside(session, mine, [*mine.aside, *told])
                mine.notice = None
            mine.events, mine.said = [], ""
            mine.changed.set()

    @contextlib.asynccontextmanager
    async def _answering(self, session: str) -> AsyncGenerator[JobRecord]:
        """The focused job; an error inside becomes the session's notice."""
        mine = self._session(session)
        mine.notice = None
        try:
            yield self.place.jobs.get(mine.focus)
        except AssistantError as wrong:
            mine.notice = Notice(wrong.code, wrong.message, wrong.hint)

    def _decide(self, record: JobRecord, *, approved: bool) -> None:
        """Answer everything that the shown run waits with."""
        run = self.pane.run_shown(record)
        if run is not None:
            decide(self.place.runs, run.id, approved=approved, by="panel")

    def _start(self, session: str, record: JobRecord) -> None:
        """Run the version in force as a turn of its own, told like any other."""
        mine = self._session(session)
        if not mine.busy:
            mine.events, mine.said = [], ""
            told = self.conversation.run_now(record.id)
            mine.turn = asyncio.create_task(self._tell(session, mine, told))

    def _foot(self) -> str:
        return cards.foot(self.place.settings.model, self.demo_feed)
