"""Putting a patch in force, and taking it back: each makes a version, and no other line changes."""

from __future__ import annotations

from typing import Any

from assistant.clock import rfc3339
from assistant.errors import AssistantError, TargetUnresolved
from assistant.healing.desk import Desk
from assistant.healing.policy import Edit, edits_between
from assistant.job.lifecycle import renamed
from assistant.pipeline.editing import EditableJob
from assistant.store.jobs import Version
from assistant.store.patches import Patch


def apply(desk: Desk, patch: Patch, *, by: str) -> Patch:
    """Make a proven patch the next version, watched from now on.

    When the job has got another version meanwhile, nothing changes and the patch is `replaced`.
    May be called again after a crash.
    """
    if not desk.patches.change(patch.id, only=("proving", "asked", "applying"), state="applying"):
        raise _decided(desk.patches.get(patch.id))
    record = desk.jobs.get(patch.job_id)
    now = desk.jobs.version(record.id)
    text = renamed(patch.yaml, record.name)
    if now.number == patch.base:
        now = desk.lifecycle.save(record.id, text, author="healing", message=_message(patch))
    elif now.author != "healing" or renamed(now.yaml, record.name) != text:
        reason = f"version {now.number} has come meanwhile"
        _decide(desk, patch, "replaced", by, reason)
        return desk.patches.get(patch.id)
    _decide(desk, patch, "canary", by, patch.reason, version=now.number)
    return desk.patches.get(patch.id)


def take_back(desk: Desk, patch: Patch, *, by: str, reason: str = "") -> Version:
    """Undo what a patch changed, and only that: later edits of the file stay.

    Raises TargetUnresolved when the patch is not in force, or its place was edited since.
    """
    if patch.state not in ("canary", "kept"):
        raise TargetUnresolved(
            f"patch {patch.id} is not in force: it is {patch.state}",
            hint="`assistant heal list` shows those that are.",
        )
    record = desk.jobs.get(patch.job_id)
    base = EditableJob(desk.jobs.version(record.id, patch.base).yaml)
    file = EditableJob(desk.jobs.version(record.id).yaml)
    for edit in edits_between(base.data, EditableJob(patch.yaml).data):
        if edit.place != ("job",):
            _revert(file, edit, patch)
    message = f"Taken back: {'; '.join(patch.words)}"
    author = "person" if by != "healing" else "healing"
    version = desk.lifecycle.save(record.id, file.text, author=author, message=message[:500])
    _decide(desk, patch, "undone", by, reason or "taken back", version=patch.version)
    return version


def reject(desk: Desk, patch: Patch, *, by: str, reason: str = "") -> Patch:
    """Say no to a patch that asks."""
    changed = desk.patches.change(
        patch.id, only=("asked",), state="rejected", decided_by=by,
        reason=reason or "a person said no", decided_at=rfc3339(desk.clock.now()),
    )  # fmt: skip
    if not changed:
        raise _decided(desk.patches.get(patch.id))
    desk.patches.tell("rejected", patch, by=by)
    return desk.patches.get(patch.id)


def _revert(file: EditableJob, edit: Edit, patch: Patch) -> None:
    place = edit.place
    try:
        now: Any = file.get(place)
    except AssistantError:
        now = None if edit.is_gone else _changed
    if now != (None if edit.is_gone else edit.after):
        raise TargetUnresolved(
            f"{'.'.join(map(str, place))} has been changed since patch {patch.id}",
            hint="Edit the job file, or go back to a version: `assistant jobs rollback`.",
        )
    if edit.is_new:
        file.remove(place)
    else:
        file.set(place, edit.before)


_changed = object()


def _decide(desk: Desk, patch: Patch, state: str, by: str, reason: str, version: int = 0) -> None:
    desk.patches.change(
        patch.id, state=state, decided_by=by, reason=reason, version=version,
        decided_at=rfc3339(desk.clock.now()),
    )  # fmt: skip
    kind = {"canary": "applied" if by == "healing" else "accepted"}.get(state, state)
    desk.patches.tell(kind, patch, by=by, version=version, reason=reason)


def _message(patch: Patch) -> str:
    return f"{'; '.join(patch.words)} ({patch.fault}, run {patch.run_id})"[:500]


def _decided(patch: Patch) -> TargetUnresolved:
    return TargetUnresolved(
        f"patch {patch.id} does not wait for a word: it is {patch.state}",
        hint="`assistant heal list --state asked` shows those that do.",
    )
