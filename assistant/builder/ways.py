"""How a change to a job is meant: so many more, besides, only this, a field by its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from assistant.builder.evidence import evidence
from assistant.builder.frame import Frame
from assistant.builder.tasks import marks_of
from assistant.builder.terms import Question
from assistant.builder.texts_said import ended
from assistant.grounding.cues import cues
from assistant.grounding.languages import fold

WHOLE = ("pause", "resume", "run_now", "delete")
"""What can be done to a job as a whole."""
_ONLY = re.compile(
    r"\b(?:only|just|alone|nur|seulement|uniquement|solo|solamente|soltanto|somente|apenas|alleen)\b"
)
_ONLY_HERE = re.compile(
    rf"(?<!instead of )(?<!rather than )(?<!not )(?<!statt )(?<!lieu d')(?<!vez de )(?:{_ONLY.pattern})(?: [a-z']{{1,4}})?\s*$"
)
_BEFORE = re.compile(
    r"(?<!\w)(?:before|prior to|bevor|vor dem|avant|antes|prima|voordat|voor het)(?!\w)[^.;,]{0,30}?"
    r"(?:mail|send|sent|goes|going|posted|letter|out|verschick|versand|versend|envoi|envoy|envi|invi|verst)"
)
_SKIPPING = re.compile(
    r"(?:skip|not|never|except|but not|leave out|no|without|drop|omit|ohne|nicht|ausser|ausgenommen|sauf|pas|sans|menos|salvo|excepto|sin|no|"
    r"tranne|non|senza|exceto|sem|nao|behalve|niet|zonder)(?: (?:it|on|run|running|the|am|an|le|los|el|il|na|op))*\s*$"
)
_TOO = re.compile(
    r"\b(?:too(?! (?:late|early|many|much|few|little|long|short|often|high|low|soon|big|small|thin)\b)|also|as well|additionally|auch|zusatzlich|aussi|egalement|tambien|ademas|anche|pure|tambem|ook)\b"
)
_BESIDES = re.compile(
    r"(?<!\w)(?:besides|in addition to|on top of|not only|not just|apart from|next to|ausser|neben|outre|ademas de|oltre a|alem de|naast)(?: (?:at|the|on|um|a|las|alle|om))*\s*$"
)
_ELSE_NAMED = re.compile(r"<(?!when|time|shift|zone)")
_MORE = re.compile(
    r"^\s*(?:more|extra|additional|further|mehr|weitere|de plus|en plus|supplementaires?|mas|in piu|altr[ie]|a mais|meer|extra)(?!\w| than)"
)
_LESS = re.compile(r"^\s*(?:fewer|less|weniger|de moins|menos|in meno|a menos|minder)(?!\w| than)")
_ANOTHER = re.compile(r"(?:another|noch|weitere|encore|otr[oa]s|altr[ie]|outr[oa]s|nog)\s*$")
# Fields by the words people have for them: skill and parameter, then the words.
_FIELDS = (
    ("rank_items", "topic", r"topic|theme|thema|sujet|tema|argomento|assunto|onderwerp"),
    ("web_search", "query", r"quer(?:y|ies)|search(?: (?:words?|terms?|phrase))?|suche|suchbegriff|recherche|busqueda|ricerca|pesquisa|zoekterm"),
    ("compile_newsletter", "title", r"title|headline|heading|titel|titre|titulo|titolo"),
    ("send_email", "subject", r"subject(?: line)?|betreff|objet|asunto|oggetto|assunto|onderwerp"),
    ("send_email", "body", r"text|body|wording"),
    ("notify", "message", r"message|notification|nachricht|meldung|mensaje|messaggio|mensagem|bericht"),
    ("ask_model", "prompt", r"prompt|instructions?|anweisung|consigne|instruccion|istruzione|instrucao|opdracht"),
    ("query_database", "question", r"question|query|frage|pregunta|domanda|pergunta|vraag"),
    ("compile_newsletter", "intro", r"intro\w*|opening|einleitung|introduccion|introduzione|inleiding"),
)  # fmt: skip
_SET = (
    r"(?<!\w)(?:the |its |a |das |den |der |die |le |la |el |il |o |de |het )?(?:{words})(?: of \w+)?"
    r"(?: line)?(?:'s(?: now)?|,? (?:should|must|shall|is to|needs to)(?: now)? (?:be|say|read)|(?: is| reads?| says?)(?: now)?|:| =| to| as| auf| in| zu| en| a| por| por:| naar| para| be)"
    r"(?: be| read| say)?:? (?P<value>.+)$"
)


def only_this(text: str) -> bool:
    """Whether what is named is all that is wanted: "only jo@example.org should get it"."""
    return _ONLY.search(fold(text)) is not None


def only_times(text: str, marks: list[str]) -> list[str]:
    """The marks of times without the days that another's "only" leaves out: "no weekends any more,
    only Monday to Friday"."""
    days = [mark for mark in marks if mark.startswith("<when")]
    only = [m for m in days if _ONLY_HERE.search(fold(text[: text.index(m)]))]
    return [m for m in marks if m not in days or m in only] if len(only) == 1 else marks


