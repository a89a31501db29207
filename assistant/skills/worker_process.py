"""The other end of `workers`: a program that answers requests about bytes until stdin ends.

It imports nothing large, because such a program is started anew for most calls.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

MEMORY = 3_000_000_000


def serve(answer: Callable[[bytes, Mapping[str, Any]], dict[str, Any]]) -> None:
    """Answer each request, a line of JSON and so many bytes; what is printed goes to stderr."""
    _limit_memory()
    source = sys.stdin.buffer
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while line := source.readline():
        request = json.loads(line)
        told = answer(source.read(request["length"]), request)
        out.write(json.dumps(told).encode() + b"\n")
        out.flush()


def _limit_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ImportError, ValueError, OSError):
        return  # a system without limits: the time limit is left
