"""A short name for a job, made from the first thing a person says in it."""

from __future__ import annotations

import re
from functools import cache

from assistant.grounding.languages import fold, language, small_words
from assistant.grounding.lexicon import lexicon
from assistant.ids import slug

WORDS = 4
_LINKS = re.compile(
    r"\S+://\S+|[\w-]+\.(?:md|txt|csv|json|html|pdf|ya?ml)\b|\S+@\S+|\d{1,2}:\d{2}|\"[^\"]*\""
)
_CALLED = re.compile(
    r"\b(?:titled|entitled|called|named|with the title|under the title|title)[: ]\s?[\"“„«]([^\"“”„«»\n]{2,60})[\"”»]"
)
_CLOCK = re.compile(r"\b\d{1,2}(?:[.h]\d{2})?\s?(?:am|pm|h|uhr)\b")
_HOSTS = re.compile(r"://([a-z0-9.-]+)")
_SHORT = re.compile(r"(?<=\w)['’](?:s|re|ll|d|m|ve|t)\b")
"""What is left of a word that was cut short: "what's", "don't"."""
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        """a about all an and any are as at be best by can could do each every everyone few five for four
    from get give had has have hello hi how i if in into is it its just latest let like list made make
    many me most my need new now of off on one or our out over per please put run send show so some
    story stories tell ten than that the their them then there these they this those three to top two
    also later next needed still up us use want was we what when where which who why will with would you your am pm day days daily
    week weeks weekly weekday weekdays month monthly hour hours hourly morning evening night noon
    below above under over drops drop falls fall rises rise goes less more than whether check checks channel instead rather again once
    saying don something anything today tomorrow monday tuesday wednesday thursday friday saturday sunday mail email""",
    )
)


def name_from(text: str) -> str:
    """The title that is given, or the first few words that carry the meaning: `newsletter-batteries`.

    When none does, the first words with the site they speak of: `what-is-new-example`.
    """
    called = _CALLED.search(text[:2000].lower())
    words = (_words(called[1]) if called else []) or telling(text)
    if not words:
        said = text[:2000].lower()
        sites = [site for site in map(_site, _HOSTS.findall(said)) if site]
        words = [*_words(said)[: WORDS - 1], *sites]
    return slug(" ".join(list(dict.fromkeys(words))[:WORDS]))


def telling(text: str) -> list[str]:
    """The words that carry a meaning, in lower case, each once, in their order."""
    said = _CLOCK.sub(" ", text[:2000].lower())
    empty = _EMPTY | _empty_in(language(said))
    words = (w for w in _words(said) if w not in empty and fold(w) not in empty)
    return list(dict.fromkeys(word for word in words if not word.isdigit()))


@cache
def _empty_in(lang: str) -> frozenset[str]:
    """Words of a language other than English that carry no meaning: the small ones, and times."""
    if lang == "en":
        return frozenset()
    return small_words(lang) | {word for phrase in lexicon(lang) for word in phrase}


def site_of(url: str) -> str:
    """`example` of `https://www.example.org/feed.xml`; empty for what has no name."""
    return next((site for site in map(_site, _HOSTS.findall(url.lower())) if site), "")


def _words(said: str) -> list[str]:
    return re.findall(r"[^\W_]+", _SHORT.sub("", _LINKS.sub(" ", said)))


def _site(host: str) -> str:
    """`example` of `www.example.org`; nothing of a number."""
    labels = [
        label for label in host.split(".") if label not in ("www", "feeds", "rss", "api", "hooks")
    ]
    return labels[0] if labels and not labels[0].isdigit() else ""


def title_from(text: str, longest: int = 80) -> str:
    """The prompt's first line, cut at a word."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if len(line) <= longest:
        return line
    return line[:longest].rsplit(" ", 1)[0] + " …"
