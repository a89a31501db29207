"""Gradio is loaded without what only its developers need, and holds no more with each look. In a process of its own, as a panel is."""

from __future__ import annotations

import json
import subprocess
import sys

from assistant.settings import PROJECT

PROGRAM = """
import asyncio, json, sys
from pathlib import Path
from assistant.panel.gradio_door import load_gradio

opened = []
sys.addaudithook(lambda name, given: opened.append(str(given[0])) if name == "open" else None)
load_gradio()
stubs = [path for path in opened if path.endswith(".pyi")]
early = [name for name in ("mcp", "pandas.core", "gradio.cli", "gradio.workflow") if name in sys.modules]
import gradio, mcp, pandas
from gradio.workflow import Workflow
with gradio.Blocks(analytics_enabled=False) as page:
    gradio.Button("Go").click(lambda: None)
with gradio.Blocks(analytics_enabled=False) as asking:
    seen, shown = gradio.Textbox(), gradio.HTML()
    gradio.Timer().tick(lambda seen: [gradio.skip(), seen], seen, [seen, shown])

async def held():
    from gradio.state_holder import SessionState
    state, tick = SessionState(asking), asking.fns[0]
    before = len(state.blocks_config.blocks)
    for _ in range(5):
        await asking.preprocess_data(tick, ["what the page has"], state)
        await asking.postprocess_data(tick, [gradio.skip(), "new"], state)
    return len(state.blocks_config.blocks) - before
finders = [type(finder).__name__ for finder in sys.meta_path]
print(json.dumps({
    "stubs": stubs, "early": early, "events": len(page.fns), "mcp": mcp.__name__, "workflow": Workflow.__name__,
    "table": len(pandas.DataFrame({"a": [1, 2]})), "finders": "_Lighter" in finders,
    "held": asyncio.run(held()),
}))
"""


def test_gradio_works_without_its_stubs_and_the_libraries_it_left_out_can_be_loaded_later():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=PROJECT, capture_output=True, text=True, timeout=120
    )
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "stubs": [], "early": [], "events": 1, "mcp": "mcp", "workflow": "Workflow", "table": 2,
        "finders": False, "held": 0,
    }, done.stderr  # fmt: skip


def test_pages_that_were_left_are_given_up():
    # In a process of its own as well: loaded here, Gradio would be the one that its developers need.
    program = """
from assistant.panel.gradio_door import load_gradio
load_gradio()
from gradio.state_holder import StateHolder
from assistant.panel.layout import SESSIONS, build

class Desk:
    starters = ["Say something"]
    def __getattr__(self, name):
        return lambda *given: None

holder = StateHolder()
holder.set_blocks(build(Desk()))
for number in range(SESSIONS + 5):
    holder[f"page {number}"]
print(len(holder.session_data) == SESSIONS, "page 4" in holder, "page 5" in holder)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.split() == ["True", "False", "True"], done.stderr
