"""What a draft is given that nobody said in so many words: links by place, defaults, its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.builder.details import details
from assistant.builder.drafts import Ask, Assumption
from assistant.builder.naming import job_name
from assistant.builder.offers import fields_of
from assistant.builder.resolving import Resolver, lacking, shaped
from assistant.builder.structure import Assembly
from assistant.builder.terms import Field
from assistant.builder.texts import ask
from assistant.builder.wiring import Part
from assistant.grounding.marks import Marked, Value
from assistant.grounding.schedules import Clock, Facts, When, cron_of
from assistant.schedule.wording import in_words
from assistant.skills.databases.spoken import Spoken


@dataclass
class Timing:
    asks: list[Ask]
    assumptions: list[Assumption]


OWN_ASKS = frozenset(
    {"query", "question", "prompt", "items", "newsletter", "message", "body", "content", "topic"}
)


def kind_of_field(part: Part, name: str) -> str:
    fields: Sequence[Field] = fields_of(part.skill.schema())
    return next((f.kind for f in fields if f.name in (name, f"{name}s")), name)


def ground(parts: Sequence[Part], resolver: Resolver) -> None:
    """A link or address that stands in the request, fits one step that lacks it, and that nothing
    has taken, belongs to that step. Found in code, so it is no guess of the model's."""
    for part in parts:
        for item in fields_of(part.skill.schema()):
            if item.kind not in ("url", "mail", "channel") or item.name in part.arguments:
                continue
            if item.many and item.name.removesuffix("s") in part.arguments:
                continue
            others = [p for p in parts if p is not part and _wants(p, item.kind)]
            free = resolver.unused(item.kind)
            if not free or others or not _wants(part, item.kind):
                continue
            chosen = free if item.many else free[:1]
            values = [resolver.mark(f"{part.skill.name}.{item.name}", name) for name in chosen]
            given = {item.name: values if item.many else values[0]}
            part.arguments |= shaped(part.skill, given)
            part.said = frozenset(part.arguments)


def _wants(part: Part, kind: str) -> bool:
    """Whether a step lacks a value of a kind that it cannot do without."""
    fields = [f for f in fields_of(part.skill.schema()) if f.kind == kind]
    if not fields or any(
        n in part.arguments for f in fields for n in (f.name, f.name.removesuffix("s"))
    ):
        return False
    takes_items = "items" in part.skill.parameters.model_fields
    return not (kind == "url" and takes_items and part.number > 1)


def add_defaults(made: Assembly, title: str) -> None:
    """What a step must have and nobody names by hand: shown as an assumption."""
    for part in made.parts:
        for name in (*lacking(part), *_nameless(part)):
            value: Any = None
            if name in ("title", "subject"):
                value = title or "Newsletter"
            elif name == "name" and "content" in part.skill.parameters.model_fields:
                table = str(part.arguments.get("content", "")).endswith(".rows }}")
                value = f"{job_name(title)}.{'csv' if table else 'md'}"
            if value is None:
                continue
            part.arguments[name] = value
            place = f"steps.{part.id}.{name}"
            made.assumptions.append(Assumption(place, value, f"{name.capitalize()}: {value}"))
    _refresh(made)


def _nameless(part: Part) -> tuple[str, ...]:
    """A letter whose text comes from a step would be headed by that text's first line."""
    given = part.arguments
    told = "subject" in given or "newsletter" in given
    names = part.skill.parameters.model_fields
    from_step = "subject" in names and "${{" in str(given.get("body", ""))
    return ("subject",) if from_step and not told else ()


def add_details(parts: Sequence[Part], marked: Marked) -> None:
    """What only the form of the words shows, such as headers of a call."""
    for part in parts:
        names = part.skill.parameters.model_fields
        others = [p for p in parts if p.skill.name == part.skill.name]
        if others[0] is part:
            part.arguments |= details(part.skill.name, marked, names.__contains__)
        part.said = frozenset(part.arguments)