# What people say of a step when another is to stand before or after it.
_ANCHORS = (
    ("rank_items", r"picked|chosen|ranked|selected|sorted|filtered|picking|ranking|selection|choosing"),
    ("extract_article", r"read in full|full texts?|fetched in full"),
    ("summarize_items", r"summar\w+|summed up|shortened"),
    ("compile_newsletter", r"laid out|lays? (?:it|them|everything) out|layout|compiled?|put together|set out|composed|(?:news ?)?letter is made|(?:news ?)?letter(?! (?:\w+ )?(?:goes|sent|mailed|leaves|is|gets))"),
    ("save_file", r"saved?|saves|saving|stored|kept|written to|filed"),
    ("notify", r"tells?|told|posted|posts|pinged|pings|notif\w+|announced|message goes|channel"),
    ("send_email", r"sent|sends|mailed|mails|e-?mailed|sending|mail goes|e-?mail goes|letter goes"),
)  # fmt: skip


def _anchored(text: str, skills: Sequence[str]) -> int:
    """The number of the step that something new is to stand before, 0 when no words say."""
    for word, shift in ((r"before|ahead of", 0), (r"after|once|behind", 1)):
        for skill, words in _ANCHORS:
            said = rf"(?<!\w)(?:{word}) (?:(?!after|before)[\w']+ ){{0,4}}?(?:{words})(?!\w)"
            if skill in skills and re.search(said, fold(text)):
                number = skills.index(skill) + 1 + shift
                return number if number <= len(skills) else 0
    return 0


def put_before(text: str, skills: Sequence[str], edits: Iterable[dict[str, Any]]) -> None:
    """ "Before the mail goes out", "after they've been picked": what is new stands there. `skills`:
    of the job."""
    if anchor := _anchored(text, skills):
        for edit in edits:
            if edit["do"] == "add_step" and edit["skill"] != skills[anchor - 1]:
                edit.setdefault("before", anchor)
    sending = [n for n, skill in enumerate(skills, 1) if skill in ("send_email", "notify")]
    if not sending or not _BEFORE.search(fold(text)):
        return
    for edit in edits:
        if edit["do"] == "add_step" and edit["skill"] not in ("send_email", "notify"):
            edit.setdefault("before", sending[0])


def way_of_time(text: str, mark: str) -> str:
    """`skip` for "not on Mondays", `add` for "at six too", empty for a new time."""
    if _SKIPPING.search(fold(text[: text.index(mark)])):
        return "skip"
    return "add" if _comes_too(fold(text), mark) else ""


def _comes_too(folded: str, mark: str) -> bool:
    """Whether a time comes besides the old ones: "also at six", "and Saturdays as well"; "also" may
    be about something else: "add <feed1> too, and move it to <when1>"."""
    before, _, after = folded.partition(mark)
    clause = re.split(r"[.;!?]", before)[-1]
    led = [said for said in _TOO.finditer(clause) if said[0] not in ("too", "as well")]
    if _BESIDES.search(before) or (led and not _ELSE_NAMED.search(clause[led[-1].end() :])):
        return True
    said = _TOO.search(clause := re.split(r"[.;!?]", after)[0])
    between = clause[: said.start()] if said else "<"
    return not _ELSE_NAMED.search(between) and not re.search(r",\s*\w", between)


def way_told(way: str) -> dict[str, str]:
    """The keys of an edit that tell how a time is meant; none for a new time."""
    return {"way": way} if way else {}


