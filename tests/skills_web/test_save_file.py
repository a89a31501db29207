"""save_file: formats by name, names that stay inside, cells that stay text."""

from __future__ import annotations

import asyncio
import csv
import io
import json

import pytest

from assistant.errors import BadArguments
from assistant.skills.calling import call, preview
from assistant.skills.folders import load_code
from assistant.skills.library import BUNDLED

SAVE = load_code(BUNDLED / "save_file")


@pytest.mark.parametrize(
    ("name", "content", "written", "kind"),
    [
        ("a.md", "# Hé", "# Hé", "text/markdown"),
        ("a.json", {"a": [1, "é"]}, '{\n  "a": [\n    1,\n    "é"\n  ]\n}\n', "application/json"),
        (
            "a.csv",
            [{"a": 1, "b": "x,y"}, {"a": 2, "c": [1]}],
            'a,b,c\n1,"x,y",\n2,,[1]\n',
            "text/csv",
        ),
        ("Bericht März (2).txt", "ok", "ok", "text/plain"),
    ],
)
async def test_the_name_decides_the_format(context, tmp_path, name, content, written, kind):
    given = (await call(SAVE, {"name": name, "content": content}, context))["artifact"]
    assert (tmp_path / "artifacts" / name).read_text() == written
    assert (given["name"], given["media_type"], given["size"]) == (
        name,
        kind,
        len(written.encode()),
    )
    assert [path.name for path in (tmp_path / "artifacts").iterdir()] == [name]


async def test_a_preview_writes_nothing(context, tmp_path):
    told = await preview(SAVE, {"name": "a.md", "content": "text"}, context)
    assert told == {"would_save": "a.md", "bytes": 4, "begins": "text"}
    assert not (tmp_path / "artifacts").exists()


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../a", "/etc/passwd", "a/b", "a\\b", "C:evil", ".hidden", "a\x00b", "a\nb",
     "con", "NUL.txt", "a.", "a ", "x" * 121, "a..b", "%2e%2e%2fa", "~root", "-rf", "a|b", "$(id)"],
)  # fmt: skip
async def test_a_name_that_could_leave_is_refused(context, tmp_path, name):
    with pytest.raises(BadArguments):
        await call(SAVE, {"name": name, "content": "x"}, context)
    assert not (tmp_path / "artifacts").exists()


async def test_nothing_is_overwritten_and_a_repeated_call_adds_nothing(context, tmp_path):
    given = [
        (await call(SAVE, {"name": "story.md", "content": text}, context))["artifact"]["name"]
        for text in ("one", "two", "one", "two", "three")
    ]
    assert given == ["story.md", "story-2.md", "story.md", "story-2.md", "story-3.md"]
    files = {path.name: path.read_text() for path in (tmp_path / "artifacts").iterdir()}
    assert files == {"story.md": "one", "story-2.md": "two", "story-3.md": "three"}
    assert context.warn == [
        f"This run has another file story.md already, so this one is {name}. In a loop, give each "
        "round a name of its own, such as one with its title."
        for name in ("story-2.md", "story-2.md", "story-3.md")
    ]


async def test_rounds_that_save_one_name_at_once_lose_nothing(context, tmp_path):
    texts = [f"round {n}" for n in range(20)]
    calls = (call(SAVE, {"name": "story.md", "content": text}, context) for text in texts)
    names = {given["artifact"]["name"] for given in await asyncio.gather(*calls)}
    assert len(names) == 20
    assert sorted(p.read_text() for p in (tmp_path / "artifacts").iterdir()) == sorted(texts)


async def test_a_numbered_name_is_no_longer_than_a_name_may_be(context):
    name = "é" * 58 + ".md"
    for text in ("one", "two"):
        given = (await call(SAVE, {"name": name, "content": text}, context))["artifact"]["name"]
    assert given == "é" * 57 + "-2.md"


async def test_a_table_is_made_of_records(context):
    with pytest.raises(BadArguments, match="made of a list of records"):
        await call(SAVE, {"name": "a.csv", "content": ["x"]}, context)


@pytest.mark.external
async def test_no_published_path_is_written(context, tmp_path, shared_data):
    lines = (shared_data / "security_payloads" / "path_traversal.jsonl").read_text().splitlines()
    for line in lines:
        with pytest.raises(BadArguments):
            await call(SAVE, {"name": json.loads(line)["path"], "content": "x"}, context)
    assert not (tmp_path / "artifacts").exists()


@pytest.mark.external
async def test_no_published_formula_stays_one(context, tmp_path, shared_data):
    lines = (shared_data / "security_payloads" / "csv_formula.jsonl").read_text().splitlines()
    cells = [next(iter(json.loads(line).values())) for line in lines]
    await call(SAVE, {"name": "a.csv", "content": [{"cell": cell} for cell in cells]}, context)
    rows = list(csv.reader(io.StringIO((tmp_path / "artifacts" / "a.csv").read_text())))[1:]
    assert len(rows) == len(cells)
    assert [row for row in rows if row[0].lstrip()[:1] in "=+-@" or row[0][:1] in "\t\r"] == []
