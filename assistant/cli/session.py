"""One command's hold on the workplace: opened late, closed always, Ctrl-C clean."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.cli.output import note

if TYPE_CHECKING:
    from assistant.workplace import Workplace

T = TypeVar("T")


@contextmanager
def workplace() -> Generator[Workplace]:
    """The workplace of the settings in force. A store that was set aside is named."""
    from assistant import settings
    from assistant.workplace import Workplace

    place = Workplace.open(settings.load())
    try:
        if place.store.set_aside:
            note(
                f"The store could not be read. It is kept as {place.store.set_aside}; a new one begins."
            )
        yield place
    finally:
        place.close_store()


def with_engine(work: Callable[[Workplace], Coroutine[Any, Any, T]]) -> T:
    """Run async work on a workplace and close its engine, models and store afterwards."""
    with workplace() as place:

        async def whole() -> T:
            try:
                return await work(place)
            finally:
                await place.close()

        return asyncio.run(whole())
