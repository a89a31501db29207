"""What a draft does where the model in use writes no text: the stories tell themselves.

The starter model decides and does not write. A step that would ask it to write up items gives way to
steps that need no writer: the fitting items, their articles, the most telling sentences of each, laid
out as a brief. What needs a writer and cannot be done so is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.builder.texts_said import topic_of
from assistant.chat.answering import STARTER, words
from assistant.grounding.languages import fold
from assistant.pipeline.loader import read_loosely
from assistant.pipeline.writer import dump

_ITEMS = re.compile(r"steps\.(\w+)\.items\b")
_TRANSLATES = re.compile(r"\b(?:translat|ubersetz|tradui|traduc|traduz|tradur|vertaal|vertal)\w*")
"""Another language is nothing that the stories have themselves."""
_READS = ("fetch_feed", "scrape_page", "web_search")
"""Skills whose items are headlines: their articles are fetched before they are summarised."""
FITTING, SENTENCES = 8, 3


def without_writer(yaml: str, request: str, model: str) -> tuple[str, list[str]]:
    """The job file as it can be done with a model, and what to say of it. Only the starter model
    changes anything."""
    if model != STARTER or "ask_model" not in yaml:
        return yaml, []
    data: dict[str, Any] = read_loosely(yaml).document.data
    steps: list[dict[str, Any]] = data["steps"]
    told = list[str]()
    for step in [step for step in steps if step.get("skill") == "ask_model"]:
        given: Mapping[str, Any] = step.get("with") or {}
        if given.get("model", STARTER) != STARTER:
            continue
        found = _ITEMS.search(str(given.get("prompt", "")))
        if (
            found
            and not _TRANSLATES.search(fold(str(given["prompt"])))
            and set(given) <= {"prompt", "model"}
            and not step.keys() & {"if", "needs_approval", "on_error"}
        ):
            place = steps.index(step)
            title = str(data.get("title") or data["job"])
            steps[place : place + 1] = made = _brief(
                steps[:place], found[1], topic_of(request), title
            )
            _rewire(data, step["id"], made[-1]["id"])
            told.append(words("told_by_items"))
        else:
            told.append(words("step_needs_writer", step=step["id"]))
    return dump(data), list(dict.fromkeys(told))


def _brief(
    before: Sequence[Mapping[str, Any]], source: str, topic: str, title: str
) -> list[dict[str, Any]]:
    """Steps that make a brief of the items of a step."""
    taken = {step.get("id") for step in before}
    skills = {step.get("id"): step.get("skill") for step in before}
    made, items = list[dict[str, Any]](), f"${{{{ steps.{source}.items }}}}"

    def add(wish: str, skill: str, **given: Any) -> None:
        nonlocal items
        name = next(name for name in _names(wish) if name not in taken)
        taken.add(name)
        made.append({"id": name, "skill": skill, "with": {"items": items, **given}})
        items = f"${{{{ steps.{name}.items }}}}"

    if topic and "rank_items" not in skills.values():
        add("best", "rank_items", topic=topic, limit=FITTING)
    if skills.get(source) in _READS or (skills.get(source) == "rank_items" and "extract_article" not in skills.values()):  # fmt: skip
        add("articles", "extract_article")
    add("facts", "summarize_items", sentences=SENTENCES)
    add("brief", "compile_newsletter", title=title, design="brief")
    return made


def _names(wish: str) -> Iterator[str]:
    yield wish
    yield from (f"{wish}_{number}" for number in range(2, 100))


def _rewire(data: dict[str, Any], old: str, new: str) -> None:
    """Whatever took the text of a step takes that of the brief; a letter takes the brief itself."""
    for step in data["steps"]:
        given: dict[str, Any] = step.get("with") or {}
        if step.get("skill") == "send_email" and _is_text(given.get("body"), old):
            given.pop("body")
            given["newsletter"] = f"${{{{ steps.{new}.newsletter }}}}"
    data.update(_with_brief(data, f"steps.{old}.text", f"steps.{new}.newsletter.markdown"))


def _is_text(value: object, step: str) -> bool:
    return isinstance(value, str) and bool(
        re.fullmatch(rf"\$\{{\{{\s*steps\.{step}\.text\s*\}}\}}", value.strip())
    )


def _with_brief(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {key: _with_brief(inner, old, new) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_brief(inner, old, new) for inner in value]
    return value.replace(old, new) if isinstance(value, str) else value
