"""Scores of a model file on hand-written requests, through the product's own way of drafting."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
OURS = HERE / "requests_dev.jsonl"


async def _figures(model: Path, cases: Path, out: Path | None) -> dict[str, Any]:
    from assistant.builder.evaluation import evaluate
    from assistant.models.registry import ModelRegistry
    from assistant.settings import Settings
    from assistant.skills.library import Library

    settings = Settings()
    registry = ModelRegistry(settings, starter=model)
    try:
        return await evaluate(registry.get("starter"), Library.open(settings), cases, out=out)
    finally:
        registry.close()


def figures(model: Path, cases: Path = OURS, out: Path | None = None) -> dict[str, Any]:
    """All figures of `assistant.builder.evaluation` for a model file."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["ASSISTANT_HOME"] = home
        return asyncio.run(_figures(model, cases, out))


def main(model: Path, cases: Path = OURS, out: Path | None = None) -> None:
    """Prints the figures."""
    print(json.dumps(figures(model, cases, out), indent=1, ensure_ascii=False))
