"""Every voice is spoken somewhere, everything spoken is a voice, and a plan may change each."""

from __future__ import annotations

import ast

import pytest

from assistant.errors import InternalError, TargetUnresolved
from assistant.job import plan_yaml
from assistant.job.voices import ADDED_PHASE, PHASE_VOICES, Speaker, catalogue, get, speak
from assistant.settings import PROJECT


def spoken() -> set[str]:
    """The ids that the code speaks: first arguments of `speak`, and the voices of phases."""
    found = {*PHASE_VOICES.values(), ADDED_PHASE}
    for path in (PROJECT / "assistant").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and _speaks(node.func):
                [ident] = [a.value for a in node.args[:1] if isinstance(a, ast.Constant)] or [""]
                found |= {str(ident)} - {""}
    return found


def _speaks(called: ast.expr) -> bool:
    """`speak(…)`, `speaker.speak(…)`, `(speaker.speak if … else speak)(…)`."""
    if isinstance(called, ast.IfExp):
        return _speaks(called.body) or _speaks(called.orelse)
    name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
    return name == "speak"


def test_the_catalogue_and_what_is_spoken_are_the_same() -> None:
    assert spoken() == set(catalogue())


def test_a_voice_wants_exactly_its_arguments() -> None:
    assert "soup" in speak("observe", job_id="soup")
    for values in ({}, {"job_id": "soup", "more": "x"}):
        with pytest.raises(InternalError, match=r"job_id|more"):
            speak("observe", **values)
    with pytest.raises(TargetUnresolved) as wrong:
        get("obsrve")
    assert wrong.value.hint == "Did you mean 'observe'?"


@pytest.mark.parametrize("voice", sorted(catalogue()))
def test_a_plan_changes_every_voice_and_fills_in_the_job_and_its_own_arguments(voice: str) -> None:
    own = [name for name in get(voice).arguments if name != "job_id"]
    text = " ".join(["For {{job_id}}:", *(f"{{{{{name}}}}}" for name in own)])
    plan = plan_yaml.read(f'execute: {{{voice}: "{text}"}}\n')
    speaker = Speaker("soup", "execute", plan.changes["execute"])
    said = speaker.speak(voice, **{name: f"the {name}" for name in own})
    assert said.endswith("\n" + " ".join(["For soup:", *(f"the {name}" for name in own)]))
    assert "{{" not in said


def test_a_phase_that_a_plugin_added_has_a_voice_too() -> None:
    assert 'The job soup is in its phase "legal"' in Speaker("soup", "legal").opening()
    plan = plan_yaml.read(
        "legal: {added-phase: Check each name.}\n", phases=("observe", "legal", "plan")
    )
    said = Speaker("soup", "legal", plan.changes["legal"]).opening()
    assert said.endswith("\nCheck each name.")
