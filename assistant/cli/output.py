"""What the command line prints: one JSON envelope with `--json`, else tables and plain lines."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from assistant.errors import AssistantError, RequestWrong
from assistant.ids import ONCE

Json = Annotated[bool, typer.Option("--json", help="Print one JSON envelope.")]
SCHEMA_VERSION = 1
WAITS = 3
ASKED_ONCE = "(asked once)"
"""In place of a job's name, where something was answered at once without one."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")


def envelope(payload: Any = None, *, status: str = "succeeded", **facts: Any) -> dict[str, Any]:
    """The envelope of every command; a run's receipt is one already."""
    empty: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION, "run_id": None, "job_id": None, "job_version": None,
        "status": status, "trigger": None, "started_at": None, "ended_at": None, "target": None,
        "inputs": {}, "outputs": {}, "artifacts": [], "approvals_requested": [], "references": [],
        "payload": payload, "steps": [], "expectations": [], "usage": None, "error": None,
    }  # fmt: skip
    return empty | facts


def put_json(data: Any, *, error: bool = False) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=2, default=str)
    print(text, file=sys.stderr if error else sys.stdout)


def line(text: str = "") -> None:
    print(_printable(text))


def note(text: str) -> None:
    """Something said beside the result: it goes to stderr, so that a pipe stays clean."""
    print(_printable(text), file=sys.stderr)


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    empty: str = "",
    less: Sequence[str] = (),
) -> None:
    """A table on a terminal; tab-separated lines, with a heading, in a pipe.

    On a terminal the first column, by which a row is named to other commands, is never cut short, and
    moments are told in the person's zone, each on one line; in a pipe they are in UTC. `less`: the
    columns that a narrow terminal does without, the first one first.
    """
    if not sys.stdout.isatty():
        line("\t".join(columns))
        for row in rows:
            line("\t".join(_cell(value) for value in row))
        return
    if not rows:
        line(empty)
        return
    from assistant.cli.terminal import show

    here = _zone()
    show(columns, [[_local(_cell(value), here) for value in row] for row in rows], less)


def _zone() -> ZoneInfo:
    """The person's; that of the machine when the settings cannot be read."""
    from assistant.schedule.cron import zone, zone_here
    from assistant.settings import load

    try:
        return zone(zone_here(load().timezone))
    except AssistantError:
        return zone(zone_here(""))


def _local(cell: str, here: ZoneInfo, clock: str = "%H:%M") -> str:
    """A moment as `29 Nov 15:30` there, short since tables are narrow; anything else as it is."""
    if not _MOMENT.fullmatch(cell):
        return cell
    at = datetime.fromisoformat(cell).astimezone(here)
    year = "" if at.year == datetime.now(here).year else f" {at.year}"
    return f"{at.day} {at:%b}{year} {at:{clock}}"


def job_word(name: str) -> str:
    """The job of a run as it is told."""
    return ASKED_ONCE if name == ONCE else name


def told(error: AssistantError, *, as_json: bool) -> int:
    """Print an error, once, and give the exit code that goes with it."""
    if as_json:
        put_json(envelope(status="failed", error=error.as_dict()), error=True)
    else:
        cure = f"\n{error.hint}" if error.hint else ""
        note(_spoken(f"{error.message} ({error.code}){cure}"))
    if error.code == "approval_required":
        return WAITS
    return 2 if isinstance(error, RequestWrong) else 1


def _spoken(text: str) -> str:
    """With the person's own word for a job; settings that cannot be read have none."""
    from assistant.settings import load

    try:
        return load().spoken(text)
    except AssistantError:
        return text


def facts(pairs: Mapping[str, Any]) -> None:
    """`name: value` lines; empty values are left out. Moments are told as in tables."""
    width = max((len(name) for name in pairs), default=0)
    here = _zone() if sys.stdout.isatty() else None
    for name, value in pairs.items():
        if value not in (None, "", [], {}):
            cell = _cell(value)
            line(f"{name.ljust(width)}  {_local(cell, here, '%H:%M:%S') if here else cell}")


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value).replace("\t", " ").replace("\n", " ")


def _printable(text: str) -> str:
    # What a page or a model wrote must not move the cursor or recolour the terminal.
    return "".join(c if c in "\n\t" or c.isprintable() else "�" for c in text)
