"""The commands at the top, with the module of each: only what is asked for is loaded.

Everything together takes a third of a second to import and to join; `assistant --help` needs the
names alone, and `assistant jobs list` one group.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import typer

COMMANDS: dict[str, tuple[str, str]] = {
    "ask": ("ask", "Answer a prompt at once, or draft the job it describes."),
    "backup": ("backups", "Write jobs, store, settings, skills and knowledge into one file; never a secret."),
    "expr": ("expressions", "Evaluate an expression over JSON data and print what it gives."),
    "demo": ("demo", "Serve the demo newspaper (feeds, pages) on 127.0.0.1, until Ctrl-C."),
    "doctor": ("doctor", "Examine settings, keys, disk, clock, databases, runs, workers, machines, channels, jobs, model."),
    "panel": ("serving", "Open the panel on 127.0.0.1; it runs the jobs and keeps their schedules."),
    "worker": ("serving", "Run jobs and keep their schedules without a panel, until Ctrl-C."),
    "work": ("work", "Let all active and pending jobs go on unattended."),
}  # fmt: skip
"""Single commands: the module that registers each, and its line in the help."""
GROUPS: dict[str, tuple[tuple[str, ...], str]] = {
    "jobs": (("jobs", "jobs_runs", "jobs_debug", "jobs_deleting", "jobs_files", "jobs_guide", "jobs_said", "jobs_schedule", "jobs_triggers"),
             "Draft, run, schedule and change jobs."),
    "runs": (("runs",), "See, replay and answer runs."),
    "alerts": (("alerts",), "See alerts, and set up the channels they go to."),
    "heal": (("heal",), "See and decide repairs of failing steps."),
    "skills": (("skills",), "See and try the skills that steps are made of."),
    "models": (("models",), "See the models that can answer."),
    "secrets": (("secrets",), "Keep passwords and keys for skills and models."),
    "databases": (("databases",), "See and name the databases that can be asked."),
    "settings": (("settings",), "See and change the settings."),
    "service": (("service",), "Let this machine keep the panel running, also after it starts anew."),
    "eval": (("evals",), "Measure the parts that a model decides."),
    "mcp": (("mcp",), "Serve jobs and skills over MCP; list the tools of MCP servers."),
    "voices": (("voices",), "The coaching texts that models are guided by."),
    "knowledge": (("knowledge",), "What was learned in jobs, as files of yours."),
    "insight": (("insight",), "See how jobs do, and what could be better."),
}  # fmt: skip
HIDDEN = {"serve": "serving"}


def whole() -> typer.Typer:
    """Every command."""
    app = _bare()
    for module in dict.fromkeys(module for module, _ in COMMANDS.values()):
        _register(app, module)
    for name in GROUPS:
        _add_group(app, name)
    return app


def fitting(arguments: Sequence[str]) -> typer.Typer:
    """The commands that these arguments need: one of them, or for the help the names of all."""
    first = arguments[0] if arguments else "--help"
    app = _bare()
    if first in GROUPS:
        _add_group(app, first, *arguments[1:2])
    elif first in COMMANDS or first in HIDDEN:
        _register(app, HIDDEN.get(first) or COMMANDS[first][0])
    elif first == "--help":
        for name, (_, told) in (COMMANDS | GROUPS).items():
            app.command(name, help=told)(_nothing)
    else:
        return whole()
    # One command alone would be taken for the whole program.
    app.callback()(_nothing)
    return app


def _nothing() -> None:
    return None


def _bare() -> typer.Typer:
    return typer.Typer(
        name="assistant",
        help="A chat in which every prompt belongs to a job that you can run, schedule and trust.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )


def _register(app: typer.Typer, module: str) -> None:
    register: Callable[[typer.Typer], None] = _module(module).register
    register(app)


def _add_group(app: typer.Typer, name: str, command: str = "") -> None:
    """Add a group; when `command` is one of its own, with that one alone."""
    modules, told = GROUPS[name]
    if len(modules) == 1:
        group: typer.Typer = _module(modules[0]).app
        app.add_typer(group, name=name)
        return
    group = typer.Typer(help=told, no_args_is_help=True)
    for module in modules:
        _register(group, module)
        found = [one for one in group.registered_commands if _name(one) == command]
        if found:
            group.registered_commands = found
            # One command alone would be taken for the whole group.
            group.callback()(_nothing)
            break
    app.add_typer(group, name=name)


def _name(command: Any) -> str:
    return str(command.name or command.callback.__name__.replace("_", "-"))


def _module(name: str) -> Any:
    return import_module(f"assistant.cli.{name}")
