"""The parts of an address as an answer would have them: names, values, what is missing, what is too much."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote, unquote_plus, urlsplit, urlunsplit

from assistant.healing.converting import converted, wants_repeated
from assistant.healing.counting import SIZES
from assistant.healing.leaving import parts_left_out
from assistant.healing.spelling import nearest, own_part, words_of
from assistant.healing.statements import (
    Answer,
    at_most,
    choices,
    has_records,
    is_version,
    limits,
    listed,
    natural,
    notices,
    numbers_named,
    pairs_named,
    quoted,
    says,
    versions_said,
    wants_less,
)  # fmt: skip

MOST_VALUES = 8
_LOWEST = frozenset({"first", "min", "minimum", "lowest", "start", "starts"})
_PERSONAL = frozenset({
    "key", "apikey", "token", "secret", "password", "pass", "auth", "user", "username", "email", "mail",
    "contact", "account", "login", "signature", "sig", "card", "client", "app", "appid", "phone", "captcha",
    "consent", "agree", "terms", "accept", "tier", "plan", "license", "callback", "webhook", "redirect",
})  # fmt: skip
"""Words of parameters that say who asks, or agree to something: for a person to give."""
_MISSING = re.compile(
    r"\b(required|mandatory|missing|must be (given|set|named|specified|provided|present)|needs? to be (given|named)"
    r"|has to be (given|named|set)|please (specify|name|give|add|choose)|(is|was) not (given|set|specified)"
    r"|without|specify|needs?|add)\b",
    re.I,
)
_UNKNOWN = (
    r"(?:unknown|unexpected|unsupported|unrecogni[sz]ed|invalid|extra|no|not an?|not (?:known|supported|allowed|taken)"
    r"|not recogni[sz]ed|not permitted|no longer \w+|does not (?:know|take|support)|was removed)"
)
_BESIDE = re.compile(
    r"\b(?:parameter|param|argument|option|field|missing|specify|required|add|name the)\s*:?\s+(?:query )?(?:parameter )?"
    r"([A-Za-z_][\w.-]{0,40})\b|\b([A-Za-z_][\w.-]{0,40}) (?:is|are) (?:required|missing|mandatory)\b",
    re.I,
)
_NO_NAME = frozenset({
    "parameter", "param", "query", "is", "the", "a", "an", "this", "field", "argument", "value", "required",
    "missing", "error", "it", "one", "url", "be", "of", "or", "and", "in", "not", "to", "string", "body",
})  # fmt: skip


_ON, _OFF = (
    frozenset({"true", "yes", "1", "on", "all"}),
    frozenset({"false", "no", "0", "off", "none"}),
)


class Word(NamedTuple):
    """An address with one part of it as the answer would have it.

    `sure` unless only a trial can tell; `ranked` when the next ones are less than this one; `lighter`
    when the answer itself says that something has to be left out.
    """

    url: str
    why: str
    sure: bool = True
    ranked: bool = False
    lighter: bool = False


def words_for(answer: Answer, url: str, most: int) -> list[Word]:
    """Addresses as the answer would have them, the surest first, each once.

    `most` is how many things the address used to give: never fewer are asked for.
    """
    found = dict[str, Word]()
    for word in _all(answer, url, most):
        if word.url != url:
            found.setdefault(word.url, word)
    return sorted(found.values(), key=lambda word: not word.sure)


def _all(answer: Answer, url: str, most: int) -> Iterator[Word]:
    asked, refuses = asked_in(url), answer.is_error
    names = {name for name, _ in asked}
    # Of an answer that has things to give, only what it says beside them is heard.
    told = answer.statements() if refuses or not has_records(answer.data) else notices(answer.data)
    yield from _left_out(told, url) if refuses else ()
    for number in range(len(asked)):
        if refuses:
            yield from _renamed(told, url, number, names)
            yield from _smaller(told, url, number, most)
        yield from _lowest(answer, url, number)
        if refuses:
            yield from _in_another_form(told, url, number)
        yield from _values(answer, told, url, number)
        if refuses:
            yield from _not_taken(told, url, number, names)
    yield from _unnamed(told, url) if refuses else ()
    yield from _folders(answer, told, url) if refuses else ()
    yield from _pairs(told, url, names, most)
    yield from _missing(answer, told, url, names, most)


def _renamed(told: Sequence[str], url: str, number: int, names: set[str]) -> Iterator[Word]:
    name, _ = asked_in(url)[number]
    for statement in told:
        if says(statement, name):
            other = nearest(name, [one for one in quoted(statement) if one not in names])
            if other is not None:
                yield Word(with_part(url, number, name=other), f"{name} is called {other} now")


def _smaller(told: Sequence[str], url: str, number: int, most: int) -> Iterator[Word]:
    name, value = asked_in(url)[number]
    if not value.isdecimal() or name.lower() not in SIZES:
        return
    for statement in told:
        said = says(statement, name)
        numbers = [*(limits(statement, name) if said else ()), *at_most(statement, things=not said)]
        if said and wants_less(statement, name) and not _between(numbers, most, int(value)):
            numbers = [int(value) // 2, int(value) // 4, int(value) // 10, most]
        for limit in _between(numbers, most, int(value)):
            why = f"the answer takes {name}={limit}, not {value}"
            yield Word(with_part(url, number, value=str(limit)), why, ranked=True)


def _between(numbers: Sequence[int], most: int, value: int) -> list[int]:
    """Those that are less than what was asked for, and no less than there used to be; each once."""
    return [one for one in dict.fromkeys(numbers) if max(most, 1) <= one < value]


def _lowest(answer: Answer, url: str, number: int) -> Iterator[Word]:
    name, value = asked_in(url)[number]
    for key, told in numbers_named(answer.data) if value.isdecimal() else ():
        words = words_of(key)
        if words & _LOWEST and words_of(name) <= words and 0 <= told != int(value):
            why = f"the answer says {key}: {told}"
            yield Word(with_part(url, number, value=str(told)), why)


def _in_another_form(told: Sequence[str], url: str, number: int) -> Iterator[Word]:
    name, value = asked_in(url)[number]
    for statement in told:
        if not (says(statement, name) or says(statement, value)):
            continue
        for one in converted(value, statement):
            why = f"{name} is written {one!r} now, not {value!r}"
            yield Word(with_part(url, number, value=one), why)
        parts = [part.strip() for part in re.split(r"[,;|]", value) if part.strip()]
        if len(parts) > 1 and wants_repeated(statement):
            first = with_part(url, number, value=parts[0])
            added = with_added(first, [(name, part) for part in parts[1:]])
            yield Word(added, f"{name} is given once for each value now")


def _unnamed(told: Sequence[str], url: str) -> Iterator[Word]:
    """A form that the answer wants without a word of what: where one value alone can take it."""
    asked = asked_in(url)
    for statement in told:
        if any(says(statement, part) for pair in asked for part in pair):
            continue
        forms = [(n, next(converted(value, statement), "")) for n, (_, value) in enumerate(asked)]
        fitting = [(number, form) for number, form in forms if form]
        if len(fitting) == 1:
            (number, form), (name, value) = fitting[0], asked[fitting[0][0]]
            yield Word(
                with_part(url, number, value=form), f"{name} is written {form!r} now, not {value!r}"
            )


def _values(answer: Answer, told: Sequence[str], url: str, number: int) -> Iterator[Word]:
    """Values that the answer lists for a parameter: the one spelled alike, else each of them."""
    name, value = asked_in(url)[number]
    known = list(listed(answer.data, name))
    for statement in told if answer.is_error else ():
        if _about_names(statement):
            continue
        if says(statement, name) or says(statement, value):
            known += [one for one in (*quoted(statement), *choices(statement))
                      if one not in (name, value, "query")]  # fmt: skip
    known = list(dict.fromkeys(known))
    if not value or value in known:
        return
    near, part = nearest(value, known), own_part(value, known)
    if near is not None and not value.isdecimal():
        yield Word(with_part(url, number, value=near), f"{name} takes {near!r} now, not {value!r}")
    elif part is not None and not is_version(name):
        why = f"{name} takes {part!r} now where it took {value!r}"
        yield Word(with_part(url, number, value=part), why, sure=False)
    elif answer.is_error and is_version(name):
        for one in _latest_first(known):
            why = f"{name}={one} is taken, and gives the same in the same order"
            yield Word(with_part(url, number, value=one), why, sure=False, ranked=True)
    elif answer.is_error and len(known) <= MOST_VALUES and not value.isdecimal():
        for one in known:
            why = f"{name} takes {one!r}, not {value!r}, and that gives the same in the same order"
            yield Word(with_part(url, number, value=one), why, sure=False)


def _not_taken(told: Sequence[str], url: str, number: int, names: set[str]) -> Iterator[Word]:
    """A parameter that is not known any more: under each name that is taken, and left out."""
    name, value = asked_in(url)[number]
    for statement in told:
        first = next((one for one, _ in asked_in(url) if says(statement, one)), "")
        if name != first or not _about_names(statement) or says(statement, value):
            continue
        others = dict.fromkeys(one for one in (*quoted(statement), *choices(statement))
                               if re.fullmatch(r"[A-Za-z_][\w.-]{0,40}", one))  # fmt: skip
        for other in [one for one in others if one not in names][:MOST_VALUES]:
            why = f"{name} is not taken any more, and {other} gives the same in the same order"
            yield Word(with_part(url, number, name=other), why, sure=False)
        why = f"{name} is not taken any more, and without it the answer is the same"
        yield Word(without(url, number), why, sure=False)


def _left_out(told: Sequence[str], url: str) -> Iterator[Word]:
    """The address without what the answer says to leave out; also a switch that it wants off."""
    for number, rest in parts_left_out(told, asked_in(url)):
        name, value = asked_in(url)[number]
        shorter = with_part(url, number, value=rest) if rest else without(url, number)
        why = (
            f"the answer says to leave out {f'{name}={value}' if not rest else 'a part of ' + name}"
        )
        yield Word(shorter, why, sure=False, lighter=True)
    for statement in told:
        for name, value in pairs_named(statement):
            switch = name in dict(asked_in(url)) and value.lower() in _OFF
            if switch and dict(asked_in(url))[name].lower() in _ON:
                why = f"the answer asks for {name}={value}"
                yield Word(with_value(url, name, value), why, sure=False, lighter=True)


def _about_names(statement: str) -> bool:
    """Whether a statement says that a parameter itself is not known, rather than its value."""
    return bool(
        re.search(
            rf"\b{_UNKNOWN}\b.{{0,12}}\b(?:parameters?|params?|arguments?|fields?|keys?|options?)\b"
            rf"|\b(?:parameters?|params?|arguments?|fields?|options?)\b[^.]{{0,50}}\b{_UNKNOWN}\b(?! value)"
            r"|\bextra_forbidden\b|\bextra inputs\b",
            statement, re.I,
        )
    )  # fmt: skip


def _folders(answer: Answer, told: Sequence[str], url: str) -> Iterator[Word]:
    """A value that stands in the address's path: `/lines/4/works`."""
    parts = urlsplit(url)
    folders = parts.path.split("/")
    for number, folder in enumerate(folders):
        value = unquote(folder)
        if number < 2 or not value:
            continue
        known = list(listed(answer.data, unquote(folders[number - 1]).removesuffix("s")))
        for statement in told:
            if says(statement, value):
                known += [one for one in (*quoted(statement), *choices(statement)) if one != value]
        found = nearest(value, known) or own_part(value, known)
        if value not in known and found is not None:
            path = "/".join([*folders[:number], quote(found, safe="-._~"), *folders[number + 1 :]])
            why = f"the address takes {found!r} now, not {value!r}"
            yield Word(urlunsplit(parts._replace(path=path)), why, sure=False)


