"""What a model is to do, by the words that put it to the model."""

from __future__ import annotations

import pytest

from assistant.builder.evidence import evidence
from assistant.builder.prompts_told import prompt_of
from assistant.builder.texts_said import clause_of_model, saying


@pytest.mark.parametrize(
    ("said", "prompt"),
    [
        ("whatever <api1> answers goes to the model, which is to say in plain words which lines are affected. Tell <chan1>",
         "say in plain words which lines are affected"),
        ("<when1> the model tells me on which days there are nuts in something, in the <chan1> channel please",
         "tells me on which days there are nuts in something"),
        ("The model should then say what people complain about most. Result to <mail1>", "say what people complain about most"),
        ("Then <model1> drafts a column out of them, about <num2> words", "drafts a column out of them, about <num2> words"),
        ("Have <model1> write a polite reminder from that, <num1> sentences or so, in Dutch. That goes to <mail1>",
         "write a polite reminder from that, <num1> sentences or so, in Dutch"),
        ("<api1> -> model: is the pass open, yes or no? -> <chan1> channel", "is the pass open, yes or no"),
        ("read <page1> and have the model list the dates, then mail it to <mail1>", "list the dates"),
        ("the model can check the figures and it goes to <mail1>", "check the figures"),
    ],
)  # fmt: skip
def test_a_model_is_told_what_stands_behind_it(said: str, prompt: str) -> None:
    assert saying("prompt", said) == prompt
    assert "ask_model" in evidence(said).sure


@pytest.mark.parametrize(
    ("said", "clause"),
    [
        ("I'd like (a) the list at <page1>, (b) a word from the model on each, why we should bid, (c) all that at <mail1>.",
         "b) a word from the model on each, why we should bid"),
        ("Save it. A verdict by the model goes to <mail1>", "A verdict by the model"),
    ],
)  # fmt: skip
def test_a_model_that_is_only_named_gets_its_sentence(said: str, clause: str) -> None:
    assert clause_of_model(said) == clause


@pytest.mark.parametrize(
    "said", ["3 sentences each, <model1> does the writing", "sum it up, the model does that"]
)
def test_a_model_that_only_sums_up_is_no_step_of_its_own(said: str) -> None:
    assert "ask_model" not in evidence(f"read <feed1>, summarize it, {said}").sure


def test_where_an_answer_goes_is_no_part_of_the_task() -> None:
    said = "GET <page1>, then the model makes a record of it with name and shift, and that goes back as a POST to <page2>"

    assert prompt_of(said, alone=False) == "makes a record of it with name and shift"
