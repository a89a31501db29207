"""Footers: the few lines that say what a phase established, made of what is kept."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.job.sentences import sentences
from assistant.store.interactions import Interaction

LONGEST = 300
"""Characters of one line."""


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


def ran(name: str, status: str, results: Sequence[str], files: Sequence[str]) -> str:
    """What Execute established: the run, what its last steps gave, the files it made."""
    parts = [f"{name} ran and {status}"]
    if results:
        parts.append(f"it gave {'; '.join(results[-3:])}")
    if files:
        parts.append(f"files: {', '.join(files[-5:])}")
    return _short(", ".join(parts) + ".")


def _short(text: str) -> str:
    line = " ".join(part for sentence in sentences(text) for part in sentence.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
