"""`assistant insight`: report, anomalies, suggestions, rebuild, views."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli import suggestions
from assistant.cli.output import ASKED_ONCE, Json, envelope, job_word, line, note, put_json, table
from assistant.cli.session import workplace
from assistant.ids import ONCE

if TYPE_CHECKING:
    from assistant.workplace import Workplace

app = typer.Typer(help="See how jobs do, and what could be better.", no_args_is_help=True)
app.add_typer(suggestions.app, name="suggestions")
JobName = Annotated[str, typer.Option("--job", metavar="JOB", help="Only this job.")]
Since = Annotated[
    str, typer.Option("--since", metavar="WHEN", help="7d, 24h, or a date like 2026-11-01.")
]
Csv = Annotated[bool, typer.Option("--csv", help="Print comma-separated values.")]
_HEADINGS = {
    "success_rate": "Success", "durations": "Seconds a run took",
    "time_since_success": "Since the last success", "failure_classes": "What runs failed of",
    "failed_calls": "What tries failed of", "cost": "Spent on models", "skill_use": "Skills",
    "model_use": "Models", "tick_outcomes": "Planned instants", "approval_waits": "Questions",
    "alert_record": "Alerts", "builder_acceptance": "Drafts", "healing_record": "Repairs",
}  # fmt: skip


@app.command()
def report(
    job: JobName = "",
    since: Since = "",
    view: Annotated[
        str, typer.Option(metavar="VIEW", help="Only this view; `insight views` names them.")
    ] = "",
    as_csv: Csv = False,
    as_json: Json = False,
) -> None:
    """Report how jobs do: success, times, failures, cost, repairs."""
    with workplace() as place:
        name, start = _job(place, job), _since(place, since)
        insight, noun = place.insight, place.settings.noun
        if as_csv and not view:
            view = "success_rate"
        found = (
            {view: insight.view(view, job=name, since=start)}
            if view
            else insight.report(job=name, since=start)
        )
    if as_json:
        put_json(envelope(found, inputs={"job": name, "since": start}))
        return
    if as_csv:
        _csv(found[view])
        return
    shown = {key: rows for key, rows in found.items() if rows}
    if not shown:
        line("Nothing has run yet." if not (name or start) else "Nothing has run there.")
    for place_of, (key, rows) in enumerate(shown.items()):
        line(f"{'' if not place_of else chr(10)}{_HEADINGS.get(key, key)}")
        silent = [name for name in rows[0] if all(row[name] in (None, "", 0) for row in rows)]
        table(tuple(rows[0]), [[_told(*cell) for cell in row.items()] for row in rows], less=silent)
    if any(row.get("job") == ONCE for rows in shown.values() for row in rows):
        line(f"\n{ASKED_ONCE}: what was answered at once, without a {noun} of its own.")


@app.command()
def anomalies(
    job: JobName = "", since: Since = "", as_csv: Csv = False, as_json: Json = False
) -> None:
    """Tell what is not as usual: of each job's last run, or of every run since a moment."""
    with workplace() as place:
        rows = place.insight.anomaly_rows(job=_job(place, job), since=_since(place, since))
    if as_json:
        put_json(envelope({"anomalies": rows}))
    elif as_csv:
        _csv(rows)
    elif rows:
        for row in rows:
            line(f"{row['at'][:16].replace('T', ' ')}  {row['kind']:<14} {row['text']}")
            line(f"{'':18}run {row['run_id']}")
    else:
        line("Everything is as usual.")


@app.command()
def rebuild(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; say which rows would change.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make all figures anew from the runs' folders, or check them."""
    with workplace() as place:
        if check:
            different = place.insight.compare()
            _tell_differences([vars(one) for one in different], as_json=as_json)
            raise typer.Exit(1 if different else 0)
        made = place.insight.rebuild()
    for folder in made.unreadable:
        note(f"{folder} cannot be read; its run was taken from the store.")
    if as_json:
        put_json(envelope(vars(made)))
        return
    rows = ", ".join(f"{count:,} {name}" for name, count in made.rows.items())
    line(f"The figures of {made.runs:,} runs are made anew: {rows}.")


@app.command()
def views(
    datasette: Annotated[
        bool, typer.Option("--datasette", help="Print metadata for `datasette --metadata`.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the named views of the store, which any SQLite reader can open."""
    from assistant.insight.datasette import metadata
    from assistant.insight.views import VIEWS

    with workplace() as place:
        path = place.settings.store_path
        if datasette:
            put_json(metadata(place.store))
            return
    rows = [{"view": view.name, "about": view.about} for view in VIEWS]
    if as_json:
        put_json(envelope({"views": rows, "store": str(path)}))
        return
    table(("view", "a row tells"), [(row["view"], row["about"]) for row in rows])
    line(f"\nThey are in {path}; `datasette {path}` shows them in a browser,")
    line("described with `assistant insight views --datasette` as its `--metadata` file.")


def _told(column: str, value: Any) -> Any:
    """A cell in words: a share is a percentage."""
    if column == "job":
        return job_word(str(value))
    is_share = column.endswith(("_rate", "_share")) or column == "acceptance"
    return f"{value:.0%}" if is_share and isinstance(value, int | float) else value


def _tell_differences(rows: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        put_json(envelope({"equal": not rows, "differences": rows}))
        return
    if not rows:
        line("The figures equal the runs' folders, row for row.")
    for row in rows:
        line(f"{row['table']}: kept {row['kept']}, made anew {row['made']}")


def _csv(rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    writer = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def _job(place: Workplace, ident: str) -> str:
    return place.jobs.get(ident).name if ident else ""


def _since(place: Workplace, text: str) -> str:
    from assistant.clock import rfc3339
    from assistant.errors import BadArguments, BindingsInvalid
    from assistant.skills.periods import moment_since

    try:
        moment = moment_since(text, place.clock.now())
        return rfc3339(moment) if moment else ""
    except BadArguments as wrong:
        raise BindingsInvalid(wrong.message, hint=wrong.hint) from wrong
    except OverflowError:
        return ""  # before all time
