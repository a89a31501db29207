"""The scenarios as data: a job, a world in which it runs well, the world as it is after a change,
and what is right: to mend it (and what the step then gives), or to leave it alone.

Every second one of each class is in the split `report`: it is not looked at while tuning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any, Literal

from assistant.healing.comparing import rows_of
from assistant.store.runs import RunRow
from tests.healing.world import World
from tests.loopback import Route

Routes = Mapping[str, Route | str]
Put = Callable[[World], Routes]
Expect = Literal["heal", "leave"]
Split = Literal[
    "tune",
    "report",
    "late",
    "fresh",
    "fresh2",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
]


@dataclass(frozen=True)
class Scenario:
    """`before` and `after` put up the world and give what the site serves.

    `gives` is the step that counts (or `outputs`, for the run's own output `said`) and the titles
    (or values) it has to give after the repair.
    `days` lets earlier runs happen on these days, one for each offset; `twice` lets the broken run
    happen twice, and healing see both.
    """

    name: str
    fault: str
    expect: Expect
    yaml: str
    before: Put
    after: Put
    gives: tuple[str, Callable[[World], list[str]]] | None = None
    good_runs: int = 1
    twice: bool = False
    days: tuple[int, ...] = ()
    quiet: tuple[int, ...] = ()
    """Numbers of those earlier runs in which the world is already as `after` has it."""
    fails: bool = True
    """Whether the run after the change fails, or succeeds with something in it that is wrong."""
    split: Split = "tune"

    def file(self, world: World) -> str:
        text = self.yaml.replace("{origin}", world.origin).replace("{other}", world.other.origin)
        return f"job: {self.name}\n{text}"

    def is_right(self, world: World, run: RunRow) -> bool:
        """Whether a run after the repair does what the job is for."""
        if run.status != "succeeded" or self.gives is None:
            return False
        path, wanted = self.gives
        output = run.outputs["said"] if path == "outputs" else world.output(run, path)
        given = [_told(row) for row in rows_of(output)[0]]
        expected = wanted(world)
        if not expected:
            return True
        found = sum(any(value in text for text in given) for value in expected)
        extra = len(given) - len(expected)
        return found >= len(expected) * 0.9 and extra <= max(1, len(expected) * 0.1)


def _told(row: Any) -> str:
    return " ".join(map(str, row.values())) if isinstance(row, dict) else str(row)


@dataclass
class Table:
    """Collects scenarios and deals them out to the two splits, turn by turn within a class."""

    rows: list[Scenario] = field(default_factory=list)

    def add(self, name: str, fault: str, expect: Expect, yaml: str, before: Put, after: Put,
            **more: Any) -> None:  # fmt: skip
        turn = sum(row.fault == fault for row in self.rows)
        split = "report" if turn % 2 else "tune"
        self.rows.append(Scenario(name, fault, expect, yaml, before, after, split=split, **more))


def scenarios() -> list[Scenario]:
    """All of them, in the order of their classes, then the batches as they were written."""
    from tests.healing import (
        scenarios_calls,
        scenarios_eighth,
        scenarios_eighth_calls,
        scenarios_fifth,
        scenarios_fifth_calls,
        scenarios_fifth_models,
        scenarios_fourth,
        scenarios_fourth_calls,
        scenarios_fresh,
        scenarios_fresh_calls,
        scenarios_late,
        scenarios_library,
        scenarios_library_calls,
        scenarios_moved,
        scenarios_ninth,
        scenarios_ninth_calls,
        scenarios_ninth_own,
        scenarios_seventh,
        scenarios_seventh_calls,
        scenarios_shapes,
        scenarios_sixth,
        scenarios_sixth_calls,
        scenarios_tenth,
        scenarios_tenth_calls,
        scenarios_third,
    )

    # Each batch after the first was written by somebody who had not read the recipes, played once
    # as it stood, and then kept.
    batches: dict[Split, tuple[ModuleType, ...]] = {
        "late": (scenarios_late,),
        "fresh": (scenarios_fresh, scenarios_fresh_calls),
        "fresh2": (scenarios_third,),
        "third": (scenarios_library, scenarios_library_calls),
        "fourth": (scenarios_fourth, scenarios_fourth_calls),
        "fifth": (scenarios_fifth, scenarios_fifth_calls, scenarios_fifth_models),
        "sixth": (scenarios_sixth, scenarios_sixth_calls),
        "seventh": (scenarios_seventh, scenarios_seventh_calls),
        "eighth": (scenarios_eighth, scenarios_eighth_calls),
        "ninth": (scenarios_ninth, scenarios_ninth_calls, scenarios_ninth_own),
        "tenth": (scenarios_tenth, scenarios_tenth_calls),
    }
    rows = _filled(scenarios_moved, scenarios_shapes, scenarios_calls)
    for split, modules in batches.items():
        rows += [replace(row, split=split) for row in _filled(*modules)]
    names = [row.name for row in rows]
    doubles = {name for name in names if names.count(name) > 1}
    if doubles:
        raise ValueError(f"scenarios have one name: {doubles}")
    return rows


def _filled(*modules: ModuleType) -> list[Scenario]:
    table = Table()
    for module in modules:
        module.fill(table)
    return table.rows
