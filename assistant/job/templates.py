"""Templates: job files to start from, under `data/templates/`. Their blanks are their inputs.

A home may have templates of its own (`templates/`); one of a known name stands in its place.

An input without a default must be filled in; the others may be. What is filled in becomes the
input's default: it stays a value, and can never become a key, a step or an expression.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import BindingsInvalid, TargetUnresolved
from assistant.pipeline.expressions import has_expression
from assistant.pipeline.inputs import bind
from assistant.pipeline.loader import load
from assistant.pipeline.writer import dump
from assistant.settings import PROJECT

TEMPLATES = PROJECT / "data" / "templates"


@dataclass(frozen=True)
class Blank:
    """Something to fill in. `needed`: there is no default."""

    name: str
    about: str
    needed: bool
    default: Any = None


@dataclass(frozen=True)
class Template:
    """`about` is the first comment of the file."""

    name: str
    about: str
    text: str

    @property
    def title(self) -> str:
        """What `about` begins with: `Weekly digest: …`."""
        head, colon, _ = self.about.partition(":")
        return head.strip() if colon else self.name.replace("-", " ").capitalize()

    @property
    def told(self) -> str:
        """The rest of `about`, as a sentence of its own."""
        _, colon, rest = self.about.partition(":")
        words = rest.strip() if colon else self.about
        return f"{words[:1].upper()}{words[1:]}"

    @property
    def blanks(self) -> tuple[Blank, ...]:
        return tuple(
            Blank(name, str(schema.get("description", "")), "default" not in schema, schema.get("default"))
            for name, schema in self._inputs().items()
        )  # fmt: skip

    def fill(self, values: Mapping[str, str], *, name: str = "", timezone: str = "") -> str:
        """The job file with its blanks filled. Raises BindingsInvalid naming what is wrong."""
        for blank in self.blanks:
            if blank.needed and not values.get(blank.name, "").strip():
                raise BindingsInvalid(
                    f"{blank.about or blank.name}? The blank {blank.name!r} is empty.",
                    hint=f"Add --set {blank.name}=…",
                )
        bound = bind(self._inputs(), values, texts=True)
        data = dict(load(self.text, path=self.name).document.data)
        data["inputs"] = {
            key: schema | ({"default": _plain(key, bound[key])} if key in values else {})
            for key, schema in self._inputs().items()
        }
        if name:
            data["job"] = name
        if timezone and "schedule" in data:
            data["schedule"] = data["schedule"] | {"timezone": timezone}
        return dump(data)

    def _inputs(self) -> dict[str, dict[str, Any]]:
        return load(self.text, path=self.name).job.inputs


def names(own: Path | None = None) -> list[str]:
    """The templates there are; `own` is the home's folder of templates."""
    return sorted(_files(own))


def offered(own: Path | None = None) -> list[Template]:
    """All templates that can be read, the home's own first."""
    mine = {path.stem for path in own.glob("*.yaml")} if own is not None else set[str]()
    found: list[Template] = []
    for name in sorted(names(own), key=lambda name: (name not in mine, name)):
        with suppress(OSError, UnicodeDecodeError):
            found.append(get(name, own))
    return found


def get(name: str, own: Path | None = None) -> Template:
    """The template of that name. Raises TargetUnresolved with the nearest."""
    files = _files(own)
    known = sorted(files)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        raise TargetUnresolved(
            f"there is no template {name[:80]!r}",
            hint=f"Did you mean {near[0]!r}?" if near else f"There is: {', '.join(known)}.",
        )
    text = files[name].read_text(encoding="utf-8")
    first = text.split("\n", 1)[0]
    return Template(name, first.lstrip("# ").strip() if first.startswith("#") else "", text)


def _files(own: Path | None) -> dict[str, Path]:
    folders = (TEMPLATES, own) if own is not None else (TEMPLATES,)
    return {path.stem: path for folder in folders for path in folder.glob("*.yaml")}


def _plain(name: str, value: Any) -> Any:
    if has_expression(value):
        raise BindingsInvalid(f"{name}: plain text is wanted, no expression")
    return value
