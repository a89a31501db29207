"""Whether a request asks a database, by the words of the databases there are.

"How many orders are late" says nothing of a database, but where one has a table of orders it can
mean nothing else. What asks, and what points elsewhere, stands in `prompts/builder_cues.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.grounding.cues import says
from assistant.grounding.languages import fold, language
from assistant.grounding.marks import MARK
from assistant.skills.databases.spoken import Phrase, Spoken, phrase

_COMMON = frozenset({"id", "name", "title", "date", "text", "value", "url", "link", "type", "time"})
"""Columns that nearly every table has, and so say nothing."""


def database_asked(text: str, databases: Sequence[Spoken]) -> str | None:
    """The name of the database that a marked request asks; empty when several may be meant, None
    when it asks none.

    It must ask for something, name no link, and name a table, or the database and a column.
    """
    if re.search(r"<(?:feed|page|api|sel)\d>", text):
        return None
    if not says("asking", "data", text) or says("asking", "elsewhere", text):
        return None
    words = phrase(fold(MARK.sub(" ", text)))
    marks = {database.name: _weight(database, words) for database in databases}
    best = max(marks.values(), default=0)
    if best < 2:
        return None
    names = [name for name, weight in marks.items() if weight == best]
    return names[0] if len(names) == 1 else ""


_NO_NAME = re.compile(
    r"vraag|zoek|demande|interroge|chiedi|consulta|pregunta|interroga|pergunta|frag|frage|al|alla|el|nel|nella|del|della|dal|dalla|al|alla|no|na|im|der|vom|the|our|my|your|this|that|a|an|his|her|their|its|sql|same|whole|main|local|live|in|from|of|and|query|ask|check|to|"
    r"der|die|das|den|dem|unser\w*|mein\w*|eine\w*|la|le|une?|notre|ma|cette|el|una|nuestra|mi|esta|il|lo|nostr[oa]|mi[oa]|"
    r"o|uma?|noss[oa]|minh?a|de|het|een|onze|mijn|deze|which|every|each|for|with|is|are|have|how|what|who|whose|find|"
    r"count|list|show|get|pull|read|data|company|new|und|et|y|e|en|aus|dans|con|da|uit|per|by|then|when|if|about|on|into"
)
_SAID = r"(?P<name>[^\W\d_][\w-]*)"
_NAMED = tuple(
    re.compile(pattern.replace("NAME", _SAID))
    for pattern in (
        r"(?<!\w)(?:ask|check|chek|query|from|out of) (?:the )?(?:data ?base|db) NAME",
        r"(?<!\w)the (?:data ?base|db) NAME (?=(?:which|what|whats|how|who|whose|whether|for)(?!\w))",
        r"(?<!\w)(?:run|execute|do|try) (?:this|it|that)(?: (?:one|query|statement))? (?:against|on|in|over|at) (?:the |our )?NAME",
        r"(?<!\w)(?:how (?:many|much)|what|which|who|whoever|whose|every|each|all)(?!\w)[^.;:<]{3,60} according to (?:the |our )?(?!(?:web|internet|net|page|site|feed|news|weather|papers?|plan|rules?|law|list|model|forecast|schedule|timetable)(?!\w))NAME(?=[,.;:]|$| and| every| then)",
        r"(?<!\w)against (?:the |our )?NAME(?=[^.;]{0,60}\bselect )",
        r"(?<!\w)(?:data ?base|db) (?:is |it's |would be |it is )?(?:called|named) NAME",
        r"(?<!\w)(?:ask|check|query|try) (?:the |our )?NAME,? (?:the|that's the|which is the|our) (?:data ?base|db)(?!\w)",
        r"(?<!\w)(?:data ?base|db),? (?:it(?:'s| is)|which is|that's|that is|we call it|they call it) (?:called |named )?NAME",
        r"(?<!\w)(?:data ?base|db) \(NAME\)",
        r"(?<![\w-])NAME[ -](?:data ?base|db|datenbank|databank|database)(?![\w-])",
        r"(?<!\w)(?:data ?base|db) (?:called|named) NAME",
        r"(?<!\w)(?:datenbank|db|databank) NAME",
        r"(?<!\w)(?:base de datos|bbdd|base de dados|banco de dados) (?:(?:de|da|do|del|de la|dos|das) )?NAME",
        r"(?<!\w)(?:base de donnees|bdd) (?:(?:de|du|de la|des) )?NAME",
        r"(?<!\w)(?:base (?:di )?dati|banca dati) (?:(?:di|del|della|dei) )?NAME",
        r"(?<!\w)(?:data ?base|db) NAME(?=[):,;?]|\.\s|\.?$)",
        r"(?<![\w-])NAME,? (?:that's|that is|which is|it's|it is|being|i mean|as in) (?:our|the|my|their|a) (?:\w+ )?(?:data ?base|db)(?![\w-])",
        r"(?<!\w)(?:on|against|in|at) NAME:? (?=select )",
        r"(?<!\w)select (?!.* join ).+? (?:on|against) (?:the |our )?NAME(?=\s*[,.;:()]|\W*$| (?:and|then) (?:mail|send|save|tell|post|ping|put|let)(?!\w))",
        r"(?<!\w)(?:dans|de|sur|en|nella|dalla|na|no|da) (?:la |a |o )?base NAME",
        r"(?:^|[.?!,;:] )(?:la )?base NAME(?=[.,;:?!]|$)",
        r"(?<!\w)(?:demande|interroge|consulte|consulta|pregunta|interroga|chiedi|pergunta)\w* (?:a |em |en |nella )?(?:la |à la )?base NAME",
        r"(?<!\w)(?:db|data ?base) is NAME",
        r"(?<!\w)(?:db|data ?base) ?[:=] ?NAME",
        r"^(?:db|data ?base) NAME(?=:)",
        r"(?<![\w./@-])(?P<name>[a-z]{2,}_?db)(?![\w./@-])",
        r"^(?!.*\bselect\b).*?(?<!\w)(?:in|from|against|on|into|of|ask|query) (?:the |our )?(?P<name>[a-z]+(?:_[a-z0-9]+)+)(?![\w./@-])",
    )
)
_FOREIGN = re.compile(rf"(?<!\w)database (?:(?:di|del|della|dei) )?{_SAID}")


def database_named(text: str) -> str:
    """The database that a request names: "the shop database", "Datenbank helpdesk", "on billing:
    select …"; empty when it names none."""
    found = next(_matches(fold(text), text), None)
    return text[slice(*found.span("name"))] if found else ""


