"""What the checker asks of the rooms around it: schemas of skills, and the jobs that are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assistant.errors import SkillNotFound
from assistant.pipeline.checker import check_text
from assistant.pipeline.loader import Loaded, load
from assistant.pipeline.skill_table import SkillSchema
from assistant.pipeline.spec import Job
from assistant.skills.library import Library
from assistant.store.jobs import JobRepository


class LibrarySchemas:
    """The library's skills as the checker sees them; only those asked for are loaded."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def get(self, name: str) -> SkillSchema | None:
        try:
            skill = self._library.get(name)
        except SkillNotFound:
            return None
        return SkillSchema(skill.schema(), skill.output_schema(), skill.effect)

    def names(self) -> Iterable[str]:
        return self._library.names()


def checked(
    text: str,
    library: Library,
    jobs: JobRepository,
    *,
    path: str = "job.yaml",
    beside: Mapping[str, str] | None = None,
) -> Loaded:
    """A job file that holds in form and meaning. Raises JobInvalid with every problem.

    `beside` holds the texts of jobs that come together with it and are not kept yet.
    """
    together = beside or {}

    def called(name: str) -> Job | None:
        if name in together:
            return load(together[name], path=f"{name}.yaml").job
        record = jobs.find(name)
        return load(jobs.version(record.id).yaml).job if record and record.version else None

    return check_text(text, LibrarySchemas(library), called, path=path)
