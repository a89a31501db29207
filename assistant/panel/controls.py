"""What places are built of: links, buttons that act, forms, notes, tables. Pure functions to HTML.

A button or a form carries the name of its action (`data-act`), the values that go with it, and
the command that does the same (`data-cli`). The page sends them; `desk` finds the action.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.panel.html import Html, el, join
from assistant.panel.texts import say, titled
from assistant.panel.views import TONES, state_word

LONG_TEXT = 60


def link(text: object, address: str, *, class_: str = "", **more: object) -> Html:
    return el("a", text, href=address, class_=class_ or None, **more)


def button(
    text: object,
    act: str,
    values: Mapping[str, Any] | None = None,
    *,
    cli: str = "",
    ask: str = "",
    kind: str = "quiet",
    label: str = "",
    key: str = "",
) -> Html:
    """A button that acts. `ask` is what is asked first, where the act cannot be taken back."""
    return el(
        "button", text, type="button", class_=f"button {kind}", data_act=act,
        data_values=json.dumps(values) if values else None, data_cli=cli or None,
        data_ask=ask or None, title=cli or None, aria_label=label or None, data_key=key or None,
    )  # fmt: skip


def form(
    act: str, *fields: object, cli: str = "", class_: str = "form", ask: str = "", key: str = ""
) -> Html:
    """Fields that are sent together; a submit button is among them."""
    return el(
        "form", *fields, data_act=act, data_cli=cli or None, class_=class_, data_ask=ask or None,
        data_key=key or None,
    )  # fmt: skip


def submit(text: str, *, kind: str = "primary", name: str = "", value: str = "") -> Html:
    return el(
        "button", text, type="submit", class_=f"button {kind}", name=name or None,
        value=value or None,
    )  # fmt: skip


def hidden(name: str, value: str) -> Html:
    return el("input", type="hidden", name=name, value=value)


def field(label: str, control: Html, about: object = "", *, wide: bool = False) -> Html:
    """A control under its label, with a line that explains it."""
    return el(
        "label", el("span", label, class_="label"), control,
        el("small", about) if about else None, class_="field wide" if wide else "field",
    )  # fmt: skip


def text_input(name: str, value: str = "", *, kind: str = "text", **more: object) -> Html:
    return el("input", type=kind, name=name, value=value, autocomplete="off", **more)


def area(name: str, value: str = "", *, rows: int = 4, **more: object) -> Html:
    # A page leaves out the line break that a text area begins with.
    text = f"\n{value}" if value.startswith("\n") else value
    return el("textarea", text, name=name, rows=rows, spellcheck="false", **more)


def select(name: str, options: Sequence[tuple[str, str]], value: str = "", **more: object) -> Html:
    """(value, text) pairs."""
    return el(
        "select",
        [el("option", text, value=key, selected=key == value) for key, text in options],
        name=name, **more,
    )  # fmt: skip


def check(name: str, label: str, *, on: bool = False, value: str = "yes") -> Html:
    return el(
        "label", el("input", type="checkbox", name=name, value=value, checked=on), el("span", label),
        class_="check",
    )  # fmt: skip


def filters(*controls: object) -> Html:
    """Search and filters: what is typed becomes part of the address."""
    return el("form", *controls, data_filter=True, class_="filters", role="search")


def search_box(value: str, label: str) -> Html:
    return text_input("q", value, kind="search", placeholder=label, aria_label=label, id="place-search")  # fmt: skip


def schema_fields(
    properties: Mapping[str, dict[str, Any]],
    *,
    required: Sequence[str] = (),
    given: Mapping[str, Any] | None = None,
) -> list[Html]:
    """A JSON Schema's properties as fields named `arg:<name>`; each keeps its name in the file."""
    known = given or {}
    return [
        _schema_field(name, schema, name in required, known.get(name, schema.get("default")))
        for name, schema in properties.items()
    ]


def _schema_field(name: str, schema: dict[str, Any], needed: bool, value: Any) -> Html:
    kinds = _kinds(schema)
    key, about = f"arg:{name}", str(schema.get("description", ""))
    label = titled(name) + ("" if needed else f" {say('form.optional')}")
    choices = schema.get("enum") or next(
        (part["enum"] for part in schema.get("anyOf", []) if "enum" in part), None
    )
    if choices:
        offered = [(str(choice), str(choice)) for choice in choices]
        blank = [] if needed else [("", "–")]
        return field(label, select(key, [*blank, *offered], _shown(value)), about)
    if kinds <= {"boolean"}:
        return el("div", check(key, label, on=bool(value), value="true"),
                  el("small", about) if about else None, class_="field")  # fmt: skip
    if kinds <= {"integer", "number", "null"} and kinds & {"integer", "number"}:
        step = "1" if "number" not in kinds else "any"
        return field(
            label,
            text_input(key, _shown(value), kind="number", step=step, required=needed,
                       min=schema.get("minimum"), max=schema.get("maximum")),
            about,
        )  # fmt: skip
    if kinds & {"array", "object"} or len(_shown(value)) > LONG_TEXT:
        told = _sentences(about, say("form.json") if "object" in kinds else say("form.list"))
        return field(label, area(key, _shown(value), rows=3, required=needed), told, wide=True)
    return field(label, text_input(key, _shown(value), required=needed), about)


