"""Which code from outside a person has reviewed, by the hash of its files."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from assistant.skills.door import SkillWrong
from assistant.skills.folders import CODE, fingerprint


@dataclass(frozen=True)
class Review:
    """What a skill declares, read from its source without running it.

    `hosts` and `secrets` are what the declaration says; the guard and the grants enforce them.
    """

    name: str
    folder: Path
    sha256: str
    effect: str
    hosts: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    imports: tuple[str, ...] = field(default=())


class Trust:
    """The accepted hashes, kept in one small JSON file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def state(
        self, name: str, current: Callable[[], str]
    ) -> Literal["ready", "disabled", "changed"]:
        """Whether the code of that hash was accepted; `changed` when another one was."""
        accepted = self._accepted().get(name)
        if accepted is None:
            return "disabled"
        return "ready" if accepted == current() else "changed"

    def accept(self, name: str, sha256: str) -> None:
        self._write(self._accepted() | {name: sha256})

    def withdraw(self, name: str) -> None:
        self._write({key: value for key, value in self._accepted().items() if key != name})

    def _accepted(self) -> dict[str, str]:
        try:
            stored: Any = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            # A file that cannot be read accepts nothing.
            return {}
        return {str(k): str(v) for k, v in stored.items()} if isinstance(stored, dict) else {}

    def _write(self, accepted: dict[str, str]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(accepted, indent=1, sort_keys=True), encoding="utf-8")
        beside.replace(self._path)


def review_of(name: str, folder: Path) -> Review:
    """The review of a folder's code. Raises SkillWrong when it does not parse."""
    try:
        tree = ast.parse((folder / CODE).read_text(encoding="utf-8"))
    except (SyntaxError, ValueError, OSError) as wrong:
        raise SkillWrong(f"{folder / CODE}: {wrong}", hint="Mend the file.") from wrong
    told = _declaration(tree)
    return Review(
        name=name,
        folder=folder,
        sha256=fingerprint(folder),
        effect=str(told.get("effect", "not declared")),
        hosts=_names(told.get("hosts")),
        secrets=_names(told.get("secrets")),
        imports=_imports(tree),
    )


def _declaration(tree: ast.Module) -> dict[str, Any]:
    """The literal arguments of `@skill(…)`; a computed one is shown as such."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func).split(".")[-1] == "skill":
                    return {word.arg: _literal(word.value) for word in mark.keywords if word.arg}
    return {}


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return f"computed: {ast.unparse(node)}"


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(map(str, value))
    return (str(value),) if value else ()


def _imports(tree: ast.Module) -> tuple[str, ...]:
    found = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return tuple(sorted(found))
