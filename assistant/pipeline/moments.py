"""Points in time as texts, for the functions `now`, `date` and `format_date`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from assistant.clock import rfc3339
from assistant.pipeline.expression_errors import ExpressionInvalid, TypeMismatch
from assistant.pipeline.zones import is_zone, nearest_zone

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def known(moment: datetime | None) -> datetime:
    """The moment an evaluation was given. Raises ExpressionInvalid when it was given none."""
    if moment is None:
        raise ExpressionInvalid("now() is known only inside a run")
    return moment


def written(moment: datetime) -> str:
    return rfc3339(moment)


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo:
    """The IANA zone. Raises TypeMismatch with the nearest name for one that is not there."""
    if not is_zone(name):
        close = nearest_zone(name)
        hint = f"Did you mean {close!r}?" if close else "Use an IANA name."
        raise TypeMismatch(f"{name!r} is no time zone", hint=hint)
    return ZoneInfo(name)


def read(text: str, zone: str) -> datetime:
    """The moment a text stands for, in UTC. Raises TypeMismatch when it stands for none."""
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone_named(zone))
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        raise TypeMismatch(
            f"{text[:40]!r} is no date", hint="Write 2026-03-02 or 2026-03-02T12:00:00Z."
        ) from wrong


def moved(text: str, zone: str, parts: Mapping[str, int | float]) -> str:
    """The moment a text stands for, moved by weeks, days, hours and minutes."""
    try:
        return written(read(text, zone) + timedelta(**parts))
    except (OverflowError, ValueError) as wrong:
        raise TypeMismatch("this date lies outside the years 1 to 9999") from wrong


def formatted(text: str, pattern: str, zone: str) -> str:
    """The moment by a pattern; names are English on every machine.

    Our own few directives: the C library's ones follow the locale and can ask for any width.
    """
    try:
        moment = read(text, zone).astimezone(zone_named(zone))
    except OverflowError as wrong:
        raise TypeMismatch("this date lies outside the years 1 to 9999") from wrong
    parts = {
        "Y": f"{moment.year:04}", "m": f"{moment.month:02}", "d": f"{moment.day:02}",
        "H": f"{moment.hour:02}", "M": f"{moment.minute:02}", "S": f"{moment.second:02}",
        "B": _MONTHS[moment.month - 1], "b": _MONTHS[moment.month - 1][:3],
        "A": _DAYS[moment.weekday()], "a": _DAYS[moment.weekday()][:3],
        "y": f"{moment.year % 100:02}", "j": f"{moment.timetuple().tm_yday:03}",
        "e": str(moment.day), "I": f"{(moment.hour - 1) % 12 + 1:02}",
        "p": "AM" if moment.hour < 12 else "PM", "z": _offset(moment),
        "Z": moment.tzname() or "", "%": "%",
    }  # fmt: skip
    pieces = pattern.split("%")
    out, rest = [pieces[0]], iter(pieces[1:])
    for piece in rest:
        if not piece:  # "%%": the piece after it is plain text
            out.append("%" + next(rest, ""))
            continue
        if piece[0] not in parts:
            raise TypeMismatch(
                f"'%{piece[0]}' is no part of a date", hint=f"There are: %{' %'.join(parts)}."
            )
        out.append(parts[piece[0]] + piece[1:])
    return "".join(out)


def _offset(moment: datetime) -> str:
    minutes = int((moment.utcoffset() or timedelta()).total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
