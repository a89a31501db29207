"""What is held of a draft: its kind, what of it is to be mended, how sure it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from assistant.builder.deciding import Decided, Fill
from assistant.builder.drafts import Draft, DraftStep
from assistant.builder.frame import Frame
from assistant.builder.questions import Surroundings
from assistant.builder.resolving import Resolver
from assistant.grounding.schedules import When

_SIGNS = "\"'“”„‘’«»` "
_TOLD = ("feed", "page", "api", "mail", "chan", "file", "quote", "num", "sel", "model")


def settled(outline: Mapping[str, Any], frame: Frame, around: Surroundings) -> dict[str, Any]:
    """The outline with a kind that its parts agree with: one plain step is a call, and so on."""
    made = dict(outline)
    steps, tags = made.get("steps") or [], [*frame.tags, *(made.get("structure") or [])]
    kind = made.get("kind", "clarify")
    if kind == "edit" and around.focus is None:
        kind = "job" if steps else "clarify"
    if kind in ("call", "job") and not steps and "call_job" not in tags:
        kind = "clarify"
    if kind in ("call", "job"):
        plain = len(steps) == 1 and not tags and not made.get("when")
        kind = "call" if plain else "job"
    made["kind"] = kind
    return made


def scheduled(outline: Mapping[str, Any], fills: Iterable[Fill]) -> Mapping[str, Any]:
    """The outline without a time that only stands in what is said: "to say that he comes on the ninth
    of June and needs the key"."""
    when = str(outline.get("when", ""))
    said = [
        str(value)
        for fill in fills
        for name, value in fill.values.items()
        if name in ("message", "body")
    ]
    if not when or not any(when in text for text in said):
        return outline
    return {key: value for key, value in outline.items() if key != "when"}


def kind_of(
    outline: Mapping[str, Any], steps: Sequence[DraftStep], when: When | None, tags: Sequence[str]
) -> str:
    if len(steps) == 1 and not tags and not (when and when.cron):
        return "call"
    return "job"


def to_repair(draft: Draft, decided: Decided) -> tuple[Fill, str] | None:
    """The first step whose values the checker does not accept, and what it says."""
    ids = {step.id: number for number, step in enumerate(draft.steps)}
    for problem in draft.problems:
        number = ids.get(problem.step.rsplit("/", 1)[-1])
        key = problem.key.rsplit(".", 1)[-1]
        if number is None or number >= len(decided.steps):
            continue
        fill = decided.steps[number]
        if any(key in (f.name, f.name.removesuffix("s")) for f in fill.fields):
            return fill, f"{problem.message} {problem.hint}".strip()
    return None


def judged(draft: Draft, resolver: Resolver, before: str = "") -> Draft:
    """The draft with how sure it is, and with what was said and has no place in it. `before`: the
    file that was changed; what it held is only named as what is to go."""
    return replace(
        draft, confidence=confidence(draft, resolver), unplaced=unplaced(draft, resolver, before)
    )


def confidence(draft: Draft, resolver: Resolver) -> float:
    """1 when everything the request holds has found its place, less for each thing that has not."""
    kinds = ("feed", "page", "api", "mail", "chan", "file", "quote", "when", "job", "sel", "model")
    left = [v for v in resolver.marked.of(*kinds) if v.mark not in resolver.used]
    left = [v for v in left if v.mark in resolver.marked.text]
    numbers = [v for v in resolver.marked.of("num") if v.mark not in resolver.used]
    score = 1.0 - 0.2 * len(left) - 0.05 * len(numbers) - 0.05 * len(draft.assumptions)
    score -= 0.4 * bool(draft.problems)
    return round(max(0.0, min(score, 0.4 if draft.asks else 1.0)), 2)


def unplaced(draft: Draft, resolver: Resolver, before: str = "") -> tuple[str, ...]:
    """The links, addresses, names, quotations and numbers of the request, as they were written,
    that no step, condition or time of the draft holds: a person is told, and nothing is lost
    silently."""
    held = f"{before}\n{draft.yaml}\n{draft.name}\n{draft.title}\n{draft.call}\n{dict(draft.settings)}".lower()
    found = [
        value.raw.strip(_SIGNS)
        for value in resolver.marked.of(*_TOLD)
        if value.mark not in resolver.used
        and value.mark in resolver.marked.text
        and not any(_within(str(one), held) for one in (value.raw, value.meant))
    ]
    return tuple(dict.fromkeys(found))


def _within(said: str, held: str) -> bool:
    bare = said.strip(_SIGNS).removeprefix("http://").removeprefix("https://").rstrip("/")
    return bool(re.search(rf"(?<!\w){re.escape(bare.lower())}(?!\w)", held))
