"""Hello, thanks, "what can you do?", "why?", "what now?": answered at once, without a model or a job."""

from __future__ import annotations

import pytest

from assistant.chat import plain_talk
from assistant.chat.context import whole_request
from assistant.chat.events import DraftCard, RoutedTo, RunCard, TextDelta
from assistant.job.questions import Question
from assistant.store.jobs import JobRecord
from tests.chat.conftest import Room, Script
from tests.chat.test_guided import texts
from tests.chat.test_run_talk import no_model
from tests.chat.test_turn import NEWSLETTER, newsletter_prompt, only

JOB = JobRecord("1", "soup", "", "active", False, False, 1, 1, "observe", 0, "", "")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (
            "thanks",
            "thanks|Thank you so much!|thanks, that was great!|ok great, thanks|Danke schön|"
            "vielen Dank|merci beaucoup|muchas gracias|grazie mille|obrigada!|dank je wel|thx 🙂",
        ),
        ("hello", "hi|Hello there|good morning, hello|Guten Tag, hallo|hey, how are you?|Bonjour"),
        (
            "abilities",
            "what can you do|What can you do for me?|how does this work?|Who are you?|help me|"
            "was kannst du alles?|que puedes hacer|cosa puoi fare?|wat kun je?|what should I say?",
        ),
        (
            "next",
            "what now?|what happens next?|what's next|status|and now?|was nun|et maintenant ?",
        ),
        ("forget", "forget everything|Delete all my data!|please forget it all|vergiss alles"),
        ("why", "why?|Why these steps?|but why did you choose these|why is it like that|warum?"),
    ],
)
def test_talk_that_is_nothing_else_is_read(kind: str, said: str) -> None:
    found = {text: plain_talk.read(text, JOB, converses=False) for text in said.split("|")}
    assert found == dict.fromkeys(said.split("|"), kind)


@pytest.mark.parametrize(
    "text",
    [
        "thanks, and now make it shorter",
        "say thanks to anna@example.org",
        "hello world newsletter every monday",
        "what can you do with https://example.org/feed.xml",
        "why is the sky blue?",
        "why did the harbour flood",
        "what is next week's weather",
        "help me write a letter",
        "status of the shop's orders",
        "great",
        "",
        "🙂",
    ],
)
def test_everything_else_is_left_alone(text: str) -> None:
    assert plain_talk.read(text, JOB, converses=False) is None


@pytest.mark.parametrize("text", ["why?", "what now?"])
def test_why_and_what_now_are_about_a_job(text: str) -> None:
    assert plain_talk.read(text, None, converses=False) is None
    assert plain_talk.read("why?", JOB, converses=True) is None


async def test_it_makes_no_job_and_asks_no_model(room: Room) -> None:
    room.direct(no_model)
    events = await room.say("thanks!")
    assert events == [TextDelta("You are welcome.")]
    [told] = await room.say("what can you do?")
    assert isinstance(told, TextDelta)
    assert "You see" not in told.text
    assert "/help lists the commands" in told.text
    assert "The model in use (starter) chooses what to do" in told.text
    assert room.place.jobs.list() == []


async def test_it_stands_beside_the_work_of_its_job(room: Room) -> None:
    room.direct(Script({"kind": "clarify", "steps": []}))
    place = room.place
    job = only(await room.say("mail me what is new"), RoutedTo)[0].job
    record = place.jobs.get(job)
    place.guide.ask(record.id, [Question("CLARIFY", "From where?", (), "request")])
    told = texts(await room.say("what now?", focus=job))
    assert told.startswith("It waits for ")
    assert "- From where?" in told
    await room.say("thanks", focus=job)
    # The question still waits, and the request is still what was asked.
    assert [q.text for q in place.guide.open_questions(record.id)][-1] == "From where?"
    assert whole_request(place.jobs.interactions(record.id)) == "mail me what is new"


async def test_a_draft_is_explained_and_a_yes_a_no_and_what_follows_are_understood(
    room: Room,
) -> None:
    room.direct(NEWSLETTER)
    prompt = newsletter_prompt(room)
    card = only(await room.say(prompt, dry_run=False), DraftCard)[-1]
    told = texts(await room.say("why?", focus=card.job))
    assert told.startswith(f"It rests on your words: “{prompt}”. They are read as:")
    assert all(f"- {step.sentence}" in told for step in card.steps)
    assert all(f"- {one}" in told for one in card.assumptions)
    assert "waits for your word" in texts(await room.say("what now?", focus=card.job))
    assert texts(await room.say("no", focus=card.job)) == "The draft is rejected."
    told = texts(await room.say("what now?", focus=card.job))
    assert told == f"{card.job} waits for your words: say what should be done."

    await room.say(prompt, focus=card.job, dry_run=False)
    assert "Version 1" in texts(await room.say("Ja", focus=card.job))
    told = texts(await room.say("what happens next?", focus=card.job))
    assert told.startswith(f"{card.job} runs next ")
    assert "(Every " in told
    told = texts(await room.say("why", focus=card.job))
    assert told.startswith(f"{card.job} is as version 1 says it, by builder: ")


async def test_a_yes_without_a_focus_goes_to_the_one_job_that_waits_for_it(room: Room) -> None:
    room.direct(NEWSLETTER)
    place = room.place
    assert texts(await room.say("yes")).startswith("Nothing waits for “yes”.")
    card = only(await room.say(newsletter_prompt(room), dry_run=False), DraftCard)[-1]
    other = only(await room.say(newsletter_prompt(room), dry_run=False), DraftCard)[-1]
    told = texts(await room.say("yes"))
    assert told.startswith("Several jobs wait for a yes or no.")
    assert (f"- {card.job}: " in told, f"- {other.job}: " in told) == (True, True)
    assert "rejected" in texts(await room.say("no", focus=other.job))
    events = await room.say("ok")
    assert only(events, RoutedTo)[-1].job == card.job
    assert [place.jobs.get(job).version for job in (card.job, other.job)] == [1, 0]
    assert len(place.jobs.list()) == 2


# What a model has to write


async def test_a_text_that_no_model_here_writes_is_not_tried(room: Room) -> None:
    room.direct(
        Script({"kind": "call", "steps": ["ask_model"]}, ask_model={"prompt": "Translate: hello"})
    )
    events = await room.say("Translate into French: hello")
    assert only(events, RunCard) == []
    assert texts(events) == (
        "That takes a model that writes; the starter model only chooses what to do. Choose one with"
        " Models in the panel or `assistant models list`: a file on this machine, or a provider's"
        " with your key."
    )
    assert room.said(only(events, RoutedTo)[0].job)[-1][0] == "answer"
