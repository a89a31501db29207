"""Compile the two hashed lock files from pyproject.toml: `make lock`.

`requirements.lock` is what the product runs on, `requirements-dev.lock` adds what its tests
need. Both hold for CPython 3.11, 3.12 and 3.13 and name no index.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {
    "requirements.lock": ("postgres", "setup"),
    "requirements-dev.lock": ("postgres", "setup", "dev", "s3"),
}


def command(lock: str, target: Path, *, keep: bool) -> list[str]:
    """The compiler's command line; `keep` holds on to the versions that the lock names now."""
    extras = [word for extra in LOCKS[lock] for word in ("--extra", extra)]
    line = [
        sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--universal",
        "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url",
        "--no-annotate", "--no-header", "--quiet", "--output-file", str(target), *extras,
    ]  # fmt: skip
    if lock != "requirements.lock":
        line += ["--constraint", "requirements.lock"]
    return line if keep else [*line, "--upgrade"]


def main() -> None:
    for lock in LOCKS:
        subprocess.run(
            command(lock, ROOT / lock, keep="--upgrade" not in sys.argv), cwd=ROOT, check=True
        )


if __name__ == "__main__":
    main()
