"""Plugins: a say in their own jobs, from a process of their own; whatever goes wrong denies."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import BindingsInvalid, PolicyDenied
from assistant.job.completing import Completer
from assistant.job.condense import Line
from assistant.job.condensing import Condenser
from assistant.job.guide import Guide
from assistant.job.questions import APPROVE_COMPLETION
from assistant.job.skeleton import stamp
from assistant.settings import Settings
from assistant.store.jobs import JobRecord
from assistant.store.runs import RunRepository
from tests.job.conftest import Desk

HEAD = "from assistant.job.hooks import hookimpl\n\n@hookimpl\ndef jobs():\n    return ['soup']\n"
Plugged = Callable[[str], JobRecord]


@pytest.fixture
def guide(desk: Desk, settings: Settings) -> Guide:
    quick = settings.model_copy(update={"guard_seconds": 3.0})
    return Guide(desk.jobs, RunRepository(desk.jobs.store), quick, desk.clock)


@pytest.fixture
def plugged(guide: Guide) -> Plugged:
    """A job named soup with a plugin of this code."""

    def make(code: str) -> JobRecord:
        job = guide.jobs.create("soup")
        folder = guide.plugins.folder(job.name)
        folder.mkdir(parents=True)
        (folder / "plugin.py").write_text(HEAD + code)
        return job

    return make


def denied(guide: Guide, job: JobRecord, **arguments: object) -> str:
    with pytest.raises(PolicyDenied) as wrong:
        guide.check_tool(job, "send_email", dict(arguments))
    return wrong.value.message


def test_a_guard_allows_or_gives_its_reason_and_remembers_by_job(
    guide: Guide, plugged: Plugged
) -> None:
    job = plugged(
        "@hookimpl\ndef allow_tool(job, skill, arguments, state):\n"
        "    state['n'] = state.get('n', 0) + 1\n"
        "    return f'{skill} number {state[\"n\"]} in {job[\"phase\"]}' if state['n'] > 1 else None\n"
    )
    guide.check_tool(job, "send_email", {"to": "jo@example.org"})
    assert denied(guide, job) == "soup/plugin does not allow it: send_email number 2 in observe"
    assert guide.runs.remembered(job.id, "plugin:plugin", "state") == {"n": 2}
    other = guide.jobs.create("other")
    guide.check_tool(other, "send_email", {})
    assert guide.plugins.of(other) == []


def test_a_plugin_that_names_another_job_has_no_say(guide: Guide, plugged: Plugged) -> None:
    job = plugged("@hookimpl\ndef allow_tool(job, skill, arguments, state):\n    return 'no'\n")
    path = guide.plugins.folder(job.name) / "plugin.py"
    path.write_text(path.read_text().replace("'soup'", "'something-else'"))
    guide.check_tool(job, "send_email", {})


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("raise RuntimeError('oh')", "its plugin failed: RuntimeError: oh"),
        ("while True: pass", "its plugin did not answer within 3 seconds"),
        ("import os; os._exit(3)", "its plugin ended without an answer (exit 3)"),
        ("raise SystemExit", "its plugin ended without an answer (exit 0)"),
        ("return {'a': 1}", "it said no"),
        ("return False", "it said no"),
    ],
)
def test_a_guard_that_crashes_loops_exits_or_answers_nonsense_denies(
    guide: Guide, plugged: Plugged, body: str, told: str
) -> None:
    job = plugged(f"@hookimpl\ndef allow_tool(job, skill, arguments, state):\n    {body}\n")
    began = time.monotonic()
    assert denied(guide, job) == f"soup/plugin does not allow it: {told}"
    assert time.monotonic() - began < 15


def test_what_a_plugin_prints_is_no_answer(guide: Guide, plugged: Plugged) -> None:
    job = plugged(
        "print('{\"value\": null}', flush=True)\n"
        "@hookimpl\ndef allow_tool(job, skill, arguments, state):\n"
        "    print('x' * 200000, flush=True)\n    return 'still no'\n"
    )
    assert denied(guide, job).endswith("still no")


def test_a_plugin_sees_nothing_of_the_persons_environment(
    guide: Guide, plugged: Plugged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    job = plugged(
        "import os\n@hookimpl\ndef allow_tool(job, skill, arguments, state):\n"
        "    return ' '.join(sorted(os.environ)) + ' in ' + os.getcwd()\n"
    )
    seen = denied(guide, job).split(": ", 1)[1]
    assert "OPENAI_API_KEY" not in seen
    assert "HOME" not in seen.split(" in ")[0].split()
    assert str(Path.cwd()) not in seen


@pytest.mark.parametrize("code", ["this is no python(", "import nothing_like_that\n"])
def test_a_plugin_that_cannot_be_loaded_denies_everything(
    guide: Guide, plugged: Plugged, code: str
) -> None:
    job = plugged(code)
    assert "it cannot be used" in denied(guide, job)
    with pytest.raises(PolicyDenied):
        guide.enter(job.id, "plan", "on")
    assert guide.jobs.get(job.id).phase == "observe"


def test_guards_of_phases_plans_and_completion_are_asked(guide: Guide, plugged: Plugged) -> None:
    job = plugged(
        "@hookimpl\ndef phases():\n    return [{'name': 'legal', 'after': 'verify'}]\n"
        "@hookimpl\ndef completion_stages():\n    return [{'name': 'seen', 'kind': 'verifier'},"
        " {'name': 'a rest', 'kind': 'cool_down', 'seconds': 60},"
        " {'name': 'four eyes', 'kind': 'second_reviewer'}]\n"
        "@hookimpl\ndef allow_plan(job, text, state):\n"
        "    return 'no cream' if 'cream' in text else None\n"
        "@hookimpl\ndef allow_phase(job, before, to, state):\n"
        "    return 'not without legal' if to == 'condense' and job['cycle'] > 5 else None\n"
        "@hookimpl\ndef allow_completion(job, stage, review, state):\n"
        "    state['asked'] = state.get('asked', 0) + 1\n"
        "    return 'look again' if state['asked'] == 1 else None\n"
    )
    assert guide.cycle(job).order[3:] == ("verify", "legal", "condense")
    guide.plans.set_file(job.id, "plan.md")
    guide.enter(job.id, "execute", "on")
    with pytest.raises(PolicyDenied, match="no cream"):
        guide.put_plan(job.id, "# Soup with cream\n")
    guide.put_plan(job.id, "# Soup\n")
    guide.enter(job.id, "condense", "done")

    completer = Completer(guide)
    with pytest.raises(PolicyDenied, match="look again"):
        completer.decide(completer.ask(job.id), APPROVE_COMPLETION)
    assert guide.jobs.get(job.id).status == "active"
    resting = completer.decide(completer.ask(job.id), APPROVE_COMPLETION, by="jo")
    assert (
        guide.guidance.of(job.id).completion["waits"].startswith("a rest, until 2026-03-02 12:01")
    )
    guide.clock.advance(seconds=61)  # type: ignore[attr-defined]
    assert completer.go_on(job.id).status == resting.status == "active"
    with pytest.raises(PolicyDenied, match="somebody else"):
        completer.second(job.id, by="jo")
    assert completer.second(job.id, by="sam").status == "completed"


def test_every_change_of_a_plan_is_asked_about_and_a_denied_note_waits(
    guide: Guide, plugged: Plugged
) -> None:
    job = plugged(
        "@hookimpl\ndef allow_plan(job, text, state):\n"
        "    return 'no cream' if 'cream' in text else None\n"
    )
    guide.plans.set_file(job.id, "plan.yaml")
    guide.enter(job.id, "execute", "on")
    with pytest.raises(PolicyDenied, match="no cream"):
        guide.put_plan(job.id, "cycles: 2\noutstanding: [cream]\n")
    guide.put_plan(job.id, "cycles: 2\n")
    with pytest.raises(PolicyDenied, match="no cream"):
        guide.plans.outstanding(job.id, "buy cream")
    with pytest.raises(PolicyDenied, match="no cream"):
        guide.plans.move_up(job, "plan.yaml", "execute: {execute: Add cream.}\n")
    line = Line("Always use cream.", by_person=True)
    Condenser(guide).keep_line(guide.jobs.get(job.id), line, "voice-update")
    assert [note.state for note in guide.guidance.notes(job.id)] == ["proposed"]
    assert guide.plans.state(job).text == "cycles: 2\n"


def test_the_skeleton_holds_and_its_tests_pass(guide: Guide) -> None:
    job = guide.jobs.create("soup")
    folder = guide.plugins.folder(job.name)
    made = stamp(folder, job.name)
    with pytest.raises(BindingsInvalid, match="holds a plugin already"):
        stamp(folder, job.name)
    assert "Nobody@example.org must get no mail" in denied(guide, job, to=["Nobody@example.org"])
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", made[-1]],
        cwd=folder, capture_output=True, text=True,
    )  # fmt: skip
    assert "3 passed" in ran.stdout, ran.stdout + ran.stderr
