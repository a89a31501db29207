"""The scenarios as data: a job, a world in which it runs well, the world as it is after a change,
and what is right: to mend it (and what the step then gives), or to leave it alone.

Every second one of each class is in the split `report`: it is not looked at while tuning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from assistant.healing.comparing import rows_of
from assistant.store.runs import RunRow
from tests.healing.world import World
from tests.loopback import Route

Routes = Mapping[str, Route | str]
Put = Callable[[World], Routes]
Expect = Literal["heal", "leave"]


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
    split: Literal["tune", "report", "late", "fresh", "fresh2", "third", "fourth"] = "tune"

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
    """All of them, in the order of their classes."""
    from tests.healing import (
        scenarios_calls,
        scenarios_fourth,
        scenarios_fourth_calls,
        scenarios_fresh,
        scenarios_fresh_calls,
        scenarios_late,
        scenarios_library,
        scenarios_library_calls,
        scenarios_moved,
        scenarios_shapes,
        scenarios_third,
    )

    table = Table()
    for module in (scenarios_moved, scenarios_shapes, scenarios_calls):
        module.fill(table)
    # Written when the recipes were done, so that none of them could be made for these.
    late, fresh, fresh2, third, fourth = Table(), Table(), Table(), Table(), Table()
    scenarios_late.fill(late)
    # Written by somebody who had read neither the recipes nor the proof; played once, then kept.
    scenarios_fresh.fill(fresh)
    scenarios_fresh_calls.fill(fresh)
    # Written when what the second world had shown was mended; played once, then kept, too.
    scenarios_third.fill(fresh2)
    # Written by somebody else again, in a world of its own; played once, then kept.
    scenarios_library.fill(third)
    scenarios_library_calls.fill(third)
    # And once more, by somebody who had seen one file of the others, for its form.
    scenarios_fourth.fill(fourth)
    scenarios_fourth_calls.fill(fourth)
    table.rows += [replace(row, split="late") for row in late.rows]
    table.rows += [replace(row, split="fresh") for row in fresh.rows]
    table.rows += [replace(row, split="fresh2") for row in fresh2.rows]
    table.rows += [replace(row, split="third") for row in third.rows]
    table.rows += [replace(row, split="fourth") for row in fourth.rows]
    names = [row.name for row in table.rows]
    doubles = {name for name in names if names.count(name) > 1}
    if doubles:
        raise ValueError(f"scenarios have one name: {doubles}")
    return table.rows
