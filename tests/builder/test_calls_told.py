"""Single calls as people ask for them, and requests in other languages: what is read, looked for, said
and made, and what only sounds like a condition or a schedule."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.builder.amounts import aside_since
from assistant.builder.columns import fields_named, record_named
from assistant.builder.conditional import no_condition
from assistant.builder.evidence import evidence
from assistant.builder.looks import look_said
from assistant.builder.methods import body_said
from assistant.builder.remains import query_left
from assistant.builder.text_work import shortened_by_model
from assistant.builder.texts_said import saying, topic_of
from assistant.grounding.cues import cues
from assistant.grounding.languages import fold
from assistant.grounding.marks import mark
from assistant.grounding.times import phrases, schedule
from assistant.grounding.zones import zones


@pytest.mark.parametrize(
    ("said", "skills"),
    [
        ("pop up on my phone: take the lasagne out", {"notify"}),
        ("Zeig mir auf dem Handy: Kuchen raus", {"notify"}),
        ("any vets open near Oldbarrow", {"web_search"}),
        ("where can I buy tram tickets", {"web_search"}),
        ("hand it back as a record with sender and amount", {"ask_model"}),
        ("run a model over that letter", {"ask_model"}),
        ("Interroge la base : quels dossiers traînent ?", {"query_database"}),
        ("Mira en la base cuántas cajas quedan, y POST a https://a.example/alta", {"query_database", "http_request"}),
        ("lis l'article https://a.example/sel, envoie-la en POST sur https://b.example/api/x", {"extract_article", "http_request"}),
        ("Could these become a gallery?", {"compile_newsletter"}),
        ("solo i quattro più belli di https://a.example/rss", {"fetch_feed", "rank_items"}),
        ("was auf https://a.example/rss zu Windparks stand", {"fetch_feed", "rank_items"}),
        ("prends https://a.example/feed, garde les quatre qui parlent de jazz", {"fetch_feed", "rank_items"}),
        ("Todos os dias às 18h30 lê https://a.example/feed, escolhe as cinco sobre energia", {"fetch_feed", "rank_items"}),
        ("Scrivi un biglietto d'auguri per la nonna", {"ask_model"}),
        ("Écris un toast pour le mariage de Léa", {"ask_model"}),
        ("Schreib eine Mail an jo@a.example", {"send_email"}),
        ("then claude-sonnet thinks up three questions", {"ask_model"}),
    ],
)  # fmt: skip
def test_what_one_call_is_for_is_told_by_its_words(said: str, skills: set[str]) -> None:
    assert evidence(mark(said).text).sure == skills


@pytest.mark.parametrize(
    ("said", "hangs"),
    [
        ("<api1> won't talk unless you hand it the header X-Station", False),
        ("<api1> only answers when there's a token in it", False),
        ("read <feed1>, nobody drives anywhere if the crossing is shut", True),
        ("read <feed1>. Nobody drives anywhere if the crossing is shut", False),
        ("read <feed1>? we get shouted at when we are late", False),
        ("mail <mail1> if it rains", True),
    ],
)
def test_a_condition_is_what_something_hangs_on(said: str, hangs: bool) -> None:
    found = [cue for cue in cues("hints", said) if cue.name == "if"]

    assert bool([cue for cue in found if not no_condition(cue, said)]) is hangs


@pytest.mark.parametrize(
    ("said", "times"),
    [
        ("any vets open sunday near oldbarrow", []),
        ("what's on at the Roxy on Friday", []),
        ("tony retires friday, mad about pigeons", []),
        ("Mrs Farrow rang, wants the hall on 3 May", []),
        ("demande à un modèle d'en tirer un mot", []),
        ("stop at nine and cap it at four", []),
        ("half an hour earlier than now, weekends too", ["half an hour earlier", "weekends too"]),
    ],
)
def test_what_is_told_or_asked_of_a_day_is_no_schedule(said: str, times: list[str]) -> None:
    assert [p.text for p in phrases(said) if p.kind in ("when", "time", "shift")] == times


@pytest.mark.parametrize(
    ("said", "period"),
    [
        ("tout ce qui est paru depuis une semaine", "7d"),
        ("alles was seit zwei Wochen erschienen ist", "14d"),
        ("tutto quello uscito da una settimana", "7d"),
        ("ce qui a paru ces trois derniers jours", "3d"),
        ("los tres últimos días", "3d"),
        ("aus den drei letzten Tagen", "3d"),
    ],
)
def test_how_far_back_is_told_in_other_languages(said: str, period: str) -> None:
    assert [p.value for p in phrases(said) if p.kind == "since"] == [period]


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("às sete no horário de São Paulo", "America/Sao_Paulo"),
        ("a las seis, hora de Canarias", "Atlantic/Canary"),
        ("Tokyo opens while I sleep. 9 a.m. their time", "Asia/Tokyo"),
        ("alle 7 ora di Nuova York", "America/New_York"),
        ("same hour but by Lisbon's clock", "Europe/Lisbon"),
    ],
)
def test_a_zone_is_told_by_its_place(said: str, zone: str) -> None:
    assert [found.name for found in zones(said)] == [zone]


@pytest.mark.parametrize(
    ("name", "said", "told"),
    [
        ("body", "Mail an <mail1>, Betreff <quote1>, und schreib nur, dass die Kisten da sind", "die Kisten da sind"),
        ("body", "<mail1> el fichero, con <quote1> de asunto, y pon solo que ya están firmadas", "ya están firmadas"),
        ("body", "manda para <mail1>, e no texto escreve só que segue em anexo", "segue em anexo"),
        ("body", "objet <quote1>, et dis seulement que le double est chez moi", "le double est chez moi"),
        ("body", "um email a <mail1> a dizer que a chave está na caixa, assunto <quote1>", "a chave está na caixa"),
        ("intro", "un boletín; de entrada pon que faltan las catas de Toro", "faltan las catas de Toro"),
        ("subject", "dat naar <mail1> gaat onder het kopje <quote1>", "<quote1>"),
        ("message", "show on my phone: the bread is done", "the bread is done"),
    ],
)  # fmt: skip
def test_what_is_said_is_led_to_in_other_languages(name: str, said: str, told: str) -> None:
    assert saying(name, said) == told


@pytest.mark.parametrize(
    ("said", "quotes"),
    [
        ("the brief layout; heading The Parish Pump; and mail it", ["The Parish Pump"]),
        ("A gallery. Glaze and Kiln, Week Nine is what goes on top.", ["Glaze and Kiln, Week Nine"]),
        ("móntame un boletín, título Vendimia al día; y ya", ["Vendimia al día"]),
        ("envía a jo@a.example; no assunto põe Fecho de julho, e já", ["Fecho de julho"]),
        ("schick es unter der Überschrift Wochenschau.", ["Wochenschau"]),
    ],
)  # fmt: skip
def test_titles_stand_behind_their_own_words(said: str, quotes: list[str]) -> None:
    assert [value.meant for value in mark(said).of("quote")] == quotes


@pytest.mark.parametrize(
    ("said", "look"),
    [
        ("newsletter out of these, the letter one", "letter"),
        ("Design letter, Titel <quote1>", "letter"),
        ("formato gallery, a <mail1>", "gallery"),
        ("could these become a gallery?", "gallery"),
        ("make a letter of it", ""),
    ],
)
def test_a_look_is_named_before_or_behind_what_it_is(said: str, look: str) -> None:
    assert look_said(("letter", "brief", "gallery"), fold(said)) == look


def test_rows_records_and_bodies_are_told_by_their_parts() -> None:
    assert fields_named("Van elk blokje (<sel1>) wil ik soort en prijs, <page1>") == [
        "soort",
        "prijs",
    ]
    assert fields_named("from each row I want number and estimate, <page1>") == [
        "number",
        "estimate",
    ]
    assert record_named("hand it back as a record with sender, due_date, amount") == [
        "sender",
        "due_date",
        "amount",
    ]
    assert body_said("a PUT on <api1> with power=off in the body") == "power=off"
    assert body_said("PUT to <api1>, payload state=on&dim=40") == "state=on&dim=40"


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("garde ce qui touche à la pêche au thon, <num1> au plus", "pêche au thon"),
        ("quédate con lo que hable de alquileres, lo demás fuera", "alquileres"),
        ("behalte die vier, die von Käse handeln, und schick sie", "Käse"),
        ("was auf <feed1> zu Windparks stand", "Windparks"),
        ("tieni quelli che parlano di vino, il resto via", "vino"),
    ],
)
def test_what_is_kept_is_told_by_what_it_speaks_of(said: str, topic: str) -> None:
    assert topic_of(said) == topic


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("Cosa si dice in rete del restauro degli organi? Solo roba <since1>", "restauro degli organi"),
        ("google me <num1> write-ups, nothing older than <since1>, on loops in churches", "loops in churches"),
        ("Was sagt man im Netz über Wärmepumpen?", "Wärmepumpen"),
    ],
)  # fmt: skip
def test_what_is_searched_for_may_stand_behind_how_much_of_it(said: str, query: str) -> None:
    assert query_left(said) == query


def test_what_has_come_out_is_how_far_back_to_look() -> None:
    assert not aside_since(
        "the court and the tribunal, <feed1>, have put out in <since1>", "<since1>"
    )
    assert not aside_since("Sortier die. Was älter als <since1> ist, kann weg", "<since1>")
    assert aside_since("the tenant has been without heating <since1>, mail <mail1>", "<since1>")


def test_a_model_that_has_a_go_at_it_only_shortens() -> None:
    assert shortened_by_model("could <model1> have a go at shortening those?")
    assert not shortened_by_model("could <model1> have a go at a poem?")


def test_days_that_are_given_up_are_none() -> None:
    when: Any = schedule("Forget Thursdays, Wednesday is the day, at 14:05")

    assert when.cron == "5 14 * * 3"
