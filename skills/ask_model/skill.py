"""Put a question to a language model."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from assistant.errors import CannotDo
from assistant.models.protocol import JsonSchema, Limits, Message, Model, Reply, Usage
from assistant.skills.context import SkillContext
from assistant.skills.door import Example, skill
from assistant.skills.records import Answer

from .seeing import as_data_urls
from .tools import Tools, tools_for
from .wanted import as_schema

ROUNDS = 8
CALLS = 16
TOKENS = 2048
AS_RECORD = "Give the result as a record."
STARTER = "starter"
CLOSING = "You have used all your calls. Answer now with what you know."


@skill(
    effect="read",
    hosts=("model",),
    patchable=("prompt", "model", "schema"),
    examples=(
        Example(
            "ask the model to translate it into German",
            {"prompt": "Translate into German: ${{ steps.read.text }}"},
        ),
        Example(
            "extract the sender and the amount from the letter",
            {
                "prompt": "Sender and amount of this letter: ${{ inputs.letter }}",
                "schema": {"sender": "string", "amount": "number"},
            },
        ),
        Example(
            "have Claude judge whether the review is positive",
            {
                "prompt": "Is this review positive? ${{ inputs.review }}",
                "model": "anthropic/claude-sonnet-4-5",
                "schema": {"positive": "boolean"},
            },
        ),
        Example(
            "write a short introduction for these stories",
            {"prompt": "Write two sentences that introduce: ${{ steps.best.items }}"},
        ),
        Example(
            "research the question with web search",
            {"prompt": "Who makes tide clocks?", "skills": ["web_search"]},
        ),
    ),
    timeout=600,
)
async def ask_model(
    context: SkillContext,
    prompt: Annotated[str, Field(min_length=1, description="The question or the task")],
    model: Annotated[str, Field(description="Who answers; empty: the model of the settings")] = "",
    schema: Annotated[
        dict[str, Any] | None,
        Field(description="A record is wanted: its JSON Schema, or {field: type}"),
    ] = None,
    skills: Annotated[list[str], Field(description="Skills the model may call")] = [],  # noqa: B006
    images: Annotated[list[str], Field(description="Images it is shown")] = [],  # noqa: B006
) -> Answer:
    """Ask a language model and give its text, or a record of the wanted fields."""
    wanted = as_schema(schema) if schema else None
    tools = tools_for(context, skills)
    asked = context.models.get(model)
    if asked.name == STARTER:
        # It has learned to choose skills and to fill in their arguments, and nothing else.
        raise CannotDo(
            "the starter model chooses skills; it writes no text",
            hint="Choose a larger model: in the settings, or `model` of this step.",
        )
    messages = [Message("user", prompt, images=await as_data_urls(context, images))]
    if tools.skills:
        reply, usage = await _work(context, asked, messages, tools)
        if wanted:
            messages.append(Message("assistant", reply.text))
            messages.append(Message("user", AS_RECORD))
            reply = await _complete(asked, messages, schema=wanted)
            usage += reply.usage
    else:
        reply = await _complete(asked, messages, schema=wanted)
        usage = reply.usage
    return Answer(
        text=reply.text,
        record=reply.record if wanted else None,
        model=usage.model or asked.name,
        tokens=usage.tokens_in + usage.tokens_out,
        cost=usage.cost,
    )


async def _work(
    context: SkillContext, model: Model, messages: list[Message], tools: Tools
) -> tuple[Reply, Usage]:
    """The model calls skills until it answers, or until its calls are used up."""
    usage, made = Usage(), 0
    for _ in range(ROUNDS):
        reply = await _complete(model, messages, tools=tools)
        usage += reply.usage
        if not reply.tool_calls:
            return reply, usage
        messages.append(Message("assistant", reply.text, tool_calls=reply.tool_calls))
        for wanted in reply.tool_calls:
            made += 1
            context.progress(f"{model.name} calls {wanted.name}", done=made, total=CALLS)
            answer = await tools.answer(wanted, context) if made <= CALLS else CLOSING
            messages.append(Message("tool", answer, tool_call_id=wanted.id, name=wanted.name))
        if made >= CALLS:
            break
    messages.append(Message("user", CLOSING))
    reply = await _complete(model, messages)
    return reply, usage + reply.usage


async def _complete(
    model: Model,
    messages: list[Message],
    *,
    tools: Tools | None = None,
    schema: JsonSchema | None = None,
) -> Reply:
    reply = await model.complete(
        messages,
        tools=tools.offered if tools else (),
        schema=schema,
        limits=Limits(max_tokens=min(TOKENS, max(model.context // 4, 256))),
        purpose="ask_model",
    )
    if not reply.text.strip() and not reply.tool_calls and reply.record is None:
        raise CannotDo(
            f"{model.name} gave an empty answer.",
            hint="Put it in other words, or choose another model.",
        )
    return reply
