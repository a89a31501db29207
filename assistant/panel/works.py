"""Long work that the panel has begun: a download, a test of a model. It goes on without a page,
shows how far it is, and can be stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from assistant.errors import AssistantError, RequestWrong
from assistant.panel import controls
from assistant.panel.html import Html, el
from assistant.panel.texts import say

Tell = Callable[[int, int], None]
"""How far it is: (done, total); total 0 when nobody knows."""
Job = Callable[[Tell], Awaitable[str]]


@dataclass
class Work:
    """One piece of work. `told` is what it came to; `failed` when that is an error."""

    key: str
    title: str
    done: int = 0
    total: int = 0
    told: str = ""
    failed: bool = False
    task: asyncio.Task[None] | None = None

    @property
    def going(self) -> bool:
        return self.task is not None and not self.task.done()

    @property
    def share(self) -> float:
        """0 to 1; 0 when the total is not known."""
        return min(self.done / self.total, 1.0) if self.total else 0.0


class Works:
    """All of them, by key. Beginning one that goes on already changes nothing."""

    def __init__(self) -> None:
        self._found = dict[str, Work]()

    def get(self, key: str) -> Work | None:
        return self._found.get(key)

    def all(self, prefix: str = "") -> list[Work]:
        return [work for key, work in self._found.items() if key.startswith(prefix)]

    def begin(self, key: str, title: str, job: Job) -> Work:
        """Start a job as a task of the server. Raises RequestWrong while it goes on."""
        if (before := self._found.get(key)) is not None and before.going:
            raise RequestWrong(say("works.going", title=before.title))
        work = self._found[key] = Work(key, title)

        def tell(done: int, total: int) -> None:
            work.done, work.total = done, total

        async def run() -> None:
            try:
                work.told = await job(tell)
            except AssistantError as wrong:
                work.told, work.failed = f"{wrong.message} {wrong.hint}".strip(), True
            except asyncio.CancelledError:
                work.told, work.failed = say("works.stopped"), True

        work.task = asyncio.create_task(run())
        return work

    def stop(self, key: str) -> None:
        work = self._found.get(key)
        if work is not None and work.task is not None:
            work.task.cancel()

    async def close(self) -> None:
        tasks = [work.task for work in self._found.values() if work.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def shown(
    work: Work, *, stop: str, amounts: Callable[[float], str] = lambda n: f"{n:,.0f}"
) -> Html:
    """How far it is, with a button that stops it; or what it came to. `stop` is an action."""
    if not work.going:
        return controls.note(
            "bad" if work.failed else "ok", el("b", work.title), el("p", work.told)
        )
    percent = round(100 * work.share)
    far = say("works.far", done=amounts(work.done), total=amounts(work.total)) if work.total else amounts(work.done)  # fmt: skip
    return el(
        "div",
        el("div", el("b", work.title), el("span", far if work.done else say("works.begins"))),
        el("div", el("i", style=f"width:{percent}%"), class_="bar", role="progressbar",
           aria_valuenow=percent, aria_valuemin=0, aria_valuemax=100, aria_label=work.title),
        controls.button(say("works.stop"), stop, {"work": work.key}),
        class_="work", data_key=f"work-{work.key}",
    )  # fmt: skip
