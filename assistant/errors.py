"""What can go wrong, and what happens next.

AssistantError                 has a stable `code`, a `hint` (the cure) and facts as attributes
├── RequestWrong               the asker can mend it; the command line exits 2
│   ├── JobNotFound            job_not_found
│   ├── JobInvalid             job_invalid_spec: names file, line, step, key, cure;
│   │                          job_trigger_invalid when nothing but its triggers is wrong
│   ├── TriggerInvalid         job_trigger_invalid: a cron line, a zone, a trigger
│   ├── TargetUnresolved       job_target_unresolved: a run, step or path that is not there
│   ├── BindingsInvalid        job_bindings_invalid: inputs that do not fit
│   └── SkillNotFound          skill_not_found
├── SkillError                 skill_failed
│   ├── TryAgain               passing trouble: the engine waits and repeats the step
│   ├── BadArguments           never repeated: the caller corrects the call
│   ├── CannotDo               final: the step fails, and healing may look at it
│   └── OutcomeUnknown         a write that may have happened: never repeated, a person decides
├── PolicyDenied               job_policy_denied: a guard, a grant or the network guard said no
├── ApprovalNeeded             approval_required: no failure; the run waits for a person (exit 3)
├── StepTimeout                job_timeout
├── RunCancelled               job_cancelled
├── ExpectationFailed          job_expectation_failed
├── ExecutionFailed            job_execution_failed
├── BudgetExhausted            budget_exhausted
├── ModelUnavailable           model_unavailable
└── InternalError              internal_error: a bug of ours or a broken installation
    └── ServerAway             passing: what was asked is asked again when the server is back
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class AssistantError(Exception):
    """The root: a message that says what was wrong and where, and a hint that says the cure."""

    code: str = "internal_error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def as_dict(self) -> dict[str, Any]:
        """The error as the envelope shows it: `{code, message, hint}`."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


class RequestWrong(AssistantError):
    """What was asked cannot be done as asked; nothing was changed."""

    code = "job_bindings_invalid"


class JobNotFound(RequestWrong):
    code = "job_not_found"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a job file: where it stands and what would be right."""

    code: str
    message: str
    line: int = 0
    column: int = 0
    step: str = ""
    key: str = ""
    hint: str = ""

    def __str__(self) -> str:
        place = f"line {self.line}" if self.line else ""
        if self.step:
            place += f", step {self.step!r}" if place else f"step {self.step!r}"
        ends = "" if self.message.endswith((".", "!", "?")) else "."
        cure = f"{ends} {self.hint}" if self.hint else ""
        return f"{place}: {self.message}{cure}" if place else f"{self.message}{cure}"


class JobInvalid(RequestWrong):
    """A job file that does not hold: `problems` lists every one that was found.

    Its code is `job_trigger_invalid` when every problem is of the schedule or a trigger.
    """

    code = "job_invalid_spec"

    def __init__(self, path: str, problems: tuple[Problem, ...], *, hint: str = "") -> None:
        self.path = path
        self.problems = problems
        if problems and all(problem.code == TriggerInvalid.code for problem in problems):
            self.code = TriggerInvalid.code
        shown = "\n".join(f"{path}, {problem}" for problem in problems)
        super().__init__(shown, hint=hint)

    def as_dict(self) -> dict[str, Any]:
        return super().as_dict() | {"problems": [vars(p) for p in self.problems]}


class TriggerInvalid(RequestWrong):
    code = "job_trigger_invalid"


class TargetUnresolved(RequestWrong):
    code = "job_target_unresolved"


class BindingsInvalid(RequestWrong):
    code = "job_bindings_invalid"


class SkillNotFound(RequestWrong):
    code = "skill_not_found"


class SkillError(AssistantError):
    """A skill could not do its work."""

    code = "skill_failed"


class TryAgain(SkillError):
    """Passing trouble. `retry_after` (seconds) is what the other side asked for, if it did."""

    def __init__(self, message: str, *, retry_after: float | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class BadArguments(SkillError):
    """The call itself is wrong; repeating it cannot help."""


class CannotDo(SkillError):
    """Final for this call: the thing is gone, refused or not what was expected."""


class OutcomeUnknown(SkillError):
    """The connection ended at the moment of writing: it may have happened, and is not repeated."""


class PolicyDenied(AssistantError):
    code = "job_policy_denied"


class ApprovalNeeded(AssistantError):
    """Not a failure: the run waits. `question` is shown to the person."""

    code = "approval_required"

    def __init__(self, question: str, *, hint: str = "") -> None:
        super().__init__(question, hint=hint)
        self.question = question


class StepTimeout(AssistantError):
    code = "job_timeout"


class RunCancelled(AssistantError):
    code = "job_cancelled"


class ExpectationFailed(AssistantError):
    code = "job_expectation_failed"


class ExecutionFailed(AssistantError):
    code = "job_execution_failed"


class BudgetExhausted(AssistantError):
    code = "budget_exhausted"


class ModelUnavailable(AssistantError):
    code = "model_unavailable"


class InternalError(AssistantError):
    code = "internal_error"


class ServerAway(InternalError):
    """The database server of the durable state does not answer. Nothing was changed."""

    def __init__(self, said: object) -> None:
        told = " ".join(str(said).split())[:200]
        super().__init__(
            f"the database server does not answer: {told}",
            hint="Is it running? What is due waits until it is; `assistant doctor` says more.",
        )
