"""Tables on a terminal of any width: names and moments stay whole, and words as long as they can."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

GAP = 2
LONGEST_WORD = 14
"""What is longer than this, and no name, is broken before a column is left out."""
NARROWEST = 6
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_MOMENT = re.compile(r"\d{1,2} [A-Z][a-z]{2}(?: \d{4})? \d\d:\d\d")


def show(columns: Sequence[str], rows: Sequence[Sequence[str]], less: Sequence[str] = ()) -> None:
    """Print a table as wide as the terminal at most; see `output.table`."""
    console = Console()
    kept = _kept(columns, rows, less, console.width)
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for number, width in kept.items():
        title = _title(columns[number])
        shown.add_column(title, width=width, no_wrap=number == 0, overflow="fold")
    for row in rows:
        shown.add_row(*(Text(row[number]) for number in kept))
    console.print(shown)


def _kept(
    columns: Sequence[str], rows: Sequence[Sequence[str]], less: Sequence[str], room: int
) -> dict[int, int]:
    """The columns that are shown, with their widths; those of `less` go while words would break."""
    numbers = list(range(len(columns)))
    spare = [columns.index(name) for name in less if name in columns]
    while True:
        cells = {n: [_title(columns[n]), *(row[n] for row in rows)] for n in numbers}
        words = {n: _least(n, texts) for n, texts in cells.items()}
        left = room - GAP * (len(numbers) - 1)
        if sum(words.values()) <= left or not spare:
            return _shared(cells, words, left)
        numbers.remove(spare.pop(0))


def _least(number: int, texts: Sequence[str]) -> int:
    """How narrow a column may be: a name and a moment need one line, other texts their words."""
    if number == 0:
        return max(map(cell_len, texts))
    whole = [text for text in texts if _MOMENT.fullmatch(text) or _NAME.fullmatch(text)]
    words = [word for text in texts if text not in whole for word in text.split()]
    return max([1, *map(cell_len, whole), *(min(cell_len(word), LONGEST_WORD) for word in words)])


def _shared(cells: dict[int, list[str]], words: dict[int, int], room: int) -> dict[int, int]:
    """Widths that fit: the widest give way first, down to their words; when that is not enough
    words are broken, and moments last."""
    widths = {n: max(map(cell_len, texts)) for n, texts in cells.items()}
    whole = {n: words[n] for n in cells if n == 0 or any(map(_MOMENT.fullmatch, cells[n]))}
    name = {n: words[n] for n in cells if n == 0}
    for floors in (words, dict.fromkeys(cells, NARROWEST) | whole, dict.fromkeys(cells, 1) | name):
        while sum(widths.values()) > room:
            wide = [n for n in widths if widths[n] > floors[n]]
            if not wide:
                break
            widths[max(wide, key=lambda n: widths[n])] -= 1
    return widths


def _title(column: str) -> str:
    return column.replace("_", " ")
