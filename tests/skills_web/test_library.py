"""The library: what is found where, what is wrong is told, what is foreign waits for a review."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import SkillNotFound
from assistant.settings import PROJECT, Settings
from assistant.skills.door import SkillWrong
from assistant.skills.folders import fingerprint, load_code, read_manifest
from assistant.skills.library import FolderProblem, Library, SkillDisabled

GREET = '''
"""Greets."""
from assistant.skills.door import Example, skill

@skill(effect="pure", hosts=("greet.example",), secrets=("greet_token",), examples=(Example("greet Ada", {"name": "Ada"}),))
def greet(name: str, loud: bool = False) -> str:
    """Greet a person by name."""
    return f"Hello {name}" + ("!" if loud else "")
'''


def put(place: Path, name: str, code: str | None = None, *, front: str = "") -> Path:
    folder = place / name
    folder.mkdir(parents=True)
    told = front or f"name: {name}\ndescription: Does {name}."
    (folder / "SKILL.md").write_text(f"---\n{told}\n---\n\n# {name}\n\nHow to.\n")
    if code is not None:
        (folder / "skill.py").write_text(code)
    return folder


def test_the_bundled_skills_are_all_there_and_none_is_wrong(settings):
    library = Library.open(settings)
    assert {
        "fetch_feed", "scrape_page", "extract_article", "http_request", "save_file",
    } <= set(library.names())  # fmt: skip
    assert library.problems == []
    for skill in library.all():
        assert skill.description.endswith(".")
        assert skill.body, skill.name
        assert len(skill.examples) >= 3, skill.name
        for example in skill.examples:
            if "${{" in json.dumps(example.call):
                # A value of an earlier step is known when the job runs; its name is known now.
                assert set(example.call) <= set(skill.parameters.model_fields), skill.name
            else:
                skill.check(example.call)
        if skill.effect == "write":
            assert skill.preview is not None, skill.name


def test_a_name_that_is_not_there_is_told_with_the_one_meant(settings):
    with pytest.raises(SkillNotFound) as told:
        Library.open(settings).get("fetch_feeds")
    assert (told.value.message, told.value.hint) == (
        "There is no skill 'fetch_feeds'.",
        "Did you mean 'fetch_feed'?",
    )


def test_opening_the_library_imports_no_skill_and_no_yaml(settings):
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from assistant.skills.library import Library;"
            "from assistant.settings import load; names = Library.open(load()).names();"
            "print(len(names), [m for m in ('ruamel', 'lxml', 'feedparser', 'bs4', 'trafilatura')"
            " if m in sys.modules])",
        ],
        cwd=PROJECT,
        env={"ASSISTANT_HOME": str(settings.home)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split(" ", 1)[1].strip() == "[]"
    assert int(told.stdout.split()[0]) >= 5


def test_code_from_outside_waits_for_a_review_and_a_change_disables_it_again(settings):
    folder = put(settings.skills_dir, "greet", GREET)
    library = Library.open(settings)
    assert "greet" not in library.names()
    with pytest.raises(SkillDisabled, match="has not been reviewed"):
        library.get("greet")
    review = library.enable("greet")
    assert (review.effect, review.hosts, review.secrets, review.imports) == (
        "pure",
        ("greet.example",),
        ("greet_token",),
        ("assistant.skills.door",),
    )
    assert library.get("greet").function("Ada") == "Hello Ada"
    assert Library.open(settings).get("greet").source == "home"
    (folder / "skill.py").write_text(GREET.replace("Hello", "Goodbye"))
    changed = Library.open(settings)
    assert [e.state for e in changed.entries() if e.name == "greet"] == ["changed"]
    with pytest.raises(SkillDisabled):
        changed.get("greet")
    changed.enable("greet")
    assert changed.get("greet").function("Ada") == "Goodbye Ada"
    changed.disable("greet")
    with pytest.raises(SkillDisabled):
        changed.get("greet")


def test_a_review_runs_no_code(settings, tmp_path):
    harmful = f"open({str(tmp_path / 'ran')!r}, 'w')\n{GREET}"
    put(settings.skills_dir, "greet", harmful)
    library = Library.open(settings)
    library.review("greet")
    library.entries()
    assert not (tmp_path / "ran").exists()


def test_a_compiled_file_that_nobody_reviewed_is_not_used(settings):
    folder = put(settings.skills_dir, "greet", GREET)
    library = Library.open(settings)
    library.enable("greet")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "skill.cpython-311.pyc").write_bytes(b"anything")
    assert Library.open(settings).get("greet").function("Ada") == "Hello Ada"
    assert not (folder / "__pycache__").exists()


@pytest.mark.parametrize(
    ("name", "front", "code", "reason"),
    [
        ("no-name", "description: x", None, "has no name"),
        ("no-words", "name: no-words", None, "has no description"),
        ("other", "name: another\ndescription: x", None, "is not that of its folder"),
        ("Upper", "name: Upper\ndescription: x", None, "is not of a-z"),
        ("yaml", "name: [", None, "is no YAML"),
        ("alias", "name: &a alias\ndescription: *a", None, "uses aliases"),
        ("long", f"name: long\ndescription: {'x' * 1025}", None, "has 1025 characters"),
    ],
)
def test_a_wrong_folder_is_listed_with_its_reason_and_hurts_nothing_else(
    settings, name, front, code, reason
):
    put(settings.skills_dir, name, code, front=front)
    put(settings.skills_dir, "fine")
    library = Library.open(settings)
    assert [prompt.name for prompt in library.prompts()] == ["fine"]
    [problem] = library.problems
    assert (problem.name, reason in problem.reason, bool(problem.hint)) == (name, True, True)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("def broken(:\n", "SyntaxError"),
        ("raise SystemExit(3)\n", "SystemExit"),
        ("x = 1\n", "offers 0 skills"),
        (GREET + GREET.replace("def greet", "def also"), "offers 2 skills"),
        (GREET.replace("def greet", "def salute"), "offers 'salute' while SKILL.md says 'greet'"),
        (GREET.replace('"""Greet a person by name."""', "pass"), "has no docstring"),
        (GREET.replace(" -> str", ""), "does not say what it returns"),
        (GREET.replace('"pure"', '"maybe"'), "is not pure, read or write"),
        (GREET.replace("name: str,", "name,"), "has no type"),
    ],
)
def test_wrong_code_is_listed_with_its_reason(settings, code, reason):
    put(settings.skills_dir, "greet", GREET)
    library = Library.open(settings)
    (settings.skills_dir / "greet" / "skill.py").write_text(code)
    # A review needs code that parses; the hash of the rest is accepted by hand.
    sha = fingerprint(settings.skills_dir / "greet")
    (settings.home / "enabled_skills.json").write_text(json.dumps({"greet": sha}))
    [problem] = library.problems
    assert problem.name == "greet"
    assert reason in problem.reason
    assert "fetch_feed" in library.names()
    with pytest.raises(SkillWrong):
        library.get("greet")


def test_a_second_folder_of_one_name_is_listed_and_the_first_one_used(settings):
    folder = put(settings.skills_dir, "fetch_feed", GREET)
    library = Library.open(settings)
    assert library.get("fetch_feed").source == "bundled"
    assert [(p.name, p.folder) for p in library.problems] == [("fetch_feed", folder)]


def test_a_link_out_of_the_folder_is_refused(settings):
    folder = put(settings.skills_dir, "greet", GREET)
    (folder / "more.py").symlink_to("/etc/hostname")
    library = Library.open(settings)
    with pytest.raises(SkillWrong, match="is a link"):
        library.enable("greet")


def test_a_skill_may_have_modules_beside_it(settings):
    folder = put(
        settings.skills_dir,
        "greet",
        "from .words import HELLO\n" + GREET.replace('"Hello', '"{HELLO}'),
    )
    (folder / "words.py").write_text("HELLO = 'Moin'\n")
    library = Library.open(settings)
    library.enable("greet")
    assert library.get("greet").function("Ada") == "Moin Ada"


PUBLIC = sorted((Path(__file__).parent / "public_skills").iterdir())


@pytest.mark.parametrize("folder", PUBLIC, ids=lambda folder: folder.name)
def test_a_skill_written_for_other_tools_loads_unchanged(folder):
    manifest = read_manifest(folder)
    assert manifest.name == folder.name
    assert manifest.description
    assert manifest.body


def test_six_public_skills_stand_in_the_library_as_texts_for_models(settings):
    for folder in PUBLIC:
        (settings.skills_dir / folder.name).symlink_to(folder)
    library = Library.open(settings)
    assert [prompt.name for prompt in library.prompts()] == [folder.name for folder in PUBLIC]
    assert len(PUBLIC) == 6
    assert library.problems == []
    assert [entry.state for entry in library.entries() if entry.source == "home"] == ["prompt"] * 6
    with pytest.raises(SkillNotFound, match="is a text for a model"):
        library.get(PUBLIC[0].name)


def test_skills_of_an_installed_package_are_found_without_importing_it(
    settings, tmp_path, monkeypatch
):
    package = tmp_path / "site" / "acme_skills"
    put(package, "greet", GREET)
    (package / "__init__.py").write_text("raise RuntimeError('imported')\n")
    told = tmp_path / "site" / "acme_skills-1.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-skills\nVersion: 1\n")
    (told / "entry_points.txt").write_text("[assistant.skills]\nacme = acme_skills\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    library = Library.open(settings)
    [entry] = [entry for entry in library.entries() if entry.name == "greet"]
    assert (entry.state, entry.source) == ("disabled", "package acme")
    library.enable("greet")
    assert library.get("greet").function("Ada") == "Hello Ada"


def test_a_problem_is_a_whole_value(settings):
    folder = put(settings.skills_dir, "empty", front="name: empty")
    assert Library.open(settings).problems == [
        FolderProblem(
            "empty",
            folder,
            f"{folder / 'SKILL.md'} has no description",
            "Add 'description: …' to the front matter.",
        )
    ]


def test_load_code_needs_a_manifest(tmp_path):
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "skill.py").write_text(GREET)
    with pytest.raises(SkillWrong, match=r"has no SKILL\.md"):
        load_code(tmp_path / "bare")


def test_settings_are_all_the_library_needs():
    assert Library.open(Settings(home=Path("/nonexistent"))).names()
