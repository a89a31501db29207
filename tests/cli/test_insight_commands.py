"""`assistant insight`: real runs of the demo newspaper, asked for in every way."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from assistant.demo import DemoSite
from assistant.settings import Settings
from assistant.store.database import Store
from tests.cli.conftest import Command


def test_real_runs_are_reported_checked_and_made_anew(
    assistant: Command, job_file: Path, home: Path
):
    assert assistant("insight", "report").out == "Nothing has run yet.\n"
    assistant("jobs", "import", str(job_file))
    assistant("jobs", "run", "digest", "--input", "limit=3")
    assistant("jobs", "run", "digest", "--dry-run")

    told = assistant("insight", "report", "--job", "digest", "--json").data["payload"]
    [row] = told["success_rate"]
    assert (row["runs"], row["succeeded"], row["success_rate"]) == (1, 1, 1.0)
    assert {use["skill"] for use in told["skill_use"]} == {
        "fetch_feed", "rank_items", "compile_newsletter", "send_email",
    }  # fmt: skip
    lines = assistant("insight", "report", "--view", "durations", "--csv").out
    [shown] = csv.DictReader(io.StringIO(lines))
    assert (shown["job"], shown["runs"]) == ("digest", "1")
    plain = assistant("insight", "report").out
    assert plain.splitlines()[0] == "Success"
    assert assistant("insight", "report", "--since", "2999-01-01").out == "Nothing has run there.\n"
    assert assistant("insight", "anomalies").out == "Everything is as usual.\n"

    assert assistant("insight", "rebuild", "--check").out == (
        "The figures equal the runs' folders, row for row.\n"
    )
    store = Store(Settings(home=home).store_path)
    store.run("update skill_calls set items = 4711 where skill = 'rank_items' and preview = 0")
    store.close()
    checked = assistant("insight", "rebuild", "--check", "--json")
    assert (checked.code, checked.data["payload"]["equal"]) == (1, False)
    assert "The figures of 2 runs are made anew" in assistant("insight", "rebuild").out
    assert assistant("insight", "rebuild", "--check").code == 0


def test_what_was_asked_once_is_told_in_words_and_shares_as_percentages(
    assistant: Command, site: DemoSite
):
    assistant("skills", "run", "fetch_feed", "--with", f"url={site.feed}")
    told = assistant("insight", "report", "--view", "success_rate").out.splitlines()
    assert told[0] == "Success"
    assert told[2].split("\t")[:7] == ["(asked once)", "1", "1", "0", "0", "0", "100%"]
    assert told[3:] == ["", "(asked once): what was answered at once, without a job of its own."]
    run, job = assistant("runs", "list").out.splitlines()[1].split("\t")[:2]
    assert job == "(asked once)"
    shown = assistant("runs", "show", run).out.splitlines()
    assert [" ".join(line.split()) for line in shown[1:4]] == [
        "job (asked once)", "status succeeded", "trigger cli",
    ]  # fmt: skip


def test_a_suggestion_is_shown_accepted_and_becomes_a_version(
    assistant: Command, job_file: Path, tmp_path: Path
):
    text = (
        job_file.read_text().replace("job: digest", "job: evening").replace("0 7 * *", "30 7 * *")
    )
    (tmp_path / "evening.yaml").write_text(text)
    for file in (job_file, tmp_path / "evening.yaml"):
        assistant("jobs", "import", str(file))
    for name in ("digest", "evening"):
        assistant("jobs", "enable", name)

    [found] = assistant("insight", "suggestions", "--json").data["payload"]["suggestions"]
    assert (found["kind"], found["state"]) == ("same_feed", "open")
    assert (
        "accept: Both steps keep what they read for 40 minutes"
        in assistant("insight", "suggestions").out
    )
    snoozed = assistant("insight", "suggestions", "snooze", found["id"], "--for", "2d")
    assert snoozed.out.startswith(f"{found['id']} is silent until ")
    assert assistant("insight", "suggestions").out == "Nothing to suggest.\n"
    done = assistant("insight", "suggestions", "accept", found["id"])
    assert done.out == "Done: version 2 of digest and version 2 of evening.\n"
    [last, _] = assistant("jobs", "versions", "digest", "--json").data["payload"]["versions"]
    assert (last["author"], last["number"]) == ("person", 2)
    again = assistant("insight", "suggestions", "accept", found["id"])
    assert (again.code, "is accepted" in again.err) == (2, True)


def test_a_wrong_request_names_the_cure(assistant: Command):
    for arguments, cure in (
        (("report", "--since", "soon"), "Write 24h, 7d, 2w or a date: 2026-03-01."),
        (("report", "--view", "duration"), "Did you mean 'durations'?"),
        (("report", "--job", "nope"), "`assistant jobs list` shows the jobs there are."),
        (("suggestions", "--state", "shut"), "There is: open, snoozed, accepted, never, gone."),
        (("suggestions", "never", "zzz"), "`assistant insight suggestions` shows those there are."),
        (("suggestions", "snooze", "zzz", "--for", "soon"), "Write 7d, 2w or 36h."),
    ):
        told = assistant("insight", *arguments)
        assert (told.code, told.out, cure in told.err) == (2, "", True)
