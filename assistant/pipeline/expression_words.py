"""An expression of a job file in words: `size(steps.best.items) == 0` as "there are no items of step best".

For people who read a step's sentence. Nothing is evaluated, and what has no words of its own is
told by what it is made of: an expression itself is never shown.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping

Names = Mapping[str, str]
"""Loop variables of comprehensions and what they stand for: `i` is "each of items of step read"."""

_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Eq: "is", ast.NotEq: "is not", ast.Lt: "is less than", ast.LtE: "is at most",
    ast.Gt: "is more than", ast.GtE: "is at least", ast.In: "is in", ast.NotIn: "is not in",
}  # fmt: skip
_MANY: dict[type[ast.cmpop], str] = {ast.Lt: "fewer than", ast.LtE: "at most", ast.Gt: "more than", ast.GtE: "at least",
         ast.Eq: "exactly"}  # fmt: skip
_COUNTED: dict[type[ast.operator], str] = {ast.Add: "plus", ast.Sub: "minus", ast.Mult: "times", ast.Div: "divided by",
            ast.FloorDiv: "divided by", ast.Mod: "modulo"}  # fmt: skip
_CLOCK = re.compile(r"%[HMSIp]")
_LONGEST = 60


def in_words(tree: ast.expr) -> str:
    """The words of an expression, without a full stop."""
    return _words(tree, {})


def _words(tree: ast.expr, names: Names) -> str:
    match tree:
        case ast.Constant(value=value):
            return _constant(value)
        case ast.Name(id=name):
            return names.get(
                name, {"true": "yes", "false": "no", "null": "nothing"}.get(name, name)
            )
        case ast.Attribute():
            return _path(tree, names)
        case ast.Subscript():
            return _picked(tree, names)
        case ast.Compare():
            return _compared(tree, names)
        case ast.BoolOp(op=op, values=values):
            return (" and " if isinstance(op, ast.And) else " or ").join(
                _words(one, names) for one in values
            )
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return _denied(inner, names)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return f"minus {_words(inner, names)}"
        case ast.BinOp():
            return _joined(tree, names)
        case ast.IfExp(test=test, body=body, orelse=other) if ast.dump(test) == ast.dump(body):
            return f"{_words(body, names)}, or {_words(other, names)} where there is none"
        case ast.IfExp(test=test, body=body, orelse=other):
            return (
                f"{_words(body, names)} if {_condition(test, names)}, else {_words(other, names)}"
            )
        case ast.Call(func=ast.Name(id=name)):
            least, told = _CALLS.get(name, (0, _made))
            return told(tree, names) if len(tree.args) >= least else _made(tree, names)
        case ast.ListComp(elt=told, generators=[one]):
            return _each(told, one, names)
        case ast.List(elts=elements) if len(elements) <= 6:
            return ", ".join(_words(one, names) for one in elements) or "nothing"
        case _:
            return _made(tree, names)


def _constant(value: object) -> str:
    if isinstance(value, str):
        short = value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
        return f"“{short}”"
    return {True: "yes", False: "no", None: "nothing"}.get(value, str(value)) if value is None or isinstance(value, bool) else str(value)  # fmt: skip


def _path(tree: ast.expr, names: Names) -> str:
    """`steps.read.items` as "items of step read", `inputs.topic` as "the input topic"."""
    keys = list[str]()
    while isinstance(tree, ast.Attribute):
        keys.insert(0, tree.attr)
        tree = tree.value
    if not isinstance(tree, ast.Name):
        return f"{_inside_out(keys)} of {_words(tree, names)}"
    if tree.id in names:
        return f"{_inside_out(keys)} of {names[tree.id]}"
    match tree.id, keys:
        case "steps", [step]:
            return step
        case "steps", [step, *rest]:
            return f"{'.'.join(rest)} of step {step}"
        case "inputs", _:
            return f"the input {'.'.join(keys)}"
        case "vars", _:
            return ".".join(keys)
        case _:
            return f"{_inside_out(keys)} of {tree.id}"


def _inside_out(keys: list[str]) -> str:
    return " of ".join(reversed(keys))


def _picked(tree: ast.Subscript, names: Names) -> str:
    whole = _words(tree.value, names)
    match tree.slice:
        case ast.Constant(value=0):
            return f"the first of {whole}"
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)):
            return f"the last of {whole}"
        case ast.Constant(value=str(key)):
            return f"{key} of {whole}"
        case ast.Slice():
            return f"a part of {whole}"
        case other:
            return f"{whole}, at {_words(other, names)}"


# Conditions


def _condition(tree: ast.expr, names: Names) -> str:
    """As words that may follow "if": a value alone is there or not."""
    if isinstance(tree, ast.Name | ast.Attribute | ast.Subscript):
        return f"there is {_words(tree, names)}"
    return _words(tree, names)


def _compared(tree: ast.Compare, names: Names) -> str:
    if len(tree.ops) == 1 and (
        many := _how_many(tree.left, tree.ops[0], tree.comparators[0], names)
    ):
        return many
    told, left = list[str](), tree.left
    for op, right in zip(tree.ops, tree.comparators, strict=True):
        told.append(f"{_words(left, names)} {_COMPARED.get(type(op), 'is')} {_words(right, names)}")
        left = right
    return " and ".join(told)


def _how_many(left: ast.expr, op: ast.cmpop, right: ast.expr, names: Names) -> str:
    """`size(…)` compared with a number: "there are no …", "there are more than 3 …"."""
    if not (
        isinstance(left, ast.Call)
        and isinstance(left.func, ast.Name)
        and left.func.id == "size"
        and left.args
    ):
        return ""
    if not (isinstance(right, ast.Constant) and isinstance(right.value, int)):
        return ""
    what, number = _words(left.args[0], names), right.value
    several = what.split()[0].endswith("s")
    none = (isinstance(op, ast.Eq | ast.LtE) and number == 0) or (
        isinstance(op, ast.Lt) and number == 1
    )
    some = (isinstance(op, ast.Gt | ast.NotEq) and number == 0) or (
        isinstance(op, ast.GtE) and number == 1
    )
    if none:
        return f"there are no {what}" if several else f"{what} is empty"
    if some:
        return f"there are {what}" if several else f"{what} is not empty"
    much = _MANY.get(type(op))
    return f"there are {much} {number} {what}" if several and much else ""


def _denied(tree: ast.expr, names: Names) -> str:
    match tree:
        case ast.Call(func=ast.Name(id="contains"), args=[whole, part]):
            return f"{_words(whole, names)} does not contain {_words(part, names)}"
        case ast.Call(func=ast.Name(id="matches"), args=[text, pattern, *_]):
            return f"{_words(text, names)} does not fit {_words(pattern, names)}"
        case ast.Name() | ast.Attribute() | ast.Subscript():
            return f"there is no {_words(tree, names)}"
        case _:
            return f"it is not so that {_words(tree, names)}"


# Texts and lists


def _joined(tree: ast.BinOp, names: Names) -> str:
    """Texts and lists put together, or numbers counted."""
    parts = _operands(tree)
    if isinstance(tree.op, ast.Add) and not any(_is_number(part) for part in parts):
        told = [_words(part, names) for part in parts if not _is_filling(part)]
        return _and(told) or "a text"
    return f"{_words(tree.left, names)} {_COUNTED.get(type(tree.op), 'and')} {_words(tree.right, names)}"


def _operands(tree: ast.expr) -> list[ast.expr]:
    """The parts of a chain of `+`."""
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add):
        return [*_operands(tree.left), *_operands(tree.right)]
    return [tree]


def _is_number(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Constant) and type(tree.value) in (int, float)


def _is_filling(tree: ast.expr) -> bool:
    """Blanks and signs between the parts of a text."""
    return (
        isinstance(tree, ast.Constant)
        and isinstance(tree.value, str)
        and not re.search(r"\w", tree.value)
    )


def _and(told: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(told[:-1]), *told[-1:]]))


def _each(told: ast.expr, one: ast.comprehension, names: Names) -> str:
    """`[i.title for i in …]` as "title of each of …"."""
    variable = one.target.id if isinstance(one.target, ast.Name) else ""
    whole = _words(one.iter, names)
    where = " and ".join(_condition(test, {**names, variable: "it"}) for test in one.ifs)
    tail = f", where {where}" if where else ""
    if isinstance(told, ast.Name) and told.id == variable:
        return f"{whole}{tail}" if tail else whole
    parts = [part for part in _operands(told) if not _is_filling(part)]
    keys = [_key_of(part, variable) for part in parts]
    if keys and all(keys):
        return f"{_and(keys)} of each of {whole}{tail}"
    return f"{_words(told, {**names, variable: f'each of {whole}'})}{tail}"


def _key_of(tree: ast.expr, variable: str) -> str:
    match tree:
        case ast.Attribute(attr=key, value=ast.Name(id=name)) if name == variable:
            return key
        case ast.Call(func=ast.Name(id="default" | "trim"), args=[inner, *_]):
            return _key_of(inner, variable)
        case _:
            return ""


# Functions


def _about(words: str) -> Callable[[ast.Call, Names], str]:
    """A function that is told by its first argument."""

    def told(tree: ast.Call, names: Names) -> str:
        return words.format(_words(tree.args[0], names))

    return told


def _texts_joined(tree: ast.Call, names: Names) -> str:
    whole = _words(tree.args[0], names)
    between = tree.args[1] if len(tree.args) > 1 else None
    if isinstance(between, ast.Constant) and "\n" in str(between.value):
        return f"{whole}, each on its own line"
    return f"{whole}, one after the other"


def _contains(tree: ast.Call, names: Names) -> str:
    whole, part = (_words(one, names) for one in tree.args[:2])
    return f"{whole} contains {part}"


def _fits(tree: ast.Call, names: Names) -> str:
    text, pattern = (_words(one, names) for one in tree.args[:2])
    return f"{text} fits {pattern}"


def _sorted(tree: ast.Call, names: Names) -> str:
    given = {one.arg: one.value for one in tree.keywords}
    by = given.get("by") or (tree.args[1] if len(tree.args) > 1 else None)
    key = by.value if isinstance(by, ast.Constant) else ""
    return f"{_words(tree.args[0], names)} in order" + (f" of {key}" if key else "")


def _day(tree: ast.Call, names: Names) -> str:
    pattern = tree.args[1] if len(tree.args) > 1 else None
    word = (
        "time"
        if isinstance(pattern, ast.Constant) and _CLOCK.search(str(pattern.value))
        else "date"
    )
    match tree.args[0]:
        case ast.Call(func=ast.Name(id="now")):
            return f"the {word} of the run"
        case moment:
            return f"the {word} of {_words(moment, names)}"


def _now(tree: ast.Call, names: Names) -> str:
    return "the moment of the run"


def _otherwise(tree: ast.Call, names: Names) -> str:
    value, other = (_words(one, names) for one in tree.args[:2])
    return value if other in ("“”", "nothing", "0") else f"{value}, or {other} where there is none"


def _sliced(tree: ast.Call, names: Names) -> str:
    match tree.args:
        case [whole, ast.Constant(value=0), ast.Constant(value=number)]:
            return f"the first {number} of {_words(whole, names)}"
        case [whole, *_]:
            return f"a part of {_words(whole, names)}"
        case _:
            return _made(tree, names)


def _replaced(tree: ast.Call, names: Names) -> str:
    text, old, new = (_words(one, names) for one in tree.args[:3])
    return f"{text} with {new} in place of {old}"


def _number(tree: ast.Call, names: Names) -> str:
    text = _words(tree.args[0], names)
    given = [*tree.args[1:], *(one.value for one in tree.keywords)]
    word = given[0].value if given and isinstance(given[0], ast.Constant) else ""
    return f"the {word} in {text}" if word else f"the number in {text}"


def _made(tree: ast.expr, names: Names) -> str:
    """What has no words of its own: a value, and what it is made of."""
    found = list[str]()
    inner = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    within = {id(node.value) for node in inner}
    for node in inner:
        if id(node) not in within and (told := _path(node, names)) not in found:
            found.append(told)
    return f"a value made of {_and(found)}" if found else "a value"


_CALLS: dict[str, tuple[int, Callable[[ast.Call, Names], str]]] = {
    "size": (1, _about("the number of {}")), "lower": (1, _about("{} in small letters")),
    "upper": (1, _about("{} in capitals")), "trim": (1, _about("{}")), "split": (1, _about("the pieces of {}")),
    "join": (1, _texts_joined), "contains": (2, _contains), "matches": (2, _fits), "replace": (3, _replaced),
    "sort": (1, _sorted), "unique": (1, _about("{} without repetitions")), "flatten": (1, _about("{} as one list")),
    "slice": (2, _sliced), "sum": (1, _about("the sum of {}")), "min": (1, _about("the least of {}")),
    "max": (1, _about("the greatest of {}")), "round": (1, _about("{}, rounded")),
    "number": (1, _number),
    "now": (0, _now), "date": (1, _about("the moment of {}")),
    "format_date": (1, _day), "json": (1, _about("{} as JSON")), "default": (2, _otherwise),
    "keys": (1, _about("the names in {}")), "values": (1, _about("the values in {}")),
}  # fmt: skip
"""By name: how many arguments it needs in their places to be told so, and how it is told."""