def add_database(
    parts: Sequence[Part], asked: str | None, request: str, databases: Sequence[Spoken]
) -> list[Assumption]:
    """The database that has the tables a request names, where there are several."""
    if not asked or len(databases) < 2:
        return []
    assumptions: list[Assumption] = []
    for part in parts:
        if part.skill.name == "query_database" and "database" not in part.arguments:
            part.arguments["database"] = asked
            if asked.lower() not in request.lower():
                text = f"Database: {asked}"
                assumptions.append(Assumption(f"steps.{part.id}.database", asked, text))
    return assumptions


def add_message(
    parts: Sequence[Part], settings: Mapping[str, Any], tags: Sequence[str]
) -> list[Assumption]:
    """What a job says that another job starts, when nobody said it: that the other has failed, or
    is done."""
    word = next(
        (
            w
            for t, w in (("trigger_job_failed", "failed"), ("trigger_job_done", "is done"))
            if t in tags
        ),
        "",
    )
    text = f"The job {settings.get('trigger.job', '')} {word}."
    made: list[Assumption] = []
    for part in parts if word else ():
        name = next((n for n in ("message", "body") if n in part.skill.parameters.model_fields), "")
        if not name:
            break  # What comes behind tells of what this step gives.
        if not {name, "newsletter"} & set(part.arguments):
            part.arguments[name] = text
            made.append(Assumption(f"steps.{part.id}.{name}", text, f"It says: {text}"))
    return made


def _refresh(made: Assembly) -> None:
    """Arguments found after the tree was made belong into it too."""
    by_id = {part.id: part for part in made.parts}

    def visit(steps: Sequence[dict[str, Any]]) -> None:
        for step in steps:
            part = by_id.get(step.get("id", ""))
            if part is not None and "skill" in step and part.arguments:
                order = list(part.skill.parameters.model_fields)
                step["with"] = dict(sorted(part.arguments.items(), key=lambda a: order.index(a[0])))
            for inner in (
                step.get("steps"),
                step.get("else"),
                *dict(step.get("parallel", {})).values(),
            ):
                if isinstance(inner, list):
                    visit(inner)

    visit(made.data.get("steps", []))


def timing_of(
    outline: Mapping[str, Any], marked: Marked, resolver: Resolver
) -> tuple[When | None, Timing]:
    """The schedule the outline chose, with what it leaves open."""
    timing = Timing([], [])
    name = str(outline.get("when", ""))
    value = marked.values.get(name)
    if value is None:
        return None, timing
    resolver.mark("schedule.cron", name)
    meant: Any = value.meant
    if isinstance(meant, Clock) and (whole := _whole(meant, marked)) is not None:
        resolver.mark("schedule.cron", whole.mark)
        meant = whole.meant
    if isinstance(meant, Clock):
        facts = Facts(clocks=(meant,), rates=frozenset({"day"}), recurring=True)
        when = cron_of(facts)
        timing.assumptions.append(
            Assumption("schedule.cron", when.cron, f"Every day {value.raw}; no day was named")
        )
        return when, timing
    when = meant if isinstance(meant, When) else None
    if when is None:
        return None, timing
    for other in marked.of("when"):
        same = isinstance(other.meant, When) and other.meant.cron == when.cron
        if same:
            resolver.used.add(other.mark)
        elif other.mark in marked.text:
            timing.assumptions.append(
                Assumption("schedule.cron", when.cron, f"Only {value.raw!r}; {other.raw!r} would be a second job")
            )  # fmt: skip
    if not when.cron:
        timing.asks.append(Ask("schedule.cron", ask("impossible", raw=value.raw, note=when.note)))
    elif not when.exact:
        text = ask("inexact", raw=value.raw, note=when.note, shown=in_words(when.cron))
        timing.asks.append(Ask("schedule.cron", text))
    if when.assumed:
        timing.assumptions.append(Assumption("schedule.cron", when.cron, when.assumed))
    return when, timing


def _whole(clock: Clock, marked: Marked) -> Value | None:
    """The schedule that a bare time of day is a part of: "daily … at 9"."""
    whens = [value for value in marked.of("when") if isinstance(value.meant, When)]
    return next((v for v in whens if clock in v.meant.facts.clocks), None)
