"""Scores say what is right, and a whole evaluation runs from a file to figures."""

from __future__ import annotations

import asyncio
import json

import pytest

from assistant.builder.drafts import Draft, DraftStep
from assistant.builder.evaluation import BUNDLED, evaluate, prediction, read_cases, surroundings
from assistant.builder.questions import FocusedJob, FocusedStep, Surroundings
from assistant.builder.scoring import same_cron, score, wilson
from assistant.errors import BindingsInvalid
from assistant.models.doubles import PuppetModel
from assistant.skills.library import Library

CASE = {
    "id": "a", "category": "multi", "request": "…",
    "expect": {
        "kind": "job", "kind_alt": ["call"], "skills": ["fetch_feed", "send_email"],
        "cron": "0 7 * * 1-5", "timezone": "Europe/Paris",
        "args": {"fetch_feed.url|fetch_feed.urls": "https://A.example/rss/", "send_email.to": ["x@y.example"],
                 "send_email.subject": "the news", "rank_items.since|fetch_feed.since": "24h"},
        "structure": ["if"],
    },
}  # fmt: skip
TOLD = {
    "id": "a", "kind": "call", "cron": "0 7 * * 1,2,3,4,5", "timezone": "Europe/Paris",
    "structure": ["if", "retry"], "settings": {},
    "steps": [
        {"skill": "fetch_feed", "with": {"urls": ["http://a.example/rss"], "since": "1d"}},
        {"skill": "send_email", "with": {"to": ["x@y.example", "z@y.example"], "subject": "All the news."}},
    ],
}  # fmt: skip


def test_a_prediction_that_means_the_same_is_fully_right() -> None:
    made = score(CASE, TOLD)

    assert (made.kind, made.chain, made.cron, made.arguments, made.structure, made.full) == (
        True, True, True, (4, 4), True, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"kind": "edit"}, "kind"), ({"cron": "0 8 * * 1-5"}, "cron"),
        ({"timezone": "Europe/London"}, "cron"), ({"structure": []}, "structure"),
        ({"structure": ["if", "pause"]}, "structure"), ({"steps": TOLD["steps"][:1]}, "chain"),
    ],
)  # fmt: skip
def test_one_thing_wrong_is_not_fully_right(change: dict, wrong: str) -> None:
    made = score(CASE, TOLD | change)

    assert made.full is False
    assert any(told.startswith(wrong) for told in made.wrong)


@pytest.mark.parametrize(
    ("wanted", "told", "right"),
    [
        ("invoice overdue", "which invoices are overdue", True),
        ("overdue invoices", "which invoice is overdue", False),
        ("three 5", "the three best of 5", True), ("5", "the best of 50", False),
        ("order", "what is to be reordered", False),
    ],
)  # fmt: skip
def test_a_word_of_a_free_text_occurs_also_inflected_and_a_number_only_whole(
    wanted: str, told: str, right: bool
) -> None:
    case = {"id": "b", "expect": {"kind": "call", "skills": ["query_database"], "cron": None,
                                  "args": {"query_database.question": wanted}}}  # fmt: skip
    steps = [{"skill": "query_database", "with": {"question": told}}]

    assert score(case, {"id": "b", "kind": "call", "steps": steps}).full is right


def test_links_are_the_same_with_and_without_scheme_and_www() -> None:
    case = {"id": "b", "expect": {"kind": "call", "skills": ["extract_article"], "cron": None,
                                  "args": {"extract_article.url": "www.a.example/news/"}}}  # fmt: skip
    told = {"id": "b", "kind": "call",
            "steps": [{"skill": "extract_article", "with": {"url": "https://www.a.example/news"}}]}  # fmt: skip

    assert score(case, told).full


def test_a_prediction_has_what_the_file_holds_and_all_that_a_loop_goes_through() -> None:
    draft = Draft(
        "job",
        yaml="""
job: pages
steps:
  - id: each
    for_each: ["https://a.example", "https://b.example"]
    as: url
    steps:
      - {id: full, skill: extract_article, with: {url: "${{ url }}"}}
  - {id: file, skill: save_file, with: {name: pages.md, content: "${{ steps.each.items }}"}}
""",
        steps=(
            DraftStep("extract_article", {"url": "https://a.example"}, "full"),
            DraftStep("save_file", {"name": "pages.md"}, "file"),
        ),
    )

    assert prediction("c", draft)["steps"] == [
        {"skill": "extract_article", "with": {"url": ["https://a.example", "https://b.example"]}},
        {"skill": "save_file", "with": {"name": "pages.md", "content": "${{ steps.each.items }}"}},
    ]


def test_a_schedule_that_nobody_asked_for_is_wrong() -> None:
    case = {
        "id": "b",
        "expect": {
            "kind": "call",
            "skills": ["web_search"],
            "args": {"web_search.query": "5 red cars"},
        },
    }
    told = {"kind": "call", "steps": [{"skill": "web_search", "with": {"query": "five cars, red"}}]}

    assert score(case, told).full is True
    assert score(case, told | {"cron": "0 8 * * *"}).full is False


