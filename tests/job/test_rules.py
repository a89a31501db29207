"""The rules of the focused job, each as a table: gates, plans, notes, completion, moving up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from assistant.clock import rfc3339
from assistant.errors import BindingsInvalid, JobInvalid, PolicyDenied
from assistant.job import completion, plan_md, plan_yaml, promotion, questions
from assistant.job.completion import Account, Waits, next_wait
from assistant.job.condense import Line, routing, sort_in_code
from assistant.job.dependencies import circle
from assistant.job.gates import (
    Move,
    Standing,
    allows,
    check_effect,
    expects,
    is_through,
    next_move,
    waits_for,
)
from assistant.job.plans import may
from assistant.job.plugins import Stage
from assistant.job.promotion import Done
from assistant.job.questions import Question
from assistant.job.voices import Change, Speaker, catalogue
from assistant.store.guidance import Note
from assistant.store.jobs import JobRecord

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def job(**facts: Any) -> JobRecord:
    whole: dict[str, Any] = {
        "id": "1", "name": "soup", "title": "", "status": "active", "enabled": False,
        "paused": False, "stage": 2, "cycle": 1, "phase": "observe", "version": 0,
        "created_at": "", "updated_at": "",
    } | facts  # fmt: skip
    return JobRecord(**whole)


# Tools by phase


@pytest.mark.parametrize(
    ("phase", "allowed"),
    [
        ("observe", "pure read"),
        ("plan", "pure read"),
        ("execute", "pure read write"),
        ("verify", "pure read"),
        ("condense", "pure"),
        ("legal", "pure read"),
    ],
)
def test_only_execute_writes(phase: str, allowed: str) -> None:
    assert " ".join(e for e in ("pure", "read", "write") if allows(phase, e)) == allowed
    if phase != "execute":
        with pytest.raises(PolicyDenied, match=f"'send_email' is not called in {phase}"):
            check_effect(phase, "send_email", "write")


# The stop gate


@pytest.mark.parametrize(
    ("standing", "expected", "waits"),
    [
        (Standing("active", "observe"), "the goal in two or three sentences, or a question", ""),
        (Standing("active", "plan"), "an outline, or a draft", ""),
        (Standing("active", "execute", plan="write"), "the plan, written", ""),
        (Standing("active", "execute"), "the work of this cycle", ""),
        (Standing("active", "verify"), "a judgement of what was made", ""),
        (Standing("active", "condense"), "notes of what is worth keeping", ""),
        (Standing("active", "legal"), "what legal is for", ""),
        (Standing("active", "observe", questions=1), "", "your answer to what it asked"),
        (Standing("active", "observe", questions=2), "", "2 answers to what it asked"),
        (Standing("active", "plan", draft=True), "", "your word on its draft"),
        (Standing("active", "execute", waiting_run=True), "", "your word on its run"),
        (Standing("active", "execute", running=True), "", "its run to end"),
        (Standing("active", "condense", completion="cooling"), "", "cooling"),
        (Standing("parked", "plan"), "", "you to take it up again: it is parked"),
        (Standing("completed", "condense"), "", ""),
    ],
)
def test_what_a_phase_still_expects_and_what_a_job_waits_for(
    standing: Standing, expected: str, waits: str
) -> None:
    assert (expects(standing), waits_for(standing)) == (expected, waits)


@pytest.mark.parametrize(
    ("standing", "talks", "do"),
    [
        (Standing("completed", "condense"), True, "wait"),
        (Standing("pending", "observe", prompts=1), False, "prompt"),
        (Standing("pending", "observe", prompts=1, open_jobs=("a",)), False, "wait"),
        (Standing("active", "observe", prompts=1), False, "prompt"),
        (Standing("active", "observe"), False, "wait"),
        (Standing("active", "execute", version=1), False, "run"),
        (Standing("active", "execute", version=1, scheduled=True), False, "wait"),
        (Standing("active", "execute", version=1, ran="succeeded"), False, "verify"),
        (Standing("active", "execute", version=1, ran="failed"), True, "wait"),
        (Standing("active", "execute", stage=2, plan="write"), True, "talk"),
        (Standing("active", "execute", stage=2, plan="write"), False, "wait"),
        (Standing("active", "verify", ran="succeeded", expectations=True), False, "condense"),
        (Standing("active", "verify", ran="succeeded"), False, "wait"),
        (Standing("active", "verify", stage=2), True, "talk"),
        (Standing("active", "condense"), False, "close"),
        (Standing("active", "condense", questions=1), False, "wait"),
    ],
)
def test_what_an_unwatched_job_does_next(standing: Standing, talks: bool, do: str) -> None:
    move = next_move(standing, talks=talks)
    assert isinstance(move, Move)
    assert move.do == do
    assert move.why


@pytest.mark.parametrize(
    ("standing", "through"),
    [
        (Standing("active", "execute", ran="succeeded"), True),
        (Standing("active", "verify", ran="succeeded"), True),
        (Standing("active", "condense", ran="succeeded", expectations=True), True),
        (Standing("active", "verify", ran="succeeded", questions=1), True),
        (Standing("completed", "condense"), True),
        (Standing("active", "verify", ran="failed"), False),
        (Standing("active", "verify"), False),
        (Standing("active", "verify", ran="succeeded", running=True), False),
        (Standing("active", "verify", ran="succeeded", waiting_run=True), False),
        (Standing("active", "verify", ran="succeeded", draft=True), False),
        (Standing("active", "verify", ran="succeeded", stage=2), False),
        (Standing("active", "condense", ran="succeeded", completion="your word"), False),
        (Standing("active", "plan", ran="succeeded"), False),
    ],
)
def test_a_cycle_is_through_once_its_run_succeeded_and_nothing_waits(
    standing: Standing, through: bool
) -> None:
    assert is_through(standing) is through


# Questions


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("[CLARIFY] Which one? | this | that", Question("CLARIFY", "Which one?", ("this", "that"))),
        ("  [PLAN] Like this?", Question("PLAN", "Like this?")),
        ("[APPROVE] Send it? | Yes |", Question("APPROVE", "Send it?", ("Yes",))),
    ],
)
def test_a_question_is_read_from_its_line(line: str, expected: Question) -> None:
    assert questions.read(line) == expected
    assert questions.read(expected.written()) == expected


def test_what_is_no_question_is_refused_with_the_kinds_there_are() -> None:
    with pytest.raises(BindingsInvalid) as wrong:
        questions.read("[ASK] Which one?")
    assert wrong.value.hint == "Begin it with [CLARIFY], [PLAN], [APPROVE], [JOB-COMPLETE]."


def test_at_most_three_questions_are_taken_from_an_answer() -> None:
    text = "Well.\n" + "".join(f"[CLARIFY] Number {n}? | a | b\n" for n in range(5)) + "So."
    plain, asked = questions.found_in(text)
    assert [q.text for q in asked] == ["Number 0?", "Number 1?", "Number 2?"]
    assert (plain.startswith("Well."), plain.endswith("So."), "CLARIFY" in plain) == (
        True, True, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "meant"),
    [("2", "that"), ("THIS.", "this"), ("3", "3"), ("neither of them", "neither of them")],
)
def test_a_reply_means_an_option_or_is_its_own_words(reply: str, meant: str) -> None:
    assert questions.meant(Question("CLARIFY", "Which?", ("this", "that")), reply) == meant


# plan.md

PLAN = "# Soup\n\nCycles: 5\n\n## Cycle 1\nGather.\n\n## Outstanding items\n\n- a photo\n"


def test_a_plan_declares_its_cycles_and_collects_what_is_outstanding() -> None:
    plan = plan_md.read(PLAN)
    assert (plan.cycles, plan.outstanding) == (5, ("a photo",))
    more = plan_md.read(plan_md.with_item(PLAN, "a  title"))
    assert more.outstanding == ("a photo", "a title")
    assert more.sha == plan.sha
    assert plan_md.read(PLAN.replace("Gather", "Cook")).sha != plan.sha
    first = plan_md.with_item("# Soup\n\n## One\n", "salt")
    assert plan_md.read(first).outstanding == ("salt",)
    assert plan_md.read(plan_md.with_item(PLAN + "\n## After\ntext\n", "x")).outstanding == (
        "a photo", "x",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the plan is empty"),
        ("# P\nCycles: 0\n", "line 2: '0' is no number of cycles"),
        ("# P\n\n**Cycles:** many\n", "line 3: 'many' is no number of cycles"),
        ("Cycles: 101", "line 1: '101' is no number of cycles"),
        ("x" * 300_000, "the plan is larger than"),
    ],
)
def test_a_plan_that_does_not_hold_is_told_with_its_line(text: str, message: str) -> None:
    with pytest.raises(JobInvalid, match=message):
        plan_md.read(text)


@pytest.mark.parametrize(
    ("phase", "cycle", "written", "allowed"),
    [
        ("observe", 1, False, ""),
        ("execute", 1, False, "write"),
        ("execute", 1, True, ""),
        ("verify", 1, False, ""),
        ("verify", 1, True, "edit"),
        ("condense", 1, True, ""),
        ("execute", 2, False, ""),
        ("execute", 2, True, ""),
        ("verify", 2, True, ""),
    ],
)
def test_when_a_plan_may_be_written_and_edited(
    phase: str, cycle: int, written: bool, allowed: str
) -> None:
    assert may(job(phase=phase, cycle=cycle), "plan.md", written)[0] == allowed
    assert may(job(phase=phase, cycle=cycle), "none", written)[0] == ""


# plan.yaml


def test_a_plan_of_voices_appends_replaces_and_prepends() -> None:
    plan = plan_yaml.read(
        "cycles: 3\n"
        "observe:\n  observe: Look at {{job_id}} twice.\n"
        'execute:\n  execute: {mode: replace, text: "Write for {{job_id}}."}\n'
        "verify:\n  verify: {mode: prepend, text: First count.}\n"
        "outstanding: [a photo]\n"
    )
    assert (plan.cycles, plan.outstanding) == (3, ("a photo",))

    def said(phase: str) -> str:
        return Speaker("soup", phase, plan.changes.get(phase, {})).opening()

    assert said("observe").endswith("\nLook at soup twice.")
    assert said("observe").startswith("You work on the job soup.")
    assert said("execute") == "Write for soup."
    assert said("verify").startswith("First count.\nYou verify the job soup")
    assert said("condense") == Speaker("soup", "condense").opening()
    more = plan_yaml.read(plan_yaml.with_item(plan.text, "salt"))
    assert (more.outstanding, more.sha) == (("a photo", "salt"), plan.sha)
    learned = plan_yaml.read(plan_yaml.with_change(plan.text, "execute", "execute", "Be brief."))
    assert learned.changes["execute"]["execute"] == Change(
        "Write for {{job_id}}.\nBe brief.", "replace"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cycles: 0\n", "line 1: 0 is no number of cycles. Write a number from 1 to 100"),
        ("cycles: yes\n", "'yes' is no number of cycles"),
        ("observe: {obsrve: x}\n", "line 1: there is no voice 'obsrve'. Did you mean 'observe'?"),
        ("obsrve: {observe: x}\n", "'obsrve' is no part of a plan. Did you mean 'observe'?"),
        ("observe: {observe: 'do {{job}}'}\n", "has no argument 'job'. Did you mean 'job_id'?"),
        ("observe: {observe: {mode: shout, text: x}}\n", "'shout' is no mode"),
        ("observe: {observe: {text: x, loud: 1}}\n", "'loud' is no part of a change"),
        ("observe: {observe: 7}\n", "a change is a text, or has `mode` and `text`"),
        ("observe: text\n", "'observe' is a mapping of voices"),
        ("outstanding: 3\n", "outstanding is a list of texts"),
        ("- a\n", "the plan is no mapping"),
        ("cycles: [1\n", "line"),
        ("a: &x 1\nb: *x\n", "line 1"),
    ],
)
def test_a_plan_of_voices_that_does_not_hold_is_told_with_its_cure(text: str, told: str) -> None:
    with pytest.raises(JobInvalid) as wrong:
        plan_yaml.read(text)
    assert told in wrong.value.message


# Notes


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Next week we also need a photo.", "pending-job"),
        ("From now on write shorter.", "voice-update"),
        ("You should learn to read PDF files.", "agent-update"),
        ("The feed lives at https://example.org/feed.xml.", "knowledge"),
        ("It must not be sent before noon.", "knowledge"),
        ("Well done", "remark"),
    ],
)
def test_lines_are_sorted_into_classes_without_a_model(text: str, kind: str) -> None:
    assert sort_in_code(Line(text, from_footer=True)).kind == kind


@pytest.mark.parametrize(
    ("states", "share", "closes"),
    [
        (("kept", "kept"), 1.0, True),
        (("kept", "dropped"), 1.0, True),
        (("kept", "proposed"), 0.8, True),
        (("proposed", "kept"), 0.2, False),
        (("proposed", "proposed"), 0.0, False),
    ],
)
def test_a_cycle_closes_at_eighty_percent_of_its_words(
    states: tuple[str, str], share: float, closes: bool
) -> None:
    long, short = "one two three four five six seven eight.", "nine ten."
    notes = [note(text, state) for text, state in zip((long, short), states, strict=True)]
    measured = routing([f"{long} {short}"], notes)
    assert (measured.share, measured.closes) == (share, closes)
    assert [n.text for n in measured.open] == [n.text for n in notes if n.state == "proposed"]


def test_a_cycle_that_established_nothing_closes() -> None:
    assert routing([], []).closes


def note(text: str, state: Any) -> Note:
    return Note(1, "1", 1, "knowledge", "durable", text, state, None, "", "", None)


# Dependencies


@pytest.mark.parametrize(
    ("edges", "closed"),
    [
        ({}, ()),
        ({"b": ["c"]}, ()),
        ({"b": ["a"]}, ("a", "b", "a")),
        ({"b": ["c", "d"], "d": ["a"]}, ("a", "b", "d", "a")),
        ({"x": ["y"], "y": ["x"], "b": ["x"]}, ()),
    ],
)
def test_a_circle_of_dependencies_is_found(
    edges: dict[str, list[str]], closed: tuple[str, ...]
) -> None:
    assert circle(edges, "a", "b") == closed
    assert circle({}, "a", "a") == ("a", "a")


# Completion

REVIEW = " ".join(f"word{n}" for n in range(100))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (Question("PLAN", "Is soup complete?", completion.OPTIONS, facts={"review": REVIEW}),
         r"asked with \[JOB-COMPLETE\]"),
        (Question("JOB-COMPLETE", "Is it complete?", completion.OPTIONS, facts={"review": REVIEW}),
         "does not name its job"),
        (Question("JOB-COMPLETE", "Is soup complete?", completion.OPTIONS, facts={"review": "Yes."}),
         "the review has 1 words; it needs 100"),
        (Question("JOB-COMPLETE", "Is soup complete?", ("Review", "Approve"), facts={"review": REVIEW}),
         "offers exactly 'Review' and 'Approve completion'"),
    ],
)  # fmt: skip
def test_a_completion_question_that_lacks_something_is_refused(
    asked: Question, message: str
) -> None:
    with pytest.raises(BindingsInvalid, match=message):
        completion.check("soup", asked)
    completion.check(
        "soup",
        Question("JOB-COMPLETE", "Is soup complete?", completion.OPTIONS, facts={"review": REVIEW}),
    )


def test_the_review_of_the_smallest_job_has_a_hundred_words() -> None:
    text = completion.review_of(Account("soup", "", 1))
    assert len(text.split()) >= 100
    assert completion.question("soup", text).options == ("Review", "Approve completion")


STAGES = (Stage("checked", "verifier"), Stage("a night", "cool_down", 3600.0),
          Stage("four eyes", "second_reviewer"))  # fmt: skip
AT = rfc3339(NOW)


@pytest.mark.parametrize(
    ("row", "jobs", "later", "expected"),
    [
        ({}, (), 0, Waits("the person's word: “Approve completion”", "person")),
        ({"approved_at": AT}, ("photo",), 0, Waits("photo to be completed", "job")),
        ({"approved_at": AT}, (), 0, STAGES[0]),
        ({"approved_at": AT, "passed": ["checked"]}, (), 0,
         Waits("a night, until 2026-03-02 13:00 UTC", "time")),
        ({"approved_at": AT, "passed": ["checked"]}, (), 3600, STAGES[1]),
        ({"approved_at": AT, "approved_by": "jo", "passed": ["checked", "a night"]}, (), 0,
         Waits("four eyes: the word of somebody else (`assistant jobs second`)", "person")),
        ({"approved_at": AT, "approved_by": "jo", "second_by": "jo",
          "passed": ["checked", "a night"]}, (), 0,
         Waits("four eyes: the word of somebody else (`assistant jobs second`)", "person")),
        ({"approved_at": AT, "approved_by": "jo", "second_by": "sam",
          "passed": ["checked", "a night"]}, (), 0, STAGES[2]),
        ({"approved_at": AT, "passed": ["checked", "a night", "four eyes"]}, (), 0, None),
    ],
)  # fmt: skip
def test_completion_passes_its_stages_in_order(
    row: dict[str, Any], jobs: tuple[str, ...], later: int, expected: object
) -> None:
    assert next_wait(STAGES, row, jobs, NOW + timedelta(seconds=later)) == expected


# Moving up


def done(*steps: tuple[str, ...]) -> list[Done]:
    return [Done(f"r{n}", one) for n, one in enumerate(steps)]


@pytest.mark.parametrize(
    ("runs", "version", "stage", "refused", "target"),
    [
        (done(("a",), ("a",)), 0, 1, -1, None),
        (done(("a",), ("a",), ("a",)), 0, 1, -1, 0),
        (done(("a",), ("a",), ("a",)), 0, 1, 0, None),
        (done(("a",), ("b",), ("a",), ("a",)), 0, 1, -1, None),
        (done((), (), ()), 0, 1, -1, None),
        (done(("a", "b"), ("a", "b"), ("a", "b")), 1, 1, -1, 2),
        (done(("a", "b"), ("a", "b"), ("a", "b")), 1, 2, 2, 3),
        (done(("a", "b"), ("a", "b"), ("a", "b")), 1, 2, 3, None),
        (done(("a", "b"), ("a", "b"), ("a", "b")), 1, 4, -1, None),
    ],
)
def test_a_stage_is_proposed_after_three_of_a_kind(
    runs: list[Done], version: int, stage: int, refused: int, target: int | None
) -> None:
    made = promotion.proposal(runs, version=version, stage=stage, refused=refused)
    assert (made.stage if made else None) == target
    if made:
        assert "3 times with the same steps" in made.question("soup").text


def test_every_voice_says_what_it_is_for() -> None:
    assert all(voice.about.endswith(".") and voice.text for voice in catalogue().values())
