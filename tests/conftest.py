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
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


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
