"""A world of schedules for each test."""

from __future__ import annotations

import pytest

from assistant.clock import FixedClock
from assistant.settings import Settings
from assistant.store.database import Store
from tests.schedule.world import World


@pytest.fixture
def world(store: Store, settings: Settings, clock: FixedClock) -> World:
    return World(store, settings, clock)
