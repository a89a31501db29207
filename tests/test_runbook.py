"""The runbook has an answer for every error code and alert, and its commands are real."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from assistant import errors
from assistant.cli.main import app
from assistant.errors import AssistantError
from assistant.pipeline.triggers import ALERTS
from assistant.settings import PROJECT

RUNBOOK = (PROJECT / "docs" / "runbook.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^##|\Z)", RUNBOOK, flags=re.M | re.S))
TEXTS = {
    path.relative_to(PROJECT).as_posix(): path.read_text(encoding="utf-8")
    for path in [
        *(
            PROJECT / "docs" / name
            for name in ("runbook.md", "alerts.md", "keeping.md", "server.md")
        ),
        *sorted((PROJECT / "assistant" / "doctor").glob("*.py")),
        PROJECT / "assistant" / "alerts" / "wording.py",
    ]
}


def codes(kind: type[AssistantError] = AssistantError) -> set[str]:
    return {kind.code}.union(*(codes(below) for below in kind.__subclasses__()))


def commands() -> Iterator[tuple[str, str]]:
    """Every `assistant …` that the texts tell a person to type."""
    for name, text in TEXTS.items():
        for match in re.finditer(r"[`\"\n ](assistant [a-z]+[^`\"\n#,;)]*)", text):
            line = re.split(r"  |\\n|\. ", match[1])[0].strip().rstrip(".:")
            yield name, line


def test_every_error_code_and_every_alert_has_a_section():
    wanted = {code for code in codes() if code in errors.__doc__ or code == "internal_error"}
    assert codes() == wanted, "a code that the drawn tree does not show"
    assert set(SECTIONS) == wanted | set(ALERTS)


@pytest.mark.parametrize("title", sorted(SECTIONS))
def test_a_section_says_what_it_means_what_to_do_and_how_to_replay(title: str):
    assert re.findall(r"^\*\*(\w+):\*\*", SECTIONS[title], flags=re.M) == ["Means", "Do", "Replay"]


@pytest.mark.parametrize(("where", "line"), sorted(set(commands())))
def test_a_command_that_a_text_names_is_there(where: str, line: str):
    command: Any = typer.main.get_command(app)
    words = shlex.split(re.sub(r"\{[^}]*\}", "X", line).replace("'", ""))[1:]
    while words and hasattr(command, "commands"):
        inner = command.commands.get(words[0])
        assert inner is not None or words[0] == "…", f"{where}: {line}"
        if inner is None:
            return
        command, words = inner, words[1:]
    known = {option for p in command.params for option in (*p.opts, *p.secondary_opts)}
    assert {word for word in words if word.startswith("--")} <= known, f"{where}: {line}"
