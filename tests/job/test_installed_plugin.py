"""A plugin that an installed package brings: found by its entry point, asked in its own process."""

from __future__ import annotations

import json
import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest

PLUGIN = """\
from assistant.job.hooks import hookimpl

@hookimpl
def jobs():
    return ["soup"]

@hookimpl
def phases():
    return [{"name": "legal", "after": "verify"}]

@hookimpl
def allow_tool(job, skill, arguments, state):
    state["asked"] = state.get("asked", 0) + 1
    return f"{skill} is not for the kitchen" if skill == "send_email" else None
"""
ASKING = """\
import json, sys
from pathlib import Path
from assistant.errors import PolicyDenied
from assistant.job.guide import Guide
from assistant.settings import Settings, prepare
from assistant.store.database import Store
from assistant.store.jobs import JobRepository
from assistant.store.runs import RunRepository

settings = Settings(home=Path(sys.argv[1]), guard_seconds=60.0)
prepare(settings)
store = Store(settings.store_path)
guide = Guide(JobRepository(store, settings), RunRepository(store), settings, store.clock)
told = {}
for name in ("soup", "bread"):
    job = guide.jobs.create(name)
    told[name] = {"order": guide.cycle(job).order, "denied": []}
    for skill in ("fetch_feed", "send_email"):
        try:
            guide.check_tool(job, skill, {})
        except PolicyDenied as denied:
            told[name]["denied"].append([denied.message, denied.hint])
    told[name]["state"] = guide.runs.remembered(job.id, "plugin:kitchen", "state")
print(json.dumps(told))
"""


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """An interpreter with all that this one has and one more package, `kitchen-rules`."""
    made = tmp_path / "venv"
    venv.create(made, symlinks=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(made)}))
    ours = sysconfig.get_path("purelib")
    (site / "ours.pth").write_text(f"import site; site.addsitedir({ours!r})\n")
    (site / "kitchen_rules.py").write_text(PLUGIN)
    info = site / "kitchen_rules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: kitchen-rules\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[assistant.plugins]\nkitchen = kitchen_rules\n")
    return made / "bin" / "python"


def test_a_plugin_of_an_installed_package_has_its_say_in_the_jobs_it_names(
    python: Path, tmp_path: Path
) -> None:
    ran = subprocess.run(
        [str(python), "-c", ASKING, str(tmp_path / "home")],
        capture_output=True, text=True, timeout=120, cwd=tmp_path,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["soup"] == {
        "order": ["observe", "plan", "execute", "verify", "legal", "condense"],
        "denied": [
            ["kitchen does not allow it: send_email is not for the kitchen",
             "The plugin lies in kitchen_rules."],
        ],
        "state": {"asked": 2},
    }  # fmt: skip
    assert told["bread"] == {
        "order": ["observe", "plan", "execute", "verify", "condense"], "denied": [], "state": None,
    }  # fmt: skip
