"""Steps put into a file that exists, or taken out of it: what referred to them finds another way."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from assistant.builder import patching
from assistant.builder.drafts import Ask
from assistant.builder.focusing import Standing, standings
from assistant.builder.prompts_told import reworks
from assistant.builder.resolving import lacking, shaped
from assistant.builder.texts import ask
from assistant.builder.wiring import Part, Wiring, as_text, carried, gives, needs, parts_of
from assistant.skills.door import Skill

Find = Callable[[str], Skill]


def without(yaml: str, step: Standing, find: Find) -> str:
    """The file without a step. What took items from it takes them from where it had them, and tells
    of them what is left to tell; what took something else is wired anew."""
    source = _inside(step.arguments.get("items"))
    shown = [as_text(kind, f"steps.{step.id}.items", "") for kind in ("Summaries", "Texts")]
    chained = "Item[]" in gives(find(step.skill)).values()
    yaml = patching.remove_item(yaml, step.place)
    broken: list[str] = []
    for other in standings(yaml):
        for key, value in other.arguments.items():
            if not _mentions(value, step.id):
                continue
            place = (*other.place, "with", key)
            if chained and source and value in shown:
                yaml = patching.set_value(yaml, place, as_text("Item[]", source, ""))
            elif chained and source and f"steps.{step.id}.items" in str(value):
                yaml = patching.set_value(yaml, place, _put(value, step.id, source))
            elif chained and (rest := _dropped(value, step.id)):
                yaml = patching.set_value(yaml, place, rest)
            else:
                yaml = patching.remove_key(yaml, place)
                broken.append(other.id)
                break
    for name in broken:
        yaml = _wired_anew(yaml, name, find)
    return _without_lines(yaml, step.id, source if chained else "")


def _inside(value: Any) -> str:
    told = re.fullmatch(r"\$\{\{\s*(.+?)\s*\}\}", str(value or ""))
    return told[1] if told else ""


def _mentions(value: Any, name: str) -> bool:
    return re.search(rf"\bsteps\.{re.escape(name)}\b", str(value)) is not None


def _put(value: Any, name: str, source: str) -> Any:
    pattern = rf"\bsteps\.{re.escape(name)}\.items\b"
    put = source if " " not in source else f"({source})"
    text = str(value)
    if re.fullmatch(rf"\$\{{\{{\s*{pattern}\s*\}}\}}", text):
        put = source
    return re.sub(pattern, lambda _: put, text)


def _dropped(value: Any, name: str) -> str:
    """`a + b` without the one of them that is gone; empty when nothing is left."""
    inner = _inside(value)
    rest = [part for part in inner.split(" + ") if not _mentions(part, name)]
    return f"${{{{ {' + '.join(rest)} }}}}" if rest and len(rest) < len(inner.split(" + ")) else ""


def _without_lines(yaml: str, name: str, source: str) -> str:
    """Conditions, expectations and outputs that spoke of the step."""
    data = patching.data_of(yaml)
    for number in reversed(range(len(data["steps"]))):
        step = data["steps"][number]
        for key in ("if", "for_each"):
            if not _mentions(step.get(key, ""), name):
                continue
            if source:
                yaml = patching.set_value(
                    yaml, ("steps", number, key), _put(step[key], name, source)
                )
            elif "stop" in step:
                yaml = patching.remove_item(yaml, ("steps", number))
    data = patching.data_of(yaml)
    for number in reversed(range(len(data.get("expect") or []))):
        if _mentions(data["expect"][number], name):
            if source:
                told = _put(data["expect"][number], name, source)
                yaml = patching.set_value(yaml, ("expect", number), told)
            else:
                yaml = patching.remove_item(yaml, ("expect", number))
    for key, value in dict(data.get("outputs") or {}).items():
        if _mentions(value, name):
            yaml = patching.remove_key(yaml, ("outputs", key))
    return yaml


def _parts(yaml: str, find: Find) -> list[Part]:
    return [
        Part(n, find(s.skill), s.id, dict(s.arguments), frozenset(s.arguments))
        for n, s in enumerate(standings(yaml), 1)
    ]


def _wired_anew(yaml: str, name: str, find: Find) -> str:
    """What a step needs and no longer has, from what comes before it."""
    parts = _parts(yaml, find)
    wiring = Wiring(_plain)
    for part in parts:
        had = set(part.arguments)
        wiring.add(part)
        if part.id != name:
            continue
        stand = next(s for s in standings(yaml) if s.id == name)
        for key in part.arguments:
            if key not in had:
                place: patching.Place = (*stand.place, "with", key)
                value: Any = part.arguments[key]
                if not stand.arguments and len(part.arguments) == 1:
                    place, value = (*stand.place, "with"), {key: value}
                yaml = patching.set_value(yaml, place, value)
    return yaml


def _plain(who: Part, to: Part, name: str) -> str:
    return f"steps.{who.id}.{name}"


# Adding ----------------------------------------------------------------------------------


def added(
    yaml: str, skill: Skill, values: Mapping[str, Any], before: int | None, find: Find
) -> tuple[str, list[Ask]]:
    """The file with one more step, wired in, and what it still needs. `before`: the place among
    the file's own steps; None puts it where such a step belongs."""
    stands = [s for s in standings(yaml) if len(s.place) == 2]
    parts = _parts(yaml, find)
    made = parts_of([(skill, shaped(skill, dict(values)))])[0]
    taken = {s.get("id") for s in patching.data_of(yaml)["steps"]} | {s.id for s in standings(yaml)}
    base, count = made.id, 2
    while made.id in taken:
        made.id, count = f"{base}_{count}", count + 1
    index = before if before is not None else _place_for(made, stands, find, yaml)
    inside = {s.id: s for s in stands}
    ahead = [p for p in parts if p.id in inside and int(inside[p.id].place[1]) < index]
    wiring = Wiring(_plain)
    for part in ahead:
        wiring.add(part)
    wiring.add(made)
    data: dict[str, Any] = {"id": made.id, "skill": skill.name}
    if made.arguments:
        order = list(skill.parameters.model_fields)
        data["with"] = dict(sorted(made.arguments.items(), key=lambda pair: order.index(pair[0])))
    asks = [Ask(f"steps.{made.id}.{name}", ask(name)) for name in lacking(made)]
    yaml = patching.insert_item(yaml, ("steps",), index, data)
    return _used_by_later(yaml, made, index, find), asks


