"""Lay items out as a newsletter."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime, tzinfo
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field

from assistant.errors import BadArguments
from assistant.ids import slug
from assistant.skills.context import SkillContext
from assistant.skills.door import Example, skill
from assistant.skills.records import Item, Newsletter, NewsletterResult
from assistant.skills.stories import note_compiled

from .images import pictures_for
from .letter import Letter, letter_of
from .page import as_html
from .writing import as_markdown, as_rss, as_text

CLIPPED_AT = 102_000
"""Gmail shows no more of a letter than this."""


@skill(
    effect="read",
    patchable=("title", "intro", "design"),
    examples=(
        Example(
            "make a newsletter called AI safety digest",
            {"items": "${{ steps.best.items }}", "title": "AI safety digest"},
        ),
        Example(
            "compile the stories into a brief",
            {"items": "${{ steps.short.items }}", "title": "Today", "design": "brief"},
        ),
        Example(
            "put together a weekly letter with the intro Good morning",
            {
                "items": "${{ steps.best.items }}",
                "title": "Weekly letter",
                "intro": "Good morning.",
            },
        ),
        Example(
            "lay the posts out with their pictures",
            {"items": "${{ steps.read.items }}", "title": "Pictures", "design": "gallery"},
        ),
        Example(
            "turn these into a digest", {"items": "${{ steps.best.items }}", "title": "Digest"}
        ),
    ),
    timeout=120,
)
async def compile_newsletter(
    context: SkillContext,
    items: Annotated[list[Item], Field(description="The stories, the most important one first")],
    title: Annotated[str, Field(min_length=1, max_length=200, description="The letter's name")],
    intro: Annotated[str, Field(max_length=5000, description="A short opening, in Markdown")] = "",
    design: Annotated[
        Literal["letter", "brief", "gallery"], Field(description="How it looks")
    ] = "letter",
) -> NewsletterResult:
    """Lay items out as a newsletter: HTML mail, Markdown, plain text and an RSS item."""
    if not items and not intro.strip():
        raise BadArguments(
            "There is nothing to put into the newsletter: no items came in, and there is no intro.",
            hint="Earlier runs may have sent every story. A job that may find nothing new stops before "
            "this step: if: ${{ size(steps.best.items) == 0 }}, stop: nothing new.",
        )
    pictures = await pictures_for(context, items, design)
    made_at = context.clock.now().astimezone(_zone(context.settings.timezone))
    letter = letter_of(items, title=title, intro=intro, made_at=made_at, pictures=pictures)
    html = await asyncio.to_thread(as_html, letter, design)
    _warn_when_clipped(context, letter, html)
    newsletter = Newsletter(
        title=letter.title,
        html=html,
        markdown=as_markdown(letter),
        text=as_text(letter),
        preheader=letter.preheader,
        item_count=letter.count,
    )
    rss = as_rss(letter, guid=context.idempotency_key or letter.title)
    # Named by the step, so that the letters of a loop or of two steps lie side by side.
    name = slug(context.path, otherwise="newsletter")
    saved = [
        context.artifacts.save(f"{name}.html", html, "text/html"),
        context.artifacts.save(f"{name}.md", newsletter.markdown, "text/markdown"),
        context.artifacts.save(f"{name}.xml", rss, "application/rss+xml"),
    ]
    note_compiled(context, html, items)
    return NewsletterResult(newsletter=newsletter, artifacts=[asdict(ref) for ref in saved])


def _warn_when_clipped(context: SkillContext, letter: Letter, html: str) -> None:
    pictures = sum(len(s.picture.src) for s in letter.stories if s.picture and s.picture.embedded)
    if len(html.encode()) - pictures > CLIPPED_AT:
        context.warn("Gmail will cut this letter short: fewer items or shorter summaries help.")


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name else datetime.now().astimezone().tzinfo or UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
