"""Guided work: a capable model goes through the phases of a job with a plan, by small tools.

The stop gate: a turn does not end with work its phase still expects. The model is re-oriented by
the phase's voice, a set number of times; then it is said plainly what the job waits for.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from assistant.chat import asking, closing
from assistant.chat.answering import STARTER, view, words
from assistant.chat.events import QuestionCard, TextDelta, Thinking, ToolDone, TurnEvent
from assistant.chat.guided_tools import DONE, OWN, offered, reply_of
from assistant.errors import AssistantError, PolicyDenied
from assistant.job import gates
from assistant.job.once import steps_request
from assistant.job.questions import found_in
from assistant.job.voices import speak
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
            voice = speak("reorient", phase=standing.phase, expects=expected)
            self._since.append(Message("user", voice))
        yield self._say(words("waits", what="you: it has made all the calls of one turn"))

    def _record(self) -> JobRecord:
        return self._place.jobs.get(self._id)

    async def _ask(self) -> Reply:
        """Ask the model with the voice of the phase, the plan, and what was said."""
        record = self._record()
        guide, said = self._place.guide, self._place.jobs.interactions(self._id)
        voices = [guide.plans.speaker(record).phase(record.phase, job_id=record.name)]
        plan = guide.plans.state(record)
        if plan.file == "" and record.cycle == 1:
            voices.append(speak("plan-file", job_id=record.name))
        if plan.text:
            voices.append(f"Cycle {record.cycle} of {plan.cycles}. The plan:\n{plan.text}")
        if plan.outstanding:
            items = "\n".join(f"- {item}" for item in plan.outstanding)
            voices.append(speak("outstanding", items=items))
        facts = "\n".join(i.text for i in said if i.kind == "known")
        if facts and record.phase == "observe":
            voices.append(speak("known-before", facts=facts))
        if self._trigger != "chat":
            voices.append(speak("work-on", job_id=record.name, phase=record.phase))
        room = self._model.context - sum(len(m.text) // 3 for m in self._since)
        messages = view(self._place, said, max(room, 1024), "\n\n".join(voices))
        tools = offered(self._place, record, plan.may)
        return await self._model.complete(
            (*messages, *self._since[-MOST_CALLS:]), tools=tools, purpose="job.guided"
        )

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
