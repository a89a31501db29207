"""Files made to do harm, through the real command line: one clear refusal, and nothing half-kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.settings import PROJECT

GOOD = "job: fine\nsteps:\n  - {id: s, set: {v: 1}}\n"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(9)
)
FILES: dict[str, tuple[str, str]] = {
    "a bomb of aliases": (BOMB, "is an anchor; job files have none"),
    "ten megabytes": (GOOD + "title: " + "x" * 10_000_000, "more than 1,000,000"),
    "a key twice": (GOOD + "job: again\n", "'job' stands twice; first in line 1"),
    "a tab": (GOOD + "inputs:\n\ttopic: {type: string}\n", "a tab stands where YAML wants spaces"),
    "an unknown key": (GOOD + "stepz: []\n", "Did you mean 'steps'?"),
    "a tag that makes objects": (
        GOOD + "title: !!python/object/apply:os.system [id]\n", "is a tag; job files have none",
    ),
    "a reference forward": (
        "job: x\nsteps:\n  - {id: a, set: {v: '${{ steps.b.v }}'}}\n  - {id: b, set: {v: 1}}\n",
        "'b'",
    ),
    "a branch that may not be taken": (
        "job: x\nsteps:\n  - {id: g, if: '${{ now() }}', steps: [{id: i, set: {v: 1}}]}\n"
        "  - {id: b, set: {v: '${{ steps.i.v }}'}}\n",
        "'i'",
    ),
    "a loop over no list": (
        "job: x\nsteps:\n  - {id: l, for_each: \"${{ 'seven' }}\", steps: [{stop: x}]}\n", "goes over a list",
    ),
    "an expression in an expression": (
        "job: x\nsteps:\n  - {id: a, set: {v: 1}}\n  - {id: b, set: {v: '${{ size(${{ vars.v }}) }}'}}\n",
        "Write the inner expression without its ${{ }}",
    ),
    "a job that calls itself": ("job: x\nsteps: [{call_job: x}]\n", "in a circle: x → x"),
    "a wrong type": (
        "job: x\nsteps:\n  - {id: r, skill: fetch_feed, with: {url: 5}}\n",
        "'url' of skill 'fetch_feed' needs text, not a whole number",
    ),
    "anchors": (
        "job: x\nsteps:\n  - &one {id: s, set: {v: 1}}\n  - *one\n", "'*one' is an alias; job files have none",
    ),
    "brackets without end": ("job: x\nsteps: " + "[" * 5000, "nested more than 40 levels deep"),
    "three thousand steps": (
        GOOD + "".join(f"  - {{id: s{n}, set: {{v: 1}}}}\n" for n in range(3000)), "Split the job.",
    ),
    "not text": ("\x7fELF\x01\x02\x00", "job_invalid_spec"),
}  # fmt: skip


@pytest.fixture
def assistant(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "assistant", *words], cwd=PROJECT, capture_output=True,
            text=True, timeout=60, env=os.environ | {"ASSISTANT_HOME": str(tmp_path / "home")},
        )  # fmt: skip

    return run


def kept(home: Path) -> list[str]:
    """Job files and what was begun beside them."""
    return sorted(str(p.relative_to(home)) for p in (home / "jobs").rglob("*") if p.is_file())


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_refused_with_a_code_and_nothing_is_kept(
    assistant: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, name: str
) -> None:
    text, message = FILES[name]
    path = tmp_path / "hostile.yaml"
    path.write_text(text, encoding="utf-8")
    done = assistant("jobs", "import", str(path), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    error = json.loads(done.stderr)["error"]
    assert error["code"].startswith("job_")
    assert message in json.dumps(error, ensure_ascii=False)
    assert kept(tmp_path / "home") == []


def test_an_archive_that_climbs_out_of_its_folder_writes_nothing_anywhere(
    assistant: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    path = tmp_path / "climbs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("jobs/fine.yaml", GOOD)
        archive.writestr("../../climbed.yaml", GOOD)
    before = sorted(p.name for p in tmp_path.iterdir())
    done = assistant("jobs", "import", str(path), "--json")
    assert done.returncode == 2
    assert "no part of a job" in json.loads(done.stderr)["error"]["message"]
    assert kept(tmp_path / "home") == []
    assert sorted(p.name for p in tmp_path.iterdir() if p.name != "home") == before
