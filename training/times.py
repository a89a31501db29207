"""Recurring times, look-back windows and durations as people write them, by language."""

from __future__ import annotations

import random

DAYS = {
    "en": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday".split("|"),
    "de": "Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag".split("|"),
    "fr": "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche".split("|"),
    "es": "lunes|martes|miércoles|jueves|viernes|sábado|domingo".split("|"),
    "it": "lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica".split("|"),
    "pt": "segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira|sábado|domingo".split(
        "|"
    ),
    "nl": "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag".split("|"),
}
_HOURS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven".split("|")


def clock(rng: random.Random, lang: str = "en") -> str:
    """A time of day."""
    h, m = rng.randint(0, 23), rng.choice([0, 0, 0, 15, 30, 45, rng.randint(0, 59)])
    if lang == "en":
        h12, half = (h % 12) or 12, "am" if h < 12 else "pm"
        return rng.choice(
            [
                f"{h}:{m:02}",
                f"{h:02}:{m:02}",
                f"{h12}{half}",
                f"{h12} {half}",
                f"{h12}:{m:02} {half}",
                f"{h12}:{m:02}{half}",
                f"{h}",
                f"{rng.randint(5, 11)}",
                rng.choice(_HOURS),
                f"{rng.choice(_HOURS)} o'clock",
                f"half past {rng.choice(_HOURS)}",
                f"quarter past {rng.choice(_HOURS)}",
                f"quarter to {rng.choice(_HOURS)}",
                "noon",
                "midnight",
                f"{rng.choice(_HOURS)} in the morning",
                f"{rng.choice(_HOURS)} in the evening",
                f"{h12} p.m.",
            ]
        )
    tail = {
        "de": [" Uhr", ":00", ":30", ":15 Uhr"],
        "fr": ["h", "h30", " heures", "h15", ":00"],
        "es": ["", ":00", ":30", " h"],
        "it": ["", ":00", ":30", ".30"],
        "pt": ["h", "h30", ":00", " horas"],
        "nl": [" uur", ":00", ":30", ".15 uur"],
    }[lang]
    return f"{rng.randint(5, 22)}{rng.choice(tail)}"


def when_en(rng: random.Random) -> str:
    day, other = rng.sample(DAYS["en"], 2)
    at = rng.choice(["at ", "at ", "at ", "around ", "by "]) + clock(rng)
    at = rng.choice([at, at, at, at, ""])
    n = rng.choice(
        [
            "2",
            "3",
            "4",
            "5",
            "6",
            "10",
            "15",
            "20",
            "30",
            "45",
            "two",
            "three",
            "five",
            "ten",
            "fifteen",
            "thirty",
        ]
    )
    day_kind = rng.choice(
        [
            "every day",
            "every day",
            "daily",
            "each day",
            "every morning",
            "every evening",
            "every night",
            "each morning",
            "every weekday",
            "every weekday",
            "on weekdays",
            "weekdays",
            "every working day",
            "on workdays",
            "each weekday",
            "Monday to Friday",
            "Monday through Friday",
            "Mon-Fri",
            "mon-fri",
            "every business day",
            "at weekends",
            "every weekend",
            "on weekends",
            f"every {day}",
            f"every {day}",
            f"every {day}",
            f"each {day}",
            f"on {day}s",
            f"on {day}s",
            f"{day}s",
            f"every {day} morning",
            f"every {day} and {other}",
            f"on {day}s and {other}s",
            f"every {day[:3]}",
            f"every {day} evening",
            f"weekly on {day}",
            f"once a week on {day}",
            "on the first of the month",
            "on the first of each month",
            "every month on the 1st",
            f"on the {rng.choice(['2nd', '3rd', '5th', '10th', '15th', '20th', '28th'])} of every month",
            "on the last day of the month",
            f"on the first {day} of the month",
            f"on the last {day} of each month",
            "monthly",
            "once a month",
            "every quarter",
            "once a year",
            "on the 1st and 15th",
            "twice a day",
            "once a day",
            "once a week",
            "weekly",
            "every other day",
        ]
    )
    if rng.random() < 0.2:
        return rng.choice(
            [
                f"every {n} minutes",
                f"every {n} hours",
                "every hour",
                "hourly",
                "every half hour",
                "every minute",
                "every quarter of an hour",
                f"every {n} min",
                "once an hour",
                "each hour",
                "on the hour",
                "every hour on weekdays",
                f"every {n} minutes between 9 and 17",
            ]
        )
    if at and rng.random() < 0.15:
        return f"{at} {day_kind}"
    return f"{day_kind} {at}".strip() if rng.random() < 0.85 else day_kind


