"""Providers through litellm itself, against servers on loopback that speak as they do."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import BadArguments, ModelUnavailable
from assistant.models.cloud import CloudModel
from assistant.models.errors import (
    AnswerCutOff,
    AnswerInvalid,
    AnswerTooSlow,
    ContextTooLong,
    KeyRefused,
    ProviderDown,
    QuotaSpent,
    RateLimited,
    Refused,
    spent_on,
)
from assistant.models.protocol import Limits, Message, Reply, Tool, ToolCall, Usage
from assistant.settings import PROJECT, load
from assistant.workplace import Workplace
from tests.models.loopback_providers import (
    Answer,
    Provider,
    anthropic_message,
    anthropic_stream,
    openai_call,
    openai_stream,
    openai_text,
)

HI = [Message("system", "Be brief."), Message("user", "Hi")]
KEY = "sk-test-abcdef123456"
TEXT = "Send it to jo@example.org today"
SEARCH = Tool(
    "search.web",
    "Search.",
    {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
)
COUNT = {
    "type": "object",
    "properties": {"n": {"type": "integer"}},
    "required": ["n"],
    "additionalProperties": False,
}
SCRIPT = list[Answer]()


@pytest.fixture
def provider() -> Iterator[Provider]:
    SCRIPT.clear()
    with Provider(lambda _: SCRIPT.pop(0)).running() as running:
        yield running


@pytest.fixture
def openai(provider: Provider) -> CloudModel:
    return CloudModel(
        "openai/gpt-test", secret={"openai_api_key": KEY}.__getitem__,
        bases={"openai": f"{provider.url}/v1"},
    )  # fmt: skip


@pytest.fixture
def claude(provider: Provider) -> CloudModel:
    return CloudModel(
        "anthropic/claude-sonnet-4-5", secret=lambda _: KEY, bases={"anthropic": provider.url}
    )


def timeless(reply: Reply) -> Reply:
    """The reply without what differs from call to call."""
    usage = reply.usage
    plain = Usage(usage.tokens_in, usage.tokens_out, usage.cached_tokens, model=usage.model)
    return Reply(reply.text, reply.tool_calls, reply.record, plain, reply.finish)


async def test_openai_answers_with_text_usage_and_the_key_it_was_given(
    openai: CloudModel, provider: Provider
):
    SCRIPT.append(Answer(openai_text("Hello")))
    reply = await openai.complete(HI, limits=Limits(max_tokens=50))
    assert timeless(reply) == Reply("Hello", usage=Usage(11, 7, 4, model="openai/gpt-test"))
    assert provider.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert (provider.requests[0]["max_tokens"], provider.requests[0]["messages"]) == (
        50,
        [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
    )


async def test_openai_streams_text_and_a_call_in_pieces(openai: CloudModel):
    def part(**call: object) -> dict[str, object]:
        return {"tool_calls": [{"index": 0, **call}]}

    head = part(id="c1", type="function", function={"name": "search_web", "arguments": ""})
    deltas = (
        {"role": "assistant", "content": "One "}, {"content": "moment"}, head,
        part(function={"arguments": '{"query": '}), part(function={"arguments": '"x"}'}),
    )  # fmt: skip
    SCRIPT.append(Answer(events=openai_stream(*deltas, finish="tool_calls")))
    pieces: list[str] = []
    reply = await openai.complete(HI, tools=[SEARCH], on_delta=pieces.append)
    assert timeless(reply) == Reply(
        "One moment", (ToolCall("search.web", {"query": "x"}, "c1"),),
        usage=Usage(11, 7, model="openai/gpt-test"), finish="tool_calls",
    )  # fmt: skip
    assert pieces == ["One ", "moment"]


async def test_a_tools_answer_goes_back_with_the_call_it_belongs_to(
    openai: CloudModel, provider: Provider
):
    SCRIPT.append(Answer(openai_text("It is sunny.")))
    call = ToolCall("search.web", {"query": "x"}, "c1")
    told = [
        *HI,
        Message("assistant", tool_calls=(call,)),
        Message("tool", "sun", tool_call_id="c1"),
    ]
    await openai.complete(told, tools=[SEARCH])
    assert provider.requests[0]["messages"][2:] == [
        {"role": "assistant", "content": "",
         "tool_calls": [{"id": "c1", "type": "function",
                         "function": {"name": "search_web", "arguments": '{"query": "x"}'}}]},
        {"role": "tool", "content": "sun", "tool_call_id": "c1"},
    ]  # fmt: skip


async def test_no_model_of_a_home_reads_its_secrets(
    provider: Provider, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("ASSISTANT_MODEL_BASES", json.dumps({"openai": f"{provider.url}/v1"}))
    place = Workplace.open(load(home=tmp_path / "home"))
    place.secrets.put("openai_api_key", KEY)
    place.secrets.put("smtp_password", "correct-horse-battery")
    SCRIPT.append(Answer(openai_text("Noted.")))
    call = ToolCall("search.web", {"query": "is correct-horse-battery good?"}, "c1")
    told = [
        Message("user", f"My key is {KEY}"),
        Message("assistant", tool_calls=(call,)),
        Message("tool", "Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5", tool_call_id="c1"),
    ]
    try:
        await place.models.get("openai/gpt-test").complete(told, tools=[SEARCH])
    finally:
        await place.close()
        place.close_store()
    user, asked, answered = provider.requests[0]["messages"]
    query = json.loads(asked["tool_calls"][0]["function"]["arguments"])["query"]
    assert (user["content"], query, answered["content"]) == (
        "My key is [secret openai_api_key]",
        "is [secret smtp_password] good?",
        "[secret smtp_password]",
    )
    assert provider.headers[0]["Authorization"] == f"Bearer {KEY}"


async def test_a_server_that_passes_markup_on_as_text_shows_no_markup(openai: CloudModel):
    text = 'Sure.\n<tool_call>\n{"name": "search_web", "arguments": {"query": "x"}}\n</tool_call>'
    SCRIPT.extend(
        [
            Answer(openai_text(text)),
            Answer(events=openai_stream(*({"content": c} for c in text))),
        ]
    )
    whole = await openai.complete(HI, tools=[SEARCH])
    pieces: list[str] = []
    streamed = await openai.complete(HI, tools=[SEARCH], on_delta=pieces.append)
    for reply in (whole, streamed):
        assert (reply.text, [(c.name, c.arguments) for c in reply.tool_calls]) == (
            "Sure.",
            [("search.web", {"query": "x"})],
        )
    assert "".join(pieces).strip() == "Sure."


async def test_a_call_as_text_that_the_token_limit_cuts_off_is_said_so(openai: CloudModel):
    text = 'One moment. {"name": "search_web", "arguments": {"query": "tide cl'
    pieces: list[str] = []
    SCRIPT.append(Answer(events=openai_stream({"content": text}, finish="length")))
    with pytest.raises(AnswerCutOff, match="inside a call of a tool") as cut:
        await openai.complete(HI, tools=[SEARCH], on_delta=pieces.append)
    assert (cut.value.raw, "".join(pieces).strip()) == (text, "One moment.")


async def test_openai_is_asked_for_a_record_by_its_schema(openai: CloudModel, provider: Provider):
    SCRIPT.append(Answer(openai_text('{"n": 3}')))
    assert (await openai.complete(HI, schema=COUNT)).record == {"n": 3}
    assert provider.requests[0]["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "record", "schema": COUNT, "strict": True},
    }


async def test_a_wrong_record_goes_back_once_with_the_reason(
    openai: CloudModel, provider: Provider
):
    SCRIPT.extend(
        [Answer(openai_text('{"n": "three"}')), Answer(openai_text('```json\n{"n": 3}\n```'))]
    )
    reply = await openai.complete(HI, schema=COUNT)
    assert (reply.record, reply.usage.tokens_in) == ({"n": 3}, 22)
    assert provider.requests[1]["messages"][2:] == [
        {"role": "assistant", "content": '{"n": "three"}'},
        {"role": "user", "content": "Your answer does not fit: ['n']: 'three' is not of type"
         " 'integer'\nAnswer again with the corrected JSON and nothing else."},
    ]  # fmt: skip


async def test_a_record_that_is_wrong_twice_keeps_its_raw_text(openai: CloudModel):
    SCRIPT.extend([Answer(openai_text("no")), Answer(openai_text('{"n": null}'))])
    with pytest.raises(AnswerInvalid) as wrong:
        await openai.complete(HI, schema=COUNT)
    assert wrong.value.raw == '{"n": null}'
    # Both rounds were paid for.
    assert (spent_on(wrong.value).tokens_in, spent_on(wrong.value).tokens_out) == (22, 14)


async def test_a_value_that_does_not_stand_in_the_text_is_asked_for_again(
    openai: CloudModel, provider: Provider
):
    schema = {"type": "object", "properties": {"to": {"type": "string", "x-spans": TEXT}}}
    SCRIPT.extend([Answer(openai_text('{"to": "joe@example.com"}')), Answer(openai_text('{"to": "jo@example.org"}'))])  # fmt: skip
    assert (await openai.complete(HI, schema=schema)).record == {"to": "jo@example.org"}
    assert "x-spans" not in json.dumps(provider.requests)
    tool = Tool("send", "Send.", schema)
    SCRIPT.extend([Answer(openai_call("send", '{"to": "joe@example.com"}')) for _ in range(2)])
    with pytest.raises(AnswerInvalid, match=r"joe@example\.com"):
        await openai.complete(HI, tools=[tool])


async def test_what_a_model_thinks_aloud_is_no_part_of_its_answer(
    openai: CloudModel, claude: CloudModel
):
    pieces: list[str] = []
    SCRIPT.append(Answer(openai_text("Hello", reasoning_content="The person greets me.")))
    assert (await openai.complete(HI)).text == "Hello"
    deltas = [{"reasoning_content": "The person "}, {"reasoning_content": "greets."}, {"content": "Hello"}]  # fmt: skip
    SCRIPT.append(Answer(events=openai_stream(*deltas)))
    assert (await openai.complete(HI, on_delta=pieces.append)).text == "Hello"
    # A server without a parser of its own passes thoughts on as text.
    SCRIPT.append(Answer(openai_text("<think>\nShall I {say} hello?\n</think>\n\nHello")))
    assert (await openai.complete(HI)).text == "Hello"
    deltas = [{"content": "<thi"}, {"content": "nk>Shall I?</think>"}, {"content": "Hello"}]
    SCRIPT.append(Answer(events=openai_stream(*deltas)))
    assert (await openai.complete(HI, on_delta=pieces.append)).text == "Hello"
    SCRIPT.append(Answer(openai_text('<think>{"n": 1}? No.</think>{"n": 3}')))
    assert (await openai.complete(HI, schema=COUNT)).record == {"n": 3}
    thinking = {"type": "thinking", "thinking": "A greeting.", "signature": "c2ln"}
    SCRIPT.append(Answer(anthropic_message(thinking, {"type": "text", "text": "Hello"})))
    assert (await claude.complete(HI)).text == "Hello"
    assert "".join(pieces) == "HelloHello"


async def test_an_image_is_sent_as_both_want_it(
    openai: CloudModel, claude: CloudModel, provider: Provider
):
    picture = "data:image/png;base64,iVBORw0KGgo="
    SCRIPT.extend(
        [Answer(openai_text("a cat")), Answer(anthropic_message({"type": "text", "text": "a cat"}))]
    )
    look = [Message("user", "What is it?", images=(picture,))]
    assert [(await model.complete(look)).text for model in (openai, claude)] == ["a cat", "a cat"]
    assert provider.requests[0]["messages"][0]["content"][1]["image_url"]["url"] == picture
    assert provider.requests[1]["messages"][0]["content"][1]["source"] == {
        "type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo=",
    }  # fmt: skip


async def test_claude_answers_with_calls_costs_and_a_cached_beginning(
    claude: CloudModel, provider: Provider
):
    words = {"type": "text", "text": "Looking."}
    call = {"type": "tool_use", "id": "t1", "name": "search_web", "input": {"query": "x"}}
    SCRIPT.append(Answer(anthropic_message(words, call, stop="tool_use")))
    reply = await claude.complete(HI, tools=[SEARCH], limits=Limits(max_tokens=99))
    assert timeless(reply) == Reply(
        "Looking.", (ToolCall("search.web", {"query": "x"}, "t1"),),
        usage=Usage(15, 6, 3, model="anthropic/claude-sonnet-4-5"), finish="tool_calls",
    )  # fmt: skip
    assert reply.usage.cost > 0
    request = provider.requests[0]
    assert (request["max_tokens"], request["system"]) == (
        99,
        [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}],
    )


async def test_claude_streams_text_and_a_call(claude: CloudModel):
    words = [{"type": "text_delta", "text": "Hel"}, {"type": "text_delta", "text": "lo"}]
    arguments = [
        {"type": "input_json_delta", "partial_json": '{"query": '},
        {"type": "input_json_delta", "partial_json": '"x"}'},
    ]
    SCRIPT.append(
        Answer(
            events=anthropic_stream(
                ({"type": "text", "text": ""}, words),
                ({"type": "tool_use", "id": "t1", "name": "search_web", "input": {}}, arguments),
                stop="tool_use",
            )
        )
    )
    pieces: list[str] = []
    reply = await claude.complete(HI, tools=[SEARCH], on_delta=pieces.append)
    assert (reply.text, reply.tool_calls, pieces) == (
        "Hello",
        (ToolCall("search.web", {"query": "x"}, "t1"),),
        ["Hel", "lo"],
    )


async def test_claude_gives_a_record(claude: CloudModel, provider: Provider):
    SCRIPT.append(Answer(anthropic_message({"type": "text", "text": '{"n": 4}'})))
    assert (await claude.complete(HI, schema=COUNT)).record == {"n": 4}
    assert provider.requests[0]["output_format"] == {"type": "json_schema", "schema": COUNT}


WRONG = {
    "a rate limit": (429, {"message": f"slow down {KEY}"}, {"Retry-After": "7"}, RateLimited),
    "no money": (429, {"message": "You exceeded your current quota", "code": "insufficient_quota"}, {}, QuotaSpent),
    "a server error": (500, {"message": "boom"}, {}, ProviderDown),
    "overload": (503, {"message": "overloaded"}, {}, ProviderDown),
    "a wrong key": (401, {"message": f"Incorrect API key provided: {KEY}"}, {}, KeyRefused),
    "a forbidden model": (403, {"message": "not for you"}, {}, KeyRefused),
    "an unknown model": (404, {"message": "no such model"}, {}, ModelUnavailable),
    "too long": (400, {"message": "This model's maximum context length is 8192 tokens"}, {}, ContextTooLong),
    "against the rules": (400, {"message": "rejected by our safety system"}, {}, Refused),
    "nonsense": (400, {"message": "temperature must be at most 2"}, {}, BadArguments),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
async def test_a_providers_error_becomes_one_of_ours_in_one_sentence(openai: CloudModel, case: str):
    status, error, headers, kind = WRONG[case]
    SCRIPT.append(Answer({"error": error}, status, headers))
    with pytest.raises(kind) as wrong:
        await openai.complete(HI)
    assert type(wrong.value) is kind
    assert KEY not in str(wrong.value.as_dict())
    assert "Traceback" not in wrong.value.message
    assert "litellm" not in wrong.value.message
    if case == "a rate limit":
        assert (wrong.value.retry_after, wrong.value.message) == (
            7.0,
            "openai/gpt-test asks to wait: slow down ***",
        )


@pytest.mark.parametrize(
    ("status", "kind", "message", "expected"),
    [
        (429, "rate_limit_error", "limit", RateLimited),
        (529, "overloaded_error", "Overloaded", ProviderDown),
        (400, "invalid_request_error", "Your credit balance is too low", QuotaSpent),
        (400, "invalid_request_error", "prompt is too long: 250000 tokens", ContextTooLong),
        (401, "authentication_error", "invalid x-api-key", KeyRefused),
    ],
)
async def test_anthropics_errors_become_ours(
    claude: CloudModel, status: int, kind: str, message: str, expected: type[Exception]
):
    body = {"type": "error", "error": {"type": kind, "message": message}}
    SCRIPT.append(Answer(body, status, {"retry-after": "3"}))
    with pytest.raises(expected) as wrong:
        await claude.complete(HI)
    if isinstance(wrong.value, RateLimited):
        assert wrong.value.retry_after == 3.0


@pytest.mark.parametrize("cut", [True, False], ids=["in the middle", "before its end"])
async def test_a_stream_that_breaks_off_is_no_answer(
    openai: CloudModel, claude: CloudModel, cut: bool
):
    words = ({"type": "text", "text": ""}, [{"type": "text_delta", "text": "Hel"}])
    SCRIPT.extend(
        [
            Answer(events=openai_stream({"content": "Hel"}, finish=None), cut=cut),
            Answer(events=anthropic_stream(words)[:3], cut=cut),
        ]
    )
    for model in (openai, claude):
        pieces: list[str] = []
        with pytest.raises(ProviderDown):
            await model.complete(HI, on_delta=pieces.append)
        assert pieces == ["Hel"]


@pytest.mark.parametrize("body", ["<html>Bad gateway</html>", '{"id": "x", "choices": []}', "{"])
async def test_an_answer_that_is_no_json_or_empty_is_said_so(openai: CloudModel, body: str):
    SCRIPT.append(Answer(body))
    with pytest.raises(ProviderDown):
        await openai.complete(HI)


async def test_arguments_that_are_no_json_are_mended_or_kept_raw(openai: CloudModel):
    SCRIPT.extend(
        [
            Answer(openai_call("search_web", "{'query': 'x',}")),
            Answer(openai_call("search_web", '{"query": "x')),
        ]
    )
    assert (await openai.complete(HI, tools=[SEARCH])).tool_calls[0].arguments == {"query": "x"}
    with pytest.raises(AnswerInvalid) as wrong:
        await openai.complete(HI, tools=[SEARCH])
    assert wrong.value.raw == '{"query": "x'
    call = openai_call("search_web", '{"query": "x')
    call["choices"][0]["finish_reason"] = "length"
    SCRIPT[:] = [Answer(call)]
    with pytest.raises(AnswerCutOff):
        await openai.complete(HI, tools=[SEARCH])


async def test_a_refusal_is_told_as_one(openai: CloudModel):
    SCRIPT.append(Answer(openai_text(None, refusal="I can't help with that.")))
    with pytest.raises(Refused, match="can't help"):
        await openai.complete(HI)


async def test_a_slow_provider_is_left_at_the_time_limit(openai: CloudModel):
    SCRIPT.append(Answer(openai_text("late"), delay=3))
    began = time.monotonic()
    with pytest.raises(AnswerTooSlow, match=r"did not answer within 0\.3 s"):
        await openai.complete(HI, limits=Limits(seconds=0.3))
    assert time.monotonic() - began < 1.5


async def test_cancelling_hangs_up_within_200_ms(openai: CloudModel, provider: Provider):
    SCRIPT.append(
        Answer(events=openai_stream(*({"content": "x "} for _ in range(500))), delay=0.02)
    )
    pieces: list[str] = []
    answer = asyncio.create_task(openai.complete(HI, on_delta=pieces.append))
    while not pieces:
        await asyncio.sleep(0.01)
    began = time.monotonic()
    answer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await answer
    assert time.monotonic() - began < 0.2
    assert await asyncio.to_thread(provider.hung_up.wait, 3)


async def test_nobody_at_home_and_a_name_nobody_knows():
    nobody = CloudModel("openai/x", secret=lambda _: "k", bases={"openai": "http://127.0.0.1:9/v1"})
    with pytest.raises(ProviderDown, match=r"openai/x cannot be reached"):
        await nobody.complete(HI)
    with pytest.raises(ModelUnavailable, match="no provider is known for the model 'nonsense'"):
        await CloudModel("nonsense").complete(HI)


async def test_vectors_come_from_a_provider_too(openai: CloudModel):
    SCRIPT.append(
        Answer(
            {
                "object": "list",
                "model": "m",
                "usage": {"prompt_tokens": 2, "total_tokens": 2},
                "data": [{"object": "embedding", "index": 0, "embedding": [0.5, 0.25]}],
            }
        )
    )
    assert await openai.embed(["text"]) == [[0.5, 0.25]]


def test_nothing_leaves_the_machine_when_litellm_is_imported_and_nobody_imports_it_early():
    script = """
import socket, sys
asked = []
socket.getaddrinfo = lambda *a, **k: asked.append(a[:2]) or (_ for _ in ()).throw(OSError("no network"))
socket.socket.connect = lambda self, where: asked.append(where) or (_ for _ in ()).throw(OSError("no network"))
from assistant.models.registry import ModelRegistry
from assistant.settings import Settings
model = ModelRegistry(Settings()).get("anthropic/claude-sonnet-4-5")
assert "litellm" not in sys.modules and "llama_cpp" not in sys.modules, "imported too early"
from assistant.models.cloud import litellm
litellm()
import threading, time
time.sleep(0.5)
print(asked)
"""
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=PROJECT, timeout=60
    )
    assert (told.stdout.strip(), told.stderr) == ("[]", "")
