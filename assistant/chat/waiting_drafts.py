"""Changes said where no job is focused: "make it eight items", "at nine rather".

They are about the draft that waits. Of several it is the one that was just shown; when something
else was said since, the person is told which there are.
"""

from __future__ import annotations

import re

from assistant.chat.answering import words
from assistant.grounding.cues import says
from assistant.grounding.languages import fold
from assistant.grounding.marks import mark
from assistant.store.jobs import JobRecord
from assistant.workplace import Workplace

_MOST_WORDS, _LONGEST, _LOOKED_AT = 14, 200, 50
_LEAD = re.compile(
    r"^(?:(?:please|pls|ok|okay|no|nope|well|and|but|so|hm+|oh|ah|wait|sorry|actually|then|now|also|yes|good|nice|fine|"
    r"could you|can you|would you|let's|i'd|i would|i want you to|bitte|nein|doch|und|aber|ach|ja|kannst du|non|mais|et|"
    r"oui|peux-tu|pero|y|si|puedes|ma|e|puoi|nao|mas|sim|pode|nee|maar|en|kun je)[, !:.-]+)+"
)
_IT = (
    r"(?:it|that|this|them|these|those|all of (?:it|them)|the (?:time|hour|day|limit|number|count|topic|subject|title|schedule|"
    r"recipients?|address|channel|feed|page|letter|message|mail|draft|newsletter|digest|summary|summaries|list))"
)
_POINTS = re.compile(
    rf"(?:rather |better |just |only )?(?:make|change|set|turn|switch|move|put|send|mail|e-?mail|post|give|have|let|get|"
    rf"deliver|take|keep|cut|limit|raise|lower|reduce|do|read|address|schedule) {_IT}(?![\w-])"
    r"|(?:mach\w*|ander\w*|schick\w*|sende?|setz\w*|stell\w*|leg\w*|nimm|verschieb\w*)(?: (?:doch|bitte|lieber))? "
    r"(?:es|das|ihn|sie|den|die|daraus|draus|alles)(?!\w)|mach\w* [\w-]+ (?:daraus|draus)"
    r"|(?:mets|fais|change|envoie|passe|deplace|prends)-(?:le|la|les|en|moi)(?!\w)|(?:envoie|change|mets) (?:ca|cela|plutot)(?!\w)"
    r"|(?:ponlo|hazlo|cambialo|mandalo|envialo|pasalo|ponla|que sean?)(?!\w)"
    r"|(?:mettilo|fallo|cambialo|mandalo|invialo|spostalo|fanne|mettila)(?!\w)"
    r"|(?:poe|mete|muda|envia|manda|faz|passa|coloca|envie|mande|mude|faca)(?:-[oa]| isso)(?!\w)"
    r"|(?:maak|zet|stuur|verander|doe|mail|verplaats) (?:het|er|dat|ze)(?!\w)"
)
_FRAGMENT = re.compile(
    r"(?:rather|better|just|only|also|not|no|lieber|besser|nur|auch|nicht|plutot|seulement|aussi|pas|mejor|solo|tambien|no|"
    r"meglio|anche|non|melhor|so|tambem|nao|liever|alleen|ook|niet)\b|"
    r"(?:(?:at|to|on|in|into|for|from|about|by|with|without|every|each|half|um|an|auf|ab|jeden?|mit|ohne|a|au|aux|en|vers|pour|"
    r"avec|sans|para|con|sin|por|alle?|al|per|senza|as|com|sem|om|op|naar|voor|met|zonder|elke)\b|<(?:num|when|time|shift|mail|chan)\d>)"
)
_ALTERS = re.compile(
    r"(?<!\w)(?:rather|instead|after all|too|as well|also|only|not|fewer|more|less|better|lieber|stattdessen|doch|auch|nur|"
    r"plutot|a la place|aussi|mejor|en vez|tambien|piuttosto|meglio|invece|anche|melhor|em vez|tambem|liever|ook|in plaats)(?!\w)"
)


def meant(place: Workplace, text: str) -> JobRecord | str | None:
    """The job whose waiting draft a prompt without a focus changes; what is to be said where
    several may be meant; None for a prompt that is none, or where no draft waits."""
    if not is_change(text):
        return None
    jobs, drafted = place.jobs.list(limit=_LOOKED_AT), place.jobs.drafted()
    waiting = [job for job in jobs if job.status == "active" and job.id in drafted]
    if not waiting:
        return None
    if len(waiting) == 1 or waiting[0].id == jobs[0].id:
        return waiting[0]
    lines = [f"- {job.name}: {job.title or job.name}" for job in waiting[:5]]
    return "\n".join([words("several_drafts"), *lines])


def is_change(text: str) -> bool:
    """Whether a prompt only says what should be different about something it does not name."""
    if len(text) > _LONGEST or len(text.split()) > _MOST_WORDS or "\n" in text.strip():
        return False
    marked = mark(text.strip())
    kinds = {value.kind for value in marked.values.values()}
    if "quote" in kinds or (kinds & {"feed", "page", "api"} and kinds & {"mail", "chan", "when"}):
        return False
    said = _LEAD.sub("", fold(marked.text).strip(" .!"))
    if _POINTS.match(said):
        return True
    alters = _ALTERS.search(said) is not None or says("ways", "instead", said)
    return alters and len(said.split()) <= 7 and _FRAGMENT.match(said) is not None
