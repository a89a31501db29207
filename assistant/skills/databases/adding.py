"""Databases are named in the settings: added by a path or a URL, tried first, and removed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant import settings_file
from assistant.errors import BindingsInvalid
from assistant.ids import slug
from assistant.settings import Settings, demo_databases
from assistant.skills.databases.source import open_source

NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
SQLITE = b"SQLite format 3\x00"
"""How every SQLite file begins."""
SECTION = "databases"
_TABLE = re.compile(r"create (?:table|view) (?:if not exists )?[\"`]?(\w+)", re.IGNORECASE)
_PASSWORD = re.compile(r"://[^/@:]+:(?!secret:)[^/@]+@")


def tables_of(address: str, secrets: Mapping[str, str]) -> list[str]:
    """The tables of a database, the proof that it can be read. Raises CannotDo, PolicyDenied, TryAgain."""
    return _TABLE.findall(open_source(address, secrets).schema())


def add_database(settings: Settings, secrets: Mapping[str, str], name: str, address: str) -> list[str]:  # fmt: skip
    """Name a database in settings.toml, once it has been read; gives its tables.

    Raises BindingsInvalid for a name or an address that cannot be, CannotDo when it cannot be read;
    nothing is changed then. A running panel or worker sees it after `renew`.
    """
    if not NAME.fullmatch(name):
        raise BindingsInvalid(
            f"{name[:40]!r} cannot be the name of a database",
            hint="Use small letters, digits and dashes, beginning with a letter.",
        )
    secret = f"{name.replace('-', '_')}_password"
    if _PASSWORD.search(address):
        raise BindingsInvalid(
            "a password stands in the address",
            hint=f"Keep it with `assistant secrets set {secret}`, and write secret:{secret} in its place.",
        )
    tables = tables_of(address, secrets)
    written = settings_file.section(settings.home, SECTION)
    if not written and settings.databases == demo_databases():
        # The first one of a person's own would take the place of what a fresh machine has.
        for known, where in settings.databases.items():
            settings_file.put(settings.home, SECTION, known, where)
    settings_file.put(settings.home, SECTION, name, address)
    return tables


def remove_database(settings: Settings, name: str) -> None:
    """Take a database out of settings.toml; its file or server stays. Raises BindingsInvalid."""
    written = settings_file.section(settings.home, SECTION)
    if name not in written and name in settings.databases and not written:
        raise BindingsInvalid(
            f"{name!r} comes with the product and stands in no file",
            hint="Add a database of your own; then this one can be removed too.",
        )
    if not settings_file.remove(settings.home, SECTION, name):
        raise BindingsInvalid(
            f"there is no database {name[:40]!r} in settings.toml",
            hint="What the environment sets is changed there.",
        )


def keep_file(settings: Settings, secrets: Mapping[str, str], name: str, raw: bytes) -> tuple[str, list[str]]:  # fmt: skip
    """Keep an SQLite file that was handed over in the home, and name it; gives its name and tables."""
    plain = slug(name, otherwise="database")
    known = plain if NAME.fullmatch(plain) else f"db-{plain}"[:40]
    folder = settings.home / "databases"
    folder.mkdir(exist_ok=True)
    path = folder / f"{known}.db"
    if path.exists() and path.read_bytes() != raw:
        raise BindingsInvalid(
            f"there is a database {known!r} already", hint="Give the file another name first."
        )
    path.write_bytes(raw)
    try:
        return known, add_database(settings, secrets, known, str(path))
    except Exception:
        path.unlink()
        raise
