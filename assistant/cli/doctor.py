"""`assistant doctor`: what is wrong with this installation, and the cure."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.output import Json, envelope, line, put_json

_MARKS = {"fine": "✓", "warning": "!", "problem": "✗"}


def register(app: typer.Typer) -> None:
    """Add `assistant doctor`."""
    app.command("doctor")(doctor)


def doctor(
    fix: Annotated[bool, typer.Option("--fix", help="Carry out the cures that are safe.")] = False,
    as_json: Json = False,
) -> None:
    """Examine settings, keys, disk, clock, databases, runs, workers, machines, channels, jobs, model."""
    from assistant.doctor.examination import examine_home, fixed

    found = list(examine_home())
    done = dict[int, str]()
    if fix:
        done = {id(finding): told for finding, told in fixed(found)}
        found = [*(f for f in found if id(f) in done), *examine_home()] if done else found
    wrong = sum(f.level == "problem" and id(f) not in done for f in found)
    if as_json:
        rows = [f.as_data() | {"done": done.get(id(f), "")} for f in found]
        put_json(envelope({"findings": rows}, status="failed" if wrong else "succeeded"))
        raise typer.Exit(1 if wrong else 0)
    for finding in found:
        mark = "+" if id(finding) in done else _MARKS[finding.level]
        line(f"{mark} {finding.check:<10} {finding.message}")
        if told := done.get(id(finding)):
            line(f"  {'':<10} {told}")
        elif finding.level != "fine":
            if finding.cure:
                line(f"  {'':<10} {finding.cure}")
            if finding.command:
                line(f"  {'':<10} → {finding.command}")
    safe = [f for f in found if f.fix is not None and id(f) not in done]
    if safe and not fix:
        line(f"\n{len(safe)} of these can be mended safely: assistant doctor --fix")
    raise typer.Exit(1 if wrong else 0)
