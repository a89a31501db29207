"""What can start a job by itself besides its schedule: the kinds of trigger and their keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assistant.pipeline.expressions import has_expression, resolve
from assistant.pipeline.fields import Fields
from assistant.pipeline.inputs import bind
from assistant.pipeline.spec import Job, Trigger
from assistant.pipeline.suggest import did_you_mean

ALERTS = ("failed", "missed", "waiting", "healed", "slow", "budget", "recovered")
"""What `alerts.on` can name."""
_TRIGGER = "job_trigger_invalid"


@dataclass(frozen=True)
class TriggerKind:
    """`needs` are texts that must be given; kinds that poll are looked at `every` so often."""

    needs: tuple[str, ...]
    may: tuple[str, ...] = ()
    polls: bool = False


TRIGGERS: dict[str, TriggerKind] = {
    "job_finished": TriggerKind(("job",)),
    "job_failed": TriggerKind(("job",)),
    "job_succeeded": TriggerKind(("job",)),
    "feed_changed": TriggerKind(("url",), polls=True),
    "page_changed": TriggerKind(("url",), ("selector",), polls=True),
    "file_changed": TriggerKind(("path",), polls=True),
    "row_changed": TriggerKind(("sql",), ("database",), polls=True),
    "webhook": TriggerKind((), ("token",)),
}
SHORTEST_POLL, LONGEST_POLL = 1.0, 31 * 86400.0
USUAL_POLL = {
    "feed_changed": 900.0,
    "page_changed": 3600.0,
    "file_changed": 10.0,
    "row_changed": 300.0,
}
"""How often a trigger looks when its file does not say: seconds."""
SHORTEST_TOKEN = 16


def bound_triggers(job: Job) -> list[Trigger]:
    """The job's triggers with the defaults of its inputs filled in, as nobody is there to give
    any. Raises BindingsInvalid for an input without a default, ExpressionError for a wrong text."""
    inputs = bind(job.inputs, {}) if has_expression([t.options for t in job.triggers]) else {}
    return [Trigger(t.on, resolve(t.options, {"inputs": inputs})) for t in job.triggers]


def named(triggers: Iterable[Trigger]) -> dict[str, Trigger]:
    """Triggers by name: the kind, and from the second of a kind on `webhook_2`."""
    found, count = dict[str, Trigger](), dict[str, int]()
    for trigger in triggers:
        number = count[trigger.on] = count.get(trigger.on, 0) + 1
        found[trigger.on if number == 1 else f"{trigger.on}_{number}"] = trigger
    return found


def read_trigger(fields: Fields) -> Trigger | None:
    """One trigger, its durations in seconds; problems are noted with the code of triggers."""
    name: Any = fields.get("on")
    if not isinstance(name, str) or name not in TRIGGERS:
        hint = (
            did_you_mean(name, TRIGGERS) if isinstance(name, str) else f"on: {' | '.join(TRIGGERS)}"
        )
        fields.blame(
            "on",
            f"there is no trigger {name!r}" if name else "a trigger needs 'on'",
            hint,
            code=_TRIGGER,
            at_key=name is None,
        )
        return None
    kind = TRIGGERS[name]
    options: dict[str, Any] = {}
    for key in (*kind.needs, *kind.may):
        value = fields.get(key)
        if value is None and key in kind.needs:
            fields.blame(
                key,
                f"a {name!r} trigger needs {key!r}",
                f"Add `{key}: …`.",
                at_key=True,
                code=_TRIGGER,
            )
        elif value is not None and not isinstance(value, str):
            fields.blame(key, f"{key!r} of a trigger is text", "Put it into quotes.", code=_TRIGGER)
        elif value is not None:
            options[key] = value
    _check_token(fields, options)
    options |= _lengths(fields, kind)
    if name == "webhook" and (schema := fields.mapping("schema")):
        options["schema"] = schema
    if inputs := fields.mapping("with"):
        options["with"] = inputs
    fields.finish()
    return Trigger(name, options)


def _check_token(fields: Fields, options: dict[str, Any]) -> None:
    token = options.get("token")
    if token is None or token.startswith("secret:") or has_expression(token):
        return
    if len(token) < SHORTEST_TOKEN:
        fields.blame(
            "token", f"a token has at least {SHORTEST_TOKEN} characters",
            "Leave it out to have one made, or name a secret: `token: secret:my_hook`.",
            code=_TRIGGER,
        )  # fmt: skip


def _lengths(fields: Fields, kind: TriggerKind) -> dict[str, float]:
    every = fields.duration("every", SHORTEST_POLL, LONGEST_POLL) if kind.polls else None
    debounce = fields.duration("debounce", 0, 86400)
    given = {"every": every, "debounce": debounce}
    return {key: length for key, length in given.items() if length is not None}
