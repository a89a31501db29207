"""A body, decompressed piece by piece: a small file cannot become a large one unnoticed."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Protocol

from assistant.errors import CannotDo, TryAgain

PIECE = 65536
ACCEPTED = "gzip, deflate"


class Decoder(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]:
        """The decoded pieces of one received piece, none longer than PIECE."""
        ...

    @property
    def finished(self) -> bool: ...


class Identity:
    finished = True

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data


class Inflate:
    """gzip (several members too), zlib and, for servers that mistake it, raw deflate."""

    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._inner = zlib.decompressobj(wbits)
        self._untouched = True

    @property
    def finished(self) -> bool:
        return self._untouched or self._inner.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._inner.eof:
                if self._wbits == -zlib.MAX_WBITS or not data.startswith(b"\x1f\x8b"):
                    return  # padding after the last member
                self._inner = zlib.decompressobj(self._wbits)
            piece = self._step(data)
            data = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail
            self._untouched = False
            if piece:
                yield piece
            elif not self._inner.eof:
                return

    def _step(self, data: bytes) -> bytes:
        try:
            return self._inner.decompress(data, PIECE)
        except zlib.error:
            if not self._untouched or self._wbits != zlib.MAX_WBITS:
                raise
            self._wbits = -zlib.MAX_WBITS
            self._inner = zlib.decompressobj(self._wbits)
            return self._inner.decompress(data, PIECE)


def decoder_for(encoding: str) -> Decoder | None:
    """A decoder for a Content-Encoding, or None when it is not one that was asked for."""
    match encoding.strip().lower():
        case "" | "identity":
            return Identity()
        case "gzip" | "x-gzip":
            return Inflate(zlib.MAX_WBITS | 16)
        case "deflate":
            return Inflate(zlib.MAX_WBITS)
        case _:
            return None


async def bounded(
    raw: AsyncIterator[bytes], encoding: str, limit: int, url: str
) -> AsyncIterator[bytes]:
    """The decoded body. Raises CannotDo past `limit` bytes, raw or decoded; TryAgain when cut."""
    decoder = decoder_for(encoding)
    if decoder is None:
        raise CannotDo(
            f"{url} answered with the encoding {encoding!r}, which was not asked for.",
            hint="The server is misconfigured; another address of the same site may work.",
        )
    received = given = 0
    try:
        async for data in raw:
            received += len(data)
            for piece in decoder.feed(data) if received <= limit else ():
                given += len(piece)
                if given > limit:
                    break
                yield piece
            if max(received, given) > limit:
                raise CannotDo(
                    f"{url} is larger than {limit // 1_000_000} MB.",
                    hint="Fetch a smaller page or feed, or a part of it.",
                )
    except zlib.error as wrong:
        raise CannotDo(
            f"{url} sent a body that cannot be decompressed.",
            hint="The server is misconfigured; another address of the same site may work.",
        ) from wrong
    if not decoder.finished:
        raise TryAgain(f"{url} ended in the middle of its compressed body.")
