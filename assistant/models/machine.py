"""What this machine has for models: cores and memory."""

from __future__ import annotations

import os
from pathlib import Path

SMALL_FILE = 128 * 2**20
_MEMINFO = Path("/proc/meminfo")
_UNKNOWN_MEMORY = 4 * 2**30


def usable_threads() -> int:
    """The cores this process may use; llama.cpp's own default is half of them."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:
        return max(1, os.cpu_count() or 1)


def threads_for(size: int) -> int:
    """How many threads a model file of so many bytes is computed with.

    A small one has one: its threads would wait for each other longer than they compute, and
    on a busy machine two of them were fifteen times slower than one.
    """
    return 1 if size < SMALL_FILE else usable_threads()


def available_memory() -> int:
    """Bytes that can be had without swapping; 4 GB where the system does not say."""
    try:
        for line in _MEMINFO.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (ValueError, OSError, AttributeError):
        return _UNKNOWN_MEMORY


def private_memory(pid: int | None) -> int:
    """Bytes that a process would give back by ending; mapped files are not among them."""
    try:
        resident, shared = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1:3]
        return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0
