"""MCP servers in the settings: adding one, saying what its tools do, and removing it."""

from __future__ import annotations

import re
import shlex

from assistant import settings_file
from assistant.errors import BindingsInvalid
from assistant.settings import Settings

EFFECTS = ("pure", "read", "write")
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


def set_effect(settings: Settings, name: str, tool: str, effect: str) -> None:
    """Write down what a person knows of a server's tool: `pure`, `read` or `write`.

    Raises BindingsInvalid for another word and for a server that is not in the settings.
    """
    if name not in settings.mcp:
        raise BindingsInvalid(
            f"there is no server {name[:40]!r} in the settings",
            hint=f"There are: {', '.join(settings.mcp) or 'none'}.",
        )
    if effect not in EFFECTS:
        raise BindingsInvalid(
            f"{effect[:40]!r} is no effect", hint=f"Say {', '.join(EFFECTS[:-1])} or {EFFECTS[-1]}."
        )
    kept = settings.mcp[name].model_dump(mode="json", exclude_defaults=True)
    effects = settings.mcp[name].effects | {tool: effect}
    settings_file.put(settings.home, "mcp", name, kept | {"effects": effects})


def _server(where: str) -> dict[str, object]:
    if where.startswith(("http://", "https://")):
        return {"url": where}
    try:
        words = shlex.split(where)
    except ValueError as wrong:
        raise BindingsInvalid(
            f"{where[:80]!r} is no command: {wrong}", hint="Write a program with its arguments."
        ) from wrong
    if not words:
        raise BindingsInvalid("the command is empty", hint="Write a program with its arguments.")
    return {"command": words[0], "args": words[1:]}
