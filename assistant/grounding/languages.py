"""Which language a request is in, and letters without their accents."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")

_COMMON = {
    "en": "the and of to me my every each from with for it that this on at send mail make get new a "
    "an is are when then in if all please as do what who how which run save tell about by or was "
    "be can you them those one not so no out up its i we our your was were into use per story set stop start only",
    "de": "der die das und von mir ich jeden jede jedes mit für aus den dem im ein eine einen bitte "
    "auf zu ist nicht uhr um wenn dann alle neue schicke schick schicken sende per an wie was wer es "
    "dir mach mache sich sind zum zur bis auch nur mal als über nach bei hol hole such suche zeig "
    "speichere speichern sag geht hör auf damit wir unser unsere kein keine jetzt täglich stündlich "
    "montags dienstags mittwochs donnerstags freitags samstags sonntags werktags gegen nachmittag abend ab jeweils "
    "wöchentlich monatlich neuesten morgens abends montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "fr": "le la les des et de moi du une un chaque tous avec pour dans sur au aux est envoie "
    "envoyer mon ma mes si puis en fais à je tu il nous vous que qui quoi dis cherche trouve résume "
    "merci bonjour ne pas plus lis mets lundi mardi mercredi jeudi vendredi samedi dimanche jours toutes ce cette ces depuis poste récupère",
    "es": "el la los las y de que un una cada todos con para por en del me mi envía envíame enviar "
    "lo eso esto solo hace hay pero correo si luego al haz busca manda últimas últimos horas días qué cuántos cuál cómo es son más "
    "no su sea sean gracias hola guarda avisa resume muéstrame dime dame noticias lee hoy dile lunes martes miércoles jueves viernes sábado domingo mañana",
    "it": "il lo la gli le e di un una ogni con per da del della dei delle mi invia manda alle al "
    "poi se che nel cerca fammi ai è sono cosa come quanti quali grazie ciao salva leggi riassumi "
    "mandalo mandali mandale inviali scegli prendi avvisa su sul sulla sui sulle tutti non più dammi notizie ultimi ultime lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "pt": "o a os as e de um uma cada com para do da dos das em no na me envie envia mande às ao "
    "todo toda todos todas se depois faça não por últimas últimos horas dias que é são mais avise "
    "salve guarde busque procure leia resuma obrigado olá quantos quais pelo pela nos nas terça quarta quinta sexta sábado domingo manhã",
    "nl": "de het een en van mij elke iedere met voor uit naar op om stuur maak is niet als dan "
    "alle nieuwe in mail te bij zijn er hoeveel vorige volgens wat welke wie hoe zoek geef lees bewaar "
    "opslaan vat samen ook nog graag dank nieuwste berichten uur dagelijks deze zet zeg laat maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
}
_WORDS = {lang: frozenset(text.split()) for lang, text in _COMMON.items()}
_SHARED = Counter(word for words in _WORDS.values() for word in words)


def language(text: str) -> str:
    """The language a text most likely is in; English when nothing speaks for another. A word that
    several languages have speaks the less for each."""
    words = re.findall(r"[^\W\d_]+", _NO_WORDS.sub(" ", text).lower())
    scores = {
        lang: sum(1 / _SHARED[word] for word in words if word in known)
        for lang, known in _WORDS.items()
    }
    best = max(LANGUAGES, key=lambda lang: scores[lang])
    return best if scores[best] > scores["en"] else "en"


def is_small(word: str) -> bool:
    """Whether a word, in lower case, is one of the commonest of any of the languages."""
    return word in _SHARED


def small_words(lang: str) -> frozenset[str]:
    """The commonest words of a language, in lower case."""
    return _WORDS[lang]


_NO_WORDS = re.compile(r"\S*(?:://|@)\S*|<[a-z]+\d>")


def fold(text: str) -> str:
    """Lower case without accents, character for character: positions stay what they were."""
    return "".join(_fold(letter) for letter in text)


def _fold(letter: str) -> str:
    if letter == "’":
        return "'"
    low = letter.lower()
    base = unicodedata.normalize("NFD", low)[:1]
    return base if len(base) == 1 and len(low) == 1 else (low if len(low) == 1 else letter)
