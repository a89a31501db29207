"""The guide to skills, followed word by word."""

from __future__ import annotations

import json
import re
import shlex

import pytest

from assistant.errors import RequestWrong
from assistant.settings import PROJECT
from assistant.skills import making
from assistant.skills.calling import call
from assistant.skills.library import Library, SkillDisabled
from assistant.skills.making import Check, SkillExists, check_skill, new_skill
from tests.command_line import command

GUIDE = (PROJECT / "docs" / "skills.md").read_text(encoding="utf-8")


def file_in_guide(name: str) -> str:
    """The file that the guide shows under a first line with its name."""
    [found] = re.findall(
        rf"```\w+\n(?:# |<!-- ){re.escape(name)}(?: -->)?\n(.*?)```", GUIDE, re.DOTALL
    )
    return found


async def test_the_guide_leads_from_nothing_to_a_tested_skill(settings, context):
    folder = new_skill(settings, "count_words", Library.open(settings))
    for name in ("skill.py", "test_skill.py", "SKILL.md"):
        (folder / name).write_text(file_in_guide(f"count_words/{name}"))
    library = Library.open(settings)
    with pytest.raises(SkillDisabled):
        await check_skill(library, "count_words", context)
    assert library.enable("count_words").effect == "pure"
    *checks, own = await check_skill(library, "count_words", context)
    assert checks == [
        Check("the declaration holds", True, "effect pure"),
        Check("it has examples", True, "1 of at least 1"),
        Check("a write skill offers a preview", True, "effect pure"),
        Check("a model can be held to its arguments", True),
        Check("example “how long does this take to read”", True, "{'words': 440, 'minutes': 2.0}"),
    ]
    assert (own.what, own.held, own.told[:8]) == ("its own tests pass", True, "1 passed")
    skill = library.get("count_words")
    assert await call(skill, {"text": "a b c", "pace": 60}, context) == {"words": 3, "minutes": 0.1}


def test_the_guide_s_skill_runs_from_the_command_line_as_it_shows(settings):
    folder = new_skill(settings, "count_words", Library.open(settings))
    for name in ("skill.py", "SKILL.md"):
        (folder / name).write_text(file_in_guide(f"count_words/{name}"))
    Library.open(settings).enable("count_words")
    asked = re.findall(r"^\$ assistant (skills run .*)$", GUIDE, re.MULTILINE)
    home = {"ASSISTANT_HOME": str(settings.home)}
    told = [command(home, *shlex.split(words)).stdout for words in asked]
    assert len(told) == 2
    assert json.loads(told[0])["outputs"] == {"result": {"words": 3, "minutes": 0.0}}
    assert told[1].endswith('{\n  "words": 3,\n  "minutes": 0.0\n}\n')


async def test_the_template_is_a_skill_that_passes_its_own_tests(settings, context):
    new_skill(settings, "my_skill", Library.open(settings))
    library = Library.open(settings)
    library.enable("my_skill")
    checks = await check_skill(library, "my_skill", context)
    assert [(check.what, check.held) for check in checks if not check.held] == []
    assert checks[-1].told.startswith("2 passed")


async def test_a_failing_test_is_told(settings, context):
    folder = new_skill(settings, "my_skill", Library.open(settings))
    code = (folder / "skill.py").read_text()
    (folder / "skill.py").write_text(code.replace("words=len(words)", "words=1"))
    library = Library.open(settings)
    library.enable("my_skill")
    last = (await check_skill(library, "my_skill", context))[-1]
    assert (last.what, last.held, "1 failed" in last.told) == ("its own tests pass", False, True)


async def test_arguments_that_no_model_can_be_held_to_are_told_with_the_cure(settings, context):
    folder = new_skill(settings, "my_skill", Library.open(settings))
    code = (folder / "skill.py").read_text()
    assert "text: Annotated[str," in code
    (folder / "skill.py").write_text(
        code.replace("text: Annotated[str,", "text: Annotated[set[str],")
    )
    library = Library.open(settings)
    library.enable("my_skill")
    checks = {check.what: check for check in await check_skill(library, "my_skill", context)}
    assert checks["a model can be held to its arguments"] == Check(
        "a model can be held to its arguments", False,
        "tool 'my_skill' cannot be enforced while decoding:"
        ' Unimplemented keys: ["uniqueItems"]'
        " Leave the keyword out and check the value afterwards.",
    )  # fmt: skip


def test_a_model_can_be_held_to_the_arguments_of_every_skill_that_ships(settings):
    library = Library.open(settings)
    told = {skill.name: making.holdable(skill).told for skill in library.all()}
    assert told == dict.fromkeys(library.names(), "")
    assert "fetch_feed" in told


@pytest.mark.parametrize("name", ["Count", "count-words", "", "1st", "a__b", "x" * 65, "../x"])
def test_a_name_that_cannot_be_one_is_refused(settings, name):
    with pytest.raises(RequestWrong, match="is no name for a skill"):
        new_skill(settings, name, Library.open(settings))


def test_a_name_that_is_taken_is_refused(settings):
    with pytest.raises(SkillExists):
        new_skill(settings, "fetch_feed", Library.open(settings))


def test_every_word_of_the_declaration_is_in_the_guide():
    import inspect

    from assistant.skills.door import skill

    told = set(inspect.signature(skill).parameters) - {"version"}
    assert [word for word in told if f"`{word}`" not in GUIDE] == []
