"""Sizes as people read them."""

import pytest

from assistant.store.files import size_told


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (3_400, "3.4 kB"), (999_960, "1.0 MB"),
     (5_600_000, "5.6 MB"), (16_000_000_000, "16.0 GB"), (2.5e12, "2,500.0 GB")],
)  # fmt: skip
def test_a_size_is_told_in_the_unit_that_fits(count: float, told: str) -> None:
    assert size_told(count) == told
