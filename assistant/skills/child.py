"""The process of a killable skill: one JSON request in, one JSON answer out.

Started by `calling`; `{"folder", "source", "arguments"}` → `{"output"}` or `{"kind", "message", "hint"}`.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.skills.folders import load_code

log = logging.getLogger(__name__)


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Call the skill of a folder. Trouble is part of the answer."""
    try:
        skill = load_code(Path(request["folder"]), source=request["source"])
        value = skill.function(**skill.check(request["arguments"]))
        return {"output": skill.as_output(value)}
    except AssistantError as wrong:
        return {"kind": type(wrong).__name__, "message": wrong.message, "hint": wrong.hint}
    except Exception as bug:  # a bug in a skill is told like any other trouble
        log.exception("skill in %s", request["folder"])
        return {
            "kind": "SkillError",
            "message": f"The skill failed unexpectedly: {type(bug).__name__}.",
            "hint": "The log has the details; this is a mistake in the skill.",
        }


def main() -> None:
    """Answer one request. What the skill prints goes to stderr, never into the answer."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    json.dump(answer(json.load(sys.stdin)), out)
    out.close()


if __name__ == "__main__":
    main()
