"""A small grammar of requests in which the text and its meaning grow together.

A rule is `order :: text`. The text has `(a|b)` alternatives, `[optional]` or `[one|of|these|or none]` parts, `{skill.slot}`
values and `{NAME}` other rules. Whatever a text happens to say is what its steps get: a limit
that an optional part left out is no argument. `order` lists the steps in which the work is done,
which is often not the order of telling; `skill?` is a step only if one of its slots was said. A rule without `order` is vocabulary: its slots belong
to the rule that uses it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

SKILLS = {
    "fetch": "fetch_feed",
    "scrape": "scrape_page",
    "extract": "extract_article",
    "rank": "rank_items",
    "sum": "summarize_items",
    "news": "compile_newsletter",
    "mail": "send_email",
    "notify": "notify",
    "http": "http_request",
    "save": "save_file",
    "search": "web_search",
    "db": "query_database",
    "ask": "ask_model",
}


@dataclass
class Step:
    """One step, or (with an `@` name) a mark of structure, and what the text says of it."""

    skill: str
    args: dict[str, Any] = field(default_factory=dict)


@dataclass
class Said:
    """A text and the steps it asks for."""

    text: str
    steps: list[Step] = field(default_factory=list)


Node = tuple[str, Any]


@cache
def parse(text: str) -> tuple[Node, ...]:
    """The tree of a rule's text."""
    nodes, end = _sequence(text, 0, "")
    if end != len(text):
        raise ValueError(f"a bracket too many in {text!r}")
    return nodes


def _sequence(text: str, at: int, stop: str) -> tuple[tuple[Node, ...], int]:
    nodes: list[Node] = []
    words = ""
    while at < len(text) and text[at] not in stop:
        char = text[at]
        if char in "([{":
            if words:
                nodes.append(("text", words))
                words = ""
            if char == "(":
                choices = []
                while True:
                    part, at = _sequence(text, at + 1, "|)")
                    if at >= len(text):
                        raise ValueError(f"an open bracket in {text!r}")
                    choices.append(part)
                    if text[at] == ")":
                        break
                nodes.append(("one", tuple(choices)))
            elif char == "[":
                choices = []
                while True:
                    part, at = _sequence(text, at + 1, "|]")
                    if at >= len(text):
                        raise ValueError(f"an open bracket in {text!r}")
                    choices.append(part)
                    if text[at] == "]":
                        break
                nodes.append(("maybe", (("one", tuple(choices)),)))
            else:
                end = text.index("}", at)
                nodes.append(("slot", text[at + 1 : end]))
                at = end
        elif char == "\\":
            at += 1
            words += text[at]
        else:
            words += char
        at += 1
    if words:
        nodes.append(("text", words))
    return tuple(nodes), at


@dataclass
class _Scope:
    steps: dict[str, Step] = field(default_factory=dict)
    parts: dict[str, list[Step]] = field(default_factory=dict)


Values = Callable[[random.Random, str], "str | tuple[str, Any]"]


class Grammar:
    """Rules by name; `values` makes the surface (and meaning) of a slot."""

    def __init__(self, rules: Mapping[str, Sequence[str]], values: Values) -> None:
        self.rules = {
            name: [self._split(rule) for rule in alternatives]
            for name, alternatives in rules.items()
        }
        self.values = values

    @staticmethod
    def _split(rule: str) -> tuple[tuple[str, ...] | None, tuple[Node, ...], float]:
        weight = 1.0
        if match := re.match(r"\*([\d.]+) ", rule):
            weight, rule = float(match[1]), rule[match.end() :]
        order, mark, text = rule.partition("::")
        if not mark:
            return None, parse(rule), weight
        return tuple(order.split()), parse(text.strip()), weight

    def say(self, rng: random.Random, name: str) -> Said:
        """One text of the rule `name`."""
        scope = _Scope()
        text, steps = self._rule(rng, name, scope)
        return Said(re.sub(r" {2,}", " ", text).strip(), steps)

    def _rule(self, rng: random.Random, name: str, outer: _Scope) -> tuple[str, list[Step]]:
        options = self.rules[name]
        order, nodes, _ = (
            options[0]
            if len(options) == 1
            else rng.choices(options, weights=[o[2] for o in options])[0]
        )
        scope = outer if order is None else _Scope()
        text = self._render(rng, nodes, scope)
        if order is None:
            return text, []
        steps: list[Step] = []
        for token in order:
            if token in scope.parts:
                steps += scope.parts[token]
                continue
            if token.isupper():
                continue  # an optional part that the text left out
            alias, _, given = token.partition("(")
            if alias.endswith("?") and alias[:-1] not in scope.steps:
                continue
            alias = alias.rstrip("?")
            made = scope.steps.pop(alias, None) or Step(SKILLS.get(alias, alias))
            for pair in filter(None, given.rstrip(")").split(",")):
                key, _, value = pair.partition("=")
                made.args.setdefault(key, ("literal", value))
            steps.append(made)
        steps += [scope.steps.pop(key) for key in list(scope.steps) if key.startswith("@")]
        lacks = any(token.startswith("@miss") for token in order)
        if scope.steps and not lacks:
            raise ValueError(f"rule {name}: slots of {list(scope.steps)} have no step")
        return text, steps

    def _render(self, rng: random.Random, nodes: tuple[Node, ...], scope: _Scope) -> str:
        out: list[str] = []
        for kind, value in nodes:
            if kind == "text":
                out.append(value)
            elif kind == "one":
                out.append(self._render(rng, rng.choice(value), scope))
            elif kind == "maybe":
                if rng.random() < 0.5:
                    out.append(self._render(rng, value, scope))
            elif "." in value:
                out.append(self._slot(rng, value, scope))
            elif value in self.rules:
                text, steps = self._rule(rng, value, scope)
                if steps:
                    scope.parts[value] = scope.parts.get(value, []) + steps
                out.append(text)
            else:
                made = self.values(rng, value)
                out.append(made if isinstance(made, str) else made[0])
        return "".join(out)

    def _slot(self, rng: random.Random, slot: str, scope: _Scope) -> str:
        alias, _, rest = slot.partition(".")
        param, _, kind = rest.partition(":")
        made = self.values(rng, kind or f"{alias}.{param}")
        surface, meaning = made if isinstance(made, tuple) else (made, made)
        step = scope.steps.setdefault(alias, Step(SKILLS.get(alias, alias)))
        if param in step.args and isinstance(step.args[param], list):
            step.args[param] += meaning if isinstance(meaning, list) else [meaning]
        else:
            step.args[param] = meaning
        return surface