def way_of_number(text: str, mark: str) -> str:
    """`more` or `less` when a number says by how much another changes."""
    folded = fold(text)
    at = folded.index(mark)
    after, before = folded[at + len(mark) :], folded[:at]
    if _MORE.search(after) or _ANOTHER.search(before):
        return "more"
    return "less" if _LESS.search(after) else ""


_CLEARED = re.compile(r"(?:\bno|without an?y?|(?:remove|drop|clear)(?: the| any)?) (\w+)")


def cleared(text: str) -> str:
    """The field that is to have no value any more: "no limit"; empty when none is."""
    said = _CLEARED.search(fold(text))
    return said[1] if said and said[1] in ("limit", "topic", "since", "intro", "subject") else ""


# Where another wish begins: "the topic is pilotage now, and Kim wants it at six".
_FURTHER = re.compile(
    r",? (?:and|but|und|et|y|e|en) (?=(?:[A-Z][\w'’-]*|i|we|he|she|they|it|the \w+|my \w+|please|then|also|<\w+\d>)(?: (?:is|are|wants?|needs?|should|must|would|could|can|will|gets?|goes|comes|has|have|likes?)(?!\w)| ?<))"
)


def named_fields(text: str) -> Iterator[tuple[str, str, str]]:
    """(skill, parameter, value) of texts that are set by the name of their field: "the topic
    should be sailing"."""
    folded = fold(text)
    for skill, key, words in _FIELDS:
        said = re.search(_SET.format(words=words), folded)
        value = ended(_FURTHER.split(text[slice(*said.span("value"))])[0]) if said else ""
        quoted = re.match(r"<quote\d>", value)
        if value and not marks_of([value], ("when", "time", "num")):
            yield skill, key, quoted[0] if quoted else value


_ONES = r"(?:ones?|stuff|things?|stories|posts|news)"
_OLD_FOR_NEW = (
    r"(?:replace|swap|change|switch|exchange|turn|ersetze?|tausche?|remplace\w*|cambia\w*|sostitui\w*|troca\w*|vervang)(?: the \w+| das \w+| le \w+)? "
    r"(?:from |von |de |da |van )?{old} (?:with|by|for|to|into|durch|gegen|in|par|en|por|con|a|com|door) (?P<new>[^,.;]+)",
    r"(?:no longer|not|nicht(?: mehr)?|pas|plus|no|non|nao|niet)(?: about| on| uber| sur| sobre| su| over)?(?: the)? {old}(?: any ?more| mehr| mas| piu| mais| meer)?[,:;]?"
    r"(?: but| sondern| mais| sino| ma| mas| maar)?(?: about| uber| sur| sobre| su| over)? (?P<new>[^,.;]+)",
    r"(?:^|, (?:and |but )?|make it |about |use |with |take |put |lieber |plutot |mejor |meglio )(?P<new>[^,.;]+?),? "
    r"(?:instead of|rather than|not|statt|anstatt|au lieu de|en vez de|en lugar de|invece di|em vez de|in plaats van) {old}",
)


def instead_of(text: str, old: str) -> str:
    """What is to stand where an old value stands, when the words name both; else nothing."""
    folded = fold(text)
    words = fold(old).split()
    was = re.escape(fold(old))
    if 1 < len(words) < 4:  # "Iron Age hoards rather than Roman ones"
        was = rf"(?:{was}|{re.escape(' '.join(words[:-1]))} {_ONES})"
    for pattern in _OLD_FOR_NEW:
        said = re.search(pattern.replace("{old}", was), folded)
        new = ended(text[slice(*said.span("new"))]) if said else ""
        if new and "<" not in new:
            return new
    return ""


_GIVEN_UP = re.compile(
    r"(?<!\w)(?:forget(?: about)?|enough (?:of|about)|no more|never mind|(?:we|they|i)(?:'re| are|'m| am) (?:done|finished|through) with|drop|leave out|bored (?:of|with)|sick of) (?P<old>[^.;,<]{3,60}?)[,.;:]? (?:and |but |then )?"
    r"(?:(?:the [\w'-]+|i|we|they|he|she|everybody|everyone|people|[A-Z][\w'-]+|it) )?(?:(?:now|all|rather|only|just|should|would|'d) )*(?:wants?|like|prefers?|needs?|(?:is|are|'re) (?:now )?(?:after|into|about)|be about|make it|go for|switch to) (?:to (?:read|see|hear|know) about |only |now |news (?:on|about) )*(?P<new>[^.;,<]{3,60})",
    re.I,
)


