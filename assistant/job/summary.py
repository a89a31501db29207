"""Summary blocks: five sections that stand for old parts of a job in the model's view.

The originals stay in the store. Without a capable model the block is extracted in code: the
sentences themselves, sorted; with one, it is written by the model, within the same limit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from pydantic import BaseModel, Field

from assistant.errors import AssistantError
from assistant.job.measure import cut, summary_threshold, tokens_of
from assistant.job.prompt import SPOKEN, assemble, message_of
from assistant.job.questions import with_prefix
from assistant.job.sentences import is_constraint, is_fact, sentences
from assistant.job.voices import Speaker, speak
from assistant.models.protocol import Limits, Message, Model
from assistant.models.structured import ask_for
from assistant.store.interactions import Interaction, Interactions

SECTIONS = ("goal", "decisions", "constraints", "facts and files", "open questions")
_SHARE = {"goal": 3, "decisions": 3, "constraints": 3, "facts and files": 4, "open questions": 2}
_LIMITS = Limits(max_tokens=700, seconds=90.0)
NEWEST = 2
LONGEST_EXCHANGE = 12
"""Interactions. What follows the newest prompt is being spoken of, and is not summarised yet,
unless it is longer than this: then only the newest two are kept."""

Block = dict[str, list[str]]
"""Lines by section."""


class Written(BaseModel):
    """What a model writes as a summary."""

    goal: list[str] = Field(max_length=6)
    decisions: list[str] = Field(max_length=12)
    constraints: list[str] = Field(max_length=12)
    facts_and_files: list[str] = Field(max_length=16)
    open_questions: list[str] = Field(max_length=6)


@dataclass(frozen=True)
class Due:
    """What a summary has to cover: everything up to an interaction."""

    covered: tuple[Interaction, ...]
    before: Mapping[str, list[str]]
    tokens: int


def due(said: Sequence[Interaction], *, context: int, at_8192: int) -> Due | None:
    """What should be summarised now; None while the unsummarised text is short enough."""
    block = next((i for i in reversed(said) if i.kind == "summary"), None)
    upto = int(block.data.get("upto", block.id)) if block else 0
    fresh = [i for i in said if i.kind in SPOKEN and i.text and i.id > upto]
    limit = summary_threshold(context, at_8192)
    covered = fresh[: _spoken_of(fresh)]
    if sum(tokens_of(i.text) for i in fresh) <= limit or not covered:
        return None
    before = block.data.get("sections", {}) if block else {}
    return Due(tuple(covered), before, max(limit * 3 // 5, 120))


def _spoken_of(fresh: Sequence[Interaction]) -> int:
    """Where that begins which is being spoken of."""
    prompts = [place for place, i in enumerate(fresh) if i.kind == "prompt"]
    newest = max(len(fresh) - NEWEST, 0)
    begin = min(prompts[-1], newest) if prompts else newest
    return begin if len(fresh) - begin <= LONGEST_EXCHANGE else newest


def extracted(work: Due) -> Block:
    """The five sections in the person's own sentences, within the limit."""
    found: Block = {section: list(work.before.get(section, [])) for section in SECTIONS}
    if not found["goal"]:
        found["goal"] = [
            first for i in work.covered if i.kind == "prompt" for first in sentences(i.text)[:1]
        ][:1]
    for interaction in work.covered:
        _sort(interaction, found)
    return {section: _within(section, lines, work.tokens) for section, lines in found.items()}


async def written(work: Due, model: Model, speaker: Speaker | None = None) -> Block:
    """The five sections by a model, told how by the speaker of the job. Raises AssistantError
    when it cannot."""
    before = rendered(dict(work.before)) if work.before else ""
    room = model.context - _LIMITS.max_tokens - 400
    view = assemble(work.covered, tokens=max(room, 256), strategy="all")
    told = "\n\n".join(f"{m.role}: {m.text}" for m in view.messages)
    asked = (
        Message(
            "system", (speaker.speak if speaker else speak)("summarise", tokens=str(work.tokens))
        ),
        Message("user", f"{before}\n\n{told}".strip()),
    )
    record = await ask_for(model, Written, asked, limits=_LIMITS, purpose="job.summary")
    lines: Block = {s: list(getattr(record, s.replace(" ", "_"))) for s in SECTIONS}
    return {section: _within(section, found, work.tokens) for section, found in lines.items()}


async def summarise(
    said: Interactions,
    job_id: str,
    *,
    context: int,
    at_8192: int,
    model: Model | None,
    speaker: Speaker | None = None,
) -> Interaction | None:
    """Append a summary block when one is due; by the model when there is a capable one.

    A model that fails is no trouble: the block is extracted then.
    """
    work = due(said.of(job_id), context=context, at_8192=at_8192)
    if work is None:
        return None
    block, by = extracted(work), "code"
    if model is not None:
        # No connection, no budget, no sense: what code extracts is always there.
        with suppress(AssistantError):
            block, by = await written(work, model, speaker), model.name
    facts = {
        "sections": block, "upto": work.covered[-1].id, "count": len(work.covered), "by": by,
    }  # fmt: skip
    return said.add(job_id, "summary", "system", rendered(block), facts)


def rendered(block: Mapping[str, Sequence[str]]) -> str:
    """The block as Markdown: all five sections, empty ones too."""
    parts = list[str]()
    for section in SECTIONS:
        lines = [f"- {line}" for line in block.get(section, ())] or ["- nothing so far"]
        parts.append("\n".join([f"## {section.capitalize()}", *lines]))
    return "\n\n".join(parts)


def _sort(interaction: Interaction, found: Block) -> None:
    """Put an interaction's sentences where they belong."""
    match interaction.kind:
        case "decision":
            found["decisions"].append(interaction.text)
        case "question" if interaction.answer is None:
            found["open questions"].append(with_prefix(interaction))
        case "question":
            found["decisions"].append(message_of(interaction).text.replace("\n", " "))
        case "result":
            found["facts and files"] += sentences(interaction.text)[:3]
        case _:
            for sentence in sentences(interaction.text):
                if interaction.role == "person" and is_constraint(sentence):
                    found["constraints"].append(sentence)
                elif is_fact(sentence):
                    found["facts and files"].append(sentence)


def _within(section: str, lines: Sequence[str], tokens: int) -> list[str]:
    """The newest lines of a section that fit its share; the goal keeps its first."""
    room = tokens * _SHARE[section] // sum(_SHARE.values())
    unique = list(dict.fromkeys(" ".join(line.split()) for line in lines if line.strip()))
    kept = list[str]()
    for line in unique if section == "goal" else reversed(unique):
        short = cut(line, max(room, 12) if not kept else 60)
        room -= tokens_of(short) + 2
        if room < 0 and kept:
            break
        kept.append(short)
    return kept if section == "goal" else kept[::-1]
