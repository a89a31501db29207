"""What people write out of habit from other languages, and what to write here instead."""

from __future__ import annotations

import ast
import keyword
import re

from assistant.pipeline.functions import FUNCTIONS
from assistant.pipeline.suggest import did_you_mean, nearest

_FORMS: dict[type[ast.AST], tuple[str, str]] = {
    ast.JoinedStr: ("f'…' is not known here", "Write '… ${{ value }} …', or join([…])."),
    ast.Lambda: ("lambda is not known here", "Use a list: [… for x in …]."),
    ast.Set: ("{…} without keys is not known here", "Write a list, and unique(…)."),
    ast.SetComp: ("{… for …} without keys is not known here", "unique([… for x in …])."),
    ast.NamedExpr: ("':=' is not known here", "Use a `set` step for a name of your own."),
    ast.Await: ("await is not known here", ""),
    ast.Starred: ("'*' stands only inside a list", ""),
    ast.BitOr: ("'|' is not known here", "Write function(value), and `or` for either."),
    ast.BitAnd: ("'&' is not known here", "Write `and`."),
    ast.BitXor: ("'^' is not known here", "Write ** for a power."),
    ast.Invert: ("'~' is not known here", "Write `not`."),
    ast.LShift: ("'<<' is not known here", ""),
    ast.RShift: ("'>>' is not known here", ""),
    ast.MatMult: ("'@' is not known here", ""),
}
_FUNCTIONS = {
    "len": "size", "length": "size", "count": "size", "strip": "trim", "sorted": "sort",
    "any": "size([x for x in … if …]) > 0", "all": "size([x for x in … if not …]) == 0",
    "filter": "[x for x in … if …]", "map": "[… for x in …]", "str": "join([value])",
    "int": "round", "float": "round", "set": "unique", "format": "'… ${{ value }} …'",
    "dict": "{…}", "list": "[…]", "get": "default(record.key, …)", "tolower": "lower",
    "toupper": "upper", "startswith": "matches(text, '^…')", "endswith": "matches(text, '…$')",
    "append": "list + [value]", "items": "[[k, record[k]] for k in record]",
    "strftime": "format_date", "today": "now", "tojson": "json", "to_json": "json",
    "uniq": "unique", "distinct": "unique", "avg": "sum(…) / size(…)", "range": "slice",
}  # fmt: skip


def refusal(tree: ast.AST, *, called: bool = False) -> tuple[str, str]:
    """Message and cure for a form that the language does not have."""
    if called:
        return _no_function(tree)
    return _FORMS.get(type(tree), (f"{type(tree).__name__} is not known here", ""))


def _no_function(tree: ast.AST) -> tuple[str, str]:
    if isinstance(tree, ast.Attribute):
        name, message = tree.attr, f"values have no methods, so no .{tree.attr}(…)"
        cure = _FUNCTIONS.get(name.lower(), "")
        if name in FUNCTIONS:
            return message, f"Write {name}(value)."
        return message, f"Write {cure}{'(value)' if cure in FUNCTIONS else ''}." if cure else ""
    if not isinstance(tree, ast.Name):
        return "only the listed functions can be called", "See docs/expressions.md."
    name = tree.id
    if cure := _FUNCTIONS.get(name.lower()):
        return f"no function {name!r}", f"Write {cure}{'(…)' if cure in FUNCTIONS else ''}."
    if name.startswith("__") or not nearest(name, FUNCTIONS):
        return f"no function {name!r}", "See the list in docs/expressions.md."
    return f"no function {name!r}", did_you_mean(name, FUNCTIONS)


def syntax_cure(text: str) -> str:
    """The likely cure for a text that does not parse at all."""
    if "${{" in text:
        return "Write the inner expression without its ${{ }}: none is evaluated a second time."
    signs = {"&&": "and", "||": "or", "===": "==", "!==": "!=", "<>": "!=", "=>": ">="}
    for sign, cure in signs.items():
        if sign in text:
            return f"Write {cure!r} for {sign!r}."
    if re.search(r"!(?!=)", text):
        return "Write 'not' for '!'."
    if re.search(r"\?.*:", text):
        return "Write 'a if test else b' for 'test ? a : b'."
    if re.search(r"(?<![=!<>])=(?!=)", text):
        return "Write '==' to compare."
    for word in re.findall(r"\.(\w+)", text):
        if keyword.iskeyword(word):
            return f"Write [{word!r}] for .{word}: it is a word of the language."
    if text.count("(") != text.count(")"):
        return (
            "A bracket is not closed."
            if text.count("(") > text.count(")")
            else "A bracket too many."
        )
    if text.count("'") % 2 or text.count('"') % 2:
        return "A quotation mark is not closed."
    return ""