def _takes(skill: Skill) -> bool:
    return "Item[]" in needs(skill).values()


def _gives_items(skill: Skill) -> bool:
    return "Item[]" in gives(skill).values()


_AHEAD_OF = {
    "rank_items": ("extract_article", "summarize_items"),
    "extract_article": ("summarize_items",),
}
"""Work on items that is better done before other work: a summary needs the text first."""


def _place_for(made: Part, stands: list[Standing], find: Find, yaml: str) -> int:
    """Sources beside the other sources, work on items before what uses them up, writing last."""
    skill = made.skill
    count = len(patching.data_of(yaml)["steps"])
    if skill.effect == "write":
        return count
    known = [(int(s.place[1]), find(s.skill)) for s in stands]
    if _gives_items(skill) and (not _takes(skill) or {"url", "urls"} & made.said):
        sources = [n for n, other in known if _gives_items(other) and not _takes(other)]
        return max(sources) + 1 if sources else 0
    for number, other in known:
        if other.name in _AHEAD_OF.get(skill.name, ()):
            return number
        if other.effect == "write" or (_gives_items(skill) and not _gives_items(other)):
            return number
    return count


def _retold(value: str, source: str, new: str, giver: Part, taker: Part) -> str:
    """An argument that takes its items from another step: as text, with what that step made of them."""
    if value == as_text("Item[]", source, ""):
        return as_text(carried(giver, taker), new, "")
    return value.replace(source, new)


_TELLING = {"send_email": "body", "notify": "message", "save_file": "content"}


def _told_anew(yaml: str, stand: Standing, text: str) -> str:
    """What goes out says what a model has made of it: "have it translated before it's sent"."""
    key = _TELLING.get(stand.skill, "")
    old = str(stand.arguments.get("newsletter") or stand.arguments.get(key, ""))
    if not key or "${{" not in old or re.fullmatch(r"\$\{\{ steps\.\w+\.rows \}\}", old):
        return yaml
    if "newsletter" in stand.arguments:
        yaml = patching.remove_key(yaml, (*stand.place, "with", "newsletter"))
    return patching.set_value(yaml, (*stand.place, "with", key), text)


def _used_by_later(yaml: str, made: Part, index: int, find: Find) -> str:
    """Later steps take what the new one gives: its items in place of (or beside) the old ones,
    a newsletter in place of plain text."""
    given = gives(made.skill)
    source = _inside(made.arguments.get("items"))
    reworked = "text" in given and reworks(str(made.arguments.get("prompt", "")))
    for stand in standings(yaml):
        position = int(stand.place[1]) if isinstance(stand.place[1], int) else 0
        if position <= index or stand.id == made.id:
            continue
        wanted = needs(find(stand.skill))
        if reworked:
            yaml = _told_anew(yaml, stand, f"${{{{ steps.{made.id}.text }}}}")
            continue
        if "newsletter" in given and "newsletter" in wanted and "newsletter" not in stand.arguments:
            place = (*stand.place, "with", "newsletter")
            value = f"${{{{ steps.{made.id}.newsletter }}}}"
            yaml = patching.set_value(yaml, place, value)
            if "${{" in str(stand.arguments.get("body", "")):
                yaml = patching.remove_key(yaml, (*stand.place, "with", "body"))
            continue
        if "Item[]" not in given.values():
            continue
        for key, value in stand.arguments.items():
            if "${{" not in str(value) or ".items" not in str(value):
                continue
            place = (*stand.place, "with", key)
            new = f"steps.{made.id}.items"
            if source and source in str(value):
                told = _retold(str(value), source, new, made, Part(0, find(stand.skill), stand.id))
                yaml = patching.set_value(yaml, place, told)
            elif not source and wanted.get(key) == "Item[]":
                joined = f"${{{{ {_inside(value)} + {new} }}}}"
                return patching.set_value(yaml, place, joined)
    return yaml
