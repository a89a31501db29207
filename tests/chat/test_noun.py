"""The person's own word for a job, in a conversation."""

from __future__ import annotations

import pytest

from assistant.chat.events import Notice, QuestionCard, TextDelta
from assistant.settings import Settings
from tests.chat.conftest import Room
from tests.chat.test_turn import only


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"noun": "investigation"})


@pytest.fixture
async def busy(room: Room) -> Room:
    room.place.jobs.create("soup", title="Fish soup")
    return room


async def test_help_speaks_of_investigations(busy: Room) -> None:
    [told] = only(await busy.say("/help"), TextDelta)
    assert "`/new TEXT`: begin a new investigation" in told.text
    assert "list the investigations" in told.text
    assert " job" not in told.text


@pytest.mark.parametrize(
    ("prompt", "focus", "message", "hint"),
    [
        ("/focus soap", "", "there is no investigation 'soap'", "Did you mean 'soup'?"),
        ("/done", "", "no investigation is focused", "Name one: `/focus ai-digest`."),
        (
            "/run",
            "soup",
            "this investigation has no accepted version",
            'Say first what it should do: `assistant jobs draft "…" --job soup`.',
        ),
    ],
)
async def test_errors_speak_of_investigations(
    busy: Room, prompt: str, focus: str, message: str, hint: str
) -> None:
    [notice] = only(await busy.say(prompt, focus=focus), Notice)
    assert (notice.message, notice.hint) == (message, hint)


async def test_the_completion_question_and_its_review_speak_of_an_investigation(
    busy: Room,
) -> None:
    [card] = only(await busy.say("/done", focus="soup"), QuestionCard)
    assert card.question == "Is the investigation soup complete?"
    assert "closes the investigation;" in card.details
    assert " job" not in card.details
