"""The newsletter chain, end to end: a feed is read and a letter lies in the outbox."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import SMTP

import pytest
from lxml import html

from assistant.clock import FixedClock
from assistant.demo import DemoSite
from assistant.skills.calling import call
from assistant.skills.library import Library


@pytest.fixture
def site(clock: FixedClock):
    with DemoSite(clock=clock) as running:
        yield running


async def test_a_feed_becomes_a_letter_in_the_outbox(
    library: Library, make_context, site: DemoSite
) -> None:
    context = make_context(change={"allow_origins": (site.origin,)})

    async def step(name: str, **given: object):
        return await call(library.get(name), given, context)

    read = await step("fetch_feed", url=site.feed)
    full = await step("extract_article", items=read["items"])
    best = await step("rank_items", items=full["items"], topic="batteries", limit=4)
    short = await step("summarize_items", items=best["items"], sentences=2)
    letter = await step("compile_newsletter", items=short["items"], title="Battery digest")
    sent = await step("send_email", to="jo@example.org", newsletter=letter["newsletter"])

    (path,) = context.outbox.glob("*.eml")
    message = message_from_bytes(path.read_bytes(), policy=SMTP)
    assert sent["receipt"]["uri"] == path.as_uri()
    assert message["Subject"] == "Battery digest"
    page = html.document_fromstring(message.get_body(("html",)).get_content())
    links = page.xpath("//h2/a/@href | //h3/a/@href")
    assert links == [item["url"] for item in best["items"]]
    assert len(links) == 4
    for item in short["items"]:
        original = next(one for one in full["items"] if one["url"] == item["url"])
        assert item["summary"].split(". ")[0] in " ".join(original["text"].split())
    text = message.get_body(("plain",)).get_content()
    assert all(item["title"] in text for item in best["items"])


async def test_the_next_morning_brings_other_stories(
    library: Library, make_context, site: DemoSite
) -> None:
    change = {"allow_origins": (site.origin,)}
    seen: list[set[str]] = []
    for run in ("run-1", "run-2", "run-3"):
        context = make_context(run_id=run, change=change)
        read = await call(library.get("fetch_feed"), {"url": site.feed}, context)
        best = await call(
            library.get("rank_items"),
            {"items": read["items"], "topic": "batteries", "limit": 3},
            context,
        )
        if not best["items"]:
            break
        letter = await call(
            library.get("compile_newsletter"), {"items": best["items"], "title": "T"}, context
        )
        given = {"to": "jo@example.org", "newsletter": letter["newsletter"]}
        await call(library.get("send_email"), given, context)
        seen.append({item["url"] for item in best["items"]})
    assert len(seen) >= 2
    assert not set.intersection(*seen[:2])
