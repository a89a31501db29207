"""What a provider's error means for us: one of our errors, in one sentence, with the cure.

Errors are told apart by the names of their classes and their status, so that this needs no
import of the library. A key never appears in a message, and neither does a traceback.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assistant.errors import AssistantError, BadArguments, ModelUnavailable
from assistant.models.errors import (
    AnswerTooSlow,
    ContextTooLong,
    KeyRefused,
    ProviderDown,
    QuotaSpent,
    RateLimited,
    Refused,
)

_QUOTA = re.compile(
    r"insufficient[_ ]quota|exceeded your current quota|credit balance|billing|payment required",
    re.I,
)
_POLICY = re.compile(r"content[_ ]policy|safety system|content management policy", re.I)
_TOO_LONG = re.compile(
    r"context[_ ](?:length|window)|prompt is too long|too many tokens|maximum context", re.I
)
_SECRETS = re.compile(r"\b(?:sk|pk)-[\w*.-]{6,}|Bearer \S+")


def as_ours(wrong: Exception, name: str, seconds: float, key: str = "") -> AssistantError:
    """The error of ours that this one stands for; one that is ours already stays as it is."""
    if isinstance(wrong, AssistantError):
        return wrong
    kinds = {kind.__name__ for kind in type(wrong).__mro__}
    status = getattr(wrong, "status_code", None)
    said = _said(wrong, key)
    if _QUOTA.search(said) or status == 402:
        return QuotaSpent(
            f"the account for {name} has nothing left: {said}",
            hint="Top it up with the provider, or choose another model.",
        )
    if "ContextWindowExceededError" in kinds or (status in (400, 413) and _TOO_LONG.search(said)):
        return ContextTooLong(f"the conversation is too long for {name}: {said}")
    if "ContentPolicyViolationError" in kinds or (status == 400 and _POLICY.search(said)):
        return Refused(f"{name} declined to answer: {said}")
    if kinds & {"AuthenticationError", "PermissionDeniedError"} or status in (401, 403):
        return KeyRefused(
            f"the key for {name} was refused: {said}",
            hint=f"Check the secret {name.partition('/')[0]}_api_key.",
        )
    if "RateLimitError" in kinds or status == 429:
        return RateLimited(f"{name} asks to wait: {said}", retry_after=_retry_after(wrong))
    if "Timeout" in kinds or isinstance(wrong, TimeoutError) or status == 408:
        return AnswerTooSlow(
            f"{name} did not answer within {seconds:g} s",
            hint="Ask for a shorter answer, or allow more seconds.",
        )
    if "LiteLLMUnknownProvider" in kinds or "LLM Provider NOT provided" in said:
        return ModelUnavailable(
            f"no provider is known for the model {name!r}",
            hint="Names look like anthropic/claude-…, openai/…, ollama/… or local/….",
        )
    if "NotFoundError" in kinds or status == 404:
        return ModelUnavailable(f"the provider has no model {name!r}: {said}")
    if kinds & {"BadRequestError", "UnprocessableEntityError"} or status in (400, 422):
        return BadArguments(f"{name} does not accept the request: {said}")
    return ProviderDown(
        f"{name} cannot be reached or failed: {said}",
        hint="Is the network up, and the provider too? It was tried again.",
    )


def _said(wrong: Exception, key: str) -> str:
    """The first sentence of an error, without class names, tracebacks and keys."""
    text = str(getattr(wrong, "message", "") or wrong).split("Traceback")[0]
    text = re.sub(r"litellm\.\w+(?:Error|Timeout)?:?\s*", "", text)
    text = re.sub(r"\b\w+(?:Exception|Error)(?: -|:) ", "", text)
    if key:
        text = text.replace(key, "***")
    text = _SECRETS.sub("***", text)
    if match := re.search(r"""["']message["']\s*:\s*["'](.*?)["']\s*[,}]""", text):
        text = match[1]
    return " ".join(text.split())[:240].strip() or type(wrong).__name__


def _retry_after(wrong: Exception) -> float | None:
    """Seconds of a Retry-After header, when the error carries one."""
    response = getattr(wrong, "response", None)
    own = getattr(wrong, "litellm_response_headers", None)
    for headers in (own, getattr(response, "headers", None)):
        if not isinstance(headers, Mapping):
            continue
        found: Any = headers.get("retry-after") or headers.get("Retry-After")
        try:
            return float(found)
        except (TypeError, ValueError):
            continue
    return None
