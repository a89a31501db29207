"""Free texts of a request, found by the words that lead to them: what to search for, what to say."""

from __future__ import annotations

import re

from assistant.builder.data_asked import broken_down
from assistant.builder.picked import most_for, picked_for
from assistant.builder.remains import telling
from assistant.builder.statements import TO_PLACES, asks_in_sql, statement_in
from assistant.grounding.cues import cues, says
from assistant.grounding.languages import fold
from assistant.grounding.literal import LANGUAGES
from assistant.grounding.marks import MARK
from assistant.grounding.topics import doing_words, topics

_TIMES = re.compile(
    r",?\s*(?:(?<!\w)(?:at|by|on|um|à|a|om|alle|from|since|within|in)\s)?<(?:when|time|zone)\d>,?"
)
_STOP = re.compile(rf"[;!?\n]|\.(?=\s|$)|\s[-–—→>|]+\s|{TO_PLACES}")
# What is said to somebody ends with its sentence, or where its heading is told.
_SAID_STOP = re.compile(
    r"\n|[.!?](?=\s+(?:[A-ZÄÖÜ]|<quote))"
    r"|[,;.]?\s+(?:and )?(?:(?:with|under|use|put|have|take) )?(?:(?:the|a) )?(?:(?:subject(?: line)?|heading|headline|title)(?: (?:of|is|should be))?:? <quote\d>"
    r"|<quote\d> (?:(?:stand|appear|be|go) )?(?:as|in|for|on|over|above) )"
    r"|[,;.]?\s+(?:(?:und|et|y|e|en|mit|avec|con|com|met) )?(?:(?:de[mnr]|l'|el|il|o|het) ?)?(?:betreff|objet|sujet|asunto|oggetto|assunto|onderwerp) ?:? ?<quote\d>"
)
_ONLY_PLACE = re.compile(
    r"(?:(?:it|that|this|they|those|the figures?|the numbers?|everything|all (?:of )?(?:it|that))(?:'s| is|'d be| would be| are| were)? (?:all )?(?:stored |kept |held |found )?)?(?:you(?:'ll| will)? find (?:it|that|them) )?(?:\w+ ){0,2}?(?:from|in|into|using|ask|query|check|according to|per|laut|aus|in|selon|dans|de|segun|en|"
    r"secondo|da|nel|segundo|na|no|volgens|uit)? ?(?:the |our |my |der |die |unserer? |la |nuestra |il |nostro |o |a |de )*"
    r"(?:\w+ )?(?:data ?bases?|db|sql|datenbank|base de donnees|base de datos|base dati|database|banco de dados|base de dados)"
)
_SAYING = frozenset({"message", "body"})
# "To <mail1>: <quote1>"; what "(subject: <quote1>)" names is no text of the letter.
_LITERAL = re.compile(
    r"(?:<chan\d>|<mail\d>|channel|kanal)(?:(?!subj|betreff|objet|sujet|asunto|oggetto|assunto|onderwerp|titl|heading)[^.;:<]){0,20}:\s*(<quote\d>)",
    re.I,
)
# "Mail me how many …", "let <mail1> know which …": the question begins behind it.
_LEADING = re.compile(
    r"^\W*(?:(?:please|pls|and|then|also|just|can you|could you|i want you to|i'd like you to|bitte|kannst du)\W+)*"
    r"(?:e-?mail|mail|send|text|post|message|ping|tell|let|schick\w*|sag\w*|maile?|envoie|dis|envia|manda|dime|dimmi|invia|mandami|diz|stuur|zeg|mail)(?:[- ](?:me|us|him|her|them|mir|uns|moi|nous|mij|ons|"
    r"<(?:mail|chan)\d>|everyone|the \w+(?: channel)?|know|at|on|to|in|over|by (?:e-?mail|mail)|a (?:mail|message|note)|with))*[,:]? +"
    r"(?=(?:how|which|what|who|whose|whether|the (?:number|count|total|amount|sum|names?|list|average|share)|wie ?viele?|welche|wer|combien|quel|cuant|que |cual|quant|quali|hoeveel|welke)(?!\w*<))"
)
_EDGES = re.compile(r"^[\s,;:.()\"“”-]+|[\s,;:.()\"“”-]+$")
_TRAILING = re.compile(
    r"(?:[\s,]+(?:and|then|und|dann|et|puis|y|luego|e|poi|depois|en|dan|please|pls|bitte|svp|por favor|per favore|graag|(?:it |that |this )?goes|(?:and|then) off|"
    r"instead|now|to|(?<!came )(?<!come )(?<!comes )(?<!went )(?<!coming )in|as|for|from|at|by|into|on|a|an|the|know))+$", re.I,
)  # fmt: skip


