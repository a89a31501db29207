"""Schedules as people say them, in seven languages, each with its cron line: `schedules.tsv`."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.builder.scoring import same_cron
from assistant.grounding.marks import mark

TABLE = [
    line.split("\t")
    for line in Path(__file__).with_name("schedules.tsv").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(("said", "cron"), TABLE, ids=[said for said, _ in TABLE])
def test_a_schedule_is_read_as_it_is_meant(said: str, cron: str) -> None:
    found = {value.meant.cron for value in mark(said).of("when")}
    assert len(found) == 1
    assert same_cron(found.pop(), cron)


def test_a_link_before_a_schedule_changes_nothing_about_it() -> None:
    for said, cron in TABLE:
        found = mark(f"https://a.example/feed.xml {said}").of("when")
        assert [same_cron(value.meant.cron, cron) for value in found], said
