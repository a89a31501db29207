"""Edits of a job file: they say what was meant, and touch nothing else."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import JobInvalid, TargetUnresolved
from assistant.pipeline.editing import EditableJob
from assistant.pipeline.writer import dump
from tests.pipeline.strategies import jobs

FILE = """\
# Jo's letter.
job:   letter     # short
inputs: {topic: {type: string,  default: 'sea'}}

steps:
  # Read first.
  - id: read
    skill: fetch_feed   # the town's paper
    with: {url: "https://example.org/feed.xml",   limit: 50}

  # Then choose.
  - skill: rank_items
    id: best
    with:
      items:   "${{ steps.read.items }}"
      topic: >-
        harbour
        news
  - {id: none, if: "${{ size(steps.best.items) == 0 }}", stop: nothing}
expect: [ "${{ size(steps.best.items) > 0 }}" ]   # one line
"""


def lines_of(text: str) -> set[str]:
    return set(text.splitlines())


EDITS: list[tuple[str, Any, tuple[Any, ...], set[str], set[str]]] = [
    ("set", 20, ("steps", 0, "with", "limit"),
     {'    with: {url: "https://example.org/feed.xml",   limit: 50}'},
     {'    with: {url: "https://example.org/feed.xml",   limit: 20}'}),
    ("set", "30s", ("steps", 1, "timeout"), set(), {"    timeout: 30s"}),
    ("set", "tide", ("steps", 1, "with", "topic"),
     {"      topic: >-", "        harbour", "        news"}, {"      topic: tide"}),
    ("set", "Read: all", ("title",), set(), {'title: "Read: all"'}),
    ("set", {"attempts": 3}, ("steps", 0, "retry"), set(), {"    retry: {attempts: 3}"}),
    ("set", "${{ inputs.topic }}", ("inputs", "topic", "title"),
     {"inputs: {topic: {type: string,  default: 'sea'}}"},
     {"inputs: {topic: {type: string,  default: 'sea', title: \"${{ inputs.topic }}\"}}"}),
    ("remove", None, ("steps", 0), {"  # Read first.", "  - id: read", "    skill: fetch_feed   # the town's paper",
                                  '    with: {url: "https://example.org/feed.xml",   limit: 50}'}, set()),
    ("remove", None, ("steps", 1, "skill"), {"  - skill: rank_items", "    id: best"}, {"  - id: best"}),
    ("remove", None, ("steps", 1, "with", "items"), {'      items:   "${{ steps.read.items }}"'}, set()),
    ("remove", None, ("expect",), {'expect: [ "${{ size(steps.best.items) > 0 }}" ]   # one line'}, set()),
    ("remove", None, ("steps", 0, "with", "url"),
     {'    with: {url: "https://example.org/feed.xml",   limit: 50}'}, {"    with: {limit: 50}"}),
]  # fmt: skip


@pytest.mark.parametrize(("how", "value", "place", "gone", "new"), EDITS)
def test_an_edit_changes_its_own_lines_and_no_other(
    how: str, value: Any, place: tuple[Any, ...], gone: set[str], new: set[str]
):
    job = EditableJob(FILE)
    job.set(place, value) if how == "set" else job.remove(place)
    assert lines_of(FILE) - lines_of(job.text) == gone
    assert lines_of(job.text) - lines_of(FILE) == new


def test_a_step_is_put_between_two_others_above_their_comments():
    job = EditableJob(FILE)
    job.insert(("steps",), 1, {"id": "more", "skill": "web_search", "with": {"query": "harbour"}})
    assert job.text == FILE.replace(
        "  # Then choose.\n",
        "  - id: more\n    skill: web_search\n    with: {query: harbour}\n  # Then choose.\n",
    )


def test_a_step_is_put_at_the_end():
    job = EditableJob(FILE)
    job.insert(("steps",), 3, {"id": "last", "stop": "done"})
    assert job.text == FILE.replace("expect:", "  - id: last\n    stop: done\nexpect:")


def test_an_edit_may_be_undone_by_its_opposite():
    job = EditableJob(FILE)
    job.set(("steps", 0, "with", "limit"), 20)
    job.set(("steps", 0, "with", "limit"), 50)
    job.set(("budget",), {"seconds": 60})
    job.remove(("budget",))
    assert job.text == FILE


def test_a_step_is_found_by_its_path():
    job = EditableJob(FILE)
    assert job.place_of("best") == ("steps", 1)
    assert job.get(("steps", 1, "id")) == "best"
    with pytest.raises(TargetUnresolved) as caught:
        job.place_of("bset")
    assert caught.value.hint == "There is: read, best, none."


@pytest.mark.parametrize(
    "place", [("steps", 9, "id"), ("nowhere", "x"), ("job", "x"), ("steps", "x")]
)
def test_a_place_that_is_not_there_is_refused_and_nothing_changes(place: tuple[Any, ...]):
    job = EditableJob(FILE)
    with pytest.raises(TargetUnresolved):
        job.set(place, 1)
    with pytest.raises(TargetUnresolved):
        job.remove(place)
    assert job.text == FILE


def test_a_text_that_is_no_yaml_cannot_be_edited():
    with pytest.raises(JobInvalid):
        EditableJob("a: [")


def places(data: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    pairs = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    return [p for key, inner in pairs for p in ((*place, key), *places(inner, (*place, key)))]


values = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=12) | st.sampled_from(
        ["${{ inputs.n }}", "two\nlines", "yes", "0 7 * * *", "#no", "a: b", "- a", " padded ", "'", '"', "x" * 100, "\n", "é✓"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b-c", "d e", "on", "1"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(jobs(deepest=1), st.data())
@settings(max_examples=80, deadline=None)
def test_any_edits_of_any_job_give_exactly_the_data_that_was_meant(
    data: dict[str, Any], draws: st.DataObject
):
    job = EditableJob("# kept\n" + dump(data))
    wanted = copy.deepcopy(data)
    for _ in range(4):
        place = draws.draw(st.sampled_from(places(wanted)))
        owner = EditableJob.get(job, place[:-1])
        mirror = wanted
        for part in place[:-1]:
            mirror = mirror[part]
        how = draws.draw(st.sampled_from(["set", "add", "remove", "insert"]))
        value = draws.draw(values)
        if how == "set":
            job.set(place, value)
            mirror[place[-1]] = value
        elif how == "add" and isinstance(owner, dict):
            job.set((*place[:-1], "fresh"), value)
            mirror["fresh"] = value
        elif how == "insert" and isinstance(owner, list):
            job.insert(place[:-1], place[-1], value)
            mirror.insert(place[-1], value)
        elif how == "remove" and len(place) > 1:
            job.remove(place)
            del mirror[place[-1]]
        assert job.data == wanted
        assert job.text.startswith("# kept\n")
