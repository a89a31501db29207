"""The fifth batch, last part: models, the mail server and a skill of one's own at the seed bank.

`MENDS` as in `scenarios_fifth`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from assistant.models.errors import ContextTooLong, Refused
from tests.healing.scenarios import Table
from tests.healing.seedbank import FEED, HAD, MANY, Lot, lots, names, rss
from tests.healing.world import World

KIND = """steps:
  - id: ask
    skill: ask_model
    with: {prompt: "What is eaten of the broad bean? Answer seed, root, leaf or fruit.", schema: {part: string}}
    retry: {attempts: 1}
outputs: {said: "${{ [steps.ask.record.part] }}"}
expect: ["${{ steps.ask.record.part in ['seed', 'root', 'leaf', 'fruit'] }}"]
"""
WRITER = """steps:
  - id: ask
    skill: ask_model
    with: {prompt: "PROMPT", model: clerk}
    retry: {attempts: 1}
outputs: {said: "${{ [steps.ask.text] }}"}
"""
GREETING = WRITER.replace("PROMPT", "Write one line that greets the growers of the seed bank.")
POPPY = WRITER.replace("PROMPT", "Describe for our list how the opium poppy is sown and harvested.")
LABELS = (
    FEED.replace("limit: 40", "limit: 50").split("outputs:")[0]
    + """  - id: ask
    skill: ask_model
    with: {prompt: "Write one line for the labels of: ${{ [i.title for i in steps.read.items] }}"}
    retry: {attempts: 1}
outputs: {said: "${{ slice([i.title for i in steps.read.items], 0, 14) }}"}
"""
)
LETTER = (
    FEED.split("outputs:")[0]
    + """  - id: best
    skill: rank_items
    with: {items: "${{ steps.read.items }}", limit: 30}
  - id: ask
    skill: ask_model
    with: {prompt: "Say in three sentences what is new: ${{ [[i.title, i.summary] for i in steps.best.items] }}"}
    retry: {attempts: 1}
outputs: {said: "${{ slice([i.title for i in steps.best.items], 0, 10) }}"}
"""
)
MAIL = """steps:
  - id: mail
    skill: send_email
    with: {to: growers@fenwick.example, subject: Open day, body: "The mill is open on Sunday."}
    retry: {attempts: 1}
outputs: {said: ["${{ steps.mail.receipt.subject }}"]}
"""
COUNTER = """steps:
  - id: count
    skill: count_pages
    with: {url: "{origin}/seeds", limit: 5}
    retry: {attempts: 1}
outputs: {said: ["${{ steps.count.pages }}"]}
"""
PARTS = "{type: object, properties: {part: {enum: [seed, root, leaf, fruit]}}, required: [part]}"
MENDS = {
    "labels-no-longer-fit-the-model": ("limit: 50", "limit: 14"),
    "part-in-a-whole-sentence": ("{part: string}", PARTS),
    "clerk-thinks-and-says-nothing": ("model: clerk", "model: senior"),
    "silent-when-given-too-much": ("limit: 30", "limit: 10"),
}  # fmt: skip


def fill(table: Table) -> None:
    _large(table)
    _models(table)
    _mail(table)
    _skill(table)


def _large(t: Table) -> None:
    t.add("labels-no-longer-fit-the-model", "too_large", "heal", LABELS,
          _with_models(lambda w: {"/new.rss": rss(HAD, w.origin)}, clerk=_labels),
          _with_models(lambda w: {"/new.rss": rss(MANY, w.origin)}, clerk=_labels),
          gives=("outputs", names(MANY[:14])))  # fmt: skip


def _seen(asked: Any, told: list[Lot]) -> int:
    return sum(one.name in asked.prompt for one in told)


def _labels(asked: Any) -> Any:
    """A model that reads no more than twenty names."""
    count = _seen(asked, [*MANY, *HAD])
    if count > 20:
        return ContextTooLong(
            f"The prompt has {90 * count} tokens; clerk reads 2048.", tokens=90 * count, context=2048,
            hint="Give it less to read.",
        )  # fmt: skip
    return f"Labels for {count} bags of seed, to be printed on card."


def _with_models(
    routes: Callable[[World], dict[str, Any]], **says: Callable[[Any], Any]
) -> Callable[[World], dict[str, Any]]:
    """A site, and the models there are; both that the settings name, when only one is given."""

    def put(w: World) -> dict[str, Any]:
        w.models.clear()
        w.models.update(says)
        if "senior" not in says and "clerk" in says:
            w.models["senior"] = says["clerk"]
        return routes(w)

    return put


def _models(t: Table) -> None:
    none = dict[str, Any]

    def wordy(asked: Any) -> Any:
        """Keeps to a list of words only when the schema has it."""
        if "enum" in json.dumps(asked.schema):
            return {"part": "seed"}
        return {
            "part": "Of the broad bean it is the seed that is eaten, and sometimes the young pod."
        }

    t.add("part-in-a-whole-sentence", "model_output", "heal", KIND,
          _with_models(lambda w: none(), clerk=lambda asked: {"part": "seed"}),
          _with_models(lambda w: none(), clerk=wordy),
          gives=("outputs", lambda w: ["seed"]))  # fmt: skip
    line = "Dear growers, the mill is warm and the drawers are full."
    t.add("clerk-thinks-and-says-nothing", "model_output", "heal", GREETING,
          _with_models(lambda w: none(), clerk=lambda asked: line, senior=lambda asked: line),
          _with_models(lambda w: none(), clerk=lambda asked: "", senior=lambda asked: line),
          gives=("outputs", lambda w: [line]))  # fmt: skip

    def silent(asked: Any) -> Any:
        count = _seen(asked, [*MANY, *HAD])
        return "" if count > 16 else f"There are {count} new lots. All were counted. Come and see."

    few = lots(10)
    t.add("silent-when-given-too-much", "model_output", "heal", LETTER,
          _with_models(lambda w: {"/new.rss": rss(few, w.origin)}, clerk=silent),
          _with_models(lambda w: {"/new.rss": rss(MANY, w.origin)}, clerk=silent),
          gives=("outputs", names(MANY[:10])))  # fmt: skip
    told = "Sow it in April, thinly; cut the heads when they rattle."
    no = Refused("The provider does not answer questions of this kind.")
    t.add("provider-will-not-speak-of-poppies", "model_output", "leave", POPPY,
          _with_models(lambda w: none(), clerk=lambda asked: told),
          _with_models(lambda w: none(), clerk=lambda asked: no))  # fmt: skip


def _mail(t: Table) -> None:
    def mailing(answers: str) -> Callable[[World], dict[str, Any]]:
        def put(w: World) -> dict[str, Any]:
            w.state["mail"] = answers
            return {}

        return put

    t.add("mails-of-the-day-are-sent", "quota", "leave", MAIL, mailing(""),
          mailing("550 5.4.5 Daily user sending limit exceeded."))  # fmt: skip


def _skill(t: Table) -> None:
    def counting(kind: str) -> Callable[[World], dict[str, Any]]:
        def put(w: World) -> dict[str, Any]:
            w.buggy.write_text(kind, encoding="utf-8")
            return {}

        return put

    t.add(
        "counter-trips-over-nothing", "bug", "leave", COUNTER, counting("good"), counting("broken")
    )
