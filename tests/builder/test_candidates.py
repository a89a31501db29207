"""The right skills are among the few that are offered, however many there are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assistant.builder.candidates import MOST, Candidates
from assistant.builder.evaluation import BUNDLED, read_cases
from assistant.grounding.marks import mark
from assistant.skills.door import skill


def pretend(name: str, description: str) -> Any:
    """A skill of that name that does nothing."""

    def nothing(text: str) -> str:
        return text

    nothing.__name__, nothing.__doc__ = name, description
    from assistant.skills.door import declared

    return declared(skill(effect="read")(nothing))


@pytest.mark.external
def test_the_right_skill_is_offered_among_two_hundred(library, shared_data) -> None:
    tools = json.loads((shared_data / "metatool" / "tools.json").read_text(encoding="utf-8"))
    ours = library.all()
    others = [pretend(name, text) for name, text in list(tools.items())[: 200 - len(ours)] if text]
    index = Candidates([*ours, *others])
    right = total = 0
    for case in read_cases(BUNDLED):
        marked = mark(case["request"])
        offered = {offer.name for offer in index.offers_for(marked.text)}
        wanted = set(case["expect"].get("skills") or ()) if "context" not in case else set()
        right += len(wanted & offered)
        total += len(wanted)

    assert len(index.offers) >= 190
    assert right / total >= 0.98


def test_all_are_offered_while_they_are_few(library) -> None:
    index = Candidates(library.all())

    assert index.offers_for("anything") == index.offers
    assert [offer.name for offer in index.offers] == sorted(offer.name for offer in index.offers)


def test_no_more_than_a_few_are_offered_and_always_the_ones_that_must_be(library) -> None:
    others = [pretend(f"tool_{n}", f"Does thing number {n} with text") for n in range(50)]
    index = Candidates([*library.all(), *others])
    offered = index.offers_for("search the web", always=("tool_7",))

    assert len(offered) == MOST
    assert {"tool_7", "web_search"} <= {offer.name for offer in offered}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Schick eine Mail", "send_email"), ("résume les articles", "summarize_items"),
        ("busca en internet", "web_search"), ("salva in un file", "save_file"),
        ("pergunte ao modelo", "ask_model"), ("bewaar het bestand", "save_file"),
        ("frag die Datenbank", "query_database"), ("préviens le canal", "notify"),
    ],
)  # fmt: skip
def test_requests_in_other_languages_find_their_skills(library, text: str, name: str) -> None:
    best = [offer.name for _, offer in Candidates(library.all()).ranked(text)[:4]]

    assert name in best
