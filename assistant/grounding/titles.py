"""Names of newsletters, headings and subjects that no quotation marks hold together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from assistant.grounding.languages import fold


class Literal(NamedTuple):
    """A stretch of the text that is used as it stands."""

    start: int
    end: int
    text: str


_CAPITAL = r"[A-ZÀ-ÖØ-Þ0-9][\w'’&-]*"
_SMALL = r"(?:of|the|and|for|in|on|to|a|from|with|at|de|des|du|del|della|der|die|das|von|vom|und|la|le|et|y|e|en|do|da|van|het|&)"
_RUN = rf"{_CAPITAL}(?: (?:{_SMALL} ){{0,2}}{_CAPITAL})*"
_TITLED = re.compile(
    r"(?:(?<!channel )(?<!job )(?<!file )(?<!database )(?:(?:call|name|title|head|caption) (?:it|this|the (?:thing|lot|letter|mail|message|note|post))|(?:en)?titled|headed|called|named|named as|(?<=[,;.] )(?:heading|headline)|(?:with|under) (?:the|a) (?:title|heading|headline|subject(?: line)?)(?: of)?|title(?: is)?|known as|"
    r"mit dem titel|titel|namens|genannt|intitulee?s?|avec le titre|titre|appelee?|titulad[oa]|con el titulo|titulo|llamad[oa]|"
    r"in testa (?:ci va|ci sta|metti)|daruber steht|oben(?:druber)? steht|arriba (?:pone|va|pon)|en tete(?: il y a| mets)?|bovenaan (?:staat|komt)|intitolat[oa]|con il titolo|titolo|chiamat[oa]|(?:onder|met) (?:het kopje|de kop)|unter der uberschrift|mit der uberschrift|sous le titre|bajo el titulo|con el encabezado|sotto il titolo|sob o titulo|intitulad[oa]|com o titulo|chamad[oa]|getiteld|genaamd|met de titel)"
    r"|(?:news ?letter|digest|bulletin|rundbrief|nieuwsbrief|boletin|boletim|infolettre)):? "
)
# "Rename this one to Friday Fish Report", "the title should be Saturday eight"
_RENAMED = re.compile(
    r"(?<!\w)(?:(?:re-?name|re-?title) (?:it|this(?: one| job)?|that(?: one)?|the job)(?: (?:to|as|into))?"
    r"|(?:renombra\w*|renomme(?:-l[ea])?|rinomina\w*|renomeia(?:-[oa])?|hernoem(?: (?:het|hem))?|benenne (?:es|ihn)(?: um)?)(?: (?:a|como|en|in|para|naar))?"
    r"|(?:title|heading|headline) (?:should|shall|must|is to) be(?: now)?):? "
)
_TITLE = re.compile(_RUN)
_TITLED_BY = re.compile(
    r"(?<!\w)(?:heading|headline|title|name|subject|betreff|titel|titre|titulo|titolo)(?:,? (?:line|on top|at the top|(?:on|of|for) (?:it|this|that|the (?:mail|letter|newsletter|thing|message))))+,? "
    r"(?:should be|shall be|must be|is to be|is|reads|says|soll|doit etre|debe ser|deve essere|moet)[: ]+"
)
_NO_TAIL = (
    r"(?:mailed|sent|posted|saved|delivered|stored|shared|goes|going|please|which|that|who|weekly|daily|monthly|every|each|on|at|in|from|to|and|or|by|for|"
    r"with|as|is|was|it|of|the|then|via|into|out|once|twice|today|tomorrow|now|instead|again|thanks|pls|too|also|but|only|here|there|tonight|soon|ok|okay|"
    r"about|covering|containing|featuring|using|made|built|taken|drawn|put|laid|over|under|per|this|these|those|her|his|their|its|my|our|your|so|if|when|because|while|should|will|would|can)(?!\w)"
)
# "called Halvorsen watch mailed to me", "call it Evening tides from now on": small words may end a name.
_TAIL = re.compile(
    rf"(?: (?:(?:al|au|aux|à|del|en|el|la|le|zu|im|am|op) )?(?!{_NO_TAIL})[a-zà-öø-þ]{{3,}}){{1,3}}(?= (?:mailed|sent|posted|delivered|e-?mailed|saved|from now on|from here on|instead|please|pls|then)(?!\w)|[.!]?$|[,;:)](?!\w)|[.!?] )"
)
# "Under the title Crane out of service: the crane is down"
_TO_COLON = re.compile(r"(?: (?!https?:)[\w'’&-]+){1,6}(?=: (?!https?:))")
_SAID = rf"(?P<said>{_CAPITAL}(?: (?!{_NO_TAIL}|stand|appear)[\w'’&-]+){{0,6}}"
_HEADINGS = r"(?:subject(?: line)?|title|headline|heading|[Bb]etreff|[Tt]itel|objet|titre|asunto|t[íi]tulo|oggetto|titolo|assunto|onderwerp)"
_ITS = r"(?:the |its |their |a |an |den |der |die |le |el |il |o |het )?"
# with Choir Notes as the subject
_AS_TITLE = re.compile(
    rf"(?<!\w)(?:[Ww]ith|[Uu]se|[Pp]ut|[Hh]ave|[Tt]ake|[Ww]rite|[Mm]it|[Aa]vec|[Cc]on|[Cc]om|[Mm]et) {_SAID}) (?:stand |appear |be |go )?"
    rf"(?:as|for|in|on|als|comme|como|come) {_ITS}{_HEADINGS}(?!\w)"
)
# "a newsletter, Farm Post, with the best of …"
_APPOSED = re.compile(
    rf"(?:news ?letter|digest|bulletin|round-?up|rundbrief|nieuwsbrief|boletin|boletim|infolettre), "
    rf"(?P<said>(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Every|Each|Daily|Weekly|Monthly|The best|I\b|It\b|In\b|On\b|At\b|From\b|To\b|\d){_RUN})(?=,)"
)
# "Lift B as the subject." is a sentence of its own.
_ALONE = re.compile(
    rf"(?:^|(?<=[.;!?,] )|(?<=\band )){_SAID}) (?:as|for|in|on|als|comme|como|come) {_ITS}{_HEADINGS}(?=[.,;!?)]|$| (?:please|pls|and)\b)"
)
# "For the subject take Road open"
_TAKEN = re.compile(
    rf"(?<!\w)(?:[Ff]or|[Aa]s|[Ii]n|[Oo]n) {_ITS}{_HEADINGS},? (?:(?:please|just|simply|you can|i'd|let's) )*(?:take|use|put|have|write|choose|say) {_SAID})(?=[.,;!?)]|$| (?:and|please|pls)\b)"
)
# "Winter Ideas it's called"
_CALLED = re.compile(
    rf"(?<![\w'-])(?P<said>{_RUN}),? (?:(?:it|that|this)(?:'s| is| should be| shall be| will be)|that's what (?:it|this)(?:'s| is)) (?:called|titled|named)(?=[,.;!)]|$| and\b)"
)
# "Put Monday's plan over it", "the name on top is …"
_OVER = re.compile(
    rf"(?<!\w)(?:[Pp]ut|[Ww]rite|[Ww]ith|[Hh]ave|[Ss]et) {_SAID}) (?:over|above|on top of|atop|at the top of) (?:it|this|that|them|the (?:message|text|post|mail|letter|note|thing))(?!\w)"
)
_SUBJECT = re.compile(
    r"(?<!\w)(?:subject(?: line)?|subj|betreff|objet|asunto|oggetto|assunto|onderwerp|name of (?:the )?mail)(?:'s)?(?: (?:is|should be|of|just|simply|only|reads?|being|to be|shall be|must be|will be|plain|says|goes|pone?|poe|escrib[ae]|escreve|metti|scrivi|mets|ecris|schreib|setz|steht|soll|zet|schrijf|solo|so|nur|seulement|alleen))* ?:? "
    r"(?P<said>[^,.;:<()\n\"'“„«]{2,60}?(?:, (?!please|pls)[a-z]{3,}(?=\.(?:\s|$)))?)(?=[,;.)\n]|:\s|$| (?:and|saying|that|with|body|to|und|et|y|e|en|mit|dass|every|each)\b)"
)


# "It opens with the words Dear neighbours", "up front it says: Taken before sunrise."
_GREETING = r"(?P<said>[A-ZÀ-ÖØ-Þ][^.;:\n\"“”„«»<@]{2,120}?)"
_OPENING = re.compile(
    r"(?<!\w)(?:(?:opens?|starts?|begins?|opening|starting|beginning) (?:it |off |this )?(?:with|by saying)(?: (?:the |these )?(?:words?|line|lines|sentence|greeting))?[: ]+"
    r"|(?:up front|at the (?:very )?(?:top|start|beginning)|on top|above (?:it|them)(?: all)?|before (?:it|them) all|first)(?: of (?:it|them))? (?:it|there|comes?|stands?|is|put|goes|go|write|say)(?: (?:it |should |is to |must )?(?:says?|reads?|stands?|be))?: )"
    rf"{_GREETING}(?=[.;\n]|$|,? (?:and|then|as|in) (?:the|a|with|it|its|send|mail|save|call)\b)"
    rf"|(?<!\w)(?:with|put|have|use) (?:the )?(?:words?|line|sentence|greeting) {_GREETING.replace('said', 'too')} (?:up front|at the (?:very )?(?:top|start|beginning)|on top|first|above it|to (?:open|start|begin)(?: it| with)*|as (?:the |an |its )?(?:intro\w*|opening|greeting))(?!\w)"
)
# "the name on top is Harbour Notes"
_TOP = re.compile(
    rf"(?<!\w)(?:name|title|heading|headline) (?:on top|up top|at the top|over it|above it)(?: should be| shall be| is| reads| being| =|:) {_SAID})"
)


# "Glaze and Kiln, Week Nine is what goes on top"
_WHAT_GOES = re.compile(
    rf"(?:^|(?<=[.;!?:] ))(?P<said>{_RUN}(?:, {_RUN})?),? (?:is|should be|shall be) (?:what (?:goes|stands|comes|is|i want|we want)|to (?:go|stand|be)) (?:on top|up top|at the top|over it|above it|as (?:the|its) (?:title|heading))"
)


def openings(text: str) -> Iterator[Literal]:
    """The words that a newsletter is to open with."""
    for match in _OPENING.finditer(text):
        name = "said" if match["said"] else "too"
        yield Literal(*match.span(name), match[name])


def titles(text: str) -> Iterator[Literal]:
    """Names of newsletters and subjects of letters, that no quotation marks hold together. Of two that
    begin at the same place the longer one."""
    found = list(_titles(text))
    for one in found:
        if not any(other.start == one.start and other.end > one.end for other in found):
            yield one


def _titles(text: str) -> Iterator[Literal]:
    folded = fold(text)
    for match in chain.from_iterable(
        pattern.finditer(folded) for pattern in (_TITLED, _TITLED_BY, _RENAMED)
    ):
        said = _TITLE.match(text, match.end())
        if said is not None and len(said.group()) > 2:
            tail = _TO_COLON.match(text, said.end()) or _TAIL.match(text, said.end())
            end = tail.end() if tail else said.end()
            yield Literal(said.start(), end, text[said.start() : end])
    for pattern in (_AS_TITLE, _APPOSED, _ALONE, _TAKEN, _OVER, _TOP, _CALLED, _WHAT_GOES):
        for match in pattern.finditer(text):
            yield Literal(*match.span("said"), match["said"])
    for match in _SUBJECT.finditer(folded):
        said = text[slice(*match.span("said"))]
        if said[0].isupper() and not said.startswith("I "):
            yield Literal(match.start("said"), match.end("said"), said)
