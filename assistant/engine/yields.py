"""What a step's output amounts to: how many records, and how new the newest of them is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from assistant.clock import rfc3339

_RECORDS = ("items", "rows")


def yielded(output: Any) -> dict[str, Any]:
    """`{items, newest}` of an output; `items` is None for an output that holds no list.

    Records are what stands under `items` or `rows`, or the output itself when it is a list.
    `newest` is RFC 3339 UTC, empty when no record tells when it was published.
    """
    records = _records(output)
    if records is None:
        return {"items": None, "newest": ""}
    moments = (_moment(record.get("published")) for record in records if isinstance(record, dict))
    return {"items": len(records), "newest": max((m for m in moments if m), default="")}


def _records(output: Any) -> list[Any] | None:
    if isinstance(output, dict):
        output = next((output[key] for key in _RECORDS if isinstance(output.get(key), list)), None)
    return output if isinstance(output, list) else None


def _moment(text: Any) -> str:
    if not isinstance(text, str) or not text:
        return ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return rfc3339(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
