"""Every command that a message, a text or a page of the guide names is there."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from assistant.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"(?:`|: |run |start |: f?\")assistant ([a-z]+)(?: ([a-z-]+))?")


def commands() -> dict[str, set[str]]:
    """Groups with their commands; a command of the top level has none."""
    top = typer.main.get_command(app)
    return {name: set(getattr(command, "commands", {})) for name, command in top.commands.items()}


def files() -> list[Path]:
    patterns = ("assistant/**/*.py", "skills/**/*.py", "prompts/**/*.*", "docs/*.md", "README.md")
    return [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]


def test_every_command_that_is_named_exists() -> None:
    known, wrong = commands(), list[str]()
    for path in files():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for group, command in NAMED.findall(line):
                fits = group in known and (
                    not known[group]
                    or not command
                    or command.startswith("-")
                    or command in known[group]
                )
                if not fits:
                    wrong.append(f"{path.relative_to(ROOT)}:{number}: assistant {group} {command}")
    assert wrong == []
