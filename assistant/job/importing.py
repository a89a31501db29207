"""Bringing jobs in: all of an archive or none of it, checked, switched off."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import BindingsInvalid
from assistant.job import templates
from assistant.job.archive import Archive
from assistant.job.lifecycle import Lifecycle, renamed
from assistant.pipeline.loader import load
from assistant.store.files import sha256, write_atomically
from assistant.store.jobs import JobRecord


def bring_in(lifecycle: Lifecycle, archive: Archive, *, name: str = "") -> list[JobRecord]:
    """Make version 1 of every job of the archive; the main job comes first.

    A called job that is here already in the very same words is used as it is. A template comes in
    under a name that is free here: `left_out` names the others. Raises
    BindingsInvalid when a name is taken, JobInvalid when a file does not hold; nothing is kept
    then.
    """
    jobs = lifecycle.jobs
    main = name or archive.job
    texts = {key or archive.job: text for key, text in archive.jobs.items()}
    if name and name != archive.job:
        texts = {name: renamed(texts.pop(archive.job), name), **texts}
    new = {key: text for key, text in texts.items() if not _is_here(lifecycle, key, text)}
    if main not in new:
        raise BindingsInvalid(
            f"a job named {main!r} is here already",
            hint=f"Bring it in under another name: --as {jobs.free_name(main)}",
        )
    loaded = {
        key: lifecycle.parsed(text, path=f"{key}.yaml", beside=texts) for key, text in new.items()
    }
    made = list[JobRecord]()
    for key in [main, *(key for key in new if key != main)]:
        record = jobs.create(key, title=loaded[key].title)
        template = archive.begun_with.get(archive.job if key == main else key, "")
        draft = jobs.propose(record.id, new[key], template=template).id if template else ""
        lifecycle.save(
            record.id, new[key], author="import", message="Imported", beside=texts, draft_id=draft
        )
        made.append(jobs.get(record.id))
    for (owner, plan), text in archive.plans.items():
        target = name if name and owner == archive.job else owner
        if target in new:
            write_atomically(jobs.settings.job_dir(target) / plan, text)
    own = jobs.settings.templates_dir
    for template, text in archive.templates.items():
        if template not in templates.names(own):
            write_atomically(own / f"{template}.yaml", text)
    return made


def left_out(archive: Archive, own: Path) -> list[str]:
    """The templates of an archive that say something else here; `own` are the home's."""
    return [
        name
        for name, text in archive.templates.items()
        if name in templates.names(own) and templates.get(name, own).text != text
    ]


def _is_here(lifecycle: Lifecycle, name: str, text: str) -> bool:
    """Whether a job has this very file in force. Raises BindingsInvalid when it has another."""
    if load(text, path=f"{name}.yaml").job.name != name:
        raise BindingsInvalid(f"{name}.yaml declares another job than {name!r}")
    record = lifecycle.jobs.find(name)
    if record is None:
        return False
    same = record.version and lifecycle.jobs.version(record.id).sha256 == sha256(text)
    if not same:
        raise BindingsInvalid(
            f"a job named {name!r} is here already, and it is another one",
            hint=f"Rename it first: assistant jobs rename {name} {lifecycle.jobs.free_name(name)}",
        )
    return True
