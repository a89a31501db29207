"""Words become a draft: small decisions by a model, everything exact in code.

outline → values of each step → wiring by type → structure → job file → the checker, whose
messages go back to the model at most twice. A value that the words do not hold is asked for,
taken visibly as an assumption, or left out; it is never made up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.builder import tasks
from assistant.builder.assembly import assemble
from assistant.builder.besides import without_besides
from assistant.builder.calls import told_first
from assistant.builder.candidates import Candidates
from assistant.builder.completion import (
    OWN_ASKS,
    add_database,
    add_defaults,
    add_details,
    add_message,
    ground,
    kind_of_field,
    timing_of,
)
from assistant.builder.data_asked import database_asked
from assistant.builder.deciding import Decided, Dialogue, Fill
from assistant.builder.drafts import Ask, Draft, DraftStep
from assistant.builder.edit_reading import edits_read
from assistant.builder.editing import Added, Editor
from assistant.builder.edits import Read
from assistant.builder.focusing import standings, structure_of
from assistant.builder.frame import Frame, frame_of
from assistant.builder.going_on import goes_on, supplies
from assistant.builder.judging import judged, kind_of, scheduled, settled, to_repair
from assistant.builder.measures import read_whole
from assistant.builder.mending import asks_about_us, mended_outline, placed
from assistant.builder.missing import asked_besides, asked_first, named_by_one, stated, unsaid
from assistant.builder.naming import job_name, title_of
from assistant.builder.offers import fields_of
from assistant.builder.patching import data_of
from assistant.builder.questions import Surroundings, question_of
from assistant.builder.resolving import Resolver, demanded, lacking, shaped
from assistant.builder.starting import started
from assistant.builder.structure import Structured
from assistant.builder.tasks import Demand
from assistant.builder.texts import ask
from assistant.builder.ways import action_on
from assistant.builder.wiring import parts_of
from assistant.errors import Problem
from assistant.grounding.cues import cues, says
from assistant.grounding.languages import fold
from assistant.grounding.marks import Marked, mark
from assistant.job.checking import LibrarySchemas
from assistant.job.templates import Template
from assistant.models.protocol import Models
from assistant.pipeline.checker import check
from assistant.pipeline.loader import read_loosely
from assistant.pipeline.step_checker import JobLookup
from assistant.pipeline.writer import dump
from assistant.skills.databases.spoken import Spoken
from assistant.skills.library import Library

ROUNDS = 2
"""How often the checker's messages go back to the model."""


