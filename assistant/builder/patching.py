"""Small changes to the text of a job file: what is not meant stays as it was, byte for byte.

Places are as in `pipeline.document`: `("steps", 0, "with", "url")`. Every function gives the new
text; a place that is not there raises KeyError.
"""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from assistant.pipeline.writer import as_flow, as_yaml

Place = tuple[str | int, ...]


def set_value(text: str, place: Place, value: Any) -> str:
    """Another value at a place; a key that is not there yet is added to its mapping."""
    owner = _node(text, place[:-1]) if place[:-1] else _root(text)
    if isinstance(owner, MappingNode) and not _has(owner, place[-1]):
        return _add_key(text, owner, str(place[-1]), value)
    node = _node(text, place)
    start, end = _span(text, node)
    return text[:start] + as_flow(value) + text[end:]


def remove_key(text: str, place: Place) -> str:
    """A key and its value gone; the rest of its mapping stays as it was."""
    owner = _node(text, place[:-1]) if place[:-1] else _root(text)
    if not isinstance(owner, MappingNode) or not _has(owner, place[-1]):
        raise KeyError(place)
    pairs: list[tuple[ScalarNode, Node]] = owner.value
    index = next(i for i, (key, _) in enumerate(pairs) if key.value == place[-1])
    if len(pairs) == 1 and place[:-1]:
        return remove_key(text, place[:-1])
    key, value = pairs[index]
    if owner.flow_style:
        return _cut_from_flow(text, owner, key.start_mark.index, value.end_mark.index)
    start = _line_start(text, key.start_mark.index)
    dash = text[start : key.start_mark.index]
    _, end = _span(text, value)
    stop = _line_end(text, end)
    if dash.strip() == "-":
        following = text[stop:]
        lead = re.match(r"[ ]*", following)
        return text[: key.start_mark.index] + following[lead.end() if lead else 0 :]
    return text[:start] + text[stop:]


def insert_item(text: str, place: Place, index: int, value: Any) -> str:
    """A new element of a list before the one at `index`; at its end when there is none."""
    node = _node(text, place)
    if not isinstance(node, SequenceNode):
        raise KeyError(place)
    items: list[Node] = node.value
    if node.flow_style or not items:
        rendered = [text[slice(*_span(text, item))] for item in items]
        rendered.insert(index, as_flow(value))
        start, end = _span(text, node)
        return text[:start] + "[" + ", ".join(rendered) + "]" + text[end:]
    column = _dash_column(text, items[0])
    block = as_yaml([value])
    lines = [line.removeprefix("  ") for line in block.splitlines(True)]
    made = "".join(" " * column + line if line.strip() else line for line in lines)
    if index < len(items):
        at = _line_start(text, items[index].start_mark.index)
    else:
        at = _line_end(text, _span(text, items[-1])[1])
        if at and text[at - 1] != "\n":
            made = "\n" + made
    return text[:at] + made + text[at:]


def remove_item(text: str, place: Place) -> str:
    """An element of a list gone, with its lines; of a list of one the whole key."""
    index = place[-1]
    owner = _node(text, place[:-1])
    if not isinstance(owner, SequenceNode) or not isinstance(index, int):
        raise KeyError(place)
    items: list[Node] = owner.value
    if len(items) == 1:
        return remove_key(text, place[:-1])
    node = items[index]
    start, end = _span(text, node)
    if owner.flow_style:
        return _cut_from_flow(text, owner, start, end)
    return text[: _line_start(text, start)] + text[_line_end(text, end) :]


def data_of(text: str) -> Any:
    """The text as plain data."""
    return YAML(typ="safe", pure=True).load(text)


# Inside ----------------------------------------------------------------------------------


def _root(text: str) -> Node:
    node = YAML(typ="safe", pure=True).compose(text)
    if node is None:
        raise KeyError(())
    return node


def _node(text: str, place: Place) -> Node:
    node = _root(text)
    for part in place:
        if isinstance(node, MappingNode):
            found = next((value for key, value in node.value if key.value == part), None)
        elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = node.value[part]
        else:
            found = None
        if found is None:
            raise KeyError(place)
        node = found
    return node


def _has(owner: MappingNode, key: Any) -> bool:
    return any(known.value == key for known, _ in owner.value)


def _span(text: str, node: Node) -> tuple[int, int]:
    """Where a node's own text begins and ends, without the space and comments after it."""
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node, ScalarNode) or getattr(node, "flow_style", False):
        return start, end
    last = _last_leaf(node)
    return start, _span(text, last)[1] if last is not node else end


def _last_leaf(node: Node) -> Node:
    if isinstance(node, MappingNode) and node.value:
        return node.value[-1][1]
    if isinstance(node, SequenceNode) and node.value:
        return node.value[-1]
    return node


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    """The beginning of the line after a position that ends a value."""
    if at and text[at - 1] == "\n":
        return at
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _dash_column(text: str, item: Node) -> int:
    line = text[_line_start(text, item.start_mark.index) :]
    return len(line) - len(line.lstrip(" "))


def _add_key(text: str, owner: MappingNode, key: str, value: Any) -> str:
    if owner.flow_style:
        at = owner.end_mark.index - 1
        while text[at - 1] in " \n":
            at -= 1
        joint = ", " if owner.value else ""
        return f"{text[:at]}{joint}{key}: {as_flow(value)}{text[at:]}"
    first: Node = owner.value[0][0]
    column = first.start_mark.column
    made = as_yaml({key: value}, indent=column) if column else as_yaml({key: value})
    at = _line_end(text, _span(text, owner)[1])
    if at and text[at - 1] != "\n":
        made = "\n" + made
    return text[:at] + made + text[at:]


def _cut_from_flow(text: str, owner: Node, start: int, end: int) -> str:
    """A part of `{…}` or `[…]` gone, with one comma."""
    after = re.compile(r"\s*,\s*").match(text, end)
    if after and after.end() < owner.end_mark.index:
        return text[:start] + text[after.end() :]
    before = re.search(r"\s*,\s*$", text[:start])
    return text[: before.start() if before else start] + text[end:]