# "Floods are over, it's drought we care about now"
_OVER = re.compile(
    r"(?:^|(?<=[.;!] )|(?<=, ))(?:the )?(?P<old>[^.;,<]{3,40}?) (?:is|are|was|were|has been|have been) (?:over|history|finished|done with|yesterday's news|out|behind us|no longer (?:news|interesting|the thing)),? (?:and |but |so |now )?"
    r"(?:it's|it is|what|the thing) (?P<new>(?!(?:we|i|they|she|he|now)\b)[^.;,<]{3,40}?)(?: that| which)? (?:we|i|they|she|he|everybody|people|the \w+) (?:(?:now|really|all) )?(?:cares?|wants?|needs?|is|are|looks?|follows?|watch(?:es)?)(?!\w)",
    re.I,
)


# "It's hydrofoils we care about these days, kites are over"
_CARED_FOR = re.compile(
    r"(?<!\w)(?:it's|it is|its) (?P<new>(?!(?:we|i|they|she|he|now|not)\b)[^.;,<]{3,40}?)(?: that| which)? (?:we|i|they|she|he|everybody|people|the \w+) (?:(?:now|really|all) )?(?:cares? (?:about|for)|wants?|needs?|(?:is|are|am)(?: all)? (?:after|into)|follows?)(?: (?:now|these days|nowadays))?"
    r"[.;,]+ (?:and |as |since |the )*(?P<old>[^.;,<]{3,40}?) (?:is|are|was|were|has been|have been) (?:over|history|finished|done|out|old news|yesterday's news|passe|no longer)",
    re.I,
)


def given_up_for(text: str, old: str) -> str:
    """What is wanted in place of an old topic that somebody gives up in words of his own: "forget
    majolica and delft, the trustees now want jasperware"."""
    said = _GIVEN_UP.search(text) or _OVER.search(text) or _CARED_FOR.search(text)
    stems = {word[:5] for word in re.findall(r"[^\W\d_]{4,}", fold(old))}
    if said is None or not stems & {w[:5] for w in re.findall(r"[^\W\d_]{4,}", fold(said["old"]))}:
        return ""
    return re.sub(r"\s+(?:instead|now|please|from now on)$", "", ended(said["new"]))


_GOVERNING = re.compile(
    r"^\W*(?:(?:please|pls|bitte|kindly|can you|could you|ok|hey|now|just|go and|svp|por favor|per favore|graag) )*(?:"
    r"(?P<delete>delete|remove|bin|scrap|trash|kill|erase|losche?|entferne?|supprime|efface|borra|elimina|cancella|apaga|exclui|verwijder|wis)"
    r"|(?P<pause>pause|suspend|stop|halt|hold|freeze|disable|pausiere?|stoppe?|suspends|arrete|pausa|suspende|para|deten|ferma|sospendi|interrompi|pauzeer|stop)"
    r"|(?P<resume>resume|unpause|restart|reactivate|re-?enable|reprends|relance|reactive|reanuda|reactiva|riprendi|riattiva|riavvia|retoma|reativa|hervat)"
    r"|(?P<run_now>run|start|execute|trigger|launch|fire|starte?|lance|execute|ejecuta|lanza|esegui|avvia|executa|roda|draai|start)(?=[^.;]*(?:now|immediately|right away|at once|asap|jetzt|sofort|maintenant|tout de suite|ahora|ya mismo|adesso|subito|agora|ja|nu|meteen)(?!\w))"
    r") (?:(?:the|my|our|job|der|den|die|das|le|la|l'|el|il|lo|o|a|het|de|mein\w*|meu|mon|ma|mi|mijn|task|auftrag|tache|trabajo|tarea|lavoro|tarefa|trabalho|taak) ?)*<job\d>"
)


