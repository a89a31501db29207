"""The model process: reads requests as JSON lines, answers as JSON lines, one at a time.

`python -m assistant.models.worker`. A request is `{id, op, priority, …}` with op `complete`,
`embed`, `load` or `cancel`; an answer is `{id, event, …}` with event `started`, `ready` (its
model is loaded), `delta`, `paused`, `done` or `error`. A person's request (priority 0) goes before a run's (1), also in the middle of the
run's answer, which goes on afterwards where it was. The process ends when its parent does, and
by itself when nobody has asked for a while, so that an idle machine has its memory back.
"""

from __future__ import annotations

import heapq
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from assistant.models.llama import LoadedModel, Writing

IDLE_SECONDS = 900.0


@dataclass(order=True)
class Ticket:
    """A request in the queue: by priority, then by arrival."""

    priority: int
    number: int
    request: dict[str, Any] = field(compare=False)
    writing: Writing | None = field(default=None, compare=False)
    text: str = field(default="", compare=False)
    spent: float = field(default=0.0, compare=False)


class Queue:
    """What waits, and which waiting or running requests nobody wants any more."""

    def __init__(self) -> None:
        self._waiting: list[Ticket] = []
        self._change = threading.Condition()
        self._arrived = 0
        self._cancelled: set[int] = set()

    def put(self, request: dict[str, Any]) -> None:
        with self._change:
            self._arrived += 1
            heapq.heappush(self._waiting, Ticket(request["priority"], self._arrived, request))
            self._change.notify()

    def put_back(self, ticket: Ticket) -> None:
        """A ticket that made room for another keeps its place."""
        with self._change:
            heapq.heappush(self._waiting, ticket)

    def take(self, timeout: float) -> Ticket | None:
        """The next one, or None after `timeout` seconds of silence."""
        with self._change:
            if not self._change.wait_for(lambda: bool(self._waiting), timeout):
                return None
            return heapq.heappop(self._waiting)

    def cancel(self, request: int) -> None:
        self._cancelled.add(request)

    def is_cancelled(self, request: int) -> bool:
        return request in self._cancelled

    def forget(self, request: int) -> None:
        self._cancelled.discard(request)

    def someone_goes_before(self, ticket: Ticket) -> bool:
        # Read without the lock: a list's first element is there or it is not.
        waiting = self._waiting[:1]
        return bool(waiting) and waiting[0].priority < ticket.priority


