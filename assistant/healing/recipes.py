"""Which recipes are tried for which class of fault, in their order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Protocol

from assistant.healing import (
    answering,
    columns,
    easing,
    listening,
    moving,
    paging,
    renaming,
    reshaping,
    respelling,
)
from assistant.healing.case import Case
from assistant.healing.desk import Desk
from assistant.healing.looking import Visited
from assistant.healing.proposals import Proposal
from assistant.insight.faults import Fault


class Recipe(Protocol):
    """Proposals for a case, the likeliest first. `seen` is what its address shows now."""

    def __call__(self, desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]: ...


LEFT_ALONE: Mapping[Fault, str] = {
    "transient": "passing trouble: the next run may well succeed as it is",
    "auth": "a login or a key is wanted, which only a person can give",
    "blocked": "the other side refuses this visit, and that is respected",
    "quota": "a budget or an account is used up, which only a person can raise",
    "bug": "a mistake in the code, which no setting mends",
}
"""Classes that are never patched, and why."""

RECIPES: Mapping[Fault, tuple[Recipe, ...]] = {
    "moved": (moving.moved, reshaping.reshaped, reshaping.reshaped_elsewhere),
    "not_found": (
        listening.told_questions, moving.moved, columns.renamed_columns, listening.told_addresses,
        answering.other_model, reshaping.reshaped_elsewhere,
    ),
    "shape_changed": (
        columns.renamed_columns, renaming.renamed_keys, renaming.renamed_below, respelling.kept_otherwise,
        answering.stricter, answering.plainer, listening.told_headers, listening.told_questions,
        paging.next_pages, paging.larger_pages, reshaping.reshaped, moving.moved,
        listening.told_addresses, reshaping.reshaped_elsewhere,
    ),
    "empty_result": (
        renaming.renamed_keys, respelling.respelled_values, respelling.meant_values,
        respelling.texts_for_names, respelling.kept_otherwise, listening.told_questions,
        paging.next_pages, paging.larger_pages, reshaping.reshaped, moving.moved,
        answering.stricter, answering.plainer, listening.told_addresses,
    ),
    "bad_arguments": (
        easing.within_bounds, listening.told_questions, listening.told_headers,
        renaming.renamed_keys, columns.renamed_columns, easing.less_at_once, listening.told_addresses,
    ),
    "timeout": (listening.told_questions, easing.more_time, easing.less_at_once),
    "too_large": (listening.told_questions, moving.lighter, easing.less_at_once),
    "rate_limited": (listening.told_questions, easing.slower),
    "model_output": (
        easing.smaller_batch, answering.stricter, answering.plainer, answering.smaller_answers,
        answering.other_model,
    ),
}  # fmt: skip

TOLD: Mapping[Fault, tuple[Recipe, ...]] = {
    "transient": (listening.told_questions,),
    "rate_limited": (listening.told_questions,),
    "auth": (listening.told_addresses,),
    "blocked": (listening.told_addresses,),
}
"""What is listened for in answers of classes that are left alone: the answer itself says what helps."""

ASKS_MODEL: frozenset[Fault] = frozenset(
    {"not_found", "moved", "shape_changed", "empty_result", "bad_arguments", "too_large",
     "model_output"}
)  # fmt: skip
"""Classes that a model may propose something for when no recipe is proven."""


async def proposals_for(
    desk: Desk, case: Case, fault: Fault, seen: Visited | None
) -> AsyncIterator[Proposal]:
    """What the recipes of a class propose, each change once."""
    async for proposal in _each_once(RECIPES.get(fault, ()), desk, case, seen):
        yield proposal


async def told(
    desk: Desk, case: Case, fault: Fault, seen: Visited | None
) -> AsyncIterator[Proposal]:
    """What the answer itself proposes, in a class that is otherwise left alone."""
    async for proposal in _each_once(TOLD.get(fault, ()), desk, case, seen):
        yield proposal


async def _each_once(
    chosen: tuple[Recipe, ...], desk: Desk, case: Case, seen: Visited | None
) -> AsyncIterator[Proposal]:
    known = set[str]()
    for recipe in chosen:
        async for proposal in recipe(desk, case, seen):
            if proposal.key not in known:
                known.add(proposal.key)
                yield proposal
