"""What stands in a request as it is to be used: texts after a colon, services by name.

"Tell #ops: closed until Thursday" and "save this as hours.txt:
Mon-Fri 8 to 18" hold no schedule; what is literal is found before times and numbers are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.grounding.languages import fold
from assistant.grounding.times import phrases
from assistant.grounding.titles import Literal

LANGUAGES = (
    "english|polish|german|french|spanish|italian|portuguese|dutch|russian|ukrainian|turkish|arabic|chinese|mandarin|japanese|greek|swedish|"
    "danish|norwegian|finnish|czech|hungarian|romanian|welsh|irish|gaelic|latin|korean|hindi|urdu|hebrew|catalan|croatian|vietnamese|thai"
)
"""Names of languages that a text may be put into, folded, parted by `|`."""


_TELLING = re.compile(
    r"(?<!\w)(?:new file|tell|let|say|post|send|drop|leave|put|pop|stick|message|msg|notify|notification|ping|alert|inform|warn|remind|announce|shout|write|note|save|store|"
    r"keep|translate|ask|give|pose|hand|rewrite|rephrase|reword|polish|simplify|improve|fix|check|summari[sz]e|shorten|correct|proofread|turn|make|email|mail|text|slack|"
    r"sag|sage|schreib\w*|melde?|poste?|sende?|schick\w*|speicher\w*|ubersetz\w*|notier\w*|"
    r"dis|ecri\w*|envoi\w*|publie|previen\w*|enregistr\w*|tradui\w*|note|"
    r"di|dile|escrib\w*|envia\w*|manda\w*|avisa\w*|publica\w*|guarda\w*|traduce\w*|apunta|"
    r"scriv\w*|invia\w*|avvisa\w*|pubblica\w*|salva\w*|traduci\w*|annota|"
    r"diz|diga|escrev\w*|envi\w*|avis\w*|guard\w*|traduz\w*|"
    r"zeg|schrijf|stuur|meld|plaats|bewaar|vertaal|noteer)(?!\w)"
)
_GOAL = re.compile(
    r"#[\w-]+|@[\w.-]+\.\w+|\bchannel\b|kanal\b|canale?\b|kanaal\b|\bgroup\b|\.(?:md|txt|csv|json|html?)\b|"
    r"\b(?:slack|telegram|discord|ntfy|teams|mattermost|matrix|signal|pushover|gotify)\b|"
    r"\b(?:claude|gpt|model|llm|modell|modele|modelo|modello)\b|\b[a-z]+/[\w.-]+$|"
    r"\b(?:note|notification|message|reminder|text|sentence|paragraph|following|line|lines|words|saying|nachricht|satz|text|message|phrase|texte|"
    r"mensaje|frase|texto|messaggio|testo|mensagem|bericht|zin|tekst)\b|"
    rf"\b(?:this|these|{LANGUAGES})\b|\b(?:more|less|as) [\w-]+$|\b[a-z]+er$|^(?:ping|tell|msg|message|notify|alert|warn|inform) [a-z][\w-]*$"
)
_ELSEWHERE = re.compile(
    r"\bthe (?:model|llm|ai)\b|https?://|www\.|[\w.+-]+@[\w-]+\.|(?<!\w)#[a-z]", re.I
)
_AGAIN = re.compile(
    r"[,.;!] *(?:and )?(?:please )?(?:do (?:it|this|that) )?(?=(?:every|each|daily|weekly|monthly|hourly|jeden|jede|jedes|taglich|chaque|tous les|"
    r"cada|todos|ogni|tutti|todo|toda|elke|iedere)\b[^.;]*$)"
)
_COLON = re.compile(r"(?<![\d\w]:)(?<!\d):\s+(?=\S)")
# Whom something is told: a channel, a person, everybody.
_WHOM = r"(?:(?:the|our|my|mr|mrs|ms|miss|dr|prof|herr|frau|all|everyone|everybody|people|folks|in|on|at|of)\s+){0,3}[\w#@.&-]+(?:\s+(?:channel|team|group|people|folks|committee|members))?"
_ADDRESS = r"(?:[(<]?[\w.+-]+@[\w-]+(?:\.[\w-]+)+[)>]?|[\w.+-]+ at [\w-]+(?: dot [\w-]+)+)"
_THAT = re.compile(
    rf"(?<!\w)(?:(?:know|aware|hear)|(?:tell|inform|remind|warn|notify|alert|message|ping|let|text|slack|shout at|msg) {_WHOM}(?: know)?),? that[: ]+"
    rf"|(?<!\w)(?:e-?mail|mail|write|message|text|send|tell|inform|remind|let|drop)\b[^.;:!?@]{{0,40}}{_ADDRESS}(?: know)?,? that[: ]+"
    r"|(?<!\w)(?:put|post|write|say|stick|announce|drop|shout)(?: (?:it|a (?:note|line|message|word)))? (?:on|in|to|into|onto) (?:the |our |my )?#?[\w-]+(?: channel| group)?,? that[: ]+"
    rf"|(?<!\w)let (?!me\b|us\b|it\b){_WHOM} know,? (?![(<]?[\w.+-]+@|that\b|when|if\b|about|of\b|every|each|once|whether|the (?:moment|second|minute|instant|result|answer)|as soon|how|what|which|who|where|why|by\b|at\b|on\b|in\b|via\b|with|and\b|<)"
    rf"|(?<!\w)(?:drop|send|write|give) {_ADDRESS} (?:an? )?(?:quick |short )?(?:line|note|word|e-?mail|mail|message|shout)(?:[,:;]| [–—-])+ (?:that )?(?!subject|betreff|objet|asunto|oggetto|assunto|onderwerp|<)"
    rf"|(?<!\w)(?:let|tell|inform|remind|warn) {_WHOM}(?: know)?,? {_ADDRESS}(?: know)?,? (?:that )?(?!that\b|when|if\b|about|of\b|every|each|once|how|what|which|who|where|why|by\b|at\b|on\b|in\b|to\b|via\b|with|and\b|as\b|the (?:moment|result|answer)|<)"
    rf"|(?<!\w)give {_WHOM} (?:the |a )?(?:quick )?(?:word|news|shout|heads-?up|note|nudge),? that "
    r"|(?<!\w)(?:schreib\w*|sag\w*|meld\w*|teil\w*|informier\w*|gib|mail\w*)\b(?:[^.;:!?]|\.(?=\w)){0,90},? dass "
    r"|(?<!\w)(?:dis|ecri\w*|previen\w*|informe\w*|annonce\w*)\b(?:[^.;:!?]|\.(?=\w)){0,90}? que |(?<!\w)(?:di|dile|avisa\w*|escrib\w*|informa\w*)\b(?:[^.;:!?]|\.(?=\w)){0,90}? que "
    r"|(?<!\w)(?:di|scriv\w*|avvisa\w*|informa\w*)\b(?:[^.;:!?]|\.(?=\w)){0,90}? che |(?<!\w)(?:zeg|schrijf|meld|laat|mail)\b(?:[^.;:!?]|\.(?=\w)){0,90}?,? dat "
    rf"|(?<!\w)(?:ask (?:(?!me\b|us\b)[\w'’-]+ ){{0,3}}?{_ADDRESS}|(?:e-?mail|mail|write|message|send)\b[^.;:!?@]{{0,40}}{_ADDRESS},? (?:and |to )?ask(?:ing)?(?: (?:him|her|them))?) "
    r"(?=(?:whether|if|when|what|how|who|where|which|why) )"
    r"|(?<!\w)(?:tell|inform|remind|warn|notify|alert|message|ping) (?:(?:the |our )?#[\w-]+|(?:the |our )[\w-]+ channel|[\w.+-]+@[\w-]+(?:\.[\w-]+)+),? "
    r"(?!that\b|when|if\b|about|every|each|once|whenever|whether|the (?:moment|second|minute|instant|result|answer)|as soon|how|what|which|who|where|why|by\b|at\b|on\b|in\b|to\b|of\b|with|and\b|in case|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|daily|weekly|hourly|<)"
)
# Where what is told ends before its sentence does: another deed, a condition, what comes again.
_GOES_ON = re.compile(
    r",? *(?:\b(?:and|then|after that)\b,? (?:then |also |please )?(?:e-?mail|mail|send|save|store|post|tell|ping|notify|write|put|attach)\b"
    r"|\b(?:if|unless|when(?:ever)?|as soon as|in case)\b|\b(?:every|each) (?!one\b|body\b)|\b(?:daily|weekly|monthly|hourly)\b"
    r"|\bon (?:week|mon|tues|wednes|thurs|fri|satur|sun)days\b)"
)
_MISREAD = re.compile(
    r"(?<!\w)(?:fail|br(?:eak|oke)|crash|down|wrong|error|trouble|not work|doesn't work|dead)|(?:on|by|from|until|till) the \d{1,2}(?:st|nd|rd|th)\b",
    re.I,
)
_SUBJECT_LINE = re.compile(
    r"[.;,!(]? *(?:\b(?:and|with|use|put|and put|and use) )?(?:(?:[\w'-]+ ){1,4}(?:in|as|for) the |\bthe |\bas )?\b(?:subject|betreff|objet|asunto|oggetto|assunto|onderwerp)\b"
    r"|[.;,!] *(?:and )?(?:please )?(?:(?:title|head|caption) it (?!is)|(?:with|under) (?:the |a )?(?:heading|headline|title) |(?:the )?(?:heading|headline|title)(?: is| should be)?:? (?=[\"'“„«A-Z]))"
)
_SAYING = re.compile(
    r"(?<!\w)(?:(?:and |to )?(?:say|saying|says)(?: (?:to (?:him|her|them)|hello and|(?:on|in|to|at) (?:the |our )?#?[\w-]+(?: channel)?))? that|that says|with the (?:text|message|words)|"
    r"(?:and )?(?:tell|let) (?:him|her|them)(?: know)? that|mit dem text|und sag\w* (?:ihm |ihr |ihnen )?dass|"
    r"(?:et |en )?dis(?:ant)?(?:-lui|-leur)? que|y di(?:le|les)? que|diciendo que|dicendo che|dizendo que|en zeg dat)[: ,]+"
)

_SERVICES = "whatsapp|slack|telegram|discord|ntfy|mattermost|matrix|msteams|ms teams|teams|pushover|gotify|signal|rocket\\.chat|zulip"
_SERVICE = re.compile(
    rf"(?!no signal)(?:(?<!\w)(?:on|to|in|into|for|via|over|by|through|at|onto|auf|in|an|nach|uber|bei|sur|dans|via|en|por|a|al|su|tramite|no|na|pelo|ao|op|naar) "
    rf"(?:my |our |the |unser\w* |mein\w* |mon |notre |mi |nuestro |il mio |o meu |mijn |ons |het )?|^)(?P<name>{_SERVICES})(?![\w/@-]|\.\w| channel [a-z#](?!s |or |hen ))"
    r"|(?<!\w)(?P<desk>desktop)(?= (?:notification|notice|message|pop-?up|alert)s?(?!\w))"
    rf"|^(?P<first>{_SERVICES})(?=(?: (?:please|pls|plz|bitte|svp))?:)"
    rf"|(?:^|[.;,!?] )(?P<alone>{_SERVICES})(?= (?:it|them|me|this|that)(?!\w)|[.;!]?$)|(?:and|then|just) (?P<verb>slack|telegram|whatsapp)(?= (?:it|them|me|this|that)(?!\w))"
    rf"|(?<!\w)(?:slack|ping|msg|message|tell|notify|alert|warn|inform|text|sag|melde|benachrichtige|previens|avisa|avvisa|avise|meld) (?P<whom>{_SERVICES})(?![\w/@-]|\.\w)"
)


# "Ping me on my desktop" shows a message there; "save it on my desktop" does not.
_SCREEN = re.compile(
    r"(?<!\w)(?:on|to|at|auf|sur|en|sul|no|op) (?:my|the|dem|meinem|meinen|den|mon|le|el|mi|il|mio|meu|mijn|het) (?P<screen>desktop)(?!\w)(?! (?:folder|pc|computer|machine))"
)
_SHOWN = re.compile(
    r"(?<!\w)(?:tell|let me know|let us know|notify|notification|ping|alert|warn|inform|remind|message|buzz|pop|sag|melde|benachrichtige|previens|avertis|avisa|avvisa|avise|meld|waarschuw)(?!\w)"
)
_SAVED = re.compile(
    r"(?<!\w)(?:save|store|keep|file|download|speicher\w*|enregistre|guarda|salva|guarde|bewaar|opslaan)(?!\w)[^.;!?]*$"
)


# What asks or changes a database is nobody's message.
_STATEMENT = re.compile(r"select .+ from |insert into \w|update \w+ set |delete from \w", re.S)


# "…; asunto: Cambio": what follows is the heading of a letter, and not its text.
_HEADED = re.compile(
    r"[;,.] (?:and |the |und |et |y |e |en )?(?:subject|betreff|objet|sujet|asunto|oggetto|assunto|onderwerp) ?$"
)


def payloads(text: str) -> Iterator[Literal]:
    """What is to be said, kept or worked on, word for word: behind a colon, or "saying that"."""
    folded = fold(text)
    for match in _COLON.finditer(folded):
        head, tail = folded[: match.start()], text[match.end() :]
        if (
            _HEADED.search(head)
            or _STATEMENT.match(fold(tail))
            or not _to_somebody(head)
            or _ELSEWHERE.search(tail)
            or re.search(r"[\"“”„«»{]", tail)
        ):
            continue
        yield _ended(text, folded, match.end(), len(text))
        return
    for match in _SAYING.finditer(folded):
        stop = re.search(r"[.!?](?=\s|$)|\n", folded[match.end() :])
        end = match.end() + stop.start() if stop else len(text)
        inside = text[match.end() : end]
        if (
            inside.strip()
            and not _ELSEWHERE.search(inside)
            and not re.search(r"[\"“”„«»{]", inside)
        ):
            yield _ended(text, folded, match.end(), end)
            return
    told = list(_told_that(text, folded))
    yield from told or _reminded(text, folded)


_REMINDER = re.compile(
    r"(?<!\w)(?:remind (?:me|us|him|her|them|everyone|everybody|[\w.+-]+@[\w.-]+|(?:the |our |my )?#?[\w-]+(?: (?:channel|team|group|crew|lads|staff))?)|"
    r"(?:set|make|give|put in|i need|i want|i'd like)(?: (?:me|us))? (?:an? )?reminder(?: for (?:me|us))?)(?P<between>[^.;:!?\n]{0,60}?)(?<!\w)(?:to|that|about|of|for) (?P<what>(?!(?:it|this|that|them|me|us)\b)\w[^.;!?\n]*)"
    r"|(?<!\w)(?:erinner\w* (?:mich|uns)|rappelle(?:z)?[- ](?:moi|nous)|recuerda(?:me|nos)|ricorda(?:mi|ci)|lembra[- ](?:me|nos)|herinner (?:me|mij|ons))"
    r"(?P<fore>[^.;:!?\n]{0,60}?)(?<!\w)(?:an|daran,? dass|dass|que|qu'|d'|di|che|aan|dat|om|de)(?:(?<=')|(?!\w)) ?(?P<said>\w[^.;!?\n]*)"
)
# What leads to a time behind the words: "to send the invoice every Friday at nine".
_LEADS = re.compile(r"(?:[\s,–-]|(?<!\w)(?:at|on|by|um|every|each|come)(?!\w))+$")


def _reminded(text: str, folded: str) -> Iterator[Literal]:
    """What somebody is to be reminded of, without the times beside it."""
    for match in _REMINDER.finditer(folded):
        start, end = match.span("what" if match["what"] else "said")
        times = [p for p in phrases(text[start:end]) if p.kind in ("when", "time", "date")]
        before = phrases(match["between"] or match["fore"] or "")
        if times and not before:
            end = start + times[0].start
        told = text[start:end].rstrip()
        lead = _LEADS.search(fold(told))
        told = told[: lead.start()] if lead else told
        told = re.split(r",? (?:and|then) (?:also )?(?:mail|send|save|tell|post) ", told)[0]
        if (
            told.strip()
            and not _ELSEWHERE.search(told)
            and not re.search(r"[\"“”„«»{@]|https?:", told)
        ):
            yield Literal(start, start + len(told), told)
            return


def _told_that(text: str, folded: str) -> Iterator[Literal]:
    """What somebody is to know or is asked, when a time stands in it that would else be read as a
    schedule, or trouble that would be taken for the job's own: "let the wardens know that the boiler
    man comes at ten", "tell #lab that the oven is broken"."""
    for match in _THAT.finditer(folded):
        stop = re.search(r"[.!?](?=\s|$)|\n", folded[match.end() :])
        end = match.end() + stop.start() if stop else len(text)
        first = folded.find(" ", match.end())  # "asking when …" is a question and no condition
        on = _GOES_ON.search(folded, max(first, match.end()), end)
        told = _ended(text, folded, match.end(), on.start() if on else end)
        plain = not (_ELSEWHERE.search(told.text) or re.search(r"[\"“”„«»{]", told.text))
        misread = phrases(told.text) or _MISREAD.search(told.text)
        if plain and len(told.text.split()) > 1 and misread:
            yield told
            return


