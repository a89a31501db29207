"""What surrounds a model: names, retries, fallbacks, budgets, rows, records."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import BaseModel, field_validator

from assistant.errors import BudgetExhausted, ModelUnavailable
from assistant.models.doubles import Asked, OneModel, PuppetModel, ScriptedModel
from assistant.models.errors import (
    AnswerCutOff,
    AnswerInvalid,
    ContextTooLong,
    KeyRefused,
    ProviderDown,
    RateLimited,
    spent_on,
)
from assistant.models.grounded import grounded
from assistant.models.protocol import Limits, Message, Reply, Tool, ToolCall, Usage
from assistant.models.registry import ModelRegistry
from assistant.models.steady import Budget, Budgeted, Recorded, Steady, shortened
from assistant.models.structured import ask_for, checked
from assistant.settings import Settings
from assistant.store.database import Store
from assistant.store.model_calls import ModelCall, ModelCalls

HI = [Message("user", "Hi")]


class Naps:
    """A clock's sleep that only writes down how long."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


async def test_a_rate_limit_waits_as_long_as_it_is_told_and_a_failure_backs_off():
    naps = Naps()
    model = Steady(
        ScriptedModel(RateLimited("wait", retry_after=7), ProviderDown("boom"), "Hello"), sleep=naps
    )
    assert (await model.complete(HI)).text == "Hello"
    assert naps.taken == [7, 0.5]


async def test_what_cannot_pass_is_not_repeated():
    naps, inner = Naps(), ScriptedModel(KeyRefused("no"), "never asked")
    with pytest.raises(KeyRefused):
        await Steady(inner, sleep=naps).complete(HI)
    assert (naps.taken, len(inner.asked)) == ([], 1)


async def test_a_wait_that_is_too_long_goes_to_the_fallback_and_the_first_error_is_told():
    naps = Naps()
    limited = ScriptedModel(
        RateLimited("wait", retry_after=600), RateLimited("wait", retry_after=600)
    )
    model = Steady(limited, [lambda: ScriptedModel("from the other")], sleep=naps)
    assert (await model.complete(HI)).text == "from the other"
    with pytest.raises(RateLimited):
        await Steady(
            limited, [lambda: ScriptedModel(ModelUnavailable("none"))], sleep=naps
        ).complete(HI)
    assert naps.taken == []


async def test_an_answer_that_has_begun_to_show_is_not_begun_again():
    def breaks_off(asked: Asked) -> ProviderDown:
        return ProviderDown("broke off")

    class HalfAnAnswer(PuppetModel):
        async def complete(self, messages, *, on_delta=None, **more) -> Reply:  # type: ignore[override]
            if on_delta:
                on_delta("Hel")
            return await super().complete(messages, on_delta=on_delta, **more)

    inner, pieces = HalfAnAnswer(breaks_off), list[str]()
    with pytest.raises(ProviderDown):
        await Steady(inner, [lambda: ScriptedModel("again")], sleep=Naps()).complete(
            HI, on_delta=pieces.append
        )
    assert (pieces, len(inner.asked)) == (["Hel"], 1)


async def test_a_conversation_that_is_too_long_is_shortened_once():
    inner = ScriptedModel(
        ContextTooLong("long"), "ok", ContextTooLong("long"), ContextTooLong("still")
    )
    talk = [
        Message("system", "Be brief."),
        Message("user", "one"), Message("assistant", tool_calls=(ToolCall("t", {}, "1"),)),
        Message("tool", "r", tool_call_id="1"), Message("assistant", "a"),
        Message("user", "two"), Message("assistant", "b"),
        Message("user", "three"),
    ]  # fmt: skip
    model = Steady(inner, sleep=Naps())
    assert (await model.complete(talk)).text == "ok"
    assert [m.text for m in inner.asked[1].messages] == ["Be brief.", "three"]
    with pytest.raises(ContextTooLong, match="still"):
        await model.complete(talk)
    assert shortened(HI) is None


