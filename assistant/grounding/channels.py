"""Channels that a text names: #ops, the wardens channel, channel=bikes, "put 'done' into oncall"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from assistant.grounding.languages import language


class Channel(NamedTuple):
    start: int
    end: int
    name: str


_HASH = re.compile(r"(?<![\w/&])#[a-zA-Z][\w-]*")
_APPRISE = re.compile(
    r"\b(?:slack|discord|tgram|mailto|matrix|msteams|ntfy|json|xml|telegram)://\S+"
)
_BEHIND = re.compile(
    r"\b(?:slack channel|channel|chan\.?|chat|kanal|canal|canale|kanaal)(?:\s+is(?=\s+(?!gone|now|down|dead|closed|the|a|not|no|too|empty)[\w-]+(?: now| instead| please| from now on)?(?:[.,;:]|$))|\s*=)?\s+(?!(?:is|are|was|has|gets|got|should|must|will|when|if|that|and|about|with|"
    r"for|to|on|in|wenn|und|mit|et|si|y|e|en|als|at|each|every|please|know|kanal|messages?|posts?|names?|too|any|instead|now|then|or|as|of|from|by|because|so|since|it|they|we|i|he|she|not|only|where|which|who|what|how|whether|why|has|its|what's|it's|that's|there)(?![\w-]))(?P<name>[a-z0-9][\w-]*)",
    re.I,
)
_BEFORE = re.compile(
    r"(?:\b(?:the|our|to|im|den|dem|in|el|le|il|o|het|on|into|at|via|msg|message|ping|notify|tell|alert|warn|"
    r"inform|my)|[->]>|[>→])\s+(?P<name>[a-z0-9][\w-]*)[- ](?P<word>channel|kanal|canal|canale|kanaal)\b",
    re.I,
)
_NO_NAME = re.compile(
    r"the|a|our|my|this|that|slack|team|same|right|news|main|der|die|das|den|"
    r"unseren|meinen|el|la|le|les|notre|mon|nuestro|il|lo|nosso|o|de|het|ons|"
    r"told|more|any|anymore|instead|mehr|plus|piu|mas|mais|meer"
)
# Words that say what a channel is, and are its name where no other is told.
_WEAK = re.compile(r"team|news|main", re.I)
# ping in labchat when it's there
_CHAT = re.compile(
    r"(?<!\w)(?:in|into|to|on|onto|tell|ping|at) (?:the |our )?(?P<name>[a-z][\w-]*chat)(?![\w-])",
    re.I,
)
# Whom nobody calls a channel.
_PERSONS = re.compile(
    r"too|also|only|that|this|me|us|you|him|her|it|them|everyone|everybody|someone|somebody|anyone|anybody|people|all|both|each|one|"
    r"mum|mom|dad|mother|father|boss|wife|husband|folder|file|disk|here|there|place|order|time|phone|mobile|cell|sms|text|mail|e-?mail|words?|english|model|database|"
    r"mir|uns|ihm|ihr|ihnen|moi|nous|lui|mi|noi|loro|nos|eles|mij|hem|haar|hen"
)
_QUOTED = r"[\"'“„«‘`](?:[^\"“”„«»`\n]{1,200}?)[\"'”“»’`]"
_BARE = (
    # shout in dev · wake me up on oncall
    re.compile(
        r"\b(?i:shout|yell|holler|ping|(?:wake|alert|warn|buzz|call|page) (?:me|us|them|everyone)(?: up)?) (?:in|into|on|over|via) (?:the |our )?(?P<name>[a-z][\w-]*)(?=\s*(?:[.,;!?)]|$))"
    ),
    # …, van channel
    re.compile(r"(?<=[,;:] )(?P<name>[a-z][\w-]*)(?= channel\s*(?:[.,;!?)]|$))"),
    # shout 'mirror is down' into oncall
    re.compile(
        rf"\b(?i:shout|post|put|drop|write|say|send|pop|stick|announce|poste?|schreib\w*|melde?|publi\w*|escrib\w*|scriv\w*|escrev\w*|zet|plaats) {_QUOTED} "
        r"(?:in|into|to|on|onto|at|an|auf|dans|sur|en|a|su|al|no|na|op|naar) (?:the |our |den |le |el |il |o |het )?(?P<name>[a-z][\w-]*)(?=\s*(?:[.,;!?)]|$))"
    ),
    # drop a note into kitchen: we are out of flour
    re.compile(
        r"\b(?i:(?:drop|send|post|leave|put|pop|stick) (?:a |an |one |this )?|^(?:an? )?)(?:(?:short|quick|little|brief) )?(?:line|note|message|word|msg|reminder) "
        r"(?:in|into|to|onto) (?:the |our )?(?P<name>[a-z][\w-]*)(?=:\s)"
    ),
    # tell ops 'all quiet' · ping oncall: disk full
    re.compile(
        rf"\b(?i:tell|ping|notify|alert|warn|message|msg|inform|sag|melde|dis|avisa|avvisa|avise|zeg) (?:the |our )?(?P<name>[a-z][\w-]*)(?= (?:that )?{_QUOTED}|:\s)"
    ),
)
# the stores channel is gone, it's warehouse now
# tell the night desk channel that …
_OF_TWO = re.compile(r"(?<!\w)(?:the|our|my) (?P<name>[a-z][a-z'-]+ [a-z][a-z-]+) channel(?!\w)")
_WEAK_WORDS = re.compile(
    r"^(?:right|same|other|usual|main|old|new|whole|proper|private|public|internal|first|second|slack|telegram|discord|teams)\b|\b(?:slack|telegram|discord|teams|tv|you ?tube|news|message|in|on|to|of|for|the|a)\b"
)
_MOVED = re.compile(
    r"(?<!\w)(?:channel|kanal|canal|canale|kanaal)\b[^.;\n]{0,30}?(?:gone|closed?|dead|archived|shut|deleted|removed|no more|renamed|moved|too noisy)(?!\w)[^\n]{0,40}?[,;.–-] ?(?:so |and |please )*"
    r"(?:(?:it's|it is|use|take|try|we use|we have|now it's|the new one is|its new name is|go to|post (?:in|to)|called) (?:the )?(?P<name>[a-z][\w-]*)(?=(?: channel)?(?: now| instead| from now on)?\s*(?:[.,;!?]|$))"
    r"|(?P<first>[a-z][\w-]*) is (?:the new one|it now|the one now|where we are now|in use now|what we use))"
)
_AGAIN = r"(?<!\w)(?:tell|ping|notify|alert|warn|message|msg|inform|to|into|in|on) (?:the |our )?(?P<name>{0})(?![\w-]|\.\w)"
# the channel is called desk now
_CALLED = re.compile(
    r"(?<!\w)(?:channel|kanal|canal|canale|kanaal)(?:'s)?(?: name)?(?:'s| is| should be| will be| has to be|,)? (?:now )?(?:called|named|renamed to|known as|heisst|s'appelle|se llama|si chiama|chama-se|heet)(?: now)? (?P<name>[a-z][\w-]*)",
    re.I,
)
# once into the warehouse channel and once into office
_AND = re.compile(
    r"(?: channel| kanal)?,? (?:and|und|et|y|e|en|plus)(?: (?:once|also|then|another|one))? (?:in|into|to|on|an) (?:the |our )?(?P<name>[a-z][\w-]*)(?=\s*(?:[.,;!?)]|$))"
)
_ALIKE = re.compile(
    r"(?<!\w)(?:the |our )?channels (?P<one>[a-z][\w-]*)(?:, (?P<two>[a-z][\w-]*))? (?:and|und|et|y|e|en) (?P<three>[a-z][\w-]*)"
)


def channels(text: str) -> Iterator[Channel]:
    """Every channel in a text, a name as often as it stands there."""
    plain: list[Channel] = []
    for pattern in (_APPRISE, _HASH):
        plain += [Channel(*m.span(), m.group()) for m in pattern.finditer(text)]
    worded = [m for m in _BEFORE.finditer(text) if not _waterway(m["word"], text)]
    named = [m for m in worded if not _NO_NAME.fullmatch(m["name"].lower())]
    words = {m.start("word") for m in named}
    # In "the lads channel training is at six" the word behind belongs to what is said.
    named += [
        m for m in _BEHIND.finditer(text)
        if m.start() not in words and not _waterway(m[0], text) and not _NO_NAME.fullmatch(m["name"].lower())
    ]  # fmt: skip
    for pattern in _BARE:
        named += [m for m in pattern.finditer(text) if _is_name(m["name"])]
    found = plain + [Channel(*m.span("name"), m["name"]) for m in named]
    found += [
        Channel(*match.span(part), match[part])
        for match in _ALIKE.finditer(text)
        for part in ("one", "two", "three")
        if match[part]
    ]
    found += [
        Channel(*match.span("name"), match["name"])
        for match in _CALLED.finditer(text)
        if _is_name(match["name"])
    ]
    found += [
        Channel(*m.span("name"), m["name"]) for m in _CHAT.finditer(text)
        if all(m.end() <= c.start or m.start() >= c.end for c in found)
    ]  # fmt: skip
    found = found or [
        Channel(*m.span("name"), m["name"]) for m in worded if _WEAK.fullmatch(m["name"])
    ]
    found = found or [
        Channel(*m.span("name"), m["name"]) for m in _OF_TWO.finditer(text)
        if not _WEAK_WORDS.search(m["name"])
    ]  # fmt: skip
    for moved in _MOVED.finditer(text):
        part = "name" if moved["name"] else "first"
        if _is_name(moved[part]):
            found.append(Channel(*moved.span(part), moved[part]))
    for channel in list(found):
        beside = _AND.match(text, channel.end)
        if beside is not None and _is_name(beside["name"]):
            found.append(Channel(*beside.span("name"), beside["name"]))
    for name in {c.name for c in found if len(c.name) > 2 and c.name[0] != "#"}:
        again = re.compile(_AGAIN.format(re.escape(name)))
        found += [Channel(*m.span("name"), name) for m in again.finditer(text)]
    yield from dict.fromkeys(found)


def _waterway(word: str, text: str) -> bool:
    """Whether a canal is one of water, as it is in English."""
    return word.lower().startswith("canal") and language(text) == "en"


def _is_name(word: str) -> bool:
    return not (_NO_NAME.fullmatch(word.lower()) or _PERSONS.fullmatch(word.lower()))
