"""plan.md: the plan of a job of stage 2, in plain Markdown.

    # A post about soup
    Cycles: 5
    ## Cycle 1 …
    ## Outstanding items
    - …

Only the line `Cycles: N` and the section of outstanding items mean something to code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.errors import JobInvalid, Problem
from assistant.store.files import sha256

MOST_CYCLES = 100
LARGEST = 200_000
OUTSTANDING = "Outstanding items"
_CYCLES = re.compile(r"^\W*cycles\W*:\W*(.*?)\W*$", re.IGNORECASE | re.MULTILINE)
_SECTION = re.compile(r"^#+\s*outstanding items\s*$\n?", re.IGNORECASE | re.MULTILINE)
_NEXT = re.compile(r"^#+\s", re.MULTILINE)
_ITEM = re.compile(r"^\s*[-*]\s+(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class PlanMd:
    """A plan, read: its declared number of cycles and what is outstanding."""

    text: str
    cycles: int
    outstanding: tuple[str, ...]

    @property
    def sha(self) -> str:
        """The fingerprint of the plan without its outstanding items: those come later."""
        return sha256(_without_items(self.text))


def read(text: str, path: str = "plan.md") -> PlanMd:
    """Raises JobInvalid for an empty plan, and for a number of cycles that is none."""
    if not text.strip():
        raise JobInvalid(path, (Problem("job_invalid_spec", "the plan is empty"),))
    if len(text.encode()) > LARGEST:
        raise JobInvalid(
            path, (Problem("job_invalid_spec", f"the plan is larger than {LARGEST:,} bytes"),)
        )
    return PlanMd(text, _cycles(text, path), _items(text))


def with_item(text: str, item: str) -> str:
    """The plan with one more outstanding item; the section is made when there is none."""
    line = f"- {' '.join(item.split())}"
    section = _SECTION.search(text)
    if section is None:
        return f"{text.rstrip()}\n\n## {OUTSTANDING}\n\n{line}\n"
    following = _NEXT.search(text, section.end())
    end = following.start() if following else len(text)
    body = text[section.end() : end].strip("\n")
    kept = f"{body}\n{line}" if body else line
    rest = f"\n\n{text[end:]}" if following else "\n"
    return f"{text[: section.start()]}{section.group().rstrip()}\n\n{kept}{rest}"


def _cycles(text: str, path: str) -> int:
    found = _CYCLES.search(text)
    if found is None:
        return 1
    if found[1].isdigit() and 1 <= int(found[1]) <= MOST_CYCLES:
        return int(found[1])
    line = text.count("\n", 0, found.start(1)) + 1
    problem = Problem(
        "job_invalid_spec", f"{found[1][:40]!r} is no number of cycles", line, key="Cycles",
        hint=f"Write a number from 1 to {MOST_CYCLES}: `Cycles: 3`.",
    )  # fmt: skip
    raise JobInvalid(path, (problem,))


def _items(text: str) -> tuple[str, ...]:
    section = _SECTION.search(text)
    if section is None:
        return ()
    following = _NEXT.search(text, section.end())
    return tuple(_ITEM.findall(text[section.end() : following.start() if following else len(text)]))


def _without_items(text: str) -> str:
    section = _SECTION.search(text)
    if section is None:
        return text.rstrip()
    following = _NEXT.search(text, section.end())
    rest = text[following.start() :] if following else ""
    return f"{text[: section.start()].rstrip()}\n{rest}".rstrip()
