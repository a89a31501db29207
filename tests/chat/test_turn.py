"""A prompt becomes a turn."""

from __future__ import annotations

from pathlib import Path

from assistant.chat.events import (
    DraftCard,
    Notice,
    QuestionCard,
    RoutedTo,
    RunCard,
    TextDelta,
    ToolDone,
    Touch,
)
from assistant.errors import ModelUnavailable
from assistant.panel.messages import from_interactions
from tests.chat.conftest import Room, Script

NEWSLETTER = Script(
    {"kind": "job", "when": "<when1>",
     "steps": ["fetch_feed", "rank_items", "compile_newsletter", "send_email"]},
    fetch_feed={"url": "<feed1>", "urls": ["<feed1>"]},
    rank_items={"topic": "batteries", "limit": "<num1>"},
    send_email={"to": ["<mail1>"]},
)  # fmt: skip


def newsletter_prompt(room: Room) -> str:
    return (
        "Every weekday at 7 make me a newsletter of the five best stories about batteries from"
        f" {room.site.feed} and mail it to jo@example.org"
    )


def only(events: list, kind: type) -> list:
    return [event for event in events if isinstance(event, kind)]


async def test_a_repeating_request_becomes_a_card_with_a_dry_run(room: Room) -> None:
    room.direct(NEWSLETTER)
    events = await room.say(newsletter_prompt(room))
    [routed] = only(events, RoutedTo)
    assert (routed.new, routed.also) == (True, ())
    first, last = only(events, DraftCard)
    assert first.dry_run is None
    assert first.schedule.startswith("Every weekday at 07:00 (Europe/London)")
    assert (len(first.fires), first.clocks.startswith("On ")) == (5, True)
    assert [step.skill for step in last.steps] == [
        "fetch_feed", "rank_items", "compile_newsletter", "send_email",
    ]  # fmt: skip
    assert last.touches == (Touch("send_email", ("jo@example.org",)),)
    assert last.reads == ("127.0.0.1",)
    assert last.dry_run is not None
    assert last.dry_run.status == "succeeded", last.dry_run
    [would] = [line for line in last.dry_run.lines if line.state == "would"]
    assert "jo@example.org" in would.text
    assert list(room.place.settings.outbox_dir.iterdir()) == []
    assert room.place.jobs.get(last.job).version == 0


async def test_an_approved_draft_is_version_one_scheduled_and_runs(room: Room) -> None:
    room.direct(NEWSLETTER)
    card = only(await room.say(newsletter_prompt(room), dry_run=False), DraftCard)[-1]
    version = await room.conversation.approve(card.draft_id)
    job = room.place.jobs.get(card.job)
    assert (version.number, version.author, job.enabled, job.phase) == (
        1,
        "builder",
        True,
        "execute",
    )
    assert {"skill": "send_email", "targets": ["jo@example.org"]} in version.grants
    assert len(room.place.upcoming(job.id, count=3)) == 3
    events = [event async for event in room.conversation.run_now(job.id)]
    ended = only(events, RunCard)[-1]
    assert ended.status == "succeeded", ended.receipt
    assert [done.skill for done in only(events, ToolDone)][-1] == "send_email"
    [letter] = room.place.settings.outbox_dir.glob("*.eml")
    assert "To: jo@example.org" in letter.read_text()
    folder = room.place.settings.run_dir(job.name, ended.run_id) / "artifacts"
    assert {path.suffix for path in Path(folder).iterdir()} >= {".html", ".md"}


async def test_a_question_to_a_feed_is_answered_at_once(room: Room) -> None:
    room.direct(Script({"kind": "call", "steps": ["fetch_feed"]}, fetch_feed={"urls": ["<feed1>"]}))
    events = await room.say(f"What is new in {room.site.feed} ?")
    [done] = only(events, ToolDone)
    assert (done.skill, done.status) == ("fetch_feed", "succeeded")
    assert only(events, RunCard)[-1].status == "succeeded"
    text = "".join(delta.text for delta in only(events, TextDelta))
    assert room.site.stories[0].title in text
    job = only(events, RoutedTo)[0].job
    kinds = [kind for kind, _, _ in room.said(job)]
    assert kinds == ["prompt", "result", "answer"]


async def test_a_call_that_writes_waits_for_a_word(room: Room) -> None:
    room.direct(
        Script({"kind": "call", "steps": ["send_email"]},
               send_email={"to": ["<mail1>"], "subject": "hello", "body": "the heating is on"})
    )  # fmt: skip
    events = await room.say("Mail jo@example.org hello : the heating is on")
    [question] = only(events, QuestionCard)
    assert question.kind == "approve"
    assert question.arguments["to"] in ("jo@example.org", ["jo@example.org"])
    assert list(room.place.settings.outbox_dir.iterdir()) == []
    goes_on = [
        event
        async for event in room.conversation.decide(question.run_id, question.path, approved=True)
    ]
    assert only(goes_on, RunCard)[-1].status == "succeeded"
    assert len(list(room.place.settings.outbox_dir.glob("*.eml"))) == 1


