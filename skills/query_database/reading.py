"""Simple questions, read without a model: every word is understood, or the question is not.

A question is about one table and those it refers to. Its words name tables, columns and values
that stand in the data, or say what to do with them (how many, total, average, highest, more than,
per). When a word is left over, nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

MOST_TABLES = 30
SAMPLE = 500
SHORTEST_VALUE = 3
_TABLE = re.compile(r"create table \"?(\w+)\"?\s*\((.*?)\n?\)\s*;", re.IGNORECASE | re.DOTALL)
_INLINE_KEY = re.compile(
    r"^\s*\"?(\w+)\"? .*?\breferences \"?(\w+)\"?\s*\(\s*\"?(\w+)", re.IGNORECASE
)
_OWN_KEY = re.compile(
    r"foreign key\s*\(\s*\"?(\w+)\"?\s*\)\s*references \"?(\w+)\"?\s*\(\s*\"?(\w+)", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+(?:\.\d+)?")
COUNT = re.compile(r"\b(?:how many|number of|count(?: of)?)\b")
SUM = re.compile(r"\b(?:how much|total|sum of|sum)\b")
MEAN = re.compile(r"\b(?:average|mean)\b")
HIGHEST = re.compile(
    r"\b(?:highest|largest|biggest|most expensive|dearest|latest|newest|maximum)\b"
)
LOWEST = re.compile(r"\b(?:lowest|smallest|cheapest|least expensive|oldest|earliest|minimum)\b")
MOST = re.compile(
    r"\b(?:has|have|had|placed|made|sent|opened|raised|got|gave|with|by)?(?: the)? ?\bmost (?!expensive)(?=\w)"
)
"""Of two tables: whose rows there are most of in the other."""
OPEN = re.compile(
    r"\b(?:(?:still|yet) )?(?:open|unanswered|unresolved|unfinished|pending|outstanding"
    r"|not (?:yet )?(?:been )?(?:answered|closed|resolved|done|finished|completed)(?: yet)?)\b"
)
ENDED = re.compile(
    r"^(?:answered|closed|resolved|done|finished|completed|settled)(?:_on|_at|_date)?$"
)
EACH = re.compile(r"\b(?:per|by each|for each|by|in each|of each)\b")
LIMIT = re.compile(r"\b(?:top|first|the)? ?(\d+)\b")
COMPARED = re.compile(
    r"\b(?:(more than|over|above|at least|greater than)|(less than|under|below|at most|fewer than)) (\d+(?:\.\d+)?)\b"
)
PRICES = re.compile(r"\b(?:expensive|dearest|cheapest|cheap)\b")
DATES = re.compile(r"\b(?:latest|newest|oldest|earliest)\b")
SHORT = re.compile(
    r"\b(?:(?:nearly|almost|about to be|close to(?: being)?|soon) (?:sold out|out of stock|gone)|running (?:low|out)(?: of stock)?"
    r"|low (?:on|in) stock|(?:in )?low stock|need(?:s)?(?: to be)? reorder(?:ing|ed)|to (?:be )?reorder(?:ed)?"
    r"|(?:below|under) (?:their|its|the) reorder (?:level|point)"
    r"|less (?:in )?stock than (?:their|its|the) reorder (?:level|point))\b"
)
GONE = re.compile(r"\b(?:(?:completely |all )?sold out|out of stock)\b")
STOCK = re.compile(
    r"^(?:stock|in_stock|on_hand|inventory|quantity|qty|units)(?:_|$)|_(?:stock|on_hand)$"
)
REORDER = re.compile(r"reorder|min(?:imum)?_(?:stock|level|quantity)|^threshold$")
_SMALL_WORDS = (
    "a all an and any are as at be database do does from give get had has have i in is it list me "
    "my of on our please show table tell that the their them there these they this to was we were "
    "what which who whose with you find currently now than row rows name names still right exactly "
    "save keep store fetch know see"
)
EMPTY = frozenset(_SMALL_WORDS.split())


class Reads(Protocol):
    """What is used of a database."""

    dialect: str

    def schema(self) -> str: ...

    def query(
        self, sql: str, *, rows: int, seconds: float
    ) -> tuple[list[str], list[tuple[Any, ...]], bool]: ...


@dataclass
class Table:
    name: str
    columns: list[str] = field(default_factory=list[str])
    numeric: list[str] = field(default_factory=list[str])
    values: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    keys: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    """Column → (table, column) that it refers to."""


@dataclass
class Asked:
    """A question on its way to being understood: words that are explained are taken out."""

    text: str

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.search(self.text)
        if found:
            self.text = f"{self.text[: found.start()]} {self.text[found.end() :]}"
        return found

    def take_word(self, name: str) -> bool:
        """Take a name of the database out, in the singular or the plural."""
        wanted = [stem(word) for word in _WORD.findall(name.replace("_", " ").lower())]
        words = [stem(word) for word in _WORD.findall(self.text)]
        for n in range(len(words) - len(wanted) + 1):
            if wanted and words[n : n + len(wanted)] == wanted:
                kept = _WORD.findall(self.text)
                self.text = " ".join(kept[:n] + kept[n + len(wanted) :])
                return True
        return False

    @property
    def rest(self) -> list[str]:
        return [word for word in _WORD.findall(self.text) if word not in EMPTY]


def read_question(source: Reads, question: str, *, name: str = "") -> str | None:
    """The SELECT that answers the question; None when not every word of it is understood."""
    tables = catalogue(source)
    quote = "`" if source.dialect == "MySQL" else '"'
    asked = Asked(question.lower().strip().rstrip("?.!"))
    asked.take(
        re.compile(rf"\b(?:in|from|of) (?:the |our )?{re.escape(name.lower())}(?: database| db)?\b")
    )
    named = [tables[one] for one in _by_place(tables, asked.text)]
    if not named:
        return None
    most = asked.take(MOST) is not None
    counted = _counted(named) if most else (named[0], None)
    if counted is None:
        return None
    table, owner = counted
    asked.take_word(table.name)
    return _Select(tables, table, asked, quote, owner).sql()


def _counted(named: list[Table]) -> tuple[Table, Table] | None:
    """Of the tables that are named, one that refers to another, and that other."""
    pairs = [(a, b) for a in named for b in named if b.name in {t for t, _ in a.keys.values()}]
    return pairs[0] if pairs else None


def catalogue(source: Reads) -> dict[str, Table]:
    """The tables with a sample of what stands in them."""
    found = dict[str, Table]()
    quote = "`" if source.dialect == "MySQL" else '"'
    for name, body in _TABLE.findall(source.schema())[:MOST_TABLES]:
        table = Table(name)
        columns, rows, _ = source.query(
            f"select * from {quote}{name}{quote}",  # noqa: S608 - a name of the schema
            rows=SAMPLE,
            seconds=5,
        )
        table.columns = columns
        for n, column in enumerate(columns):
            seen = [row[n] for row in rows if row[n] is not None]
            if seen and all(_is_number(value) for value in seen):
                table.numeric.append(column)
            elif seen and all(isinstance(value, str) for value in seen):
                table.values[column] = {value.lower() for value in seen}
        for line in body.splitlines():
            key = _OWN_KEY.search(line) or _INLINE_KEY.search(line)
            if key:
                table.keys[key[1]] = (key[2], key[3])
        found[name] = table
    return found


def stem(word: str) -> str:
    """The singular of an English plural."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")):
        return word[:-1]
    return word


