"""Calls that only say what the text says, for models that decoding does not hold to it.

A value that a schema limits with `x-spans` and that does not stand in its text goes back once,
with the reason; then it is AnswerInvalid, with the raw arguments kept.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence

from assistant.models.errors import AnswerInvalid, spent_before
from assistant.models.protocol import Message, Reply, Tool
from assistant.models.spans import invented

Ask = Callable[[Sequence[Message]], Awaitable[Reply]]

_AGAIN = (
    "The call of {name} has {value!r}, which does not stand in the text."
    " Call again, and copy a run of its words."
)


async def grounded(
    ask: Ask, messages: Sequence[Message], tools: Sequence[Tool], *, name: str
) -> Reply:
    """The answer to `messages`, asked for again once when it makes a value up.

    Gives the usage of both rounds. Raises AnswerInvalid when the second one does it too.
    """
    first = await ask(messages)
    problem = _ungrounded(first, tools)
    if not problem:
        return first
    again = [*messages, Message("assistant", first.text or "(a call)"), Message("user", problem)]
    with spent_before(first.usage):
        second = await ask(again)
    usage = first.usage + second.usage
    if problem := _ungrounded(second, tools):
        raise AnswerInvalid(
            f"{name} made up a value for a call, twice: {problem}",
            raw=json.dumps([call.arguments for call in second.tool_calls]),
            usage=usage,
        )
    return Reply(second.text, second.tool_calls, None, usage, second.finish)


def _ungrounded(reply: Reply, tools: Sequence[Tool]) -> str:
    """What to tell a model that made a value up; empty when it did not."""
    known = {tool.name: tool.parameters for tool in tools}
    for call in reply.tool_calls:
        if call.name in known and (wrong := invented(call.arguments, known[call.name])):
            return _AGAIN.format(name=call.name, value=wrong[0])
    return ""
