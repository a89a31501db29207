"""The part of a job's page that deletes it: what would be lost, or who holds it."""

from __future__ import annotations

import time

from assistant.errors import AssistantError
from assistant.panel import controls
from assistant.panel.cures import as_html, ticked
from assistant.panel.html import Html, el
from assistant.panel.texts import as_sentence, in_own_words, say
from assistant.store.jobs import JobRecord
from assistant.workplace import Workplace

HOLDS_SECONDS = 15.0


class Losses:
    """What the job that is looked at would take with it. An open page asks every second, and its
    runs may be thousands: what was counted is shown for a while."""

    def __init__(self, place: Workplace) -> None:
        self.place = place
        self._counted: tuple[str, float, list[str]] = ("", 0.0, [])

    def show(self, record: JobRecord) -> Html:
        try:
            self.place.deleting.check(record.id)
        except AssistantError as held:
            return controls.note(
                "wait", el("b", as_sentence(held.message)), el("p", as_html(in_own_words(held.hint)))
            )  # fmt: skip
        lost = self._lost(record)
        sure = "\n".join([say("job.delete_ask", job=record.name), *lost]).replace("`", "")
        return controls.card(
            el("ul", [el("li", ticked(text)) for text in lost], class_="plain"),
            controls.button(say("job.delete_it"), "jobs.delete", {"job": record.name}, ask=sure,
                            cli=f"assistant jobs delete {record.name}", kind="danger"),
            title=say("job.delete_title"),
        )  # fmt: skip

    def _lost(self, record: JobRecord) -> list[str]:
        job, at, lost = self._counted
        if job != record.id or time.monotonic() - at > HOLDS_SECONDS:
            lost = [in_own_words(text) for text in self.place.deleting.preview(record.id).told()]
            self._counted = (record.id, time.monotonic(), lost)
        return lost
