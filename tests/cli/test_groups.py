"""Only the commands that are asked for are loaded; what is shown is the same as with all of them."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from assistant.cli.groups import COMMANDS, GROUPS, fitting, whole

LINES = [["--help"], ["jobs", "list", "--help"], ["jobs", "--help"], ["runs", "--help"], ["ask", "--help"],
         ["jobs", "set-plan-file", "--help"], ["serve", "--help"], ["nonsense"], ["jobs", "nonsense"]]  # fmt: skip


@pytest.mark.parametrize("words", LINES, ids=" ".join)
def test_a_part_of_the_commands_says_what_all_of_them_say(words: list[str]):
    part, all_of_them = (
        CliRunner().invoke(app, words, prog_name="assistant") for app in (fitting(words), whole())
    )
    assert (part.output, part.exit_code) == (all_of_them.output, all_of_them.exit_code)


def test_every_command_is_in_the_list_with_its_own_words():
    found = typer.main.get_command(whole())
    shown = {name: one.get_short_help_str(200) for name, one in found.commands.items() if not one.hidden}  # pyright: ignore[reportAttributeAccessIssue]  # fmt: skip
    assert shown == {name: told for name, (_, told) in (COMMANDS | GROUPS).items()}


def test_the_help_loads_no_command():
    program = (
        "import sys; from assistant.cli.main import run; run(['--help']);"
        "print([m for m in sys.modules if m.startswith('assistant.')], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "assistant.cli.jobs" not in done.stderr
    assert "pydantic" not in done.stderr