def test_of_an_edit_what_was_to_stay_must_stay_and_what_was_to_go_must_go() -> None:
    expect = {"kind": "edit", "skills": ["notify"], "kept": ["#a"], "absent": ["#b"], "cron": None}
    told = {"kind": "edit", "steps": [{"skill": "notify", "with": {"channel": "#a"}}]}

    assert score({"id": "c", "expect": expect}, told).full is True
    told = {"kind": "edit", "steps": [{"skill": "notify", "with": {"channel": "#b"}}]}
    assert score({"id": "c", "expect": expect}, told).full is False


def test_what_stays_and_goes_may_be_named_by_its_place() -> None:
    expect = {
        "kind": "edit", "skills": ["fetch_feed", "notify"], "cron": None,
        "kept": {"fetch_feed.url|fetch_feed.urls": "https://a.example/rss"}, "absent": {"notify.channel": "#b"},
    }  # fmt: skip

    def full(url: str, channel: str) -> bool:
        steps = [
            {"skill": "fetch_feed", "with": {"url": url}},
            {"skill": "notify", "with": {"channel": channel}},
        ]
        return score({"id": "c", "expect": expect}, {"kind": "edit", "steps": steps}).full

    assert full("https://a.example/rss", "#a") is True
    assert full("https://a.example/rss", "#b") is False
    assert full("https://b.example/rss", "#a") is False


def test_cron_lines_are_compared_by_what_they_mean() -> None:
    assert same_cron("0 9 * * MON-FRI", "0 9 * * 1,2,3,4,5")
    assert same_cron("*/15 * * * *", "0,15,30,45 * * * *")
    assert same_cron("0 9 L * *", "0 9 l * *")
    assert not same_cron("0 9 * * 1", "0 9 * * 1#1")
    assert same_cron(None, "")


def test_shares_come_with_their_interval() -> None:
    assert wilson(8, 10) == {"right": 8, "of": 10, "share": 0.8, "low": 0.4902, "high": 0.9433}
    assert wilson(0, 0)["share"] is None


def test_a_file_of_requests_becomes_figures_and_predictions(library, tmp_path) -> None:
    cases = [
        {"id": "1", "category": "single", "request": "get https://a.example/rss",
         "expect": {"kind": "call", "skills": ["fetch_feed"], "args": {"fetch_feed.url": "https://a.example/rss"}}},
        {"id": "2", "category": "chat", "request": "hello", "lang": "en", "expect": {"kind": "answer"}},
        {"id": "3", "category": "edit", "request": "pause it", "expect": {"kind": "edit", "skills": [], "skills_alt": [["notify"]], "cron": "0 7 * * *", "structure": ["pause"]},
         "context": {"job": {"name": "n", "schedule": {"cron": "0 7 * * *", "timezone": None}, "steps": [{"skill": "notify", "with": {"message": "hi"}}]}}},
    ]  # fmt: skip
    path, out = tmp_path / "cases.jsonl", tmp_path / "out.jsonl"
    path.write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    answers = {
        "get <feed1>": {"kind": "call", "steps": ["fetch_feed"]}, "hello": {"kind": "answer"},
        "pause it": {"kind": "edit"}, "Edits": {"edits": [{"do": "pause"}]},
    }  # fmt: skip

    def says(asked):
        last = asked.prompt.rsplit("Request\n", 1)[-1]
        return answers.get(last, {"urls": ["<feed1>"]})

    told = asyncio.run(evaluate(PuppetModel(says), library, path, out=out))

    assert [(told[key]["right"], told[key]["of"]) for key in ("full", "kind", "chain", "arguments")] == [
        (3, 3), (3, 3), (2, 2), (1, 1),
    ]  # fmt: skip
    assert (told["invented"], told["errors"], list(told["by_category"])) == (
        0,
        0,
        ["single", "chat", "edit"],
    )
    assert [json.loads(line)["kind"] for line in out.read_text().splitlines()] == [
        "call",
        "answer",
        "edit",
    ]


def test_a_wrong_line_is_named(tmp_path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text('{"id": "1", "request": "x", "expect": {"kind": "call"}}\n{"id": "2"}\n')

    with pytest.raises(BindingsInvalid, match="line 2"):
        read_cases(path)


def test_the_bundled_requests_are_whole_and_divided(library) -> None:
    cases = read_cases(BUNDLED)
    names = {entry.name for entry in library.entries()}

    assert len(cases) >= 150
    assert len({case["id"] for case in cases}) == len(cases)
    assert {case["split"] for case in cases} == {"look", "report", "unseen", "held", "fresh"}
    for case in cases:
        assert set(case["expect"].get("skills") or ()) <= names, case["id"]
        assert "https://" not in case["request"] or ".example" in case["request"], case["id"]


def test_a_case_may_write_out_the_file_of_the_job_in_focus(library: Library):
    text = "job: lock-log\ntitle: Lock log\nsteps:\n  - id: read\n    skill: fetch_feed\n    with: {url: https://locks.example/rss}\n"
    written = surroundings({"job": text}, library)
    assert written.focus == FocusedJob(
        "Lock log",
        (FocusedStep("fetch_feed", {"url": "https://locks.example/rss"}),),
        False, (), text,
    )  # fmt: skip
    assert written.jobs == ("Lock log",)
    # A name alone is only a name.
    assert surroundings({"job": "lock-log"}, library) == Surroundings(("lock-log",))
