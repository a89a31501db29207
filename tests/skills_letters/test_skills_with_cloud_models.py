"""The skills that use a model, through litellm itself, against servers shaped like the providers'."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from assistant.models.cloud import CloudModel
from assistant.models.doubles import OneModel
from assistant.skills.calling import call
from assistant.skills.library import Library
from tests.models.loopback_providers import (
    Answer,
    Provider,
    anthropic_message,
    openai_call,
    openai_text,
)

KEYS = {"openai_api_key": "sk-test-abcdef123456", "anthropic_api_key": "sk-ant-abcdef123456"}


@pytest.fixture
def script() -> list[Answer]:
    return []


@pytest.fixture
def provider(script: list[Answer]) -> Iterator[Provider]:
    with Provider(lambda _: script.pop(0)).running() as running:
        yield running


def openai(provider: Provider) -> OneModel:
    bases = {"openai": f"{provider.url}/v1"}
    return OneModel(CloudModel("openai/gpt-test", secret=KEYS.__getitem__, bases=bases))


def claude(provider: Provider) -> OneModel:
    bases = {"anthropic": provider.url}
    return OneModel(CloudModel("anthropic/claude-test", secret=KEYS.__getitem__, bases=bases))


async def test_a_record_from_a_model_of_openai_s_shape(
    library: Library, make_context, provider: Provider, script: list[Answer]
) -> None:
    script.append(Answer(openai_text('{"sender": "Jo", "amount": 3.5}')))
    given = {"prompt": "Read it", "schema": {"sender": "string", "amount": "number"}}
    out = await call(library.get("ask_model"), given, make_context(models=openai(provider)))
    assert (out["record"], out["tokens"]) == ({"sender": "Jo", "amount": 3.5}, 18)
    sent = provider.requests[0]["response_format"]["json_schema"]["schema"]
    assert sent["required"] == ["sender", "amount"]


async def test_a_model_of_openai_s_shape_calls_a_skill_and_answers(
    library: Library, make_context, provider: Provider, script: list[Answer]
) -> None:
    sql = "select count(*) as late from orders where status = 'late'"
    script.append(Answer(openai_call("query_database", json.dumps({"sql": sql}))))
    script.append(Answer(openai_text("Three orders are late.")))
    given = {"prompt": "How many orders are late?", "skills": ["query_database"]}
    out = await call(library.get("ask_model"), given, make_context(models=openai(provider)))
    assert (out["text"], out["tokens"]) == ("Three orders are late.", 36)
    told = provider.requests[1]["messages"][-1]
    assert (told["role"], json.loads(told["content"])["rows"]) == ("tool", [{"late": 3}])


async def test_claude_calls_a_skill_and_answers(
    library: Library, make_context, provider: Provider, script: list[Answer]
) -> None:
    wanted = {"sql": "select count(*) as late from orders where status = 'late'"}
    use = {"type": "tool_use", "id": "toolu_1", "name": "query_database", "input": wanted}
    script.append(Answer(anthropic_message(use, stop="tool_use")))
    script.append(Answer(anthropic_message({"type": "text", "text": "Three."})))
    given = {"prompt": "How many orders are late?", "skills": ["query_database"]}
    out = await call(library.get("ask_model"), given, make_context(models=claude(provider)))
    assert out["text"] == "Three."
    (result,) = provider.requests[1]["messages"][-1]["content"]
    assert (result["type"], result["tool_use_id"]) == ("tool_result", "toolu_1")


async def test_claude_writes_a_summary_that_holds(
    library: Library, make_context, provider: Provider, script: list[Answer]
) -> None:
    script.append(Answer(anthropic_message({"type": "text", "text": "It cost 9 million."})))
    script.append(Answer(anthropic_message({"type": "text", "text": "The ferry left."})))
    items = [{"title": "Ferry", "text": "The ferry left on Thursday. It was quiet."}]
    given = {"items": items, "sentences": 1, "model": "anthropic/claude-test"}
    out = await call(library.get("summarize_items"), given, make_context(models=claude(provider)))
    assert out["items"][0]["summary"] == "The ferry left."


async def test_a_question_becomes_sql_through_a_model_of_openai_s_shape(
    library: Library, make_context, provider: Provider, script: list[Answer]
) -> None:
    script.append(Answer(openai_text('{"sql": "select name from products where stock = 0"}')))
    given = {"question": "What is sold out?", "database": "shop"}
    context = make_context(models=openai(provider), change={"model": "openai/gpt-test"})
    out = await call(library.get("query_database"), given, context)
    assert out["rows"] == [{"name": "Cork fender"}]
