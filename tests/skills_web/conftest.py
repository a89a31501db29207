"""What the tests of the web skills share: a site on loopback and a context that may reach it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from assistant.clock import FixedClock
from assistant.errors import ModelUnavailable
from assistant.models.protocol import Model
from assistant.net.client import open_client
from assistant.settings import Settings
from assistant.skills.context import SkillContext
from assistant.skills.files import FolderArtifacts
from assistant.skills.memory import PassingMemory
from tests.loopback import Site, allowing

Desk = SkillContext


class NoModels:
    """A machine without a model."""

    def get(self, name: str = "") -> Model:
        raise ModelUnavailable(f"There is no model {name!r} here.")

    def names(self) -> list[str]:
        return []


class Told(list):
    """Keeps what a skill tells: warnings, progress."""

    def __call__(self, message: str, **_: object) -> None:
        self.append(message)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def desk(settings: Settings, clock: FixedClock, tmp_path: Path) -> Callable[..., SkillContext]:
    """Makes a skill's context whose client reaches the given sites."""

    def made(*sites: Site, robots: bool = True, **client: object) -> SkillContext:
        allowed = allowing(settings, *sites).model_copy(update={"robots": robots})
        return SkillContext(
            settings=allowed,
            http=open_client(allowed, **client),
            artifacts=FolderArtifacts(tmp_path / "artifacts"),
            memory=PassingMemory(),
            models=NoModels(),
            secrets={},
            clock=clock,
            progress=Told(),
            warn=Told(),
            outbox=allowed.outbox_dir,
        )

    return made


@pytest.fixture
async def context(desk: Callable[..., SkillContext], site: Site) -> AsyncIterator[SkillContext]:
    made = desk(site)
    yield made
    await made.http.aclose()
