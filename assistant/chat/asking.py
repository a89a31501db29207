"""Questions of a job as cards, and the offer to take a prompt elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from assistant.chat.answering import words
from assistant.chat.events import QuestionCard
from assistant.job.guide import Guide
from assistant.job.questions import OpenQuestion, Question
from assistant.job.routing import Offer
from assistant.settings import Settings
from assistant.store.jobs import JobRecord

ROUTE = "route"
_KINDS: dict[str, Literal["clarify", "approve", "plan", "complete"]] = {
    "CLARIFY": "clarify", "PLAN": "plan", "APPROVE": "approve", "JOB-COMPLETE": "complete",
}  # fmt: skip


def card_of(asked: OpenQuestion) -> QuestionCard:
    """A question that waits, as a card."""
    return QuestionCard(
        _KINDS[asked.kind], asked.text, asked.options, number=asked.number, asks=asked.kind,
        details=str(asked.facts.get("review", "")),
    )  # fmt: skip


def cards_of(asked: Sequence[OpenQuestion]) -> list[QuestionCard]:
    """Those that are asked in the conversation; a draft has a card of its own."""
    return [card_of(one) for one in asked if one.about != "draft"]


def offer_question(settings: Settings, offer: Offer, focused: JobRecord, text: str) -> Question:
    """Where a prompt shall go: there, or where one is."""
    noun = settings.noun
    there = words("switch_to", job=offer.job) if offer.job else words("open_new", noun=noun)
    stay = words("stay_in", job=focused.name)
    said = words("route", why=offer.why, noun=noun, text=" ".join(text.split())[:300])
    facts: dict[str, Any] = {"target": offer.job, "prompt": text}
    return Question("CLARIFY", said, (there, stay), ROUTE, facts)


def remembered(guide: Guide, focused: JobRecord, target: str) -> str:
    """What the person answered before to the same offer: go, stay, or nothing."""
    kept = guide.runs.remembered(focused.id, "routing", target or "new")
    return kept if isinstance(kept, str) else ""


def remember(guide: Guide, focused: JobRecord, target: str, word: str) -> None:
    """Remember the answer to an offer: go or stay."""
    guide.runs.remember(focused.id, "routing", target or "new", word)
