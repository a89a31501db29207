"""The person's own word for a job in what the product says; code, files and commands keep `job`."""

from __future__ import annotations

import re

_WORD = re.compile(
    r"(?P<quoted>`[^`]*`|“[^”]*”|'[^'\s][^']*'(?!\w))"
    r"|(?P<article>\b[Aa]n? )?(?<![\w./{-])(?P<word>[Jj]obs?)(?![\w/-]|\.\w|:\S)"
)
_VOWEL = re.compile(r"[aeio]|u(?!ni|se|ti)", re.IGNORECASE)


def spoken(text: str, noun: str, nouns: str = "") -> str:
    """The text with the word in place of "job", the plural in place of "jobs".

    What stands in quotes or back-quotes is a name or a command and stays; so do paths and file
    names (`job.yaml`, `jobs/`).
    """
    if noun == "job":
        return text

    def other(found: re.Match[str]) -> str:
        if found["quoted"]:
            return found["quoted"]
        word = (nouns or f"{noun}s") if found["word"].endswith("s") else noun
        if found["word"][0].isupper():
            word = f"{word[:1].upper()}{word[1:]}"
        article = found["article"] or ""
        if article:
            article = f"{article[0]}{'n' if _VOWEL.match(word) else ''} "
        return f"{article}{word}"

    return _WORD.sub(other, text)
