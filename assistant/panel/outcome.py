"""What a run gave, as a person reads it: stories as links, rows as a table, texts as texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.engine.values import Values as KeptValues
from assistant.errors import AssistantError
from assistant.ids import ONCE
from assistant.job.once import RESULT
from assistant.panel import controls, views
from assistant.panel.debug_views import pretty
from assistant.panel.html import Html, el, join
from assistant.panel.reading import Reader
from assistant.panel.texts import say, titled
from assistant.store.runs import AttemptRow, RunRow

MOST_ROWS = 50
LONGEST_TEXT = 20_000
LONGEST_CELL = 240
DEEPEST = 3
FILES = frozenset({"artifacts"})
"""Listed with the files of the run."""
NOTHING = (None, "", [], {})
PLAIN = frozenset({"items", "text"})
"""What skills give; it needs no heading."""
LETTER = frozenset({"html", "markdown", "text"})


def card(reader: Reader, given: Mapping[str, Any], *, seen: bool = False) -> Html:
    """Outputs in words, with what they are to a program folded below. `seen`: the page that the run
    made is shown already."""
    whole = pretty(given)
    cut = whole[:LONGEST_TEXT]
    if left := len(whole) - len(cut):
        cut += f"\n… {say('run.more_text', n=f'{left:,}')}"
    return controls.card(
        readable(reader, given, seen=seen),
        controls.fold(say("outcome.json"), controls.code(cut, label=say("outcome.json")), key="outputs-json"),
        title=say("run.outputs"), class_="outcome",
    )  # fmt: skip


def readable(reader: Reader, given: Mapping[str, Any], *, seen: bool = False) -> Html:
    """Outputs without their JSON. What the one call of a skill gave needs no heading."""
    alone = given[RESULT] if list(given) == [RESULT] else given
    return _Telling(reader, seen).told(alone)


def given(run: RunRow, attempts: list[AttemptRow]) -> dict[str, Any]:
    """The outputs; of what was asked once and names none, what its last step gave or would do."""
    if run.outputs or run.job != ONCE or not attempts:
        return run.outputs
    last: Any = attempts[-1].output
    return last if isinstance(last, dict) else {}


def whole(reader: Reader, run: RunRow, value: Any) -> Any:
    """A value with what the store has put into files of its own."""
    try:
        folder = reader.place.settings.run_dir(run.job, run.id)
        return KeptValues(folder / "values").whole(value)
    except (AssistantError, OSError):
        return value  # its file has been cleaned away; what the store keeps is shown


class _Telling:
    def __init__(self, reader: Reader, seen: bool) -> None:
        self._reader = reader
        self._left_out = FILES | LETTER if seen else FILES

    def told(self, value: Any, depth: int = 0) -> Html:
        """Any value; one that is nested too deep is JSON."""
        match value:
            case _ if value in NOTHING:
                return el("p", say("outcome.nothing"), class_="soft")
            case str() | bool() | int() | float():
                return el("div", _one(value, LONGEST_TEXT), class_="told")
            case _ if depth > DEEPEST:
                return controls.code(pretty(value)[:LONGEST_TEXT])
            case list():
                return self._several(value, depth)
            case dict():
                return self._record(value, depth)
            case _:
                return controls.code(pretty(value)[:LONGEST_TEXT])

    def _several(self, values: list[Any], depth: int) -> Html:
        shown, left = values[:MOST_ROWS], len(values) - MOST_ROWS
        more = el("p", say("outcome.more", n=f"{left:,}"), class_="soft") if left > 0 else None
        records = [value for value in shown if isinstance(value, dict)]
        if len(records) < len(shown):
            plain = [
                self.told(v, depth + 1) if isinstance(v, list | dict) else _one(v) for v in shown
            ]
            return join(el("ul", [el("li", one) for one in plain], class_="plain lines"), more)
        if all(record.get("title") or record.get("url") for record in records):
            return join(
                el("ol", [self._story(r) for r in records], class_="plain lines stories"), more
            )
        return join(_table(_columns(records), records), more)

    def _story(self, item: Mapping[str, Any]) -> Html:
        """A story, a post, a row of a page: its title leads to it."""
        title, url = str(item.get("title") or item.get("url")), str(item.get("url") or "")
        about = [str(item[key]) for key in ("source", "author") if item.get(key)]
        published = str(item.get("published") or "")
        told = " · ".join([*about, *([self._when(published)] if published else [])])
        said = str(item.get("summary") or item.get("text") or "")
        return el(
            "li", el("b", _link(title, url)), el("small", told) if told else None,
            el("p", _cut(said)) if said else None,
        )  # fmt: skip

    def _when(self, moment: str) -> str:
        try:
            return self._reader.when(moment)
        except ValueError:
            return moment

    def _record(self, record: Mapping[str, Any], depth: int) -> Html:
        """What is long or many stands under its name; what is short is told in one list."""
        if "html" not in self._left_out and isinstance(record.get("html"), str):
            return Html(views.letter(record["html"], str(record.get("title") or "")))
        if isinstance(record.get("rows"), list) and isinstance(record.get("columns"), list):
            return self._rows(record)
        full = {
            key: value
            for key, value in record.items()
            if value not in NOTHING and key not in self._left_out
        }
        long = {key: value for key, value in full.items() if key in PLAIN or _is_long(value)}
        short = [(titled(key), _one(value)) for key, value in full.items() if key not in long]
        if not full or (len(long) == 1 and not short):
            return self.told(next(iter(long.values()), None), depth + 1)
        parts = [
            join(None if key in PLAIN else el("h4", titled(key)), self.told(value, depth + 1))
            for key, value in long.items()
        ]
        return join(*parts, controls.facts(short) if short else None)

    def _rows(self, found: Mapping[str, Any]) -> Html:
        """What a database answered."""
        rows = [row for row in found["rows"] if isinstance(row, dict)]
        columns = [str(column) for column in found["columns"]]
        facts = [
            (titled(key), _one(value)) for key, value in found.items()
            if key not in ("rows", "columns") and value not in (None, "", False)
        ]  # fmt: skip
        left = len(rows) - MOST_ROWS
        return join(
            _table(columns, rows[:MOST_ROWS]) if rows else self.told([]),
            el("p", say("outcome.more", n=f"{left:,}"), class_="soft") if left > 0 else None,
            controls.facts(facts),
        )  # fmt: skip


def _table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Html:
    cells = [[_one(row.get(column)) for column in columns] for row in rows]
    return controls.table(columns, cells, label=say("run.outputs"))


def _columns(records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Every key, in the order in which they come."""
    return list(dict.fromkeys(key for record in records for key in record))


def _is_long(value: Any) -> bool:
    return isinstance(value, list | dict) or (isinstance(value, str) and len(value) > LONGEST_CELL)


def _one(value: Any, longest: int = LONGEST_CELL) -> Html | str:
    """A value in a line or a cell."""
    match value:
        case None:
            return "–"
        case bool():
            return say("outcome.yes" if value else "outcome.no")
        case str():
            return _link(_cut(value, longest), value)
        case list() | dict():
            return _cut(pretty(value))
        case _:
            return str(value)


def _cut(text: str, longest: int = LONGEST_CELL) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"


def _link(text: str, address: str) -> Html | str:
    """Addresses of the web only: whatever else a page may call a link is text."""
    if not address.startswith(("http://", "https://")) or len(address.split()) != 1:
        return text
    return el("a", text, href=address, target="_blank", rel="noopener noreferrer")
