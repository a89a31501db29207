"""Questions about the past of a job, and orders to run it once with something else, read by code.

A prompt is one only when it is nothing else: every word of it has to belong to the question.
"Tell me on Slack why it failed whenever it fails" is a request for the builder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Literal

from assistant.chat.past_days import Days, named
from assistant.grounding.languages import fold
from assistant.grounding.times import schedule

Kind = Literal["failed", "sent", "found", "last", "went", "next"]
LONGEST = 24
"""Words of a question; who writes more wants something else."""


@dataclass(frozen=True)
class RunQuestion:
    """What is asked: `failed` why it failed, `sent` what it sent, `found` how many it found,
    `last` when it ran last, `went` how it went, `next` when it runs next. `job` empty: the one
    that is focused. `days` None: the last run that says it."""

    kind: Kind
    job: str = ""
    days: Days | None = None


@dataclass(frozen=True)
class RunOrder:
    """ "Run it now with limit 3": the values as they were typed, by the names that were said."""

    job: str = ""
    changes: Mapping[str, str] = field(default_factory=dict[str, str])
    plain: bool = True
    """It says now, or once; without that it may be a wish to change the job."""


def question_in(text: str, jobs: Sequence[str], today: date) -> RunQuestion | None:
    """The question that a prompt is; None for every other prompt. `jobs`: the names there are.

    Raises BindingsInvalid for a day that no calendar has.
    """
    folded = _trimmed(text)
    if not folded:
        return None
    # A job may be named like a common word (newsletter): read with its name, then without.
    for said, job in _subjects(folded, jobs):
        days_of, rest = named(said)
        for text_left, days in ((said, None), (rest.strip(" ,"), days_of)):
            if kind := _kind_of(text_left):
                return RunQuestion(kind, job, days(today) if days else None)
    return None


def _kind_of(said: str) -> Kind | None:
    return next((kind for kind, pattern in _questions().items() if pattern.fullmatch(said)), None)


def order_in(text: str, jobs: Sequence[str]) -> RunOrder | None:
    """The order to run a job once with other values; None for every other prompt."""
    said = _POLITE.sub("", " ".join(text.strip().rstrip(".!?").split()))
    if len(said.split()) > LONGEST or "\n" in text.strip():
        return None
    for subject, job in _subjects(fold(said), jobs):
        ordered = _ORDER.fullmatch(subject)
        if ordered is None:
            continue
        # What is set keeps its letters as they were typed; both texts end alike.
        shift = len(said) - len(subject)
        typed = said[ordered.start("what") + shift : ordered.end("what") + shift]
        if fold(typed) != ordered["what"] or schedule(typed) is not None:
            continue
        if changes := _changes(typed):
            return RunOrder(job, changes, re.search(rf"\b(?:{_NOW})\b", subject) is not None)
    return None


def _changes(text: str) -> dict[str, str]:
    """`limit 3 and topic "solar power"` by name; nothing when a part of it says no value."""
    found = dict[str, str]()
    for part in re.split(r"\s*(?:,|;|&|\b(?:and|und|et|y|e|en)\b)\s*(?=\S+[ =:])", text):
        counted, set_ = _COUNTED.fullmatch(fold(part)), _SET.fullmatch(part.strip())
        if counted:
            found["limit"] = counted["count"]
        elif set_:
            found[set_["name"]] = set_["value"].strip("\"'“”„«»‘’ ")
        else:
            return {}
    return found


_COUNTED = re.compile(
    r"\s*(?:only |just |at most |nur |seulement |solo |so |apenas |maar |alleen )?(?P<count>\d{1,4}) "
    r"(?:items?|stories|story|results?|articles?|entries|rows?|lines?|eintragen?|artikeln?|meldungen|"
    r"elements?|resultats?|elementos?|noticias?|resultados?|elementi|risultati|notizie|itens|berichten|resultaten)\s*"
)
_SET = re.compile(
    r"(?:the |a |an |only |only the |der |das |la |le |el |il |o |de |het )?(?P<name>[^\W\d][\w.\-]*)"
    r"(?:\s*[=:]\s*|\s+(?:=|to|of|is|as|set to|auf|gleich|a|en|igual a|su|para|op|zu)\s+|\s+)(?P<value>\S.*)",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:please|pls|hey|hi|hello|ok|okay|so|and|but|well|now|can you tell me|could you tell me|tell me|"
    r"do you know|i wonder|remind me|explain|bitte|und|aber|also|sag mir|sag mal|weisst du|kannst du mir sagen|"
    r"s'il te plait|stp|svp|et|mais|dis[- ]moi|alors|por favor|y|pero|dime|per favore|e|ma|dimmi|"
    r"mas|diz[- ]me|me diga|alsjeblieft|en|maar|zeg eens|vertel(?: me)?),? )+"
)
_END = re.compile(
    r"(?:,? (?:please|pls|bitte|svp|stp|por favor|per favore|alsjeblieft|then|denn|exactly|actually|again))+$"
)


def _trimmed(text: str) -> str:
    """The prompt folded, without politeness and marks at its ends; empty for one that is long, has
    addresses, or speaks of more than one thing."""
    said = fold(" ".join(text.split())).strip(" ¿¡?!.")
    if len(said.split()) > LONGEST or re.search(r"://|[\"“”„«»;]|[.?!] ", said):
        return ""
    return _END.sub("", _LEAD.sub("", said)).strip(" ¿¡?!.,")


def _subjects(folded: str, jobs: Sequence[str]) -> list[tuple[str, str]]:
    """The prompt with the name of a job said as "it", and the name; then as it stands."""
    found = list[tuple[str, str]]()
    for job in sorted(jobs, key=len, reverse=True):
        name = "[- ]".join(map(re.escape, fold(job).split("-")))
        around = (
            rf"(?<![\w-])(?:{_THE})?(?:{_JOB} )?{name}(?: (?!run\b|lauf\b){_JOB})?(?![\w-])(?:'s)?"
        )
        said = re.sub(around, "it", folded, count=1)
        if said != folded:
            found.append((said, job))
            break
    return [*found, (folded, "")]


_THE = r"(?:(?:the|my|our|this|der|die|das|den|dem|mein\w*|le|la|l'|mon|ma|el|mi|il|lo|mio|mia|o|a|meu|minha|de|het|mijn) ?)"
_JOB = r"(?:job|pipeline|(?:dry[- ]|test |trial )?run|trial|try|attempt|test|draft|task|probelauf|testlauf|versuch|essai|prueba|prova|teste|proef|auftrag|lauf|aufgabe|tache|trabajo|tarea|lavoro|processo|tarefa|trabalho|taak|opdracht)"
_IT = (
    rf"(?:it|that|this|(?:that|this|the last|the latest|the previous|my last|{_THE}letzte|{_THE}derniere?|{_THE}dernier|"
    rf"{_THE}ultim[oa]|{_THE}laatste|dieser|diese|dieses|{_THE})? ?{_JOB}(?: of it)?|er|sie|es|das|"
    r"il|elle|ca|cela|ello|esto|eso|lui|ele|ela|isso|hij|zij|ze|het|dat)"
)
_Q: dict[Kind, tuple[str, ...]] = {
    "failed": (
        rf"why (?:did|has|does|is|was|had|had|do) {_IT} (?:just |always |keep |keeps |now )?(?:failed|failing|fails?|break|broken|breaking|crash(?:ed|ing)?|stop(?:ped)?|go(?:ne)? wrong|not (?:run|work|succeed|succeeded|finish|worked|send|sent))(?: (?:last time|the last time|last))?",
        rf"why (?:didn'?t|doesn'?t|hasn'?t|isn'?t|did not|has not|does not) {_IT} (?:run|work(?:ing)?|succeed(?:ed)?|finish(?:ed)?|sen[dt]|go out)(?: (?:anything|it|the mail|last time))?",
        rf"why (?:it|this|that|{_IT}) (?:fail(?:ed|s)|broke|crashed|stopped|did(?: not|n'?t) (?:run|work))",
        rf"what(?: is| was| went|'s| has gone)? ?(?:gone |the )?wrong(?: (?:with|in|about) {_IT})?(?: (?:last time|the last time))?",
        rf"what(?:'s| is| was|s) the (?:error|problem|failure|trouble|reason|cause)(?: (?:with|of|for|in|that) {_IT}| for the failure| of the failure| message)?",
        rf"warum (?:ist|hat|lief|ging|klappte|scheiterte|schlug|funktioniert|geht|lauft) {_IT} ?(?:nicht )?(?:fehlgeschlagen|gescheitert|schiefgegangen|schief gegangen|schiefgelaufen|abgebrochen|abgesturzt|geklappt|funktioniert|gelaufen|schief|fehl|durch)?(?: nicht)?",
        r"was (?:ist|lief|ging|war) (?:schief|falsch|schiefgegangen|schiefgelaufen|der fehler|das problem|die ursache)",
        rf"pourquoi (?:{_IT} )?(?:a|est|n'a|n'est|ca a)?(?:-t-| t |[- ])?(?:{_IT} )?(?:pas |ete )?(?:echoue|plante|rate|marche|fonctionne|tombe en panne|en echec)(?: {_IT})?(?: pas)?",
        rf"pourquoi {_IT} (?:a|est|n'a|n'a pas|ne) (?:-t-{_IT} )?(?:pas |ne )?(?:echoue|plante|rate|marche|fonctionne)(?: pas)?",
        r"qu'est[- ]ce qui (?:n'a pas marche|a echoue|s'est passe|a plante)|quelle (?:est|etait) l'erreur|quel (?:est|etait) le probleme",
        rf"por que (?:ha )?(?:no )?(?:{_IT} )?(?:fallo|fallado|fallaba|falla|funciono|se rompio|fracaso)(?: {_IT})?",
        r"(?:que|qual) (?:fallo|salio mal|ha salido mal|fue el error|deu errado|foi o erro|e o erro)|cual (?:fue|es) el (?:error|problema)",
        rf"perche (?:non )?(?:{_IT} )?(?:e fallit[oa]|ha fallito|ha funzionato|e andat[oa] (?:male|storto)|funziona|si e (?:rotto|fermato))(?: {_IT})?",
        r"(?:che )?cos(?:a|') (?:e andato storto|e successo di sbagliato)|qual (?:e|era) (?:l'errore|il problema)",
        rf"(?:por ?que|porque) (?:{_IT} )?(?:falhou|nao (?:funcionou|rodou|correu)|deu erro|quebrou|parou)(?: {_IT})?",
        rf"waarom (?:is|ging|ging dat|faalde|mislukte|werkte|liep|deed|heeft) ?(?:{_IT})? ?(?:niet )?(?:mislukt|fout|mis|gefaald|vastgelopen|gelukt|gewerkt|het niet)?(?: gegaan)?",
        r"wat (?:ging|is|was) er (?:mis|fout|misgegaan|aan de hand)|wat (?:is|was) (?:de fout|het probleem)",
    ),
    "sent": (
        rf"(?:show me )?what (?:did|has|had|does) {_IT} (?:just |last )?(?:sen[dt]|mail(?:ed)?|e-?mail(?:ed)?|post(?:ed)?|deliver(?:ed)?|notif(?:y|ied)|write|writ(?:ten))(?: out)?(?: (?:last time|last|the last time))?",
        rf"(?:show me )?what (?:{_IT}) (?:sent|mailed|posted|delivered)(?: out)?(?: last time)?",
        rf"(?:show me )?what (?:was|were|has been|got) (?:sent|mailed|posted|delivered)(?: out)?(?: by {_IT})?",
        rf"(?:which|what) (?:e?-?mails?|messages?|letters?|newsletters?|notifications?) (?:(?:did|has|had) {_IT} (?:sen[dt]|posted?|mailed?)|went|(?:was|were) (?:sent|posted|mailed))(?: out)?(?: by {_IT})?",
        rf"who(?:m)? (?:did {_IT} (?:send|mail|write)(?: (?:it|that|this|anything))?(?: to)?|got (?:it|the (?:mail|letter|newsletter|message)|{_IT})|was it (?:sent|mailed) to)",
        rf"(?:did|has) {_IT} (?:send|sent|mail(?:ed)?|post(?:ed)?)(?: out)? (?:anything|something|a mail|an email|the (?:mail|letter|newsletter|message)|it)",
        rf"was hat {_IT} (?:\w+ )?(?:gesendet|geschickt|verschickt|versandt|versendet|gemailt|gepostet)|was wurde (?:gesendet|geschickt|verschickt|versandt|gemailt)|was (?:verschickte|schickte|sendete) {_IT}",
        rf"qu'(?:est[- ]ce qu(?:'|e ){_IT} a |a[- ]t[- ]{_IT} )(?:envoye|poste|expedie)|qu'(?:est[- ]ce qui )?a ete envoye|que a[- ]t[- ]{_IT} envoye",
        rf"que (?:ha )?(?:{_IT} )?(?:envio|enviado|mando|mandado|publico)(?: {_IT})?|que se (?:envio|mando)",
        rf"(?:che )?cosa (?:ha )?(?:{_IT} )?(?:inviato|mandato|spedito|pubblicato)(?: {_IT})?|(?:che )?cosa e stato (?:inviato|mandato|spedito)",
        rf"o que (?:{_IT} )?(?:enviou|mandou|publicou)(?: {_IT})?|o que foi (?:enviado|mandado)",
        rf"wat (?:heeft|stuurde|verstuurde|mailde) {_IT}(?: (?:gestuurd|verstuurd|gemaild|verzonden|gepost))?|wat (?:is|werd) er (?:gestuurd|verstuurd|verzonden)",
    ),
    "found": (
        rf"how many (?:[\w-]+ ){{0,3}}?(?:did|has|had) {_IT} (?:find|found|get|got|fetch(?:ed)?|read|collect(?:ed)?|keep|kept|return(?:ed)?|bring|pick(?:ed)?|have|save[d]?|sent|send)(?: up| back| out)?(?: (?:last time|the last time))?",
        rf"how many (?:[\w-]+ ){{0,3}}?(?:were|was) (?:there|found|fetched|collected|read|in it)(?: by {_IT})?",
        rf"(?:show me )?what (?:did|has) {_IT} (?:find|found|fetch(?:ed)?|collect(?:ed)?|get|got|read|return(?:ed)?|give|given)(?: out| back)?(?: last time)?",
        rf"(?:did|has) {_IT} (?:find|found|get|got|collect(?:ed)?) (?:anything|something|any [\w-]+)(?: new)?",
        rf"wie ?viele? (?:\w+ )?(?:hat|fand|waren) {_IT}(?: (?:gefunden|geholt|gelesen|gesammelt))?|was hat {_IT} gefunden|wie ?viele? (?:\w+ )?wurden gefunden",
        rf"combien (?:(?:d'|de )\w+ )?(?:en )?(?:a[- ]t[- ]{_IT}|{_IT} (?:en )?a|il en a|ont ete) (?:trouve\w*|recupere\w*|lu\w*)|qu'(?:est[- ]ce qu'{_IT} a|a[- ]t[- ]{_IT}) trouve",
        rf"cuant[oa]s (?:\w+ )?(?:ha )?(?:{_IT} )?(?:encontro|encontrado|hallo|leyo|habia|se encontraron)(?: {_IT})?|que (?:ha )?(?:{_IT} )?encontr(?:o|ado)(?: {_IT})?",
        rf"quant[ie] (?:\w+ )?(?:ne )?(?:ha |sono stat[ie] )?(?:{_IT} )?(?:trovat[oie]|letto|raccolto)(?: {_IT})?|(?:che )?cosa ha trovato(?: {_IT})?",
        rf"quant[oa]s (?:\w+ )?(?:{_IT} )?(?:encontrou|achou|leu|foram encontrad[oa]s)(?: {_IT})?|o que (?:{_IT} )?(?:encontrou|achou)",
        rf"hoeveel (?:\w+ )?(?:heeft|vond|waren|had) {_IT}(?: (?:gevonden|gelezen|verzameld|opgehaald))?|wat (?:heeft {_IT} gevonden|vond {_IT})",
    ),
    "last": (
        rf"when (?:did|has|was|had) {_IT} (?:last |most recently |latest )?(?:run|ran|execute[d]?|start(?:ed)?|go(?:ne)?|been run)(?: last| the last time| for the last time| most recently| off)?",
        rf"when (?:was|did) (?:the |its )?(?:last|latest|most recent|previous)(?: time)?(?: run| {_JOB})?(?: of {_IT}| {_IT} ran| it ran)?",
        rf"(?:what|which) (?:is|was) (?:the |its )(?:last|latest) run(?: of {_IT})?|the last run(?: of {_IT})?|how long ago did {_IT} run|last run",
        rf"(?:did|has) {_IT} (?:already )?(?:run|ran|start(?:ed)?)(?: yet| already| at all)?",
        rf"wann (?:lief|ist|war|hat|wurde) {_IT}(?: (?:das letzte mal|zum letzten mal|zuletzt|letztmals|letzte))?(?: (?:gelaufen|gestartet|ausgefuhrt|lauf|das letzte mal|zuletzt))?|wann war (?:der|ihr|sein) letzter? lauf|(?:ist|lief) {_IT}(?: schon)?(?: gelaufen)?",
        rf"quand (?:est[- ]ce qu'{_IT} a|a[- ]t[- ]{_IT}|{_IT} a(?:-t-{_IT})?) (?:tourne|ete lance\w*|ete execute\w*)(?: (?:la derniere fois|pour la derniere fois|en dernier))?|(?:c'est|c'etait)? ?quand (?:etait )?(?:la derniere execution|son dernier passage)|quand (?:etait|a eu lieu) (?:la derniere execution|le dernier passage)(?: de {_IT})?",
        rf"cuando (?:fue (?:la ultima vez(?: que (?:se )?(?:ejecuto|corrio))?|la ultima ejecucion)|(?:se )?(?:ejecuto|corrio) {_IT}?(?: por ultima vez)?|(?:se )?(?:ejecuto|corrio)(?: por ultima vez)?)",
        rf"quando (?:{_IT} )?(?:e (?:stat[oa] (?:eseguit[oa]|lanciat[oa])|partit[oa]|girat[oa])|ha girato|e stata l'ultima (?:volta|esecuzione))(?: (?:l'ultima volta|per l'ultima volta))?(?: {_IT})?",
        rf"quando (?:foi (?:a ultima (?:vez(?: que (?:{_IT} )?(?:rodou|correu|foi executad[oa]))?|execucao))|(?:{_IT} )?(?:rodou|correu|executou|foi executad[oa])(?: pela ultima vez| por ultimo)?)",
        rf"wanneer (?:liep|draaide|is|was|werd|heeft) {_IT}(?: (?:voor het laatst|de laatste keer|het laatst|laatst))?(?: (?:gedraaid|gelopen|uitgevoerd|gestart|run))?|wanneer was (?:de|zijn) laatste (?:run|keer)",
    ),
    "went": (
        rf"how (?:did|has) {_IT} (?:go|gone|do|done)(?: last time)?|how (?:is|was) {_IT}(?: doing| going)?(?: last time)?",
        rf"what (?:happened|has happened)(?: (?:with|to|in) {_IT})?(?: last time)?|what (?:did|has) {_IT} (?:do|done)(?: last time)?",
        rf"(?:did|has|was) {_IT} (?:work(?:ed)?|succeed(?:ed)?|fail(?:ed)?|finish(?:ed)?|successful|ok|okay|done|go (?:well|through|ok|okay|wrong))(?: last time)?",
        rf"(?:wie (?:lief|ist|war|ging) {_IT}(?: gelaufen| gegangen)?|(?:hat|ist) {_IT} (?:geklappt|funktioniert|fehlgeschlagen|gut gegangen)|was ist passiert|was hat {_IT} gemacht)",
        rf"(?:comment (?:ca|cela|{_IT}) (?:s'est|est) passee?|(?:{_IT} )?(?:est[- ]ce qu'{_IT} )?a(?:-t-{_IT})? (?:marche|fonctionne|reussi|echoue)|que s'est[- ]il passe|qu'a[- ]t[- ]{_IT} fait)",
        rf"(?:como (?:fue|le fue|ha ido|salio)(?: {_IT})?|(?:{_IT} )?(?:funciono|fallo|salio bien)(?: {_IT})?|que (?:paso|ha pasado|hizo)(?: {_IT})?)",
        rf"(?:com'e andat[oa](?: {_IT})?|come e andat[oa](?: {_IT})?|(?:{_IT} )?ha funzionato(?: {_IT})?|(?:che )?cosa (?:e successo|ha fatto)(?: {_IT})?)",
        rf"(?:como (?:foi|correu)(?: {_IT})?|(?:{_IT} )?(?:funcionou|deu certo|falhou)(?: {_IT})?|o que (?:aconteceu|{_IT} fez|fez))",
        rf"(?:hoe (?:ging|liep|is) {_IT}(?: gegaan| gelopen)?|(?:is|heeft) {_IT} (?:gelukt|gewerkt|mislukt)|wat is er gebeurd|wat (?:deed|heeft) {_IT}(?: gedaan)?)",
    ),
    "next": (
        rf"when (?:does|will|is|do) {_IT} (?:(?:run|start|go|go off|be run|due|going to run|scheduled|planned)(?: (?:next|again|next time|the next time))?|next (?:run|due|start))",
        rf"when(?: is|'s)? (?:the |its )?next (?:run|time)(?: of {_IT})?|what time does {_IT} (?:run|start)(?: next)?",
        rf"wann (?:lauft|startet|kommt) {_IT}(?: (?:wieder|das nachste mal|als nachstes))?|wann (?:ist|kommt) der nachste lauf",
        rf"quand (?:est[- ]ce qu'{_IT} (?:tourne|part)|(?:{_IT} )?(?:tourne|part)(?:-t-{_IT})?|est la prochaine execution)(?: (?:la prochaine fois|a nouveau))?",
        rf"cuando (?:se )?(?:ejecuta|corre|es la proxima ejecucion)(?: {_IT})?(?: (?:la proxima vez|de nuevo))?",
        rf"quando (?:{_IT} )?(?:parte|gira|viene eseguit[oa]|e la prossima esecuzione)(?: {_IT})?(?: (?:la prossima volta|di nuovo))?",
        rf"quando (?:{_IT} )?(?:roda|corre|executa|vai rodar|e a proxima execucao)(?: {_IT})?(?: (?:da proxima vez|de novo))?",
        rf"wanneer (?:draait|loopt|start|begint) {_IT}(?: (?:weer|de volgende keer|opnieuw))?|wanneer is de volgende (?:run|keer)",
    ),
}  # fmt: skip
_POLITE = re.compile(
    r",? (?:please|pls|bitte|svp|s'il te pla[iî]t|por favor|per favore|alsjeblieft)$", re.IGNORECASE
)
_NOW = (
    r"now|right now|right away|immediately|at once|once|again|once more|today|jetzt|sofort|gleich|einmal|nochmal|"
    r"noch einmal|maintenant|tout de suite|une fois|encore|ahora|ya|una vez|de nuevo|otra vez|adesso|ora|subito|"
    r"una volta|di nuovo|agora|ja|uma vez|nu|meteen|een keer|opnieuw|nog een keer"
)
_ORDER = re.compile(
    rf"(?:(?:please|pls|can you|could you|ok|okay|now|and|bitte|svp|s'il te plait|por favor|per favore|graag),? )*"
    rf"(?:run|re-?run|start|execute|launch|fire|trigger|starte|lass|fuhre|lance|relance|execute|ejecuta(?:lo|la)?|lanza(?:lo|la)?|"
    rf"esegui(?:lo|la)?|lancia(?:lo|la)?|executa|execute|roda|rode|draai|start)(?:[ -](?:{_IT}|le|la|lo|los))?"
    rf"(?:,? (?:{_NOW}|laufen|aus))*,? (?:but |aber |mais |pero |ma |mas |maar )?"
    rf"(?:with|using|mit|avec|con|com|met|only|nur|seulement|solo|apenas|alleen) (?P<what>.+?)(?:,? (?:{_NOW}|laufen|aus))*"
)


@cache
def _questions() -> dict[Kind, re.Pattern[str]]:
    """Compiled when the first prompt comes."""
    return {
        kind: re.compile("|".join(f"(?:{one})" for one in patterns))
        for kind, patterns in _Q.items()
    }
