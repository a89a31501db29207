"""Search the web."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from assistant.clock import rfc3339
from assistant.errors import AssistantError
from assistant.skills.context import SkillContext
from assistant.skills.door import Example, skill
from assistant.skills.periods import moment_since
from assistant.skills.records import Item, Items
from assistant.skills.stories import story_key

from .providers import KEY, provider


@skill(
    effect="read",
    hosts=("api.search.brave.com",),
    secrets=(KEY,),
    patchable=("query", "limit", "since"),
    examples=(
        Example("search the web for sodium-ion batteries", {"query": "sodium-ion batteries"}),
        Example("find the five best pages about heat pumps", {"query": "heat pumps", "limit": 5}),
        Example(
            "what was written about AI regulation in the last 24 hours",
            {"query": "AI regulation", "since": "24h"},
        ),
        Example("look up who makes tide clocks", {"query": "tide clock makers"}),
        Example("google the opening hours of the museum", {"query": "museum opening hours"}),
    ),
    timeout=60,
)
async def web_search(
    context: SkillContext,
    query: Annotated[str, Field(min_length=1, max_length=400, description="What to look for")],
    limit: Annotated[int, Field(ge=1, le=100, description="Most results to give")] = 10,
    since: Annotated[str, Field(description="Only newer ones: 24h, 7d or 2026-03-01")] = "",
) -> Items:
    """Search the web and give the pages found as items."""
    now = context.clock.now()
    start = moment_since(since, now)
    service = provider(context.settings.search, context.http, context.secrets)
    found, warnings = dict[str, Item](), list[str]()
    for number in range(service.most_pages):
        try:
            page = await service.page(query, number, since=start, now=now)
        except AssistantError as trouble:
            if not found:
                raise
            warnings.append(f"Only the first {len(found)} results: {trouble.message}")
            break
        for item in page.items:
            if item.url and not (start and item.published and item.published < rfc3339(start)):
                found.setdefault(story_key(item.url), item)
        if len(found) >= limit or not page.more:
            break
    for warning in warnings:
        context.warn(warning)
    return Items(items=list(found.values())[:limit], warnings=warnings)
