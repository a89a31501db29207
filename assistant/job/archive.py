"""A job with everything it needs, in one archive: to carry it elsewhere, or to keep it.

    manifest.json            format, the job's name, SHA-256 of every other file, and the
                             template that each job began with
    jobs/<name>.yaml         the job, the jobs it calls and those whose end starts it
    plans/<name>/<file>      plan.md or plan.yaml of a job that has one
    templates/<name>.yaml    the home's own template that one of the jobs began with

Templates that ship with the program are everywhere already, so none of them travels. Secrets are
named in job files and lie elsewhere; a file in which one was written out does not travel.

What comes in is parsed and checked, never run, and arrives switched off; nothing is kept unless
all of it holds.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from assistant.errors import BindingsInvalid
from assistant.masking import Masker
from assistant.pipeline.loader import load
from assistant.pipeline.walk import named_jobs
from assistant.store.files import sha256
from assistant.store.jobs import NAME, JobRecord, JobRepository

FORMAT = 1
MOST_FILES = 200
LARGEST_FILE = 1_000_000
PLANS = ("plan.md", "plan.yaml")
_TEMPLATE = re.compile(r"(?=.{1,100}\Z)\w[\w .-]*")
_EPOCH = (1980, 1, 1, 0, 0, 0)


class ArchiveWrong(BindingsInvalid):
    """The file is no archive of a job, or a part of it does not hold."""


@dataclass(frozen=True)
class Archive:
    """What an archive holds, checked: job files and templates by name, plans by job and file."""

    job: str
    jobs: dict[str, str]
    plans: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    templates: dict[str, str] = field(default_factory=dict[str, str])
    begun_with: dict[str, str] = field(default_factory=dict[str, str])
    """The template that a job began with, by the job's name."""


def export(jobs: JobRepository, record: JobRecord, secrets: Masker) -> bytes:
    """The version in force and all it needs, as an archive. The same job gives the same bytes.

    Raises BindingsInvalid when one of `secrets` was written out in a file.
    """
    texts = dict(_with_named(jobs, record.name))
    files = {f"jobs/{name}.yaml": text for name, text in texts.items()}
    begun = dict[str, str]()
    for name in texts:
        for plan in PLANS:
            path = jobs.settings.job_dir(name) / plan
            if path.is_file():
                files[f"plans/{name}/{plan}"] = path.read_text(encoding="utf-8")
        template = jobs.begun_with(jobs.get(name).id)
        own = jobs.settings.templates_dir / f"{template}.yaml"
        if not _TEMPLATE.fullmatch(template):
            continue
        begun[name] = template
        if own.is_file():
            files[f"templates/{template}.yaml"] = own.read_text(encoding="utf-8")
    for name, text in files.items():
        check_travels(name, text, secrets)
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "job": record.name,
        "begun_with": begun,
        "sha256": {name: sha256(text) for name, text in sorted(files.items())},
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "manifest.json", json.dumps(manifest, indent=2))
        for name, text in sorted(files.items()):
            _put(archive, name, text)
    return packed.getvalue()


def check_travels(name: str, text: str, secrets: Masker) -> None:
    """Raise BindingsInvalid when a secret's value stands in a text that is to leave the home."""
    masked = secrets.mask(text).splitlines()
    for number, (told, line) in enumerate(zip(masked, text.splitlines(), strict=False), start=1):
        if told != line:
            raise BindingsInvalid(
                f"{name}, line {number} holds a secret's value: {told.strip()[:120]}",
                hint="Name the secret in its place, as the skill's guide says, and export again.",
            )


def read(path: Path) -> Archive:
    """An archive, or a plain job file, as what it holds. Raises ArchiveWrong or JobInvalid."""
    try:
        raw = path.read_bytes()
    except OSError as gone:
        raise ArchiveWrong(f"{path} cannot be read: {gone.strerror}") from gone
    if not zipfile.is_zipfile(io.BytesIO(raw)):
        if raw.startswith(b"PK"):
            raise ArchiveWrong(
                f"{path} is an archive that was cut off or spoilt", hint="Export the job again."
            )
        text = _text(str(path), raw)
        return Archive(job=load(text, path=str(path)).job.name, jobs={"": text})
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return _checked(path.name, archive)


def _with_named(jobs: JobRepository, name: str) -> Iterator[tuple[str, str]]:
    """The files of a job and of the jobs it names, each once."""
    waiting, seen = [name], set[str]()
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        text = jobs.version(jobs.get(current).id).yaml
        yield current, text
        waiting += named_jobs(load(text).job)


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    # A fixed date keeps the bytes the same for the same job.
    archive.writestr(zipfile.ZipInfo(name, _EPOCH), text, zipfile.ZIP_DEFLATED)


