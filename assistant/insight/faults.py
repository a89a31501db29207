"""What kind of trouble a failure is: one of fourteen classes, each with a cure of its own.

`classify` reads the error, the attempts before it, what the call was given and what the source
shows when somebody looks at it (`Look`). It never guesses from one word where the error's own
class or status says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from assistant.insight.signatures import Failure

Fault = Literal[
    "transient", "rate_limited", "auth", "not_found", "moved", "shape_changed", "empty_result",
    "bad_arguments", "timeout", "too_large", "blocked", "model_output", "quota", "bug",
]  # fmt: skip
FAULTS: tuple[Fault, ...] = get_args(Fault)

MEANINGS: Mapping[Fault, str] = {
    "transient": "passing trouble of the network or a server; it may be over by itself",
    "rate_limited": "the other side wants to be asked less often",
    "auth": "a login or a key is wanted, or no longer accepted",
    "not_found": "what was asked for is gone",
    "moved": "it is somewhere else now",
    "shape_changed": "it is there, but looks different from before",
    "empty_result": "the call worked and gave nothing, or much less than usual",
    "bad_arguments": "the call itself is wrong",
    "timeout": "it took longer than it may",
    "too_large": "there is more of it than can be taken at once",
    "blocked": "the other side, or a guard, refuses this kind of visit",
    "model_output": "a model gave an answer that cannot be used",
    "quota": "a budget, an account or a disk is used up",
    "bug": "a mistake in a skill or in the assistant itself",
}

Seen = Literal["feed", "list", "page", "data", "login", "consent", "challenge", "gone", "other"]
"""What somebody finds who opens an address: see `Look`."""


@dataclass(frozen=True)
class Look:
    """What an address shows now. `kind` is "gone" for a missing page, also when it answers 200.

    `url` is where redirects ended; `permanent` tells that each of them was a 301 or 308.
    """

    asked: str
    status: int = 0
    url: str = ""
    permanent: bool = False
    kind: Seen = "other"
    media_type: str = ""
    spent: bool = False
    """Whether its headers say that no call is left for now (`x-ratelimit-remaining: 0`)."""

    @property
    def redirected(self) -> bool:
        return bool(self.url) and self.url.rstrip("/") != self.asked.rstrip("/")


@dataclass(frozen=True)
class Diagnosis:
    """The class, and in words what it was told by."""

    fault: Fault
    because: str


_BY_KIND: Mapping[str, Fault] = {
    "StepTimeout": "timeout",
    "AnswerTooSlow": "timeout",
    "RateLimited": "rate_limited",
    "KeyRefused": "auth",
    "QuotaSpent": "quota",
    "ContextTooLong": "too_large",
    "AnswerInvalid": "model_output",
    "AnswerCutOff": "model_output",
    "Refused": "model_output",
    "SchemaUnsupported": "bad_arguments",
    "NameMissing": "shape_changed",
    "TypeMismatch": "shape_changed",
    "LimitReached": "too_large",
    "ExpressionInvalid": "bad_arguments",
    "WorkerDied": "transient",
    "ProviderDown": "transient",
    "BrokenOff": "transient",
    "BudgetExhausted": "quota",
    "ExpectationFailed": "empty_result",
    "InternalError": "bug",
}
_BY_CODE: Mapping[str, Fault] = {
    "job_timeout": "timeout",
    "job_expectation_failed": "empty_result",
    "budget_exhausted": "quota",
}
_BY_STATUS: Mapping[int, Fault] = {
    301: "moved", 302: "moved", 303: "moved", 307: "moved", 308: "moved",
    400: "bad_arguments", 401: "auth", 402: "quota", 403: "blocked", 404: "not_found",
    405: "bad_arguments", 406: "bad_arguments", 407: "auth", 408: "transient", 409: "bad_arguments",
    410: "not_found", 411: "bad_arguments", 413: "too_large", 414: "too_large",
    415: "bad_arguments", 422: "bad_arguments", 425: "transient", 429: "rate_limited",
    431: "too_large", 451: "blocked", 507: "quota",
    421: "transient", 450: "transient", 452: "quota", 454: "auth", 530: "auth", 534: "auth",
    535: "auth", 550: "blocked", 552: "too_large", 553: "bad_arguments", 554: "blocked",
}  # fmt: skip
_SMTP_ONLY = frozenset({421, 450, 452, 454, 530, 534, 535, 550, 552, 553, 554})
_SPENT_MAIL = re.compile(
    r"\b[45]\.4\.5\b|\b(daily|hourly|monthly)?\s*(user )?sending (limit|quota)\b|\bover quota\b",
    re.I,
)
"""How mail servers say that an account has sent all it may (RFC 3463 X.4.5 is a system's congestion,
which the large providers use for it)."""
_WORDS: tuple[tuple[str, Fault], ...] = (
    (r"\brobots\.txt\b", "blocked"),
    (r"left alone for another|asked for a pause|too many requests|rate limit", "rate_limited"),
    (r"does not accept the login|there is no secret|wants a login|credentials?\b.*(wrong|refused)"
     r"|not authori[sz]ed|\bis locked: |secret .* may not be sent", "auth"),
    (r"certificate", "blocked"),
    (r"is a web page, not a feed|redirects (to|more than|the \w+ to)", "moved"),
    (r"matches nothing in|no list was found|is no feed|cannot be read as a feed|is empty\."
     r"|no such (column|table|function)|ambiguous column|has no (column|table)"
     r"|column .* does not exist|relation .* does not exist|unknown column"
     r"|no readable text|has no article|no article|goes through a list, and got", "shape_changed"),
    (r"took longer|is too slow|too slow\b|time it may take|no answer within|timed out", "timeout"),
    (r"is larger than|more memory than|is too long|too many tokens|more than [\d,]+ (characters"
     r"|values|bytes|rounds)|would make [\d,]+ rounds", "too_large"),
    (r"gave an empty answer|answer .* does not fit|found no query|gave no json", "model_output"),
    (r"disk full|no space left|quota|over its limit|budget", "quota"),
    (r"nothing to put into|no items came in", "empty_result"),
    (r"there is no host named|there is no (page|run|file|database file|channel|database)"
     r"|there is no model|the provider has no model", "not_found"),
    (r"failed unexpectedly|gave something else than it declares|ended without an answer", "bug"),
)  # fmt: skip
_BY_LOOK: Mapping[Seen, Fault] = {
    "login": "auth", "consent": "blocked", "challenge": "blocked", "gone": "not_found",
}  # fmt: skip


_REFUSALS: tuple[tuple[str, Fault], ...] = (
    (r"rate.?limit|too many requests|slow down|throttl", "rate_limited"),
    (r"quota|credits?\b|billing|payment|plan limit|daily limit|monthly limit", "quota"),
    (r"(api|access|invalid|wrong|missing|your).{0,3}(key|token)\b|unauthori[sz]ed|credential"
     r"|log ?in|sign in|expired token|token .{0,12}expired|revoked|forbidden|permission", "auth"),
    (r"temporar|try again|unavailable|overload|timed? ?out|internal error|maintenance", "transient"),
)  # fmt: skip


_ADDRESS = re.compile(r"https?://|(?<!\S)/\w")


def by_words_of(data: Any) -> Diagnosis | None:
    """The class of a JSON answer that went well by its status and tells of an error instead.

    None for one that tells of none, and for one that has things to give beside it.
    """
    if not isinstance(data, Mapping):
        return None
    told: Mapping[str, Any] = data
    error = told.get("error") or told.get("errors")
    failed = str(told.get("status", "")).lower() in ("error", "fail", "failed", "failure")
    things = any(isinstance(value, list) and value for name, value in told.items()
                 if name != "errors")  # fmt: skip
    if things or not (error or failed or told.get("success") is False or told.get("ok") is False):
        return None
    words = " ".join(_texts(told))[:2000]
    for pattern, fault in _REFUSALS:
        if found := re.search(pattern, words, re.I):
            if fault == "transient" and _ADDRESS.search(words):
                return None  # it tells where to go: that is more than passing trouble
            return Diagnosis(fault, f"the answer says {found[0]!r}")
    return None


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth < 4 and isinstance(value, Mapping | list):
        inner: Any = value.values() if isinstance(value, Mapping) else value
        for one in inner:
            yield from _texts(one, depth + 1)


def classify(failure: Failure, look: Look | None = None) -> Diagnosis:
    """The class of a failure, seen from its error and, when it was looked at, its source."""
    told = _from_error(failure)
    if look is None or told.fault in ("rate_limited", "quota", "bug", "timeout", "model_output"):
        return told
    return _from_look(told, look)


def _from_error(failure: Failure) -> Diagnosis:
    limited = next((e for e in failure.errors if is_limited(e)), None)
    if limited is not None:
        return Diagnosis("rate_limited", "an attempt was told to come less often")
    if failure.kind in _BY_KIND:
        return Diagnosis(_BY_KIND[failure.kind], f"the error is a {failure.kind}")
    if failure.code in _BY_CODE:
        return Diagnosis(_BY_CODE[failure.code], f"the error's code is {failure.code}")
    if failure.skill in ("send_email", "notify") and (found := _SPENT_MAIL.search(failure.message)):
        return Diagnosis("quota", f"the mail server says {found[0]!r}")
    if fault := _of_status(failure):
        return Diagnosis(fault, f"the answer had the status {failure.status}")
    for words, fault in _WORDS:
        if found := re.search(words, failure.message, re.I):
            return Diagnosis(fault, f"the message says {found[0]!r}")
    match failure.kind, failure.code:
        case "BadArguments", _:
            return Diagnosis("bad_arguments", "the skill does not take these arguments")
        case "PolicyDenied", _:
            return Diagnosis("blocked", "a guard of this machine refuses it")
        case "TryAgain" | "StepTimeout", _:
            return Diagnosis("transient", "the skill says that it may pass")
        case _, "model_unavailable":
            return Diagnosis("transient", "no model answered")
        case _, "skill_not_found":
            return Diagnosis("not_found", "the skill is not there")
        case _, "internal_error":
            return Diagnosis("bug", "the assistant itself failed")
        case "SkillError", _:
            return Diagnosis("bug", "the skill failed without saying why")
        case _:
            return Diagnosis("bad_arguments", "nothing in the error tells more")


def _of_status(failure: Failure) -> Fault | None:
    status = failure.status
    if status >= 500 and not (status in _SMTP_ONLY and failure.skill in ("send_email", "notify")):
        return _BY_STATUS.get(status) if status == 507 else "transient"
    return _BY_STATUS.get(status)


def is_limited(error: Mapping[str, Any]) -> bool:
    """Whether an error says that the other side wants to be asked less often."""
    message = str(error.get("message", ""))
    return error.get("kind") == "RateLimited" or bool(
        re.search(r"answered 429|left alone for another|asked for a pause", message)
    )


def _from_look(told: Diagnosis, look: Look) -> Diagnosis:
    if look.status == 429:
        return Diagnosis("rate_limited", "looked at again, it answered 429")
    if look.spent and look.status in (403, 503):
        return Diagnosis("rate_limited", f"{look.asked} says that no call is left for now")
    if look.kind in _BY_LOOK:
        fault = _BY_LOOK[look.kind]
        if fault == "not_found" and told.fault == "moved" and look.status in (0, 200):
            return Diagnosis("not_found", f"{look.asked} shows a page that says it is gone")
        return Diagnosis(fault, f"{look.asked} shows a {look.kind} page")
    if told.fault in ("not_found", "shape_changed") and look.redirected and look.permanent:
        return Diagnosis("moved", f"{look.asked} sends its visitors to {look.url} for good")
    return told
