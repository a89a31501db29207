"""The process in which a plugin runs: one JSON request in, one JSON answer out.

Started by `guards`: `{"folder"|"entry", "hook", "facts", "state"}` → `{"value", "state"}`. It
imports nothing of the assistant but the hook specifications.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

import pluggy

from assistant.job.hooks import PROJECT_NAME, JobHooks


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Call a hook of a plugin."""
    manager = pluggy.PluginManager(PROJECT_NAME)
    manager.add_hookspecs(JobHooks)
    manager.register(_loaded(request))
    manager.check_pending()
    if request["hook"] == "describe":
        return {"value": {name: _joined(getattr(manager.hook, name)()) for name in
                          ("jobs", "phases", "completion_stages")}}  # fmt: skip
    state = dict(request["state"])
    value = getattr(manager.hook, request["hook"])(**request["facts"], state=state)
    return {"value": value, "state": state}


def _loaded(request: dict[str, Any]) -> Any:
    if entry := request.get("entry"):
        module, _, attribute = entry.partition(":")
        found = importlib.import_module(module)
        return getattr(found, attribute) if attribute else found
    path = Path(request["folder"]) / "plugin.py"
    spec = importlib.util.spec_from_file_location("job_plugin", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded")
    sys.path.insert(0, request["folder"])
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _joined(found: list[list[Any]]) -> list[Any]:
    return [one for part in found for one in part]


def main() -> None:
    """Answer one request. What the plugin prints goes nowhere near the answer."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    try:
        told = answer(json.load(sys.stdin))
    except Exception as bug:  # whatever a plugin does wrong is told, and denies
        told = {"error": f"{type(bug).__name__}: {bug}"}
    json.dump(told, out)
    out.close()


if __name__ == "__main__":
    main()
