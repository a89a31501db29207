"""What a skill gave, in one line: for tool lines, dry runs and the model's memory of a result."""

from __future__ import annotations

from typing import Any

from assistant.builder.questions import LastResult

LONGEST = 140


def summary_of(output: Any) -> str:
    """`12 items`, `mail to jo@example.org`, the beginning of a text."""
    if not isinstance(output, dict):
        return shortened(output)
    if isinstance(items := output.get("items"), list):
        warned = f", {len(warnings)} warnings" if (warnings := output.get("warnings")) else ""
        return f"{len(items)} item{'s' if len(items) != 1 else ''}{warned}"
    if isinstance(letter := output.get("newsletter"), dict):
        return f"newsletter “{letter.get('title', '')}” with {letter.get('item_count', 0)} items"
    if isinstance(receipt := output.get("receipt"), dict):
        return f"{receipt.get('channel', '')} to {', '.join(receipt.get('recipients', []))}: {receipt.get('state', '')}"
    if isinstance(rows := output.get("rows"), list):
        return f"{len(rows)} rows"
    if isinstance(artifact := output.get("artifact"), dict):
        return f"file {artifact.get('name', '')}, {artifact.get('size', 0):,} bytes"
    if isinstance(response := output.get("response"), dict):
        return f"status {response.get('status', '')} from {response.get('url', '')}"
    if isinstance(text := output.get("text"), str) and text:
        return shortened(text)
    return shortened(output)


def kind_of(output: Any, skill: str) -> LastResult | None:
    """What the builder is told of the result just shown."""
    if not isinstance(output, dict):
        return None
    for kind in ("items", "rows"):
        if isinstance(found := output.get(kind), list):
            return LastResult(kind, skill, len(found))
    for kind in ("newsletter", "response", "text"):
        if output.get(kind):
            return LastResult(kind, skill)
    return None


def shortened(value: Any, longest: int = LONGEST) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
