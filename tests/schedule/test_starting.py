"""What starts a job is told in words, by a schedule or by what happens."""

from __future__ import annotations

import pytest

from assistant.pipeline.loader import load
from assistant.schedule.starting import starts_in_short, triggers_in_words

STEPS = "steps: [{id: tell, skill: notify, with: {message: hello}}]\n"


@pytest.mark.parametrize(
    ("triggers", "told"),
    [
        ("{on: feed_changed, url: 'https://a.example/rss', every: 15m}",
         "When https://a.example/rss has something new; looked at every 15 minutes"),
        ("{on: page_changed, url: 'https://a.example/', selector: .price}",
         "When '.price' of https://a.example/ changes; looked at every hour"),
        ("{on: file_changed, path: list.csv, every: 1s}", "When the file list.csv changes; looked at every second"),
        ("{on: row_changed, sql: select 1, database: shop}",
         "When there are other rows of 'select 1' in the database shop; looked at every 5 minutes"),
        ("{on: webhook}", "When its hook is called"),
        ("{on: job_failed, job: letters}", "When letters fails"),
        ("{on: job_succeeded, job: letters}", "When letters succeeds"),
    ],
)  # fmt: skip
def test_a_trigger_is_a_sentence(triggers: str, told: str) -> None:
    assert triggers_in_words(load(f"job: x\ntriggers: [{triggers}]\n{STEPS}").job) == (told,)


def test_a_schedule_and_a_trigger_are_told_together_in_short() -> None:
    schedule = "schedule: {cron: '0 7 * * *', timezone: UTC}\n"
    feeds = "triggers: [{on: feed_changed, url: 'https://a.example/a'}, {on: feed_changed, url: 'https://a.example/b'}]\n"
    assert starts_in_short(load(f"job: x\n{STEPS}").job) == ""
    assert starts_in_short(load(f"job: x\n{feeds}{STEPS}").job) == "When the feed has news"
    assert (
        starts_in_short(load(f"job: x\n{schedule}{feeds}{STEPS}").job)
        == "Every day at 07:00, or when the feed has news"
    )


def test_an_input_of_a_trigger_is_shown_with_its_default() -> None:
    inputs = "inputs:\n  feed: {type: string, default: 'https://a.example/rss'}\n"
    text = (
        f"job: x\n{inputs}triggers: [{{on: feed_changed, url: '${{{{ inputs.feed }}}}'}}]\n{STEPS}"
    )
    assert triggers_in_words(load(text).job) == (
        "When [feed: https://a.example/rss] has something new; looked at every 15 minutes",
    )
