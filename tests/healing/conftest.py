"""One world for each test that asks for it, closed afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.healing.running import a_world
from tests.healing.world import World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with a_world() as opened:
        yield opened
