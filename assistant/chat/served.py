"""The assistant as tools for other programs: drafting, running and watching jobs, and its skills.

A call of a skill is a run like any other, with its receipt. It is not the person who asks, so
what writes without a grant waits for the person's word; the answer says how to give it.
"""

from __future__ import annotations

from typing import Any

from assistant.chat.events import DraftCard, Notice, QuestionCard, TextDelta
from assistant.chat.following import last_output
from assistant.chat.turn import Conversation
from assistant.errors import ExecutionFailed
from assistant.job.once import call_request
from assistant.job.running import request_for
from assistant.pipeline.inputs import bind
from assistant.skills.door import Skill
from assistant.skills.mcp_server import Served, ServedTool
from assistant.workplace import Workplace

TRIGGER = {"kind": "mcp"}
CALL_SECONDS = 300.0
LONGEST_WAIT = 600


def served(place: Workplace) -> Served:
    """Everything that a workplace offers over MCP."""
    tools = JobTools(place)
    return Served(place.library, tools.call_skill, tools.all())


class JobTools:
    """What can be done with jobs from outside; accepting a draft is left to the person."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._conversation = Conversation(place)

    def all(self) -> list[ServedTool]:
        """The four tools."""
        text = {"type": "string", "minLength": 1}
        wait = {"type": "integer", "minimum": 0, "maximum": LONGEST_WAIT, "default": 60}
        return [
            ServedTool(
                "draft_job",
                "Draft a job from plain words; a person accepts it before it runs.",
                _schema({"request": text | {"description": "What the job should do, and when"}}),
                "write",
                self.draft_job,
            ),
            ServedTool(
                "run_job",
                "Run an accepted job and give its receipt.",
                _schema(
                    {
                        "job": text | {"description": "Its name or id"},
                        "inputs": {"type": "object", "description": "Inputs by name"},
                        "wait": wait | {"description": "Seconds to wait for the end"},
                    },
                    required=("job",),
                ),
                "write",
                self.run_job,
            ),
            ServedTool(
                "list_jobs", "List the jobs with their state.", _schema({}), "read", self.list_jobs
            ),
            ServedTool(
                "run_status",
                "Give the receipt of a run as it stands.",
                _schema({"run_id": text}),
                "read",
                self.run_status,
            ),
        ]

    async def draft_job(self, given: dict[str, Any]) -> dict[str, Any]:
        """The draft, a question that has to be answered first, or what was said instead."""
        answer: dict[str, Any] = {"questions": [], "text": ""}
        async for event in self._conversation.turn(str(given["request"]), dry_run=False):
            match event:
                case DraftCard():
                    answer |= {
                        "draft_id": event.draft_id,
                        "job": event.job,
                        "yaml": event.yaml,
                        "schedule": event.schedule,
                        "assumptions": list(event.assumptions),
                        "unplaced": list(event.unplaced),
                        "next": f"A person accepts it: assistant jobs approve {event.job}",
                    }
                case QuestionCard():
                    answer["questions"].append(event.question)
                case TextDelta():
                    answer["text"] += event.text
                case Notice():
                    raise ExecutionFailed(event.message, hint=event.hint)
                case _:
                    continue
        return answer

    async def run_job(self, given: dict[str, Any]) -> dict[str, Any]:
        place = self._place
        record = place.jobs.get(str(given["job"]))
        declared = place.lifecycle.in_force(record).inputs
        inputs = bind(declared, given.get("inputs") or {})
        request = request_for(place.jobs, record, trigger=TRIGGER, inputs=inputs)
        run_id = await (await place.engine()).submit(request)
        return await self._receipt(run_id, float(given.get("wait", 60)))

    async def list_jobs(self, _: dict[str, Any]) -> dict[str, Any]:
        return {
            "jobs": [
                {
                    "name": job.name, "id": job.id, "title": job.title, "status": job.status,
                    "version": job.version, "enabled": job.enabled,
                }
                for job in self._place.jobs.list()
            ]
        }  # fmt: skip

    async def run_status(self, given: dict[str, Any]) -> dict[str, Any]:
        return (await self._place.engine()).receipt(str(given["run_id"]))

    async def call_skill(self, skill: Skill, arguments: dict[str, Any]) -> Any:
        """What a skill gave, as a run of one step. Raises ExecutionFailed when it did not succeed."""
        request = call_request(self._place.library, skill.name, arguments, trigger=TRIGGER)
        run_id = await (await self._place.engine()).submit(request)
        receipt = await self._receipt(run_id, CALL_SECONDS)
        match receipt["status"]:
            case "succeeded":
                return last_output(self._place, run_id)
            case "waiting":
                return receipt | {
                    "next": f"A person decides: assistant runs approve {run_id}",
                }
            case status:
                error = receipt.get("error") or {}
                raise ExecutionFailed(
                    error.get("message") or f"The run {run_id} is {status}.",
                    hint=error.get("hint", ""),
                )

    async def _receipt(self, run_id: str, seconds: float) -> dict[str, Any]:
        engine = await self._place.engine()
        try:
            return await engine.wait(run_id, seconds, until_waiting=True)
        except TimeoutError:
            return engine.receipt(run_id)


def _schema(properties: dict[str, Any], required: tuple[str, ...] | None = None) -> dict[str, Any]:
    names = list(properties) if required is None else list(required)
    return {
        "type": "object",
        "properties": properties,
        "required": names,
        "additionalProperties": False,
    }