def _to_somebody(head: str) -> bool:
    """Whether what stands before a colon speaks to somebody or about a text."""
    last = " ".join(head.split()[-9:])
    if re.search(r"(?:https?://|www\.)\S+$", head) and not _TELLING.search(head):
        return False  # "The two feeds, <link>: what is new?" speaks of the link.
    goal = _GOAL.search(last)
    if goal is None:
        return False
    if re.fullmatch(rf"\W*(?:{_SERVICES})(?: (?:please|pls|plz|bitte|svp))?\W*", head) or re.search(
        r"[#@]|channel|\.\w{2,4}$", last.split()[-1]
    ):
        return True
    return _TELLING.search(head) is not None


def _ended(text: str, folded: str, start: int, end: int) -> Literal:
    again = _AGAIN.search(folded, start, end) or _SUBJECT_LINE.search(folded, start + 1, end)
    stop = again.start() if again else end
    told = text[start:stop].rstrip()
    return Literal(start, start + len(told), told)


def services(text: str) -> Iterator[Literal]:
    """Slack, Telegram and their like, and the desktop, where something is put on them."""
    folded = fold(text)
    for match in _SCREEN.finditer(folded) if _SHOWN.search(folded) else ():
        if not _SAVED.search(folded[: match.start()]):
            yield Literal(*match.span("screen"), text[slice(*match.span("screen"))])
    for match in _SERVICE.finditer(folded):
        name = next(n for n in ("name", "desk", "first", "alone", "verb", "whom") if match[n])
        yield Literal(match.start(name), match.end(name), text[slice(*match.span(name))])
