"""A model file from a hub: resumed where it broke off, checked by its hash, never half there.

Speaks what the Hugging Face hub speaks (`/<owner>/<name>/resolve/main/<file>` with its hash in
`X-Linked-ETag`, a redirect to the file's host, ranges), through the guarded client.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx

from assistant.errors import CannotDo, RequestWrong, TryAgain
from assistant.models.gguf_file import read_head
from assistant.net.client import open_client
from assistant.settings import Settings

HUB = "https://huggingface.co"
LONGEST_SECONDS = 24 * 3600.0
LARGEST = 200 * 2**30
_SPARE = 512 * 2**20
_REDIRECTS = 5
_TRIES_WITHOUT_PROGRESS = 4
_NAME = re.compile(r"[\w.-]+/[\w.-]+/[\w./-]+\.gguf", re.ASCII)

OnProgress = Callable[[int, int], None]


class DownloadDamaged(CannotDo):
    """What came is not what the hub announced; nothing was kept."""


@dataclass(frozen=True)
class Source:
    """Where the bytes are, and what the hub says about them. 0 and empty: it does not say."""

    url: httpx.URL
    size: int
    sha256: str


def hub_url(what: str, hub: str = HUB) -> str:
    """The address of `owner/name/file.gguf`; a URL stays as it is. Raises RequestWrong."""
    if what.startswith(("http://", "https://")):
        return what
    if not _NAME.fullmatch(what) or ".." in what:
        raise RequestWrong(
            f"{what!r} names no model file",
            hint="Write owner/name/file.gguf as on the hub, a URL, or a name from the recommended list.",
        )
    owner, name, file = what.split("/", 2)
    return f"{hub}/{owner}/{name}/resolve/main/{file}"


async def pull(
    settings: Settings,
    what: str,
    *,
    on_progress: OnProgress | None = None,
    hub: str = HUB,
    pause: float = 1.0,
) -> Path:
    """Download a model file into the models folder; gives its path. An interrupted one goes on.

    Raises RequestWrong, CannotDo (no room, not found, damaged), TryAgain when the connection
    keeps breaking; what has come by then is kept for the next time.
    """
    url = hub_url(what, hub)
    name = Path(unquote(urlsplit(url).path)).name
    if not name.endswith(".gguf"):
        raise RequestWrong(f"{url} is no GGUF file", hint="Only GGUF files can be used.")
    target = settings.models_dir / name
    async with open_client(settings, body_limit=LARGEST, total_seconds=LONGEST_SECONDS) as client:
        source = await _find(client, url)
        part = target.with_name(f"{name}.{(source.sha256 or 'unknown')[:12]}.part")
        have = part.stat().st_size if part.exists() else 0
        _need_room(settings.models_dir, source.size - have)
        await _fetch(client, source, part, on_progress or (lambda _done, _total: None), pause)
    await asyncio.to_thread(_check, part, source)
    part.replace(target)
    return target


async def _find(client: httpx.AsyncClient, url: str) -> Source:
    """Follow redirects by hand: a client that follows them leaves the range behind."""
    where, size, sha256 = httpx.URL(url), 0, ""
    for _ in range(_REDIRECTS + 1):
        response = await client.request("HEAD", where, follow_redirects=False)
        said = response.headers
        sha256 = sha256 or _hash_in(said.get("x-linked-etag", ""))
        size = size or int(said.get("x-linked-size") or 0)
        if response.is_redirect:
            where = where.join(said["location"])
            continue
        if response.status_code in (401, 403):
            raise CannotDo(f"{url} may not be downloaded without an account or a licence")
        if response.status_code == 404:
            raise CannotDo(f"{url} is not there", hint="Check the spelling on the hub's page.")
        if response.is_error:
            raise TryAgain(f"{where.host} answers {response.status_code}")
        sha256 = sha256 or _hash_in(said.get("etag", ""))
        return Source(where, size or int(said.get("content-length") or 0), sha256)
    raise CannotDo(f"{url} redirects more than {_REDIRECTS} times")


def _hash_in(etag: str) -> str:
    found = re.fullmatch(r'(?:W/)?"?([0-9a-f]{64})"?', etag.strip())
    return found[1] if found else ""


def _need_room(folder: Path, more: int) -> None:
    free = shutil.disk_usage(folder).free
    if more + _SPARE > free:
        raise CannotDo(
            f"{more / 2**30:.1f} GB are missing and the disk has {free / 2**30:.1f} GB free",
            hint="Remove a model with `assistant models remove`, or choose a smaller one.",
        )


async def _fetch(
    client: httpx.AsyncClient, source: Source, part: Path, tell: OnProgress, pause: float
) -> None:
    """Write the bytes that are missing; a broken connection goes on where it was."""
    failed = 0
    while failed < _TRIES_WITHOUT_PROGRESS:
        before = part.stat().st_size if part.exists() else 0
        if source.size and before >= source.size:
            return
        try:
            await _stream(client, source, part, before, tell)
            if not source.size or part.stat().st_size >= source.size:
                return
        except TryAgain:
            pass
        after = part.stat().st_size if part.exists() else 0
        failed = 0 if after > before else failed + 1
        await asyncio.sleep(pause * (1 + failed))
    raise TryAgain(
        f"the connection to {source.url.host} keeps breaking",
        hint="What has come is kept; pull again and it goes on from there.",
    )


async def _stream(
    client: httpx.AsyncClient, source: Source, part: Path, have: int, tell: OnProgress
) -> None:
    headers = {"Range": f"bytes={have}-"} if have else {}
    request = client.build_request("GET", source.url, headers=headers)
    response = await client.send(request, stream=True, follow_redirects=False)
    try:
        if response.status_code not in (200, 206):
            raise TryAgain(f"{source.url.host} answers {response.status_code}")
        # A server that knows no ranges begins again, and so does the file.
        mode, done = ("ab", have) if response.status_code == 206 else ("wb", 0)
        with part.open(mode) as file:
            async for piece in response.aiter_bytes():
                file.write(piece)
                done += len(piece)
                tell(done, source.size)
                if source.size and done > source.size:
                    part.unlink()
                    raise DownloadDamaged(f"{source.url.host} sends more than it announced")
    finally:
        await response.aclose()


def _check(part: Path, source: Source) -> None:
    digest = hashlib.sha256()
    with part.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    wrong = source.sha256 and digest.hexdigest() != source.sha256
    if wrong or (source.size and part.stat().st_size != source.size):
        part.unlink()
        raise DownloadDamaged(
            "the file was damaged on the way and has been thrown away",
            hint="Pull it again; if it happens again, the hub's copy is wrong.",
        )
    try:
        read_head(part)
    except Exception:
        part.unlink()
        raise
