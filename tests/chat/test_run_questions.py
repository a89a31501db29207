"""Questions about runs are read by code, in seven languages, and nothing else is taken for one."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.chat.past_days import Days
from assistant.chat.run_questions import order_in, question_in
from assistant.errors import BindingsInvalid

JOBS = ("ai-digest", "newsletter", "press")
TODAY = date(2026, 3, 4)  # a Wednesday


def day(number: int, month: int = 3) -> Days:
    return Days(date(2026, month, number), date(2026, month, number))


@pytest.mark.parametrize(
    ("text", "kind", "job", "days"),
    [
        ("Why did it fail?", "failed", "", None),
        ("why did the newsletter fail yesterday?", "failed", "newsletter", day(3)),
        ("Hey, can you tell me why it failed last night", "failed", "", day(3)),
        ("why didn't it run on Monday", "failed", "", day(2)),
        ("What went wrong last Wednesday?", "failed", "", day(25, 2)),
        ("what's the error?", "failed", "", None),
        ("What did it send on Monday?", "sent", "", day(2)),
        ("what was sent last week", "sent", "", Days(date(2026, 2, 23), date(2026, 3, 1))),
        ("Which mail did it send?", "sent", "", None),
        ("who got the letter today?", "sent", "", day(4)),
        ("how many did it find yesterday?", "found", "", day(3)),
        ("how many stories did the ai digest find on 1 March", "found", "ai-digest", day(1)),
        ("How many did it find on 2026-02-27?", "found", "", day(27, 2)),
        ("what did it find in the last 3 days", "found", "", Days(date(2026, 3, 2), TODAY)),
        ("When did it last run?", "last", "", None),
        ("when did the press job last run?", "last", "press", None),
        ("did the ai digest run today", "last", "ai-digest", day(4)),
        ("how did it go", "went", "", None),
        ("when does it run next?", "next", "", None),
        ("Warum ist es gestern fehlgeschlagen?", "failed", "", day(3)),
        ("Was hat er am Montag verschickt?", "sent", "", day(2)),
        ("Wann lief es zuletzt?", "last", "", None),
        ("Wie viele hat es gestern gefunden?", "found", "", day(3)),
        ("Pourquoi a-t-il échoué ?", "failed", "", None),
        ("Qu'est-ce qu'il a envoyé lundi ?", "sent", "", day(2)),
        ("Quand a-t-il tourné pour la dernière fois ?", "last", "", None),
        ("Combien en a-t-il trouvé hier ?", "found", "", day(3)),
        ("¿Por qué falló ayer?", "failed", "", day(3)),
        ("¿Qué envió el lunes?", "sent", "", day(2)),
        ("¿Cuándo fue la última vez que se ejecutó?", "last", "", None),
        ("¿Cuántos encontró ayer?", "found", "", day(3)),
        ("Perché è fallito?", "failed", "", None),
        ("Cosa ha inviato lunedì?", "sent", "", day(2)),
        ("Quando è stato eseguito l'ultima volta?", "last", "", None),
        ("Quanti ne ha trovati ieri?", "found", "", day(3)),
        ("Por que falhou?", "failed", "", None),
        ("O que enviou na segunda-feira?", "sent", "", day(2)),
        ("Quando rodou pela última vez?", "last", "", None),
        ("Quantos encontrou ontem?", "found", "", day(3)),
        ("Waarom is het mislukt?", "failed", "", None),
        ("Wat heeft het maandag verstuurd?", "sent", "", day(2)),
        ("Wanneer liep het voor het laatst?", "last", "", None),
        ("Hoeveel heeft het gisteren gevonden?", "found", "", day(3)),
    ],
)
def test_a_question_about_runs_is_read(text: str, kind: str, job: str, days: Days | None) -> None:
    read = question_in(text, JOBS, TODAY)
    assert read is not None
    assert (read.kind, read.job, read.days) == (kind, job, days)


@pytest.mark.parametrize(
    "text",
    [
        "Tell me on Slack why it failed whenever it fails",
        "What is new in the feed?",
        "What is new in https://example.org/feed.xml?",
        "why did rome fall?",
        "what happened in the news yesterday",
        "How many stories about batteries were there yesterday in the press?",
        "when does the train run",
        "Every Monday mail me what it sent. Why did it fail?",
        "Mail it on 30 February",
        "stop it until January",
        "Ask the model “why did it fail?” and save the answer",
        "run it every day with limit 3",
        "",
    ],
)
def test_every_other_prompt_is_left_to_the_builder(text: str) -> None:
    assert question_in(text, JOBS, TODAY) is None
    assert order_in(text, JOBS) is None


def test_a_day_that_no_calendar_has_is_said() -> None:
    with pytest.raises(BindingsInvalid) as told:
        question_in("how many did it find on 30 February?", JOBS, TODAY)
    assert told.value.message == "there is no day 30 in month 2"


@pytest.mark.parametrize(
    ("text", "job", "changes"),
    [
        ("run it now with limit 3", "", {"limit": "3"}),
        ("Run it with limit=3, please", "", {"limit": "3"}),
        ("run it once with 5 items", "", {"limit": "5"}),
        ("run it now, but only 5 stories", "", {"limit": "5"}),
        ("run the newsletter now with limit 3 and topic Solar Power", "newsletter",
         {"limit": "3", "topic": "Solar Power"}),
        ('run it with topic "Solar Power" now', "", {"topic": "Solar Power"}),
        ("run it with best.limit 3", "", {"best.limit": "3"}),
        ("Starte es jetzt mit limit 3", "", {"limit": "3"}),
        ("lance-le maintenant avec limit 3", "", {"limit": "3"}),
        ("ejecútalo ahora con limit 3", "", {"limit": "3"}),
        ("eseguilo ora con limit 3", "", {"limit": "3"}),
        ("execute agora com limit 3", "", {"limit": "3"}),
        ("draai het nu met limit 3", "", {"limit": "3"}),
    ],
)  # fmt: skip
def test_an_order_to_run_once_with_other_values_is_read(
    text: str, job: str, changes: dict[str, str]
) -> None:
    read = order_in(text, JOBS)
    assert read is not None
    assert (read.job, dict(read.changes)) == (job, changes)


@pytest.mark.parametrize(
    "text", ["run it now", "run it with a new feed every day at 7 and mail it"]
)
def test_an_order_without_values_is_none(text: str) -> None:
    assert order_in(text, JOBS) is None


def test_an_order_that_says_neither_now_nor_once_may_be_a_wish_to_change_the_job() -> None:
    now, unsure = order_in("run it now with limit 3", JOBS), order_in("run it with limit 3", JOBS)
    assert (now and now.plain, unsure and unsure.plain) == (True, False)
