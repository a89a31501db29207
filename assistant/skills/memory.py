"""A memory that ends with its process: for calling a skill outside any job."""

from __future__ import annotations

import json
from typing import Any


class PassingMemory:
    """Keeps JSON data as long as it lives."""

    def __init__(self) -> None:
        self._kept = dict[tuple[str, str], str]()

    def get(self, name: str, key: str) -> Any:
        """What was put, or None."""
        kept = self._kept.get((name, key))
        return None if kept is None else json.loads(kept)

    def put(self, name: str, key: str, value: Any) -> None:
        self._kept[name, key] = json.dumps(value)

    def keys(self, name: str) -> set[str]:
        return {key for owner, key in self._kept if owner == name}
