from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.builder.drafting import Builder
from assistant.builder.drafts import Draft
from assistant.builder.questions import Surroundings
from assistant.models.doubles import OneModel, ScriptedModel
from assistant.settings import load
from assistant.skills.library import Library

Drafts = Callable[..., Draft]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The bundled skills."""
    return Library.open(load(home=tmp_path_factory.mktemp("home")))


@pytest.fixture
def draft(library: Library) -> Drafts:
    """A draft of a request by a model that decides as told, one answer after another."""

    def drafted(text: str, *answers: Any, around: Surroundings | None = None) -> Draft:
        model = ScriptedModel(*answers)
        builder = Builder(library, OneModel(model), timezone=lambda: "Europe/London")
        made = asyncio.run(builder.draft(text, around))
        assert model.answers == [], "the builder asked less than the script has"
        return made

    return drafted


@pytest.fixture
def digest_yaml() -> str:
    """A job file with comments, both styles of mappings and uneven spacing."""
    return Path(__file__).with_name("digest.yaml").read_text(encoding="utf-8")
