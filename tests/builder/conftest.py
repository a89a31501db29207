from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.builder.drafting import Builder
from assistant.builder.drafts import Draft
from assistant.builder.questions import Surroundings
from assistant.models.doubles import Asked, OneModel, PuppetModel
from assistant.settings import load
from assistant.skills.library import Library

Drafts = Callable[..., Draft]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The bundled skills."""
    return Library.open(load(home=tmp_path_factory.mktemp("home")))


class Deciding(PuppetModel):
    """A model that decides as told: outlines and edits in order, the values of a step by the
    step's number. What code reads in the words is not asked, so not every value is needed."""

    def __init__(self, *answers: Any) -> None:
        self.outlines = [a for a in answers if "kind" in a]
        self.edits = [a for a in answers if "edits" in a]
        self.fills = [a for a in answers if "kind" not in a and "edits" not in a]
        super().__init__(self._decide)

    def _decide(self, asked: Asked) -> Any:
        kind = asked.purpose.removeprefix("builder.")
        if kind == "outline":
            return self.outlines.pop(0) if len(self.outlines) > 1 else self.outlines[0]
        if kind == "edits":
            return self.edits.pop(0) if len(self.edits) > 1 else self.edits[0]
        return self.fills[int(asked.prompt.split()[0]) - 1]


@pytest.fixture
def draft(library: Library) -> Drafts:
    """A draft of a request by a model that decides as told."""

    def drafted(text: str, *answers: Any, around: Surroundings | None = None) -> Draft:
        model = Deciding(*answers)
        builder = Builder(library, OneModel(model), timezone=lambda: "Europe/London")
        return asyncio.run(builder.draft(text, around))

    return drafted


@pytest.fixture
def digest_yaml() -> str:
    """A job file with comments, both styles of mappings and uneven spacing."""
    return Path(__file__).with_name("digest.yaml").read_text(encoding="utf-8")