# "At noon to <quote1>"
_ONLY_QUOTED = re.compile(
    r"\W*(?:(?:at|on|by|to|that|of|about|for|with|saying|<(?:when|time|zone|date)\d>)\W+)*(<quote\d>)\W*"
)
_ONLY_WEB = re.compile(
    r"(?:(?:a look|round|around|the|on|through|web|internet|net|online) ?)+", re.I
)


def saying(name: str, text: str) -> str:
    """The text of a field by its name; empty when no words lead to one."""
    if name == "sql":
        return statement_in(text)
    if name == "question":
        return "" if asks_in_sql(text) else question_in(text)
    if name in _SAYING and (literal := _LITERAL.search(text)):
        return literal[1]
    if name == "query":
        # A sentence at a time: one that only speaks of the web must not swallow the one that asks.
        sentences = re.split(r"(?<=[.!?])\s+", text)
        told = [_said(name, sentence) for sentence in sentences if len(sentences) > 1]
        telling = [t for t in told if t and not _ONLY_WEB.fullmatch(t)]
        if telling:
            return telling[0]
        asked = [s for s in sentences if s.endswith("?") and "<" not in s]
        if any(told) and asked:
            return asked[0].rstrip("?")
    return _said(name, text)


def _said(name: str, text: str) -> str:
    found = [cue for cue in cues("texts", text) if cue.name == name and cue.groups.get("text")]
    if not found:
        return ""
    if name == "query":
        # The words that ask for a search are surer than those that only speak of the web.
        asking = [
            c
            for c in found
            if re.match(
                r"(?:web ?)?search|look|find|google|research|there|is there|are there", c.text, re.I
            )
        ]
        found = asking or found
    if name == "title":
        return _titled(found[0].groups["text"])
    quoted = _ONLY_QUOTED.fullmatch(found[0].groups["text"])
    if name in _SAYING or name == "query":
        # What is said stands whole in its mark; what follows is about the letter.
        quoted = quoted or re.match(r"\W*(<quote\d>)(?=[,.;!?]|$)", found[0].groups["text"])
    if quoted and name == "prompt":
        if re.fullmatch(
            r"\W*(?:please )?(?:ask|put|pose|give|hand|send|tell)\b[^<]{0,25}(?:<model\d>|model)\W*",
            text[: text.index(quoted[1])],
            re.I,
        ):
            return quoted[1]
        # What is to be done with the text stands before it.
        return _EDGES.sub("", text[: text.index(quoted[1]) + len(quoted[1])])
    told = (
        quoted[1]
        if quoted
        else ended(found[0].groups["text"], saying=name in _SAYING, writing=name == "prompt")
    )
    return _query(told) if name == "query" else told


_STUFF = re.compile(
    r"^(?:(?:some |any |the |a few |<num\d> )?(?:good |recent |new )?(?:web ?)?(?:stuff|things?|something|anything|info|information|material|pages?|articles?)(?: (?:online|on the (?:web|internet|net)))? (?:about|on|regarding|concerning) |(?:about|for|that|if|whether)\s+)",
    re.I,
)
_SO_MANY = re.compile(
    r",? (?:say|about|around|roughly|maybe|perhaps|like|some|at most|(?:no |al |como |au |op )?m[aáà](?:ss|x)im\w+|max\w*\.?|h[oö]chstens|maximal|hooguit|au plus|al massimo|up to) <num\d>(?: [\w-]+)?$",
    re.I,
)


