"""Stamping the skeleton of a plugin, tests included, into a job's folder."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import BindingsInvalid
from assistant.settings import PROJECT
from assistant.store.files import write_atomically

SKELETON = PROJECT / "data" / "plugin_skeleton"


def stamp(folder: Path, job: str) -> list[Path]:
    """Write the skeleton for a job; gives its files. Raises BindingsInvalid when one is there."""
    if (folder / "plugin.py").exists():
        raise BindingsInvalid(f"{folder} holds a plugin already", hint="Change that one.")
    made = list[Path]()
    for source in sorted(SKELETON.glob("*.py.txt")):
        text = source.read_text(encoding="utf-8").replace("JOB_NAME", job)
        path = folder / source.name.removesuffix(".txt")
        write_atomically(path, text)
        made.append(path)
    return made
