"""rank_items keeps what is about the topic, each story once, and says why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from assistant.clock import FixedClock, rfc3339
from assistant.demo import stories
from assistant.errors import BadArguments, ModelUnavailable
from assistant.models.doubles import OneModel, PuppetModel
from assistant.skills.calling import call
from assistant.skills.door import Skill
from assistant.skills.library import Library
from assistant.skills.stories import story_key


@pytest.fixture
def rank(library: Library) -> Skill:
    return library.get("rank_items")


def story(title: str, **facts: Any) -> dict[str, Any]:
    return {"title": title, "url": f"https://example.org/{title.replace(' ', '-')}"} | facts


def titles(output: dict[str, Any]) -> list[str]:
    return [item["title"] for item in output["items"]]


async def test_what_is_not_about_the_topic_is_left_out_and_told(rank: Skill, make_context) -> None:
    items = [story("Whales return"), story("AI safety law passes"), story("Safety of ladders")]
    out = await call(rank, {"items": items, "topic": "AI safety"}, make_context())
    assert titles(out) == ["AI safety law passes", "Safety of ladders"]
    assert out["warnings"] == ["1 item left out: not about 'AI safety'."]
    assert out["items"][0]["tags"] == ["why: title has ai, safety, undated"]


async def test_the_demo_newspaper_is_ranked_as_a_reader_would(
    rank: Skill, make_context, clock: FixedClock
) -> None:
    items = [
        story(
            s.title,
            summary=s.summary,
            text="\n".join(s.paragraphs),
            tags=[s.section],
            published=rfc3339(s.published),
        )
        for s in stories(clock.now())
    ]
    out = await call(rank, {"items": items, "topic": "AI safety", "limit": 3}, make_context())
    assert titles(out)[0] == "Hospitals rehearse for the day the AI is wrong"
    assert all("AI" in item["tags"] for item in out["items"])
    garden = await call(rank, {"items": items, "topic": "gardening"}, make_context())
    assert all("Garden" in item["tags"] for item in garden["items"])


async def test_no_synonyms_are_invented(rank: Skill, make_context) -> None:
    items = [story("Car sales fall"), story("Automobile sales fall")]
    assert titles(await call(rank, {"items": items, "topic": "cars"}, make_context())) == [
        "Car sales fall"
    ]


@pytest.mark.parametrize(
    ("topic", "title"),
    [
        ("batteries", "A battery for the village"),
        ("Café", "The cafe at the corner"),
        ("C++", "News of C++ compilers"),
        ("電池", "新しい電池の工場"),
        ("the news of whales", "Whales return"),
    ],
)
async def test_words_are_found_as_they_are_bent_and_spelled(
    rank: Skill, make_context, topic: str, title: str
) -> None:
    items = [story(title), story("Something else entirely")]
    assert titles(await call(rank, {"items": items, "topic": topic}, make_context())) == [title]


async def test_of_two_equal_stories_the_newer_one_comes_first(
    rank: Skill, make_context, clock: FixedClock
) -> None:
    old = rfc3339(clock.now() - timedelta(days=6))
    items = [
        story("Whales seen in the north", published=old),
        story("Whales heard in the south", published=rfc3339(clock.now())),
    ]
    out = await call(rank, {"items": items, "topic": "whales"}, make_context())
    assert titles(out) == ["Whales heard in the south", "Whales seen in the north"]
    assert [item["score"] for item in out["items"]] == [1.0, 0.737]


async def test_sources_take_turns(rank: Skill, make_context, clock: FixedClock) -> None:
    now = rfc3339(clock.now())
    items = [
        story(f"Whale {word} report", source="Daily", published=now)
        for word in ("north", "south", "east")
    ]
    items.append(story("Whale west report", source="Weekly", published=now))
    out = await call(rank, {"items": items, "topic": "whale", "limit": 2}, make_context())
    assert sorted(item["source"] for item in out["items"]) == ["Daily", "Weekly"]


async def test_two_reports_of_one_story_become_one_that_names_the_other(
    rank: Skill, make_context
) -> None:
    items = [
        story("Sodium-ion batteries go to sea on the ferry", source="Lantern"),
        story("Sodium-ion batteries go to the sea on ferry", source="Gazette"),
        story("Ferry prices rise in the new year again", source="Lantern"),
    ]
    out = await call(rank, {"items": items, "topic": "ferry"}, make_context())
    assert len(out["items"]) == 2
    merged = next(item for item in out["items"] if "Sodium" in item["title"])
    assert merged["tags"][0] == f"also: Gazette <{items[1]['url']}>"
    assert "1 item told the same story as another and were merged." in out["warnings"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Release notes for version 3.1 of the app", "Release notes for version 3.2 of the app"),
        ("Budget debate in parliament, part 1", "Budget debate in parliament, part 2"),
        ("Short note", "Short note!"),
    ],
)
async def test_stories_that_only_look_alike_stay_two(
    rank: Skill, make_context, first: str, second: str
) -> None:
    out = await call(rank, {"items": [story(first), story(second)]}, make_context())
    assert len(out["items"]) == 2


async def test_a_column_of_the_same_name_is_a_new_story_every_week(
    rank: Skill, make_context, clock: FixedClock
) -> None:
    items = [
        story(
            "Notes from the harbour this week",
            url=f"https://example.org/{n}",
            published=rfc3339(clock.now() - timedelta(days=7 * n)),
        )
        for n in range(3)
    ]
    assert len((await call(rank, {"items": items}, make_context()))["items"]) == 3


async def test_the_same_address_with_trackers_is_the_same_story(rank: Skill, make_context) -> None:
    items = [
        story("A", url="https://www.example.org/a/?utm_source=x&id=7#top"),
        story("A again, under another headline", url="http://example.org/a?id=7"),
    ]
    assert len((await call(rank, {"items": items}, make_context()))["items"]) == 1


async def test_since_drops_old_items_and_keeps_undated_ones_with_a_warning(
    rank: Skill, make_context, clock: FixedClock
) -> None:
    items = [
        story("New", published=rfc3339(clock.now() - timedelta(hours=3))),
        story("Old", published=rfc3339(clock.now() - timedelta(hours=30))),
        story("Undated"),
    ]
    out = await call(rank, {"items": items, "since": "24h"}, make_context())
    assert (titles(out), out["warnings"]) == (
        ["New", "Undated"],
        [
            "1 item without a date kept: their age is not known.",
            "1 item left out: older than asked for.",
        ],
    )


async def test_a_span_that_is_none_is_refused(rank: Skill, make_context) -> None:
    with pytest.raises(BadArguments, match="since"):
        await call(rank, {"items": [], "since": "yesterdayish"}, make_context())


async def test_a_letter_that_was_mailed_is_not_offered_again(
    library: Library, make_context
) -> None:
    items = [story("Whales return"), story("Whales leave")]
    one, two = items
    first = make_context(run_id="run-1")
    letter = await call(
        library.get("compile_newsletter"), {"items": [one], "title": "Whales"}, first
    )
    given = {"to": "jo@example.org", "newsletter": letter["newsletter"]}
    await call(library.get("send_email"), given, first)
    # The same run, going on after a crash, still sees its own stories.
    again = await call(library.get("rank_items"), {"items": items}, first)
    later = await call(library.get("rank_items"), {"items": items}, make_context(run_id="run-2"))
    other = await call(
        library.get("rank_items"), {"items": items}, make_context(run_id="r", job="")
    )
    assert sorted(titles(again)) == ["Whales leave", "Whales return"]
    assert titles(later) == [two["title"]]
    assert later["warnings"] == ["1 item left out: sent by an earlier run."]
    assert len(other["items"]) == 2


async def test_a_letter_that_could_not_be_mailed_loses_no_story(
    library: Library, make_context
) -> None:
    items = [story("Whales return")]
    mailed = make_context(run_id="run-0")
    old = await call(
        library.get("compile_newsletter"), {"items": [story("x")], "title": "T"}, mailed
    )
    await call(
        library.get("send_email"), {"to": "jo@example.org", "newsletter": old["newsletter"]}, mailed
    )
    failed = make_context(run_id="run-1")
    await call(library.get("compile_newsletter"), {"items": items, "title": "T"}, failed)
    later = await call(library.get("rank_items"), {"items": items}, make_context(run_id="run-2"))
    assert titles(later) == ["Whales return"]


async def test_a_job_that_only_compiles_does_not_repeat_itself(
    library: Library, make_context
) -> None:
    items = [story("Whales return")]
    await call(library.get("compile_newsletter"), {"items": items, "title": "T"}, make_context())
    later = await call(library.get("rank_items"), {"items": items}, make_context(run_id="run-2"))
    assert titles(later) == []


class Meaning(PuppetModel):
    """Knows that whales and cetaceans are near each other, and nothing else."""

    def __init__(self) -> None:
        super().__init__(lambda asked: "")

    async def embed(self, texts: Any) -> list[list[float]]:
        near = ("whale", "cetacean")
        return [[1.0, 0.0] if any(n in t.lower() for n in near) else [0.0, 1.0] for t in texts]


class WithoutMeaning(PuppetModel):
    async def embed(self, texts: Any) -> list[list[float]]:
        raise ModelUnavailable("this model gives no vectors")


async def test_an_embedding_model_finds_what_words_do_not(rank: Skill, make_context) -> None:
    items = [story("Cetaceans return"), story("Ladders fall")]
    context = make_context(models=OneModel(Meaning()), change={"embedding_model": "small"})
    out = await call(rank, {"items": items, "topic": "whales"}, context)
    assert titles(out) == ["Cetaceans return"]
    assert out["items"][0]["tags"] == ["why: near in meaning (1.00), undated"]


async def test_without_vectors_words_decide_and_it_is_said(rank: Skill, make_context) -> None:
    items = [story("Whales return"), story("Ladders fall")]
    models = OneModel(WithoutMeaning(lambda asked: ""))
    context = make_context(models=models, change={"embedding_model": "small"})
    out = await call(rank, {"items": items, "topic": "whales"}, context)
    assert titles(out) == ["Whales return"]
    assert out["warnings"][0] == "Ranked by words only: this model gives no vectors"


async def test_no_items_are_no_trouble(rank: Skill, make_context) -> None:
    out = await call(rank, {"items": [], "topic": "whales"}, make_context())
    assert out == {"items": [], "warnings": []}


async def test_many_items_are_ranked_in_good_time(rank: Skill, make_context) -> None:
    items = [
        story(f"Story number {n} about whales and the sea", text="words " * 200)
        for n in range(1000)
    ]
    out = await call(
        rank, {"items": items, "topic": "whales", "limit": 10}, make_context(), timeout=60
    )
    assert len(out["items"]) == 10


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.example.org/a/", "example.org/a"),
        ("http://example.org/a?b=2&a=1&utm_medium=x", "example.org/a?a=1&b=2"),
        ("https://example.org/a#part", "example.org/a"),
        ("", "the title"),
        ("no address", "the title"),
        ("http://[broken", "the title"),
    ],
)
def test_a_story_is_known_by_its_address_or_its_title(url: str, key: str) -> None:
    assert story_key(url, "The  Title") == key
