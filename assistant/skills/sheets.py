"""Cells of a table that a spreadsheet shows and does not run."""

from __future__ import annotations

import json
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def guarded(value: Any) -> Any:
    """A cell's value; a text that a spreadsheet would take for a formula is marked as text."""
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
