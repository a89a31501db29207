"""rank_items keeps what is about the topic, each story once, and says why."""

from __future__ import annotations

from conftest import Heard, MakeContext

