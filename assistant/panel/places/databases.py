"""Settings, Databases: which can be asked, what is in them, and naming another."""

from __future__ import annotations

import asyncio

from assistant.errors import AssistantError
from assistant.panel import controls
from assistant.panel.addresses import Address
from assistant.panel.controls import button, chip
from assistant.panel.html import Html, el, join
from assistant.panel.place import Said, Values
from assistant.panel.texts import say
from assistant.settings import demo_databases, renew
from assistant.skills.databases.adding import add_database, remove_database, tables_of
from assistant.workplace import Workplace

COMMANDS = ("assistant databases list", "assistant databases add NAME ADDRESS", "assistant databases remove NAME",
            "assistant ask WORDS")  # fmt: skip
LOCAL = ("sqlite:",)


def show(place: Workplace, at: Address) -> Html:
    known = place.settings.databases
    table = controls.table(
        (say("settings.name"), say("data.where"), say("databases.tables"), ""),
        [_row(place, name, address) for name, address in sorted(known.items())], label=say("settings.part_databases"),
    ) if known else controls.empty(say("databases.empty"), say("databases.empty_sub"))  # fmt: skip
    form = controls.form(
        "settings.database",
        controls.field(say("settings.name"), controls.text_input("name", at.query.get("name", ""), placeholder="club", required=True), say("mcp.name_about")),
        controls.field(say("databases.address"), controls.text_input("address", at.query.get("address", ""), placeholder="/home/jo/club.db", required=True),
                       say("databases.address_about"), wide=True),
        el("div", controls.submit(say("databases.add")), class_="form-foot"),
        cli="assistant databases add NAME ADDRESS", key=f"database-{at}",
    )  # fmt: skip
    return join(
        el("p", say("databases.about"), class_="sub"), table,
        controls.card(form, title=say("databases.add_title")),
    )  # fmt: skip


async def add(place: Workplace, values: Values) -> Said:
    name = values.text("name")
    tables = await asyncio.to_thread(
        add_database, place.settings, place.secrets, name, values.text("address")
    )
    renew(place.settings)
    return Said(say("databases.added", name=name), hint=said_of(name, tables))


def said_of(name: str, tables: list[str]) -> str:
    """What can be asked of a database that is new."""
    if not tables:
        return say("databases.no_tables")
    return say("databases.ask", tables=", ".join(tables[:8]), first=tables[0].replace("_", " "), name=name)  # fmt: skip


def remove(place: Workplace, values: Values) -> Said:
    name = values.text("name")
    remove_database(place.settings, name)
    renew(place.settings)
    return Said(say("databases.removed", name=name))


def _row(place: Workplace, name: str, address: str) -> tuple[object, ...]:
    state: object
    if "://" in address and not address.startswith(LOCAL):
        state = say(
            "databases.server"
        )  # looking costs the network; asking it does too, and is asked for
    else:
        try:
            state = ", ".join(tables_of(address, place.secrets)) or say("databases.no_tables")
        except AssistantError as wrong:
            state = join(
                chip("failed", say("settings.channel_state_fails")), el("small", wrong.message)
            )
    where = (
        say("databases.bundled")
        if address == demo_databases().get(name)
        else el("code", address, class_="clip")
    )
    forget = button(say("databases.remove"), "settings.undatabase", {"name": name}, cli=f"assistant databases remove {name}",
                    ask=say("databases.remove_ask", name=name), label=f"{say('databases.remove')} {name}")  # fmt: skip
    return (el("b", name), where, state, el("div", forget, class_="row-actions"))  # fmt: skip
