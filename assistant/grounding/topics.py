"""What a request says it is about: the words after "about", "über", "sur" … up to where the
next thing begins. Found exactly, like links and times, so that a model only has to point."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import NamedTuple

from assistant.grounding.languages import fold, language
from assistant.grounding.literal import LANGUAGES


class _Words(NamedTuple):
    """Folded words of one language, alternatives parted by `|`."""

    before: str
    """what a topic follows"""
    after: str
    """what ends it"""
    doing: str
    """what "and" may begin without belonging to the topic"""
    conjunction: str
    article: str


_LANGUAGES = {
    "en": _Words(
        "about|abt|re|relevance to|relevance for|relevant to|relevant for|interesting to|interesting for|on|regarding|concerning|mentioning|covering|related to|relating to|to do with|dealing with",
        "from|out|in|into|to|every|each|as|with|at|by|for|then|since|via|published|posted|if|when|but|so|please|off|it|is|was|are|has|have|had|using|within|over|this|today|instead|rather|now|too|also|again|first|only|pls",
        "mail|e-mail|email|send|save|store|write|put|post|tell|notify|ping|share|make|give|summari[sz]e|rank|keep|let|have|turn|drop|deliver|publish|compile|then|in|to|from|as|only|please|the model",
        "and|then|plus",
        "the|a|an|our|my|your|any|all|some|anything|everything|whatever",
    ),
    "de": _Words(
        "uber|zu|zum|zur|rund um|betreffend|zum thema",
        "aus|von|vom|in|im|an|am|als|mit|auf|bei|fur|jeden|jede|jedes|um|dann|seit|bitte|wenn|falls|per|und dann|heute|stand|steht|stehen|standen|gibt|gab|kam|lief|erschienen|geschrieben|veroffentlicht",
        "schick|schicke|sende|mail|maile|speichere|speicher|poste|melde|fasse|mach|mache|gib|leg|lege|dann|als|an|in|per|bitte",
        "und|dann",
        "der|die|das|den|dem|des|ein|eine|einen|einem|unsere|unseren|thema|alles",
    ),
    "fr": _Words(
        "sur|concernant|a propos de|a propos du|a propos des|au sujet de|au sujet du|au sujet des",
        "de|depuis|dans|en|a|au|aux|chaque|tous|toutes|avec|pour|par|puis|comme|si|svp|via",
        "envoie|envoyer|envoyez|ecris|previens|avertis|mets|mettre|enregistre|enregistrer|publie|resume|resumer|fais|faire|dis|puis|par|a|dans|les",
        "et|puis",
        "le|la|les|l'|un|une|des|du|notre|nos|tout",
    ),
    "es": _Words(
        "sobre|acerca de|acerca del|relacionadas con|relacionados con",
        "de|desde|del|en|a|al|cada|todos|todas|con|para|por|como|si|via",
        "envia|enviar|envialo|envialas|manda|mandar|mandalo|guarda|guardar|publica|resume|resumir|haz|avisa|escribe|escribele|dile|por|a|en|luego",
        "y|e|luego",
        "el|la|los|las|un|una|nuestro|nuestra|todo",
    ),
    "it": _Words(
        "su|sul|sullo|sulla|sui|sugli|sulle|riguardo a|riguardo al|riguardo alla|riguardanti",
        "da|dal|dalla|dai|dalle|in|nel|nella|a|al|alla|ogni|tutti|tutte|con|per|come|se|via",
        "manda|mandalo|mandale|mandali|mandala|inviale|inviali|inviala|mettile|mettili|salvale|salvali|mandare|invia|inviare|invialo|salva|salvare|pubblica|riassumi|fai|avvisa|scrivi|scrivilo|dillo|poi|per|a|in",
        "e|ed|poi",
        "il|lo|la|i|gli|le|un|una|uno|nostro|nostra|tutto",
    ),
    "pt": _Words(
        "sobre|acerca de|acerca do|acerca da|relativas a|relativos a",
        "de|desde|do|da|dos|das|em|no|na|a|ao|cada|todos|todas|com|para|por|como|se|via",
        "envia|envie|enviar|manda|mande|mandar|guarda|guarde|guardar|salva|publica|resume|resuma|faz|avisa|escreve|escreva|depois|por|para|a|em",
        "e|depois",
        "o|a|os|as|um|uma|nosso|nossa|tudo",
    ),
    "nl": _Words(
        "over|betreffende|rond|rondom|omtrent",
        "uit|van|vanuit|in|naar|aan|op|elke|elk|iedere|ieder|als|met|voor|bij|om|dan|sinds|via|graag",
        "stuur|mail|verstuur|schrijf|zeg|sla|bewaar|zet|plaats|meld|vat|maak|geef|dan|als|naar|aan|in|graag",
        "en|dan",
        "de|het|een|onze|ons|alles",
    ),
}  # fmt: skip
_LONGEST = 8
_TOKEN = re.compile(r"<[a-z]+\d>|[^\W_]+(?:[-'’.&/+][^\W_]+)*|[^\w\s]")


# "I am reading this on a bus": where it is read, and not what about.
_WHERE = re.compile(
    r"(?<!\w)(?:read|reads|reading|see|seeing|look at|looking at|watch|watching|view|viewing|print|open|opening|lese|sehe|lis|leo|leggo|leio|lees)"
    r" (?:it|this|that|them|these|those|everything|it all|all|das|es|ca|esto|questo|isto|dit|dat) $"
)


def topics(text: str) -> list[str]:
    """The topics that stand in a marked request, in order, each once, as they are written.

    At most eight words each; a topic ends at a mark, a sign, or a word that begins something
    else ("from", "and mail"). Empty when the request has none of the words topics follow.
    """
    found: list[str] = []
    lang = language(text)
    before, _, _, _, _ = _compiled(lang)
    folded = fold(text)
    for match in before.finditer(folded):
        if _WHERE.search(folded[: match.start()]):
            continue
        topic = _topic(text, folded, match.end(), lang)
        if topic and topic not in found:
            found.append(topic)
    return found


def _topic(text: str, folded: str, start: int, lang: str) -> str:
    """The topic that begins at a place, or nothing."""
    _, after, doing, conjunction, article = _compiled(lang)
    begin, end = -1, -1
    tokens = list(islice(_TOKEN.finditer(folded, start), _LONGEST * 2))
    words = 0
    for number, token in enumerate(tokens):
        word = token[0]
        following = tokens[number + 1][0] if number + 1 < len(tokens) else ""
        if begin < 0 and article.fullmatch(word):
            continue
        if words and word in ("for", "in") and lang == "en" and _belongs(text, token, following):
            end, words = token.end(), words + 1
            continue
        if words and doing.fullmatch(word) and (following[:1] == "<" or following in _TOLD):
            break  # "Anything about avalanches tell <chan1>"
        joins = words > 0 and conjunction.fullmatch(word) is not None
        # "Cocina de barco" is one subject; "noticias de <feed>" and "de los blogs" are not.
        inside = words > 0 and word in ("de", "di") and lang in ("es", "fr", "it", "pt")
        if (
            inside
            and following.isalpha()
            and len(following) > 3
            and not article.fullmatch(following)
        ):
            inside = not after.fullmatch(following)
        else:
            inside = False
        if (
            not word[0].isalnum()
            or (after.fullmatch(word) and not inside)
            or (joins and _ends(following, doing))
        ):
            break
        begin = token.start() if begin < 0 else begin
        end = token.end()
        words += 1
        if words >= _LONGEST:
            break
    kept = text[begin:end] if begin >= 0 else ""
    return re.sub(rf"\s+(?:{_LANGUAGES[lang].conjunction})$", "", kept, flags=re.IGNORECASE)


_TOLD = frozenset(
    ["me", "us", "it", "them", "him", "her", "the", "our", "my", "everyone", "everybody"]
)
_NO_AIM = frozenset(
    [
        "me",
        "us",
        "him",
        "her",
        "them",
        "you",
        "my",
        "our",
        "your",
        "his",
        "their",
        "the",
        "a",
        "an",
        "each",
        "every",
        "this",
        "that",
        "these",
        "those",
        "now",
        "today",
        "tomorrow",
        "tonight",
        "once",
        "all",
        "both",
        "people",
        "everyone",
        "everybody",
        "anyone",
        "one",
        "two",
        "three",
        "four",
        "five",
        "ten",
        "use",
        "instance",
        "example",
    ]
)


def _belongs(text: str, token: re.Match[str], following: str) -> bool:
    """Whether "VAT for caterers" and "heat pumps in Norway" go on: it is for no person of the job, and
    in a place by its name."""
    if not following.isalpha() or following in _NO_AIM:
        return False
    if token[0] == "for":
        return len(following) > 3
    behind = text[token.end() :].lstrip()
    return behind[:1].isupper() and not re.match(rf"(?:{LANGUAGES})(?!\w)", fold(behind))


def _ends(following: str, doing: re.Pattern[str]) -> bool:
    """Whether what follows an "and" is another thing to do, a mark or nothing."""
    return not following or not following[0].isalnum() or doing.fullmatch(following) is not None


@cache
def doing_words() -> str:
    """Folded words of all languages, parted by `|`, with which another thing to do begins."""
    parts = [word for words in _LANGUAGES.values() for word in words.doing.split("|")]
    small = {
        "in",
        "to",
        "from",
        "as",
        "only",
        "an",
        "a",
        "par",
        "dans",
        "les",
        "en",
        "por",
        "per",
        "para",
        "em",
        "naar",
        "aan",
        "als",
    }
    return "|".join(word for word in dict.fromkeys(parts) if word not in small)


@cache
def _compiled(lang: str) -> tuple[re.Pattern[str], ...]:
    words = _LANGUAGES[lang]
    before = re.compile(rf"(?<!\w)(?:{words.before})(?!\w)")
    return (before, *(re.compile(part) for part in words[1:]))
