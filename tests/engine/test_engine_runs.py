"""What a run does and leaves behind: order, outputs, events, files, the receipt."""

from __future__ import annotations

import json

import pytest

from assistant.engine.engine import Engine
from assistant.engine.request import RunRequest
from assistant.errors import BindingsInvalid, InternalError, JobInvalid, TargetUnresolved
from assistant.events import StepDone, StepProgress, from_row
from tests.engine.conftest import Bench
from tests.engine.local_skills import LocalSkills

NEWSLETTER = """
job: newsletter
inputs:
  topic: {type: string, default: batteries}
  limit: {type: integer, default: 2}
steps:
  - {id: read, skill: fetch, with: {name: "${{ inputs.topic }}"}}
  - if: "${{ size(steps.read.items) == 0 }}"
    stop: nothing new
  - {id: letter, skill: letter, with: {title: "On ${{ inputs.topic }}", items: "${{ slice(steps.read.items, 0, inputs.limit) }}"}}
  - {id: post, skill: send, with: {to: jo@example.org, text: "${{ steps.letter.text }}"}}
outputs: {text: "${{ steps.letter.text }}"}
expect: ["${{ size(steps.read.items) == 3 }}"]
"""


async def test_a_newsletter_is_read_written_and_sent(bench: Bench) -> None:
    receipt = await bench.run(NEWSLETTER, job_id="j1", trigger={"kind": "person"})
    [eml] = bench.settings.outbox_dir.glob("*.eml")
    assert eml.read_text() == "To: jo@example.org\n\n# On batteries\nbatteries-0\nbatteries-1"
    fixed = {k: v for k, v in receipt.items() if k not in ("run_id", "started_at", "ended_at")}
    for step in fixed["steps"]:
        assert step.pop("seconds") >= 0
    sha = fixed["artifacts"][0].pop("sha256")
    assert len(sha) == 64
    assert fixed == {
        "schema_version": 1,
        "job_id": "j1",
        "job_version": 1,
        "status": "succeeded",
        "trigger": {"kind": "person"},
        "target": "newsletter",
        "inputs": {"topic": "batteries", "limit": 2},
        "outputs": {"text": "# On batteries\nbatteries-0\nbatteries-1"},
        "artifacts": [
            {"name": "letter.md", "step": "letter", "media_type": "text/markdown", "size": 38}
        ],
        "approvals_requested": [],
        "references": [],
        "payload": {"dry": False, "reason": "", "warnings": []},
        "steps": [
            {"path": "read", "skill": "fetch", "status": "succeeded", "attempts": 1, "error": None},
            {"path": "stop", "skill": "", "status": "skipped", "attempts": 0, "error": None},
            {"path": "letter", "skill": "letter", "status": "succeeded", "attempts": 1, "error": None},
            {"path": "post", "skill": "send", "status": "succeeded", "attempts": 1, "error": None},
        ],
        "expectations": [
            {"expression": "${{ size(steps.read.items) == 3 }}", "held": True, "message": ""}
        ],
        "usage": {"tokens": 0, "cost": 0.0, "model": ""},
        "error": None,
    }  # fmt: skip


async def test_the_folder_alone_tells_what_the_store_tells(bench: Bench) -> None:
    receipt = await bench.run(NEWSLETTER)
    folder = bench.settings.run_dir("newsletter", receipt["run_id"])
    assert sorted(path.name for path in folder.iterdir()) == [
        "artifacts", "events.jsonl", "pipeline.svg", "run_receipt.json", "summary.md",
    ]  # fmt: skip
    lines = (folder / "events.jsonl").read_text().splitlines()
    assert [from_row(json.loads(line)) for line in lines] == bench.events(receipt["run_id"])
    assert json.loads((folder / "run_receipt.json").read_text()) == receipt
    assert (folder / "summary.md").read_text().startswith("# newsletter: succeeded\n")


async def test_events_come_in_order_without_gaps(bench: Bench) -> None:
    run_id = (await bench.run(NEWSLETTER))["run_id"]
    assert bench.told(run_id) == [
        "RunQueued", "RunStarted",
        "StepStarted read", "StepDone read",
        "StepSkipped stop",
        "StepStarted letter", "StepProgress letter", "ArtifactSaved letter", "StepDone letter",
        "StepStarted post", "StepDone post",
        "ExpectationChecked", "RunEnded",
    ]  # fmt: skip
    stored = bench.runs.events(run_id)
    assert [event.seq for event in stored] == list(range(1, len(stored) + 1))
    assert bench.runs.events(run_id, after=11) == stored[11:]
    assert len(stored) == 13


