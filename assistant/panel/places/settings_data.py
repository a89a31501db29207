"""Where the data of a home lie, and how much they take."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.errors import BindingsInvalid
from assistant.panel import controls
from assistant.panel.controls import button
from assistant.panel.html import Html, el, join
from assistant.panel.texts import say
from assistant.settings import Settings
from assistant.store.backup import backups
from assistant.store.files import size_told
from assistant.workplace import Workplace

EDITABLE = frozenset(
    {
        "timezone",
        "noun",
        "noun_plural",
        "max_parallel_runs",
        "model_threads",
        "model_context",
        "model_memory_mb",
    }
)
COMMAND = "assistant backup"
MOST_FILES = 20_000


def typed(name: str, text: str) -> Any:
    """What was typed, in the type of its setting. Raises BindingsInvalid."""
    kind = Settings.model_json_schema()["properties"][name].get("type")
    if kind != "integer":
        return text
    if not text.isdecimal():
        raise BindingsInvalid(f"{say(f'settings.v_{name}')}: {text[:20]!r} is no whole number")
    return int(text)


def show(place: Workplace) -> Html:
    settings = place.settings
    places = (
        ("store", settings.store_path), ("engine", settings.engine_path), ("jobs", settings.jobs_dir),
        ("runs", settings.runs_dir), ("outbox", settings.outbox_dir), ("models", settings.models_dir),
        ("skills", settings.skills_dir), ("knowledge", settings.knowledge_dir), ("file", settings.home / "settings.toml"),
    )  # fmt: skip
    rows = [
        (say(f"data.{name}"), el("code", str(path)), size_told(_size(path)))
        for name, path in places
    ]
    return join(
        controls.card(
            controls.facts([(say("data.home"), el("code", str(settings.home))),
                            (say("data.database"), say("data.postgres") if settings.database_url else say("data.sqlite"))]),
            el("p", say("data.move"), class_="soft"), title=say("data.title"),
        ),
        controls.table((say("data.what"), say("data.where"), say("run.size")), rows, label=say("data.title")),
        el("h2", say("data.backup")),
        controls.card(
            el("p", say("data.backup_about")),
            controls.facts([(path.name, size_told(path.stat().st_size)) for path in backups(settings)[:8]]),
            el("div", button(say("data.back_up"), "settings.backup", cli=COMMAND, kind="primary"), class_="form-foot"),
        ),
    )  # fmt: skip


def _size(path: Path) -> int:
    """Bytes of a file, a database with its log, or everything in a folder; of a very large one, of
    what was counted."""
    if path.is_file():
        beside = (path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm"))
        return sum(part.stat().st_size for part in (path, *beside) if part.is_file())
    total = 0
    for number, file in enumerate(path.rglob("*") if path.is_dir() else ()):
        if number > MOST_FILES:
            break
        if file.is_file():
            total += file.stat().st_size
    return total
