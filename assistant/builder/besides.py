"""What a request says besides its work: what is not to be done, and days and times that only tell
of something. Both are taken out before the steps and the schedule are read.

"Don't send it yet, Maureen wants to see it first" asks for no letter, and "they switch it off on
Sunday, so save the posts now" for no Sunday.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.builder.evidence import evidence
from assistant.builder.terms import Question
from assistant.grounding.languages import fold
from assistant.grounding.marks import MARK, Marked

_SENTENCE = re.compile(r"(?:[^.!?;\n]|[.!?;](?!\s|$))+(?:[.!?;]+(?=\s|$)|\n|$)|\S")
_GOING_OUT = r"(?:send\w*|sent|e-?mail\w*|mail\w*|post(?:s|ed|ing)?|publish\w*|forward\w*|shar(?:e|ed|ing)|circulat\w*|deliver\w*|set(?:ting)? (?:it|this|that|anything|something) up|go(?:es)? out|schick\w*|versend\w*|envoy\w*|envi\w*|mand\w*|invi\w*|stur\w*|verstur\w*)"
_WHAT = r"(?: (?:it|this|that|them|these|those|anything|any of (?:it|this|them)|the (?:thing|letter|lot)|round|out|off))*"
_WHOM = r"(?:anybody|anyone|any|people|members?|others?|a soul|the others|everybody|everyone)"
# What is not to go out, at the beginning of a clause.
_REFUSED = re.compile(
    rf"(?:^|(?<=[,;:.!?–—-] )|(?<=\band )|(?<=\bbut )|(?<=\bso ))(?:please |pls |but |and |so |also |just )*(?:"
    rf"(?:there(?:'s| is| was)? )?no need (?:to|for you to) (?:go )?{_GOING_OUT}{_WHAT}"
    rf"|(?:don't|do not|dont|never|you needn't|you don't (?:have|need) to|it (?:doesn't|does not) (?:have|need) to be|(?:it|this|that) (?:isn't|is not|must not|mustn't|shouldn't) (?:to be |be |to )?) ?{_GOING_OUT}{_WHAT}"
    rf"|no {_GOING_OUT}{_WHAT}"
    rf"|nothing(?: (?:is|needs?|has|should|must|goes|to go|gets|to be|to))*(?: {_GOING_OUT})? (?:to |for )?(?:{_WHOM}|anywhere)"
    rf"|nothing (?:is|needs?|has|should|must)(?: (?:to|be|go))* {_GOING_OUT}"
    rf"|(?:nobody|no one|no-one|none of them) (?:else )?(?:gets?|is to get|should get|needs?|has to (?:get|see)|must (?:get|see)|is to see|sees?|receives?) (?:it|this|that|anything)"
    rf"|(?:nicht|nichts|noch nicht|bitte nicht) {_GOING_OUT}|{_GOING_OUT} (?:es |sie |das )?(?:noch |bitte )*nicht"
    rf"|ne (?:l')?{_GOING_OUT}(?: \w+)? (?:pas|rien)|n'{_GOING_OUT} (?:pas|rien)|no (?:lo |la |los |las )?{_GOING_OUT}(?: todavia| aun)?|non {_GOING_OUT}(?:lo|la)?|nao (?:o |a )?{_GOING_OUT}|niet {_GOING_OUT}|nog niet {_GOING_OUT}"
    rf")(?!\w)"
)
# "If it isn't, I don't want a mail": the other branch of a condition does nothing.
_ELSE_NOTHING = re.compile(
    r"(?:^|(?<=[.;!?] ))(?:and |but )?(?:(?:if (?:it|that|there|they|this)(?:'s| is| are|re)?(?:n't| not)(?: any| the case| so)?|if not|otherwise|or else|else)),? "
    r"(?:(?:i|we) (?:don't|do not|dont) (?:want|need) (?:an? |any |the )?(?:mails?|e-?mails?|messages?|letters?|word|notice|posts?|anything)|(?:there(?:'s| is) )?no (?:mail|e-?mail|message|letter|need)[^.;!?<]*|nothing|don't (?:bother|mail|send|write|tell|do anything)[^.;!?<]*|leave (?:me|us|them) (?:alone|in peace)|keep quiet|stay quiet)[^.;!?<]*(?=[.;!?]|$)"
)
# What makes a refusal a condition, an order of steps, or the wish to be asked.
_HELD = re.compile(
    r"(?<!\w)(?:if|unless|until|till|when|whenever|without|except|otherwise|once|before (?:i|we|you)\b|twice|again|duplicates?|same|old|more than|over|under|wenn|falls|ausser|bis|sauf|si|quand|salvo|hasta|cuando|"
    r"se|quando|finche|caso|als|tenzij|totdat|zonder)(?!\w)"
)
_ASIDE_MARK = re.compile(r"<(?:when|time|num|dur|since|date|zone)\d>")

# Words that make a day or a time one that comes again.
_AGAIN = re.compile(
    r"(?<!\w)(?:every|each|daily|weekly|monthly|hourly|nightly|yearly|quarterly|any|all|jede\w*|alle|taglich|wochentlich|monatlich|chaque|tous|toutes|cada|todos|todas|todo|toda|diari\w*|ogni|tutti|tutte|"
    r"elke|iedere?|dagelijks|wekelijks|(?:mon|tues|wednes|thurs|fri|satur|sun|week)days|weekends|nights|evenings|mornings|afternoons|\w+tags|\w+days|morgens|abends|of the month|of a month|du mois|del mes|del mese|do mes)(?!\w)"
)
_SEVERAL = re.compile(r"^(?:les|los|las|aos|as|nas) ")
_UP_TO = re.compile(
    r"(?<!\w)(?:until|till|til|up to|up until|before|bis|bis zum|vor|jusqu'a|jusqu'au|avant|hasta(?: el)?|antes de(?: el|l)?|fino a|prima di|ate(?: a| o)?|tot|voor)(?: (?:the|next|this|coming|following))?\s*$|(?<!\w)(?:between|from) <num\d> (?:and|to|till|until)\s*$"
)
_RANGE = re.compile(
    r"(?<!\w)(?:between|from|zwischen|vom|von|entre|du|del?|tra|dal?|desde|tussen|van) (?P<one><when\d>) (?:and|to|till|until|und|bis|et|au|y|al|hasta|e|a|ao|en|tot|-|–) (?P<two><when\d>)"
)
# "our 7 o'clock meeting": a time that names something.
_NAMING = re.compile(r"(?<!\w)(?:our|my|the|his|her|their|your|a|an|that|this)\s*$")
_NAMED = re.compile(
    r"\s*(?:-)?(?:meeting|call|train|bus|ferry|flight|boat|class|lesson|shift|mass|service|show|film|news|stand-?up|appointment|slot|start|deadline|briefing|round|session|tide|sitting|match|game|kick-?off|delivery|run|crowd|one)s?\b"
)
_EVENT = re.compile(
    r"(?<!\w)(?:seminars?|meetings?|exams?|match(?:es)?|part(?:y|ies)|concerts?|deadlines?|appointments?|weddings?|funerals?|lectures?|talks?|interviews?|conferences?|trips?|visits?|workshops?|class(?:es)?|lessons?|"
    r"fairs?|festivals?|presentations?|hearings?|inspections?|audits?|tests?|vivas?|birthdays?|openings?|launch(?:es)?|shows?|rehearsals?|tournaments?|derby|election|sitzung|prufung|reunion|examen|riunione|esame|vergadering)(?: (?:is|are|was|comes up))?\s*$"
)
# What is to be written holds the days that it tells of.
_WORDING = re.compile(
    r"(?<!\w)(?:adverts?|ads?|notices?|posters?|invitations?|signs?|flyers?|leaflets?|descriptions?|announcements?|wording)(?: (?:text|note|copy))? (?:of|for|about|saying|that|to|on|which)(?!\w)(?! (?:the page )?<(?:page|feed|api))[^.!?;]*$"
)
_POSSESSED = re.compile(r"['’]s (?!at\b|on\b|please\b|and\b|too\b)\w")
_FREE_BEFORE = re.compile(
    r"(?:have|has|had|'ve|got|get|gets|take|takes|with|my)(?: got| all| every| always)*\s*$"
)
_FREE_BEHIND = re.compile(r"\s*off(?!\w)")
_ON = re.compile(r"(?<!\w)(?:on|at|this|next|coming)\s*$")
# "They change them every Monday, so scrape it every Tuesday": the schedule is the later one.
_TOLD_FIRST = re.compile(
    r",? (?:so|hence|therefore|which is why|that's why|and so) [^.!?;]*<when\d>"
)
# A clause that tells what others do, and asks for nothing.
_STATED = re.compile(
    r"(?:^|[.!?;:,–—] |\b(?:because|since|as|and|but|cause|cos) )(?:(?:they|he|she|we|it|there|somebody|someone|everybody|i'm|we're|they're|i've|we've|(?:the|our|my|his|her|their)(?: (?!channel|model)[\w'-]+){1,3}) "
    r"(?!wants?\b|needs?\b|would\b|'d\b|like|should|must|ha(?:s|ve) to|ought|is to\b|are to\b|wish|expects?|can\b|could\b|shall\b|gets?\b|goes\b|will (?:have|get)|looking for|after\b)[\w']+)[^.!?;:,<]{0,50}?$"
)


def without_besides(question: Question, marked: Marked) -> tuple[Question, Marked]:
    """A request without what it says is not to be done; days and times that are no schedule stand
    in it as they were written."""
    text = _told_of(_unrefused(_with_one_branch(_moved(question.text))), marked)
    if text == question.text:
        return question, marked
    gone = {m for m in question.marks if m in question.text and m not in text}
    marks = tuple(m for m in question.marks if m not in gone)
    values = {name: value for name, value in marked.values.items() if name not in gone}
    return replace(question, text=text, marks=marks), replace(marked, text=text, values=values)


# "Take <feed1>, no sorry, they moved it, <feed2>"
_MOVED = re.compile(
    r"<(?:feed|page|api)\d>[\s,.;:…–—(-]*(?:no|nope|wait|sorry|scratch that|hang on|correction|actually|rather|i mean|i meant|nein|quatsch|falsch|non|pardon|perdon|perdona|anzi|scusa|nao|desculpa|nee|sorry)(?!\w)[^<.!?]{0,40}?(?=<(?:feed|page|api)\d>)"
)


def _moved(text: str) -> str:
    """Without a link that is taken back for the next one."""
    for found in reversed(list(_MOVED.finditer(fold(text)))):
        text = text[: found.start()] + text[found.end() :]
    return text


def _with_one_branch(text: str) -> str:
    """Without the branch of a condition in which nothing is to be done."""
    for found in reversed(list(_ELSE_NOTHING.finditer(fold(text)))):
        text = f"{text[: found.start()].rstrip(' ,')} {text[found.end() :].lstrip('.;! ')}".strip()
    return text


def _unrefused(text: str) -> str:
    """Without the clauses that say what is not to go out. Where an address is named there is
    something to be sent, and the words say how."""
    if re.search(r"<(?:mail|chan)\d>", text):
        return text
    kept: list[str] = []
    for found in _SENTENCE.finditer(text):
        sentence = found[0]
        refused = _REFUSED.search(fold(sentence.lstrip()))
        if refused is None or _HELD.search(fold(sentence)):
            kept.append(sentence)
            continue
        lead = len(sentence) - len(sentence.lstrip())
        before = sentence[: lead + refused.start()]
        after = sentence[lead + refused.end() :]
        working = MARK.search(_ASIDE_MARK.sub(" ", after)) or evidence(after).sure
        rest = re.split(r"[,–—]\s*", after, maxsplit=1)[-1] if working and "," in after else ""
        kept.append(
            f"{before.rstrip(' ,') if not rest else before}{rest or '.'}"
            if before.strip() or rest
            else ""
        )
    return " ".join(part.strip() for part in kept if part.strip()) if kept else text


def _told_of(text: str, marked: Marked) -> str:
    """With the days and times that start nothing as they were written."""
    folded = fold(text)
    for found in _RANGE.finditer(folded):
        pair = (found["one"], found["two"])
        if not any(_AGAIN.search(fold(marked.values[m].raw)) for m in pair if m in marked.values):
            for name in pair:
                text = text.replace(name, marked.raw(name))
    for value in marked.of("when", "time"):
        if value.mark in text and _only_told(text, value.mark, fold(value.raw), value.kind):
            text = text.replace(value.mark, value.raw)
    return text


def _only_told(text: str, name: str, raw: str, kind: str) -> bool:
    at = text.index(name)
    before, after = fold(text[:at]), fold(text[at + len(name) :])
    if _NAMING.search(before) and _NAMED.match(after):
        return True
    if kind == "time":
        return False
    if _POSSESSED.match(after):
        return True  # "For Friday's assembly" names the assembly.
    if (raw.endswith(" off") or _FREE_BEHIND.match(after)) and _FREE_BEFORE.search(before):
        return True  # "I have Fridays off"
    if raw == "all day" or (
        re.fullmatch(r"nights|evenings|mornings|afternoons|days|weekends|weeks", raw)
        and re.search(r"<num\d>\s*$", before)
    ):
        return True
    sentence = re.split(r"[.!?;\n]\s", before)[-1]
    if _TOLD_FIRST.match(after) and _STATED.search(_ON.sub("", sentence)):
        return True
    if _WORDING.search(sentence):
        return "every" not in raw and "each" not in raw
    if _SEVERAL.search(raw) or _AGAIN.search(raw) or _AGAIN.search(after[:25]):
        return False
    sentence = _ON.sub("", sentence)
    return bool(_UP_TO.search(before) or _EVENT.search(sentence) or _STATED.search(sentence))
