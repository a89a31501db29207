"""`assistant skills`: list, show, new, run, test, enable, disable."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.output import Json, envelope, facts, line, put_json, table
from assistant.cli.session import with_engine, workplace
from assistant.errors import BindingsInvalid

if TYPE_CHECKING:
    from assistant.workplace import Workplace

app = typer.Typer(help="See and try the skills that steps are made of.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="SKILL")]


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List every skill, with its state."""
    with workplace() as place:
        entries = place.library.entries()
    rows = [vars(entry) | {"folder": str(entry.folder)} for entry in entries]
    if as_json:
        put_json(envelope({"skills": rows}))
        return
    table(
        ("skill", "state", "from", "what it does"),
        [(e.name, e.state, e.source, e.reason or e.description) for e in entries],
    )


@app.command()
def show(name: Name, as_json: Json = False) -> None:
    """Show a skill: what it does, its arguments, what it gives, its effect."""
    with workplace() as place:
        skill = place.library.get(name)
    told: dict[str, Any] = {
        "name": skill.name, "description": skill.description, "effect": skill.effect,
        "hosts": list(skill.hosts), "pinned": list(skill.pinned), "secrets": list(skill.secrets),
        "version": skill.version,
        "arguments": skill.schema(), "gives": skill.output_schema(),
        "examples": [vars(example) for example in skill.examples],
    }  # fmt: skip
    if as_json:
        put_json(envelope(told))
        return
    facts({key: told[key] for key in ("name", "description", "effect", "hosts", "secrets")})
    line("\narguments")
    required = told["arguments"].get("required", [])
    for key, schema in told["arguments"].get("properties", {}).items():
        default = "required" if key in required else f"default {json.dumps(schema.get('default'))}"
        line(f"  {key} ({_kind(schema)}, {default})  {schema.get('description', '')}".rstrip())
    for example in skill.examples:
        line(f"\n“{example.says}”\n  {json.dumps(example.call, ensure_ascii=False)}")


@app.command()
def new(name: Name, as_json: Json = False) -> None:
    """Make a skill that works, to be changed by you, in the home folder."""
    from assistant.skills.making import new_skill

    with workplace() as place:
        folder = new_skill(place.settings, name, place.library)
    if as_json:
        put_json(envelope({"skill": name, "folder": str(folder)}))
    else:
        line(f"{folder} is made. Change its files, then: assistant skills enable {name}")


@app.command("test")
def check(name: Name, as_json: Json = False) -> None:
    """Check a skill's declaration and examples, and run the tests in its folder."""
    from assistant.net.client import open_client
    from assistant.skills.making import Check, check_skill
    from assistant.skills.outside import outside_context

    async def work(place: Workplace) -> list[Check]:
        async with open_client(place.settings) as http:
            context = outside_context(
                place.settings, http=http, models=place.models, secrets=place.secrets,
                folder=place.settings.runs_dir / "tried", clock=place.clock,
            )  # fmt: skip
            return await check_skill(place.library, name, context)

    checks = with_engine(work)
    if as_json:
        put_json(envelope({"checks": [vars(check) for check in checks]}))
    for check in () if as_json else checks:
        line(f"{'✓' if check.held else '✗'} {check.what}  {check.told}".rstrip())
    raise typer.Exit(0 if all(check.held for check in checks) else 1)


@app.command()
def run(
    name: Name,
    arguments: Annotated[
        str, typer.Argument(metavar="ARGUMENTS", help="All arguments, as one JSON object.")
    ] = "",
    given: Annotated[
        list[str] | None,
        typer.Option("--with", "-w", metavar="NAME=VALUE", help="One more argument."),
    ] = None,
    dry: Annotated[bool, typer.Option("--dry-run", help="Preview what it would write.")] = False,
    as_json: Json = False,
) -> None:
    """Run one skill now, as a run of a single step."""
    from assistant.cli.jobs_runs import follow_run

    async def work(place: Workplace) -> int:
        from assistant.chat.following import last_output
        from assistant.job.once import call_request

        every = _object(arguments) | _arguments(given or [])
        request = call_request(place.library, name, every, dry=dry, granted=True)
        run_id = await (await place.engine()).submit(request)
        code = await follow_run(place, run_id, as_json=as_json)
        if code == 0 and not as_json and not dry:
            line(json.dumps(last_output(place, run_id), ensure_ascii=False, indent=2))
        return code

    raise typer.Exit(with_engine(work))


@app.command()
def enable(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Accept without being asked.")] = False,
    as_json: Json = False,
) -> None:
    """Accept the code that a skill from outside has now, after reading it."""
    with workplace() as place:
        review = place.library.review(name)
        if not as_json:
            facts({key: _told(value) for key, value in vars(review).items()})
        if not yes:
            if as_json:
                raise BindingsInvalid("enabling needs a yes", hint="Add --yes.")
            typer.confirm("Have you read its code, and may it run?", abort=True)
        place.library.enable(name)
    if as_json:
        put_json(envelope({"enabled": name}))
    else:
        line(f"{name} is enabled.")


@app.command()
def disable(name: Name, as_json: Json = False) -> None:
    """Take the acceptance of a skill's code back."""
    with workplace() as place:
        place.library.disable(name)
    if as_json:
        put_json(envelope({"disabled": name}))
    else:
        line(f"{name} is disabled.")


def _told(value: object) -> str:
    return (", ".join(value) or "none") if isinstance(value, tuple) else str(value)


def _object(text: str) -> dict[str, Any]:
    """`{"url": "https://…"}` as arguments. Raises BindingsInvalid for any other text."""
    try:
        found = json.loads(text or "{}")
    except ValueError as wrong:
        raise BindingsInvalid(
            f"the arguments are no JSON: {wrong}",
            hint="""Write one object in quotes: '{"limit": 5}', or --with limit=5.""",
        ) from wrong
    if not isinstance(found, dict):
        raise BindingsInvalid(
            "the arguments are no JSON object", hint="""Write them as '{"limit": 5}'."""
        )
    return found


def _arguments(given: list[str]) -> dict[str, Any]:
    """`["limit=5", "url=https://…"]` as arguments: JSON where it is JSON, else text."""
    from assistant.pipeline.inputs import pairs

    found = dict[str, Any]()
    for name, text in pairs(given).items():
        try:
            found[name] = json.loads(text)
        except ValueError:
            found[name] = text
    return found


def _kind(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "anyOf" in schema:
        return " or ".join(_kind(part) for part in schema["anyOf"])
    return str(schema.get("type") or schema.get("$ref", "any").rpartition("/")[2])
