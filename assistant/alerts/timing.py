"""When an alert goes out: at once, after quiet hours, or with a digest."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from assistant.pipeline.durations import seconds
from assistant.settings import Channel


def due(
    now: datetime, channel: Channel, kind: str, zone: ZoneInfo, gathering: datetime | None = None
) -> datetime:
    """When an alert of this kind is due on a channel, in UTC.

    `gathering` is when the digest that is being gathered goes out, if one is. Clock times are
    those of `zone`.
    """
    if kind in channel.urgent:
        return now
    moment = now
    if channel.digest:
        moment = gathering or _digest(now, channel.digest, zone)
    return _after_quiet(moment, channel.quiet, zone) if channel.quiet else moment


def _digest(now: datetime, digest: str, zone: ZoneInfo) -> datetime:
    if ":" in digest:
        return _next(now, time.fromisoformat(digest), zone)
    return now + timedelta(seconds=seconds(digest))


def _after_quiet(moment: datetime, quiet: str, zone: ZoneInfo) -> datetime:
    """The moment itself, or the end of the quiet hours that it falls into."""
    begin, end = (time.fromisoformat(part) for part in quiet.split("-"))
    clock = moment.astimezone(zone).time()
    inside = begin <= clock < end if begin <= end else clock >= begin or clock < end
    return _next(moment, end, zone) if inside else moment


def _next(now: datetime, clock: time, zone: ZoneInfo) -> datetime:
    """The next instant after `now` at which the clocks of a zone show a time."""
    local = now.astimezone(zone)
    for days in range(3):
        day = local.date() + timedelta(days=days)
        instant = datetime.combine(day, clock, zone).astimezone(UTC)
        if instant > now:
            return instant
    raise AssertionError("a time of day comes within three days")
