"""JSON as models write it: read when there is one way to read it, refused when there are two.

Mended: single quotes, bare keys, trailing and missing commas, comments, raw line ends in texts,
Python's True, False, None and tuples, closing brackets left out at the very end. Refused: a text
that is cut off inside, unescaped quotes, anything whose end is a guess.
"""

from __future__ import annotations

import json
import re
from typing import Any

_STRICT = json.JSONDecoder(strict=False)
_SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])")
_WORD = re.compile(r"\w+")
_BARE_KEY = re.compile(r"[A-Za-z_$][\w$-]*")
_WORDS: dict[str, Any] = {
    "true": True, "false": False, "null": None, "True": True, "False": False, "None": None,
}  # fmt: skip
_ESCAPES = {
    "n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0",
    '"': '"', "'": "'", "\\": "\\", "/": "/", "\n": "",
}  # fmt: skip
_CODES = {"u": 4, "x": 2, "U": 8}
_CLOSERS = {"{": "}", "[": "]", "(": ")"}
_DEEPEST = 100


class Ambiguous(ValueError):
    """It can be read in more than one way, or in none."""


def loads(text: str) -> Any:
    """The one value that the text holds. Raises Ambiguous."""
    value, end = read(text, 0)
    if text[_SPACE.match(text, end).end() :]:  # type: ignore[union-attr]
        raise Ambiguous(f"something follows the value at {end}")
    return value


def read(text: str, place: int) -> tuple[Any, int]:
    """The value that begins at `place` (spaces before it are skipped), and where it ends."""
    start = place + len(text[place:]) - len(text[place:].lstrip())
    try:
        return _STRICT.raw_decode(text, start)
    except (ValueError, RecursionError):
        reader = Reader(text, place)
        return reader.value(), reader.place


class Reader:
    """Reads tolerant JSON and Python literals from one place on."""

    def __init__(self, text: str, place: int = 0) -> None:
        self.text, self.place, self._depth = text, place, 0

    def skip(self) -> str:
        """Pass spaces and comments; gives the character after them, or nothing at the end."""
        match = _SPACE.match(self.text, self.place)
        self.place = match.end() if match else self.place
        return self.text[self.place : self.place + 1]

    def take(self, character: str) -> bool:
        """Pass this character if it is next."""
        if self.skip() != character:
            return False
        self.place += 1
        return True

    def value(self) -> Any:
        """The value here. Raises Ambiguous."""
        following = self.skip()
        if following in _CLOSERS and following:
            return self._nested(following)
        if following in ('"', "'") and following:
            return self.string()
        if number := _NUMBER.match(self.text, self.place):
            self.place = number.end()
            return _as_number(number.group())
        word = _WORD.match(self.text, self.place)
        if word is None or word.group() not in _WORDS:
            raise self.refusal("no value")
        self.place = word.end()
        return _WORDS[word.group()]

    def string(self) -> str:
        """A text in single or double quotes."""
        quote, made = self.text[self.place], list[str]()
        self.place += 1
        while self.place < len(self.text):
            character = self.text[self.place]
            self.place += 1
            if character == "\\":
                made.append(self._escape())
            elif character != quote or (quote == "'" and self._is_apostrophe()):
                made.append(character)
            else:
                return "".join(made).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        raise self.refusal("the text is cut off")

    def refusal(self, why: str) -> Ambiguous:
        """The error that says why, and where."""
        return Ambiguous(f"{why} at {self.place}")

    def _nested(self, opener: str) -> Any:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self.refusal("nested too deeply")
        self.place += 1
        value = self._object() if opener == "{" else self._list(_CLOSERS[opener])
        self._depth -= 1
        return value

    def _object(self) -> dict[str, Any]:
        made = dict[str, Any]()
        while not self._closed("}"):
            key = self._key()
            if not self.take(":"):
                raise self.refusal("no colon after a key")
            made[key] = self.value()
            self._between("}")
        return made

    def _list(self, closer: str) -> list[Any]:
        made = list[Any]()
        while not self._closed(closer):
            made.append(self.value())
            self._between(closer)
        return made

    def _closed(self, closer: str) -> bool:
        # At the very end of the text, closing brackets may be missing: nothing else can follow.
        return self.take(closer) or self.place >= len(self.text)

    def _between(self, closer: str) -> None:
        """What stands between members: a comma, the end, or a space where a comma is missing."""
        before = self.place
        following = self.skip()
        if self.take(",") or following in (closer, ""):
            return
        missing = closer == "}" and self.place > before and following in ('"', "'")
        if not missing or not re.compile(r"([\"'])\w[\w -]*\1\s*:").match(self.text, self.place):
            raise self.refusal("neither a comma nor an end")

    def _key(self) -> str:
        if self.skip() in ('"', "'"):
            return self.string()
        bare = _BARE_KEY.match(self.text, self.place)
        if not bare:
            raise self.refusal("no key")
        self.place = bare.end()
        return bare.group()

    def _is_apostrophe(self) -> bool:
        """Whether a single quote stands inside a word, and so does not end the text."""
        after = self.text[self.place : self.place + 1]
        return after.isalnum() and self.text[self.place - 2 : self.place - 1].isalnum()

    def _escape(self) -> str:
        letter = self.text[self.place : self.place + 1]
        self.place += 1
        digits = self.text[self.place : self.place + _CODES.get(letter, 0)]
        if (
            letter in _CODES
            and re.fullmatch(r"[0-9a-fA-F]+", digits)
            and len(digits) == _CODES[letter]
        ):
            self.place += len(digits)
            code = int(digits, 16)
            return chr(code) if code < 0x110000 else "\ufffd"
        # A backslash before any other letter was meant as it stands: "\d+" is a pattern.
        return _ESCAPES.get(letter, "\\" + letter)


def _as_number(text: str) -> int | float:
    if re.fullmatch(r"[+-]?\d+", text):
        return int(text) if len(text) < 4000 else float(text)
    return float(text)
