"""Addresses inside the panel: `#/runs/<run>/<step>?tab=…` is a place, and what it shows.

Everything that a place shows depends on its address and on the store, so an address can be
kept, sent and opened again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlencode

PLACES = ("chat", "jobs", "runs", "insight", "skills", "models", "settings")


@dataclass(frozen=True)
class Address:
    """`parts[0]` is the place; `query` holds filters and what is folded."""

    parts: tuple[str, ...] = ("chat",)
    query: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def parse(cls, text: str) -> Address:
        """The address in a location's hash; anything unknown is the chat."""
        path, _, query = text.removeprefix("#").partition("?")
        parts = tuple(unquote(part) for part in path.split("/") if part)
        if not parts or parts[0] not in PLACES:
            return cls()
        return cls(parts, dict(parse_qsl(query)))

    @property
    def place(self) -> str:
        return self.parts[0]

    def part(self, index: int) -> str:
        """The part at an index; empty when there is none."""
        return self.parts[index] if index < len(self.parts) else ""

    def but(self, **changes: str) -> str:
        """The same place with other words in its query; an empty one leaves it out."""
        return to(*self.parts, **{**self.query, **changes})

    def __str__(self) -> str:
        return to(*self.parts, **self.query)


def to(*parts: str, **query: str) -> str:
    """The link to a place."""
    path = "/".join(quote(part, safe="") for part in parts)
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"#/{path}?{asked}" if asked else f"#/{path}"


def artifact_address(job: str, run: str, name: str) -> str:
    """Where the server gives a file of a run."""
    return f"/artifacts/{quote(job, safe='')}/{quote(run, safe='')}/{quote(name, safe='')}"


def export_address(job: str) -> str:
    """Where the server gives a job as an archive."""
    return f"/export/{quote(job, safe='')}.zip"
