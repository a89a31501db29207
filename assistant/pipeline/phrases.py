"""A skill's own way of saying a step: `Read {url}[, at most {limit} items]`.

`{name}` is the argument in words; a `[clause]` is left out unless every argument in it is given;
`{name?}` asks for the argument and prints nothing. Arguments that a phrase does not mention are
left out of the sentence: the step's form and the file show them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_CLAUSE = re.compile(r"\[([^\[\]]*)\]")
_NAME = re.compile(r"\{(\w+)(\?)?\}")


def is_phrase(text: str) -> bool:
    """Whether a text has gaps to fill; a plain one is a description."""
    return _NAME.search(text) is not None


def fill(phrase: str, arguments: Mapping[str, Any], say: Callable[[Any], str]) -> str:
    """The phrase about these arguments; `say` puts one value into words."""

    def given(name: str) -> bool:
        return arguments.get(name) not in (None, "", [])

    def value(found: re.Match[str]) -> str:
        if found[2] or not given(found[1]):
            return ""
        one = arguments[found[1]]
        return ", ".join(map(say, one)) if isinstance(one, list) else say(one)

    def clause(found: re.Match[str]) -> str:
        names = [name for name, _ in _NAME.findall(found[1])]
        return found[1] if all(map(given, names)) else ""

    return " ".join(_NAME.sub(value, _CLAUSE.sub(clause, phrase)).split()).replace(" ,", ",")
