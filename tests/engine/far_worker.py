"""A worker on a machine of its own: nothing but the database, the artifact location and skills.

`far_worker.py HOME URL FILES [QUEUE…]` says `ready` and works until its input ends.
`$WORKER_WITHOUT` names a skill that this machine has not, `$WORKER_INTERPRETER` its program's.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assistant.engine import sharing
from assistant.engine.engine import Engine
from assistant.settings import Settings, prepare
from assistant.store.database import Store
from tests.engine.harness import JobFiles, NoModels
from tests.engine.local_skills import LocalSkills


async def main(home: str, url: str, files: str, *queues: str) -> None:
    settings = Settings(home=Path(home), database_url=url, artifacts_url=files)
    prepare(settings)
    sharing.INTERPRETER = int(os.environ.get("WORKER_INTERPRETER", sharing.INTERPRETER))  # pyright: ignore[reportConstantRedefinition]
    engine = await Engine.open(
        settings, store=Store(settings.store_path), models=NoModels(),
        library=LocalSkills(without=os.environ.get("WORKER_WITHOUT", "")),
        jobs=JobFiles({}), secrets={}, queues=queues or ("default",),
    )  # fmt: skip
    print("ready", engine.worker, flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await engine.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
