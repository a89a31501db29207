"""Whether a cron line and a time zone can be kept, and what was probably meant if not."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from cronsim import CronSim, CronSimError

from assistant.pipeline.zones import is_zone, nearest_zone

_FIELDS = (
    ("minute", "0 to 59"), ("hour", "0 to 23"), ("day-of-month", "1 to 31"),
    ("month", "1 to 12 or JAN to DEC"), ("day-of-week", "0 to 7 or SUN to SAT"),
)  # fmt: skip
_MACROS = {
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}  # fmt: skip


@lru_cache(maxsize=512)
def cron_problem(cron: str) -> tuple[str, str] | None:
    """Message and cure for a cron line that cannot be kept; None for a good one."""
    if cron.strip().lower() in _MACROS:
        return f"{cron!r} is no cron line here", f'Write "{_MACROS[cron.strip().lower()]}".'
    parts = cron.split()
    if len(parts) != 5:
        cure = "Five fields: minute, hour, day of the month, month, day of the week."
        return f"{cron!r} has {len(parts)} fields, not five", cure
    try:
        next(CronSim(cron, datetime(2026, 1, 1, tzinfo=UTC)))
    except CronSimError as wrong:
        return _bad_field(cron, parts, str(wrong))
    except (StopIteration, ValueError, AssertionError):
        return f"{cron!r} never comes", "No year has such a day."
    return None


def _bad_field(cron: str, parts: list[str], told: str) -> tuple[str, str]:
    for (name, span), part in zip(_FIELDS, parts, strict=True):
        if name in told:
            if part.isdigit() and name == "day-of-month" and 1 <= int(part) <= 31:
                return f"{cron!r} never comes", "None of these months has such a day."
            words = name.replace("-", " ").replace("day of month", "day of the month")
            return f"{part!r} is no {words}", f"It goes from {span}; also *, */2, 1-5 and 1,3."
    return f"{cron!r} is no cron line", "Write five fields, such as 0 7 * * 1-5."


def zone_problem(zone: str) -> tuple[str, str] | None:
    """Message and cure for a zone that is not there; None for a good one."""
    if is_zone(zone):
        return None
    near = nearest_zone(zone)
    return (
        f"{zone!r} is no time zone",
        f"Did you mean {near!r}?" if near else "Write an IANA name such as Europe/London.",
    )
