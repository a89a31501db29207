"""Secrets taken out of text before it leaves: logs, events, receipts, exports, prompts, screens.

A secret is recognised as it is, percent-encoded, JSON-escaped, HTML-escaped and in base64, also
in the middle of a longer base64 text (`Basic dXNlcjpwYXNz`), and when a stream cuts it in two.
"""

from __future__ import annotations

import base64
import html
import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

SHORTEST = 4
"""Shorter values are words of every text; masking them would mask the text."""
_SHORTEST_BASE64 = 6


class Masker:
    """Replaces secrets by `[secret NAME]`."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._names: dict[str, str] = {}
        for name, value in secrets.items():
            if len(value) >= SHORTEST:
                for form in forms(value):
                    self._names.setdefault(form, name)
        # Longest first: a secret that begins with another one is masked whole.
        self.forms = tuple(sorted(self._names, key=len, reverse=True))
        self._pattern = re.compile("|".join(map(re.escape, self.forms))) if self.forms else None

    def mask(self, text: str) -> str:
        """The text without secrets."""
        return self._pattern.sub(self._label, text) if self._pattern else text

    def mask_data(self, data: Any) -> Any:
        """JSON data with every text in it masked, keys too."""
        if isinstance(data, str):
            return self.mask(data)
        if isinstance(data, Mapping):
            return {self.mask_data(key): self.mask_data(value) for key, value in data.items()}
        if isinstance(data, (list, tuple)):
            return [self.mask_data(value) for value in data]
        return data

    def stream(self) -> StreamMasker:
        """A masker for text that comes in pieces."""
        return StreamMasker(self)

    def cut(self, text: str) -> int:
        """How much of an unfinished text can be masked now: what follows may begin a secret."""
        if not self._pattern:
            return len(text)
        longest = len(self.forms[0])
        safe = len(text)
        for start in range(max(0, len(text) - longest + 1), len(text)):
            tail = text[start:]
            if any(len(form) > len(tail) and form.startswith(tail) for form in self.forms):
                safe = start
                break
        for found in self._pattern.finditer(text):
            if found.start() < safe < found.end():
                return found.start()
        return safe

    def _label(self, found: re.Match[str]) -> str:
        return f"[secret {self._names[found.group()]}]"


class StreamMasker:
    """Masks a text that comes in pieces; holds back only what may be the start of a secret."""

    def __init__(self, masker: Masker) -> None:
        self._masker = masker
        self._held = ""

    def feed(self, piece: str) -> str:
        """What can be shown after this piece."""
        self._held += piece
        cut = self._masker.cut(self._held)
        ready, self._held = self._held[:cut], self._held[cut:]
        return self._masker.mask(ready)

    def flush(self) -> str:
        """The rest, when nothing more comes."""
        ready, self._held = self._held, ""
        return self._masker.mask(ready)


class MaskedLines(logging.Formatter):
    """Log lines without secrets, tracebacks too. The masker is made with the first line."""

    def __init__(self, masker: Callable[[], Masker], form: str) -> None:
        super().__init__(form)
        self._make = masker
        self._masker: Masker | None = None

    def format(self, record: logging.LogRecord) -> str:
        if self._masker is None:
            self._masker = self._make()
        return self._masker.mask(super().format(record))


def forms(value: str) -> set[str]:
    """Every form in which a secret may stand in a text."""
    plain = {
        value,
        quote(value),
        quote(value, safe=""),
        quote_plus(value),
        html.escape(value),
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
    }
    lower = {re.sub(r"%[0-9A-F]{2}", lambda code: code.group().lower(), form) for form in plain}
    return plain | lower | set(_base64(value.encode()))


def _base64(raw: bytes) -> Iterator[str]:
    """The part of its base64 that does not depend on what stands before and after it."""
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + raw).decode()
        start = -(-before * 8 // 6)
        end = (before + len(raw)) * 8 // 6
        if end - start >= _SHORTEST_BASE64:
            part = encoded[start:end]
            yield part
            yield part.translate(str.maketrans("+/", "-_"))