_OTHER = {
    "de": "jeden Tag um {t}|täglich um {t}|jeden Morgen um {t}|jeden {d} um {t}|jeden {d}|montags um {t}|werktags um {t}|an Werktagen um {t}|jeden Werktag um {t}|stündlich|jede Stunde|alle {n} Minuten|alle {n} Stunden|jeden Abend um {t}|täglich|wöchentlich|am ersten des Monats|jeden {d}morgen|freitags um {t}|von Montag bis Freitag um {t}|jede Woche am {d}|am Wochenende um {t}",
    "fr": "tous les jours à {t}|chaque jour à {t}|chaque matin à {t}|tous les matins à {t}|chaque {d} à {t}|tous les {d}s à {t}|le {d} à {t}|toutes les heures|chaque heure|toutes les {n} minutes|toutes les {n} heures|du lundi au vendredi à {t}|en semaine à {t}|tous les soirs à {t}|chaque semaine|une fois par jour|le premier du mois|les jours ouvrables à {t}|chaque {d}",
    "es": "todos los días a las {t}|cada día a las {t}|cada mañana a las {t}|cada {d} a las {t}|los {d} a las {t}|todos los {d} a las {t}|cada hora|cada {n} minutos|cada {n} horas|de lunes a viernes a las {t}|entre semana a las {t}|los días laborables a las {t}|cada noche a las {t}|cada semana|una vez al día|el primer día del mes|cada {d}|diariamente",
    "it": "ogni giorno alle {t}|tutti i giorni alle {t}|ogni mattina alle {t}|ogni {d} alle {t}|il {d} alle {t}|ogni ora|ogni {n} minuti|ogni {n} ore|dal lunedì al venerdì alle {t}|nei giorni feriali alle {t}|ogni sera alle {t}|ogni settimana|una volta al giorno|il primo del mese|ogni {d}|tutte le mattine alle {t}",
    "pt": "todos os dias às {t}|cada dia às {t}|toda manhã às {t}|todas as manhãs às {t}|toda {d} às {t}|cada {d} às {t}|às {d}s às {t}|a cada hora|de hora em hora|a cada {n} minutos|a cada {n} horas|de segunda a sexta às {t}|nos dias úteis às {t}|todas as noites às {t}|toda semana|uma vez por dia|no primeiro dia do mês|diariamente às {t}",
    "nl": "elke dag om {t}|iedere dag om {t}|elke ochtend om {t}|dagelijks om {t}|elke {d} om {t}|iedere {d} om {t}|op {d} om {t}|elk uur|ieder uur|elke {n} minuten|om de {n} minuten|elke {n} uur|op werkdagen om {t}|van maandag tot vrijdag om {t}|elke avond om {t}|elke week|eens per dag|op de eerste van de maand|elke {d}|in het weekend om {t}",
}


def when(rng: random.Random, lang: str) -> str:
    """A recurring time."""
    if lang == "en":
        return when_en(rng)
    return rng.choice(_OTHER[lang].split("|")).format(
        t=clock(rng, lang), d=rng.choice(DAYS[lang]), n=rng.choice([2, 3, 5, 10, 15, 20, 30])
    )


_SINCE = {
    "en": "last {n} hours|last {n} days|past {n} days|past {n} hours|last 24 hours|last week|past week|last day|last hour|last two weeks|last month|past 24 hours|last {n} weeks|past month|last 48 hours|last three days|last seven days",
    "de": "letzten {n} Stunden|letzten {n} Tage|letzten 24 Stunden|letzten Woche|letzten zwei Tage",
    "fr": "dernières {n} heures|{n} derniers jours|dernières 24 heures|derniers jours",
    "es": "últimas {n} horas|últimos {n} días|últimas 24 horas|última semana",
    "it": "ultime {n} ore|ultimi {n} giorni|ultime 24 ore|ultima settimana",
    "pt": "últimas {n} horas|últimos {n} dias|últimas 24 horas|última semana",
    "nl": "laatste {n} uur|afgelopen {n} dagen|laatste 24 uur|afgelopen week",
}


def since(rng: random.Random, lang: str = "en") -> str:
    """A look-back window, without the article before it."""
    return rng.choice(_SINCE[lang].split("|")).format(
        n=rng.choice([2, 3, 4, 5, 6, 7, 10, 12, 14, 24, 36, 48, 72])
    )


def duration(rng: random.Random, lang: str = "en") -> str:
    """A length of time."""
    n = rng.choice([1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90])
    if lang == "en":
        return rng.choice(
            [
                f"{n} minutes",
                f"{n} seconds",
                f"{n}s",
                f"{n} min",
                "half an hour",
                "an hour",
                "two minutes",
                "five minutes",
                "a minute",
                f"{n} sec",
                "ten seconds",
                f"{n}m",
            ]
        )
    unit = {
        "de": "Minuten|Sekunden",
        "fr": "minutes|secondes",
        "es": "minutos|segundos",
        "it": "minuti|secondi",
        "pt": "minutos|segundos",
        "nl": "minuten|seconden",
    }[lang]
    return f"{max(n, 2)} {rng.choice(unit.split('|'))}"
