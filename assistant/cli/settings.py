"""`assistant settings`: show, set, unset: what stands in settings.toml, checked before it is written."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from assistant.cli.output import Json, envelope, line, put_json, table
from assistant.errors import BindingsInvalid

app = typer.Typer(help="See and change the settings.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Such as timezone, or smtp.host.")]


@app.command()
def show(as_json: Json = False) -> None:
    """Show every setting with its value, and where settings.toml lies."""
    from assistant.settings import load

    settings = load()
    told = json.loads(settings.model_dump_json())
    if as_json:
        put_json(envelope({"settings": told, "file": str(settings.home / "settings.toml")}))
        return
    line(f"{settings.home / 'settings.toml'}\n")
    table(("setting", "value"), _flat(told))


@app.command("set")
def set_(name: Name, value: str, as_json: Json = False) -> None:
    """Set one setting. What does not hold is refused, and nothing is changed."""
    from assistant import settings_file
    from assistant.settings import load

    section, _, key = name.rpartition(".")
    settings_file.put(load().home, section, key, typed(name, value))
    if as_json:
        put_json(envelope({"set": name}))
    else:
        line(f"{name} is set. A running panel or worker takes it up at once, addresses and ports when it starts anew.")  # fmt: skip


@app.command()
def unset(name: Name, as_json: Json = False) -> None:
    """Take a setting out of settings.toml: its default holds again."""
    from assistant import settings_file
    from assistant.settings import load

    section, _, key = name.rpartition(".")
    if not settings_file.remove(load().home, section, key):
        raise BindingsInvalid(f"{name!r} does not stand in settings.toml")
    if as_json:
        put_json(envelope({"unset": name}))
    else:
        line(f"{name} has its default again.")


def typed(name: str, text: str) -> Any:
    """The text in the type of its setting. Raises BindingsInvalid for an unknown setting."""
    from assistant.settings import Settings

    schema = Settings.model_json_schema()
    found: dict[str, Any] = {"properties": schema["properties"]}
    for part in name.split("."):
        if "additionalProperties" in found:
            break
        properties = found.get("properties", {})
        if part not in properties:
            raise BindingsInvalid(f"there is no setting {name[:60]!r}", hint="`assistant settings show` lists them.")  # fmt: skip
        found = properties[part]
        if "$ref" in found:
            found = schema["$defs"][found["$ref"].rpartition("/")[2]]
    if found.get("type") in ("integer", "number", "boolean", "array") or text[:1] in "{[":
        try:
            return json.loads(text)
        except ValueError as wrong:
            raise BindingsInvalid(f"{name}: {text[:60]!r} does not fit", hint="Write it as JSON: 3, true, [\"a\"].") from wrong  # fmt: skip
    return text


def _flat(value: Any, name: str = "") -> list[tuple[str, str]]:
    if isinstance(value, dict) and value:
        return [pair for key, inner in value.items() for pair in _flat(inner, f"{name}.{key}" if name else key)]  # fmt: skip
    return [(name, value if isinstance(value, str) else json.dumps(value))]
