"""A step is told in its skill's own words, with only what was said."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.pipeline.phrases import fill, is_phrase
from assistant.pipeline.words import value_words

READ = "Read {url}[{urls}][, of the last {since}][, at most {limit} items]"
MAIL = "Mail [the newsletter{newsletter?}][the text{body?}] to {to}[, subject “{subject}”]"


@pytest.mark.parametrize(
    ("phrase", "arguments", "told"),
    [
        (READ, {"url": "https://a.example/rss"}, "Read https://a.example/rss"),
        (READ, {"urls": ["https://a.example", "https://b.example"], "limit": 5}, "Read https://a.example, https://b.example, at most 5 items"),
        (READ, {"url": "https://a.example", "since": "24h"}, "Read https://a.example, of the last 24h"),
        (MAIL, {"to": "jo@example.org", "newsletter": "${{ steps.letter.newsletter }}"}, "Mail the newsletter to jo@example.org"),
        (MAIL, {"to": ["a@b.example", "c@d.example"], "body": "Hi", "subject": "News"}, "Mail the text to a@b.example, c@d.example, subject “News”"),
        ("Save it as {name}", {"name": "{odd}[name].md"}, "Save it as {odd}[name].md"),
    ],
)  # fmt: skip
def test_a_phrase_says_what_was_given_and_nothing_else(
    phrase: str, arguments: dict[str, Any], told: str
):
    assert fill(phrase, arguments, value_words) == told


def test_a_plain_description_is_no_phrase():
    assert (is_phrase("Read feeds"), is_phrase(READ)) == (False, True)
