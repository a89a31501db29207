"""The typed records that flow between skills."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Record(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Item(Record):
    """A story, a post, a row of a page. Times are RFC 3339 UTC; empty means not known."""

    title: str = ""
    url: str = ""
    source: str = ""
    published: str = ""
    author: str = ""
    summary: str = ""
    text: str = ""
    image: str = ""
    score: float | None = None
    tags: list[str] = Field(default_factory=list)


class Items(Record):
    """What every collecting skill gives; `warnings` say what was left out and why."""

    items: list[Item] = Field(default_factory=list[Item])
    warnings: list[str] = Field(default_factory=list)


class Newsletter(Record):
    title: str
    html: str
    markdown: str
    text: str
    preheader: str = ""
    item_count: int = 0


class NewsletterResult(Record):
    newsletter: Newsletter
    artifacts: list[dict[str, Any]] = Field(default_factory=list[dict[str, Any]])


class Receipt(Record):
    """Proof of a delivery: what went where, and the id that the other side knows it by."""

    channel: str
    recipients: list[str] = Field(default_factory=list)
    message_id: str = ""
    subject: str = ""
    uri: str = ""
    sent_at: str = ""
    state: str = "sent"


class ReceiptResult(Record):
    receipt: Receipt


class Artifact(Record):
    name: str
    media_type: str
    size: int
    sha256: str
    uri: str = ""


class ArtifactResult(Record):
    artifact: Artifact


class Rows(Record):
    columns: list[str]
    rows: list[dict[str, Any]]
    count: int
    truncated: bool = False
    sql: str = ""


class Response(Record):
    status: int
    url: str
    headers: dict[str, str] = Field(default_factory=dict)
    text: str = ""
    data: Any = None


class ResponseResult(Record):
    response: Response


class Answer(Record):
    """What `ask_model` gives: text, or `record` when a schema was asked for."""

    text: str = ""
    record: Any = None
    model: str = ""
    tokens: int = 0
    cost: float = 0.0
