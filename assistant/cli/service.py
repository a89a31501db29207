"""`assistant service`: let the machine keep the panel running, also after it starts anew."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.output import Json, envelope, line, put_json

if TYPE_CHECKING:
    from assistant.service import Service

app = typer.Typer(
    help="Let this machine keep the panel running, also after it starts anew.",
    no_args_is_help=True,
)
Host = Annotated[
    str, typer.Option(help="Where to listen; beyond this machine only with a password.")
]
Port = Annotated[int, typer.Option(help="The port; the one of the settings without it.")]
Demo = Annotated[bool, typer.Option(help="Serve the demo newspaper too.")]
NO_HOST = "127.0.0.1"


@app.command()
def install(
    host: Host = NO_HOST, port: Port = 0, demo: Demo = False, as_json: Json = False
) -> None:
    """Run the panel as a service of your account, now and whenever your services start."""
    from assistant import service as services

    manager = services.manager()
    services.install(_service(host, port, demo=demo), manager, services.asked)
    if as_json:
        put_json(envelope({"file": str(manager.path), "state": "running"}))
        return
    line(f"The panel runs as a service ({manager.path}). {manager.hint}")
    line("`assistant panel` prints a link to it; `assistant service remove` ends it.")
    line("It does not see your shell's variables: keep keys with `assistant secrets set NAME`.")


@app.command()
def show(
    account: Annotated[
        str,
        typer.Option("--as", metavar="ACCOUNT", help="For a whole machine, run as this account."),
    ] = "",
    host: Host = NO_HOST,
    port: Port = 0,
    demo: Demo = False,
    as_json: Json = False,
) -> None:
    """Print the file that install writes, or one for a whole machine; change nothing."""
    from assistant import service as services

    made = _service(host, port, demo=demo)
    if account:
        path = Path("/etc/systemd/system") / f"{services.NAME}.service"
        text = services.unit(made, user=account)
    else:
        path = services.manager().path
        text = services.text_of(made, path)
    if as_json:
        put_json(envelope({"file": str(path), "text": text}))
    else:
        line(text.rstrip("\n"))


@app.command()
def status(as_json: Json = False) -> None:
    """Say whether the service is installed and running."""
    from assistant import service as services

    manager = services.manager()
    state = services.state(manager, services.asked)
    if as_json:
        put_json(envelope({"file": str(manager.path), "state": state}))
    else:
        line(f"{manager.path}: {state}")


@app.command()
def remove(as_json: Json = False) -> None:
    """End the service and delete its file; jobs, runs and settings stay."""
    from assistant import service as services

    manager = services.manager()
    removed = services.remove(manager, services.asked)
    if as_json:
        put_json(envelope({"file": str(manager.path), "removed": removed}))
    else:
        line("The service is ended and its file deleted." if removed else "There is no service.")


def _service(host: str, port: int, *, demo: bool) -> Service:
    """The panel as a service. A host beyond this machine needs its password now, not at midnight."""
    from assistant import settings
    from assistant.panel.login import SECRET, password_for
    from assistant.secrets import Secrets
    from assistant.service import Service

    made = settings.load()
    settings.prepare(made)
    password_for(host, Secrets(made.home).get(SECRET, ""))
    command = [str(Path(sys.executable).absolute()), "-m", "assistant", "panel", "--no-browser"]
    command += [] if demo else ["--no-demo"]
    command += ["--host", host] if host != NO_HOST else []
    command += ["--port", str(port)] if port else []
    return Service(tuple(command), made.home.absolute())
