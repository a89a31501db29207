"""What a trigger is told never decides where a step reaches."""

from __future__ import annotations

import pytest

from assistant.errors import JobInvalid
from assistant.pipeline.checker import check_text
from tests.pipeline.conftest import SKILLS

HEAD = "job: a\ntriggers: [{on: webhook}]\nsteps:\n"
BODY = "run.trigger.data.body"


def _problems(steps: str) -> list[tuple[str, str]]:
    try:
        check_text(HEAD + steps, SKILLS)
    except JobInvalid as wrong:
        return [(p.step, p.key) for p in wrong.problems if p.code == "job_trigger_invalid"]
    return []


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        (f'  - {{id: x, skill: fetch_feed, with: {{url: "${{{{ {BODY}.url }}}}"}}}}\n', [("x", "with.url")]),
        (f'  - {{id: x, skill: fetch_feed, with: {{url: "https://${{{{ {BODY} }}}}/feed"}}}}\n', [("x", "with.url")]),
        ('  - {id: x, skill: fetch_feed, with: {urls: ["${{ run[\'trigger\'].data.u }}"]}}\n', [("x", "with.urls")]),
        (f'  - {{id: s, set: {{where: "${{{{ {BODY}.u }}}}"}}}}\n'
         '  - {id: t, set: {there: "${{ vars.where }}"}}\n'
         '  - {id: x, skill: fetch_feed, with: {url: "${{ vars.there }}"}}\n', [("x", "with.url")]),
        (f'  - id: each\n    for_each: "${{{{ {BODY}.all }}}}"\n    as: one\n'
         '    steps: [{id: x, skill: fetch_feed, with: {url: "${{ one }}"}}]\n', [("each/x", "with.url")]),
        ('  - {id: x, skill: fetch_feed, with: {url: "https://example.org/${{ run.job }}/${{ slice(run.trigger.due, 0, 10) }}"}}\n', []),
        (f'  - {{id: s, set: {{note: "${{{{ {BODY}.note }}}}"}}}}\n', []),
    ],
)  # fmt: skip
def test_where_a_step_reaches_stands_in_the_file(steps: str, found: list[tuple[str, str]]) -> None:
    assert _problems(steps) == found
