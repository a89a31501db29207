"""Small real models, a registry that knows them, and nothing of a cloud."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.models.registry import ModelRegistry
from assistant.settings import Settings
from assistant.store.database import Store
from tests.models.tiny_gguf import write_chat_model, write_embedding_model


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """GGUF files made on the spot: `tiny` chats without end, `vectors` embeds."""
    folder = tmp_path_factory.mktemp("models")
    write_chat_model(folder / "tiny.gguf")
    write_embedding_model(folder / "vectors.gguf")
    return folder


@pytest.fixture
def registry(settings: Settings, store: Store, model_folder: Path) -> Iterator[ModelRegistry]:
    """The models of a fresh home folder that has the small files."""
    for file in model_folder.glob("*.gguf"):
        (settings.models_dir / file.name).symlink_to(file)
    made = ModelRegistry(settings, store)
    yield made
    made.close()
