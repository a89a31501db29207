"""What is left of a request when the words that only lead to it are taken away: what to search for,
what a model is to do. And whether words say anything at all."""

from __future__ import annotations

import re

from assistant.grounding.languages import fold, is_small
from assistant.grounding.marks import MARK
from assistant.grounding.topics import doing_words

_EMPTY = re.compile(
    r"ab|von|nun|desormais|desde|partir|vanaf|from|start(?:ing)?|onwards?|use|using|something|anything|everything|nothing|stuff|things?|ones?|bits?|some|any|please|pls|look(?:ing|s)?|up|search\w*|find\w*|get|give|need|want|see|check|"
    r"online|web|internet|net|google|hits?|results?|pages?|will|would|could|can|do(?:es|ing)?|did|make|made|write|writing|written|wording|choose|chosen|pick|"
    r"come|work|out|round|around|send|put|turn|say|tell|ask|answer|judge|decide|figure|handle|sort|text|texts?|it|them|they|him|her|that|this|those|these|"
    r"have|has|had|data ?bases?|database|db|table|query|rows?|model|llm|ai|draft|whatever|what|how|when|where|there|here|then|again|first|etwas|was|irgend\w*|"
    r"ups|takes|reads|older|newer|younger|than|roba|cose|cosas|coisas|sachen|dinge|trucs|choses|dingen|spullen|solo|soltanto|seulement|nur|alleen|apenas|autocorrect|"
    r"quelque|chose|algo|cosa|qualcosa|coisa|iets|wat|enough|max|most|mine|ours|me|mir|moi|mi"
)


def telling(text: str) -> bool:
    """Whether words say more than "look something up": a word with a meaning, or a text that is
    given."""
    if "<quote" in text:
        return True
    words = re.findall(r"[^\W\d_]{2,}", MARK.sub(" ", fold(text)))
    return any(not (is_small(word) or _EMPTY.fullmatch(word)) for word in words)


_POLITE = (
    r"(?:(?:hey|hi|hello|please|pls|plz|ok(?:ay)?|so|and|then|now|right|well|just|kindly|maybe|also|could you|can you|would you(?: mind)?|will you|"
    r"i want(?: you)?(?: to)?|i'd like(?: you)?(?: to)?|i would like(?: you)?(?: to)?|i need(?: you)?(?: to)?|i'm looking for|help me|bitte|kannst du|konntest du|"
    r"s'il te plait|svp|peux-tu|pourrais-tu|por favor|puedes|podrias|per favore|puoi|potresti|podes|pode|graag|kun je|wil je)[\s,:!.-]+)*"
)
_MODEL = r"(?:(?:an?|the|my|our|your|some|big|large|local|language|good|clever|better|starter|das|ein|dem|le|au|un|el|al|il|o|ao|um|het|een) ?)*(?:models?|llms?|ais?|ki|ia|modell|modele|modelo|modello|taalmodel|sprachmodell|<model\d>)(?!\w)"
_TO_MODEL = re.compile(
    rf"^\W*{_POLITE}(?:(?:ask|have|let|get|make|tell|prompt|use|put|pose|give|hand|send|could|can|should)(?: (?:this|it|that|the following|(?:the|my|a) (?:question|task)))?(?: to)? {_MODEL}"
    rf"|(?:frag\w*|lass\w*|demande\w*(?: a)?|pregunta\w*(?: a)?|pide a|chiedi a|fai|pergunta\w*(?: a)?|pede a|vraag(?: aan)?|laat) {_MODEL}|{_MODEL}(?=[:,]))"
    r"(?: (?:to|for|about|this|that|please|dass|ob|de|que|di|om))*[:,\s]*",
)
_BY_MODEL = re.compile(
    rf"[,;.?!\s–-]*(?:(?:and|und|et|y|e|en) )?(?:with|using|via|by|through|let|have|get|ask|make|mit|avec|con|com|met|lass|fais)\s+{_MODEL}(?:[\s,]+(?:please|pls|do (?:it|this|that)|work (?:it|this|that) out|come up with \w+|write (?:it|them|this)|figure (?:it|this) out|sort (?:it|this) out|handle (?:it|this)|"
    r"decide|choose|answer|to (?:do|write|answer|decide|choose)(?: (?:it|this|them))?|do the (?:writing|work|job|rest)|help))*(?=[\s.!?]*$|[,;:])",
)
_WHEN = re.compile(
    r",?\s*(?:(?<!\w)(?:at|by|on|um|à|a|om|alle|from|since|within|in|and|,)\s)*<(?:when|time|zone)\d>,?:?"
)


