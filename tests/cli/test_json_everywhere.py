"""Every command of jobs and runs prints the envelope with `--json`, whether it went well or not."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from assistant.cli.main import app
from tests.cli.conftest import Command

ENVELOPE = {
    "schema_version", "run_id", "job_id", "job_version", "status", "trigger", "started_at", "ended_at",
    "target", "inputs", "outputs", "artifacts", "approvals_requested", "references", "payload", "steps",
    "expectations", "usage", "error",
}  # fmt: skip
JOB = """\
job: notes
inputs: {n: {type: integer, default: 1}}
steps:
  - {id: first, set: {n: "${{ inputs.n }}"}}
  - {id: note, skill: save_file, with: {name: a.txt, content: "n is ${{ vars.n }}"}}
outputs: {n: "${{ vars.n }}"}
"""


@pytest.mark.parametrize("group", ["jobs", "runs"])
def test_every_command_takes_json(group: str) -> None:
    commands = typer.main.get_command(app).commands[group].commands
    without = [
        name
        for name, command in commands.items()
        if not any("--json" in parameter.opts for parameter in command.params)
    ]
    assert (len(commands) > 8, without) == (True, [])


def test_what_a_command_prints_is_the_envelope(assistant: Command, tmp_path: Path) -> None:
    (tmp_path / "notes.yaml").write_text(JOB)
    (tmp_path / "wrong.yaml").write_text(JOB.replace("steps:", "stepz:"))
    lines = """
        0 jobs validate notes.yaml
        2 jobs validate wrong.yaml
        2 jobs validate nothing.yaml
        2 jobs validate .
        0 jobs import notes.yaml
        2 jobs import notes.yaml
        0 jobs list
        0 jobs show notes
        2 jobs show nothing
        0 jobs edit notes notes.yaml
        0 jobs versions notes
        0 jobs diff notes
        2 jobs diff notes 1 9
        0 jobs rollback notes 1
        3 jobs debug notes --break note
        1 jobs debug notes --do abort
        0 jobs run notes
        2 jobs run notes -i n=many
        0 jobs run notes --dry-run
        0 jobs run notes --from note
        2 jobs run notes --from nothing
        2 runs replay notes --from nothing
        0 jobs history notes
        2 jobs cancel notes
        0 jobs export notes
        0 jobs new
        2 jobs new --template weekly-digest
        0 runs list
        0 runs show notes
        0 runs events notes
        0 runs artifacts notes
        0 runs replay notes
        2 runs replay nothing
    """
    for line in lines.strip().splitlines():
        code, *words = line.split()
        told = assistant(*words, "--json")
        assert (line, told.code, set(told.data)) == (line, int(code), ENVELOPE)
        error = told.data["error"]
        assert (line, told.data["status"], bool(error)) == (
            (line, "succeeded", False) if code == "0"
            else (line, "waiting", False) if code == "3"
            else (line, "cancelled", True) if code == "1"
            else (line, "failed", True)
        )  # fmt: skip
        assert not error or {"code", "message", "hint"} <= set(error)