_SINCE = re.compile(
    r",?\s*(?:(?:since|after|from|in|within|over|of|during|for|de|des|du|von|aus|seit|depuis|nel|negli|delle?|dei|dos|das|uit|van) )?(?:the |los |las |les |den |der )?<(?:since|dur)\d>(?:'s)?(?: (?:or so|only|alone))?",
    re.I,
)


def _query(told: str) -> str:
    """What is searched for without what only leads to it, and how many of it."""
    told = _SINCE.sub("", told)
    return _ON_THE_WEB.sub("", _STUFF.sub("", _SO_MANY.sub("", told), count=1))


def _titled(text: str) -> str:
    """A title up to where the sentence goes on: "Garden Weekly from …"."""
    if quoted := re.match(r"\W*(<quote\d>)", text):
        return quoted[1]
    cut = re.split(
        r"\s(?:from|out of|of|and|for|to|with|every|by|at|on|via|then|aus|und|für|an|mit|von|de|et|pour|à|y|para|con|da|e|per|com|van|en|voor|naar)\s",
        f"{text} ", maxsplit=1,
    )[0]  # fmt: skip
    told = _EDGES.sub("", cut)
    return told if told and len(told.split()) <= 6 and told[:1].isupper() else ""


def ended(text: str, *, saying: bool = False, writing: bool = False) -> str:
    """A text up to where something else begins: a mark of a place or time, another thing to do.
    What a person says to others runs on to the end of its sentence. `writing`: it says how long
    something is to be made, so "four sentences or so" belongs to it."""
    if not saying:
        text = (
            _TIMES.sub(lambda m: ", " if "," in m[0] else " ", text).replace("  ", " ").strip(" ,")
        )
    stop = _SAID_STOP.search(text) if saying else _STOP.search(text)
    if stop is not None and stop.start() > 0:
        text = text[: stop.start()]
    if not saying:
        text = text[
            : _next_doing(_LENGTH.sub(lambda m: "x" * len(m[0]), text) if writing else text)
        ]
    if saying:
        text = re.sub(r"(?:,?\s*(?:at |on |um |à |a las |om )?<when\d>)+\W*$", "", text)
    trailing = _SAID_TRAILING if saying else _TRAILING
    return _EDGES.sub("", trailing.sub("", _EDGES.sub("", text)))


# "The grants are in": what is said to people may end in a small word.
_SAID_TRAILING = re.compile(
    r"(?:[\s,]+(?:and|then|und|dann|et|puis|y|luego|poi|depois|please|pls|bitte|svp|por favor|per favore|graag))+$",
    re.I,
)
_LENGTH = re.compile(
    r"<num\d>(?=(?: or <num\d>)? (?:sentences?|words?|lines?|paragraphs?|points?|w[oö]rter|worten|s[aä]tzen?|zeilen|mots|phrases|lignes|palabras|frases|l[ií]neas|parole|frasi|righe|palavras|linhas|woorden|zinnen|regels)(?!\w))",
    re.I,
)


def _next_doing(text: str) -> int:
    """Where "and mail it", ", then save" begins; the end when nothing does."""
    folded = fold(text)
    joint = re.compile(
        rf"(?:,\s*(?:and |then |just |und |dann |et |puis |y |e |poi |en |dan )?|\s(?:and|then|und|dann|et|puis|y|luego|e|poi|depois|en|dan)\s(?:then |dann )?)"
        rf"(?:(?:{doing_words()})\w{{0,3}}|book|pick|choose|rank|condense|sum|read|fetch|go|look|start|let it|move|run|print|telegram|slack|text it|get (?:the|each|all|them|those|me)|pull|grab"
        r"|quedate|escoge|elige|selecciona|lee (?:l[oa]s?|el)|saca|garde|choisis|prends|lis les?|va chercher|demande|fais-en|range(?=-)|tieni|scegli|prendi|leggi|chiedi|nimm|wahle?|behalte?|lies d\w+|frag d\w+|fica|escolhe|pede|hou (?:alleen|de)|kies|neem|lees|vraag)\b"
        r"|,\s*(?:(?:and )?(?:nothing|not?|nichts|nicht|rien|pas|nada|no|niente|non|nao|niets|niet) (?:older|newer|further back|alter|plus (?:vieux|ancien)|mas (?:antigu|viej)|piu vecch|mais antig|ouder)|(?:the |onl?e?y |max )?(?:first )?(?:<num\d>|best|top|full)|summar|shorten|condens|boil |sum |newsletter|resum|zusammen)"
    )
    match = joint.search(folded)
    return match.start() if match else len(text)


