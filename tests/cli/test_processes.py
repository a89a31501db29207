"""The command line as processes: speed of starting, Ctrl-C, following from beside, the whole story."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from assistant.clock import rfc3339
from assistant.demo import DemoSite
from assistant.ids import stamp
from assistant.models.registry import STARTER
from assistant.store.database import Store
from assistant.store.ticks import TickLedger
from tests.cli.conftest import Command
from tests.loopback import Page, Site

ROOT = Path(__file__).resolve().parents[2]
# A shell starts what it sends to the background with Ctrl-C ignored, and children inherit that:
# these commands hear it wherever the tests were started.
STARTED = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
    "from assistant.cli.main import main; main()"
)
ASSISTANT = [sys.executable, "-c", STARTED]
SLOW = 'job: slow\nsteps:\n  - {{id: wait, skill: http_request, with: {{method: GET, url: "{url}"}}}}\n'
WAITS = """\
job: waits
steps:
  - {id: ask, approve: Shall it be saved?}
  - {id: save, skill: save_file, with: {name: a.md, content: hello}}
"""


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*ASSISTANT, *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def finished(*arguments: str, code: int = 0) -> str:
    with start(*arguments) as process:
        out, err = process.communicate(timeout=120)
    assert process.returncode == code, err
    assert "Traceback" not in err
    return out


@pytest.fixture
def slow_site(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with Site({"/slow": Page(delay=60)}) as site:
        monkeypatch.setenv("ASSISTANT_ALLOW_ORIGINS", json.dumps([site.origin]))
        yield site


@pytest.mark.parametrize(
    "heavy", ["dbos", "gradio", "llama_cpp", "litellm", "sqlalchemy", "pandas"]
)
def test_listing_jobs_imports_nothing_heavy(home: Path, heavy: str) -> None:
    code = f"""
import sys
from assistant.cli.main import run
assert run(['jobs', 'list']) == 0
assert not [name for name in sys.modules if name.split('.')[0] == {heavy!r}]
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)


def test_ctrl_c_cancels_the_run_and_leaves_cleanly(
    assistant: Command, tmp_path: Path, slow_site: Site
) -> None:
    (tmp_path / "slow.yaml").write_text(SLOW.format(url=slow_site.url("/slow")))
    assistant("jobs", "import", "slow.yaml")
    with start("jobs", "run", "slow") as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Run ")
        wait_until(lambda: slow_site.asked)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=90)
    assert process.returncode == 130
    assert re.fullmatch(r"\S+ is cancelled\.\n", err)
    [row] = assistant("runs", "list", "--json").data["payload"]["runs"]
    assert (row["status"], row["error"]["code"]) == ("cancelled", "job_cancelled")


def test_a_run_is_followed_and_cancelled_from_another_process(
    assistant: Command, tmp_path: Path, slow_site: Site
) -> None:
    (tmp_path / "slow.yaml").write_text(SLOW.format(url=slow_site.url("/slow")))
    assistant("jobs", "import", "slow.yaml")
    with start("jobs", "run", "slow") as runner:
        wait_until(lambda: slow_site.asked)
        with start("jobs", "tail", "slow", "--json") as tail:
            assert tail.stdout is not None
            assert json.loads(tail.stdout.readline())["event"] == "RunQueued"
            assistant("jobs", "cancel", "slow")
            rest = [json.loads(line) for line in tail.stdout.read().splitlines()]
        runner.communicate(timeout=90)
    assert [row["seq"] for row in rest] == list(range(2, len(rest) + 2))
    assert rest[-1]["status"] == "cancelled"
    assert (runner.returncode, tail.returncode) == (1, 1)


def test_a_run_that_waits_exits_3_and_goes_on_with_the_word(
    assistant: Command, tmp_path: Path
) -> None:
    (tmp_path / "waits.yaml").write_text(WAITS)
    assistant("jobs", "import", "waits.yaml")
    told = finished("jobs", "run", "waits", "--json", code=3)
    waiting = json.loads(told)
    assert waiting["status"] == "waiting"
    receipt = json.loads(finished("runs", "approve", waiting["run_id"], "--json"))
    assert (receipt["status"], receipt["artifacts"][0]["name"]) == ("succeeded", "a.md")
    again = json.loads(finished("jobs", "run", "waits", "--json", code=3))
    refused = json.loads(finished("jobs", "reject", "waits", "--json", code=1))
    assert (refused["run_id"], refused["status"]) == (again["run_id"], "failed")


