"""The Runs tab: every run, one run step by step, two runs compared, replay and approval."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.errors import AssistantError, BindingsInvalid
from assistant.job.running import replay_request, request_for
from assistant.job.waiting import decide
from assistant.panel import controls
from assistant.panel.addresses import Address, to
from assistant.panel.cures import as_html
from assistant.panel.html import Html
from assistant.panel.place import Action, Said, Values
from assistant.panel.places import run_list, run_page
from assistant.panel.reading import Reader
from assistant.panel.texts import as_sentence, say
from assistant.workplace import Workplace


class RunsPlace:
    """`#/runs`, `#/runs/compare?a=…&b=…`, `#/runs/<run>`, `#/runs/<run>/step/<path>`."""

    def __init__(self, place: Workplace) -> None:
        self.place = place
        self.reader = Reader(place)

    def show(self, at: Address, session: str) -> Html:
        ident = at.part(1)
        if not ident:
            return run_list.show(self.reader, at)
        try:
            if ident == "compare":
                return run_list.compared(self.reader, at)
            return run_page.show(self.reader, self.place.runs.get(ident), at)
        except AssistantError as wrong:
            return controls.nowhere(
                as_sentence(wrong.message), as_html(wrong.hint), (say("runs.all"), to("runs"))
            )

    @property
    def actions(self) -> Mapping[str, Action]:
        return {"compare": self.compare, "replay": self.replay, "cancel": self.cancel,
                "approve": self.approve, "reject": self.reject}  # fmt: skip

    async def compare(self, values: Values) -> Said:
        chosen = values.many("run")
        if len(chosen) != 2:
            raise BindingsInvalid(say("compare.two"), hint=say("compare.two_hint"))
        older, newer = sorted(chosen)
        return Said(go=to("runs", "compare", a=older, b=newer))

    async def replay(self, values: Values) -> Said:
        """Run again what a run asked for: from a step on, from the failed one, or all of it."""
        row = self.place.runs.get(values.text("run"))
        if values.on("all") and row.job_id and row.version:
            record = self.place.jobs.get(row.job_id)
            request = request_for(self.place.jobs, record, trigger={"kind": "rerun", "run": row.id},
                                  inputs=row.inputs, version=row.version, dry=row.dry)  # fmt: skip
        else:
            request = replay_request(
                self.place.jobs, row, from_path=values.text("from", needed=False), newest=values.on("newest")
            )  # fmt: skip
        made = await (await self.place.engine()).submit(request)
        return Said(say("run.replayed"), go=to("runs", made))

    async def cancel(self, values: Values) -> Said:
        run_id = values.text("run")
        self.place.runs.get(run_id)
        await (await self.place.engine()).cancel(run_id)
        return Said(say("run.stopping"))

    async def approve(self, values: Values) -> Said:
        return self._decide(values, approved=True)

    async def reject(self, values: Values) -> Said:
        return self._decide(values, approved=False)

    def _decide(self, values: Values, *, approved: bool) -> Said:
        run_id, path = values.text("run"), values.text("path", needed=False)
        decide(self.place.runs, run_id, approved=approved, by="panel", path=path)
        return Said(say("run.approved" if approved else "run.rejected"))
