"""Free texts of a request, found by the words that lead to them: what to search for, what to say."""

from __future__ import annotations

import re

from assistant.grounding.cues import cues
from assistant.grounding.languages import fold
from assistant.grounding.topics import doing_words, topics

SQL = re.compile(r"\bselect\b.+?\bfrom\b.*", re.I | re.S)
_TO_PLACES = (
    r"(?:,? ?(?<!\w)(?:and |then )?(?:from|in|into|to|as|on|at|by|via|every|each|als|an|nach|aus|von|in|auf|dans|de|à|a|au|sur|"
    r"comme|en|como|para|da|su|come|naar|op|uit|before|since|published|with|for|within|over|during)\s+(?:the |our |my )?)?"
    r"<(?:mail|chan|file|feed|page|api|model)\d>"
)
_TIMES = re.compile(
    r",?\s*(?:(?<!\w)(?:at|by|on|um|à|a|om|alle|from|since|within|in)\s)?<(?:when|time|zone)\d>,?"
)
_STOP = re.compile(rf"[;!?\n]|\.(?=\s|$)|\s[-–—→>|]+\s|{_TO_PLACES}")
_ONLY_PLACE = re.compile(
    r"(?:(?:it|that|this)(?:'s| is)? )?(?:\w+ ){0,2}?(?:from|in|into|using|ask|query|check|according to|per|laut|aus|in|selon|dans|de|segun|en|"
    r"secondo|da|nel|segundo|na|no|volgens|uit)? ?(?:the |our |my |der |die |unserer? |la |nuestra |il |nostro |o |a |de )*"
    r"(?:\w+ )?(?:data ?bases?|db|sql|datenbank|base de donnees|base de datos|base dati|database|banco de dados|base de dados)"
)
_SAYING = frozenset({"message", "body"})
_EDGES = re.compile(r"^[\s,;:.()\"“”-]+|[\s,;:.()\"“”-]+$")
_TRAILING = re.compile(
    r"(?:[\s,]+(?:and|then|und|dann|et|puis|y|luego|e|poi|depois|en|dan|please|pls|bitte|svp|por favor|per favore|graag|"
    r"to|in|as|for|from|at|by|into|on|a|an|the|know))+$", re.I,
)  # fmt: skip


def saying(name: str, text: str) -> str:
    """The text of a field by its name; empty when no words lead to one."""
    if name in ("sql", "question"):
        statement = SQL.search(text)
        if name == "sql":
            return statement[0].strip().rstrip(".;") if statement else ""
        return "" if statement else question_in(text)
    found = [cue for cue in cues("texts", text) if cue.name == name and cue.groups.get("text")]
    if not found:
        return ""
    quoted = re.fullmatch(r"\W*(<quote\d>)\W*", found[0].groups["text"])
    told = quoted[1] if quoted else ended(found[0].groups["text"], saying=name in _SAYING)
    return re.sub(r"^(?:about|for|that|if|whether)\s+", "", told) if name == "query" else told


def ended(text: str, *, saying: bool = False) -> str:
    """A text up to where something else begins: a mark of a place or time, another thing to do.
    What a person says to others runs on to the end of its sentence."""
    if not saying:
        text = _TIMES.sub(" ", text).replace("  ", " ").strip()
    stop = re.search(r"[\n]|[.!?](?=\s+[A-ZÄÖÜ])", text) if saying else _STOP.search(text)
    if stop is not None and stop.start() > 0:
        text = text[: stop.start()]
    if not saying:
        text = text[: _next_doing(text)]
    return _EDGES.sub("", _TRAILING.sub("", _EDGES.sub("", text)))


def _next_doing(text: str) -> int:
    """Where "and mail it", ", then save" begins; the end when nothing does."""
    folded = fold(text)
    joint = re.compile(
        rf"(?:,\s*(?:and |then |und |dann |et |puis |y |e |poi |en |dan )?|\s(?:and|then|und|dann|et|puis|y|luego|e|poi|depois|en|dan)\s(?:then |dann )?)"
        rf"(?:{doing_words()}|pick|choose|rank|condense|sum|read|fetch)\b"
        r"|,\s*(?:(?:the |only )?(?:<num\d>|best|top|full)|summar|newsletter|resum|zusammen)"
    )
    match = joint.search(folded)
    return match.start() if match else len(text)


def question_in(text: str) -> str:
    """The words that ask the database: the clauses that speak of it, else all of the request."""
    spoken = [cue for cue in cues("sure", text) if cue.name == "query_database"]
    pieces = _clauses(text)
    if spoken:
        at = spoken[0].start
        here = next(
            (p for p in pieces if p[0] <= at < p[1]), pieces[0] if pieces else (0, len(text))
        )
        told = text[here[0] : here[1]]
        # "from our db, who are …", "… , it's in the database": the question stands beside it.
        if _ONLY_PLACE.fullmatch(fold(_outward(told))) and len(pieces) > 1:
            number = pieces.index(here)
            beside = pieces[number - 1] if number else pieces[1]
            told = text[min(here[0], beside[0]) : max(here[1], beside[1])]
    else:
        told = text
    return _outward(told)


def _outward(text: str) -> str:
    """Without what leads out of the question: "… into <file1>", "mail … to <mail1>"."""
    text = re.sub(
        r"^\W*(?:<(?:when|time)\d>\W*)+|(?:\s+(?:at |on |um |om )?<(?:when|time)\d>)+\W*$", "", text
    )
    cut = re.compile(rf"{_TO_PLACES}")
    return _EDGES.sub("", _TRAILING.sub("", _EDGES.sub("", cut.sub(" ", text)))).replace("  ", " ")


def _clauses(text: str) -> list[tuple[int, int]]:
    folded = fold(text)
    joint = re.compile(
        rf"[;!?\n]|\.(?=\s|$)|,\s|\s(?:and|then|und|dann|et|puis|y|luego|e|poi|depois|en|dan)\s(?=(?:then )?(?:{doing_words()})\b)"
    )
    cuts = [0, *(edge for m in joint.finditer(folded) for edge in m.span()), len(text)]
    return [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True) if text[a:b].strip()]


def topic_of(text: str) -> str:
    """The one topic of a request; the first of several that is more than a small word."""
    for topic in topics(text):
        if len(topic) > 2 and not re.fullmatch(
            r"(?:it|them|this|that|what\w*|the \w+ing|(?:the )?(?:feeds?|jobs?|news ?letters?|lists?|pages?|web|internet|database|db|channels?|mails?|top|time|hold|demand|hand))",
            topic,
            re.I,
        ):
            return topic
    return ""


def following(text: str) -> str:
    """The next three words, up to the first sign: what a number counts."""
    clause = re.split(r"[,.;:!?<()]", text.strip(" -"), maxsplit=1)[0]
    return " ".join(re.split(r"[\s-]+", clause.strip())[:3])
