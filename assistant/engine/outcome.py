"""What became of an attempt, as data that the durable engine records and a replay reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.errors import AssistantError

State = Literal["succeeded", "failed", "retrying", "unknown", "cancelled", "timed_out", "exhausted"]
FINISHED: frozenset[str] = frozenset({"succeeded", "failed", "retrying", "unknown"})
"""States of an attempt that stand: it is never made again in its run."""


@dataclass(frozen=True)
class Outcome:
    """`output` may be a reference to a large value; `due` (epoch seconds) is the next attempt's.

    `owner` names, for `timed_out`, whose time is up: a step's path, or "" for the run.
    """

    state: State
    at: str
    output: Any = None
    error: dict[str, Any] | None = None
    due: float | None = None
    owner: str = ""
    flags: dict[str, Any] = field(default_factory=dict[str, Any])

    def as_data(self) -> dict[str, Any]:
        return {
            "state": self.state, "at": self.at, "output": self.output, "error": self.error,
            "due": self.due, "owner": self.owner, "flags": self.flags,
        }  # fmt: skip

    @classmethod
    def of(cls, data: dict[str, Any]) -> Outcome:
        return cls(**data)


def told(error: AssistantError, path: str) -> dict[str, Any]:
    """An error as receipts show it: `{code, message, step, hint}`."""
    return {
        "code": error.code,
        "message": error.message,
        "step": path,
        "hint": error.hint,
        "kind": type(error).__name__,
    }


class StepBroken(Exception):
    """A step came to no good end; its `on_error` decides what that means for the run."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.error = error


class RunOver(Exception):
    """The run ends here, whatever the steps around say: cancelled, out of time or budget."""

    def __init__(self, status: str, error: dict[str, Any], owner: str = "") -> None:
        super().__init__(error["message"])
        self.status = status
        self.error = error
        self.owner = owner


class Stopped(Exception):
    """A `stop` step: the run ends as succeeded, with this reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
