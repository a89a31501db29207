"""The recipe for answers that say themselves what would be right.

Only what literally stands in the answer is taken, and only for a part of the step that it speaks
of: a parameter that the address has already, its value, a header that says which form is wanted,
an address of the same host. Each is tried first and has to give what the step used to give. Where
two would do equally well, neither is proposed: that is for a person.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import quote, unquote_plus, urlsplit, urlunsplit

from assistant.errors import AssistantError
from assistant.healing.case import Case
from assistant.healing.comparing import compare, in_order, profile
from assistant.healing.desk import Desk
from assistant.healing.easing import SIZES, feeding
from assistant.healing.looking import Visited, form_headers, text_of, visit
from assistant.healing.moving import addresses_told
from assistant.healing.proposals import Proposal
from assistant.healing.spelling import nearest, words_of
from assistant.healing.statements import (
    Answer,
    has_records,
    headers_named,
    limits,
    listed,
    numbers_named,
    quoted,
    says,
)  # fmt: skip
from assistant.insight.faults import Look

MOST_TRIALS = 10
_MOST_VALUES = 8
_TELLING = frozenset({200, 400, 401, 403, 404, 405, 406, 410, 415, 421, 426})
"""Statuses of answers that may name another address."""
_LOWEST = frozenset({"first", "min", "minimum", "lowest", "start", "starts"})


class Heard(NamedTuple):
    """A step that reads an address, what that answered, and the visit when there was one."""

    case: Case
    url: str
    answer: Answer
    seen: Visited | None


class Word(NamedTuple):
    """One part of the address as the answer would have it.

    `sure` unless only a trial can tell; `ranked` when the next ones are less than this one.
    """

    url: str
    why: str
    sure: bool = True
    ranked: bool = False


async def told_questions(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """The address with a parameter or a value as the answer spells it."""
    for heard in await _heard(desk, case, seen):
        held = list[Word]()
        for word in islice(_questions(heard), MOST_TRIALS):
            if held and word.sure < held[0].sure:
                break
            tried = heard.case.arguments | {"url": word.url}
            if await _gives_the_same(desk, heard.case, tried, in_its_order=not word.sure):
                held.append(word)
                if word.ranked:
                    break  # the largest that the answer takes: the others would only be less
        if len(held) == 1:
            yield _proposal(case, heard, held[0].why, {"url": held[0].url})


async def told_headers(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """A header that the answer asks for: which version, which form."""
    for heard in await _heard(desk, case, seen):
        target = heard.case
        written = target.literal("headers") or {}
        if target.skill is None or "headers" not in target.skill.patchable:
            continue
        held = list[tuple[str, str]]()
        for name, value in headers_named(heard.answer)[:_MOST_VALUES]:
            headers = {k: v for k, v in written.items() if k.lower() != name.lower()}
            tried = target.arguments | {"headers": headers | {name: value}}
            if await _gives_the_same(desk, target, tried):
                held.append((name, value))
        if len(held) == 1:
            name, value = held[0]
            headers = {k: v for k, v in written.items() if k.lower() != name.lower()}
            why = f"the answer asks for the header {name}: {value}"
            yield _proposal(case, heard, why, {"headers": headers | {name: value}})


async def told_addresses(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """An address of the same host that the answer itself names."""
    for heard in await _heard(desk, case, seen):
        if heard.answer.status not in _TELLING or has_records(heard.answer.data):
            continue
        feeds = heard.case.skill is not None and heard.case.skill.name == "fetch_feed"
        there = heard.seen or Visited(Look(""), data=heard.answer.data)
        held = dict[str, str]()
        told = [
            (address, how)
            for address, how in addresses_told(there, heard.url, feeds=feeds)
            if address != heard.url and _same_host(address, heard.url)
        ]
        for address, how in told[:MOST_TRIALS]:
            if await _gives_the_same(desk, heard.case, heard.case.arguments | {"url": address}):
                held[address] = how
        if len(held) == 1:
            (address, how), *_ = held.items()
            yield _proposal(case, heard, f"{how}: {address}", {"url": address})


def _same_host(new: str, old: str) -> bool:
    """The same host and scheme, or the same host over TLS."""
    after, before = urlsplit(new), urlsplit(old)
    return after.netloc == before.netloc and after.scheme in (before.scheme, "https")


def _proposal(case: Case, heard: Heard, why: str, arguments: dict[str, Any]) -> Proposal:
    other = heard.case if heard.case.place != case.place else None
    return Proposal("told", why, arguments, case=other)


async def _heard(desk: Desk, case: Case, seen: Visited | None) -> list[Heard]:
    """The steps whose address answered, with that answer: the failed one, or those it reads from."""
    own = case.skill is not None and "url" in case.skill.patchable
    found = list[Heard]()
    for one in [case] if own else feeding(desk, case):
        url = one.literal("url")
        if one.skill is None or not one.good or not isinstance(url, str) or "://" not in url:
            continue
        if "url" not in one.skill.patchable or one.effect == "write":
            continue
        recorded = _recorded(desk, one) if one is not case or case.silent else None
        if recorded is not None:
            found.append(Heard(one, url, recorded, None))
        elif (headers := form_headers(one.arguments)) is not None:
            looked_at = seen if one is case else None
            there = looked_at or await visit(desk.http, url, headers)
            found.append(Heard(one, url, _answer_of(there), there))
    return found


def recorded_answers(desk: Desk, case: Case) -> list[Answer]:
    """What the interfaces answered that a step reads, itself or through the steps before it."""
    own = case.skill is not None and "url" in case.skill.patchable
    found = [_recorded(desk, one) for one in ([case] if own else feeding(desk, case))]
    return [one for one in found if one is not None]


def _recorded(desk: Desk, case: Case) -> Answer | None:
    """What the run kept of an answer of an interface."""
    attempts = desk.runs.attempts(case.run.id, case.path)
    if not attempts or attempts[-1].status != "succeeded":
        return None
    try:
        output = desk.whole(case.run, attempts[-1].output)
    except AssistantError:
        return None
    told = output.get("response") if isinstance(output, dict) else None
    if not isinstance(told, dict):
        return None
    return Answer(int(told.get("status") or 0), str(told.get("text") or ""), told.get("data"))


def _answer_of(there: Visited) -> Answer:
    return Answer(there.look.status, text_of(there), there.data)


async def _gives_the_same(
    desk: Desk, case: Case, arguments: dict[str, Any], *, in_its_order: bool = False
) -> bool:
    if case.skill is None:
        return False
    try:
        output = await desk.call(case.skill.name, arguments)
    except AssistantError:
        return False
    if in_its_order and not in_order(case.good_outputs[0], output):
        return False
    return compare(case.good_outputs, output, wanted=case.wants).held


def _questions(heard: Heard) -> Iterator[Word]:
    """Addresses with one parameter as the answer has it, the surest first; each once."""
    asked = _asked(heard.url)
    names = {name for name, _ in asked}
    unsure, known = list[Word](), {heard.url}
    for number, (name, value) in enumerate(asked):
        for word in (
            *_renamed(heard, number, name, names), *_smaller(heard, number, name, value),
            *_lowest(heard, number, name, value), *_values(heard, number, name, value),
        ):  # fmt: skip
            if word.url in known:
                continue
            known.add(word.url)
            if word.sure:
                yield word
            else:
                unsure.append(word)
    yield from unsure[:_MOST_VALUES]


def _renamed(heard: Heard, number: int, name: str, names: set[str]) -> Iterator[Word]:
    if not heard.answer.is_error:
        return
    for statement in heard.answer.statements():
        if says(statement, name):
            other = nearest(name, [one for one in quoted(statement) if one not in names])
            if other is not None:
                yield Word(_with(heard.url, number, name=other), f"{name} is called {other} now")


def _smaller(heard: Heard, number: int, name: str, value: str) -> Iterator[Word]:
    if not heard.answer.is_error or not value.isdecimal() or name.lower() not in SIZES:
        return
    most = max((profile(one).count for one in heard.case.good_outputs), default=0)
    for statement in heard.answer.statements():
        if says(statement, name):
            for limit in limits(statement, name):
                if most <= limit < int(value):
                    why = f"the answer takes {name}={limit}, not {value}"
                    yield Word(_with(heard.url, number, value=str(limit)), why, ranked=True)


def _lowest(heard: Heard, number: int, name: str, value: str) -> Iterator[Word]:
    if not value.isdecimal():
        return
    for key, told in numbers_named(heard.answer.data):
        words = words_of(key)
        if words & _LOWEST and words_of(name) <= words and 0 <= told != int(value):
            why = f"the answer says {key}: {told}"
            yield Word(_with(heard.url, number, value=str(told)), why)


def _values(heard: Heard, number: int, name: str, value: str) -> Iterator[Word]:
    """Values that the answer lists for a parameter: the one spelled alike, else each of them."""
    told = list(dict.fromkeys(listed(heard.answer.data, name)))
    if heard.answer.is_error:
        for statement in heard.answer.statements():
            if says(statement, name) or says(statement, value):
                told += [one for one in quoted(statement) if one not in (name, value, "query")]
    told = list(dict.fromkeys(told))
    if value in told or value.isdecimal():
        return
    near = nearest(value, told)
    if near is not None:
        why = f"{name} takes {near!r} now, not {value!r}"
        yield Word(_with(heard.url, number, value=near), why)
    elif heard.answer.is_error and len(told) <= _MOST_VALUES:
        for one in told:
            why = f"{name} takes {one!r}, not {value!r}, and that gives the same in the same order"
            yield Word(_with(heard.url, number, value=one), why, sure=False)


def _asked(url: str) -> list[tuple[str, str]]:
    parts = [part.partition("=") for part in urlsplit(url).query.split("&") if part]
    return [(unquote_plus(name), unquote_plus(value)) for name, _, value in parts]


def _with(url: str, number: int, *, name: str = "", value: str | None = None) -> str:
    """The address with one parameter's name or value changed; every other byte as it was."""
    parts = urlsplit(url)
    told = [part for part in parts.query.split("&") if part]
    old_name, sign, old_value = told[number].partition("=")
    new_name = quote(name, safe="") if name else old_name
    new_value = old_value if value is None else quote(value, safe="-._~")
    told[number] = f"{new_name}{sign or '='}{new_value}"
    return urlunsplit(parts._replace(query="&".join(told)))
