"""Addresses inside the panel."""

from __future__ import annotations

from urllib.parse import quote


def artifact_address(job: str, run: str, name: str) -> str:
    """Where the server gives a file of a run."""
    return f"/artifacts/{quote(job, safe='')}/{quote(run, safe='')}/{quote(name, safe='')}"
