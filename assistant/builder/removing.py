"""What is to go from the focused job: a value by its field's name, steps that are not wanted any more."""

from __future__ import annotations

import re

from assistant.builder import hints
from assistant.builder.acting import pointed_at
from assistant.builder.edits import Read
from assistant.builder.placing import Places
from assistant.builder.ways import cleared
from assistant.grounding.cues import Cue, cues
from assistant.grounding.languages import fold

_ON = re.compile(r"[,;.:]| but | just | only ")
_BY_PLACE = ("notify",)
"""Steps that are also called by where they write: "no more channel"."""


def read_removed(read: Read, text: str, at: Places, *, named: bool) -> None:
    """Adds what goes to `read`. `named`: an address is named, so that it may go instead of the letter."""
    _read_cleared(read, text, at)
    removing = [cue for cue in cues("ways", text) if cue.name == "remove"]
    spoken = cues("steps", text) + [c for c in cues("replaced", text) if c.name in _BY_PLACE]
    for cue in spoken:
        numbers = at.numbers_of(cue.name)
        # An address that is not to get it any more is no step.
        address = cue.name == "send_email" and named and not _stopped(cue, text)
        out = any(_taken_out(cue, removed, text) for removed in removing)
        if numbers and out and not address:
            read.add("remove_step", step=numbers[0])
    if not any(edit["do"] == "remove_step" for edit in read.edits):
        pointing = (
            c for c in removing
            if hints.said_back(text, c.end) or hints.said_back(text, c.start + c.text.find(" "))
        )  # fmt: skip
        if (cue := next(pointing, None)) is not None:
            for number in pointed_at(at, text, cue.start, "")[:1]:
                read.add("remove_step", step=number)


def _read_cleared(read: Read, text: str, at: Places) -> None:
    """A value that is to go, by its field's name: "no limit"."""
    name = cleared(text)
    for number, step in enumerate(at.steps, 1):
        if name and name in step.values:
            read.add("clear", step=number, key=name)
            return


def _taken_out(step: Cue, removed: Cue, text: str) -> bool:
    """Whether a step's name stands beside the words that take something out, or in them."""
    if removed.start <= step.start < removed.end or 0 <= removed.start - step.end <= 20:
        return True
    return 0 <= step.start - removed.end <= 25 and not _ON.search(text[removed.end : step.start])


def _stopped(step: Cue, text: str) -> bool:
    """Whether a letter is to be sent no more, to whomever: "stop mailing it. Post it to … instead"."""
    before, after = fold(text[: step.start]), re.split(r"[.;,!?]", text[step.end :])[0]
    return re.search(r"(?<!\w)(?:stop|quit|no more)\s*$", before) is not None and "<" not in after
