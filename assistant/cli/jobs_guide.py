"""`assistant jobs`: where a job is in its cycle, its questions, plan, notes, dependencies and end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.jobs import Job
from assistant.cli.output import Json, envelope, line, put_json, table
from assistant.cli.session import with_engine, workplace
from assistant.errors import BindingsInvalid

if TYPE_CHECKING:
    from assistant.chat.events import TurnEvent
    from assistant.chat.turn import Conversation
    from assistant.workplace import Workplace

Tell = Callable[["Conversation"], AsyncIterator["TurnEvent"]]


def register(app: typer.Typer) -> None:
    """Add the commands to `assistant jobs`."""
    for command in (
        phase, questions, answer, done, back, park, reopen, plan, set_plan_file, outstanding, notes,
        depend, pending, second, new_plugin,
    ):  # fmt: skip
        app.command(command.__name__.replace("_", "-"))(command)


def phase(job: Job, as_json: Json = False) -> None:
    """Show where a job is in its cycle, its plan, and what it waits for."""
    from assistant.chat import reading

    with workplace() as place:
        record = place.jobs.get(job)
        shown = asdict(reading.strip(place, record))
        told = reading.standing_in_words(place, record)
    if as_json:
        put_json(envelope(shown, job_id=record.id))
    else:
        line(told)


def questions(
    job: Annotated[str, typer.Argument(metavar="JOB", help="A job; all without it.")] = "",
    as_json: Json = False,
) -> None:
    """List what waits for your answer."""
    with workplace() as place:
        found = place.guide.open_questions(place.jobs.get(job).id if job else "")
        names = {one.id: one.name for one in place.jobs.list()}
    if as_json:
        put_json(envelope({"questions": [asdict(q) for q in found]}))
        return
    for asked in found:
        line(f"{asked.number}  {names.get(asked.job_id, '')}  {asked.written()}")
    if not found:
        line("Nothing waits for an answer.")


def answer(
    number: Annotated[int, typer.Argument(help="The question, as `questions` numbers it.")],
    text: Annotated[str, typer.Argument(help="An option, its number, or your own words.")],
    model: Annotated[str, typer.Option(help="A model by name.")] = "",
    as_json: Json = False,
) -> None:
    """Answer a question; what follows is shown."""
    _tell(lambda talk: talk.answer(number, text, by="cli", model=model), as_json)


def done(
    job: Job,
    model: Annotated[str, typer.Option(help="A model by name.")] = "",
    as_json: Json = False,
) -> None:
    """Say that this cycle is done: keep what was learned, go on, or complete."""
    from assistant.chat import closing

    _tell(lambda talk: closing.done(talk, talk.place.jobs.get(job).id, model), as_json)


def back(
    job: Job,
    to: Annotated[str, typer.Argument(help="A phase; the one before without it.")] = "",
    as_json: Json = False,
) -> None:
    """Go back to an earlier phase."""
    with workplace() as place:
        record = place.guide.back(job, to.lower())
    _said(f"{record.name} is in {record.phase} (cycle {record.cycle}).", vars(record), as_json)


def park(job: Job, as_json: Json = False) -> None:
    """Put a job aside: nothing of it runs, and nothing is lost."""
    with workplace() as place:
        record = place.lifecycle.park(job)
    _said(f"{record.name} is parked.", vars(record), as_json)


def reopen(job: Job, as_json: Json = False) -> None:
    """Open a completed job again: its plan and knowledge stay, a new cycle begins."""
    with workplace() as place:
        record = place.guide.reactivate(job)
    _said(f"{record.name} is open again, in cycle {record.cycle}.", vars(record), as_json)


def plan(
    job: Job,
    file: Annotated[Path | None, typer.Option(help="Write or edit the plan from a file.")] = None,
    as_json: Json = False,
) -> None:
    """Show the plan of a job; with --file, write it (Execute) or edit it (Verify) in cycle 1."""
    with workplace() as place:
        record = place.jobs.get(job)
        if file is not None:
            if not place.guide.guidance.of(record.id).plan and file.name in (
                "plan.md",
                "plan.yaml",
            ):
                place.guide.plans.set_file(record.id, file.name)
            record = place.guide.put_plan(record.id, text_of(file))
        state = place.guide.plans.state(record)
    if as_json:
        put_json(envelope(asdict(state), job_id=record.id))
    else:
        line(state.text.rstrip() or state.why)


def set_plan_file(
    job: Job,
    name: Annotated[str, typer.Argument(help="plan.md, plan.yaml, or false for none.")],
    as_json: Json = False,
) -> None:
    """Say once which plan guides a job; `false` declines one."""
    with workplace() as place:
        record = place.guide.plans.set_file(job, name)
        row = place.guide.guidance.of(record.id)
    _said(f"{record.name}: {row.plan}, stage {record.stage}.", vars(record), as_json)


def outstanding(job: Job, item: str, as_json: Json = False) -> None:
    """Collect something for later in the plan, also when it is frozen."""
    with workplace() as place:
        record = place.guide.plans.outstanding(job, item)
        items = place.guide.plans.state(record).outstanding
    _said("\n".join(f"- {one}" for one in items), {"outstanding": items}, as_json)


def notes(
    job: Job,
    keep: Annotated[int, typer.Option(help="Keep this note that waits.")] = 0,
    drop: Annotated[int, typer.Option(help="Drop this note that waits.")] = 0,
    as_json: Json = False,
) -> None:
    """Show what condense left behind, and keep or drop what waits for your word."""
    from assistant.chat import reading
    from assistant.job.condensing import Condenser

    with workplace() as place:
        record = place.jobs.get(job)
        for number, kept in ((keep, True), (drop, False)):
            if number:
                Condenser(place.guide).decide(record.id, keep=kept, number=number)
        found = reading.notes(place, record)
    if as_json:
        put_json(envelope(asdict(found), job_id=record.id))
        return
    table(
        ("note", "cycle", "kind", "state", "went to", "text"),
        [(n.id, n.cycle, n.kind, n.state, n.target, n.text) for n in found.notes],
        empty="No notes yet.",
    )
    line(f"{found.told}.")


def depend(
    job: Job,
    on: Annotated[str, typer.Argument(metavar="ON", help="The job that it waits for.")],
    remove: Annotated[bool, typer.Option("--remove", help="It waits no longer.")] = False,
    as_json: Json = False,
) -> None:
    """Let a job wait for another one before it completes."""
    with workplace() as place:
        change = place.guide.dependencies.remove if remove else place.guide.dependencies.add
        other = change(job, on)
        waits = [one.name for one in place.guide.dependencies.of(job)]
    told = (
        f"{job} no longer waits for {other.name}." if remove else f"{job} waits for {other.name}."
    )
    _said(told, {"waits_for": waits}, as_json)


def pending(
    text: Annotated[str, typer.Argument(help="What is to be done later.")],
    parent: Annotated[str, typer.Option("--for", help="The job that waits for it.")] = "",
    as_json: Json = False,
) -> None:
    """Make a pending job: standalone, or one that another job waits for."""
    with workplace() as place:
        record = place.guide.dependencies.make(text, parent=parent)
    _said(f"{record.name} is pending.", vars(record), as_json)


def second(
    job: Job,
    by: Annotated[str, typer.Option(help="Who you are: not the one who approved.")],
    as_json: Json = False,
) -> None:
    """Give the word of a second reviewer on a completion."""
    from assistant.job.completing import Completer

    with workplace() as place:
        record = Completer(place.guide).second(job, by=by)
    _said(f"{record.name} is {record.status}.", vars(record), as_json)


def new_plugin(
    job: Annotated[str, typer.Argument(metavar="NAME", help="The job that it guards.")],
    as_json: Json = False,
) -> None:
    """Stamp the skeleton of a plugin, tests included, into a job's folder."""
    from assistant.job.skeleton import stamp

    with workplace() as place:
        record = place.jobs.get(job)
        made = stamp(place.guide.plugins.folder(record.name), record.name)
        place.jobs.update(record.id, stage=4)
    told = "\n".join([*(str(path) for path in made), "It is in force from now on. Test it: "
                      f"python -m pytest {made[-1]}"])  # fmt: skip
    _said(told, {"files": [str(path) for path in made]}, as_json)


def _tell(tell: Tell, as_json: bool) -> None:
    from assistant.cli.turns import tell_turn

    async def work(place: Workplace) -> int:
        from assistant.chat.turn import Conversation

        return await tell_turn(Conversation(place), tell, as_json=as_json)

    raise typer.Exit(with_engine(work))


def _said(text: str, payload: dict[str, Any], as_json: bool) -> None:
    if as_json:
        put_json(envelope(payload))
    else:
        line(text)


def text_of(path: Path) -> str:
    """A file's text. Raises BindingsInvalid when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as gone:
        raise BindingsInvalid(f"{path} cannot be read: {gone.strerror}") from gone
    except UnicodeDecodeError as wrong:
        raise BindingsInvalid(f"{path} is no UTF-8 text") from wrong
