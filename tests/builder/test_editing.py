"""Changes to the focused job said in words: the smallest patch, and all else byte for byte."""

from __future__ import annotations

import difflib

import pytest

from assistant.builder.focusing import focused_job, standings
from assistant.builder.questions import Surroundings


def changed(old: str, new: str) -> list[str]:
    """The lines that differ, as `-old` and `+new`."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


@pytest.fixture
def edit(draft, digest_yaml):
    def edited(text: str, edits: list[dict], *fills: dict):
        around = Surroundings(focus=focused_job("ai-digest", digest_yaml))
        made = draft(text, {"kind": "edit"}, {"edits": edits}, *fills, around=around)
        assert made.kind == "edit"
        assert made.problems == ()
        return made, changed(digest_yaml, made.yaml)

    return edited


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        ("make it eight items", [{"do": "set", "step": 2, "key": "limit", "value": "<num1>"}],
         ["-      limit: 5", "+      limit: 8"]),
        ("read half as many", [{"do": "set", "step": 1, "key": "limit", "value": "half"}],
         ['-    with: {url: "https://example.org/feed.xml",  limit: 50}   # the feed',
          '+    with: {url: "https://example.org/feed.xml",  limit: 25}   # the feed']),
        ("about robotics instead", [{"do": "set", "step": 2, "key": "topic", "value": "robotics"}],
         ["-      topic: AI safety   # ours", "+      topic: robotics   # ours"]),
        ("send it to kim@example.org too", [{"do": "add", "step": 5, "key": "to", "value": "<mail1>"}],
         ['-    with: {to: jo@example.org, newsletter: "${{ steps.letter.newsletter }}"}',
          '+    with: {to: ["jo@example.org", "kim@example.org"], newsletter: "${{ steps.letter.newsletter }}"}']),
        ("no limit on the feed", [{"do": "clear", "step": 1, "key": "limit"}],
         ['-    with: {url: "https://example.org/feed.xml",  limit: 50}   # the feed',
          '+    with: {url: "https://example.org/feed.xml"}   # the feed']),
        ("move it to Sundays at nine", [{"do": "schedule", "when": "<when1>"}],
         ['-  cron: "0 7 * * 1-5"   # early birds', '+  cron: "0 9 * * 0"   # early birds']),
        ("only on Sundays", [{"do": "schedule", "when": "<when1>"}],
         ['-  cron: "0 7 * * 1-5"   # early birds', '+  cron: "0 7 * * 0"   # early birds']),
        ("at half past nine", [{"do": "schedule", "when": "<time1>"}],
         ['-  cron: "0 7 * * 1-5"   # early birds', '+  cron: "30 9 * * 1-5"   # early birds']),
        ("ten minutes earlier", [{"do": "schedule", "when": "<shift1>"}],
         ['-  cron: "0 7 * * 1-5"   # early birds', '+  cron: "50 6 * * 1-5"   # early birds']),
        ("at 7 every weekday Paris time", [{"do": "schedule", "when": "<when1>"}],
         ["-  timezone: Europe/London", "+  timezone: Europe/Paris"]),
        ("no schedule any more", [{"do": "unschedule"}],
         ["-schedule:", '-  cron: "0 7 * * 1-5"   # early birds', "-  timezone: Europe/London"]),
        ("drop the summaries", [{"do": "remove_step", "step": 3}],
         ["-  - id: short", "-    skill: summarize_items",
          '-    with: {items: "${{ steps.best.items }}", sentences: 2}',
          '-    with: {items: "${{ steps.short.items }}", title: AI this week}',
          '+    with: {items: "${{ steps.best.items }}", title: AI this week}']),
    ],
)  # fmt: skip
def test_an_edit_changes_the_lines_it_means_and_no_other(edit, text, edits, expected) -> None:
    _, lines = edit(text, edits)

    assert lines == expected


def test_a_second_feed_joins_the_first(edit) -> None:
    made, lines = edit(
        "also check https://b.example/rss",
        [{"do": "add", "step": 1, "key": "urls", "value": "<feed1>"}],
    )

    assert len(lines) == 2
    assert made.steps[0].arguments == {
        "limit": 50, "urls": ["https://example.org/feed.xml", "https://b.example/rss"],
    }  # fmt: skip


def test_a_new_source_is_read_and_used(edit) -> None:
    _, lines = edit(
        "I miss boats in there", [{"do": "add_step", "skill": "web_search"}], {"query": "boats"}
    )

    assert lines == [
        "+  - id: search", "+    skill: web_search",
        "+    with: {query: boats}",
        '-      items: "${{ steps.read.items }}"',
        '+      items: "${{ steps.read.items + steps.search.items }}"',
    ]  # fmt: skip


def test_a_new_step_stands_where_such_a_step_belongs(edit) -> None:
    made, _ = edit(
        "get the full articles too", [{"do": "add_step", "skill": "extract_article"}], {}
    )
    ids = [step.id for step in standings(made.yaml)]

    assert ids == ["read", "best", "full", "short", "letter", "send"]
    assert made.steps[3].arguments["items"] == "${{ steps.full.items }}"

    made, _ = edit(
        "and tell #news", [{"do": "add_step", "skill": "notify"}], {"channel": "<chan1>"}
    )
    assert made.steps[-1].skill == "notify"
    assert made.steps[-1].arguments["channel"] == "#news"


def test_without_the_newsletter_the_mail_carries_the_items(edit) -> None:
    made, _ = edit("no newsletter, just the list", [{"do": "remove_step", "step": 4}])

    assert made.steps[-1].arguments == {
        "to": "jo@example.org",
        "body": "${{ join([i.title + ' ' + i.url + '\\n' + i.summary for i in steps.short.items], '\\n\\n') }}",
    }


def test_structure_is_added_beside_what_is_there(edit) -> None:
    made, lines = edit(
        "retry 4 times, ask me before sending, tell ops@example.org if it fails",
        [{"do": "add_structure", "tag": tag} for tag in ("retry", "approve", "alert")],
        {"times": "<num1>"}, {"step": 5}, {"to": "<mail1>"},
    )  # fmt: skip

    assert made.structure == ("retry", "approve", "alert")
    assert lines == [
        "+    retry: {attempts: 4, delay: 2s, factor: 2, max_delay: 1m, jitter: 0.2}",
        "+  - {id: approve, approve: 'Go on with: send email?'}",
        "+alerts: {on: [failed, missed], to: [ops@example.org]}",
    ]


def test_structure_is_taken_away_again(draft, digest_yaml) -> None:
    text = (
        digest_yaml + "alerts: {on: [failed], to: [ops]}\ntriggers:\n  - {on: job_failed, job: x}\n"
    )
    made = draft(
        "no alerts, and stop waiting for x", {"kind": "edit"},
        {"edits": [{"do": "remove_structure", "tag": tag} for tag in ("alert", "trigger_job_failed")]},
        around=Surroundings(focus=focused_job("ai-digest", text)),
    )  # fmt: skip

    assert made.yaml == digest_yaml


def test_a_value_that_comes_from_an_input_changes_its_default(draft, digest_yaml) -> None:
    text = digest_yaml.replace("topic: AI safety ", 'topic: "${{ inputs.topic }}" ')
    text += "inputs:\n  topic: {type: string, default: AI safety}\n"
    made = draft(
        "about robotics", {"kind": "edit"},
        {"edits": [{"do": "set", "step": 2, "key": "topic", "value": "robotics"}]},
        around=Surroundings(focus=focused_job("ai-digest", text)),
    )  # fmt: skip

    assert changed(text, made.yaml) == [
        "-  topic: {type: string, default: AI safety}", "+  topic: {type: string, default: robotics}",
    ]  # fmt: skip


@pytest.mark.parametrize("action", ["pause", "resume", "run_now", "delete"])
def test_what_is_done_to_the_job_leaves_its_file_alone(edit, action: str) -> None:
    made, lines = edit("please do that", [{"do": action}])

    assert (made.actions, lines) == ((action,), [])


def test_a_pause_until_a_date_says_until_when(edit) -> None:
    made, _ = edit("stop it until tomorrow at 9", [{"do": "pause"}])

    assert made.settings["pause.until"] == "tomorrow at 9"


def test_a_new_name_is_an_action(edit) -> None:
    made, lines = edit("call it port report", [{"do": "rename", "name": "port report"}])

    assert (made.actions, made.settings["edit.name"], lines) == (("rename",), "port report", [])


def test_the_last_recipient_is_not_taken_away_silently(edit) -> None:
    made, lines = edit(
        "not to jo@example.org", [{"do": "remove", "step": 5, "key": "to", "value": "<mail1>"}]
    )

    assert lines == []
    assert [ask.place for ask in made.asks] == ["steps.send.to"]


def test_an_edit_that_changes_nothing_is_asked_about(draft, digest_yaml) -> None:
    around = Surroundings(focus=focused_job("ai-digest", digest_yaml))
    made = draft(
        "hmm", {"kind": "edit"}, {"edits": [{"do": "set", "step": 9, "key": "limit", "value": "half"}]},
        around=around,
    )  # fmt: skip

    assert made.kind == "clarify"


def test_without_a_focused_job_there_is_nothing_to_edit(draft) -> None:
    assert draft("make it eight", {"kind": "edit"}).kind == "clarify"


def test_a_letter_holds_the_summaries_that_a_change_adds_and_no_longer_those_it_drops(
    draft,
) -> None:
    yaml = (
        'job: site-news\ntitle: Site news\nsteps:\n  - id: read\n    skill: fetch_feed\n    with: {url: "https://a.example/rss"}\n'
        "  - id: send\n    skill: send_email\n    with:\n      to: jo@a.example\n"
        "      body: \"${{ join([i.title + ' ' + i.url for i in steps.read.items], '\\\\n') }}\"\n"
    )
    with_summaries = draft(
        "each piece cut to two sentences before it goes out", {"kind": "edit"}, {"edits": []}, {},
        around=Surroundings(focus=focused_job("site-news", yaml)),
    )  # fmt: skip
    assert [(s.skill, s.arguments) for s in standings(with_summaries.yaml)][1:] == [
        ("summarize_items", {"items": "${{ steps.read.items }}", "sentences": 2}),
        ("send_email", {"to": "jo@a.example", "body":
            "${{ join([i.title + ' ' + i.url + '\\n' + i.summary for i in steps.short.items], '\\n\\n') }}"}),
    ]  # fmt: skip

    without = draft(
        "drop the summaries", {"kind": "edit"}, {"edits": []}, {},
        around=Surroundings(focus=focused_job("site-news", with_summaries.yaml)),
    )  # fmt: skip
    assert without.yaml == yaml
