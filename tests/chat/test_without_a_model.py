"""With the model's file gone or damaged the chat says so at once with the cure, and all that needs
no model goes on: commands, templates, files, jobs and questions about their runs."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from assistant.chat.events import Notice, RunCard, TextDelta
from assistant.chat.turn import Conversation
from assistant.demo import DemoSite
from assistant.job.templates import get
from assistant.models.registry import ModelRegistry
from assistant.settings import Settings
from assistant.workplace import Workplace
from tests.chat.test_run_talk import JOB
from tests.chat.test_turn import only

SECONDS = 2.0


@pytest.mark.parametrize("content", [None, b"", b"GGUF" + b"\x00" * 200], ids=["missing", "empty", "damaged"])  # fmt: skip
async def test_without_a_model_all_but_the_drafting_goes_on(
    settings: Settings, site: DemoSite, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "starter.gguf"
    if content is not None:
        path.write_bytes(content)
    place = Workplace.open(
        settings.model_copy(update={"allow_origins": (site.origin,)}),
        models=lambda s, store: ModelRegistry(s, store, starter=path),
    )
    place.library.all()
    talk = Conversation(place)

    async def say(text: str, focus: str = "") -> list:
        return [event async for event in talk.turn(text, focus=focus)]

    began = time.monotonic()
    events = await say(f"Every day at 7 mail the stories of {site.feed} to jo@example.org")
    spent = time.monotonic() - began
    [notice] = only(events, Notice)
    assert notice.code == "model_unavailable"
    assert "assistant jobs new --template weekly-digest" in notice.hint
    assert spent < SECONDS
    assert only(await say("/help"), TextDelta)
    assert only(await say("/jobs"), TextDelta)
    template = get("weekly-digest")
    record = place.jobs.create("from-template")
    place.lifecycle.save(
        record.id, template.fill({"feed": site.feed, "to": "jo@example.org"}, name="from-template")
    )
    assert place.jobs.get(record.id).version == 1
    job = place.jobs.create("digest")
    place.lifecycle.save(job.id, JOB.format(feed=site.feed))
    assert only(await say("/run", "digest"), RunCard)[-1].status == "succeeded"
    told = "".join(d.text for d in only(await say("Did it work?", "digest"), TextDelta))
    assert "succeeded" in told
    await place.close()
