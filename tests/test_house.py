"""The house stays in order: floors, doors, file sizes, and texts that speak of the product alone."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.settings import PROJECT

# A library that is large, slow to import or likely to change has one door.
DOORS = {
    "dbos": {"assistant/engine/durable.py"},
    "litellm": {"assistant/models/cloud.py"},
    "llama_cpp": {"assistant/models/llama.py"},
    "mcp": {"assistant/skills/mcp_client.py", "assistant/skills/mcp_server.py"},
    "apprise": {"assistant/net/channels.py"},
}
LONGEST = 400


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (PROJECT / folder).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Top-level packages that a file imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_rooms_import_only_from_floors_below():
    linted = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=PROJECT, capture_output=True, text=True,
    )  # fmt: skip
    assert linted.returncode == 0, linted.stdout


@pytest.mark.parametrize("library", DOORS)
def test_a_large_library_has_one_door(library: str):
    users = {
        path.relative_to(PROJECT).as_posix()
        for path in sources("assistant", "skills")
        if library in imported(path)
    }
    assert users <= DOORS[library]


def test_no_file_of_the_product_grows_past_four_hundred_lines():
    long = {
        path.relative_to(PROJECT).as_posix(): count
        for path in [*sources("assistant", "skills", "tools"), PROJECT / "app.py"]
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_nothing_is_left_for_later_in_the_code():
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    assert [
        f"{path.relative_to(PROJECT)}:{number}"
        for path in sources("assistant", "skills")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if marks.search(line)
    ] == []


def test_nothing_a_person_or_a_page_wrote_can_become_code():
    calls = re.compile(
        r"(?<![\w.])(eval|exec)\(|pickle\.loads?|import yaml\b|shell=True|verify=False"
    )
    assert [
        f"{path.relative_to(PROJECT)}:{number}"
        for path in sources("assistant", "skills")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if calls.search(line)
    ] == []


def test_the_required_things_stand_at_the_top_level():
    for name in ("pyproject.toml", "assistant", "skills", "prompts", "data", "tests", "app.py"):
        assert (PROJECT / name).exists(), name