def _checked(name: str, archive: zipfile.ZipFile) -> Archive:
    files = {info.filename: _read_entry(name, archive, info) for info in _entries(name, archive)}
    manifest = _manifest(name, files.pop("manifest.json", None))
    sums = {entry: hashlib.sha256(raw).hexdigest() for entry, raw in files.items()}
    if sums != manifest["sha256"]:
        spoilt = sorted(set(sums.items()) ^ set(manifest["sha256"].items()))
        raise ArchiveWrong(f"{name}: {spoilt[0][0]!r} is not what the manifest says")
    jobs, plans, templates = dict[str, str](), dict[tuple[str, str], str](), dict[str, str]()
    for entry, raw in files.items():
        parts, text = PurePosixPath(entry).parts, _text(f"{name}:{entry}", raw)
        if parts[0] == "jobs":
            jobs[parts[1].removesuffix(".yaml")] = text
        elif parts[0] == "templates":
            load(text, path=f"{name}:{entry}")
            templates[parts[1].removesuffix(".yaml")] = text
        else:
            plans[parts[1], parts[2]] = text
    if manifest["job"] not in jobs:
        raise ArchiveWrong(f"{name} does not hold its own job {manifest['job']!r}")
    return Archive(manifest["job"], jobs, plans, templates, _begun(manifest, jobs))


def _entries(name: str, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise ArchiveWrong(f"{name} holds {len(entries)} files, more than {MOST_FILES}")
    for info in entries:
        if not _is_ours(info.filename):
            raise ArchiveWrong(
                f"{name} holds {info.filename[:80]!r}, which is no part of a job",
                hint="An archive holds manifest.json and files in jobs, plans and templates.",
            )
        if info.file_size > LARGEST_FILE:
            raise ArchiveWrong(f"{name}: {info.filename!r} is larger than {LARGEST_FILE:,} bytes")
    return entries


def _is_ours(entry: str) -> bool:
    """Whether an entry has one of the four places; anything with `..`, `/` in front … has not."""
    parts = entry.split("/")
    if parts == ["manifest.json"]:
        return True
    if len(parts) == 2 and parts[0] == "jobs" and parts[1].endswith(".yaml"):
        return bool(NAME.fullmatch(parts[1].removesuffix(".yaml")))
    if len(parts) == 2 and parts[0] == "templates" and parts[1].endswith(".yaml"):
        return bool(_TEMPLATE.fullmatch(parts[1].removesuffix(".yaml")))
    return (
        len(parts) == 3
        and parts[0] == "plans"
        and bool(NAME.fullmatch(parts[1]))
        and parts[2] in PLANS
    )


def _read_entry(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """An entry's bytes, read no further than the limit whatever its header says."""
    try:
        with archive.open(info) as file:
            raw = file.read(LARGEST_FILE + 1)
    except (zipfile.BadZipFile, RuntimeError, EOFError) as broken:
        # RuntimeError: encrypted, or packed in a way that is not known here.
        raise ArchiveWrong(f"{name}: {info.filename!r} cannot be read: {broken}") from broken
    if len(raw) > LARGEST_FILE:
        raise ArchiveWrong(f"{name}: {info.filename!r} is larger than {LARGEST_FILE:,} bytes")
    return raw


def _manifest(name: str, raw: bytes | None) -> dict[str, Any]:
    try:
        manifest = json.loads(raw or b"")
        sums = manifest["sha256"]
        whole = isinstance(manifest["job"], str) and isinstance(sums, dict)
    except (ValueError, KeyError, TypeError):
        whole, manifest = False, {}
    if not whole or manifest.get("format") != FORMAT:
        raise ArchiveWrong(
            f"{name} has no manifest of format {FORMAT}", hint="Export the job again."
        )
    return manifest


def _begun(manifest: dict[str, Any], jobs: Collection[str]) -> dict[str, str]:
    """What the manifest says of templates; an archive of an earlier version says nothing."""
    told = manifest.get("begun_with")
    if not isinstance(told, dict):
        return {}
    return {
        job: template
        for job, template in told.items()
        if job in jobs and isinstance(template, str) and _TEMPLATE.fullmatch(template)
    }


def _text(name: str, raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise ArchiveWrong(f"{name} is no UTF-8 text") from wrong