async def test_a_stop_ends_the_run_as_succeeded_with_its_reason(bench: Bench) -> None:
    receipt = await bench.run(
        """
  - {id: read, skill: fetch, with: {name: a}}
  - {if: "${{ size(steps.read.items) == 3 }}", stop: "nothing new in ${{ steps.read.name }}"}
  - {id: post, skill: send, with: {to: jo@example.org}}
"""
    )
    assert (receipt["status"], receipt["payload"]["reason"]) == ("succeeded", "nothing new in a")
    assert bench.calls("post") == 0


async def test_a_line_under_expect_that_does_not_hold_fails_the_run(bench: Bench) -> None:
    receipt = await bench.run(
        """
job: hopeful
steps: [{id: read, skill: fetch, with: {name: a}}]
outputs: {n: "${{ size(steps.read.items) }}"}
expect: ["${{ size(steps.read.items) > 5 }}"]
"""
    )
    assert (receipt["status"], receipt["error"]["code"]) == ("failed", "job_expectation_failed")
    assert receipt["outputs"] == {"n": 3}


async def test_an_output_that_is_not_there_fails_the_run(bench: Bench) -> None:
    receipt = await bench.run(
        """
job: hopeful
steps: [{id: read, skill: fetch, with: {name: a}}]
outputs: {n: "${{ steps.read.item }}"}
"""
    )
    assert receipt["status"] == "failed"
    assert receipt["error"]["code"] == "job_execution_failed"
    assert "items" in receipt["error"]["hint"]


async def test_a_run_keeps_the_file_it_started_with(bench: Bench) -> None:
    file = "job: edited\nsteps:\n  - {id: a, skill: fetch, with: {name: x, seconds: 0.2}}\n  - {id: b, skill: nothing, with: {value: VALUE}}\noutputs: {v: '${{ steps.b.value }}'}\n"
    run_id = await bench.start(file.replace("VALUE", "old"))
    bench.files["edited"] = file.replace("VALUE", "new")
    assert (await bench.engine.wait(run_id, 10))["outputs"] == {"v": "old"}


async def test_submitting_one_run_id_twice_makes_one_run(bench: Bench) -> None:
    ids = [await bench.start(NEWSLETTER, run_id="newsletter:20260302T070000000Z") for _ in range(2)]
    await bench.engine.wait(ids[0], 10)
    assert len(bench.runs.list()) == 1
    assert len(list(bench.settings.outbox_dir.iterdir())) == 1


@pytest.mark.parametrize("bad", ["../escape", "a/b", ".hidden", "a b", "ü", "x" * 201, "a..b"])
async def test_an_id_that_could_leave_the_folder_is_refused(bench: Bench, bad: str) -> None:
    with pytest.raises(BindingsInvalid):
        await bench.start(NEWSLETTER, run_id=bad)


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"topik": "x"}, "no input 'topik'"),
        ({"limit": "many"}, "limit"),
    ],
)
async def test_inputs_that_do_not_fit_are_refused_before_anything_runs(
    bench: Bench, inputs: dict[str, object], told: str
) -> None:
    with pytest.raises(BindingsInvalid, match=told):
        await bench.start(NEWSLETTER, inputs=inputs)
    assert bench.runs.list() == []


async def test_a_file_that_does_not_load_is_refused(bench: Bench) -> None:
    with pytest.raises(JobInvalid, match="line"):
        await bench.start("job: wrong\nsteps:\n  - {id: a, skil: fetch}\n")


async def test_a_second_engine_in_one_process_is_refused(bench: Bench) -> None:
    with pytest.raises(InternalError, match="already"):
        await Engine.open(
            bench.settings, store=bench.store, library=LocalSkills(), models=bench.models,
            jobs=bench.find_job,
        )  # fmt: skip


async def test_a_run_that_is_not_there_is_told_so(bench: Bench) -> None:
    with pytest.raises(TargetUnresolved, match="there is no run 'r9'"):
        await bench.engine.wait("r9")


async def test_a_large_value_travels_by_reference(bench: Bench) -> None:
    receipt = await bench.run(
        """
job: large
steps:
  - {id: a, skill: big, with: {size: 200000}}
  - {id: b, skill: nothing, with: {value: "${{ size(steps.a.text) }}"}}
outputs: {n: "${{ steps.b.value }}", all: "${{ steps.a.text }}"}
"""
    )
    [done] = [e for e in bench.events(receipt["run_id"], StepDone) if e.path == "a"]
    assert set(done.output) == {"$large"}
    assert done.output["$large"]["size"] == 200_011
    folder = bench.settings.run_dir("large", receipt["run_id"])
    assert json.loads(next((folder / "values").iterdir()).read_text())
    assert (folder / "events.jsonl").stat().st_size < 10_000


