"""What the panel shows of texts from outside is text: never markup, never script."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from assistant.chat.events import DraftCard, DryRun, ToolDone
from assistant.events import Event, RunEnded, StepDone, StepFailed, StepRetrying
from assistant.job.questions import OVERTAKEN
from assistant.panel import cards, cures, views
from assistant.panel.addresses import artifact_address
from assistant.panel.messages import from_interactions, from_turn
from assistant.panel.screen import Actions, Debug, Dock, Screen, changed
from assistant.pipeline import svg
from assistant.pipeline.drawing import Known, lay_out
from assistant.pipeline.spec import (
    ApproveStep,
    ForEachStep,
    IfStep,
    Job,
    ParallelStep,
    SkillStep,
    StopStep,
)
from assistant.store.interactions import Interaction
from assistant.store.jobs import JobRecord

AT = "2026-03-02T12:00:00.000Z"
HOSTILE = "<img src=x onerror=alert(1)>\"'</title></script><script>alert(2)</script>${alert(3)}"


def draw(job: Job, states: dict[str, str] | None = None, **more: str) -> str:
    return svg.draw(lay_out(job, Known(states or {}), **more), label=job.title or job.name)


def tags(html: str) -> set[str]:
    return {tag.name for tag in BeautifulSoup(html, "html.parser").find_all()}


@pytest.mark.parametrize(
    "html",
    [
        views.job_list([views.JobRow(HOSTILE, HOSTILE, HOSTILE, HOSTILE)]),
        views.pane_head(views.PaneHead(HOSTILE, HOSTILE, HOSTILE, [(HOSTILE, HOSTILE)], 1, 2, [("bad", HOSTILE)])),
        views.steps_card([HOSTILE]),
        views.facts_card({HOSTILE: HOSTILE}),
        views.times([HOSTILE]),
        views.plain(HOSTILE),
        views.table([HOSTILE], [[HOSTILE]]),
        views.links([(HOSTILE, artifact_address(HOSTILE, HOSTILE, HOSTILE))]),
        views.letter(HOSTILE, HOSTILE),
        views.log([StepFailed(run_id="r", at=AT, path=HOSTILE, error={"message": HOSTILE})], str),
        draw(Job(name="x", title=HOSTILE, steps=(SkillStep(id=HOSTILE, skill=HOSTILE, condition=HOSTILE),))),
    ],
)  # fmt: skip
def test_hostile_text_stays_text(html: str):
    assert not tags(html) & {"img", "script"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ('step \'read\': with.url was "a", now "b"', 'Step read: url was "a", now "b"'),
        ("step 'read' is new", "Step read is new"),
        ("the job: schedule is gone", "The job: schedule is gone"),
        ("step 'both.left/a': retry is now 3", "Step both.left/a: retry is now 3"),
    ],
)
def test_a_change_of_a_draft_is_told_as_a_person_reads_it(change: str, told: str):
    card = DraftCard("1", "1", "x", "X", "", (), changes=(change,))
    shown = BeautifulSoup(cards.draft(card, ""), "html.parser")
    assert told in shown.get_text()


def test_a_draft_that_failed_when_it_was_tried_says_so_where_it_is_approved():
    record = JobRecord("1", "x", "X", "active", False, False, 1, 1, "plan", 0, AT, AT)
    card = DraftCard("1", "1", "x", "X", "", (), dry_run=DryRun("r", "failed", (), "It is gone."))
    shown = BeautifulSoup(cards.dock_draft(record, card), "html.parser").select_one(".sub")
    assert shown is not None
    assert shown.text == "Tried just now, it failed: It is gone. It only reads."


def test_a_trial_that_failed_says_what_would_mend_it():
    cure = "Add one: assistant alerts channels add NAME."
    card = DraftCard(
        "1", "1", "x", "X", "", (), dry_run=DryRun("r", "failed", (), "There is none.", cure)
    )
    shown = BeautifulSoup(cards.draft(card, ""), "html.parser").select_one(".note.bad")
    assert shown is not None
    assert " ".join(shown.get_text(" ").split()) == f"There is none. {cure}"


def test_a_draft_says_what_starts_it_where_it_is_approved():
    record = JobRecord("1", "x", "X", "active", False, False, 1, 1, "plan", 0, AT, AT)
    told = "When https://a.example/rss has something new; looked at every 15 minutes"
    card = DraftCard("1", "1", "x", "X", "", (), triggers=(told,))
    assert told in BeautifulSoup(cards.draft(card, ""), "html.parser").get_text()
    dock = BeautifulSoup(cards.dock_draft(record, card), "html.parser").select_one(".sub")
    assert dock is not None
    assert dock.text == f"{told}. It only reads."


def test_a_made_page_is_shown_in_a_frame_that_may_do_nothing():
    frame = BeautifulSoup(views.letter("<h1>News</h1>", "News"), "html.parser").iframe
    assert frame is not None
    assert (frame["sandbox"], frame["srcdoc"]) == ([], "<h1>News</h1>")


def test_a_drawing_carries_path_and_state_of_every_step_however_deep():
    job = Job(
        name="deep",
        steps=(
            SkillStep(id="read", skill="fetch_feed"),
            ParallelStep(
                id="both",
                branches={
                    "left": (SkillStep(id="a", skill="ask_model"),),
                    "right": (SkillStep(id="b", skill="web_search"),),
                },
            ),
            ForEachStep(id="each", items="${{ steps.read.items }}", steps=(ApproveStep(id="ask", question="Go?"),)),
            IfStep(id="none", condition="${{ 1 == 1 }}", steps=(StopStep(id="end", reason="nothing"),)),
        ),
    )  # fmt: skip
    drawn = BeautifulSoup(draw(job, {"read": "succeeded", "both.left/a": "running"}), "html.parser")
    nodes = {str(g["data-path"]): (g.get("class") or [])[1:] for g in drawn.select("g.node")}
    assert nodes == {
        "read": ["succeeded"],
        "both.left/a": ["running"],
        "both.right/b": [],
        "each/ask": [],
        "none/end": [],
    }
    assert all(g["tabindex"] == "0" and g["aria-label"] for g in drawn.select("g.node"))


def test_events_are_told_newest_first_in_one_line_each():
    events: list[Event] = [
        StepRetrying(run_id="r", at=AT, path="read", attempt=1, due="2026-03-02T12:00:02.000Z", error={"message": "503"}),
        StepDone(run_id="r", at=AT, path="read", seconds=0.21),
        RunEnded(run_id="r", at=AT, status="succeeded", reason="nothing new today"),
    ]  # fmt: skip
    log = BeautifulSoup(views.log(events, lambda moment: moment[11:19]), "html.parser")
    lines = [[span.get_text() for span in line.find_all("span")] for line in log.find_all("li")]
    assert lines == [
        ["succeeded", "nothing new today"],
        ["done", "read, 0.2 s"],
        ["retry", "read, again at 12:00:02: 503"],
    ]


def test_a_page_is_sent_only_what_differs_from_what_it_has():
    screen = Screen(jobs="one", head="two")
    first, seen = changed(screen, "")
    assert first == set(screen.digests())
    assert changed(screen, seen)[0] == set()
    assert changed(replace(screen, head="three", dock=Dock(kind="draft")), seen)[0] == {
        "head",
        "dock",
        "can",
    }


def test_what_can_be_done_now_is_told_in_words():
    assert Screen().can == ""
    approval = Screen(dock=Dock(kind="approval"), actions=Actions(stop=True), busy=True)
    assert approval.can == "dock cancel stop"
    draft = Screen(earlier=True, dock=Dock(kind="draft"), actions=Actions(run=True, pause="Pause"))
    assert draft.can == "earlier dock draft run pause"
    assert Screen(debug=Debug(kind="idle", text="{}")).can == "dry"
    assert Screen(debug=Debug(kind="before", text="{}")).can == "held skip use"
    assert Screen(debug=Debug(kind="after")).can == "held"


def strip(**given: object) -> list[tuple[str, list[str]]]:
    head = views.PaneHead("T", "t", "active", phases=("observe", "verify", "condense"), **given)  # type: ignore[arg-type]
    items = BeautifulSoup(views.pane_head(head), "html.parser").select(".phases li")
    return [(item.get_text(), item.get_attribute_list("class")) for item in items]


def test_the_strip_stands_at_a_phase_until_all_of_them_are_done():
    assert strip(phase="verify") == [
        ("Observe", ["past"]), ("Verify", ["now"]), ("Condense", []),
    ]  # fmt: skip
    assert strip(phase="verify", through=True) == [
        ("Observe", ["past"]), ("Verify", ["past"]), ("Condense", ["past"]),
    ]  # fmt: skip


@pytest.mark.parametrize("spoilt", ["{", "[]", "null", '"x"', "\x00"])
def test_spoilt_digests_only_cost_a_full_answer(spoilt: str):
    different, seen = changed(Screen(), spoilt)
    assert different == set(Screen().digests())
    assert isinstance(json.loads(seen), dict)


def test_a_hint_that_asks_for_a_key_leads_to_its_field_and_stays_text_around_it():
    hint = f"Run: assistant secrets set brave_api_key {HOSTILE}"
    made = BeautifulSoup(cures.as_html(hint), "html.parser")
    assert [a["href"] for a in made.find_all("a")] == ["#/settings/keys?name=brave_api_key"]
    assert made.get_text() == hint
    assert not tags(str(made)) & {"img", "script"}
    assert cures.as_markdown("Set it with `assistant secrets set smtp_password`, or in X.") == (
        "Set it with [`assistant secrets set smtp_password`](#/settings/keys?name=smtp_password), or in X."
    )


def test_an_answer_stands_below_its_question_and_a_notice_leads_to_the_key_it_needs():
    said = [
        Interaction(1, "j", AT, "question", "assistant", "To whom?", answer="jo@example.org"),
        Interaction(2, "j", AT, "question", "assistant", "And when?", answer=OVERTAKEN),
        Interaction(3, "j", AT, "notice", "assistant", "No key.",
                    {"code": "secret_missing", "hint": "Run: assistant secrets set brave_api_key"}),
    ]  # fmt: skip
    assert [(m["role"], m["content"]) for m in from_interactions(said)] == [
        ("assistant", "To whom?"),
        ("user", "jo@example.org"),
        ("assistant", "And when?"),
        ("assistant", "**No key.**\n\nRun: [`assistant secrets set brave_api_key`]"
                      "(#/settings/keys?name=brave_api_key)\n\n`secret_missing`"),
    ]  # fmt: skip


def test_a_call_that_took_no_time_still_says_how_long_it_took():
    done = ToolDone("r/1", "fetch_feed", "succeeded", 0.002, "3 items")
    kept = Interaction(
        1, "j", AT, "result", "assistant", "3 items", {"skill": "fetch_feed", "seconds": 0.0}
    )

    for message in (from_turn("read it", [done], None)[-1], from_interactions([kept])[0]):
        assert message["metadata"] == {"title": "fetch feed", "status": "done", "duration": 0.01}
