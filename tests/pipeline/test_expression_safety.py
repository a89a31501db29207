"""Published attacks on expression engines and templates, and runaway input: nothing gets out."""

from __future__ import annotations

import contextlib
import json
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from assistant.pipeline.expressions import ExpressionError, evaluate, resolve
from tests.pipeline.test_expressions import LONG, NAMES

SECONDS, BYTES = 1.0, 64 * 1024 * 1024
# What an attack would need to find: the names of a run, with data of the kinds there are.
WORLD: dict[str, Any] = {
    **NAMES, "x": {"a": 1}, "data": {"mods": {"p": {}}}, "mods": [{"os": {}}], "m": "m",
    "funcs": {"bad": "exit"}, "self": {}, "request": {"args": {}}, "config": {}, "users": [],
}  # fmt: skip


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    text = (folder / "security_payloads" / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.external
def test_no_published_expression_attack_gets_a_value(shared_data: Path):
    slowest = 0.0
    for row in rows(shared_data, "expression_rejects"):
        for text in (row["expr"], "${{ " + row["expr"] + " }}"):
            started = time.process_time()
            with pytest.raises(ExpressionError):
                evaluate(text, WORLD)
            slowest = max(slowest, time.process_time() - started)
    assert slowest < 0.1


@pytest.mark.external
def test_a_template_attack_stays_the_text_it_is_or_is_refused(shared_data: Path):
    attacks = [row["payload"] for row in rows(shared_data, "template_injection")]
    for attack in attacks:
        assert resolve({"body": attack}, WORLD) == {
            "body": attack
        }  # other engines' marks mean nothing
        inner = attack.strip("#${}%<>= \n")
        started = time.process_time()
        try:
            value = resolve("${{ " + inner + " }}", WORLD)
        except ExpressionError:
            pass
        else:
            assert type(value) in (str, int, float, bool, list, dict, type(None))
        assert time.process_time() - started < 0.1


@pytest.mark.external
def test_an_attack_inside_data_is_handed_on_as_data(shared_data: Path):
    for row in rows(shared_data, "template_injection"):
        names = {**WORLD, "inputs": {"topic": row["payload"] + " ${{ steps.read }}"}}
        assert resolve("${{ inputs.topic }}", names) == names["inputs"]["topic"]
        assert resolve("On ${{ inputs.topic }}", names) == "On " + names["inputs"]["topic"]


ESCAPES = [
    "().__class__", "[].__class__.__base__", "''.__class__.__mro__[1]", "x.__init__.__globals__",
    "x['__class__']['__mro__']", "getattr(x, 'a')", "eval('1')", "exec('1')", "open('/etc/passwd')",
    "__import__('os')", "globals()", "vars()", "type(x)", "breakpoint()", "print(1)", "input()",
    "size.__globals__", "size", "[size][0](x)", "(lambda: 1)()", "x.a.real", "'{0.x}'.format(x)",
    "f'{x!r}'", "b'bytes'", "...", "1j", "yield_", "(yield 1)", "await x", "*x", "[*x.y.z]",
    "{**x.__dict__}", "x if x else __builtins__", "sort(items=[1], by=size)", "[size]",
    "(x for x in x.__iter__)", "'\\ud800'", "x\x00y", "join(*[['a']])", "join(**{'items': []})",
]  # fmt: skip


@pytest.mark.parametrize("text", ESCAPES)
def test_no_way_leads_from_data_to_the_program(text: str):
    with pytest.raises(ExpressionError):
        evaluate(text, WORLD)


GREEDY = [
    "[x for x in list for y in list]", "[text + text for x in list]",
    "join([join(words) for x in list])", "replace(text, 'x', text)", "[words for x in list]",
    "[replace(text, 'x', 'xy') for x in list]", "flatten([words for x in list])",
    "[text == text + '' for x in list]", "[json(words) for x in list]", "split(text, 'x')",
    "[split(text, 'x') for x in list]", "unique([text + join([x]) for x in list])",
    "{join([x, '-', y]): [x, y] for x in list for y in list}", "9**9**9**9",
    "matches(text, '(a|a)*$')", "[matches(text, '(x+)+y') for x in list]",
    "sort([join([text, x]) for x in list])", "upper(lower(upper(text + text)))",
    "[[a, b, c] for a in list for b in list for c in list if a + b + c < 0]",
    "format_date(now(), '" + "%B" * 1900 + "')", "sum([x ** 20 for x in list for y in list])",
]  # fmt: skip


@pytest.mark.parametrize("text", GREEDY, ids=lambda text: text[:40])
def test_no_expression_takes_more_than_a_second_or_64_megabytes(text: str):
    started = time.process_time()
    with contextlib.suppress(ExpressionError):
        evaluate(text, {**LONG, "run": NAMES["run"]})
    seconds = time.process_time() - started

    tracemalloc.start()  # it slows Python down much, so time and memory are taken apart
    try:
        evaluate(text, {**LONG, "run": NAMES["run"]})
    except ExpressionError:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (seconds < SECONDS, peak < BYTES) == (True, True), f"{seconds:.2f} s, {peak:,} bytes"
