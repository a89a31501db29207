"""Numbers as people spell them out, in seven languages. Keys are folded (see `languages.fold`)."""

from __future__ import annotations

_EN_SMALL = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_EN_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_DE_SMALL = [
    "eins",
    "zwei",
    "drei",
    "vier",
    "funf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwolf",
    "dreizehn",
    "vierzehn",
    "funfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
]
_DE_TENS = ["zwanzig", "dreißig", "vierzig", "funfzig", "sechzig", "siebzig", "achtzig", "neunzig"]
_NL_SMALL = [
    "een",
    "twee",
    "drie",
    "vier",
    "vijf",
    "zes",
    "zeven",
    "acht",
    "negen",
    "tien",
    "elf",
    "twaalf",
    "dertien",
    "veertien",
    "vijftien",
    "zestien",
    "zeventien",
    "achttien",
    "negentien",
]
_NL_TENS = ["twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig"]
_FR_SMALL = [
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
]
_FR_TENS = ["vingt", "trente", "quarante", "cinquante", "soixante"]
_ES_SMALL = [
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciseis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
]
_ES_TENS = [
    "veinte",
    "treinta",
    "cuarenta",
    "cincuenta",
    "sesenta",
    "setenta",
    "ochenta",
    "noventa",
]
_IT_SMALL = [
    "uno",
    "due",
    "tre",
    "quattro",
    "cinque",
    "sei",
    "sette",
    "otto",
    "nove",
    "dieci",
    "undici",
    "dodici",
    "tredici",
    "quattordici",
    "quindici",
    "sedici",
    "diciassette",
    "diciotto",
    "diciannove",
]
_IT_TENS = [
    "venti",
    "trenta",
    "quaranta",
    "cinquanta",
    "sessanta",
    "settanta",
    "ottanta",
    "novanta",
]
_PT_SMALL = [
    "um",
    "dois",
    "tres",
    "quatro",
    "cinco",
    "seis",
    "sete",
    "oito",
    "nove",
    "dez",
    "onze",
    "doze",
    "treze",
    "catorze",
    "quinze",
    "dezesseis",
    "dezessete",
    "dezoito",
    "dezenove",
]
_PT_TENS = ["vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa"]


def _english() -> dict[str, int]:
    words = {word: n for n, word in enumerate(_EN_SMALL, 1)}
    for tens, word in enumerate(_EN_TENS, 2):
        words[word] = tens * 10
        for unit, small in enumerate(_EN_SMALL[:9], 1):
            words[f"{word}-{small}"] = words[f"{word} {small}"] = tens * 10 + unit
    return words | {
        "a dozen": 12,
        "dozen": 12,
        "half a dozen": 6,
        "half dozen": 6,
        "hundred": 100,
        "a hundred": 100,
        "thousand": 1000,
    }


def _germanic(small: list[str], tens: list[str], join: str, one: str) -> dict[str, int]:
    words = {word: n for n, word in enumerate(small, 1)}
    for ten, word in enumerate(tens, 2):
        words[word] = ten * 10
        for unit, name in enumerate([one, *small[1:9]], 1):
            words[f"{name}{join}{word}"] = ten * 10 + unit
    return words


def _romance(small: list[str], tens: list[str], joins: tuple[str, ...]) -> dict[str, int]:
    words = {word: n for n, word in enumerate(small, 1)}
    for ten, word in enumerate(tens, 2):
        words[word] = ten * 10
        for unit, name in enumerate(small[:9], 1):
            for join in joins:
                words[f"{word}{join}{name}"] = ten * 10 + unit
    return words


NUMBERS: dict[str, dict[str, int]] = {
    "en": _english(),
    "de": _germanic(_DE_SMALL, _DE_TENS, "und", "ein")
    | {"zwo": 2, "dreissig": 30, "fuenf": 5, "zwoelf": 12, "hundert": 100, "dutzend": 12, "halbes dutzend": 6,
       "fuenfzehn": 15},
    "fr": _romance(_FR_SMALL, _FR_TENS, ("-", " ", " et "))
    | {"une": 1, "soixante-dix": 70, "quatre-vingts": 80, "quatre-vingt-dix": 90, "cent": 100,
       "douzaine": 12, "demi-douzaine": 6, "dizaine": 10, "quinzaine": 15},
    "es": _romance(_ES_SMALL, _ES_TENS, (" y ",))
    | {"veintiuno": 21, "veintidos": 22, "veintitres": 23, "veinticuatro": 24,
       "veinticinco": 25, "cien": 100, "docena": 12, "media docena": 6, "una": 1},
    "it": _romance(_IT_SMALL, _IT_TENS, ("",))
    | {"ventuno": 21, "ventotto": 28, "trentuno": 31, "cento": 100, "dozzina": 12, "mezza dozzina": 6, "una": 1},
    "pt": _romance(_PT_SMALL, _PT_TENS, (" e ",))
    | {"duas": 2, "dezasseis": 16, "dezassete": 17, "dezanove": 19, "uma": 1, "duzia": 12, "meia duzia": 6,
       "cem": 100},
    "nl": _germanic(_NL_SMALL, _NL_TENS, "en", "een") | {"honderd": 100, "dozijn": 12, "half dozijn": 6},
}  # fmt: skip

# Words that also are articles: numbers only inside a phrase of time, never by themselves.
ARTICLES = frozenset({"ein", "eins", "un", "une", "uno", "una", "um", "uma", "een"})
