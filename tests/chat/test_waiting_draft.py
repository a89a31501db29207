"""A first draft that waits for approval is changed by what is said next, and says why it failed."""

from __future__ import annotations

import pytest

from assistant.chat.events import DraftCard, Notice, QuestionCard, RoutedTo
from tests.chat.conftest import Room, Script
from tests.chat.test_run_talk import no_model, text_of
from tests.chat.test_turn import NEWSLETTER, newsletter_prompt, only


async def drafted(room: Room, prompt: str = "", *, dry_run: bool = False) -> DraftCard:
    """The card of a first draft; from then on no model may be asked."""
    room.direct(NEWSLETTER)
    said = prompt or newsletter_prompt(room)
    card = only(await room.say(said, dry_run=dry_run), DraftCard)[-1]
    room.direct(no_model)
    return card


CHANGES = [
    ("make it eight items", "step 'best': with.limit was 5, now 8"),
    ("send it to ann@example.org instead",
     "step 'send': with.to was \"jo@example.org\", now \"ann@example.org\""),
    ("at nine rather", 'the job: schedule.cron was "0 7 * * 1-5", now "0 9 * * 1-5"'),
    ("make that half past nine", 'the job: schedule.cron was "0 7 * * 1-5", now "30 9 * * 1-5"'),
    ("lieber um neun", 'the job: schedule.cron was "0 7 * * 1-5", now "0 9 * * 1-5"'),
    ("mail it to bob@example.org too",
     "step 'send': with.to was \"jo@example.org\", now [\"jo@example.org\", \"bob@example.org\"]"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "change", "focused"),
    [(*one, number % 2 == 0) for number, one in enumerate(CHANGES)],
)
async def test_a_change_said_next_changes_the_waiting_draft_and_is_shown(
    room: Room, said: str, change: str, focused: bool
) -> None:
    card = await drafted(room)
    events = await room.say(said, focus=card.job if focused else "", dry_run=False)
    assert [(r.job, r.new) for r in only(events, RoutedTo)] == [(card.job, False)]
    [changed] = only(events, DraftCard)
    assert changed.changes == (change,)
    assert [job.name for job in room.place.jobs.list()] == [card.job]


async def test_the_words_of_the_first_request_stay_with_a_changed_draft(room: Room) -> None:
    card = await drafted(room)
    await room.say("make it eight items", focus=card.job, dry_run=False)
    waiting = room.place.jobs.open_draft(card.job_id)
    assert waiting is not None
    assert waiting.request == f"{newsletter_prompt(room)}\nmake it eight items"


async def test_what_a_draft_did_not_take_in_stays_told_until_it_does(room: Room) -> None:
    card = await drafted(room, f"{newsletter_prompt(room)}, mind the 41 rule")
    assert card.unplaced == ("41",)
    [changed] = only(await room.say("at nine rather", focus=card.job, dry_run=False), DraftCard)
    assert changed.unplaced == ("41",)
    [changed] = only(await room.say("make it 41 items", focus=card.job, dry_run=False), DraftCard)
    assert changed.unplaced == ()


@pytest.mark.parametrize(
    "said",
    ["Remind me at nine to call the plumber instead of Ann", "What is new today?",
     "every friday mail me the five best stories about boats from https://example.org/feed.xml",
     "post 'make it so' into channel ops"],
)  # fmt: skip
async def test_work_of_its_own_is_no_change_of_a_waiting_draft(room: Room, said: str) -> None:
    card = await drafted(room)
    room.direct(Script({"kind": "answer"}))
    [routed] = only(await room.say(said, dry_run=False), RoutedTo)
    assert routed.new
    assert routed.job != card.job


async def test_of_two_drafts_that_wait_the_one_just_seen_is_changed(room: Room) -> None:
    first = await drafted(room)
    second = await drafted(room, newsletter_prompt(room).replace("batteries", "bridges"))
    [routed] = only(await room.say("make it eight items", dry_run=False), RoutedTo)
    assert routed.job == second.job
    room.direct(Script({"kind": "answer"}))
    await room.say("What is new today?", dry_run=False)
    events = await room.say("make it nine items", dry_run=False)
    assert text_of(events).splitlines() == [
        "Several drafts wait. Say “/focus NAME” first, then what should be different:",
        f"- {second.job}: {second.title}",
        f"- {first.job}: {first.title}",
    ]


