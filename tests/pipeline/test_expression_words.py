"""What people read of a step is words: no expression is shown as it stands in the file."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from assistant.pipeline.expression_words import in_words
from assistant.pipeline.expressions import compile_expression
from assistant.pipeline.functions import FUNCTIONS
from assistant.pipeline.loader import load
from assistant.pipeline.words import job_words, value_words, with_defaults
from assistant.settings import PROJECT

TOLD = {
    "steps.best.items": "items of step best",
    "inputs.topic": "the input topic",
    "story.title": "title of story",
    "size(steps.best.items) == 0": "there are no items of step best",
    "size(steps.best.items) > 0": "there are items of step best",
    "size(steps.best.items) >= 3": "there are at least 3 items of step best",
    "size(steps.page.text) == 0": "text of step page is empty",
    "size(inputs.word) > 7": "the number of the input word is more than 7",
    "steps.ask.count == 0": "count of step ask is 0",
    "tries < 3": "tries is less than 3",
    "1 < tries <= 3": "1 is less than tries and tries is at most 3",
    "vars.kind == 'news' and not contains(steps.read.text, 'draft')": "kind is “news” and text of step read does not contain “draft”",
    "not steps.best.items": "there is no items of step best",
    "inputs.topic if inputs.topic else 'news'": "the input topic, or “news” where there is none",
    "join(vars.down, ', ')": "down, one after the other",
    "join([i.title + ': ' + i.summary for i in steps.best.items], '\\n')": "title and summary of each of items of step best, each on its own line",
    "[c.address for c in steps.check.items if c.status < 200 or c.status >= 400]": "address of each of items of step check, where status of it is less than 200 or status of it is at least 400",
    "[i for i in steps.read.items]": "items of step read",
    "format_date(now(), '%e %B %Y')": "the date of the run",
    "format_date(steps.read.at, '%H:%M')": "the time of at of step read",
    "default(steps.call.response.status, 0)": "response.status of step call",
    "default(inputs.name, 'Jo')": "the input name, or “Jo” where there is none",
    "slice(steps.best.items, 0, 3)": "the first 3 of items of step best",
    "sort(steps.new.items, by='published')": "items of step new in order of published",
    "steps.read.items[0].title": "title of the first of items of step read",
    "steps.read['odd key']": "odd key of read",
    "tries + 1": "tries plus 1",
    "upper(inputs.topic) + '!'": "the input topic in capitals",
    "{i.title: size(i.tags) for i in steps.read.items}": "a value made of title of i, tags of i and items of step read",
}  # fmt: skip


@pytest.mark.parametrize(("expression", "told"), TOLD.items())
def test_an_expression_is_told_in_words(expression: str, told: str):
    assert in_words(compile_expression(expression).tree) == told


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_has_words_however_its_arguments_are_given(name: str):
    for arguments in ("", "inputs.a", "inputs.a, 'b'", "inputs.a, 'b', 'c'", "value=inputs.a"):
        told = in_words(ast.parse(f"{name}({arguments})", mode="eval").body)
        assert not re.search(r"[(){}\[\]]|inputs\.", told), told


@pytest.mark.parametrize("path", sorted((PROJECT / "data" / "templates").glob("*.yaml")), ids=lambda path: path.stem)  # fmt: skip
def test_no_step_of_a_template_shows_an_expression(path: Path):
    for where, sentence in job_words(load(path.read_text(encoding="utf-8")).job):
        assert not re.search(r"\b[a-z_]+\(\S|==|\[i |\$\{\{", sentence), (where, sentence)


def test_inside_a_text_what_is_worked_out_is_marked_off_and_a_plain_value_is_not():
    assert value_words("Send ${{ size(steps.best.items) }} of ${{ inputs.topic }}") == (
        "Send [the number of items of step best] of the input topic"
    )


def test_inputs_of_a_sentence_are_shown_with_their_defaults() -> None:
    inputs = {
        "to": {"default": "jo@example.org"},
        "limit": {"default": 8},
        "topic": {"default": ""},
    }
    told = "Keep the best the input limit items about “the input topic” for the input to, not the input other."
    assert with_defaults(told, inputs) == (
        "Keep the best [limit: 8] items about “[topic]” for [to: jo@example.org], not the input other."
    )
    assert with_defaults("“The week in [the input topic, or “news”]”", inputs) == (
        "“The week in [topic, or “news”]”"
    )


def test_a_span_and_paragraphs_of_a_text_are_told_in_words() -> None:
    assert value_words("${{ inputs.days }}d") == "the input days days"
    assert value_words("write a note\n\n${{ steps.call.response.text }}") == (
        "write a note; response.text of step call"
    )
