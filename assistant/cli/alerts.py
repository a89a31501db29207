"""`assistant alerts`: what was told and what is still to be sent; the channels it goes to."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer

from assistant.cli.output import Json, envelope, facts, line, put_json, table
from assistant.cli.session import workplace

app = typer.Typer(help="See alerts, and set up the channels they go to.", no_args_is_help=True)
channels = typer.Typer(help="Mail, Slack, Discord, ntfy, webhooks …", no_args_is_help=True)
app.add_typer(channels, name="channels")
Number = Annotated[int, typer.Argument(metavar="ALERT", help="Its number in the list.")]
Name = Annotated[str, typer.Argument(metavar="CHANNEL", help="Its name in the settings.")]


@app.command("list")
def list_(
    job: Annotated[str, typer.Option(help="Only alerts of this job.")] = "",
    all_: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    limit: int = 50,
    as_json: Json = False,
) -> None:
    """List alerts, the latest first."""
    with workplace() as place:
        name = place.jobs.get(job).name if job else ""
        found = place.alerts.alerts.list(job=name, state="" if all_ else "open", limit=limit)
        sent = {alert.id: place.alerts.alerts.deliveries(alert.id) for alert in found}
    if as_json:
        rows = [vars(a) | {"deliveries": [vars(d) for d in sent[a.id]]} for a in found]
        put_json(envelope({"alerts": rows}))
        return
    table(
        ("alert", "kind", "what", "state", "times", "since", "last", "told"),
        [(a.id, a.kind, a.title, a.state, a.count, a.first_at, a.last_at,
          ", ".join(f"{d.channel} {d.state}" for d in sent[a.id])) for a in found],
        empty="Nothing is wrong that anybody asked to be told of.",
    )  # fmt: skip


@app.command()
def show(alert: Number, as_json: Json = False) -> None:
    """Show an alert whole, and what became of each message about it."""
    with workplace() as place:
        found = place.alerts.alerts.get(alert)
        sent = place.alerts.alerts.deliveries(alert)
    if as_json:
        put_json(envelope(vars(found) | {"deliveries": [vars(d) for d in sent]}))
        return
    facts({
        "alert": found.id, "kind": found.kind, "job": found.job, "run": found.run_id,
        "state": found.state, "times": found.count, "since": found.first_at,
        "last": found.last_at, "over": found.over_at,
    })  # fmt: skip
    line(f"\n{found.title}\n{found.text}\n")
    table(
        ("channel", "state", "due", "tries", "sent", "error"),
        [(d.channel, d.state, d.due, d.attempts, d.sent_at, d.error) for d in sent],
    )


@app.command()
def close(alert: Number, as_json: Json = False) -> None:
    """Call an alert over; when the same happens again, it is told anew."""
    with workplace() as place:
        found = place.alerts.alerts.close(alert)
    if as_json:
        put_json(envelope(vars(found)))
    else:
        line(f"Over: {found.title}")


@app.command()
def send(as_json: Json = False) -> None:
    """Look at what has happened and send what is due, now and in this process."""
    with workplace() as place:
        sent = asyncio.run(place.alerts.round())
        failing = {c.name: c.error for c in place.alerts.channels() if c.error}
    if as_json:
        put_json(envelope({"sent": sent, "failing": failing}))
    else:
        line(f"{sent} sent.")
        for name, error in failing.items():
            line(f"{name}: {error}")
    raise typer.Exit(1 if failing else 0)


@channels.command("list")
def channels_list(as_json: Json = False) -> None:
    """List the channels and how each of them does."""
    with workplace() as place:
        found = place.alerts.channels()
    if as_json:
        put_json(envelope({"channels": [vars(channel) for channel in found]}))
        return
    table(
        ("channel", "kind", "state", "since", "waiting", "quiet", "digest", "urgent", "error"),
        [(c.name, c.service, c.state, c.since, c.waiting, c.quiet, c.digest,
          " ".join(c.urgent), c.error) for c in found],
        empty="No channel is set. Add one: assistant alerts channels add ops",
    )  # fmt: skip


@channels.command("add")
def channels_add(
    name: Name,
    url: Annotated[
        str, typer.Argument(help="An Apprise URL, or secret:NAME; asked for when left out.")
    ] = "",
    quiet: Annotated[str, typer.Option(help="Hours without alerts: 22:00-07:00.")] = "",
    digest: Annotated[str, typer.Option(help="Gather them: every 1h, or at 08:00.")] = "",
    urgent: Annotated[
        list[str] | None, typer.Option(help="A kind that nothing holds back; repeatable.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Add or change a channel. Its address is kept with the secrets."""
    given = url or _address()
    with workplace() as place:
        service = place.alerts.add_channel(
            name, given, quiet=quiet, digest=digest, urgent=tuple(urgent or ())
        )
    if as_json:
        put_json(envelope({"channel": name, "kind": service}))
    else:
        line(f"{name} is a {service} channel. Try it: assistant alerts channels test {name}")


@channels.command("remove")
def channels_remove(name: Name, as_json: Json = False) -> None:
    """Take a channel out of the settings, with its address."""
    with workplace() as place:
        place.alerts.remove_channel(name)
    if as_json:
        put_json(envelope({"removed": name}))
    else:
        line(f"{name} is removed.")


@channels.command("test")
def channels_test(name: Name, as_json: Json = False) -> None:
    """Send a test message now."""
    with workplace() as place:
        place.alerts.test(name)
    if as_json:
        put_json(envelope({"channel": name, "state": "works"}))
    else:
        line(f"{name} took the message.")


def _address() -> str:
    if sys.stdin.isatty():
        return typer.prompt("Address (an Apprise URL)", hide_input=True)
    return sys.stdin.read().strip()
