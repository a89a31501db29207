"""Numbers of a request that count something or that something is compared with, in digits and words.

Years, parts of addresses and what somebody only says of themselves ("I maintain three projects") are
none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.grounding.languages import fold
from assistant.grounding.numbers import ARTICLES, NUMBERS

Count = tuple[int, int, int | float]
_DIGITS = re.compile(
    r"(?<![\w.,:/#@€$£-])\d{1,9}(?:[.,]\d+)?(?![\w:/@]|[.,]\d|%)|(?<=top-)\d+|(?<=top )\d+"
    r"|(?:(?<=than )|(?<=over )|(?<=under )|(?<=above )|(?<=below )|(?<=als )|(?<=que )|(?<=unter )|(?<=über ))\d{1,9}(?=: )"
)
_COMPARED = re.compile(
    r"(?:below|under|than|above|over|at most|at least|exceeds?|unter|uber|als|de|que|di|sotto|sopra|abaixo de|acima de|onder|boven|dan) "
    r"(?P<sum>[€$£]\s?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[€$£]\s?\d{1,9}(?:[.,]\d{1,2})?)(?![\w.,]*\d)"
)
"""A sum of money that something is compared with."""
_OFTEN = {"twice": 2, "thrice": 3, "zweimal": 2, "dreimal": 3, "viermal": 4, "funfmal": 5}
# "The 1953 flood", "in 2024": a year counts nothing.
_YEAR = re.compile(
    r"(?<!\w)(?:the|in|of|since|from|until|till|year|summer|winter|spring|autumn|season|im|von|seit|en|de|del|depuis|desde|nel|dal|em|van|sinds) (?P<year>1[5-9]\d\d|20\d\d)(?!\d)"
    r"(?! (?:newest|latest|best|top|results?|hits?|items?|stories|articles?|rows|words|entries|posts|pages?))",
    re.I,
)
# "One" is a number only where one counts: "in one sentence each".
_ONE_SENTENCE = re.compile(
    r"(?<![\w-])(?<=to )an?(?= (?:short |single )?(?:sentence|line)(?!\w))|(?<![\w-])(?:(?<=in )|(?<=into ))an?(?= (?:short |single )?sentence(?!\w))|(?<![\w-])an?(?= (?:short |single )?(?:sentence|line) (?:each|apiece|per|for each|about each|on each))|(?<![\w-])(?:one|a single|einem|einen|ein|une?|una|um|uma|uno|een)(?=[ -](?:short |kurzen |single )?(?:sentences?|lines?(?! of)|satz|phrase|frase|zin|liner)\b)"
)
# "The newest story" is one of them, and no more.
_THE_NEWEST = re.compile(
    r"(?<!\w)(?:the|only the|just the)(?= (?:single |very |one )?(?:newest|latest|most recent|top|first|best) (?:story|post|item|article|entry|headline|episode|paper|one|piece)(?!\w))"
    r"|(?<!\w)(?:die|den|das)(?= (?:neueste|neuesten|letzte|letzten|aktuellste) (?:meldung|beitrag|artikel|eintrag|nachricht|folge)(?!\w))"
    r"|(?<!\w)(?:le|la|el|il|lo|o|a|het|de|l')(?= ?(?:dernier|derniere|ultimo|ultima|laatste|nieuwste) (?:article|billet|nouvelle|articulo|noticia|entrada|articolo|notizia|artigo|bericht|artikel)(?!\w))"
)


# "3 March", "March 3rd": a day of a month counts nothing.
_MONTHS = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|March|April|May|June|July|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember|"
    r"janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|"
    r"gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|dezembro|januari|februari|maart|juni|juli|augustus)"
)
_DATED = re.compile(
    rf"(?<!\d)(?P<number>\d{{1,2}})(?=\.? (?:of |de |di )?{_MONTHS}(?!\w))|(?<!\w){_MONTHS} (?P<after>\d{{1,2}})(?![\w.:])(?! (?:of|best|top|newest|latest|stories|items|articles|posts|results|rows))"
)
# "The Vulkan 24 Eco", "a Bergamo 3000 machine": such a number belongs to a name.
_IN_A_NAME = re.compile(
    r"(?<=[a-z,] )(?!Top|First|Last|Best|Get|Show|Give|Take|Pick|Only|Keep|Find|Send|Read)[A-Z][\w'’-]+ (?P<number>\d+)(?= [A-Z][a-z]|(?<=\d{3})(?:[,.;:!?]|$| (?!of\b)[a-z]))"
)


# "I maintain three projects", "our four kids", "there are five of us": such numbers say who speaks.
_OWN = re.compile(
    r"(?<!\w)(?:(?:i|we|they|he|she|you)(?:'ve| have| also| both| now)? (?:maintain|run|own|keep|manage|got|have|had|lead|teach|raise|look after|care for|work on|live with|employ|serve|am|are) (?:about |some |only |over |nearly )?"
    r"|(?:my|our|his|her|their|the other|all) |there (?:are|were|'re) (?:about |only )?)(?P<number>[\w-]+)(?= (?:of us|of you|small |big |little |old |young |open.source )?"
    r"(?!sentences?|lines?|best|top|newest|latest|most|stories|story|items?|results?|articles?|entries|pages?|posts?|times|recipients|words|paragraphs?|headlines?|or|and|of them|of those|of these|minutes?|hours?|days?|weeks?|o'clock|more|less)[a-z])"
)


# "Compare the two": both of what was spoken of.
_BOTH = re.compile(
    r"(?<!\w)(?:the|those|these) (?P<number>two|three|2|3)(?=$|[.,;:!?)]| (?:in|and|to|with|for|side|from|into|of them|together|against|by|as|at|on)(?!\w))"
)


# "Two searches, …", "three fields: …": how many are listed behind it.
_LISTED = re.compile(
    r"(?<!\w)(?<!for )(?P<number>two|three|four|five|six|[2-6])(?= (?:searches|fields|things|inputs|columns|values|databases|sources|changes|questions|points|words|feeds)\s?[,:(])"
)


# "There's three of them: …"
_THERE = re.compile(
    r"(?<!\w)there(?:'s| is| are)(?: just| only)? (?P<number>[a-z]+|\d) of (?:them|these|those)(?=[:,])"
)


def counts(text: str, lang: str) -> Iterator[Count]:
    """(start, end, number) of the numbers that a request counts or compares with; of one language."""
    own = [match.span("number") for match in _OWN.finditer(fold(text))]
    own += [match.span("number") for match in _LISTED.finditer(fold(text))]
    own += [match.span("number") for match in _THERE.finditer(fold(text))]
    own += [match.span("number") for match in _BOTH.finditer(fold(text))]
    own += [m.span("number") if m["number"] else m.span("after") for m in _DATED.finditer(text)]
    if lang != "de":  # where every noun has a capital
        own += [match.span("number") for match in _IN_A_NAME.finditer(text)]
    for found in _numbers(text, lang):
        if not any(start <= found[0] < end for start, end in own):
            yield found


def _numbers(text: str, lang: str) -> Iterator[Count]:
    years = {match.start("year") for match in _YEAR.finditer(text)}
    for match in _DIGITS.finditer(text):
        if match.start() in years:
            continue
        raw = match.group().replace(",", ".")
        yield match.start(), match.end(), float(raw) if "." in raw else int(raw)
    for match in _COMPARED.finditer(fold(text)):
        raw = re.sub(r",(?=\d{3})|[^\d.,]", "", match["sum"]).replace(",", ".")
        yield *match.span("sum"), float(raw) if "." in raw else int(raw)
    for pattern in (_ONE_SENTENCE, _THE_NEWEST):
        for match in pattern.finditer(fold(text)):
            yield match.start(), match.end(), 1
    words = {w: n for w, n in NUMBERS[lang].items() if w not in ARTICLES and w != "one"}
    words |= _OFTEN
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    for match in re.finditer(
        rf"(?<![\w-])(?:{pattern})(?!\w|-(?!(?:sentence|line|word|paragraph|bullet)s?\b)|(?<=twice) as )",
        fold(text),
    ):
        yield match.start(), match.end(), words[match.group()]
