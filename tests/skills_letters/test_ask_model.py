"""ask_model: text, records, images, and skills that read, within bounds."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import BadArguments, BudgetExhausted, CannotDo, SkillNotFound
from assistant.models.doubles import PuppetModel, ScriptedModel
from assistant.models.protocol import Message, Reply, ToolCall, Usage
from assistant.skills.calling import call
from assistant.skills.door import Skill
from assistant.skills.library import Library

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def ask(library: Library) -> Skill:
    return library.get("ask_model")


async def test_text_comes_back_with_its_tokens_and_cost(ask: Skill, make_context) -> None:
    usage = Usage(tokens_in=10, tokens_out=5, cost=0.002, model="big-1")
    model = ScriptedModel(Reply(text="Guten Morgen", usage=usage))
    out = await call(ask, {"prompt": "Translate: good morning"}, make_context(model=model))
    assert out == {
        "text": "Guten Morgen", "record": None, "model": "big-1", "tokens": 15, "cost": 0.002,
    }  # fmt: skip
    assert model.asked[0].messages == (Message("user", "Translate: good morning"),)


@pytest.mark.parametrize("more", [{}, {"schema": {"mood": "string"}}, {"skills": ["fetch_feed"]}])
async def test_the_starter_model_is_not_asked_for_what_it_cannot_do(
    ask: Skill, make_context, more: dict[str, Any]
) -> None:
    model = ScriptedModel("never said", name="starter")
    with pytest.raises(CannotDo) as refused:
        await call(ask, {"prompt": "Write a poem", **more}, make_context(model=model))
    assert refused.value.message == "the starter model chooses skills; it writes no text"
    assert refused.value.hint.startswith("Choose a larger model")
    assert model.asked == []


@pytest.mark.parametrize(
    ("given", "schema"),
    [
        (
            {"sender": "string", "amount": "number"},
            {
                "type": "object",
                "properties": {"sender": {"type": "string"}, "amount": {"type": "number"}},
                "required": ["sender", "amount"],
                "additionalProperties": False,
            },
        ),
        (
            {"mood": ["good", "bad"], "tags": "list"},
            {
                "type": "object",
                "properties": {
                    "mood": {"enum": ["good", "bad"]},
                    "tags": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["mood", "tags"],
                "additionalProperties": False,
            },
        ),
        ({"type": "string"}, {"type": "string"}),
        ({"type": "object", "properties": {}}, {"type": "object", "properties": {}}),
    ],
)
async def test_a_record_is_asked_for_by_its_schema_or_by_its_fields(
    ask: Skill, make_context, given: dict[str, Any], schema: dict[str, Any]
) -> None:
    model = ScriptedModel({"sender": "Jo", "amount": 3})
    out = await call(ask, {"prompt": "Read it", "schema": given}, make_context(model=model))
    assert model.asked[0].schema == schema
    assert out["record"] == {"sender": "Jo", "amount": 3}


@pytest.mark.parametrize("schema", [{"type": "nonsense"}, {"amount": "money"}, {"a": 3}])
async def test_a_schema_that_is_none_is_refused(
    ask: Skill, make_context, schema: dict[str, Any]
) -> None:
    with pytest.raises(BadArguments, match="schema"):
        await call(ask, {"prompt": "x", "schema": schema}, make_context(model=ScriptedModel("x")))


async def test_a_model_may_call_skills_that_read(ask: Skill, make_context) -> None:
    model = ScriptedModel(
        ToolCall(
            "query_database",
            {"sql": "select count(*) as late from orders where status='late'"},
            "c1",
        ),
        "Three orders are late.",
    )
    given = {"prompt": "How many orders are late?", "skills": ["query_database"]}
    out = await call(ask, given, make_context(model=model))
    assert out["text"] == "Three orders are late."
    assert [tool.name for tool in model.asked[0].tools] == ["query_database"]
    answered = model.asked[1].messages[-1]
    assert (answered.role, answered.tool_call_id) == ("tool", "c1")
    assert json.loads(answered.text)["rows"] == [{"late": 3}]


async def test_after_its_calls_a_model_gives_the_record(ask: Skill, make_context) -> None:
    model = ScriptedModel(
        ToolCall("query_database", {"sql": "select 3 as late"}), "Three.", {"late": 3}
    )
    given = {"prompt": "Late?", "skills": ["query_database"], "schema": {"late": "integer"}}
    out = await call(ask, given, make_context(model=model))
    assert out["record"] == {"late": 3}
    assert [bool(asked.schema) for asked in model.asked] == [False, False, True]


async def test_a_call_that_fails_is_told_to_the_model(ask: Skill, make_context) -> None:
    model = ScriptedModel(
        ToolCall("query_database", {"sql": "delete from orders"}),
        ToolCall("save_file", {"name": "x", "content": "y"}),
        ToolCall("query_database", {"nonsense": 1}),
        "I could not.",
    )
    given = {"prompt": "Empty it", "skills": ["query_database"]}
    out = await call(ask, given, make_context(model=model))
    told = [json.loads(asked.messages[-1].text)["error"] for asked in model.asked[1:]]
    assert "only reading is allowed" in told[0]
    assert "no skill 'save_file' here" in told[1]
    assert "nonsense" in told[2]
    assert out["text"] == "I could not."


@pytest.mark.parametrize(
    ("name", "error"),
    [("send_email", BadArguments), ("ask_model", BadArguments), ("nothing", SkillNotFound)],
)
async def test_a_skill_that_writes_or_does_not_exist_is_not_offered(
    ask: Skill, make_context, name: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await call(ask, {"prompt": "x", "skills": [name]}, make_context(model=ScriptedModel("x")))


async def test_a_model_that_never_stops_calling_is_brought_to_an_end(
    ask: Skill, make_context
) -> None:
    def always(asked: Any) -> Any:
        if not asked.tools:
            return "Enough."
        return ToolCall("query_database", {"sql": "select 1"})

    model = PuppetModel(always)
    out = await call(ask, {"prompt": "x", "skills": ["query_database"]}, make_context(model=model))
    assert (out["text"], len(model.asked)) == ("Enough.", 9)


async def test_a_long_answer_of_a_skill_is_cut(ask: Skill, make_context) -> None:
    model = ScriptedModel(
        ToolCall("query_database", {"sql": "select hex(zeroblob(50000)) as x"}), "Long."
    )
    await call(ask, {"prompt": "x", "skills": ["query_database"]}, make_context(model=model))
    assert len(model.asked[1].messages[-1].text) < 12_100


async def test_a_budget_that_is_spent_ends_the_step(ask: Skill, make_context) -> None:
    model = ScriptedModel(BudgetExhausted("spent"))
    with pytest.raises(BudgetExhausted):
        await call(ask, {"prompt": "x"}, make_context(model=model))


async def test_an_empty_answer_is_an_error(ask: Skill, make_context) -> None:
    with pytest.raises(CannotDo, match="empty answer"):
        await call(ask, {"prompt": "x"}, make_context(model=ScriptedModel("  ")))


async def test_images_are_shown_from_the_run_and_from_data(ask: Skill, make_context) -> None:
    model = ScriptedModel("A dot.")
    context = make_context(model=model)
    context.artifacts.save("dot.png", PNG)
    url = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    await call(ask, {"prompt": "What is it?", "images": ["dot.png", url]}, context)
    assert model.asked[0].messages[0].images == (url, url)


@pytest.mark.parametrize("image", ["notes.txt", "data:image/png;base64,AAAA", "data:text/html,x"])
async def test_what_is_no_image_is_refused(
    ask: Skill, make_context, tmp_path: Path, image: str
) -> None:
    context = make_context(model=ScriptedModel("x"))
    context.artifacts.save("notes.txt", "hello")
    with pytest.raises(BadArguments, match="images"):
        await call(ask, {"prompt": "x", "images": [image]}, context)
