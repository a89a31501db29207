"""Which language a request is in, and letters without their accents."""

from __future__ import annotations

import re
import unicodedata

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")

_COMMON = {
    "en": "the and of to me my every each from with for it that this on at send mail make get new "
    "a an is are when then in if all please",
    "de": "der die das und von mir ich jeden jede jedes mit für aus den dem im ein eine einen bitte "
    "auf zu ist nicht uhr um wenn dann alle neue schicke schick schicken sende per an",
    "fr": "le la les des et de moi du une un chaque tous avec pour dans sur au aux est envoie "
    "envoyer mon ma mes si puis en fais à",
    "es": "el la los las y de que un una cada todos con para por en del me mi lunes envía envíame "
    "enviar correo si luego al las haz busca manda últimas últimos horas días",
    "it": "il lo la gli le e di un una ogni con per da del della dei delle mi invia manda alle al "
    "poi se che nel cerca fammi ai",
    "pt": "o a os as e de um uma cada com para do da dos das em no na me envie envia mande às ao "
    "todo toda todos todas se depois faça não por às últimas últimos horas dias",
    "nl": "de het een en van mij elke iedere met voor uit naar op om stuur maak is niet als dan "
    "alle nieuwe in mail te bij",
}
_WORDS = {lang: frozenset(text.split()) for lang, text in _COMMON.items()}


def language(text: str) -> str:
    """The language a text most likely is in; English when nothing speaks for another."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    scores = {lang: sum(word in known for word in words) for lang, known in _WORDS.items()}
    best = max(LANGUAGES, key=lambda lang: scores[lang])
    return best if scores[best] > scores["en"] else "en"


def fold(text: str) -> str:
    """Lower case without accents, character for character: positions stay what they were."""
    return "".join(_fold(letter) for letter in text)


def _fold(letter: str) -> str:
    if letter == "’":
        return "'"
    low = letter.lower()
    base = unicodedata.normalize("NFD", low)[:1]
    return base if len(base) == 1 and len(low) == 1 else (low if len(low) == 1 else letter)
