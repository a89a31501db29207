"""scrape_page against a real server: lists found and named, next pages, robots.txt, changes."""

from __future__ import annotations

import time

import pytest

from assistant.errors import BadArguments, CannotDo, PolicyDenied, TryAgain
from assistant.skills.calling import call
from assistant.skills.folders import load_code
from assistant.skills.library import BUNDLED
from assistant.skills.pages import parse_page
from skills.scrape_page.finding import find_list
from tests.loopback import Page, page
from tests.skills_web.list_pages import PAGES
from tests.skills_web.scores import lists_found

SCRAPE = load_code(BUNDLED / "scrape_page")

SHOP = """<html lang="en"><body><ul>
<li class="product"><h3>Tide clock</h3><a href="/p/1">see</a><span class="price">£40</span></li>
<li class="product"><h3>Oyster knife</h3><a href="/p/2">see</a><span class="price">£12</span></li>
</ul></body></html>"""


def numbered(number: int, *, following: str = "") -> str:
    stories = "".join(
        f'<article><h2><a href="/s/{number}-{n}">Story {n} of page {number}, at some length</a></h2></article>'
        for n in range(5)
    )
    return (
        f'<html><body><main>{stories}</main><a rel="next" href="{following}">Next</a></body></html>'
    )


async def test_the_list_is_found_on_the_pages_of_our_collection(site, context):
    """The bar is 85 of 100; a list counts when titles, addresses and order are all right."""
    right, pages = await lists_found(site, context)
    assert pages == 40
    assert right >= 38


async def test_a_story_is_read_with_its_date_author_summary_and_image(site, context):
    [one] = [one for one in PAGES if one.name == "newspaper_articles"]
    site.routes["/news"] = page(one.html)
    given = await call(SCRAPE, {"url": site.url("/news"), "limit": 2}, context)
    assert given["items"][1] == {
        "title": "School buses will feed the grid on winter evenings",
        "url": site.url("/stories/101"),
        "source": "127.0.0.1",
        "published": "2026-02-27T08:00:00.000Z",
        "author": "Ben Oakes",
        "summary": "The depot turns into a power plant from five to nine, when everybody cooks.",
        "text": "",
        "image": site.url("/i/1.jpg"),
        "score": None,
        "tags": [],
    }


async def test_a_selector_and_fields_give_records_as_they_are_written(site, context):
    site.routes["/shop"] = page(SHOP)
    fields = {"title": "h3", "url": "a@href", "price": ".price"}
    given = await call(
        SCRAPE, {"url": site.url("/shop"), "selector": "li.product", "fields": fields}, context
    )
    assert given["records"] == [
        {"title": "Tide clock", "url": site.url("/p/1"), "price": "£40"},
        {"title": "Oyster knife", "url": site.url("/p/2"), "price": "£12"},
    ]
    assert [item["title"] for item in given["items"]] == ["Tide clock", "Oyster knife"]


async def test_an_image_that_is_kept_for_later_is_read_as_an_address(site, context):
    kept = "".join(
        f'<li class="card"><h3>Card {n}</h3><img data-original="/late/{n}.jpg"'
        f' srcset="/small/{n}.jpg 480w, /large/{n}.jpg 960w"></li>'
        for n in (1, 2)
    )
    site.routes["/cards"] = page(f"<ul>{kept}</ul>")
    fields = {"late": "img@data-original", "small": "img@srcset", "none": "img@data-srcset"}
    given = await call(
        SCRAPE, {"url": site.url("/cards"), "selector": "li.card", "fields": fields}, context
    )
    assert given["records"] == [
        {"late": site.url(f"/late/{n}.jpg"), "small": site.url(f"/small/{n}.jpg"), "none": ""}
        for n in (1, 2)
    ]


async def test_next_pages_are_read_until_the_limit(site, context):
    site.routes["/1"] = page(numbered(1, following="/2"))
    site.routes["/2"] = page(numbered(2, following="/3"))
    site.routes["/3"] = page(numbered(3, following="/1"))
    first = await call(SCRAPE, {"url": site.url("/1")}, context)
    assert (len(first["items"]), first["pages"], first["next_page"]) == (5, 1, site.url("/2"))
    eight = await call(SCRAPE, {"url": site.url("/1"), "limit": 8}, context)
    assert (eight["items"][7]["url"], eight["pages"]) == (site.url("/s/2-2"), 2)
    assert eight["next_page"] == ""
    everything = await call(SCRAPE, {"url": site.url("/1"), "limit": 100}, context)
    assert (len(everything["items"]), everything["pages"]) == (15, 3)


