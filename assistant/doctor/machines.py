"""The work that machines share through PostgreSQL: who is dead, what it held, and what happens next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

from assistant.doctor.findings import Finding
from assistant.errors import AssistantError, InternalError
from assistant.settings import Settings
from assistant.store.far_files import FarFiles
from assistant.store.far_runs import DEAD_AFTER_SECONDS, FarRuns, Holder
from assistant.workplace import Workplace

_TAKEN_OVER = 30.0
"""Seconds within which the living go on with what a dead worker left."""
_NAMED = 5
_AFTER = "Finished steps are not made again; a write that was under way ends as unknown."


def check_machines(place: Workplace) -> Iterator[Finding]:
    """Nothing without ASSISTANT_DATABASE_URL."""
    url = place.settings.database_url
    if not url:
        return
    if not is_shared(place.settings):
        lives(place.settings, "nobody")  # asks the server
        yield Finding("machines", "fine", "The PostgreSQL of the durable state answers.")
        return
    from assistant.store.postgres import PostgresStore  # its driver is slow to import

    with closing(PostgresStore(url, clock=place.clock)) as store:
        far = FarRuns(store)
        holders = far.holders()
        living = {one.name for one in holders if lives(place.settings, one.name)}
        dead = {one.name for one in holders} - living
        found = [f for one in holders for f in _of_worker(place, far, one, dead)]
    yield from found
    if not found:
        told = ", ".join(sorted(living)) or "none, so all runs are made at home"
        yield Finding("machines", "fine", f"PostgreSQL answers. Workers: {told}.")


def check_artifacts(place: Workplace) -> Iterator[Finding]:
    """The place for files that all machines reach, tried with a file that goes again."""
    if is_shared(place.settings):
        FarFiles(place.settings.artifacts_url).probe()
        told = f"Files can be written to and read from {place.settings.artifacts_url}."
        yield Finding("artifacts", "fine", told)


def is_shared(settings: Settings) -> bool:
    """Whether workers without this home folder may take its runs."""
    return bool(settings.database_url and settings.artifacts_url)


def lives(settings: Settings, worker: str) -> bool:
    """Whether a process has that name: its lock on the server is taken. Raises InternalError."""
    from sqlalchemy.exc import SQLAlchemyError  # only with PostgreSQL: it takes a while to import

    from assistant.engine.slots import PostgresSlots

    try:
        free = PostgresSlots(settings.database_url).try_take(worker)
    except SQLAlchemyError as refused:
        raise InternalError(
            f"PostgreSQL does not answer: {str(refused).splitlines()[0]}",
            hint="Is ASSISTANT_DATABASE_URL right, and the server running? Runs wait until it is.",
        ) from refused
    if free is not None:
        free.free()
    return free is None


def _of_worker(place: Workplace, far: FarRuns, one: Holder, dead: set[str]) -> Iterator[Finding]:
    alive, silent = one.name not in dead, one.silent or 0.0
    if alive and silent > DEAD_AFTER_SECONDS:
        yield Finding(
            "machines", "problem",
            f"Worker {_who(one)} is there and has not been heard of for {_span(silent)}.{_held(one)}",
            "It hangs. End that process: what it held is taken over within 30 seconds.",
        )  # fmt: skip
    elif not alive and one.runs:
        late = silent > _TAKEN_OVER or one.silent is None
        cure, command = _next(place, far, one, dead)
        yield Finding(
            "machines", "problem" if command or late else "warning",
            f"Worker {_who(one)} is dead{_since(one)}.{_held(one)}", cure, command,
        )  # fmt: skip
    elif not alive:
        queues = ",".join(one.queues)
        yield Finding(
            "machines", "warning", f"Worker {_who(one)} is dead{_since(one)}. It held no run.",
            "Start it again on its machine, or forget it.", f"assistant worker --queues {queues}",
            fix=lambda: _forget(place.settings, one.name),
        )  # fmt: skip


def _next(place: Workplace, far: FarRuns, one: Holder, dead: set[str]) -> tuple[str, str]:
    """What happens with the runs of a dead worker by itself, or what to do and to type for it."""
    stranded = sorted(far.stranded(one.runs, dead))
    if not stranded:
        return f"A living worker takes them over within 30 seconds. {_AFTER}", ""
    if place.is_hosted():
        return (
            f"No living worker can make {_named(stranded)}: this home takes over within 30 seconds."
            f" {_AFTER} If it does not, restart the panel or worker of this home.", "",
        )  # fmt: skip
    queues = ",".join(one.queues) or "default"
    return (
        f"Nobody that lives can make {_named(stranded)}. Start the panel or a worker of this home, or"
        f" one on any machine that has the skills (assistant worker --queues {queues}): it goes on"
        f" from the step they were at. {_AFTER}",
        "assistant worker",
    )


def _forget(settings: Settings, worker: str) -> str:
    from assistant.store.postgres import PostgresStore

    try:
        with closing(PostgresStore(settings.database_url)) as store:
            FarRuns(store).rest(worker)
    except AssistantError as wrong:
        return wrong.message
    return f"{worker} is forgotten."


def _who(one: Holder) -> str:
    return f"{one.name} ({one.place})" if one.place else one.name


def _since(one: Holder) -> str:
    return "" if one.silent is None else f", and was last heard of {_span(one.silent)} ago"


def _held(one: Holder) -> str:
    if not one.runs:
        return ""
    return f" It held {len(one.runs)} run{'s' if len(one.runs) > 1 else ''}: {_named(one.runs)}."


def _named(runs: Sequence[str]) -> str:
    more = f" and {len(runs) - _NAMED} more" if len(runs) > _NAMED else ""
    return ", ".join(runs[:_NAMED]) + more


def _span(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.0f} hours"
