"""Gradio is loaded without what only its developers need. In a process of its own, as a panel is."""

from __future__ import annotations

import json
import subprocess
import sys

from assistant.settings import PROJECT

PROGRAM = """
import json, sys
from pathlib import Path
from assistant.panel.gradio_door import load_gradio

opened = []
sys.addaudithook(lambda name, given: opened.append(str(given[0])) if name == "open" else None)
load_gradio()
stubs = [path for path in opened if path.endswith(".pyi")]
early = "mcp" in sys.modules
import gradio, mcp
with gradio.Blocks(analytics_enabled=False) as page:
    gradio.Button("Go").click(lambda: None)
finders = [type(finder).__name__ for finder in sys.meta_path]
print(json.dumps({"stubs": stubs, "early": early, "events": len(page.fns), "mcp": mcp.__name__, "finders": "_WithoutStubs" in finders}))
"""


def test_gradio_works_without_its_stubs_and_the_library_it_left_out_can_be_loaded_later():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=PROJECT, capture_output=True, text=True, timeout=120
    )
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "stubs": [], "early": False, "events": 1, "mcp": "mcp", "finders": False,
    }, done.stderr  # fmt: skip