def arguments(
    values: Mapping[str, Any], properties: Mapping[str, dict[str, Any]]
) -> dict[str, str]:
    """The typed texts of `schema_fields`, without those left empty. A box is true or false."""
    found = dict[str, str]()
    for name, schema in properties.items():
        typed = values.get(f"arg:{name}")
        if _kinds(schema) <= {"boolean"}:
            found[name] = "true" if typed else "false"
        elif isinstance(typed, str) and typed.strip():
            found[name] = typed
    return found


def _kinds(schema: Mapping[str, Any]) -> set[str]:
    """The JSON types a schema allows; `object` for one it does not say."""
    if parts := schema.get("anyOf") or schema.get("oneOf"):
        return set().union(*(_kinds(part) for part in parts))
    kind = schema.get("type") or ("string" if "enum" in schema else "object")
    return set(kind) if isinstance(kind, list) else {kind}


def _sentences(first: str, second: str) -> str:
    end = "" if not first or first.endswith((".", "?", "!", ":")) else "."
    return f"{first}{end} {second}".strip()


def _shown(value: Any) -> str:
    if value is None or value in ([], {}):
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def chip(state: str, text: str = "") -> Html:
    return el("span", text or state_word(state), class_=f"chip {TONES.get(state, '')}".strip())


def note(tone: str, *words: object) -> Html:
    return el("div", *words, class_=f"note {tone}", role="status")


def empty(title: str, text: str, *more: object) -> Html:
    """A place without content: what would be here, and how it comes."""
    return el("div", el("h2", title), el("p", text), *more, class_="empty")


def cli(*commands: str) -> Html:
    """The commands that do what this screen does."""
    return el(
        "details",
        el("summary", say("cli.title")),
        [cli_line(command, command) for command in commands],
        class_="cli", data_key="cli",
    )  # fmt: skip


def cli_line(text: str, name: str) -> Html:
    """A text to be copied whole; `name` says to a listener what it is."""
    copy = el("button", say("cli.copy"), type="button", class_="button quiet", data_copy=text,
              aria_label=say("cli.copy_label", command=name))  # fmt: skip
    return el("div", el("code", text), copy, class_="cli-line")


def table(
    head: Sequence[object], rows: Sequence[Sequence[object]], *, class_: str = "", label: str = ""
) -> Html:
    """Rows that become cards on a phone: each cell knows its column's name."""
    names = [str(cell) for cell in head]
    return el(
        "div",
        el(
            "table",
            el("thead", el("tr", [el("th", cell, scope="col") for cell in head])),
            el("tbody", [
                el("tr", [el("td", cell, data_label=names[i]) for i, cell in enumerate(row)])
                for row in rows
            ]),
            aria_label=label or None,
        ),
        class_=f"rows {class_}".strip(), tabindex="0" if label else None,
        role="region" if label else None, aria_label=label or None,
    )  # fmt: skip


def facts(pairs: Sequence[tuple[str, object]]) -> Html:
    """Names and values; an empty value leaves its line out."""
    shown = [(el("dt", name), el("dd", value)) for name, value in pairs if value not in ("", None)]
    return el("dl", shown, class_="pairs")


def card(*children: object, title: object = "", class_: str = "", foot: object = "") -> Html:
    return el(
        "section",
        el("h3", title) if title else None,
        el("div", *children, class_="card-body"),
        el("div", foot, class_="card-foot") if foot else None,
        class_=f"sheet {class_}".strip(),
    )  # fmt: skip


def page(title: object, sub: object = "", *body: object, actions: object = "", back: tuple[str, str] = ("", "")) -> Html:  # fmt: skip
    """A place: heading, one line about it, its actions, then the body."""
    text, address = back
    return el(
        "div",
        link(join("← ", text), address, class_="back") if text else None,
        el("header",
           el("div", el("h1", title), el("p", sub, class_="sub") if sub else None),
           el("div", actions, class_="actions") if actions else None, class_="place-head"),
        *body,
        class_="place",
    )  # fmt: skip


def nowhere(title: object, text: object, back: tuple[str, str]) -> Html:
    """What an address leads to at which there is nothing: why, and a button to the list of all."""
    return page(title, text, el("p", link(*back, class_="button primary")), back=back)


def code(text: str, *, label: str = "", key: str = "") -> Html:
    return el("pre", text, class_="code", tabindex="0", role="region",
              aria_label=label or say("form.text"), data_key=key or None)  # fmt: skip


def fold(title: object, *body: object, open_: bool = False, key: str = "") -> Html:
    return el("details", el("summary", title), *body, open=open_, class_="fold", data_key=key or None)  # fmt: skip


def tabs(current: str, *offered: tuple[str, str, str]) -> Html:
    """(key, text, address) of the parts of a place."""
    return el(
        "nav",
        [link(text, address, aria_current="page" if key == current else None)
         for key, text, address in offered],
        class_="parts", aria_label=say("shell.parts"),
    )  # fmt: skip
