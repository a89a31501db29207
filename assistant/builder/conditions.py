"""Conditions in words as expressions: more than three, at least one, something about a thing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assistant.builder.measures import condition
from assistant.grounding.languages import fold
from assistant.ids import slug

_SIGNS = {"any": (">", "=="), "none": ("==", ">"), "above": (">", "<="), "below": ("<", ">=")}
_AT_LEAST = re.compile(
    r"at least|no fewer|no less|or more|minimum|mindestens|au moins|al menos|como minimo|almeno|"
    r"pelo menos|no minimo|minstens|ten minste"
)
_AT_MOST = re.compile(
    r"at most|no more than|or fewer|or less|hochstens|au plus|como maximo|al massimo|no maximo|hooguit"
)


TEXTUAL = ("contains", "lacks")
"""Tests of what a text says. `lacks` is only read from words: a small model turns it round."""


def conditions(
    values: Mapping[str, Any], before: tuple[str, str], wording: str = ""
) -> tuple[str, str]:
    """The condition and its opposite, as expressions. `before`: the kind of what is judged, and
    the expression that gives it."""
    test = str(values.get("test", "any"))
    kind, subject = before
    what, than = str(values.get("what", "")), values.get("than")
    number = than if isinstance(than, int | float) else 0
    counted = f"size({subject})" if kind in ("Item[]", "rows", "text", "list") else subject
    if test == "status" and kind == "Response":
        is_it = f"default({subject}.status, 0) == {number}"
        other = f"default({subject}.status, 0) != {number}"
        holds, not_so = (other, is_it) if what == "not" else (is_it, other)
        return f"${{{{ {holds} }}}}", f"${{{{ {not_so} }}}}"
    if kind == "rows" and values.get("figure"):
        counted = f"number(default(values({subject}[0])[0], 0))"
    if kind == "Item[]" and values.get("measure"):
        counted = condition(subject, values)
    elif kind == "Response" and test in ("above", "below") and what:
        counted = f"{subject}.data.{slug(what).replace('-', '_')}"
    elif kind == "Response":
        counted = f"size(default({subject}.text, ''))"
    if test in TEXTUAL and what:
        text = {"Item[]": f"json({subject})", "rows": f"json({subject})"}.get(kind, subject)
        text = f"{subject}.text" if kind == "Response" else text
        inner = f"contains(lower({text}), {lower_text(what)})"
        there, missing = f"${{{{ {inner} }}}}", f"${{{{ not {inner} }}}}"
        return (missing, there) if test == "lacks" else (there, missing)
    signs = _SIGNS
    if test == "above" and _AT_LEAST.search(wording):
        signs = signs | {"above": (">=", "<")}
    if test == "below" and _AT_MOST.search(wording):
        signs = signs | {"below": ("<=", ">")}
    yes, no = signs.get(test, signs["any"])
    number = number if test in ("above", "below") else 0
    return f"${{{{ {counted} {yes} {number} }}}}", f"${{{{ {counted} {no} {number} }}}}"


_FIGURE = re.compile(
    r"(?<!\w)(?:how (?:many|much)|number of|count\w*|total|sum|average|mean|wie ?viele?|anzahl|summe|gesamt\w*|durchschnitt\w*|combien|nombre|somme|cuant\w+|numero|suma|quant[aieo]s?|somma|soma|hoeveel|aantal|totaal)(?!\w)"
)
_GROUPED = re.compile(
    r"(?<!\w)(?:per|each|every|by \w+|pro|je|par|por|cada|ogni|chaque|elk\w*)(?!\w)"
)


def asks_figure(question: str) -> bool:
    """Whether a question is answered by one number: "how many loans are overdue"."""
    folded = fold(question)
    return bool(_FIGURE.search(folded)) and not _GROUPED.search(folded)


def reason(values: Mapping[str, Any]) -> str:
    """Why a run stops when the condition does not hold."""
    test, than = str(values.get("test", "any")), values.get("than")
    return {
        "status": f"the answer is {than}" if values.get("what") == "not" else f"no {than}",
        "any": "nothing new",
        "none": "there is something already",
        "above": f"no more than {than}",
        "below": f"{than} or more",
        "contains": f"nothing with {str(values.get('what', 'it'))!r}",
        "lacks": f"{str(values.get('what', 'it'))!r} is there",
    }.get(test, "the condition does not hold")


def only_with(items: str, what: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a step, with only those of the items (an expression) that say something."""
    chosen = f"[one for one in {items} if contains(lower(json(one)), {lower_text(what)})]"
    whole = f"${{{{ {items} }}}}"
    return {
        name: f"${{{{ {chosen} }}}}"
        if value == whole
        else value.replace(f"for i in {items}]", f"for i in {chosen}]")
        if isinstance(value, str)
        else value
        for name, value in arguments.items()
    }


def lower_text(what: str) -> str:
    """A text as a literal of the expression language, in small letters."""
    clean = re.sub(r"[\\'\n]", " ", what.lower())
    return f"'{clean.strip()}'"
