"""The assistant as a service of the machine's own manager: systemd on Linux, launchd on macOS.

What is written is one file of a person's own account, and the manager is asked to start it now and
whenever that person's services start. For a whole machine the file is only shown: an administrator
reads it before root takes it.
"""

from __future__ import annotations

import plistlib
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assistant.errors import InternalError, RequestWrong

NAME = "assistant"
LABEL = "local.assistant"
AGAIN_SECONDS = 10
STOP_SECONDS = 30


class NoServices(RequestWrong):
    """This machine has no manager of services that we know."""

    def __init__(self, platform: str) -> None:
        super().__init__(
            f"there is no service manager known for '{platform}'",
            hint="Let what starts programs there run `assistant panel --no-browser`.",
        )


class ServiceRefused(InternalError):
    """The manager did not do what it was asked; the file stays as it was written."""


@dataclass(frozen=True)
class Service:
    """What is to be kept running: a command by its whole path, and the home folder it works in."""

    command: tuple[str, ...]
    home: Path


class Ask(Protocol):
    """Runs a command of the manager and gives its exit code with all that it said."""

    def __call__(self, command: Sequence[str]) -> tuple[int, str]: ...


@dataclass(frozen=True)
class Manager:
    """Where a service's file lies, and the manager's commands about it."""

    path: Path
    begin: tuple[tuple[str, ...], ...]
    end: tuple[tuple[str, ...], ...]
    look: tuple[str, ...]
    hint: str
    """What a person may have to do besides, for it to run while nobody is signed in."""


def manager(platform: str = sys.platform, home: Path | None = None) -> Manager:
    """The manager of this machine, for the account whose home is given. Raises NoServices."""
    home = home or Path.home()
    if platform == "darwin":
        path = home / "Library" / "LaunchAgents" / f"{LABEL}.plist"
        return Manager(
            path,
            begin=(("launchctl", "load", "-w", str(path)),),
            end=(("launchctl", "unload", "-w", str(path)),),
            look=("launchctl", "list", LABEL),
            hint="It runs while you are signed in.",
        )
    if platform.startswith("linux"):
        unit = f"{NAME}.service"
        told = ("systemctl", "--user")
        return Manager(
            home / ".config" / "systemd" / "user" / unit,
            begin=((*told, "daemon-reload"), (*told, "enable", "--now", unit)),
            end=((*told, "disable", "--now", unit),),
            look=(*told, "is-active", unit),
            hint="`loginctl enable-linger` lets it run while you are not signed in.",
        )
    raise NoServices(platform)


def text_of(service: Service, path: Path) -> str:
    """The file that the manager of this path reads."""
    return _plist(service) if path.suffix == ".plist" else unit(service)


def unit(service: Service, *, user: str = "") -> str:
    """A unit of systemd. With `user`, one for the whole machine that runs as that account and may
    write nowhere but in the home folder."""
    whole_machine = [
        f"User={user}", "ProtectSystem=strict", "ProtectHome=read-only",
        f"ReadWritePaths={_quoted(str(service.home))}", "PrivateTmp=yes", "NoNewPrivileges=yes",
    ] if user else []  # fmt: skip
    return "\n".join([
        "[Unit]", "Description=Assistant: the panel, jobs and their schedules",
        *(["After=network-online.target", "Wants=network-online.target"] if user else []),
        "", "[Service]",
        f"ExecStart={' '.join(map(_argument, service.command))}",
        f"Environment={_quoted(f'ASSISTANT_HOME={service.home}')}",
        "Environment=PYTHONUNBUFFERED=1",
        # Also after a clean end: a panel begun by hand makes this one leave, and is ended some day.
        "Restart=always", f"RestartSec={AGAIN_SECONDS}", f"TimeoutStopSec={STOP_SECONDS}", "UMask=0077",
        *whole_machine,
        "", "[Install]", f"WantedBy={'multi-user' if user else 'default'}.target", "",
    ])  # fmt: skip


def install(service: Service, manager: Manager, ask: Ask) -> None:
    """Write the file and start the service. Raises ServiceRefused with the manager's words."""
    manager.path.parent.mkdir(parents=True, exist_ok=True)
    manager.path.write_text(text_of(service, manager.path), encoding="utf-8")
    for command in manager.begin:
        _insist(command, ask, f"{manager.path} is written, but the service did not start")


def remove(manager: Manager, ask: Ask) -> bool:
    """End the service and delete its file; False when there was none. Raises ServiceRefused."""
    if not manager.path.exists():
        return False
    for command in manager.end:
        _insist(command, ask, "the service did not end")
    manager.path.unlink()
    return True


def state(manager: Manager, ask: Ask) -> str:
    """`not installed`, `running`, or what the manager says instead."""
    if not manager.path.exists():
        return "not installed"
    code, said = ask(manager.look)
    return "running" if code == 0 else said.strip() or "not running"


def asked(command: Sequence[str]) -> tuple[int, str]:
    """Ask the machine's own manager."""
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired) as wrong:
        return 1, str(wrong)
    return ran.returncode, (ran.stdout + ran.stderr).strip()


def _insist(command: tuple[str, ...], ask: Ask, else_: str) -> None:
    code, said = ask(command)
    if code:
        raise ServiceRefused(
            f"{else_}: `{' '.join(command)}` said: {said or f'exit code {code}'}",
            hint="Without a session of yours: `assistant service show --as ACCOUNT` prints a unit for the whole machine.",
        )


def _plist(service: Service) -> str:
    told = {
        "Label": LABEL,
        "ProgramArguments": list(service.command),
        "EnvironmentVariables": {"ASSISTANT_HOME": str(service.home), "PYTHONUNBUFFERED": "1"},
        "RunAtLoad": True,
        "KeepAlive": True,
        "ThrottleInterval": AGAIN_SECONDS,
        "Umask": 0o077,
        "StandardOutPath": str(service.home / "service.log"),
        "StandardErrorPath": str(service.home / "service.log"),
    }
    return plistlib.dumps(told, sort_keys=False).decode()


def _quoted(word: str) -> str:
    """A word as systemd reads it back: quotes and its specifiers mean themselves."""
    for plain, told in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%")):
        word = word.replace(plain, told)
    return f'"{word}"' if any(char in word for char in " \t'\";") else word


def _argument(word: str) -> str:
    """A word of a command, in which variables mean themselves too."""
    return _quoted(word.replace("$", "$$"))
