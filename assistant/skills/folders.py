"""A skill's folder: its `SKILL.md`, its hash, its code.

`SKILL.md` follows the public Agent Skills format: front matter (`name`, `description`,
optional `license`, `compatibility`, `metadata`, `allowed-tools`), then Markdown for the model.
Reading a folder runs nothing of it; `load_code` does.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import shutil
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from assistant.skills.door import Skill, SkillWrong, declared

MANIFEST = "SKILL.md"
CODE = "skill.py"
LONGEST_MANIFEST = 256_000
LONGEST_FRONT = 16_000
_NAME = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")


@dataclass(frozen=True)
class Manifest:
    """What a `SKILL.md` says."""

    name: str
    description: str
    body: str = ""
    license: str = ""
    compatibility: str = ""
    allowed_tools: str = ""
    metadata: dict[str, str] = field(default_factory=dict[str, str])


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder. Raises SkillWrong saying what is wrong with it and its cure."""
    path = folder / MANIFEST
    if not path.is_file():
        raise SkillWrong(f"{folder} has no {MANIFEST}", hint=f"Write {path} with a front matter.")
    if path.stat().st_size > LONGEST_MANIFEST:
        raise SkillWrong(
            f"{path} is larger than {LONGEST_MANIFEST // 1000} kB",
            hint="Move long texts into a file beside it.",
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise SkillWrong(f"{path} is not UTF-8 text", hint="Save it as UTF-8.") from wrong
    front, body = _split(path, text.replace("\r\n", "\n"))
    return _manifest(path, _front_matter(path, front), body)


def fingerprint(folder: Path) -> str:
    """SHA-256 over the names and contents of all files of a folder, except compiled Python.

    Raises SkillWrong when the folder links outside itself: what is reviewed must be all there.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise SkillWrong(f"{path} is a link", hint="Put the file itself into the folder.")
        if path.is_file() and "__pycache__" not in path.parts:
            content = path.read_bytes()
            name = path.relative_to(folder).as_posix()
            digest.update(f"{len(name)} {name} {len(content)} ".encode())
            digest.update(content)
    return digest.hexdigest()


def load_code(folder: Path, *, source: str = "bundled", manifest: Manifest | None = None) -> Skill:
    """Import a folder's `skill.py` and give its one skill. Raises SkillWrong, never anything else."""
    manifest = manifest or read_manifest(folder)
    module = _import(folder, source)
    found = {
        made.name: made
        for thing in vars(module).values()
        if callable(thing)
        and (made := declared(thing)) is not None
        and made.function.__module__ == module.__name__
    }
    if len(found) != 1:
        raise SkillWrong(
            f"{folder / CODE} offers {len(found)} skills ({', '.join(found) or 'none'})",
            hint="Mark exactly one function with @skill; put another one into its own folder.",
        )
    made = found.popitem()[1]
    if made.name != manifest.name.replace("-", "_"):
        raise SkillWrong(
            f"{folder / CODE} offers {made.name!r} while {MANIFEST} says {manifest.name!r}",
            hint="Give both the same name.",
        )
    extra = made.extra | {"folder": str(folder), "metadata": manifest.metadata}
    return replace(made, body=manifest.body, source=source, extra=extra)


def _import(folder: Path, source: str) -> ModuleType:
    # The name is unique by place, so that two folders of one name never share a module.
    place = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]
    name = f"assistant_skill_{folder.name.replace('-', '_')}_{place}"
    if source != "bundled":
        # What was reviewed is the source: compiled files, which nobody reads, are not used.
        for compiled in folder.rglob("__pycache__"):
            shutil.rmtree(compiled, ignore_errors=True)
    spec = importlib.util.spec_from_file_location(
        name, folder / CODE, submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise SkillWrong(f"{folder / CODE} cannot be imported", hint="Is it a Python file?")
    module = importlib.util.module_from_spec(spec)
    for loaded in [key for key in sys.modules if key == name or key.startswith(name + ".")]:
        del sys.modules[loaded]
    sys.modules[name] = module
    kept = sys.dont_write_bytecode
    sys.dont_write_bytecode = kept or source != "bundled"
    try:
        spec.loader.exec_module(module)
    except SkillWrong:
        del sys.modules[name]
        raise
    # Someone's module may fail in any way while it is imported; it must hurt nothing else.
    except BaseException as wrong:
        del sys.modules[name]
        if isinstance(wrong, KeyboardInterrupt):
            raise
        raise SkillWrong(
            f"{folder / CODE} cannot be imported: {type(wrong).__name__}: {wrong}",
            hint="Mend the file, or move the folder away.",
        ) from wrong
    finally:
        sys.dont_write_bytecode = kept
    return module


def _split(path: Path, text: str) -> tuple[str, str]:
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        raise SkillWrong(
            f"{path} has no front matter", hint="Start it with ---, name:, description:, ---."
        )
    for place, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            front = "\n".join(lines[1:place])
            if len(front) > LONGEST_FRONT:
                break
            return front, "\n".join(lines[place + 1 :]).strip()
    raise SkillWrong(
        f"{path}: the front matter does not end", hint="End it with a line of --- only."
    )


def _front_matter(path: Path, front: str) -> dict[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.events import AliasEvent

    try:
        if any(isinstance(event, AliasEvent) for event in YAML(typ="safe", pure=True).parse(front)):
            raise SkillWrong(f"{path}: the front matter uses aliases", hint="Write values out.")
        facts: Any = YAML(typ="safe", pure=True).load(front)
    except (YAMLError, ValueError, RecursionError) as wrong:
        told = str(wrong).split("\n")[0]
        raise SkillWrong(
            f"{path}: the front matter is no YAML: {told}",
            hint="Put a text that has a colon into quotes.",
        ) from wrong
    if not isinstance(facts, dict):
        raise SkillWrong(f"{path}: the front matter has no keys", hint="Add name and description.")
    return {str(key): value for key, value in facts.items()}


def _manifest(path: Path, facts: dict[str, Any], body: str) -> Manifest:
    name = _text(path, facts, "name", longest=64)
    description = _text(path, facts, "description", longest=1024)
    if not _NAME.fullmatch(name):
        raise SkillWrong(
            f"{path}: the name {name!r} is not of a-z, 0-9 and dashes", hint="Rename the skill."
        )
    if name != path.parent.name:
        raise SkillWrong(
            f"{path}: the name {name!r} is not that of its folder, {path.parent.name!r}",
            hint="Rename one of them.",
        )
    metadata = facts.get("metadata")
    tools = facts.get("allowed-tools") or ""
    return Manifest(
        name=name,
        description=description,
        body=body,
        license=_text(path, facts, "license", longest=1000, needed=False),
        compatibility=_text(path, facts, "compatibility", longest=500, needed=False),
        allowed_tools=" ".join(map(str, tools)) if isinstance(tools, list) else str(tools),
        metadata={str(k): str(v) for k, v in metadata.items()}
        if isinstance(metadata, dict)
        else {},
    )


def _text(path: Path, facts: dict[str, Any], key: str, *, longest: int, needed: bool = True) -> str:
    value = facts.get(key)
    text = "" if value is None else str(value).strip()
    if needed and not text:
        raise SkillWrong(f"{path} has no {key}", hint=f"Add '{key}: …' to the front matter.")
    if len(text) > longest:
        raise SkillWrong(
            f"{path}: the {key} has {len(text)} characters", hint=f"{longest} are allowed."
        )
    return text