class Builder:
    """Drafts jobs, calls and edits from words. One serves many requests, one after another."""

    def __init__(
        self,
        skills: Library,
        models: Models,
        *,
        timezone: Callable[[], str],
        jobs: JobLookup | None = None,
        databases: Callable[[], Sequence[Spoken]] = tuple,
        templates: Callable[[], Sequence[Template]] = tuple,
    ) -> None:
        self._skills = skills
        self._models = models
        self._timezone = timezone
        self._jobs = jobs
        self._databases = databases
        self._templates = templates
        self._index: tuple[tuple[str, ...], Candidates] | None = None

    def candidates(self) -> Candidates:
        """The index of the skills there are now; made anew only when they have changed."""
        found = self._skills.all()
        names = tuple(f"{skill.name} {skill.version}" for skill in found)
        if self._index is None or self._index[0] != names:
            self._index = (names, Candidates(found))
        return self._index[1]

    async def draft(
        self, text: str, around: Surroundings | None = None, *, model: str = ""
    ) -> Draft:
        """What a request asks for. Raises ModelUnavailable, BudgetExhausted or SkillError; a
        request that cannot be understood is no error but a draft that asks."""
        around = around or Surroundings()
        if not text.strip():
            return Draft("clarify", asks=(Ask("request", ask("what")),), confidence=0.0)
        chosen = self._models.get(model)
        index = await asyncio.to_thread(self.candidates)
        rough = mark(text[:20_000], jobs=around.jobs, models=around.models)
        databases = await asyncio.to_thread(self._databases)
        data = database_asked(rough.text, databases)
        always = [] if data is None else ["query_database"]
        always += [cue.name for cue in cues("sure", rough.text) if cue.name == "change_database"]
        offers = index.offers_for(rough.text, always=always)
        question, marked = question_of(text[:20_000], offers, around, all_offers=index.offers)
        question, marked = named_by_one(question, marked, around)
        if around.focus is None:
            question, marked = without_besides(question, marked)
        dialogue = Dialogue(chosen, question)
        frame = replace(frame_of(question, marked), database=data)
        if around.focus is None and (acted := action_on(question, frame, around.jobs)) is not None:
            name, action = acted
            return Draft(
                "edit", name=name, actions=(action,), structure=(action,),
                settings={"edit.job": name}, confidence=1.0,
            )  # fmt: skip
        about_us = asks_about_us(frame.marked.original, question.text)
        if not about_us and (asks := asked_first(question, around)):
            return Draft("clarify", asks=asks, confidence=0.0)
        if around.focus is not None:
            read = edits_read(frame, [offer.name for offer in index.offers])
            if read.edits or read.same:
                return self._edited(
                    _Making(frame.marked, around, dialogue, Decided({"kind": "edit"}), frame), read
                )
            asking = says("asking", "store", question.text) and "<" not in question.text
            if asking and data is None:
                return Draft("answer", usage=dialogue.usage)
            outline = await dialogue.outline()
            if outline["kind"] == "edit":
                decided = Decided(outline)
                decided.edits, decided.steps = await dialogue.edits()
                return self._edited(_Making(marked, around, dialogue, decided, frame))
        dialogue = Dialogue(chosen, frame.question)
        decided = await self._outlined(dialogue, frame, around)
        if decided.outline["kind"] not in ("answer", "unsupported"):
            await self._fill(dialogue, decided, frame, around)
            dialogue, decided = await self._covering(dialogue, decided, frame, around)
        return await self._made(_Making(frame.marked, around, dialogue, decided, frame))

    async def _outlined(
        self, dialogue: Dialogue, frame: Frame, around: Surroundings, **wanted: Any
    ) -> Decided:
        """The model's outline, mended by what the words of the request show."""
        told = await dialogue.outline(frame.open_tags(), **wanted)
        known = [offer.name for offer in dialogue.question.offers]
        mended = mended_outline(told, frame, known, fed=around.last is not None)
        outline = settled(mended, frame, around)
        dialogue.amend({key: value for key, value in outline.items() if value})
        return Decided(outline)

    async def _fill(
        self, dialogue: Dialogue, decided: Decided, frame: Frame, around: Surroundings
    ) -> None:
        demands = self._demands(decided.outline, around)
        chain = list(decided.outline.get("steps") or [])
        told = [
            Fill(0, item.tag, list(tasks.structures()[item.tag]), placed(item, chain, frame))
            for item in frame.told
        ]
        looped = any(item.values.get("over") for item in frame.told)
        steps, more = await dialogue.fills(
            decided.outline, demands, fed=around.last is not None, looped=looped
        )
        decided.steps, decided.structure = steps, [*told, *more]

    async def _covering(
        self, dialogue: Dialogue, decided: Decided, frame: Frame, around: Surroundings
    ) -> tuple[Dialogue, Decided]:
        """Values of the request that found no place say that something is missing: the model is
        asked again, once for one more step and once for structure, and the answer that leaves
        out least is kept."""
        question = dialogue.question
        best, left = (dialogue, decided), decided.homeless(question)
        steps = decided.outline.get("steps") or []
        if decided.outline["kind"] not in ("call", "job") or not steps:
            return best
        tries: list[dict[str, Any]] = (
            [{"structured": True}]
            if frame.open_tags() and "structure" not in decided.outline
            else []
        )
        if len(steps) < tasks.MAX_STEPS:
            tries.insert(0, {"least_steps": len(steps) + 1})
        for wanted in tries:
            if not left:
                break
            again = Dialogue(dialogue.model, question)
            other = await self._outlined(again, frame, around, **wanted)
            await self._fill(again, other, frame, around)
            again.usage += best[0].usage
            again.largest = max(again.largest, best[0].largest)
            rest = other.homeless(question)
            if len(rest) < len(left):
                best, left = (again, other), rest
            else:
                best[0].usage, best[0].largest = again.usage, again.largest
        return best

    async def _made(self, making: _Making) -> Draft:
        kind = making.decided.outline["kind"]
        usage = making.dialogue.usage
        if kind in ("answer", "unsupported"):
            return Draft(kind, usage=usage, largest_prompt=making.dialogue.largest)
        draft = self._compose(making)
        for _ in range(ROUNDS):
            again = to_repair(draft, making.decided)
            if again is None:
                break
            fill, wrong = again
            count = len(making.decided.steps)
            fields = tasks.open_fields(making.dialogue.question, fill.fields, count)
            mended = await making.dialogue.fill(fill.number, fill.name, fields, count, wrong)
            mended.fields = fill.fields
            if mended.values == fill.values:
                break
            making.decided.steps[fill.number - 1] = mended
            draft = self._compose(making)
        told = [fill for fill in making.decided.structure if fill.name in making.frame.tags]
        if draft.problems and len(told) < len(making.decided.structure):
            # Structure that no word tells and that makes no sound job is not meant.
            making.decided.structure = told
            draft = self._compose(making)
        if making.around.focus is None:
            draft = started(draft, await asyncio.to_thread(self._templates), self._check)
        largest = making.dialogue.largest
        return replace(draft, usage=making.dialogue.usage, largest_prompt=largest)

    def _demands(self, outline: Mapping[str, Any], around: Surroundings) -> list[Demand]:
        """What each step must be given by the request, since no step before it can."""
        return [
            demanded(self._skills.get(name), alone=number == 0 and around.last is None)
            for number, name in enumerate(outline.get("steps", ()))
        ]

    # Composing -----------------------------------------------------------------------------

    def _compose(self, making: _Making) -> Draft:
        decided, marked = making.decided, making.marked
        resolver = Resolver(marked)
        filled = stated(decided.steps, making.frame.question, fed=making.around.last is not None)
        said = [
            (fill.name, shaped(self._skills.get(fill.name), resolver.values(fill.name, fill.fields, values)))
            for fill, values in filled
        ]  # fmt: skip
        parts = parts_of([(self._skills.get(name), values) for name, values in said])
        ground(parts, resolver)
        add_details(parts, marked)
        assumed = add_database(parts, making.frame.database, marked.original, self._databases())
        said = [(part.skill.name, dict(part.arguments)) for part in parts]
        measure = making.frame.measure
        structure = [
            Structured(
                fill.name,
                resolver.values(fill.name, tasks.structures()[fill.name], fill.values)
                | ({"measure": measure} if measure and fill.name == "if" else {}),
                _wording(marked, fill.values.get("than"))
                or told_first(marked, fill.values.get("job")),
            )
            for fill in decided.structure
        ]
        steps = tuple(DraftStep(p.skill.name, dict(p.arguments), p.id) for p in parts)
        if measure:
            read_whole(parts, measure)
        title = title_of(marked, said, measure)
        made = assemble(parts, structure, supplies(making.around.last))
        tags = [item.tag for item in structure]
        made.assumptions += assumed + add_message(parts, made.settings, tags)
        add_defaults(made, title)
        asks = list(made.asks)
        asks += [
            Ask(
                f"steps.{part.id}.{name}",
                ask(name if name in OWN_ASKS else kind_of_field(part, name)),
            )
            for part in parts
            for name in lacking(part)
        ]
        when, timing = timing_of(scheduled(decided.outline, decided.steps), marked, resolver)
        asks += timing.asks
        asks += asked_besides(making.frame, parts, when, tags)
        made.assumptions += timing.assumptions
        zone = next((value.meant for value in marked.of("zone")), "")
        if not asks and decided.outline["kind"] == "clarify":
            words = unsaid(marked.text) or decided.outline.get("missing", ("what",))
            asks += [Ask("request", ask(word)) for word in words]
        structured = tuple(item.tag for item in structure)
        if making.around.last and not asks and goes_on(parts):
            if when or structured:
                # What is shown now is not there when a job runs later.
                asks.append(Ask("items", ask("later")))
            else:
                steps = tuple(DraftStep(p.skill.name, dict(p.arguments), p.id) for p in parts)
                return Draft(
                    "call", steps=steps, call=dict(parts[0].arguments), assumptions=tuple(made.assumptions),
                    sources=tuple(resolver.sources), usage=making.dialogue.usage, title=title,
                    confidence=1.0,
                )  # fmt: skip
        kind = "clarify" if asks else kind_of(decided.outline, steps, when, structured)
        timezone = (zone or self._timezone()) if when and when.cron else ""
        draft = Draft(
            kind, steps=steps, structure=structured, settings=made.settings,
            cron=when.cron if when else "", timezone=timezone,
            assumptions=tuple(made.assumptions), asks=tuple(asks),
            sources=tuple(resolver.sources), usage=making.dialogue.usage,
            name=job_name(title), title=title,
        )  # fmt: skip
        if kind == "call":
            return judged(replace(draft, call=dict(parts[0].arguments)), resolver)
        data: dict[str, Any] = {"job": draft.name, "title": title}
        if draft.cron:
            data["schedule"] = {"cron": draft.cron, "timezone": timezone}
        order = ("inputs", "triggers", "steps", "outputs", "expect", "alerts")
        data |= {key: made.data[key] for key in order if made.data.get(key)}
        yaml = dump(data) if made.data.get("steps") else ""
        draft = replace(draft, yaml=yaml, problems=tuple(self._check(yaml)) if yaml else ())
        return judged(draft, resolver)

    def _edited(self, making: _Making, read: Read | None = None) -> Draft:
        """The focused job's file with the edits in it: those that were read, else the model's."""
        focus, decided = making.around.focus, making.decided
        if focus is None:
            return Draft("clarify", asks=(Ask("job", ask("job")),), usage=making.dialogue.usage)
        resolver = Resolver(making.marked)
        news: list[Added] = []
        if read is not None:
            decided.edits = read.edits
            news = [self._meant(new, resolver) for new in read.news]
        for fill in decided.steps:
            tag = fill.name in tasks.structures() and fill.name not in self._names()
            fields = tasks.structures()[fill.name] if tag else fill.fields
            values = resolver.values(fill.name, fields, fill.values)
            news.append(Added(fill.name, values, _wording(making.marked, fill.values.get("than"))))
        editor = Editor(focus.yaml, self._skills.get, resolver, self._timezone())
        done = editor.apply(decided.edits, news)
        data = data_of(done.yaml) if done.yaml else {}
        schedule: dict[str, Any] = data.get("schedule") or {}
        same = read is not None and (read.same or {e["do"] for e in read.edits} == {"schedule"})
        nothing = done.yaml == focus.yaml and not (same or done.actions or done.asks)
        asks = [*done.asks, *([Ask("request", ask("what"))] if nothing else [])]
        draft = Draft(
            "clarify" if nothing else "edit", yaml=done.yaml,
            steps=tuple(DraftStep(s.skill, s.arguments, s.id) for s in standings(done.yaml)),
            cron=schedule.get("cron", ""), timezone=schedule.get("timezone", ""),
            structure=tuple(dict.fromkeys([*done.actions, *done.structure, *structure_of(data)])),
            settings=done.settings | {"edit.job": focus.name}, actions=tuple(done.actions),
            assumptions=tuple(done.assumptions), asks=tuple(asks),
            problems=tuple(self._check(done.yaml)) if done.yaml != focus.yaml else (),
            sources=tuple(resolver.sources), usage=making.dialogue.usage,
            name=focus.name, title=str(data.get("title", "")), edits=tuple(decided.edits),
            largest_prompt=making.dialogue.largest,
        )  # fmt: skip
        return judged(draft, resolver, focus.yaml)

    def _meant(self, new: Added, resolver: Resolver) -> Added:
        """What was read for a new step or structure, with what its marks mean."""
        tag = new.name in tasks.structures() and new.name not in self._names()
        fields = (
            tasks.structures()[new.name] if tag else fields_of(self._skills.get(new.name).schema())
        )
        return Added(new.name, resolver.values(new.name, fields, new.values), new.wording)

    def _names(self) -> set[str]:
        return {offer.name for offer in self.candidates().offers}

    def _check(self, yaml: str) -> Sequence[Problem]:
        return check(read_loosely(yaml), LibrarySchemas(self._skills), self._jobs)


@dataclass
class _Making:
    """One request while it is made into a draft."""

    marked: Marked
    around: Surroundings
    dialogue: Dialogue
    decided: Decided
    frame: Frame


def _wording(marked: Marked, name: Any) -> str:
    """The words around a number of a condition: "at least 3" is not "more than 3"."""
    value = marked.values.get(str(name))
    if value is None or not value.end:
        return ""
    return fold(marked.original[max(0, value.start - 40) : value.end + 40])
