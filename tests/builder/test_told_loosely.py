"""What is told loosely: inputs, prices that are watched, copies by first names, reminders."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assistant.builder.besides import without_besides
from assistant.builder.copies import open_copy
from assistant.builder.data_asked import database_named
from assistant.builder.details import details
from assistant.builder.evidence import evidence
from assistant.builder.measures import measured
from assistant.builder.missing import unsaid
from assistant.builder.questions import Surroundings, question_of
from assistant.builder.remains import query_left
from assistant.builder.texts_said import saying
from assistant.grounding.cues import cues
from assistant.grounding.marks import mark
from assistant.skills.periods import moment_since
from tests.builder.conftest import Drafts


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("I'll give it the town each time, it searches the web for flea markets there", "town"),
        ("It should want to know from me which breed, then search online for breeders", "breed"),
        ("Every time I run it I'll name a street; look up planning applications there", "street"),
        ("make a job: i tell it the player, it searches the web for news on the player", "player"),
        ("Search for a part, I'll type in the part whenever I start it", "part"),
        ("each time i run it i give it an author, search the web for new books by them", "author"),
        ("Each run I'll hand it a book title; it looks up reviews online", "book title"),
    ],
)
def test_an_input_is_what_somebody_gives_each_time(said: str, name: str) -> None:
    found = [cue for cue in cues("structure", mark(said).text) if cue.name == "inputs"]
    assert [cue.groups["name"] for cue in found] == [name]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("Watch https://a.example/kettle; should the price be under 80, mail me", ("price", "below")),
        ("Should the temperature at https://a.example/now be over 30, tell #crew", ("temperature", "above")),
        ("if https://a.example/drill costs less than 60 let me know", ("price", "below")),
        ("https://a.example/gravel - tell #bikes once it is under 900 euros", ("price", "below")),
        ("Check https://a.example/rates; ping #team if the rate goes above 140", ("rate", "above")),
        ("tell me when the price on https://a.example/x has gone below 50", ("price", "below")),
    ],
)  # fmt: skip
def test_a_value_of_a_page_is_compared_in_other_words(said: str, value: tuple[str, str]) -> None:
    found = measured(mark(said).text)
    assert found is not None
    assert (found.what, found.test) == value


@pytest.mark.parametrize(
    "said",
    [
        "watch https://a.example/kettle for price changes",
        "keep an eye on https://a.example/kettle and tell me when the price changes",
        "Check https://a.example/dates for updates",
    ],
)
def test_a_page_that_is_watched_starts_a_job_that_tells(said: str, draft: Drafts) -> None:
    made = draft(said, {"kind": "call", "steps": ["scrape_page"]}, {"url": "<page1>"}, {})
    assert made.kind == "job"
    assert made.structure == ("trigger_feed",)
    assert made.steps[-1].skill == "notify"


@pytest.mark.parametrize(
    ("said", "copied"),
    [
        ("send it to <mail2> and let Pat have one too in cc, <mail1>", True),
        ("send it to <mail2> with Ravi copied in at <mail1>", True),
        ("mail it to <mail2>, copying in Ravi (<mail1>)", True),
        ("make a copy as <file1> and mail it to <mail1>", False),
    ],
)
def test_a_copy_goes_to_a_first_name(said: str, *, copied: bool) -> None:
    assert open_copy(said, "<mail1>") is copied


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("remind me every Friday at 9 to send the invoice", "send the invoice"),
        ("remind me to send the invoice every Friday at 9", "send the invoice"),
        ("Remind the lads channel on Thursdays at 5 that the van needs washing", "the van needs washing"),
        ("Set me a reminder for bin day every Monday at 7pm", "bin day"),
        ("remind anna@a.example every first Monday at 8 to pay the rent", "pay the rent"),
        ("Erinnere mich freitags um 9 an die Rechnung", "die Rechnung"),
    ],
)  # fmt: skip
def test_what_one_is_reminded_of_is_no_time(said: str, message: str) -> None:
    assert [value.meant for value in mark(said).of("quote")] == [message]


def test_a_bare_newsletter_is_asked_for_its_source() -> None:
    assert unsaid("make me a newsletter") == ["link"]


def test_what_is_kept_elsewhere_is_no_message(draft: Drafts) -> None:
    made = draft("post the minutes to #board", {"kind": "call", "steps": ["notify"]}, {})
    assert [ask.place for ask in made.asks] == ["steps.tell.message"]


@pytest.mark.parametrize(
    ("said", "since"),
    [
        ("what came in since 3 November?", "3 November"),
        ("everything since last Tuesday", "Tuesday"),
        ("alles seit dem 3. November", "3 November"),
        ("since the twentieth of October 2026", "2026-10-20"),
    ],
)
def test_a_look_back_may_be_a_day_without_its_year(said: str, since: str) -> None:
    assert [value.meant for value in mark(said).of("since")] == [since]


@pytest.mark.parametrize(
    ("since", "day"),
    [("Tuesday", (2026, 11, 24)), ("sunday", (2026, 11, 22)), ("3 November", (2026, 11, 3)), ("30 November", (2025, 11, 30))],
)  # fmt: skip
def test_a_day_without_its_year_is_the_last_one(since: str, day: tuple[int, int, int]) -> None:
    now = datetime(2026, 11, 29, 12, tzinfo=UTC)
    assert moment_since(since, now) == datetime(*day, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "body"),
    [
        ("Email crew@a.example, blind copy to t@a.example. Kick-off on Saturday has moved to 10:15, pitch 3. Call it \"Match\"", "Kick-off on Saturday has moved to 10:15, pitch 3."),
        ("Mail the lads at crew@a.example: subject \"Van\". Keys are under the mat and the tank is full.", "Keys are under the mat and the tank is full."),
        ("Schreib an team@a.example, Betreff „Schlüssel“: der Ersatzschlüssel liegt ab Montag beim Hausmeister.", "der Ersatzschlüssel liegt ab Montag beim Hausmeister."),
        ("Send pat@a.example a note to say the skip arrives on Friday at seven and the gate has to be open", "the skip arrives on Friday at seven and the gate has to be open"),
        ("Tell jo@a.example the meeting on Tuesday at ten is off", "the meeting on Tuesday at ten is off"),
        ("send mo@a.example a message: subject is Rota, text is You are on Sunday with Pat.", "You are on Sunday with Pat"),
        ("envoie à lea@a.example avec le texte « la salle est prise »", "la salle est prise"),
    ],
)  # fmt: skip
def test_what_a_letter_says_may_be_led_to_by_no_word_and_holds_no_schedule(
    said: str, body: str, draft: Drafts
) -> None:
    made = draft(said, {"kind": "job", "when": "<when1>", "steps": ["send_email"]}, {})
    assert (made.kind, made.cron, dict(made.call).get("body")) == ("call", "", body)


def test_what_a_model_is_asked_is_no_condition(draft: Drafts) -> None:
    made = draft(
        "get https://a.example/api/x, let the model say in one sentence if I need a coat, put it on #x",
        {"kind": "job", "steps": ["http_request", "ask_model", "notify"], "structure": ["if"]},
        {},
        {},
        {},
    )
    assert made.structure == ()
    assert made.steps[1].arguments["prompt"] == "say in one sentence if I need a coat"


@pytest.mark.parametrize(
    ("said", "headers"),
    [
        ("GET https://api.a.example/v1/x with Accept-Language: cy", {"Accept-Language": "cy"}),
        ("DELETE https://api.a.example/s/1, the key goes in as X-Api-Key: secret:hall", {"X-Api-Key": "secret:hall"}),
        ("call https://api.a.example/s (Authorization: Bearer secret:ops)", {"Authorization": "Bearer secret:ops"}),
    ],
)  # fmt: skip
def test_a_header_is_known_by_its_name(said: str, headers: dict[str, str]) -> None:
    assert details("http_request", mark(said), lambda _: True) == {"headers": headers}


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("Anything on the web from <since1> on bluetongue restrictions in Devon? We've ewes to move.", "bluetongue restrictions in Devon"),
        ("What's been on the web in <since1> about hedgehog crossings? My gran feeds them.", "hedgehog crossings"),
        ("Anything online from <since1> on the Tamar bridge tolls? We cross daily.", "the Tamar bridge tolls"),
    ],
)  # fmt: skip
def test_what_is_searched_for_is_the_part_that_tells_most(said: str, query: str) -> None:
    assert query_left(said) == query


def test_each_of_several_quotations_is_searched_for(draft: Drafts) -> None:
    made = draft(
        'two searches, "peat extraction" and "bog restoration", ten results each, save as bogs.md',
        {"kind": "job", "steps": ["web_search", "save_file"]},
        {},
        {},
        {"name": "<file1>"},
    )
    assert [
        (step.arguments["query"], step.arguments["limit"])
        for step in made.steps
        if step.skill == "web_search"
    ] == [("peat extraction", 10), ("bog restoration", 10)]


@pytest.mark.parametrize(
    ("said", "skills"),
    [
        ("the five most recent from https://a.example/rss into l.md", {"fetch_feed", "save_file"}),
        ("Only allotment or composting news, max 6, from https://a.example/feed", {"fetch_feed", "rank_items"}),
        ("nur was mit Radwegen zu tun hat, aus https://a.example/feed", {"fetch_feed", "rank_items"}),
        ("have the model sort those letters into opposition and renewal", {"ask_model"}),
        ("From the till database: orders. Model compares the two in five bullet points", {"query_database", "ask_model"}),
        ("https://a.example/feed in the letter design", {"fetch_feed", "compile_newsletter"}),
        ("Read the lots on https://a.example/now, keep the ten best, get the full description of each", {"scrape_page", "rank_items", "extract_article"}),
    ],
)  # fmt: skip
def test_newest_chooses_none_and_only_chooses(said: str, skills: set[str]) -> None:
    assert evidence(mark(said).text).sure == skills


@pytest.mark.parametrize(
    ("said", "statement", "database"),
    [
        ("run SELECT name FROM crew WHERE active = 1 on rota, tell #deck", "SELECT name FROM crew WHERE active = <num1>", "rota"),
        ("SELECT id FROM bookings against frontdesk and tell #deck", "SELECT id FROM bookings", "frontdesk"),
    ],
)  # fmt: skip
def test_a_statement_ends_where_its_database_is_named(
    said: str, statement: str, database: str
) -> None:
    text = mark(said).text
    assert (saying("sql", text), database_named(text)) == (statement, database)


def test_a_sign_inside_a_word_ends_no_sentence() -> None:
    question, marked = question_of("save Unit no.7b as f.md, don't send it", (), Surroundings())
    assert without_besides(question, marked)[0].text == "save Unit no.7b as <file1>."


def test_what_stands_off_is_no_schedule(draft: Drafts) -> None:
    made = draft(
        "Find me pages on willow weaving. I've Fridays off.",
        {"kind": "call", "when": "<when1>", "steps": ["web_search"]},
        {"query": "willow weaving"},
    )
    assert (made.kind, made.cron) == ("call", "")


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("Schau bitte im Netz nach Fördermitteln für Wärmepumpen, <num1> Treffer, und speichere sie als <file1>", "Fördermitteln für Wärmepumpen"),
        ("Look online for second-hand looms, <since1>, <num1> hits; mail <mail1>", "second-hand looms"),
        ("busca en internet subvenciones para olivares, máximo <num1>, y guárdalo", "subvenciones para olivares"),
        ("look for new papers on permafrost thaw, <since1>, keep the top <num1>", "new papers on permafrost thaw"),
    ],
)  # fmt: skip
def test_a_search_holds_neither_its_period_nor_what_is_done_next(said: str, query: str) -> None:
    told = saying("query", said)
    assert (told if told else query_left(said)).removesuffix(", <num1> Treffer") == query