class _Select:
    """One SELECT in the making."""

    def __init__(
        self,
        tables: dict[str, Table],
        table: Table,
        asked: Asked,
        quote: str,
        owner: Table | None = None,
    ) -> None:
        self.tables, self.table, self.asked, self.owner = tables, table, asked, owner
        self._quote = quote
        self._where = list[str]()
        self._joined = dict[str, tuple[str, str, str]]()
        self._unsure = False
        self._one = False
        """Only the first is asked for: "which customer", and not "which customers"."""

    def sql(self) -> str | None:
        asked = self.asked
        self._take_stock()
        self._take_values()
        self._take_open()
        compared = asked.take(COMPARED)
        counts, sums, means = asked.take(COUNT), asked.take(SUM), asked.take(MEAN)
        priced, dated = PRICES.search(asked.text), DATES.search(asked.text)
        high, low = asked.take(HIGHEST), asked.take(LOWEST)
        first = asked.take(LIMIT) if not compared else None
        group = self._group()
        wanted = bool(compared or sums or means or high or low)
        number = self._number(priced is not None, dated is not None) if wanted else ""
        if wanted and not number:
            return None
        if compared:
            sign = ">" if compared[1] else "<"
            self._where.append(
                f"{number} {sign}{'=' if 'at ' in compared[0] else ''} {compared[3]}"
            )
        shown = self._shown(number if sums or means else "", bool(counts), bool(means), group)
        if asked.rest or self._unsure:
            return None
        parts = [f"select {shown}", f"from {self._name(self.table.name)}", *self._joins()]
        if self._where:
            parts.append(f"where {' and '.join(self._where)}")
        if group:
            parts.append(f"group by {group} order by 2 desc")
            if self.owner and (first or self._one):
                parts.append(f"limit {first[1] if first else 1}")
        elif high or low:
            parts.append(f"order by {number} {'desc' if high else 'asc'}")
            parts.append(f"limit {first[1] if first else 1}")
        elif first:
            parts.append(f"limit {first[1]}")
        return " ".join(parts)

    def _shown(self, number: str, counts: bool, means: bool, group: str) -> str:
        if number:
            kind = "avg" if means else "sum"
            value = f"{kind}({number}) as {'average' if means else 'total'}"
        elif counts or group:
            value = "count(*) as count"
        else:
            named = [c for c in self.table.columns if c != "name" and self.asked.take_word(c)]
            if not named:
                return f"{self._name(self.table.name)}.*"
            kept = [c for c in self.table.columns if c in named or c == "name"]
            return ", ".join(self._column(self.table.name, c) for c in kept)
        return f"{group}, {value}" if group else value

    def _take_stock(self) -> None:
        """What is short or gone, of a table that tells how many there are and when to reorder."""
        numbers = self.table.numeric
        level = next((column for column in numbers if REORDER.search(column)), "")
        stock = next((c for c in numbers if c != level and STOCK.search(c)), "")
        if not stock:
            return
        held = self._column(self.table.name, stock)
        if level and self.asked.take(SHORT):
            self._where.append(f"{held} < {self._column(self.table.name, level)}")
        elif not SHORT.search(self.asked.text) and self.asked.take(GONE):
            self._where.append(f"{held} <= 0")

    def _take_values(self) -> None:
        """Conditions from values that stand in the data, of this table and those it refers to."""
        places = dict[str, list[tuple[str, str]]]()
        for table in (self.table, *(self.tables[t] for t, _ in self._references())):
            for column, values in table.values.items():
                for value in values - EMPTY:
                    places.setdefault(value, []).append((table.name, column))
        for value in sorted(places, key=lambda value: (-len(value), value)):
            if len(value) < SHORTEST_VALUE or not self.asked.take(_whole(value)):
                continue
            # "Paris" may be where something comes from or where it goes: then a person decides.
            self._unsure = self._unsure or len(places[value]) > 1
            table, column = places[value][0]
            self._join(table)
            self.asked.take_word(column)
            text = value.replace("'", "''")
            self._where.append(f"lower({self._column(table, column)}) = '{text}'")

    def _take_open(self) -> None:
        """What has not come to its end, of a table that tells when it did."""
        ended = next((column for column in self.table.columns if ENDED.search(column)), "")
        if ended and self.asked.take(OPEN):
            self._where.append(f"{self._column(self.table.name, ended)} is null")

    def _group(self) -> str:
        if self.owner:
            words = _WORD.findall(self.asked.text)
            self._one = any(word == stem(self.owner.name) for word in words)
            self.asked.take_word(self.owner.name)
            self._join(self.owner.name)
            label = "name" if "name" in self.owner.columns else self.owner.columns[0]
            return self._column(self.owner.name, label)
        start = EACH.search(self.asked.text)
        if not start:
            return ""
        for table in (self.table, *(self.tables[t] for t, _ in self._references())):
            for column in table.columns:
                tail = Asked(self.asked.text[start.end() :])
                named = tail.take_word(column)
                if not named and column == "name" and table is not self.table:
                    named = tail.take_word(table.name)
                if named:
                    self.asked.text = f"{self.asked.text[: start.start()]} {tail.text}"
                    self._join(table.name)
                    return self._column(table.name, column)
        return ""

    def _number(self, priced: bool, dated: bool) -> str:
        """The number or date that is meant: the one that is named, or the one a word implies."""
        table = self.table
        plain = [c for c in table.numeric if c != "id" and c not in table.keys]
        named = next((column for column in plain if self.asked.take_word(column)), "")
        if not named and priced:
            named = next((column for column in plain if "price" in column or "cost" in column), "")
        if not named and dated:
            named = next((c for c in table.columns if re.search(r"date|_on$|_at$|since", c)), "")
        return self._column(table.name, named) if named else ""

    def _references(self) -> list[tuple[str, str]]:
        return [
            (table, column)
            for column, (table, _) in self.table.keys.items()
            if table in self.tables
        ]

    def _join(self, other: str) -> None:
        for column, (table, key) in self.table.keys.items():
            if table == other and other != self.table.name:
                self._joined[other] = (column, table, key)

    def _joins(self) -> list[str]:
        return [
            f"join {self._name(table)} on {self._column(self.table.name, column)} = {self._column(table, key)}"
            for column, table, key in self._joined.values()
        ]

    def _name(self, name: str) -> str:
        return f"{self._quote}{name}{self._quote}"

    def _column(self, table: str, column: str) -> str:
        return f"{self._name(table)}.{self._name(column)}"


def _by_place(tables: dict[str, Table], text: str) -> list[str]:
    """The tables that a text names, the first one first."""
    words = [stem(word) for word in _WORD.findall(text)]
    places = dict[str, int]()
    for name in tables:
        parts = [stem(part) for part in name.lower().split("_")]
        for n in range(len(words) - len(parts) + 1):
            if words[n : n + len(parts)] == parts:
                places.setdefault(name, n)
    return sorted(places, key=lambda name: (places[name], -len(name)))


def _whole(value: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(value)}(?!\w)")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
