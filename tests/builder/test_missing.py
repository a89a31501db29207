"""What a request needs and does not say is asked for in one question; what it does say is not."""

from __future__ import annotations

import pytest

from assistant.builder.focusing import focused_job
from assistant.builder.missing import names_nothing
from assistant.builder.questions import LastResult, Surroundings

KEPT = Surroundings(jobs=("seed-list", "tool-lease", "rain-log"))
ONE = Surroundings(jobs=("seed-list",))
UNKNOWN = {"kind": "unsupported"}


def asked(made) -> tuple[str, list[str]]:
    """The kind of a draft and what it asks."""
    return made.kind, [ask.text for ask in made.asks]


@pytest.mark.parametrize(
    "text",
    ["Suspend the job, please", "delete that other job", "Lösche den Auftrag", "Suspends l'autre",
     "as soon as the job is finished, tell channel yard", "start the harvest count now", "get rid of it"],
)  # fmt: skip
def test_a_job_without_its_name_is_asked_for_with_the_names_there_are(draft, text) -> None:
    assert asked(draft(text, UNKNOWN, around=KEPT)) == (
        "clarify", ["Which job do you mean: seed-list, tool-lease or rain-log?"],
    )  # fmt: skip


def test_the_job_is_the_only_one_there_is(draft) -> None:
    paused = draft("suspend the job", UNKNOWN, around=ONE)
    assert (paused.kind, paused.name, paused.actions) == ("edit", "seed-list", ("pause",))

    told = draft(
        "if that job fails, tell channel yard that the seeds are late",
        {"kind": "job", "steps": ["notify"]}, {"message": "the seeds are late"}, around=ONE,
    )  # fmt: skip
    assert (told.kind, told.settings["trigger.job"]) == ("job", "seed-list")


def test_the_job_that_is_being_described_is_no_other(draft) -> None:
    made = draft(
        "each day at 5 read https://weir.example/rss and mail it to ed@weir.example; should the job fail, tell channel ops",
        {"kind": "job", "when": "<when1>", "steps": ["fetch_feed", "send_email"]}, {}, {}, around=KEPT,
    )  # fmt: skip
    assert (made.kind, made.settings) == ("job", {"alert.to": "ops"})


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("give it another day", "When should it run?"),
        ("run it less often", "When should it run?"),
        ("somebody else should get it", "To which mail address should it go?"),
        ("ajoute une source", "Which feed or page should it read? Paste its address."),
        ("prendi un altro argomento", "What should it be about?"),
        ("mach es kürzer", "What should the new number be?"),
        ("het moet een andere titel hebben", "What should the title be?"),
    ],
)
def test_a_change_without_its_value_is_asked_for(draft, digest_yaml, text, question) -> None:
    around = Surroundings(focus=focused_job("digest", digest_yaml))
    assert asked(draft(text, UNKNOWN, around=around)) == ("clarify", [question])


@pytest.mark.parametrize(
    "text",
    [
        "an hour later",
        "half as many",
        "the topic is wind power",
        "pass it on to kim@example.org too",
    ],
)
def test_a_change_that_says_its_value_in_its_own_way_is_made(draft, digest_yaml, text) -> None:
    around = Surroundings(focus=focused_job("digest", digest_yaml))
    made = draft(text, {"kind": "edit"}, {"edits": []}, around=around)
    assert (made.kind, made.asks, made.yaml != digest_yaml) == ("edit", (), True)


@pytest.mark.parametrize(
    "text",
    ["please shorten it", "forward this to ann@weir.example", "Speicher das als JSON",
     "résume-les en deux phrases", "guárdalo como notas.md", "stuur dit naar bo@weir.example",
     "same procedure as always", "come al solito, grazie"],
)  # fmt: skip
def test_this_is_asked_about_where_nothing_is_shown(draft, text) -> None:
    made = draft(text, {"kind": "answer"})
    assert asked(made) == (
        "clarify", ["What do you mean by that? Paste it, or name a feed, page or file."],
    )  # fmt: skip


def test_this_is_what_is_shown(draft) -> None:
    made = draft(
        "forward this to ann@weir.example", {"kind": "call", "steps": ["send_email"]}, {},
        around=Surroundings(last=LastResult("newsletter", "compile_newsletter")),
    )  # fmt: skip
    assert (made.kind, made.asks, made.call["to"]) == ("call", (), "ann@weir.example")


def test_this_is_what_stands_behind_it(draft) -> None:
    made = draft(
        "Translate this into Danish: the ferry leaves at noon",
        {"kind": "call", "steps": ["ask_model"]}, {},
    )  # fmt: skip
    assert (made.kind, "the ferry leaves" in made.call["prompt"]) == ("call", True)


@pytest.mark.parametrize(
    ("text", "steps", "question"),
    [
        ("drop a note into channel yard", ["notify"], "What should it say?"),
        ("can you compose an e-mail to bo@weir.example", ["send_email"], "What should the letter say?"),
        ("could you google something", ["web_search"], "What should be searched for?"),
        ("let the model draft something", ["ask_model"], "What should the model do?"),
        ("frag die Datenbank lager", ["query_database"], "What do you want to know from the database?"),
    ],
)  # fmt: skip
def test_a_text_that_names_nothing_is_asked_for(draft, text, steps, question) -> None:
    made = draft(text, {"kind": "call", "steps": steps}, {"message": "a note", "prompt": text})
    assert asked(made) == ("clarify", [question])


