"""What somebody is interested in, told in another sentence than the one that asks for something:
"Badgers, that's what the committee reads. Best 3 out of …"."""

from __future__ import annotations

import re

from assistant.builder.remains import telling
from assistant.grounding.languages import fold

_SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\n|\s[-–—]+\s")
_PLACE = re.compile(r"<(?:feed|page|api|mail|chan|file|model|job|quote|sel)\d>")
_NO = r"(?!(?:that|this|it|which|what|how|who|there|they|these|those|in|the (?:rest|others?|best|top))\b)"
_WHAT = rf"{_NO}(?P<what>[^,;:<]{{3,60}}?)"
_IS = r"(?:'s|'re| is| are| was| would be| will be|,? c'est| ist| sind| es| son| sono| zijn| sao)"
_NOUN = (
    r"(?:thing|topic|subject|theme|interest|focus|beat|field|passion|hobby|obsession|concern|worry|matter|line|speciality|department|cause|"
    r"thema|gebiet|sujet|domaine|tema|asunto|argomento|materia|assunto|onderwerp)s?"
)
_WHO = r"(?:i|we|they|he|she|people|everybody|everyone|(?:the|my|our) [\w'’-]+|[A-Z][\w'’-]+)"
_HOW = r"(?: (?:only|just|here|really|mostly|mainly|all|still|always|currently|now|ever|particularly|especially|also|both|do))*"
_FRAMES = tuple(
    re.compile(pattern)
    for pattern in (
        # "Heat pumps are what we sell", "eels is my subject", "Badgers, that's what they read about"
        rf"^{_WHAT}(?:,? (?:that|those|these|it|they))?{_IS}{_HOW} (?:what|all(?: that)?|where|(?:the|my|our|his|her|their) (?:\w+ )?{_NOUN})(?!\w)",
        rf"(?:^|[,;] |(?<!\w)so )it(?:'s| is){_HOW} {_WHAT} (?:that |which )?(?:i|we|they|he|she)(?:'m|'re| am| are|'s| is)?{_HOW} (?:after|into|following|interested in|curious about|worried about|keen on|care about|want|need|follow)(?!\w)",
        rf"(?:^|[,;] )(?:the|my|our|his|her|their|mein|unser|mon|notre|mi|nuestro|il mio|il nostro|o meu|o nosso|mijn|ons|[a-z]+'s) (?:\w+ )?{_NOUN}(?: [\w ']{{2,20}})??{_IS} {_WHAT}(?= (?:this|these|at the) \w+$|$|[,;])",
        rf"(?:^|[,;] (?:and |but |so )?){_WHO}(?:'m|'re| am| are| is|'s|'ve been| have been|'ve got| has been)?{_HOW} (?:after|into|following|tracking|interested in|curious about|worried about|writing (?:about|on)|working on|researching|studying|"
        rf"looking (?:for|into)|mad (?:about|on)|keen on|chasing|covering|preparing|care(?:s)? (?:about|for)|follow(?:s)?|track(?:s)?|stud(?:y|ies)|collects?|sells?|grows?|breeds?|keeps?|teach(?:es)?|covers?|writes? about|works? on|deals? (?:with|in)|"
        rf"run a \w+ on|want to (?:know|read|hear) about)"
        rf" (?!(?!any|every|some|no)\w+ing ){_WHAT}(?=$|[,;])",
        rf"^{_WHAT} (?:really |always |most )?(?:interests?|fascinates?|matters? to|concerns?) (?:me|us|them|him|her|the [a-z]+|[a-z]+)$",
        rf"(?<!\w)(?:(?:mich|uns|sie) interessier\w+|es geht (?:mir |uns )?um|(?:je m'|on s'|nous nous )interess\w+ (?:a|aux|au)|(?:me|nos) interesan?|(?:mi|ci) interessano?|"
        rf"interess\w+-me|(?:ik ben|we zijn) benieuwd naar|het gaat (?:me |ons )?om)(?: (?:nur|vor allem|surtout|solo|sobre todo|soprattutto|so|vooral|alles zu|tout sur))* {_WHAT}(?=$|[,;])",
    )
)
_LEAD = re.compile(
    r"^(?:(?:anything|everything|something|all|news|stories|stuff|things|whatever(?: there is)?|what's new) (?:on|about|to do with|around|of|regarding) )?(?:(?:the|a|an|any|some|our|my|der|die|das|la|le|les|el|los|las|il|lo|i|gli|o|os|as|de|het) )?",
    re.I,
)


def interest(text: str) -> str:
    """What a sentence of a marked request that names no place says that somebody is interested in;
    empty when none says so."""
    for sentence in _SENTENCE.split(text):
        told = re.sub(r"\s*<\w+\d>", "", sentence).strip(" .!?;:,")
        if _PLACE.search(sentence) or not told:
            continue
        folded = fold(told)
        for frame in _FRAMES:
            said = frame.search(folded) or frame.search(folded[:1] + told[1:])
            what = told[slice(*said.span("what"))] if said else ""
            if what and telling(what):
                return _LEAD.sub("", what.strip())
    return ""
