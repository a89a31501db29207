"""Requests and what they mean, from the grammars: the text and its meaning are made together.

A value in a text is wrapped in private marks while the text is put together, so that its place
is known exactly however the sentence around it ends up.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from training import times, words
from training.grammar import Grammar, Said, Step

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
_MODULES = dict(
    zip(
        LANGUAGES,
        ("english", "german", "french", "spanish", "italian", "portuguese", "dutch"),
        strict=True,
    )
)

OPEN, CLOSE, BASE = "\ue000", "\ue001", 0xE100


@dataclass(frozen=True)
class Ref:
    """Where a value stands in the text: an index into the sample's spans."""

    at: int


@dataclass
class Sample:
    """A request and what it means. `spans` are (start, end) in `text`, by Ref."""

    text: str
    kind: str
    lang: str = "en"
    steps: list[Step] = field(default_factory=list)
    structure: list[Step] = field(default_factory=list)
    when: Ref | None = None
    spans: list[tuple[int, int]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    edits: list[dict[str, Any]] = field(default_factory=list)
    focus: list[Step] | None = None
    focus_name: str = ""
    focus_when: str = ""
    last: str = ""
    jobs: list[str] = field(default_factory=list)


def lines(told: str) -> list[str]:
    """The alternatives of a rule as written in a language's file: one a line, or `a|b|c`."""
    return [_whole(line) for line in told.strip("\n").split("\n") if line.strip()]


def _whole(line: str) -> str:
    """A line whose bars stand outside brackets is one choice."""
    if "::" in line:
        return line
    depth = 0
    for char in line:
        depth += (char in "([{") - (char in ")]}")
        if char == "|" and depth == 0:
            return f"({line})"
    return line


@cache
def known(lang: str) -> bool:
    """Whether a language has a grammar."""
    return find_spec(f"training.languages.{_MODULES[lang]}") is not None


@cache
def grammar(lang: str) -> Grammar:
    """The grammar of a language."""
    module = import_module(f"training.languages.{_MODULES[lang]}")
    rules = {name: lines(told) for name, told in module.RULES.items()}
    for name, told in getattr(module, "MORE", {}).items():
        rules[name] = rules.get(name, []) + lines(told)
    return Grammar(rules, _Values(lang))


_counter: list[int] = [0]
_jobs: list[str] = []


def wrap(surface: str) -> tuple[str, Ref]:
    """A surface that can be found again."""
    ref = Ref(_counter[0])
    _counter[0] += 1
    return f"{OPEN}{chr(BASE + ref.at)}{surface}{CLOSE}", ref


_AND = {
    "en": " and ",
    "de": " und ",
    "fr": " et ",
    "es": " y ",
    "it": " e ",
    "pt": " e ",
    "nl": " en ",
}
_NO = {
    "en": [
        ", no, ",
        ", no wait, ",
        ", sorry, ",
        " - make that ",
        ", I mean ",
        " (no, ",
        "... or rather ",
    ],
    "de": [", nein, ", ", ich meine ", ", besser "],
    "fr": [", non, ", ", plutôt "],
    "es": [", no, ", ", mejor "],
    "it": [", no, ", ", anzi "],
    "pt": [", não, ", ", aliás "],
    "nl": [", nee, ", ", of liever "],
}
_FIELD = {
    "de": "Titel|Name|Preis|Datum|Autor|Stadt|Bestand|Adresse|Ort|Note",
    "fr": "titre|nom|prix|date|auteur|ville|stock|adresse|lien|note",
    "es": "título|nombre|precio|fecha|autor|ciudad|enlace|dirección|nota",
    "it": "titolo|nome|prezzo|data|autore|città|link|indirizzo|voto",
    "pt": "título|nome|preço|data|autor|cidade|link|endereço|nota",
    "nl": "titel|naam|prijs|datum|auteur|stad|link|adres|cijfer",
}


class _Values:
    """Makes the surface of each slot."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def __call__(self, rng: random.Random, slot: str) -> Any:
        name = slot.replace("@", "").replace(".", "_")
        made = getattr(self, name)(rng)
        if slot in ("jobx", "numx", "namex", "topicx"):
            return made if isinstance(made, str) else made[0]
        if isinstance(made, list):
            pairs = [wrap(one) for one in made]
            return self._listed(rng, [p[0] for p in pairs]), [p[1] for p in pairs]
        if isinstance(made, tuple):
            return made
        return wrap(made)

    def _listed(self, rng: random.Random, parts: list[str]) -> str:
        if len(parts) == 1:
            return parts[0]
        last = rng.choice([_AND[self.lang]] * 4 + [", ", " + ", " & "])
        return ", ".join(parts[:-1]) + last + parts[-1]

    def _num(self, rng: random.Random, low: int, high: int) -> Any:
        made = self._number(rng, low, high)
        if rng.random() < 0.02:
            surface, ref = wrap(self._number(rng, low, high))
            before = rng.choice(_NO[self.lang])
            return made + before + surface + (")" if "(" in before else ""), ref
        return made

    def _number(self, rng: random.Random, low: int, high: int) -> str:
        if self.lang == "en":
            return words.number(rng, low, high)
        small = {
            "de": "zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn",
            "fr": "deux|trois|quatre|cinq|six|sept|huit|neuf|dix",
            "es": "dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez",
            "it": "due|tre|quattro|cinque|sei|sette|otto|nove|dieci",
            "pt": "dois|três|quatro|cinco|seis|sete|oito|nove|dez",
            "nl": "twee|drie|vier|vijf|zes|zeven|acht|negen|tien",
        }[self.lang].split("|")
        if rng.random() < 0.5:
            return rng.choice(
                [w for i, w in enumerate(small, 2) if low <= i <= high] or [str(high)]
            )
        return str(rng.randint(low, high))

    def num(self, rng: random.Random) -> Any:
        return self._num(rng, 2, 50)

    def num3(self, rng: random.Random) -> str:
        return str(
            rng.choice([0, 1, 10, 20, 50, 99, 100, 200, 250, 404, 500, 1000, rng.randint(1, 5000)])
        )

    numx = num
    fetch_limit = rank_limit = scrape_limit = search_limit = num

    def sum_sentences(self, rng: random.Random) -> Any:
        return self._num(rng, 2, 6)

    def retry_times(self, rng: random.Random) -> Any:
        return self._num(rng, 2, 9)

    def topic(self, rng: random.Random) -> str:
        if self.lang != "en":
            module = import_module(f"training.languages.{_MODULES[self.lang]}")
            pool = module.TOPICS.split("|")
            kind = rng.random()
            if kind < 0.5:
                return rng.choice(pool)
            if kind < 0.7:
                return rng.choice(pool) + _AND[self.lang] + rng.choice(pool)
            return rng.choice(words.NAMES) if kind < 0.85 else words.invented(rng, 2, 4)
        return words.topic(rng)

    rank_topic = topic

    def topicx(self, rng: random.Random) -> str:
        return self.topic(rng)

    def topicq(self, rng: random.Random) -> str:
        made = self.topic(rng)
        return self._quote(rng, made) if rng.random() < 0.35 else made

    def namex(self, rng: random.Random) -> str:
        return rng.choice(words.NAMES)

    def _quote(self, rng: random.Random, text: str) -> str:
        if self.lang == "de" and rng.random() < 0.5:
            return f"„{text}“"
        if self.lang in ("fr", "es", "it", "pt") and rng.random() < 0.5:
            return f"« {text} »" if self.lang == "fr" else f"«{text}»"
        left, right = rng.choice(['""'] * 5 + ["''", "“”", "‘’"])
        return left + text + right

    def fetch_url(self, rng: random.Random) -> str:
        return words.feed_url(rng)

    def fetch_anyurl(self, rng: random.Random) -> Any:
        return words.feed_url(rng) if rng.random() < 0.5 else words.page_url(rng)

    def fetch_urls(self, rng: random.Random) -> list[str]:
        return [words.feed_url(rng) for _ in range(rng.choice([2, 2, 2, 3, 4]))]

    def feedref(self, rng: random.Random) -> Any:
        surface, ref = wrap(words.feed_url(rng))
        the = {
            "en": "the feed ",
            "de": "der Feed ",
            "fr": "le flux ",
            "es": "el feed ",
            "it": "il feed ",
            "pt": "o feed ",
            "nl": "de feed ",
        }[self.lang]
        return rng.choice(["", "", the]) + surface, ref

    trigger_feed_feed = fetch_url

    def scrape_url(self, rng: random.Random) -> str:
        return words.page_url(rng)

    def extract_url(self, rng: random.Random) -> Any:
        return words.page_url(rng)

    def http_url(self, rng: random.Random) -> str:
        return words.api_url(rng) if rng.random() < 0.85 else words.page_url(rng)

    api = http_url

    def fetch_since(self, rng: random.Random) -> str:
        return times.since(rng, self.lang)

    since = fetch_since

    def since_search(self, rng: random.Random) -> Any:
        surface, ref = wrap(times.since(rng, self.lang))
        return ("from the " if self.lang == "en" else "") + surface, ref

    def dur(self, rng: random.Random) -> str:
        return times.duration(rng, self.lang)

    def when(self, rng: random.Random) -> str:
        return times.when(rng, self.lang)

    def mail_to(self, rng: random.Random) -> Any:
        if rng.random() < 0.03:
            surface, ref = wrap(words.mail(rng))
            before = rng.choice(_NO[self.lang])
            return words.mail(rng) + before + surface + (")" if "(" in before else ""), [ref]
        surface, ref = wrap(words.mail(rng))
        return surface, [ref]

    def mail_tos(self, rng: random.Random) -> list[str]:
        return [words.mail(rng) for _ in range(rng.choice([2, 2, 2, 3]))]

    def mail_subject(self, rng: random.Random) -> str:
        made = words.title(rng) if rng.random() < 0.7 else self.topic(rng).capitalize()
        return self._quote(rng, made) if rng.random() < 0.8 else made

    def news_title(self, rng: random.Random) -> str:
        made = words.title(rng)
        return self._quote(rng, made) if rng.random() < 0.72 else made

    def news_intro(self, rng: random.Random) -> str:
        return self._quote(rng, self._phrase(rng, "greeting"))

    def news_design(self, rng: random.Random) -> Any:
        made = rng.choice(("letter", "brief", "gallery"))
        return made, ("literal", made)

    def _phrase(self, rng: random.Random, kind: str) -> str:
        module = import_module(f"training.languages.{_MODULES[self.lang]}")
        options = module.PHRASES.get(kind) or module.PHRASES["message"]
        told = rng.choice(lines(options))
        return Grammar({"X": [told]}, _Plain(self)).say(rng, "X").text

    def quoted(self, rng: random.Random) -> str:
        return self._quote(rng, self._phrase(rng, "message"))

    def fact(self, rng: random.Random) -> str:
        return self._phrase(rng, "message")

    def notify_message(self, rng: random.Random) -> str:
        made = self._phrase(rng, "message")
        return self._quote(rng, made) if rng.random() < 0.55 else made

    def notify_channel(self, rng: random.Random) -> Any:
        if self.lang == "en" and rng.random() < 0.06:
            surface, ref = wrap(rng.choice(words.CHANNELS))
            return f"the {surface} channel", ref
        surface, ref = wrap("#" + words.channel(rng))
        if rng.random() < 0.04:
            other, second = wrap("#" + words.channel(rng))
            return surface + _AND[self.lang] + other, [ref, second]
        return surface, ref

    def alertee(self, rng: random.Random) -> Any:
        return [words.mail(rng)] if rng.random() < 0.55 else ["#" + words.channel(rng)]

    def save_name(self, rng: random.Random) -> str:
        return words.filename(rng)

    def save_content(self, rng: random.Random) -> str:
        return self.quoted(rng)

    def search_query(self, rng: random.Random) -> str:
        if rng.random() < 0.35:
            return self._phrase(rng, "query")
        made = self.topic(rng)
        return self._quote(rng, made) if rng.random() < 0.15 else made

    def db_question(self, rng: random.Random) -> str:
        return self._phrase(rng, "question")

    def db_sql(self, rng: random.Random) -> str:
        table = rng.choice(words.TABLES).replace(" ", "_").replace("-", "_")
        made = rng.choice(
            [
                f"select count(*) from {table}",
                f"SELECT * FROM {table} LIMIT 10",
                f"select name from {table} order by id",
                f"SELECT sum(total) FROM {table}",
            ]
        )
        return self._quote(rng, made) if rng.random() < 0.7 else made

    def db_database(self, rng: random.Random) -> str:
        made = rng.choice(words.DATABASES)
        return made + rng.choice([".db", ".sqlite", ".sqlite3"]) if rng.random() < 0.35 else made

    def ask_prompt(self, rng: random.Random) -> str:
        return self._phrase(rng, "prompt")

    def quoted_prompt(self, rng: random.Random) -> str:
        return self._quote(rng, self._phrase(rng, "prompt"))

    def ask_model(self, rng: random.Random) -> str:
        return rng.choice(words.MODELS)

    sum_model = ask_model

    def http_body(self, rng: random.Random) -> str:
        return words.record(rng)

    def scrape_selector(self, rng: random.Random) -> str:
        return words.selector(rng)

    def scrape_fields(self, rng: random.Random) -> list[str]:
        pool = words.FIELDS if self.lang == "en" else _FIELD[self.lang].split("|")
        return rng.sample(pool, rng.choice([1, 2, 2, 3]))

    def topicword(self, rng: random.Random) -> list[str]:
        return [rng.choice(["topic", "topic", "subject", "theme", "keyword"])]

    def wh(self, rng: random.Random) -> str:
        return self._phrase(rng, "wh")

    def inputnames(self, rng: random.Random) -> list[str]:
        pool = "topic|limit|recipient|address|subject|title|number|name|date|city|feed|url|page|query|language|sentences|file".split(
            "|"
        )
        return rng.sample(pool, rng.choice([1, 1, 2]))

    def jobx(self, rng: random.Random) -> str:
        return self.jobname(rng)

    def jobname(self, rng: random.Random) -> str:
        made = words.job_name(rng)
        _jobs.append(made)
        return made


class _Plain:
    """Slots inside a phrase: words only, not values of their own."""

    def __init__(self, values: _Values) -> None:
        self.values = values

    def __call__(self, rng: random.Random, slot: str) -> str:
        plain = {
            "topic": lambda: self.values.topic(rng), "name": lambda: rng.choice(words.NAMES), "n": lambda: str(rng.randint(2, 40)),
            "table": lambda: rng.choice(words.TABLES), "person": lambda: rng.choice(words.PEOPLE).capitalize(), "word": lambda: words.invented(rng),
            "day": lambda: rng.choice(times.DAYS[self.values.lang]), "thing": lambda: words.bare(rng.choice(words.HEADS)),
        }  # fmt: skip
        return plain[slot]()


# Putting a request together --------------------------------------------------------------


def fresh() -> None:
    """Before each sample: no values yet."""
    _counter[0] = 0
    _jobs.clear()


def seen_jobs() -> list[str]:
    """Names of jobs that the text mentions."""
    return list(dict.fromkeys(_jobs))


_WRAPPED = re.compile(f"{OPEN}(.)|{CLOSE}")


def unwrap(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The plain text and the places of its values."""
    out: list[str] = []
    length, last = 0, 0
    spans: dict[int, tuple[int, int]] = {}
    stack: list[tuple[int, int]] = []
    for match in _WRAPPED.finditer(text):
        piece = text[last : match.start()]
        out.append(piece)
        length += len(piece)
        last = match.end()
        if match[1]:
            stack.append((ord(match[1]) - BASE, length))
        else:
            number, start = stack.pop()
            spans[number] = (start, length)
    out.append(text[last:])
    return "".join(out), [spans.get(i, (0, 0)) for i in range(max(spans, default=-1) + 1)]


def outside(text: str, change: Any) -> str:
    """Applies a change to what stands between values only."""
    parts = re.split(f"({OPEN}.*?{CLOSE})", text)
    return "".join(part if part.startswith(OPEN) else change(part) for part in parts)


def say(rng: random.Random, lang: str, rule: str) -> Said:
    """One text of a rule."""
    return grammar(lang).say(rng, rule)
