"""Work of several parts ("a series of five posts"): offered a plan of cycles, where a model can follow one."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from assistant.chat import answering, asking, context, guided
from assistant.chat.answering import STARTER, words
from assistant.chat.events import TextDelta, TurnEvent
from assistant.grounding.languages import fold
from assistant.job.questions import OpenQuestion, Question
from assistant.store.jobs import JobRecord
from assistant.workplace import Workplace

if TYPE_CHECKING:
    from assistant.chat.turn import Conversation

PLANNED = "planned"
WITH_PLAN, AT_ONCE = "With a plan", "Answer at once"
_UNITS = (
    r"(?:steps?|parts?|cycles?|chapters?|stages?|instal?lments?|episodes?|posts?|articles?|lessons?|sections?|"
    r"schritten?|teilen?|kapiteln?|folgen|etapes|parties|chapitres|pasos|partes|capitulos|passi|parti|capitoli|"
    r"passos|etapas|stappen|delen|hoofdstukken)"
)
_COUNT = (
    r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|several|a few|multi|zwei|drei|vier|funf|sechs|"
    r"mehreren|deux|trois|quatre|cinq|plusieurs|dos|tres|cuatro|cinco|seis|varias|varios|due|tre|quattro|cinque|sei|"
    r"dois|quatro|twee|drie|vijf|zes)"
)
_PARTS = re.compile(
    rf"\b(?:(?:series|course|sequence|set) of\b.{{0,30}}\b{_UNITS}|"
    rf"(?:blog|article|mail|video|podcast|tutorial|post) series|(?:in|en|em) {_COUNT} (?:\w+ )?{_UNITS}|"
    rf"{_COUNT}[- ](?:step|part|chapter|cycle|lesson)\b|"
    rf"(?:chapter|part|section) by (?:chapter|part|section))"
)
_MAKING = re.compile(
    r"\b(?:plan\w*|writ\w+|draft\w*|outline|prepare|develop|create|produce|make|work out|schreib\w*|entwirf|erstelle|"
    r"ecris|redige|prepare\w*|escribe|prepara|redacta|scrivi|escreva|schrijf|maak)\b"
)


def offer(place: Workplace, record: JobRecord, request: str, model: str) -> Question | None:
    """The question whether work of several parts shall have a plan; None where it is not that, no
    model can follow one, or it was said before whether there is one."""
    if (model or place.settings.model) == STARTER or place.guide.guidance.of(record.id).plan:
        return None
    said = fold(request)
    if context.file_of(place.jobs, record) or not (_PARTS.search(said) and _MAKING.search(said)):
        return None
    facts = {"model": model or place.settings.model}
    return Question("PLAN", words("plan_offer"), (WITH_PLAN, AT_ONCE), PLANNED, facts)


async def decided(
    conversation: Conversation, record: JobRecord, asked: OpenQuestion, said: str, model: str
) -> AsyncIterator[TurnEvent]:
    """The person's word: plan.md guides the job from now on, or it goes without a plan."""
    place, model = conversation.place, model or str(asked.facts["model"])
    place.guide.plans.set_file(record.id, "plan.md" if said == WITH_PLAN else "false")
    record = place.jobs.get(record.id)
    if said == WITH_PLAN:
        stream = guided.go_on(conversation, record.id, model)
    else:
        stream = answering.answer(place, record, "answer", model)
    async for event in stream:
        yield event


def named(conversation: Conversation, record: JobRecord, file: str) -> TextDelta:
    """Name the plan of a job as `/plan FILE` does. Raises PolicyDenied, BindingsInvalid."""
    guide = conversation.place.guide
    guide.plans.set_file(record.id, file)
    row = guide.guidance.of(record.id)
    return TextDelta(words("plan_declined" if row.plan == "none" else "plan_named",
                           name=record.name, file=row.plan))  # fmt: skip


def card(conversation: Conversation, record: JobRecord, question: Question) -> list[TurnEvent]:
    """The question as it waits in the job."""
    return [asking.card_of(one) for one in conversation.place.guide.ask(record.id, [question])]
