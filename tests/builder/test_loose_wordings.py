"""Values that are told loosely: beside an aside, in another order, by what they do."""

from __future__ import annotations

import pytest

from assistant.builder.copies import hidden_copy, open_copy
from assistant.builder.data_asked import database_named
from assistant.builder.details import details
from assistant.builder.evidence import evidence
from assistant.builder.hints import moved, moved_from
from assistant.builder.messages import headings
from assistant.builder.texts_said import question_in, saying
from assistant.grounding.cues import cues, says
from assistant.grounding.marks import mark
from assistant.grounding.times import schedule
from assistant.grounding.titles import titles
from assistant.grounding.topics import topics
from tests.builder.conftest import Drafts


@pytest.mark.parametrize(
    "said",
    ["I maintain three projects", "we run two shops", "our four kids like owls", "there are five of us here",
     "they have six small boats", "my two sisters read it"],
)  # fmt: skip
def test_how_many_somebody_has_counts_nothing_of_the_job(said: str) -> None:
    assert mark(said).of("num") == []


@pytest.mark.parametrize(
    ("said", "number"),
    [("my five best stories", 5), ("I have three sentences in mind", 3), ("five of them please", 5),
     ("make it eight items", 8)],
)  # fmt: skip
def test_how_many_are_wanted_is_a_number(said: str, number: int) -> None:
    assert [value.meant for value in mark(said).of("num")] == [number]


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("mail me how many members are in the club database", "how many members are in the club database"),
        ("let <mail1> know which orders are late in the shop database", "which orders are late in the shop database"),
        ("please send <mail1> the number of open tickets in the helpdesk database", "the number of open tickets in the helpdesk database"),
        ("schick mir, wie viele Kunden in der Datenbank shop sind", "wie viele Kunden in der Datenbank shop sind"),
        ("list the members in the club database", "list the members in the club database"),
    ],
)  # fmt: skip
def test_a_question_begins_behind_whom_it_is_told(said: str, question: str) -> None:
    assert question_in(said) == question


@pytest.mark.parametrize(
    ("said", "hidden", "copied"),
    [
        ("to <mail1>, with <mail2> copied in openly", [], ["<mail2>"]),
        ("to <mail1>, but <mail2> only behind the scenes", ["<mail2>"], []),
        ("to <mail1>, and <mail2> shouldn't be visible", ["<mail2>"], []),
        ("to <mail1>, blind copy to <mail2>", ["<mail2>"], []),
        ("to <mail1> and <mail2>", [], []),
    ],
)  # fmt: skip
def test_who_gets_a_copy_is_said_before_or_behind(
    said: str, hidden: list[str], copied: list[str]
) -> None:
    both = [m for m in ("<mail1>", "<mail2>") if m in said]
    assert [m for m in both if hidden_copy(said, m)] == hidden
    assert [m for m in both if open_copy(said, m) and m not in hidden] == copied


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("once the job Nightly backup has gone through, mail me", "Nightly backup"),
        ("if the job Payroll export fails, tell me", "Payroll export"),
        ("and after that start my job Print run", "Print run"),
        ("the job Every Monday at 8", ""),
    ],
)  # fmt: skip
def test_a_job_is_named_with_spaces(said: str, name: str) -> None:
    assert [value.meant for value in mark(said).of("job")] == ([name] if name else [])


@pytest.mark.parametrize(
    ("said", "cron"),
    [
        ("On Thursdays, because Friday is when I print, at half past four in the afternoon, the news", "30 16 * * 4"),
        ("I want that each Tuesday at 17 it takes the list", "0 17 * * 2"),
        ("Get those on the first and the fifteenth at 8", "0 8 1,15 * *"),
        ("How much have we taken since the first of September?", ""),
        ("every morning at 6, what came since Monday", "0 6 * * *"),
    ],
)  # fmt: skip
def test_a_reason_and_a_date_that_is_counted_from_are_no_time_to_run(said: str, cron: str) -> None:
    told = schedule(said)
    assert (told.cron if told else "") == cron


def test_a_feed_may_be_read_from_a_date_on() -> None:
    assert [v.meant for v in mark("what was posted since 2026-11-14?").of("since")] == [
        "2026-11-14"
    ]


def test_the_name_and_the_value_of_a_header_may_stand_apart() -> None:
    marked = mark("they want a header X-Ops-Ticket, put CHG-48213 in there")
    assert details("http_request", marked, lambda _: True) == {
        "headers": {"X-Ops-Ticket": "CHG-48213"}
    }


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Our accounting db, it's called ledger, knows", "ledger"),
        ("in our db (warehouse) sits the answer", "warehouse"),
        ("ask the shop database", "shop"),
    ],
)
def test_a_database_is_named_behind_what_it_is(said: str, name: str) -> None:
    assert database_named(said) == name


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("have it as a newsletter called Halvorsen watch mailed to me", "Halvorsen watch"),
        ("The heading on it should be Rota for Advent and it goes to Ann", "Rota for Advent"),
        ("a newsletter called Riverside mailed to me", "Riverside"),
        ("call it Harbour letter", "Harbour letter"),
        ("call it Harbour please", "Harbour"),
    ],
)
def test_a_name_may_end_in_small_letters(said: str, title: str) -> None:
    assert [found.text for found in titles(said)] == [title]


