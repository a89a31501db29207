"""Forty pages with a list, each built as a different kind of site builds them.

Every layout places the same kind of stories among what surrounds them on real pages: menus
with long links, footers, "most read" boxes, advertisements, comments. `PAGES` gives for each
page its HTML and the titles and addresses that a reader would call its list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

TOPICS = [
    "Harbour ferry switches to sodium batteries after a year of trials",
    "School buses will feed the grid on winter evenings",
    "Old paper mill to recycle car batteries from next spring",
    "Solid-state cells delayed again, maker says",
    "A village of ninety homes shares one battery",
    "Why e-bike batteries catch fire, and what helps",
    "Grid storage passes ten gigawatts",
    "Library lends reading machines to patients at home",
    "AI safety drill finds gaps in three hospitals",
    "Council appoints a chatbot ombudsman",
    "Oysters return to the estuary after a century",
    "Crane driver opens a museum in her cabin",
    "New clock shows the tide in the market square",
    "Beans that grow through the winter",
    "Gardeners give up peat, and miss little",
    "Night bus brings nurses home, and music with them",
]
SUMMARIES = [
    "After twelve months and two storms the crew says the new batteries are dull, and that dull is good.",
    "The depot turns into a power plant from five to nine, when everybody cooks.",
    "Forty people will work where newsprint was made; the river authority still has to agree.",
    "It is the third delay in two years, and the first one that named a reason.",
]
MENU = ["News", "Sport", "Business", "Opinion", "Culture", "Weather", "Jobs", "Puzzles"]
LONG_MENU = [
    "Latest news from around the region", "Business, work and money", "Arts, culture and books",
    "Science and the environment", "Opinion and letters to the editor", "Homes, gardens and food",
]  # fmt: skip


@dataclass(frozen=True)
class Story:
    n: int

    @property
    def title(self) -> str:
        return TOPICS[self.n % len(TOPICS)]

    @property
    def path(self) -> str:
        return f"/stories/{self.n + 100}"

    @property
    def summary(self) -> str:
        return SUMMARIES[self.n % len(SUMMARIES)]

    @property
    def day(self) -> str:
        return f"2026-02-{28 - self.n:02d}"

    @property
    def author(self) -> str:
        return ["Ada Moor", "Ben Oakes", "Cleo Finn"][self.n % 3]


@dataclass(frozen=True)
class ListPage:
    name: str
    html: str
    stories: tuple[Story, ...]


PAGES: list[ListPage] = []


def layout(count: int) -> Callable[[Callable[[list[Story]], str]], Callable[[list[Story]], str]]:
    def add(build: Callable[[list[Story]], str]) -> Callable[[list[Story]], str]:
        stories = [Story(n) for n in range(count)]
        PAGES.append(ListPage(build.__name__, build(stories), tuple(stories)))
        return build

    return add


def document(body: str, *, lang: str = "en", title: str = "The Lantern") -> str:
    return f'<!doctype html><html lang="{lang}"><head><title>{title}</title></head><body>{body}</body></html>'


def links(texts: list[str], tag: str = "li") -> str:
    return "".join(f'<{tag}><a href="/s/{n}">{escape(t)}</a></{tag}>' for n, t in enumerate(texts))


def menu(texts: list[str] = MENU) -> str:
    return f'<header><nav><ul class="menu">{links(texts)}</ul></nav></header>'


def footer() -> str:
    columns = "".join(
        f"<div class='col'><h4>{head}</h4><ul>{links([f'{head} {word}' for word in ('terms', 'contact', 'imprint', 'accessibility')])}</ul></div>"
        for head in ("About", "Help", "More")
    )
    return f"<footer>{columns}<p>© The Lantern</p></footer>"


def most_read() -> str:
    items = "".join(
        f'<li><a href="/stories/{900 + n}">{escape(TOPICS[-n - 1])}</a></li>' for n in range(5)
    )
    return f'<aside class="most-read"><h3>Most read</h3><ol>{items}</ol></aside>'


def around(body: str, **given: str) -> str:
    return document(f"{menu()}<main>{body}</main>{most_read()}{footer()}", **given)


def each(stories: list[Story], build: Callable[[Story], str], between: str = "\n") -> str:
    return between.join(map(build, stories))


def a(story: Story) -> str:
    return f'<a href="{story.path}">{escape(story.title)}</a>'


@layout(10)
def plain_list(stories):
    return around(f"<h1>News</h1><ul>{each(stories, lambda s: f'<li>{a(s)}</li>')}</ul>")


@layout(12)
def newspaper_articles(stories):
    return around(each(stories, lambda s: f"""<article class="teaser"><img src="/i/{s.n}.jpg" width="320">
      <h2>{a(s)}</h2><p>{s.summary}</p><span class="byline">By {s.author}</span>
      <time datetime="{s.day}T08:00:00Z">{s.day}</time></article>"""))  # fmt: skip


@layout(15)
def table_of_two_rows_a_story(stories):
    rows = each(stories, lambda s: f"""<tr class="athing" id="{s.n}"><td class="rank">{s.n + 1}.</td>
      <td class="votelinks"><a href="/vote?id={s.n}">▲</a></td><td class="title"><span class="titleline">{a(s)}
      <span class="sitebit">(<a href="/from?site=x{s.n}.example">x{s.n}.example</a>)</span></span></td></tr>
      <tr><td colspan="2"></td><td class="subtext"><span class="score">{90 - s.n} points</span> by
      <a class="hnuser" href="/user?id=u{s.n}">u{s.n}</a> <span class="age" title="{s.day}T10:00:00">
      <a href="/item?id={s.n}">{s.n + 1} hours ago</a></span> | <a href="/item?id={s.n}">{s.n * 3} comments</a></td></tr>
      <tr class="spacer" style="height:5px"></tr>""")  # fmt: skip
    return document(f"""<center><table id="hnmain"><tr><td><table><tr><td><b><a href="/news">Hacker</a></b>
      <a href="/newest">new</a> | <a href="/front">past</a> | <a href="/ask">ask</a></td></tr></table></td></tr>
      <tr><td><table>{rows}<tr class="morespace"></tr><tr><td colspan="2"></td><td class="title">
      <a class="morelink" href="/news?p=2">More</a></td></tr></table></td></tr>
      <tr><td><a href="/guidelines">Guidelines</a> | <a href="/faq">FAQ</a></td></tr></table></center>""")  # fmt: skip


@layout(9)
def cards_in_rows(stories):
    def row(three: list[Story]) -> str:
        cards = each(three, lambda s: f"""<div class="col-md-4"><div class="card"><img class="card-img-top"
          src="/img/{s.n}.png"><div class="card-body"><h5 class="card-title">{escape(s.title)}</h5>
          <p class="card-text">{s.summary}</p><a href="{s.path}" class="btn btn-primary">Read more</a></div></div></div>""")  # fmt: skip
        return f'<div class="row">{cards}</div>'

    rows = "".join(row(stories[n : n + 3]) for n in range(0, 9, 3))
    return document(
        f'<nav class="navbar">{links(MENU, "span")}</nav><div class="container">{rows}</div>{footer()}'
    )


@layout(8)
def blog_posts_with_numbered_classes(stories):
    posts = each(stories, lambda s: f"""<article id="post-{s.n + 7}" class="post-{s.n + 7} post type-post
      {'sticky' if s.n == 0 else ''} category-{s.n % 3} hentry"><header class="entry-header"><h2 class="entry-title">
      <a href="{s.path}" rel="bookmark">{escape(s.title)}</a></h2><div class="entry-meta"><span class="posted-on">
      <time class="entry-date" datetime="{s.day}T07:00:00+00:00">{s.day}</time></span><span class="byline">
      <span class="author vcard"><a class="url" href="/author/{s.n}">{s.author}</a></span></span></div></header>
      <div class="entry-summary"><p>{s.summary} <a class="more-link" href="{s.path}">Continue reading</a></p></div>
      <footer><a rel="category tag" href="/category/x">Category x</a></footer></article>""")  # fmt: skip
    side = f'<div id="secondary" class="widget-area"><ul>{links(TOPICS[::-1][:10])}</ul></div>'
    return document(f'{menu()}<div id="primary"><main>{posts}</main></div>{side}{footer()}')


@layout(10)
def headings_followed_by_paragraphs(stories):
    return around(each(stories, lambda s: f"<h3>{a(s)}</h3>\n<p>{s.summary}</p>"))


@layout(10)
def definition_list(stories):
    listed = each(stories, lambda s: f"""<dt>[{s.n + 1}] <a href="{s.path}">ab:2602.{s.n:05d}</a></dt>
      <dd><div class="list-title"><a href="{s.path}">{escape(s.title)}</a></div><div class="list-authors">
      <a href="/author/{s.n}">{s.author}</a></div><p>{s.summary}</p></dd>""")  # fmt: skip
    return document(
        f'<div class="header">{links(MENU, "span")}</div><dl id="articles">{listed}</dl>{footer()}'
    )


@layout(12)
def hashed_class_names(stories):
    cards = each(stories, lambda s: f"""<div class="Card__x7Gq2 Card__{'odd' if s.n % 2 else 'even'}__9a"><div class="css-1f{s.n}k">
      <a class="Link__b2" href="{s.path}"><h3 class="Head__q">{escape(s.title)}</h3></a>
      <p class="css-77a">{s.summary}</p></div></div>""")  # fmt: skip
    return document(
        f'<div class="Nav__z">{links(LONG_MENU, "div")}</div><div class="Grid__u">{cards}</div>{footer()}'
    )


@layout(10)
def utility_classes(stories):
    cards = each(stories, lambda s: f"""<div class="flex p-4 mt-2 rounded-lg"><div class="w-1/3"><img src="/p/{s.n}.webp"></div>
      <div class="w-2/3"><a class="text-xl font-bold" href="{s.path}">{escape(s.title)}</a>
      <div class="text-sm text-gray-500">{s.day} · {s.author}</div><div class="mt-1">{s.summary}</div></div></div>""")  # fmt: skip
    return document(
        f'<div class="flex">{links(MENU, "div")}</div><div class="grid gap-4">{cards}</div>{footer()}'
    )


@layout(10)
def press_releases_in_a_table(stories):
    rows = each(stories, lambda s: f"<tr><td>{s.day}</td><td>{a(s)}</td><td>PDF</td></tr>")
    return around(
        f"<table><thead><tr><th>Date</th><th>Release</th><th>File</th></tr></thead><tbody>{rows}</tbody></table>"
    )


@layout(10)
def links_and_line_breaks(stories):
    return document(f'<font size="5">Daily links</font><p>{each(stories, lambda s: f"{s.day} {a(s)}", "<br>")}</p>'
                    f'<p><a href="/">Home</a> <a href="/old">Archive</a> <a href="/me">Me</a></p>')  # fmt: skip


@layout(10)
def paragraphs_of_links(stories):
    return document(f'<div id="wrap"><div id="nav">{links(MENU, "span")}</div><div id="content">'
                    f'{each(stories, lambda s: f"<p>{a(s)} — {s.summary}</p>")}</div></div>')  # fmt: skip


@layout(8)
def release_notes(stories):
    return around(each(stories, lambda s: f"""<section aria-labelledby="r{s.n}"><div><relative-time datetime="{s.day}T11:00:00Z">
      {s.day}</relative-time></div><div><h2 id="r{s.n}"><a href="{s.path}">{escape(s.title)}</a></h2>
      <div class="markdown-body"><ul><li>Fixes</li><li>Speed</li></ul></div>
      <details><summary>Assets</summary><a href="/zip/{s.n}">Source code (zip)</a><a href="/tar/{s.n}">Source code (tar.gz)</a></details>
      </div></section>"""))  # fmt: skip


@layout(12)
def product_grid(stories):
    tiles = each(stories, lambda s: f"""<li class="product"><a href="{s.path}"><img src="/shop/{s.n}.jpg" alt="">
      <h3>{escape(s.title)}</h3></a><span class="price">£{s.n + 3}.99</span><button>Add to basket</button></li>""")  # fmt: skip
    return document(f'{menu(LONG_MENU)}<div class="filters"><ul>{links(["Red", "Blue", "Green", "Small", "Large"])}</ul></div>'
                    f'<ul class="products">{tiles}</ul>{footer()}')  # fmt: skip


@layout(10)
def job_board(stories):
    return around(each(stories, lambda s: f"""<div class="job-listing" data-id="{s.n}"><div class="job-title"><a href="{s.path}">{escape(s.title)}</a></div>
      <div class="company">Harbour Works</div><div class="location">Leeds</div><div class="posted">{s.n + 1} days ago</div></div>"""))  # fmt: skip


@layout(9)
def events_with_days(stories):
    return around("<ol class='events'>" + each(stories, lambda s: f"""<li><div class="day"><b>{s.n + 1}</b> March</div>
      <div class="what"><a href="{s.path}">{escape(s.title)}</a><p>Town hall, 19:00. {s.summary}</p></div></li>""") + "</ol>")  # fmt: skip


@layout(10)
def forum_threads(stories):
    rows = each(stories, lambda s: f"""<tr class="topic"><td><a class="topictitle" href="{s.path}">{escape(s.title)}</a>
      <br>by <a href="/member/{s.n}" class="username">member{s.n}</a> » {s.day}</td><td class="posts">{s.n * 4}</td>
      <td class="views">{s.n * 91}</td><td class="lastpost"><a href="/member/{s.n + 50}">reply{s.n}</a></td></tr>""")  # fmt: skip
    return document(
        f'<div class="navbar">{links(MENU, "span")}</div><table class="forum"><tbody>{rows}</tbody></table>{footer()}'
    )


@layout(10)
def podcast_episodes(stories):
    return around(each(stories, lambda s: f"""<div class="episode"><div class="art"><img src="/cover/{s.n}.jpg"></div>
      <div class="info"><h4 class="episode__title"><a href="{s.path}">{escape(s.title)}</a></h4><div class="episode__meta">{s.day} · 42 min</div>
      <p>{s.summary}</p><audio src="/audio/{s.n}.mp3"></audio></div></div>"""))  # fmt: skip


@layout(10)
def videos(stories):
    tiles = each(stories, lambda s: f"""<div class="video-tile"><a class="thumb" href="{s.path}"><img src="/t/{s.n}.jpg"><span>12:0{s.n}</span></a>
      <a class="video-title" href="{s.path}" title="{escape(s.title)}">{escape(s.title)}</a><a class="channel" href="/channel/{s.n}">Channel {s.n}</a></div>""")  # fmt: skip
    return document(f'{menu()}<div class="shelf">{tiles}</div>')


@layout(6)
def one_featured_and_the_rest(stories):
    def card(s: Story) -> str:
        extra = " card--featured" if s.n == 0 else ""
        return f'<div class="card{extra}"><h3>{a(s)}</h3><p>{s.summary}</p></div>'

    return around(f'<div class="lead">{each(stories, card)}</div>')


@layout(10)
def advertisements_between(stories):
    def item(s: Story) -> str:
        ad = '<div class="ad-slot"><a href="https://ads.example/1">Buy cheaper insurance now and save</a></div>'
        return f'<div class="story"><h2>{a(s)}</h2><p>{s.summary}</p></div>' + (
            ad if s.n % 3 == 2 else ""
        )

    return around(each(stories, item))


@layout(6)
def sections_of_stories(stories):
    def section(name: str, part: list[Story]) -> str:
        return f'<section><h2 class="section-name">{name}</h2><ul>{each(part, lambda s: f"<li><h3>{a(s)}</h3><p>{s.summary}</p></li>")}</ul></section>'

    return around(section("Energy", stories[:3]) + section("Town", stories[3:]))


@layout(8)
def more_comments_than_stories(stories):
    comments = "".join(
        f'<div class="comment"><a href="/user/{n}">user{n}</a><p>I have read this twice and I still think that the ferry is the better idea.</p></div>'
        for n in range(30)
    )
    listed = each(stories, lambda s: f'<li class="post"><h3>{a(s)}</h3><p>{s.summary}</p></li>')
    return document(
        f'{menu()}<main><ul>{listed}</ul></main><section id="comments">{comments}</section>{footer()}'
    )


@layout(8)
def mega_menu_with_long_links(stories):
    listed = each(
        stories,
        lambda s: (
            f'<div class="item"><a href="{s.path}">{escape(s.title)}</a><span class="date">{s.day}</span></div>'
        ),
    )
    return document(
        f'<div class="mega-menu"><ul>{links(LONG_MENU * 4)}</ul></div><div class="list">{listed}</div>{footer()}'
    )


@layout(9)
def microdata(stories):
    return around(each(stories, lambda s: f"""<div itemscope itemtype="https://schema.org/NewsArticle"><a itemprop="url" href="{s.path}">
      <span itemprop="headline">{escape(s.title)}</span></a><meta itemprop="datePublished" content="{s.day}">
      <span itemprop="author">{s.author}</span><div itemprop="description">{s.summary}</div></div>"""))  # fmt: skip


@layout(10)
def custom_elements(stories):
    listed = each(
        stories,
        lambda s: (
            f'<story-card><a slot="t" href="{s.path}">{escape(s.title)}</a><p>{s.summary}</p></story-card>'
        ),
    )
    return document(
        f"<site-nav>{links(MENU, 'span')}</site-nav><story-list>{listed}</story-list>{footer()}"
    )


@layout(10)
def whole_card_is_a_link(stories):
    return around("<div class='deck'>" + each(stories, lambda s: f"""<a class="tile" href="{s.path}"><img src="/x/{s.n}.jpg"><div class="kicker">Energy</div>
      <div class="headline">{escape(s.title)}</div><div class="dek">{s.summary}</div></a>""") + "</div>")  # fmt: skip


@layout(10)
def german_news(stories):
    return around(each(stories, lambda s: f"""<article><h2>{a(s)}</h2><p class="teaser">{s.summary}</p>
      <span class="datum">{28 - s.n}. Februar 2026</span> <a href="{s.path}">Weiterlesen</a></article>"""), lang="de")  # fmt: skip


@layout(10)
def search_results(stories):
    found = each(stories, lambda s: f"""<div class="result"><div class="g"><cite>https://site{s.n}.example › news</cite><h3><a href="{s.path}">{escape(s.title)}</a></h3>
      <div class="snippet"><em>{s.day}</em> — {s.summary}</div></div></div>""")  # fmt: skip
    pages = "".join(f'<a href="/search?p={n}">{n}</a>' for n in range(1, 11))
    return document(
        f'<form><input name="q"></form><div id="results">{found}</div><div class="pagination">{pages}</div>{footer()}'
    )


@layout(12)
def archive_by_month(stories):
    return around(
        f"<h2>February 2026</h2><ul class='archive-list'>{each(stories, lambda s: f'<li><span>{s.day}</span>: {a(s)}</li>')}</ul>"
    )


@layout(8)
def nested_containers(stories):
    return around('<div><div><div class="stream">' + each(stories, lambda s: f"""<div><div><div class="inner"><div><a href="{s.path}">
      <h2>{escape(s.title)}</h2></a></div><div><p>{s.summary}</p></div></div></div></div>""") + "</div></div></div>")  # fmt: skip


@layout(10)
def links_without_a_main_element(stories):
    return document(f'<table width="100%"><tr><td width="150">{links(MENU, "p")}</td><td>'
                    f'{each(stories, lambda s: f"<div class=news><b>{a(s)}</b><br>{s.summary}</div>")}</td></tr></table>')  # fmt: skip


@layout(8)
def tabs_with_a_second_list(stories):
    other = "".join(f'<li><a href="/video/{n}">Video {n}</a></li>' for n in range(8))
    listed = each(
        stories, lambda s: f'<li><h3>{a(s)}</h3><time datetime="{s.day}">{s.day}</time></li>'
    )
    return around(
        f'<div class="tab"><ul>{listed}</ul></div><div class="tab hidden"><ul>{other}</ul></div>'
    )


@layout(7)
def wiki_in_the_news(stories):
    return document(f'<div id="mw-panel" class="portal">{links(LONG_MENU)}</div><div id="content"><h2>In the news</h2>'
                    f'<ul>{each(stories, lambda s: f"<li>{a(s)}, the <i>Lantern</i> reports.</li>")}</ul></div>{footer()}')  # fmt: skip


@layout(10)
def social_links_in_every_story(stories):
    return around(each(stories, lambda s: f"""<div class="entry"><h3>{a(s)}</h3><p>{s.summary}</p><ul class="share">
      <li><a href="https://a.example/share?{s.n}">Share on A</a></li><li><a href="https://b.example/share?{s.n}">Share on B</a></li>
      <li><a href="mailto:?body={s.n}">Mail</a></li></ul></div>"""))  # fmt: skip


@layout(20)
def link_aggregator(stories):
    things = each(stories, lambda s: f"""<div class="thing link" id="t{s.n}"><span class="rank">{s.n}</span><div class="midcol"><div class="score">{s.n * 7}</div></div>
      <div class="entry unvoted"><p class="title"><a class="title may-blank" href="{s.path}">{escape(s.title)}</a>
      <span class="domain">(<a href="/domain/x">x.example</a>)</span></p><p class="tagline">submitted <time datetime="{s.day}T09:00:00+00:00">
      5 hours ago</time> by <a class="author" href="/u/{s.n}">u{s.n}</a></p><ul class="flat-list buttons"><li><a href="{s.path}/c">{s.n} comments</a></li></ul></div></div>""")  # fmt: skip
    side = f'<div class="side"><div class="sidebox"><ul>{links(["Submit a link", "Submit a text post", "Rules of this place"])}</ul></div></div>'
    return document(
        f'{side}<div class="content"><div id="siteTable">{things}</div></div>{footer()}'
    )


@layout(10)
def changelog_without_links(stories):
    return around(
        each(
            stories,
            lambda s: (
                f'<div class="change"><h3>{escape(s.title)}</h3><span class="date">{s.day}</span><p>{s.summary}</p></div>'
            ),
        )
    )


@layout(10)
def numbered_ranking(stories):
    return around(
        f"<ol class='ranking'>{each(stories, lambda s: f'<li><span class=place>{s.n + 1}</span><div><a href={s.path}>{escape(s.title)}</a><small>{s.author}</small></div></li>')}</ol>"
    )


@layout(10)
def lazy_images(stories):
    return around(each(stories, lambda s: f"""<figure class="promo"><img class="lazy" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="/lazy/{s.n}.jpg">
      <figcaption><a href="{s.path}">{escape(s.title)}</a><span>{s.summary}</span></figcaption></figure>"""))  # fmt: skip


@layout(10)
def broken_markup(stories):
    listed = each(
        stories,
        lambda s: f"<li class=n><b><a href={s.path}>{escape(s.title)}</a></b><p>{s.summary}",
    )
    return f"<title>x</title><body><div id=menu><ul>{links(MENU)}</ul></div><ul class=news>{listed}</ul><div id=footer>{links(MENU)}"
