"""The folder of a run: receipt, summary, events and a picture, each written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.engine.values import write_whole
from assistant.events import Event
from assistant.pipeline import svg
from assistant.pipeline.drawing import Known, lay_out
from assistant.pipeline.spec import Job

RECEIPT, SUMMARY, EVENTS = "run_receipt.json", "summary.md", "events.jsonl"
PICTURE = "pipeline.svg"
_MARKS = {
    "succeeded": "done", "failed": "failed", "skipped": "skipped", "unknown": "in doubt",
    "cancelled": "cancelled", "running": "not finished", "retrying": "not finished",
    "waiting": "waiting",
}  # fmt: skip
_LONGEST_TABLE = 200


def write_folder(
    folder: Path, receipt: dict[str, Any], events: Sequence[Event], job: Job | None = None
) -> None:
    """Write the files; the receipt last, since it says that the others are there.

    With `job` its pipeline is drawn too, with what became of each step.
    """
    lines = [
        json.dumps({"event": type(event).__name__, **vars(event)}, ensure_ascii=False)
        for event in events
    ]
    write_whole(folder / EVENTS, ("\n".join(lines) + "\n").encode())
    if job is not None:
        states = {step["path"]: step["status"] for step in receipt["steps"]}
        picture = svg.draw(lay_out(job, Known(states)), label=job.title or job.name, alone=True)
        write_whole(folder / PICTURE, picture.encode())
    write_whole(folder / SUMMARY, summary(receipt, drawn=job is not None).encode())
    write_whole(folder / RECEIPT, json.dumps(receipt, ensure_ascii=False, indent=2).encode())


def read_receipt(folder: Path) -> dict[str, Any] | None:
    try:
        return json.loads((folder / RECEIPT).read_bytes())
    except (OSError, ValueError):
        return None


def summary(receipt: dict[str, Any], *, drawn: bool = False) -> str:
    """A receipt for people: Markdown, one screen."""
    dry = " (dry run: nothing outside was changed)" if receipt["payload"]["dry"] else ""
    parts = [
        f"# {receipt['target']}: {receipt['status']}{dry}",
        f"Run `{receipt['run_id']}`, version {receipt['job_version']}, "
        f"from {receipt['started_at'] or '–'} to {receipt['ended_at'] or '–'}.",
        _told(receipt),
        _steps(receipt["steps"]),
        f"![Pipeline]({PICTURE})" if drawn else "",
        _list("Files", [_artifact(a) for a in receipt["artifacts"]]),
        _list("Expectations", [_expectation(e) for e in receipt["expectations"]]),
        _list("Approvals", [_approval(a) for a in receipt["approvals_requested"]]),
        _list("Warnings", [f"{w['step']}: {w['message']}" for w in receipt["payload"]["warnings"]]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _told(receipt: dict[str, Any]) -> str:
    error = receipt["error"]
    if error:
        where = f" (step `{error['step']}`)" if error["step"] else ""
        cure = f" {error['hint']}" if error["hint"] else ""
        return f"**{error['code']}**{where}: {error['message']}.{cure}"
    reason = receipt["payload"]["reason"]
    return f"Ended early: {reason}." if reason else ""


def _steps(steps: list[dict[str, Any]]) -> str:
    if not steps:
        return ""
    rows = [
        f"| `{s['path']}` | {s['skill']} | {_MARKS.get(s['status'], s['status'])} "
        f"| {s['attempts']} | {s['seconds']:.2f} |"
        for s in steps[:_LONGEST_TABLE]
    ]
    more = len(steps) - _LONGEST_TABLE
    head = ["| step | skill | | tries | seconds |", "|---|---|---|---|---|"]
    return "\n".join([*head, *rows, *([f"\n… and {more} more steps."] if more > 0 else [])])


def _list(title: str, lines: list[str]) -> str:
    return f"## {title}\n\n" + "\n".join(f"- {line}" for line in lines) if lines else ""


def _artifact(artifact: dict[str, Any]) -> str:
    return f"`artifacts/{artifact['name']}` ({artifact['media_type']}, {artifact['size']} bytes)"


def _expectation(checked: dict[str, Any]) -> str:
    told = f": {checked['message']}" if checked["message"] else ""
    return f"{'holds' if checked['held'] else 'DOES NOT HOLD'}: `{checked['expression']}`{told}"


def _approval(asked: dict[str, Any]) -> str:
    return (
        f"{asked['question']} – {asked['decided'] or 'not decided'} {asked.get('by', '')}".rstrip()
    )
