"""Reads one mapping of a job file key by key, and notes each thing that does not fit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from assistant.errors import Problem
from assistant.pipeline.document import Document, Place
from assistant.pipeline.durations import seconds, written
from assistant.pipeline.plain import kind_of
from assistant.pipeline.suggest import did_you_mean

_EXPECTED = {
    str: "text", int: "a whole number", float: "a number", bool: "true or false",
    list: "a list", dict: "a mapping of keys to values",
}  # fmt: skip


class Notes:
    """The problems of one file, each with its line, column, step and key."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = list(document.problems)

    def blame(
        self, place: Place, message: str, hint: str = "", *, step: str = "", key: str = "",
        code: str = "job_invalid_spec", at_key: bool = False, shift: int = 0,
    ) -> None:  # fmt: skip
        """Note a problem with the value at `place`; `shift` moves on inside its text."""
        mark = self.document.mark(place, key=at_key)
        self.problems.append(
            Problem(code, message, mark.line, mark.column + shift, step=step, key=key, hint=hint)
        )


class Fields:
    """The keys of one mapping. A key that nobody asks for is reported by `finish`."""

    def __init__(
        self, notes: Notes, place: Place, value: Any, *, step: str = "", what: str
    ) -> None:
        self.notes = notes
        self.place = place
        self.step = step
        self.what = what
        self.known: set[str] = set()
        self.values: dict[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.blame("", f"{what} is {_EXPECTED[dict]}, not {kind_of(value)}")

    def blame(
        self, key: str, message: str, hint: str = "", *, at_key: bool = False,
        code: str = "job_invalid_spec",
    ) -> None:  # fmt: skip
        place = (*self.place, key) if key else self.place
        self.notes.blame(place, message, hint, step=self.step, key=key, at_key=at_key, code=code)

    def get(self, key: str) -> Any:
        """The value, and the promise that the key is one we know."""
        self.known.add(key)
        return self.values.get(key)

    def _typed(self, key: str, kind: type, *, required: bool = False) -> Any:
        value = self.get(key)
        if value is None:
            if required or key in self.values:
                self.blame(key, f"{self.what} needs {key!r}: {_EXPECTED[kind]}",
                           f"Add `{key}: …`." if key not in self.values else "Write a value, or leave the key out.",
                           at_key=key in self.values)  # fmt: skip
            return None
        if kind is float and type(value) is int:
            return float(value)
        if type(value) is not kind:
            quoting = (
                "Put it into quotes." if kind is str and type(value) in (int, float, bool) else ""
            )
            self.blame(key, f"{key!r} is {_EXPECTED[kind]}, not {kind_of(value)}", quoting)
            return None
        return value

    def text(self, key: str, *, required: bool = False) -> str | None:
        value: str | None = self._typed(key, str, required=required)
        if value is not None and not value.strip():
            self.blame(key, f"{key!r} is empty", "Write a text, or leave the key out.")
            return None
        return value

    def flag(self, key: str) -> bool:
        return bool(self._typed(key, bool))

    def mapping(self, key: str, *, required: bool = False) -> dict[str, Any] | None:
        return self._typed(key, dict, required=required)

    def items(self, key: str, *, required: bool = False) -> list[Any] | None:
        return self._typed(key, list, required=required)

    def whole(self, key: str, low: int, high: int) -> int | None:
        return self._within(key, self._typed(key, int), low, high)

    def number(self, key: str, low: float, high: float) -> float | None:
        return self._within(key, self._typed(key, float), low, high)

    def _within(self, key: str, value: Any, low: float, high: float) -> Any:
        if value is not None and not low <= value <= high:
            self.blame(key, f"{key!r} is {value}, not between {low:,} and {high:,}",
                       f"Write a number from {low:,} to {high:,}.")  # fmt: skip
            return None
        return value

    def duration(self, key: str, low: float, high: float) -> float | None:
        value = self.get(key)
        if value is None:
            return None
        try:
            if type(value) is bool:
                raise ValueError
            length = seconds(value)
        except ValueError:
            self.blame(key, f"{key!r} is a length of time, not {value!r}", "Write 30s, 5m or 1h.")
            return None
        if not low <= length <= high:
            least, most = written(low), written(high)
            self.blame(key, f"{key!r} of {value} is not between {least} and {most}",
                       f"Write a length from {least} to {most}.")  # fmt: skip
            return None
        return length

    def choice(self, key: str, options: Iterable[str]) -> str | None:
        value = self.text(key)
        if value is not None and value not in options:
            self.blame(key, f"{key!r} cannot be {value!r}", did_you_mean(value, options))
            return None
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text stands for a list of one."""
        value = self.get(key)
        if value is None:
            return ()
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(v, str) and v for v in found):
            self.blame(key, f"{key!r} is a list of texts", f"Write `{key}: [one, two]`.")
            return ()
        return tuple(found)

    def finish(self) -> None:
        """Report every key that is not known."""
        for key in self.values:
            if key not in self.known:
                self.blame(key, f"{self.what} has no key {key!r}",
                           did_you_mean(key, self.known), at_key=True)  # fmt: skip
