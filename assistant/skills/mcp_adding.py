"""MCP servers in the settings: adding one by its command or address, and removing it."""

from __future__ import annotations

import re
import shlex

from assistant import settings_file
from assistant.errors import BindingsInvalid
from assistant.settings import Settings

NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")


def add_server(settings: Settings, name: str, where: str) -> None:
    """Write `[mcp] name` into settings.toml. `where` is a command line, or an http(s) address.

    Raises BindingsInvalid or SettingsWrong; nothing is changed then.
    """
    if not NAME.fullmatch(name):
        raise BindingsInvalid(
            f"{name[:40]!r} cannot be a server's name",
            hint="Use small letters, digits and dashes, beginning with a letter.",
        )
    settings_file.put(settings.home, "mcp", name, _server(where))


def remove_server(settings: Settings, name: str) -> None:
    """Take a server out of settings.toml. Raises BindingsInvalid when it does not stand there."""
    if not settings_file.remove(settings.home, "mcp", name):
        raise BindingsInvalid(
            f"there is no server {name[:40]!r} in settings.toml",
            hint="What the environment sets is changed there.",
        )


def _server(where: str) -> dict[str, object]:
    if where.startswith(("http://", "https://")):
        return {"url": where}
    try:
        command, *rest = shlex.split(where)
    except ValueError as wrong:
        raise BindingsInvalid(
            f"{where[:80]!r} is no command: {wrong}", hint="Write a program with its arguments."
        ) from wrong
    return {"command": command, "args": rest}
