"""All checks, one after the other; none of them can stop the others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator

from assistant.clock import Clock, SystemClock
from assistant.doctor import home, jobs, machines, work
from assistant.doctor.findings import Finding
from assistant.errors import AssistantError
from assistant.settings import Settings, load, prepare
from assistant.workplace import Workplace

log = logging.getLogger(__name__)
_HOME: dict[str, Callable[[Settings, Clock], Iterable[Finding]]] = {
    "settings": home.check_settings,
    "keys": home.check_keys,
    "disk": home.check_disk,
    "clock": home.check_clock,
    "databases": home.check_databases,
}
_PLACE: dict[str, Callable[[Workplace], Iterable[Finding]]] = {
    "runs": work.check_runs,
    "workers": work.check_workers,
    "machines": machines.check_machines,
    "artifacts": machines.check_artifacts,
    "folders": work.check_folders,
    "channels": work.check_channels,
    "jobs": jobs.check_jobs,
    "model": jobs.check_model,
}


def examine(place: Workplace) -> list[Finding]:
    """Everything that can be looked at from an open workplace, in the order of the checks.

    It takes seconds when databases are large: the panel asks it in a thread.
    """
    return [*_of_home(place.settings, place.clock), *_of_place(place)]


def examine_home(
    given: Callable[[], Settings] = load, *, clock: Clock | None = None
) -> Iterator[Finding]:
    """The same for a home that may not even open. Its workplace is closed when the last is given."""
    try:
        settings = given()
        prepare(settings)
    except AssistantError as wrong:
        yield Finding("settings", "problem", wrong.message, wrong.hint)
        return
    found = list(_of_home(settings, clock or SystemClock()))
    yield from found
    if any(one.check == "databases" and one.level == "problem" for one in found):
        # Opening would set the damaged file aside and begin a new one: a person decides that.
        return
    try:
        place = Workplace.open(settings, clock=clock)
    except AssistantError as wrong:
        yield Finding("databases", "problem", wrong.message, wrong.hint)
        return
    try:
        yield from _of_place(place)
    finally:
        if "models" in place.__dict__:
            place.models.close()
        place.close_store()


def fixed(findings: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """Carry out every cure that is safe; gives each finding with what was done."""
    for finding in findings:
        if finding.fix is not None and finding.level != "fine":
            try:
                yield finding, finding.fix()
            except (AssistantError, OSError) as wrong:
                yield finding, f"It could not be done: {wrong}"


def _of_home(settings: Settings, clock: Clock) -> Iterator[Finding]:
    for name, check in _HOME.items():
        yield from _safely(name, lambda check=check: check(settings, clock))


def _of_place(place: Workplace) -> Iterator[Finding]:
    for name, check in _PLACE.items():
        yield from _safely(name, lambda check=check: check(place))


def _safely(name: str, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except AssistantError as wrong:
        return [Finding(name, "problem", wrong.message, wrong.hint)]
    except Exception as bug:  # one check that breaks must not hide what the others find
        log.exception("the check %s", name)
        return [
            Finding(name, "problem", f"This could not be examined: {type(bug).__name__}: {bug}")
        ]
