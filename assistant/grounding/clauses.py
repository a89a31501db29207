"""The clauses of a request: the pieces that a question, a prompt or a message is made of.

A small model copies whole pieces well and single words badly; so free text is offered to it as
the request's own clauses, and as runs of neighbouring ones.
"""

from __future__ import annotations

import re

_BREAK = re.compile(
    r"[.!?]+(?=\s|$)|[,;:…](?=\s|$)|\n+|\s[-–—→>|]+\s|[()\[\]“”\"]"
    r"|\b(?:and then|then|und dann|danach|et puis|puis|y luego|luego|e poi|poi|e depois|depois|en dan)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_MOST = 6


def clauses(text: str) -> list[str]:
    """The clauses of a marked request and the runs of up to three neighbouring ones, in order,
    each once: whole words of the text, without the marks and small words at their edges.

    Only the first six clauses are taken; a clause without a word is none.
    """
    pieces = _pieces(text)[:_MOST]
    found: list[str] = []
    for length in (1, 2, 3):
        for first in range(len(pieces) - length + 1):
            begin, end = pieces[first][0], pieces[first + length - 1][1]
            if text[begin:end] not in found:
                found.append(text[begin:end])
    return found


def _pieces(text: str) -> list[tuple[int, int]]:
    """Where each clause begins and ends."""
    cuts = [0, *(edge for match in _BREAK.finditer(text) for edge in match.span()), len(text)]
    pieces: list[tuple[int, int]] = []
    for begin, end in zip(cuts[::2], cuts[1::2], strict=True):
        left, right = _trimmed(text, begin, end)
        if left < right and _WORD.search(re.sub(r"<[a-z]+\d>", "", text[left:right])):
            pieces.append((left, right))
    return pieces


def _trimmed(text: str, begin: int, end: int) -> tuple[int, int]:
    """The bounds without what stands at a clause's edges and says nothing."""
    while True:
        piece = text[begin:end]
        left = re.match(r"\s*(?:<[a-z]+\d>(?!\w)|[^\w<]+)*", piece)
        begin += left.end() if left else 0
        piece = text[begin:end]
        right = re.search(r"(?:<[a-z]+\d>|[^\w>]+)$", piece)
        if right is None or begin >= end:
            return begin, end
        end = begin + right.start()
