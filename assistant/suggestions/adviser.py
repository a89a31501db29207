"""The adviser: looks for what could be better, and does what a person accepts of it.

Nothing is changed by looking. An accepted change takes the way of every change: a new version by
a person through the lifecycle, a pause, or the home's own copy of a template.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from assistant.clock import rfc3339
from assistant.errors import RequestWrong, TargetUnresolved
from assistant.job import templates
from assistant.job.lifecycle import Lifecycle
from assistant.pipeline.editing import EditableJob
from assistant.store.files import write_atomically
from assistant.suggestions.failing import failing_for_days
from assistant.suggestions.shared import edited_template, same_edit, same_feed
from assistant.suggestions.shelf import Change, Finding, JobEdit, Shelf, Suggestion
from assistant.suggestions.timing import later_source, quiet_days
from assistant.suggestions.watched import watched_jobs

SNOOZE = timedelta(days=7)


class Adviser:
    """The suggestions of a home. `templates_dir` holds the home's own templates."""

    def __init__(self, lifecycle: Lifecycle, templates_dir: Path) -> None:
        self.lifecycle = lifecycle
        self.jobs = lifecycle.jobs
        self.shelf = Shelf(self.jobs.store)
        self._templates = templates_dir

    def look(self) -> list[Suggestion]:
        """Look at every job anew; gives the open suggestions."""
        self.shelf.keep(self._found())
        return self.shelf.list()

    def suggestions(self, *, state: str = "open", job: str = "") -> list[Suggestion]:
        """Kept suggestions of a state ("" for any) and of a job (its id or name), without looking."""
        return self.shelf.list(state=state, job_id=self.jobs.get(job).id if job else "")

    def accept(self, ident: str, *, by: str = "person") -> Suggestion:
        """Do what a suggestion says.

        Raises TargetUnresolved when it is no longer open or its job has changed meanwhile,
        RequestWrong when there is nothing to do by itself, JobInvalid when the file would not hold.
        """
        found = self.shelf.get(ident)
        if found.state not in ("open", "snoozed"):
            raise TargetUnresolved(
                f"the suggestion {found.id} is {found.state}",
                hint="`assistant insight suggestions` shows those that are open.",
            )
        return self.shelf.decide(found.id, "accepted", by=by, result=self._do(found))

    def snooze(self, ident: str, *, length: timedelta = SNOOZE, by: str = "person") -> Suggestion:
        """Say nothing of it for a while."""
        until = rfc3339(self.jobs.store.clock.now() + length)
        return self.shelf.decide(self.shelf.get(ident).id, "snoozed", by=by, until=until)

    def never(self, ident: str, *, by: str = "person") -> Suggestion:
        """Never suggest it again."""
        return self.shelf.decide(self.shelf.get(ident).id, "never", by=by)

    # Inside

    def _found(self) -> Iterator[Finding]:
        watched = watched_jobs(self.jobs, self.jobs.store.clock.now())
        for one in watched:
            yield from quiet_days(one)
            yield from later_source(one)
            yield from failing_for_days(one)
        yield from same_feed(watched)
        yield from same_edit(self.jobs, self._templates)

    def _do(self, found: Suggestion) -> str:
        """Make the change; gives what was made, in words."""
        change = found.change
        match change.does:
            case "edit":
                return self._edit_jobs(change, found)
            case "pause":
                return f"{self.lifecycle.pause(found.job_id).name} is paused"
            case "template":
                return self._edit_template(change)
            case "tell":
                raise RequestWrong(
                    "there is nothing in it that can be done by itself",
                    hint=f"{change.words} Or `assistant insight suggestions never {found.id}`.",
                )

    def _edit_jobs(self, change: Change, found: Suggestion) -> str:
        # All new files are checked before the first of them becomes a version.
        texts = [(one, self._edited(one)) for one in change.jobs]
        for one, text in texts:
            self.lifecycle.parsed(text, path=f"{self.jobs.get(one.job_id).name}/job.yaml")
        made = list[str]()
        for one, text in texts:
            version = self.lifecycle.save(
                one.job_id, text, author="person", message=f"Accepted: {found.text}"
            )
            made.append(f"version {version.number} of {self.jobs.get(one.job_id).name}")
        return " and ".join(made)

    def _edited(self, one: JobEdit) -> str:
        record = self.jobs.get(one.job_id)
        if record.version != one.version:
            raise TargetUnresolved(
                f"{record.name} has changed since this was suggested",
                hint="`assistant insight suggestions` looks at it anew.",
            )
        file = EditableJob(self.jobs.version(record.id).yaml, path=f"{record.name}/job.yaml")
        for edit in one.edits:
            file.set(edit.place, edit.value)
        return file.text

    def _edit_template(self, change: Change) -> str:
        template = templates.get(change.template, self._templates)
        text = edited_template(template.text, change.edits, path=template.name)
        path = self._templates / f"{template.name}.yaml"
        write_atomically(path, text)
        return f"the template {template.name} is kept as {path}"
