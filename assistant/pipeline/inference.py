"""The type of an expression, and what is certainly wrong with it, before anything runs."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from assistant.pipeline import signatures
from assistant.pipeline.expressions import Expression
from assistant.pipeline.suggest import did_you_mean
from assistant.pipeline.types import (
    ANY,
    BOOLEAN,
    INTEGER,
    NULL,
    NUMBER,
    RECORD,
    TEXT,
    Type,
    list_of,
    of_value,
    record_of,
    union,
)

_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Mod: "%",
}  # fmt: skip
_CONSTANTS = {"true": BOOLEAN, "false": BOOLEAN, "null": NULL}


@dataclass(frozen=True)
class Fault:
    """Something wrong inside an expression; `column` counts from 0 within it."""

    message: str
    hint: str
    column: int


@dataclass(frozen=True)
class View:
    """What can be seen at a place: the types of names, and why some steps cannot be seen."""

    names: dict[str, Type]
    why_hidden: Callable[[str], tuple[str, str]] = lambda step: ("", "")
    """A step's id → message and cure when it exists but cannot be used here."""
    sure: frozenset[str] = frozenset()
    """Steps that a condition has already asked about."""

    def adding(self, names: dict[str, Type]) -> View:
        return replace(self, names={**self.names, **names})

    def knowing(self, steps: frozenset[str]) -> View:
        return replace(self, sure=self.sure | steps)


@dataclass
class _Walk:
    view: View
    faults: list[Fault] = field(default_factory=list[Fault])
    forgiving: int = 0
    """Above zero inside the first argument of `default`, where what is missing is no fault."""


def infer(expression: Expression, view: View) -> tuple[Type, list[Fault]]:
    """The expression's type over these names, and its faults."""
    walk = _Walk(view)
    kind = _infer(expression.tree, walk)
    return kind, walk.faults


def mentioned(tree: ast.AST) -> frozenset[str]:
    """Ids of the steps, and names of the `vars`, that an expression asks about."""
    found = set[str]()
    for node in ast.walk(tree):
        root = node.value if isinstance(node, ast.Attribute | ast.Subscript) else None
        if isinstance(root, ast.Name) and root.id in ("steps", "vars"):
            found.add(_label(root.id, _written_key(node)))
    return frozenset(found)


def _label(root: str, key: str) -> str:
    return key if root == "steps" else f"vars.{key}"


