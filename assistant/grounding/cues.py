"""Words that say by themselves what is meant: structure around the steps, things done to a job,
skills that are spoken of. Found exactly, in seven languages, like links and times.

The patterns stand in `prompts/builder_cues.yaml`, whose head tells how they are written, and in
`prompts/builder_missing.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ruamel.yaml import YAML

from assistant.grounding.languages import fold
from assistant.grounding.marks import MARK
from assistant.settings import PROJECT

# Romance verbs carry their objects behind a hyphen: résume-les, envoie-la-moi, guarda-o.
_CLITIC = r"(?:les?|la|moi|nous|toi|lui|leur|me|te|o|a|os|as|lhes?|los|las|no|na|mos)(?!\w)"
_KINDS = {"url": "(?:feed|page|api)", "to": "(?:mail|chan)"}
_GAP = r"[^.;\n]{0,40}?"
_SHORT_GAP = r"[^.;\n]{0,15}?"


@dataclass(frozen=True)
class Cue:
    """One place where a text says something by itself. `groups`: named parts of it."""

    name: str
    start: int
    end: int
    text: str
    groups: Mapping[str, str]

    def marks(self, *kinds: str) -> list[str]:
        """The marks of some kinds inside it, in order."""
        return [m for m in MARK.findall(self.text) if m.strip("<>0123456789") in kinds]


def cues(section: str, text: str) -> list[Cue]:
    """Every cue of a section in a marked text, in order of the section's names: of one name the
    longest at each place. Positions are those of the text."""
    folded = fold(text)
    found: list[Cue] = []
    for name, patterns in _compiled(section).items():
        spans = sorted(
            (m for pattern in patterns for m in pattern.finditer(folded) if m.group().strip()),
            key=lambda m: (m.start() - m.end(), m.start()),
        )
        taken: list[re.Match[str]] = []
        for match in spans:
            if all(match.end() <= t.start() or match.start() >= t.end() for t in taken):
                taken.append(match)
        for match in sorted(taken, key=lambda m: m.start()):
            groups = {k.rstrip("0123456789"): text[match.start(k) : match.end(k)]
                      for k, v in match.groupdict().items() if v}  # fmt: skip
            start, end = match.span()
            found.append(Cue(name, start, end, text[start:end], groups))
    return found


def names(section: str) -> list[str]:
    """The names that a section has patterns for."""
    return list(_file()[section])


def patterns(section: str, name: str) -> tuple[str, ...]:
    """The patterns of one name as they are written."""
    return tuple(_file()[section][name])


def says(section: str, name: str, text: str) -> bool:
    """Whether a text has a cue of that name."""
    folded = fold(text)
    return any(pattern.search(folded) for pattern in _compiled(section).get(name, ()))


@cache
def _compiled(section: str) -> dict[str, tuple[re.Pattern[str], ...]]:
    told = _file()
    words = {name: str(value) for name, value in told["words"].items()}
    return {
        name: tuple(re.compile(_bounded(_expanded(p, words))) for p in written)
        for name, written in told[section].items()
    }


@cache
def _file() -> dict[str, Any]:
    """The sections of both files; of a section that both have, the patterns of both."""
    made: dict[str, Any] = {}
    for file in ("builder_cues.yaml", "builder_missing.yaml"):
        path = PROJECT / "prompts" / file
        for section, told in YAML(typ="safe", pure=True).load(path.read_text("utf-8")).items():
            there = made.setdefault(section, {})
            for name, value in told.items():
                there[name] = [*there[name], *value] if name in there else value
    return made


def _expanded(pattern: str, words: Mapping[str, str]) -> str:
    pattern = re.sub(r"\{([a-z]+)\}", lambda m: rf"(?<![\w<])(?:{words[m[1]]})(?!\w)", pattern)
    pattern = pattern.replace("...", _GAP)
    pattern = pattern.replace(" .. ", " " + _SHORT_GAP).replace("..", _SHORT_GAP)
    return re.sub(r"(?<!P)<([a-z]+)>", lambda m: f"<{_KINDS.get(m[1], m[1])}[1-9]>", pattern)


def _bounded(pattern: str) -> str:
    return rf"(?<![\w<-])(?:{pattern})(?!\w|-(?!{_CLITIC}))"
