"""A panel in a process of its own, as the tests hold it."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from assistant.settings import PROJECT


@dataclass
class Panel:
    """A running panel. `link` opens it once; `new_link` asks the command for another one."""

    home: Path
    port: int
    demo_port: int
    process: subprocess.Popen[str]
    environment: dict[str, str]
    link: str
    started_in: float

    @property
    def feed(self) -> str:
        return f"http://127.0.0.1:{self.demo_port}/feed.xml"

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "assistant", *words],
            cwd=PROJECT, env=self.environment, capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    def new_link(self) -> str:
        return link_in(self.command("panel", "--no-browser").stdout)


def link_in(text: str) -> str:
    return re.findall(r"http://\S+\?key=\S+", text)[-1]
