"""What alerts say: one title, and a text with what happened, what to do and how to replay it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.events import ApprovalAsked
from assistant.insight.faults import MEANINGS, Fault
from assistant.pipeline.durations import written
from assistant.store.alerts import AlertRow, Delivery
from assistant.store.runs import RunRow

RUNBOOK = "docs/runbook.md"
_LONGEST_ARGUMENTS = 1_000
_LONGEST_DIGEST = 12_000


def failed(run: RunRow, fault: Fault) -> str:
    error = run.error or {}
    step = f"\nStep: {error['step']}" if error.get("step") else ""
    hint = f"\n{error['hint']}" if error.get("hint") else ""
    return (
        f"{error.get('message', run.status)} ({error.get('code', 'internal_error')}){hint}{step}"
        f"\nKind of trouble: {MEANINGS[fault]}.\n{_about(run)}\n\n"
        f"See it:  assistant runs show {run.id}\n"
        f"Run it again from where it failed:  assistant runs replay {run.id}\n"
        f"What it means:  {RUNBOOK}, {error.get('code', 'internal_error')}"
    )


def budget(run: RunRow) -> str:
    error = run.error or {}
    return (
        f"{error.get('message', 'its budget is used up')} ({error.get('code', run.status)})\n"
        f"{_about(run)}\n\n"
        f"See it:  assistant runs show {run.id}\n"
        f"Raise the limits under `budget` in the job file:  assistant jobs edit {run.job}\n"
        f"Then go on from where it stopped:  assistant runs replay {run.id}"
    )


def slow(run: RunRow, seconds: float, median: float) -> str:
    going = "has taken" if run.ended else "is going on for"
    return (
        f"It {going} {written(seconds)}; half of the earlier runs took {written(median)} or less.\n"
        f"{_about(run)}\n\n"
        f"See where the time went:  assistant runs show {run.id}\n"
        f"End it:  assistant jobs cancel {run.id}"
    )


def recovered(run: RunRow, over: Sequence[AlertRow]) -> str:
    first = min(alert.first_at for alert in over)
    times = sum(alert.count for alert in over)
    return (
        f"It has succeeded again. The trouble began {first}: "
        f"{', '.join(sorted({alert.title for alert in over}))}"
        f"{f' ({times} times)' if times > 1 else ''}.\n{_about(run)}"
    )


def missed(job: str, due: str, reason: str) -> str:
    return (
        f"Its run of {due} was missed: {reason}.\n\n"
        f"See what became of every planned run:  assistant jobs ticks {job}\n"
        f"Run it now:  assistant jobs run {job}"
    )


def waiting(run: RunRow, asked: ApprovalAsked, arguments: Mapping[str, Any], link: str) -> str:
    shown = json.dumps(arguments, ensure_ascii=False, indent=1) if arguments else ""
    if len(shown) > _LONGEST_ARGUMENTS:
        shown = f"{shown[:_LONGEST_ARGUMENTS]} …\n(the page behind the link shows all of it)"
    here = f"{run.id} --path '{asked.path}'"
    return (
        f"{asked.question}\nStep: {asked.path}\n"
        f"{f'With: {shown}' if shown else ''}\n{_about(run)}\n\n"
        f"Look and decide:  {link}\n"
        f"Or:  assistant runs approve {here}\n"
        f"     assistant runs reject {here}"
    )


def test(channel: str) -> tuple[str, str]:
    """Title and text of a message that tries a channel."""
    return "A test", f"This is a test of the channel {channel!r}. Alerts of your jobs come here."


def digest(deliveries: Sequence[Delivery]) -> tuple[str, str]:
    """Several messages as one: all titles, and as many texts as are fit to be read."""
    titles = Counter(delivery.title for delivery in deliveries)
    head = "\n".join(f"- {t}{f' ({n} times)' if n > 1 else ''}" for t, n in titles.items())
    texts, length = list[str](), len(head)
    for delivery in deliveries:
        text = f"── {delivery.title}, {delivery.at}\n{delivery.text}"
        length += len(text)
        if length > _LONGEST_DIGEST:
            texts.append("── The rest is shown by:  assistant alerts list")
            break
        texts.append(text)
    return f"{len(deliveries)} alerts", f"{head}\n\n" + "\n\n".join(texts)


def _about(run: RunRow) -> str:
    version = f" of version {run.version}" if run.version else ""
    kind = str(run.trigger.get("kind", ""))
    return f"Run: {run.id}{version}{f', started by {kind}' if kind else ''}"
