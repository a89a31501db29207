"""The recipe for answers that say themselves what would be right.

Only what literally stands in the answer is taken, and only for a part of the step that it speaks
of: a parameter that the address has already, its value, a header that says which form is wanted,
an address of the same host. Each is tried first and has to give what the step used to give. Where
two would do equally well, neither is proposed: that is for a person.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from assistant.errors import AssistantError
from assistant.healing import leaving
from assistant.healing.case import Case
from assistant.healing.comparing import compare, profile
from assistant.healing.continuing import goes_on, has_of_before, value_in_rows
from assistant.healing.desk import Desk
from assistant.healing.easing import feeding
from assistant.healing.looking import Visited, form_headers, text_of, visit
from assistant.healing.lookup import looked_up
from assistant.healing.moving import addresses_told
from assistant.healing.offering import in_manual, manuals_named
from assistant.healing.parameters import Word, asked_in, personal, with_part, without, words_for
from assistant.healing.proposals import Proposal
from assistant.healing.statements import Answer, has_records, headers_named
from assistant.insight.faults import Look
from assistant.skills.pages import parse_page

MOST_TRIALS = 10
MOST_STEPS = 2
_MOST_VALUES = 8
_CLEARLY = 0.02
"""By how much more of what was there before one address has to give than the next best."""
_TELLING = frozenset({200, 400, 401, 403, 404, 405, 406, 410, 415, 421, 426})
"""Statuses of answers that may name another address."""
_REFUSING = frozenset({400, 404, 406, 409, 413, 415, 422})
"""Statuses of answers that say what was wrong with the call."""
_EXPLAINED = frozenset({200, 404, 410})
"""Statuses of answers that may be, or name, documentation that tells where it has gone."""
_MOST_MANUALS = 2


class Heard(NamedTuple):
    """A step that reads an address, what that answered, and the visit when there was one."""

    case: Case
    url: str
    answer: Answer
    seen: Visited | None


async def told_questions(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """The address with a parameter or a value as the answer has it."""
    for heard in await _heard(desk, case, seen):
        most = max((profile(one).count for one in heard.case.good_outputs), default=0)
        told = words_for(heard.answer, heard.url, most)
        word = await _held(desk, heard, told) or await _further(desk, heard, told)
        if word is None and not any(one.sure for one in told):
            word = await _held(desk, heard, await _shown_without(desk, heard))
            word = word or await _held(desk, heard, await looked_up(desk, heard.answer, heard.url))
        if word is not None:
            yield await _of_word(desk, case, heard, word)


async def _held(desk: Desk, heard: Heard, told: list[Word]) -> Word | None:
    """The one word that gives what the step gave before; None where two do equally well."""
    held = list[tuple[float, Word]]()
    for word in told[:MOST_TRIALS]:
        if held and word.sure < held[0][1].sure:
            break
        score = await _score(desk, heard.case, word)
        if score is not None:
            held.append((score, word))
            if word.ranked:
                break  # the largest, or latest, that the answer takes: the others are only less
    held.sort(key=lambda pair: -pair[0])
    if len(held) > 1 and held[0][0] - held[1][0] < _CLEARLY:
        return None
    return held[0][1] if held else None


async def _further(
    desk: Desk, heard: Heard, told: list[Word], depth: int = MOST_STEPS
) -> Word | None:
    """What the next refusal says, where an address that is sure to be better is refused again.

    Many interfaces complain of one thing after the other, or of several at once.
    """
    for word in [one for one in told if one.sure][:MOST_STEPS] if depth else ():
        there = await visit(desk.http, word.url, form_headers(heard.case.arguments) or {})
        answer = _answer_of(there)
        if answer.status not in _REFUSING or answer.text == heard.answer.text:
            continue
        next_one = Heard(heard.case, word.url, answer, there)
        most = max((profile(one).count for one in heard.case.good_outputs), default=0)
        words = words_for(answer, word.url, most)
        found = await _held(desk, next_one, words) or await _further(
            desk, next_one, words, depth - 1
        )
        if found is not None:
            return found._replace(why=f"{word.why}; {found.why}")
    return None


async def _score(desk: Desk, case: Case, word: Word) -> float | None:
    """How well an address gives what the step gave before; None when it does not."""
    if word.lighter:
        case = await _lightened(desk, case, word)
    output = await _holding(desk, case, case.arguments | {"url": word.url})
    if output is None:
        return None
    return 1.0 if word.sure else goes_on(case.good_outputs[0], output)


async def _lightened(desk: Desk, case: Case, word: Word) -> Case:
    """The case without the fields that go with what the answer says to leave out."""
    return leaving.without(case, await _spared(desk, case, word))


async def _spared(desk: Desk, case: Case, word: Word) -> tuple[str, ...]:
    if case.skill is None:
        return ()
    try:
        output = await desk.call(case.skill.name, case.arguments | {"url": word.url})
    except AssistantError:
        return ()
    return await asyncio.to_thread(leaving.spared, desk, case, output)


async def _of_word(desk: Desk, case: Case, heard: Heard, word: Word) -> Proposal:
    told = _proposal(case, heard, word.why, {"url": word.url})
    names = await _spared(desk, heard.case, word) if word.lighter else ()
    if not names:
        return told
    why = f"{word.why}; what the job never uses is gone with it: {', '.join(names)}"
    return replace(told, why=why, case=leaving.without(heard.case, names), spared=names)


async def _shown_without(desk: Desk, heard: Heard) -> list[Word]:
    """Values that the things of before have in the whole list, for a parameter that chose them.

    `?status=active` gives nothing; without it, all that it gave before says `status: current`.
    """
    found = list[Word]()
    for number, (name, value) in enumerate(asked_in(heard.url)):
        if found or personal(name) or heard.case.skill is None:
            break
        try:
            there = {"url": without(heard.url, number)}
            whole = await desk.call(heard.case.skill.name, heard.case.arguments | there)
        except AssistantError:
            continue
        told = value_in_rows(name, heard.case.good_outputs[0], whole)
        if told and told != value:
            why = f"what {name}={value} gave has {told!r} for it now"
            found.append(Word(with_part(heard.url, number, value=told), why, sure=False))
    return found


async def told_headers(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """A header that the answer asks for: which version, which form."""
    for heard in await _heard(desk, case, seen):
        target = heard.case
        written = target.literal("headers") or {}
        if target.skill is None or "headers" not in target.skill.patchable:
            continue
        held = list[tuple[float, str, str]]()
        for name, value in (*headers_named(heard.answer)[:_MOST_VALUES], *_former_form(heard)):
            if held and not name.startswith("Accept") and held[0][1] == name:
                continue  # the latest that gives what was there will be there longest
            headers = {k: v for k, v in written.items() if k.lower() != name.lower()}
            tried = target.arguments | {"headers": headers | {name: value}}
            output = await _holding(desk, target, tried)
            score = goes_on(target.good_outputs[0], output) if output is not None else None
            if output is not None and (score is not None or name.lower() != "accept-language"):
                held.append((score or 0.0, name, value))
        held.sort(key=lambda one: -one[0])
        if len(held) == 1 or (len(held) > 1 and held[0][0] - held[1][0] >= _CLEARLY):
            _, name, value = held[0]
            headers = {k: v for k, v in written.items() if k.lower() != name.lower()}
            why = f"with the header {name}: {value} it gives what it gave before"
            yield _proposal(case, heard, why, {"headers": headers | {name: value}})


def _former_form(heard: Heard) -> list[tuple[str, str]]:
    """The form in which the answer used to come, where it comes in another one now."""
    response = heard.case.good_outputs[0].get("response") if heard.case.good_outputs else None
    if not isinstance(response, dict) or response.get("data") is None:
        return []
    media = str((response.get("headers") or {}).get("content-type", "")).partition(";")[0].strip()
    other = heard.answer.data is None and heard.answer.status in (200, 406, 415)
    return [("Accept", media)] if other and "json" in media else []


async def told_addresses(desk: Desk, case: Case, seen: Visited | None) -> AsyncIterator[Proposal]:
    """An address of the same host that the answer itself names."""
    for heard in await _heard(desk, case, seen):
        if heard.answer.status not in _TELLING or has_records(heard.answer.data):
            continue
        feeds = heard.case.skill is not None and heard.case.skill.name == "fetch_feed"
        there = heard.seen or Visited(Look(""), data=heard.answer.data)
        told = [
            (address, how)
            for address, how in addresses_told(there, heard.url, feeds=feeds)
            if address != heard.url and _same_host(address, heard.url)
        ]
        held = await _with_what_was_there(desk, heard, told)
        if not held and heard.answer.status in _EXPLAINED:
            held = await _with_what_was_there(desk, heard, await _by_manuals(desk, heard))
        if len(held) == 1:
            (address, how), *_ = held.items()
            yield _proposal(case, heard, f"{how}: {address}", {"url": address})


async def _with_what_was_there(
    desk: Desk, heard: Heard, told: list[tuple[str, str]]
) -> dict[str, str]:
    """Those of the addresses that have things of before, with how each was found."""
    held = dict[str, str]()
    for address, how in told[:MOST_TRIALS]:
        output = await _holding(desk, heard.case, heard.case.arguments | {"url": address})
        if output is not None and has_of_before(heard.case.good_outputs[0], output):
            held[address] = how
    return held


async def _by_manuals(desk: Desk, heard: Heard) -> list[tuple[str, str]]:
    """Addresses in the documentation that the answer is, or names on the same host."""
    trees = list[Any]()
    if "<" in heard.answer.text[:500] and heard.answer.data is None:
        trees.append(parse_page(heard.answer.text.encode(), "utf-8"))
    for page in manuals_named(heard.answer.data, heard.url)[:_MOST_MANUALS]:
        if _same_host(page, heard.url):
            trees.append((await visit(desk.http, page)).tree)
    found = dict[str, str]()
    for tree in trees:
        for address, how in in_manual(tree, heard.url) if tree is not None else ():
            if address != heard.url and _same_host(address, heard.url):
                found.setdefault(address, how)
    return list(found.items())


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


async def _holding(desk: Desk, case: Case, arguments: dict[str, Any]) -> Any:
    """What a call gives, when that is no worse than what the step gave before; else None."""
    if case.skill is None:
        return None
    try:
        output = await desk.call(case.skill.name, arguments)
    except AssistantError:
        return None
    held = compare(case.good_outputs, output, wanted=case.wants).held
    return output if held else None
