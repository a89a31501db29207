"""Changes to the focused job, said in words: the smallest patch of its file that does it.

The model names what is to be done (`tasks.edits_schema`); here each edit becomes a change of
the text, one after another, so that comments, order and spelling of all else stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.builder import patching
from assistant.builder.amounts import changed_by
from assistant.builder.assembly import assemble
from assistant.builder.drafts import Ask, Assumption
from assistant.builder.focusing import COMPARED, Standing, compared, standings
from assistant.builder.offers import fields_of
from assistant.builder.resolving import Resolver
from assistant.builder.retiming import retimed
from assistant.builder.rewiring import added, without
from assistant.builder.structure import Structured
from assistant.builder.tasks import structures
from assistant.builder.terms import Field
from assistant.builder.texts import ask
from assistant.builder.wiring import Part
from assistant.skills.door import Skill

ACTIONS = ("pause", "resume", "run_now", "delete", "rename")
_COPIES = ("cc", "bcc")
_TOP = {"alert": "alerts", "expect": "expect", "inputs": "inputs"}


@dataclass
class Edited:
    """The file after the edits, what else is to be done, and what stays open."""

    yaml: str
    actions: list[str] = field(default_factory=list[str])
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    structure: list[str] = field(default_factory=list[str])
    assumptions: list[Assumption] = field(default_factory=list[Assumption])
    asks: list[Ask] = field(default_factory=list[Ask])


@dataclass(frozen=True)
class Added:
    """What an `add_step` or `add_structure` was given: its name and values, resolved."""

    name: str
    values: Mapping[str, Any]
    wording: str = ""


class Editor:
    """Applies the edits of one request to one file."""

    def __init__(
        self, yaml: str, find: Callable[[str], Skill], resolver: Resolver, timezone: str
    ) -> None:
        self.out = Edited(yaml)
        self._find = find
        self._resolver = resolver
        self._timezone = timezone
        # Steps are named by their number in the file as it was; ids outlive every change.
        self._ids = [step.id for step in standings(yaml)]

    def apply(self, edits: Sequence[Mapping[str, Any]], news: Sequence[Added]) -> Edited:
        """All edits, in order. `news` has one entry for each that adds something."""
        waiting = list(news)
        handlers: dict[str, Callable[[Mapping[str, Any]], None]] = {
            "set": self._set, "add": self._add, "remove": self._remove, "clear": self._clear,
            "remove_step": self._remove_step, "schedule": self._schedule, "months": self._schedule,
            "unschedule": self._unschedule, "rename": self._rename,
            "remove_structure": self._remove_structure, "compare": self._compare,
        }  # fmt: skip
        for edit in edits:
            do = str(edit.get("do"))
            if do in ("add_step", "add_structure") and waiting:
                new = waiting.pop(0)
                if do == "add_step":
                    self._add_step(new, edit.get("before"))
                else:
                    self._add_structure(new)
            elif do in handlers:
                handlers[do](edit)
            elif do in ACTIONS:
                self._act(do)
        return self.out

    # Values --------------------------------------------------------------------------------

    def _standing(self, number: Any) -> Standing | None:
        if not isinstance(number, int) or not 1 <= number <= len(self._ids):
            return None
        wanted = self._ids[number - 1]
        return next((s for s in standings(self.out.yaml) if s.id == wanted), None)

    def _meant(self, edit: Mapping[str, Any]) -> tuple[Standing, Field, str] | None:
        """The step, its field, and the parameter that holds the field's value now."""
        step = self._standing(edit.get("step"))
        if step is None:
            return None
        fields = fields_of(self._find(step.skill).schema())
        item = next((f for f in fields if f.name == edit.get("key")), None)
        if item is None:
            return None
        single = item.name.removesuffix("s")
        return step, item, single if single in step.arguments else item.name

    def _value(self, step: Standing, item: Field, told: Any) -> Any:
        single = Field(item.name, item.kind, choices=item.choices)
        return self._resolver.value(f"steps.{step.id}.{item.name}", single, told)

    def _put(self, step: Standing, key: str, value: Any) -> None:
        place: patching.Place = (*step.place, "with", key)
        if not step.arguments:
            place, value = (*step.place, "with"), {key: value}
        self.out.yaml = patching.set_value(self.out.yaml, place, value)

    def _set(self, edit: Mapping[str, Any]) -> None:
        meant = self._meant(edit)
        if meant is None:
            return
        step, item, key = meant
        if edit.get("value") in ("double", "half"):
            old = step.arguments.get(key)
            if not isinstance(old, int | float):
                self.out.asks.append(Ask(f"steps.{step.id}.{key}", ask("number")))
                return
            value: Any = old * 2 if edit["value"] == "double" else max(1, round(old / 2))
        else:
            value = self._value(step, item, edit.get("value"))
        if edit.get("way") in ("more", "less"):
            value = changed_by(step.arguments.get(key), value, str(edit["way"]))
        if value in (None, ""):
            return
        value = self._declared(step, key, value)
        if item.many and key == item.name and isinstance(step.arguments.get(key), list):
            value = [value]
        self._through_inputs(step, key, value)

    def _declared(self, step: Standing, key: str, value: Any) -> Any:
        told = self._find(step.skill).schema()["properties"].get(key, {})
        if told.get("type") == "integer" and isinstance(value, float):
            return round(value)
        return value

    def _through_inputs(self, step: Standing, key: str, value: Any) -> None:
        """A value that comes from an input changes there, where people look for it."""
        old = step.arguments.get(key)
        name = re.fullmatch(r"\$\{\{\s*inputs\.(\w+)\s*\}\}", str(old))
        if name:
            place = ("inputs", name[1], "default")
            self.out.yaml = patching.set_value(self.out.yaml, place, value)
            return
        self._put(step, key, value)

    def _add(self, edit: Mapping[str, Any]) -> None:
        meant = self._meant(edit)
        if meant is None:
            return
        step, item, key = meant
        value = self._value(step, item, edit.get("value"))
        if value in (None, ""):
            return
        old = step.arguments.get(key)
        values = list(old) if isinstance(old, list) else [] if old in (None, "") else [old]
        if value in values:
            return
        values.append(value)
        if len(values) == 1:
            self._put(step, key, value if not item.many else values)
        elif key != item.name:
            self.out.yaml = patching.remove_key(self.out.yaml, (*step.place, "with", key))
            again = self._standing(edit.get("step")) or step
            self._put(again, item.name, values)
        else:
            self._put(step, key, values)

    def _remove(self, edit: Mapping[str, Any]) -> None:
        meant = self._meant(edit)
        if meant is None:
            return
        step, item, key = meant
        value = self._value(step, item, edit.get("value"))
        old = step.arguments.get(key)
        values = list(old) if isinstance(old, list) else [old]
        kept = [v for v in values if str(v).lower() != str(value).lower()]
        if len(kept) == len(values):
            return
        if not kept and key in _COPIES:
            self.out.yaml = patching.remove_key(self.out.yaml, (*step.place, "with", key))
            return
        if not kept:
            self.out.asks.append(Ask(f"steps.{step.id}.{key}", ask(item.kind)))
            return
        listed = isinstance(old, list) and (len(kept) > 1 or item.many)
        self._put(step, key, kept if listed else kept[0])

    def _clear(self, edit: Mapping[str, Any]) -> None:
        meant = self._meant(edit)
        if meant is None or meant[2] not in meant[0].arguments:
            return
        step, _, key = meant
        self.out.yaml = patching.remove_key(self.out.yaml, (*step.place, "with", key))

    def _compare(self, edit: Mapping[str, Any]) -> None:
        """Another number for the one condition that compares with one."""
        value = self._resolver.value("if", Field("than", "number"), edit.get("value"))
        found = compared(self.out.yaml)
        if len(found) != 1 or not isinstance(value, int | float):
            return
        [(place, step)] = found
        old = COMPARED.findall(step["if"])[0]
        told = COMPARED.sub(str(value), step["if"])
        self.out.yaml = patching.set_value(self.out.yaml, (*place, "if"), told)
        if old in str(step.get("stop", "")):
            stop = str(step["stop"]).replace(old, str(value))
            self.out.yaml = patching.set_value(self.out.yaml, (*place, "stop"), stop)

    # Steps ---------------------------------------------------------------------------------

    def _remove_step(self, edit: Mapping[str, Any]) -> None:
        step = self._standing(edit.get("step"))
        if step is not None:
            self.out.yaml = without(self.out.yaml, step, self._find)

    def _add_step(self, new: Added, before: Any) -> None:
        step = self._standing(before)
        place = step.place if step is not None and len(step.place) == 2 else None
        at = place[1] if place is not None and isinstance(place[1], int) else None
        self.out.yaml, asks = added(self.out.yaml, self._find(new.name), new.values, at, self._find)
        self.out.asks += asks

    # Schedule and the job as a whole -------------------------------------------------------

    def _schedule(self, edit: Mapping[str, Any]) -> None:
        data = patching.data_of(self.out.yaml)
        old = data.get("schedule") or {}
        zone = next((v.meant for v in self._resolver.marked.of("zone")), "")
        made = retimed(edit, self._resolver.marked.values, str(old.get("cron", "")))
        if made is None:
            return
        self._resolver.mark("schedule.cron", str(edit.get("when")))
        self.out.asks += made.asks
        self.out.assumptions += made.assumptions
        if not made.cron:
            return
        if not old:
            schedule = {"cron": made.cron, "timezone": zone or self._timezone}
            self.out.yaml = patching.set_value(self.out.yaml, ("schedule",), schedule)
            return
        if made.cron != old.get("cron"):
            self.out.yaml = patching.set_value(self.out.yaml, ("schedule", "cron"), made.cron)
        if zone and zone != old.get("timezone"):
            self.out.yaml = patching.set_value(self.out.yaml, ("schedule", "timezone"), zone)

    def _unschedule(self, edit: Mapping[str, Any]) -> None:
        if patching.data_of(self.out.yaml).get("schedule"):
            self.out.yaml = patching.remove_key(self.out.yaml, ("schedule",))

    def _rename(self, edit: Mapping[str, Any]) -> None:
        name = self._resolver.text("job", str(edit.get("name", "")))
        name = re.sub(r"\s+(?:from now on|from today|instead|please|then)$", "", name)
        if name:
            self.out.settings["edit.name"] = name
            self._act("rename")

    def _act(self, do: str) -> None:
        if do not in self.out.actions:
            self.out.actions.append(do)
        until = self._resolver.marked.of("date")
        if do == "pause" and until:
            self.out.settings["pause.until"] = until[0].raw

    # Structure -----------------------------------------------------------------------------

    def _add_structure(self, new: Added) -> None:
        tag = new.name
        self.out.structure.append(tag)
        if tag in ("for_each", "parallel"):
            self.out.asks.append(Ask(tag, ask("restructure")))
            return
        steps = standings(self.out.yaml)
        parts = [
            Part(n, self._find(s.skill), s.id, dict(s.arguments), frozenset(s.arguments))
            for n, s in enumerate(steps, 1)
        ]
        before = {part.id: dict(part.arguments) for part in parts}
        made = assemble(parts, [Structured(tag, new.values, new.wording)])
        self.out.settings |= made.settings
        self.out.asks += made.asks
        for key in ("triggers", "expect", "inputs", "alerts"):
            if made.data.get(key):
                self._merge(key, made.data[key])
        for number, extra in made.extra.items():
            for key, value in extra.items():
                place = (*steps[number - 1].place, key)
                self.out.yaml = patching.set_value(self.out.yaml, place, value)
        if tag == "inputs":
            for part in parts:
                for key, value in part.arguments.items():
                    if before[part.id].get(key) != value and "inputs." in str(value):
                        self._put(self._standing(part.number) or steps[part.number - 1], key, value)
        if tag in ("if", "approve", "call_job"):
            self._insert_new(made.data["steps"], {s.id for s in steps})

    def _insert_new(self, made: Sequence[dict[str, Any]], known: set[str]) -> None:
        """Steps that were not there before, each before the one it was made for."""
        for number, step in enumerate(made):
            if step.get("id") in known:
                continue
            if "steps" in step or "else" in step:
                self.out.asks.append(Ask("if", ask("restructure")))
                continue
            following = next((s["id"] for s in made[number + 1 :] if s.get("id") in known), None)
            data = patching.data_of(self.out.yaml)
            index = len(data["steps"])
            for stand in standings(self.out.yaml):
                if stand.id == following and isinstance(stand.place[1], int):
                    index = stand.place[1]
            if "stop" in step:
                while index and "approve" in data["steps"][index - 1]:
                    index -= 1
            self.out.yaml = patching.insert_item(self.out.yaml, ("steps",), index, step)

    def _merge(self, key: str, value: Any) -> None:
        old = patching.data_of(self.out.yaml).get(key)
        if isinstance(old, list) and isinstance(value, list):
            for item in value:
                if item not in old:
                    self.out.yaml = patching.insert_item(self.out.yaml, (key,), len(old), item)
        elif isinstance(old, dict) and isinstance(value, dict):
            for inner, told in value.items():
                merged = told
                if isinstance(old.get(inner), list) and isinstance(told, list):
                    merged = list(dict.fromkeys([*old[inner], *told]))
                if merged != old.get(inner):
                    self.out.yaml = patching.set_value(self.out.yaml, (key, inner), merged)
        else:
            self.out.yaml = patching.set_value(self.out.yaml, (key,), value)

    def _remove_structure(self, edit: Mapping[str, Any]) -> None:
        tag = str(edit.get("tag"))
        if tag not in structures():
            return
        data = patching.data_of(self.out.yaml)
        if tag in _TOP and tag != "inputs":
            if _TOP[tag] in data:
                self.out.yaml = patching.remove_key(self.out.yaml, (_TOP[tag],))
        elif tag.startswith("trigger_"):
            self._remove_triggers(tag, data)
        elif tag in ("retry", "timeout"):
            for step in standings(self.out.yaml):
                if self._at(step.place).get(tag) is not None:
                    self.out.yaml = patching.remove_key(self.out.yaml, (*step.place, tag))
        elif tag in ("approve", "call_job", "if"):
            self._remove_steps(tag)
        else:
            self.out.asks.append(Ask(tag, ask("restructure")))

    def _at(self, place: patching.Place) -> dict[str, Any]:
        found = patching.data_of(self.out.yaml)
        for part in place:
            found = found[part]
        return found

    def _remove_triggers(self, tag: str, data: Mapping[str, Any]) -> None:
        kinds = {
            "trigger_feed": ("feed_changed", "page_changed"),
            "trigger_job_failed": ("job_failed",),
        }
        wanted = kinds.get(tag, ("job_succeeded", "job_finished"))
        triggers = list(data.get("triggers") or [])
        for number in reversed(range(len(triggers))):
            if triggers[number].get("on") in wanted:
                self.out.yaml = patching.remove_item(self.out.yaml, ("triggers", number))

    def _remove_steps(self, tag: str) -> None:
        """Approvals, calls or stops gone; a plain `if` of a step loses its condition."""
        steps = list(patching.data_of(self.out.yaml)["steps"])
        for number in reversed(range(len(steps))):
            step = steps[number]
            if (tag in ("approve", "call_job") and tag in step) or (
                tag == "if" and "if" in step and "stop" in step
            ):
                self.out.yaml = patching.remove_item(self.out.yaml, ("steps", number))
            elif tag == "if" and "if" in step and "skill" in step:
                self.out.yaml = patching.remove_key(self.out.yaml, ("steps", number, "if"))
            elif tag == "if" and "if" in step:
                self.out.asks.append(Ask("if", ask("restructure")))
