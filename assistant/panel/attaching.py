"""A file that is attached in the chat: a job file is brought in, a database is named, a text is kept
as knowledge."""

from __future__ import annotations

import base64
import binascii
import re
import tempfile
from pathlib import Path, PurePath
from typing import Any

from assistant.errors import BindingsInvalid
from assistant.job import archive, importing
from assistant.job.knowledge import Knowledge
from assistant.panel.addresses import to
from assistant.panel.place import Said
from assistant.panel.places.databases import said_of
from assistant.panel.texts import say
from assistant.settings import renew
from assistant.skills.databases.adding import SQLITE, keep_file
from assistant.store.jobs import JobRecord
from assistant.workplace import Workplace

LARGEST = 5_000_000
JOB_FILES = (".zip", ".yaml", ".yml")
LONGEST_NAME = 60


def attach(place: Workplace, file: Any) -> Said:
    """Take a file in by its kind. Raises BindingsInvalid for one that is of no use."""
    name = PurePath(str(file.get("name", ""))).name if isinstance(file, dict) else ""
    raw = bytes_of(file)
    if PurePath(name).suffix.lower() in JOB_FILES:
        made = bring_in(place, raw)
        told = ", ".join(record.name for record in made)
        return Said(say("jobs.imported", jobs=told), go=to("jobs", made[0].name))
    if raw.startswith(SQLITE):
        known, tables = keep_file(place.settings, place.secrets, PurePath(name).stem, raw)
        renew(place.settings)
        return Said(say("databases.added", name=known), hint=said_of(known, tables))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise BindingsInvalid(
            say("attach.no_text", name=name[:60]), hint=say("attach.kinds")
        ) from wrong
    if "\x00" in text or not text.strip():
        raise BindingsInvalid(say("attach.no_text", name=name[:60]), hint=say("attach.kinds"))
    kept = _slug(name)
    Knowledge(place.settings.knowledge_dir, place.store, place.clock).write(kept, text)
    return Said(say("attach.kept", name=kept), hint=say("attach.kept_hint"))


def bring_in(place: Workplace, raw: bytes, *, name: str = "") -> list[JobRecord]:
    """Bring in an archive or a job file. Raises BindingsInvalid or JobInvalid; nothing is kept then."""
    with tempfile.NamedTemporaryFile(suffix=".job") as kept:
        kept.write(raw)
        kept.flush()
        packed = archive.read(Path(kept.name))
    return importing.bring_in(place.lifecycle, packed, name=name)


def bytes_of(file: Any) -> bytes:
    """The bytes of an uploaded file. Raises BindingsInvalid when there is none, or it is too large."""
    packed: Any = file.get("base64") if isinstance(file, dict) else None
    if not isinstance(packed, str) or not packed:
        raise BindingsInvalid(say("jobs.no_file"), hint=say("jobs.choose_file"))
    if len(packed) > LARGEST * 4 // 3:
        raise BindingsInvalid(say("jobs.file_too_large"))
    try:
        return base64.b64decode(packed, validate=True)
    except binascii.Error as wrong:
        raise BindingsInvalid(say("jobs.no_file")) from wrong


def _slug(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", PurePath(name).stem.lower()).strip("-")
    return plain[:LONGEST_NAME].strip("-") or "notes"
