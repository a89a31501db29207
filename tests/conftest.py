"""Fixtures that every room's tests may use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.clock import FixedClock
from assistant.settings import Settings, prepare
from assistant.store.database import Store
from tests.hooks import Hook

ROOT = Path(__file__).resolve().parent.parent
FIRST = (
    "tests/panel/test_places.py", "tests/panel/test_words_given.py", "tests/panel/test_recovery.py",
    "tests/panel/test_place_flows.py", "tests/panel/test_chat_flows.py", "tests/panel/test_debug_tab.py",
    "tests/panel/test_everyday.py", "tests/panel/test_questions.py", "tests/panel/test_story.py", "tests/panel/test_order.py",
    "tests/engine/test_engine_kills.py", "tests/engine/test_several_machines.py", "tests/cli/test_processes.py",
    "tests/engine/test_taking_over.py", "tests/engine/test_engine_processes.py",
    "tests/story/test_newsletter_survives_kills.py", "tests/cli/test_debug_commands.py", "tests/story/test_story_by_cli.py",
    "tests/engine/test_engine_properties.py", "tests/pipeline/test_pipeline_meaning.py", "tests/test_house.py",
)  # fmt: skip
"""The files that take longest, in the order in which they begin: whatever begins last should be short,
so that no worker waits for another. Those of the panel follow each other: they share its process."""
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {ROOT / name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.fixture
def shared_data() -> Path:
    """The external test data beside the repository; tests that use it skip when it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("external test data is not here")
    return folder


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a fresh home folder, ready to use."""
    made = Settings(home=tmp_path / "home", timezone="Europe/London")
    prepare(made)
    return made


@pytest.fixture
def store(settings: Settings, clock: FixedClock) -> Store:
    opened = Store(settings.store_path, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    yield made
    made.server.shutdown()
    made.server.server_close()