async def test_every_call_is_a_row_the_failed_and_cancelled_too(store: Store):
    calls, heard = ModelCalls(store), list[ModelCall]()

    def note(call: ModelCall) -> None:
        calls.record(call)
        heard.append(call)

    reply = Reply("ok", usage=Usage(tokens_in=10, tokens_out=2, cached_tokens=4, cost=0.01))
    inner = ScriptedModel(reply, ModelUnavailable("gone"), name="openai/x")
    model = Recorded(inner, note, run_id="r1", path="ask")
    await model.complete(HI, purpose="draft")
    with pytest.raises(ModelUnavailable):
        await model.complete(HI)
    slow = Recorded(PuppetModel(lambda _: "late", delay=10, name="slow"), note)
    task = asyncio.create_task(slow.complete(HI))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    at = "2026-03-02T12:00:00.000Z"
    plain = [replace(call, seconds=0.0) for call in reversed(calls.recent())]
    assert plain == [
        ModelCall("openai/x", "draft", "r1", "ask", 10, 2, 4, 0.01, at=at),
        ModelCall("openai/x", "", "r1", "ask", error="model_unavailable: gone", at=at),
        ModelCall("slow", error="cancelled", at=at),
    ]
    assert [call.path for call in calls.of_run("r1")] == ["ask", "ask"]
    assert calls.spent()["openai/x"] == {
        "calls": 2, "tokens_in": 10, "tokens_out": 2, "cost": 0.01, "failed": 1,
    }  # fmt: skip
    assert len(heard) == 3


@pytest.mark.parametrize(
    ("budget", "told"),
    [
        (Budget(tokens=20), "the budget of 20 tokens is used up (24 spent)"),
        (Budget(cost=0.05), "the budget of 0.05 cost is used up (0.06 spent)"),
        (Budget(seconds=1), "the budget of 1 seconds is used up (2 spent)"),
    ],
)
async def test_a_budget_ends_with_one_sentence(budget: Budget, told: str):
    reply = Reply("ok", usage=Usage(tokens_in=10, tokens_out=2, cost=0.03, seconds=1.0))
    model = Budgeted(ScriptedModel(reply, reply, reply), budget)
    if budget.seconds is None:
        await model.complete(HI)
    else:
        budget.charge(Usage(seconds=1.0))
        budget.seconds = 2
        await model.complete(HI)
        budget.seconds = 1
    if budget.seconds is None:
        await model.complete(HI)
    with pytest.raises(BudgetExhausted) as spent:
        await model.complete(HI)
    assert spent.value.message == told


async def test_one_answer_gets_no_more_than_what_is_left():
    inner = ScriptedModel("a")
    await Budgeted(inner, Budget(tokens=50, seconds=9)).complete(HI, limits=Limits(max_tokens=500))
    assert inner.asked[0].limits == Limits(max_tokens=50, seconds=9)


class Person(BaseModel):
    name: str
    age: int

    @field_validator("age")
    @classmethod
    def of_age(cls, age: int) -> int:
        if age < 18:
            raise ValueError("too young")
        return age


async def test_a_pydantic_shape_comes_back_as_one_after_one_repair():
    model = ScriptedModel({"name": "Ada", "age": 7}, {"name": "Ada", "age": 36})
    assert await ask_for(model, Person, HI) == Person(name="Ada", age=36)
    assert "too young" in model.asked[1].prompt
    with pytest.raises(AnswerInvalid, match="too young") as wrong:
        await ask_for(
            ScriptedModel({"name": "Ada", "age": 7}, {"name": "Ada", "age": 8}), Person, HI
        )
    assert wrong.value.raw == '{"name": "Ada", "age": 8}'


def test_a_schema_that_points_elsewhere_is_never_fetched():
    with pytest.raises(Exception, match=r"example\.org"):
        checked({"a": 1}, {"properties": {"a": {"$ref": "https://example.org/schema.json"}}})


async def test_doubles_are_models_like_any_other():
    models = OneModel(PuppetModel(lambda asked: f"You said {asked.prompt}."), other=ScriptedModel())
    assert (await models.get().complete(HI)).text == "You said Hi."
    with pytest.raises(ModelUnavailable, match="no answer left for: 'Hi'"):
        await models.get("other").complete(HI)
    one, two = await models.get().embed(["a", "b"])
    assert one != two


def test_the_registry_finds_files_by_name_and_path_and_suggests_the_nearest(
    registry: ModelRegistry, model_folder: Path
):
    assert registry.names()[-2:] == ["local/tiny", "local/vectors"]
    assert registry.path_of("openai/gpt-4o") is None
    by_path = registry.path_of(f"local/{model_folder}/tiny.gguf")
    assert by_path == model_folder / "tiny.gguf"
    with pytest.raises(ModelUnavailable) as missing:
        registry.get("local/tinny")
    assert missing.value.hint == "Did you mean 'local/tiny'?"


def test_a_model_that_does_not_fit_says_how_much_it_needs(settings: Settings, model_folder: Path):
    small = settings.model_copy(update={"model_memory_mb": 1})
    registry = ModelRegistry(small)
    with pytest.raises(ModelUnavailable, match=r"needs 0\.1 GB of memory and 0\.0 GB are free"):
        registry.get(f"local/{model_folder}/tiny.gguf")
    registry.close()


