"""Steps and structure become the data of a job file, in code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assistant.builder.answers import answering, unanswered
from assistant.builder.blanks import filled
from assistant.builder.calls import FIRST
from assistant.builder.conditions import TEXTUAL, asks_figure, conditions, only_with, reason
from assistant.builder.drafts import Ask, Assumption
from assistant.builder.parameters import aimed_at, within
from assistant.builder.structure import Assembly, Container, Structured
from assistant.builder.triggering import triggered
from assistant.builder.wiring import Part, Supply, Wiring, gives
from assistant.ids import slug

_RETRY = {"delay": "2s", "factor": 2, "max_delay": "1m", "jitter": 0.2}

_FEWER = re.compile(
    r"fewer than|less than|under|not even|weniger als|moins de|menos de|meno di|minder dan"
)
_FAILING = re.compile(
    r"fail|error|wrong|problem|fehl|echou|echec|erreur|fall[oae]|err[oe]re?|mislukt|fout"
)


def assemble(
    parts: list[Part], structure: Sequence[Structured], last: Sequence[Supply] = ()
) -> Assembly:
    """The `steps` (and `inputs`, `triggers`, `expect`, `alerts`) of a job file."""
    return _Assembler(parts, structure, last).run()


class _Assembler:
    def __init__(
        self, parts: list[Part], structure: Sequence[Structured], last: Sequence[Supply]
    ) -> None:
        self.parts = parts
        self.structure = list(structure)
        self.last = last
        self.out = Assembly(parts=parts)
        self.containers: list[Container] = []
        self.before: dict[int, list[dict[str, Any]]] = {}
        self.extra: dict[int, dict[str, Any]] = {}
        self.judges: set[int] = set()
        self.used: set[str] = {part.id for part in parts}

    def run(self) -> Assembly:
        for item in self.structure:
            if item.tag in ("for_each", "parallel", "if"):
                self._contain(item)
        self._wire()
        handlers: dict[str, Callable[[Mapping[str, Any]], None]] = {
            "inputs": self._inputs, "retry": self._retry, "timeout": self._timeout,
            "alert": self._alert, "approve": self._approve,
        }  # fmt: skip
        for item in self.structure:
            if item.tag == "call_job":
                self._call_job(item)
            if item.tag in handlers:
                handlers[item.tag](item.values)
            if item.tag.startswith("trigger_"):
                self._trigger(item.tag, item.values)
            if item.tag == "expect":
                self._expect(item)
        self.out.data = {"steps": self._tree()} | self.out.data
        self.out.extra = self.extra
        return self.out

    def _name(self, wanted: str) -> str:
        name, count = wanted, 2
        while name in self.used:
            name, count = f"{wanted}_{count}", count + 1
        self.used.add(name)
        return name

    # Containers ----------------------------------------------------------------------------

    def _contain(self, item: Structured) -> None:
        count = len(self.parts)
        if not count:
            return
        made = {"for_each": self._loop, "parallel": self._side_by_side, "if": self._branch}[
            item.tag
        ](item.values, count)
        if made is None:
            return
        overlaps = any(
            c.holds(n) for c in self.containers for n in range(made.first, made.last + 1)
        )
        if not overlaps:
            made.wording = item.wording
            self.containers.append(made)

    def _side_by_side(self, values: Mapping[str, Any], count: int) -> Container | None:
        """The first steps that need nothing from each other."""
        end = 0
        for part in self.parts:
            if "items" in part.skill.schema().get("required", ()) or part.writes:
                break
            if end and not ({"url", "urls", "query", "question", "sql"} & part.said):
                break
            end = part.number
        return Container("parallel", self._name("gather"), 1, end, values) if end > 1 else None

    def _loop(self, values: Mapping[str, Any], count: int) -> Container | None:
        over = values.get("over")
        first = within(values.get("first"), 1 if over else min(2, count), count)
        last = max(first, within(values.get("last"), count, count))
        made = Container("for_each", self._name("each"), first, last, values)
        if over:
            made.items, made.variable = list(over), "url"
        return made

    def _branch(self, values: Mapping[str, Any], count: int) -> Container | None:
        writing = (part.number for part in self.parts if part.writes)
        first = within(values.get("first"), next(writing, count), count)
        judged = self._before(first, countable=values.get("test") not in TEXTUAL)
        if not judged[1]:  # nothing stands before it that could be judged
            return None
        if values.get("what") == "yes":
            self.judges |= answering(self.parts[: first - 1])
        other = within(values.get("else"), 0, count)
        end = other - 1 if other > first else count
        last = max(first, within(values.get("last"), end, count))
        if other and first <= other <= last:
            last = max(first, other - 1)
            if other == first:
                other = 0
        return Container("if", self._name("check"), first, last, values, otherwise=other)

    def _container_of(self, number: int) -> Container | None:
        return next((c for c in self.containers if c.holds(number)), None)

    def _refer(self, who: Part, to: Part, name: str) -> str:
        """How `to` sees an output of `who`."""
        plain = f"steps.{who.id}.{name}"
        outer = self._container_of(who.number)
        if outer is None or outer is self._container_of(to.number):
            return plain
        if outer.kind == "parallel":
            return f"steps.{outer.id}.{who.id}.{who.id}.{name}"
        if outer.kind == "if":
            return f"steps.{outer.id}.{who.id}.{name}"
        outer.collect = f"${{{{ {plain} }}}}"
        rounds = f"steps.{outer.id}.items"
        return f"flatten({rounds})" if name == "items" else rounds

    # Wiring --------------------------------------------------------------------------------

    def _wire(self) -> None:
        wiring = Wiring(self._refer, self.last, self.judges)
        for part in self.parts:
            loop = self._container_of(part.number)
            inside = loop if loop is not None and loop.kind == "for_each" else None
            rounds = self._round_of(inside, part) if inside else None
            wiring.add(part, rounds, first=inside.first if inside else 0)
        for container in self.containers:
            if container.kind == "for_each" and container.items is None:
                self._loop_items(container)
            if container.kind == "for_each":
                self._file_each(container)
            if container.values.get("test") == "status":
                for number in unanswered(self.parts, container):
                    self.extra.setdefault(number, {})["on_error"] = "continue"

    def _file_each(self, loop: Container) -> None:
        """A file that nobody names has the number of its round: one name would be written over again."""
        for part in self.parts[loop.first - 1 : loop.last]:
            if part.skill.name == "save_file" and "name" not in part.arguments:
                part.arguments["name"] = "item-${{ index + 1 }}.md"

    def _round_of(self, loop: Container, part: Part) -> Supply | None:
        """What a step inside a loop takes from the round; only its first step takes it so."""
        if loop.items is not None:
            urls = {"url", "urls"} & set(part.skill.parameters.model_fields)
            if urls and part.number == loop.first:
                name = "url" if "url" in urls else "urls"
                part.arguments.pop("urls", None)
                part.arguments[name] = "${{ url }}" if name == "url" else ["${{ url }}"]
            return None
        kind, _ = self._before(loop.first)
        if kind == "rows":
            loop.variable = "row"
            fields = part.skill.parameters.model_fields
            if "to" in fields and "to" not in part.arguments:
                part.arguments["to"] = "${{ row.email }}"
                text = "Each row's column 'email' is the address"
                self.out.assumptions.append(
                    Assumption(f"steps.{part.id}.to", "${{ row.email }}", text)
                )
            return Supply("row", "row") if part.number == loop.first else None
        return Supply("Item", loop.variable) if part.number == loop.first else None

    def _before(self, number: int, *, countable: bool = False) -> tuple[str, str]:
        """(kind, expression) of what the steps before `number` end with. `countable` passes over
        a letter to the items that went into it."""
        to = self.parts[number - 1] if number <= len(self.parts) else None
        for part in reversed(self.parts[: number - 1]):
            given = gives(part.skill)
            if "rows" in given:
                return "rows", self._seen_by(part, to, "rows")
            for name, kind in given.items():
                if kind in ("Item[]", "Response") or (
                    not countable and (kind == "Newsletter" or name == "text")
                ):
                    return kind, self._seen_by(part, to, name)
        for supply in self.last:
            return supply.kind, supply.reference
        return "", ""

    def _seen_by(self, part: Part, to: Part | None, name: str) -> str:
        return self._refer(part, to, name) if to else f"steps.{part.id}.{name}"

    def _loop_items(self, loop: Container) -> None:
        kind, expression = self._before(loop.first)
        if kind in ("Item[]", "rows"):
            loop.items = f"${{{{ {expression} }}}}"
        elif expression:
            loop.items = f"${{{{ split({expression}, '\\n') }}}}" if kind == "text" else None
        if loop.items is None:
            self.out.asks.append(
                Ask(f"steps.{loop.id}", "What should be gone through, one by one?")
            )

    # The tree ------------------------------------------------------------------------------

    def _tree(self) -> list[dict[str, Any]]:
        steps: list[dict[str, Any]] = []
        done: set[int] = set()
        for part in self.parts:
            if part.number in done:
                continue
            container = self._container_of(part.number)
            numbers = [p.number for p in self.parts if container and container.holds(p.number)]
            # What stands before a step inside a branch stays inside it.
            if container is None or container.kind != "if":
                steps += self.before.pop(part.number, [])
            if container is None:
                steps.append(self._step(part))
                done.add(part.number)
                continue
            steps += self._contained(container, numbers)
            done |= set(numbers)
        return steps + self.before.pop(len(self.parts) + 1, [])

    def _contained(self, container: Container, numbers: list[int]) -> list[dict[str, Any]]:
        inside = [self.parts[n - 1] for n in numbers if n != container.otherwise]
        if container.kind == "parallel":
            branches = {part.id: [self._step(part)] for part in inside}
            return [{"id": container.id, "parallel": branches}]
        if container.kind == "for_each":
            data: dict[str, Any] = {
                "id": container.id, "for_each": container.items, "as": container.variable,
            }  # fmt: skip
            data["steps"] = [step for part in inside for step in self._with_before(part)]
            return [data | ({"collect": container.collect} if container.collect else {})]
        condition, opposite = self._conditions(container.values, container.first, container.wording)
        self._narrow(container, inside)
        if self._is_stop(container):
            stop = {"id": container.id, "if": opposite, "stop": reason(container.values)}
            return [stop, *(step for part in inside for step in self._with_before(part))]
        data = {"id": container.id, "if": condition}
        data["steps"] = [step for part in inside for step in self._with_before(part)]
        if container.otherwise:
            data["else"] = [self._step(self.parts[container.otherwise - 1])]
        return [data]

    def _narrow(self, container: Container, inside: Sequence[Part]) -> None:
        """Only what says it goes on: "if any of them mentions Larkspur, forward it"."""
        values, (kind, items) = container.values, self._before(container.first)
        what = values.get("what")
        if values.get("test") != "contains" or kind != "Item[]" or not what or container.otherwise:
            return
        for part in inside:
            part.arguments = only_with(items, str(what), part.arguments)

    def _is_stop(self, container: Container) -> bool:
        """A condition that holds for all that follows ends the run when it does not hold."""
        whole = container.last == len(self.parts) and not container.otherwise
        return container.kind == "if" and whole

    def _with_before(self, part: Part) -> list[dict[str, Any]]:
        return [*self.before.pop(part.number, []), self._step(part)]

    def _step(self, part: Part) -> dict[str, Any]:
        data: dict[str, Any] = {"id": part.id, "skill": part.skill.name}
        if part.arguments:
            order = list(part.skill.parameters.model_fields)
            keys = sorted(part.arguments, key=order.index)
            data["with"] = {key: part.arguments[key] for key in keys}
        return data | self.extra.get(part.number, {})

    def _conditions(
        self, values: Mapping[str, Any], first: int, wording: str = ""
    ) -> tuple[str, str]:
        """The condition on what stands before a step, and its opposite."""
        countable = values.get("test", "any") not in TEXTUAL
        asked = next(
            (p for p in reversed(self.parts[: first - 1]) if "rows" in gives(p.skill)), None
        )
        if asked and asks_figure(
            str(asked.arguments.get("question") or asked.arguments.get("sql"))
        ):
            values = {**values, "figure": True}
        return conditions(values, self._before(first, countable=countable), wording)

    # The other tags ------------------------------------------------------------------------

    def _inputs(self, values: Mapping[str, Any]) -> None:
        names = [str(name) for name in values.get("names", ())]
        self.out.settings["inputs.names"] = names
        self.out.data.setdefault("inputs", {}).update(filled(self.parts, names))

    def _retry(self, values: Mapping[str, Any]) -> None:
        times = values.get("times")
        count = min(20, int(times) if isinstance(times, int | float) else 3)
        self.out.settings["retry.times"] = count
        retry = {"attempts": max(1, count)} | _RETRY
        if values.get("wait"):
            retry["delay"] = values["wait"]
            retry["max_delay"] = values["wait"]
            retry["factor"] = 1
        for part in aimed_at(self.parts, values):
            self.extra.setdefault(part.number, {})["retry"] = retry

    def _timeout(self, values: Mapping[str, Any]) -> None:
        after = values.get("after")
        if not after:
            self.out.asks.append(Ask("timeout", "After how long should it give up?"))
            return
        self.out.settings["timeout.after"] = after
        for part in aimed_at(self.parts, values):
            self.extra.setdefault(part.number, {})["timeout"] = after

    def _alert(self, values: Mapping[str, Any]) -> None:
        to = values.get("to")
        self.out.data["alerts"] = {"on": ["failed", "missed"], "to": [to] if to else []}
        if to:
            self.out.settings["alert.to"] = to
        else:
            self.out.asks.append(Ask("alerts.to", "Who should be told when it fails?"))

    def _approve(self, values: Mapping[str, Any]) -> None:
        writes = [part.number for part in self.parts if part.writes]
        number = within(
            values.get("step"), writes[0] if writes else len(self.parts), len(self.parts)
        )
        if not self.parts:
            return
        part = self.parts[max(1, number) - 1]
        what = part.skill.name.replace("_", " ")
        step = {"id": self._name("approve"), "approve": f"Go on with: {what}?"}
        self.before.setdefault(part.number, []).append(step)

    def _expect(self, item: Structured) -> None:
        """What must hold; of "it failed if there are fewer than 3" the opposite."""
        if not self.parts:
            return
        values = {"test": "any"} | dict(item.values)
        failing = _FAILING.search(item.wording) is not None
        holds, not_so = self._conditions(values, self._last_collected() + 1, item.wording)
        if failing and values["test"] == "above" and _FEWER.search(item.wording):
            holds, not_so = self._conditions(values | {"test": "below"}, self._last_collected() + 1)
        wanted = (
            not_so
            if failing and (values["test"] == "below" or _FEWER.search(item.wording))
            else holds
        )
        self.out.data.setdefault("expect", []).append(wanted)

    def _last_collected(self) -> int:
        for part in reversed(self.parts):
            kinds = gives(part.skill)
            if "Item[]" in kinds.values() or "rows" in kinds:
                return part.number
        return len(self.parts)

    def _trigger(self, tag: str, values: Mapping[str, Any]) -> None:
        made = triggered(tag, values, self.parts)
        self.out.settings |= made.settings
        self.out.asks += made.asks
        if made.triggers:
            self.out.data.setdefault("triggers", []).extend(made.triggers)

    def _call_job(self, item: Structured) -> None:
        job = item.values.get("job")
        if not job:
            self.out.asks.append(Ask("call_job", "Which job should be run?"))
            return
        before = self.out.settings.get("call_job.job", [])
        called = [*(before if isinstance(before, list) else [before]), job]
        self.out.settings["call_job.job"] = called if before else job
        step = {"id": self._name(f"run_{slug(str(job)).replace('-', '_')}"), "call_job": job}
        place = 1 if item.wording == FIRST else len(self.parts) + 1
        self.before.setdefault(place, []).append(step)
