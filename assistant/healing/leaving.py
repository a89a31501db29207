"""What an answer says to leave out of a call, and which fields a job can do without then.

"Leave out include=attachments" names a part of the address; the answer without it lacks a field.
That is no loss where nothing of the job ever had that field in hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urldefrag

from assistant.healing.case import Case
from assistant.healing.comparing import profile
from assistant.healing.desk import Desk
from assistant.healing.flattening import NOISE, without_fields
from assistant.healing.statements import says
from assistant.skills.markup import fold

_LEAVING = re.compile(
    r"\b(?:leav(?:e|ing) (?:it |them )?(?:out|off|away)|omit(?:ting)?|drop(?:ping)?|remov(?:e|ing)|skip(?:ping)?"
    r"|exclud(?:e|ing)|(?:do not|don't|never) (?:ask for|include|send|use|request|embed|expand|set)"
    r"|(?:stop|avoid) (?:asking for|including|sending|using|requesting|embedding|expanding|setting)"
    r"|(?:try|ask|call|repeat|send|again|work\w*|request|retry)\b[^.;]{0,25}\bwithout|turn(?:ing)? off|switch(?:ing)? off)\b"
    r"|\bweglassen\b|\bohne\b",
    re.I,
)
_IT = re.compile(r"\b(?:it|them)\b", re.I)
_CLAUSES = re.compile(r"(?<=[.;!?])\s+|\n|,\s+(?=(?:or|then|but|and)\b)")
_LISTS = re.compile(r"[,;|+ ]")


def parts_left_out(
    told: Sequence[str], query: Sequence[tuple[str, str]]
) -> Iterator[tuple[int, str]]:
    """`(number, value)` for each parameter that an answer says to leave out; `value` is what is left
    of a list of values, and empty where all of the parameter goes.

    Only what stands behind the words that say so, in their own clause.
    """
    for statement in told:
        before = ""
        for clause in _CLAUSES.split(statement):
            said, spoken_of = _LEAVING.search(clause), before
            before = clause
            if said is None:
                continue
            about = clause[said.end() :] or clause
            if _IT.search(said[0]) or _IT.match(
                about.strip()
            ):  # "'page' is gone. Leave it out": what "it" is stands before
                about = clause[: said.start()].strip() or spoken_of
            for number, (name, value) in enumerate(query):
                members = [one for one in _LISTS.split(value) if one]
                named = [one for one in members if len(one) > 2 and says(about, one)]
                if len(members) > 1 and named and len(named) < len(members):
                    sign = next(iter(_LISTS.findall(value)), ",")
                    yield number, sign.join(one for one in members if one not in named)
                elif says(about, name) or (named and not value.isdecimal()):
                    yield number, ""


def spared(desk: Desk, case: Case, after: object) -> tuple[str, ...]:
    """Fields of the step's records that an output has not at all, and that the job never had in hand:
    no word of its file names them, and no other step of the last good run held them."""
    if not case.good:
        return ()
    before, now = profile(case.good[0].output), profile(after)
    gone = dict.fromkeys(
        name.partition(".")[0] for name in before.fields
        if name not in NOISE and name.partition(".")[0] not in {n.partition(".")[0] for n in now.fields}
    )  # fmt: skip
    told = _in_hand(desk, case) if gone else ""
    return tuple(name for name in gone if not says(told, name))


def without(case: Case, names: Sequence[str]) -> Case:
    """The case with its better days as if these fields had never been there."""
    good = tuple(replace(one, output=without_fields(one.output, names)) for one in case.good)
    return replace(case, good=good)


def _in_hand(desk: Desk, case: Case) -> str:
    """All that the job says and had besides this call itself, as one text."""
    run = desk.runs.get(case.good[0].run_id)
    url = case.literal("url")
    own = urldefrag(url).url if isinstance(url, str) else ""
    parts = [case.text.replace(own, "") if own else case.text, _plain(desk.whole(run, run.outputs))]
    for attempt in desk.runs.attempts(run.id):
        if attempt.path != case.path:
            parts += [
                _plain(desk.whole(run, attempt.arguments)),
                _plain(desk.whole(run, attempt.output)),
            ]
    return fold(" ".join(parts))


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
