"""A pipeline as a picture: every step has a place, frames fold, called jobs unfold."""

from __future__ import annotations

import io

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from assistant.pipeline import svg
from assistant.pipeline.bitmap import png
from assistant.pipeline.drawing import Drawing, Known, lay_out
from assistant.pipeline.loader import load
from assistant.pipeline.spec import Job

FILE = """
job: deep
steps:
  - {id: read, skill: fetch_feed, with: {url: "https://example.org/feed.xml"}, on_error: {steps: [{id: sorry, skill: notify, with: {message: no}}]}}
  - id: both
    parallel:
      left: [{id: a, skill: ask_model, with: {prompt: hi}}]
      right: [{id: b, skill: ask_model, with: {prompt: hi}}, {id: c, skill: ask_model, with: {prompt: hi}}]
  - id: each
    for_each: "${{ steps.read.items }}"
    as: item
    steps: [{id: keep, set: {seen: "${{ item.title }}"}}]
  - {id: other, call_job: called}
  - if: "${{ size(steps.read.items) == 0 }}"
    steps: [{stop: nothing new}]
    else: [{id: mail, skill: notify, with: {message: yes it is}}]
"""
CALLED = "job: called\nsteps:\n  - {id: inner, skill: notify, with: {message: hi}}\n"


@pytest.fixture
def job() -> Job:
    return load(FILE).job


def paths(drawing: Drawing) -> list[str]:
    return [node.path for node in drawing.nodes]


def inside(drawing: Drawing) -> bool:
    """Every box lies inside the drawing, and no two boxes lie on each other."""
    boxes = [(node.x, node.y) for node in drawing.nodes]
    fits = all(0 <= x <= drawing.width - 250 and 0 <= y <= drawing.height - 54 for x, y in boxes)
    apart = all(abs(a[0] - b[0]) >= 250 or abs(a[1] - b[1]) >= 54 for i, a in enumerate(boxes) for b in boxes[i + 1 :])  # fmt: skip
    return fits and apart


def test_every_step_has_a_place_of_its_own(job: Job):
    drawn = lay_out(job, starts="Every day at 07:00")
    named = [path for path in paths(drawn) if path]
    assert named[:6] == [
        "read",
        "read.on_error/sorry",
        "both.left/a",
        "both.right/b",
        "both.right/c",
        "each/keep",
    ]
    assert inside(drawn)


def test_a_folded_frame_is_one_box_that_says_how_much_is_in_it(job: Job):
    drawn = lay_out(job, Known(folded={"both"}))
    (box,) = [node for node in drawn.nodes if node.path == "both"]
    assert (box.sub, box.fold) == ("3 steps", "both")
    assert not [path for path in paths(drawn) if path.startswith("both.")]
    assert inside(drawn)


def test_a_called_job_unfolds_to_its_steps(job: Job):
    known = {"called": load(CALLED).job}
    shut = lay_out(job, Known(job=known.get))
    wide = lay_out(job, Known(job=known.get, folded={"other"}))
    assert [node.fold for node in shut.nodes if node.path == "other"] == ["other"]
    assert len(wide.nodes) == len(shut.nodes)
    assert [frame.label for frame in wide.frames if frame.fold == "other"] == ["job called"]
    assert inside(wide)


def test_a_job_that_calls_itself_ends(job: Job):
    ring = load("job: ring\nsteps:\n  - {id: again, call_job: ring}\n").job
    assert lay_out(ring, Known(job=lambda _: ring, folded={"again"})).nodes


def test_rounds_of_a_loop_are_told_as_one_step(job: Job):
    states = {"each[0]/keep": "succeeded", "each[1]/keep": "succeeded", "each[2]/keep": "running"}
    (node,) = [n for n in lay_out(job, Known(states)).nodes if n.path == "each/keep"]
    assert (node.state, node.sub) == ("running", "2 of 3 rounds done")


def test_pictures_stand_alone_as_svg_and_png(job: Job):
    drawn = lay_out(job, Known({"read": "succeeded"}))
    alone = BeautifulSoup(svg.draw(drawn, label="<deep>", alone=True), "xml")
    assert alone.svg is not None
    assert (alone.svg["aria-label"], len(alone.find_all("a"))) == ("<deep>", 0)
    picture = Image.open(io.BytesIO(png(drawn)))
    assert picture.size == (round((drawn.width + 24) * 2), round((drawn.height + 24) * 2))


def test_on_a_page_boxes_are_links_and_folds_are_buttons(job: Job):
    page = BeautifulSoup(
        svg.draw(lay_out(job), label="x", link=lambda path: f"#/{path}"), "html.parser"
    )
    assert page.select_one('a[href="#/both.left/a"]') is not None
    assert {fold["data-fold"] for fold in page.select('.fold[role="button"]')} >= {"both", "each"}
