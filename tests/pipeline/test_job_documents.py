"""Reading job files: what is refused, with the place and the cure, and what text becomes what data."""

from __future__ import annotations

import json
import time
import tracemalloc
from pathlib import Path

import pytest

from assistant.errors import JobInvalid
from assistant.pipeline.document import LARGEST, Mark, read_document
from assistant.pipeline.loader import load, read_loosely


def told(text: str) -> list[tuple[int, str]]:
    return [(p.line, f"{p.message}. {p.hint}".strip()) for p in read_document(text).problems]


def test_plain_texts_become_data_by_yaml_1_2():
    text = """
a: [yes, off, "on", 07:30, 2026-03-02, 1_000, 0x1F, 0o17, 007, 1e3, .5, -2.5, ~, null, true, TRUE, 'x', '', no text]
b: |
  two
  lines
c: >-
  folded
  line
d:
"""
    assert read_document(text).data == {
        "a": ["yes", "off", "on", "07:30", "2026-03-02", "1_000", 31, 15, 7, 1000.0, 0.5, -2.5,
              None, None, True, True, "x", "", "no text"],
        "b": "two\nlines\n",
        "c": "folded line",
        "d": None,
    }  # fmt: skip


def test_every_value_and_key_knows_its_line_and_column():
    document = read_document("job: x\nsteps:\n  - id: a\n    with: {url: 'u', limit: 5}\n")
    assert document.mark(("steps", 0, "with", "limit")) == Mark(4, 29)
    assert document.mark(("steps", 0, "with", "limit"), key=True) == Mark(4, 22)
    assert document.mark(("steps", 0, "with", "nothing")) == Mark(4, 5)
    assert document.mark(("nowhere",)) == Mark(1, 1)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("a: 1\na: 2\nb: {c: 1, c: 2}", [(2, "'a' stands twice; first in line 1. Keep one of them."),
                                          (3, "'c' stands twice; first in line 3. Keep one of them.")]),
        ("a:\n\t- b", [(2, "a tab stands where YAML wants spaces. Indent with two spaces.")]),
        ("a: &x [1]\nb: *x", [(1, "'&x' is an anchor; job files have none. Leave it out."),
                              (2, "'*x' is an alias; job files have none. Write the value out.")]),
        ("a: !!python/object:os.system {}", [(1, "'tag:yaml.org,2002:python/object:os.system' is a tag; job files have none. Leave it out.")]),
        ("a: !include x.yaml", [(1, "'!include' is a tag; job files have none. Leave it out.")]),
        ("a: 1\n---\nb: 2", [(2, "a second document begins here. Keep one job in one file.")]),
        ("1: x\ntrue: y", [(1, "the key '1' is no text. Write \"1\"."), (2, "the key 'true' is no text. Write \"true\".")]),
        ("{[1]: x}", [(1, "a key is a text, not a list or mapping. Put it into quotes.")]),
        ("a: .inf\nb: .nan", [(1, ".inf is no number that JSON knows. Write a plain number."),
                              (2, ".nan is no number that JSON knows. Write a plain number.")]),
        ("a: b: c", [(1, "a colon stands where none can. Put the text into quotes, or mend the indentation.")]),
        ("a: 'b", [(1, "a quotation mark is not closed. End the text with the mark it began with.")]),
        ("a: [1, 2\nb: 3", [(2, "a bracket is not closed, or a comma is missing. Close it, or add the comma.")]),
        ("a: @b", [(1, "character '@' cannot begin a value. Put the text into quotes.")]),
        ("a:\n  b: 1\n c: 2", [(3, "the indentation does not fit what stands before. Align the keys of one block.")]),
        ("a: {b: ${{ c }}}", [(1, "${{ … }} stands in a mapping without quotes. Write \"${{ … }}\", in quotes.")]),
    ],
)  # fmt: skip
def test_what_a_job_file_has_no_use_for_is_refused_where_it_stands(
    text: str, problems: list[tuple[int, str]]
):
    assert told(text) == problems


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(20)
)
HUGE = {
    "ten megabytes": "a: " + "x" * 10_000_000,
    "an alias bomb": BOMB,
    "an alias of itself": "a: &a [*a]",
    "deep brackets": "a: " + "[" * 300_000,
    "deep braces": "{a: " * 100_000,
    "deep blocks": "".join("  " * i + "a:\n" for i in range(600)),
    "deep dashes": "- " * 300_000,
    "many values": "- a\n" * 240_000,
    "many keys": "".join(f"k{i}: 1\n" for i in range(60_000)),
    "many questions": "? " * 300_000,
    "many anchors": "&a " * 200_000,
    "many colons": "a" + ": a" * 200_000,
    "a number of many digits": "a: " + "9" * 5_000,
    "a zero byte": "a: \x00",
    "half a character": "a: \ud800",
    "not text": "\x7fELF\x01\x02",
}


@pytest.mark.parametrize("name", HUGE)
def test_a_hostile_file_is_refused_quickly_and_in_little_memory(name: str):
    started = time.process_time()
    with pytest.raises(JobInvalid) as caught:
        load(HUGE[name])
    seconds = time.process_time() - started
    assert caught.value.code == "job_invalid_spec"
    assert caught.value.problems[0].line >= 1
    assert len(str(caught.value)) < 20_000

    tracemalloc.start()
    document = read_document(HUGE[name])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert document.problems
    assert (seconds < 3, peak < 64 * 1024 * 1024) == (True, True), (
        f"{seconds:.1f} s, {peak:,} bytes"
    )


def test_a_file_of_the_largest_size_is_still_read():
    text = "job: x\nsteps: [{stop: now}]\ntitle: '" + "x" * (LARGEST - 100) + "'\n"
    assert len(load(text).job.title) == LARGEST - 100


@pytest.mark.external
def test_the_yaml_test_suite_is_read_as_written_or_refused_with_a_line(shared_data: Path):
    lines = (shared_data / "yaml_suite" / "cases.jsonl").read_text("utf-8").splitlines()
    wrong: list[str] = []
    taken = 0
    for case in map(json.loads, lines):
        document = read_document(case["yaml"])
        assert all(p.line >= 1 and p.message for p in document.problems)
        if document.problems:
            continue
        taken += 1
        if case["must_fail"] or (case["json"] and document.data != json.loads(case["json"])):
            wrong.append(case["id"])
    # The parser takes `[-, -]` and a comment right after a quoted text; nothing is lost by it.
    assert wrong == ["G5U8", "SU5Z"]
    assert taken > 30


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n", "~"])
def test_an_empty_file_is_told_how_to_begin(text: str):
    with pytest.raises(JobInvalid) as caught:
        load(text)
    assert (
        str(caught.value)
        == "job.yaml, line 1: the file is empty. Begin with `job: a-name` and `steps:`."
    )


@pytest.mark.parametrize("text", ["5", "- a\n- b", "just text"])
def test_a_file_that_is_no_mapping_is_refused(text: str):
    with pytest.raises(JobInvalid) as caught:
        load(text)
    assert caught.value.problems[0].message.startswith(
        "a job file is a mapping of keys to values, not "
    )


def test_what_could_be_read_is_there_beside_the_problems():
    loaded = read_loosely("job: x\nsteps:\n  - {id: a, skill: fetch_feed}\n  - {skil: b}\n")
    assert [step.id for step in loaded.job.steps] == ["a"]
    assert [str(p) for p in loaded.problems] == [
        "line 4: this step does not say what it does. Did you mean 'skill' for 'skil'?"
    ]
