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
_ONE = r"(?:how (?:much|many|old|long)|(?:the |its |their |der |die |das |le |la |les |el |il |lo |o |a |de |het |l')?[^\W\d_][\w-]*(?: (?:date|name|number|price|code|address|time))?)"
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
# "Relève-moi l'appellation et le prix", "note down name and price"
_NOTED = re.compile(
    r"(?<!\w)(?:(?:get|grab|take|pull|collect|extract|give|list|note|pick)(?: (?:me|us|out|down|just))*|(?:relève|relever|note|prends|sors|donne|extrais|récupère|nimm|hol|gib|notiere?|saca|dame|apunta|toma|anota|prendi|dammi|estrai|segna|haal|geef|pak|noteer|tira|dá)(?:[- ]?(?:moi|nous|me|mi|mir|uns|mij))?)"
    rf" {_LIST}(?=[.,;:!?)]|$)",
    re.I,
)
# "Only species and price", "want cut and price", "Marke und Modell reichen"
_ONLY = re.compile(
    rf"(?<!\w)(?:only|just|want|wants|need|nur|seulement|uniquement|juste|davon|dont|daarvan|di cui|solo|s[oó]lo|solamente|soltanto|alleen|enkel|apenas|with(?= (?:its|their) )|mit(?= (?:ihr|sein))|avec(?= (?:leur|son|sa) ))"
    rf" (?:(?:the|want|need|die|les|los|las|de|het|its|their) )?{_LIST}(?=[.,;:!?)]|$)",
    re.I,
)
_ENOUGH = re.compile(
    rf"<sel\d>[,:)]+ {_LIST}(?=[.,;:)]|$)|".replace("<names>", "<rows>")
    + rf"(?<=[,:;] ){_LIST} (?:only|alone|nur|seulement|solamente|s[oó]lo|soltanto|alleen)(?=[.,;:!?)]|$)|".replace(
        "<names>", "<alone>"
    )
    + rf"(?<!\w){_LIST} (?:reichen|reicht|gen[uü]gen|langen|suffisent|suffit|bastan|basta|bastano|chegam|volstaan|is enough|are enough|will do|would do|is all|are all)(?!\w)",
    re.I,
)
# "as <sel1> with ref, address and decision", "address and reference, in <sel1>"
_ROWS_WITH = re.compile(
    rf"<sel\d>(?: [a-z]+)?,? (?:with|mit|avec|con|com|met) {_LIST}(?=[.,;:!?)]|$| (?:and|every|each))|"
    + rf"(?<!\w){_LIST},? (?:each )?(?:in|under|inside|within|at) (?:the )?<sel\d>".replace(
        "<names>", "<behind>"
    ),
    re.I,
)
# "street and day from <page1>"
_OFF_PAGE = re.compile(
    rf"(?:^|[.;:!?] |!+ ?)(?:just |only |so |the )*{_LIST} (?:from|on|off|at|aus|von|de|da|van) (?:the )?<page\d>",
    re.I,
)
# "Van elk blokje (<sel1>) wil ik soort en kiloprijs"
_OF_EACH = re.compile(
    rf"(?<!\w)(?:of|from|for|von|aus|de|du|di|da|van|uit|por) (?:each|every|jede[mnrs]?|chaque|cada|ogni|elk|elke|ieder)(?: [^\W\d]+)?(?: ?\(?<sel\d>\)?)?,? (?:i|we|ich|wir|je|on|io|eu|ik|wij)? ?(?:want|need|'d like|will|brauche|m[oö]chte|veux|voudrais|quiero|voglio|vorrei|quero|wil|heb)(?: (?:ich|ik|wir|we|nur|only|just|alleen|graag))* {_LIST.replace('<names>', '<each>')}(?=[.,;:!?)]|$| (?:from|off|on|von|auf|aus|de|du|da|van|op)\b)",
    re.I,
)
_WANTED = (_ONLY, _ENOUGH, _NOTED, _OF_EACH, _ROWS_WITH, _OFF_PAGE)
_RECORD = re.compile(
    r"(?<!\w)(?:extract\w*|pull\w*|pick\w*|take|get|give me|find|read|list|fields?|records?|json|keys?|columns?|separate\w*|out of|from)(?!\w)"
)
_ARTICLE = re.compile(
    r"^l'|^(?:the|its|their|der|die|das|le|la|les|el|il|lo|o|a|de|het|los|i|os|as) ", re.I
)


def fields_named(text: str) -> list[str]:
    """What is to be taken of each row of a page, one by one, in the singular."""
    said = _TAKEN.search(text)
    if said is not None:
        return _parts(said["names"])
    for said in [m for pattern in _WANTED for m in pattern.finditer(text)]:
        names = [
            name
            for name in _parts(_nouns(next(n for n in said.groups() if n)))
            if not _DEED.match(name) and name not in ("them", "it", "those", "these", "all")
        ]
        known = any(name.split()[-1] in _KNOWN for name in names)
        sure = said.re in (_ENOUGH, _OF_EACH) or known or (len(names) > 2 and said.re is _ONLY)
        if len(names) > 1 and sure:
            return names
    return _listed(text) if "<page" in text or "column" in fold(text) else []


def _nouns(said: str) -> str:
    """A list without what stands before its first capital: "steht, Marke und Preis"."""
    lead = re.match(r"[a-zà-öø-ÿ]+, (?=[A-ZÀ-ÖØ-Þ])", said)
    return said[lead.end() :] if lead else said


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
    # What comes behind a comma when the list has had its "and" is no part of it.
    ended = re.match(r"(?:[^,]+, ?)*[^,]+? (?:and|und|et|y|e|en|&) [^,]+", said, re.I)
    said = ended[0] if ended and said[ended.end() :].startswith(",") else said
    parts = re.split(r",? (?:and|und|et|y|e|en|&) |, ?", said, flags=re.I)
    names = [_ARTICLE.sub("", part.strip()) for part in parts]
    lowered = [name.lower() for name in names if name]
    return list(dict.fromkeys(lowered if whole else map(_singular, lowered)))


_ALIKE = frozenset(
    [
        "species",
        "series",
        "poids",
        "mois",
        "pays",
        "temps",
        "corps",
        "repas",
        "news",
        "sales",
        "goods",
        "gas",
        "bus",
        "lens",
        "always",
    ]
)
"""Words that end in an "s" and are no plural, or have no other singular."""


def _singular(word: str) -> str:
    if word in _KNOWN or word in _ALIKE or word.endswith(("us", "is", "ijs", "as")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
