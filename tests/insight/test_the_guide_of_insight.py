"""The guide names every table, column, view, anomaly and suggestion that there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.insight.rebuild import TABLES
from assistant.insight.views import BY_NAME
from assistant.settings import PROJECT
from assistant.store.database import Store

GUIDE = (PROJECT / "docs" / "insight.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", TABLES)
def test_every_column_of_a_table_is_explained(store: Store, table: str):
    columns = {row["name"] for row in store.rows(f"select name from pragma_table_info('{table}')")}
    assert f"`{table}`" in GUIDE
    assert {name for name in columns - {"id"} if f"`{name}`" not in GUIDE} == set()


@pytest.mark.parametrize("view", BY_NAME)
def test_every_view_is_explained(view: str):
    assert f"| `{view}` |" in GUIDE


@pytest.mark.parametrize(
    ("file", "called"),
    [
        ("insight/anomalies.py", r"(?:_anomaly\(|Anomaly\(\n?\s+)\"(\w+)\""),
        ("suggestions/timing.py", r"Finding\(\n\s+\"(\w+)\""),
        ("suggestions/failing.py", r"Finding\(\n\s+\"(\w+)\""),
        ("suggestions/shared.py", r"Finding\(\n\s+\"(\w+)\""),
    ],
)
def test_every_kind_of_anomaly_and_suggestion_is_explained(file: str, called: str):
    text = (Path(PROJECT) / "assistant" / file).read_text(encoding="utf-8")
    kinds = set(re.findall(called, text))
    assert kinds
    assert {kind for kind in kinds if f"| `{kind}` |" not in GUIDE} == set()