def test_two_workers_keep_a_schedule_and_make_up_for_a_missed_tick_once(
    assistant: Command, job_file: Path, home: Path
) -> None:
    assistant("jobs", "import", str(job_file))
    assistant("jobs", "enable", "digest")
    due = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=5)
    missed_at(home, due)
    with start("worker") as one, start("worker") as two:
        for worker in (one, two):
            assert worker.stdout is not None
            assert worker.stdout.readline().startswith("Keeping the schedules")
        assert "Nothing is running" not in assistant("jobs", "enable", "digest").err
        wait_until(lambda: list((home / "outbox").glob("*.eml")))
        one.send_signal(signal.SIGTERM)
        two.send_signal(signal.SIGINT)
        left = [(worker.communicate(timeout=30)[1], worker.returncode) for worker in (one, two)]
        assert [code for _, code in left] == [0, 0], left
    [tick] = assistant("jobs", "ticks", "digest", "--json").data["payload"]["ticks"]
    [run] = assistant("runs", "list", "--json").data["payload"]["runs"]
    assert (tick["outcome"], tick["reason"], tick["run_id"]) == ("ran", "late", run["id"])
    assert run["id"] == f"digest:{stamp(due)}"
    assert (run["status"], run["trigger"]["kind"]) == ("succeeded", "schedule")
    assert len(list((home / "outbox").glob("*.eml"))) == 1


def missed_at(home: Path, due: datetime) -> None:
    """Make the schedule of the one job look as if nothing had run at that instant."""
    store = Store(home / "assistant.db")
    ledger = TickLedger(store)
    [row] = store.rows("select job_id from schedules")
    schedule = ledger.schedule(row["job_id"])
    assert schedule is not None
    cron = f"{due.minute} {due.hour} * * *"
    past = rfc3339(due - timedelta(minutes=1))
    ledger.set_schedule(
        replace(schedule, cron=cron, timezone="UTC", planned_until=past, next_due=rfc3339(due))
    )
    store.close()


@pytest.mark.skipif(not STARTER.exists(), reason="the starter model is not here")
def test_the_whole_story_from_a_prompt_to_a_newsletter(home: Path, site: DemoSite) -> None:
    prompt = (
        "Every weekday at 7 make me a newsletter of the five best stories about batteries from"
        f" {site.feed} and mail it to jo@example.org"
    )
    drafted = json.loads(finished("jobs", "draft", prompt, "--json", code=3))
    draft = drafted["payload"]["draft"]
    skills = [step["skill"] for step in draft["steps"]]
    assert (skills[0], skills[-1]) == ("fetch_feed", "send_email")
    assert "compile_newsletter" in skills
    assert draft["schedule"] == "Every weekday at 07:00 (Europe/London)"
    assert len(draft["fires"]) == 5
    assert draft["dry_run"]["status"] == "succeeded"
    assert draft["touches"] == [
        {"skill": "send_email", "targets": ["jo@example.org"], "asks": False}
    ]
    assert list((home / "outbox").iterdir()) == []

    job = draft["job"]
    assert "Version 1" in finished("jobs", "approve", job)
    assert json.loads(finished("jobs", "list", "--json"))["payload"]["jobs"][0]["enabled"] is True
    receipt = json.loads(finished("jobs", "run", job, "--json"))
    assert (receipt["status"], receipt["job_version"]) == ("succeeded", 1)
    assert finished("jobs", "tail", job).splitlines()[-1] == "succeeded"
    assert json.loads(finished("runs", "show", receipt["run_id"], "--json")) == receipt

    [letter] = (home / "outbox").glob("*.eml")
    mail = message_from_bytes(letter.read_bytes(), policy=default)
    assert mail["To"] == "jo@example.org"
    folder = home / "runs" / job / receipt["run_id"] / "artifacts"
    assert {path.suffix for path in folder.iterdir()} >= {".html", ".md"}
    story = next(s for s in site.stories if "batter" in (s.title + s.summary).lower())
    body = mail.get_body(("html",))
    assert body is not None
    assert story.title in body.get_content()


def wait_until(holds, seconds: float = 30.0):
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
    return found
