"""The panel as a service: what is written is what the manager reads, and it starts the real panel."""

from __future__ import annotations

import configparser
import os
import plistlib
import shlex
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant import service as services
from assistant.service import NoServices, Service, ServiceRefused
from tests.cli.conftest import Command
from tests.panel.running_panel import Panel, free_port

AWKWARD = Path('/srv/50% of $HOME/the "one"')
MADE = Service((sys.executable, "-m", "assistant", "panel", "--no-browser"), AWKWARD)


class Machine:
    """A service manager that does as it is told, or refuses with these words."""

    def __init__(self, refuses: str = "") -> None:
        self.told = list[str]()
        self._refuses = refuses

    def __call__(self, command: Sequence[str]) -> tuple[int, str]:
        self.told.append(" ".join(command))
        return (1, self._refuses) if self._refuses else (0, "active")


def read_unit(text: str) -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None, strict=False)
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read_string(text)
    return read


def test_installing_writes_the_file_and_starts_it_now_and_later(tmp_path: Path) -> None:
    machine, manager = Machine(), services.manager("linux", tmp_path)
    services.install(MADE, manager, machine)
    assert manager.path == tmp_path / ".config/systemd/user/assistant.service"
    assert manager.path.read_text() == services.unit(MADE)
    assert machine.told == [
        "systemctl --user daemon-reload",
        "systemctl --user enable --now assistant.service",
    ]
    assert services.state(manager, machine) == "running"


def test_removing_ends_it_first_and_deletes_the_file(tmp_path: Path) -> None:
    machine, manager = Machine(), services.manager("linux", tmp_path)
    services.install(MADE, manager, machine)
    assert services.remove(manager, machine)
    assert machine.told[-1] == "systemctl --user disable --now assistant.service"
    assert services.state(manager, machine) == "not installed"
    assert not services.remove(manager, machine)


def test_a_manager_that_refuses_is_told_with_its_words_and_the_way_out(tmp_path: Path) -> None:
    manager = services.manager("linux", tmp_path)
    with pytest.raises(ServiceRefused) as refused:
        services.install(MADE, manager, Machine("Failed to connect to bus"))
    assert "daemon-reload` said: Failed to connect to bus" in refused.value.message
    assert "assistant service show --as ACCOUNT" in refused.value.hint


def test_a_mac_gets_an_agent_that_reads_back_as_it_was_meant(tmp_path: Path) -> None:
    manager = services.manager("darwin", tmp_path)
    machine = Machine()
    services.install(MADE, manager, machine)
    read = plistlib.loads(manager.path.read_bytes())
    assert read["ProgramArguments"] == list(MADE.command)
    assert read["EnvironmentVariables"]["ASSISTANT_HOME"] == str(AWKWARD)
    assert (read["RunAtLoad"], read["KeepAlive"]) == (True, True)
    assert machine.told == [f"launchctl load -w {manager.path}"]


def test_another_machine_is_told_what_to_start_itself() -> None:
    with pytest.raises(NoServices) as told:
        services.manager("win32")
    assert "assistant panel --no-browser" in told.value.hint


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
@pytest.mark.parametrize("user", ["", "daemon"])
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path, user: str) -> None:
    path = tmp_path / "assistant.service"
    path.write_text(services.unit(MADE, user=user))
    told = subprocess.run(
        ["systemd-analyze", "verify", str(path)], capture_output=True, text=True, timeout=60
    )
    ours = [line for line in told.stderr.splitlines() if path.name in line or str(path) in line]
    assert (told.returncode, ours) == (0, [])


def test_the_unit_of_a_whole_machine_runs_as_an_account_and_writes_only_in_the_home(
    assistant: Command, home: Path
) -> None:
    shown = assistant("service", "show", "--as", "jo", "--port", "7999")
    read = read_unit(shown.out)["Service"]
    assert (read["User"], read["ProtectSystem"]) == ("jo", "strict")
    assert read["ReadWritePaths"] == str(home)
    assert read["ExecStart"].endswith("-m assistant panel --no-browser --no-demo --port 7999")


def test_what_would_listen_to_others_without_a_password_is_refused_at_once(
    assistant: Command,
) -> None:
    told = assistant("service", "install", "--host", "0.0.0.0")
    assert told.code == 2
    assert "assistant secrets set panel_password" in told.err


def test_the_command_of_the_unit_starts_the_panel_of_its_home(
    assistant: Command, home: Path
) -> None:
    port = free_port()
    read = read_unit(assistant("service", "show", "--port", str(port)).out)["Service"]
    assert read["Environment"] == "PYTHONUNBUFFERED=1"  # the last of two lines; the home is before
    environment = os.environ | {"ASSISTANT_HOME": str(home)}
    panel = Panel(home, port, 0, environment)
    panel.start(*shlex.split(read["ExecStart"]))
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            assert answer.status == 200
    finally:
        panel.stop()
