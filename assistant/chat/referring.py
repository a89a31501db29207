"""Orders about a job that is not named: "stop that one from yesterday", "pause the one I made on Monday".

It is the job that was made, or that ran, on the day; without a day, and where no job is focused, the
one that was worked on last. One such job is stopped, paused or shown; of several the names are told.
"What did I ask you yesterday?" is answered with the words themselves.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.chat import commands
from assistant.chat.answering import words
from assistant.chat.context import TALK
from assistant.chat.events import RoutedTo, TextDelta, TurnEvent
from assistant.chat.past_days import Days, named
from assistant.clock import parse_rfc3339, rfc3339
from assistant.grounding.languages import fold
from assistant.job.naming import title_from
from assistant.schedule.cron import zone, zone_here
from assistant.store.jobs import JobRecord
from assistant.workplace import Workplace

if TYPE_CHECKING:
    from assistant.chat.turn import Conversation

Action = Literal["pause", "park", "resume", "run", "show", "asked"]
MOST, MOST_SAID = 5, 20
_LOOKED_AT = 200
_MOST_WORDS, _LONGEST = 12, 200
"""Words and characters of an order; who writes more means something else."""
_VERBS: dict[str, Action] = {
    "stop": "pause", "end": "pause", "cancel": "pause", "pause": "pause", "switch off": "pause",
    "turn off": "pause", "delete": "park", "remove": "park", "forget": "park", "drop": "park",
    "resume": "resume", "run": "run", "repeat": "run", "show": "show", "open": "show",
    "stoppe": "pause", "stopp": "pause", "beende": "pause", "pausiere": "pause", "losche": "park",
    "arrete": "pause", "supprime": "park", "para": "pause", "borra": "park", "ferma": "pause",
    "cancella": "park", "pare": "pause", "apaga": "park", "verwijder": "park",
}  # fmt: skip
_ORDER = re.compile(
    r"(?:please |can you |could you |bitte )*(?P<verb>" + "|".join(sorted(_VERBS, key=len, reverse=True)) + r")"
    r"(?: (?:that|this|the|it|my|me|one|ones|job|task|thing|newsletter|letter|digest|reminder|watch|report|last|now|"
    r"from|of|on|i|you|we|made|asked|for|set|up|started|created|ran|again|please|das|den|die|der|von|vom|job|celui|"
    r"celle|d|de|el|la|lo|quello|di|o|a|die|van))+"
)  # fmt: skip

_ASKED = re.compile(
    r"what (?:did|have) (?:i|we) (?:ask(?:ed)?|sa(?:y|id)|t(?:ell|old)|want(?:ed)?|order(?:ed)?|request(?:ed)?|do|done)"
    r"(?: (?:you|for|of|to|here|about|do))*|was habe ich (?:dich )?(?:gefragt|gesagt|gewollt)"
)
_POINTS = re.compile(r"(?: (?:it|that|this|the|last|one|again|now|please|das|la|lo|het|dat))*")


@dataclass(frozen=True)
class Order:
    """What is to be done, and the days that the job is of; None for the latest."""

    action: Action
    days: Days | None


def meant(place: Workplace, text: str, focused: JobRecord | None) -> Order | None:
    """The order that a prompt is, when it is nothing else and names no job. Raises BindingsInvalid
    for a day that no calendar has."""
    said = " ".join(re.findall(r"[^\s.!?,]+", fold(text)))
    if len(said.split()) > _MOST_WORDS or len(said) > _LONGEST:
        return None
    days_of, rest = named(said)
    today = place.clock.now().astimezone(zone(zone_here(place.settings.timezone))).date()
    if days_of is not None and _ASKED.fullmatch(rest):
        return Order("asked", days_of(today))
    found = _ORDER.fullmatch(rest.strip(" ,")) if rest else None
    if found is None or any(job.name in said for job in place.jobs.list(limit=_LOOKED_AT)):
        return None
    if days_of is None and (
        focused is not None or not _POINTS.fullmatch(rest[found.end("verb") :])
    ):
        # Where a job is focused, it is meant; "the newsletter" alone may be any.
        return None
    return Order(_VERBS[found["verb"]], days_of(today) if days_of else None)


async def take(
    conversation: Conversation, text: str, order: Order, focused: JobRecord | None
) -> AsyncIterator[TurnEvent]:
    """Do it to the one job it can be about; else say which there are."""
    place = conversation.place
    if order.action == "asked":
        yield TextDelta(_asked(place, order.days))
        return
    found = _fitting(place, order, _of(place, order.days))
    if len(found) != 1:
        told = place.settings.spoken(_which(order, found))
        if focused is not None:
            yield RoutedTo(focused.id, focused.name, focused.title, new=False)
            conversation.say(focused, "prompt", "person", text.strip(), {TALK: "order"})
            conversation.say(focused, "answer", "assistant", told, {TALK: "order"})
        yield TextDelta(told)
        return
    [record] = found
    yield RoutedTo(record.id, record.name, record.title, new=False)
    conversation.say(record, "prompt", "person", text.strip(), {TALK: "order"})
    async for event in _done(conversation, record, order.action):
        if isinstance(event, TextDelta):
            conversation.say(record, "decision", "assistant", event.text, {"action": order.action})
        yield event


async def _done(
    conversation: Conversation, record: JobRecord, action: Action
) -> AsyncIterator[TurnEvent]:
    place = conversation.place
    if action == "show":
        return
    going = place.runs.active(record.name) if action in ("pause", "park") else []
    engine = await place.engine() if going else None
    for run in going:
        if engine is not None:
            await engine.cancel(run.id, by="person")
    if going:
        yield TextDelta(words("run_cancelled", name=record.name))
    if action != "pause" or record.enabled:
        async for event in commands.act(conversation, record, action):
            yield event


def _of(place: Workplace, days: Days | None) -> list[JobRecord]:
    """The jobs that were made, or ran, on these days; without any the latest few."""
    jobs = [j for j in place.jobs.list(limit=_LOOKED_AT) if j.status in ("active", "pending")]
    if days is None:
        return jobs
    begin, end = (rfc3339(at) for at in days.bounds(zone_here(place.settings.timezone)))
    ran = place.store.rows(
        "select distinct job_id from runs where dry = 0 and queued_at >= ? and queued_at < ?",
        begin, end,
    )  # fmt: skip
    ids = {row["job_id"] for row in ran}
    return [job for job in jobs if begin <= job.created_at < end or job.id in ids]


def _asked(place: Workplace, days: Days | None) -> str:
    """What the person said on some days, with the job that it went to."""
    here = zone_here(place.settings.timezone)
    begin, end = (rfc3339(at) for at in days.bounds(here)) if days else ("", "~")
    rows = place.store.rows(
        "select i.at, i.text, j.name from interactions i join jobs j on j.id = i.job_id"
        " where i.kind = 'prompt' and i.at >= ? and i.at < ? and i.data ->> 'talk' is null"
        " order by i.id desc limit ?",
        begin, end, MOST_SAID,
    )  # fmt: skip
    when = f" {days}" if days else ""
    if not rows:
        return words("asked_none", when=when)
    lines = [
        f"- {parse_rfc3339(row['at']).astimezone(zone(here)):%H:%M} {row['name']}: "
        f"{title_from(row['text'], 160)}"
        for row in reversed(rows)
    ]
    return "\n".join([words("asked_lines", when=when), *lines])


def _fitting(place: Workplace, order: Order, jobs: Sequence[JobRecord]) -> list[JobRecord]:
    """Those to which it can be done; of the latest only the first."""
    match order.action:
        case "pause":
            fit = [j for j in jobs if (j.enabled and not j.paused) or place.runs.active(j.name)]
        case "resume":
            fit = [j for j in jobs if j.paused]
        case "run":
            fit = [j for j in jobs if j.version]
        case _:
            fit = list(jobs)
    return fit if order.days is not None else fit[:1]


def _which(order: Order, found: Sequence[JobRecord]) -> str:
    when = f" {order.days}" if order.days else ""
    if not found:
        return words(f"refer_none_{order.action}", when=when)
    lines = [f"- {job.name}: {job.title or job.name}" for job in found[:MOST]]
    return "\n".join([words("refer_several"), *lines])