def task_left(text: str) -> str:
    """What a model is to do, of a request that wants nothing else: all of it, but for whom it is
    put to and when."""
    told = _WHEN.sub(" ", text)
    led = _TO_MODEL.match(fold(told))
    if led and telling(told[led.end() :]):
        told = told[led.end() :]
    else:
        polite = re.match(rf"^\W*{_POLITE}", fold(told))
        told = told[polite.end() :] if polite else told
    by = next(
        (m for m in _BY_MODEL.finditer(fold(told)) if telling(told[: m.start()] + told[m.end() :])),
        None,
    )
    told = told[: by.start()] + told[by.end() :] if by else told
    told = re.sub(r"\s{2,}", " ", told).strip()
    return re.sub(r"^[\s,;:.]+|[\s,;:]+$", "", told) if telling(told) else ""


_WEB = r"(?:the |on the |in the |on |across the |through the |from the |over the |im |das |sur (?:le |l')?|dans |en (?:la |el )?|su |sul |in |na |op (?:het )?)?(?:world ?wide )?(?:web|internet|net|netz|rete|red)(?:suche)?"
_LOOKING = (
    r"(?:(?:do|run|make|start) (?:me |us )?(?:a |an )?)?(?:quick )?(?:web ?)?(?:search(?:es)?|look(?: it)?(?: (?:up|online|around|round|into))?|google|find(?: (?:me|us|out))*|hunt|dig|research|browse|check|see|get (?:me|us)|give (?:me|us)|show (?:me|us)|tell (?:me|us)|"
    r"fetch|know|have a look|schau\w*|sieh|guck\w*|suche?|such mir|finde|cherche|trouve|busca|encuentra|cerca|trova|procura|pesquisa|zoek|vind)"
)
_LEAD = re.compile(
    rf"^\W*{_POLITE}(?:(?:what (?:does|do|is|has|did) (?:the )?(?:web|internet) (?:say|have|know|got|written)s?|(?:che )?cosa si dice|che si dice|que se dice|o que se diz|que dit-on|was (?:sagt|redet|schreibt) man(?: so)?|wat zegt men|what(?:'s| is) (?:being )?(?:said|written)|is there |are there |(?:i'd|i would) (?:like|love) to know |i (?:want|need|have) to know |i am curious |do you know |any idea |anyone know |i wonder |i'm curious |"
    rf"(?:anything|something|stuff|whatever|whats|what's|what is|what are|what|news|pages?|articles?|papers?|posts?|results?|hits?|links?)(?: (?:new|fresh|good|recent|there|that|is|are|out there|published|written|posted))*(?=[ ,]+(?:{_WEB}|online|on|about|for|regarding|concerning))|"
    rf"(?:the |just the |top |first |newest |latest |best |up to |some )*<num\d>(?: (?:best|newest|latest|top|good|recent))? (?:results?|hits?|pages?|links?|articles?|papers?|posts?|sources|things|others?|more)|{_LOOKING}|{_WEB}|online)"
    r"(?:[\s,:;–-]+(?:to|for|if|whether|about|on|up|out|at|regarding|concerning|what|and|from|the|me|us|that|nach|uber|ob|des|de|sur|sobre|acerca|su|over|naar|say|says|people (?:say|think|write|know|tell|report)|there(?:'s| is| are)?|something|anything|any|some|news|bitte|mal|info(?:rmation)?)(?=[\s,:]))*[\s,:;–-]+)+",
)
_TAIL = re.compile(
    rf"[\s,;:.!?–(-]*(?<!\w)(?:(?:and|but|then|please|pls|thanks|bitte|svp|max|at most|only|just|the|no more than|up to|nothing|not|none|older than|newer than|from|published|within|over|in|since|"
    rf"<since\d>|<dur\d>|<num\d>(?: (?:or so|or thereabouts|odd|results?|hits?|pages?|links?|of them|articles?|will do|are enough|is enough|is plenty|are plenty|would do|tops|max))+|{_WEB}|online|use|search(?: for it)?|look it up|look|it up|via|with google|google it|will do)[\s,;:.!?)–-]*)+$"
)
_NO_WEB = re.compile(
    rf"[\s,]+(?:{_WEB}|online)(?=[\s,:;.?!]|$)|(?:^|\s)(?:according to )?{_WEB}(?=[\s,:;.?!]|$)"
)


_SEARCHING = re.compile(
    r"(?<!\w)(?:web|internet|net|netz|rete|red|online|search\w*|google|look|find|such\w*|cherch\w*|busca\w*|cerca|procura|zoek)(?!\w)"
)


_SEARCHES = re.compile(
    r"(?:search\w*|look(?:ing|s)? up|google\w*)(?: (?:for|the web for|online for))?[,:]? (?P<all><quote\d>(?:(?:,| and|, and| und| et| y| e| en| then| plus) <quote\d>)+)",
    re.I,
)


# "Two searches, not one: carbon border tax, and steel subsidies."
_APART = re.compile(
    r"(?:two|three|both|separate|several|<num\d>) (?:separate |web |different )*searches(?:,? not one)?(?: (?:of|on) the web)?[,:]? (?P<all>[^.:;<\n]+?(?:, and |, | and )[^.:;<\n]+?)(?=[.;\n]|$)",
    re.I,
)


