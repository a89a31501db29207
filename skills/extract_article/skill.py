"""Fetch pages and give the article in each."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any, Literal

import httpx
from pydantic import Field

from assistant.errors import AssistantError, BadArguments, CannotDo, TryAgain
from assistant.net.client import good
from assistant.skills.context import SkillContext
from assistant.skills.door import Example, skill
from assistant.skills.markup import fold, web_link
from assistant.skills.records import Item, Items, Record
from assistant.skills.workers import Workers

PROGRAM = Path(__file__).with_name("extracting.py")
AT_ONCE = 8
LONGEST_TEXT = 200_000
MOST_TAGS = 20
State = Literal["ok", "paywall", "consent", "empty", "failed"]
_TOLD: dict[str, str] = {
    "paywall": "is behind a paywall; only its free part was read.",
    "consent": "asks for consent before it shows its text.",
    "empty": "has no article text.",
    "failed": "cannot be read as a page.",
}
_CURES: dict[str, str] = {
    "paywall": "Use another source, or its feed's summary.",
    "consent": "Use another source, or its feed.",
    "empty": "If it is a list of stories, read it with scrape_page.",
    "failed": "Check the address in a browser.",
}


class PageState(Record):
    """What was found at an address."""

    url: str
    state: State
    language: str = ""
    words: int = 0
    reason: str = ""


class Articles(Items):
    """Items with their text, and what was found at each address."""

    pages: list[PageState] = Field(default_factory=list[PageState])


@skill(
    effect="read",
    hosts=("url", "items"),
    patchable=("url", "language"),
    examples=(
        Example(
            "read the article at https://example.org/news/1",
            {"url": "https://example.org/news/1"},
        ),
        Example(
            "get the full text of those stories",
            {"items": "${{ steps.read.items }}"},
        ),
        Example(
            "what does https://example.org/blog/post say, in full",
            {"url": "https://example.org/blog/post"},
        ),
        Example(
            "open each link and keep the English articles",
            {"items": "${{ steps.list.items }}", "language": "en"},
        ),
    ),
    timeout=300,
)
async def extract_article(
    context: SkillContext,
    items: Annotated[list[Item], Field(description="Items whose pages are read")] = [],  # noqa: B006
    url: Annotated[str, Field(description="Address of one article")] = "",
    language: Annotated[str, Field(description="Keep only this language: en, de …")] = "",
) -> Articles:
    """Fetch pages and give the full text, title, author, date and image of their articles."""
    wanted = [*items, Item(url=url)] if url else items
    if not url and not items:
        # An empty list is an answer of the step before, not a mistake of this one.
        return Articles()
    if not any(item.url for item in wanted):
        raise BadArguments("None of the items has a url.", hint="Give items with a url, or url.")
    outcomes = await _read_all(context, wanted)
    errors = [o for o in outcomes if isinstance(o, AssistantError)]
    readable = [o for o in outcomes if isinstance(o, dict) and o["state"] in ("ok", "paywall")]
    if not readable:
        raise _nothing(wanted, outcomes, errors)
    return _told(context, wanted, outcomes, language.strip().lower())


async def _read_all(
    context: SkillContext, wanted: list[Item]
) -> list[dict[str, Any] | AssistantError]:
    gate, done = asyncio.Semaphore(AT_ONCE), 0

    async def one(item: Item, readers: Workers) -> dict[str, Any] | AssistantError:
        nonlocal done
        async with gate:
            try:
                return await _read(context, item.url, readers)
            except AssistantError as error:
                return error
            finally:
                done += 1
                context.progress(f"Read {item.url}", done=done, total=len(wanted))

    async with Workers(PROGRAM, what="page") as readers:
        return await asyncio.gather(*(one(item, readers) for item in wanted))


async def _read(context: SkillContext, url: str, readers: Workers) -> dict[str, Any]:
    if not url:
        raise CannotDo("An item without a url has no page.", hint="Leave it out before this step.")
    response = good(await context.http.get(url, headers={"Accept": "text/html, */*;q=0.5"}))
    kind = response.headers.get("content-type", "text/html").split(";")[0].strip().lower()
    if kind not in ("text/html", "application/xhtml+xml", "text/plain", "application/xml"):
        raise CannotDo(
            f"{url} is {kind}, not a page.", hint="Only web pages have article text to extract."
        )
    final = str(response.url)
    answer = await readers.ask(response.content, final, charset=_charset(response))
    return answer | {"url": final}


def _charset(response: httpx.Response) -> str:
    return response.charset_encoding or ""


def _told(
    context: SkillContext,
    wanted: list[Item],
    outcomes: list[dict[str, Any] | AssistantError],
    language: str,
) -> Articles:
    told = Articles()
    for item, outcome in zip(wanted, outcomes, strict=True):
        page = _page(item, outcome)
        told.pages.append(page)
        if language and page.language and page.language != language[:2] and page.state == "ok":
            told.warnings.append(f"{item.url} is in {page.language!r} and was left out.")
            continue
        if page.reason:
            told.warnings.append(page.reason)
        told.items.append(_merged(item, outcome) if isinstance(outcome, dict) else item)
    for warning in told.warnings:
        context.warn(warning)
    return told


def _page(item: Item, outcome: dict[str, Any] | AssistantError) -> PageState:
    if isinstance(outcome, AssistantError):
        return PageState(url=item.url, state="failed", reason=outcome.message)
    state = outcome["state"]
    return PageState(
        url=item.url,
        state=state,
        language=outcome.get("language", ""),
        words=len(outcome.get("text", "").split()),
        reason=f"{item.url} {_TOLD[state]}" if state in _TOLD else "",
    )


def _merged(item: Item, page: dict[str, Any]) -> Item:
    """The item with its text; what it lacks is filled from the page, what it says is kept."""
    if page["state"] not in ("ok", "paywall"):
        return item
    tags = [*item.tags, *(fold(str(tag))[:80] for tag in page.get("tags", []))]
    return item.model_copy(
        update={
            "title": item.title or fold(page.get("title") or "")[:500],
            "url": item.url or page["url"],
            "source": item.source or fold(page.get("source") or ""),
            "published": item.published or page.get("published", ""),
            "author": item.author or fold(page.get("author") or "")[:200],
            "summary": item.summary or fold(page.get("summary") or "")[:2_000],
            "text": page.get("text", "")[:LONGEST_TEXT] or item.text,
            "image": item.image or web_link(page.get("image") or "", page["url"]),
            "tags": list(dict.fromkeys(tag for tag in tags if tag))[:MOST_TAGS],
        }
    )


def _nothing(
    wanted: list[Item],
    outcomes: list[dict[str, Any] | AssistantError],
    errors: list[AssistantError],
) -> AssistantError:
    """The error of a step none of whose pages gave text."""
    if len(outcomes) == 1 and errors:
        return errors[0]
    told = [page.reason for page in map(_page, wanted, outcomes) if page.reason]
    first = next((o["state"] for o in outcomes if isinstance(o, dict)), "")
    hint = _CURES.get(first, errors[0].hint if errors else "")
    start = f"None of {len(outcomes)} pages could be read: " if len(outcomes) > 1 else ""
    message = f"{start}{' '.join(told[:3])}"
    waits = [error for error in errors if isinstance(error, TryAgain)]
    if waits and len(waits) == len(outcomes):
        longest = max((error.retry_after or 0.0 for error in waits), default=0.0)
        return TryAgain(message, retry_after=longest or None, hint=hint)
    return CannotDo(message, hint=hint)
