"""`assistant work`: jobs go on by themselves as far as they can, within budgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.output import WAITS, Json, envelope, line, put_json
from assistant.cli.session import with_engine

if TYPE_CHECKING:
    from assistant.workplace import Workplace


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
        now = ""
        async for job, event in round_.go():
            if not as_json:
                if job != now:
                    line(f"\n{job}")
                    now = job
                hear(Heard(place.settings.noun), event, quiet=False)
        account = round_.account
        if as_json:
            put_json(envelope({
                "moves": [{"job": job, "do": move.do, "why": move.why} for job, move in account.moves],
                "waits": account.waits, "spent": account.spent,
            }))  # fmt: skip
        else:
            for job, what in account.waits.items():
                line(f"{job} waits for {what}.")
            line(f"Stopped: {account.spent} are used up." if account.spent
                 else f"{len(account.moves)} moves; nothing more can be done now.")  # fmt: skip
        return WAITS if account.waits else 0

    raise typer.Exit(with_engine(go))
