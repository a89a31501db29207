"""The Settings tab: keys, mail, channels, budgets, appearance, where the data lie, a backup."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from assistant import settings_file
from assistant.errors import BindingsInvalid
from assistant.job.once import call_request
from assistant.panel import controls
from assistant.panel.addresses import Address, to
from assistant.panel.controls import button, chip
from assistant.panel.html import Html, el, join
from assistant.panel.place import Action, Said, Values
from assistant.panel.places import databases, settings_data
from assistant.panel.texts import say
from assistant.pipeline.triggers import ALERTS
from assistant.secrets import WELL_KNOWN
from assistant.settings import Settings, renew
from assistant.store.backup import back_up
from assistant.workplace import Workplace

PARTS = ("keys", "mail", "channels", "databases", "budgets", "look", "data")
OTHER_SECRETS = ("smtp_password", "panel_password")
TONES = {"works": "succeeded", "fails": "failed", "wrong": "failed", "untried": ""}


class SettingsPlace:
    """`#/settings/<part>`."""

    def __init__(self, place: Workplace) -> None:
        self.place = place

    def show(self, at: Address, session: str) -> Html:
        part = at.part(1) if at.part(1) in PARTS else PARTS[0]
        body, commands = {
            "keys": self._keys, "mail": self._mail, "channels": self._channels, "databases": self._databases,
            "budgets": self._budgets, "look": self._look, "data": self._data,
        }[part](at)  # fmt: skip
        return controls.page(
            say("settings.title"), say("settings.sub"),
            controls.tabs(part, *[(key, say(f"settings.part_{key}"), to("settings", key)) for key in PARTS]),
            body, controls.cli(*commands),
        )  # fmt: skip

    @property
    def actions(self) -> Mapping[str, Action]:
        return {
            "key": self.put_key, "unkey": self.remove_key, "mail": self.put_mail, "mail_test": self.test_mail,
            "channel": self.put_channel, "unchannel": self.remove_channel, "channel_test": self.test_channel,
            "database": self.put_database, "undatabase": self.remove_database, "values": self.put_values, "backup": self.backup,
        }  # fmt: skip

    # Keys

    async def put_key(self, values: Values) -> Said:
        name, value = values.text("name"), str(values.given.get("value", ""))
        where = self.place.secrets.put(name, value)
        return Said(say(f"settings.key_kept_{where}", name=name))

    async def remove_key(self, values: Values) -> Said:
        name = values.text("name")
        self.place.secrets.remove(name)
        return Said(say("settings.key_gone", name=name))

    def _keys(self, at: Address) -> tuple[Html, tuple[str, ...]]:
        secrets = self.place.secrets
        rows = []
        for name in secrets:
            where = secrets.where(name)
            remove = button(say("settings.forget"), "settings.unkey", {"name": name}, cli=f"assistant secrets remove {name}",
                            ask=say("settings.forget_ask", name=name), label=f"{say('settings.forget')} {name}")  # fmt: skip
            known = where in ("file", "keyring")
            rows.append(
                (
                    el("code", name),
                    say(f"settings.in_{where}") if known else where,
                    remove if known else "",
                )
            )
        table = (
            controls.table((say("settings.name"), say("settings.where"), ""), rows, label=say("settings.part_keys"))
            if rows
            else controls.note("calm", say("settings.no_keys"))
        )  # fmt: skip
        offered = [*WELL_KNOWN, *OTHER_SECRETS]
        form = controls.form(
            "settings.key",
            controls.field(say("settings.name"), controls.text_input("name", at.query.get("name", ""), list="key-names", required=True),
                           say("settings.name_about")),
            el("datalist", [el("option", value=name) for name in offered], id="key-names"),
            controls.field(say("settings.value"), controls.text_input("value", kind="password", required=True), say("settings.value_about")),
            el("div", controls.submit(say("settings.keep")), class_="form-foot"),
            cli="assistant secrets set NAME", key=f"key-{at.query.get('name', '')}",
        )  # fmt: skip
        return (
            join(table, controls.card(form, title=say("settings.add_key"))),
            (
                "assistant secrets list",
                "assistant secrets set NAME",
                "assistant secrets remove NAME",
            ),
        )

    # Mail

    async def put_mail(self, values: Values) -> Said:
        smtp = {
            name: values.text(name, needed=False) for name in ("host", "user", "security", "sender")
        }
        port = values.text("port", needed=False) or "587"
        if not port.isdecimal():
            raise BindingsInvalid(say("settings.no_port", port=port[:20]))
        for name, value in (*smtp.items(), ("port", int(port))):
            settings_file.put(self.place.settings.home, "smtp", name, value)
        if password := str(values.given.get("password", "")):
            self.place.secrets.put("smtp_password", password)
        renew(self.place.settings)
        return Said(say("settings.mail_saved"))

    async def test_mail(self, values: Values) -> Said:
        """A real letter to one address, through the same skill that jobs use."""
        request = call_request(
            self.place.library, "send_email",
            {"to": values.text("to"), "subject": say("settings.test_subject"), "body": say("settings.test_body")},
            trigger={"kind": "panel"},
        )  # fmt: skip
        run_id = await (await self.place.engine()).submit(request)
        return Said(say("settings.test_sent"), go=to("runs", run_id))

    def _mail(self, at: Address) -> tuple[Html, tuple[str, ...]]:
        smtp = self.place.settings.smtp
        kinds = [(kind, say(f"settings.security_{kind}")) for kind in ("starttls", "tls", "none")]
        has = "smtp_password" in self.place.secrets
        form = controls.form(
            "settings.mail",
            controls.field(say("settings.host"), controls.text_input("host", smtp.host, placeholder="smtp.example.org"), say("settings.host_about")),
            controls.field(say("settings.port"), controls.text_input("port", str(smtp.port), kind="number", min=1, max=65535)),
            controls.field(say("settings.security"), controls.select("security", kinds, smtp.security)),
            controls.field(say("settings.user"), controls.text_input("user", smtp.user)),
            controls.field(say("settings.password"), controls.text_input("password", kind="password"),
                           say("settings.password_kept") if has else say("settings.password_none")),
            controls.field(say("settings.sender"), controls.text_input("sender", smtp.sender, placeholder=self.place.settings.sender)),
            el("div", controls.submit(say("settings.save")), class_="form-foot"),
            cli="assistant settings set smtp.host HOST", key="mail",
        )  # fmt: skip
        test = controls.form(
            "settings.mail_test",
            controls.field(say("settings.test_to"), controls.text_input("to", kind="email", required=True)),
            el("div", controls.submit(say("settings.test_mail"), kind=""), class_="form-foot"),
            cli="assistant skills run send_email --with to=ADDRESS", key="mail-test",
        )  # fmt: skip
        state = controls.note("calm", say("settings.outbox", folder=self.place.settings.outbox_dir)) if not smtp.host else None  # fmt: skip
        return (
            join(state, controls.card(form, title=say("settings.mail_server")), controls.card(test, title=say("settings.test"))),
            ("assistant settings set smtp.host HOST", "assistant secrets set smtp_password",
             "assistant skills run send_email --with to=ADDRESS"),
        )  # fmt: skip

    # Channels

    async def put_channel(self, values: Values) -> Said:
        name = values.text("name")
        kind = self.place.alerts.add_channel(
            name, values.text("url"), quiet=values.text("quiet", needed=False), digest=values.text("digest", needed=False),
            urgent=tuple(values.many("urgent")),
        )  # fmt: skip
        renew(self.place.settings)
        return Said(say("settings.channel_added", name=name, kind=kind))

    async def remove_channel(self, values: Values) -> Said:
        name = values.text("name")
        self.place.alerts.remove_channel(name)
        renew(self.place.settings)
        return Said(say("settings.channel_gone", name=name))

    async def test_channel(self, values: Values) -> Said:
        name = values.text("name")
        await asyncio.to_thread(self.place.alerts.test, name)
        return Said(say("settings.channel_works", name=name))

    def _channels(self, at: Address) -> tuple[Html, tuple[str, ...]]:
        rows = []
        for channel in self.place.alerts.channels():
            values = {"name": channel.name}
            acts = el(
                "div",
                button(say("settings.test"), "settings.channel_test", values, cli=f"assistant alerts channels test {channel.name}",
                       kind="", label=f"{say('settings.test')} {channel.name}"),
                button(say("mcp.remove"), "settings.unchannel", values, cli=f"assistant alerts channels remove {channel.name}",
                       ask=say("settings.channel_ask", name=channel.name), label=f"{say('mcp.remove')} {channel.name}"),
                class_="row-actions",
            )  # fmt: skip
            state = chip(TONES[channel.state], say(f"settings.channel_state_{channel.state}"))
            rows.append((el("b", channel.name), channel.service or "–", join(state, el("small", channel.error) if channel.error else None,
                              el("small", say("settings.channel_waits", n=channel.waiting)) if channel.waiting else None),
                         channel.quiet or "–", channel.digest or "–", acts))  # fmt: skip
        head = (
            say("settings.name"),
            say("settings.kind"),
            say("jobs.status"),
            say("settings.quiet"),
            say("settings.digest"),
            "",
        )
        table = (
            controls.table(head, rows, label=say("settings.part_channels"))
            if rows
            else controls.empty(say("settings.no_channels"), say("settings.no_channels_sub"))
        )
        form = controls.form(
            "settings.channel",
            controls.field(say("settings.name"), controls.text_input("name", placeholder="ops", required=True)),
            controls.field(say("settings.address"), controls.text_input("url", placeholder="ntfys://ntfy.sh/topic", required=True),
                           say("settings.address_about"), wide=True),
            controls.field(say("settings.quiet"), controls.text_input("quiet", placeholder="22:00-07:00"), say("settings.quiet_about")),
            controls.field(say("settings.digest"), controls.text_input("digest", placeholder="08:00"), say("settings.digest_about")),
            el("fieldset", el("legend", say("settings.urgent"), class_="label"),
               [controls.check("urgent", kind, value=kind) for kind in ALERTS], el("small", say("settings.urgent_about")),
               class_="field wide"),
            el("div", controls.submit(say("settings.add_channel")), class_="form-foot"),
            cli="assistant alerts channels add NAME URL", key="channel",
        )  # fmt: skip
        return (
            join(table, controls.card(form, title=say("settings.add_channel"))),
            ("assistant alerts channels list", "assistant alerts channels add NAME URL", "assistant alerts channels test NAME"),
        )  # fmt: skip

    # Databases

    async def put_database(self, values: Values) -> Said:
        return await databases.add(self.place, values)

    async def remove_database(self, values: Values) -> Said:
        return databases.remove(self.place, values)

    def _databases(self, at: Address) -> tuple[Html, tuple[str, ...]]:
        return databases.show(self.place, at), databases.COMMANDS

    # Budgets and limits, appearance, data

    async def put_values(self, values: Values) -> Said:
        """Plain settings at the top of settings.toml, each in the type that its setting has."""
        changed = 0
        for name, given in values.given.items():
            if name not in settings_data.EDITABLE or not isinstance(given, str):
                continue
            value = settings_data.typed(name, given.strip())
            if value == getattr(self.place.settings, name):
                continue
            settings_file.put(self.place.settings.home, "", name, value)
            changed += 1
        renew(self.place.settings)
        return Said(say("settings.saved") if changed else say("settings.unchanged"))

    async def backup(self, values: Values) -> Said:
        path = await asyncio.to_thread(back_up, self.place.settings, self.place.clock)
        return Said(say("data.backed_up", name=path.name), hint=str(path))

    def _budgets(self, at: Address) -> tuple[Html, tuple[str, ...]]:
        names = ("max_parallel_runs", "model_threads", "model_context", "model_memory_mb")
        used = self._used()
        return (
            join(
                controls.card(el("p", say("settings.budgets_about")), controls.code(say("settings.budget_example")),
                              controls.facts(used), title=say("settings.budgets_jobs")),
                controls.card(self._values(names, "limits"), title=say("settings.limits")),
            ),
            tuple(f"assistant settings set {name} VALUE" for name in names),
        )  # fmt: skip

    def _used(self) -> list[tuple[str, object]]:
        row = self.place.store.row(
            "select count(*) as runs, coalesce(sum(tokens), 0) as tokens, coalesce(sum(cost), 0) as cost from runs"
            " where queued_at > strftime('%Y-%m-01', 'now')"
        ) or {"runs": 0, "tokens": 0, "cost": 0.0}  # fmt: skip
        return [
            (say("settings.used_runs"), f"{row['runs']:,}"), (say("settings.used_tokens"), f"{row['tokens']:,}"),
            (say("settings.used_cost"), f"${row['cost']:,.2f}"),
        ]  # fmt: skip

    def _look(self, at: Address) -> tuple[Html, tuple[str, ...]]:
        looks = [
            el(
                "button",
                say(f"settings.look_{look}"),
                type="button",
                class_="button",
                data_look=look,
            )
            for look in ("system", "light", "dark")
        ]
        names = ("timezone", "noun", "noun_plural")
        return (
            join(
                controls.card(el("p", say("settings.look_about")), el("div", looks, class_="actions looks"), title=say("settings.look")),
                controls.card(self._values(names, "look"), title=say("settings.words")),
            ),
            tuple(f"assistant settings set {name} VALUE" for name in names),
        )  # fmt: skip

    def _data(self, at: Address) -> tuple[Html, tuple[str, ...]]:
        return settings_data.show(self.place), (
            "assistant settings show",
            settings_data.COMMAND,
            "assistant doctor",
        )

    def _values(self, names: tuple[str, ...], key: str) -> Html:
        settings: Settings = self.place.settings
        properties = Settings.model_json_schema()["properties"]
        fields = []
        for name in names:
            schema: dict[str, Any] = properties[name]
            number = schema.get("type") == "integer"
            control = controls.text_input(
                name,
                str(getattr(settings, name)),
                kind="number" if number else "text",
                min=0 if number else None,
            )
            fields.append(
                controls.field(say(f"settings.v_{name}"), control, say(f"settings.a_{name}"))
            )
        return controls.form(
            "settings.values", *fields, el("div", controls.submit(say("settings.save")), class_="form-foot"),
            cli="assistant settings set NAME VALUE", key=f"values-{key}",
        )  # fmt: skip
