"""The generator: the same seed tells the same, and every answer fits the question's own schema."""

import json
import random
import re
from itertools import islice
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from assistant.builder import tasks
from assistant.builder.wordings import SAYINGS, SUBJECTS
from training import shards
from training.catalogue import FIELDS, OURS, catalogue
from training.conversion import messages
from training.grammar import Grammar
from training.samples import LANGUAGES, grammar, known, unwrap, wrap

SYSTEM, USER, ASSISTANT = "system", "user", "assistant"


def some(seed: int, count: int):
    """Questions with their right answers, of every kind and language."""
    rng = random.Random(seed)
    made = []
    while len(made) < count:
        found = shards.questions(rng, catalogue(rng), shards.samples(rng))
        made += islice(found, min(25, count - len(made)))
    return made


def without_spans(schema):
    """A schema for a validator: runs of words become a pattern-free string."""
    return json.loads(json.dumps(schema))


def runs_of(schema, text):
    """Every string that must be a run of words of the request is one."""
    return " ".join(text.split()) in " ".join(schema["x-spans"].split())


def test_the_same_seed_makes_the_same_requests_and_another_seed_makes_others():
    first, again, other = ([messages(q, d) for q, d in some(seed, 40)] for seed in (11, 11, 12))
    assert first == again
    assert first != other


def test_every_right_answer_fits_the_schema_that_the_product_decodes_under():
    for question, right in some(3, 300):
        outline = without_spans(tasks.outline_schema(question))
        assert not [e.message for e in Draft202012Validator(outline).iter_errors(right.outline)]
        if right.outline["kind"] == "edit":
            edits = without_spans(tasks.edits_schema(question))
            told = {"edits": list(right.edits)}
            assert not [e.message for e in Draft202012Validator(edits).iter_errors(told)]
            turns = tasks.edit_turns(question, right.edits)
            count = len(question.focus.steps) if question.focus else 0
        elif right.outline["kind"] in ("call", "job"):
            turns = tasks.fill_turns(question, right.outline)
            count = len(right.outline.get("steps", ()))
        else:
            assert right.fills == ()
            continue
        assert len(turns) == len(right.fills)
        for (_, fields), values in zip(turns, right.fills, strict=True):
            schema = without_spans(tasks.fill_schema(question, fields, count))
            # Topics and sayings are offered whole when decoding; that they are the request's own
            # words is the next test's matter.
            exact = {k: v for k, v in values.items() if k not in SUBJECTS | SAYINGS}
            assert not [e.message for e in Draft202012Validator(schema).iter_errors(exact)]


def test_a_text_value_is_a_run_of_words_of_the_marked_request():
    for question, right in some(5, 200):
        if right.outline["kind"] not in ("call", "job"):
            continue
        for (_, fields), values in zip(
            tasks.fill_turns(question, right.outline), right.fills, strict=True
        ):
            for field in fields:
                told = values.get(field.name) if field.kind == "text" else None
                for text in told if isinstance(told, list) else [told] if told else []:
                    assert runs_of({"x-spans": question.text}, text), (text, question.text)


def test_answers_are_written_in_the_one_json_style():
    for question, right in some(7, 60):
        for role, text in messages(question, right):
            if role == ASSISTANT:
                assert text == json.dumps(json.loads(text), ensure_ascii=False)


def test_dialogues_begin_with_the_products_own_system_text():
    question, right = some(9, 1)[0]
    told = messages(question, right)
    assert told[0] == (SYSTEM, tasks.system().text)
    assert [role for role, _ in told[1:3]] == [USER, ASSISTANT]


def test_a_grammar_gives_a_step_exactly_what_its_text_says():
    slots = {"rank.limit": "5", "rank.topic": "bees"}
    made = Grammar(
        {"X": ["rank :: keep [the best ]{rank.limit} about {rank.topic}"]}, lambda _, s: slots[s]
    ).say(random.Random(1), "X")
    assert made.text in ("keep 5 about bees", "keep the best 5 about bees")
    assert [(s.skill, s.args) for s in made.steps] == [
        ("rank_items", {"limit": "5", "topic": "bees"})
    ]


def test_an_optional_value_that_is_not_said_is_no_argument():
    one = Grammar({"X": ["rank? sum :: sum up[ the {rank.limit} best]"]}, lambda *_: "5")
    for seed in range(20):
        made = one.say(random.Random(seed), "X")
        assert [s.skill for s in made.steps] == (
            ["rank_items", "summarize_items"] if "best" in made.text else ["summarize_items"]
        )


def test_a_rule_with_an_open_bracket_is_refused():
    with pytest.raises(ValueError, match="open bracket"):
        Grammar({"X": ["news (of|from the world"]}, lambda *_: "")


def test_wrapped_values_are_found_again_where_they_stand():
    surface, _ = wrap("bees")
    text, spans = unwrap(f"all about {surface}, please")
    assert text == "all about bees, please"
    assert text[slice(*spans[-1])] == "bees"


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if known(lang)])
def test_every_rule_of_every_language_can_be_said(lang):
    rules = grammar(lang)
    for name in rules.rules:
        for seed in range(12):
            rules.say(random.Random(seed), name) if _stands_alone(rules, name) else None


def _stands_alone(rules: Grammar, name: str) -> bool:
    return all(order is not None for order, _, _ in rules.rules[name])


def test_the_first_words_about_our_skills_are_the_ones_the_product_uses(tmp_path, monkeypatch):
    from assistant.builder.candidates import Candidates
    from assistant.settings import Settings
    from assistant.skills.library import Library

    monkeypatch.setenv("ASSISTANT_HOME", str(tmp_path))
    offers = {o.name: o for o in Candidates(Library.open(Settings()).all()).offers}
    # A hidden copy is read by code alone: no prompt offers it to a model.
    told = {name: [f.name for f in offers[name].fields if f.name != "bcc"] for name in OURS}
    assert told == {name: [f.name for f in FIELDS[name]] for name in OURS}


def test_nothing_of_the_held_out_requests_is_among_the_rules(shared_data: Path):
    held = [
        json.loads(line)["request"].lower()
        for line in (shared_data / "requests" / "dev.jsonl").read_text("utf-8").splitlines()
    ]
    folder = Path(shards.__file__).parent
    written = " ".join(
        re.sub(r"[^\w ]+", " ", path.read_text("utf-8").lower()) for path in folder.rglob("*.py")
    )
    written = " ".join(written.split())
    for request in held:
        words = re.sub(r"[^\w ]+", " ", request).split()
        for at in range(len(words) - 7):
            assert " ".join(words[at : at + 8]) not in written
