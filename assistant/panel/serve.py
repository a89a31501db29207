"""Starting the panel: one per home folder, on loopback, opened by a link that works once."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
import webbrowser
from dataclasses import dataclass

from assistant.demo import DemoPortTaken, DemoSite
from assistant.errors import RequestWrong
from assistant.panel.login import SECRET, Password, password_for
from assistant.panel.safety import Links
from assistant.settings import Settings, load
from assistant.workplace import AlreadyRunning, Workplace

HOST = "127.0.0.1"


class PortTaken(RequestWrong):
    """Another program listens where the panel should."""


@dataclass(frozen=True)
class Ears:
    """Where the panel listens, and the password it asks those beyond this machine for."""

    host: str
    port: int
    password: Password | None = None


def serve(*, port: int = 0, host: str = HOST, demo: bool = True, browser: bool = True) -> None:
    """Run the panel until it is told to stop.

    A second one on the same home folder prints a new link to the first and returns. Raises
    PortTaken, SettingsWrong; PasswordNeeded for a host beyond this machine without a password.
    """
    settings = load()
    place = Workplace.open(settings)
    links = Links(settings.locks_dir / "panel-links.json")
    try:
        chosen = port or settings.panel_port
        password = password_for(host, place.secrets.get(SECRET, ""), settings.panel_address)
        address = f"http://{HOST}:{chosen}"
        place.host(address)
        _check_free(host, chosen)
        _say_set_aside(place)
        ears = Ears(host, chosen, password)
        _run(place, settings, links, ears, demo=demo, browser=browser)
    except AlreadyRunning as other:
        print(f"The panel of {settings.home} is running already.")
        _show(f"{other.address}/?key={links.new()}", browser=browser)
    finally:
        place.close_store()


def _run(
    place: Workplace, settings: Settings, links: Links, ears: Ears, *, demo: bool, browser: bool
) -> None:
    print("Starting the panel …", flush=True)
    # Imported now and not before: Gradio takes seconds, and a mistake in the settings none.
    import uvicorn

    from assistant.panel.desk import PanelDesk
    from assistant.panel.gradio_door import load_gradio

    load_gradio()
    from assistant.panel.server import application, guarded
    from assistant.panel.sessions import Sessions

    site = _demo(settings) if demo else None
    desk = PanelDesk(place, demo_feed=site.feed if site else "")
    whole = application(
        desk, runs_dir=settings.runs_dir, approvals=place.alerts.approvals, hooks=place.hooks
    )
    app = guarded(
        whole,
        links=links,
        sessions=Sessions(
            settings.locks_dir / "panel-sessions.json", place.secrets.get(SECRET, "")
        ),
        port=ears.port,
        public=settings.panel_address,
        password=ears.password,
    )
    server = uvicorn.Server(
        uvicorn.Config(
            app, host=ears.host, port=ears.port, log_level="warning", timeout_graceful_shutdown=2
        )
    )

    async def live() -> None:
        serving = asyncio.create_task(server.serve())
        try:
            while not server.started and not serving.done():
                await asyncio.sleep(0.02)
            # The page shows the store; what runs jobs can come while it is being read. Whoever
            # asks for the engine meanwhile waits for it.
            if server.started:
                _show(f"http://{HOST}:{ears.port}/?key={links.new()}", browser=browser)
                if ears.password is not None:
                    print(f"  Others on the network are asked for the password ({SECRET}).")
                await desk.open()
            await serving
        finally:
            server.should_exit = True
            await asyncio.wait([serving])
            await desk.close()
            await place.close()

    try:
        # The server gives Ctrl-C on after it has closed: by then there is nothing left to do.
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(live())
    finally:
        if site:
            site.stop()


def _show(link: str, *, browser: bool) -> None:
    print(
        f"\n  Open  {link}\n\n  The link works once; `assistant panel` prints another. Ctrl-C ends the panel.",
        flush=True,
    )
    if browser and sys.stdout.isatty():
        webbrowser.open(link)


def _demo(settings: Settings) -> DemoSite | None:
    """The demo newspaper, unless it is switched off or somebody else has its port."""
    if not settings.demo_port:
        return None
    try:
        return DemoSite(settings.demo_port).start()
    except DemoPortTaken as taken:
        print(f"No demo newspaper: {taken.message}. {taken.hint}", flush=True)
        return None


def _check_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            raise PortTaken(
                f"port {port} of this machine is taken by another program",
                hint=f"Choose another: assistant panel --port {port + 1}",
            ) from taken


def _say_set_aside(place: Workplace) -> None:
    if place.store.set_aside:
        print(
            f"The store could not be read. It is kept as {place.store.set_aside}; a new one begins.",
            flush=True,
        )