def databases_named(text: str) -> list[tuple[str, str]]:
    """(name, words) of each of several databases that a request names, in their order: the words
    are those of the request that belong to it."""
    spans = _apart(text)
    if len(spans) < 2:
        return [(name, text)] if (name := database_named(text)) else []
    joints = [list(_JOINT.finditer(text, end, start)) for (_, end), (start, _) in pairwise(spans)]
    if not all(joints) or _BOTH.search(fold(text)):
        asks = [s for s in re.split(r"(?<=[.!?;])\s+", text) if _BOTH.search(fold(s))]
        return [(text[slice(*span)], asks[0] if asks else text) for span in spans]
    cuts = [0, *(found[-1].start() for found in joints), len(text)]
    if any(len(text[a:b].split()) < _FEW for a, b in pairwise(cuts)):
        return [(text[slice(*span)], text) for span in spans]
    return [
        (text[slice(*span)], _AND.sub("", text[cuts[n] : cuts[n + 1]].strip(" ,;.")))
        for n, span in enumerate(spans)
    ]


_JOINT = re.compile(r"[.;!?](?=\s)|,?\s(?:and|und|et|y|e|en|plus|as well as|then)\s|,\s")
_AND = re.compile(r"^(?:and|und|et|y|e|en|plus|as well as|then) ")
_FEW = 4
"""Words that are too few to ask a database by themselves."""
_BOTH = re.compile(r"(?:of|in|from|for|ask) both(?! (?:numbers|figures|results))(?!\w)")
# "the databases till and rota", "in shop and in helpdesk (both databases)"
_PAIR = re.compile(
    rf"(?<!\w)(?:data ?bases|dbs) {_SAID} (?:and|und|et|y|e|en) (?:the )?(?P<other>[^\W\d_][\w-]*)"
    rf"|(?<!\w){_SAID.replace('name', 'one')} and (?:the )?(?P<two>[^\W\d_][\w-]*) (?:data ?bases|dbs)(?!\w)"
)


def _apart(text: str) -> list[tuple[int, int]]:
    """Where different databases are named, each with a word of its own that says it is one."""
    folded = fold(text)
    owned: dict[int, tuple[int, int]] = {}
    for match in _PAIR.finditer(folded):
        parts = [match.span(part) for part in ("name", "other", "one", "two") if match[part]]
        owned |= {start: (start, end) for start, end in parts}
    if not owned:
        for match in _matches(folded, text):
            word = _BASE.search(match[0])
            owner = match.start() + word.start() if word else match.start("name")
            owned.setdefault(owner, match.span("name"))
    names = {folded[slice(*span)]: span for span in sorted(owned.values(), reverse=True)}
    return sorted(names.values())


_BASE = re.compile(
    r"data ?base|(?<![a-z])db(?![a-z])|datenbank|databank|bbdd|bdd|base d|banco d|banca d"
)


def _matches(folded: str, text: str) -> Iterator[re.Match[str]]:
    """Where databases are named, the surest wording first."""
    patterns = (*_NAMED, _FOREIGN) if language(text) != "en" else _NAMED
    for pattern in patterns:
        for match in pattern.finditer(folded):
            if not _NO_NAME.fullmatch(match["name"]):
                yield match


def _weight(database: Spoken, words: Phrase) -> int:
    """2 for a table, 1 for the database's own name, 1 for a telling column."""
    telling = [c for c in database.columns if c and c[0] not in _COMMON and c[-1] != "id"]
    tables = any(_stands(table, words) for table in database.tables)
    named = _stands(phrase(database.name), words)
    return 2 * tables + named + any(_stands(column, words) for column in telling)


def _stands(name: Phrase, words: Phrase) -> bool:
    return bool(name) and any(
        words[n : n + len(name)] == name for n in range(len(words) - len(name) + 1)
    )


# "…, und zwar nach Größe aufgeteilt": how the answer is to be parted.
_PARTED = re.compile(
    r"(?:und zwar |and that |namely |that is |en wel |et ce |y ademas )?(?:(?:broken|split|divided|parted) (?:down |up )?by|grouped by|(?:per|by|pro|nach|par|por|naar) [^\W\d]+(?: (?:aufgeteilt|aufgeschlusselt|getrennt|sortiert|uitgesplitst|verdeeld))?$|"
    r"aufgeteilt nach|aufgeschlusselt nach|reparti\w* par|ventile\w* par|desglosad\w* por|repartid\w* por|dividid\w* por|suddivis\w* per|divis\w* per|uitgesplitst naar|verdeeld naar)"
)


def broken_down(text: str, pieces: list[tuple[int, int]], told: str) -> str:
    """The clause behind a question that only says by what its answer is parted."""
    end = text.find(told) + len(told)
    behind = next((text[a:b] for a, b in pieces if a >= end and text[a:b].strip()), "")
    parted = behind and _PARTED.match(fold(behind.strip()))
    return f", {behind.strip()}" if parted else ""
