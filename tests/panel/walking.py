"""Going through the panel as a person does: to a place, and what is there."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

WAIT = 30_000
LOOPED = """
job: {name}
title: {title}
inputs:
  greeting: {{type: string, default: Hello}}
steps:
  - id: note
    skill: save_file
    with: {{name: "note.txt", content: "${{{{ inputs.greeting }}}} from {name}"}}
  - id: both
    parallel:
      left:
        - {{id: again, skill: save_file, with: {{name: left.txt, content: left}}}}
      right:
        - {{id: other, skill: save_file, with: {{name: right.txt, content: right}}}}
  - id: each
    for_each: [1, 2]
    as: number
    steps:
      - {{id: keep, set: {{seen: "${{{{ number }}}}"}}}}
outputs: {{text: "${{{{ inputs.greeting }}}}"}}
"""


def go(page: Page, address: str) -> Locator:
    """Open a place by its address; gives the place once it is shown."""
    page.evaluate("address => { location.hash = address }", address)
    shown = page.locator(f'#place [data-at="{address}"]')
    shown.wait_for(timeout=WAIT)
    return shown


def said(page: Page, words: str) -> None:
    """What the last action came to."""
    expect(page.locator("#said")).to_contain_text(words, timeout=WAIT)


def job_file(folder: Path, name: str, *, title: str = "", text: str = LOOPED) -> Path:
    """A job file with branches and a loop, on disk."""
    path = folder / f"{name}.yaml"
    path.write_text(text.format(name=name, title=title or name.capitalize()), encoding="utf-8")
    return path
