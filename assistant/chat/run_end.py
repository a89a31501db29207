"""What a run came to, in a few sentences, where its last step gave nothing to be shown whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.chat.answering import words
from assistant.chat.summaries import plain, shortened
from assistant.workplace import Workplace

OUTBOX = "outbox"
MOST_FILES = 5
LONGEST_SUBJECT = 70


def came_to(place: Workplace, run_id: str) -> str:
    """Why it ended early, to whom something went, which files it made; empty for a run that did
    not succeed (its error is told), for a dry one, and where nothing of that kind happened."""
    run = place.runs.get(run_id)
    if run.status != "succeeded" or run.dry:
        return ""
    told = [words("run_early", reason=plain(run.reason).rstrip("."))] if run.reason else []
    receipts = [found for one in place.runs.attempts(run_id) for found in _receipts(one.output)]
    told += list(dict.fromkeys(map(_delivered, receipts)))
    names = [plain(artifact.name) for artifact in place.runs.artifacts(run_id)]
    if names:
        more = f" … ({len(names)})" if len(names) > MOST_FILES else ""
        told.append(words("run_files", files=", ".join(names[:MOST_FILES]) + more, run=run_id))
    return " ".join(told)


def _receipts(output: Any) -> Iterator[dict[str, Any]]:
    receipt: Any = output.get("receipt") if isinstance(output, dict) else None
    if isinstance(receipt, dict):
        yield receipt


def _delivered(receipt: dict[str, Any]) -> str:
    to = ", ".join(plain(one) for one in receipt.get("recipients", [])) or plain(receipt.get("channel", ""))  # fmt: skip
    subject = (
        f" (“{plain(shortened(receipt['subject'], LONGEST_SUBJECT))}”)"
        if receipt.get("subject")
        else ""
    )
    kept = receipt.get("channel") == OUTBOX
    if kept and to == OUTBOX:
        return words("run_noted")
    return words("run_outbox" if kept else "run_delivered", to=to, subject=subject)
