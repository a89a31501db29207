"""Cron lines with a zone: are they right, and when do they fire.

Five fields and Debian's rules (cronsim): a time that a clock change leaves out fires right
after it, a time that happens twice fires once, a wildcard hour fires every real interval.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

from assistant.errors import TriggerInvalid

FIELDS = {
    "minute": "0-59", "hour": "0-23", "day-of-month": "1-31, L or LW",
    "month": "1-12 or JAN-DEC", "day-of-week": "0-7 or SUN-SAT, 1#2 (second Monday), 5L (last Friday)",
}  # fmt: skip
NICKNAMES = {
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
}  # fmt: skip


@dataclass(frozen=True)
class Fire:
    """One instant of a schedule. `clock_change` is true for the first after the clocks moved."""

    at: datetime
    local: datetime
    clock_change: bool = False


def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises TriggerInvalid with the nearest names."""
    if not name:
        raise TriggerInvalid(
            "a schedule needs a time zone", hint="Name one of IANA's: Europe/London."
        )
    if name not in _zones():
        near = nearest_zones(name)
        raise TriggerInvalid(
            f"{name[:80]!r} is no time zone",
            hint=f"Did you mean {' or '.join(near)}?" if near else "Use a name like Europe/London.",
        )
    return ZoneInfo(name)


def nearest_zones(name: str) -> list[str]:
    """Up to three zones that a misspelt name may have meant."""
    wanted = name.strip().replace(" ", "_").casefold()[:80]
    if not wanted:
        return []
    whole = {z.casefold(): z for z in _zones()}
    cities = {z.rpartition("/")[2].casefold(): z for z in sorted(_zones()) if "/" in z}
    found = [whole[n] for n in difflib.get_close_matches(wanted, whole, n=2, cutoff=0.7)]
    city = wanted.rpartition("/")[2]
    found += [cities[n] for n in difflib.get_close_matches(city, cities, n=2, cutoff=0.7)]
    return list(dict.fromkeys(found))[:3]


def check(cron: str, timezone: str) -> None:
    """Raises TriggerInvalid when the line or the zone does not hold, or when it never fires."""
    place = zone(timezone)
    fields = cron.split()
    if len(fields) != 5:
        nick = NICKNAMES.get(cron.strip().lower())
        raise TriggerInvalid(
            f"the cron line {cron[:80]!r} has {len(fields)} fields; it needs five",
            hint=f"Write {nick!r}."
            if nick
            else "minute, hour, day of month, month, day of week: '0 7 * * 1-5'.",
        )
    try:
        next(CronSim(cron, datetime(2024, 1, 1, tzinfo=place)))
    except CronSimError as wrong:
        raise _wrong(cron, str(wrong)) from wrong
    except StopIteration:
        raise TriggerInvalid(
            f"the cron line {cron!r} never comes due", hint="No date fits all of its fields."
        ) from None


def fires(cron: str, timezone: str, after: datetime) -> Iterator[datetime]:
    """The instants (UTC, rising) strictly after a moment, without end."""
    last = after.astimezone(UTC)
    for local in CronSim(cron, after.astimezone(zone(timezone))):
        # Two lines of a day may meet at the instant right after a gap in the clock; it is one.
        if (instant := local.astimezone(UTC)) > last:
            last = instant
            yield instant


def next_fire(cron: str, timezone: str, after: datetime) -> datetime | None:
    """The first instant after a moment, or None when there is none."""
    return next(fires(cron, timezone, after), None)


def next_fires(cron: str, timezone: str, after: datetime, count: int) -> list[Fire]:
    """The next so many instants, with their local time and where the clocks have moved."""
    place = zone(timezone)
    offset, found = after.astimezone(place).utcoffset(), list[Fire]()
    for instant in islice(fires(cron, timezone, after), count):
        local = instant.astimezone(place)
        found.append(Fire(instant, local, clock_change=local.utcoffset() != offset))
        offset = local.utcoffset()
    return found


def _wrong(cron: str, told: str) -> TriggerInvalid:
    name = told.removeprefix("Bad ")
    if name not in FIELDS:
        return TriggerInvalid(f"the cron line {cron[:80]!r} does not hold: {told}")
    part = cron.split()[list(FIELDS).index(name)]
    return TriggerInvalid(
        f"the {name} field {part[:40]!r} of the cron line {cron[:80]!r} does not hold",
        hint=f"It may be * or {FIELDS[name]}, with lists 1,2, ranges 1-5 and steps */2.",
    )


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_here(wanted: str = "") -> str:
    """The zone for schedules whose words name none: the one that is set, else the machine's.

    A machine that does not say gets UTC. Raises TriggerInvalid when the one that is set is none.
    """
    if wanted:
        return zone(wanted).key
    for told in (os.environ.get("TZ", "").removeprefix(":"), _localtime()):
        if told in _zones():
            return "UTC" if told in ("Etc/UTC", "Etc/Universal", "Etc/Zulu") else told
    return "UTC"


def _localtime() -> str:
    """The zone that /etc/localtime points to: `Europe/London`; empty when it points nowhere."""
    target = os.path.realpath("/etc/localtime")
    return target.partition("zoneinfo/")[2]
