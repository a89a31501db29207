"""Whole stories of focused jobs, and what a person does in the chat to move one."""

from __future__ import annotations

from typing import Any

from assistant.chat import reading
from assistant.chat.events import (
    DraftCard,
    KnowledgeOffered,
    Notice,
    PhaseChanged,
    QuestionCard,
    RoutedTo,
    RunCard,
    TextDelta,
    ToolDone,
)
from assistant.job import summary
from assistant.models.doubles import Answer, Asked
from assistant.models.errors import ContextTooLong
from assistant.models.protocol import ToolCall
from tests.chat.conftest import Room, Script
from tests.chat.test_turn import NEWSLETTER, newsletter_prompt, only

PLAN = "# Fish soup\n\nCycles: 5\n\n## Steps\n\nOne part in each cycle.\n\n## Outstanding items\n"


class Writer:
    """A model that writes a post in planned cycles, as the voices tell it."""

    def __init__(self, cycles: int = 5) -> None:
        self.plan = PLAN.replace("Cycles: 5", f"Cycles: {cycles}")
        self.done: dict[str, int] = {}
        self.asked: list[Asked] = []
        self.idle = False

    def __call__(self, asked: Asked) -> Answer:
        if asked.purpose == "job.condense":
            return {"lines": []}
        if asked.purpose == "job.summary":
            return {key: ["It is about soup."] for key in summary.Written.model_fields}
        self.asked.append(asked)
        tools, system = {tool.name for tool in asked.tools}, asked.messages[0].text
        phase = next(p for p, sign in SIGNS.items() if sign in system)
        assert "send_email" not in tools or phase == "execute"
        last = asked.messages[-1]
        if self.idle:
            return "I am thinking about it."
        if phase == "execute" and "write_plan" in tools:
            return ToolCall("write_plan", {"text": self.plan})
        if phase == "verify" and "edit_plan" in tools and not self.done.get("edited"):
            self.done["edited"] = 1
            return ToolCall("edit_plan", {"text": self.plan.replace("One part", "One good part")})
        if (
            phase == "execute"
            and last.name != "add_outstanding"
            and self.done.get("cycles", 0) == 1
        ):
            self.done["cycles"] = 2
            return ToolCall("add_outstanding", {"item": "a photo of the harbour"})
        if phase == "condense" and last.name != "keep_note":
            n = self.done["notes"] = self.done.get("notes", 0) + 1
            self.done["cycles"] = max(self.done.get("cycles", 0), 1)
            return ToolCall("keep_note", {"kind": "knowledge", "text": f"Soup fact {n} is salt."})
        return ToolCall(
            "phase_done", {"footer": f"The {phase} of this cycle has its {phase} lines."}
        )


SIGNS = {"observe": "Now you observe", "plan": "You plan the job", "execute": "You carry out",
         "verify": "You verify", "condense": "Now condense"}  # fmt: skip


def texts(events: list[Any]) -> str:
    return "\n".join(delta.text for delta in only(events, TextDelta))


async def answered(room: Room, question: QuestionCard, text: str) -> list[Any]:
    return [event async for event in room.conversation.answer(question.number, text)]


async def test_a_question_is_answered_with_two_tools_without_ceremony(room: Room) -> None:
    room.direct(Script({"kind": "call", "steps": ["fetch_feed"]}, fetch_feed={"urls": ["<feed1>"]}))
    events = await room.say(f"What is new in {room.site.feed} ?")
    job = only(events, RoutedTo)[0].job
    assert [(m.before, m.phase) for m in only(events, PhaseChanged)] == [
        ("observe", "execute"), ("execute", "verify"),
    ]  # fmt: skip
    room.direct(
        Script({"kind": "call", "steps": ["rank_items"]},
               rank_items={"topic": "batteries", "items": "${{ last.items }}"})
    )  # fmt: skip
    events += await room.say("Which of them are about batteries?", focus=job)
    assert [done.skill for done in only(events, ToolDone)] == ["fetch_feed", "rank_items"]
    assert {card.status for card in only(events, RunCard) if card.receipt} == {"succeeded"}
    assert room.place.jobs.get(job).phase == "verify"
    assert only(events, QuestionCard) == []


