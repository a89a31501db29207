"""What a skill gave, in one line: for tool lines, dry runs and the model's memory of a result."""

from __future__ import annotations

import re
from typing import Any

from assistant.builder.questions import LastResult

LONGEST = 140
IN_FULL = 2400
"""Characters of an answer's items together: one is told whole, ten get a line or two each."""


def summary_of(output: Any) -> str:
    """`12 items`, `mail to jo@example.org`, the beginning of a text."""
    if not isinstance(output, dict):
        return shortened(output)
    if isinstance(items := output.get("items"), list):
        return f"{len(items)} item{'s' if len(items) != 1 else ''}{_warned(output.get('warnings'))}"
    if isinstance(letter := output.get("newsletter"), dict):
        return f"newsletter “{letter.get('title', '')}” with {letter.get('item_count', 0)} items"
    if isinstance(receipt := output.get("receipt"), dict):
        return f"{receipt.get('channel', '')} to {', '.join(receipt.get('recipients', []))}: {receipt.get('state', '')}"
    if isinstance(rows := output.get("rows"), list):
        return f"{len(rows)} row{'s' if len(rows) != 1 else ''}"
    if isinstance(artifact := output.get("artifact"), dict):
        return f"file {artifact.get('name', '')}, {artifact.get('size', 0):,} bytes"
    if isinstance(response := output.get("response"), dict):
        return f"status {response.get('status', '')} from {response.get('url', '')}"
    if isinstance(text := output.get("text"), str) and text:
        return shortened(text)
    return shortened(output)


def _warned(warnings: Any) -> str:
    """The one warning in its words, or how many there are."""
    if not isinstance(warnings, list) or not warnings:
        return ""
    if len(warnings) > 1:
        return f", {len(warnings)} warnings"
    return f"; {shortened(warnings[0], LONGEST).rstrip('.')}"


def in_full(output: Any, most: int = 10) -> str:
    """A result as the Markdown of an answer; empty when its summary says it all."""
    if not isinstance(output, dict):
        return ""
    if isinstance(items := output.get("items"), list):
        longest = max(LONGEST, IN_FULL // max(1, min(len(items), most)))
        shown = [_item(item, longest) for item in items[:most] if isinstance(item, dict)]
        return "\n".join([*shown, *_more(len(items) - most, "items")])
    if isinstance(rows := output.get("rows"), list):
        return _rows(list(output.get("columns", [])), rows, most)
    if isinstance(letter := output.get("newsletter"), dict):
        return str(letter.get("markdown", ""))
    if isinstance(response := output.get("response"), dict):
        return f"```\n{str(response.get('text', ''))[:2000]}\n```"
    return output["text"] if isinstance(output.get("text"), str) else ""


def _item(item: dict[str, Any], longest: int) -> str:
    title = plain(item.get("title") or item.get("url", ""))
    link = f"[{title}]({item['url']})" if item.get("url") else title
    about = plain(shortened(item.get("summary", ""), longest))
    return f"- {link}" + (f": {about}" if about else "")


def _rows(columns: list[str], rows: list[Any], most: int) -> str:
    head = [f"| {' | '.join(map(plain, columns))} |", "|" + " --- |" * len(columns)]
    body = [f"| {' | '.join(plain(row.get(c, '')) for c in columns)} |" for row in rows[:most]]
    return "\n".join([*head, *body, *_more(len(rows) - most, "rows")]) if columns else ""


def _more(count: int, what: str) -> list[str]:
    return [f"\n… and {count} more {what}"] if count > 0 else []


def plain(value: Any) -> str:
    """Text from outside, so that it stays text inside Markdown: no links, images or cells."""
    return re.sub(r"([\\`*_\[\]<>|!#])", r"\\\1", " ".join(str(value).split()))


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
    """In one line of at most so many characters, cut between words where there are any."""
    text = " ".join(str(value).split())
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    whole = cut.rpartition(" ")[0] if text[longest - 1].isalnum() else cut
    return f"{whole.rstrip(' ,;:') if len(whole) > longest // 2 else cut}…"


def would(skill: str, shown: Any) -> str:
    """What a dry run shows of a write: `send email: to jo@example.org, subject Batteries`."""
    parts: dict[str, Any] = shown if isinstance(shown, dict) else {}
    arguments = {**parts.get("arguments", {}), **_record(parts.get("preview"))}
    told = [
        f"{name} {shortened(_joined(arguments[name]), 60)}"
        for name in (
            "to",
            "recipients",
            "channel",
            "subject",
            "name",
            "url",
            "method",
            "database",
            "changed",
            "sql",
        )
        if arguments.get(name) not in (None, "", [])
    ]
    does = skill.replace("_", " ")
    return f"{does}: {', '.join(told)}" if told else does


def _joined(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _record(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
