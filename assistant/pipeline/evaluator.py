"""Python's syntax tree of one expression, made into a function over plain data.

Only the node kinds listed in `_Builder` exist; everything else is refused when the expression
is read, so evaluation never meets an attribute, a call or an object of Python itself.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, NoReturn

from assistant.pipeline import operators
from assistant.pipeline.access import as_plain, element_of, key_of, missing_name
from assistant.pipeline.expression_errors import (
    ExpressionError,
    ExpressionInvalid,
    NameMissing,
)
from assistant.pipeline.functions import FUNCTIONS, Function
from assistant.pipeline.habits import refusal
from assistant.pipeline.list_functions import part
from assistant.pipeline.meter import Meter
from assistant.pipeline.plain import is_plain
from assistant.pipeline.suggest import did_you_mean

CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None}


class Frame:
    """What one evaluation sees: the names it was given, its loop variables, its meter."""

    __slots__ = ("local", "meter", "names")

    def __init__(self, names: dict[str, Any], meter: Meter) -> None:
        self.names = names
        self.meter = meter
        self.local: dict[str, Any] = {}


Node = Callable[[Frame], Any]


def build(tree: ast.expr, text: str) -> Node:
    """The function that evaluates the tree. Raises ExpressionInvalid for forms we do not have."""
    return _Builder(text).node(tree)


class _Builder:
    def __init__(self, text: str) -> None:
        self.text = text
        self.local: list[str] = []

    def refuse(self, node: ast.AST, message: str, hint: str = "") -> NoReturn:
        raise ExpressionInvalid(message, hint=hint, column=getattr(node, "col_offset", 0) + 1)

    def node(self, tree: ast.expr) -> Node:
        maker = getattr(self, f"_{type(tree).__name__}", None)
        if maker is None:
            self.refuse(tree, *refusal(tree))
        return self._placed(maker(tree), tree.col_offset + 1)

    @staticmethod
    def _placed(inner: Node, column: int) -> Node:
        """Errors leave the innermost node with its column."""

        def evaluate(frame: Frame) -> Any:
            try:
                return inner(frame)
            except ExpressionError as wrong:
                wrong.column = wrong.column or column
                raise

        return evaluate

    def _Constant(self, tree: ast.Constant) -> Node:
        value: Any = tree.value
        if not is_plain(value):
            self.refuse(tree, f"{ast.unparse(tree)} is not plain data")
        if type(value) is str and any("\ud800" <= c <= "\udfff" for c in value):
            self.refuse(tree, "this text holds half a character")
        if isinstance(value, int | float):
            Meter().number(value)
        return lambda frame: value

    def _Name(self, tree: ast.Name) -> Node:
        name = tree.id
        if name in self.local:
            return lambda frame: frame.local[name]
        if name in CONSTANTS:
            value = CONSTANTS[name]
            return lambda frame: value
        if name.startswith("__"):
            self.refuse(tree, f"no {name!r} here")

        def look_up(frame: Frame) -> Any:
            try:
                return as_plain(frame.names[name], name)
            except KeyError:
                raise missing_name(name, frame.names) from None

        return look_up

    def _Attribute(self, tree: ast.Attribute) -> Node:
        key = tree.attr
        if key.startswith("__"):
            self.refuse(tree, f"no {key!r} here")
        inner = self.node(tree.value)
        return lambda frame: key_of(inner(frame), key)

    def _Subscript(self, tree: ast.Subscript) -> Node:
        inner = self.node(tree.value)
        if isinstance(tree.slice, ast.Slice):
            return self._slice(tree, tree.slice, inner)
        index = self.node(tree.slice)
        return lambda frame: element_of(inner(frame), index(frame))

    def _slice(self, tree: ast.Subscript, bounds: ast.Slice, inner: Node) -> Node:
        if bounds.step is not None:
            self.refuse(tree, "a slice has two ends and no step")
        start = self.node(bounds.lower) if bounds.lower else None
        end = self.node(bounds.upper) if bounds.upper else None

        def cut(frame: Frame) -> Any:
            first = operators.whole(start(frame)) if start else None
            last = operators.whole(end(frame)) if end else None
            return part(frame.meter, inner(frame), first, last)

        return cut

    def _BinOp(self, tree: ast.BinOp) -> Node:
        operate = operators.BINARY.get(type(tree.op))
        if operate is None:
            self.refuse(tree, *refusal(tree.op))
        left, right = self.node(tree.left), self.node(tree.right)
        return lambda frame: operate(frame.meter, left(frame), right(frame))

    def _UnaryOp(self, tree: ast.UnaryOp) -> Node:
        inner = self.node(tree.operand)
        if isinstance(tree.op, ast.Not):
            return lambda frame: not inner(frame)
        if isinstance(tree.op, ast.Invert):
            self.refuse(tree, *refusal(tree.op))
        negative = isinstance(tree.op, ast.USub)
        return lambda frame: operators.signed(inner(frame), negative)

    def _BoolOp(self, tree: ast.BoolOp) -> Node:
        parts = tuple(self.node(value) for value in tree.values)
        until = isinstance(tree.op, ast.Or)

        def decide(frame: Frame) -> Any:
            value = None
            for evaluate in parts:
                value = evaluate(frame)
                if bool(value) is until:
                    return value
            return value

        return decide

    def _Compare(self, tree: ast.Compare) -> Node:
        for operator, right in zip(tree.ops, tree.comparators, strict=True):
            if isinstance(operator, ast.Is | ast.IsNot) and not _is_constant(right):
                self.refuse(tree, "'is' compares only with null", "Write == or !=.")
        first = self.node(tree.left)
        rest = [
            (operators.COMPARISONS[type(operator)], self.node(right))
            for operator, right in zip(tree.ops, tree.comparators, strict=True)
        ]
        if len(rest) == 1:
            compare, other = rest[0]
            return lambda frame: compare(frame.meter, first(frame), other(frame))

        def chain(frame: Frame) -> bool:
            left = first(frame)
            for compare, other in rest:
                right = other(frame)
                if not compare(frame.meter, left, right):
                    return False
                left = right
            return True

        return chain

    def _IfExp(self, tree: ast.IfExp) -> Node:
        test, yes, no = self.node(tree.test), self.node(tree.body), self.node(tree.orelse)
        return lambda frame: yes(frame) if test(frame) else no(frame)

    def _List(self, tree: ast.List | ast.Tuple) -> Node:
        parts = [
            (isinstance(e, ast.Starred), self.node(e.value if isinstance(e, ast.Starred) else e))
            for e in tree.elts
        ]

        def collect(frame: Frame) -> list[Any]:
            made: list[Any] = []
            for starred, evaluate in parts:
                value = evaluate(frame)
                if starred:
                    operators.need_list(value, "*")
                    frame.meter.made_places(len(value))
                    made.extend(value)
                else:
                    made.append(value)
            return made

        return collect

    _Tuple = _List

    def _Dict(self, tree: ast.Dict) -> Node:
        parts = [
            (self.node(key) if key else None, self.node(value))
            for key, value in zip(tree.keys, tree.values, strict=True)
        ]

        def collect(frame: Frame) -> dict[str, Any]:
            made: dict[str, Any] = {}
            for key, evaluate in parts:
                if key is None:
                    record = operators.need_record(evaluate(frame), "**")
                    frame.meter.made_places(len(record))
                    made.update(record)
                else:
                    made[operators.need_key(key(frame))] = evaluate(frame)
            return made

        return collect

    def _ListComp(self, tree: ast.ListComp | ast.GeneratorExp) -> Node:
        cost, held = 1 + _nodes(tree.elt), len(self.local)
        loops = self._loops(tree.generators)
        element = self.node(tree.elt)
        del self.local[held:]

        def collect(frame: Frame) -> list[Any]:
            made: list[Any] = []
            meter = frame.meter

            def take(inner: Frame) -> None:
                meter.work(cost)
                meter.grow(16)
                made.append(element(inner))

            loops(frame, take)
            return made

        return collect

    _GeneratorExp = _ListComp

    def _DictComp(self, tree: ast.DictComp) -> Node:
        cost, held = 1 + _nodes(tree.key) + _nodes(tree.value), len(self.local)
        loops = self._loops(tree.generators)
        key, value = self.node(tree.key), self.node(tree.value)
        del self.local[held:]

        def collect(frame: Frame) -> dict[str, Any]:
            made: dict[str, Any] = {}

            def take(inner: Frame) -> None:
                frame.meter.work(cost)
                frame.meter.grow(32)
                made[operators.need_key(key(inner))] = value(inner)

            loops(frame, take)
            return made

        return collect

    def _loops(
        self, generators: list[ast.comprehension]
    ) -> Callable[[Frame, Callable[[Frame], None]], None]:
        """The rounds of `for … if … for …`, outermost first, calling `take` in each."""
        first, rest = generators[0], generators[1:]
        source = self.node(first.iter)
        names = self._targets(first.target)
        self.local.extend(names)
        tests = [self.node(test) for test in first.ifs]
        cost = 1 + sum(_nodes(test) for test in first.ifs)
        inner = self._loops(rest) if rest else None

        def run(frame: Frame, take: Callable[[Frame], None]) -> None:
            local, meter = frame.local, frame.meter
            hidden = {name: local[name] for name in names if name in local}
            for item in operators.rounds_over(source(frame)):
                meter.work(cost)
                if len(names) == 1:
                    local[names[0]] = item
                else:
                    local.update(zip(names, operators.unpacked(item, len(names)), strict=True))
                if all(test(frame) for test in tests):
                    inner(frame, take) if inner else take(frame)
            local.update(hidden)

        return run

    def _targets(self, target: ast.expr) -> list[str]:
        elements = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
        names = [e.id for e in elements if isinstance(e, ast.Name)]
        if len(names) != len(elements) or any(name in CONSTANTS for name in names):
            self.refuse(target, "a round's variable is a plain name")
        return names

    def _Call(self, tree: ast.Call) -> Node:
        if not isinstance(tree.func, ast.Name) or tree.func.id not in FUNCTIONS:
            self.refuse(tree, *refusal(tree.func, called=True))
        entry = FUNCTIONS[tree.func.id]
        self._check_arguments(tree, entry)
        given = [self.node(argument) for argument in tree.args]
        named = [(str(word.arg), self.node(word.value)) for word in tree.keywords]
        call = entry.call
        if entry.name == "default":
            return self._default(given, named)
        if named:
            return lambda frame: call(
                frame.meter, *(a(frame) for a in given), **{n: a(frame) for n, a in named}
            )
        if len(given) == 1:
            only = given[0]
            return lambda frame: call(frame.meter, only(frame))
        return lambda frame: call(frame.meter, *[a(frame) for a in given])

    @staticmethod
    def _default(given: list[Node], named: list[tuple[str, Node]]) -> Node:
        """The one function that sees what is missing, and evaluates only what it needs."""
        by_name = dict(zip(("value", "otherwise"), given, strict=False)) | dict(named)
        value, otherwise = by_name["value"], by_name["otherwise"]

        def choose(frame: Frame) -> Any:
            try:
                found = value(frame)
            except NameMissing:
                found = None
            return otherwise(frame) if found is None else found

        return choose

    def _check_arguments(self, tree: ast.Call, entry: Function) -> None:
        if any(isinstance(a, ast.Starred) for a in tree.args) or not all(
            word.arg for word in tree.keywords
        ):
            self.refuse(tree, f"the arguments of {entry.name} are written out, without *")
        takes = f"It takes ({', '.join(entry.parameters) or 'values, …'})."
        named = [str(word.arg) for word in tree.keywords]
        if entry.variadic:
            if named or not tree.args:
                self.refuse(tree, f"{entry.name} needs values", takes)
            return
        for word in named:
            if word not in entry.parameters:
                self.refuse(
                    tree, f"{entry.name} has no {word!r}", did_you_mean(word, entry.parameters)
                )
        filled = [*entry.parameters[: len(tree.args)], *named]
        if len(tree.args) > len(entry.parameters) or len(set(filled)) != len(filled):
            self.refuse(tree, f"{entry.name} is given too much", takes)
        lacking = [p for p in entry.parameters[: entry.required] if p not in filled]
        if lacking:
            self.refuse(tree, f"{entry.name} lacks {' and '.join(map(repr, lacking))}", takes)


def _nodes(tree: ast.AST) -> int:
    return sum(1 for _ in ast.walk(tree))


def _is_constant(tree: ast.expr) -> bool:
    """Whether it is null, true or false as it stands."""
    if isinstance(tree, ast.Name):
        return tree.id in CONSTANTS
    return isinstance(tree, ast.Constant) and (tree.value is None or type(tree.value) is bool)
