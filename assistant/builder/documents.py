"""Files that no step can write, such as a PDF or a workbook: they are there, and go with a letter."""

from __future__ import annotations

import re

from assistant.builder.terms import Question
from assistant.grounding.languages import fold
from assistant.grounding.marks import Marked

_UNWRITTEN = re.compile(r"\.(?:pdf|docx?|xlsx?|png|jpe?g|zip|ics|eml|gguf)$", re.I)
# "Save it as report.pdf": somebody takes it for a file that can be made.
_MADE = re.compile(
    r"(?<!\w)(?:as|into|to|sav\w*|stor\w*|writ\w*|export\w*|als|comme|como|come|speicher\w*|enregistr\w*|guard\w*|salv\w*|bewaar\w*)"
    r"(?: (?:it|this|that|them|all|an?|the|in|to|as|een|en|une?|ein\w*))* ?$"
)


def documents(marked: Marked) -> tuple[str, ...]:
    """The marks of files that a request names and nobody can have made."""
    folded = fold(marked.text)
    return tuple(
        value.mark for value in marked.of("file")
        if _UNWRITTEN.search(str(value.meant)) and value.mark in marked.text
        and not _MADE.search(folded[: folded.index(value.mark)])
    )  # fmt: skip


def without_documents(question: Question) -> str:
    """The words of a question with its documents called by no mark, so that none is to be saved."""
    text = question.text
    if "<mail" not in text:
        return text
    for mark in question.documents:
        text = text.replace(mark, "a document")
    return text