async def test_a_missing_address_is_asked_for_and_the_answer_completes_the_request(
    room: Room,
) -> None:
    room.direct(Script({"kind": "call", "steps": ["fetch_feed"]}))
    events = await room.say("What is new in that feed?")
    [question] = only(events, QuestionCard)
    assert question == QuestionCard(
        "clarify", "Which feed or page should it read? Paste its address.",
        number=question.number, asks="CLARIFY",
    )  # fmt: skip
    job = only(events, RoutedTo)[0].job
    room.direct(Script({"kind": "call", "steps": ["fetch_feed"]}, fetch_feed={"urls": ["<feed1>"]}))
    events = await room.say(room.site.feed, focus=job)
    assert only(events, RoutedTo)[0].new is False
    assert only(events, RunCard)[-1].status == "succeeded"


async def test_a_change_of_the_focused_job_is_a_draft_with_its_difference(room: Room) -> None:
    room.direct(NEWSLETTER)
    card = only(await room.say(newsletter_prompt(room), dry_run=False), DraftCard)[-1]
    await room.conversation.approve(card.draft_id)
    room.direct(Script({"kind": "edit"}, edits=[{"do": "schedule", "when": "<time1>"}]))
    events = await room.say("Send it at 8 instead", focus=card.job, dry_run=False)
    changed = only(events, DraftCard)[-1]
    assert changed.version == 2
    assert changed.schedule == "Every weekday at 08:00 (Europe/London)"
    assert changed.changes == ('the job: schedule.cron was "0 7 * * 1-5", now "0 8 * * 1-5"',)


async def test_the_same_request_twice_says_that_a_job_does_it_already(room: Room) -> None:
    room.direct(NEWSLETTER)
    first = only(await room.say(newsletter_prompt(room), dry_run=False), DraftCard)[-1]
    await room.conversation.approve(first.draft_id)
    again = only(await room.say(newsletter_prompt(room), dry_run=False), DraftCard)[-1]
    assert (first.twin, again.twin) == ("", first.job)
    shown = from_interactions(room.place.jobs.interactions(again.job_id))[-1]
    assert shown["content"].endswith(f"[{first.job}](#/jobs/{first.job}) does the same already.")
    other = await room.say("make it eight items", focus=again.job, dry_run=False)
    assert only(other, DraftCard)[-1].twin == ""


async def test_without_a_model_the_cure_and_the_templates_are_named(room: Room) -> None:
    room.direct(lambda asked: ModelUnavailable("the model is gone", hint="Get it back."))
    events = await room.say("Every day at 7 do something")
    notice = events[-1]
    assert isinstance(notice, Notice)
    assert (notice.code, notice.message) == ("model_unavailable", "the model is gone")
    assert notice.hint.startswith("Get it back. A job can also begin from a template")
    assert room.said(only(events, RoutedTo)[0].job)[-1] == (
        "notice",
        "assistant",
        "the model is gone",
    )


async def test_an_empty_and_an_enormous_prompt_leave_nothing_behind(room: Room) -> None:
    for text, message in (
        (" \n", "the prompt is empty"),
        (
            "x" * 1_000_000,
            "the prompt has 1,000,000 characters; at most 20,000 can be read at once",
        ),
    ):
        [notice] = await room.say(text)
        assert (notice.code, notice.message) == ("job_bindings_invalid", message)
    assert room.place.jobs.list() == []


async def test_slash_commands_are_carried_out(room: Room) -> None:
    room.direct(NEWSLETTER)
    card = only(await room.say(newsletter_prompt(room), dry_run=False), DraftCard)[-1]
    [_, told, *moves] = await room.say("/approve", focus=card.job)
    assert [(move.before, move.phase) for move in moves] == [("plan", "execute")]
    assert told == TextDelta(
        f"Version 1 of {card.job} is in force. It runs: Every weekday at 07:00 (Europe/London)."
    )
    assert (await room.say("/pause", focus=card.job))[-1] == TextDelta(
        f"{card.job} is paused; its ticks are accounted for as paused."
    )
    [wrong] = await room.say("/frobnicate", focus=card.job)
    assert wrong.message == "there is no command /frobnicate"
    [listed] = await room.say("/jobs")
    assert listed.text == f"- {card.job}: {card.title} (paused)"
