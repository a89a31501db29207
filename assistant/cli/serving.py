"""`assistant panel`, `assistant worker`: processes that stay and keep the schedules."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.output import line, note
from assistant.cli.session import with_engine

if TYPE_CHECKING:
    from assistant.schedule.hook_server import HookServer
    from assistant.workplace import Workplace


def register(app: typer.Typer) -> None:
    """Add `assistant panel` (also as `serve`) and `assistant worker`."""
    app.command("panel")(panel)
    app.command("serve", hidden=True)(panel)
    app.command("worker")(worker)


def panel(
    port: Annotated[int, typer.Option(help="The port; the one of the settings without it.")] = 0,
    host: Annotated[
        str, typer.Option(help="Where to listen; beyond this machine only with a password.")
    ] = "127.0.0.1",
    demo: Annotated[bool, typer.Option(help="Serve the demo newspaper too.")] = True,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Open the panel on 127.0.0.1; it runs the jobs and keeps their schedules."""
    from assistant.panel.serve import serve

    serve(port=port, host=host, demo=demo, browser=browser)


def worker(
    queues: Annotated[
        str,
        typer.Option(
            metavar="NAME,…",
            help="Take runs from these queues, for a home on another machine; keep no schedules.",
        ),
    ] = "",
) -> None:
    """Run jobs and keep their schedules without a panel, until Ctrl-C."""
    served = tuple(name for given in queues.split(",") if (name := given.strip()))

    async def work(place: Workplace) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        if served:
            engine = await place.engine(served)
            line(f"Worker {engine.worker} serves {', '.join(served)}. Ctrl-C ends it.")
            await stop.wait()
        else:
            await place.keep_schedules()
            line(f"Keeping the schedules of {place.settings.home}. Ctrl-C ends it.")
            async with _hooks_taken(place):
                await stop.wait()
        line("Stopped. Runs that were going on are taken up by the next process.")

    with_engine(work)


@asynccontextmanager
async def _hooks_taken(place: Workplace) -> AsyncGenerator[None]:
    """Take what others post to jobs meanwhile, as soon as no other worker of this machine does."""
    from assistant.schedule.hook_server import HookServer

    port = place.settings.hook_port
    server = HookServer(lambda: place.hooks, host=place.settings.hook_host, port=port)
    opening = asyncio.create_task(_open_hooks(server), name="hooks open") if port else None
    try:
        yield
    finally:
        if opening is not None:
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
        await server.stop()


async def _open_hooks(server: HookServer) -> None:
    await server.start_when_free(lambda taken: note(f"{taken.message}. {taken.hint}"))
    line(f"Hooks are taken at http://{server.host}:{server.port}/hooks/JOB/TRIGGER")
