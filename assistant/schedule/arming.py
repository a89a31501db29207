"""Putting a job's triggers in force, and taking them out of it."""

from __future__ import annotations

from assistant.pipeline.spec import Job
from assistant.pipeline.triggers import TRIGGERS, USUAL_POLL, bound_triggers, named
from assistant.store.triggers import TriggerLedger, TriggerSpec


def arm(ledger: TriggerLedger, job_id: str, job: Job) -> None:
    """From now on the job's triggers are those of this file. Raises BindingsInvalid for one that
    needs an input without a default."""
    ledger.arm(job_id, specs(job))


def disarm(ledger: TriggerLedger, job_id: str) -> None:
    """Nothing fires the job any more; what waits is accounted for as missed."""
    ledger.arm(job_id, ())


def specs(job: Job) -> list[TriggerSpec]:
    """The triggers of a file under their names, their texts and intervals filled in."""
    found = list[TriggerSpec]()
    for name, trigger in named(bound_triggers(job)).items():
        options = dict(trigger.options)
        if TRIGGERS[trigger.on].polls:
            options.setdefault("every", USUAL_POLL[trigger.on])
        found.append(TriggerSpec(name, trigger.on, options))
    return found
