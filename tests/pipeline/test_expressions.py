"""The expression language: what it can say, and that it can do nothing else."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.pipeline.expressions import (
    ExpressionError,
    ExpressionInvalid,
    LimitReached,
    NameMissing,
    TypeMismatch,
    compile_expression,
    evaluate,
    has_expression,
    is_true,
    read_template,
    resolve,
)

ITEMS = [
    {"title": "Tide", "score": 0.9, "tags": ["sea"], "url": "a"},
    {"title": "Boat", "score": 0.2, "tags": [], "url": "b"},
    {"title": "Crab", "score": None, "tags": ["sea", "food"], "url": "a"},
]
NAMES: dict[str, Any] = {
    "inputs": {"topic": "harbour", "limit": 2, "empty": "", "from": 1, "a-b": 5},
    "steps": {"read": {"items": ITEMS}, "skipped": None},
    "vars": {},
    "run": {"id": "r1", "started_at": "2026-03-02T12:00:00.000Z"},
    "index": 3,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("7 // 2 + 7 % 4", 6),
        ("2 ** 10", 1024),
        ("-inputs.limit", -2),
        ("10 / 4", 2.5),
        ("'a' + 'b'", "ab"),
        ("[1] + [2, 3]", [1, 2, 3]),
        ("steps.read.items[0].title", "Tide"),
        ("steps.read.items[-1]['title']", "Crab"),
        ("steps.read.items[0:2][1].title", "Boat"),
        ("inputs.topic[1:3]", "ar"),
        ("inputs['a-b']", 5),
        ("[i.title for i in steps.read.items if default(i.score, 0) > 0.5]", ["Tide"]),
        ("{i.title: size(i.tags) for i in steps.read.items}", {"Tide": 1, "Boat": 0, "Crab": 2}),
        ("[t for i in steps.read.items for t in i.tags]", ["sea", "sea", "food"]),
        ("[x + y for x, y in [[1, 2], [3, 4]]]", [3, 7]),
        ("sum(i.score for i in steps.read.items if i.score is not null)", 1.1),
        ("'many' if size(steps.read.items) > 2 else 'few'", "many"),
        ("inputs.empty or 'nothing'", "nothing"),
        ("inputs.limit and not inputs.empty", True),
        ("1 < inputs.limit <= 2", True),
        ("'sea' in steps.read.items[0].tags", True),
        ("'x' not in inputs.topic", True),
        ("'topic' in inputs", True),
        ("1 == true", False),
        ("1 == 1.0", True),
        ("null == None and true == True", True),
        ("{'a': 1, **{'b': 2}}", {"a": 1, "b": 2}),
        ("[*[1, 2], 3]", [1, 2, 3]),
        ("(1, 2)", [1, 2]),
        ("default(steps.skipped.items, [])", []),
        ("default(steps.nowhere.items[5].x, 'no')", "no"),
        ("default(null, 1) + default(2, 1 / 0)", 3),
        ("[x for x in [1, 2] for x in [x * 10]]", [10, 20]),
        ("sort([x for x in [3, 1]])[0]", 1),
        ("'ünï' + '✓'", "ünï✓"),
    ],
)
def test_an_expression_has_the_value_that_its_reader_expects(text: str, value: Any):
    assert evaluate(text, NAMES) == value
    assert type(evaluate(text, NAMES)) is type(value)


def test_a_lone_expression_keeps_its_type_and_one_inside_text_is_rendered():
    given = {
        "items": "${{ steps.read.items }}",
        "limit": "${{ inputs.limit }}",
        "folded": "\n  ${{ inputs.limit }}\n",
        "title": "${{ upper(inputs.topic) }}: ${{ inputs.limit }} of ${{ size(steps.read.items) }}",
        "rendered": "${{ true }}, ${{ null }}, ${{ 1.5 }}, ${{ [1, 'a'] }}, ${{ {'k': {'v': 1}} }}",
        "plain": 5,
        "nested": [{"deep": "${{ index }}"}],
        "escaped": "write $${{ name }} for a value",
        "quoted": "${{ '}}' }}",
    }
    assert resolve(given, NAMES) == {
        "items": ITEMS,
        "limit": 2,
        "folded": 2,
        "title": "HARBOUR: 2 of 3",
        "rendered": 'true, , 1.5, [1, "a"], {"k": {"v": 1}}',
        "plain": 5,
        "nested": [{"deep": 3}],
        "escaped": "write ${{ name }} for a value",
        "quoted": "}}",
    }


def test_a_result_is_never_evaluated_again():
    names = {"inputs": {"topic": "${{ steps.secret }}"}, "steps": {"secret": "s3cret"}}
    assert resolve(["${{ inputs.topic }}", "a ${{ inputs.topic }}"], names) == [
        "${{ steps.secret }}", "a ${{ steps.secret }}",
    ]  # fmt: skip


def test_an_expression_may_stand_on_several_lines():
    assert evaluate("[\n  i.title\n  for i in steps.read.items\n]", NAMES) == [
        "Tide",
        "Boat",
        "Crab",
    ]
    assert evaluate("1 +\n  2", NAMES) == 3


def test_conditions_are_true_as_in_python():
    assert is_true("${{ steps.read.items }}", NAMES)
    assert not is_true("${{ inputs.empty }}", NAMES)


def test_whether_a_value_holds_an_expression_is_found_at_any_depth():
    assert has_expression({"a": [{"b": "x ${{ y }}"}]})
    assert not has_expression({"a": ["{{ y }}", 5]})


WRONG: list[tuple[str, type[ExpressionError], str, str]] = [
    ("steps.raed.items", NameMissing, "no 'raed'", "Did you mean 'read'?"),
    ("itmes", NameMissing, "no 'itmes' here", "There is: index, inputs, run, steps, vars."),
    ("indx", NameMissing, "no 'indx' here", "Did you mean 'index'?"),
    ("steps.read.items.title", TypeMismatch, "a list has no 'title'; its elements may", "Write [0].title for the first, or [x.title for x in …] for all."),
    ("steps.skipped.items", NameMissing, "null has no 'items'", "What stands before it may be missing or skipped: default(…, …) answers that."),
    ("steps.read.items[7]", NameMissing, "no place 7 in a list of 3", "The first is [0]."),
    ("inputs.a", NameMissing, "no 'a'", "Write ['a-b']: a dash is a minus here."),
    ("inputs.from", ExpressionInvalid, "'inputs.from' cannot be read", "Write ['from'] for .from: it is a word of the language."),
    ("inputs.topic + 1", TypeMismatch, "'+' cannot add text and a number", "join([a, b]) makes one text of both; inside a text, write '… ${{ value }} …'."),
    ("'%s' % 5", TypeMismatch, "'%' needs two numbers, not text and a number", "Put the expression into the text instead: 'Hello ${{ name }}'."),
    ("null > 3", TypeMismatch, "'>' cannot compare null with a number", "Use default(…, 0) for what may be missing."),
    ("len(steps)", ExpressionInvalid, "no function 'len'", "Write size(…)."),
    ("inputs.topic.upper()", ExpressionInvalid, "values have no methods, so no .upper(…)", "Write upper(value)."),
    ("siez(steps)", ExpressionInvalid, "no function 'siez'", "Did you mean 'size'?"),
    ("inputs.topic | upper", ExpressionInvalid, "'|' is not known here", "Write function(value), and `or` for either."),
    ("true && false", ExpressionInvalid, "'true && false' cannot be read", "Write 'and' for '&&'."),
    ("!true", ExpressionInvalid, "'!true' cannot be read", "Write 'not' for '!'."),
    ("${{ size(${{ steps }}) }}", ExpressionInvalid, "'size(${{ steps }})' cannot be read", "Write the inner expression without its ${{ }}: none is evaluated a second time."),
    ("index = 3", ExpressionInvalid, "'index = 3' cannot be read", "Write '==' to compare."),
    ("index ? 1 : 2", ExpressionInvalid, "'index ? 1 : 2' cannot be read", "Write 'a if test else b' for 'test ? a : b'."),
    ("size(steps", ExpressionInvalid, "'size(steps' cannot be read", "A bracket is not closed."),
    ("f'{index}'", ExpressionInvalid, "f'…' is not known here", "Write '… ${{ value }} …', or join([…])."),
    ("lambda x: x", ExpressionInvalid, "lambda is not known here", "Use a list: [… for x in …]."),
    ("{1, 2}", ExpressionInvalid, "{…} without keys is not known here", "Write a list, and unique(…)."),
    ("(x := 5)", ExpressionInvalid, "':=' is not known here", "Use a `set` step for a name of your own."),
    ("index is 3", ExpressionInvalid, "'is' compares only with null", "Write == or !=."),
    ("round(1, digit=2)", ExpressionInvalid, "round has no 'digit'", "Did you mean 'digits'?"),
    ("replace('a', 'b')", ExpressionInvalid, "replace lacks 'new'", "It takes (text, old, new)."),
    ("lower('a', 'b')", ExpressionInvalid, "lower is given too much", "It takes (text)."),
    ("min()", ExpressionInvalid, "min needs values", "It takes (values, …)."),
    ("[x for x in 'abc']", TypeMismatch, "text is no list", "split(…) makes a list of it."),
    ("1 / 0", TypeMismatch, "division by zero", "Guard it: a / b if b != 0 else 0."),
    ("", ExpressionInvalid, "the expression is empty", ""),
    ("date('soon')", TypeMismatch, "'soon' is no date", "Write 2026-03-02 or 2026-03-02T12:00:00Z."),
    ("date('2026-01-01', zone='Europe/Lodnon')", TypeMismatch, "'Europe/Lodnon' is no time zone", "Did you mean 'Europe/London'?"),
    ("format_date(now(), '%Q')", TypeMismatch, "'%Q' is no part of a date", "There are: %Y %m %d %H %M %S %B %b %A %a %y %j %e %I %p %z %Z %%."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "message", "hint"), WRONG)
def test_a_wrong_expression_says_what_is_wrong_and_what_would_be_right(
    text: str, kind: type[ExpressionError], message: str, hint: str
):
    with pytest.raises(kind) as caught:
        evaluate(text, NAMES)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_an_error_knows_its_expression_and_the_column_in_it():
    with pytest.raises(NameMissing) as caught:
        evaluate("size(steps.read.itens) + 1", NAMES)
    assert (caught.value.expression, caught.value.column) == ("size(steps.read.itens) + 1", 6)
    assert caught.value.code == "job_execution_failed"


@pytest.mark.parametrize("opened", ["${{ a", "${{ 'a }}", "${{ [1 }}"])
def test_an_expression_that_is_never_closed_is_refused(opened: str):
    with pytest.raises(ExpressionInvalid) as caught:
        read_template(opened)
    assert caught.value.message == "this ${{ is never closed"


def test_now_is_the_moment_it_is_given_or_the_start_of_the_run():
    assert evaluate("now()", NAMES) == "2026-03-02T12:00:00.000Z"
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert evaluate("now()", NAMES, now=noon) == "2026-07-01T12:00:00.000Z"
    assert resolve(
        {"a": "${{ format_date(now(), '%H:%M', 'Europe/London') }}"}, NAMES, now=noon
    ) == {"a": "13:00"}


def test_an_object_of_the_program_is_not_data_and_cannot_be_reached():
    class Host:
        secret = "s3cret"

    for text in (
        "x",
        "x.secret",
        "[x][0]",
        "d.x",
        "d['x'].secret",
        "[y for y in l][0].secret",
        "json(d)",
        "join([d])",
    ):
        with pytest.raises(ExpressionError):
            evaluate(text, {"x": Host(), "d": {"x": Host()}, "l": [Host()]})


def test_a_compiled_expression_is_kept():
    assert compile_expression("1 + 1") is compile_expression("1 + 1")


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
)
plain = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(plain)
def test_any_plain_value_comes_through_a_lone_expression_as_it_is(value: Any):
    assert resolve("${{ x }}", {"x": value}) == value


@given(st.text(max_size=60))
@settings(max_examples=300)
def test_any_text_is_evaluated_or_refused_and_never_breaks(text: str):
    for given_text in (text, "${{ " + text + " }}"):
        with contextlib.suppress(ExpressionError):
            evaluate(given_text, NAMES)


LONG = {"text": "x" * 200_000, "list": list(range(2_000)), "words": ["w" * 1_000] * 1_000}


@pytest.mark.parametrize(
    "text",
    [
        "9**9**8", "2 ** 100000", "10.0 ** 400", "1e308 * 10", "9" * 5000,
        "[x for x in list for y in list]",
        "[x for a in list for b in list if false]",
        "[text + text for x in list]",
        "join([join(words) for x in list])",
        "replace(text, 'x', text)",
        "[replace(text, 'x', 'xx') for x in list]",
        "[text == text + '' for x in list]",
        "[contains(text, 'y') for x in list for y in list]",
        "[sort(list) for x in list]",
        "[json(words) for x in list]",
        "flatten([words for x in list])",
        "[words for x in list]",
        "{'a': [text for x in list]}",
        "[[list for x in list] for y in list]",
        "{join([x, y]): x for x in list for y in list}",
        "(" * 90 + "1" + ")" * 90 + "+1" * 70,
        "-" * 3000 + "1",
        "[" * 150 + "]" * 150,
        "not " * 900 + "true",
        "x" * 5000,
        "matches(text, '(x+x+)+y')" + " or matches(text, '(x+x+)+y')" * 80,
        "matches('x', '(((x{1,100}){1,100}){1,100}){1,100}')",
    ],
    ids=lambda text: text[:32],
)  # fmt: skip
def test_what_would_take_long_or_grow_large_is_stopped(text: str):
    with pytest.raises((LimitReached, ExpressionInvalid, TypeMismatch)):
        evaluate(text, LONG)


def test_a_long_value_may_still_be_handed_on_whole():
    assert evaluate("words", LONG) is LONG["words"]
    assert evaluate("[w for w in words]", LONG) == LONG["words"]
