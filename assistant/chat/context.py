"""What the builder is told beside the words: the focused job, the last result, the open question."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.builder.focusing import focused_job
from assistant.builder.questions import FocusedJob, LastResult
from assistant.chat.following import last_output
from assistant.chat.summaries import kind_of
from assistant.errors import AssistantError
from assistant.pipeline.loader import read_loosely
from assistant.pipeline.spec import Job
from assistant.store.jobs import Interaction, JobRecord, JobRepository
from assistant.workplace import Workplace

RECENT = 40
"""Interactions that are looked at for an open question or a result."""
TALK = "talk"
"""Marks what was said beside the work: thanks, questions about runs and the like."""
REQUEST = "request"
"""What a question is about that a request has left open."""
LONGEST_ANSWER = 15
"""Words."""


def whole_request(said: Sequence[Interaction]) -> str:
    """The last prompt, with what was answered to the questions that it left open.

    An answer stands in the place of the words that it corrects ("every 45 minutes"), if there
    are any, else below.
    """
    answered, request = list[Interaction](), ""
    for interaction in reversed(said):
        if TALK in interaction.data:
            continue
        if interaction.kind == "prompt":
            request = interaction.text
            break
        if interaction.data.get("about") == REQUEST:
            if interaction.answer is not None:
                answered.append(interaction)
        elif interaction.kind in ("answer", "result"):
            break
    lines = [request] if request else []
    for interaction in reversed(answered):
        raw, answer = str(interaction.data.get("raw", "")), interaction.answer or ""
        if raw and lines and raw in lines[0]:
            lines[0] = lines[0].replace(raw, answer, 1)
        else:
            lines.append(answer)
    return "\n".join(dict.fromkeys(lines))


def is_reply(text: str) -> bool:
    """Whether a prompt can be the answer to a question; who writes more means something new."""
    return len(text.split()) <= LONGEST_ANSWER


def last_run(said: Sequence[Interaction]) -> str:
    """The run whose result was shown last, or an empty text."""
    for interaction in reversed(said):
        if interaction.kind == "result" and "run" in interaction.data:
            return str(interaction.data["run"])
    return ""


def last_result(place: Workplace, run_id: str) -> LastResult | None:
    """What the builder is told of a run's result."""
    try:
        done = [a for a in place.runs.attempts(run_id) if a.status == "succeeded"]
        return kind_of(last_output(place, run_id), done[-1].skill) if done else None
    except AssistantError:
        # Retention may have taken the run away; then there is no result to refer to.
        return None


def file_of(jobs: JobRepository, record: JobRecord) -> str:
    """The file that an edit starts from: the open draft, else the version in force, else none."""
    if waiting := jobs.open_draft(record.id):
        return waiting.yaml
    return jobs.version(record.id).yaml if record.version else ""


def focused(jobs: JobRepository, record: JobRecord) -> FocusedJob | None:
    """The focused job as the builder sees it; None while it has no file."""
    text = file_of(jobs, record)
    return focused_job(record.name, text) if text else None


def called_job(jobs: JobRepository) -> Callable[[str], Job | None]:
    """How the checker finds a job that another one calls."""

    def find(name: str) -> Job | None:
        record = jobs.find(name)
        if record is None or not record.version:
            return None
        return read_loosely(jobs.version(record.id).yaml).job

    return find