def action_on(question: Question, frame: Frame, jobs: Sequence[str]) -> tuple[str, str] | None:
    """The name of a job and what is done to it as a whole, when a request without a focused job
    names one and wants nothing else: "pause nightly-dump", "the one about tides: bin it"."""
    marks = [mark for mark in question.marks if mark in question.text]
    named = marks_of(marks, ("job",))
    if marks_of(marks, ("mail", "chan", "feed", "page", "api")) or len(named) > 1:
        return None
    if named:
        name = str(frame.marked.meaning(named[0]))
        # "Nights are getting cold, wake frost-watch up": a time before only says why.
        behind = re.split(r"[.;,!?]", question.text[: question.text.index(named[0])])
        reason = len(",".join(behind[:-1]))
        marks = [mark for mark in marks if question.text.index(mark) >= reason]
        governed = _GOVERNING.search(fold(question.text))
        if governed is not None and not marks_of(marks, ("when",)):
            return name, next(action for action in WHOLE if governed[action])
    else:
        name = _spoken_of(question.text, jobs)
    if not name or evidence(frame.question.text).sure:
        return None
    text = re.sub(r"(?:(?:the|my|our|job) )*<job\d>(?: job)?", "it", question.text)
    found = [cue.name for cue in cues("actions", text) if cue.name in WHOLE]
    # "Until I say so" belongs to a rest, whatever it is read for.
    tags = {tag for tag in frame.tags if tag != "call_job"}
    if not found or (tags and found[0] not in ("pause", "delete")):
        return None
    return (name, found[0]) if not marks_of(marks, ("when",)) or found[0] == "pause" else None


def _spoken_of(text: str, jobs: Sequence[str]) -> str:
    """The one job of which a telling word stands in the text; empty for none or several."""
    said = {_stem(word) for word in re.findall(r"[^\W\d_]{4,}", fold(text))}
    words = {job: {_stem(w) for w in re.findall(r"[^\W\d_]{4,}", fold(job))} for job in jobs}
    common = {w for w in set().union(*words.values()) if sum(w in of for of in words.values()) > 1}
    meant = [job for job, of in words.items() if (of - common - _KINDS) & said]
    return meant[0] if len(meant) == 1 else ""


_KINDS = frozenset({"job", "list", "table", "news", "letter", "newsletter", "digest", "report", "check", "watch", "daily", "weekly", "morning"})  # fmt: skip


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


_SAYS_QUOTED = re.compile(
    r"(?<!\w)(?:say|says|saying|write|tell (?:them|him|her|everyone)|read|reads)(?: that)?:? <quote\d>"
)
_OTHER_QUESTION = re.compile(
    r"(?:^|[.;,] |(?<!\w)(?:and|should|to|rather|instead) )(?:ask|query|count|find out|look up)(?: (?:it|the data ?base|them|for|instead|rather))* (?P<asked>(?:which|what|who|whose|how|when|where|whether) .+)",
    re.I,
)
# "Take … in as well": what comes to what is there already.
_AS_WELL = re.compile(
    r"(?<!\w)(?:as well|too|also (?:add|read|take|include|use)|er (?:ook )?(?:bij|nog)|ook [^.;]{0,60} bij|mit (?:dazu|auf|rein)|dazu|aussi|en plus|tambien|ademas|anche|pure|tambem)(?!\w)(?! (?:a |another |an? (?:new|second) )?(?:new )?job)"
)


def says_quoted(text: str) -> bool:
    """Whether a quotation is what somebody is to be told: "say <quote1> instead"."""
    return _SAYS_QUOTED.search(fold(text)) is not None


_FIRST = re.compile(
    r"(?<!\w)(?:first|before (?:that|it goes|it's sent)|beforehand|vorher|zuerst|d'abord|avant|antes|primero|prima|primeiro|eerst)(?!\w)"
)


def done_first(text: str, mark: str) -> bool:
    """Whether what a mark is needed for comes before the rest: "and before that save it as <file1>"."""
    clause = re.split(r"[.;,!?]| (?:and|und|et|y|e|en) ", fold(text[: text.index(mark)]))[-1]
    return _FIRST.search(clause) is not None


def other_question(text: str) -> str:
    """What the database is to be asked from now on: "ask which items are under ten"."""
    said = _OTHER_QUESTION.search(text)
    return ended(said["asked"]) if said else ""


def comes_besides(text: str) -> bool:
    """Whether what is named comes to what is there already: "take … in as well"."""
    return _AS_WELL.search(fold(text)) is not None
