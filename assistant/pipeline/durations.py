"""Lengths of time as people write them: `2s`, `1m`, `1h30m`, or a number of seconds."""

from __future__ import annotations

import re
from typing import Any

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhdw])")


def seconds(value: Any) -> float:
    """The seconds a duration stands for. Raises ValueError for what is none."""
    if type(value) in (int, float):
        return float(value)
    text = str(value).strip().replace(" ", "").lower()
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    if not text or _PART.sub("", text):
        raise ValueError(f"{value!r} is no length of time")
    return sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text))


def written(length: float) -> str:
    """`90.0` → `1m30s`: the shortest way to write it."""
    if length < 1:
        return f"{round(length * 1000)}ms" if length else "0s"
    left, parts = round(length), ""
    for unit in ("d", "h", "m", "s"):
        amount, left = divmod(left, int(_SECONDS[unit]))
        parts += f"{amount}{unit}" if amount else ""
    return parts
