"""Tables as a person reads them on a terminal, and as a pipe gets them."""

from __future__ import annotations

import re
import sys

import pytest

from assistant.cli.output import table
from tests.cli.conftest import Command

RUN = "20261129T153008316Z-yc2v"
ROW = (
    RUN,
    "newsletter-batteries",
    "succeeded",
    "cli",
    "2020-07-29T15:30:08.341Z",
    "a long reason " * 9,
)
HEAD = ("run", "job", "status", "trigger", "last_run_at", "reason")


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_narrow_terminal_cuts_no_name_and_tells_moments_in_the_persons_zone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("ASSISTANT_TIMEZONE", "Europe/London")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    table(HEAD, [ROW])
    out = capsys.readouterr().out
    assert RUN in out
    assert "…" not in out
    assert "last_run_at" not in out
    if columns >= 80:
        assert "29 Jul 2020 16:30" in out


def test_a_narrow_terminal_does_without_the_columns_that_say_least(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_TIMEZONE", "Europe/London")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    shown = dict[int, list[str]]()
    for columns in (80, 120):
        monkeypatch.setenv("COLUMNS", str(columns))
        table(HEAD[:5], [ROW[:5]], less=("trigger",))
        out = re.sub(r"\x1b\[\d*m", "", capsys.readouterr().out)
        shown[columns] = [line.rstrip() for line in out.splitlines()]
    assert shown == {
        80: ["run                       job                   status     last run at",
             f"{RUN}  newsletter-batteries  succeeded  29 Jul 2020 16:30"],
        120: ["run                       job                   status     trigger  last run at",
              f"{RUN}  newsletter-batteries  succeeded  cli      29 Jul 2020 16:30"],
    }  # fmt: skip


def test_a_pipe_gets_what_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    table(HEAD, [ROW])
    head, row = capsys.readouterr().out.splitlines()
    assert head.split("\t") == list(HEAD)
    assert row.split("\t")[4] == "2020-07-29T15:30:08.341Z"


def test_the_list_of_jobs_tells_what_waits_to_be_approved(assistant: Command) -> None:
    assistant("jobs", "new", "--template", "weekly-digest", "--set", "feed=https://example.org/feed.xml",
              "--set", "to=jo@example.org")  # fmt: skip
    assistant("jobs", "pending", "write to Jo")
    rows = {cells[0]: cells[2] for cells in (
        line.split("\t") for line in assistant("jobs", "list").out.splitlines()[1:]
    )}  # fmt: skip
    assert rows == {"weekly-digest": "to approve", "write-jo": ""}
