"""The templates and the JSON Schema: both say the same language as the loader and the checker."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings

from assistant.pipeline.checker import check, unattended
from assistant.pipeline.document import read_document
from assistant.pipeline.loader import load
from assistant.pipeline.schema import as_file, job_schema
from assistant.pipeline.skill_table import SkillSchema, SkillTable
from assistant.pipeline.walk import used_skills
from assistant.pipeline.writer import dump
from assistant.settings import Settings
from assistant.skills.library import Library
from tests.pipeline.strategies import jobs
from tests.pipeline.test_checker_mistakes import GOOD

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "data" / "templates").glob("*.yaml"))
VALIDATOR = jsonschema.Draft202012Validator(job_schema())


@pytest.fixture
def bundled(settings: Settings) -> SkillTable:
    library = Library.open(settings)
    return SkillTable({
        name: SkillSchema(library.schema(name), library.output_schema(name), library.get(name).effect)
        for name in library.names()
    })  # fmt: skip


def test_there_are_the_eight_templates():
    assert [path.stem for path in TEMPLATES] == [
        "database-report", "feed-to-channel", "page-watch", "press-inbox", "research-brief",
        "status-check", "two-source-newsletter", "weekly-digest",
    ]  # fmt: skip


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_is_right_by_the_schemas_of_the_bundled_skills(path: Path, bundled: SkillTable):
    loaded = load(path.read_text(encoding="utf-8"), path=path.name)
    assert set(used_skills(loaded.job)) <= set(bundled.names())
    assert check(loaded, bundled) == []
    assert loaded.job.name == path.stem
    assert loaded.text.startswith(f"# {loaded.job.title}: ")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_the_blanks_of_a_template_are_inputs_that_say_what_they_want(path: Path):
    loaded = load(path.read_text(encoding="utf-8"))
    blanks = [name for name, schema in loaded.job.inputs.items() if "default" not in schema]
    assert blanks
    assert all(schema.get("description") for schema in loaded.job.inputs.values())
    runs_by_itself = bool(loaded.job.schedule or loaded.job.triggers)
    assert [p.key for p in unattended(loaded)] == (
        [f"inputs.{n}" for n in blanks] if runs_by_itself else []
    )


def test_the_schema_in_the_docs_is_that_of_the_code():
    assert (ROOT / "docs" / "job.schema.json").read_text(encoding="utf-8") == as_file()
    jsonschema.Draft202012Validator.check_schema(job_schema())


@pytest.mark.parametrize(
    "text",
    [GOOD, *(path.read_text("utf-8") for path in TEMPLATES)],
    ids=["good", *(p.stem for p in TEMPLATES)],
)
def test_the_schema_accepts_what_is_right(text: str):
    VALIDATOR.validate(read_document(text).data)


@given(jobs())
@settings(max_examples=30, deadline=None)
def test_the_schema_accepts_any_valid_job(data: dict[str, object]):
    VALIDATOR.validate(read_document(dump(data)).data)


@pytest.mark.parametrize(
    ("old", "new"),
    [("job: morning-letter", "job: Morning"), ("title:", "titel:"), ("catch_up", "catchup"), ("skill: fetch_feed", "skil: fetch_feed"),
     ("timeout: 30s", "timeout: soon"), ("on_error: continue", "on_error: skip"), ("as: story", "as: 5"),
     ("max_iterations: 5", "max_iterations: 0"), ("on: feed_changed", "on: feed_change"), ("  timezone: Europe/London\n", "")],
)  # fmt: skip
def test_the_schema_refuses_what_the_loader_refuses(old: str, new: str):
    text = GOOD.replace(
        "  timezone: Europe/London\n", "  timezone: Europe/London\n  catch_up: all\n"
    ).replace(old, new)
    assert not VALIDATOR.is_valid(read_document(text).data)


def test_the_schema_for_editors_may_know_the_skills(bundled: SkillTable):
    validator = jsonschema.Draft202012Validator(job_schema(bundled))
    text = TEMPLATES[-1].read_text("utf-8")
    assert validator.is_valid(read_document(text).data)
    assert not validator.is_valid(
        read_document(text.replace("skill: fetch_feed", "skill: fetch_fed")).data
    )
    assert not validator.is_valid(read_document(text.replace("since: 7d", "sinc: 7d")).data)
