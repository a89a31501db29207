"""What somebody posts to a job's address: who may, what is taken, and that nothing is taken twice.

`/hooks/<job>/<trigger>` takes a JSON body of at most 1 MB from whoever has the trigger's token:
as `Authorization: Bearer …`, as `X-Hook-Token`, or as the key of `X-Hub-Signature-256`, the way
GitHub signs. A delivery that is accepted is in the ledger before it is answered; a second one of
the same id is answered with the first one's fate.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets as chance
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from assistant.clock import Clock
from assistant.errors import BindingsInvalid
from assistant.schedule.planning import PAUSED
from assistant.secrets import Secrets
from assistant.store.jobs import JobRecord, JobRepository
from assistant.store.triggers import Change, Firing, TriggerLedger, TriggerRow

LONGEST_BODY = 1_000_000
PER_MINUTE, REFUSED_PER_MINUTE = 60, 20
_ID_HEADERS = ("x-delivery-id", "x-github-delivery", "webhook-id", "idempotency-key")
_LONGEST_ID = 200


@dataclass(frozen=True)
class Delivery:
    """One request. Header names are in lower case."""

    job: str
    trigger: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """An HTTP status, and the JSON that goes with it."""

    status: int
    data: dict[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def secret_name(job_id: str, trigger: str) -> str:
    """The secret that holds the token of a trigger whose file names none."""
    return f"hook_{job_id.lower()}_{trigger}".replace("-", "_")[:64]


def token_of(secrets: Secrets, trigger: TriggerRow) -> str:
    """The token in force, empty when there is none (yet)."""
    given = str(trigger.options.get("token", ""))
    if given and not given.startswith("secret:"):
        return given
    name = given.removeprefix("secret:") or secret_name(trigger.job_id, trigger.name)
    return secrets.get(name, "")


def make_token(secrets: Secrets, trigger: TriggerRow) -> str:
    """The token in force; one is made and kept as a secret when the file leaves it to us."""
    token = token_of(secrets, trigger)
    if not token and not trigger.options.get("token"):
        token = chance.token_urlsafe(32)
        secrets.put(secret_name(trigger.job_id, trigger.name), token)
    return token


def renew_token(secrets: Secrets, trigger: TriggerRow) -> str:
    """Another token in place of the one in force, which opens nothing from now on.

    Raises BindingsInvalid when the token is not ours to change.
    """
    given = str(trigger.options.get("token", ""))
    if given and not given.startswith("secret:"):
        raise BindingsInvalid(
            f"the token of {trigger.name} stands in the job's file",
            hint="Change it there, or leave `token` out: then one is made and kept as a secret.",
        )
    name = given.removeprefix("secret:") or secret_name(trigger.job_id, trigger.name)
    where = secrets.where(name) if name in secrets else "file"
    if where not in ("file", "keyring"):
        raise BindingsInvalid(
            f"the token of {trigger.name} comes from the variable {where}", hint="Change it there."
        )
    token = chance.token_urlsafe(32)
    secrets.put(name, token)
    return token


def forget_tokens(secrets: Secrets, job_id: str) -> None:
    """Remove every token that was made for a trigger of a job, which is no more."""
    for name in list(secrets):
        if name.startswith(secret_name(job_id, "")) and secrets.where(name) in ("file", "keyring"):
            secrets.remove(name)


class Hooks:
    """Takes deliveries for one home folder. `nudge` is called when one is to be run."""

    def __init__(
        self,
        ledger: TriggerLedger,
        jobs: JobRepository,
        secrets: Secrets,
        *,
        clock: Clock,
        nudge: Callable[[], None] = lambda: None,
    ) -> None:
        self.ledger = ledger
        self.jobs = jobs
        self.secrets = secrets
        self.clock = clock
        self.nudge = nudge
        self._taken = Meter(clock, PER_MINUTE)
        self._refused = Meter(clock, REFUSED_PER_MINUTE)

    def receive(self, delivery: Delivery) -> Answer:
        """Take a delivery or say why not."""
        place = f"{delivery.job}/{delivery.trigger}"[:200]
        found = self._found(delivery)
        if found is None:
            # Who has the token is let in all the same: others must not be able to lock it out.
            if self._refused.full(place):
                return _busy("too many requests without the token", self._refused.wait(place))
            self._refused.count(place)
            return Answer(401, {"error": "there is no such hook, or this is not its token"})
        job, trigger, signed = found
        key = _key(delivery.headers, signed)
        if (before := self.ledger.firing(job.id, trigger.name, key)) is not None:
            return _told(before, again=True)
        if self._taken.full(place):
            return _busy("too many deliveries", self._taken.wait(place))
        body, wrong = _body(delivery, trigger)
        if wrong is not None:
            return wrong
        self._taken.count(place)
        change = Change(key, {"delivery": key, "body": body})
        fresh = self.ledger.fire(trigger, change)
        firing = self.ledger.firing(job.id, trigger.name, key)
        if firing is None:  # it was cleaned up in between
            return Answer(202, {"delivery": key, "outcome": "pending"})
        if fresh and job.paused:
            self.ledger.decide(firing, "paused", reason=PAUSED)
            firing = self.ledger.firing(job.id, trigger.name, key) or firing
        self.nudge()
        return _told(firing, again=not fresh)

    def _found(self, delivery: Delivery) -> tuple[JobRecord, TriggerRow, str] | None:
        """The job, the trigger, and the body's signature if it was signed; None without the token.

        An unknown job, an unknown trigger and a wrong token look alike from outside.
        """
        job = self.jobs.find(delivery.job)
        trigger = self.ledger.find(job.id, delivery.trigger) if job else None
        if job is None or trigger is None or trigger.kind != "webhook":
            return None
        token = token_of(self.secrets, trigger)
        signature = delivery.headers.get("x-hub-signature-256", "")
        if token and signature:
            made = hmac.new(token.encode(), delivery.body, hashlib.sha256).hexdigest()
            good = hmac.compare_digest(f"sha256={made}".encode(), signature.encode())
            return (job, trigger, made) if good else None
        shown = delivery.headers.get("authorization", "").removeprefix("Bearer ").strip()
        shown = shown or delivery.headers.get("x-hook-token", "")
        good = bool(token) and hmac.compare_digest(token.encode(), shown.encode())
        return (job, trigger, "") if good else None


class Meter:
    """Counts events by place over the last minute; at most `limit` of them."""

    def __init__(self, clock: Clock, limit: int) -> None:
        self._clock = clock
        self._limit = limit
        self._moments = dict[str, list[datetime]]()

    def full(self, place: str) -> bool:
        return len(self._recent(place)) >= self._limit

    def wait(self, place: str) -> int:
        """Seconds until there is room again."""
        oldest = next(iter(self._recent(place)), self._clock.now())
        return max(1, 61 - int((self._clock.now() - oldest).total_seconds()))

    def count(self, place: str) -> None:
        if len(self._moments) > 10_000:
            self._moments.clear()  # names that somebody makes up must not fill the memory
        self._moments.setdefault(place, []).append(self._clock.now())

    def _recent(self, place: str) -> list[datetime]:
        start = self._clock.now() - timedelta(minutes=1)
        kept = [moment for moment in self._moments.get(place, []) if moment > start]
        if place in self._moments:
            self._moments[place] = kept
        return kept


def _key(headers: Mapping[str, str], signed: str) -> str:
    """What names a delivery: its id; else its signature; else it is one of its own."""
    for header in _ID_HEADERS:
        if given := headers.get(header, "").strip():
            return given[:_LONGEST_ID]
    return f"signed-{signed}" if signed else f"unnamed-{chance.token_hex(12)}"


def _body(delivery: Delivery, trigger: TriggerRow) -> tuple[Any, Answer | None]:
    """The JSON that was posted, or the answer that refuses it."""
    if len(delivery.body) > LONGEST_BODY:
        return None, Answer(413, {"error": f"a body has at most {LONGEST_BODY} bytes"})
    kind = delivery.headers.get("content-type", "").split(";")[0].strip().lower()
    if delivery.body and kind != "application/json" and not kind.endswith("+json"):
        return None, Answer(415, {"error": "send JSON, as application/json"})
    try:
        body = json.loads(delivery.body) if delivery.body else {}
    except (ValueError, RecursionError):
        return None, Answer(400, {"error": "the body is no JSON"})
    if wrong := _misfits(body, trigger.options.get("schema")):
        return None, Answer(
            422, {"error": "the body does not fit the hook's schema", "wrong": wrong}
        )
    return body, None


def _misfits(body: Any, schema: Any) -> list[dict[str, str]]:
    """What of a body does not fit, at most twenty places."""
    if not isinstance(schema, dict):
        return []
    from jsonschema import Draft202012Validator  # takes a while to import: only with a schema
    from referencing import Registry

    # An empty registry: a `$ref` to elsewhere is never fetched.
    validator = Draft202012Validator(schema, registry=Registry())
    found = islice(validator.iter_errors(body), 20)
    return [{"place": e.json_path, "problem": e.message[:300]} for e in found]


def _told(firing: Firing, *, again: bool) -> Answer:
    data = {"delivery": firing.key, "outcome": firing.outcome, "run": firing.run_id}
    return Answer(200 if again else 202, data | ({"again": True} if again else {}))


def _busy(error: str, seconds: int) -> Answer:
    return Answer(429, {"error": error}, {"Retry-After": str(seconds)})
