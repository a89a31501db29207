"""What the operators of expressions do to plain data, and what they refuse."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from assistant.pipeline.expression_errors import LimitReached, TypeMismatch
from assistant.pipeline.meter import LONGEST_NUMBER, Meter
from assistant.pipeline.plain import is_number, kind_of, same


def whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeMismatch(f"a place is a whole number, not {kind_of(value)}")
    return value


def need_list(value: Any, who: str) -> list[Any]:
    if type(value) is not list:
        raise TypeMismatch(f"{who} needs a list, not {kind_of(value)}")
    return value


def need_record(value: Any, who: str) -> dict[str, Any]:
    if type(value) is not dict:
        raise TypeMismatch(f"{who} needs a record, not {kind_of(value)}")
    return value


def need_key(value: Any) -> str:
    if type(value) is not str:
        raise TypeMismatch(f"a record's keys are texts, not {kind_of(value)}")
    return value


def rounds_over(value: Any) -> list[Any]:
    """What `for … in` goes through: the elements of a list, or the keys of a record."""
    if type(value) is list:
        return value
    if type(value) is dict:
        return list(value)
    hint = {str: "split(…) makes a list of it.", type(None): "Use default(…, [])."}
    raise TypeMismatch(f"{kind_of(value)} is no list", hint=hint.get(type(value), ""))


def unpacked(value: Any, count: int) -> list[Any]:
    if type(value) is not list or len(value) != count:
        raise TypeMismatch(f"{kind_of(value)} is no list of {count} elements")
    return value


def signed(value: Any, negative: bool) -> Any:
    if not is_number(value):
        raise TypeMismatch(f"only a number has a sign, not {kind_of(value)}")
    return -value if negative else value


def _numbers(left: Any, right: Any, sign: str) -> None:
    if is_number(left) and is_number(right):
        return
    hint = ""
    if type(left) is str and sign == "%":
        hint = "Put the expression into the text instead: 'Hello ${{ name }}'."
    raise TypeMismatch(
        f"'{sign}' needs two numbers, not {kind_of(left)} and {kind_of(right)}", hint=hint
    )


def _add(meter: Meter, left: Any, right: Any) -> Any:
    if is_number(left) and is_number(right):
        return meter.number(left + right)
    if type(left) is str and type(right) is str:
        meter.made_text(len(left) + len(right))
        return left + right
    if type(left) is list and type(right) is list:
        meter.made_places(len(left) + len(right))
        return left + right
    hint = ""
    if str in (type(left), type(right)):
        hint = "join([a, b]) makes one text of both; inside a text, write '… ${{ value }} …'."
    if dict in (type(left), type(right)):
        hint = "Records are put together with {**a, **b}."
    raise TypeMismatch(f"'+' cannot add {kind_of(left)} and {kind_of(right)}", hint=hint)


def _subtract(meter: Meter, left: Any, right: Any) -> Any:
    _numbers(left, right, "-")
    return meter.number(left - right)


def _multiply(meter: Meter, left: Any, right: Any) -> Any:
    _numbers(left, right, "*")
    return meter.number(left * right)


def _by_zero(right: Any) -> None:
    if right == 0:
        raise TypeMismatch("division by zero", hint="Guard it: a / b if b != 0 else 0.")


def _divide(meter: Meter, left: Any, right: Any) -> Any:
    _numbers(left, right, "/")
    _by_zero(right)
    return meter.number(_floating(lambda: left / right))


def _floor_divide(meter: Meter, left: Any, right: Any) -> Any:
    _numbers(left, right, "//")
    _by_zero(right)
    return meter.number(_floating(lambda: left // right))


def _remainder(meter: Meter, left: Any, right: Any) -> Any:
    _numbers(left, right, "%")
    _by_zero(right)
    return meter.number(_floating(lambda: left % right))


def _power(meter: Meter, left: Any, right: Any) -> Any:
    _numbers(left, right, "**")
    if type(left) is int and type(right) is int and right > 0:
        if left.bit_length() * right > LONGEST_NUMBER * 2:
            raise LimitReached("this number is too large")
        return meter.number(left**right)
    if left == 0 and right < 0:
        raise TypeMismatch("division by zero")
    made = _floating(lambda: left**right)
    if isinstance(made, complex):
        raise TypeMismatch("a negative number has no such root")
    return meter.number(made)


def _floating(compute: Callable[[], Any]) -> Any:
    try:
        return compute()
    except OverflowError as wrong:
        raise LimitReached("this number is too large") from wrong


BINARY: dict[type[ast.operator], Callable[[Meter, Any, Any], Any]] = {
    ast.Add: _add,
    ast.Sub: _subtract,
    ast.Mult: _multiply,
    ast.Div: _divide,
    ast.FloorDiv: _floor_divide,
    ast.Mod: _remainder,
    ast.Pow: _power,
}


def _ordered(sign: str, compare: Callable[[Any, Any], bool]) -> Callable[[Meter, Any, Any], bool]:
    def decide(meter: Meter, left: Any, right: Any) -> bool:
        if is_number(left) and is_number(right):
            return compare(left, right)
        if type(left) is str and type(right) is str:
            meter.read(left)
            return compare(left, right)
        hint = "Use default(…, 0) for what may be missing." if None in (left, right) else ""
        raise TypeMismatch(
            f"'{sign}' cannot compare {kind_of(left)} with {kind_of(right)}", hint=hint
        )

    return decide


def _within(meter: Meter, part: Any, whole_value: Any) -> bool:
    if type(whole_value) is str:
        if type(part) is not str:
            raise TypeMismatch(f"text contains text, not {kind_of(part)}")
        meter.read(whole_value)
        return part in whole_value
    if type(whole_value) is dict:
        return type(part) is str and part in whole_value
    if type(whole_value) is list:
        meter.work(len(whole_value))
        return any(same(element, part, meter) for element in whole_value)
    hint = "Use default(…, [])." if whole_value is None else ""
    raise TypeMismatch(f"{kind_of(whole_value)} contains nothing", hint=hint)


def _equal(meter: Meter, left: Any, right: Any) -> bool:
    return same(left, right, meter)


COMPARISONS: dict[type[ast.cmpop], Callable[[Meter, Any, Any], bool]] = {
    ast.Eq: _equal,
    ast.Is: _equal,
    ast.NotEq: lambda meter, left, right: not same(left, right, meter),
    ast.IsNot: lambda meter, left, right: not same(left, right, meter),
    ast.Lt: _ordered("<", lambda left, right: left < right),
    ast.LtE: _ordered("<=", lambda left, right: left <= right),
    ast.Gt: _ordered(">", lambda left, right: left > right),
    ast.GtE: _ordered(">=", lambda left, right: left >= right),
    ast.In: _within,
    ast.NotIn: lambda meter, left, right: not _within(meter, left, right),
}
