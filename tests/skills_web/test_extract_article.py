"""extract_article against a real server, and on the article benchmark beside the repository."""

from __future__ import annotations

import pytest

from assistant.errors import CannotDo
from assistant.skills.calling import call
from assistant.skills.folders import load_code
from assistant.skills.library import BUNDLED
from assistant.skills.workers import Workers
from tests.loopback import Page, page
from tests.skills_web.scores import article_f1

EXTRACT = load_code(BUNDLED / "extract_article")
PARAGRAPH = (
    "The council agreed on Monday to rebuild the old bridge, which was closed last winter after "
    "engineers found cracks in two of its seven piers. Work is to begin in May and to last a year. "
)
STORY = f"""<!doctype html><html lang="en"><head><title>Bridge to be rebuilt | Town News</title>
<meta property="og:site_name" content="Town News"><meta name="author" content="Ada Byron">
<meta property="article:published_time" content="2026-03-01T08:30:00+00:00">
<meta property="og:image" content="/bridge.jpg"></head><body><nav><a href="/">Home</a></nav>
<article><h1>Bridge to be rebuilt</h1><p>{PARAGRAPH}</p><p>{PARAGRAPH[::1].replace("Monday", "Sunday")}</p>
</article><footer>All rights reserved</footer></body></html>"""


async def test_an_article_is_read_with_what_is_known_of_it(site, context):
    site.routes["/story"] = page(STORY)
    given = await call(EXTRACT, {"url": site.url("/story")}, context)
    [item] = given["items"]
    assert item["text"].startswith("The council agreed on Monday")
    assert "All rights reserved" not in item["text"]
    assert {
        key: item[key] for key in ("title", "url", "source", "published", "author", "image")
    } == {
        "title": "Bridge to be rebuilt",
        "url": site.url("/story"),
        "source": "Town News",
        "published": "2026-03-01T08:30:00.000Z",
        "author": "Ada Byron",
        "image": site.url("/bridge.jpg"),
    }
    assert [(one["state"], one["language"]) for one in given["pages"]] == [("ok", "en")]


async def test_what_an_item_says_is_kept_and_a_page_that_fails_leaves_it_as_it_was(site, context):
    site.routes["/story"] = page(STORY)
    items = [
        {"title": "My title", "url": site.url("/story"), "published": "2026-02-01T00:00:00.000Z"},
        {"title": "Gone", "url": site.url("/gone")},
    ]
    given = await call(EXTRACT, {"items": items}, context)
    first, second = given["items"]
    assert (first["title"], first["published"]) == ("My title", "2026-02-01T00:00:00.000Z")
    assert (second["title"], second["text"]) == ("Gone", "")
    assert given["warnings"] == [f"{site.url('/gone')} answered 404 Told."]
    assert [one["state"] for one in given["pages"]] == ["ok", "failed"]


async def test_no_items_give_no_items(context):
    assert (await call(EXTRACT, {"items": []}, context))["items"] == []


async def test_an_article_in_another_language_is_left_out(site, context):
    site.routes["/en"] = page(STORY)
    site.routes["/fr"] = page(STORY.replace('lang="en"', 'lang="fr-FR"'))
    items = [{"url": site.url("/en")}, {"url": site.url("/fr")}]
    given = await call(EXTRACT, {"items": items, "language": "en"}, context)
    assert [item["url"] for item in given["items"]] == [site.url("/en")]
    assert given["warnings"] == [f"{site.url('/fr')} is in 'fr' and was left out."]


async def test_a_paywall_is_told(site, context):
    data = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    site.routes["/paid"] = page(STORY.replace("</head>", f"{data}</head>"))
    given = await call(EXTRACT, {"url": site.url("/paid")}, context)
    assert given["pages"][0]["state"] == "paywall"
    assert given["warnings"] == [
        f"{site.url('/paid')} is behind a paywall; only its free part was read."
    ]


async def test_a_consent_page_is_no_article(site, context):
    site.routes["/c"] = page(
        "<html><title>Before you continue</title><body><h1>Before you continue to Example</h1>"
        "<p>We use cookies. We and our 812 partners store data.</p><button>Accept all</button></body></html>"
    )
    with pytest.raises(CannotDo, match="asks for consent before it shows its text"):
        await call(EXTRACT, {"url": site.url("/c")}, context)


async def test_a_wrong_charset_header_does_not_garble(site, context):
    latin = STORY.replace("The council", "Die Brücke über die Töss. The council").encode("latin-1")
    site.routes["/l"] = page(latin, "text/html; charset=utf-8")
    [item] = (await call(EXTRACT, {"url": site.url("/l")}, context))["items"]
    assert item["text"].startswith("Die Brücke über die Töss.")


async def test_what_is_no_page_is_an_error(site, context):
    site.routes["/pdf"] = Page(200, {"content-type": "application/pdf"}, b"%PDF-1.7")
    with pytest.raises(CannotDo, match="is application/pdf, not a page"):
        await call(EXTRACT, {"url": site.url("/pdf")}, context)


async def test_a_page_that_takes_too_long_ends_its_process_and_the_next_is_read():
    program, where = BUNDLED / "extract_article" / "extracting.py", "http://example.org/"
    async with Workers(program, what="page", most=1, seconds=0.05) as hurried:
        with pytest.raises(CannotDo, match=r"took longer than 0\.05 s"):
            await hurried.ask(STORY.encode(), where, charset="")
    async with Workers(program, what="page", most=1) as patient:
        assert (await patient.ask(STORY.encode(), where, charset=""))["state"] == "ok"


@pytest.mark.external
def test_articles_are_found_at_least_as_well_as_by_trafilatura_alone(shared_data):
    ours, trafilatura_alone = article_f1(shared_data)
    assert ours >= trafilatura_alone
    assert ours > 0.94