@pytest.mark.parametrize("said", ["make it 35", "do it twice", "make it nicer", "more of it"])
async def test_a_model_renames_nothing_where_nobody_speaks_of_a_name(room: Room, said: str) -> None:
    card = await drafted(room)
    room.direct(Script({"kind": "edit"}, edits=[{"do": "rename", "name": "make"}]))
    await room.say(said, focus=card.job, dry_run=False)
    assert room.place.jobs.get(card.job_id).name == card.job


@pytest.mark.parametrize(
    "said", ["make it five items", "at seven please", "send it to jo@example.org", "five of them"]
)
async def test_a_change_that_is_there_already_is_said_to_be(room: Room, said: str) -> None:
    card = await drafted(room)
    events = await room.say(said, focus=card.job, dry_run=False)
    assert text_of(events) == f"{card.job} is like that already; nothing changes."
    assert only(events, QuestionCard) == []


GONE = (
    "Every day at 7 mail the 5 best stories about batteries from {site}/gone.xml to jo@example.org"
)


@pytest.mark.parametrize(
    ("said", "focused"),
    [("why did it fail?", True), ("What went wrong?", False), ("why did the trial fail", True),
     ("warum ist es fehlgeschlagen?", True)],
)  # fmt: skip
async def test_why_a_dry_run_failed_is_told_in_a_sentence_with_the_cure(
    room: Room, said: str, focused: bool
) -> None:
    card = await drafted(room, GONE.format(site=room.site.origin), dry_run=True)
    assert card.dry_run is not None
    assert card.dry_run.status == "failed"
    events = await room.say(said, focus=card.job if focused else "")
    assert only(events, Notice) == []
    [told] = text_of(events).splitlines()
    assert told == (
        f"The dry run of {card.job} failed in step read: {room.site.origin}/gone.xml answered 404"
        " Not Found (what was asked for is gone). What helps: The page is gone or the address is wrong;"
        " look for its new address. Say here what should be different, and it is tried again."
    )


async def test_why_a_draft_failed_whose_dry_run_went_well_is_said_to_be_no_failure(
    room: Room,
) -> None:
    card = await drafted(room, dry_run=True)
    events = await room.say("why did it fail?", focus=card.job)
    assert text_of(events) == f"The dry run of {card.job} went well; no run of it failed."


async def test_the_number_of_a_condition_is_changed_where_nothing_else_is_counted(
    room: Room,
) -> None:
    room.direct(Script({"kind": "job", "steps": ["scrape_page", "notify"]}))
    said = "tell me when the price on https://shop.example/kettle drops below 40"
    card = only(await room.say(said, dry_run=False), DraftCard)[-1]
    room.direct(no_model)
    [changed] = only(await room.say("make it 35", focus=card.job, dry_run=False), DraftCard)
    assert changed.changes == (
        "step 'check': if was \"${{ number(steps.page.items[0].text, of='price') >= 40 }}\","
        " now \"${{ number(steps.page.items[0].text, of='price') >= 35 }}\"",
        'step \'check\': stop was "40 or more", now "35 or more"',
    )


async def test_a_draft_that_must_be_given_its_inputs_says_so_and_is_not_tried(room: Room) -> None:
    room.direct(Script({"kind": "job", "steps": ["web_search", "save_file"]}))
    said = (
        "Make me a job with two blanks, town and days: it searches the web for flea markets in that town,"
        " no further back than those days, and saves them as markets.md"
    )
    events = await room.say(said, dry_run=True)
    [card] = only(events, DraftCard)
    assert (card.dry_run, only(events, Notice)) == (None, [])
    assert (
        card.assumptions[0] == "It asks for town and days when it starts, so it was not tried yet."
    )
    assert (
        card.steps[0].sentence
        == "Search the web for “flea markets in [town]”, of the last [days] days."
    )
