"""All skills of a home: bundled ones, the person's own, those of installed packages, MCP tools.

Opening the library lists folders and reads nothing else; a skill's code is imported when the
skill is asked for. A folder that is wrong is listed in `problems` and hurts nothing else. Code
from outside the product stays disabled until a person has reviewed it (see `trust`).
"""

from __future__ import annotations

import difflib
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.errors import PolicyDenied, SkillNotFound
from assistant.settings import PROJECT, McpServer, Settings
from assistant.skills.door import Skill, SkillWrong
from assistant.skills.folders import (
    CODE,
    MANIFEST,
    Manifest,
    fingerprint,
    load_code,
    read_manifest,
)
from assistant.skills.mcp_client import McpServers
from assistant.skills.mcp_tools import PREFIX, offered
from assistant.skills.trust import Review, Trust, review_of

BUNDLED = PROJECT / "skills"
ENTRY_POINTS = "assistant.skills"
State = Literal["ready", "disabled", "changed", "off", "prompt", "wrong"]
OFF_WITHOUT = {"change_database": "writable_databases"}
"""Bundled skills that are off until a setting names what they may touch."""


class SkillDisabled(PolicyDenied):
    """The skill is there, and nobody has reviewed the code it has now."""


@dataclass(frozen=True)
class FolderProblem:
    """A folder that does not load: where it is, why, and the cure."""

    name: str
    folder: Path
    reason: str
    hint: str = ""


@dataclass(frozen=True)
class PromptSkill:
    """A skill without code: a text that a model reads when the skill is chosen."""

    manifest: Manifest
    folder: Path
    source: str

    @property
    def name(self) -> str:
        return self.manifest.name

    @property
    def description(self) -> str:
        return self.manifest.description

    @property
    def body(self) -> str:
        return self.manifest.body


@dataclass(frozen=True)
class Entry:
    """One line of the library's list; made without running the skill's code."""

    name: str
    state: State
    source: str
    folder: Path
    description: str = ""
    reason: str = ""


