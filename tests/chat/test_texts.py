"""Every text of `prompts/` is said somewhere, and everything that is said has its text."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from assistant.settings import PROJECT

PROMPTS = PROJECT / "prompts"


@cache
def code() -> dict[Path, str]:
    return {path: path.read_text("utf-8") for path in (PROJECT / "assistant").rglob("*.py")}


def said_by(function: str, room: str) -> tuple[set[str], set[str]]:
    """The first arguments of a function's calls in a room: whole texts, and how others begin."""
    whole, begun = set[str](), set[str]()
    for path, text in code().items():
        if not path.is_relative_to(PROJECT / "assistant" / room):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and node.args and _name(node.func) == function:
                for part in _either(node.args[0]):
                    if isinstance(part, ast.JoinedStr):
                        begun.add(str(getattr(part.values[0], "value", "")))
                    elif isinstance(part, ast.Constant):
                        whole.add(str(part.value))
    return whole, begun


def _either(said: ast.expr) -> list[ast.expr]:
    """The texts of a choice between several."""
    if isinstance(said, ast.IfExp):
        return [*_either(said.body), *_either(said.orelse)]
    return [said]


def _name(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")


def test_the_chats_texts_and_what_it_says_are_the_same() -> None:
    texts = YAML(typ="safe", pure=True).load((PROMPTS / "chat_texts.yaml").read_text("utf-8"))
    whole, begun = said_by("words", "chat")
    keys = {key for key in texts if not any(b and key.startswith(b) for b in begun)}
    assert keys - whole == set()
    assert whole - set(texts) == set()


@pytest.mark.parametrize("path", sorted(PROMPTS.rglob("*.*")), ids=lambda path: path.name)
def test_every_file_of_prompts_is_read_somewhere(path: Path) -> None:
    name = path.parent.name if path.parent != PROMPTS else path.name
    assert any(f'"{name}"' in text for text in code().values())