class Worker:
    """Holds at most one chat model and one embedding model, and answers from the queue."""

    def __init__(self, source: BinaryIO, sink: BinaryIO, *, idle: float = IDLE_SECONDS) -> None:
        self._source, self._sink, self._idle = source, sink, idle
        self._queue = Queue()
        self._loaded: dict[bool, tuple[tuple[Any, ...], LoadedModel]] = {}

    def run(self) -> None:
        """Answer until idle. The reader thread ends the process when the parent is gone."""
        threading.Thread(target=self._read, daemon=True).start()
        while ticket := self._queue.take(self._idle):
            number = ticket.request["id"]
            if self._queue.is_cancelled(number):
                self._queue.forget(number)
                self._tell(number, "error", kind="cancelled", message="cancelled")
                continue
            self._answer(ticket)

    def _read(self) -> None:
        for line in self._source:
            request = json.loads(line)
            if request["op"] == "cancel":
                self._queue.cancel(request["id"])
            else:
                self._queue.put(request)
        # The pipe is closed: the parent has ended, perhaps without a word.
        os._exit(0)

    def _tell(self, number: int, event: str, **facts: Any) -> None:
        line = json.dumps({"id": number, "event": event, **facts}) + "\n"
        try:
            self._sink.write(line.encode())
            self._sink.flush()
        except BrokenPipeError:
            os._exit(0)

    def _answer(self, ticket: Ticket) -> None:
        """Do one request, and say what became of it."""
        from assistant.models import llama
        from assistant.models.chat_template import TemplateWrong
        from assistant.models.errors import SchemaUnsupported

        request, number = ticket.request, ticket.request["id"]
        self._tell(number, "started")
        try:
            model = self._model(request)
            self._tell(number, "ready")
            {"complete": self._complete, "embed": self._embed, "load": self._describe}[
                request["op"]
            ](ticket, model)
            return
        except llama.LoadFailed as wrong:
            facts: dict[str, Any] = {"kind": "load", "message": str(wrong)}
        except llama.TooLong as wrong:
            facts = {"kind": "context", "tokens": wrong.tokens, "context": wrong.context}
        except llama.Stopped:
            cancelled = self._queue.is_cancelled(number)
            facts = {"kind": "cancelled" if cancelled else "time", "message": ""}
        except TemplateWrong as wrong:
            facts = {"kind": "template", "message": str(wrong)}
        except (SchemaUnsupported, llama.GrammarWrong) as wrong:
            facts = {"kind": "schema", "message": str(wrong)}
        except Exception as bug:  # a bug here ends one answer, never the process
            facts = {"kind": "internal", "message": f"{type(bug).__name__}: {bug}"}
        self._queue.forget(number)
        self._tell(number, "error", raw=ticket.text, **_counted(ticket.writing), **facts)

    def _model(self, request: dict[str, Any]) -> LoadedModel:
        """The model that the request names, loaded; the one before it makes room."""
        from assistant.models.llama import LoadedModel

        wanted = request["model"]
        key, embeds = tuple(sorted(wanted.items())), bool(wanted["embeds"])
        held = self._loaded.get(embeds)
        if held and held[0] == key:
            return held[1]
        if held:
            del self._loaded[embeds]
            held[1].close()
        model = LoadedModel(
            wanted["path"], context=wanted["context"], threads=wanted["threads"], embeds=embeds
        )
        self._loaded[embeds] = (key, model)
        return model

    def _describe(self, ticket: Ticket, model: LoadedModel) -> None:
        from assistant.models.llama import BATCH

        self._tell(
            ticket.request["id"], "done", context=model.context, vocabulary=model.vocabulary,
            markup=model.tool_markup, threads=model.threads, batch=min(BATCH, model.context),
            pid=os.getpid(),
        )  # fmt: skip

    def _embed(self, ticket: Ticket, model: LoadedModel) -> None:
        vectors, tokens, began = list[list[float]](), 0, time.monotonic()
        for text in ticket.request["texts"]:
            if self._queue.is_cancelled(ticket.request["id"]):
                from assistant.models.llama import Stopped

                raise Stopped
            # One at a time: a batch of many costs llama.cpp twice as much per text.
            vector, count = model.embed(text)
            vectors.append(vector)
            tokens += count
        self._tell(
            ticket.request["id"], "done", vectors=vectors, tokens_in=tokens,
            seconds=time.monotonic() - began,
        )  # fmt: skip

    def _complete(self, ticket: Ticket, model: LoadedModel) -> None:
        from assistant.models.llama import Stopped

        request, number = ticket.request, ticket.request["id"]
        began = time.monotonic() - ticket.spent
        if ticket.writing is None:
            ticket.writing = model.begin(
                model.prompt(request["messages"], request["tools"]),
                most=request["max_tokens"],
                temperature=request["temperature"],
                seed=request["seed"],
                grammar=self._grammar(request, model),
            )
        writing, ends = ticket.writing, began + request["seconds"]
        stop: Callable[[], bool] = lambda: (  # noqa: E731 - asked hundreds of times per token
            self._queue.is_cancelled(number) or time.monotonic() > ends
        )
        for piece in model.write(writing, stop):
            if piece:
                ticket.text += piece
                self._tell(number, "delta", text=piece)
            if stop():
                raise Stopped
            if not writing.finish and self._queue.someone_goes_before(ticket):
                ticket.spent = time.monotonic() - began
                self._tell(number, "paused")
                self._queue.put_back(ticket)
                return
        self._queue.forget(number)
        self._tell(
            number, "done", finish=writing.finish, seconds=time.monotonic() - began,
            **_counted(writing),
        )  # fmt: skip

    def _grammar(self, request: dict[str, Any], model: LoadedModel) -> str:
        from assistant.models.grammar import compile_schema, compile_tools

        if request["schema"] is not None:
            return compile_schema(request["schema"])
        if request["tools"] and model.tool_markup != "other":
            return compile_tools(request["tools"], model.tool_markup, model.markers())
        return ""


def _counted(writing: Writing | None) -> dict[str, int]:
    """What an answer has read and written so far."""
    if writing is None:
        return {}
    return {
        "tokens_in": len(writing.prompt), "tokens_out": len(writing.out), "cached": writing.cached
    }  # fmt: skip


def main() -> None:
    """Speak JSON lines on the pipes we were given; whatever else prints goes to stderr."""
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    Worker(sys.stdin.buffer, sink, idle=float(sys.argv[1]) if sys.argv[1:] else IDLE_SECONDS).run()


if __name__ == "__main__":
    main()