async def test_a_post_of_five_planned_cycles_is_written_and_completed(room: Room) -> None:
    writer, place = Writer(), room.place
    room.direct(writer)
    job = place.jobs.create("soup", title="A post about fish soup")
    place.guide.plans.set_file(job.id, "plan.md")
    seen = list[Any]()
    for prompt in ("Write a post about fish soup", *["Go on"] * 4):
        seen += await room.say(prompt, focus=job.id, model="writer")
    assert [q.asks for q in only(seen, QuestionCard)] == ["JOB-COMPLETE"], only(seen, Notice)
    record, state = place.jobs.get(job.id), reading.plan(place, place.jobs.get(job.id))
    assert (record.stage, record.cycle, record.phase, state.cycles) == (2, 5, "condense", 5)
    assert "One good part" in state.text
    assert state.outstanding == ("a photo of the harbour",)
    moves = [(m.before, m.phase) for m in only(seen, PhaseChanged) if m.cycle == 1]
    assert ("verify", "plan") in moves
    assert "Soup fact 5 is salt." in place.guide.knowledge.read("soup")
    assert reading.notes(place, record).share >= 0.8

    [complete] = only(seen, QuestionCard)
    assert complete.options == ("Review", "Approve completion")
    assert len(complete.details.split()) >= 100
    told = await answered(room, complete, "Approve completion")
    assert "soup is completed" in texts(told)
    assert place.jobs.get(job.id).status == "completed"
    # A new prompt opens it again, in a new cycle, with its plan.
    writer.idle = True
    await room.say("And a shorter one", focus=job.id, model="writer")
    again = place.jobs.get(job.id)
    assert (again.status, again.cycle) == ("active", 6)
    assert "One good part" in reading.plan(place, again).text


async def test_a_turn_that_would_end_with_work_left_is_taken_up_again_then_says_so(
    room: Room,
) -> None:
    writer = Writer()
    writer.idle = True
    room.direct(writer)
    job = room.place.jobs.create("soup")
    room.place.guide.plans.set_file(job.id, "plan.md")
    events = await room.say("Write a post", focus=job.id, model="writer")
    assert texts(events).count("I am thinking about it.") == 3
    assert "It waits for you: observe still expects the goal" in texts(events)


async def test_a_long_guided_job_is_summarised_and_each_call_fits_the_context(room: Room) -> None:
    writer, place = Writer(), room.place
    room.direct(writer)
    job = place.jobs.create("soup", title="A post about fish soup")
    place.guide.plans.set_file(job.id, "plan.md")
    for number in range(60):
        text = f"Part {number} speaks of the harbour, its cooks and their soup."
        place.jobs.add_interaction(job.id, "prompt", "person", text)
    await room.say("Write a post about fish soup", focus=job.id, model="writer")
    assert [i.data["by"] for i in place.jobs.said.of_kind(job.id, "summary")] == ["puppet"]
    first, begun = writer.asked[0], len(writer.asked)
    assert not any("It is about soup." in m.text for m in first.messages)
    await room.say("Go on", focus=job.id, model="writer")
    again = writer.asked[begun]
    assert any("It is about soup." in m.text for m in again.messages)
    assert not any("Part 30 speaks" in m.text for m in again.messages)
    assert len(again.messages) < len(first.messages)


async def test_a_call_that_was_longer_than_estimated_is_made_once_more_with_less(
    room: Room,
) -> None:
    writer = Writer()
    writer.idle = True
    sizes = list[int]()

    def small(asked: Asked) -> Answer:
        if asked.purpose != "job.guided":
            return writer(asked)
        sizes.append(sum(len(m.text) for m in asked.messages))
        long = ContextTooLong("too long", tokens=9000, context=6000)
        return long if len(sizes) == 1 else writer(asked)

    room.direct(small)
    job = room.place.jobs.create("soup")
    room.place.guide.plans.set_file(job.id, "plan.md")
    events = await room.say("Write a post. " * 400, focus=job.id, model="writer")
    assert only(events, Notice) == []
    assert sizes[1] < sizes[0]


