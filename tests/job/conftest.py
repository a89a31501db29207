"""A job's lifecycle on a fresh home, with the bundled skills."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.clock import FixedClock
from assistant.job.lifecycle import Lifecycle
from assistant.settings import Settings, prepare
from assistant.skills.library import Library
from assistant.store.database import Store
from assistant.store.jobs import JobRepository
from assistant.store.ticks import TickLedger

DIGEST = """\
job: digest
title: A digest
inputs:
  to: {type: string, default: jo@example.org}
schedule:
  cron: "0 7 * * 1-5"
  timezone: Europe/London
steps:
  - id: read
    skill: fetch_feed
    with: {url: "https://example.org/feed.xml"}   # the feed
  - id: letter
    skill: compile_newsletter
    with: {title: News, items: "${{ steps.read.items }}"}
  - id: send
    skill: send_email
    with: {to: "${{ inputs.to }}", newsletter: "${{ steps.letter.newsletter }}"}
"""


@dataclass
class Desk:
    jobs: JobRepository
    ledger: TickLedger
    lifecycle: Lifecycle
    clock: FixedClock


def desk_of(settings: Settings, store: Store, clock: FixedClock) -> Desk:
    jobs, ledger = JobRepository(store, settings, clock=clock), TickLedger(store, clock=clock)
    return Desk(jobs, ledger, Lifecycle(jobs, ledger, Library.open(settings), clock), clock)


@pytest.fixture
def elsewhere(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    """The same on another machine."""
    settings = Settings(home=tmp_path / "elsewhere")
    prepare(settings)
    store = Store(settings.store_path, clock=clock)
    yield desk_of(settings, store, clock)
    store.close()


@pytest.fixture
def desk(store: Store, settings: Settings, clock: FixedClock) -> Desk:
    return desk_of(settings, store, clock)
