"""The small tools with which a model moves the job it works on, and the skills of its phase."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.job import gates
from assistant.job.condense import Line
from assistant.job.condensing import Condenser
from assistant.job.questions import Question
from assistant.models.protocol import Tool, ToolCall
from assistant.store.jobs import JobRecord
from assistant.workplace import Workplace

DONE = "phase_done"
_TEXT = {"type": "string", "minLength": 1}
_NOTE_KINDS = ["pending-job", "voice-update", "agent-update", "knowledge"]


def _tool(name: str, about: str, /, *, optional: str = "", **properties: Any) -> Tool:
    required = [name for name in properties if name != optional]
    return Tool(
        name, about,
        {"type": "object", "properties": properties, "required": required,
         "additionalProperties": False},
    )  # fmt: skip


_DONE = _tool(DONE, "This phase is done; say in a few lines what it established.", footer=_TEXT)
_BACK = _tool(
    "go_back", "Go back to an earlier phase to mend something.", phase=_TEXT, reason=_TEXT
)
_ASK = _tool(
    "ask_person", "Ask the person something that only they know, with a few options.",
    question=_TEXT, options={"type": "array", "items": _TEXT, "maxItems": 4},
)  # fmt: skip
_SET = _tool(
    "set_plan_file", "Name the plan once: plan.md, plan.yaml, or false for none.", name=_TEXT
)
_WRITE = _tool("write_plan", "Write the plan of this job.", text=_TEXT)
_EDIT = _tool("edit_plan", "Put a changed plan in its place; that leads back to Plan.", text=_TEXT)
_LATER = _tool("add_outstanding", "Collect something for a later cycle.", item=_TEXT)
_NOTE = _tool(
    "keep_note",
    "Keep one line of what was learned. `first`, of a pending-job: this job is complete only after it.",
    optional="first", kind={"type": "string", "enum": _NOTE_KINDS}, text=_TEXT,
    first={"type": "boolean"},
)  # fmt: skip
OWN = frozenset(
    t.name for t in (_BACK, _ASK, _SET, _WRITE, _EDIT, _LATER, _NOTE)
)  # fmt: skip


def own_tools(place: Workplace, record: JobRecord, plan_may: str) -> tuple[Tool, ...]:
    """The tools that move a job, as far as its phase allows them."""
    own = [_DONE, _ASK]
    if record.phase != "observe":
        own.append(_BACK)
    if place.guide.guidance.of(record.id).plan == "":
        own.append(_SET)
    if plan_may:
        own.append(_WRITE if plan_may == "write" else _EDIT)
    if place.guide.plans.state(record).text:
        own.append(_LATER)
    if record.phase == "condense":
        own.append(_NOTE)
    return tuple(own)


def skills_of(place: Workplace, phase: str, ranked: Sequence[str]) -> tuple[Tool, ...]:
    """The skills that a phase allows as tools, those named first in `ranked` first."""
    order = {name: number for number, name in enumerate(ranked)}
    names = sorted(place.library.names(), key=lambda name: (order.get(name, len(order)), name))
    skills = [place.library.get(name) for name in names]
    return tuple(
        Tool(s.name, s.description, s.schema()) for s in skills if gates.allows(phase, s.effect)
    )


def reply_of(place: Workplace, record: JobRecord, call: ToolCall) -> str:
    """Do what one of the own tools says; gives what the model is told.

    Raises AssistantError when the rules do not allow it.
    """
    guide, given = place.guide, {k: str(v) for k, v in call.arguments.items()}
    match call.name:
        case "go_back":
            moved = guide.back(record.id, given["phase"], reason=given["reason"])
            return f"The job is in {moved.phase} now."
        case "ask_person":
            options = tuple(str(option) for option in call.arguments.get("options", ()))
            guide.ask(record.id, [Question("CLARIFY", given["question"], options)])
            return "It is asked. End your turn now."
        case "set_plan_file":
            guide.plans.set_file(record.id, given["name"], by="model")
            return "It is named."
        case "write_plan" | "edit_plan":
            moved = guide.put_plan(record.id, given["text"], by="model")
            return f"It is kept. The job is in {moved.phase} now."
        case "add_outstanding":
            guide.plans.outstanding(record.id, given["item"], by="model")
            return "It is collected."
        case _:
            kind: Any = given["kind"]
            first = call.arguments.get("first") is True
            Condenser(guide).keep_line(record, Line(given["text"]), kind, first=first)
            return "It is kept."
