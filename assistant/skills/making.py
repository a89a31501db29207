"""Making a skill: a folder to start from, and the checks that say whether it holds."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from string import Template

from assistant.errors import AssistantError, BadArguments, RequestWrong
from assistant.settings import PROJECT, Settings
from assistant.skills.calling import call
from assistant.skills.context import SkillContext
from assistant.skills.door import Skill
from assistant.skills.library import Library

TEMPLATE = Path(__file__).parent / "template"
TEST_SECONDS = 120
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


class SkillExists(RequestWrong):
    """There is a skill of that name already."""

    code = "job_bindings_invalid"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: what, whether it holds, and what was found."""

    what: str
    held: bool
    told: str = ""


def new_skill(settings: Settings, name: str, library: Library) -> Path:
    """Write a skill that works into the home's folder, to be changed by its author.

    Raises RequestWrong for a name that cannot be one, SkillExists for one that is taken.
    """
    if not _NAME.fullmatch(name) or len(name) > 64:
        raise RequestWrong(
            f"{name!r} is no name for a skill.",
            hint="Use a-z, 0-9 and underscores, beginning with a letter: count_words",
        )
    folder = settings.skills_dir / name
    if folder.exists() or any(entry.name == name for entry in library.entries()):
        raise SkillExists(
            f"There is a skill {name!r} already.", hint="Choose another name, or change that one."
        )
    folder.mkdir(parents=True)
    for part in sorted(TEMPLATE.glob("*.txt")):
        text = Template(part.read_text(encoding="utf-8")).substitute(name=name)
        (folder / part.stem).write_text(text, encoding="utf-8")
    return folder


async def check_skill(library: Library, name: str, context: SkillContext) -> list[Check]:
    """Load a skill, check its declaration and examples, call the pure ones, run its tests.

    Raises SkillNotFound, SkillDisabled or SkillWrong when it cannot be loaded at all.
    """
    skill = library.get(name)
    checks = [
        Check("the declaration holds", True, f"effect {skill.effect}"),
        Check("it has examples", bool(skill.examples), f"{len(skill.examples)} of at least 1"),
        Check(
            "a write skill offers a preview",
            skill.effect != "write" or skill.preview is not None,
            "" if skill.effect == "write" else f"effect {skill.effect}",
        ),
        holdable(skill),
    ]
    for example in skill.examples:
        checks.append(await _example(skill, example.says, example.call, context))
    folder = Path(str(skill.extra.get("folder", "")))
    if skill.extra.get("folder") and list(folder.glob("test_*.py")):
        checks.append(await asyncio.to_thread(_own_tests, folder))
    return checks


def holdable(skill: Skill) -> Check:
    """Whether decoding can be held to the arguments: said here, and not while a person waits."""
    from assistant.models.grammar import compile_tools

    what = "a model can be held to its arguments"
    try:
        compile_tools([{"name": skill.name, "parameters": skill.schema()}], "hermes")
    except BadArguments as wrong:
        return Check(what, False, f"{wrong.message} {wrong.hint}")
    return Check(what, True)


async def _example(
    skill: Skill, says: str, arguments: dict[str, object], context: SkillContext
) -> Check:
    what = f"example “{says}”"
    if "${{" in str(arguments):
        unknown = set(arguments) - set(skill.parameters.model_fields)
        return Check(what, not unknown, f"no such parameters: {sorted(unknown)}" if unknown else "")
    try:
        skill.check(arguments)
        # Only a pure skill can be called without asking anyone or reaching out.
        if skill.effect == "pure":
            return Check(what, True, str(await call(skill, arguments, context))[:200])
    except (AssistantError, BadArguments) as wrong:
        return Check(what, False, wrong.message)
    return Check(what, True)


def _own_tests(folder: Path) -> Check:
    """Run the folder's tests by pytest, in a process of its own."""
    what = "its own tests pass"
    if importlib.util.find_spec("pytest") is None:
        return Check(what, False, "pytest is not installed; run: pip install pytest")
    try:
        ran = subprocess.run(
            [
                sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider",
                "--import-mode=importlib", "--rootdir", str(folder), "-c", os.devnull, str(folder),
            ],
            cwd=folder, capture_output=True, text=True, timeout=TEST_SECONDS, check=False,
            env=os.environ | {"PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Check(what, False, f"they took longer than {TEST_SECONDS} s")
    lines = [line for line in ran.stdout.splitlines() if line.strip()]
    return Check(
        what, ran.returncode == 0, "\n".join(lines[-12:] if ran.returncode else lines[-1:])
    )
