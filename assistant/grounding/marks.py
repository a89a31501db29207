"""What code can find exactly in a request stands as a typed mark while a model reads it.

`mark("Every day at 7 mail jo@example.org 5 stories")` gives the text `<when1> mail <mail1>
<num1> stories` and, for each mark, where it stood, what it said and what it means. A model can
only point at marks, so a value that nobody wrote cannot come out of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from assistant.grounding import literal
from assistant.grounding.channels import channels
from assistant.grounding.counts import counts
from assistant.grounding.crons import crons
from assistant.grounding.foreign import foreign_times
from assistant.grounding.languages import fold, language
from assistant.grounding.model_names import model_names
from assistant.grounding.schedules import When
from assistant.grounding.spelled import spelled
from assistant.grounding.times import Phrase, phrases
from assistant.grounding.titles import openings, titles
from assistant.grounding.zones import zones

KINDS = tuple(re.findall(r"\w+", "feed page api mail chan quote file num when time shift since dur date zone job model sel"))  # fmt: skip
MOST = 9
"""Marks of one kind; what comes after stays in the text as it was written."""


@dataclass(frozen=True)
class Value:
    """What a mark stands for. `meant`: a number, a text, or a When for a schedule."""

    mark: str
    kind: str
    raw: str
    meant: Any
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Marked:
    """A request with its marks."""

    original: str
    text: str
    values: dict[str, Value] = field(default_factory=dict[str, Value])
    lang: str = "en"

    def meaning(self, mark: str) -> Any:
        """What a mark means. Raises KeyError for a mark that is not there."""
        return self.values[mark].meant

    def raw(self, text: str, *, quoted: bool = False) -> str:
        """A text with every mark put back as it was written; quotes lose their signs, unless they
        are part of the text (`quoted`), as in SQL."""
        return MARK.sub(lambda m: self._written(m.group(), quoted), text)

    def _written(self, mark: str, quoted: bool) -> str:
        if (value := self.values.get(mark)) is None:
            return mark
        plain = value.kind == "file" or (value.kind == "quote" and not quoted)
        return value.meant if plain else value.raw

    def of(self, *kinds: str) -> list[Value]:
        return [value for value in self.values.values() if value.kind in kinds]


class _Found(NamedTuple):
    start: int
    end: int
    kind: str
    meant: Any


MARK = re.compile(rf"<(?:{'|'.join(KINDS)})[1-9]>")
_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'“”‘’«»]+|"
    r"(?<![\w@./-])(?:[a-zà-öø-ÿ0-9-]+\.)+(?:com|org|net|io|dev|example|edu|gov|news|info|uk|de|fr|es|it|pt|nl|eu|ch|at|be|br|ca|au|app|ai|co|test|localhost)(?::\d+)?(?:/[^\s<>\"'“”‘’«»]*)?(?![\w@])",
    re.I,
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.I)
_QUOTES = (("\"", "\""), ("“", "”"), ("„", "“"), ("„", "”"), ("«", "»"), ("»", "«"), ("‘", "’"),
           ("`", "`"), ("'", "'"))  # fmt: skip
_QUOTE = re.compile(
    "|".join(
        rf"(?<!\w){re.escape(a)}{gap}[^{re.escape(a + b)}\n]{{1,300}}{re.escape(b)}(?!\w)"
        for a, b in _QUOTES
        for gap in ("" if a in "«»" else r"(?=\S)",)
    )
)
_FILE = re.compile(
    r"(?<![\w/@])[\w][\w.-]*\.(?:md|txt|csv|json|html?|pdf|docx?|xlsx?|ya?ml|xml|eml|png|jpe?g|zip|"
    r"log|tsv|db|sqlite3?|ics|gguf)\b(?!\.?\w*@)",
    re.I,
)
_SELECTOR = re.compile(
    r"(?<![\w/])(?:"
    r"[a-z][a-z0-9]*(?:[.#][a-zA-Z_][\w-]*)+(?:\s*>\s*[a-z][\w.#-]*|\s+(?:tr|td|th|li|dt|dd|a|h[1-6]|span|div|p|ul|article|section|tbody)(?![\w.:/#]))*"
    r"|[.#][a-zA-Z_][\w-]*(?:\s*[> ]\s*[.#]?[a-z][\w.#-]*)*(?=\s+(?:elements?|selector|nodes?|tags?|elemente?)(?!\w))"
    r"|(?<=rows )(?:tr|li|article|section|dl|div)(?=[,.;:)]|$| (?:and|with|from|in|on)\b)"
    r"|[a-z][a-z0-9]*\[[^\]]+\]"
    r"|(?<=selector )[.#]?[a-zA-Z][\w.#:> -]*?(?=[,.;]?(?:\s+(?:from|on|at|of|and|in|to)\b|$))"
    r"|\.[a-zA-Z_][\w-]*(?:\s+(?:tr|td|th|li|dt|dd|h[1-6]|span|div|ul|tbody)(?![\w.:/#]))*)",
)  # fmt: skip
# A name like `nightly-import` where one speaks of jobs, known or not.
_JOB_NAME = re.compile(
    r"\b(?:run|start|execute|trigger|call|launch|after|when(?:ever)?|once|if|should|job|starte|nach|wenn|sobald|lance|après|quand|"
    r"ejecuta|cuando|si|esegui|dopo|quando|se|executa|depois de|start|na|als|zodra|(?:every|each) time)\s+(?:the |my |our |der |die |le |la |el |il |o |de )?(?:job |trabalho |trabajo |lavoro |auftrag |taak |tarefa |tache |tâche |travail )?"
    r"(?P<name>[a-z][a-z0-9]*(?:-[a-z0-9]+)+)(?![\w@./-])",
    re.I,
)
# "Once payslips has finished": what finishes is a job, by whatever name.
_JOB_ENDS = re.compile(
    r"\b(?:once|when|whenever|as soon as|after) (?:the |my |our )?(?P<name>(?!(?:it|that|this|everything|anything|something|nothing|all|both|each|one|they|he|she|who|which|run|job|work|school|dinner|lunch|practice|somebody|someone|everyone|everybody|nobody)\b)[a-z][a-z0-9_]{3,}) (?:has|have) (?:finished|completed|succeeded|failed|run)(?!\w)"
)
# A job may be named by a verb that every second request has in it: then it must be spoken of.
_VERBS = frozenset(
    re.findall(
        r"\w+",
        "check collect compare count fetch find gather get keep list look mail notify post read save search send show"
        " store summarise summarize tell translate watch write",
    )
)
_MEANS_JOB = r"(?:(?<=job )|(?<=run )|(?<=start )|(?<=pause )|(?<=resume )|(?<=stop ))"
# A name with spaces where one says that it is a job's: "the job Nightly backup has gone through".
_JOB_TITLE = re.compile(
    r"(?<!\w)(?:the |my |our |that |der |den |mein\w* |le |la |el |il |o |de |mon |mi |mijn )?(?:job|pipeline|auftrag) (?P<name>(?!(?:Every|Each|At|On|In|If|When|I|It|The)\b)[A-Z][\w'’-]*"
    r"(?: (?!(?:fails?|failed|has|have|is|was|breaks?|broke|goes|crashe[sd]|finish\w*|ends?|ended|runs|ran|succeed\w*|completes?|done|will|at|on|every|each|and|or|then|again|when|if|to|for|with|which|"
    r"in|by|now|first|please|once|after|before|instead|fehlschlagt|fehlschlägt|fertig|scheitert|lauft|läuft|echoue|échoue|falla|fallisce|falha|faalt|a|is|klaar)\b)[\w'’-]+){0,3})(?![\w@./])"
)
# "Call this job Quay Letter": a name that it is to have.
_RENAMING = re.compile(
    r"(?<!\w)(?:re-?name|name|call|title|nenn|benenn|renomm|appell|llam|renombr|chiam|rinomin|cham|renome|noem|hernoem)\w*(?: (?:this|the|that|my|our|den|diesen|le|ce|el|este|il|questo|o|este|de|deze))*\s*$"
)
_SINCE_DAY = re.compile(
    r"(?<!\w)(?:since|after|newer than|younger than|from|seit|ab|depuis(?: le)?|desde(?: el| o)?|dal|sinds|vanaf) (?P<day>\d{4}-\d\d-\d\d)(?![\d-])",
    re.I,
)
# "Since the twentieth of October 2026", "from 5 November 2026 on"
_SINCE = re.compile(
    r"(?<!\w)(?:since|after|newer than|younger than|from|as of|seit|ab|depuis|desde|dal|sinds|vanaf)(?: (?:the|dem|der|le|el|il|o|de|about|around))?\s*$",
    re.I,
)
_FEEDISH = re.compile(
    r"(?:rss|atom|(?<![a-z])feeds?(?![a-z])|(?<=/)[a-z]*feed(?![a-z])|feedburner|/flux\b|\.xml|\.rdf|syndication)",
    re.I,
)
_APIISH = re.compile(r"(?:^|[/.])(?:api|rest|graphql|webhooks?|hooks?|v\d+|status|health(?:z|check)?)(?:[/.?]|$)|\.json\b|\bping\b", re.I)  # fmt: skip


def mark(
    text: str, *, jobs: Sequence[str] = (), models: Sequence[str] = (), lang: str = ""
) -> Marked:
    """The text with everything that code can find exactly replaced by marks."""
    text = text.replace("<", "‹").replace(">", "›") if MARK.search(text) else text
    lang = lang or language(text)
    taken: list[_Found] = []
    for finder in _finders(jobs, models, lang):
        for found in finder(_unquoted(text, taken)):
            if all(found.end <= t.start or found.start >= t.end for t in taken):
                taken.append(found)
    return _rendered(text, sorted(taken), lang)


def _unquoted(text: str, taken: Iterable[_Found]) -> str:
    """The text with words that say nothing for those of its quotations: "titled Quill Weekly"."""
    for start, end in ((found.start, found.end) for found in taken if found.kind == "quote"):
        text = text[:start] + re.sub(r"\w", "q", text[start:end]) + text[end:]
    return text


def _rendered(text: str, found: Iterable[_Found], lang: str) -> Marked:
    values: dict[str, Value] = {}
    numbers: dict[str, int] = dict.fromkeys(KINDS, 0)
    known: dict[tuple[str, str], str] = {}
    parts: list[str] = []
    at = 0
    for start, end, kind, meant in found:
        raw = text[start:end]
        same = (kind, str(meant)) if kind not in ("num", "when", "time") else (kind, str(start))
        name = known.get(same)
        if name is None:
            if numbers[kind] == MOST:
                continue
            numbers[kind] += 1
            name = known[same] = f"<{kind}{numbers[kind]}>"
            values[name] = Value(name, kind, raw, meant, start, end)
        parts += [text[at:start], name]
        at = end
    parts.append(text[at:])
    return Marked(text, "".join(parts), values, lang)


def extended(marked: Marked, raws: Iterable[tuple[str, str]]) -> tuple[Marked, dict[str, str]]:
    """More values of a kind, such as those of the focused job, numbered on behind the request's:
    (kind, raw) pairs; gives the larger Marked and raw → mark. A value that stands in the request
    keeps its mark; one beyond the ninth of its kind gets none."""
    values = dict(marked.values)
    names: dict[str, str] = {}
    for kind, raw in raws:
        same = [v.mark for v in values.values() if v.kind == kind and _alike(v.meant, raw)]
        if same:
            names[raw] = same[0]
            continue
        number = 1 + sum(v.kind == kind for v in values.values())
        if number > MOST:
            continue
        name = f"<{kind}{number}>"
        values[name] = Value(name, kind, raw, raw)
        names[raw] = name
    return Marked(marked.original, marked.text, values, marked.lang), names


def _alike(one: Any, other: str) -> bool:
    def plain(value: Any) -> str:
        return re.sub(r"^https?://|/$", "", str(value).lower())

    return plain(one) == plain(other)


def url_kind(url: str) -> str:
    """feed, api or page, by the shape of an address."""
    parts = urlsplit(url if "://" in url else f"https://{url}")
    place = f"{parts.netloc}{parts.path}"
    if _FEEDISH.search(f"{place}?{parts.query}"):
        return "feed"
    return "api" if _APIISH.search(place) else "page"


# Finders: the first to take a place keeps it ----------------------------------------------


def _finders(
    jobs: Sequence[str], models: Sequence[str], lang: str
) -> list[Callable[[str], Iterator[_Found]]]:
    return [
        _records,
        lambda text: _quoted_jobs(text, jobs),
        _quotes,
        _urls,
        _mails,
        lambda text: (_Found(*found) for found in spelled(text)),
        lambda text: _known_jobs(text, jobs),
        _selectors,
        _files,
        _channels,
        _literals,
        lambda text: (_Found(a, b, "model", name) for a, b, name in model_names(text, models)),
        _zones,
        lambda text: (_Found(a, b, "when", When(cron)) for a, b, cron in crons(text)),
        lambda text: _times(text, lang),
        lambda text: _numbers(text, lang),
    ]


def _records(text: str) -> Iterator[_Found]:
    """JSON that stands in the words, as it is to be sent."""
    for match in re.finditer(r"\{[^{}\n]*(?:\{[^{}\n]*\}[^{}\n]*)*\}", text):
        try:
            json.loads(match.group())
        except ValueError:
            continue
        yield _Found(match.start(), match.end(), "quote", match.group())


def _quotes(text: str) -> Iterator[_Found]:
    for match in _QUOTE.finditer(text):
        inner = match.group()[1:-1].strip()
        if _URL.fullmatch(inner) or _MAIL.fullmatch(inner) or not inner:
            continue
        yield _Found(match.start(), match.end(), "quote", inner)


def _urls(text: str) -> Iterator[_Found]:
    for match in _URL.finditer(text):
        raw = match.group().rstrip(".,;:!?)]}")
        if "@" in raw and "://" not in raw:
            continue
        if "://" not in raw and _FILE.fullmatch(raw):
            continue
        url = raw if "://" in raw else f"https://{raw}"
        yield _Found(match.start(), match.start() + len(raw), url_kind(url), url)


def _mails(text: str) -> Iterator[_Found]:
    for match in _MAIL.finditer(text):
        raw = match.group().rstrip(".-")
        yield _Found(match.start(), match.start() + len(raw), "mail", raw)


def _quoted_jobs(text: str, jobs: Sequence[str]) -> Iterator[_Found]:
    """Names of known jobs in quotation marks."""
    for match in _QUOTE.finditer(text) if jobs else ():
        said = re.sub(r"[\s_-]+", " ", fold(match.group()[1:-1].strip()))
        same = [job for job in jobs if re.sub(r"[\s_-]+", " ", fold(job)) == said]
        yield from (_Found(match.start(), match.end(), "job", job) for job in same)


def _known_jobs(text: str, jobs: Sequence[str]) -> Iterator[_Found]:
    folded = fold(text)
    for job in sorted(jobs, key=len, reverse=True):
        words = [re.escape(part) for part in fold(job).split("-") if part]
        if not words:
            continue
        before = _MEANS_JOB if fold(job) in _VERBS else r"(?<![\w-])"
        for match in re.finditer(rf"{before}{'[- _]'.join(words)}(?![\w-])", folded):
            yield _Found(match.start(), match.end(), "job", job)
    titled = [m for m in _JOB_TITLE.finditer(text) if not _RENAMING.search(fold(text[: m.start()]))]
    for match in [*_JOB_NAME.finditer(text), *_JOB_ENDS.finditer(text), *titled]:
        yield _Found(match.start("name"), match.end("name"), "job", match["name"])


def _selectors(text: str) -> Iterator[_Found]:
    for match in _SELECTOR.finditer(text):
        raw = match.group().strip()
        if _FILE.fullmatch(raw) or re.fullmatch(r"[a-z]\.[a-z]\.?", raw) or len(raw) < 2:
            continue
        yield _Found(match.start(), match.start() + len(raw), "sel", raw)


def _files(text: str) -> Iterator[_Found]:
    for match in _FILE.finditer(text):
        yield _Found(match.start(), match.end(), "file", match.group())


def _channels(text: str) -> Iterator[_Found]:
    for start, end, name in channels(text):
        yield _Found(start, end, "chan", name)


def _literals(text: str) -> Iterator[_Found]:
    """Services by name, then names and texts that are to be used as they stand."""
    for kind, find in (
        ("chan", literal.services),
        ("quote", titles),
        ("quote", openings),
        ("quote", literal.payloads),
    ):
        for said in find(text):
            yield _Found(said.start, said.end, kind, said.text)


def _zones(text: str) -> Iterator[_Found]:
    for start, end, name in zones(text):
        yield _Found(start, end, "zone", name)


def _times(text: str, lang: str) -> Iterator[_Found]:
    # A time inside a quotation is part of a title or a text, unless no other one is told.
    found = phrases(_QUOTE.sub(lambda quoted: "x" * len(quoted[0]), text), lang)
    if not any(phrase.kind == "when" for phrase in found):
        found = phrases(text, lang)
    if not any(phrase.kind == "when" for phrase in found):
        found = foreign_times(text, lang) or found
    for phrase in found:
        back = phrase.kind == "date" and phrase.value and _SINCE.search(text[: phrase.start])
        yield _Found(phrase.start, phrase.end, "since" if back else phrase.kind, _meant(phrase))
    for match in _SINCE_DAY.finditer(text):
        yield _Found(*match.span("day"), "since", match["day"])


def _meant(phrase: Phrase) -> When | str | Any:
    if phrase.kind == "when":
        return phrase.when
    return phrase.facts.clocks[0] if phrase.kind == "time" else phrase.value or phrase.text


# "2) only bits about shanties": the number of a point.
_POINT = re.compile(r"\d[).] \S")


def _numbers(text: str, lang: str) -> Iterator[_Found]:
    for start, end, number in counts(text, lang):
        if _POINT.match(text, start) and not text[text.rfind("\n", 0, start) + 1 : start].strip():
            continue
        yield _Found(start, end, "num", number)
