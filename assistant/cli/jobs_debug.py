"""`assistant jobs debug`: a run that is held before and after steps, and the words that move it on.

On a terminal the words are asked for; in a pipe they come from `--do`, and a run that is still held
when they are used up stays held (exit code 3): the next `assistant jobs debug RUN` takes it up.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.jobs_runs import exit_code, run_of, tell_receipt
from assistant.cli.output import WAITS, Json, envelope, facts, line, note, put_json
from assistant.cli.session import with_engine
from assistant.errors import AssistantError, BindingsInvalid
from assistant.events import ApprovalAsked, RunEnded, RunPaused

if TYPE_CHECKING:
    from assistant.engine.engine import Engine
    from assistant.pipeline.spec import Job
    from assistant.store.run_words import Pause
    from assistant.workplace import Workplace

WORDS = "step | continue | to PATH | skip [JSON] | edit JSON | values [EXPRESSION] | abort"
_POLL_SECONDS = 0.05
_FIRST_STEP = "*"


def register(app: typer.Typer) -> None:
    app.command("debug")(debug)


def debug(
    target: Annotated[str, typer.Argument(metavar="JOB|RUN", help="A job, or a run that is held.")],
    breaks: Annotated[
        list[str] | None,
        typer.Option(
            "--break",
            "-b",
            metavar="POINT",
            help="Where to hold: PATH, 'after PATH', 'PATH if ${{ … }}'. Else: before the first step.",
        ),
    ] = None,
    words: Annotated[
        list[str] | None,
        typer.Option("--do", metavar="WORD", help=f"What to do when held: {WORDS}"),
    ] = None,
    inputs: Annotated[
        list[str] | None, typer.Option("--input", "-i", metavar="NAME=VALUE", help="One input.")
    ] = None,
    dry: Annotated[bool, typer.Option("--dry-run", help="Change nothing; preview writes.")] = False,
    as_json: Json = False,
) -> None:
    """Run a job step by step: look at its values, change them, skip, go on. Exits 3 while held."""

    async def work(place: Workplace) -> int:
        engine = await place.engine()
        held = place.runs.find(target)
        run_id = held.id if held else await _begin(place, target, breaks or [], inputs or [], dry)
        if held:
            engine.receipt(run_id)
        return await _Session(place, engine, run_id, list(words or []), as_json).work()

    raise typer.Exit(with_engine(work))


async def _begin(
    place: Workplace, target: str, breaks: list[str], inputs: list[str], dry: bool
) -> str:
    """A run of the job that holds at the breakpoints; or the held run that the job has already."""
    from assistant.job.running import request_for
    from assistant.pipeline.inputs import bind, pairs

    record = place.jobs.get(target)
    going = [run.id for run in place.runs.active(record.name) if place.runs.held(run.id)]
    if going and not breaks:
        return run_of(place, going[-1])
    job = place.lifecycle.in_force(record)
    points = [breakpoint_of(text) for text in breaks]
    for point in points:
        _check_place(job, point["path"])
    request = request_for(
        place.jobs, record, trigger={"kind": "cli"}, dry=dry, breakpoints=tuple(points) or (_FIRST_STEP,),
        inputs=bind(job.inputs, pairs(inputs), texts=True),
    )  # fmt: skip
    return await (await place.engine()).submit(request)


def breakpoint_of(text: str) -> dict[str, Any]:
    """`after each/send if ${{ item == 2 }}` as a breakpoint. Raises BindingsInvalid."""
    place, _, condition = text.strip().partition(" if ")
    when, _, path = place.strip().rpartition(" ")
    if when not in ("", "before", "after") or not path:
        raise BindingsInvalid(
            f"{text!r} is no place to hold", hint="Write PATH, 'after PATH' or 'PATH if ${{ … }}'."
        )
    return {"path": path, "when": when or "before", "condition": condition.strip()}


def _check_place(job: Job, path: str) -> None:
    """Refuse a breakpoint that no run of the job could reach."""
    from assistant.pipeline.scope import static_path
    from assistant.pipeline.suggest import did_you_mean
    from assistant.pipeline.walk import with_paths

    paths = [known for known, _ in with_paths(job.steps)]
    if static_path(path) not in paths:
        raise BindingsInvalid(
            f"the job has no step {path!r}",
            hint=did_you_mean(static_path(path), paths),
        )


class _Session:
    """One sitting at a run: what happens is told until it rests, then a word is carried out."""

    def __init__(
        self, place: Workplace, engine: Engine, run_id: str, words: list[str], as_json: bool
    ) -> None:
        self._place = place
        self._engine = engine
        self._run_id = run_id
        self._words = words
        self._as_json = as_json
        self._after = 0
        self._looked_at = list[Any]()

    async def work(self) -> int:
        runs = self._place.runs
        if runs.held(self._run_id):
            self._after = max((s.seq for s in runs.events(self._run_id)), default=0)
        else:
            await self._until_it_rests(lambda: False)
        while held := runs.held(self._run_id):
            word = await self._next_word(held[0])
            if word is None:
                return self._left(held)
            path = held[0].path
            try:
                moved = await self._carry_out(word, held[0])
            except AssistantError as wrong:
                if self._words or self._as_json or not sys.stdin.isatty():
                    raise
                note(f"{wrong.message}\n{wrong.hint}".rstrip())
                continue
            if moved:
                await self._until_it_rests(lambda path=path: self._only_others_are_held(path))
        row = runs.get(self._run_id)
        if not row.ended:
            if self._as_json:
                put_json(envelope(status="waiting", run_id=self._run_id))
            else:
                line(f"The run waits for your word: assistant runs approve {self._run_id}")
            return WAITS
        receipt = await self._engine.wait(self._run_id)
        if self._as_json:
            put_json(receipt)
        else:
            tell_receipt(self._place, receipt)
        return exit_code(row.status)

    async def _until_it_rests(self, also: Callable[[], bool]) -> None:
        """Tell what happens until the run is held, asks, has ended, or `also` is so."""
        from assistant.cli.follow import line_of

        rests = False
        while not rests:
            await asyncio.sleep(_POLL_SECONDS)
            rests = also()
            for stored in self._place.runs.events(self._run_id, self._after):
                self._after = stored.seq
                rests |= isinstance(stored.event, RunPaused | RunEnded | ApprovalAsked)
                if not self._as_json and (text := line_of(stored.event)):
                    line(text)

    def _only_others_are_held(self, path: str) -> bool:
        """Whether another branch is held, and this place of the run is not."""
        held = [pause.path for pause in self._place.runs.held(self._run_id)]
        return bool(held) and path not in held

    async def _next_word(self, pause: Pause) -> str | None:
        if self._words:
            return self._words.pop(0)
        if self._as_json or not sys.stdin.isatty():
            return None
        self._show(pause)
        try:
            return await asyncio.to_thread(typer.prompt, f"{pause.path}", default="step")
        except typer.Abort:
            return None

    async def _carry_out(self, word: str, pause: Pause) -> bool:
        """Do what a word says; gives whether the run moves. Raises BindingsInvalid, TargetUnresolved."""
        from assistant.job.debugging import check_arguments

        verb, _, rest = word.strip().partition(" ")
        path, before = pause.path, pause.state["when"] == "before"
        engine, run_id = self._engine, self._run_id
        moves: dict[str, Callable[[], Awaitable[None]]] = {
            "step": lambda: engine.step(run_id, path),
            "continue": lambda: engine.resume(run_id, path),
            "to": lambda: engine.resume(run_id, path, to=rest.strip()),
            "skip": lambda: engine.skip(run_id, path, output=_data(rest) if rest else None),
            "edit": lambda: (
                engine.edit(run_id, path, arguments=_record(rest))
                if before
                else engine.edit(run_id, path, output=_data(rest))
            ),
            "abort": lambda: engine.abort(run_id, path),
        }
        if verb == "values":
            self._show_values(pause, rest)
            return False
        if verb == "edit" and before:
            check_arguments(self._place.runs, self._place.library, pause, _record(rest))
        if verb not in moves or (verb == "to" and not rest.strip()):
            raise BindingsInvalid(f"{word!r} is no word of the debugger", hint=f"Say: {WORDS}")
        await moves[verb]()
        return True

    def _show(self, pause: Pause) -> None:
        shown = {k: v for k, v in pause.state.items() if k not in ("names", "when")}
        facts({"held": f"{pause.state['when']} {pause.path}", **shown})

    def _show_values(self, pause: Pause, expression: str) -> None:
        from assistant.pipeline.expressions import evaluate

        names = pause.state["names"]
        found = evaluate(expression.strip(), names) if expression.strip() else names
        if self._as_json:
            self._looked_at.append(found)
            return
        line(json.dumps(found, ensure_ascii=False, indent=2, default=str))

    def _left(self, held: list[Pause]) -> int:
        """The run stays as it is, held."""
        if self._as_json:
            told = [{"path": pause.path, **pause.state} for pause in held]
            payload = {"held": told, "values": self._looked_at}
            put_json(envelope(payload, status="waiting", run_id=self._run_id))
        else:
            for pause in held:
                self._show(pause)
            line(f"The run stays held. Go on: assistant jobs debug {self._run_id}")
        return WAITS


def _data(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as wrong:
        raise BindingsInvalid(
            f"{text[:80]!r} is no JSON: {wrong}", hint='Write {"name": 1}.'
        ) from None


def _record(text: str) -> dict[str, Any]:
    data = _data(text)
    if not isinstance(data, dict):
        raise BindingsInvalid("arguments are an object", hint='Write {"name": 1}.')
    return data
