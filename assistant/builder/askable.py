"""Which fields of a step a model is worth asking for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.builder.terms import Field, Question
from assistant.grounding.languages import fold

# Free texts that are only given when the request has a word for them.
_NAMED = {
    "intro": r"intro\w*|einleitung|introduccion|opening (?:line|words)", "database": r"<never>",
    "fields": r"fields?|columns?|felder|spalten|champs|colonnes|campos|columnas|campi|colonne|velden|kolommen|json",
    "schema": r"json|fields?|(?<![\w-])keys?(?!\w)|as a record|schema|felder|champs|campos|campi|velden",
    "title": r"<quote", "subject": r"<quote|subject|heading|betreff|objet|asunto|oggetto|assunto|onderwerp",
    "sql": r"\b(?:select|update|insert|delete)\b",
    "bcc": r"\bbcc\b|blind|\bcci\b|\bcco\b|\bccn\b",
    "cc": r"\bcc\b|copy", "attachments": r"(?:mail(?:s|ed)?|e-?mail|sen[dt]s?|forward(?:s|ed)?|schick\w*|envo\w*|envi\w*|manda\w*|invia\w*|stuur)(?: me| us)? (?:that|the|this|die|le|el|il|o|het)(?: \w+)? ?(?:file|csv|spreadsheet|datei|fichier|archivo|ficheiro|arquivo|bestand)|with the file|attach\w*|anhang|anhang\w*|piece jointe|adjunt\w*|allegat\w*|anexo|bijlage",
    "design": r"design|style|layout|theme", "headers": r"header", "selector": r"<sel",
}  # fmt: skip
ATTACHED = _NAMED["attachments"]
"""Words of a letter that carries a file."""


def askable(question: Question, fields: Iterable[Field]) -> list[Field]:
    """The fields a model is worth asking for: none of those that need a word the request lacks."""
    text = fold(question.text)
    return [
        item for item in fields
        if item.name not in _NAMED or (item.required and item.name != "title")
        or re.search(_NAMED[item.name], text)
    ]  # fmt: skip
