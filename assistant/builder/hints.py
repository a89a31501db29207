"""What the words of a change show beside its values: what is refused, whom a first name means, what
comes besides an old topic, which step "that bit" is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from assistant.builder.remains import telling
from assistant.builder.texts_said import ended, following
from assistant.grounding.cues import cues, says
from assistant.grounding.languages import fold

_REFUSED = re.compile(
    r"<(?:when|time)\d>,? (?:rather than|instead of|in place of|and not|not|statt|anstatt|au lieu de|en vez de|en lugar de|invece di|em vez de|in plaats van)(?: (?:at|the|um|a|las|alle|om))* ?(?P<old><(?:num|time|when)\d>)|"
    r"(?:(?:not|no longer|never|nicht|pas|no|non|niet) (?:at |um |a |las |alle |om )?(?P<not><(?:num|time|when)\d>)(?= (?:any ?more|mehr|plus|mas|piu|mais|meer)))"
    r"|(?P<mark><(?:num|time|when)\d>)(?: (?!but|make|and|so|then)[\w'-]+){0,3}? (?:is|are|was|were|'s|seems?|feels?|looks?|sounds?|ist|sind|est|sont|es|son|e|sono|sao|zijn)"
    r"(?: (?:a|just|really|far|way|much|bit|little|always|clearly|simply|viel|trop|demasiado|troppo|demais|veel|zu|te|for me))*"
    r"(?: ?(?:too (?:late|early|many|much|few|little|long|short|often|high|low|soon)|(?:not|hardly|barely) enough|thin|meagre|meager|excessive|hopeless|overkill|silly|"
    r"no (?:good|use)|(?:zu )?(?:spat|fruh|viel|wenig)|(?:trop )?(?:tard|tot)|(?:demasiado )?(?:tarde|pronto|temprano)|(?:troppo )?(?:tardi|presto|poco|molto)|(?:te )?(?:laat|vroeg|veel|weinig)))(?!\w)"
)
_LEAVING = re.compile(
    r"(?<!\w)(?:(?:has |have |is |was )?left|(?:step(?:s|ped)?|stood|stands) (?:down|back|aside)|place (?:[\w']+ ){0,5}(?:is |was |has been )?(?:taken|filled) by|handed (?:it )?over|finished|retired|retires|resigned|quit|gone|moved on|leaving|leaves|takes? over|took over|taking over|replac\w*|instead|no longer|any ?more|"
    r"where (?:she|he|they) (?:was|were|is)|in (?:her|his|their) (?:place|stead)|steps? down|off the list|out of|not to|"
    r"weg|gegangen|statt|nicht mehr|ubernimmt|parti\w*|remplace\w*|plus|a la place|se fue|reemplaza\w*|ya no|andat[oa]|sostitui\w*|non piu|saiu|substitu\w*|vertrokken|vervang\w*|niet meer)(?!\w)"
)
_CAPITALS = r"[A-ZÀ-ÖØ-Þ][\w'’&-]*(?: (?:of |the |and |for |de |del |der |von |di |da )?[A-ZÀ-ÖØ-Þ0-9][\w'’&-]*)*"
_BETTER = re.compile(
    rf"(?:^|[.;,:!?] |\bI think |\bmaybe |\bperhaps )(?P<name>{_CAPITALS}|<quote\d>)(?:,)? (?:would be|might be|could be|will be|is|sounds|suits|fits|would suit|would fit|reads)"
    r"[^.;<]{0,25}?(?:name|title|better|nicer|clearer|fitting|call it)(?![\w])"
)
_CALL = re.compile(
    rf"(?:let's|i'd|i would|we should|we could|better|please|rather|just) (?:call|name) (?:it|this|that|this one)(?: one)? (?P<name>{_CAPITALS}|<quote\d>)",
)
_COPY = re.compile(
    r"(?<!\w)(?:cc|in cc|in copy|in kopie|en copie|en copia|in copia|em copia)(?!\w)|(?<!\w)(?:add|with|and|plus|send|put) (?:a )?cop(?:y|ies) (?:to|for) <mail\d>"
)
_CALLED = re.compile(
    r"(?<!\w)(?:call|name|rename) (?:it|this|this one|the job|this job|the whole thing)(?: to)? (?P<name><job\d>)"
)
_NOT_BUT = re.compile(
    r"(?<!\w)(?:not|no longer) (?:about |on )?[^.;,<]{2,40}?(?: any ?more)?,? but (?:about |on )?(?=\w)",
    re.I,
)
_PART = re.compile(
    r"(?<!\w)(?:that|it|this|those|them|which)(?: (?:bit|part|step|one|piece|thing|stage|file|mail))?(?= (?:out|off|away|bit|part|step|piece)\b|[.,;!?]|$| (?:please|then|now|too|and)\b)"
)


def refused(text: str) -> set[str]:
    """Marks that are only named to be refused: "nine is too late", "one sentence is a bit thin"."""
    return {m["mark"] or m["not"] or m["old"] for m in _REFUSED.finditer(fold(text))}


def named_persons(text: str, addresses: Mapping[str, str]) -> list[str]:
    """Marks of addresses whose owner is spoken of by a first name, where somebody leaves. `addresses`:
    mark → address."""
    sentences = re.split(r"(?<=[.!?;])\s+", fold(text))
    leaving = [s for s in sentences if _LEAVING.search(re.sub(r"<\w+\d>|\S+@\S+", " ", s))]
    folded = re.sub(r"<\w+\d>|\S+@\S+", " ", " ".join(leaving))
    spoken = set(re.findall(r"[^\W\d_]{3,}", folded))
    return [
        mark for mark, address in addresses.items()
        if spoken & {part for part in re.split(r"[._+-]", fold(address).partition("@")[0]) if len(part) > 2}
    ]  # fmt: skip


_MOVED = re.compile(
    r"(?<!\w)(?:new (?:e-?mail |mail )?address|(?:has|have|got) (?:a new|another|changed (?:his|her|their|the)) (?:e-?mail |mail )?address|changed address(?:es)?|"
    r"(?:the )?old (?:one|address|mailbox)(?: is|'s| has)? (?:dead|gone|closed|off|no longer|dying|bounces)|neue (?:mail-?)?adresse|nouvelle adresse|"
    r"nueva direccion|nuovo indirizzo|novo endereco|nieuwe? (?:mail)?adres)(?!\w)"
)


def moved(text: str) -> bool:
    """Whether somebody is said to have another address now."""
    return _MOVED.search(fold(text)) is not None


def moved_from(new: str, known: Mapping[str, str]) -> list[str]:
    """The mark of the address that a new one takes the place of: the only one, else the one with
    the same name before the @. `known`: mark → address."""
    name = fold(new).partition("@")[0]
    alike = [mark for mark, address in known.items() if fold(address).partition("@")[0] == name]
    return alike if len(alike) == 1 else list(known) if len(known) == 1 else []


def better_name(text: str) -> str:
    """The name that is said to be the better one: "Harbour Dues would be a better name for it"."""
    said = _BETTER.search(text) or _CALL.search(text)
    return said["name"] if said else ""


def in_copy(text: str) -> bool:
    """Whether an address is to get a copy: "cc marta@…"."""
    return _COPY.search(fold(text)) is not None


def called(text: str) -> str:
    """The mark of the name that a job is to have: "call the job tide-letter" calls none."""
    said = _CALLED.search(fold(text))
    return said["name"] if said else ""


def wanted_topic(text: str) -> str:
    """The words without the topic that is refused: "not about ships any more but about fish"."""
    return _NOT_BUT.sub("about ", text)


def besides(text: str, old: str) -> str:
    """What is wanted besides an old topic; empty when nothing is: "not just bees, wasps as well"."""
    folded = fold(text)
    was = rf"(?:about |on |the )?{re.escape(fold(old))}"
    too = r"(?: (?:too|as well|also|auch|aussi|tambien|anche|tambem|ook))"
    new = r"(?P<new>[^,.;:<]{3,40}?)"
    patterns = (
        rf"(?:not (?:just|only|merely)|besides|next to|along with|apart from|in addition to|on top of|nicht nur|pas seulement|no solo|non solo|nao so|niet alleen) {was},? (?:but |sondern |mais |sino |ma |mas |maar )?(?:also |auch |aussi |tambien |anche |tambem |ook )?(?:about |on )?{new}(?:{too})?(?=[,.;]|$| and (?:make|send|at|by)\b)",
        rf"(?:add|include|put|throw|take|bring|cover|have|want|see|get) (?:in |also )?{new}(?: in| on| to (?:it|that|the topic|the mix|the list))?{too}(?=[,.;]|$| (?:besides|next to|and)\b)",
        rf"(?:about|on|for|cover|covering|uber|sur|sobre|su|over) {new}{too}(?=[,.;]|$| and\b)",
        rf"(?:^|[,.;] ){new}{too},? (?:besides|next to|not only|not just|along with|on top of) {was}",
    )
    for pattern in patterns:
        said = re.search(pattern, folded)
        told = ended(text[slice(*said.span("new"))]) if said else ""
        told = re.sub(r"^(?:stories|news|things|stuff|posts|articles) (?:about|on) ", "", told)
        work = cues("steps", told) or cues("full", told)
        if told and telling(told) and "<" not in told and not work and len(told.split()) < 6:
            return told
    return ""


def said_back(text: str, start: int) -> bool:
    """Whether what is to go, behind `start`, is only pointed at: "leave that bit out"."""
    stop = re.search(r"[.;,!?]", text[start:])
    end = start + stop.end() if stop else len(text)
    behind = re.sub(r"^\W*(?:of |with )?", "", fold(text[start:end]))
    return _PART.match(behind) is not None


def without_removed(text: str) -> str:
    """The words without the clauses that say what is to go: of "no newsletter, just a summary of
    each" the summary."""
    for cue in reversed([cue for cue in cues("ways", text) if cue.name == "remove"]):
        stop = re.search(r"[,.;!?]|\s(?:but|just|only|and)\s", text[cue.end :])
        text = text[: cue.start] + (text[cue.end + stop.start() :] if stop else "")
    return text


