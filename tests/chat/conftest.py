"""A workplace on a fresh home with the demo newspaper beside it, and a model that a test directs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from assistant.chat.events import TurnEvent
from assistant.chat.turn import Conversation
from assistant.demo import DemoSite
from assistant.models.doubles import Answer, Asked, PuppetModel
from assistant.models.protocol import Model
from assistant.models.registry import ModelRegistry
from assistant.settings import Settings
from assistant.store.database import Store
from assistant.workplace import Workplace


class DirectedModels(ModelRegistry):
    """Every name is the same model: the one the test directs."""

    def __init__(self, settings: Settings, store: Store, model: Model) -> None:
        super().__init__(settings, store)
        self.model = model

    def get(self, name: str = "") -> Model:
        return self.model


class Script:
    """The small decisions that a model makes about one request."""

    def __init__(
        self, outline: dict[str, Any], edits: list[Any] | None = None, **fills: Any
    ) -> None:
        self.outline = outline
        self.edits = edits or []
        self.fills = fills

    def __call__(self, asked: Asked) -> Answer:
        if asked.purpose == "builder.outline":
            return self.outline
        if asked.purpose == "builder.edits":
            return {"edits": self.edits}
        step = asked.prompt.split()[1].rstrip(":")
        wanted = (asked.schema or {}).get("properties", {})
        return {key: value for key, value in self.fills.get(step, {}).items() if key in wanted}


class Room:
    """A conversation and what was said in it."""

    def __init__(
        self, place: Workplace, site: DemoSite, directed: list[Callable[..., Answer]]
    ) -> None:
        self.place = place
        self.site = site
        self.conversation = Conversation(place)
        self._directed = directed

    def direct(self, script: Callable[[Asked], Answer]) -> None:
        """What the model answers from now on."""
        self._directed[0] = script

    async def say(self, text: str, **more: Any) -> list[TurnEvent]:
        return [event async for event in self.conversation.turn(text, **more)]

    def said(self, job: str) -> list[tuple[str, str, str]]:
        found = self.place.jobs.interactions(self.place.jobs.get(job).id)
        return [(i.kind, i.role, i.text) for i in found if i.text]


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with DemoSite() as running:
        yield running


@pytest.fixture
async def room(settings: Settings, site: DemoSite) -> AsyncIterator[Room]:
    directed: list[Callable[..., Answer]] = [Script({"kind": "answer"})]
    model = PuppetModel(lambda asked: directed[0](asked))
    reaching = settings.model_copy(update={"allow_origins": (site.origin,)})
    place = Workplace.open(reaching, models=lambda s, store: DirectedModels(s, store, model))
    yield Room(place, site, directed)
    await place.close()