def clause_of_model(text: str) -> str:
    """The sentence in which a model is spoken of, without what leads out of it."""
    spoken = [(c.start, c.end) for c in cues("sure", text) if c.name == "ask_model"]
    named = A_MODEL.search(fold(text))
    for begin, end in spoken or ([named.span()] if named else []):
        ends = [m.end() for m in _SENTENCE_END.finditer(text)]
        start = max((e for e in ends if e <= begin), default=0)
        stop = min((e for e in ends if e >= end), default=len(text))
        told = outward(text[start:stop])
        return told if telling(told) else ""
    return ""


A_MODEL = re.compile(r"(?<!\w)(?:(?:the|an?|our) (?:model|llm|ai)(?!\w)|<model\d>)")
# A point of a list, "(c) a word from the model", stands by itself as a sentence does.
_SENTENCE_END = re.compile(r"[.!?;\n](?=\s|$)|\s(?=\(?[a-h]\)\s)|[-–—→]>?\s(?=\S)")


_TRANSLATING = re.compile(
    r"translat\w*|ubersetz\w*|tradui\w*|traduc\w*|tradott\w*|traduz\w*|vertaal\w*"
)


def into_language(told: str, text: str) -> str:
    """What a model is to do, with the language that another sentence names: "my mother reads only
    Portuguese. Could … reach her translated?"."""
    tongue = re.compile(rf"(?<!\w)(?:{LANGUAGES})(?!\w)")
    if not told or not _TRANSLATING.search(fold(told)) or tongue.search(fold(told)):
        return told
    named = next((s for s in re.split(r"(?<=[.!?;])\s+", text) if tongue.search(fold(s))), "")
    return f"{outward(named)}: {told}" if named else told


# "Ask ledger, the database"
_APPOSED = re.compile(
    r"(?<!\w)(ask|query|check|try|in|from) (?:the |our )?(\w+), (?:the|our|that's the|which is the|a) (data ?base|db)(?!\w)",
    re.I,
)


def question_in(text: str) -> str:
    """The words that ask the database: the clauses that speak of it, else all of the request."""
    text = _APPOSED.sub(r"\1 the \2 \3", text)
    spoken = [cue for cue in cues("sure", text) if cue.name == "query_database"]
    pieces = _clauses(text)
    if spoken:
        at = spoken[0].start
        here = next(
            (p for p in pieces if p[0] <= at < p[1]), pieces[0] if pieces else (0, len(text))
        )
        told = text[here[0] : here[1]]
        # "from our db, who are …", "… , it's in the database": the question stands beside it.
        only_place = _ONLY_PLACE.fullmatch(fold(outward(told)))
        brief = len(MARK.sub(" ", told).split()) < 9 and not says("asking", "data", told)
        if (only_place or brief) and len(pieces) > 1:
            number = pieces.index(here)
            around = [pieces[n] for n in (number - 1, number + 1) if 0 <= n < len(pieces)]
            if only_place and not any(telling(outward(text[slice(*p)])) for p in around):
                ahead = [p for p in pieces[:number] if telling(outward(text[slice(*p)]))]
                around = ahead[-1:] or around
            asking = [piece for piece in around if says("asking", "data", text[slice(*piece)])]
            saying_some = [piece for piece in around if telling(text[slice(*piece)])]
            beside, asks = (asking or saying_some or around)[0], bool(asking)
            beside = beside if only_place or asks else here
            far = abs(pieces.index(beside) - number) > 1
            told = (
                text[slice(*beside)]
                if far
                else text[min(here[0], beside[0]) : max(here[1], beside[1])]
            )
        asks = says("asking", "data", told)
        told += broken_down(text, pieces, told)
        if text[here[1] : here[1] + 1] != "?" and (
            asking := _asked_beside(text, pieces, asks=asks)
        ):
            told = asking
    else:
        told = text
    return outward(told)