async def test_progress_is_told_while_the_step_works(bench: Bench) -> None:
    run_id = (await bench.run(NEWSLETTER))["run_id"]
    [told] = bench.events(run_id, StepProgress)
    assert (told.path, told.message, told.done, told.total) == ("letter", "writing", 0, 2)


async def test_memory_lasts_from_run_to_run(bench: Bench) -> None:
    steps = "  - {id: m, skill: remember, with: {key: seen}}\n"
    ids = [(await bench.run(steps))["run_id"] for _ in range(3)]
    assert [bench.output(run_id, "m") for run_id in ids] == [{"count": n} for n in (1, 2, 3)]


async def test_more_runs_than_places_wait_their_turn(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = "  - {id: a, skill: fetch, with: {name: x, seconds: 0.05}}\n"
    ids = [await bench.start(step) for _ in range(20)]
    receipts = [await bench.engine.wait(run_id, 20) for run_id in ids]
    assert {receipt["status"] for receipt in receipts} == {"succeeded"}


async def test_the_engine_may_be_closed_and_opened_again(bench: Bench) -> None:
    await bench.run(NEWSLETTER)
    await bench.close()
    await bench.open()
    assert (await bench.run(NEWSLETTER))["status"] == "succeeded"


async def test_a_request_for_another_name_than_the_files_is_refused(bench: Bench) -> None:
    with pytest.raises(BindingsInvalid, match="is of job 'newsletter'"):
        await bench.engine.submit(RunRequest(job="other", yaml=NEWSLETTER))


async def test_only_the_last_runs_are_kept_when_the_file_says_so(bench: Bench) -> None:
    bench.files["sub"] = "job: sub\nsteps: [{id: a, skill: nothing}]\n"
    file = "job: tidy\nretention: {runs: 2}\nsteps: [{id: c, call_job: sub}]\n"
    ids = [(await bench.run(file))["run_id"] for _ in range(5)]
    await bench.until(lambda: len(bench.runs.list(job="tidy")) == 2)
    assert [run.id for run in bench.runs.list(job="tidy")] == [ids[4], ids[3]]
    assert len(bench.runs.list(job="sub")) == 2
    folders = {path.name for path in (bench.settings.runs_dir / "tidy").iterdir()}
    assert folders == {ids[4], ids[3]}
    assert [await bench.engine._durable.is_known(run_id) for run_id in (ids[0], ids[4])] == [
        False, True,
    ]  # fmt: skip


async def test_a_called_job_hands_over_a_large_output_whole(bench: Bench) -> None:
    bench.files["wide"] = """
job: wide
steps: [{id: b, skill: big, with: {size: 100000}}]
outputs: {text: "${{ steps.b.text }}"}
"""
    receipt = await bench.run("""
job: top
steps: [{id: c, call_job: wide}]
outputs: {size: "${{ size(steps.c.text) }}"}
""")
    assert (receipt["status"], receipt["outputs"]) == ("succeeded", {"size": 100_000})


async def test_runs_that_start_soon_are_all_queued_before_the_first_begins(bench: Bench) -> None:
    text = "job: small\nsteps: [{id: a, skill: add, with: {a: 1, b: 2}}]\n"
    requests = [RunRequest(job="small", yaml=text, run_id=f"small:{n}") for n in range(5)]
    ids = [await bench.engine.submit(request, soon=True) for request in requests]
    assert [(run, bench.runs.get(run).status) for run in ids] == [
        (f"small:{n}", "queued") for n in range(5)
    ]
    assert await bench.engine.submit(requests[0], soon=True) == "small:0"
    ended = [await bench.engine.wait(run, timeout=30) for run in ids]
    assert [receipt["status"] for receipt in ended] == ["succeeded"] * 5
    assert bench.calls() == 5


async def test_a_run_that_was_queued_as_the_engine_left_is_run_by_the_next(bench: Bench) -> None:
    text = "job: small\nsteps: [{id: a, skill: add, with: {a: 1, b: 2}}]\n"
    request = RunRequest(job="small", yaml=text, run_id="small:late")
    run_id = await bench.engine.submit(request, soon=True)
    await bench.close()
    await bench.open()
    receipt = await bench.engine.wait(run_id, timeout=30)
    assert (receipt["status"], bench.calls()) == ("succeeded", 1)