_BACK = re.compile(
    r"(?:older than|newer than|younger than|no more than|within|(?:the )?(?:last|past|previous)|only|go(?:es)? back|look(?:s|ing)? back(?: over)?|as far back as|remont\w* (?:sur|a|de)|zuruck bis|de los ultimos|degli ultimi|dos ultimos|alter als|junger als|plus (?:vieux|recent)\w* que|"
    r"mas (?:antiguo|reciente)\w* (?:que|de)|piu (?:vecchi|recent)\w* di|mais (?:antig|recent)\w* (?:que|do que)|(?:ouder|nieuwer) dan)(?: (?:the|about|de))*\s*$"
)
_BACK_TOO = re.compile(r"\s*(?:back|old|ago|of (?:news|stories|posts|items))(?!\w)(?! (?:to|on)\b)")


def back(text: str, mark: str) -> bool:
    """Whether a length of time says how far back is looked: "nothing older than <dur1>"."""
    folded = fold(text)
    at = folded.index(mark)
    return bool(_BACK.search(folded[:at]) or _BACK_TOO.match(folded[at + len(mark) :]))


_BASE_NAME = re.compile(
    r"(?<!\w)(?:data ?bases?|db|datenbank|base)(?!\w)(?:[^.;\n]{0,25}?[,;] (?:it|so it|and it|now it|the new one)(?:'s| is) |(?: to (?:ask|use|query))?,? (?:(?:is|should be|must be|has to be|'s|is called|is named|to|be|called|named|to be)(?: now| from now on)? )+)"
    r"(?:now |called |named |the )*(?P<name>(?!now|not|no|the|gone|down|moved|it|down|closed)[a-z][\w-]*)(?! data ?base)(?=[.,;!?]|$| (?:now|from|instead|and|please|any))"
    r"|(?<!\w)(?:ask|use|query|read|take|switch to|change to|move to|from) (?:the )?(?:data ?base |db )?(?P<other>[a-z][\w-]*)(?: data ?base| db)?(?: from now on| instead| now)(?!\w)"
)


