"""The same path with a model behind an interface of OpenAI's shape: the starter model itself, served
on loopback and reached through litellm, drafts with the same prompts."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.builder import tasks
from assistant.builder.drafting import Builder
from assistant.models.cloud import CloudModel
from assistant.models.doubles import OneModel
from assistant.models.protocol import Limits, Message
from assistant.models.registry import ModelRegistry
from assistant.settings import Settings
from assistant.skills.library import Library
from assistant.store.database import Store
from tests.models.loopback_providers import Answer, Provider, openai_text

REQUEST = (
    "Every Friday at 16:00 get https://garden.example/feed.xml, keep the best 4 about roses and"
    " mail them to ivy@garden.example"
)


@pytest.fixture
def served(settings: Settings, store: Store) -> Iterator[Provider]:
    """The starter model behind a server that speaks as OpenAI's does."""
    models = ModelRegistry(settings, store)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def respond(request: dict[str, Any]) -> Answer:
        messages = tuple(Message(m["role"], m["content"]) for m in request["messages"])
        schema = request["response_format"]["json_schema"]["schema"]
        starter = models.get("starter").complete(
            messages, schema=schema, limits=Limits(max_tokens=300)
        )
        reply = asyncio.run_coroutine_threadsafe(starter, loop).result(60)
        return Answer(openai_text(reply.text))

    with Provider(respond).running() as provider:
        yield provider
    models.close()
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


async def test_a_model_behind_such_a_server_drafts_with_the_same_prompts(
    served: Provider, library: Library, settings: Settings, store: Store
) -> None:
    remote = CloudModel(
        "openai/starter", secret=lambda _: "sk-test", bases={"openai": f"{served.url}/v1"}
    )
    behind = Builder(library, OneModel(remote), timezone=lambda: "Europe/London")
    local = ModelRegistry(settings, store)
    beside = Builder(library, local, timezone=lambda: "Europe/London")

    made = await behind.draft(REQUEST)
    same = await beside.draft(REQUEST)
    local.close()

    assert (made.kind, made.problems, made.asks) == ("job", (), ())
    assert made.yaml == same.yaml
    assert made.cron == "0 16 * * 5"
    assert [step.skill for step in made.steps] == ["fetch_feed", "rank_items", "send_email"]
    asked = served.requests[0]["messages"]
    assert asked[0]["content"] == tasks.system().text
    assert asked[1]["content"].startswith("Skills\nask_model: ")