def _pairs(told: Sequence[str], url: str, names: set[str], most: int) -> Iterator[Word]:
    """`name=value` as it stands in the answer: each, and all of them where they are several."""
    for statement in told:
        pairs = [(n, v) for n, v in pairs_named(statement) if not personal(n)]
        fresh = dict[str, str]()
        for name, value in pairs:
            if name not in names:
                fresh.setdefault(name, value)
        sizes = {pair for pair in pairs if pair[0].lower() in SIZES and pair[1].isdecimal()}
        pairs.sort(key=lambda pair: -int(pair[1]) if pair in sizes else 0)
        for name, value in pairs[:MOST_VALUES]:
            if (name, value) not in sizes or int(value) >= most:
                why, ranked = f"the answer asks for {name}={value}", (name, value) in sizes
                yield Word(with_value(url, name, value), why, sure=False, ranked=ranked)
        if len(fresh) > 1:
            why = "the answer asks for " + ", ".join(f"{n}={v}" for n, v in fresh.items())
            yield Word(with_added(url, list(fresh.items())), why, sure=False)


def _missing(
    answer: Answer, told: Sequence[str], url: str, names: set[str], most: int
) -> Iterator[Word]:
    """A parameter that has to be named now, with each of the values that the answer lists for it."""
    for statement in told:
        if not _MISSING.search(statement):
            continue
        said = [*quoted(statement), *(m[1] or m[2] for m in _BESIDE.finditer(statement))]
        for name in dict.fromkeys(said):
            plain = re.fullmatch(r"[A-Za-z_][\w.-]{0,40}", name) and name.lower() not in _NO_NAME
            if not plain or name in names or personal(name) or not _is_name(statement, name):
                continue
            for value, ranked in _fitting(answer, statement, name, most):
                why = f"the answer wants {name} named; {name}={value} gives what it gave before"
                yield Word(with_added(url, [(name, value)]), why, sure=False, ranked=ranked)


