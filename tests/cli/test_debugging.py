"""`assistant jobs debug`: step, look, edit, skip, stop, from one command to the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command

JOB = """\
job: letters
steps:
  - {id: first, set: {n: 1}}
  - {id: note, skill: save_file, with: {name: a.txt, content: "n is ${{ vars.n }}"}}
  - {id: each, for_each: [1, 2, 3], steps: [{id: keep, skill: save_file, with: {name: "${{ 'b' + json(item) }}.txt", content: x}}]}
outputs: {size: "${{ steps.note.artifact.size }}"}
"""


@pytest.fixture
def job(assistant: Command, tmp_path: Path) -> str:
    (tmp_path / "letters.yaml").write_text(JOB)
    assistant("jobs", "import", "letters.yaml")
    return "letters"


def test_a_run_is_held_looked_at_edited_and_goes_on(assistant: Command, job: str) -> None:
    held = assistant("jobs", "debug", job, "--break", "note", "--json")
    assert held.code == 3
    [pause] = held.data["payload"]["held"]
    assert (pause["path"], pause["when"], pause["arguments"]) == (
        "note", "before", {"name": "a.txt", "content": "n is 1"},
    )  # fmt: skip
    run = held.data["run_id"]
    looked = assistant("jobs", "debug", run, "--do", "values vars.n + 1")
    assert (looked.code, looked.out.splitlines()[0]) == (3, "2")
    done = assistant(
        "jobs", "debug", run, "--do", 'edit {"name": "a.txt", "content": "edited"}',
        "--do", "continue", "--json",
    )  # fmt: skip
    assert (done.code, done.data["outputs"]) == (0, {"size": 6})


def test_a_breakpoint_may_stand_after_a_step_and_have_a_condition(
    assistant: Command, job: str
) -> None:
    held = assistant("jobs", "debug", job, "-b", "each/keep if ${{ item == 2 }}", "--json")
    assert [p["path"] for p in held.data["payload"]["held"]] == ["each[1]/keep"]
    after = assistant("jobs", "debug", job, "-b", "after note", "--json")
    assert after.data["payload"]["held"][0]["output"]["artifact"]["name"] == "a.txt"
    gone = assistant("jobs", "debug", after.data["run_id"], "--do", "abort", "--json")
    assert (gone.code, gone.data["status"]) == (1, "cancelled")
    skipped = assistant("jobs", "debug", held.data["run_id"], "--do", "skip", "--do", "continue")
    assert (skipped.code, "b2.txt" in skipped.out) == (0, False)


def test_stepping_holds_at_each_step_and_to_goes_as_far_as_told(
    assistant: Command, job: str
) -> None:
    told = assistant("jobs", "debug", job, "--do", "step", "--do", "to each[2]/keep")
    assert told.code == 3
    assert [line for line in told.out.splitlines() if line.startswith("‖")] == [
        "‖ paused before first", "‖ paused before note", "‖ paused before each[2]/keep",
    ]  # fmt: skip
    assert "held" in told.out


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("to", "is no word of the debugger"),
        ("fly", "is no word of the debugger"),
        ("edit {", "is no JSON"),
        ("edit 1", "an object"),
    ],
)
def test_a_word_that_is_none_is_refused_and_the_run_stays_held(
    assistant: Command, job: str, word: str, message: str
) -> None:
    run = assistant("jobs", "debug", job, "-b", "note", "--json").data["run_id"]
    wrong = assistant("jobs", "debug", run, "--do", word)
    assert (wrong.code, message in wrong.err) == (2, True)
    assert assistant("jobs", "debug", run, "--do", "continue").code == 0


def test_any_kind_of_step_is_held_and_may_be_skipped(assistant: Command, job: str) -> None:
    held = assistant("jobs", "debug", job, "-b", "each", "-b", "after each", "--json")
    [pause] = held.data["payload"]["held"]
    assert (pause["path"], pause["arguments"]) == ("each", None)
    run = held.data["run_id"]
    edited = assistant("jobs", "debug", run, "--do", "edit {}")
    assert (edited.code, "no arguments of a skill" in edited.err) == (2, True)
    done = assistant("jobs", "debug", run, "--do", "skip", "--json")
    assert (done.code, [a["name"] for a in done.data["artifacts"]]) == (0, ["a.txt"])


def test_a_place_that_is_none_is_refused(assistant: Command, job: str) -> None:
    assert assistant("jobs", "debug", job, "-b", "behind note").code == 2
