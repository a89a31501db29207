"""The Jobs tab: every job with its state, schedule and last results; what can be done with them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, BindingsInvalid
from assistant.job import templates
from assistant.job.running import request_for
from assistant.panel import attaching, controls
from assistant.panel.addresses import Address, to
from assistant.panel.html import Html
from assistant.panel.place import Action, Said, Values
from assistant.panel.places import (
    backfilling,
    calendar,
    deleting,
    job_list,
    job_page,
    template_gallery,
    trigger_page,
)
from assistant.panel.reading import Reader
from assistant.panel.texts import say
from assistant.pipeline.inputs import bind
from assistant.schedule.cron import zone_here
from assistant.store.jobs import JobRecord
from assistant.workplace import Workplace

if TYPE_CHECKING:
    from assistant.chat.turn import Conversation


class JobsPlace:
    """`#/jobs`, `#/jobs/<name>`, `#/jobs/<name>/triggers`, `#/jobs/<name>/delete`, `#/jobs/calendar`, `#/jobs/ledger`, `#/jobs/templates/<name>`."""

    def __init__(self, place: Workplace, conversation: Callable[[], Conversation]) -> None:
        self.place = place
        self.conversation = conversation
        self.reader = Reader(place)
        self.asked = trigger_page.Asked()
        self.losses = deleting.Losses(place)

    def show(self, at: Address, session: str) -> Html:
        match at.parts[1:]:
            case ():
                return job_list.show(self.reader, at)
            case ("calendar", *_):
                return calendar.week(self.reader, at)
            case ("ledger", *_):
                return calendar.ledger(self.reader, at)
            case ("templates",):
                return template_gallery.gallery(at, self.place.settings.templates_dir)
            case ("templates", name, *_):
                return template_gallery.blanks(
                    name, self.place.settings.templates_dir, self.place.library
                )
            case ("import", *_):
                return template_gallery.bring_in()
            case (name, *_):
                found = self.place.jobs.find(name)
                return (
                    job_page.show(self.reader, found, at, self.asked, session, self.losses)
                    if found
                    else self._missing(name)
                )
            case _:
                return job_list.show(self.reader, at)

    @property
    def actions(self) -> Mapping[str, Action]:
        return {
            "pause": self._switch(lambda job: self.place.lifecycle.pause(job), "paused"),
            "resume": self._switch(lambda job: self.place.lifecycle.resume(job), "resumed"),
            "enable": self._switch(lambda job: self.place.lifecycle.enable(job), "enabled"),
            "disable": self._switch(lambda job: self.place.lifecycle.disable(job), "disabled"),
            "park": self._switch(lambda job: self.place.lifecycle.park(job), "parked"),
            "bulk": self.bulk, "run": self.run, "rename": self.rename, "rollback": self.roll_back,
            "template": self.begin, "import": self.bring_in, "save": self.save,
            "delete": self.delete, "backfill": self.backfill, "try": self._of_trigger(trigger_page.try_it),
            "token": self._of_trigger(trigger_page.show_token),
            "renew": self._of_trigger(trigger_page.renew),
        }  # fmt: skip

    async def run(self, values: Values) -> Said:
        """Start a run of the version in force with the inputs of the form."""
        record = self.place.jobs.get(values.text("job"))
        declared = self.place.lifecycle.in_force(record).inputs
        given = controls.arguments(values.given, declared)
        request = request_for(
            self.place.jobs, record, trigger={"kind": "panel"}, dry=values.on("dry"),
            inputs=bind(declared, given, texts=True),
        )  # fmt: skip
        run_id = await (await self.place.engine()).submit(request)
        return Said(say("jobs.started", job=record.name), go=to("runs", run_id))

    async def bulk(self, values: Values) -> Said:
        """Pause, resume or run every ticked job; one that refuses does not hold up the others."""
        names, what = values.many("jobs"), values.text("what")
        if not names:
            raise BindingsInvalid(say("jobs.none_ticked"), hint=say("jobs.tick_some"))
        refused = list[str]()
        for name in names:
            try:
                await self._one_of_many(what, self.place.jobs.get(name))
            except AssistantError as wrong:
                refused.append(f"{name}: {wrong.message}")
        done = say("jobs.bulk_done", n=len(names) - len(refused), what=what)
        return Said(done, "bad" if refused else "ok", hint="\n".join(refused))

    async def rename(self, values: Values) -> Said:
        record = self.place.lifecycle.rename(values.text("job"), values.text("name"))
        return Said(say("jobs.renamed", job=record.name), go=to("jobs", record.name))

    async def delete(self, values: Values) -> Said:
        loss = await self.place.deleting.delete(await self.place.engine(), values.text("job"))
        return Said(say("jobs.deleted", job=loss.job.name), go=to("jobs"))

    async def roll_back(self, values: Values) -> Said:
        record = self.place.jobs.get(values.text("job"))
        number = values.text("version")
        if not number.isdecimal():
            raise BindingsInvalid(say("job.not_a_version", number=number[:20]))
        made = self.place.lifecycle.roll_back(record.id, int(number))
        return Said(say("jobs.rolled_back", old=number, new=made.number))

    async def backfill(self, values: Values) -> Said:
        return backfilling.fill(self.place, values)

    async def save(self, values: Values) -> Said:
        """Make an edited file the next version."""
        record = self.place.jobs.get(values.text("job"))
        made = self.place.lifecycle.save(record.id, values.text("yaml") + "\n", message=say("jobs.edited"))  # fmt: skip
        return Said(say("jobs.saved", version=made.number))

    async def begin(self, values: Values) -> Said:
        """A new job from a template: a draft, shown in the chat, until it is approved."""
        chosen = templates.get(values.text("template"), self.place.settings.templates_dir)
        wanted = values.text("name", needed=False)
        given = {
            name.removeprefix("arg:"): text
            for name, text in values.given.items()
            if name.startswith("arg:") and isinstance(text, str) and text.strip()
        }
        zone = zone_here(self.place.settings.timezone)
        text = chosen.fill(given, name=wanted, timezone=zone)
        self.place.lifecycle.parsed(text, path=f"template {chosen.name}")
        record = self.place.jobs.create(wanted or chosen.name, title=chosen.title)
        await self.conversation().propose(record.id, text, template=chosen.name)
        return Said(say("jobs.drafted", job=record.name), go=to("chat", record.id))

    async def bring_in(self, values: Values) -> Said:
        raw = attaching.bytes_of(values.given.get("file"))
        made = attaching.bring_in(self.place, raw, name=values.text("name", needed=False))
        told = ", ".join(record.name for record in made)
        return Said(say("jobs.imported", jobs=told), go=to("jobs", made[0].name))

    def _of_trigger(
        self, act: Callable[[Workplace, trigger_page.Asked, Values], Awaitable[Said]]
    ) -> Action:
        async def done(values: Values) -> Said:
            return await act(self.place, self.asked, values)

        return done

    def _switch(self, change: Callable[[str], JobRecord], word: str) -> Action:
        async def act(values: Values) -> Said:
            record = change(values.text("job"))
            return Said(say(f"jobs.{word}", job=record.name))

        return act

    async def _one_of_many(self, what: str, record: JobRecord) -> None:
        match what:
            case "pause":
                self.place.lifecycle.pause(record.id)
            case "resume":
                self.place.lifecycle.resume(record.id)
            case "run":
                request = request_for(self.place.jobs, record, trigger={"kind": "panel"})
                await (await self.place.engine()).submit(request)
            case _:
                raise BindingsInvalid(say("jobs.cannot", what=what[:20]))

    def _missing(self, name: str) -> Html:
        return controls.nowhere(
            say("jobs.missing", name=name[:80]), say("jobs.missing_sub"),
            (say("jobs.all"), to("jobs")),
        )  # fmt: skip
