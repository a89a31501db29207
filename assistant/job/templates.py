"""Templates: job files with blanks, under `data/templates/`.

    about: The best stories of a feed, mailed every week
    blanks:
      feed: {ask: Which feed?, example: "https://example.org/feed.xml"}
    job:
      job: weekly-digest
      steps: [{id: read, skill: fetch_feed, with: {url: <feed>}}]

A blank stands as `<name>` inside a text of the job. Filling changes values of the parsed data,
so that what a person fills in can never become a key, a step or an expression.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import BindingsInvalid, InternalError, TargetUnresolved
from assistant.pipeline.document import read_document
from assistant.pipeline.writer import dump
from assistant.settings import PROJECT

TEMPLATES = PROJECT / "data" / "templates"
_BLANK = re.compile(r"<([a-z][a-z0-9_]*)>")


@dataclass(frozen=True)
class Blank:
    """Something to fill in: the question, an example, and what it is if nothing is said."""

    name: str
    ask: str
    example: str = ""
    default: str = ""


@dataclass(frozen=True)
class Template:
    name: str
    about: str
    blanks: tuple[Blank, ...]
    job: dict[str, Any]

    def fill(self, values: Mapping[str, str], *, name: str = "") -> str:
        """The job file with the blanks filled. Raises BindingsInvalid naming what is missing."""
        given = {b.name: values.get(b.name, b.default).strip() for b in self.blanks}
        if unknown := sorted(values.keys() - given.keys()):
            raise BindingsInvalid(
                f"template {self.name!r} has no blank {unknown[0]!r}",
                hint=f"It has: {', '.join(given)}.",
            )
        for blank in self.blanks:
            value = given[blank.name]
            if not value:
                example = f" --set {blank.name}={blank.example}" if blank.example else ""
                raise BindingsInvalid(f"{blank.ask} ({blank.name})", hint=f"Add{example}.")
            if "${{" in value or "\n" in value:
                raise BindingsInvalid(f"{blank.name}: one line of plain text is wanted")
        filled = _filled(self.job, given)
        return dump(filled | ({"job": name} if name else {}))


def names(folder: Path = TEMPLATES) -> list[str]:
    """The templates there are."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def get(name: str, folder: Path = TEMPLATES) -> Template:
    """The template of that name. Raises TargetUnresolved with the nearest."""
    known = names(folder)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        raise TargetUnresolved(
            f"there is no template {name[:80]!r}",
            hint=f"Did you mean {near[0]!r}?" if near else f"There is: {', '.join(known)}.",
        )
    document = read_document((folder / f"{name}.yaml").read_text(encoding="utf-8"))
    if document.problems or not isinstance(document.data, dict):
        raise InternalError(f"template {name!r} does not hold: {document.problems}")
    data: dict[str, Any] = document.data
    blanks = tuple(
        Blank(key, told["ask"], str(told.get("example", "")), str(told.get("default", "")))
        for key, told in data.get("blanks", {}).items()
    )
    return Template(name, data["about"], blanks, data["job"])


def _filled(value: Any, given: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(inner, given) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, given) for inner in value]
    if not isinstance(value, str):
        return value
    if (whole := _BLANK.fullmatch(value)) and whole[1] in given:
        return _typed(given[whole[1]])
    return _BLANK.sub(lambda found: given.get(found[1], found[0]), value)


def _typed(text: str) -> Any:
    """A number stays a number: `limit: <limit>` wants one."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, int | float) and not isinstance(value, bool) else text
