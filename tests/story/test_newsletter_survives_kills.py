"""kill -9 at every boundary of the newsletter job, with the real skills, then a restart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.demo import DemoSite
from assistant.settings import PROJECT


@pytest.mark.timeout(600)
def test_a_newsletter_killed_anywhere_is_finished_once_and_sent_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with DemoSite() as site:
        ran = subprocess.run(
            [sys.executable, PROJECT / "tests/story/mortal_newsletter.py", tmp_path, site.feed],
            cwd=PROJECT, capture_output=True, text=True, timeout=580,
            env=os.environ | {"ASSISTANT_ALLOW_ORIGINS": json.dumps([site.origin])},
        )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    reports = json.loads(ran.stdout)
    with capsys.disabled():
        unknown = sum(r["send"] == "unknown" for r in reports)
        print(f"\n{len(reports)} kills of the newsletter: {unknown} sends reported as unknown")
    # Each of the four steps was finished before some kill and unfinished before another.
    seen = {path for r in reports for path in r["finished_before"]}
    assert seen == {"read", "best", "letter", "send"}
    assert any(r["finished_before"] == [] for r in reports)
    for r in reports:
        assert r["repeated"] == [], r
        assert r["receipt"], r
        if r["send"] == "unknown":
            assert (r["status"], r["letters"]) == ("failed", 0), r
        else:
            assert (r["status"], r["outputs"], r["letters"]) == ("succeeded", {"count": 5}, 1), r
