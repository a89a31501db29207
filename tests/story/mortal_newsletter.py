"""Runs the real newsletter job in lives that end with SIGKILL at a chosen boundary.

Run as a program: `mortal_newsletter.py HOME FEED` prints one JSON report for each boundary of a
recorded step (before its body, after it, after its record). Everything is imported once; each
life is a fork, opens the whole workplace on its home and waits for the run to end.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from assistant.engine.durable import Durable  # noqa: E402
from assistant.engine.request import RunRequest  # noqa: E402
from assistant.settings import load  # noqa: E402
from assistant.workplace import Workplace  # noqa: E402

RUN = "20260302T070000000Z-kill"
JOB = """\
job: battery-digest
title: Battery digest
steps:
  - id: read
    skill: fetch_feed
    with: {url: "FEED", limit: 50}
  - id: best
    skill: rank_items
    with: {items: "${{ steps.read.items }}", topic: batteries, limit: 5}
  - id: letter
    skill: compile_newsletter
    with: {title: Battery digest, items: "${{ steps.best.items }}"}
  - id: send
    skill: send_email
    with: {to: jo@example.org, newsletter: "${{ steps.letter.newsletter }}"}
outputs: {count: "${{ size(steps.best.items) }}"}
"""


async def live(home: Path, feed: str) -> None:
    """Submit the job's run (again) and wait until it has ended."""
    place = Workplace.open(load(home=home))
    engine = await place.engine()
    yaml = JOB.replace("FEED", feed)
    grant = [{"skill": "send_email", "targets": ["jo@example.org"]}]
    request = RunRequest("battery-digest", yaml, version=1, run_id=RUN, grants=tuple(grant))
    await engine.submit(request)
    await engine.wait(RUN, 60)
    await place.close()


def die_at(number: int) -> None:
    """Make this process kill itself at the n-th boundary of a recorded step."""
    plain = Durable.step
    passed = 0

    def boundary() -> None:
        nonlocal passed
        passed += 1
        if passed == number:
            os.kill(os.getpid(), signal.SIGKILL)

    async def step(self: Durable, name: str, body: Any) -> Any:
        async def watched() -> Any:
            boundary()
            made = await body()
            boundary()
            return made

        made = await plain(self, name, watched)
        boundary()
        return made

    Durable.step = step  # type: ignore[method-assign]


def life(home: Path, feed: str, number: int) -> bool:
    """Live once in a fork; gives whether it was killed."""
    child = os.fork()
    if child == 0:
        log = (home / "life.log").open("a")
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        if number:
            die_at(number)
        try:
            asyncio.run(live(home, feed))
            os._exit(0)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) and os.WEXITSTATUS(status):
        raise SystemExit((home / "life.log").read_text())
    return os.WIFSIGNALED(status)


def started(home: Path) -> dict[str, tuple[int, bool]]:
    """By path: how many attempts were started, and whether one has succeeded."""
    place = Workplace.open(load(home=home))
    found: dict[str, tuple[int, bool]] = {}
    if place.runs.find(RUN):
        for row in place.runs.attempts(RUN):
            count, done = found.get(row.path, (0, False))
            found[row.path] = (count + 1, done or row.status == "succeeded")
    place.close_store()
    return found


def report(home: Path, number: int, before: dict[str, tuple[int, bool]]) -> dict[str, Any]:
    place = Workplace.open(load(home=home))
    row = place.runs.get(RUN)
    steps = {a.path: a.status for a in place.runs.attempts(RUN)}
    after = started(home)
    place.close_store()
    return {
        "die_at": number,
        "status": row.status,
        "outputs": row.outputs,
        "send": steps.get("send"),
        "finished_before": sorted(path for path, (_, done) in before.items() if done),
        "repeated": sorted(
            path for path, (count, done) in before.items() if done and after[path][0] > count
        ),
        "letters": len(list((home / "outbox").glob("*.eml"))),
        "receipt": (home / "runs" / "battery-digest" / RUN / "run_receipt.json").is_file(),
    }


def main() -> None:
    base, feed = Path(sys.argv[1]), sys.argv[2]
    reports: list[dict[str, Any]] = []
    for number in range(1, 200):
        home = base / str(number)
        home.mkdir(parents=True)
        if not life(home, feed, number):
            break
        before = started(home)
        life(home, feed, 0)
        reports.append(report(home, number, before))
    print(json.dumps(reports))


if __name__ == "__main__":
    main()
