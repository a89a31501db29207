"""MCP servers: whose tools are skills here. Adding one, asking for its tools, removing it."""

from __future__ import annotations

import shlex

from assistant.panel import controls
from assistant.panel.addresses import to
from assistant.panel.controls import button, link
from assistant.panel.html import Html, el
from assistant.panel.place import Said, Values
from assistant.panel.texts import count, say
from assistant.settings import renew
from assistant.skills.door import Skill
from assistant.skills.mcp_adding import EFFECTS, add_server, remove_server, set_effect
from assistant.skills.mcp_tools import PREFIX
from assistant.workplace import Workplace


def show(place: Workplace) -> Html:
    from assistant.panel.places.skills import parts

    servers = place.settings.mcp
    entries = [entry for entry in place.library.entries() if entry.name.startswith(PREFIX)]
    rows = []
    for name, server in servers.items():
        tools = [entry for entry in entries if entry.name.startswith(f"{PREFIX}{name}/")]
        wrong = next(
            (entry.reason for entry in entries if entry.name.rstrip("/") == f"{PREFIX}{name}"), ""
        )
        shown = [link(entry.name.rpartition("/")[2], to("skills", entry.name)) for entry in tools if entry.state == "ready"]  # fmt: skip
        rows.append((
            el("b", name), el("code", server.url or shlex.join([server.command, *server.args])),
            el("div", shown, class_="tags") if shown else (wrong or say("mcp.not_listed")),
            button(say("mcp.remove"), "skills.unserver", {"server": name}, cli=f"assistant mcp remove {name}",
                   ask=say("mcp.remove_ask", server=name), label=f"{say('mcp.remove')} {name}"),
        ))  # fmt: skip
    head = (say("mcp.name"), say("mcp.where"), say("mcp.tools"), "")
    listed = (
        controls.table(head, rows, label=say("mcp.title"))
        if rows
        else controls.empty(say("mcp.empty"), say("mcp.empty_sub"))
    )
    ask = (
        button(say("mcp.list"), "skills.tools", cli="assistant mcp tools", kind="")
        if rows
        else None
    )
    return controls.page(
        say("mcp.title"), say("mcp.sub"), parts("servers"), listed, _add_form(),
        controls.cli("assistant mcp tools", "assistant mcp add NAME COMMAND", "assistant mcp effect NAME TOOL EFFECT", "assistant mcp remove NAME"),
        actions=ask or "",
    )  # fmt: skip


async def add(place: Workplace, values: Values) -> Said:
    add_server(place.settings, values.text("name"), values.text("where"))
    renew(place.settings)
    place.library.renew_servers(place.settings)
    return await list_tools(place)


def remove(place: Workplace, name: str) -> Said:
    remove_server(place.settings, name)
    renew(place.settings)
    place.library.renew_servers(place.settings)
    return Said(say("mcp.removed", server=name))


def effect_form(skill: Skill) -> Html:
    """What a person knows of a tool; its server's own word decides nothing."""
    server, _, tool = skill.name.removeprefix(PREFIX).partition("/")
    words = [(effect, say(f"skills.effect_{effect}")) for effect in EFFECTS]
    return controls.card(
        controls.form(
            "skills.effect", controls.hidden("server", server), controls.hidden("tool", tool),
            controls.field(say("skills.effect"), controls.select("effect", words, skill.effect), say("mcp.effect_about")),
            el("div", controls.submit(say("mcp.effect_save"), kind=""), class_="form-foot"),
            cli=f"assistant mcp effect {server} {tool} {'|'.join(EFFECTS)}", key=f"effect-{skill.name}",
        ),
        title=say("mcp.effect_title"),
    )  # fmt: skip


def say_effect(place: Workplace, values: Values) -> Said:
    server, tool, effect = values.text("server"), values.text("tool"), values.text("effect")
    set_effect(place.settings, server, tool, effect)
    renew(place.settings)
    place.library.renew_tools(place.settings)
    return Said(say("mcp.effect_said", tool=tool, effect=say(f"skills.effect_{effect}")))


async def list_tools(place: Workplace) -> Said:
    """Ask every server for its tools; what went wrong is told with it."""
    servers = place.library.servers
    if servers is None:
        return Said(say("mcp.empty"), "calm")
    problems = await servers.list_tools(place.secrets)
    place.library.renew_tools(place.settings)
    found = sum(name.startswith(PREFIX) for name in place.library.names())
    told = "\n".join(f"{problem.server}: {problem.reason}" for problem in problems)
    return Said(count("mcp.found", found), "bad" if problems else "ok", hint=told, go=to("skills", "servers"))  # fmt: skip


def _add_form() -> Html:
    return controls.card(
        controls.form(
            "skills.server",
            controls.field(say("mcp.name"), controls.text_input("name", placeholder="files"), say("mcp.name_about")),
            controls.field(say("mcp.where"), controls.text_input("where", placeholder="npx -y @modelcontextprotocol/server-filesystem /home/jo/papers"),
                           say("mcp.where_about"), wide=True),
            el("div", controls.submit(say("mcp.add")), class_="form-foot"),
            cli="assistant mcp add NAME COMMAND", key="server",
        ),
        title=say("mcp.add_title"),
    )  # fmt: skip