def searches(text: str) -> list[str]:
    """What is each searched for by itself: "two searches, <quote1> and <quote2>"."""
    found = _SEARCHES.search(text)
    if found:
        return MARK.findall(found["all"])
    apart = _APART.search(text)
    told = re.split(r",? (?:and|und|et|y|e|en|plus) |, ", apart["all"]) if apart else []
    return (
        [
            re.sub(
                r"^(?:one )?(?:for|on|about) |^(?:one|the other|another) (?:for|on|about) ", "", one
            )
            for one in told
        ]
        if len(told) > 1
        else []
    )


# "See what the internet has": what it is to be asked stands in another sentence.
_POINTS = re.compile(
    r"(?:what|whatever) (?:the )?(?:web|internet|net) (?:has|says|knows|offers|turns up|comes up with|thinks|makes of it|gives)(?: (?:to say|on it|about it|on that|there|for us))?(?=[,.;:!?]|$)"
    r"|was (?:das |im )?(?:netz|internet|web) (?:so )?(?:hergibt|sagt|weiss|hat)|ce qu'(?:en dit |il y a sur )?(?:le web|internet)(?: en dit| a)?(?=[,.;:!?]|$)|(?:lo )?que (?:dice|hay en|tiene) internet(?=[,.;:!?]|$)|(?:cosa|quello che) (?:dice|trovi su|c'e su) internet(?=[,.;:!?]|$)|wat (?:het )?internet (?:zegt|heeft|oplevert)"
)


def query_left(text: str) -> str:
    """What is to be searched for: the sentence that tells most, without the words that ask for a
    search, say where, how many or how new."""
    plain = re.sub(r"<(?:when|time|zone)\d>", " ", text)
    sentences = re.split(r"(?<=[.!?;])\s+|\n", plain)
    elsewhere = [s for s in sentences if not _POINTS.search(fold(s))]
    told = [(s, _bare(s)) for s in elsewhere]
    if len(elsewhere) == len(sentences) or not any(telling(left) for _, left in told):
        told = [(s, _bare(s)) for s in sentences]
    telling_ones = [(s, left) for s, left in told if telling(left)]
    asking = [left for s, left in telling_ones if _SEARCHING.search(fold(s))]
    return (asking or [left for _, left in telling_ones] or [""])[0]


_JOINT = re.compile(
    rf",?\s(?:and|then|und|dann|et|puis|y|luego|e|poi|depois|en)\s(?:then |dann )?(?:(?:{doing_words()})\w{{0,3}})(?!\w)"
    r"|,\s(?:everything|all|each|both|the lot)(?: of (?:it|them))? (?:down|cut|boiled|in|as|summed)(?!\w)|,\s(?:then |please )?(?:take|keep|pick|choose|select|read|open|fetch|get|pull|grab|rank|throw|weed|drop|lis|garde|choisis|va|quedate|elige|lee|prendi|tieni|scegli|leggi|escolhe|fica|le|kies|pak|lees|nimm|behalte|wahle|lies)(?!\w)"
)
_ABOUT = re.compile(r"[\s,]*(?:about|on|of|regarding|concerning|for|over|to do with) \w")


def _weight(piece: str) -> int:
    """How many words of a text say something."""
    return sum(telling(word) for word in piece.split())


def _bare(sentence: str) -> str:
    told = sentence
    for _ in range(2):
        led = _LEAD.match(fold(told))
        told = told[led.end() :] if led and telling(told[led.end() :]) else told
        tail = _TAIL.search(fold(told))
        told = told[: tail.start()] if tail and telling(told[: tail.start()]) else told
    for match in reversed(list(_NO_WEB.finditer(fold(told)))):
        told = told[: match.start()] + told[match.end() :]
    pieces = re.split(
        r"(?:\s*(?:from|within|in|over|for|since))?\s*<(?:mail|chan|file|feed|page|api|model|since|dur)\d>",
        told,
    )
    # "What's been on the web in <since1> about hedgehogs": what it is about may come later.
    about = [piece for piece in pieces[1:] if _ABOUT.match(fold(piece))]
    told = max([pieces[0], *about], key=_weight)
    led = _LEAD.match(fold(told)) if told != pieces[0] else None
    told = told[led.end() :] if led and telling(told[led.end() :]) else told
    joint = _JOINT.search(fold(told))
    told = told[: joint.start()] if joint and telling(told[: joint.start()]) else told
    tail = _TAIL.search(fold(told))
    told = told[: tail.start()] if tail and telling(told[: tail.start()]) else told
    told = re.sub(r"^[\s,;:.?!–-]+|[\s,;:.?!–(-]+$", "", re.sub(r"\s{2,}", " ", told))
    return re.sub(
        r"^(?:on|about|regarding|concerning|del|della|dei|degli|delle|du|des|de la|des|uber|over) (?=\w)",
        "",
        told,
        flags=re.I,
    )