class Library:
    """Finds skills by name. See the module's text."""

    def __init__(
        self, places: Iterable[tuple[str, Path]], trust: Trust, off: Mapping[str, str] | None = None
    ) -> None:
        """`off` names bundled skills that are not to be offered, each with its cure."""
        self._trust = trust
        self._off = dict(off or {})
        self._folders = dict[str, tuple[str, Path]]()
        self._shadowed = list[FolderProblem]()
        self._loaded = dict[str, Skill]()
        self._added = dict[str, Skill]()
        self._wrong = dict[str, FolderProblem]()
        self._tool_problems = list[FolderProblem]()
        self._loading = threading.RLock()
        self.servers: McpServers | None = None
        """The MCP servers of the settings, when there are any."""
        for source, place in places:
            for folder in _folders(place):
                self._enter(source, folder)

    @classmethod
    def open(cls, settings: Settings) -> Library:
        """The library of a home: bundled, then the home's own, then installed packages'."""
        library = cls(
            [("bundled", BUNDLED), ("home", settings.skills_dir), *_installed()],
            Trust(settings.home / "enabled_skills.json"),
            off={
                name: f"Name what it may touch under {setting} in settings.toml."
                for name, setting in OFF_WITHOUT.items()
                if not getattr(settings, setting)
            },
        )
        if settings.mcp:
            library.servers = McpServers(settings)
            library.renew_tools(settings)
        return library

    def renew_tools(self, settings: Settings) -> None:
        """Offer the MCP tools as they were last listed (see `McpServers.list_tools`)."""
        if self.servers is None:
            return
        tools, problems = offered(settings, self.servers.call_tool)
        self._added = {tool.name: tool for tool in tools}
        self._tool_problems = [
            FolderProblem(f"{PREFIX}{p.server}/{p.tool}".rstrip("/"), Path(), p.reason)
            for p in problems
        ]

    def renew_servers(self, settings: Settings) -> None:
        """Take the MCP servers of changed settings; tools of those that are gone go with them."""
        self.servers = McpServers(settings) if settings.mcp else None
        self._added, self._tool_problems = {}, []
        self.renew_tools(settings)

    def take_servers(self, before: Mapping[str, McpServer], settings: Settings) -> None:
        """Take settings that have changed: other servers, or another word on what a tool does."""
        if {name: told.connection() for name, told in before.items()} != {
            name: told.connection() for name, told in settings.mcp.items()
        }:
            self.renew_servers(settings)
        elif before != settings.mcp:
            self.renew_tools(settings)

    def names(self) -> list[str]:
        """Names of the skills that can be called now, sorted; nothing is imported."""
        ready = [n for n in self._folders if self._is_code(n) and self._state(n) == "ready"]
        return sorted([*(n for n in ready if n not in self._wrong), *self._added])

    def get(self, name: str) -> Skill:
        """The skill of that name. Raises SkillNotFound, SkillDisabled or SkillWrong."""
        if name in self._added:
            return self._added[name]
        if name not in self._folders:
            raise self._not_found(name)
        # Two threads that import one skill at once would each see the other's half of it.
        with self._loading:
            return self._loaded[name] if name in self._loaded else self._load(name)

    def _load(self, name: str) -> Skill:
        source, folder = self._folders[name]
        if not self._is_code(name):
            raise SkillNotFound(
                f"{name!r} is a text for a model and cannot be called.",
                hint="Use it in a chat, or give it to ask_model.",
            )
        if name in self._off:
            raise SkillDisabled(f"The skill {name!r} is off.", hint=self._off[name])
        if self._state(name) != "ready":
            raise SkillDisabled(
                f"The code of skill {name!r} has not been reviewed.",
                hint=f"Read {folder / CODE}, then run: assistant skills enable {name}",
            )
        try:
            self._loaded[name] = load_code(folder, source=source)
        except SkillWrong as wrong:
            self._wrong[name] = FolderProblem(name, folder, wrong.message, wrong.hint)
            raise
        return self._loaded[name]

    def all(self) -> list[Skill]:
        """Every skill that can be called, loaded; wrong ones are left to `problems`."""
        return [skill for name in self.names() if (skill := self._try(name))]

    def __contains__(self, name: object) -> bool:
        return name in self.names()

    def prompt(self, name: str) -> PromptSkill:
        """The prompt skill of that name. Raises SkillNotFound or SkillWrong."""
        if name not in self._folders or self._is_code(name):
            raise self._not_found(name)
        source, folder = self._folders[name]
        return PromptSkill(read_manifest(folder), folder, source)

    def prompts(self) -> list[PromptSkill]:
        """Every skill without code that reads well."""
        names = [name for name in sorted(self._folders) if not self._is_code(name)]
        return [made for name in names if (made := self._try_prompt(name))]

    @property
    def problems(self) -> list[FolderProblem]:
        """Every folder that does not load, with its reason. Loads all enabled skills."""
        self.all()
        for name in self._folders:
            if name not in self._wrong:
                self._try_manifest(name)
        return [*self._wrong.values(), *self._shadowed, *self._tool_problems]

    def entries(self) -> list[Entry]:
        """The whole library as a list to show. Enabled skills are loaded, others only read."""
        problems = self.problems
        wrong = [Entry(p.name, "wrong", "", p.folder, reason=p.reason) for p in problems]
        fine = [self._entry(n) for n in sorted(self._folders) if n not in self._wrong]
        tools = [
            Entry(s.name, "ready", s.source, Path(), s.description) for s in self._added.values()
        ]
        return sorted([*fine, *tools, *wrong], key=lambda entry: entry.name)

    # Review of code from outside.
    def review(self, name: str) -> Review:
        """What a person reads before enabling: hash, effect, hosts, secrets. Runs no code."""
        if name not in self._folders or not self._is_code(name):
            raise self._not_found(name)
        return review_of(name, self._folders[name][1])

    def enable(self, name: str) -> Review:
        """Accept the code a skill has now; any change to its files disables it again."""
        review = self.review(name)
        self._trust.accept(name, review.sha256)
        self._forget(name)
        return review

    def disable(self, name: str) -> None:
        """Take the acceptance back. Bundled skills cannot be disabled."""
        self.review(name)
        self._trust.withdraw(name)
        self._forget(name)

    # What other rooms ask by name.
    def schema(self, name: str) -> dict[str, Any]:
        """JSON Schema of a skill's arguments. Raises as `get`."""
        return self.get(name).schema()

    def output_schema(self, name: str) -> dict[str, Any]:
        """JSON Schema of what a skill gives. Raises as `get`."""
        return self.get(name).output_schema()

    def _enter(self, source: str, folder: Path) -> None:
        name = folder.name
        if name in self._folders:
            first = self._folders[name][1]
            self._shadowed.append(
                FolderProblem(
                    name,
                    folder,
                    f"{first} has the same name and comes first",
                    "Rename the folder and the name in its SKILL.md.",
                )
            )
            return
        self._folders[name] = (source, folder)

    def _is_code(self, name: str) -> bool:
        return (self._folders[name][1] / CODE).is_file()

    def _state(self, name: str) -> State:
        source, folder = self._folders[name]
        if source == "bundled":
            return "off" if name in self._off else "ready"
        try:
            return self._trust.state(name, lambda: fingerprint(folder))
        except SkillWrong as wrong:
            self._wrong[name] = FolderProblem(name, folder, wrong.message, wrong.hint)
            return "wrong"

    def _entry(self, name: str) -> Entry:
        source, folder = self._folders[name]
        state = self._state(name) if self._is_code(name) else "prompt"
        reason = self._off.get(name, "") if source == "bundled" else ""
        return Entry(name, state, source, folder, read_manifest(folder).description, reason)

    def _try(self, name: str) -> Skill | None:
        try:
            return self.get(name)
        except SkillWrong:
            return None

    def _try_prompt(self, name: str) -> PromptSkill | None:
        manifest = self._try_manifest(name)
        source, folder = self._folders[name]
        return PromptSkill(manifest, folder, source) if manifest else None

    def _try_manifest(self, name: str) -> Manifest | None:
        folder = self._folders[name][1]
        try:
            return read_manifest(folder)
        except SkillWrong as wrong:
            self._wrong[name] = FolderProblem(name, folder, wrong.message, wrong.hint)
            return None

    def _forget(self, name: str) -> None:
        self._loaded.pop(name, None)
        self._wrong.pop(name, None)

    def _not_found(self, name: str) -> SkillNotFound:
        known = [*self._folders, *self._added]
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"Did you mean {close[0]!r}?" if close else "See: assistant skills list"
        return SkillNotFound(f"There is no skill {name!r}.", hint=hint)


def _folders(place: Path) -> Iterator[Path]:
    """The skill folders of a place: those that have a SKILL.md or a skill.py."""
    if not place.is_dir():
        return
    for folder in sorted(place.iterdir()):
        if folder.name.startswith((".", "_")) or not folder.is_dir():
            continue
        if (folder / MANIFEST).is_file() or (folder / CODE).is_file():
            yield folder


def _installed() -> list[tuple[str, Path]]:
    """Folders of installed packages that offer skills: the entry point names a package.

    The package is found, not imported: none of its code runs before it is reviewed.
    """
    from importlib.metadata import entry_points
    from importlib.util import find_spec

    places = list[tuple[str, Path]]()
    for point in entry_points(group=ENTRY_POINTS):
        top = point.value.split(":")[0].split(".")
        spec = find_spec(top[0])
        for root in (spec.submodule_search_locations or []) if spec else []:
            places.append((f"package {point.name}", Path(root).joinpath(*top[1:])))
    return places
