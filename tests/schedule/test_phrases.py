"""Schedules in people's words: what is understood, what is refused, and the way back."""

from __future__ import annotations

import pytest

from assistant.errors import TriggerInvalid
from assistant.schedule.phrases import understood
from assistant.schedule.wording import in_words


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("every first Monday at 9", "0 9 * * 1#1"),
        ("0730 daily", "30 7 * * *"),
        ("daily at 0730", "30 7 * * *"),
        ("1800 every weekday", "0 18 * * 1-5"),
        ("Mondays 0900", "0 9 * * 1"),
        ("on the 1st and 15th at 9am", "0 9 1,15 * *"),
        ("the 1st, 10th and 20th at 18:30", "30 18 1,10,20 * *"),
        ("on the 15th at noon", "0 12 15 * *"),
        ("first and third Tuesday of the month at 9", "0 9 * * 2#1,2#3"),
        ("every quarter of an hour", "*/15 * * * *"),
        ("tous les quarts d'heure", "*/15 * * * *"),
        ("toutes les demi-heures", "*/30 * * * *"),
        ("le 1er et le 15 à 9h", "0 9 1,15 * *"),
        ("ogni mezz'ora", "*/30 * * * *"),
        ("ogni quarto d’ora nei giorni feriali", "*/15 * * * 1-5"),
        ("il 1 e il 15 alle 9", "0 9 1,15 * *"),
        ("om de twee uur", "0 */2 * * *"),
        ("om de 10 minuten", "*/10 * * * *"),
        ("elk kwartier", "*/15 * * * *"),
        ("op de 1e en de 15e om 9 uur", "0 9 1,15 * *"),
        ("jede Viertelstunde", "*/15 * * * *"),
        ("am 1. und 15. um 9 Uhr", "0 9 1,15 * *"),
        ("cada cuarto de hora", "*/15 * * * *"),
        ("cada dos horas", "0 */2 * * *"),
        ("el 1 y el 15 a las 9", "0 9 1,15 * *"),
        ("de duas em duas horas", "0 */2 * * *"),
        ("a cada quarto de hora", "*/15 * * * *"),
        ("no dia 1 e 15 às 9h", "0 9 1,15 * *"),
    ],
)
def test_what_people_say_in_short_is_understood(words: str, line: str) -> None:
    assert (understood(words).cron, understood(words).assumed) == (line, "")


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        ("every other Tuesday at 9", "`Every Tuesday at 09:00` (0 9 * * 2)"),
        ("every 90 minutes", "`Every 2 hours` (0 */2 * * *)"),
        ("every third day at 9",
         "`Every 3 days, counted from the 1st of each month, at 09:00` (0 9 */3 * *)"),
        ("om de week op maandag om 9 uur", "`Every Monday at 09:00` (0 9 * * 1)"),
    ],
)  # fmt: skip
def test_what_cron_cannot_say_is_refused_with_the_nearest_that_it_can(
    words: str, nearest: str
) -> None:
    with pytest.raises(TriggerInvalid) as refused:
        understood(words)
    assert refused.value.hint == f"The nearest that it can: {nearest}."


@pytest.mark.parametrize(
    "words",
    ["on the 3rd of March 2026 at 9", "on the 15th week", "in 2025", "call 0730 555", "soon",
     "on the 31st of February at 9"],
)  # fmt: skip
def test_words_that_are_no_schedule_are_refused(words: str) -> None:
    with pytest.raises(TriggerInvalid):
        understood(words)


LINES = """
* * * * *      | */5 * * * *        | */15 9-17 * * 1-5  | 0 * * * *     | 30 * * * *
0 */2 * * *    | 15 */6 * * *       | 0 9 * * *          | 30 7 * * 1-5  | 0 9 * * 0,6
0 9,17 * * *   | 0 8,12,18 * * 1-5  | 0 9 1 * *          | 0 9 1,15 * *  | 0 9 L * *
0 9 LW * *     | 0 9 * * 1#1        | 0 17 * * 5L        | 0 0 1 1 *     | 0 9 * * 2#1,2#3
0 12 25 12 *   | 0 8 1 1,4,7,10 *   | 0 9 * 6-8 1        | 0 9-17 * * *  | */10 * * * 0
0 0 * * *      | 0 12 * * 3         | 59 23 31 12 *      | 0 9 */2 * *   | 5 4 * * 0
0 22 * * 1-4   | 0,30 9 * * *       | */30 8-18 * * 1,3,5 | 0 6 15 3,9 * | 0 * * * 1-5
"""


@pytest.mark.parametrize("line", [one.strip() for one in LINES.replace("\n", "|").split("|") if one.strip()])  # fmt: skip
def test_a_schedule_shown_in_words_is_understood_as_itself(line: str) -> None:
    assert understood(in_words(line)).cron == line
