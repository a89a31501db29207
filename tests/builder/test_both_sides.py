"""Both sides of a condition, what its things are about, and where a refusal is only told."""

from __future__ import annotations

import pytest

from assistant.builder.both_sides import sides, twice, with_both_sides
from assistant.builder.questions import Surroundings
from assistant.pipeline.loader import read_loosely
from tests.builder.conftest import Drafts


@pytest.mark.parametrize(
    ("said", "steps"),
    [
        ("mail <mail1> <quote1>, otherwise mail him the list", ["send_email", "send_email"]),
        ("put <quote1> on <chan1>. Otherwise, put <quote2> on <chan1>", ["notify", "notify"]),
        ("schick <mail1> <quote1>, sonst schick ihm die Liste", ["send_email", "send_email"]),
        ("avisa a <chan1> con <quote1>, si no, manda la lista a <chan1>", ["notify", "notify"]),
        ("mail <mail1> the list, otherwise leave them in peace", ["send_email"]),
        ("mail <mail1> the list, otherwise put <quote1> on <chan1>", ["send_email"]),
        ("mail <mail1> unless somebody else does", ["send_email"]),
    ],
)
def test_each_side_of_a_condition_goes_out_by_itself(said: str, steps: list[str]) -> None:
    assert with_both_sides(steps[:1], said) == steps


def test_an_otherwise_opens_its_clause() -> None:
    assert sides("tell anyone else <quote1>") is None
    assert twice("save it as <file1>, else save it as <file2>") == ("save_file",)


@pytest.mark.parametrize(
    ("said", "body"),
    [
        (
            "Read https://a.example/rss at 7 daily. If there's nothing in it mail jo@a.example 'no sailings',"
            " otherwise mail him the list",
            "no sailings",
        ),
        (
            "Lies https://a.example/rss um 7. Wenn nichts da ist, schick jo@a.example 'nichts los',"
            " sonst schick ihm die Liste",
            "nichts los",
        ),
    ],
)
def test_the_other_letter_has_its_own_words(draft: Drafts, said: str, body: str) -> None:
    made = draft(said, {"kind": "job", "steps": ["fetch_feed", "send_email"]}, {}, {}, {})
    check = read_loosely(made.yaml).document.data["steps"][1]
    [none], [some] = check["steps"], check["else"]
    assert none["with"] == {"to": "jo@a.example", "body": body}
    assert some["with"]["to"] == "jo@a.example"
    assert some["with"]["body"] == (
        "${{ join([i.title + ' ' + i.url for i in steps.read.items], '\\n') }}"
    )


@pytest.mark.parametrize(
    "said",
    [
        "Check https://a.example/rss daily at 6; if there's anything about avalanches, ping #patrol",
        "Check https://a.example/rss daily at 6, and only if it's about avalanches, ping #patrol",
        "mira https://a.example/rss a diario a las 6; si hay algo sobre avalanches, avisa a #patrol",
    ],
)
def test_a_condition_may_be_about_something(draft: Drafts, said: str) -> None:
    made = draft(said, {"kind": "job", "steps": ["fetch_feed", "notify"]}, {}, {}, {})
    assert [step.skill for step in made.steps] == ["fetch_feed", "rank_items", "notify"]
    assert made.steps[1].arguments["topic"] == "avalanches"
    assert made.structure == ("if",)


def test_jobs_are_called_one_after_the_other(draft: Drafts) -> None:
    around = Surroundings(("fetch-rates", "write-rates", "old-rates"))
    said = "Once a day at 3 am start first fetch-rates and then write-rates"
    made = draft(said, {"kind": "job", "when": "<when1>"}, {}, around=around)
    assert made.settings == {"call_job.job": ["fetch-rates", "write-rates"]}
    said = "Sundays at 3. fetch-rates, and when that's finished write-rates. Anything goes wrong, jo@a.example is to be alerted."
    made = draft(said, {"kind": "job", "when": "<when1>"}, {}, around=around)
    assert made.settings == {
        "call_job.job": ["fetch-rates", "write-rates"],
        "alert.to": "jo@a.example",
    }


@pytest.mark.parametrize(
    ("said", "after"),
    [
        ("read https://a.example/rss at 8; if it dawdles longer than 45 seconds give up", "45s"),
        ("lê https://a.example/rss às 8. Em 5 minutos tem de estar feito, senão corta", "5m"),
        ("read https://a.example/rss at 8, and within 5 minutes it must be done", "5m"),
    ],
)
def test_a_limit_of_time_is_told_by_what_takes_long(draft: Drafts, said: str, after: str) -> None:
    made = draft(said, {"kind": "job", "when": "<when1>", "steps": ["fetch_feed"]}, {})
    assert made.settings == {"timeout.after": after}


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("a job that I can start with a different fish each time: search the web for that fish's quota", ["fish"]),
        ("make it so that town and budget get filled in at the start, then search the web for flats", ["town", "budget"]),
        ("fais-moi un job avec deux champs à remplir, ville et date : il cherche les vide-greniers", ["ville", "date"]),
    ],
)  # fmt: skip
def test_inputs_are_told_by_what_changes_each_time(
    draft: Drafts, said: str, names: list[str]
) -> None:
    made = draft(said, {"kind": "job", "steps": ["web_search"]}, {"query": "flats"})
    assert made.settings == {"inputs.names": names}


def test_each_item_may_have_a_file_of_its_own(draft: Drafts) -> None:
    said = "each item in https://a.example/rss gets its own file please, whole text, sundays 22:00"
    made = draft(said, {"kind": "job", "steps": ["fetch_feed", "extract_article"]}, {}, {}, {})
    assert [step.skill for step in made.steps] == ["fetch_feed", "extract_article", "save_file"]
    loop = read_loosely(made.yaml).document.data["steps"][1]
    assert loop["steps"][1]["with"]["name"] == "item-${{ index + 1 }}.md"


def test_who_is_mailed_of_a_failure_is_told_of_it_too(draft: Drafts) -> None:
    said = "if the nightly-backup job falls over, ping #oncall and email jo@a.example"
    made = draft(said, {"kind": "job", "steps": ["notify", "send_email"]}, {}, {})
    steps = read_loosely(made.yaml).document.data["steps"]
    assert [step["with"] for step in steps] == [
        {"channel": "#oncall", "message": "The job nightly-backup failed."},
        {"to": "jo@a.example", "body": "The job nightly-backup failed."},
    ]
