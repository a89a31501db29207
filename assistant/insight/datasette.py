"""The metadata with which Datasette shows the store: what each table and view tells, and its order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.insight.views import FINISHED, VIEWS
from assistant.store.database import Store

_TABLES: Mapping[str, tuple[str, dict[str, Any]]] = {
    "run_facts": ("One row a run: how long it took, what it found, spent and failed of.",
                  {"sort_desc": "queued_at", "facets": ["job", "status", "fault"]}),
    "skill_calls": ("One row a try of a skill step.",
                    {"sort_desc": "started_at", "facets": ["job", "skill", "status", "host"]}),
    "model_calls": ("One row a call of a model: tokens, cost, latency, cache.",
                    {"sort_desc": "at", "facets": ["model", "purpose", "job"]}),
    "approvals": ("What runs asked people, and how long they took.", {"sort_desc": "asked_at"}),
    "files": ("What runs saved.", {}),
    "incidents": ("Failures of one cause: how often, since when.", {"sort_desc": "last_at", "facets": ["fault"]}),
    "failures": ("One row a failure, with the signature it was filed under.", {"sort_desc": "at"}),
    "patches": ("Repairs of failing steps: proposed, on trial, kept, undone.",
                {"sort_desc": "created_at", "facets": ["state", "fault", "source"]}),
    "healing_events": ("What became of repairs, moment by moment.", {"sort_desc": "at"}),
    "suggestions": ("What could be better, with its evidence.", {"facets": ["kind", "state"]}),
    "ticks": ("The planned instants of schedules, and what became of each.", {"sort_desc": "due"}),
    "alerts": ("What people were told of.", {"sort_desc": "last_at", "facets": ["kind", "state"]}),
    "drafts": ("Proposed job files.", {"sort_desc": "created_at", "facets": ["state", "template"]}),
    "jobs": ("The jobs.", {"label_column": "name"}),
    "versions": ("Accepted job files.", {"sort_desc": "created_at"}),
    "runs": ("Runs as the engine keeps them.", {"sort_desc": "queued_at", "facets": ["job", "status"]}),
    "events": ("Everything that happened in runs.", {}),
}  # fmt: skip


def metadata(store: Store) -> dict[str, Any]:
    """Metadata for `datasette --metadata`: tables and views described, working tables hidden.

    An order or a facet by a column that the store does not have is left out: Datasette would refuse
    the page.
    """
    tables = dict[str, dict[str, Any]]()
    for row in store.rows("select name from sqlite_master where type = 'table' order by name"):
        name = str(row["name"])
        if name not in _TABLES:
            tables[name] = {"hidden": True}
            continue
        about, shown = _TABLES[name]
        columns = {str(one["name"]) for one in store.rows(f"select name from pragma_table_info('{name}')")}  # noqa: S608 - a table of the store # fmt: skip
        tables[name] = {"description": about} | _known(shown, columns)
    views = {FINISHED: {"description": "Real runs that have ended: no dry ones, none under way."}}
    views |= {view.name: {"description": view.about} for view in VIEWS}
    return {
        "title": "Figures of the assistant",
        "description": "Moments are UTC; lengths are seconds; flags are 0 or 1.",
        "databases": {store.path.stem: {"tables": tables | views}},
    }


def _known(shown: dict[str, Any], columns: set[str]) -> dict[str, Any]:
    kept = {key: value for key, value in shown.items() if key == "facets" or value in columns}
    if "facets" in kept:
        kept["facets"] = [name for name in kept["facets"] if name in columns]
    return kept
