"""Call a web interface."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal

import httpx
from pydantic import Field

from assistant.errors import BadArguments, CannotDo, PolicyDenied
from assistant.net.client import good
from assistant.net.guard import named_origin, origin_of
from assistant.net.transport import BrokenOff
from assistant.skills.context import SkillContext
from assistant.skills.door import Effect, Example, skill
from assistant.skills.records import Response, ResponseResult

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
READING = frozenset({"GET", "HEAD"})
LONGEST_TEXT = 1_000_000
# Set by the client; a step that sets them could smuggle a second request.
_OURS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer"}
)
_SECRET = re.compile(r"secret:([A-Za-z0-9_]+)")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def effect_of(arguments: dict[str, Any]) -> Effect:
    """GET and HEAD read; everything else writes, and so does a method not known before the run."""
    return "read" if arguments.get("method", "GET") in READING else "write"


def preview(
    context: SkillContext, method: str, url: str, headers: dict[str, str], body: Any
) -> dict[str, Any]:
    """What would be sent; nothing is."""
    content = _content(body)
    return {
        "would_send": f"{method} {url}",
        "headers": sorted(_checked(headers)),
        "body": content.decode("utf-8", "replace")[:400],
    }


@skill(
    effect="write",
    hosts=("url",),
    patchable=("url", "headers"),
    preview=preview,
    lighter=effect_of,
    examples=(
        Example(
            "get the JSON at https://api.example.org/v1/status",
            {"method": "GET", "url": "https://api.example.org/v1/status"},
        ),
        Example(
            "post the result to https://hooks.example.org/abc",
            {
                "method": "POST",
                "url": "https://hooks.example.org/abc",
                "body": {"text": "The digest is ready."},
            },
        ),
        Example(
            "call the weather API with the header X-Units: metric",
            {"url": "https://weather.example.org/now", "headers": {"X-Units": "metric"}},
        ),
        Example(
            "delete the draft https://api.example.org/drafts/7",
            {"method": "DELETE", "url": "https://api.example.org/drafts/7"},
        ),
    ),
    timeout=60,
)
async def http_request(
    context: SkillContext,
    url: Annotated[str, Field(description="Address, with its query")],
    method: Annotated[Method, Field(description="GET and HEAD only read")] = "GET",
    headers: Annotated[dict[str, str], Field(description="Request headers")] = {},  # noqa: B006
    body: Annotated[
        str | dict[str, Any] | list[Any] | None, Field(description="Text, or data sent as JSON")
    ] = None,
) -> ResponseResult:
    """Call a web interface and give its answer: status, headers, text and JSON data."""
    told = {n: _revealed(context, v, url) for n, v in _checked(headers).items()}
    if body is not None and not isinstance(body, str):
        told.setdefault("content-type", "application/json")
    if method not in READING and context.idempotency_key:
        told.setdefault("idempotency-key", context.idempotency_key)
    try:
        response = good(
            await context.http.request(method, url, headers=told, content=_content(body))
        )
    except BrokenOff as lost:
        if method in READING:
            raise
        raise CannotDo(
            f"{lost.message} Whether the {method} was acted on is not known.",
            hint="Look at the other side before repeating it.",
        ) from lost
    return ResponseResult(response=_record(response))


def _checked(headers: dict[str, str]) -> dict[str, str]:
    """Headers under lower-case names. Raises BadArguments for one that must not be set."""
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name) or re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value):
            shown = name.encode("ascii", "backslashreplace").decode()[:60]
            raise BadArguments(
                f"headers: {shown!r} is no header, or its value has control characters.",
                hint="A header is one line: a name and a value.",
            )
        if name.lower() in _OURS:
            raise BadArguments(
                f"headers: {name!r} is set by the connection itself.", hint="Leave it out."
            )
    return {name.lower(): value.strip() for name, value in headers.items()}


def _revealed(context: SkillContext, value: str, url: str) -> str:
    """A header's value with `secret:NAME` replaced, if that secret may go to this origin.

    Arguments may come from a page or a model: which secret goes where is the person's word alone.
    """

    def put(found: re.Match[str]) -> str:
        name = found[1]
        allowed = context.settings.http_secrets.get(name)
        if allowed is None or named_origin(allowed) != origin_of(url):
            raise PolicyDenied(
                f"headers: the secret {name!r} may not be sent to {origin_of(url)}.",
                hint=f'If it may, add {name} = "{origin_of(url)}" to [http_secrets] in settings.toml.',
            )
        if name not in context.secrets:
            raise CannotDo(
                f"There is no secret {name!r}.", hint=f"Run: assistant secrets set {name}"
            )
        return context.secrets[name]

    return _SECRET.sub(put, value)


def _content(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return json.dumps(body, ensure_ascii=False).encode()


def _record(response: httpx.Response) -> Response:
    return Response(
        status=response.status_code,
        url=str(response.url),
        headers={k: v for k, v in response.headers.items() if k != "set-cookie"},
        text=response.text[:LONGEST_TEXT],
        data=_data(response),
    )


def _data(response: httpx.Response) -> Any:
    """The JSON of an answer that says it is JSON, else nothing."""
    if "json" not in response.headers.get("content-type", ""):
        return None
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return None
