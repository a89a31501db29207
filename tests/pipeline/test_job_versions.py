"""A job said in words, drawn, and compared with another version of it."""

from __future__ import annotations

from hypothesis import given, settings

from assistant.pipeline.diff import diff, words
from assistant.pipeline.graph import Edge, graph
from assistant.pipeline.loader import load
from assistant.pipeline.walk import called_jobs, step_at, used_skills, with_paths
from assistant.pipeline.words import job_words
from assistant.pipeline.writer import dump
from tests.pipeline.strategies import jobs
from tests.pipeline.test_checker_mistakes import GOOD
from tests.pipeline.test_pipeline_meaning import EVERY_KIND

JOB = load(GOOD).job


def changed(*replacements: tuple[str, str]) -> str:
    text = GOOD
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return words(diff(JOB, load(text).job))


def test_a_version_is_compared_by_its_steps():
    assert changed() == "nothing changed"
    assert changed(("to: jo@example.org", "to: ann@example.org"), ("timeout: 30s", "timeout: 40s")) == (
        "step 'read': timeout was \"30s\", now \"40s\"\n"
        "step 'send': with.to was \"jo@example.org\", now \"ann@example.org\""
    )  # fmt: skip
    assert changed(("title: Morning letter", "title: Evening letter"), ("0 7 *", "0 19 *")) == (
        'the job: title was "Morning letter", now "Evening letter"\n'
        'the job: schedule.cron was "0 7 * * 1-5", now "0 19 * * 1-5"'
    )
    assert changed(("    retry: {attempts: 4, delay: 2s}\n", "")) == (
        "step 'read': retry is gone (it was {\"attempts\": 4})"
    )
    assert (
        changed(('  - id: agree\n    approve: "Send ${{ size(steps.best.items) }} stories?"\n', ""))
        == "step 'agree' is gone"
    )
    assert (
        changed(("  - id: agree\n", "  - id: extra\n    set: {a: 1}\n  - id: agree\n"))
        == "step 'extra' is new"
    )
    assert changed(("- id: agree", "- id: consent")) == "step 'agree' is now called 'consent'"
    assert changed(("      - {id: note, set: {mood: good}}", "      - {id: note, set: {mood: great}}")) == (
        "step 'gate/note': set.mood was \"good\", now \"great\""
    )  # fmt: skip


def test_a_step_that_changed_its_place_has_moved():
    one = load("job: x\nsteps: [{id: a, skill: s}, {id: b, skill: t}, {id: c, skill: u}]").job
    two = load("job: x\nsteps: [{id: c, skill: u}, {id: a, skill: s}, {id: b, skill: t}]").job
    assert words(diff(one, two)) == "step 'c' now comes first"


def test_a_block_that_comes_or_goes_is_one_change():
    assert "step 'gate' is gone" in changed(
        (GOOD[GOOD.index("  - id: gate") : GOOD.index("  - id: archive")], ""),
        (', mood: "${{ vars.mood }}"', ""),
    )
    assert "gate/note" not in changed(
        (GOOD[GOOD.index("  - id: gate") : GOOD.index("  - id: archive")], ""),
        (', mood: "${{ vars.mood }}"', ""),
    )


@given(jobs(), jobs())
@settings(max_examples=40, deadline=None)
def test_two_jobs_differ_exactly_when_their_difference_says_so(one: object, two: object):
    left, right = load(dump(one)).job, load(dump(two)).job  # pyright: ignore
    assert diff(left, left) == []
    assert (diff(left, right) == []) == (one == two)
    assert all(change.words for change in diff(left, right))


def test_every_step_has_a_readable_sentence():
    told = dict(job_words(JOB))
    assert told["none"] == "If there are no items of step best: stop here: nothing new today."
    assert told["each"] == "For each story of items of step best."
    assert told["sides"] == "At the same time: page, web."
    assert told["poll"] == "While tries is less than 3, at most 5 times."
    assert told["agree"] == "Ask a person: Send [the number of items of step best] stories?"
    assert all(sentence.endswith((".", "?")) and len(sentence) > 5 for sentence in told.values())


def test_the_drawing_has_every_step_once_and_shows_how_they_follow():
    drawn = graph(load(EVERY_KIND).job)
    job = load(EVERY_KIND).job
    assert [node.path for node in drawn.nodes] == [path for path, _ in with_paths(job.steps)]
    assert [node.kind for node in drawn.nodes if not node.parent] == [
        "skill", "stop", "for_each", "parallel", "call_job", "if", "approve", "while", "skill",
    ]  # fmt: skip
    assert Edge("first", "skipped") in drawn.edges
    assert Edge("each", "each/one", "enter", "each round") in drawn.edges
    assert Edge("each/one", "each", "repeat") in drawn.edges
    assert Edge("gate", "gate.else/s2", "enter", "no") in drawn.edges
    assert Edge("sides", "sides.left/a", "enter", "left") in drawn.edges
    assert Edge("risky", "risky.on_error/other", "enter", "on error") in drawn.edges


def test_a_job_knows_what_it_uses():
    assert called_jobs(JOB) == [("archive", "archive")]
    assert used_skills(JOB) == [
        "fetch_feed", "rank_items", "ask_model", "scrape_page", "web_search", "http_request",
        "compile_newsletter", "send_email",
    ]  # fmt: skip
    assert step_at(JOB, "each/words") is not None
    assert step_at(JOB, "each/wrods") is None