async def test_a_selector_that_stopped_matching_is_told_with_its_cure(site, context):
    site.routes["/"] = page(numbered(1).replace("<article>", '<article class="old">'))
    arguments = {"url": site.url("/"), "selector": "article.old"}
    await call(SCRAPE, arguments, context)
    kept = context.memory.get("scrape_page", site.url("/"))
    assert (kept["selector"], kept["count"], kept["filled"]["url"]) == ("article.old", 5, 1.0)
    site.routes["/"] = page(numbered(1))
    with pytest.raises(CannotDo) as told:
        await call(SCRAPE, arguments, context)
    assert told.value.message == (
        f"The selector 'article.old' matches nothing in {site.url('/')}. "
        "On 2026-03-02 'article.old' matched 5 records."
    )
    assert told.value.hint == (
        "The list now looks like this selector: html > body > main > article"
    )


async def test_a_page_without_a_list_is_an_error(site, context):
    site.routes["/"] = page("<html><body><p>Closed today.</p></body></html>")
    with pytest.raises(CannotDo, match="No list was found"):
        await call(SCRAPE, {"url": site.url("/")}, context)


async def test_a_selector_that_is_none_is_a_wrong_argument(site, context):
    site.routes["/"] = page(SHOP)
    with pytest.raises(BadArguments, match="is no CSS selector"):
        await call(SCRAPE, {"url": site.url("/"), "selector": "li[["}, context)


async def test_robots_txt_is_honoured_and_asked_for_once(site, context):
    site.routes["/robots.txt"] = page("User-agent: *\nDisallow: /private/\n", "text/plain")
    site.routes["/private/list"] = page(SHOP)
    site.routes["/list"] = page(numbered(1))
    with pytest.raises(PolicyDenied, match=r"robots\.txt asks programs to leave it alone"):
        await call(SCRAPE, {"url": site.url("/private/list")}, context)
    await call(SCRAPE, {"url": site.url("/list")}, context)
    assert [asked.path for asked in site.asked] == ["/robots.txt", "/list"]


async def test_the_setting_robots_switches_it_off(site, desk, settings):
    site.routes["/robots.txt"] = page("User-agent: *\nDisallow: /\n", "text/plain")
    site.routes["/list"] = page(numbered(1))
    context = desk(site, robots=False)
    assert len((await call(SCRAPE, {"url": site.url("/list")}, context))["items"]) == 5


async def test_a_robots_txt_that_cannot_be_read_now_is_tried_again(site, context):
    site.routes["/robots.txt"] = Page(503, {"retry-after": "60"})
    with pytest.raises(TryAgain, match="cannot be read now"):
        await call(SCRAPE, {"url": site.url("/list")}, context)


async def test_links_that_run_programs_are_dropped(site, context):
    harmful = numbered(1).replace('href="/s/1-0"', 'href="javascript:alert(1)"')
    site.routes["/"] = page(harmful)
    items = (await call(SCRAPE, {"url": site.url("/")}, context))["items"]
    assert "javascript" not in str(items)


def test_a_large_page_takes_no_longer_than_a_page_may():
    """Processor time for half a megabyte of stories and for a page of 20 000 links."""
    story = (
        "<article><h2><a href='/s/{0}'>Story number {0} has a long headline</a></h2>"
        "<p>Some words that tell more about it.</p></article>"
    )
    sections = "".join(
        f"<section>{''.join(story.format(1000 * part + n) for n in range(1000))}</section>"
        for part in range(3)
    )
    links = "".join(f"<li><a href='/{n}'>Link number {n} of many</a></li>" for n in range(20_000))
    for body, selector in (
        (sections, "html > body > section > article"),
        (f"<ul>{links}</ul>", "html > body > ul > li"),
        ("<div>" * 20_000 + "deep", None),
        ("<a " * 100_000, None),
    ):
        start = time.process_time()
        tree = parse_page(f"<html><body>{body}".encode())
        found = find_list(tree, "http://example.org/") if tree is not None else None
        assert (found and found.selector) == selector
        assert time.process_time() - start < 5
