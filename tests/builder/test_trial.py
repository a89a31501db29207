"""What a model is found good for, and that it is not asked for what it failed at."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from assistant.builder.trial import tried
from assistant.models.doubles import Asked, PuppetModel
from assistant.models.errors import ModelUntrusted
from assistant.models.protocol import Message, ToolCall
from assistant.models.trust import Trusted, ability_of
from assistant.store.database import Store
from assistant.store.model_trials import ModelTrials, Trial


def diligent(asked: Asked):
    """Calls tools rightly, repeats texts as their summary, and knows nothing else."""
    if asked.tools and "Lisbon" in asked.prompt:
        return ToolCall("get_weather", {"city": "Lisbon"})
    if asked.tools and "Oslo" in asked.prompt:
        return ToolCall("get_weather", {"city": "Oslo"})
    if asked.tools:
        numbers = [
            int(word.strip(".?")) for word in asked.prompt.split() if word.strip(".?").isdigit()
        ]
        a, b = (8, 13) if 8 in numbers else numbers
        return ToolCall("add_numbers", {"a": a, "b": b})
    if asked.schema is not None:
        return {"job": "garden-news"} if "Which job" in asked.prompt else {"kind": "answer"}
    return asked.prompt.split("\n\n")[1][:150]


def test_each_ability_is_judged_by_its_own_tasks(library) -> None:
    made = asyncio.run(tried(PuppetModel(diligent), library))

    assert [(t.ability, t.passed) for t in made] == [
        ("routing", False), ("tool_calls", True), ("drafting", made[2].passed), ("summaries", True),
    ]  # fmt: skip
    assert [(t.ability, t.right, t.of) for t in made if t.ability != "drafting"] == [
        ("routing", 1, 4), ("tool_calls", 4, 4), ("summaries", made[3].right, 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("purpose", "tools", "ability"),
    [("builder.outline", False, "drafting"), ("summarize_items", False, "summaries"),
     ("ask_model", True, "tool_calls"), ("ask_model", False, ""), ("", False, "")],
)  # fmt: skip
def test_what_a_call_is_for_says_what_it_needs(purpose, tools, ability) -> None:
    assert ability_of(purpose, tools=tools) == ability


def test_a_model_is_not_asked_for_what_it_failed_at_until_its_file_changes(tmp_path: Path) -> None:
    store = Store(tmp_path / "assistant.db")
    trials = ModelTrials(store)
    trials.keep(Trial("local/x", "summaries", 0, 3, False, "12-34"))
    puppet = PuppetModel(lambda asked: "fine")

    def asked(file: str, purpose: str) -> str:
        model = Trusted(puppet, lambda ability: trials.failed("local/x", ability, file))
        return asyncio.run(model.complete([Message("user", "hm")], purpose=purpose)).text

    with pytest.raises(ModelUntrusted, match="failed its trial of summaries"):
        asked("12-34", "summarize_items")
    assert len(puppet.asked) == 0
    assert asked("12-34", "chat") == "fine"
    assert asked("56-78", "summarize_items") == "fine"
