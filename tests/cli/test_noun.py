"""The person's own word for a job stands where a person reads."""

from __future__ import annotations

import sys

import pytest

from assistant.chat.events import RoutedTo
from assistant.cli.turns import Heard, hear
from assistant.panel import views
from assistant.panel.texts import call_jobs
from tests.cli.conftest import Command


def test_the_command_line_says_matter_where_that_is_the_word(
    assistant: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_NOUN", "matter")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert assistant("jobs", "list").out.startswith("No matters yet. Try: assistant ask")
    monkeypatch.setenv("ASSISTANT_NOUN_PLURAL", "affairs")
    assert assistant("jobs", "list").out.startswith("No affairs yet.")
    assistant("jobs", "pending", "write to Jo")
    assert assistant("jobs", "rename", "write-jo", "jo").out == "The matter is now named jo.\n"


@pytest.mark.parametrize(
    ("noun", "new", "told"),
    [
        ("job", True, "New job soup\n"),
        ("job", False, "Job soup\n"),
        ("matter", True, "New matter soup\n"),
        ("matter", False, "Matter soup\n"),
    ],
)
def test_a_turn_names_the_matter_that_it_went_to(
    capsys: pytest.CaptureFixture[str], noun: str, told: str, *, new: bool
) -> None:
    hear(Heard(noun), RoutedTo("1", "soup", "", new), quiet=False)
    assert capsys.readouterr().err == told


def test_the_list_in_the_panel_is_headed_by_the_word() -> None:
    row = views.JobRow("1", "Soup", "soup", "draft")
    call_jobs("matter", "matters")
    try:
        listed, empty = views.job_list([row]), views.job_list([])
    finally:
        call_jobs("job", "jobs")
    assert '<p class="jobs-head">Matters</p>' in listed
    assert "No matters yet." in empty


def test_errors_and_their_cures_say_the_word_and_keep_the_commands(
    assistant: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_NOUN", "investigation")
    gone = assistant("jobs", "show", "soup")
    assert (gone.code, gone.err) == (
        2,
        "there is no investigation 'soup' (job_not_found)\n"
        "`assistant jobs list` shows the investigations there are.\n",
    )
    told = assistant("jobs", "show", "soup", "--json")
    assert "\"there is no job 'soup'\"" in told.err
