"""The mask of a grammar on a model's next token."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np


class Constraint:
    """Lets only tokens through that the grammar allows next."""

    _LAYOUT = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])

    def __init__(self, matcher: Any, mask: Any) -> None:
        self._matcher, self._bytes = matcher, mask[0].view(np.uint8)
        self._where, self._size = mask.ctypes.data, mask.nbytes
        self._seen, self._logits = (0, 0), np.empty(0)

    def __call__(self, candidates: Any) -> None:
        """`candidates`: llama.cpp's array of every token and its logit, in the order of tokens."""
        array = candidates.contents
        where = (ctypes.addressof(array.data.contents), array.size)
        if where != self._seen:
            buffer = (ctypes.c_char * (array.size * self._LAYOUT.itemsize)).from_address(where[0])
            self._seen, self._logits = where, np.frombuffer(buffer, self._LAYOUT)["logit"]
        self._matcher.unsafe_compute_mask_ptr(self._where, self._size)
        allowed = np.unpackbits(self._bytes, bitorder="little", count=array.size)
        self._logits[allowed == 0] = -np.inf
