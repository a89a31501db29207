"""What a number of a request counts: how many are wanted, sentences, or nothing of the job's."""

from __future__ import annotations

import re
from typing import Any

from assistant.grounding.cues import says
from assistant.grounding.languages import fold

_PAGES = re.compile(
    r"(?:web ?)?pages?|(?:web ?)?sites?|web results?|sources?|seiten|quellen|paginas?|fuentes|pagine|fonti|fontes|bronnen"
)
# What makes a number one of how many, whatever it counts.
_FIRST = re.compile(
    r"(?:first|top|last|latest|newest|next|max(?:imum)?|at most|(?:no|not) more than|up to|only|onley|olny|onlly|just|jsut|limit(?:ed)?(?: (?:it |them |that )?(?:to|of|at))?|(?:stop|stops|halt|cut (?:it |them )?off|cap|capped|draw the line)(?: (?:it|them|that|this|the (?:list|lot|rows|result)))? at|not more than|no further than|keep|grab|take|pick|choose|"
    r"erste\w*|neueste\w*|letzte\w*|hochstens|nur|premiere?s?|dernier\w*|primer\w*|ultim\w*|massim\w*|maxim\w*|solo|primi|prime|eerste|laatste|nieuwste|alleen|"
    r"die|les|los|las|le|gli|i|os|as|de)\s*$"
)
_MOST = re.compile(
    r"\s*(?:[\w-]+ ){0,2}?(?:max\b|max\.|at most|tops|or less|or fewer|newest|latest|most recent|mais recentes|mas recientes|plus recent\w*|piu recenti|"
    r"neueste\w*|recentes|recientes|recent\w*|nieuwste|results?|reslts|resluts|reults)"
)
_ENOUGH = re.compile(
    r"\s*(?:(?:rows|lines|records|of them|of these|of those|will|would) )?(?:(?:rows )?(?:will do|would do|do(?:es)?(?=[.,;!?]|$)|are enough|is enough|(?:are|is|'s|would be|will be) (?:plenty|fine|ok|okay|enough|all i need|the most)|enough|plenty|suffices?|max|maximum|at (?:the )?most|tops|please|and no more|"
    r"is genoeg))(?!\w)"
    r"|\s*(?:[^\W\d_]+ )?(?:mir |uns |dafur |me |nous |nos |mi |ci |j'ai |on a |ho |heb ik |ik heb |komme? (?:ich|wir) )*"
    r"(?:reich(?:en|t)|genug(?:en|t)?|dicke|aus(?= ?[.,;:!?]|$)|suffi\w+|assez|bast\w+|llega\w*|chega\w*|volsta\w*|genoeg|enough|plenty)(?!\w)"
)
_ROWS_ALONE = re.compile(r"\s*rows(?=\s*[,.;)]|$)")
# "Eight, no, make that ten": the former of two values of a kind is taken back.
_TAKEN_BACK = re.compile(
    r"(?P<gone><(?P<kind>num|file|mail|chan|since)\d>)[\s,.;:…–—-]*(?:(?:no|nope|wait|sorry|actually|rather|or rather|i mean|make (?:it|that)|"
    r"nein|besser|lieber|non|plutot|pardon|mejor|anzi|meglio|nao|melhor|nee|liever)[\s,.;:…–—-]+)+(?=<(?P=kind)\d>)"
)
_BESIDE = re.compile(
    r"(?:^|\s)(?:before|after|since|until|till|room|line|page|number|nr|no\.?|version|platform|ward|gate|bus|tram|route|week|unit|hall|chapter|flat|floor|section|track|pier|berth|zone|lot|plot|part|phase|class|grade|year|article|level|figure|bay|under|over|below|above|than)\s*$"
)
_PLURAL = re.compile(
    r"(?!max|las|les|los|das|des|mais|mas|plus|minus|is|its|this|was|has|tops)[a-z]{3,}s"
)


_AGE = re.compile(
    r"(?<!\w)(?:she|he|i|they|who|mum|mom|dad|mother|father|aunt|uncle|granny|grandma|grandpa|nan)(?:'s|'m|'re| is| am| are| was| turns| turned)(?: (?:now|nearly|almost|only|just|over))?\s*$"
)


