"""`expect` lines that list the words a value may be: `steps.ask.record.level in ['low', 'high']`.

The answer of a model that was asked for no record may be listed too: `steps.ask.text in [...]`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_IN_LIST = re.compile(
    r"\bsteps\.([A-Za-z_]\w*)\.(?:record((?:\.[A-Za-z_]\w*)+)|text)\s*\)*"
    r"\s+in\s+\[([^\[\]]{1,2000})\]"
)
_WORD = re.compile(r"\s*(?:'([^'\\]*)'|\"([^\"\\]*)\")\s*")


@dataclass(frozen=True)
class Allowed:
    """The words that one field of a step's record may be; `path` are its keys within the record.

    Without a path it is the answer's text that is meant.
    """

    step: str
    path: tuple[str, ...]
    words: tuple[str, ...]

    def takes(self, output: Any) -> bool:
        """Whether an output of the step has one of the words there."""
        field = "record" if self.path else "text"
        value = output.get(field) if isinstance(output, dict) else None
        for key in self.path:
            value = value.get(key) if isinstance(value, dict) else None
        return value in self.words


def allowed_by(message: str) -> list[Allowed]:
    """What a failed `expect` line lists. Nothing where an entry of its list is no plain text."""
    found = list[Allowed]()
    for line in _IN_LIST.finditer(message):
        parts = [_WORD.fullmatch(part) for part in line[3].split(",")]
        words = [part[1] or part[2] or "" for part in parts if part]
        if words and len(words) == len(parts):
            path = tuple(line[2].strip(".").split(".")) if line[2] else ()
            found.append(Allowed(line[1], path, tuple(words)))
    return found
