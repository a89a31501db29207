"""What every database offers here, and how a name of the settings becomes one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from assistant.errors import CannotDo
from assistant.secrets import REFERENCE, SecretMissing
from assistant.skills.databases.server import Server
from assistant.skills.databases.sqlite import SqliteFile

Found = tuple[list[str], list[tuple[Any, ...]], bool]
"""Columns, rows, and whether there were more."""


class Source(Protocol):
    """A database: reading changes nothing, changing changes rows and nothing else."""

    dialect: str

    def schema(self) -> str:
        """The tables, as CREATE TABLE statements."""
        ...

    def query(self, sql: str, *, rows: int, seconds: float) -> Found:
        """Raises CannotDo, PolicyDenied or TryAgain."""
        ...

    def change(
        self, sql: str, values: Mapping[str, Any], *, at_most: int, seconds: float, keep: bool
    ) -> int | None:
        """Change rows by one statement with `:name` values, in one transaction.

        Gives how many were changed; more than `at_most` are taken back (CannotDo). Without `keep`
        nothing is changed, and None is given where that number cannot be known beforehand.
        Raises BadArguments, CannotDo, PolicyDenied or TryAgain.
        """
        ...


def choose(name: str, databases: Mapping[str, str]) -> str:
    """The name of the database that is meant. Raises CannotDo."""
    known = ", ".join(sorted(databases)) or "none"
    if name in databases:
        return name
    if name:
        raise CannotDo(
            f"There is no database {name!r} in the settings.",
            hint=f"Known are: {known}. Another is added with `assistant databases add {name} ADDRESS`.",
        )
    if len(databases) == 1:
        return next(iter(databases))
    raise CannotDo("Which database?", hint=f"Give database. Known are: {known}.")


def open_source(address: str, secrets: Mapping[str, str]) -> Source:
    """The database of an address in the settings: a file, or a URL. Raises CannotDo."""

    def value(name: str) -> str:
        try:
            return secrets[name]
        except KeyError as missing:
            raise SecretMissing(name) from missing

    scheme, separator, rest = address.partition("://")
    if separator and scheme.split("+")[0] != "sqlite":
        return Server(REFERENCE.sub(lambda found: value(found.group(1)), address))
    return SqliteFile(rest.removeprefix("/") if separator else address)