# "… (database tills)"
_IN_BRACKETS = re.compile(
    r"\s*\((?:in |from |ask )?(?:the |our )?(?:(?:data ?base|db)(?: \w+)?|\w+ (?:data ?base|db))\)?(?=\W*$)",
    re.I,
)
_CURIOUS = re.compile(
    r"(?<!\w)(?:know|hear|see|find out|tell (?:me|us|them)),? (?P<what>(?:how|what|which|who|whose|whether|when|where) [^,.;:!?–—]{6,}?)(?=\s+[-–—]\s|[,.;:!?–—]|$)"
)


def _asked_beside(text: str, pieces: list[tuple[int, int]], *, asks: bool) -> str:
    """The question of a request whose words on the database ask nothing: a clause that ends in a
    question mark, or, where the words themselves do not ask, what somebody wants to know."""
    questions = [text[a:b] for a, b in pieces if text[b : b + 1] == "?"]
    asking = [q for q in questions if says("asking", "data", q)]
    if asking:
        return asking[-1]
    curious = None if asks else _CURIOUS.search(fold(text))
    return text[slice(*curious.span("what"))] if curious else ""


# "Fetch <feed1> and how many orders are open": what is read beside it is no part of a question.
_READ_BESIDE = re.compile(
    r"^\W*(?:(?:please|first|then) )?(?:fetch|read|get|take|grab|pull|open|scrape|lies|hole?|lis|prends|lee|coge|leggi|prendi|lees|pak) (?:(?:the|its|our|der|den|die|le|la|el|il|de|het) )?(?:(?:feed|page|site) )?<(?:feed|page|api)\d>,? (?:and|plus|then|und|et|y|e|en)(?: then)? ",
    re.I,
)


def outward(text: str) -> str:
    """Without what leads out of the question: "… into <file1>", "mail … to <mail1>"."""
    text = re.sub(
        r"^\W*(?:<(?:when|time|zone)\d>\W*)+|(?:\s+(?:at |on |um |om )?<(?:when|time|zone)\d>)+\W*$",
        "",
        text,
    )
    lead = _LEADING.match(fold(text))
    text = text[lead.end() :] if lead else text
    # What a model is to make of the rows is no part of what is asked of them.
    model = re.search(
        r"[,;]?\s(?:and\s)?(?:have|let|get|make|ask)\s(?:the\s|a\s|an\s)?(?:model|llm|ai|<model\d>)\b",
        text,
    )
    text = text[: model.start()] if model and telling(text[: model.start()]) else text
    text = _IN_BRACKETS.sub("", text)
    text = _READ_BESIDE.sub("", text)
    cut = re.compile(rf"{TO_PLACES}")
    return _EDGES.sub("", _TRAILING.sub("", _EDGES.sub("", cut.sub(" ", text)))).replace("  ", " ")


def _clauses(text: str) -> list[tuple[int, int]]:
    folded = fold(text)
    joint = re.compile(
        rf"[;!?\n]|\.(?=\s|$)|,\s|(?<!name)(?<!names)(?<!phone)(?<!address)\s(?:and|then|und|dann|et|puis|y|luego|e|poi|depois|en|dan)\s(?=(?:then )?(?:{doing_words()}|text (?:it|them|that|this|me|us)|cc)\b)"
    )
    cuts = [0, *(edge for m in joint.finditer(folded) for edge in m.span()), len(text)]
    return [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True) if text[a:b].strip()]