async def test_a_newsletter_job_matures_to_a_schedule_a_plan_of_voices_and_a_plugin(
    room: Room,
) -> None:
    room.direct(
        Script({"kind": "job", "when": "<when1>",
                "steps": ["fetch_feed", "compile_newsletter", "send_email"]},
               fetch_feed={"url": "<feed1>", "urls": ["<feed1>"]},
               send_email={"to": ["<mail1>"]})
    )  # fmt: skip
    place = room.place
    card = only(await room.say(newsletter_prompt(room), dry_run=False), DraftCard)[-1]
    assert [q.about for q in place.guide.open_questions()] == ["draft"]
    await room.say("yes", focus=card.job)
    record = place.jobs.get(card.job)
    assert (record.version, record.enabled, record.phase) == (1, True, "execute")
    assert place.guide.open_questions() == []

    async def run() -> list[Any]:
        # As if the feed had new stories: the job forgets which it has sent.
        place.store.run("delete from memory where job = ?", card.job)
        return await room.say("run it", focus=card.job)

    for _ in range(3):
        events = await run()
        assert only(events, RunCard)[-1].status == "succeeded", only(events, Notice)
    [proposed] = only(events, QuestionCard)
    assert "3 times with the same steps" in proposed.question
    assert "stage 2" in texts(await answered(room, proposed, "Yes"))
    [proposed] = only(await run(), QuestionCard)
    assert "stage 3" in texts(await answered(room, proposed, "Yes"))
    assert "Keep to the steps" in place.guide.plans.speaker(record, "execute").opening()
    [proposed] = only(await run(), QuestionCard)
    assert "stage 4" in texts(await answered(room, proposed, "Yes"))
    plugin = place.guide.plugins.folder(card.job) / "plugin.py"
    plugin.write_text(plugin.read_text().replace("nobody@example.org", "jo@example.org"))
    sent = len(list(place.settings.outbox_dir.glob("*.eml")))
    ended = only(await run(), RunCard)[-1]
    assert ended.status == "failed"
    assert ended.receipt is not None
    assert ended.receipt["error"]["code"] == "job_policy_denied"
    assert "jo@example.org must get no mail" in ended.receipt["error"]["message"]
    assert len(list(place.settings.outbox_dir.glob("*.eml"))) == sent
    assert (place.jobs.get(card.job).stage, place.jobs.get(card.job).enabled) == (4, True)


async def test_a_prompt_that_belongs_elsewhere_is_asked_about_once_and_remembered(
    room: Room,
) -> None:
    room.direct(NEWSLETTER)
    card = only(await room.say(newsletter_prompt(room), dry_run=False), DraftCard)[-1]
    await room.say("yes", focus=card.job)
    other = room.place.jobs.create("soup")
    order = f"run {card.job.replace('-', ' ')} now"
    [routed, question] = await room.say(order, focus=other.id)
    assert (routed.job, question.options) == ("soup", (f"Switch to {card.job}", "Stay in soup"))
    assert [i for i in room.place.jobs.interactions(other.id) if i.kind == "prompt"] == []
    told = await answered(room, question, "1")
    assert only(told, RoutedTo)[-1].job == card.job
    assert only(told, RunCard)[-1].status == "succeeded"
    room.direct(Script({"kind": "edit"}))
    again = await room.say(order, focus=other.id)
    assert (only(again, RoutedTo)[-1].job, only(again, QuestionCard)) == (card.job, [])


async def test_new_work_in_a_session_is_offered_a_job_of_its_own(room: Room) -> None:
    room.direct(NEWSLETTER)
    card = only(await room.say(newsletter_prompt(room), dry_run=False), DraftCard)[-1]
    text = "Every Friday at 17 check the harbour cameras and tell the captain what moved"
    question = (await room.say(text, focus=card.job))[-1]
    assert isinstance(question, QuestionCard)
    assert question.options == ("Open a new job", f"Stay in {card.job}")
    room.direct(Script({"kind": "answer"}))
    told = await answered(room, question, "Open a new job")
    assert only(told, RoutedTo)[-1].new
    made = room.place.jobs.get(only(told, RoutedTo)[-1].job_id)
    assert room.said(made.name)[0] == ("prompt", "person", text)


async def test_what_was_learned_is_offered_to_a_similar_job(room: Room) -> None:
    room.direct(NEWSLETTER)
    card = only(await room.say(newsletter_prompt(room), dry_run=False), DraftCard)[-1]
    await room.say("yes", focus=card.job)
    await room.say("run it", focus=card.job)
    [complete] = only(await room.say("/done", focus=card.job), QuestionCard)
    assert complete.kind == "complete"
    room.direct(Script({"kind": "answer"}))
    events = await room.say("A letter with stories about batteries and ferries")
    [known] = only(events, KnowledgeOffered)
    assert known.job == card.job
    room.place.guide.knowledge.delete(known.name)
    assert only(await room.say("More about batteries and ferries"), KnowledgeOffered) == []


async def test_the_phases_commands_and_words_of_the_chat(room: Room) -> None:
    place = room.place
    job = place.jobs.create("soup")
    place.guide.enter(job.id, "verify", "on")
    assert "soup is in execute (cycle 1)." in texts(await room.say("/back", focus=job.id))
    shown = texts(await room.say("/plan", focus=job.id))
    assert "observe → plan → [execute] → verify → condense" in shown
    [wrong] = only(await room.say("/back condense", focus=job.id), Notice)
    assert wrong.code == "job_policy_denied"
    assert "is parked" in texts(await room.say("/park", focus=job.id))
    assert "- soup: no title (parked)" in texts(await room.say("/jobs"))
    assert "/back [PHASE]" in texts(await room.say("help"))
