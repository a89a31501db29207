"""What screens and commands read of the figures, as plain data.

    insight = Insight(store, settings.runs_dir)
    insight.report(job="digest", since="2026-11-01T00:00:00.000Z")
    insight.days(), insight.durations(), insight.costs(), insight.failures()   for charts
    insight.healing_record(), insight.anomalies()

Every method takes `job` (a job's name, "" for all) and `since` (RFC 3339 UTC, "" for ever) and
leaves dry runs out. Rows are dictionaries; the columns are those of the views (`views.py`).
"""

from __future__ import annotations

import difflib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.errors import TargetUnresolved
from assistant.insight.anomalies import Anomaly, anomalies
from assistant.insight.rebuild import Difference, Rebuilt, catch_up, compare, rebuild
from assistant.insight.views import BY_NAME, put_views, rows_of
from assistant.store.database import Store

Rows = list[dict[str, Any]]
REPORT = (
    "success_rate", "durations", "time_since_success", "failure_classes", "failed_calls", "cost",
    "skill_use", "model_use", "tick_outcomes", "approval_waits", "alert_record",
    "builder_acceptance", "healing_record",
)  # fmt: skip
"""The views of a report, in its order."""


class Insight:
    """Reads the figures of a home. Opening it makes the figures of runs that have none yet."""

    def __init__(self, store: Store, runs_dir: Path) -> None:
        self.store = store
        self._runs_dir = runs_dir
        put_views(store)
        catch_up(store, runs_dir)

    # Whole

    def report(self, *, job: str = "", since: str = "") -> dict[str, Rows]:
        """The rows of every view of a report, by its name."""
        return {name: rows_of(self.store, name, job=job, since=since) for name in REPORT}

    def view(self, name: str, *, job: str = "", since: str = "") -> Rows:
        """The rows of one view. Raises TargetUnresolved with the nearest name."""
        if name not in BY_NAME:
            near = difflib.get_close_matches(name, BY_NAME, n=1)
            raise TargetUnresolved(
                f"there is no view {name[:80]!r}",
                hint=f"Did you mean {near[0]!r}?" if near else f"There is: {', '.join(BY_NAME)}.",
            )
        return rows_of(self.store, name, job=job, since=since)

    # For charts

    def days(self, *, job: str = "", since: str = "") -> Rows:
        """Success, failures, items and cost over time: a row a day (UTC) and job."""
        return rows_of(self.store, "days", job=job, since=since)

    def durations(self, *, job: str = "", since: str = "", limit: int = 500) -> Rows:
        """The latest runs, oldest first: `{run_id, job, at, status, seconds, items, cost}`."""
        rows = self.store.rows(
            "select run_id, job, queued_at as at, status, seconds, items, cost from run_facts"
            " where dry = 0 and ended_at is not null and (? = '' or job = ?) and queued_at >= ?"
            " order by queued_at desc, run_id desc limit ?",
            job, job, since, limit,
        )  # fmt: skip
        return rows[::-1]

    def costs(self, *, job: str = "", since: str = "") -> Rows:
        """What jobs spent, a run and an item."""
        return rows_of(self.store, "cost", job=job, since=since)

    def failures(self, *, job: str = "", since: str = "") -> Rows:
        """What runs failed of, by class, skill and host."""
        return rows_of(self.store, "failure_classes", job=job, since=since)

    def healing_record(self, *, job: str = "", since: str = "") -> Rows:
        """What became of proposed repairs, by class and source."""
        return rows_of(self.store, "healing_record", job=job, since=since)

    def anomalies(self, *, job: str = "", since: str = "") -> list[Anomaly]:
        """What is not as usual: of each job's last run, or of every run since a moment."""
        return anomalies(self.store, job=job, since=since)

    def anomaly_rows(self, *, job: str = "", since: str = "") -> Rows:
        """The same as dictionaries."""
        return [asdict(one) for one in self.anomalies(job=job, since=since)]

    # Made anew

    def rebuild(self) -> Rebuilt:
        """Make all figures anew from the runs' folders."""
        return rebuild(self.store, self._runs_dir)

    def compare(self) -> list[Difference]:
        """The rows that a rebuild would change."""
        return compare(self.store, self._runs_dir)
