"""Findings about work that several jobs do alike: reading one feed, and mending one template."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.insight.statistics import duration
from assistant.job import templates
from assistant.pipeline.diff import Change as Difference
from assistant.pipeline.diff import diff
from assistant.pipeline.document import Place
from assistant.pipeline.editing import EditableJob
from assistant.pipeline.expressions import has_expression
from assistant.pipeline.loader import load, read_loosely
from assistant.pipeline.spec import SkillStep
from assistant.pipeline.walk import with_paths
from assistant.schedule.cron import fires
from assistant.store.jobs import JobRepository, Version
from assistant.suggestions.shelf import Change, Edit, Fact, Finding, JobEdit
from assistant.suggestions.watched import Watched

_NEAR = timedelta(hours=1)
_FEWEST_SAME_EDITS = 3
# What is filled into a template is no change of it.
_FILLED_IN = ("job", "title", "schedule.timezone")


def edited_template(text: str, edits: Sequence[Edit], *, path: str) -> str:
    """A template with values set; the first part of a place is a step's path, or "".

    Raises TargetUnresolved when it has no such place, JobInvalid when it would not hold.
    """
    file = EditableJob(text, path=path)
    for edit in edits:
        step, *keys = edit.place
        place = (*(file.place_of(str(step)) if step else ()), *keys)
        if edit.value is None:
            file.remove(place)
        else:
            file.set(place, edit.value)
    file.loaded()
    return file.text


# -- one feed, two jobs ------------------------------------------------------------------


@dataclass(frozen=True)
class _Read:
    """A step that reads an address which stands in the file."""

    one: Watched
    path: str
    step: SkillStep


def same_feed(all_watched: Sequence[Watched]) -> Iterator[Finding]:
    """Two jobs that read the same feed. Close to each other in time, one reading is enough."""
    by_feed = defaultdict[str, list[_Read]](list)
    for one in all_watched:
        for path, step in with_paths(one.job.steps):
            if isinstance(step, SkillStep) and step.skill == "fetch_feed":
                url = step.arguments.get("url")
                if isinstance(url, str) and not has_expression(step.arguments):
                    by_feed[url].append(_Read(one, path, step))
    for url, reads in by_feed.items():
        for first, second in combinations(reads, 2):
            if first.one.record.id != second.one.record.id:
                yield from _shared(url, first, second)


def _shared(url: str, first: _Read, second: _Read) -> Iterator[Finding]:
    if first.step.cache and second.step.cache:
        return  # they share a reading already
    gap = _gap(first.one, second.one)
    alike = first.step.arguments == second.step.arguments
    near = gap is not None and gap <= _NEAR
    names = f"{first.one.record.name} and {second.one.record.name}"
    evidence = (
        Fact("feed", url),
        Fact("steps", f"{first.one.record.name}/{first.path}, {second.one.record.name}/{second.path}"),
        Fact("they run at best", f"{duration(gap.total_seconds())} apart" if gap is not None
             else "at times that cannot be told beforehand"),
        Fact("the steps ask", "the same" if alike else "for different things"),
    )  # fmt: skip
    change = (
        _kept_for(gap + timedelta(minutes=10), first, second)
        if alike and near and gap is not None
        else Change(
            "Nothing that can be changed by itself: give both steps the same arguments and times"
            " within an hour, or let one job call the other (`call_job`).",
            "tell",
        )
    )
    yield Finding(
        "same_feed", first.one.record.id, f"{second.one.record.id} {url}",
        f"{names} read the same feed, {url}.", evidence, change,
    )  # fmt: skip


def _kept_for(length: timedelta, first: _Read, second: _Read) -> Change:
    minutes = -(-int(length.total_seconds()) // 300) * 5
    edits = tuple(
        JobEdit(
            read.one.record.id, read.one.record.version,
            (Edit((*_place(read.one.text, read.path), "cache"), f"{minutes}m"),),
        )
        for read in (first, second)
    )  # fmt: skip
    words = f"Both steps keep what they read for {minutes} minutes, so that the second job uses it."
    return Change(words, "edit", jobs=edits)


def _gap(first: Watched, second: Watched) -> timedelta | None:
    """How close to each other two jobs run in the next eight days; None without schedules."""
    moments = [_coming(first), _coming(second)]
    if not all(moments):
        return None
    return min(abs(a - b) for a in moments[0] for b in moments[1])


def _coming(one: Watched) -> list[datetime]:
    schedule = one.job.schedule
    if schedule is None:
        return []
    until, found = one.now + timedelta(days=8), list[datetime]()
    for moment in fires(schedule.cron, schedule.timezone, one.now):
        if moment > until or len(found) >= 200:
            break
        found.append(moment)
    return found


def _place(text: str, path: str) -> Place:
    return read_loosely(text).places[path]


# -- one template, the same edit ---------------------------------------------------------


def same_edit(jobs: JobRepository, own: Path) -> Iterator[Finding]:
    """A change that was made to three jobs or more of one template; `own` are the home's."""
    by_edit = defaultdict[tuple[str, str], list[tuple[str, Difference]]](list)
    for template, job_id, version, text in _from_templates(jobs):
        for change in _changes(text, version.yaml):
            by_edit[template, _named(change)].append((job_id, change))
    for (template, named), made in by_edit.items():
        job_ids = list(dict.fromkeys(job_id for job_id, _ in made))
        if len(job_ids) < _FEWEST_SAME_EDITS:
            continue
        change = made[0][1]
        if _is_so(template, own, _edit(change)):
            continue
        names = [jobs.get(job_id).name for job_id in job_ids]
        yield Finding(
            "same_edit", job_ids[0], f"{template} {named}",
            f"You made the same change to {len(names)} jobs from the template {template}"
            f" ({change.words}): change the template?",
            (Fact("jobs", ", ".join(names)), Fact("the change", change.words)),
            Change(f"In {template}, {change.words}, in every job begun from it from now on.",
                   "template", template=template, edits=(_edit(change),)),
        )  # fmt: skip


