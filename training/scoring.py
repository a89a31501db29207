"""Scores of a model file on hand-written requests, through the product's own way of drafting."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from pathlib import Path
from typing import Any

CASES = Path(__file__).resolve().parents[1] / "tests" / "evals" / "requests.jsonl"
"""Written by hand. Those of the split `look` may be read to improve the generator; those of the
split `report` are only ever scored."""


async def _figures(model: Path, cases: Path, split: str, out: Path | None) -> dict[str, Any]:
    from assistant.builder.evaluation import evaluate
    from assistant.models.registry import ModelRegistry
    from assistant.settings import Settings
    from assistant.skills.library import Library

    settings = Settings()
    registry = ModelRegistry(settings, starter=model)
    try:
        return await evaluate(
            registry.get("starter"), Library.open(settings), cases, out=out, split=split
        )
    finally:
        registry.close()


def figures(
    model: Path, cases: Path = CASES, split: str = "", out: Path | None = None
) -> dict[str, Any]:
    """All figures of `assistant.builder.evaluation` for a model file."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["ASSISTANT_HOME"] = home
        return asyncio.run(_figures(model, cases, split, out))


def main(model: Path, cases: Path = CASES, split: str = "report") -> None:
    """Prints the figures, a line for each group."""
    found = figures(model, cases, split)
    for name in ("full", "kind", "chain", "cron", "arguments", "structure"):
        print(f"{name}: {json.dumps(found[name])}")
    for group in ("by_category", "by_language"):
        for name, shares in found[group].items():
            print(f"{group} {name}: {json.dumps(shares)}")
    print(f"invented: {found['invented']}, seconds: {json.dumps(found['seconds'])}")
