"""A figure with its bar, and how a set of them is printed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

Figure = dict[str, Any]


def figure(
    what: str, value: float, unit: str, bar: float | None = None,
    sense: Literal["at most", "at least"] = "at most",
) -> Figure:  # fmt: skip
    """One figure. Without a bar it only tells; with one, `held` says whether it is kept."""
    held = bar is None or (value <= bar if sense == "at most" else value >= bar)
    told = "" if bar is None else f"{sense} {bar:g}"
    return {"what": what, "value": round(value, 3), "unit": unit, "bar": told, "held": held}


def line(one: Figure) -> str:
    bar = f"({one['bar']} {one['unit']})" if one["bar"] else ""
    missed = "" if one["held"] else "  MISSED"
    return f"{one['what']:<34} {one['value']:>10.3f} {one['unit']:<4} {bar}{missed}"


def report(
    measure: Callable[..., Sequence[Figure]], *, texts: Mapping[str, str] = {}, **flags: str
) -> int:
    """Measure, print a table (or, with `--json`, a record); 1 when a bar is missed.

    Each of `flags`, a name with its help, is an option that `measure` takes as a keyword; each of
    `texts` is one that takes a text, empty when it is not given.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    for flag, about in flags.items():
        parser.add_argument(f"--{flag}", action="store_true", help=about)
    for name, about in texts.items():
        parser.add_argument(f"--{name}", default="", help=about)
    asked = parser.parse_args()
    figures = measure(**{name: getattr(asked, name) for name in (*flags, *texts)})
    if asked.json:
        print(json.dumps(figures, indent=2))
    else:
        print("\n".join(map(line, figures)))
    return 0 if all(one["held"] for one in figures) else 1
