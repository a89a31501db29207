"""Footers: the few lines that say what a phase established, made of what is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.job.sentences import sentences
from assistant.store.interactions import Interaction

LONGEST = 600
"""Characters of one line."""
_RAN = "ran and"
_OF_RUN = re.compile(rf"[\w-]+(?: \d+)? {_RAN} (?:succeeded|failed|cancelled|timed_out)\b")


def asked(said: Sequence[Interaction]) -> str:
    """What Observe established: the last prompt, and what was answered since."""
    lines = list[str]()
    for interaction in reversed(said):
        if interaction.kind == "question" and interaction.answer is not None:
            if (
                interaction.data.get("asks") == "CLARIFY"
                and interaction.data.get("about") != "route"
            ):
                lines.append(_short(f"{interaction.text} {interaction.answer}"))
        elif interaction.kind == "prompt" and "talk" not in interaction.data:
            lines.append(_short(f"Asked: {interaction.text}"))
            break
    return "\n".join(reversed(lines))


def drafted(title: str, steps: Sequence[str], when: str) -> str:
    """What Plan established: the steps in their own words, and when they are done."""
    told = "; ".join(f"{step[:1].lower()}{step[1:].rstrip('.')}" for step in steps)
    lines = [_short(f"{title} is done like this: {told}.")]
    return "\n".join([*lines, f"It runs by itself: {when}."] if when else lines)


def ran(name: str, status: str, results: Sequence[str], files: Sequence[str]) -> str:
    """What Execute established: the run, what its last steps gave, the files it made."""
    told = f"{name[:1].upper()}{name[1:]} {_RAN} {status}"
    if results:
        told += f": {'; '.join(results[-3:])}"
    if files:
        told += f" (files: {', '.join(files[-5:])})"
    return _short(f"{told}.")


def is_of_run(line: str) -> bool:
    """Whether a line is what `ran` says of a run."""
    return _OF_RUN.match(line) is not None


def _short(text: str) -> str:
    line = " ".join(part for sentence in sentences(text) for part in sentence.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
