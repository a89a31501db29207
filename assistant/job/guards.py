"""Asking a plugin: in a child process with a clean environment and a time limit.

Whatever goes wrong there (it crashes, loops, exits, answers nonsense) is an answer, too: no.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import AssistantError

LARGEST_ANSWER = 1_000_000
"""Characters."""
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


class PluginFailed(AssistantError):
    """A plugin gave no answer that can be used; what it was asked about is denied."""

    code = "job_policy_denied"


@dataclass(frozen=True)
class Source:
    """Where a plugin's code is: the folder with its `plugin.py`, or an entry point."""

    folder: str = ""
    entry: str = ""

    def as_data(self) -> dict[str, str]:
        return {"folder": self.folder} if self.folder else {"entry": self.entry}


@dataclass(frozen=True)
class Said:
    """What a hook gave, and the plugin's state after it."""

    value: Any
    state: dict[str, Any] = field(default_factory=dict[str, Any])


def ask(
    source: Source,
    hook: str,
    facts: Mapping[str, Any],
    state: Mapping[str, Any],
    *,
    seconds: float,
) -> Said:
    """Call a hook of a plugin in a process of its own. Raises PluginFailed."""
    request = {**source.as_data(), "hook": hook, "facts": dict(facts), "state": dict(state)}
    with tempfile.TemporaryDirectory(prefix="assistant-plugin-") as folder:
        process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-m", "assistant.job.guard_child"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=_environment(), cwd=folder, start_new_session=True, text=True,
        )  # fmt: skip
        try:
            told, _ = process.communicate(json.dumps(request, default=str), timeout=seconds)
        except subprocess.TimeoutExpired as slow:
            raise PluginFailed(f"its plugin did not answer within {seconds:g} seconds") from slow
        finally:
            _end(process)
    return _read(told, process.returncode)


def _environment() -> dict[str, str]:
    """Nothing of the person's: no keys, no home, no settings."""
    kept = ("SYSTEMROOT",)  # Windows starts no process without it
    return _ENVIRONMENT | {name: os.environ[name] for name in kept if name in os.environ}


def _end(process: subprocess.Popen[str]) -> None:
    """The whole group, so that what a plugin has started ends with it."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError, ValueError):
                pipe.close()


def _read(told: str, code: int | None) -> Said:
    try:
        answer = json.loads(told[:LARGEST_ANSWER])
    except ValueError as wrong:
        raise PluginFailed(f"its plugin ended without an answer (exit {code})") from wrong
    if not isinstance(answer, dict) or "error" in answer or "value" not in answer:
        error = answer.get("error", "no answer") if isinstance(answer, dict) else "no answer"
        raise PluginFailed(f"its plugin failed: {str(error)[:300]}")
    state = answer.get("state")
    return Said(answer["value"], state if isinstance(state, dict) else {})
