"""Stories with the model that ships: it chooses skills, the person writes and judges, and the job
goes through its phases, cycles and stages as with any other model."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from assistant.chat import reading
from assistant.chat.events import (
    DraftCard,
    Notice,
    PhaseChanged,
    QuestionCard,
    RoutedTo,
    RunCard,
    TextDelta,
    ToolDone,
)
from assistant.chat.turn import Conversation
from assistant.demo import DemoSite
from assistant.settings import Settings
from assistant.workplace import Workplace
from tests.chat.test_turn import only


@pytest.fixture
async def place(settings: Settings, site: DemoSite) -> AsyncIterator[Workplace]:
    reaching = settings.model_copy(update={"allow_origins": (site.origin,)})
    opened = Workplace.open(reaching)
    yield opened
    await opened.close()


class Session:
    """What a person says in a browser session that has a focus of its own."""

    def __init__(self, place: Workplace) -> None:
        self.conversation = Conversation(place)
        self.focus = ""

    async def say(self, text: str) -> list[Any]:
        turn = self.conversation.turn(text, focus=self.focus, dry_run=False)
        return self._heard([event async for event in turn])

    async def answer(self, card: QuestionCard, text: str) -> list[Any]:
        return self._heard([e async for e in self.conversation.answer(card.number, text)])

    def _heard(self, events: list[Any]) -> list[Any]:
        for routed in only(events, RoutedTo):
            self.focus = routed.job_id
        assert only(events, Notice) == []
        return events


@pytest.fixture
def session(place: Workplace) -> Session:
    return Session(place)


async def test_a_question_is_answered_with_two_tools_in_two_turns_without_ceremony(
    place: Workplace, session: Session, site: DemoSite
) -> None:
    events = await session.say(f"What is new in {site.feed} ?")
    assert only(events, RoutedTo)[0].new
    assert site.stories[0].title in only(events, TextDelta)[-1].text
    events += await session.say("Which of them are about batteries?")
    assert [(done.skill, done.status) for done in only(events, ToolDone)] == [
        ("fetch_feed", "succeeded"), ("rank_items", "succeeded"),
    ]  # fmt: skip
    assert len({routed.job_id for routed in only(events, RoutedTo)}) == 1
    assert "batteries" in only(events, TextDelta)[-1].text.lower()
    assert only(events, QuestionCard) == []
    moves = [(move.before, move.phase) for move in only(events, PhaseChanged)]
    assert moves[:2] == [("observe", "execute"), ("execute", "verify")]
    assert place.jobs.get(session.focus).phase == "verify"


async def test_a_question_that_takes_two_tools_is_answered_in_one_turn(
    place: Workplace, session: Session, site: DemoSite
) -> None:
    events = await session.say(f"Which stories in {site.feed} are about batteries?")
    assert [(done.skill, done.status) for done in only(events, ToolDone)] == [
        ("fetch_feed", "succeeded"), ("rank_items", "succeeded"),
    ]  # fmt: skip
    assert only(events, DraftCard) == only(events, QuestionCard) == []
    assert [(move.before, move.phase) for move in only(events, PhaseChanged)] == [
        ("observe", "execute"), ("execute", "verify"),
    ]  # fmt: skip
    assert "batteries" in only(events, TextDelta)[-1].text
    assert place.jobs.get(session.focus).version == 0


PLAN = """\
# A post about batteries

Cycles: 5

## Cycles

Read what there is, then a part in each cycle.

## Outstanding items
"""


async def test_a_post_of_five_planned_cycles_whose_sources_the_model_finds(
    place: Workplace, session: Session, site: DemoSite
) -> None:
    guide = place.guide
    await session.say(f"What is new in {site.feed} ?")
    guide.plans.set_file(session.focus, "plan.md")
    guide.back(session.focus, "execute")
    guide.put_plan(session.focus, PLAN)
    asked = list[QuestionCard]()
    for cycle in range(1, 6):
        record = place.jobs.get(session.focus)
        assert (record.cycle, record.stage) == (cycle, 2)
        if cycle == 2:
            guide.plans.outstanding(record.id, "a photo of the ferry")
        done = only(await session.say(f"Read {site.feed} with at most {cycle} items"), ToolDone)
        assert [(one.skill, one.status) for one in done] == [("fetch_feed", "succeeded")], cycle
        asked += only(await session.say("/done"), QuestionCard)
    record, state = (
        place.jobs.get(session.focus),
        reading.plan(place, place.jobs.get(session.focus)),
    )
    assert (record.cycle, record.phase, state.cycles) == (5, "condense", 5)
    assert state.outstanding == ("a photo of the ferry",)
    assert [card.asks for card in asked] == ["JOB-COMPLETE"]
    assert len(asked[0].details.split()) >= 100
    assert reading.notes(place, record).share >= 0.8
    told = await session.answer(asked[0], "Approve completion")
    assert "is completed" in only(told, TextDelta)[-1].text
    assert place.jobs.get(record.id).status == "completed"


async def test_a_newsletter_matures_from_words_to_a_schedule_a_plan_of_voices_and_a_plugin(
    place: Workplace, session: Session, site: DemoSite
) -> None:
    card = only(
        await session.say(
            "Every weekday at 7 make me a newsletter of the five best stories about batteries from"
            f" {site.feed} and mail it to jo@example.org"
        ),
        DraftCard,
    )[-1]
    assert [step.skill for step in card.steps] == [
        "fetch_feed", "rank_items", "compile_newsletter", "send_email",
    ]  # fmt: skip
    record = place.jobs.get(card.job)
    assert (record.phase, record.version, record.enabled) == ("plan", 0, False)
    told = await session.say("yes")
    assert "It runs: Every weekday at 07:00" in only(told, TextDelta)[-1].text
    record = place.jobs.get(record.id)
    assert (record.phase, record.version, record.enabled) == ("execute", 1, True)
    assert len(place.upcoming(record.id, count=3)) == 3

    async def run() -> list[Any]:
        # As if the feed had new stories: the job forgets which it has sent.
        place.store.run("delete from memory where job = ?", card.job)
        return [e async for e in session.conversation.turn("run it", focus=record.id)]

    for _ in range(3):
        events = await run()
        assert only(events, RunCard)[-1].status == "succeeded", only(events, Notice)
    for stage in (2, 3, 4):
        [proposed] = only(events, QuestionCard)
        assert "3 times with the same steps" in proposed.question or stage > 2
        told = await session.answer(proposed, "Yes")
        assert f"stage {stage}" in only(told, TextDelta)[-1].text
        if stage == 3:
            voice = place.guide.plans.speaker(record, "execute").opening()
            assert "Keep to the steps" in voice
        if stage < 4:
            events = await run()
    plugin = place.guide.plugins.folder(card.job) / "plugin.py"
    plugin.write_text(plugin.read_text().replace("nobody@example.org", "jo@example.org"))
    sent = len(list(place.settings.outbox_dir.glob("*.eml")))
    ended = only(await run(), RunCard)[-1]
    assert (ended.status, sent) == ("failed", 5)
    assert ended.receipt is not None
    assert ended.receipt["error"]["code"] == "job_policy_denied"
    assert "jo@example.org must get no mail" in ended.receipt["error"]["message"]
    assert len(list(place.settings.outbox_dir.glob("*.eml"))) == sent
    assert (place.jobs.get(record.id).stage, place.jobs.get(record.id).enabled) == (4, True)
