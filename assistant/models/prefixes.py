"""Beginnings that two token lists share: what has been read once need not be read again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def common(first: Any, second: Sequence[int]) -> int:
    """How many tokens two texts have in common at their beginning."""
    length = min(len(first), len(second))
    if not length:
        return 0
    different = np.asarray(first[:length]) != np.asarray(second[:length])
    where = int(np.argmax(different))
    return where if different[where] else length
