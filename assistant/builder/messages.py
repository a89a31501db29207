"""What a message or letter says where no word leads to it: behind its heading, or in sentences of its
own."""

from __future__ import annotations

import re
from collections.abc import Collection

from assistant.builder.remains import telling
from assistant.grounding.languages import fold

_PLACE = re.compile(r"<(?:mail|chan|feed|page|api|file|model|job)\d>")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")
# Sentences around a letter that are no part of it.
_AROUND = re.compile(
    r"^\W*(?:(?:please |and |then |just )*(?:call|name|title|head|caption|sign|keep|make|send|mail|post|put|use|write) (?:it|this|that|the)(?!\w)|"
    r"(?:the )?(?:subject|title|heading|headline|betreff|objet|asunto|oggetto|assunto|onderwerp)(?!\w)|"
    r"(?:many )?thank(?:s| you)|cheers|ta|danke|merci|gracias|grazie|obrigad|bedankt|please|hi|hello|hey|no (?:rush|hurry)|as soon as|it's urgent|urgent)"
)
_HEADED = re.compile(
    r"(?:headings?|headline|titled?|headed|subject(?: line)?|betreff|objet|asunto|oggetto|assunto|onderwerp|(?:title|head|caption) it)(?:'s)?(?: (?:is|of|it|should be|reads|just|simply|only))* ?:? (?P<one><quote\d>)"
    r"|(?P<two><quote\d>) (?:(?:stand|appear|be|go) )?(?:(?:as|for|in|on) (?:the |its |a )?(?:headings?|headline|title|subject)|(?:de|como|als|comme|come|in het|en|no|nell'|im|dans l') ?(?:asunto|betreff|objet|oggetto|assunto|onderwerp)|(?:over|above|on top of|atop|at the top of) (?:it|this|that|them|the))(?!\w)"
    r"|(?:for|as|in|on) (?:the |its |a )?(?:subject(?: line)?|title|headline|heading),? (?:\w+ )?(?:take|use|put|have|write|choose|say) (?P<three><quote\d>)"
)


def headings(text: str) -> set[str]:
    """The marks of quotations that are named as a subject, a title or a heading."""
    return {mark for found in _HEADED.finditer(fold(text)) for mark in found.groups() if mark}


_WITH_TEXT = re.compile(
    r"(?:with the (?:text|message|words?|line)|mit dem text|avec le texte|con el texto|con il testo|com o texto|met de tekst|<chan\d>(?: channel| team| group)?(?: know)?,? with)[: ]*(?P<quote><quote\d>)"
    r"|(?<!\w)(?:tell|inform|remind|warn|notify|let|message|ping|alert)[^<.;]{0,20}<(?:mail|chan)\d>(?: channel| team| group)?,? (?:know )?(?:that )?(?P<told><quote\d>)"
)


def only_headed(told: str, heads: Collection[str]) -> bool:
    """Whether what looks like a text is no more than its heading: "subject <quote1>"."""
    rest = told
    for head in heads:
        rest = rest.replace(head, " ")
    bare = re.sub(
        r"(?<!\w)(?:subject|title|heading|headline|betreff|objet|asunto|oggetto|assunto|onderwerp|line|its?|the|as|with|is)(?!\w)",
        " ",
        fold(rest),
    )
    return rest != told and not telling(bare)


def worded(text: str) -> str:
    """The quotation that is given as the text of a message: "con el texto «…»"."""
    found = _WITH_TEXT.search(fold(text))
    return (found["quote"] or found["told"]) if found else ""


# "A short <quote1> on the <chan1> channel", "<chan1> hears <quote1>", "Meldung <quote1> an <chan1>"
_BY_CHANNEL = re.compile(
    r"(?P<before><quote\d>)(?: (?!as\b|als\b)[\w'-]+){0,2}? (?:on|in|into|to|onto|at|an|auf|en|a|al|no|na|sur|dans|su|nel|naar|op)(?: (?:the|our|den|dem|el|la|le|il|o|het|de|channel|kanal|canal|canale|kanaal))* ?<chan\d>"
    r"|<chan\d>(?: channel| team| kanal| canal)?,?(?: (?:hears?|gets?|reads?|is told|says?|pon\w*|schreib\w*|metti|mets|zet|hort|liest|to read|just|only|then|it|this|that))*:? ?(?P<behind><quote\d>)"
)


def told_channel(text: str) -> str:
    """The quotation that stands beside a channel, and so is what the channel is told."""
    said = _BY_CHANNEL.search(fold(text))
    return (said["before"] or said["behind"]) if said else ""


# "mail <mail1> <quote1>": what stands right behind an address is the letter.
_BY_ADDRESS = re.compile(
    r"<mail\d>[)\]]?[,:]? (?P<said><quote\d>)(?! (?:(?:as|for|in|on) (?:the |its |a )?(?:subject|title|heading|headline)|als betreff))"
)
_SAME_WORDS = re.compile(
    r"(?<!\w)(?:the )?same (?:words?|text|message|line|thing|sentence)(?!\w)|(?:dem|den) (?:selben|gleichen) (?:text|worten)|(?:le|la) meme (?:texte|message|phrase)|(?:el|la) mism[oa] (?:texto|mensaje|frase)"
)


def told_address(text: str, heads: Collection[str]) -> str:
    """What a letter says by what stands beside its address: a quotation, or the same words that a
    channel is told."""
    said = _BY_ADDRESS.search(text)
    if said and said["said"] not in heads:
        return said["said"]
    return told_channel(text) if _SAME_WORDS.search(fold(text)) else ""


# "Write <quote1> into <file1>", "note done in <file1>"
_PUT_IN = re.compile(
    r"(?<!\w)(?:write|put|note|log|append|add|type|jot|schreib\w*|ecris|escribe|scrivi|escreve|schrijf)s?(?: down)? (?P<what><quote\d>|[^\W\d_]+(?: [^\W\d_]+)?) (?:in|into|to|in|dans|en|nel|em|naar) (?:the |a |our )?(?:file )?<file\d>",
    re.I,
)
_POINTING = re.compile(
    r"(?:it|that|them|this|these|those|all|everything|both|the \w+|\w+ (?:it|them|that)|it \w+|them \w+|down|(?:this|that|it|them|these|those) down)",
    re.I,
)


def content_of(text: str, marks: Collection[str], *, alone: bool) -> str:
    """What a file is to hold by the words of the request: a quotation, where nothing else is made
    (`alone`), or what is told to be written into it. `marks`: those that have no place yet."""
    said = _PUT_IN.search(text)
    if said and not _POINTING.fullmatch(said["what"]):
        return said["what"]
    quotes = [mark for mark in marks if mark.startswith("<quote")]
    return quotes[0] if quotes and alone else ""


def unled(text: str, heads: Collection[str]) -> str:
    """What a request that wants nothing but one message has it say: what stands behind its heading
    and a colon, else the sentences that name nobody and nothing around it. `heads`: the marks of
    headings."""
    for head in heads:
        behind = re.search(rf"{head}\)?:\s+(?P<said>[^<].*)", text, re.S)
        if behind and telling(behind["said"]):
            return behind["said"].strip()
    sentences = _SENTENCE.split(text)
    if len(sentences) < 2 or not _PLACE.search(sentences[0]):
        return ""
    said = [
        s for s in sentences[1:]
        if not (_PLACE.search(s) or _AROUND.match(fold(s)) or any(head in s for head in heads))
    ]  # fmt: skip
    told = " ".join(said).strip()
    return told if telling(told) and len(told.split()) > 3 and "<quote" not in told else ""
