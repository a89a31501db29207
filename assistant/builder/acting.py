"""What a change does to the focused job as a whole: another name, a rest, an end, a run now."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.builder import hints
from assistant.builder.edits import Read
from assistant.builder.placing import Places
from assistant.grounding.cues import cues
from assistant.grounding.languages import fold

_NO_NAMES = frozenset({"it", "this", "the", "that", "job"})


def read_actions(
    read: Read, text: str, job: str, at: Places, calls: Iterable[str], *, placed: bool
) -> None:
    """Adds what is done to the whole job. `job`: its name; `calls`: words that call a job;
    `placed`: the words name an address or a link, so they are about the steps."""
    spoken = as_job(text, job)
    for name in _names(text, calls) or _names(spoken):
        read.add("rename", name=name)
    for cue in cues("actions", spoken):
        if cue.name == "rename":
            continue
        if cue.name == "delete" and pointed_at(at, spoken, cue.start, cue.text):
            continue
        if cue.name == "unschedule" or not (placed or read.edits):
            read.add(cue.name)


BESIDES_ACTIONS = ("alert", "retry", "timeout")
"""Structure that may be told together with what is done to a job as a whole."""
_EDGE = re.compile(
    r"[.;!]\s|,?\s(?:but|and|only|also|aber|und|nur|mais|et|pero|y|solo|ma|e|mas|maar|en)\s|,\s"
)


def behind_action(text: str, action: str) -> str:
    """The words that follow the clause of an action: of "start it up again, but at six" the last two."""
    said = [cue for cue in cues("actions", text) if cue.name == action]
    edge = _EDGE.search(fold(text), said[-1].end) if said else None
    return text[edge.end() :] if edge else ""


def _names(text: str, calls: Iterable[str] = ()) -> list[str]:
    """The names that a job is to have by the words."""
    if name := hints.better_name(text) or next(filter(None, map(hints.called, calls)), ""):
        return [name]
    told = [cue.groups.get("text", "") for cue in cues("actions", text) if cue.name == "rename"]
    return [name for name in told if name and fold(name) not in _NO_NAMES]


def as_job(text: str, job: str) -> str:
    """The text with "job" for the job's name, and for "the bread thing" where a word of its name
    stands in it."""
    parts = [re.escape(part) for part in re.split(r"[\W_]+", job) if part]
    if not parts:
        return text
    words = "|".join(part for part in parts if len(part) > 3) or parts[0]
    named = rf"(?<![\w-]){'[- _]'.join(parts)}(?: (?:job|task|thing|one))?(?![\w-])"
    thing = rf"(?<=the |hat |his |our )(?:{words})s?(?:'s)? (?:thing|job|task|one|run)(?![\w-])"
    text = re.sub(thing, "job", text, flags=re.I)
    determined = r"(?<!\w)(?:the|this|that|my|our|de[mnr]|das|diesen?|le|la|ce|el|este|il|o|a|esta|het|de|deze) $"
    return re.sub(
        named,
        lambda m: "job" if re.search(determined, text[: m.start()], re.I) else "this job",
        text,
        flags=re.I,
    )


def pointed_at(at: Places, text: str, start: int, said: str) -> list[int]:
    """The step that "get rid of that" is about, when the words before speak of one."""
    if re.search(r"(?:job|pipeline|task|whole)", fold(said)):
        return []
    before = [cue for cue in cues("steps", text[:start]) if at.numbers_of(cue.name)]
    return at.numbers_of(max(before, key=lambda c: c.start).name) if before else []