def database_meant(text: str) -> str:
    """The name of the database that a change speaks of; empty when it names none."""
    folded = fold(text)
    if not re.search(r"(?<!\w)(?:data ?bases?|db|datenbank|base)(?!\w)", folded):
        return ""
    said = _BASE_NAME.search(folded)
    name = said.lastgroup if said else None
    return text[slice(*said.span(name))] if said and name else ""


_FORMER = re.compile(
    r"(?:instead of|rather than|not|in place of|statt|anstatt|au lieu de|en vez de|en lugar de|invece di|em vez de|in plaats van)(?: (?:at|um|a|las|alle|om|the))* ?(?P<after><num\d>)"
    r"|(?:from|von|de|da|van) (?P<from><num\d>) (?:to|auf|a|zu|naar)(?: the)? <num"
)


def former(text: str, numbers: Sequence[str]) -> tuple[str, str]:
    """The new one of two numbers and the one that it takes the place of: "6 instead of 7". Empty
    where the words do not say so."""
    said = _FORMER.search(fold(text))
    old = (said["after"] or said["from"]) if said else ""
    new = next((mark for mark in numbers if mark != old), "")
    return (new, old) if old in numbers else ("", "")


def counted_things(text: str) -> bool:
    """Whether a number of the text counts something: "6 stories instead of 7"."""
    behind = (fold(text)[m.end() :] for m in re.finditer(r"<num\d>", text))
    return any(
        says("units", unit, following(after))
        for after in behind
        for unit in ("sentences", "items", "sources")
    )