def age(before: str) -> bool:
    """Whether a number tells how old somebody is: "she's 83"."""
    return _AGE.search(before) is not None


def counted_pages(unit: str) -> bool:
    """Whether a number's unit is pages, of which a search gives some."""
    return _PAGES.fullmatch(unit) is not None


def enough(after: str) -> bool:
    """Whether the words after a number say that no more are wanted: "will do", "rows are plenty"."""
    return _ENOUGH.match(after) is not None


def rows_wanted(before: str, after: str) -> bool:
    """Whether a number of rows is how many are wanted: "the list at <page1>, twenty rows, …"."""
    alone = _ROWS_ALONE.match(after) and before.rstrip()[-1:] in (",", "(", ":")
    return bool(alone) or (after.lstrip().startswith("rows") and first(before))


def first(before: str) -> bool:
    """Whether the words before a number make it one of how many: "the first", "stop at"."""
    return _FIRST.search(before) is not None


def at_most(before: str, after: str) -> bool:
    """Whether the words around a number make it one of how many, whatever it counts."""
    return first(before) or _MOST.match(after) is not None


def counts_else(before: str, unit: str, after: str) -> bool:
    """Whether a number counts what no step gives: "forty members", "never before nine"."""
    known = any(says("units", name, after) for name in ("sentences", "items", "sources", "best"))
    pointed = after.startswith(("bullet", "point"))
    return not known and bool(pointed or _BESIDE.search(before) or _PLURAL.fullmatch(unit))


def corrected(text: str) -> tuple[str, set[str]]:
    """A marked request without the values that it takes back, and their marks."""
    gone = {match["gone"] for match in _TAKEN_BACK.finditer(fold(text))}
    for match in reversed(list(_TAKEN_BACK.finditer(fold(text)))):
        text = text[: match.start()] + text[match.end() :]
    return text, {mark for mark in gone if mark not in text}


_LASTING = re.compile(
    r"(?<!\w)(?:has|have|had|he's|she's|it's|i've|we've|they've|is|are|was|were|leaks?|aches?|hurts?|rains?|waits?|lies?|stands?|sits?|lives?|works?|struggl\w*)(?!\w)"
)
_LOOKED_BACK = re.compile(
    r"(?<!\w)(?:what\w*|which|who|how|publish\w*|issu\w*|releas\w*|print\w*|put out|brought out|turned up|come (?:out|in|up)|ran|run|post\w*|writ\w*|wrote|new|newer|older|appear\w*|c[oa]me|happen\w*|sa(?:id|ys?)|report\w*|stor(?:y|ies)|articles?|"
    r"everything|anything|something|nothing(?! else)|only|all|things|web|internet|items?|news|results?|pages?|posts?|entries|said|mention\w*|get|give|read|fetch|search|look|find|since then|was|alter|neuer|junger|alles|plus (?:vieux|ancien)\w*|tout|viej\w*|antigu\w*|vecchi\w*|tutt[io]|antig\w*|ouder)(?!\w)"
)


def aside_since(text: str, mark: str) -> bool:
    """Whether a look-back only tells how long something has lasted, in a clause of its own: "the
    tenant has been without heating since yesterday"."""
    at = text.index(mark)
    edge = re.compile(r"[,.;:!?\n–—]|\s-\s")
    start = max((m.end() for m in edge.finditer(text[:at])), default=0)
    stop = edge.search(text, at)
    clause = fold(text[start : stop.start() if stop else len(text)])
    whole = clause.strip() == fold(text).strip(" .,;:!?\n–—")
    asked = stop is not None and text[stop.start()] == "?"
    return (
        not whole
        and not asked
        and bool(_LASTING.search(clause))
        and not _LOOKED_BACK.search(clause)
        and "<feed" not in clause
    )


def changed_by(old: Any, by: Any, way: str) -> Any:
    """ "Two more" of five is seven; of a number that nobody has set it is only two."""
    if not isinstance(old, int | float) or not isinstance(by, int | float):
        return by
    return old + by if way == "more" else max(1, old - by)
