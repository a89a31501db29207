"""Changing `settings.toml`: one value at a time, the person's own lines and comments stay."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.settings import Settings, SettingsWrong, load, renew

log = logging.getLogger(__name__)


def put(home: Path, section: str, name: str, value: Any) -> None:
    """Set `[section] name = value`. Raises SettingsWrong, and changes nothing, when it cannot be.

    An empty section is the top of the file. A mapping is written on one line, without its empty
    values.
    """
    import tomlkit

    document = _read(home)
    made = _inline(value) if isinstance(value, Mapping) else value
    table = document.setdefault(section, tomlkit.table()) if section else document
    table[name] = made
    _write(home, tomlkit.dumps(document))


def remove(home: Path, section: str, name: str) -> bool:
    """Take `[section] name` out; False when it does not stand there."""
    import tomlkit

    document = _read(home)
    table = document.get(section) if section else document
    if not isinstance(table, dict) or name not in table:
        return False
    table.pop(name)
    if section and not table:
        document.pop(section)
    _write(home, tomlkit.dumps(document))
    return True


def section(home: Path, name: str) -> dict[str, Any]:
    """What `[name]` of the file holds; empty when it is not there."""
    table = _read(home).unwrap().get(name)
    return dict(table) if isinstance(table, dict) else {}


class Renewal:
    """Takes up what others write into settings.toml, for a process that stays."""

    def __init__(self, held: Settings) -> None:
        self._held = held
        self._path = _path(held.home)
        self._seen = self._stamp()

    def look(self) -> bool:
        """Read the settings again when the file has changed since the last look; True then.

        What does not hold is written down, and the settings stay as they were.
        """
        stamp = self._stamp()
        if stamp == self._seen:
            return False
        self._seen = stamp
        try:
            renew(self._held)
        except SettingsWrong as wrong:
            log.warning("settings.toml is not taken up: %s. %s", wrong.message, wrong.hint)
            return False
        return True

    def _stamp(self) -> tuple[int, ...]:
        try:
            found = self._path.stat()
        except OSError:
            return ()
        return (found.st_mtime_ns, found.st_size, found.st_ino)


def _inline(values: Mapping[str, Any]) -> Any:
    import tomlkit

    made = tomlkit.inline_table()
    for key, value in values.items():
        if value not in ("", (), [], {}, None):
            made[key] = _inline(value) if isinstance(value, Mapping) else value
    return made


def _path(home: Path) -> Path:
    return home / "settings.toml"


def _read(home: Path) -> Any:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    path = _path(home)
    try:
        return tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else "")
    except (TOMLKitError, UnicodeDecodeError) as wrong:
        raise SettingsWrong(
            f"{path}: {wrong}", hint="Mend the line named, or move the file away."
        ) from wrong


def _write(home: Path, text: str) -> None:
    """Write the file, unless the settings would not hold with it."""
    path = _path(home)
    before = path.read_text(encoding="utf-8") if path.exists() else None
    _replace(path, text)
    try:
        load(home=home)
    except SettingsWrong:
        if before is None:
            path.unlink()
        else:
            _replace(path, before)
        raise


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".toml.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
