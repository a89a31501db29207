"""Jobs that wait for other jobs: made from notes or by the person, never in a circle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.errors import BindingsInvalid, PolicyDenied
from assistant.job.naming import name_from, title_from
from assistant.store.guidance import Guidance
from assistant.store.jobs import JobRecord, JobRepository


def circle(edges: Mapping[str, Sequence[str]], job: str, on: str) -> tuple[str, ...]:
    """The circle that `job` waiting for `on` would close, from `job` to `job`; empty for none."""
    ways: list[tuple[str, ...]] = [(on,)]
    seen = set[str]()
    while ways:
        way = ways.pop()
        if way[-1] == job:
            return (job, *way)
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [(*way, further) for further in edges.get(way[-1], ())]
    return ()


class Dependencies:
    """Which jobs wait for which."""

    def __init__(self, jobs: JobRepository, guidance: Guidance) -> None:
        self._jobs = jobs
        self._guidance = guidance

    def add(self, ident: str, on: str, *, by: str = "person") -> JobRecord:
        """Let a job wait for another one.

        Raises BindingsInvalid when it would close a circle, PolicyDenied for a model in Execute.
        """
        job, other = self._jobs.get(ident), self._jobs.get(on)
        self._not_by_model(job, by)
        if closed := circle(self._guidance.edges(), job.id, other.id):
            names = " → ".join(self._jobs.get(one).name for one in closed)
            raise BindingsInvalid(
                f"{job.name!r} cannot wait for {other.name!r}: {names}",
                hint="A job cannot wait for itself, also not by way of others.",
            )
        self._guidance.depend(job.id, other.id)
        self._jobs.add_interaction(
            job.id, "decision", by, f"It waits for {other.name}.", {"depends_on": other.id}
        )
        return other

    def remove(self, ident: str, on: str, *, by: str = "person") -> JobRecord:
        """Let a job wait for another one no longer. Raises BindingsInvalid when it did not."""
        job, other = self._jobs.get(ident), self._jobs.get(on)
        if not self._guidance.undepend(job.id, other.id):
            raise BindingsInvalid(f"{job.name!r} does not wait for {other.name!r}")
        self._jobs.add_interaction(
            job.id, "decision", by, f"It no longer waits for {other.name}.", {}
        )
        return other

    def make(self, text: str, *, parent: str = "", name: str = "", by: str = "person") -> JobRecord:
        """A pending job of that text: `standalone`, or one that `parent` waits for."""
        waits = self._jobs.get(parent) if parent else None
        if waits is not None:
            self._not_by_model(waits, by)
        made = self._jobs.create(name or name_from(text), title=title_from(text), status="pending")
        self._jobs.add_interaction(made.id, "prompt", "person", text, {"pending": True, "by": by})
        if waits is not None:
            self.add(waits.id, made.id, by=by)
        return self._jobs.get(made.id)

    def of(self, ident: str) -> list[JobRecord]:
        """The jobs that a job waits for."""
        return [self._jobs.get(one) for one in self._guidance.depends_on(self._jobs.get(ident).id)]

    def open_of(self, ident: str) -> list[JobRecord]:
        """Those that are not completed."""
        return [job for job in self.of(ident) if job.status != "completed"]

    def _not_by_model(self, job: JobRecord, by: str) -> None:
        if by == "model" and job.phase == "execute":
            raise PolicyDenied(
                "a model makes no jobs while it carries out another one",
                hint="Write it to the outstanding items; it becomes a job when the cycle ends.",
            )
