"""The skills that the checker's tests know: our own record types, so real schemas."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from assistant.pipeline.skill_table import SkillSchema, SkillTable
from assistant.skills import records


def _takes(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required),
            "additionalProperties": False}  # fmt: skip


def _gives(kind: Any) -> dict[str, Any]:
    return TypeAdapter(kind).json_schema()


TEXT = {"type": "string"}
WHOLE = {"type": "integer", "minimum": 1, "maximum": 500}
TEXTS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_ITEM = _gives(records.Item)
ITEMS = {"type": "array", "items": _ITEM}
LETTER = {"anyOf": [_gives(records.Newsletter), {"type": "null"}]}
MAYBE = {"anyOf": [TEXT, {"type": "null"}]}

SKILLS = SkillTable({
    "fetch_feed": SkillSchema(_takes(url=TEXT, urls={"type": "array", "items": TEXT}, limit=WHOLE, since=MAYBE), _gives(records.Items), "read"),
    "scrape_page": SkillSchema(_takes(("url", "selector"), url=TEXT, selector=TEXT, fields={"type": "object"}, limit=WHOLE), _gives(records.Items), "read"),
    "extract_article": SkillSchema(_takes(items=ITEMS, url=TEXT), _gives(records.Items), "read"),
    "rank_items": SkillSchema(_takes(("items",), items=ITEMS, topic=TEXT, limit=WHOLE, since=MAYBE), _gives(records.Items), "pure"),
    "summarize_items": SkillSchema(_takes(("items",), items=ITEMS, sentences=WHOLE, model=TEXT), _gives(records.Items), "read"),
    "compile_newsletter": SkillSchema(_takes(("items", "title"), items=ITEMS, title=TEXT, intro=TEXT, design={"type": "string", "enum": ["plain", "cards", "compact"]}), _gives(records.NewsletterResult), "pure"),
    "send_email": SkillSchema(_takes(("to",), to=TEXTS, subject=TEXT, newsletter=LETTER, body=TEXT, attachments={"type": "array", "items": TEXT}), _gives(records.ReceiptResult), "write"),
    "notify": SkillSchema(_takes(("message",), message=TEXT, channel=TEXT), _gives(records.ReceiptResult), "write"),
    "http_request": SkillSchema(_takes(("url",), method={"type": "string", "enum": ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]}, url=TEXT, headers={"type": "object", "additionalProperties": TEXT}, body={}), _gives(records.ResponseResult), "write"),
    "save_file": SkillSchema(_takes(("name", "content"), name=TEXT, content=TEXT), _gives(records.ArtifactResult), "write"),
    "web_search": SkillSchema(_takes(("query",), query=TEXT, limit=WHOLE, since=MAYBE), _gives(records.Items), "read"),
    "query_database": SkillSchema(_takes(question=TEXT, sql=TEXT, database=TEXT), _gives(records.Rows), "read"),
    "ask_model": SkillSchema(_takes(("prompt",), prompt=TEXT, model=TEXT, schema={"type": "object"}, skills={"type": "array", "items": TEXT}), _gives(records.Answer), "read"),
})  # fmt: skip


@pytest.fixture(scope="session")
def skills() -> SkillTable:
    return SKILLS