def _is_name(statement: str, name: str) -> bool:
    """Whether the word is said to be what is wanted, rather than one of its values."""
    word = rf"['\"`“]?{re.escape(name)}['\"`”]?"
    return bool(
        re.search(
            rf"\b(?:parameters?|params?|arguments?|option|field|missing|specify|add|name the|query\"?)\s*:?\s*{word}(?![\w-])"
            rf"|(?<![\w-]){word}\s+(?:is|are|was|must|has to|needs|query parameter|parameter)\b",
            statement, re.I,
        )
    )  # fmt: skip


def _fitting(answer: Answer, statement: str, name: str, most: int) -> Iterator[tuple[str, bool]]:
    known = [*listed(answer.data, name), *quoted(statement), *choices(statement)]
    known = [v for v in dict.fromkeys(known) if v != name and v.lower() not in _NO_NAME]
    if is_version(name):
        yield from ((v, True) for v in _latest_first([*known, *versions_said(statement)]))
    elif name.lower() in SIZES:
        yield from ((str(n), True) for n in limits(statement, name) if n >= max(most, 1))
    elif name.lower() in ("page", "page_number", "pagenumber"):
        yield from (("1", False), ("0", False))
    elif len(known) <= MOST_VALUES:
        yield from ((v, False) for v in known if re.fullmatch(r"[^\s&#]{1,60}", v))


