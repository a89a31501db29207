"""Guided work: a capable model goes through the phases of a job with a plan, by small tools.

The stop gate: a turn does not end with work its phase still expects. The model is re-oriented by
the phase's voice, a set number of times; then it is said plainly what the job waits for.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from assistant.chat import asking, closing
from assistant.chat.answering import ANSWER, SMALLEST, STARTER, shorter, summarised, words
from assistant.chat.events import QuestionCard, TextDelta, Thinking, ToolDone, TurnEvent
from assistant.chat.guided_tools import DONE, OWN, own_tools, reply_of, skills_of
from assistant.chat.guided_view import Material, given
from assistant.errors import AssistantError, PolicyDenied
from assistant.job import gates
from assistant.job.once import steps_request
from assistant.job.questions import found_in
from assistant.models.errors import ContextTooLong
from assistant.models.protocol import Message, Model, Reply, ToolCall
from assistant.store.jobs import JobRecord
from assistant.workplace import Workplace

if TYPE_CHECKING:
    from assistant.chat.turn import Conversation

MOST_CALLS = 24
"""Of a model in one turn."""


def is_for(place: Workplace, record: JobRecord, model: str = "") -> bool:
    """Whether a job is guided by a plan and there is a model that can follow it."""
    return record.stage >= 2 and (model or place.settings.model) != STARTER


async def go_on(
    conversation: Conversation, ident: str, model: str = "", *, trigger: str = "chat"
) -> AsyncIterator[TurnEvent]:
    """Work until the phase expects nothing more, the cycle ends, or it waits for the person."""
    work = Guided(conversation, ident, conversation.place.models.get(model), trigger)
    async for event in work.turn():
        yield event
    await summarised(conversation.place, ident, model)


class Guided:
    """One turn of guided work."""

    def __init__(self, conversation: Conversation, ident: str, model: Model, trigger: str) -> None:
        self._conversation = conversation
        self._place = conversation.place
        self._id = ident
        self._model = model
        self._trigger = trigger
        self._since: list[Message] = []
        self._stopped = False
        last = conversation.place.jobs.interactions(ident, last=1)
        self._begun = last[-1].id if last else 0

    async def turn(self) -> AsyncIterator[TurnEvent]:
        cycle = self._record().cycle
        orientations = self._place.settings.reorientations
        for _ in range(MOST_CALLS):
            yield Thinking(f"Working: {self._record().phase}")
            reply = await self._ask()
            async for event in self._take(reply):
                yield event
            if self._stopped or self._record().cycle != cycle:
                return
            if reply.tool_calls:
                continue
            standing = self._place.guide.standing(self._id)
            expected = gates.expects(standing)
            if not expected or orientations == 0:
                for event in self._ends(standing, expected):
                    yield event
                return
            orientations -= 1
            speaker = self._place.guide.plans.speaker(self._record())
            voice = speaker.speak("reorient", phase=standing.phase, expects=expected)
            self._since.append(Message("user", voice))
        yield self._say(words("waits", what="you: it has made all the calls of one turn"))

    def _record(self) -> JobRecord:
        return self._place.jobs.get(self._id)

    async def _ask(self) -> Reply:
        """Ask the model with the voices of the phase, the plan, what was said, and the calls of
        this turn: as much of it as fits. When it was longer than estimated, once more with less."""
        material, context = self._material(), self._model.context
        while True:
            view = given(material, context, self._place.settings)
            try:
                return await self._model.complete(
                    view.messages, tools=view.tools, limits=ANSWER, purpose="job.guided"
                )
            except ContextTooLong as long:
                context = shorter(context, long)
                if context < SMALLEST:
                    raise

    def _material(self) -> Material:
        record, guide = self._record(), self._place.guide
        plan, speaker = guide.plans.state(record), guide.plans.speaker(record)
        voices = [speaker.opening()]
        if plan.file == "" and record.cycle == 1:
            voices.append(speaker.speak("plan-file"))
        if self._trigger != "chat":
            voices.append(speaker.speak("work-on", phase=record.phase))
        said = [i for i in self._place.jobs.interactions(record.id) if i.id <= self._begun]
        known = [i.text for i in said if i.kind == "known"] if record.phase == "observe" else []
        about = " ".join([record.title, plan.text, *(i.text for i in said[-3:])])
        ranked = [
            offer.name for _, offer in self._conversation.builder().candidates().ranked(about)
        ]
        return Material(
            speaker, voices, plan.text, record.cycle, plan.cycles, plan.outstanding, known, said,
            self._since, own_tools(self._place, record, plan.may),
            skills_of(self._place, record.phase, ranked),
        )  # fmt: skip

    async def _take(self, reply: Reply) -> AsyncIterator[TurnEvent]:
        plain, asked = found_in(reply.text)
        if plain:
            yield self._say(plain)
        room = 3 - len(self._place.guide.open_questions(self._id))
        for question in self._place.guide.ask(self._id, asked[: max(room, 0)]):
            yield asking.card_of(question)
        self._since.append(Message("assistant", reply.text, reply.tool_calls))
        for call in reply.tool_calls:
            async for event in self._called(call):
                yield event
            if self._stopped:
                return

    async def _called(self, call: ToolCall) -> AsyncIterator[TurnEvent]:
        """Make one call; what comes of it, trouble too, is told to the model."""
        try:
            if call.name == DONE:
                async for event in self._phase_done(str(call.arguments.get("footer", ""))):
                    yield event
                told = f"The job is in {self._record().phase} now."
            elif call.name in OWN:
                told = reply_of(self._place, self._record(), call)
            else:
                told = ""
                async for event in self._skill(call):
                    if isinstance(event, ToolDone):
                        told += f"{event.status}: {event.summary}\n{str(event.output)[:2000]}"
                    self._stopped = self._stopped or isinstance(event, QuestionCard)
                    yield event
        except AssistantError as wrong:
            told = f"Refused: {wrong.message} {wrong.hint}"
        self._since.append(Message("tool", told, tool_call_id=call.id, name=call.name))

    async def _skill(self, call: ToolCall) -> AsyncIterator[TurnEvent]:
        place, record = self._place, self._record()
        skill = place.library.get(call.name)
        skill.check(call.arguments)
        effect = skill.effect_of(call.arguments)
        gates.check_effect(record.phase, call.name, effect)
        step: dict[str, Any] = {"id": call.name, "skill": call.name, "with": call.arguments}
        if effect == "write":
            step["needs_approval"] = True
        request = steps_request([step], job_id=record.id, trigger={"kind": self._trigger})
        async for event in self._conversation.run(record, request, moves=False):
            yield event

    async def _phase_done(self, footer: str) -> AsyncIterator[TurnEvent]:
        """On to the next phase; after Condense the cycle closes and the turn ends."""
        record, guide = self._record(), self._place.guide
        if expected := _missing(guide.standing(record.id).plan, record.phase):
            raise PolicyDenied(f"{record.phase} still expects {expected}")
        if record.phase == "condense":
            self._stopped = True
            async for event in closing.done(self._conversation, record.id, self._model.name):
                yield event
            return
        following = guide.cycle(record).later(record.phase)
        guide.enter(record.id, following, f"{record.phase.capitalize()} is done.", footer=footer)

    def _ends(self, standing: gates.Standing, expected: str) -> list[TurnEvent]:
        """Said plainly when a turn ends with something left."""
        waits = gates.waits_for(standing)
        if expected:
            return [
                self._say(words("waits", what=f"you: {standing.phase} still expects {expected}"))
            ]
        return [TextDelta(words("waits", what=waits))] if waits else []

    def _say(self, text: str) -> TextDelta:
        self._place.jobs.add_interaction(self._id, "answer", "assistant", text)
        return TextDelta(text)


def _missing(plan_may: str, phase: str) -> str:
    return "the plan, written" if phase == "execute" and plan_may == "write" else ""
