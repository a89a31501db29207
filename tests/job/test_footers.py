"""What phases leave behind, in words that can be shown: footers, the review of them, what is learned."""

from __future__ import annotations

from assistant.job import completion, footers
from assistant.job.completing import Completer
from assistant.job.completion import Account
from assistant.job.condensing import Condenser
from assistant.job.guide import Guide
from assistant.settings import Settings
from assistant.store.interactions import Interaction
from assistant.store.runs import RunRepository
from tests.job.conftest import DIGEST, Desk

RAN = footers.ran("version 1", "succeeded", ["fetch feed: 5 items", "send email: sent"], ["a.html"])


def prompt(number: int, text: str, **facts: str) -> Interaction:
    return Interaction(number, "j", "", "prompt", "person", text, dict(facts))


def test_what_was_asked_is_the_last_prompt_that_is_work() -> None:
    said = [prompt(1, "Write about soup."), prompt(2, "thanks!", talk="thanks")]
    assert footers.asked(said) == "Asked: Write about soup."


def test_a_run_is_told_in_a_line() -> None:
    assert RAN == (
        "Version 1 ran and succeeded: fetch feed: 5 items; send email: sent (files: a.html)."
    )
    assert footers.is_of_run(RAN)
    assert footers.is_of_run(footers.ran("fish-soup", "failed", [], []))
    assert not footers.is_of_run("The captain ran and the boat left.")


def test_a_plan_is_told_by_its_steps_in_their_own_words(desk: Desk, settings: Settings) -> None:
    guide = Guide(desk.jobs, RunRepository(desk.jobs.store), settings, desk.clock)
    desk.lifecycle.guide = guide
    job = desk.jobs.create("digest")
    desk.lifecycle.approve(desk.lifecycle.propose(job.id, DIGEST).id)
    [told] = [m.data["footer"] for m in desk.jobs.said.of_kind(job.id, "phase") if m.data["footer"]]
    assert told == (
        "A digest is done like this: read https://example.org/feed.xml; lay them out as the"
        " newsletter “News”; mail the newsletter to the input to.\n"
        "It runs by itself: Every weekday at 07:00 (Europe/London)."
    )


async def test_what_runs_say_alike_is_filed_once_and_is_no_knowledge(
    desk: Desk, settings: Settings
) -> None:
    guide = Guide(desk.jobs, RunRepository(desk.jobs.store), settings, desk.clock)
    job = desk.jobs.create("soup")
    for _ in range(3):
        guide.enter(job.id, "execute", "on")
        guide.enter(job.id, "verify", "on", footer=f"{RAN}\nThe feed has 16 items.")
    guide.enter(job.id, "condense", "on")
    condensed = await Condenser(guide).condense(job.id)
    assert [(note.text, note.state) for note in condensed.notes] == [
        (RAN, "dropped"),
        ("The feed has 16 items.", "kept"),
    ]
    assert condensed.closed
    assert RAN not in guide.knowledge.read("soup")


def test_a_review_says_each_thing_once_with_its_cycle(desk: Desk, settings: Settings) -> None:
    told = [(n, "execute", RAN) for n in (1, 1, 2)] + [(2, "verify", "It holds.")]
    review = completion.review_of(Account("soup", "Soup", 2, established=told))
    assert f"- cycle 2, execute: {RAN} (3 times)\n- cycle 2, verify: It holds." in review
    many = [(1, "execute", f"Part {n} is written.") for n in range(30)]
    review = completion.review_of(Account("soup", "Soup", 1, established=many))
    assert (
        "- 18 more before these; `assistant jobs said soup` shows all\n- execute: Part 18" in review
    )

    guide = Guide(desk.jobs, RunRepository(desk.jobs.store), settings, desk.clock)
    job = desk.jobs.create("soup", title="A soup")
    desk.jobs.add_interaction(job.id, "prompt", "person", "Write a post about\nfish soup, please.")
    account = Completer(guide).account(job)
    assert account.title == "Write a post about fish soup, please."
