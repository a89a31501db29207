"""`assistant work`: jobs go on by themselves as far as they can, within budgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.output import WAITS, Json, envelope, line, note, put_json
from assistant.cli.session import with_engine

if TYPE_CHECKING:
    from assistant.workplace import Workplace


_CURES = """\
Answer: `assistant jobs questions`. Judge what was made: `assistant jobs done NAME`.
Say what should be different: `assistant ask --job NAME "…"`."""


def register(app: typer.Typer) -> None:
    """Add `assistant work`."""
    app.command("work")(work)


def work(
    seconds: Annotated[
        float, typer.Option(help="Stop after so many seconds; 0: no limit.")
    ] = 600.0,
    moves: Annotated[int, typer.Option(help="Stop after so many moves; 0: no limit.")] = 100,
    tokens: Annotated[
        int, typer.Option(help="Stop after so many tokens of models; 0: no limit.")
    ] = 0,
    model: Annotated[str, typer.Option(help="A model by name.")] = "",
    as_json: Json = False,
) -> None:
    """Let all active and pending jobs go on unattended. Exits 3 while something waits for you."""

    async def go(place: Workplace) -> int:
        from assistant.chat.turn import Conversation
        from assistant.chat.working import Budget, Work
        from assistant.cli.turns import Heard, hear

        round_ = Work(Conversation(place), Budget(seconds, moves, tokens), model=model)
        now, heard = "", Heard(place.settings.noun)
        async for job, event in round_.go():
            if not as_json:
                if job != now:
                    line(f"\n{job}")
                    now, heard = job, Heard(place.settings.noun)
                hear(heard, event, quiet=False)
        account = round_.account
        if as_json:
            status = "waiting" if account.waits else "succeeded"
            put_json(envelope({
                "moves": [{"job": job, "do": move.do, "why": move.why} for job, move in account.moves],
                "waits": account.waits, "spent": account.spent,
            }, status=status))  # fmt: skip
        else:
            line()
            for job, what in account.waits.items():
                line(f"{job} waits for {what}.")
            made = f"{len(account.moves)} move{'' if len(account.moves) == 1 else 's'} made"
            line(f"{made}; stopped at the limit of {account.spent}." if account.spent
                 else f"{made}; nothing more can be done now.")  # fmt: skip
            if account.waits:
                note(_CURES)
        return WAITS if account.waits else 0

    raise typer.Exit(with_engine(go))
