"""The `assistant` command: it ends every error in words. What it can do stands in `groups`."""

from __future__ import annotations

import logging
import sys
import traceback

import typer

from assistant.cli.groups import fitting, whole
from assistant.cli.output import envelope, note, put_json, told
from assistant.errors import AssistantError
from assistant.masking import MaskedLines, Masker

INTERRUPTED = 130


def __getattr__(name: str) -> typer.Typer:
    """`app`: every command, for those who look at all of them."""
    if name != "app":
        raise AttributeError(name)
    return whole()


def main() -> None:
    """Run the command line and exit 0, 1 (failed), 2 (wrong request) or 3 (waits for a person)."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """One command; gives its exit code. Nothing is ever shown as a traceback."""
    as_json = "--json" in arguments
    _log()
    try:
        code = fitting(arguments)(arguments, prog_name="assistant", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except AssistantError as wrong:
        return told(wrong, as_json=as_json)
    except typer.Exit as left:
        return left.exit_code
    except (typer.Abort, KeyboardInterrupt):
        note("Interrupted.")
        return INTERRUPTED
    except typer.TyperException as wrong:
        return _usage(wrong, as_json=as_json)
    except BrokenPipeError:
        # The reader of our pipe has left: nobody is there to be told.
        sys.stderr.close()
        return 1
    except Exception as bug:
        return _bug(bug, as_json=as_json)


def _log() -> None:
    """Warnings go to the terminal, without the secrets that a library may put into them."""
    handler = logging.StreamHandler()
    handler.setFormatter(MaskedLines(_masker, "%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def _masker() -> Masker:
    from assistant.secrets import Secrets
    from assistant.settings import load

    try:
        return Secrets(load().home).masker()
    except AssistantError:
        return Masker({})  # settings that cannot be read are told by the command itself


def _usage(wrong: typer.TyperException, *, as_json: bool) -> int:
    context = getattr(wrong, "ctx", None)
    message = wrong.format_message()
    if context and message == context.get_help():
        # A group without a command: its help is the answer.
        note(message)
        return 2
    hint = f"See `{context.command_path} --help`." if context else ""
    error = {"code": "job_bindings_invalid", "message": message, "hint": hint}
    if as_json:
        put_json(envelope(status="failed", error=error), error=True)
    else:
        note(f"{error['message']} ({error['code']})\n{hint}".rstrip())
    return 2


def _bug(bug: Exception, *, as_json: bool) -> int:
    """A fault of ours: one message, and the traceback in a file that can be sent along."""
    import tempfile
    from pathlib import Path

    with tempfile.NamedTemporaryFile("w", prefix="assistant-", suffix=".log", delete=False) as file:
        traceback.print_exception(bug, file=file)
    message = f"something went wrong inside: {type(bug).__name__}: {bug}"
    hint = f"The details are in {Path(file.name)}."
    error = {"code": "internal_error", "message": message, "hint": hint}
    if as_json:
        put_json(envelope(status="failed", error=error), error=True)
    else:
        note(f"{message} (internal_error)\n{hint}")
    return 1
