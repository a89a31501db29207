"""plan.yaml: the plan of a job of stage 3: how many cycles, and what each phase's voices say.

    cycles: 5
    observe:
      observe: Look at last week's numbers first.          # a bare text appends
    execute:
      execute: {mode: replace, text: "Write 200 words for {{job_id}}."}
    outstanding: [a photo of the harbour]

Keys under a phase are ids of voices. What a text may fill in is `{{job_id}}`, and what its voice
declares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import JobInvalid, Problem
from assistant.job.phases import PHASES
from assistant.job.plan_md import MOST_CYCLES
from assistant.job.voices import Change, catalogue, gaps, unknown_gaps
from assistant.pipeline.document import Document, Place, read_document
from assistant.pipeline.suggest import did_you_mean
from assistant.pipeline.writer import dump
from assistant.store.files import sha256

MODES = ("append", "replace", "prepend")
_OWN = ("cycles", "outstanding")


@dataclass(frozen=True)
class PlanYaml:
    """A plan, read. `changes` is by phase, then by the id of a voice."""

    text: str
    cycles: int
    changes: dict[str, dict[str, Change]] = field(default_factory=dict[str, dict[str, Change]])
    outstanding: tuple[str, ...] = ()

    @property
    def sha(self) -> str:
        """The fingerprint of the plan without its outstanding items."""
        data = dict(read_document(self.text).data)
        data.pop("outstanding", None)
        return sha256(dump(data))


def read(text: str, path: str = "plan.yaml", *, phases: Sequence[str] = PHASES) -> PlanYaml:
    """Raises JobInvalid with every problem: bad YAML, unknown keys and voices, 0 cycles …"""
    document = read_document(text)
    reading = _Reading(document, list(document.problems), tuple(phases))
    plan = reading.plan(text)
    if reading.problems:
        raise JobInvalid(path, tuple(reading.problems))
    return plan


def with_item(text: str, item: str) -> str:
    """The plan with one more outstanding item."""
    data = dict(read_document(text).data)
    data["outstanding"] = [*data.get("outstanding", []), " ".join(item.split())]
    return dump(data)


def with_change(text: str, phase: str, voice: str, line: str) -> str:
    """The plan with a line appended to what a voice says in a phase."""
    data = dict(read_document(text).data)
    voices = dict(data.get(phase) or {})
    before = voices.get(voice)
    if isinstance(before, dict):
        voices[voice] = before | {"text": f"{before['text']}\n{line}"}
    else:
        voices[voice] = f"{before}\n{line}" if before else line
    data[phase] = voices
    return dump(data)


@dataclass
class _Reading:
    document: Document
    problems: list[Problem]
    phases: tuple[str, ...]

    def plan(self, text: str) -> PlanYaml:
        data = self.document.data
        if not isinstance(data, dict):
            if not self.problems:
                self._wrong((), "the plan is no mapping", "Begin it with `cycles: 3`.")
            return PlanYaml(text, 1)
        for key in data:
            if key not in (*_OWN, *self.phases):
                self._wrong(
                    (key,),
                    f"{key!r} is no part of a plan",
                    did_you_mean(key, (*_OWN, *self.phases)),
                )
        changes = {p: self._voices(p, data[p]) for p in self.phases if p in data}
        items = data.get("outstanding") or []
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self._wrong(("outstanding",), "outstanding is a list of texts", "- a photo")
            items = []
        return PlanYaml(text, self._cycles(data.get("cycles", 1)), changes, tuple(items))

    def _cycles(self, value: Any) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_CYCLES:
            return value
        self._wrong(
            ("cycles",), f"{value!r} is no number of cycles",
            f"Write a number from 1 to {MOST_CYCLES}: `cycles: 3`.",
        )  # fmt: skip
        return 1

    def _voices(self, phase: str, value: Any) -> dict[str, Change]:
        if not isinstance(value, dict):
            self._wrong(
                (phase,), f"{phase!r} is a mapping of voices", f"{phase}: {{{phase}: text}}"
            )
            return {}
        found = dict[str, Change]()
        for voice, said in value.items():
            place = (phase, voice)
            if voice not in catalogue():
                hint = did_you_mean(voice, catalogue())
                self._wrong(place, f"there is no voice {voice!r}", hint)
            elif (change := self._change(place, said)) is not None:
                found[voice] = change
                for gap in unknown_gaps(voice, change.text):
                    self._wrong(place, f"the voice {voice!r} has no argument {gap!r}",
                                did_you_mean(gap, gaps(voice)))  # fmt: skip
        return found

    def _change(self, place: Place, said: Any) -> Change | None:
        if isinstance(said, str) and said.strip():
            return Change(said)
        if isinstance(said, dict) and isinstance(said.get("text"), str):
            mode = said.get("mode", "append")
            if mode not in MODES:
                self._wrong(
                    (*place, "mode"), f"{mode!r} is no mode", did_you_mean(str(mode), MODES)
                )
                return None
            if extra := sorted(set(said) - {"mode", "text"}):
                self._wrong((*place, extra[0]), f"{extra[0]!r} is no part of a change",
                            "A change has `mode` and `text`.")  # fmt: skip
                return None
            return Change(said["text"], mode)
        self._wrong(
            place, "a change is a text, or has `mode` and `text`", "{mode: append, text: …}"
        )
        return None

    def _wrong(self, place: Place, message: str, hint: str = "") -> None:
        mark = self.document.mark(place, key=True)
        key = ".".join(str(part) for part in place)
        self.problems.append(
            Problem("job_invalid_spec", message, mark.line, mark.column, key=key, hint=hint)
        )
