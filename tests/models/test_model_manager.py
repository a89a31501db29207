"""Pulling, listing, choosing and removing model files, against a server that is like the hub."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant import settings as settings_module
from assistant.errors import CannotDo, ModelUnavailable, RequestWrong, TryAgain
from assistant.models import download
from assistant.models.download import DownloadDamaged, hub_url, pull
from assistant.models.manager import RECOMMENDED, installed, remove, source_of, use
from assistant.models.registry import ModelRegistry
from assistant.settings import Settings

WHAT = "maker/tiny-GGUF/tiny-q8.gguf"


class Hub:
    """A hub and its file host in one: redirects, ranges, hashes, and trouble when told to."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.size = len(content)
        self.ranges: list[str] = []
        self.break_after: list[int] = []
        self.knows_ranges = True
        hub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self) -> None:
                self._answer(body=False)

            def do_GET(self) -> None:
                self._answer(body=True)

            def _answer(self, *, body: bool) -> None:
                if self.path == f"/{WHAT.replace('GGUF/', 'GGUF/resolve/main/')}":
                    self.send_response(302)
                    self.send_header("location", "/files/blob?token=1")
                    self.send_header("x-linked-etag", f'"{hub.sha256}"')
                    self.send_header("x-linked-size", str(hub.size))
                    self.send_header("content-length", "0")
                    self.end_headers()
                elif self.path.startswith("/files/"):
                    self._file(body)
                else:
                    self.send_response(404)
                    self.send_header("content-length", "0")
                    self.end_headers()

            def _file(self, body: bool) -> None:
                asked = self.headers.get("range", "")
                if body:
                    hub.ranges.append(asked)
                start = int(asked[6:-1]) if asked and hub.knows_ranges else 0
                data = hub.content[start:]
                self.send_response(206 if start else 200)
                self.send_header("content-length", str(len(data)))
                self.send_header("content-type", "application/octet-stream")
                self.end_headers()
                if not body:
                    return
                if hub.break_after:
                    self.wfile.write(data[: hub.break_after.pop(0)])
                    self.wfile.flush()
                    self.connection.close()
                    self.close_connection = True
                    return
                self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                return

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                return

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def hub(model_folder: Path) -> Iterator[Hub]:
    made = Hub((model_folder / "tiny.gguf").read_bytes())
    threading.Thread(target=made.server.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def near(settings: Settings, hub: Hub) -> Settings:
    """Settings that let the guarded client reach the hub on loopback."""
    return settings.model_copy(update={"allow_origins": (hub.url,)})


async def test_a_file_is_pulled_with_progress_and_checked(near: Settings, hub: Hub):
    seen: list[tuple[int, int]] = []
    path = await pull(near, WHAT, hub=hub.url, on_progress=lambda *told: seen.append(told))
    assert (path.name, path.read_bytes()) == ("tiny-q8.gguf", hub.content)
    assert seen[-1] == (hub.size, hub.size)
    assert [file.name for file in near.models_dir.iterdir()] == ["tiny-q8.gguf"]


async def test_a_cut_connection_goes_on_where_it_broke(near: Settings, hub: Hub):
    hub.break_after = [100_000, 50_000]
    path = await pull(near, WHAT, hub=hub.url, pause=0)
    assert path.read_bytes() == hub.content
    assert len(hub.ranges) == 3
    assert hub.ranges[0] == ""
    assert all(asked.startswith("bytes=") for asked in hub.ranges[1:])


async def test_a_later_pull_goes_on_with_what_an_earlier_one_left(near: Settings, hub: Hub):
    hub.break_after = [100_000] + [0] * 20
    with pytest.raises(TryAgain, match="keeps breaking"):
        await pull(near, WHAT, hub=hub.url, pause=0)
    hub.break_after, hub.ranges[:] = [], []
    path = await pull(near, WHAT, hub=hub.url, pause=0)
    assert path.read_bytes() == hub.content
    assert hub.ranges[0] != ""


async def test_a_host_without_ranges_begins_again(near: Settings, hub: Hub):
    hub.break_after, hub.knows_ranges = [100_000], False
    assert (await pull(near, WHAT, hub=hub.url, pause=0)).read_bytes() == hub.content


async def test_a_wrong_hash_keeps_nothing(near: Settings, hub: Hub):
    hub.sha256 = "0" * 64
    with pytest.raises(DownloadDamaged, match="damaged on the way"):
        await pull(near, WHAT, hub=hub.url)
    assert list(near.models_dir.iterdir()) == []


async def test_what_is_no_model_keeps_nothing(near: Settings, hub: Hub):
    hub.content = b"<html>log in</html>"
    hub.size, hub.sha256 = len(hub.content), hashlib.sha256(hub.content).hexdigest()
    with pytest.raises(ModelUnavailable, match="no GGUF file"):
        await pull(near, WHAT, hub=hub.url)
    assert list(near.models_dir.iterdir()) == []


async def test_a_full_disk_is_seen_before_anything_comes(near: Settings, hub: Hub):
    hub.size = 10**16
    with pytest.raises(CannotDo, match="GB are missing and the disk has"):
        await pull(near, WHAT, hub=hub.url)
    assert hub.ranges == []


async def test_what_is_not_there_or_no_model_file_is_said_so(near: Settings, hub: Hub):
    with pytest.raises(CannotDo, match="is not there"):
        await pull(near, "maker/tiny-GGUF/other.gguf", hub=hub.url)
    for wrong in ("tiny", "../../etc/passwd.gguf", "a/b/../c.gguf", "a/b/c.bin"):
        with pytest.raises(RequestWrong):
            hub_url(wrong)
    assert hub_url("Qwen/Qwen3-4B-GGUF/a.gguf").startswith(download.HUB)


def test_recommended_names_stand_for_files_of_the_hub():
    assert [model.memory_gb for model in RECOMMENDED[:4]] == [4, 8, 16, 32]
    for model in RECOMMENDED:
        assert hub_url(source_of(model.name)).endswith(".gguf")


def test_installed_models_say_what_they_need_and_what_is_wrong(registry: ModelRegistry):
    (registry.settings.models_dir / "bad.gguf").write_bytes(b"GGUF")
    rows = {row.name: row for row in installed(registry)}
    tiny, bad = rows["local/tiny"], rows["local/bad"]
    assert (tiny.context, tiny.kind, tiny.title, tiny.problem) == (1024, "chat", "tiny", "")
    assert (tiny.memory > tiny.size, tiny.threads) == (True, 1)
    assert rows["local/vectors"].kind == "vectors"
    assert "ends too early" in bad.problem


def test_using_a_model_changes_one_line_of_the_settings_and_no_comment(registry: ModelRegistry):
    path = registry.settings.home / "settings.toml"
    path.write_text('# mine\nnoun = "matter"\n\n[smtp]\nhost = "mail.example.org"\n')
    use(registry, "local/tiny")
    use(registry, "openai/gpt-4o")
    assert path.read_text() == (
        '# mine\nnoun = "matter"\nmodel = "openai/gpt-4o"\n\n[smtp]\nhost = "mail.example.org"\n'
    )
    assert settings_module.load(home=registry.settings.home).model == "openai/gpt-4o"
    with pytest.raises(ModelUnavailable):
        use(registry, "local/none")


def test_a_model_is_used_by_its_path_and_a_slip_of_the_pen_is_seen(
    registry: ModelRegistry, tmp_path: Path, model_folder: Path
):
    # As ollama keeps its files: no ending, a hash for a name.
    blob = tmp_path / "sha256-0a1b"
    blob.write_bytes((model_folder / "tiny.gguf").read_bytes())
    use(registry, str(blob))
    chosen = settings_module.load(home=registry.settings.home)
    assert chosen.model == f"local/{blob}"
    assert ModelRegistry(chosen).get().context == 1024
    (registry.settings.models_dir / "bad.gguf").write_bytes(b"GGUF")
    for said, told in (
        ("strater", "Did you mean 'starter'?"), ("tiny", "Did you mean 'local/tiny'?"),
        ("/no/such.gguf", "there is no file /no/such.gguf"), ("local/bad", "ends too early"),
        ("local/vectors", "makes vectors and cannot answer"), ("", "a model needs a name"),
    ):  # fmt: skip
        with pytest.raises((ModelUnavailable, RequestWrong)) as wrong:
            use(registry, said)
        assert told in f"{wrong.value.message} {wrong.value.hint}"
    assert settings_module.load(home=registry.settings.home).model == f"local/{blob}"


def test_only_pulled_files_are_removed_and_never_the_one_in_use(
    registry: ModelRegistry, model_folder: Path
):
    (registry.settings.models_dir / "own.gguf").write_bytes(
        (model_folder / "tiny.gguf").read_bytes()
    )
    assert not remove(registry, "local/own").exists()
    with pytest.raises(RequestWrong, match="does not lie in"):
        remove(registry, f"local/{model_folder}/tiny.gguf")
    with pytest.raises(RequestWrong, match="does not lie in"):
        remove(registry, "openai/gpt-4o")
    registry.settings = registry.settings.model_copy(update={"model": "local/tiny"})
    with pytest.raises(RequestWrong, match="in use"):
        remove(registry, "local/tiny")
