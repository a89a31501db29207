"""One name for all failures of one kind: what failed, where, and how, without what varies.

A signature is made of the fault's class, the skill, the host, the status and the message with its
numbers, ids, addresses and quoted words taken out. Two failures of one cause share it, whatever
the day, the run and the story that they happened on.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_LONGEST = 200
_URL = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s'\"<>)\]]+", re.I)
_SERVER = re.compile(
    r"\b([a-z0-9](?:[a-z0-9-]*\.)+[a-z0-9-]+|localhost)(?::\d+)?(?=[\s,.]|$)", re.I
)
_STATUS = re.compile(
    r"\banswered (\d{3})\b|\baccept [^:]{1,60}: (\d{3})\b|\bmessage for [^:]{3,120}: (\d{3})\b"
)
_VARYING = (
    (_URL, "<url>"),
    (re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"), "<address>"),
    (re.compile(r"'[^'\n]{0,400}'|\"[^\"\n]{0,400}\"|“[^”\n]{0,400}”"), "<…>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?z?)?\b", re.I), "<time>"),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.I), "<id>"),
    (re.compile(r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b", re.I), "<id>"),
    (re.compile(r"(?:/[\w~%+-]+(?:\.[\w~%+-]+)*){2,}/?"), "<path>"),
    (re.compile(r"\d+(?:[.,:]\d+)*"), "#"),
)  # fmt: skip


@dataclass(frozen=True)
class Failure:
    """One step that failed in one run, as the run recorded it.

    `path` is "" when the run itself failed (an `expect` line, an output). `kind` is the error's
    class, `status` an HTTP or SMTP status (0: none). `errors` are those of every attempt, oldest
    first, the last one included; each is `{code, message, hint, kind}`.
    """

    run_id: str
    job: str
    at: str
    path: str
    skill: str = ""
    code: str = ""
    kind: str = ""
    message: str = ""
    hint: str = ""
    host: str = ""
    status: int = 0
    errors: tuple[Mapping[str, Any], ...] = ()
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Signature:
    """`id` is short and stable; the other fields are what it stands for."""

    id: str
    fault: str
    skill: str
    host: str
    status: int
    message: str


def signature_of(failure: Failure, fault: str) -> Signature:
    """The signature of a failure whose class is known."""
    message = normalised(failure.message)
    parts = (fault, failure.skill, failure.host, str(failure.status), message)
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return Signature(digest, fault, failure.skill, failure.host, failure.status, message)


def normalised(message: str) -> str:
    """The message without addresses, quoted words, times, ids and numbers."""
    text = " ".join(message.split())[:2000].lower()
    for varying, name in _VARYING:
        text = varying.sub(name, text)
    return text[:_LONGEST]


def status_of(message: str) -> int:
    """The HTTP or SMTP status that a message tells, 0 when it tells none."""
    found = _STATUS.search(message)
    return int(next(group for group in found.groups() if group)) if found else 0


def host_of(message: str, arguments: Mapping[str, Any]) -> str:
    """The host that a call was about: of its addresses, else of the message; "" for none."""
    for address in _addresses(arguments):
        if host := urlsplit(address).hostname:
            return host.lower()
    if told := _URL.search(message):
        return (urlsplit(told[0]).hostname or "").lower()
    server = _SERVER.search(message)
    return server[1].lower() if server and "." in server[1] else ""


def failure_of(
    error: Mapping[str, Any],
    *,
    run_id: str,
    job: str,
    at: str,
    path: str,
    skill: str = "",
    arguments: Mapping[str, Any] | None = None,
    errors: tuple[Mapping[str, Any], ...] = (),
) -> Failure:
    """A failure from the error that a run recorded: `{code, message, step, hint, kind}`."""
    message = str(error.get("message", ""))
    given = arguments or {}
    return Failure(
        run_id=run_id,
        job=job,
        at=at,
        path=path,
        skill=skill,
        code=str(error.get("code", "")),
        kind=str(error.get("kind", "")),
        message=message,
        hint=str(error.get("hint", "")),
        host=host_of(message, given),
        status=status_of(message),
        errors=errors or (error,),
        arguments=given,
    )


def _addresses(arguments: Mapping[str, Any]) -> Iterator[str]:
    for value in arguments.values():
        values: list[Any] = value if isinstance(value, list) else [value]
        for one in values[:5]:
            text = one.get("url") if isinstance(one, dict) else one
            if isinstance(text, str) and text.startswith(("http://", "https://")):
                yield text
