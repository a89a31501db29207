"""What was said stays, is found again, and is given to a model so that it always fits."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import ModelUnavailable, TargetUnresolved
from assistant.job import summary
from assistant.job.measure import OVERHEAD, cut, summary_threshold, tokens_of
from assistant.job.prompt import assemble
from assistant.job.summary import SECTIONS, summarise
from assistant.models.doubles import ScriptedModel
from assistant.models.protocol import Message
from assistant.store.jobs import Interaction
from tests.job.conftest import Desk


def spoken(*texts: str, kind: str = "prompt", begin: int = 1) -> list[Interaction]:
    return [Interaction(n, "j", "", kind, "person", text) for n, text in enumerate(texts, begin)]


def block(text: str, upto: int, number: int) -> Interaction:
    return Interaction(number, "j", "2026-03-02", "summary", "system", text, {"upto": upto})


def texts_of(messages: tuple[Message, ...]) -> list[str]:
    return [message.text for message in messages]


# What the store keeps


def test_what_was_said_cannot_be_changed_only_answered_once(desk: Desk) -> None:
    job = desk.jobs.create("digest")
    asked = desk.jobs.add_interaction(job.id, "question", "assistant", "Which one?")
    with pytest.raises(sqlite3.IntegrityError, match="stays as it was said"):
        desk.jobs.store.run("update interactions set text = 'x' where id = ?", asked.id)
    desk.jobs.said.answer(asked.id, "the first")
    with pytest.raises(TargetUnresolved, match="answered already: 'the first'"):
        desk.jobs.said.answer(asked.id, "the second")
    with pytest.raises(sqlite3.IntegrityError, match="stays as it was said"):
        desk.jobs.store.run("update interactions set answer = 'x' where id = ?", asked.id)
    [kept] = desk.jobs.interactions(job.id)
    assert (kept.text, kept.answer) == ("Which one?", "the first")


def test_the_originals_are_found_by_their_words_and_by_those_of_their_answers(desk: Desk) -> None:
    job, other = desk.jobs.create("digest"), desk.jobs.create("other")
    desk.jobs.add_interaction(job.id, "prompt", "person", "Write about solid batteries")
    asked = desk.jobs.add_interaction(job.id, "question", "assistant", "In which tone?")
    desk.jobs.said.answer(asked.id, "cheerful, like a café conversation")
    desk.jobs.add_interaction(other.id, "prompt", "person", "A battery of tests")
    said = desk.jobs.said
    assert {f.interaction.job_id for f in said.search("battery")} == {other.id, job.id}
    assert [f.excerpt for f in said.search("cafe", job_id=job.id)] == [
        "cheerful, like a [café] conversation"
    ]
    assert said.search("battery tests", job_id=job.id) == []
    for hostile in ('" OR 1', "NEAR(", "a*", "col:x", ") (", "", "🙂"):
        assert isinstance(said.search(hostile), list)


# Strategies


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("all", ["about fish soup", "about trains", "fish soup again", "ok", "right"]),
        ("last", ["3 earlier messages are left out.", "ok", "right"]),
        (
            "summarised",
            ["2 earlier messages are summarised below; the words are left out.", "the gist",
             "fish soup again", "ok", "right"],
        ),
    ],
)  # fmt: skip
def test_each_strategy_gives_its_own_view(strategy: str, expected: list[str]) -> None:
    said = [*spoken("about fish soup", "about trains", "fish soup again"), block("the gist", 2, 4),
            *spoken("ok", "right", begin=5)]  # fmt: skip
    view = assemble(said, tokens=2000, strategy=strategy, last=2)  # type: ignore[arg-type]
    assert texts_of(view.messages) == expected


def test_by_topic_keeps_what_shares_words_with_the_newest_and_the_newest_few() -> None:
    said = spoken(
        "trains to Rome", "boil the fish soup slowly", "buses", "one", "two", "the fish soup, now",
    )  # fmt: skip
    view = assemble(said, tokens=2000, strategy="topic")
    assert texts_of(view.messages) == [
        "1 earlier message is left out.", "boil the fish soup slowly", "buses", "one", "two",
        "the fish soup, now",
    ]  # fmt: skip


def test_a_question_is_read_with_its_kind_options_and_answer() -> None:
    asked = Interaction(
        1, "j", "", "question", "assistant", "Which one?",
        {"asks": "CLARIFY", "options": ["this", "that"], "about": ""}, answer="that",
    )  # fmt: skip
    assert texts_of(assemble([asked], tokens=500).messages) == [
        "[CLARIFY] Which one? | this | that\nThe person answered: that"
    ]


def test_an_answer_that_came_after_the_summary_is_still_read() -> None:
    asked = Interaction(
        1, "j", "2026-03-01", "question", "assistant", "Which?", {"asks": "CLARIFY"},
        answer="that", answered_at="2026-03-03",
    )  # fmt: skip
    said = [asked, *spoken("more", begin=2), block("gist", 2, 3)]
    assert texts_of(assemble(said, tokens=500).messages)[-1].endswith("The person answered: that")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.text(max_size=400), max_size=30),
    st.integers(150, 3000),
    st.sampled_from(["all", "last", "topic", "summarised"]),
    st.booleans(),
)
def test_the_view_always_fits_and_accounts_for_every_message(
    said: list[str], tokens: int, strategy: str, summarised: bool
) -> None:
    rows = spoken(*said)
    if summarised and rows:
        rows.insert(len(rows) // 2, block("gist " * 200, len(rows) // 2, len(rows) + 1))
    view = assemble(rows, tokens=tokens, strategy=strategy)  # type: ignore[arg-type]
    assert sum(tokens_of(m.text) + OVERHEAD for m in view.messages) <= tokens
    told = [m for m in view.messages if m.role == "system"]
    assert len(view.messages) - len(told) + view.left_out == len([t for t in said if t])
    assert bool(view.left_out) == any("left out" in m.text for m in told)


def test_a_text_is_cut_at_the_tokens_it_may_have() -> None:
    assert cut("short", 10) == "short"
    assert tokens_of(cut("battery " * 500, 50)) <= 50
    assert tokens_of("日本") == 6
    assert [summary_threshold(n, 500) for n in (4096, 8192, 200_000)] == [500, 500, 12207]


# Summaries


async def test_old_parts_become_a_block_of_five_sections_in_the_view_never_in_the_store(
    desk: Desk,
) -> None:
    job = desk.jobs.create("soup")
    add = desk.jobs.add_interaction
    add(job.id, "prompt", "person", "Write a post about fish soup. It must never mention cream.")
    asked = add(job.id, "question", "assistant", "How long?", {"asks": "CLARIFY", "options": []})
    desk.jobs.said.answer(asked.id, "400 words")
    add(job.id, "decision", "person", "Approved version 1.")
    add(job.id, "question", "assistant", "Which photo?", {"asks": "CLARIFY", "options": []})
    add(job.id, "result", "assistant", "soup.md, 2,100 bytes")
    for n in range(60):
        add(job.id, "answer", "assistant", f"Paragraph {n} speaks of the harbour and its cooks.")
    add(job.id, "prompt", "person", "And now the ending")
    before = desk.jobs.interactions(job.id)

    made = await summarise(desk.jobs.said, job.id, context=8192, at_8192=500, model=None)
    assert made is not None
    sections = made.data["sections"]
    assert list(sections) == list(SECTIONS)
    assert sections["goal"] == ["Write a post about fish soup."]
    assert sections["decisions"] == [
        "[CLARIFY] How long? The person answered: 400 words", "Approved version 1.",
    ]  # fmt: skip
    assert sections["constraints"] == ["It must never mention cream."]
    assert sections["open questions"] == ["[CLARIFY] Which photo?"]
    assert desk.jobs.interactions(job.id)[:-1] == before
    view = assemble(desk.jobs.interactions(job.id), tokens=2000)
    assert view.messages[0].text.startswith("64 earlier messages are summarised below")
    assert texts_of(view.messages)[-1] == "And now the ending"
    assert view.left_out == view.summarised == 64
    assert desk.jobs.said.search("cream", job_id=job.id)
    # Nothing new was said: nothing is due.
    assert await summarise(desk.jobs.said, job.id, context=8192, at_8192=500, model=None) is None


async def test_the_next_block_carries_the_one_before_on(desk: Desk) -> None:
    job = desk.jobs.create("soup")
    desk.jobs.add_interaction(job.id, "prompt", "person", "Write a post. It must be short.")
    for n in range(200):
        desk.jobs.add_interaction(job.id, "answer", "assistant", f"Step {n} of the recipe is done.")
        await summarise(desk.jobs.said, job.id, context=8192, at_8192=500, model=None)
    blocks = [i for i in desk.jobs.interactions(job.id) if i.kind == "summary"]
    assert len(blocks) >= 3
    for one in blocks:
        assert one.data["sections"]["goal"] == ["Write a post."]
        assert one.data["sections"]["constraints"] == ["It must be short."]
        assert tokens_of(one.text) <= 500


async def test_a_capable_model_writes_the_block_and_a_failing_one_is_no_trouble(desk: Desk) -> None:
    job = desk.jobs.create("soup")
    for n in range(80):
        desk.jobs.add_interaction(job.id, "prompt", "person", f"Say more about fish number {n}.")
    record = {"goal": ["Soup"], "decisions": [], "constraints": ["no cream"],
              "facts_and_files": [], "open_questions": []}  # fmt: skip
    gone = ModelUnavailable("gone")
    for model, by in ((ScriptedModel(gone), "code"), (ScriptedModel(record), "scripted")):
        work = summary.due(desk.jobs.interactions(job.id), context=8192, at_8192=500)
        assert work is not None
        made = await summarise(desk.jobs.said, job.id, context=8192, at_8192=500, model=model)
        assert made is not None
        assert made.data["by"] == by
        for n in range(60):
            desk.jobs.add_interaction(job.id, "prompt", "person", f"Again of fish {n}, please.")
    assert made.data["sections"]["constraints"] == ["no cream"]
