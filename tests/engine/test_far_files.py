"""The place for files that all machines reach: a shared folder, and S3's protocol over the wire."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from moto.server import ThreadedMotoServer

from assistant.errors import InternalError
from assistant.settings import Settings, prepare
from assistant.store.far_files import FarFiles
from tests.engine.conftest import Bench
from tests.engine.machines import Machine


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server that speaks S3; gives its address."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of an empty place in a bucket; the keys are in the environment."""
    for name, value in {
        "AWS_ENDPOINT_URL": server, "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "word",
        "AWS_REGION": "us-east-1", "AWS_ALLOW_HTTP": "true",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    httpx.post(f"{server}/moto-api/reset").raise_for_status()
    httpx.put(f"{server}/runs").raise_for_status()
    return "s3://runs/ours"


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "folder":
        return (tmp_path / "shared").as_uri()
    return str(request.getfixturevalue("bucket"))


def test_a_file_comes_back_as_it_was_sent(place: str, tmp_path: Path) -> None:
    files, local = FarFiles(place), tmp_path / "letter.bin"
    local.write_bytes(bytes(range(256)) * 40_000)  # 10 MB: more than one part of an upload
    files.send(local, "job/run-1/artifacts/letter.bin")
    again = FarFiles(place)
    assert again.fetch("job/run-1/artifacts/letter.bin", tmp_path / "back" / "letter.bin")
    assert (tmp_path / "back" / "letter.bin").read_bytes() == local.read_bytes()
    assert sorted(path.name for path in (tmp_path / "back").iterdir()) == ["letter.bin"]


def test_a_place_is_tried_without_a_trace(place: str, tmp_path: Path) -> None:
    FarFiles(place).probe()
    FarFiles(place).send(Path(__file__), "job/run-1/x.md")
    assert [p.name for p in (tmp_path / "shared").glob("*")] == ["job"] * place.startswith("file")


def test_a_file_that_is_not_there_is_not_fetched(place: str, tmp_path: Path) -> None:
    assert not FarFiles(place).fetch("job/run-1/artifacts/x.md", tmp_path / "x.md")
    assert [path.name for path in tmp_path.rglob("*x.md*")] == []


def test_a_runs_files_are_deleted_and_no_others(place: str, tmp_path: Path) -> None:
    files, local = FarFiles(place), tmp_path / "a.txt"
    local.write_text("a")
    for run in ("run-1", "run-10"):
        files.send(local, f"job/{run}/artifacts/a.txt")
        files.send(local, f"job/{run}/values/b.json")
    files.remove("job/run-1")
    files.remove("job/run-1")
    files.remove("job/never")
    left = [
        files.fetch(f"job/{run}/artifacts/a.txt", tmp_path / run) for run in ("run-1", "run-10")
    ]
    assert left == [False, True]


def test_a_bucket_that_is_not_there_is_said(bucket: str, tmp_path: Path) -> None:
    local = tmp_path / "a.txt"
    local.write_text("a")
    with pytest.raises(InternalError, match=r"a\.txt could not be put to s3://other/x"):
        FarFiles("s3://other/x").send(local, "a.txt")


@pytest.mark.postgres
async def test_a_run_made_elsewhere_comes_home_through_s3(
    url: str, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENGINE_CALLS", str(tmp_path / "calls"))
    settings = Settings(home=tmp_path / "home", database_url=url, artifacts_url=bucket)
    prepare(settings)
    home = Bench(settings, tmp_path / "calls")
    await home.open(secrets={})
    machine = Machine(tmp_path / "far", url, bucket)
    try:
        run_id = await home.start(
            "  - {id: big, skill: big, with: {size: 200000}}\n"
            "  - {id: letter, skill: letter, with: {title: T, items: [x]}}\n"
        )
        await home.until(lambda: home.runs.get(run_id).ended, 60)
        assert (home.runs.get(run_id).status, home.runs.get(run_id).worker) == (
            "succeeded", machine.name,
        )  # fmt: skip
        folder = settings.run_dir("small", run_id)
        assert (folder / "artifacts" / "letter.md").read_text() == "# T\nx"
        assert len(list((folder / "values").iterdir())) == 1
    finally:
        machine.end()
        await home.close()
        home.store.close()
