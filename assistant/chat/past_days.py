"""The days that a question about runs names: yesterday, on Monday, last week, on 3 March."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from zoneinfo import ZoneInfo

from assistant.errors import BindingsInvalid
from assistant.grounding.languages import LANGUAGES
from assistant.grounding.lexicon import lexicon


@dataclass(frozen=True)
class Days:
    """Whole days, both included, as the calendar of the job's zone has them."""

    first: date
    last: date

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """The instant where the first begins and the one where the last is over."""
        here = ZoneInfo(zone)
        begin = datetime.combine(self.first, time(), here)
        return begin, datetime.combine(self.last + timedelta(days=1), time(), here)

    def __str__(self) -> str:
        """`on Mon 2 Mar 2026`, `from Mon 2 Mar 2026 to Sun 8 Mar 2026`."""
        if self.first == self.last:
            return f"on {_told(self.first)}"
        return f"from {_told(self.first)} to {_told(self.last)}"


def named(text: str) -> tuple[Callable[[date], Days] | None, str]:
    """What tells the days that a folded text names from today's date, and the text without them.

    A weekday is the latest one that has begun, `last Monday` one before today. The teller raises
    BindingsInvalid for a date that no calendar has.
    """
    for pattern, read in _readers():
        if found := pattern.search(text):
            rest = f"{text[: found.start()]} {text[found.end() :]}"
            return partial(read, found), " ".join(rest.split())
    return None, text


_BEFORE = (
    r"(?:(?:on|in|during|from|of|for|the|this|am|vom|vor|im|den|der|die|dem|le|la|du|de|del|el|los|lo|"
    r"il|do|da|no|na|em|op|van|in de|deze|diesen?|ce|cette|est[ae]|quest[ao]|past|back) )*"
)
_LAST = (
    r"(?P<past>(?:last|previous|letzt\w*|vorig\w*|vergangen\w*|afgelopen|ultim[oa]|passad[oa]|"
    r"pasad[oa]|scors[oa]) )?"
)
_AFTER = (
    r"(?P<after>,? (?:dernier|derniere|passe|passee|pasad[oa]|scors[oa]|passad[oa]))?"
    r"(?: (?:at )?(?:morning|noon|afternoon|evening|night|fruh|morgen|mittag|nachmittag|abend|matin|soir|"
    r"por la manana|manana|tarde|noche|mattina|sera|de manha|manha|a noite|noite|ochtend|middag|avond))?"
)
_RELATIVE = {
    -2: r"(?:the )?day before yesterday|vorgestern|avant[- ]hier|anteayer|antes de ayer|l'altro ieri|"
    r"anteontem|eergisteren",
    -1: r"yesterday|last night|gestern|hier|ayer|anoche|ieri|ontem|gisteren",
    0: r"today|tonight|this (?:morning|afternoon|evening)|heute|aujourd'hui|ce matin|hoy|esta manana|"
    r"oggi|stamattina|hoje|esta manha|vandaag|vanochtend|vanmorgen",
}
_THIS_WEEK = r"this week|diese woche|cette semaine|esta semana|questa settimana|deze week"
_LAST_WEEK = (
    r"(?:last|the past|past|the previous) week|(?:letzte|vorige|vergangene) woche|la semaine "
    r"(?:derniere|passee)|la semana pasada|(?:la )?(?:settimana scorsa|scorsa settimana)|"
    r"(?:na |a )?semana passada|(?:vorige|afgelopen) week"
)
_THIS_MONTH = r"this month|diesen monat|ce mois(?:[- ]ci)?|este mes|questo mese|deze maand"
_LAST_MONTH = (
    r"last month|letzten monat|vorigen monat|le mois dernier|el mes pasado|(?:il )?mese scorso|"
    r"(?:no |o )?mes passado|vorige maand|afgelopen maand"
)


@cache
def _words(kind: str, shortest: int) -> dict[str, int]:
    """The weekdays (Sunday is 0) or months in all the languages; shorter ones are other words too."""
    found = dict[str, int]()
    for lang in LANGUAGES:
        for phrase, meanings in lexicon(lang).items():
            for meaning in meanings:
                said = " ".join(phrase).replace(" - ", "-")
                if meaning.kind == kind and len(said) >= shortest:
                    found[said] = int(meaning.value)
    return found