def _latest_first(versions: Sequence[str]) -> list[str]:
    """Of several versions that give the same, the latest will be there longest."""
    told = [one for one in versions if re.search(r"\d", one)]
    return sorted(told, key=natural, reverse=True)[:MOST_VALUES]


def personal(name: str) -> bool:
    """Whether a parameter says who asks, or agrees to something."""
    return bool(words_of(name) & _PERSONAL)


def asked_in(url: str) -> list[tuple[str, str]]:
    """The parameters of an address, in order."""
    parts = [part.partition("=") for part in urlsplit(url).query.split("&") if part]
    return [(unquote_plus(name), unquote_plus(value)) for name, _, value in parts]


def with_part(url: str, number: int, *, name: str = "", value: str | None = None) -> str:
    """The address with one parameter's name or value changed; every other byte as it was."""
    parts = urlsplit(url)
    told = [part for part in parts.query.split("&") if part]
    old_name, sign, old_value = told[number].partition("=")
    new_name = quote(name, safe="") if name else old_name
    new_value = old_value if value is None else quote(value, safe="-._~,:")
    told[number] = f"{new_name}{sign or '='}{new_value}"
    return urlunsplit(parts._replace(query="&".join(told)))


def without(url: str, number: int) -> str:
    """The address without one of its parameters."""
    parts = urlsplit(url)
    told = [part for part in parts.query.split("&") if part]
    return urlunsplit(parts._replace(query="&".join(told[:number] + told[number + 1 :])))


def with_added(url: str, pairs: Sequence[tuple[str, str]]) -> str:
    """The address with further parameters at its end."""
    parts = urlsplit(url)
    more = [f"{quote(name, safe='')}={quote(value, safe='-._~,:')}" for name, value in pairs]
    told = [part for part in parts.query.split("&") if part]
    return urlunsplit(parts._replace(query="&".join([*told, *more])))


def with_value(url: str, name: str, value: str) -> str:
    """The address with a parameter of that value, in its old place or at the end."""
    for number, (old, _) in enumerate(asked_in(url)):
        if old == name:
            return with_part(url, number, value=value)
    return with_added(url, [(name, value)])
