"""Catalogues as models see them: our skills, the same under other names, others beside them.

A model that only ever saw one catalogue would remember it; one that sees many has to read.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from assistant.builder.terms import Field, Offer

CHOICES = {
    "method": ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
    "design": ("letter", "brief", "gallery"),
}


def _f(told: str) -> Field:
    """`to:mail*` is a field `to` of kind mail that takes several."""
    name, kind = told.split(":")
    many = kind.endswith("*")
    return Field(name, kind.rstrip("*"), many, choices=CHOICES.get(name, ()))


FIELDS: dict[str, tuple[Field, ...]] = {
    name: tuple(_f(part) for part in told.split())
    for name, told in {
        "fetch_feed": "urls:url* limit:number since:period",
        "scrape_page": "url:url selector:selector fields:text* limit:number",
        "extract_article": "url:url",
        "rank_items": "topic:text limit:number since:period",
        "summarize_items": "sentences:number model:model",
        "compile_newsletter": "title:text intro:text design:choice",
        "send_email": "to:mail* subject:text body:text attachments:file* cc:mail*",
        "notify": "message:text channel:channel",
        "http_request": "url:url method:choice body:text",
        "save_file": "name:text content:text",
        "web_search": "query:text limit:number since:period",
        "query_database": "question:text sql:text database:text limit:number",
        "ask_model": "prompt:text model:model schema:text*",
    }.items()
}

OURS = {
    "fetch_feed": "Read RSS, Atom or JSON feeds and give their newest items, newest|Read feeds and list their items|Get the latest items of RSS or Atom feeds|News items from one or more feeds|Fetch RSS and Atom feeds",
    "scrape_page": "Read a list of stories, posts, products or rows from a web|Read a table or list from a web page as items|Take rows, lists or prices off a web page|Collect items from a page by CSS selector|Turn a web page's table or list into items|Scrape structured items from a web page",
    "extract_article": "Fetch pages and give the full text, title, author, date and image|Get the full text of articles|Read the readable text of a web article|Open an article and take its main text|Full text of a page or of each item|Extract the body of articles without clutter",
    "rank_items": "Pick the best items for a topic|Keep the best items, or those about a topic|Sort items by relevance and keep the top ones|Choose the most relevant items|Filter items by topic and keep the best",
    "summarize_items": "Write a short summary of each item from its own text|Summarise items in a few sentences|Shorten each item to some sentences|Sum up texts|Short summaries of items",
    "compile_newsletter": "Lay items out as a newsletter|Make a newsletter out of items|Lay out items as a newsletter|Build a newsletter with a title and an intro|Compose a newsletter in HTML, Markdown and text|Turn items into a newsletter",
    "send_email": "Send an e-mail or a newsletter|Send an email|Mail a newsletter or a text to people|Send a message or newsletter by email to addresses|Email something to someone|Deliver by mail",
    "notify": "Send a short message to a channel, or into the local notifications|Send a short message to a channel or to the desktop|Tell a channel something|Post a message in a chat channel|Notify a channel or the user|Send a notification",
    "http_request": "Call a web interface and give its answer|Make an HTTP request to an API or webhook|Call an API or webhook|Send a GET or POST request to a URL|Request a URL of an API",
    "save_file": "Save a text, a table or data as a file of the|Write the result to a file|Store a result in a file|Save something under a file name|Keep a result as a file",
    "web_search": "Search the web and give the pages found as items|Search the web|Find pages on the web for a query|Look something up on the internet|Search engine results for a query|Search the web and give the hits",
    "query_database": "Read from a database|Answer a question from a database|Ask a database a question or run SQL|Look up data in an SQL database|Rows from a database for a question|Query a database in plain words",
    "ask_model": "Ask a language model and give its text, or a record of|Let a language model write or decide something|Ask a language model|Have a model answer a prompt|Free text from a language model|Prompt a model and get text or a record",
}
OTHER_NAMES = {
    "fetch_feed": "read_feed|get_feed|rss_reader|feed_items|load_rss",
    "scrape_page": "read_table|page_items|scrape_site|crawl_page|web_table",
    "extract_article": "read_article|full_text|article_text|get_article|readable_text",
    "rank_items": "pick_best|sort_items|filter_items|top_items|select_items",
    "summarize_items": "sum_up|summarise|shorten_items|make_summaries|tldr",
    "compile_newsletter": "make_newsletter|build_letter|newsletter|compose_issue|write_digest",
    "send_email": "send_mail|mail_to|email|deliver_mail|post_letter",
    "notify": "post_message|tell_channel|send_alert|ping|chat_message",
    "http_request": "call_api|web_request|http_call|webhook|request_url",
    "save_file": "write_file|store_file|export_file|keep_file|file_writer",
    "web_search": "search_web|internet_search|find_pages|look_up|search_engine",
    "query_database": "ask_database|sql_query|database_answer|run_query|db_lookup",
    "ask_model": "use_model|llm|generate_text|prompt_model|ai_text",
}
OTHERS: list[tuple[str, str, str]] = [
    ("translate_text", "Translate a text into another language", "language:text text:text"),
    ("get_weather", "The weather forecast of a place", "place:text"),
    ("create_event", "Put an event in the calendar", "title:text date:text"),
    ("resize_image", "Make an image larger or smaller", "file:file width:number"),
    ("transcribe_audio", "Write down what a recording says", "file:file"),
    ("convert_currency", "Convert an amount from one currency to another", "amount:number to:text"),
    ("read_inbox", "List the newest mails of the mailbox", "limit:number since:period"),
    ("create_ticket", "Open a ticket in the tracker", "title:text body:text"),
    ("list_files", "List the files of a folder", "folder:text"),
    ("read_pdf", "Read the text of a PDF file", "file:file"),
    ("draw_chart", "Draw a chart of rows", "title:text"),
    ("stock_price", "The price of a share", "symbol:text"),
    ("git_log", "The newest commits of a repository", "limit:number since:period"),
    ("compare_texts", "Show how two texts differ", ""),
    ("detect_language", "Say in which language a text is", "text:text"),
    ("remove_duplicates", "Drop items that say the same", ""),
    ("count_words", "Count the words of a text", ""),
    ("make_qr_code", "Make a QR code for a link", "url:url"),
    ("backup_folder", "Copy a folder to the backup disk", "folder:text"),
    ("post_tweet", "Publish a short post", "text:text"),
    ("speak", "Read a text aloud", "text:text"),
    ("parse_invoice", "Take number, date and sum from an invoice", "file:file"),
    ("check_links", "Find broken links on a page", "url:url"),
    ("take_screenshot", "Take a picture of a web page", "url:url"),
    ("spreadsheet_row", "Add a row to a spreadsheet", "sheet:text"),
]


CORE = frozenset(
    "urls url limit topic sentences title to subject body message channel name query question database prompt selector fields method model since".split()
)


@dataclass(frozen=True)
class Catalogue:
    """Offers, and what each of our skills is called in it (a missing skill is absent)."""

    offers: tuple[Offer, ...]
    names: dict[str, str]


def offer(rng: random.Random, skill: str, plain: bool, name: str = "") -> Offer:
    """Our skill, in its own words or in others."""
    told = OURS[skill].split("|")
    fields = FIELDS[skill]
    if not plain and rng.random() < 0.3:  # fewer of them, in another order
        fields = tuple(f for f in fields if f.name in CORE or rng.random() < 0.5)
        if rng.random() < 0.5:
            fields = tuple(rng.sample(fields, len(fields)))
    return Offer(name or skill, told[0] if plain else rng.choice(told), fields)


def other(rng: random.Random) -> Offer:
    """A skill that we do not have."""
    name, told, fields = rng.choice(OTHERS)
    return Offer(name, told, tuple(_f(part) for part in fields.split()))


def catalogue(rng: random.Random) -> Catalogue:
    """One of three kinds: ours as it is, ours told otherwise among others, only some of ours."""
    style = rng.random()
    skills = list(OURS)
    if style < 0.72:
        names = {skill: skill for skill in skills}
        own = rng.choice([1.0, 1.0, 0.6])
        offers = [offer(rng, skill, rng.random() < own) for skill in skills]
        order = rng.random()
        if order < 0.6:
            offers.sort(key=lambda o: o.name)
        elif order < 0.8:
            rng.shuffle(offers)
    else:
        kept = skills if style < 0.88 else rng.sample(skills, rng.randint(7, 11))
        names = {
            s: rng.choice(OTHER_NAMES[s].split("|")) if rng.random() < 0.35 else s for s in kept
        }
        offers = [offer(rng, skill, False, name) for skill, name in names.items()]
        extra = {o.name: o for o in (other(rng) for _ in range(rng.randint(0, 4)))}
        offers += [o for o in extra.values() if o.name not in names.values()]
        rng.shuffle(offers)
    return Catalogue(tuple(offers), names)
