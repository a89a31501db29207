"""An engine in a process of its own. A line of JSON says what to do; a line answers."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assistant.engine.engine import Engine
from assistant.engine.request import RunRequest
from assistant.settings import Settings, prepare
from assistant.store.database import Store
from tests.engine.harness import JobFiles, NoModels
from tests.engine.local_skills import LocalSkills


async def main() -> None:
    settings = Settings(home=Path(sys.argv[1]), database_url=os.environ.get("ENGINE_URL", ""))
    prepare(settings)
    engine = await Engine.open(
        settings, store=Store(settings.store_path), library=LocalSkills(), models=NoModels(),
        jobs=JobFiles({}),
    )  # fmt: skip
    print(json.dumps({"worker": engine.worker}), flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        told = json.loads(line)
        told.pop("op")
        print(json.dumps({"run_id": await engine.submit(RunRequest(**told))}), flush=True)
    await engine.close()


if __name__ == "__main__":
    asyncio.run(main())
