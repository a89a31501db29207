"""Summarise items from their own texts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from jinja2 import Environment, StrictUndefined
from pydantic import Field

from assistant.errors import BudgetExhausted, CannotDo, ModelUnavailable
from assistant.models.errors import ModelUntrusted
from assistant.models.protocol import Limits, Message, Model
from assistant.skills.context import SkillContext
from assistant.skills.door import Example, skill
from assistant.skills.records import Item, Items

from .facts import invented
from .sentences import first_sentences, most_telling

STARTER = "starter"
AT_ONCE = 4
TRIES = 2
TOKENS_A_SENTENCE = 80
KEPT_FOR_PROMPT = 400
CHARS_A_TOKEN = 3
LONGEST_ARTICLE = 40_000
EDGE = "=" * 20

# Plain text for a model: nothing in it is HTML, so nothing is escaped.
_prompt = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True).from_string(  # noqa: S701
    (Path(__file__).parent / "prompt.md").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Told:
    """A summary, and what to say about how it came about."""

    item: Item
    note: str = ""


@skill(
    effect="read",
    hosts=("model",),
    patchable=("sentences", "model"),
    examples=(
        Example(
            "summarise each story in two sentences",
            {"items": "${{ steps.best.items }}", "sentences": 2},
        ),
        Example("give me short summaries", {"items": "${{ steps.best.items }}", "sentences": 1}),
        Example(
            "let Claude sum up the articles in three sentences",
            {
                "items": "${{ steps.full.items }}",
                "sentences": 3,
                "model": "anthropic/claude-sonnet-4-5",
            },
        ),
        Example("condense the posts", {"items": "${{ steps.read.items }}"}),
    ),
    timeout=600,
)
async def summarize_items(
    context: SkillContext,
    items: Annotated[list[Item], Field(description="The items to summarise")],
    sentences: Annotated[int, Field(ge=1, le=10, description="Sentences a summary has")] = 2,
    model: Annotated[str, Field(description="Who writes; empty: the model of the settings")] = "",
) -> Items:
    """Write a short summary of each item from its own text."""
    name = model or context.settings.model
    if name in ("", STARTER):
        told = [_chosen(item, sentences) for item in items]
        how = "Summaries are sentences of the texts themselves: no larger model is set."
    else:
        try:
            told = await _written(context, items, sentences, context.models.get(name))
            how = f"Summaries written by {name}."
        except ModelUntrusted as wrong:
            told = [_chosen(item, sentences) for item in items]
            how = f"Summaries are sentences of the texts themselves: {wrong.message}."
    warnings = [how] if items else []
    warnings += [one.note for one in told if one.note]
    for warning in warnings[1:]:
        context.warn(warning)
    return Items(items=[one.item for one in told], warnings=warnings)


def _chosen(item: Item, count: int, note: str = "") -> Told:
    """The item with the most telling sentences of its own text."""
    text = item.text or item.summary
    if not text.strip():
        return Told(item, f"{_named(item)} has no text to summarise.")
    summary = most_telling(text, item.title, count) or item.summary
    return Told(item.model_copy(update={"summary": summary}), note)


async def _written(
    context: SkillContext, items: list[Item], count: int, model: Model
) -> list[Told]:
    gate, done = asyncio.Semaphore(AT_ONCE), 0

    async def one(item: Item) -> Told:
        nonlocal done
        async with gate:
            told = await _write(item, count, model)
        done += 1
        context.progress(f"Summarised {_named(item)}", done=done, total=len(items))
        return told

    return await asyncio.gather(*map(one, items))


async def _write(item: Item, count: int, model: Model) -> Told:
    """The model's summary, if it holds; else the text's own sentences."""
    room = min(
        LONGEST_ARTICLE,
        (model.context - count * TOKENS_A_SENTENCE - KEPT_FOR_PROMPT) * CHARS_A_TOKEN,
    )
    text = (item.text or item.summary)[: max(room, 0)]
    if not text.strip():
        return _chosen(item, count)
    source = f"{item.title}\n{item.author}\n{item.source}\n{text}"
    refused = list[str]()
    for _ in range(TRIES):
        try:
            summary = await _ask(model, item.title, text, count, refused)
        except (ModelUnavailable, BudgetExhausted):
            raise
        except CannotDo as wrong:
            return _chosen(
                item, count, f"{_named(item)}: {wrong.message} Its own sentences were taken."
            )
        refused = invented(summary, source)
        if summary and not refused:
            return Told(item.model_copy(update={"summary": summary}))
    reason = f"{', '.join(refused)} is not in the text" if refused else "it was empty"
    return _chosen(
        item,
        count,
        f"{_named(item)}: the summary of {model.name} was refused ({reason}); "
        "sentences of the text were taken.",
    )


async def _ask(model: Model, title: str, text: str, count: int, refused: list[str]) -> str:
    system = _prompt.render(sentences=count, refused=", ".join(refused[:10]))
    reply = await model.complete(
        [
            Message("system", system),
            Message("user", f"{EDGE}\n{title}\n\n{text.replace(EDGE, '')}\n{EDGE}"),
        ],
        limits=Limits(max_tokens=count * TOKENS_A_SENTENCE + 40),
        purpose="summarize_items",
    )
    return first_sentences(reply.text.strip().strip('"'), count)


def _named(item: Item) -> str:
    return repr(item.title or item.url)