def _weekdays() -> dict[str, int]:
    return _words("DAY", 4)


def _months() -> dict[str, int]:
    return _words("MONTH", 3)


def _one_of(words: dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _relative(found: re.Match[str], today: date) -> Days:
    back = next(n for n, words in _RELATIVE.items() if re.fullmatch(words, found["day"]))
    day = today + timedelta(days=back)
    return Days(day, day)


def _of_week(found: re.Match[str], today: date) -> Days:
    wanted = (_weekdays()[found["day"]] - 1) % 7
    back = (today.weekday() - wanted) % 7
    if back == 0 and (found["past"] or found["after"]):
        back = 7
    day = today - timedelta(days=back)
    return Days(day, day)


def _dated(found: re.Match[str], today: date) -> Days:
    """A day of a month; without a year the latest there was."""
    parts = found.groupdict()
    year = int(parts["year"] or 0)
    month = int(parts["number"]) if parts.get("number") else _months()[parts["month"]]
    number = int(parts["day"])
    for tried in [year] if year else range(today.year, today.year - 8, -1):
        try:
            day = date(tried, month, number)
        except ValueError:
            continue
        if year or day <= today:
            return Days(day, day)
    raise BindingsInvalid(
        f"there is no day {number} in month {month}{f' of {year}' if year else ''}",
        hint="Name a day that the calendar has, as 2026-03-02.",
    )


def _week(weeks: int) -> Callable[[re.Match[str], date], Days]:
    def read(_: re.Match[str], today: date) -> Days:
        first = today - timedelta(days=today.weekday() + 7 * weeks)
        return Days(first, min(first + timedelta(days=6), today))

    return read


def _month(months: int) -> Callable[[re.Match[str], date], Days]:
    def read(_: re.Match[str], today: date) -> Days:
        first = today.replace(day=1)
        if not months:
            return Days(first, today)
        before = first - timedelta(days=1)
        return Days(before.replace(day=1), before)

    return read


def _past_days(found: re.Match[str], today: date) -> Days:
    count = int(found["count"]) * (7 if found["unit"].startswith(("w", "sem", "sett")) else 1)
    return Days(today - timedelta(days=min(count, 3660) - 1), today)


@cache
def _readers() -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Days]], ...]:
    months = _one_of(_months())
    th = r"(?:st|nd|rd|th|\.|er|o)?"
    made = (
        (rf"{_BEFORE}(?P<year>\d{{4}})-(?P<number>\d\d)-(?P<day>\d\d)", _dated),
        (rf"{_BEFORE}(?P<day>\d{{1,2}}){th} (?:of |de |d')?(?P<month>{months})(?:,? (?:de )?(?P<year>\d{{4}}))?", _dated),
        (rf"{_BEFORE}(?P<month>{months}) (?:the )?(?P<day>\d{{1,2}}){th}(?:,? (?P<year>\d{{4}}))?", _dated),
        (rf"{_BEFORE}(?:last|past|letzten|derniers|ultimos|ultimi|laatste|afgelopen) (?P<count>\d{{1,3}}) "
         r"(?P<unit>days?|weeks?|tagen?|wochen|jours|semaines|dias|semanas|giorni|settimane|dagen|weken)", _past_days),
        (rf"{_BEFORE}(?:{_LAST_WEEK})", _week(1)),
        (rf"{_BEFORE}(?:{_THIS_WEEK})", _week(0)),
        (rf"{_BEFORE}(?:{_LAST_MONTH})", _month(1)),
        (rf"{_BEFORE}(?:{_THIS_MONTH})", _month(0)),
        (rf"{_BEFORE}(?P<day>{'|'.join(_RELATIVE.values())}){_AFTER}", _relative),
        (rf"{_BEFORE}{_LAST}(?P<day>{_one_of(_weekdays())}){_AFTER}", _of_week),
    )  # fmt: skip
    return tuple((re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"), read) for pattern, read in made)


def _told(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"
