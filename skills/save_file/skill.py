"""Save a text, a table or data as a file of the run."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from typing import Annotated, Any

from pydantic import Field

from assistant.errors import BadArguments
from assistant.skills.context import SkillContext
from assistant.skills.door import Example, skill
from assistant.skills.files import safe_name
from assistant.skills.records import Artifact, ArtifactResult
from assistant.skills.sheets import guarded

SHOWN = 400


def preview(context: SkillContext, name: str, content: Any) -> dict[str, Any]:
    """What would be written, and nothing is."""
    text = as_text(safe_name(name), content)
    return {"would_save": name, "bytes": len(text.encode()), "begins": text[:SHOWN]}


def already_done(context: SkillContext, name: str, content: Any) -> None:
    """Writing the same content again gives the same file, so a second call is always safe."""
    return


@skill(
    effect="write",
    patchable=("name",),
    preview=preview,
    already_done=already_done,
    examples=(
        Example(
            "save the summary as summary.md",
            {"name": "summary.md", "content": "# Today\n\nThree stories."},
        ),
        Example(
            "write the stories to a csv file",
            {"name": "stories.csv", "content": "${{ steps.read.items }}"},
        ),
        Example(
            "keep the result as a file called notes.txt",
            {"name": "notes.txt", "content": "${{ steps.ask.text }}"},
        ),
        Example(
            "store the rows in data.json",
            {"name": "data.json", "content": "${{ steps.query.rows }}"},
        ),
    ),
    timeout=30,
)
def save_file(
    context: SkillContext,
    name: Annotated[str, Field(description="File name such as report.md; no folders")],
    content: Annotated[
        str | list[Any] | dict[str, Any],
        Field(description="Text as it is; records for .csv; anything else becomes JSON"),
    ],
) -> ArtifactResult:
    """Save a text, a table or data as a file of the run."""
    wanted = safe_name(name)
    saved = context.artifacts.add(wanted, as_text(wanted, content))
    if saved.name != wanted:
        context.warn(
            f"This run has another file {wanted} already, so this one is {saved.name}. In a loop, "
            "give each round a name of its own, such as one with its title."
        )
    return ArtifactResult(artifact=Artifact(**asdict(saved)))


def as_text(name: str, content: Any) -> str:
    """The file's text: CSV for records under a .csv name, JSON for other data."""
    if isinstance(content, str):
        return content
    if name.lower().endswith(".csv"):
        return _table(content)
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _table(content: Any) -> str:
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        raise BadArguments(
            "content: a .csv file is made of a list of records.",
            hint="Give a list such as items or rows, or a name ending in .json.",
        )
    columns = list(dict.fromkeys(key for row in content for key in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([guarded(column) for column in columns])
    writer.writerows([guarded(row.get(column, "")) for column in columns] for row in content)
    return out.getvalue()
