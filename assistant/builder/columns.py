"""Names of fields that a request lists: "titles and prices from …", "fields name and amount", "author,
year and sample as a record"."""

from __future__ import annotations

import re
from itertools import takewhile

from assistant.grounding.languages import fold
from assistant.grounding.topics import doing_words

_TAKEN = re.compile(
    r"(?:scrap\w*|get|grab|take|pull|collect|extract|fetch|give me|list|hole?|récupère|recupere|saca|prendi|extrai|haal)"
    r" (?:me |out |all |every |the |their |its |die |les |los |las |gli |i |le |os |as |de )*"
    r"(?P<names>[^\W\d]+(?:(?:, | and | & | und | et | y | e | en )(?:the |their |die |les |los |i |le |os |as |de )?[^\W\d]+){1,5})"
    r" (?:of|from|on|at|off|in|von|aus|de|da|van|uit)\b[^.;]*<page\d>",
    re.I,
)
_AND = r"(?:,? (?:and|und|et|y|e|en|&) |, ?)"
_ONE = r"(?:how (?:much|many|old|long)|(?:the |its |their |der |die |das |le |la |les |el |il |lo |o |a |de |het )?[^\W\d_][\w-]*(?: (?:date|name|number|price|code|address|time))?)"
_LIST = rf"(?P<names>{_ONE}(?:{_AND}{_ONE}){{1,7}})"
_CALLED = (
    re.compile(
        rf"(?<!\w)(?:fields?|columns?|keys|felder|spalten|champs|colonnes|campos|columnas|campi|colonne|velden|kolommen)(?: (?:named|called|are|being|like))?:? (?:are |of )?{_LIST}",
        re.I,
    ),
    re.compile(
        rf"(?<!\w){_LIST}(?: (?:each|(?:out of|from) (?:it|(?:this|that|the)(?: \w+)?)),?)*,? (?:each )?(?:as|into|in|als|comme|como|come) (?:(?:a |an |its |their |separate |single |own |one |two |three |four |different |eigene |getrennte )*)(?:fields?|columns?|records?|json|keys|table|felder|spalten|champs|campos|campi|velden)(?!\w)",
        re.I,
    ),
    re.compile(
        rf"(?:(?:as|into) )?(?:(?:an?|the|one) )?(?<!\w)(?:record|json(?: object| record)?|table) (?:with|of|having|holding):? (?:the |fields? |keys? |columns? )*{_LIST}",
        re.I,
    ),
)
_DEED = re.compile(rf"(?:{doing_words()})(?!\w)")
_LOOSE = re.compile(rf"(?<![\w>]){_LIST}(?!\w)", re.I)
_KNOWN = frozenset(
    [
        "title",
        "name",
        "price",
        "date",
        "link",
        "url",
        "author",
        "company",
        "salary",
        "location",
        "place",
        "address",
        "rating",
        "image",
        "picture",
        "photo",
        "description",
        "summary",
        "city",
        "time",
        "year",
        "number",
        "amount",
        "total",
        "sum",
        "phone",
        "email",
        "vendor",
        "sender",
        "recipient",
        "deadline",
        "due",
        "size",
        "weight",
        "colour",
        "color",
        "make",
        "mileage",
        "stock",
        "team",
        "point",
        "score",
        "rank",
        "artist",
        "venue",
        "duration",
        "category",
        "sku",
        "id",
        "status",
        "quantity",
        "currency",
        "country",
        "street",
        "postcode",
        "age",
        "sample",
        "topic",
        "subject",
        "brand",
        "product",
        "rent",
        "room",
        "headline",
        "teaser",
        "invoice",
        "customer",
        "client",
        "order",
        "room",
        "distance",
        "start",
        "end",
        "titel",
        "preis",
        "datum",
        "betrag",
        "autor",
        "firma",
        "ort",
        "adresse",
        "bild",
        "titre",
        "prix",
        "nom",
        "date",
        "auteur",
        "lien",
        "montant",
        "titulo",
        "precio",
        "nombre",
        "fecha",
        "autor",
        "enlace",
        "importe",
        "titolo",
        "prezzo",
        "nome",
        "data",
        "autore",
        "importo",
        "preco",
        "valor",
        "prijs",
        "naam",
        "datum",
        "bedrag",
    ]
)
_RECORD = re.compile(
    r"(?<!\w)(?:extract\w*|pull\w*|pick\w*|take|get|give me|find|read|list|fields?|records?|json|keys?|columns?|separate\w*|out of|from)(?!\w)"
)
_ARTICLE = re.compile(
    r"^(?:the|its|their|der|die|das|le|la|les|el|il|lo|o|a|de|het|los|i|os|as) ", re.I
)


def fields_named(text: str) -> list[str]:
    """What is to be taken of each row of a page, one by one, in the singular."""
    said = _TAKEN.search(text)
    if said is not None:
        return _parts(said["names"])
    return _listed(text) if "<page" in text or "column" in fold(text) else []


def record_named(text: str) -> list[str]:
    """The fields of a record that a model is to make of a text."""
    return _listed(text, whole=True) if _RECORD.search(fold(text)) else []


def _listed(text: str, *, whole: bool = False) -> list[str]:
    """The names of a list; `whole`: as they are written, since they are fields of one record."""
    for pattern in _CALLED:
        said = pattern.search(text)
        if said is not None:
            return _parts(said["names"], whole=whole)
    for said in _LOOSE.finditer(text):
        # "Band, date and price, write it to …": what is to be done is no field.
        names = list(
            takewhile(lambda name: not _DEED.match(name), _parts(said["names"], whole=whole))
        )
        known = [name for name in names if name.split()[-1] in _KNOWN or name in _KNOWN]
        if len(known) > 1 or (known and len(names) > 2):
            return _trimmed(names)
    return []


def _trimmed(names: list[str]) -> list[str]:
    """Without what stands in one run with the list and is no field: "take title"."""
    return [name.split()[-1] if name.split()[-1] in _KNOWN else name for name in names]


def _parts(said: str, *, whole: bool = False) -> list[str]:
    parts = re.split(r",? (?:and|und|et|y|e|en|&) |, ?", said, flags=re.I)
    names = [_ARTICLE.sub("", part.strip()) for part in parts]
    lowered = [name.lower() for name in names if name]
    return list(dict.fromkeys(lowered if whole else map(_singular, lowered)))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