@pytest.mark.parametrize(
    ("kind", "text", "nothing"),
    [
        ("message", "send a message", True),
        ("message", "send a message: stop", False),
        ("message", "the boiler is on", False),
        ("prompt", "Traduis-le en allemand", True),
        ("prompt", "write <quote1> in German", False),
        ("query", "look something up on the web", True),
        ("query", "something about thatch", False),
    ],
)
def test_words_that_only_ask_for_the_work_name_nothing(kind, text, nothing) -> None:
    assert names_nothing(kind, text) is nothing


READ = "read https://weir.example/rss and mail it to ed@weir.example"
CHAIN = {"kind": "job", "steps": ["fetch_feed", "send_email"]}


@pytest.mark.parametrize(
    "text",
    [f"Now and then {READ}", f"periodically {READ}", f"at the usual hour each day {READ}",
     f"hin und wieder {READ}"],
)  # fmt: skip
def test_a_time_that_no_clock_has_is_asked_for(draft, text) -> None:
    made = draft(text, CHAIN, {}, {})
    assert asked(made) == ("clarify", ["When should it run?"])


def test_a_reminder_needs_its_time(draft) -> None:
    outline = {"kind": "call", "steps": ["notify"]}
    without = draft("remind me to lock the shed", outline, {"message": "lock the shed"})
    assert asked(without) == ("clarify", ["When should it run?"])

    daily = draft(
        "remind me every day at 9 pm to lock the shed",
        {"kind": "job", "when": "<when1>", "steps": ["notify"]}, {"message": "lock the shed"},
    )  # fmt: skip
    assert (daily.cron, daily.asks) == ("0 21 * * *", ())


def test_how_to_do_something_regularly_is_searched_for_now(draft) -> None:
    made = draft(
        "search the web for how to exercise regularly",
        {"kind": "call", "steps": ["web_search"]},
        {},
    )
    assert (made.kind, made.asks) == ("call", ())


@pytest.mark.parametrize(
    "text",
    ["Könntest du mich an das Rezept erinnern?", "peux-tu me rappeler de fermer la grille ?",
     "herinner me aan de sleutel"],
)  # fmt: skip
def test_a_reminder_in_another_language_needs_its_time_too(draft, text) -> None:
    assert asked(draft(text, {"kind": "answer"}, {"message": "das Rezept"})) == (
        "clarify", ["When should it run?"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "asks"),
    [
        ("if it gets too cold", ["From which number on?"]),
        ("sobald es zu warm ist", ["From which number on?"]),
        ("si la température dépasse le seuil", ["From which number on?"]),
        ("if it falls under 4", []),
    ],
)
def test_an_amount_that_is_no_number_is_asked_for(draft, condition, asks) -> None:
    made = draft(
        f"every hour ask the database sensors for the lowest temperature; {condition}, tell channel barn",
        {"kind": "job", "when": "<when1>", "steps": ["query_database", "notify"]}, {}, {},
    )  # fmt: skip
    assert [ask.text for ask in made.asks] == asks


def test_politeness_is_no_condition(draft) -> None:
    made = draft(f"If it isn't too much trouble, every day at 6 {READ}",
                 CHAIN | {"when": "<when1>"}, {}, {})  # fmt: skip
    assert (made.cron, made.asks) == ("0 6 * * *", ())


@pytest.mark.parametrize(
    "text",
    ["tell the warden that the gate is open", "Sag Frau Ohm, dass das Tor offen ist",
     "Avisa a la portera de que la puerta está abierta"],
)  # fmt: skip
def test_somebody_without_an_address_is_asked_about(draft, text) -> None:
    made = draft(
        text, {"kind": "call", "steps": ["notify"]},
        {"message": "the gate is open"},
    )  # fmt: skip
    assert asked(made) == ("clarify", ["Who should be told, an address or a channel?"])


def test_work_on_what_is_shown_is_not_talk_when_its_address_is_missing(draft) -> None:
    made = draft(
        "would you forward it to the tenants", UNKNOWN, {},
        around=Surroundings(last=LastResult("items", "fetch_feed", 4)),
    )  # fmt: skip
    assert asked(made) == ("clarify", ["To which mail address should it go?"])


@pytest.mark.parametrize(
    "text",
    ["watch their price page hourly and mail changes to ed@weir.example",
     "stündlich die Preisseite lesen und Neues an ed@weir.example mailen",
     "monitor the tide each hour and mail it to ed@weir.example"],
)  # fmt: skip
def test_a_source_that_is_only_spoken_of_is_asked_for(draft, text) -> None:
    made = draft(
        text,
        {"kind": "job", "when": "<when1>", "steps": ["send_email"]}, {},
    )  # fmt: skip
    assert made.asks[0].text == "Which feed or page should it read? Paste its address."