@pytest.mark.parametrize(
    "said",
    ["read the article at <page1> and translate it to Dutch", "traduis-les en anglais et mets le tout dans <file1>",
     "a nice paragraph written by <model1> on who has most", "übersetze sie ins Englische"],
)  # fmt: skip
def test_a_translation_takes_a_model(said: str) -> None:
    assert "ask_model" in evidence(said).sure


def test_what_a_search_is_for_stands_behind_what_leads_to_it() -> None:
    said = "can you find me stuff online about grey squirrel contraception, say <num1> pages"
    assert saying("query", said) == "grey squirrel contraception"


def test_where_something_is_read_is_no_topic() -> None:
    assert topics("one sentence each, i am reading this on a bus") == []
    assert topics("stories on a bus strike") == ["bus strike"]


def test_breakfast_is_no_failure() -> None:
    assert [
        c.name for c in cues("structure", "my son asked at breakfast what <mail1> told him")
    ] == []
    assert says("structure", "alert", "if it breaks down tell <mail1>")


@pytest.mark.parametrize(
    ("said", "name", "groups"),
    [
        ("<num1> or below is fine, keep quiet then; above that, shout", "if", {}),
        ("<num1> or more is fine, but under that warn me", "if", {"low": "under"}),
        ("the job mustn't take longer than <dur1> in all", "timeout", {}),
    ],
)
def test_limits_are_told_by_what_is_fine(said: str, name: str, groups: dict[str, str]) -> None:
    [cue] = [cue for cue in cues("structure", said) if cue.name == name]
    assert dict(cue.groups) == groups


def test_a_new_address_takes_the_place_of_the_old_one() -> None:
    assert moved("Doris wants it on her new address, <mail1>, the old one is dead")
    assert not moved("send it to <mail1> as well")
    known = {"<mail2>": "doris@oldmill.example", "<mail3>": "ann@mill.example"}
    assert moved_from("doris@newmill.example", known) == ["<mail2>"]
    assert moved_from("kim@mill.example", known) == []
    assert moved_from("kim@mill.example", {"<mail2>": "jo@mill.example"}) == ["<mail2>"]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("questo lavoro d'ora in poi deve chiamarsi Rassegna del porto", "Rassegna del porto"),
        ("der Job soll Hafenblatt heissen", "Hafenblatt"),
        ("der Titel soll 'Zwei Räder' heissen", ""),
    ],
)
def test_a_job_is_renamed_in_other_languages(said: str, name: str) -> None:
    found = [cue.groups["text"] for cue in cues("actions", said) if cue.name == "rename"]
    assert found == ([name] if name else [])


def test_a_job_that_can_go_is_deleted() -> None:
    for said in ("so <job1> can go for good", "we no longer need <job1>"):
        assert [cue.name for cue in cues("actions", said)] == ["delete"]
    assert [cue.name for cue in cues("actions", "<job1> can go out at nine")] == []


def test_pages_of_a_search_are_how_many_it_brings(draft: Drafts) -> None:
    made = draft("look online for cheap ferries, five pages", {"kind": "call", "steps": ["web_search"]}, {})  # fmt: skip
    assert made.call == {"query": "cheap ferries", "limit": 5}


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("how many beds are free on 24 December? ask the hostel database", None),
        ("did anybody pay on the 31st of January", None),
        ("how much rain fell from April to June", None),
        ("number of tickets sold between the 1st and the 15th of May", None),
        ("every 3 March mail me which rooms are booked", "0 8 3 3 *"),
        ("on the first of May tell me how many orders there were", "0 8 1 5 *"),
        ("how many came in? mail it on 1 May and 1 October", "0 8 1 5,10 *"),
    ],
)
def test_a_date_that_is_asked_about_is_no_time_to_run(said: str, when: str | None) -> None:
    told = schedule(said)
    assert (told.cron if told else None) == when


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("average temperature per ward, that'd be in fridge_logs, ta", "fridge_logs"),
        ("who is on shift? database is called rota", "rota"),
        ("did anybody pay? ask ledger, the database", "ledger"),
        ("against stores please, at most <num1> rows: select sku from bins", "stores"),
        ("select name from seat_rows", ""),
    ],
)
def test_a_database_is_named_in_passing(said: str, name: str) -> None:
    assert database_named(said) == name


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("There must be a manual for the Vulkan 24 Eco boiler somewhere on the net, so have a look", "manual for the Vulkan 24 Eco boiler"),
        ("is there anything about moth traps on the web", "moth traps"),
        ("are there any courses in thatching online", "courses in thatching"),
    ],
)  # fmt: skip
def test_what_there_must_be_on_the_web_is_searched_for(said: str, query: str) -> None:
    assert saying("query", said) == query


def test_what_is_said_is_not_its_heading() -> None:
    text = "put <quote1> as its heading and <quote2> under it, for the <chan1> channel"
    assert headings(text) == {"<quote1>"}
    assert headings("a note headed <quote1>: <quote2>") == {"<quote1>"}
    assert headings("say <quote1> to them") == set()
