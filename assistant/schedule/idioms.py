"""What people say of a schedule in short, written out: `0730 daily`, `on the 1st and 15th`.

In the midst of a prompt such words may mean anything; where they are said to be a schedule they
mean one. Each language has its own shorts, and its own way to write them out.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_DAY = r"(?:[12]?\d|3[01]|0[1-9])"
_TIME = re.compile(
    r"(?<![\w:+./-])(?!20[2-9]\d\b(?!\s*h))(?P<h>[01]\d|2[0-3])(?P<m>[0-5][05])(?:\s?(?:h|hrs|hours|uhr))?(?![\w:/-]|\.\d)",
    re.I,
)
# (what is said, how it is written out)
_SHORTS = (
    (r"tous les quarts? d['’]\s?heures?", "toutes les 15 minutes"),
    (r"(?:toutes les|chaque) demi-?\s?heures?", "toutes les 30 minutes"),
    (r"ogni mezz(?:['’]\s?|a\s)?ora", "ogni 30 minuti"),
    (r"ogni quarto d['’]\s?ora", "ogni 15 minuti"),
    (r"cada cuarto de hora", "cada 15 minutos"),
    (r"cada dos horas", "cada 2 horas"),
    (r"a?\s*cada quarto de hora", "a cada 15 minutos"),
    (r"de meia em meia hora", "a cada 30 minutos"),
    (r"de hora em hora", "a cada hora"),
    (r"de duas em duas horas", "a cada 2 horas"),
    (r"de (?P<n>\d+) em (?P=n) (?P<u>horas|minutos|meses)", r"a cada \g<n> \g<u>"),
    (r"(?:alle|jede) viertel(?:stunden?|\sstunden?)", "alle 15 Minuten"),
    (r"(?:viertelstündlich|viertelstuendlich)", "alle 15 Minuten"),
    (r"(?:halbstündlich|halbstuendlich)", "alle 30 Minuten"),
    (r"(?:om het|ieder|elk) kwartier", "elke 15 minuten"),
    (r"om het (?:half\s?uur|halfuur)|(?:elk|ieder) halfuur", "elke 30 minuten"),
    (r"om het uur", "elk uur"),
    (r"om de (?P<n>\d+|twee|drie|vier|zes|acht|twaalf) (?P<u>uur|minuten|maanden)", r"elke \g<n> \g<u>"),
    (r"om de (?P<n>vijf|tien|vijftien|twintig|dertig) minuten", r"elke \g<n> minuten"),
)  # fmt: skip
# (the day as it is said, words before a day, words between days, days written out)
_DAYS: tuple[tuple[str, str, str, Callable[[list[int]], str]], ...] = (
    (_DAY + r"(?:st|nd|rd|th)", r"(?:(?:on|every)\s+)?(?:the\s+)?", r"\s*(?:,|and|&|,\s*and)\s*(?:on\s+)?(?:the\s+)?",
     lambda days: "on the " + " and ".join(map(_english, days)) + " of every month"),
    (_DAY + r"\.", r"(?:(?:immer\s+)?am\s+|jeden\s+)", r"\s*(?:,|und)\s*(?:am\s+)?",
     lambda days: "am " + " und ".join(f"{day}." for day in days) + " jedes Monats"),
    (_DAY + r"(?:er)?", r"(?:tous\s+les\s+|les\s+|le\s+)", r"\s*(?:,|et)\s*(?:les?\s+)?",
     lambda days: "le " + " et ".join(map(str, days)) + " de chaque mois"),
    (_DAY, r"(?:(?:los|el)\s+(?:días?\s+|dias?\s+)?)", r"\s*(?:,|y)\s*(?:el\s+)?(?:día\s+|dia\s+)?",
     lambda days: "el " + " y ".join(map(str, days)) + " de cada mes"),
    (_DAY + r"[°º]?", r"(?:(?:ogni|il|l['’])\s*(?:giorno\s+)?)", r"\s*(?:,|e)\s*(?:il\s+|l['’])?",
     lambda days: "il " + " e ".join(map(str, days)) + " di ogni mese"),
    (_DAY + r"e", r"(?:(?:op|elke)\s+(?:de\s+)?)", r"\s*(?:,|en)\s*(?:de\s+)?",
     lambda days: "op de " + " en ".join(f"{day}e" for day in days) + " van elke maand"),
    (_DAY + r"[°º]?", r"(?:(?:no|nos|todo|aos?)\s+dias?\s+)", r"\s*(?:,|e)\s*(?:(?:no\s+)?dia\s+)?",
     lambda days: "no dia " + " e ".join(map(str, days)) + " de cada mês"),
)  # fmt: skip
# What may stand behind the days: a time, a place, or nothing. A month or a unit is another matter.
_AFTER = r"(?=\s*(?:$|,|at\b|@|um\b|à\b|a\s+las?\b|alle\b|ore\b|om\b|às\b|as\b|ao\b|in\b|every\b|noon\b|\d{1,2}[:h]))"


def written_out(words: str) -> str:
    """The same schedule in full words; the words themselves when they are no short."""
    text = _TIME.sub(lambda m: f"{m['h']}:{m['m']}", words)
    for said, meant in _SHORTS:
        text = re.sub(rf"(?<!\w){said}(?!\w)", meant, text, flags=re.I)
    for day, before, between, write in _DAYS:
        whole = re.compile(rf"(?<!\w){before}{day}(?:{between}{day})*{_AFTER}", re.I)
        if found := whole.search(text):
            days = sorted({int(n) for n in re.findall(r"\d+", found.group())})
            return text[: found.start()] + write(days) + text[found.end() :]
    return text


def own_words(text: str) -> str:
    """The line of a sentence that `wording` says and that nobody else would; empty for others."""
    if past := re.fullmatch(r"every (?:(\d+) )?hours? at (\d+) minutes? past", text, re.I):
        hours, minute = int(past[1] or 1), int(past[2])
        fits = hours and 24 % hours == 0 and minute < 60
        return f"{minute} {'*' if hours == 1 else f'*/{hours}'} * * *" if fits else ""
    days = r"every (\d+) days, counted from the 1st of each month, at (\d\d):(\d\d)"
    if told := re.fullmatch(days, text, re.I):
        return f"{int(told[3])} {int(told[2])} */{told[1]} * *"
    return ""


def _english(day: int) -> str:
    ending = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"
