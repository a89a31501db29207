"""Phrases of time in seven languages, and the cron lines they mean."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import islice

import pytest
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.grounding.times import phrases, schedule, seconds

ENGLISH = {
    "every weekday at 7": "0 7 * * 1-5",
    "Every weekday at 7am make me a newsletter": "0 7 * * 1-5",
    "each day at half past eight": "30 8 * * *",
    "Tuesdays at 4 in the afternoon": "0 16 * * 2",
    "mon, wed + sun 21:00": "0 21 * * 0,1,3",
    "monday to thursday at 9": "0 9 * * 1-4",
    "Mon-Fri at 18:30": "30 18 * * 1-5",
    "nightly at 3:10": "10 3 * * *",
    "every 5 minutes": "*/5 * * * *",
    "every five minutes": "*/5 * * * *",
    "every quarter of an hour": "*/15 * * * *",
    "every half hour": "*/30 * * * *",
    "every 30 min": "*/30 * * * *",
    "hourly": "0 * * * *",
    "every hour": "0 * * * *",
    "once an hour": "0 * * * *",
    "at quarter past every hour": "15 * * * *",
    "at 5 past every hour": "5 * * * *",
    "every 2 hours": "0 */2 * * *",
    "every other hour": "0 */2 * * *",
    "every hour between 9 and 17 on weekdays": "0 9-17 * * 1-5",
    "every 15 minutes from 9am to 5pm on weekdays": "*/15 9-17 * * 1-5",
    "hourly during business hours": "0 9-17 * * 1-5",
    "first Monday of the month at 9": "0 9 * * 1#1",
    "on the first Monday of each month at 9:15": "15 9 * * 1#1",
    "the 3rd of every month at 6pm": "0 18 3 * *",
    "on the first of each month at 08:00": "0 8 1 * *",
    "the 1st and 15th of every month at 10": "0 10 1,15 * *",
    "on day 20 of each month at 7": "0 7 20 * *",
    "last day of the month at 23:30": "30 23 L * *",
    "last Friday of the month at 5pm": "0 17 * * 5L",
    "on the last weekday of every month at 16:00": "0 16 LW * *",
    "every second Tuesday of the month at 10": "0 10 * * 2#2",
    "January 2nd at noon each year": "0 12 2 1 *",
    "every year on 24 December at 9": "0 9 24 12 *",
    "every 4th of July at noon": "0 12 4 7 *",
    "at midnight daily": "0 0 * * *",
    "daily at noon": "0 12 * * *",
    "every day at quarter to six in the evening": "45 17 * * *",
    "at ten to eight every morning": "50 7 * * *",
    "each morning at 7.30": "30 7 * * *",
    "every evening at 8": "0 20 * * *",
    "every night at 11": "0 23 * * *",
    "every morning at seven thirty": "30 7 * * *",
    "twice a day at 8 and 20": "0 8,20 * * *",
    "at 8, 12 and 16 every day": "0 8,12,16 * * *",
    "every day except Sunday at 10": "0 10 * * 1-6",
    "weekends at 11": "0 11 * * 0,6",
    "saturdays and sundays at 10am": "0 10 * * 0,6",
    "quarterly on the 1st at 9": "0 9 1 1,4,7,10 *",
    "monthly on the 28th at 6": "0 6 28 * *",
    "every 3 months on the 1st at 9": "0 9 1 1,4,7,10 *",
    "weekly on Wednesday at 14:00": "0 14 * * 3",
    "every Friday at 4 p.m.": "0 16 * * 5",
    "Fridays, 16h": "0 16 * * 5",
    "each working day at 0830": "30 8 * * 1-5",
    "noon every Saturday": "0 12 * * 6",
    "A weekly digest, sent on Fridays, at 16:00 please": "0 16 * * 5",
}
GERMAN = {
    "jeden Werktag um 7 Uhr": "0 7 * * 1-5",
    "jeden Morgen um halb acht": "30 7 * * *",
    "täglich um 18:30 Uhr": "30 18 * * *",
    "montags um 9 Uhr": "0 9 * * 1",
    "jeden Montag und Donnerstag um 8": "0 8 * * 1,4",
    "von Montag bis Freitag um 17 Uhr": "0 17 * * 1-5",
    "alle 5 Minuten": "*/5 * * * *",
    "alle zwei Stunden": "0 */2 * * *",
    "stündlich": "0 * * * *",
    "am ersten Montag im Monat um 9 Uhr": "0 9 * * 1#1",
    "am 1. jedes Monats um 8 Uhr": "0 8 1 * *",
    "am letzten Tag des Monats um 20 Uhr": "0 20 L * *",
    "jeden Freitag um viertel nach vier nachmittags": "15 16 * * 5",
    "jeden Abend um 8": "0 20 * * *",
    "täglich um Mitternacht": "0 0 * * *",
    "am Wochenende um 10 Uhr": "0 10 * * 0,6",
    "jedes Jahr am 2. Januar um 12 Uhr": "0 12 2 1 *",
    "werktags um 7:45": "45 7 * * 1-5",
}
FRENCH = {
    "tous les jours à 7h30": "30 7 * * *",
    "chaque lundi à 9 heures": "0 9 * * 1",
    "chaque matin à huit heures et demie": "30 8 * * *",
    "du lundi au vendredi à 18h": "0 18 * * 1-5",
    "le premier lundi du mois à 9h": "0 9 * * 1#1",
    "le premier de chaque mois à 8h": "0 8 1 * *",
    "toutes les 10 minutes": "*/10 * * * *",
    "toutes les heures": "0 * * * *",
    "le dernier jour du mois à 20h": "0 20 L * *",
    "tous les vendredis à 16 h 45": "45 16 * * 5",
    "chaque soir à 8 heures": "0 20 * * *",
    "tous les jours à midi": "0 12 * * *",
    "les mardis et jeudis à 14h": "0 14 * * 2,4",
    "en semaine à 7h": "0 7 * * 1-5",
}
SPANISH = {
    "todos los días a las ocho y media": "30 8 * * *",
    "cada lunes a las 9": "0 9 * * 1",
    "de lunes a viernes a las 7 de la mañana": "0 7 * * 1-5",
    "los martes y jueves a las 6 de la tarde": "0 18 * * 2,4",
    "cada 10 minutos": "*/10 * * * *",
    "cada hora": "0 * * * *",
    "el día 1 de cada mes a las 9": "0 9 1 * *",
    "el primer lunes de cada mes a las 10": "0 10 * * 1#1",
    "el último día del mes a las 20:00": "0 20 L * *",
    "cada noche a las 11": "0 23 * * *",
    "todos los viernes a las 16:30": "30 16 * * 5",
    "diariamente a medianoche": "0 0 * * *",
    "los días laborables a las 8": "0 8 * * 1-5",
}
ITALIAN = {
    "ogni lunedì alle 9": "0 9 * * 1",
    "ogni giorno alle otto e mezza": "30 8 * * *",
    "tutti i giorni alle 7:15": "15 7 * * *",
    "dal lunedì al venerdì alle 18": "0 18 * * 1-5",
    "il primo di ogni mese alle 8": "0 8 1 * *",
    "ogni 15 minuti": "*/15 * * * *",
    "ogni ora": "0 * * * *",
    "ogni venerdì alle 5 del pomeriggio": "0 17 * * 5",
    "il primo lunedì del mese alle 10": "0 10 * * 1#1",
    "ogni sera alle 9": "0 21 * * *",
    "l'ultimo giorno del mese alle 20": "0 20 L * *",
    "nei giorni feriali alle 7": "0 7 * * 1-5",
}
PORTUGUESE = {
    "todas as segundas às 8h": "0 8 * * 1",
    "todo dia às 7h da manhã": "0 7 * * *",
    "todos os dias às oito e meia": "30 8 * * *",
    "de segunda a sexta às 18h": "0 18 * * 1-5",
    "às terças e quintas às 14h": "0 14 * * 2,4",
    "a cada 10 minutos": "*/10 * * * *",
    "no dia 1 de cada mês às 9h": "0 9 1 * *",
    "toda sexta-feira às 4 da tarde": "0 16 * * 5",
    "nos dias úteis às 7h30": "30 7 * * 1-5",
    "na primeira segunda-feira do mês às 10h": "0 10 * * 1#1",
    "no último dia do mês às 20h": "0 20 L * *",
}
DUTCH = {
    "elke werkdag om 7 uur": "0 7 * * 1-5",
    "elke maandag om half negen": "30 8 * * 1",
    "dagelijks om 18:30": "30 18 * * *",
    "van maandag tot en met vrijdag om 17 uur": "0 17 * * 1-5",
    "elke 5 minuten": "*/5 * * * *",
    "elk uur": "0 * * * *",
    "op de eerste van elke maand om 8 uur": "0 8 1 * *",
    "elke eerste maandag van de maand om 9 uur": "0 9 * * 1#1",
    "elke avond om 8 uur": "0 20 * * *",
    "op de laatste dag van de maand om 20 uur": "0 20 L * *",
    "dinsdags en donderdags om kwart over vier 's middags": "15 16 * * 2,4",
    "in het weekend om 10 uur": "0 10 * * 0,6",
}


def said(tables: dict[str, dict[str, str]]) -> list[tuple[str, str, str]]:
    return [(lang, text, cron) for lang, table in tables.items() for text, cron in table.items()]


@pytest.mark.parametrize(
    ("lang", "text", "cron"),
    said({"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH, "it": ITALIAN,
          "pt": PORTUGUESE, "nl": DUTCH}),
)  # fmt: skip
def test_a_schedule_in_words_is_the_cron_line_it_means(lang: str, text: str, cron: str) -> None:
    when = schedule(text, lang)

    assert when is not None
    assert (when.cron, when.exact) == (cron, True)


@pytest.mark.parametrize(
    ("text", "cron"),
    [
        ("every other Tuesday at 9", "0 9 * * 2"),
        ("every second Tuesday at 9", "0 9 * * 2"),
        ("every third week on Monday at 8", "0 8 * * 1"),
        ("every two weeks on Friday at 10", "0 10 * * 5"),
        ("fortnightly on Mondays at 9", "0 9 * * 1"),
        ("jeden zweiten Dienstag um 9 Uhr", "0 9 * * 2"),
        ("un mardi sur deux à 9h", "0 9 * * 2"),
        ("cada dos semanas los lunes a las 9", "0 9 * * 1"),
        ("ogni due settimane il lunedì alle 9", "0 9 * * 1"),
        ("om de twee weken op dinsdag om 9 uur", "0 9 * * 2"),
        ("every day at 8:00 and 17:30", "0 8 * * *"),
        ("every 7 minutes", "*/6 * * * *"),
    ],
)
def test_what_cron_cannot_say_gets_the_nearest_that_can_and_a_note(text: str, cron: str) -> None:
    when = schedule(text)

    assert when is not None
    assert (when.cron, when.exact, bool(when.note)) == (cron, False, True)


@pytest.mark.parametrize(
    "text", ["every 30 February at 9", "on February 31st at noon every year", "am 31. April jedes Jahr um 9 Uhr"]
)  # fmt: skip
def test_a_date_that_never_comes_has_no_cron_line(text: str) -> None:
    when = schedule(text)

    assert when is not None
    assert when.cron == ""
    assert "no day" in when.note


@pytest.mark.parametrize(
    ("text", "assumed"),
    [("every day", "at 08:00"), ("every evening", "at 18:00"), ("nightly", "at 02:00")],
)
def test_a_time_that_the_words_leave_open_is_named_as_assumed(text: str, assumed: str) -> None:
    when = schedule(text)

    assert when is not None
    assert when.assumed == assumed


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("the last 24 hours", "since", "24h"),
        ("stories from the past 30 days", "since", "30d"),
        ("everything from this week", "since", "7d"),
        ("since yesterday", "since", "1d"),
        ("der letzten drei Tage", "since", "3d"),
        ("des dernières 48 heures", "since", "48h"),
        ("de las últimas 12 horas", "since", "12h"),
        ("delle ultime 24 ore", "since", "24h"),
        ("das últimas 24 horas", "since", "24h"),
        ("van de afgelopen 24 uur", "since", "24h"),
        ("the feed, the seven days before", "since", "7d"),
        ("the stories, one day back", "since", "1d"),
        ("30 days of it", "since", "30d"),
        ("this past week only", "since", "7d"),
        ("que no sean de hace más de un mes", "since", "30d"),
        ("nothing that is more than a week old", "since", "7d"),
        ("die zwei Wochen davor", "since", "14d"),
        ("les sept jours précédents", "since", "7d"),
        ("pas plus vieux qu'un mois", "since", "30d"),
        ("going three days back", "since", "3d"),
        ("look two days back", "since", "2d"),
        ("older than a week can go", "since", "7d"),
        ("a week's worth of posts", "since", "7d"),
        ("the ten days leading up to it", "since", "10d"),
        ("que no tengan más de un mes", "since", "30d"),
        ("niet ouder dan een week", "since", "7d"),
        ("höchstens eine Woche alt", "since", "7d"),
        ("non più vecchi di una settimana", "since", "7d"),
        ("com menos de uma semana", "since", "7d"),
        ("de hace menos de una semana", "since", "7d"),
        ("has anyone written about X this past month?", "since", "30d"),
        ("en las últimas 48 horas", "since", "48h"),
        ("the week just gone", "since", "7d"),
        ("over the week gone by", "since", "7d"),
        ("datant de moins d'un mois", "since", "30d"),
        ("aus den 24 Stunden davor", "since", "24h"),
        ("half an hour before that", "shift", "-30m"),
        ("eine Stunde vorher", "shift", "-1h"),
        ("with a timeout of 30 seconds", "dur", "30s"),
        ("wait two minutes", "dur", "2m"),
        ("ten minutes earlier", "shift", "-10m"),
        ("an hour later", "shift", "+1h"),
        ("half an hour earlier", "shift", "-30m"),
        ("eine Stunde später", "shift", "+1h"),
        ("une heure plus tard", "shift", "+1h"),
        ("at half past nine", "time", "09:30"),
        ("um halb zehn", "time", "09:30"),
        ("at 6 in the evening", "time", "18:00"),
    ],
)
def test_other_phrases_of_time_have_their_own_kinds(text: str, kind: str, value: str) -> None:
    assert [(p.kind, p.value) for p in phrases(text)] == [(kind, value)]


def test_a_single_date_is_no_schedule() -> None:
    assert [p.kind for p in phrases("remind me tomorrow at 9")] == ["date"]
    assert [p.kind for p in phrases("the launch on March 3, 2027")] == ["date"]


@pytest.mark.parametrize(
    "text",
    [
        "look at 5 sites", "the best 7 stories", "may I ask you something", "second opinion",
        "a march through the institutions",
        "call it monday-letter", "ask the daily mail", "top 10 in all", "version 2.10",
    ],
)  # fmt: skip
def test_words_that_only_look_like_times_are_left_alone(text: str) -> None:
    assert [
        p.text for p in phrases(text) if p.kind in ("time", "date", "when") and p.text != "daily"
    ] == []


def test_phrases_that_complete_each_other_mean_the_whole() -> None:
    found = phrases("A weekly letter of physics news, on Fridays, out at 16:00")

    assert {p.when.cron for p in found if p.when} == {"0 16 * * 5"}


def test_a_time_that_stands_apart_belongs_to_the_schedule() -> None:
    assert schedule("Every Tuesday, please, I would like it at 9").cron == "0 9 * * 2"
    assert schedule("Twice a day: send it at 7 and then once more at 19:00").cron == "0 7,19 * * *"
    assert schedule("Weekdays, and do it at half past six").cron == "30 6 * * 1-5"


def test_two_schedules_that_contradict_each_other_stay_two() -> None:
    found = phrases("every day at 8 fetch it and every Friday at 17 mail it")

    assert [p.when.cron for p in found if p.when] == ["0 8 * * *", "0 17 * * 5"]


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_the_parser(text: str) -> None:
    for phrase in phrases(text):
        assert text[phrase.start : phrase.end] == phrase.text


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "every",
                "7",
                "at",
                "mon",
                "the",
                "of",
                "last",
                "day",
                "month",
                "1st",
                ",",
                "and",
                "to",
                "am",
                "jeden",
                "um",
                "9",
            ]
        ),
        max_size=12,
    )
)
def test_no_jumble_of_time_words_breaks_the_parser(words: list[str]) -> None:
    for phrase in phrases(" ".join(words)):
        if phrase.when and phrase.when.cron:
            list(islice(CronSim(phrase.when.cron, datetime(2024, 1, 1)), 1))


def test_periods_have_seconds() -> None:
    assert [seconds(p) for p in ("30s", "5m", "-10m", "24h", "7d")] == [
        30,
        300,
        -600,
        86400,
        604800,
    ]


@pytest.mark.external
def test_cron_descriptions_of_other_libraries_are_read(shared_data) -> None:
    lines = (shared_data / "cron" / "nl_cron.jsonl").read_text().splitlines()
    right = 0
    for case in map(json.loads, lines):
        when = schedule(case["nl"], "en")
        if when and when.cron:
            right += first_fires(when.cron) == first_fires(case["cron"])

    assert right >= 20


@pytest.mark.external
def test_recurring_dates_of_another_recognizer_are_found(shared_data) -> None:
    lines = (shared_data / "datetime_nl" / "cases.jsonl").read_text().splitlines()
    missed = [
        case["input"] for case in map(json.loads, lines)
        if any(r.get("type", "").endswith("set") for r in case["results"])
        and not any(p.kind == "when" for p in phrases(case["input"], "en"))
    ]  # fmt: skip

    assert missed == []


def first_fires(cron: str) -> list[datetime]:
    return list(islice(CronSim(cron, datetime(2024, 1, 1)), 50))


def test_a_day_inside_what_is_to_be_told_is_no_schedule() -> None:
    assert phrases("write to marta and say the boxes leave on Thursday?") == []
    assert [p.text for p in phrases("On Thursday mail the list to marta")] == ["On Thursday"]


def test_a_reminder_for_one_day_is_not_taken_for_a_weekly_one() -> None:
    (once,) = [p.when for p in phrases("Remind me to call mum on Sunday") if p.when]
    assert (once.cron, once.exact) == ("0 8 * * 0", False)
    assert once.note == "none comes only once; this comes every week"
    (weekly,) = [p.when for p in phrases("Remind me to call mum every Sunday") if p.when]
    assert weekly.exact


@pytest.mark.parametrize(
    ("text", "hour"),
    [("in the evening, say at seven, read the list", 19), ("in the evenings, preferably at 8, mail it", 20),
     ("am Abend, sagen wir um sieben, lies die Liste", 19), ("le soir, à huit heures, lis la liste", 20),
     ("in the morning, say at seven, read the list", 7), ("at night, perhaps at eleven, save it", 23)],
)  # fmt: skip
def test_a_part_of_the_day_before_a_clock_says_which_half_is_meant(text: str, hour: int) -> None:
    assert [p.facts.clocks[0].hour for p in phrases(text) if p.kind == "time"] == [hour]


def test_what_one_may_do_names_no_month() -> None:
    found = phrases("every day at 6 in July let the model say whether one may sail")
    assert [p.when.cron for p in found if p.when] == ["0 6 * 7 *"]