def _from_templates(jobs: JobRepository) -> Iterator[tuple[str, str, Version, str]]:
    """Template, job, the last version that people made, and the draft that it began with."""
    rows = jobs.store.rows(
        "select job_id, template, yaml, min(created_at) from drafts where template != ''"
        " group by job_id"
    )
    for row in rows:
        versions = [v for v in jobs.versions(row["job_id"]) if v.author in ("person", "builder")]
        if versions:
            yield row["template"], row["job_id"], versions[0], row["yaml"]


def _changes(before: str, after: str) -> Iterable[Difference]:
    try:
        found = diff(load(before).job, load(after).job)
    except AssistantError:
        return []
    return [change for change in found if _can_be_made(change)]


def _can_be_made(change: Difference) -> bool:
    """A value of one key; steps that came, went or moved are another job, not another default."""
    if change.kind not in ("added", "changed", "removed") or not change.key:
        return False
    filled = not change.path and (
        change.key in _FILLED_IN or (change.key.startswith("inputs.") and ".default" in change.key)
    )
    return not filled


def _named(change: Difference) -> str:
    value: Any = None if change.kind == "removed" else change.after
    return json.dumps([change.kind, change.path, change.key, value], sort_keys=True, default=str)


def _is_so(template: str, own: Path, edit: Edit) -> bool:
    """Whether the template says so already, or has no such place any more."""
    if template not in templates.names(own):
        return True
    text = templates.get(template, own).text
    try:
        edited = edited_template(text, (edit,), path=template)
    except AssistantError:
        return True
    return load(edited).job == load(text).job


def _edit(change: Difference) -> Edit:
    """The place in a template's file: steps are found by their path when it is made."""
    value = None if change.kind == "removed" else change.after
    return Edit((change.path, *change.key.split(".")), value)
