"""Two tabs at once, and a very long conversation: nothing is lost, and what a model reads fits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from assistant.clock import FixedClock
from assistant.errors import TargetUnresolved
from assistant.job.measure import OVERHEAD, tokens_of
from assistant.job.prompt import assemble
from assistant.job.questions import Question, ask, open_questions
from assistant.job.routing import route
from assistant.job.summary import summarise
from assistant.settings import Settings
from assistant.store.database import Store
from assistant.store.jobs import JobRepository
from tests.job.conftest import Desk

MANY = 2000


def test_two_tabs_write_to_one_job_and_nothing_is_lost(
    desk: Desk, settings: Settings, clock: FixedClock
) -> None:
    job = desk.jobs.create("soup")
    [asked] = ask(desk.jobs.said, job.id, [Question("CLARIFY", "Salt?", ("yes", "no"))])

    def tab(name: str) -> tuple[str, bool]:
        """Fifty prompts and one answer, over a connection of its own."""
        store = Store(settings.store_path, clock=clock)
        try:
            jobs = JobRepository(store, settings, clock=clock)
            for number in range(50):
                route(jobs, f"{name} {number}", job.id)
            try:
                jobs.said.answer(asked.number, name)
            except TargetUnresolved:
                return name, False
            return name, True
        finally:
            store.close()

    with ThreadPoolExecutor(2) as both:
        answered = dict(both.map(tab, ("left", "right")))
    said = [i.text for i in desk.jobs.said.of_kind(job.id, "prompt")]
    for name in answered:
        assert [text for text in said if text.startswith(name)] == [
            f"{name} {n}" for n in range(50)
        ]
    # One of them answered; the other was told so, and what it said is not half there.
    [first] = [name for name, was in answered.items() if was]
    assert desk.jobs.said.get(asked.number).answer == first
    assert open_questions(desk.jobs.said, job.id) == []


async def test_two_thousand_interactions_are_kept_found_and_summarised(desk: Desk) -> None:
    job = desk.jobs.create("soup")
    desk.jobs.add_interaction(job.id, "prompt", "person", "Write of soup. It must be short.")
    with desk.jobs.store.db.conn as connection:
        connection.executemany(
            "insert into interactions (job_id, at, kind, role, text, data) values (?, ?, ?, ?, ?, '{}')",
            [
                (job.id, "2026-03-02", "answer", "assistant", f"Part {n} speaks of pot {n}.")
                for n in range(MANY)
            ],
        )
    desk.jobs.add_interaction(job.id, "prompt", "person", "And now the ending")
    said = desk.jobs.said
    made = await summarise(said, job.id, context=8192, at_8192=500, model=None)
    assert made is not None
    assert made.data["sections"]["constraints"] == ["It must be short."]
    every = said.of(job.id)
    assert len(every) == MANY + 3
    for strategy in ("summarised", "all", "last", "topic"):
        view = assemble(every, tokens=3000, strategy=strategy)  # type: ignore[arg-type]
        assert sum(tokens_of(m.text) + OVERHEAD for m in view.messages) <= 3000
        assert view.messages[-1].text == "And now the ending"
    assert [f.interaction.text for f in said.search("pot 1234")] == [
        "Part 1234 speaks of pot 1234."
    ]