def topic_of(text: str) -> str:
    """The one topic of a request; the first of several that is more than a small word."""
    text = _REASON.sub(" ", text)
    told = [topic for topic in topics(text) if not _WHERE_TO.search(text[: text.find(topic)])]
    told.sort(key=lambda topic: _only_on(topic, text))
    surest = [most_for(text)] if told and _only_on(told[0], text) else []
    for found in (*_kinds_of(text), *surest, *told, *picked_for(text)):
        topic = _TRAILING.sub("", _ON_THE_WEB.sub("", found))
        if len(topic) > 1 and not re.fullmatch(
            r"(?:one (?:side|hand)\b.*|(?:it|them|him|her|our|your|my)sel(?:f|ves)\b.*|(?:these|those) days|(?:the )?other\b.*|(?:the )?(?:net|web|internet) about\b.*|it|them|this|that|what\w*|which\b.*|most|each|tun(?: hat| haben)?|the \w+ing|(?:the )?(?:feeds?|jobs?|news ?letters?|lists?|pages?|web|internet|net|database|db|channels?|mails?|top|time|hold|demand|hand))",
            topic,
            re.I,
        ):
            return topic
    return ""


# "Nobody on site", "it depends on", "I go on air": no subject follows.
_WHERE_TO = re.compile(
    r"(?<!\w)(?:nobody|no one|everybody|everyone|people|anyone|somebody|(?:they|we|you|he|she|it|that|i)(?:'s|'re|'m| is| are| am)?|go|goes|going|insists?|depends?|relies|counts?|put|puts|based|works?|lives?|sits?|runs?|carry|hangs?|holds?|later|early|stand|standing|stuck|turned|switched|out|down|back|still|already) on (?:the |an? )?$",
    re.I,
)


def _only_on(topic: str, text: str) -> bool:
    """Whether nothing but "on" leads to a topic, which may as well say where: "on air"."""
    return bool(re.search(r"(?<!\w)on (?:the |an? )?$", text[: text.find(topic)], re.I))


_ON_THE_WEB = re.compile(
    r"\s+(?:first$|(?:on|in|from|across) the (?:web|internet|net)|online|im (?:netz|internet|web)|sur (?:le web|internet)|en (?:la web|internet)|s(?:u|ul) (?:web|internet)|in rete|na (?:net|internet|web)|op (?:het )?(?:internet|web))$",
    re.I,
)
# Why somebody wants it, which is nothing that it is about: "so I've something to read on the bus".
_REASON = re.compile(
    r"(?<!\w)(?:,? ?so (?:that )?|because |'?cause |cos |since )(?:i|i've|i'll|we|we've|she|he|they|there|nobody|everybody)(?:'s|'re|'d|'ve|'ll)?(?= )[^,.;:!?<]*",
    re.I,
)
# "the five best farming stories": what they are about stands before what they are.
_KIND = re.compile(
    r"(?:best|top|most (?:important|interesting|relevant|useful))(?: (?:<num\d>|of the|few))? (?P<what>(?!(?:new|newest|recent|latest|last|most|more|other|few|long|short|big|good|single|front|top|local|current|older|news|blog|web|rss|full|interesting|important|relevant|of)\b)[a-z][\w-]+(?: [a-z][\w-]+)?)"
    r" (?:stor(?:y|ies)|articles?|items?|posts?|news|pieces?|headlines?|papers?|entries)(?!\w)(?! (?:about|on|regarding|concerning|covering|mentioning)\b)",
    re.I,
)


def _kinds_of(text: str) -> list[str]:
    """What the best are about, said before them: "the two best ransomware stories"."""
    return [match["what"] for match in _KIND.finditer(text)]


def following(text: str) -> str:
    """The next three words, up to the first sign: what a number counts."""
    clause = re.split(r"[,.;:!?<()]", text.strip(" -"), maxsplit=1)[0]
    return " ".join(re.split(r"[\s-]+", clause.strip())[:3])
