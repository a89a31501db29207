"""Processes that are killed in mid-move: `python -m tests.job.crashing FOLDER`.

One for each phase, forked so that what they need is imported once. Each takes a job of its own
home, FOLDER/<phase>, to the phase, asks a question there, and begins the next move; SIGKILL comes
after the first statement of that move and before the second, inside their transaction. Prints how
each ended.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from assistant.job.guide import Guide
from assistant.job.phases import PHASES
from assistant.job.questions import Question
from assistant.job.routing import route
from assistant.settings import Settings, prepare
from assistant.store.database import Store
from assistant.store.jobs import JobRepository
from assistant.store.runs import RunRepository


def die_within_a_move(statement: str) -> None:
    """Trace callback: SQLite calls it as a statement begins."""
    if statement.startswith("insert into interactions") and "'phase'" in statement:
        os.kill(os.getpid(), signal.SIGKILL)


def be_killed(home: Path, phase: str) -> None:
    settings = Settings(home=home)
    prepare(settings)
    store = Store(settings.store_path)
    jobs = JobRepository(store, settings)
    guide = Guide(jobs, RunRepository(store), settings, store.clock)
    job = route(jobs, "fish soup").job
    guide.enter(job.id, phase, "on", footer="It has salt.")
    guide.ask(job.id, [Question("CLARIFY", f"Is {phase} right?", ("yes", "no"))])
    jobs.add_interaction(job.id, "answer", "assistant", f"I am in {phase}.")
    store.db.conn.set_trace_callback(die_within_a_move)
    if phase == PHASES[-1]:
        guide.begin_cycle(job.id, "the next cycle")
    else:
        guide.enter(job.id, guide.cycle(job).later(phase), "on again", footer="Half said.")


def main(folder: Path) -> None:
    for phase in PHASES:
        child = os.fork()
        if not child:
            be_killed(folder / phase, phase)
            os._exit(0)
        print(phase, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
