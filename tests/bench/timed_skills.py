"""The skills of the engine's tests, with a `nothing` that notes when it is called."""

from __future__ import annotations

import statistics
import time
from itertools import pairwise
from typing import Any

from assistant.skills.door import Skill, declared, skill
from tests.engine.local_skills import LocalSkills


class TimedSkills(LocalSkills):
    """`moments` are those of every call of `nothing`, on the clock of `time.perf_counter`."""

    def __init__(self) -> None:
        super().__init__()
        self.moments: list[float] = []

        @skill(effect="pure")
        async def nothing(value: Any = None) -> dict[str, Any]:
            """Give back what it is given."""
            self.moments.append(time.perf_counter())
            return {"value": value}

        made = declared(nothing)
        assert made is not None
        self._skills: dict[str, Skill] = {**self._skills, "nothing": made}

    def median_gap(self) -> float:
        """Milliseconds from one call to the next, the median; what was noted is forgotten."""
        gaps = [after - before for before, after in pairwise(self.moments)]
        self.moments.clear()
        return statistics.median(gaps) * 1000
