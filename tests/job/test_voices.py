"""Every voice is spoken somewhere, and everything spoken is a voice."""

from __future__ import annotations

import ast

import pytest

from assistant.errors import InternalError, TargetUnresolved
from assistant.job.voices import PHASE_VOICES, catalogue, get, speak
from assistant.settings import PROJECT


def spoken() -> set[str]:
    """The ids that the code speaks: first arguments of `speak`, and the voices of phases."""
    found = set(PHASE_VOICES.values())
    for path in (PROJECT / "assistant").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if called and node.func.id == "speak" and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    return found


def test_the_catalogue_and_what_is_spoken_are_the_same() -> None:
    assert spoken() == set(catalogue())


def test_a_voice_wants_exactly_its_arguments() -> None:
    assert "soup" in speak("observe", job_id="soup")
    with pytest.raises(InternalError, match="job_id"):
        speak("observe")
    with pytest.raises(TargetUnresolved) as wrong:
        get("obsrve")
    assert wrong.value.hint == "Did you mean 'observe'?"
