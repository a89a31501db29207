"""What the head of a GGUF file says, read without loading the model.

Only the key-value part is read: sizes, context, chat template. Arrays (the vocabulary) are
counted and skipped. A file that is no GGUF, or is cut off, raises ModelUnavailable.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from assistant.errors import ModelUnavailable

_SCALARS = {
    0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d",
}  # fmt: skip
_STRING, _ARRAY = 8, 9
_MOST = 1 << 32
EMBEDDERS = frozenset({"bert", "nomic-bert", "jina-bert-v2", "modern-bert", "gemma-embedding"})


@dataclass(frozen=True)
class GgufHead:
    """The facts about one model file; `values` has every key that is no array."""

    path: Path
    size: int
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    lengths: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def architecture(self) -> str:
        return str(self.values.get("general.architecture", ""))

    @property
    def title(self) -> str:
        return str(self.values.get("general.name") or self.path.stem)

    @property
    def template(self) -> str:
        return str(self.values.get("tokenizer.chat_template", ""))

    @property
    def vocabulary(self) -> int:
        return self.lengths.get("tokenizer.ggml.tokens", 0)

    @property
    def embeds(self) -> bool:
        """Whether this model turns text into vectors and cannot chat."""
        return self.architecture in EMBEDDERS

    @property
    def trained_context(self) -> int:
        return int(self.fact("context_length", 2048))

    def fact(self, name: str, default: float = 0) -> float:
        """A number of the architecture, such as `block_count`."""
        value = self.values.get(f"{self.architecture}.{name}", default)
        return value if isinstance(value, int | float) else default

    @property
    def bytes_per_token(self) -> int:
        """What one token of context costs in memory (keys and values as 16-bit floats)."""
        heads = self.fact("attention.head_count", 1) or 1
        kv_heads = self.fact("attention.head_count_kv", heads) or heads
        width = self.fact("embedding_length", 0)
        key = self.fact("attention.key_length", width / heads)
        value = self.fact("attention.value_length", width / heads)
        return int(2 * self.fact("block_count", 0) * kv_heads * (key + value))

    def memory(self, context: int) -> int:
        """Bytes that this model needs with so much context, its work space included."""
        logits = self.vocabulary * 4 * 64
        return self.size + self.bytes_per_token * context + logits + 64 * 2**20


def read_head(path: Path) -> GgufHead:
    """Read the head. Raises ModelUnavailable in one sentence when the file is not what it should be."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            return _read(path, size, file)
    except FileNotFoundError as missing:
        raise ModelUnavailable(
            f"the model file {path} is not there",
            hint="`assistant models list` shows what there is.",
        ) from missing
    except OSError as wrong:
        raise ModelUnavailable(
            f"the model file {path} cannot be read: {os.strerror(wrong.errno or 0)}"
        ) from wrong
    except (struct.error, ValueError, OverflowError, MemoryError) as broken:
        raise ModelUnavailable(
            f"the model file {path} is damaged or no GGUF file: {broken}",
            hint="Download it again: `assistant models pull` checks it as it comes.",
        ) from broken


def _read(path: Path, size: int, file: BinaryIO) -> GgufHead:
    if file.read(4) != b"GGUF":
        raise ValueError("it does not begin with GGUF")
    version, _tensors, count = struct.unpack("<IQQ", _exactly(file, 20))
    if version not in (2, 3):
        raise ValueError(f"version {version} is not known")
    if count > 100_000:
        raise ValueError("it lists too many keys")
    values, lengths = dict[str, Any](), dict[str, int]()
    for _ in range(count):
        key = _string(file)
        kind = _number(file, "<I")
        if kind == _ARRAY:
            lengths[key] = _skip_array(file)
        else:
            values[key] = (
                _string(file) if kind == _STRING else _number(file, _SCALARS.get(kind, ""))
            )
    return GgufHead(path, size, values, lengths)


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) != count:
        raise ValueError("it ends too early")
    return data


def _number(file: BinaryIO, form: str) -> Any:
    if not form:
        raise ValueError("a value has an unknown type")
    return struct.unpack(form, _exactly(file, struct.calcsize(form)))[0]


def _string(file: BinaryIO) -> str:
    length = _number(file, "<Q")
    if length > 1 << 24:
        raise ValueError("a text in it is absurdly long")
    return _exactly(file, length).decode("utf-8", "replace")


def _skip_array(file: BinaryIO) -> int:
    kind, length = _number(file, "<I"), _number(file, "<Q")
    if length > _MOST:
        raise ValueError("a list in it is absurdly long")
    if kind == _STRING:
        for _ in range(length):
            file.seek(_number(file, "<Q"), os.SEEK_CUR)
    elif kind == _ARRAY:
        for _ in range(length):
            _skip_array(file)
    else:
        file.seek(length * struct.calcsize(_SCALARS[kind]) if kind in _SCALARS else 0, os.SEEK_CUR)
    return length