def test_who_writes_to_somebody_needs_no_model_to_write(draft) -> None:
    made = draft(
        "could you write to bo@weir.example and say the keys are in the shed",
        {"kind": "job", "steps": ["ask_model", "send_email"]}, {"prompt": "write"}, {},
    )  # fmt: skip
    assert [step.skill for step in made.steps] == ["send_email"]
    assert made.call["body"] == "the keys are in the shed"


def test_a_job_that_only_runs_another_on_a_condition_is_no_error(draft) -> None:
    around = Surroundings(jobs=("rain-log", "seed-list"))
    made = draft(
        "when rain-log is done and there is something new, run seed-list", {"kind": "answer"},
        around=around,
    )  # fmt: skip
    assert made.settings == {"trigger.job": "rain-log", "call_job.job": "seed-list"}


LINK = "Which feed or page should it read? Paste its address."


@pytest.mark.parametrize(
    ("text", "outline", "question"),
    [
        ("Open the timetable, would you", UNKNOWN, LINK),
        ("Lies mir bitte die Schlagzeilen", UNKNOWN, LINK),
        ("collect the tide tables into tides.csv", {"kind": "call", "steps": ["save_file"]}, LINK),
        ("warn me as soon as the fares go up", UNKNOWN, LINK),
        ("from our two neighbours' sites gather the prices into rent.csv",
         {"kind": "call", "steps": ["save_file"]}, LINK),
        ("mail the accounts to bo@weir.example", {"kind": "call", "steps": ["send_email"]},
         "What should the letter say?"),
        ("mail bo@weir.example with our contract attached, saying 'here you are'",
         {"kind": "call", "steps": ["send_email"]}, "Which file do you mean?"),
        ("haz una búsqueda", UNKNOWN, "What should be searched for?"),
        ("mach das ab und zu", UNKNOWN, "What do you mean by that? Paste it, or name a feed, page or file."),
    ],
)  # fmt: skip
def test_work_on_something_that_is_not_there_is_asked_about(draft, text, outline, question) -> None:
    assert asked(draft(text, outline, {"body": "the accounts", "content": "the tide tables"})) == (
        "clarify", [question],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("pose another question", "What do you want to know from the database?"),
        ("not on that day, choose a different one", "When should it run?"),
        ("post it elsewhere", "Who should be told, an address or a channel?"),
    ],
)
def test_a_change_may_say_what_is_not_wanted_and_still_lack_what_is(
    draft, digest_yaml, text, question
) -> None:
    around = Surroundings(focus=focused_job("digest", digest_yaml))
    assert asked(draft(text, UNKNOWN, around=around)) == ("clarify", [question])


def test_a_message_stands_behind_its_colon(draft) -> None:
    made = draft(
        "let channel crew know: soup at one", {"kind": "call", "steps": ["notify"]},
        {"message": "let"},
    )  # fmt: skip
    assert (made.kind, made.call["message"]) == ("call", "soup at one")


def test_a_sentence_is_a_letter_and_no_thing(draft) -> None:
    made = draft(
        "write to bo@weir.example that the roof is done", {"kind": "call", "steps": ["send_email"]},
        {"body": "the roof is done"},
    )  # fmt: skip
    assert (made.kind, made.call["body"]) == ("call", "the roof is done")


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (
            "the page is gone, please replace it",
            "Which feed or page should it read? Paste its address.",
        ),
        ("that headline is dull, change it", "What should the title be?"),
        ("include our cashier", "To which mail address should it go?"),
        ("trim it a little", "What should the new number be?"),
    ],
)
def test_a_complaint_is_no_value(draft, digest_yaml, text, question) -> None:
    around = Surroundings(focus=focused_job("digest", digest_yaml))
    assert asked(draft(text, UNKNOWN, around=around)) == ("clarify", [question])


@pytest.mark.parametrize(
    ("text", "outline", "question"),
    [
        ("look for the stuff Ada talked about", {"kind": "call", "steps": ["web_search"]},
         "What should be searched for?"),
        ("mettez tout dans un fichier", {"kind": "call", "steps": ["save_file"]}, "What should be saved?"),
        ("we want a newsletter for the tenants on Mondays", UNKNOWN, LINK),
        ("anything new on our neighbours' blog?", {"kind": "answer"}, LINK),
        ("launch both", UNKNOWN, "Which job do you mean: seed-list, tool-lease or rain-log?"),
    ],
)  # fmt: skip
def test_what_is_only_pointed_out_is_asked_for(draft, text, outline, question) -> None:
    around = KEPT if text == "launch both" else None
    made = draft(text, outline, {"query": text[9:], "content": "tout dans"}, around=around)
    assert asked(made) == ("clarify", [question])


@pytest.mark.parametrize(
    "condition", ["if there isn't much room, not many beds,", "when it gets slow,"]
)
def test_an_amount_may_be_told_by_what_becomes_of_it(draft, condition) -> None:
    made = draft(
        f"every hour ask the database sensors for the beds; {condition} tell channel barn",
        {"kind": "job", "when": "<when1>", "steps": ["query_database", "notify"]}, {}, {},
    )  # fmt: skip
    assert [ask.text for ask in made.asks] == ["From which number on?"]
