"""`assistant …` in the process of the tests: starting another takes longer than most commands do."""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import patch

from assistant.cli.main import run


def command(environment: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Exit code, output and errors of a command, as another process would give them.

    It has a thread of its own, since a browser's driver keeps the event loop of ours.
    """
    out, err = io.StringIO(), io.StringIO()

    def work() -> int:
        with redirect_stdout(out), redirect_stderr(err):
            return run(list(words))

    with patch.dict(os.environ, environment), ThreadPoolExecutor(1) as thread:
        code = thread.submit(work).result()
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())
