"""The functions that expressions may call. Each takes plain data and gives plain data.

A function's docstring is its line in docs/expressions.md: what it does, then examples as
`expression` → `result`, which run as tests.
"""

from __future__ import annotations

# Importing a module of functions puts them into the table, in the order of the guide.
from assistant.pipeline import list_functions, text_functions, value_functions
from assistant.pipeline.function_table import FUNCTIONS, Function

__all__ = ["FUNCTIONS", "Function", "list_functions", "text_functions", "value_functions"]
