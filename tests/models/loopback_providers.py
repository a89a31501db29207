"""Servers on loopback that speak as OpenAI's and Anthropic's do, and misbehave when told to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """What the server sends: JSON, or server-sent events; `cut` closes in the middle."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    events: list[tuple[str, Any]] = field(default_factory=list)
    cut: bool = False
    delay: float = 0.0


Respond = Callable[[dict[str, Any]], Answer]


class Provider:
    """A running server: `requests` are the bodies it was sent."""

    def __init__(self, respond: Respond) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.hung_up = threading.Event()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                size = int(self.headers.get("content-length", 0))
                request = json.loads(self.rfile.read(size))
                provider.requests.append(request)
                provider.headers.append(dict(self.headers))
                try:
                    self._send(respond(request))
                except (BrokenPipeError, ConnectionResetError):
                    provider.hung_up.set()
                    self.close_connection = True

            def _send(self, answer: Answer) -> None:
                if answer.events:
                    self._stream(answer)
                    return
                time.sleep(answer.delay)
                text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
                self.send_response(answer.status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(text.encode())))
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text.encode())

            def _stream(self, answer: Answer) -> None:
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()
                for event, data in answer.events:
                    head = f"event: {event}\n" if event else ""
                    line = data if isinstance(data, str) else json.dumps(data)
                    part = f"{head}data: {line}\n\n".encode()
                    self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
                    self.wfile.flush()
                    time.sleep(answer.delay)
                if answer.cut:
                    self.close_connection = True
                    return
                self.wfile.write(b"0\r\n\r\n")

            def log_message(self, *args: Any) -> None:
                return

        self._server = _QuietServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def running(self) -> Iterator[Provider]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()


class _QuietServer(ThreadingHTTPServer):
    """A client that hangs up is part of the tests, not an error."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        return


def openai_text(text: str | None, **more: Any) -> dict[str, Any]:
    """A chat completion of OpenAI's shape."""
    finish = more.pop("finish", "stop")
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-test",
        "choices": [
            {"index": 0, "finish_reason": finish,
             "message": {"role": "assistant", "content": text, **more}}
        ],
        "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18,
                  "prompt_tokens_details": {"cached_tokens": 4}},
    }  # fmt: skip


def openai_call(name: str, arguments: str, call_id: str = "call_9") -> dict[str, Any]:
    call = {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}
    return openai_text(None, tool_calls=[call], finish="tool_calls")


def openai_stream(*deltas: dict[str, Any], finish: str | None = "stop") -> list[tuple[str, Any]]:
    """Server-sent events of OpenAI's shape."""
    head = {
        "id": "chatcmpl-2",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "gpt-test",
    }
    events: list[tuple[str, Any]] = [
        ("", {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
        for delta in deltas
    ]
    if finish is None:
        return events
    end = {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}
    usage = {
        **head,
        "choices": [],
        "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
    }
    return [*events, ("", end), ("", usage), ("", "[DONE]")]


def anthropic_message(*content: dict[str, Any], stop: str = "end_turn") -> dict[str, Any]:
    """A message of Anthropic's shape."""
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-test",
        "content": list(content), "stop_reason": stop, "stop_sequence": None,
        "usage": {"input_tokens": 12, "output_tokens": 6, "cache_read_input_tokens": 3,
                  "cache_creation_input_tokens": 0},
    }  # fmt: skip


def anthropic_stream(
    *blocks: tuple[dict[str, Any], list[dict[str, Any]]], stop: str = "end_turn"
) -> list[tuple[str, Any]]:
    """Server-sent events of Anthropic's shape: each block is its start and its deltas."""
    start = anthropic_message()
    events: list[tuple[str, Any]] = [("message_start", {"type": "message_start", "message": start})]
    for index, (block, deltas) in enumerate(blocks):
        events.append(
            ("content_block_start",
             {"type": "content_block_start", "index": index, "content_block": block})
        )  # fmt: skip
        for delta in deltas:
            events.append(
                ("content_block_delta",
                 {"type": "content_block_delta", "index": index, "delta": delta})
            )  # fmt: skip
        events.append(("content_block_stop", {"type": "content_block_stop", "index": index}))
    end = {"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None},
           "usage": {"output_tokens": 6}}  # fmt: skip
    return [*events, ("message_delta", end), ("message_stop", {"type": "message_stop"})]
