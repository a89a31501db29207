"""Jobs that are called one after another: "start first fetch-rates and then write-rates"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.grounding.cues import Cue
from assistant.grounding.languages import fold
from assistant.grounding.marks import Marked

_FURTHER = re.compile(
    r"[,;.]? ?(?:(?:and|then|next|after (?:that|it)|afterwards|followed by|(?:once|when) (?:that|it|this)(?:'s| is| has)? (?:finished|done|through|over|ended),?|"
    r"the job|job|und|dann|danach|anschliessend|et|puis|ensuite|y|luego|despues|e|poi|dopo|depois|en|dan|daarna),? ?)*"
    r"(?<= )<job\d>(?: job)?(?: (?:after (?:it|that)|next|afterwards|danach|hinterher|apres|despues|dopo|depois|daarna)(?!\w))?"
)


FIRST = "first"
"""The wording of a call that comes before the steps of the job."""


def told_first(marked: Marked, job: object) -> str:
    """FIRST for a job that is named before any place is: "run collect-sources, then tell #ops"."""
    called = marked.values.get(str(job))
    places = [v.start for v in marked.of("feed", "page", "api", "mail", "chan", "file")]
    return FIRST if called and places and called.start < min(places) else ""


def with_further_calls(text: str, found: Iterable[Cue]) -> list[Cue]:
    """The cues with one more for each job that is named right behind a called one."""
    made: list[Cue] = []
    for cue in found:
        made.append(cue)
        end = cue.end
        while cue.name == "call_job" and (said := _FURTHER.match(fold(text), end)):
            made.append(Cue("call_job", said.start(), said.end(), text[slice(*said.span())], {}))
            end = said.end()
    return made
