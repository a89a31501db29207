"""`assistant demo`: serve the demo newspaper on loopback."""

from __future__ import annotations

import threading
from typing import Annotated

import typer

from assistant.cli.output import line


def register(app: typer.Typer) -> None:
    """Add `assistant demo`."""
    app.command("demo")(demo)


def demo(
    port: Annotated[int, typer.Option(help="The port; the one of the settings without it.")] = 0,
) -> None:
    """Serve the demo newspaper (feeds, pages) on 127.0.0.1, until Ctrl-C."""
    from assistant import settings
    from assistant.demo import DemoSite

    with DemoSite(port or settings.load().demo_port) as site:
        line(f"The demo newspaper is at {site.origin}")
        line(f"Its feed: {site.origin}/feed.xml")
        line("Ctrl-C ends it.")
        threading.Event().wait()
