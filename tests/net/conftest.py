"""What the tests of the network room share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.loopback import Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running