TEXT = "Send it to jo@example.org today"
SEND = Tool(
    "send", "Send.",
    {"type": "object", "properties": {"to": {"type": "string", "x-spans": TEXT}}},
)  # fmt: skip


def calling(to: str, tokens: int) -> Reply:
    call = ToolCall("send", {"to": to}, "c1")
    return Reply("", (call,), usage=Usage(tokens_out=tokens), finish="tool_calls")


async def test_a_call_with_a_value_made_up_is_asked_for_once_more():
    model = ScriptedModel(calling("joe@example.com", 5), calling("jo@example.org", 6))
    reply = await grounded(model.complete, HI, [SEND], name="x")
    assert reply == replace(calling("jo@example.org", 11), usage=reply.usage)
    assert reply.usage.tokens_out == 11
    assert list(model.asked[1].messages[1:]) == [
        Message("assistant", "(a call)"),
        Message("user", "The call of send has 'joe@example.com', which does not stand in the text."
                " Call again, and copy a run of its words."),
    ]  # fmt: skip
    stubborn = ScriptedModel(calling("joe@example.com", 5), calling("jim@example.com", 6))
    with pytest.raises(AnswerInvalid, match="made up a value for a call, twice") as wrong:
        await grounded(stubborn.complete, HI, [SEND], name="x")
    assert (wrong.value.raw, spent_on(wrong.value).tokens_out) == (
        '[{"to": "jim@example.com"}]',
        11,
    )


async def test_what_an_answer_without_use_has_cost_is_charged_and_written_down(store: Store):
    calls, budget = ModelCalls(store), Budget(tokens=20)
    cut = AnswerCutOff("cut", raw="{", usage=Usage(tokens_in=10, tokens_out=12, cost=0.5))
    model = Budgeted(Recorded(ScriptedModel(cut, "never asked"), calls.record), budget)
    with pytest.raises(AnswerCutOff):
        await model.complete(HI)
    with pytest.raises(BudgetExhausted, match="22 spent"):
        await model.complete(HI)
    [row] = calls.recent()
    assert (row.tokens_in, row.tokens_out, row.cost, row.error) == (
        10,
        12,
        0.5,
        "budget_exhausted: cut",
    )


class Shrinking:
    """A machine's free memory: what a loaded model takes is no longer free."""

    def __init__(self, free: int) -> None:
        self.free = free

    def __call__(self) -> int:
        return self.free


async def test_a_loaded_model_keeps_its_context_when_its_own_memory_is_no_longer_free(
    settings: Settings, model_folder: Path
):
    (settings.models_dir / "tiny.gguf").symlink_to(model_folder / "tiny.gguf")
    memory = Shrinking(2**30)
    registry = ModelRegistry(settings, memory=memory)
    first = await registry.get("local/tiny").complete(HI, limits=Limits(max_tokens=2))
    # So little is left that a model that is not there yet could not be loaded.
    memory.free = 0
    again = registry.get("local/tiny")
    reply = await again.complete(HI, limits=Limits(max_tokens=2))
    assert (again.context, first.usage.cached_tokens) == (1024, 0)
    assert reply.usage.cached_tokens == reply.usage.tokens_in
    registry.worker.close()
    with pytest.raises(ModelUnavailable, match=r"local/tiny needs 0\.1 GB of memory"):
        registry.get("local/tiny")
    registry.close()


async def test_a_run_sees_the_models_with_its_own_name_on_every_call(
    registry: ModelRegistry, store: Store
):
    heard: list[ModelCall] = []
    bound = registry.bound(run_id="r7", path="each[3]/ask", on_call=heard.append)
    await bound.get("local/tiny").complete(HI, limits=Limits(max_tokens=2), purpose="summary")
    assert [(c.run_id, c.path, c.purpose, c.tokens_out, c.model) for c in heard] == [
        ("r7", "each[3]/ask", "summary", 2, "local/tiny")
    ]
    # The run tells of it itself; written down here as well, it would count twice.
    assert ModelCalls(store).recent() == []


async def test_a_crash_goes_to_the_fallback_that_the_settings_name(
    settings: Settings, store: Store, model_folder: Path
):
    (settings.models_dir / "broken.gguf").write_bytes(
        (model_folder / "tiny.gguf").read_bytes()[:90_000]
    )
    (settings.models_dir / "tiny.gguf").symlink_to(model_folder / "tiny.gguf")
    registry = ModelRegistry(
        settings.model_copy(update={"model_fallbacks": ("local/tiny",)}), store
    )
    reply = await registry.get("local/broken").complete(HI, limits=Limits(max_tokens=2))
    assert (reply.usage.model, [c.model for c in ModelCalls(store).recent()]) == (
        "local/tiny",
        ["local/tiny", "local/broken"],
    )
    registry.close()
