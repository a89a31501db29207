"""A picture of a job's pipeline as a file: SVG or PNG, also with the states of a run."""

from __future__ import annotations

from assistant.errors import BindingsInvalid
from assistant.pipeline import svg
from assistant.pipeline.drawing import Known, lay_out
from assistant.pipeline.loader import load
from assistant.schedule.starting import starts_in_short
from assistant.store.jobs import JobRecord, JobRepository
from assistant.store.runs import RunRepository


def picture_of(
    jobs: JobRepository, runs: RunRepository, record: JobRecord, *, run: str = "", kind: str = "svg"
) -> bytes:
    """The version in force (or the open draft before there is one) as SVG or PNG bytes.

    Raises BindingsInvalid for another kind, TargetUnresolved without a file or such a run.
    """
    if kind not in ("svg", "png"):
        raise BindingsInvalid(f"a picture cannot be {kind!r}", hint="Name a file in .svg or .png.")
    draft = None if record.version else jobs.open_draft(record.id)
    job = load(draft.yaml if draft else jobs.version(record.id).yaml).job
    states = {a.path: a.status for a in runs.attempts(runs.get(run).id)} if run else {}
    drawing = lay_out(job, Known(states), starts=starts_in_short(job))
    if kind == "svg":
        return svg.draw(drawing, label=job.title or job.name, alone=True).encode()
    from assistant.pipeline.bitmap import png

    return png(drawing)