_SOURCE_MOVED = re.compile(
    r"(?<!\w)(?:(?:moved|changed|relocated|switched)(?: (?:the|its|their|that))?(?: \w+)? (?:feed|page|site|address|link|url|source|rss)|(?:feed|page|site|address|link|url|source)(?: \w+)? (?:has |have |was |is |'s )?(?:been )?(?:moved|changed|relocated)|(?:it|that|they)(?:'s|'re| is| are| lives?| sits?)(?: now)? (?:at|under|on) <(?:feed|page|api)\d>|(?:moved|relocated)(?!\w)[^.;]{0,40}?<(?:feed|page|api)\d>|(?:it'?s|that'?s|is)(?: at)? <(?:feed|page|api)\d> (?:now|these days|from now on)"
    r"|(?:the )?old (?:address|link|url|feed|page|one)(?: is|'s| has| was)? (?:dead|gone|closed|off|no longer|dying|broken)|umgezogen|neue (?:adresse|url)|a (?:demenage|change d'adresse)|nouvelle adresse|se ha mudado|ha cambiado|nueva direccion|si e spostat\w|nuovo indirizzo|mudou|novo endereco|verhuisd|nieuwe? (?:adres|link))(?!\w)"
)


def source_moved(text: str) -> bool:
    """Whether what is read is said to stand elsewhere now: "they moved the feed, it's at …"."""
    return _SOURCE_MOVED.search(fold(text)) is not None


_ENDED = re.compile(
    r"(?<!\w)(?:(?:has |have |is |was )?(?:folded|closed(?: down)?|shut(?: down)?|gone(?: quiet| silent)?|dead|defunct|stopped|died|discontinued|offline for good|no more|given up)|went (?:bust|under|quiet)|take (?:it|that|this)(?: one)? (?:out|off)|"
    r"out of it|eingestellt|ferme\w*|cerrad\w*|chius\w*|fechad\w*|gestopt)(?!\w)"
)


def ended_source(text: str) -> bool:
    """Whether something is said to be no more: "wire-b has folded"."""
    return _ENDED.search(fold(text)) is not None


def named_links(text: str, links: Mapping[str, str]) -> list[str]:
    """Marks of the links whose site is spoken of by its name: "take wire-b out". `links`: mark →
    address; a name that several of them have names none."""
    folded = re.sub(r"<\w+\d>", " ", fold(text))
    hosts = {m: re.sub(r"^www\.", "", urlsplit(url).hostname or "") for m, url in links.items()}
    named = [
        mark for mark, host in hosts.items()
        if len(host.split(".")[0]) > 3 and re.search(rf"(?<![\w-]){re.escape(host.split('.')[0])}(?![\w-])", folded)
    ]  # fmt: skip
    return named if 0 < len(named) < len(links) else []