def _written_key(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    return ""


def _blame(walk: _Walk, node: ast.AST, message: str, hint: str = "") -> Type:
    column = getattr(node, "end_col_offset", None) if isinstance(node, ast.Attribute) else None
    start = (
        column - len(node.attr)
        if column and isinstance(node, ast.Attribute)
        else getattr(node, "col_offset", 0)
    )
    walk.faults.append(Fault(message, hint, start))
    return ANY


def _infer(node: ast.expr, walk: _Walk) -> Type:
    match node:
        case ast.Constant():
            return of_value(node.value)
        case ast.Name():
            return _name(node, walk)
        case ast.Attribute():
            return _key(node, node.attr, node.value, walk)
        case ast.Subscript():
            return _subscript(node, walk)
        case ast.Call():
            return _call(node, walk)
        case ast.BinOp():
            return _binary(node, walk)
        case ast.Compare():
            return _compare(node, walk)
        case ast.BoolOp():
            return _bool(node, walk)
        case ast.IfExp():
            return _either(node, walk)
        case ast.UnaryOp():
            inner = _infer(node.operand, walk)
            return BOOLEAN if isinstance(node.op, ast.Not) else inner
        case ast.List() | ast.Tuple():
            return list_of(union(_infer(e, walk) for e in node.elts))
        case ast.Starred():
            return _infer(node.value, walk).item or ANY
        case ast.Dict():
            return _record(node, walk)
        case ast.ListComp() | ast.GeneratorExp():
            return list_of(_infer(node.elt, _in_rounds(node.generators, walk)))
        case ast.DictComp():
            inner = _in_rounds(node.generators, walk)
            _infer(node.key, inner)
            _infer(node.value, inner)
            return RECORD
        case _:
            return ANY


def _name(node: ast.Name, walk: _Walk) -> Type:
    if node.id in _CONSTANTS:
        return _CONSTANTS[node.id]
    found = walk.view.names.get(node.id)
    if found is None and not walk.forgiving:
        _, cure = walk.view.why_hidden(node.id)
        steps = walk.view.names.get("steps")
        inputs = walk.view.names.get("inputs")
        hint = cure or did_you_mean(node.id, walk.view.names)
        for root, record in (("steps", steps), ("inputs", inputs)):
            if record and record.fields and node.id in record.fields:
                hint = f"Write {root}.{node.id}."
        return _blame(walk, node, f"no {node.id!r} here", hint)
    return found or ANY


def _key(node: ast.expr, key: str, of: ast.expr, walk: _Walk) -> Type:
    """`value.key`, or `value["key"]`."""
    owner = _infer(of, walk)
    root = of.id if isinstance(of, ast.Name) else ""
    if owner.absent and not walk.forgiving:
        return _blame(walk, node, f"there may be no {key!r}: {owner.absent}",
               f"Write default({ast.unparse(node)}, …), or ask with `if` first.")  # fmt: skip
    if owner.is_any:
        return ANY
    if not owner.may_be("record"):
        return _no_key(node, key, owner, walk)
    if owner.fields is None:
        return ANY
    found = owner.fields.get(key)
    if found is None:
        # A step or input that is nowhere in the file is a slip even where `default` answers.
        if owner.open or (walk.forgiving and root not in ("steps", "inputs")):
            return ANY
        message, hint = _unknown(root, key, owner, walk)
        return _blame(walk, node, message, hint)
    return _sure(found, root, key, node, walk)


def _sure(found: Type, root: str, key: str, node: ast.expr, walk: _Walk) -> Type:
    """A field's type, its absence forgiven where a condition has asked about it."""
    if root in ("steps", "vars") and _label(root, key) in walk.view.sure:
        return found.present()
    if found.missing and not walk.forgiving:
        return _blame(walk, node, f"there may be no {key!r}: {found.absent}",
                      f"Write default({ast.unparse(node)}, …).")  # fmt: skip
    return found


def _unknown(root: str, key: str, owner: Type, walk: _Walk) -> tuple[str, str]:
    if root == "steps":
        message, hint = walk.view.why_hidden(key)
        if message:
            return message, hint
    dashed = [k for k in owner.fields or {} if "-" in k and k.split("-")[0] == key]
    if dashed:
        return f"no {key!r}", f"Write [{dashed[0]!r}]: a dash is a minus here."
    what = {"steps": "no step ", "inputs": "no input ", "vars": "nothing has set "}.get(root, "no ")
    hint = did_you_mean(key, owner.fields or {})
    if root == "inputs" and not owner.fields:
        hint = "Declare it under `inputs`."
    if root == "steps" and not owner.fields:
        hint = "No step comes before this one."
    return f"{what}{key!r}", hint


def _no_key(node: ast.expr, key: str, owner: Type, walk: _Walk) -> Type:
    if owner.is_only("list"):
        hint = f"Write [0].{key} for the first, or [x.{key} for x in …] for all."
        return _blame(walk, node, f"a list has no {key!r}; its elements may", hint)
    if walk.forgiving:
        return ANY
    return _blame(walk, node, f"{owner.words} has no {key!r}")


def _subscript(node: ast.Subscript, walk: _Walk) -> Type:
    if isinstance(node.slice, ast.Slice):
        owner = _infer(node.value, walk)
        return owner if owner.may_be("list", "text") else ANY
    if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return _key(node, node.slice.value, node.value, walk)
    owner, index = _infer(node.value, walk), _infer(node.slice, walk)
    if not owner.may_be("list", "record", "text"):
        return _blame(walk, node, f"{owner.words} has no places")
    if owner.is_only("list") and not index.may_be("integer"):
        return _blame(walk, node, f"a place in a list is a whole number, not {index.words}")
    return (owner.item or ANY) if owner.is_only("list") else TEXT if owner.is_only("text") else ANY


def _call(node: ast.Call, walk: _Walk) -> Type:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name == "default":
        return _default(node, walk)
    given = [_infer(argument, walk) for argument in node.args]
    named = {str(word.arg): _infer(word.value, walk) for word in node.keywords}
    message = signatures.wrong_argument(name, given, named)
    if message:
        absent = next((kind.absent for kind in given if kind.absent), "")
        return _blame(walk, node, message, f"{absent}; use default(…, …)." if absent else "")
    return signatures.result(name, given)


def _default(node: ast.Call, walk: _Walk) -> Type:
    both = [*node.args, *(word.value for word in node.keywords)]
    walk.forgiving += 1
    found = _infer(both[0], walk)
    walk.forgiving -= 1
    return union([found.present(), *(_infer(argument, walk) for argument in both[1:])])


def _binary(node: ast.BinOp, walk: _Walk) -> Type:
    left, right = _infer(node.left, walk), _infer(node.right, walk)
    kinds = (
        ("integer", "number", "text", "list")
        if isinstance(node.op, ast.Add)
        else ("integer", "number")
    )
    shared = [k for k in kinds if k in left.kinds and k in right.kinds]
    numeric = left.may_be("integer", "number") and right.may_be("integer", "number")
    if not shared and not numeric:
        sign = _SIGNS.get(type(node.op), "this sign")
        hint = (
            "Inside a text write '… ${{ value }} …', or join([a, b])."
            if "text" in left.kinds | right.kinds
            else ""
        )
        return _blame(walk, node, f"'{sign}' cannot join {left.words} and {right.words}", hint)
    if isinstance(node.op, ast.Add) and not numeric:
        return union([left, right])
    whole = (
        left.is_only("integer")
        and right.is_only("integer")
        and not isinstance(node.op, ast.Div | ast.Pow)
    )
    return (
        INTEGER if whole else NUMBER if left.kinds | right.kinds <= {"integer", "number"} else ANY
    )


def _compare(node: ast.Compare, walk: _Walk) -> Type:
    left = _infer(node.left, walk)
    for operator, other in zip(node.ops, node.comparators, strict=True):
        right = _infer(other, walk)
        if isinstance(operator, ast.Lt | ast.LtE | ast.Gt | ast.GtE):
            _check_order(node, left, right, walk)
        elif isinstance(operator, ast.In | ast.NotIn) and not right.may_be(
            "list", "text", "record"
        ):
            _blame(walk, other, f"{right.words} contains nothing")
        left = right
    return BOOLEAN


def _check_order(node: ast.Compare, left: Type, right: Type, walk: _Walk) -> None:
    numeric = left.may_be("integer", "number") and right.may_be("integer", "number")
    if not numeric and not (left.may_be("text") and right.may_be("text")):
        hint = "Compare its size: size(…)." if "list" in left.kinds | right.kinds else ""
        _blame(walk, node, f"{left.words} cannot be compared with {right.words}", hint)


def _bool(node: ast.BoolOp, walk: _Walk) -> Type:
    found: list[Type] = []
    before = walk.view
    for value in node.values:
        found.append(_infer(value, walk))
        walk.view = walk.view.knowing(mentioned(value))
    walk.view = before
    return union(kind.present() if isinstance(node.op, ast.Or) else kind for kind in found)


def _either(node: ast.IfExp, walk: _Walk) -> Type:
    _infer(node.test, walk)
    before = walk.view
    walk.view = before.knowing(mentioned(node.test))
    found = union([_infer(node.body, walk), _infer(node.orelse, walk)])
    walk.view = before
    return found


def _record(node: ast.Dict, walk: _Walk) -> Type:
    fields: dict[str, Type] = {}
    is_open = False
    for key, value in zip(node.keys, node.values, strict=True):
        kind = _infer(value, walk)
        if key is None:
            fields |= kind.fields or {}
            is_open = is_open or kind.open
        elif isinstance(key, ast.Constant) and isinstance(key.value, str):
            fields[key.value] = kind
        else:
            _infer(key, walk)
            is_open = True
    return record_of(fields, open=is_open)


def _in_rounds(generators: list[ast.comprehension], walk: _Walk) -> _Walk:
    """The walk as the innermost round sees it; its faults go to the same list."""
    inner = _Walk(walk.view, walk.faults, walk.forgiving)
    for loop in generators:
        source = _infer(loop.iter, inner)
        if not source.may_be("list", "record"):
            _blame(
                inner,
                loop.iter,
                f"{source.words} is no list",
                "split(…) makes a list of text." if "text" in source.kinds else "",
            )
        item = (
            (source.item or ANY)
            if source.is_only("list")
            else TEXT
            if source.is_only("record")
            else ANY
        )
        names = [n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)]
        kinds = {name: item if len(names) == 1 else ANY for name in names}
        inner.view = inner.view.adding(kinds)
        for test in loop.ifs:
            _infer(test, inner)
    return inner
