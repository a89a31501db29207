"""The Skills tab: what steps are made of; trying one, reviewing code from outside, MCP servers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from assistant.errors import AssistantError, BindingsInvalid
from assistant.job.once import call_request
from assistant.panel import controls
from assistant.panel.addresses import Address, to
from assistant.panel.controls import button, chip, link
from assistant.panel.drawing_parts import tile
from assistant.panel.html import Html, el, join
from assistant.panel.place import Action, Said, Values
from assistant.panel.places import mcp_servers
from assistant.panel.texts import count, say, titled
from assistant.pipeline.inputs import bind
from assistant.skills.door import Skill
from assistant.skills.folders import CODE
from assistant.skills.library import Entry
from assistant.skills.mcp_tools import PREFIX
from assistant.workplace import Workplace

STATES = ("", "ready", "disabled", "changed", "off", "prompt", "wrong")
TONES = {"ready": "succeeded", "changed": "waiting", "disabled": "waiting", "wrong": "failed", "prompt": ""}  # fmt: skip
LONGEST_CODE = 60_000


class SkillsPlace:
    """`#/skills`, `#/skills/<name>`, `#/skills/servers`."""

    def __init__(self, place: Workplace) -> None:
        self.place = place

    def show(self, at: Address, session: str) -> Html:
        name = at.part(1)
        if not name:
            return self._list(at)
        if name == "servers":
            return mcp_servers.show(self.place)
        entry = next((e for e in self.place.library.entries() if e.name == name), None)
        if entry is None:
            return controls.nowhere(say("skills.missing", name=name[:80]), say("skills.missing_sub"),
                                    (say("skills.all"), to("skills")))  # fmt: skip
        return self._one(entry, at)

    @property
    def actions(self) -> Mapping[str, Action]:
        return {"try": self.try_, "effect": self.say_effect, "enable": self.enable, "disable": self.disable,
                "server": self.add_server, "unserver": self.remove_server, "tools": self.list_tools}  # fmt: skip

    async def try_(self, values: Values) -> Said:
        """Call the skill once, as a run of one step; a dry one changes nothing."""
        name = values.text("skill")
        skill = self.place.library.get(name)
        properties = skill.schema().get("properties", {})
        typed = controls.arguments(values.given, properties)
        given = bind(
            {key: properties[key] for key in typed}, _read_json(typed, properties), texts=True
        )
        request = call_request(self.place.library, name, given, trigger={"kind": "skill"}, dry=values.on("dry"))  # fmt: skip
        run_id = await (await self.place.engine()).submit(request)
        return Said(say("skills.tried", skill=titled(name)), go=to("runs", run_id, "output"))

    async def enable(self, values: Values) -> Said:
        review = self.place.library.enable(values.text("skill"))
        return Said(say("skills.enabled", skill=review.name))

    async def disable(self, values: Values) -> Said:
        name = values.text("skill")
        self.place.library.disable(name)
        return Said(say("skills.disabled", skill=name))

    async def add_server(self, values: Values) -> Said:
        return await mcp_servers.add(self.place, values)

    async def remove_server(self, values: Values) -> Said:
        return mcp_servers.remove(self.place, values.text("server"))

    async def say_effect(self, values: Values) -> Said:
        return mcp_servers.say_effect(self.place, values)

    async def list_tools(self, values: Values) -> Said:
        return await mcp_servers.list_tools(self.place)

    # The list

    def _list(self, at: Address) -> Html:
        entries = self.place.library.entries()
        words, state = at.query.get("q", "").lower().split(), at.query.get("state", "")
        found = [
            entry
            for entry in entries
            if (not state or entry.state == state)
            and all(word in f"{entry.name} {entry.description}".lower().replace("_", " ") for word in words)
        ]  # fmt: skip
        states = [(key, say(f"skills.state_{key or 'any'}")) for key in STATES]
        body = (
            el("div", [self._tile(entry) for entry in found], class_="tiles skills")
            if found
            else controls.empty(say("skills.no_match"), say("skills.no_match_sub"),
                                link(say("skills.show_all"), to("skills"), class_="button"))
        )  # fmt: skip
        return controls.page(
            say("skills.title"), count("skills.count", len(entries)), parts("list"),
            controls.filters(
                controls.search_box(at.query.get("q", ""), say("skills.search")),
                controls.select("state", states, state, aria_label=say("skills.state")),
            ),
            body,
            controls.cli("assistant skills list", "assistant skills show SKILL", "assistant skills new NAME"),
        )  # fmt: skip

    def _tile(self, entry: Entry) -> Html:
        effect = self._effect(entry)
        return el(
            "a", tile(entry.name), el("b", titled(entry.name)),
            el("span", entry.description or entry.reason),
            el("small", entry.reason) if entry.reason and entry.description else None,
            el("span",
               chip(TONES.get(entry.state, ""), say(f"skills.state_{entry.state}")) if entry.state != "ready" else None,
               el("i", say(f"skills.effect_{effect}")) if effect else None,
               el("i", entry.source) if entry.source not in ("bundled", "") else None, class_="tags"),
            href=to("skills", entry.name), class_="tile",
        )  # fmt: skip

    def _effect(self, entry: Entry) -> str:
        if entry.state != "ready":
            return ""
        try:
            return self.place.library.get(entry.name).effect
        except AssistantError:
            return ""

    # One skill

    def _one(self, entry: Entry, at: Address) -> Html:
        body = self._ready(entry, at) if entry.state == "ready" else self._other(entry)
        name = entry.name
        return controls.page(
            titled(name), entry.description or entry.reason, body,
            controls.cli(f"assistant skills show {name}", f"assistant skills run {name} --with NAME=VALUE",
                         f"assistant skills test {name}", f"assistant skills enable {name}"),
            back=(say("skills.all"), to("skills")),
        )  # fmt: skip

    def _ready(self, entry: Entry, at: Address) -> Html:
        skill = self.place.library.get(entry.name)
        schema = skill.schema()
        chosen = at.query.get("example", "")
        number = int(chosen) if chosen.isdecimal() else -1
        given = skill.examples[number].call if 0 <= number < len(skill.examples) else {}
        form = controls.form(
            "skills.try", controls.hidden("skill", skill.name),
            *controls.schema_fields(schema.get("properties", {}), required=schema.get("required", []), given=given),
            el("div", *_try_buttons(skill), class_="form-foot"),
            cli=f"assistant skills run {skill.name} --with NAME=VALUE", key=f"try-{skill.name}-{chosen}",
        )  # fmt: skip
        return el(
            "div",
            controls.card(form, title=say("skills.try_title")),
            el("div", controls.card(_facts(skill, entry), title=say("skills.what")),
               mcp_servers.effect_form(skill) if skill.name.startswith(PREFIX) else None, _examples(skill, at),
               controls.card(controls.fold(say("skills.gives"), controls.code(json.dumps(skill.output_schema(), indent=2))),
                             controls.fold(say("skills.reads_text"), el("pre", skill.body, class_="code")) if skill.body else None,
                             self._withdraw(entry))),
            class_="two",
        )  # fmt: skip

    def _withdraw(self, entry: Entry) -> Html | None:
        if entry.source in ("bundled", "") or entry.name.startswith(PREFIX):
            return None
        return button(say("skills.disable"), "skills.disable", {"skill": entry.name},
                      cli=f"assistant skills disable {entry.name}", ask=say("skills.disable_ask", skill=entry.name))  # fmt: skip

    def _other(self, entry: Entry) -> Html:
        if entry.state == "prompt":
            return controls.card(controls.code(self.place.library.prompt(entry.name).body), title=say("skills.prompt"))  # fmt: skip
        if entry.state in ("wrong", "off"):
            return controls.note("bad", el("b", entry.reason), el("p", str(entry.folder)))
        review = self.place.library.review(entry.name)
        code = (entry.folder / CODE).read_text(encoding="utf-8", errors="replace")[:LONGEST_CODE]
        facts = controls.facts([
            (say("skills.effect"), review.effect), (say("skills.hosts"), ", ".join(review.hosts) or say("skills.none")),
            (say("skills.secrets"), ", ".join(review.secrets) or say("skills.none")),
            (say("skills.imports"), ", ".join(review.imports)), (say("skills.folder"), str(review.folder)),
            ("SHA-256", el("code", review.sha256)),
        ])  # fmt: skip
        enable = button(say("skills.enable"), "skills.enable", {"skill": entry.name}, kind="primary",
                        cli=f"assistant skills enable {entry.name}", ask=say("skills.enable_ask", skill=entry.name))  # fmt: skip
        told = say("skills.changed_note" if entry.state == "changed" else "skills.review_note")
        return join(
            controls.note("wait", told), controls.card(facts, el("div", enable, class_="form-foot"), title=say("skills.review")),
            controls.card(controls.code(code, label=CODE), title=CODE),
        )  # fmt: skip


def parts(current: str) -> Html:
    return controls.tabs(current, ("list", say("skills.part_list"), to("skills")),
                         ("servers", say("skills.part_servers"), to("skills", "servers")))  # fmt: skip


def _try_buttons(skill: Skill) -> list[Html]:
    run = controls.submit(say("skills.run"), kind="" if skill.effect == "write" else "primary")
    if skill.effect != "write":
        return [run]
    return [controls.submit(say("skills.run_dry"), name="dry", value="yes"), run]


def _facts(skill: Skill, entry: Entry) -> Html:
    return controls.facts([
        (say("skills.effect"), say(f"skills.effect_{skill.effect}")),
        (say("skills.hosts"), ", ".join(skill.hosts) or say("skills.none")),
        (say("skills.secrets"), ", ".join(skill.secrets) or say("skills.none")),
        (say("skills.patchable"), ", ".join(skill.patchable) or say("skills.none")),
        (say("skills.source"), entry.source or "–"), (say("job.version"), skill.version),
    ])  # fmt: skip


def _examples(skill: Skill, at: Address) -> Html | None:
    if not skill.examples:
        return None
    items = [
        el("li", link(f"“{example.says}”", at.but(example=str(number))))
        for number, example in enumerate(skill.examples)
    ]
    return controls.card(el("ul", items, class_="plain"), title=say("skills.examples"))


def _read_json(
    typed: Mapping[str, str], properties: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    """Texts that are JSON where a schema takes more than one kind of value."""
    found = dict[str, Any]()
    for name, text in typed.items():
        plain = properties[name].get("type")
        if plain is None and text[:1] in "[{":
            try:
                found[name] = json.loads(text)
            except ValueError as wrong:
                raise BindingsInvalid(f"{name}: {wrong}", hint=say("form.json")) from wrong
        else:
            found[name] = text
    return found
