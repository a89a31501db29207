"""The command line in this process: arguments in; exit code, output and errors out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.cli.main import run
from assistant.demo import DemoSite

JOB = """\
job: digest
title: Lantern digest
inputs:
  topic: {{type: string, default: batteries}}
  limit: {{type: integer, default: 5, minimum: 1, maximum: 50}}
schedule:
  cron: "0 7 * * 1-5"
  timezone: Europe/London
steps:
  - id: read
    skill: fetch_feed
    with: {{url: "{feed}", limit: 50}}
  - id: best
    skill: rank_items
    with: {{items: "${{{{ steps.read.items }}}}", topic: "${{{{ inputs.topic }}}}", limit: "${{{{ inputs.limit }}}}"}}
  - id: letter
    skill: compile_newsletter
    with: {{title: "${{{{ inputs.topic }}}} digest", items: "${{{{ steps.best.items }}}}"}}
  - id: send
    skill: send_email
    with: {{to: jo@example.org, newsletter: "${{{{ steps.letter.newsletter }}}}"}}
"""


@dataclass(frozen=True)
class Told:
    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        return json.loads(self.out or self.err)


Command = Callable[..., Told]


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with DemoSite() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: DemoSite) -> Path:
    monkeypatch.setenv("ASSISTANT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ASSISTANT_TIMEZONE", "Europe/London")
    monkeypatch.setenv("ASSISTANT_ALLOW_ORIGINS", json.dumps([site.origin]))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def assistant(home: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    def command(*arguments: str) -> Told:
        capsys.readouterr()
        code = run(list(arguments))
        captured = capsys.readouterr()
        return Told(code, captured.out, captured.err)

    return command


@pytest.fixture
def job_file(tmp_path: Path, site: DemoSite) -> Path:
    path = tmp_path / "digest.yaml"
    path.write_text(JOB.format(feed=site.feed), encoding="utf-8")
    return path
